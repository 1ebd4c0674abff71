"""The sessions at the desk: which there are, what can be done with each, and planning another one. Pure."""

from typing import NamedTuple

from forum.domain.plan.reading import incomplete
from forum.domain.sessions import reading
from forum.domain.sessions.record import KINDS, Plan, Session
from forum.domain.sessions.words import MAX_SESSIONS
from forum.domain.state import Step
from forum.fragments.surface import Slot, View


class Line(NamedTuple):
    """A session in the list."""

    session: Session
    steps: int


def slot(view: View, now: Step | None, name: str) -> Slot:
    """Where and how the list stands: on top while the forum rests, since it is what one goes on from."""
    state, rests = view.state, reading.rests(view.state)
    held = (s for s in state.sessions.all if s.phase != "planned")
    args = {
        "sessions": [Line(s, len(reading.steps_of(state, s.id))) for s in (*held, *reading.coming(state))],
        "resting": rests,
        "room": len(state.sessions.all) < MAX_SESSIONS,
        "agendas": view.site.agendas,
        "kinds": tuple(KINDS.items()),
        "blank": Plan(),
        "several": reading.several(state),
        "lacks": len(incomplete(state, state.sessions.live)),
    }
    place = ("side", "03") if rests else ("the-rest", "20")  # on top where it is what one does next
    return Slot(*place, "desk/sessions.html", args)
