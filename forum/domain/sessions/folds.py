"""Sessions: how each fact changes the state."""

from forum.domain.kernel import Millis, Record, SessionId
from forum.domain.sessions.reading import rests
from forum.domain.sessions.record import Session
from forum.domain.sessions.words import (
    SessionBegun,
    SessionEdited,
    SessionEnded,
    SessionPlanned,
    SessionRemoved,
    SessionReopened,
    SessionTakenBack,
)
from forum.domain.state import State, change
from forum.domain.touch import Touch


def _told(state: State, *sessions: Session, **fields: object) -> State:
    """What is planned has changed. Phones and the wall say it while the forum rests, and where inputs are called alike."""
    said = {Touch.STEP} if rests(state) or _called_alike(state) else set()
    after = change(state.sessions, all=sessions)
    return change(state, sessions=after, touched=frozenset({Touch.SESSIONS, Touch.AGENDA, *said}), **fields)


def _called_alike(state: State) -> bool:
    """Whether steps of two sessions have one title, so that what works on them names the session (``inputs.told``)."""
    called = {(step.title, step.session) for step in state.steps}
    return len({title for title, _ in called}) < len(called)


def _become(state: State, session: SessionId, **fields: object) -> tuple[Session, ...]:
    return tuple(change(s, **fields) if s.id == session else s for s in state.sessions.all)


def session_planned(state: State, fact: SessionPlanned, record: Record) -> State:
    return _told(state, *state.sessions.all, Session(fact.session, fact.plan, fact.agenda))


def session_edited(state: State, fact: SessionEdited, record: Record) -> State:
    return _told(state, *_become(state, fact.session, plan=fact.plan))


def session_removed(state: State, fact: SessionRemoved, record: Record) -> State:
    steps = tuple(s for s in state.steps if s.session != fact.session)
    left = tuple(s for s in state.sessions.all if s.id != fact.session)
    return _told(state, *left, steps=steps)


def _scene(state: State, sessions: tuple[Session, ...], live: SessionId | None, **fields: object) -> State:
    after = change(state.sessions, all=sessions, live=live)
    return change(
        state, sessions=after, page=0, touched=frozenset({Touch.SCENE}), scene=state.seq, **fields
    )  # fmt: skip


def session_begun(state: State, fact: SessionBegun, record: Record) -> State:
    """It takes its place behind those that were held, and so do its steps: they can work on all that was made before."""
    sessions = _become(state, fact.session, begun_at=record.at)
    sessions = tuple(sorted(sessions, key=lambda s: (s.phase == "planned", s.id == fact.session)))
    place = {s.id: n for n, s in enumerate(sessions)}
    steps = tuple(sorted(state.steps, key=lambda s: place.get(s.session, len(place))))
    return _scene(state, sessions, fact.session, steps=steps, current=None)


def session_taken_back(state: State, fact: SessionTakenBack, record: Record) -> State:
    after = _scene(state, _become(state, fact.session, begun_at=Millis(0)), None, current=None)
    present = after.sessions.present
    if fact.session not in present:
        return after
    return change(after, sessions=change(after.sessions, present=present.delete(fact.session)))


def session_ended(state: State, fact: SessionEnded, record: Record) -> State:
    fields = {"ended_at": record.at, "left": state.current, "opened": fact.step, "reason": fact.reason}
    return _scene(state, _become(state, fact.session, **fields), None, current=None)


def session_reopened(state: State, fact: SessionReopened, record: Record) -> State:
    session = state.sessions.get(fact.session)
    assert session is not None, f"expected a known session, got {fact.session}"
    sessions = _become(state, fact.session, ended_at=Millis(0), left=None, opened=None, reason="")
    there = session.left if state.step(session.left) else None
    return _scene(state, sessions, fact.session, current=there)
