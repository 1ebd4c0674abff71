"""The shared pages of one forum, one for each audience: drawn once, then updated by what has changed.

By the law of fragments an updated page equals a page drawn anew. This module therefore saves work and
decides nothing. It draws anew where the law does not apply: after another scene, another history, a trail
that does not reach back far enough, or a changed name. Bounded by the number of audiences: surfaces times
languages, times the groups of this scene.
"""

from forum.domain.touch import Touch
from forum.fragments.backdrop import Backdrop
from forum.fragments.pages import Pages
from forum.fragments.surface import Audience, View
from forum.live.trail import Trail
from forum.slices import Sliced, at_once


class Drawn:
    """Of one forum, on one history."""

    def __init__(self, pages: Pages, trail: Trail) -> None:
        self._pages, self._trail = pages, trail
        self._backdrops: dict[Audience, Backdrop] = {}

    def begin_anew(self, trail: Trail) -> None:
        """The forum has another history, or words in it were struck: nothing that was drawn is kept."""
        self._trail = trail
        self._backdrops.clear()

    def backdrop(self, view: View, audience: Audience) -> Backdrop:
        """The shared page of this view. Cost: what changed since it was last asked for."""
        return at_once(self.in_slices(view, audience))

    def in_slices(self, view: View, audience: Audience) -> Sliced[Backdrop]:
        """``backdrop``, with pauses; kept unless another history began meanwhile."""
        backdrop, trail = self._backdrops.get(audience), self._trail
        if backdrop is None or not self._reaches(backdrop, view):
            backdrop = yield from self._pages.backdrop_in_slices(view, audience)
        elif backdrop.seq != view.state.seq or self._heard_otherwise(backdrop, view, audience):
            touched = trail.between(backdrop.seq, view.state.seq) | {Touch.NEAR}
            backdrop = yield from self._pages.brought_in_slices(backdrop, view, audience, touched)
        if trail is self._trail and backdrop.seq >= self.at(audience):
            if audience not in self._backdrops:  # groups come and go with the scene
                scene = view.state.scene
                self._backdrops = {a: kept for a, kept in self._backdrops.items() if kept.seq >= scene}
            self._backdrops[audience] = backdrop
        return backdrop

    def at(self, audience: Audience) -> int:
        """The journal number for which this audience's page was drawn last; -1 when it was not."""
        kept = self._backdrops.get(audience)
        return kept.seq if kept else -1

    def _heard_otherwise(self, backdrop: Backdrop, view: View, audience: Audience) -> bool:
        return backdrop.absent is not view.absent and self._pages.shows_near(audience)

    def _reaches(self, backdrop: Backdrop, view: View) -> bool:
        state = view.state
        if not max(state.scene, self._trail.start) <= backdrop.seq <= state.seq:
            return False
        return view.names is backdrop.names or all(
            view.names.get(p) == name for p, name in backdrop.names.items()
        )
