"""What seats are owed of what only their person sees, and how it is paid.

It is drawn for each person, so it is paid in slices of some milliseconds: first to those something happened to (what
changed of theirs), then to the crowd after a change of scene (everything of theirs). A seat that cannot be written to
now, or whose page is still on its way, waits until it is looked at again; what it is owed is put together meanwhile.

Must never write to a seat whose page is older than the scene, and never await anything.
"""

from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from forum.domain.kernel import PersonId
from forum.fragments.pages import Pages
from forum.fragments.surface import View
from forum.live import frames
from forum.live.blocks import Blocks
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
        self._blocked: dict[Seat, Due] = {}  # not now: no room on the wire, or no page yet

    @property
    def waits(self) -> bool:
        """Whether a seat that is owed something could not be given it."""
        return bool(self._blocked)

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

    def all(self) -> None:
        """Every seat is owed everything."""
        self._soon.clear()
        self._blocked.clear()
        self._later.update(dict.fromkeys(self._blocks.every(), WHOLE))

    def leave(self, seat: Seat) -> None:
        """It is owed nothing any more, if it was anything."""
        for owed in (self._soon, self._later, self._blocked):
            owed.pop(seat, None)

    def pay(self, shown: Shown) -> bool:
        """Give people what only they see, for one slice; say whether there is more to do at once."""
        until = self._now() + SLICE_SECONDS
        while (self._soon or self._later) and self._now() < until:
            seat, due = (self._soon or self._later).popitem(last=False)
            # Its place may be in a page that is still on its way.
            arrived = not seat.page and seat.at >= shown.view.state.scene
            if arrived and seat.writable(self._now(), self._pace.stuck_seconds):
                self._give(shown.view, seat, due)
            else:
                self._blocked[seat] = _together(self._blocked.get(seat, NOTHING), due)
        return bool(self._soon or self._later)

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
