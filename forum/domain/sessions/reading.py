"""What is asked of a forum's sessions: which is live, which comes next, which steps are whose. Pure."""

from collections.abc import Iterable
from typing import Final

from forum.domain.kernel import Millis, SessionId, StepId
from forum.domain.sessions.record import Plan, Session
from forum.domain.state import State, Step

MINUTE_MS: Final = 60_000


def live(state: State) -> Session | None:
    """The session that is going on; None while the forum rests."""
    return state.sessions.get(state.sessions.live)


def rests(state: State) -> bool:
    """Say whether no session is going on."""
    return state.sessions.live is None


def many(state: State) -> bool:
    """Say whether there is more than one session, so that people have to be told which."""
    return len(state.sessions.all) > 1


def several(state: State) -> bool:
    """Say whether the forum is held in more than one session. One that is planned without a step is a day that is noted."""
    with_steps = {s.session for s in state.steps}
    return sum(s.phase != "planned" or s.id in with_steps for s in state.sessions.all) > 1


def coming(state: State) -> tuple[Session, ...]:
    """The sessions that have not begun: the earliest day first, those without a day last, else as they were planned."""
    planned = (s for s in state.sessions.all if s.phase == "planned")
    return tuple(sorted(planned, key=lambda s: s.plan.date or "9999-99-99"))


def next_plan(state: State) -> Plan | None:
    """What is planned of the next session; None when there is none."""
    return next((s.plan for s in coming(state)), None)


def goes_on(state: State) -> bool:
    """Whether a session with steps is to come: the forum rests then, else it is over. A mere date is no session to hold."""
    return any(steps_of(state, session.id) for session in coming(state))


def last_held(state: State) -> Session | None:
    """The session that ended last; None while the first one is going on."""
    over = [s for s in state.sessions.all if s.phase == "over"]
    return max(over, key=lambda s: s.ended_at, default=None)


def in_view(state: State) -> Session:
    """The session that the desk works on: the one going on, else the next one, else the last one."""
    found = live(state) or next(iter(coming(state)), None) or last_held(state)
    assert found is not None, "expected a forum to have a session"
    return found


def planned(steps: Iterable[Step]) -> int:
    """For how many minutes these steps are planned, without what is left out."""
    return sum(step.minutes for step in steps if step.phase != "skipped")


def ends(state: State) -> Millis | None:
    """When the session that goes on ends, if its present step and those after it take what is planned; None while none is open.

    A step that is closed is over: the next takes its time from then on. Cost: the agenda.
    """
    now = state.now
    if now is None or rests(state):
        return None
    since, here = now.resumed_at or now.closed_at, steps_of(state, now.session)
    left = here[here.index(now) + (not now.resumed_at) :]
    return Millis(since + planned(left) * MINUTE_MS) if since else None


def steps_of(state: State, session: SessionId | None) -> tuple[Step, ...]:
    """The steps of one session, in their order. Cost: the agenda."""
    return tuple(s for s in state.steps if s.session == session)


def behind(state: State, session: SessionId) -> StepId | None:
    """The step before which whatever ends a session's agenda stands: the first of a later session; None: the very end."""
    ids = [s.id for s in state.sessions.all]
    later = set(ids[ids.index(session) + 1 :])
    return next((s.id for s in state.steps if s.session in later), None)
