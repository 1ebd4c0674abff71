"""Who of one forum is heard from, at this process and at the others: what says who is absent (J8).

Theory of operation. Whoever has a connection here is heard. When the last one of theirs ends, they count as heard for a
while: phones sleep. So does who asks for a page or presses without a connection. Nothing is told of one person by itself:
every few seconds (``listen``) this process puts down beside the journal, as one bit for each arrival and one for all walls, whom
it hears, if that has changed or could be forgotten soon, and reads what the others put down. What a process wrote counts for as long as a
phone that sleeps, so the phones of one that died are absent a minute later.

Where the store does not answer, or has lost what stood there, nobody becomes absent: silence of the store is none of a
phone's. Who is heard here is present all the same. For half a minute after that, and after this process began to listen,
nobody becomes absent either, since phones and other processes need a moment to be heard again.

Cost: a connection costs nothing, its end one entry. A look costs 0.3 µs for everybody who ever came, and one round trip.
"""

import asyncio
from collections.abc import Callable, Collection, Iterable

from forum.domain.attendance import NOBODY_ABSENT, WALLS, Absent, absent, numbered
from forum.domain.kernel import Millis, PersonId
from forum.domain.state import State
from forum.journal import Journal, Unavailable
from forum.live.pace import Pace
from forum.live.seat import Seat


class Listening:
    """Of one forum in this process. All but ``listen`` are quick."""

    def __init__(self, code: str, journal: Journal, clock: Callable[[], int], pace: Pace) -> None:
        self._code, self._journal, self._clock, self._pace = code, journal, clock, pace
        self._now = asyncio.get_running_loop().time
        self._until: dict[PersonId, float] = {}  # counts as heard, without a connection
        self._written = b""
        self._wrote_at = self._sure_at = 0.0
        self.absent: Absent = NOBODY_ABSENT
        self._begin()

    @property
    def remembers(self) -> bool:
        """Whether anybody counts as heard without a connection."""
        return bool(self._until)

    def left(self, person: PersonId) -> None:
        """A connection of theirs has ended."""
        self._until[person] = self._now() + self._pace.near_seconds

    def heard(self, person: PersonId, seconds: float) -> None:
        """They asked for something; they count as heard for so long at least."""
        self._until[person] = max(self._until.get(person, 0.0), self._now() + seconds)

    async def listen(self, state: State, seats: Collection[Seat]) -> bool:
        """Look who is absent now; say whether that has changed. Where nobody sits who is told of it, others are asked only
        when something is to be put down."""
        now = self._now()
        self._until = {person: until for person, until in self._until.items() if until > now}
        heard = {seat.person for seat in seats} | self._until.keys()
        bits = _bits(state, heard, {seat.person for seat in seats})
        told = any(seat.audience.surface != "phone" for seat in seats)
        due = bits != self._written or now - self._wrote_at > self._pace.near_seconds / 3
        if not due and not told:
            return False
        at = self._clock()
        before = self.absent
        try:
            stood, others = await self._journal.nearby.exchange(
                self._code, bits if due else None, at, round(1000 * self._pace.near_seconds)
            )
        except Unavailable:
            self._begin()
            return self._tell(before - heard)
        if self._written and not stood:
            self._begin()
        if due:
            self._written, self._wrote_at = bits, now
        for other in others:
            bits = _both(bits, other)
        found = absent(state, _numbers(bits), Millis(at), round(1000 * self._pace.near_seconds))
        return self._tell(found if now >= self._sure_at else found & before)

    def _begin(self) -> None:
        """What was put down may be gone, or was never read: put it down again, and take nobody's silence for one yet."""
        self._wrote_at = -self._pace.near_seconds
        self._sure_at = self._now() + self._pace.near_seconds / 2

    def _tell(self, found: Absent) -> bool:
        before = self.absent
        self.absent = before if found == before else found
        return self.absent is not before


def _bits(state: State, people: Iterable[PersonId], seated: Collection[PersonId]) -> bytes:
    """One bit for each arrival, by its number; the first, of none, for walls, which count only while they are ``seated``."""
    found = (state.people.by_id.get(person) for person in people)
    heard = {person.id: numbered(person) for person in found if person is not None}
    numbers = {n for person, n in heard.items() if n is not None and (n != WALLS or person in seated)}
    bits = bytearray(max(numbers, default=0) // 8 + 1)
    for number in numbers:
        bits[number // 8] |= 1 << number % 8
    return bytes(bits)


def _both(one: bytes, other: bytes) -> bytes:
    size = max(len(one), len(other))
    return (int.from_bytes(one, "little") | int.from_bytes(other, "little")).to_bytes(size, "little")


def _numbers(bits: bytes) -> frozenset[int]:
    return frozenset(8 * n + k for n, byte in enumerate(bits) if byte for k in range(8) if byte >> k & 1)
