"""What seats are owed of what only their person sees, and how it is paid.

It is drawn for each person, so it is paid in slices of some milliseconds: first to those something happened to (what
changed of theirs), then to the crowd after a change of scene (everything of theirs). A seat that cannot be written to
now, or whose page is still on its way, waits until it is looked at again; what it is owed is put together meanwhile.

Who is told who is present (the desk, the wall) is owed that too: it is of no fact, so no frame of what changed since a
number could bring it. It is the same for a whole audience.

Must never write to a seat whose page is older than the scene, and never await anything.
"""

from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from forum.domain.kernel import PersonId
from forum.domain.touch import Touch
from forum.fragments.pages import Pages
from forum.fragments.surface import Audience, View
from forum.live import frames
from forum.live.blocks import Block, Blocks
from forum.live.moment import Shown
from forum.live.pace import Pace
from forum.live.seat import Seat

SLICE_SECONDS: Final = 0.004  # of writing or drawing, before commands get a turn

Due = frozenset[str] | None
WHOLE: Final = None  # everything that only this person sees
NOTHING: Final[frozenset[str]] = frozenset()
"""What a seat is owed: the touches of the facts that touched its person, or everything."""


class Owed:
    """What the seats of one forum are owed. All but ``pay`` are quick."""

    def __init__(self, pages: Pages, blocks: Blocks, pace: Pace, now: Callable[[], float]) -> None:
        self._pages, self._blocks, self._pace, self._now = pages, blocks, pace, now
        self._soon: OrderedDict[Seat, Due] = OrderedDict()  # something happened to this person
        self._later: OrderedDict[Seat, Due] = OrderedDict()  # something happened to everybody
        self._near: dict[Seat, None] = {}  # who is present, perhaps
        self._blocked: dict[Seat, Due] = {}  # not now: no room on the wire, or no page yet

    @property
    def waits(self) -> bool:
        """Whether a seat that is owed something could not be given it."""
        return bool(self._blocked or self._near)

    def owe(self, person: PersonId, due: Due) -> None:
        """Something happened to this person. Who is owed everything is owed nothing more."""
        for seat in self._blocks.of(person):
            if seat not in self._later:
                self._soon[seat] = _together(self._soon.get(seat, NOTHING), due)

    def whole(self, seat: Seat) -> None:
        """This seat is owed everything, in its turn."""
        self._soon.pop(seat, None)
        self._blocked.pop(seat, None)
        self._later[seat] = WHOLE
        if self._pages.shows_near(seat.audience):
            self._near[seat] = None

    def near(self) -> list[Block]:
        """Others are present than before; return who is told of it."""
        told = [block for block in self._blocks if self._pages.shows_near(block.audience)]
        self._near = {seat: None for block in told for seat in block.seats}
        return told

    def all(self) -> None:
        """Every seat is owed everything."""
        self._soon.clear()
        self._blocked.clear()
        self._later.update(dict.fromkeys(self._blocks.every(), WHOLE))

    def leave(self, seat: Seat) -> None:
        """It is owed nothing any more, if it was anything."""
        for owed in (self._soon, self._later, self._blocked):
            owed.pop(seat, None)
        self._near.pop(seat, None)

    def pay(self, shown: Shown) -> bool:
        """Give people what only they see, for one slice; say whether there is more to do at once."""
        if self._near:
            self._tell(shown)
        until = self._now() + SLICE_SECONDS
        while (self._soon or self._later) and self._now() < until:
            seat, due = (self._soon or self._later).popitem(last=False)
            if self._takes(seat, shown):
                self._give(shown.view, seat, due)
            else:
                self._blocked[seat] = _together(self._blocked.get(seat, NOTHING), due)
        return bool(self._soon or self._later)

    def _takes(self, seat: Seat, shown: Shown) -> bool:
        """Whether it can be given something now. Its place may be in a page that is still on its way."""
        arrived = not seat.page and seat.at >= shown.view.state.scene
        return arrived and seat.writable(self._now(), self._pace.stuck_seconds)

    def _tell(self, shown: Shown) -> None:
        """Tell who is present those who are told and were told otherwise; they are few, and it is little."""
        absent, told = shown.view.absent, dict[Audience, bytes]()
        for seat in [seat for seat in self._near if seat.near is absent or self._takes(seat, shown)]:
            del self._near[seat]
            if seat.near is absent or seat.renew:
                continue
            if seat.audience not in told:
                told[seat.audience] = frames.near(
                    self._pages.changes(shown.view, seat.audience, {Touch.NEAR})
                )
            seat.wire.write(told[seat.audience])
            seat.near = absent

    def look_again(self) -> None:
        """Those who could not be given what they are owed may be now."""
        for seat, due in self._blocked.items():
            if due is WHOLE:
                self._soon.pop(seat, None)
                self._later[seat] = WHOLE
            elif seat not in self._later:
                self._soon[seat] = _together(self._soon.get(seat, NOTHING), due)
        self._blocked.clear()

    def _give(self, view: View, seat: Seat, due: Due) -> None:
        if due is WHOLE or seat.whole:
            seat.wire.write(frames.you(self._pages.you(view, seat.audience, seat.person)))
            return
        puts, gone = self._pages.your_changes(view, seat.audience, seat.person, due)
        if puts or gone:
            seat.wire.write(frames.your_changes(puts, gone))


def _together(one: Due, other: Due) -> Due:
    return WHOLE if one is WHOLE or other is WHOLE else one | other
