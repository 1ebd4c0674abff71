"""The live forums of this process, by code: opened when first asked for, released when nobody is there.

It hears the bells. It also compares positions with the store every two seconds, so a lost bell or a
subscription that died in silence is found within that time. If a bug ends the task of a forum, this is
logged, and the next visitor builds the forum anew. The command that broke it is refused from then on;
otherwise one phone could end a forum for everybody, again and again.
"""

import asyncio
import re
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from typing import Any, Final, Self

import structlog

from forum.domain.kernel import Asked, Command, PersonId, Rejection
from forum.domain.space import FORUM_BYTES
from forum.fragments.backdrop import Backdrop
from forum.fragments.pages import Pages
from forum.fragments.surface import Audience, Site
from forum.journal import Damaged, Head, Journal, MovedAway, NoForum, Unavailable
from forum.live import frames
from forum.live.batch import FAULT
from forum.live.blocks import Crowd
from forum.live.moment import Shown
from forum.live.pace import Pace
from forum.live.room import LiveRoom
from forum.live.seat import Seat, Wire
from forum.live.trail import Resume
from forum.live.verdicts import Away, Busy, Verdict
from forum.live.vitals import Vitals
from forum.slices import Sliced

DRAIN_SEATS: Final = 25  # sent away at once
DRAIN_SECONDS: Final = 0.1
DRAIN_ROUNDS: Final = 40  # a whole city leaves in larger groups: the process ends within ten seconds
COME_BACK_MS: Final = 500
COME_BACK_SPREAD_MS: Final = 40  # between two of one group
BARRED: Final = 1000  # ops that broke a judge; bounded like everything
GiveBack = Callable[..., Awaitable[None]]
"""``(*, alone)``: a forum was let go; ``alone``: and nobody is connected."""

TAB: Final = re.compile(r"[!-~]{1,128}")

log = structlog.get_logger()


class Hub:
    """``async with Hub(...) as hub``: one per process."""

    def __init__(
        self,
        journal: Journal,
        pages: Pages,
        *,
        clock: Callable[[], int],
        new_salt: Callable[[], str],
        site: Callable[[str], Site] = lambda _code: Site(),
        pace: Pace | None = None,
        give_back: GiveBack | None = None,
        most: int = FORUM_BYTES,
    ) -> None:
        """``most``: bytes that one forum may take. ``clock``: ms since the epoch. ``new_salt``: 128 random bits as text. ``site``: by a forum's code."""
        self._journal, self._pages = journal, pages
        self._clock, self._new_salt, self._site = clock, new_salt, site
        self._pace = pace or Pace()
        self._give_back, self._most = give_back, most
        self._rooms: dict[str, LiveRoom] = {}
        self._opening: dict[str, asyncio.Task[LiveRoom]] = {}
        self._living: dict[LiveRoom, asyncio.Task[None]] = {}
        self._barred: deque[tuple[str, str]] = deque(maxlen=BARRED)
        self._watching: list[asyncio.Task[None]] = []
        self._closing = False
        self.vitals: Vitals  # from ``async with`` on

    async def __aenter__(self) -> Self:
        self._journal.bells.listen(self._heard, self._missed)
        self.vitals = Vitals(self._pace, self._tell_saving)
        self._watching = [
            asyncio.create_task(self._check_positions(), name="position check"),
            asyncio.create_task(self.vitals.watch(), name="vitals"),
            asyncio.create_task(self._listen(), name="who is heard from"),
        ]
        return self

    async def __aexit__(self, *error: object) -> None:
        """Let what is asked be answered, within the time a store may be away; then end."""
        self._closing = True
        asked = [future for room in self._rooms.values() for future in room.asked]
        if asked:
            await asyncio.wait(asked, timeout=self._pace.away_seconds)
        tasks: list[asyncio.Task[Any]] = [*self._opening.values(), *self._living.values(), *self._watching]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def submit(self, code: str, what: Command | Rejection, asked: Asked) -> Verdict:
        """Have a command judged, or a refusal of the edge recorded. NoForum, MovedAway; never raises for a rule.

        Returns only after the journal has the outcome. Cost: a share of one append and one fsync.
        """
        if not TAB.fullmatch(asked.tab) or asked.op < 1:
            raise ValueError(f"expected a tab id and an op number from 1, got {asked.tab!r} and {asked.op}")
        verdict = await self._verdict(code, what, asked)
        self.vitals.judged(verdict)
        return verdict

    async def _verdict(self, code: str, what: Command | Rejection, asked: Asked) -> Verdict:
        if self.vitals.shedding:
            return Busy()
        try:
            room = await self._room(code)
        except Unavailable:
            return Away()
        barred = (code, f"{asked.tab}:{asked.op}") in self._barred
        return await room.submit(FAULT if barred else what, asked)

    async def shown(self, code: str) -> Shown:
        """The forum at least as new as its journal is now. One shared round trip. NoForum, MovedAway, Unavailable."""
        return await (await self._room(code)).current()

    async def readable(self, code: str) -> Shown:
        """``shown``; as this process holds it, where the store does not answer: for reading only. NoForum.

        Unavailable when this process does not hold it.
        """
        return await (await self._room(code)).readable()

    def marks(self, code: str, numbers: Iterable[int]) -> dict[int, tuple[str, int]] | None:
        """The chain at, and the time of, each of these facts, from memory; None when one is not held."""
        room = self._rooms.get(code)
        return room.marks(numbers) if room else None

    def drawn(
        self, code: str, shown: Shown, audience: Audience, person: PersonId
    ) -> Sliced[tuple[Shown, Backdrop]]:
        """The forum not older than ``shown``, and its shared page for a person of an audience, in the group that they are
        in; drawn once for all who ask, in slices.

        Cost: what changed since it was last drawn.
        """
        room = self._rooms.get(code)
        if room:
            return (yield from room.seating.drawn(audience, person))
        theirs = self._pages.grouped(shown.view, audience, person)
        return shown, (yield from self._pages.backdrop_in_slices(shown.view, theirs))

    @asynccontextmanager
    async def seat(
        self,
        code: str,
        audience: Audience,
        person: PersonId,
        wire: Wire,
        resume: Resume | None,
        *,
        tab: str = "",
        whole: bool = False,
        renew: bool = False,
        cut: bool = False,
    ) -> AsyncIterator[Seat]:
        """Keep a browser up to date for as long as the block lasts; it is welcomed first. NoForum, Unavailable.

        audience its surface and language; the group is its person's, as the forum stands
        resume   where its page stands, None for nowhere
        tab      its cid, so that the welcome can say which op number was the last
        whole    it is a page of protocol 1, which takes what is personal only as a whole
        renew    it is a desk of a protocol before 3, which is sent away after a loss, to load anew
        cut      it takes of a long list the end, and asks for what comes before
        """
        room = await self._room(code)
        await room.current()
        if self._closing:
            raise Unavailable("away", "this process is ending")
        if resume and audience.surface == "desk":
            room.witness(resume)
        seat = Seat(audience, person, wire, tab, whole=whole, renew=renew, cut=cut)
        room.seating.enter(seat, resume)
        try:
            yield seat
        finally:
            room.seating.leave(seat)
            room.listening.left(person)
            room.use()

    def witness(self, code: str, seen: Resume) -> None:
        """Somebody proves what was saved. Where our history has no such place, the store has lost it."""
        room = self._rooms.get(code)
        if room:
            room.witness(seen)

    def heard(self, code: str, person: PersonId, *, pressed: bool = False) -> None:
        """Somebody asked for a page, or pressed on one that cannot be heard in between."""
        room = self._rooms.get(code)
        if room:
            room.listening.heard(person, self._pace.pressed_seconds if pressed else self._pace.near_seconds)

    def need(self, code: str, seat: Seat, since: int) -> None:
        """A browser says it stands at ``since``: it is given what changed since."""
        room = self._rooms.get(code)
        if room:
            room.seating.need(seat, since)

    async def settled(self, code: str) -> None:
        """Wait until everything asked of a forum is answered and shown, to all who can be written to. For tests."""
        await (await self._room(code)).settled()

    def connected(self, code: str) -> int:
        """How many phones of a forum are connected to this process."""
        room = self._rooms.get(code)
        return room.seating.crowd.phones if room else 0

    def crowd(self, code: str | None = None) -> Crowd:
        """Who is connected to this process, in one forum or (None) in all."""
        rooms = self._rooms.values() if code is None else filter(None, [self._rooms.get(code)])
        return sum((room.seating.crowd for room in rooms), Crowd())

    @property
    def open(self) -> int:
        """How many forums live in this process."""
        return len(self._rooms)

    def frozen(self) -> dict[str, str]:
        """The forums of this process whose journal cannot be explained, with the reason. They take no commands."""
        return {code: room.shown.frozen for code, room in self._rooms.items() if room.shown.frozen}

    def erasing(self) -> list[str]:
        """The forums of this process in which an erasure was asked for and is not carried out yet."""
        return [code for code, room in self._rooms.items() if room.shown.view.state.keeping.erasures]

    def orphaned(self, code: str) -> bool:
        """Whether the store has lost this forum, so that what this process holds is perhaps the last copy."""
        room = self._rooms.get(code)
        return room is not None and room.orphaned

    async def close(self) -> None:
        """Send everybody away in small groups, to come back in a moment to whoever serves then. At most 4 s."""
        self._closing = True
        seats = [seat for room in self._rooms.values() for seat in room.seating.every()]
        size = max(DRAIN_SEATS, -(-len(seats) // DRAIN_ROUNDS))
        for start in range(0, len(seats), size):
            for n, seat in enumerate(seats[start : start + size]):
                seat.wire.write(frames.bye(1012, COME_BACK_MS + COME_BACK_SPREAD_MS * (n % DRAIN_SEATS)))
                seat.wire.close(1012, "restarting")
            await asyncio.sleep(DRAIN_SECONDS)

    # --- rooms come and go

    async def _room(self, code: str) -> LiveRoom:
        room = self._rooms.get(code)
        if room:
            return room
        opening = self._opening.get(code)
        if opening is None:
            opening = self._opening[code] = asyncio.create_task(self._opened(code), name=f"opening {code}")
            opening.add_done_callback(lambda _: self._opening.pop(code, None))
        await asyncio.wait((opening,))  # unlike awaiting it, this leaves it alone when a visitor goes away
        if opening.cancelled():
            raise Unavailable("away", "this process is ending")
        return opening.result()

    async def _opened(self, code: str) -> LiveRoom:
        room = LiveRoom(
            code,
            self._journal,
            self._pages,
            self._site(code),
            clock=self._clock,
            new_salt=self._new_salt,
            pace=self._pace,
            vitals=self.vitals,
            most=self._most,
        )
        try:
            await room.open()
        except NoForum:
            self._journal.bells.unwatch(code)
            moved = await self._journal.moved(code)
            if moved:  # nothing but its address is left here
                raise MovedAway(code, moved.address) from None
            raise
        except BaseException:  # cancelled too: nobody would ever stop listening for a room that is none
            self._journal.bells.unwatch(code)
            raise
        self._rooms[code] = room
        self._living[room] = asyncio.create_task(self._live(room), name=f"forum {code}")
        return room

    async def _live(self, room: LiveRoom) -> None:
        try:
            await room.run()
        except Exception:
            # A bug of ours in one forum must not end the others. Loud here; the next visitor builds it afresh.
            log.exception("forum_died", forum=room.code)
            if room.judging:
                self._barred.append((room.code, room.judging.op))
            room.seating.close(1011, "error")
        finally:
            self._forget(room)
            del self._living[room]
            room.forget()

    def _forget(self, room: LiveRoom) -> None:
        if self._rooms.get(room.code) is room:
            del self._rooms[room.code]
            self._journal.bells.unwatch(room.code)

    # --- what the store says

    def _tell_saving(self) -> None:
        for room in self._rooms.values():
            room.seating.beat_soon()

    def _heard(self, code: str, head: Head | None, *, checked: bool = False) -> None:
        room = self._rooms.get(code)
        if room:
            room.ring(head, checked=checked)

    def _missed(self) -> None:
        for room in self._rooms.values():
            room.ring()

    async def _check_positions(self) -> None:
        while True:
            await asyncio.sleep(self._pace.check_seconds)
            try:
                heads = await self._journal.heads(list(self._rooms))
            except Unavailable as error:
                self.vitals.failed(error.reason)
                log.warning("store_away", reason=error.reason)
                continue
            self.vitals.checked()
            for code, head in heads.items():
                self._heard(code, head, checked=True)
            if await self._let_go() and self._give_back:
                await self._give_back(alone=not any(self.crowd()))

    async def _listen(self) -> None:
        """Look, again and again, who is heard from in each forum that somebody is in."""
        while True:
            await asyncio.sleep(self._pace.listen_seconds)
            for room in list(self._rooms.values()):
                if not len(room.seating) and not room.listening.remembers:
                    continue
                try:
                    await room.listen()
                except NoForum as error:
                    log.debug("not_heard", forum=room.code, reason=str(error))
                except Damaged as error:  # of one forum; the others are listened for all the same
                    log.warning("not_heard", forum=room.code, reason=str(error))

    async def _let_go(self) -> bool:
        """End the rooms that rest; say whether there were any."""
        # Of a forum that the store has lost, what we hold is perhaps the last copy.
        idle = self._pace.idle_seconds
        resting = [room for room in self._rooms.values() if room.rests(idle) and not room.orphaned]
        for room in resting:
            self._forget(room)
            self._living[room].cancel()
        if resting:
            await asyncio.wait([self._living[room] for room in resting])
        return bool(resting)
