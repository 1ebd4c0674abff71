"""The last gestures at the desk, the newest first, whoever made them. Pure.

Every desk is sent the same; which are one's own, the page marks (``static/js/desk.js``). Never says the text of a card
that nobody may read yet (B2).
"""

from collections.abc import Iterable
from typing import Final, NamedTuple

from forum.domain.arrivals import PeopleReadmitted
from forum.domain.deeds import Deed
from forum.domain.kernel import IdeaId, PersonId
from forum.domain.plan.words import AxisRemoved
from forum.domain.roles import LEADS
from forum.domain.room import UNDOABLE
from forum.domain.state import State, Step
from forum.domain.steps import board
from forum.domain.steps.sort_told import Sorted, told
from forum.domain.steps.themes import Theme
from forum.fragments.surface import Slot, View

LATEST: Final = 3  # gestures in sight


class Line(NamedTuple):
    """A gesture as it is listed."""

    deed: Deed
    what: str  # done, in general
    about: tuple[
        str, ...
    ]  # the titles or the text it was about; none where that is of a card nobody may read yet
    person: PersonId | None  # whom it kept out: their name is no fact, so the gesture does not hold it
    moved: Sorted | None  # what it did to cards and themes, which is said instead
    themes: tuple[Theme | None, Theme | None]  # where those went, and which theme went with it


def latest(view: View, now: Step | None, name: str) -> Slot:
    """The newest gestures."""
    return Slot("side", "10", "desk/deeds.html", _listed(view.state, _standing(view.state)[:LATEST]))


def earlier(view: View, now: Step | None, name: str) -> Slot | None:
    """What else can be undone: all of it is older."""
    rest = _standing(view.state)[LATEST:]
    return Slot("side", "11", "desk/earlier.html", _listed(view.state, rest)) if rest else None


def _standing(state: State) -> list[Deed]:
    """What can be undone, the newest first."""
    return [deed for deed in reversed(state.deeds) if not deed.undone]


def _listed(state: State, deeds: Iterable[Deed]) -> dict[str, object]:
    desks = {deed.by for deed in _standing(state) if _leads(state, deed)}
    return {"deeds": [_line(state, deed) for deed in deeds], "several": len(desks) > 1}


def _leads(state: State, deed: Deed) -> bool:
    person = state.people.by_id.get(deed.by)
    return person is not None and person.role in LEADS


def _line(state: State, deed: Deed) -> Line:
    moved = None if deed.named else told(deed.inverse)
    into, gone = (moved.into, moved.gone) if moved else (None, None)
    themes = tuple(state.themes.by_id.get(theme) if theme else None for theme in (into, gone))
    people = [p for fact in deed.inverse if isinstance(fact, PeopleReadmitted) for p in fact.people]
    return Line(
        deed,
        deed.named or UNDOABLE[deed.what],
        _about(state, deed),
        people[0] if len(people) == 1 else None,
        moved,
        (themes[0], themes[1]),
    )


def _about(state: State, deed: Deed) -> tuple[str, ...]:
    of_cards = board.IdeaHidden | board.IdeaRestored | board.IdeaWithdrawn
    kept = (fact.idea for fact in deed.inverse if isinstance(fact, of_cards))
    axes = [fact.axis for fact in reversed(deed.inverse) if isinstance(fact, AxisRemoved)]
    if len(axes) > 1:
        return tuple(state.plan.axes[axis].title for axis in axes)
    return () if not deed.about or any(not _shown(state, idea) for idea in kept) else (deed.about,)


def _shown(state: State, idea: IdeaId) -> bool:
    step = state.step(state.ideas.by_id[idea].step)
    return step is not None and board.shows(step)
