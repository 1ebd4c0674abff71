"""Who was there: a person checks in, or somebody does it for them, and this can be taken back (D4).

People who come in by the room's code while a session is live were there: their arrival is the fact. This is
so in journals from before there were sessions too. People who came earlier, on another day or by a ticket,
check in.
"""

from immutables import Map

from forum.domain.kernel import Asked, Facts, Millis, PersonId, Record, Rejection, SessionId
from forum.domain.roles import ENTERS_FOR_OTHERS, LEADS, VOICE
from forum.domain.sessions.words import NotePresence, PresenceNoted, PresenceTakenBack, TakePresenceBack
from forum.domain.state import State, change
from forum.domain.touch import Touch


def is_present(state: State, person: PersonId, session: SessionId | None) -> bool:
    """Say whether somebody is noted as having been there."""
    return session is not None and person in state.sessions.present.get(session, ())


def count(state: State, session: SessionId) -> int:
    """How many were there: of those with a voice who were not removed. Cost: as many."""
    there = (state.people.by_id.get(p) for p in state.sessions.present.get(session, ()))
    return sum(p is not None and p.role in VOICE and p.state == "in" for p in there)


def checked_in(state: State, person: PersonId) -> Facts:
    """What is noted of somebody with a voice who comes in again while a session is going on."""
    known, live = state.people.by_id.get(person), state.sessions.live
    if known is None or known.role not in VOICE or known.state != "in" or live is None:
        return ()
    return () if is_present(state, person, live) else (PresenceNoted(person, live),)


def note_presence(state: State, command: NotePresence, asked: Asked) -> Facts | Rejection:
    about = _about(state, command, asked)
    if isinstance(about, Rejection):
        return about
    person, session = about
    if state.people.by_id[person].state != "in" or state.people.by_id[person].role not in VOICE:
        return Rejection("D4", "no_person")
    return (
        Rejection("D4", "already_so")
        if is_present(state, person, session)
        else (PresenceNoted(person, session),)
    )


def take_presence_back(state: State, command: TakePresenceBack, asked: Asked) -> Facts | Rejection:
    about = _about(state, command, asked)
    if isinstance(about, Rejection):
        return about
    person, session = about
    return (
        (PresenceTakenBack(person, session),) if is_present(state, *about) else Rejection("D4", "not_there")
    )


def _about(
    state: State, command: NotePresence | TakePresenceBack, asked: Asked
) -> tuple[PersonId, SessionId] | Rejection:
    """Of whom, and in which session: others for whoever enters for them, a session that is over for who leads."""
    person, role = command.person or asked.who, state.people.by_id[asked.by].role
    other_session = command.session not in ("", state.sessions.live)
    if (person != asked.who and role not in ENTERS_FOR_OTHERS) or (other_session and role not in LEADS):
        return Rejection("D4", "forbidden")
    if person not in state.people.by_id:
        return Rejection("D4", "no_person")
    session = state.sessions.get(command.session or state.sessions.live)
    if session is None:
        return Rejection("D4", "no_session" if command.session else "resting")
    return (person, session.id) if session.begun_at else Rejection("D4", "session_not_begun")


def arrived(state: State, person: PersonId, at: Millis) -> State:
    """The state in which somebody who just came in is noted as there, if a session is going on."""
    live = state.sessions.live
    return state if live is None else _noted(state, person, live, at)


def _noted(state: State, person: PersonId, session: SessionId, at: Millis) -> State:
    present = state.sessions.present
    there: Map[PersonId, Millis] = present.get(session, Map())
    if person in there:
        return state
    return change(state, sessions=change(state.sessions, present=present.set(session, there.set(person, at))))


def presence_noted(state: State, fact: PresenceNoted, record: Record) -> State:
    after = _noted(state, fact.person, fact.session, record.at)
    return change(after, touched=frozenset({Touch.HERE, Touch.you(fact.person)}))


def presence_taken_back(state: State, fact: PresenceTakenBack, record: Record) -> State:
    present = state.sessions.present
    there: Map[PersonId, Millis] = present.get(fact.session, Map())
    if fact.person in there:
        there = there.delete(fact.person)
    sessions = change(state.sessions, present=present.set(fact.session, there))
    return change(state, sessions=sessions, touched=frozenset({Touch.HERE, Touch.you(fact.person)}))
