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
from forum.slices import Sliced, at_once


class Shown(NamedTuple):
    """A forum as it stands: what pages are drawn from, and where in the journal that is."""

    view: View
    head: Head
    frozen: str = ""  # why nothing can be written, for the log; "" when all is well


class _Kind(NamedTuple):
    """Frames of which a moment needs one set."""

    at: int  # where they begin; NOWHERE: the whole page
    packed: bool
    cut: bool


class Moment:
    """A forum as it stood, drawn for one audience: frames by the number they start from."""

    def __init__(self, shown: Shown, trail: Trail, pages: Pages, drawn: Drawn, audience: Audience) -> None:
        self.head = shown.head
        self._view, self.trail, self._pages, self._audience = shown.view, trail, pages, audience
        self._drawn = drawn
        self._made: dict[_Kind, tuple[bytes, ...]] = {}

    @property
    def least(self) -> int:
        """Who is at an older number needs the whole page. The trail goes on, and forgets, while a moment lasts."""
        return max(self._view.state.scene, self.trail.start)

    def since(self, at: int, *, packed: bool = False, cut: bool = False) -> tuple[bytes, ...]:
        """The frames that bring a seat at ``at`` here: its changes, or the parts of the whole page, its long lists
        ``cut`` or not. Made once, and kept; those of the whole page once for all numbers too old to go on from.
        """
        if not self.least <= at <= self.head.seq:
            at = NOWHERE
        kind = _Kind(at, packed, cut and at == NOWHERE)
        made = self._made.get(kind)
        if made is None:
            made = self._made[kind] = at_once(self._making(kind))
        return made

    def single(self, at: int, *, packed: bool) -> bytes | None:
        """The one frame that brings a seat at ``at`` here; None where there is none, or it takes more."""
        if not self.least <= at < self.head.seq:
            return None
        made = self.since(at, packed=packed)
        return made[0] if len(made) == 1 else None

    def whole_in_slices(self, *, packed: bool, cut: bool) -> Sliced[None]:
        """Make the frames of the whole page, with pauses, for whoever needs it next."""
        for kind in (_Kind(NOWHERE, False, cut), _Kind(NOWHERE, packed, cut)):
            if kind not in self._made:
                self._made[kind] = yield from self._making(kind)

    def _making(self, kind: _Kind) -> Sliced[tuple[bytes, ...]]:
        if kind.packed:
            made = []
            for frame in self.since(kind.at, cut=kind.cut):
                made.append(frames.packed(frame))
                yield
            return tuple(made)
        if kind.at != NOWHERE:
            touched = self.trail.between(kind.at, self.head.seq)
            changes = self._pages.changes(self._view, self._audience, touched)
            return (frames.changes(self.head, kind.at, changes),)
        backdrop = yield from self._drawn.in_slices(self._view, self._audience)
        puts, begins = (backdrop.near, backdrop.begins) if kind.cut else (backdrop.bare, {})
        return (yield from frames.full_in_slices(self.head, puts, begins))
