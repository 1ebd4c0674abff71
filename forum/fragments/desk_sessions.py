"""The sessions at the desk: which there are, what can be done with each, and planning another one. Pure."""

from typing import Final, NamedTuple

from forum.domain.sessions import reading
from forum.domain.sessions.record import KINDS, Plan, Session
from forum.domain.sessions.words import MAX_SESSIONS
from forum.domain.state import State, Step
from forum.fragments.kinds import planning
from forum.fragments.surface import Slot, View

OFFERED: Final = {"planned": "BeginSession", "over": "ReopenSession"}


class Line(NamedTuple):
    """A session in the list."""

    session: Session
    steps: int
    offers: str = ""  # the command that begins it, or opens it again; "" where the button of this moment does


def slot(view: View, now: Step | None, name: str) -> Slot:
    """Where and how the list stands: on top while the forum rests, since it is what one goes on from."""
    state, rests = view.state, reading.rests(view.state)
    held = (s for s in state.sessions.all if s.phase != "planned")
    args = {
        "sessions": [_line(state, s) for s in (*held, *reading.coming(state))],
        "room": len(state.sessions.all) < MAX_SESSIONS,
        "agendas": view.site.agendas,
        "kinds": tuple(KINDS.items()),
        "blank": Plan(),
        "several": reading.several(state),
        "begun": any(step.opened_at for step in reading.steps_of(state, state.sessions.live)),
        "lacks": planning.lacking_of(state, state.sessions.live),
    }
    place = ("side", "03") if rests else ("the-rest", "20")  # on top where it is what one does next
    return Slot(*place, "desk/sessions.html", args)


def _line(state: State, session: Session) -> Line:
    offers = OFFERED.get(session.phase, "") if reading.rests(state) and not _led(state, session) else ""
    return Line(session, len(reading.steps_of(state, session.id)), offers)


def _led(state: State, session: Session) -> bool:
    """Whether the button of this moment begins it, or opens it again (``desk/lead.html``): once is enough."""
    next_ = next(iter(reading.coming(state)), None) if reading.several(state) else None
    return session in (next_, reading.last_held(state))
