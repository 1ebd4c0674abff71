"""Where the seats of one forum are: in blocks, one for each audience, and by the person who sits there.

Knows who belongs together, and draws nothing. Never holds a seat twice.
"""

from collections import Counter
from collections.abc import Iterator, Set
from typing import NamedTuple

from forum.domain.kernel import PersonId
from forum.fragments.surface import Audience
from forum.journal import Head
from forum.live.moment import Moment
from forum.live.seat import Seat


class Crowd(NamedTuple):
    """How many browsers are connected, and how many of them do not keep up."""

    phones: int = 0
    screens: int = 0
    desks: int = 0
    behind: int = 0  # the network does not take what they are owed

    def __add__(self, other: tuple[object, ...]) -> "Crowd":
        assert isinstance(other, Crowd)
        return Crowd(*(mine + theirs for mine, theirs in zip(self, other, strict=True)))


class Block:
    """The seats of one audience."""

    __slots__ = ("audience", "due_at", "moment", "seats", "told")

    def __init__(self, audience: Audience) -> None:
        self.audience = audience
        self.seats: dict[Seat, None] = {}
        self.moment: Moment | None = None
        self.told: Head | None = None  # where the last tick brought everybody who could be written to
        self.due_at = 0.0  # not drawn again before


class Blocks:
    """The blocks of one forum; a block without seats is none."""

    def __init__(self) -> None:
        self._blocks: dict[Audience, Block] = {}
        self._of_person: dict[PersonId, dict[Seat, None]] = {}

    def __iter__(self) -> Iterator[Block]:
        """As they are now: seats may come and go meanwhile."""
        return iter(list(self._blocks.values()))

    def __len__(self) -> int:
        """How many seats there are."""
        return sum(len(block.seats) for block in self)

    def __contains__(self, seat: Seat) -> bool:
        return seat in self._of_person.get(seat.person, ())

    @property
    def people(self) -> Set[PersonId]:
        """Who sits here."""
        return self._of_person.keys()

    def of(self, person: PersonId) -> list[Seat]:
        """Where somebody sits."""
        return list(self._of_person.get(person, ()))

    def every(self) -> list[Seat]:
        return [seat for block in self for seat in block.seats]

    def crowd(self, behind: int) -> Crowd:
        """Who is connected, of whom so many do not keep up. A wall that somebody sees at their desk is none."""
        seats = Counter[str]()
        at_desks = {seat.person for block in self if block.audience.surface == "desk" for seat in block.seats}
        for block in self:
            surface = block.audience.surface
            in_small = sum(seat.person in at_desks for seat in block.seats) if surface == "screen" else 0
            seats[surface] += len(block.seats) - in_small
        return Crowd(seats["phone"], seats["screen"], seats["desk"], behind)

    def block(self, seat: Seat) -> Block | None:
        """Where it is; None when it has left."""
        block = self._blocks.get(seat.audience)
        return block if block and seat in block.seats else None

    def alike(self, audience: Audience) -> int:
        """How many seats of one surface and language there are in all groups: they share this process."""
        return sum(len(block.seats) for block in self if block.audience[:2] == audience[:2])

    def enter(self, seat: Seat) -> Block:
        """Among those of its audience."""
        self._of_person.setdefault(seat.person, {})[seat] = None
        block = self._blocks.setdefault(seat.audience, Block(seat.audience))
        block.seats[seat] = None
        return block

    def leave(self, seat: Seat) -> None:
        """Forget a seat; it may have been forgotten already."""
        block = self._blocks.get(seat.audience)
        if block:
            block.seats.pop(seat, None)
            if not block.seats:
                del self._blocks[seat.audience]
        own = self._of_person.get(seat.person)
        if own:
            own.pop(seat, None)
            if not own:
                del self._of_person[seat.person]
