"""Sessions: how each command is judged, and which facts it makes."""

from forum.domain.dates import parse_date, parse_hour
from forum.domain.flow.judges import leave, timer_off
from forum.domain.flow.words import MAX_ALL_STEPS, MAX_STEPS, StepInserted, StepReopened
from forum.domain.kernel import Asked, Facts, Rejection, SessionId, StepId
from forum.domain.people import EntrySet
from forum.domain.plan.reading import incomplete
from forum.domain.sessions.reading import behind, steps_of
from forum.domain.sessions.record import Plan, Session
from forum.domain.sessions.words import (
    EXPECTED,
    MAX_SESSIONS,
    BeginSession,
    EditSession,
    EndSession,
    ExpectPeople,
    PlanSession,
    RemoveSession,
    ReopenSession,
    SessionBegun,
    SessionEdited,
    SessionEnded,
    SessionPlanned,
    SessionRemoved,
    SessionReopened,
)
from forum.domain.state import State, change
from forum.domain.things import any_in


def plan_session(state: State, command: PlanSession, asked: Asked) -> Facts | Rejection:
    if state.sessions.get(command.session):
        return Rejection("D1", "already_so")
    if len(state.sessions.all) >= MAX_SESSIONS:
        return Rejection("D1", "too_many_sessions", {"limit": MAX_SESSIONS})
    plan = _plan(command)
    if isinstance(plan, Rejection):
        return plan
    if len(command.steps) > MAX_STEPS or len(state.steps) + len(command.steps) > MAX_ALL_STEPS:
        return Rejection("F6", "too_many_steps", {"limit": MAX_STEPS, "count": MAX_ALL_STEPS})
    if any(state.step(step.id) for step in command.steps):
        return Rejection("F1", "already_so")
    steps = (StepInserted(change(step, session=command.session)) for step in command.steps)
    return (SessionPlanned(command.session, plan, command.agenda), *steps)


def edit_session(state: State, command: EditSession, asked: Asked) -> Facts | Rejection:
    session, plan = _known(state, command.session), _plan(command)
    if isinstance(session, Rejection):
        return session
    if isinstance(plan, Rejection):
        return plan
    return Rejection("D1", "already_so") if plan == session.plan else (SessionEdited(session.id, plan),)


def expect_people(state: State, command: ExpectPeople, asked: Asked) -> Facts | Rejection:
    session = _known(state, command.session)
    if isinstance(session, Rejection):
        return session
    if not EXPECTED.holds(command.expected):
        return Rejection("D1", "session_people", {"limit": EXPECTED.most})
    plan = change(session.plan, expected=command.expected)
    return Rejection("D1", "already_so") if plan == session.plan else (SessionEdited(session.id, plan),)


def begin_session(state: State, command: BeginSession, asked: Asked) -> Facts | Rejection:
    session = _known(state, command.session)
    if isinstance(session, Rejection):
        return session
    if session.phase != "planned":
        return Rejection("D2", "already_so" if session.phase == "live" else "session_over")
    if state.sessions.live is not None:
        return Rejection("D1", "session_live")
    entry = session.plan.entry
    let_in = (EntrySet(entry),) if entry and entry != state.entry else ()
    return (SessionBegun(session.id), *let_in)


def end_session(state: State, command: EndSession, asked: Asked) -> Facts | Rejection:
    session = _known(state, command.session)
    if isinstance(session, Rejection):
        return session
    if session.phase != "live":
        return Rejection("D2", "already_so" if session.phase == "over" else "session_not_live")
    left = leave(state)
    if isinstance(left, Rejection):
        return left
    lacking = incomplete(state, session.id)
    if lacking and not command.reason:
        return Rejection("D5", "end_needs_reason", {"count": len(lacking)})
    opened = state.now.id if state.now and state.now.phase == "open" else None
    return (*left, *timer_off(state), SessionEnded(session.id, opened, command.reason if lacking else ""))


def reopen_session(state: State, command: ReopenSession, asked: Asked) -> Facts | Rejection:
    session = _known(state, command.session)
    if isinstance(session, Rejection):
        return session
    if session.phase != "over":
        return Rejection("D3", "already_so" if session.phase == "live" else "session_not_live")
    if state.sessions.live is not None:
        return Rejection("D1", "session_live")
    return end_taken_back(state, session.id, session.opened)


def end_taken_back(state: State, session: SessionId, opened: StepId | None) -> Facts:
    """The facts by which a session goes on where it was: in the step that was open, if one was."""
    step = state.step(opened)
    return (SessionReopened(session), *((StepReopened(step.id),) if step else ()))


def remove_session(state: State, command: RemoveSession, asked: Asked) -> Facts | Rejection:
    session = _known(state, command.session)
    if isinstance(session, Rejection):
        return session
    return (SessionRemoved(session.id),) if is_unused(state, session) else Rejection("D3", "session_used")


def is_unused(state: State, session: Session) -> bool:
    """Say whether a session has not begun, and nothing was ever made or opened in it."""
    steps = steps_of(state, session.id)
    return session.phase == "planned" and not any(s.opened_at or any_in(state, s) for s in steps)


def planned_again(state: State, session: Session) -> Facts:
    """The facts that would bring a session back, each step where it stood."""
    steps, last = steps_of(state, session.id), behind(state, session.id)
    before = (*(s.id for s in steps[1:]), last)
    inserted = [StepInserted(step, before[n]) for n, step in enumerate(steps)]
    return (*reversed(inserted), SessionPlanned(session.id, session.plan, session.agenda))


def _known(state: State, session: SessionId) -> Session | Rejection:
    return state.sessions.get(session) or Rejection("D1", "no_session")


def _plan(command: PlanSession | EditSession) -> Plan | Rejection:
    if not (command.title.fr or command.title.en):
        return Rejection("D1", "session_title")
    day = parse_date(command.date)
    if day is None:
        return Rejection("D1", "bad_date")
    hour = parse_hour(command.hour)
    if hour is None:
        return Rejection("D1", "bad_hour")
    if not EXPECTED.holds(command.expected):
        return Rejection("D1", "session_people", {"limit": EXPECTED.most})
    return Plan(command.title, command.kind, day, command.place, command.expected, command.entry, hour)
