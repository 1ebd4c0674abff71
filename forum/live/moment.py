"""A forum as it stands, and as it stood when it was last drawn for one audience: the frames that bring a page there.

What many need is made once, and kept as long as the moment. The whole page can be made in slices beforehand. Awaits
nothing and writes to nobody.
"""

from typing import NamedTuple

from forum.fragments.pages import Pages
from forum.fragments.surface import Audience, View
from forum.journal import Head
from forum.live import frames
from forum.live.drawn import Drawn
from forum.live.seat import NOWHERE
from forum.live.trail import Trail
from forum.slices import Sliced


class Shown(NamedTuple):
    """A forum as it stands: what pages are drawn from, and where in the journal that is."""

    view: View
    head: Head
    frozen: str = ""  # why nothing can be written, for the log; "" when all is well


class Moment:
    """A forum as it stood, drawn for one audience: frames by the number they start from."""

    def __init__(self, shown: Shown, trail: Trail, pages: Pages, drawn: Drawn, audience: Audience) -> None:
        self.head = shown.head
        self._view, self.trail, self._pages, self._audience = shown.view, trail, pages, audience
        self._drawn = drawn
        self._changes: dict[int, tuple[bytes, ...]] = {}
        self._packed: dict[int, tuple[bytes, ...]] = {}

    @property
    def least(self) -> int:
        """Who is at an older number needs the whole page. The trail goes on, and forgets, while a moment lasts."""
        return max(self._view.state.scene, self.trail.start)

    def since(self, at: int, *, packed: bool = False) -> tuple[bytes, ...]:
        """The frames that bring a seat at ``at`` here: its changes, or the parts of the whole page."""
        made = (self._packed if packed else self._changes).get(at)
        return made or self._made(at, packed=packed)

    def _made(self, at: int, *, packed: bool) -> tuple[bytes, ...]:
        """Frames made now, and kept; those of the whole page once for all numbers too old to go on from."""
        made = self._packed if packed else self._changes
        if not self.least <= at <= self.head.seq:
            at = NOWHERE
        if at not in made:
            if packed:
                made[at] = tuple(frames.packed(frame) for frame in self.since(at))
            elif at == NOWHERE:
                made[at] = frames.full(self.head, self._drawn.backdrop(self._view, self._audience).bare)
            else:
                touched = self.trail.between(at, self.head.seq)
                changes = self._pages.changes(self._view, self._audience, touched)
                made[at] = (frames.changes(self.head, at, changes),)
        return made[at]

    def whole_in_slices(self, *, packed: bool) -> Sliced[None]:
        """Make the frames of the whole page, with pauses, for whoever needs it next."""
        if NOWHERE not in self._changes:
            backdrop = yield from self._drawn.in_slices(self._view, self._audience)
            self._changes[NOWHERE] = yield from frames.full_in_slices(self.head, backdrop.bare)
        if packed and NOWHERE not in self._packed:
            made = []
            for frame in self._changes[NOWHERE]:
                made.append(frames.packed(frame))
                yield
            self._packed[NOWHERE] = tuple(made)
