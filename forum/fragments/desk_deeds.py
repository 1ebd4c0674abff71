"""The last gestures at the desk: those of the desks first, apart from what people did in the room. Pure.

Every desk is sent the same. Of each who leads, the latest stands in sight; which is one's own, the page marks
(``static/js/desk.js``). Never says the text of a card that nobody may read yet (B2).
"""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from forum.domain.arrivals import PeopleReadmitted
from forum.domain.deeds import Deed
from forum.domain.kernel import IdeaId, PersonId
from forum.domain.roles import LEADS
from forum.domain.room import UNDOABLE
from forum.domain.state import State, Step
from forum.domain.steps import board
from forum.domain.steps.sort_told import Sorted, told
from forum.domain.steps.themes import Theme
from forum.fragments.surface import Slot, View

LATEST: Final = 3  # people at desks whose latest gesture stands in sight
EARLIER: Final = 8  # gestures listed besides, of the desks and of the room


class Line(NamedTuple):
    """A gesture as it is listed."""

    deed: Deed
    what: str  # done, in general
    about: str  # the title or text it was about; "" where that is the text of a card nobody may read yet
    person: PersonId | None  # whom it kept out: their name is no fact, so the gesture does not hold it
    moved: Sorted | None  # what it did to cards and themes, which is said instead
    themes: tuple[Theme | None, Theme | None]  # where those went, and which theme went with it


def latest(view: View, now: Step | None, name: str) -> Slot:
    """The latest gesture of each desk."""
    lines = _lines(view.state, _latest(view.state))
    return Slot("side", "10", "desk/deeds.html", {"deeds": lines, "several": len(lines) > 1})


def earlier(view: View, now: Step | None, name: str) -> Slot | None:
    """What else can be undone."""
    state = view.state
    shown = {deed.seq for deed in _latest(state)}
    rest = [deed for deed in _standing(state) if deed.seq not in shown]
    desk = _lines(state, [deed for deed in rest if _leads(state, deed)][:EARLIER])
    room = _lines(state, [deed for deed in rest if not _leads(state, deed)][:EARLIER])
    return Slot("side", "11", "desk/earlier.html", {"desk": desk, "room": room}) if desk or room else None


def _standing(state: State) -> Iterator[Deed]:
    return (deed for deed in reversed(state.deeds) if not deed.undone)


def _leads(state: State, deed: Deed) -> bool:
    person = state.people.by_id.get(deed.by)
    return person is not None and person.role in LEADS


def _latest(state: State) -> list[Deed]:
    """Of each desk, the newest first; while no desk did anything, the newest of all."""
    found: dict[PersonId, Deed] = {}
    for deed in _standing(state):
        if _leads(state, deed):
            found.setdefault(deed.by, deed)
    return list(found.values())[:LATEST] or list(_standing(state))[:1]


def _lines(state: State, deeds: Iterable[Deed]) -> list[Line]:
    return [_line(state, deed) for deed in deeds]


def _line(state: State, deed: Deed) -> Line:
    moved = told(deed.inverse)
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


def _about(state: State, deed: Deed) -> str:
    kept = (fact.idea for fact in deed.inverse if isinstance(fact, board.IdeaHidden | board.IdeaRestored))
    return "" if any(not _shown(state, idea) for idea in kept) else deed.about


def _shown(state: State, idea: IdeaId) -> bool:
    step = state.step(state.ideas.by_id[idea].step)
    return step is not None and board.shows(step)
