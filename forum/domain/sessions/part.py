"""Sessions, put together: commands with their judges, facts with their folds, and how they are undone."""

from forum.domain import saw, undo
from forum.domain.aloud import STEP
from forum.domain.kernel import (
    N_,
    Aloud,
    Asked,
    Facts,
    Gesture,
    Part,
    Quiet,
    Saw,
)
from forum.domain.people import EntrySet
from forum.domain.sessions import folds, judges, presence
from forum.domain.sessions.reading import goes_on, several, steps_of
from forum.domain.sessions.record import Session
from forum.domain.sessions.words import (
    REFUSALS,
    RULES,
    BeginSession,
    EditSession,
    EndSession,
    ExpectPeople,
    NotePresence,
    PlanSession,
    PresenceNoted,
    PresenceTakenBack,
    RemoveSession,
    ReopenSession,
    SessionBegun,
    SessionEdited,
    SessionEnded,
    SessionPlanned,
    SessionRemoved,
    SessionReopened,
    SessionTakenBack,
    TakePresenceBack,
)
from forum.domain.state import State, change


def _there(
    state: State, fact: SessionPlanned | SessionEdited | SessionRemoved | SessionBegun | SessionEnded
) -> Session:
    found = state.sessions.get(fact.session)
    assert found is not None, f"expected a known session, got {fact.session}"
    return found


def _title(state: State, session: Session) -> str:
    return session.plan.title.get(state.lang) or state.title


def _is_a_day(fact: SessionPlanned) -> bool:
    """Whether it says no more than when the room meets again: a session without an agenda is a day that is noted."""
    return bool(fact.plan.date) and not fact.agenda


def _planned_back(state: State, fact: SessionPlanned) -> tuple[str, Facts]:
    return "" if _is_a_day(fact) else fact.plan.title.get(state.lang), (SessionRemoved(fact.session),)


def _edited_back(state: State, fact: SessionEdited) -> tuple[str, Facts]:
    session = _there(state, fact)
    return _title(state, session), (SessionEdited(session.id, session.plan),)


def _removed_back(state: State, fact: SessionRemoved) -> tuple[str, Facts]:
    session = _there(state, fact)
    return _title(state, session), judges.planned_again(state, session)


def _begun_back(state: State, fact: SessionBegun) -> tuple[str, Facts]:
    """With the entry as it was, which a session's own may have changed."""
    session = _there(state, fact)
    changed = session.plan.entry not in ("", state.entry)
    return _title(state, session), (
        SessionTakenBack(session.id),
        *((EntrySet(state.entry),) if changed else ()),
    )


def _ended_back(state: State, fact: SessionEnded) -> tuple[str, Facts]:
    session = _there(state, fact)
    return _title(state, session), judges.end_taken_back(state, session.id, fact.step)


def _edited_only(state: State, fact: SessionEdited) -> str:
    noted = change(_there(state, fact).plan, expected=fact.plan.expected)
    return N_("noted how many people are expected") if noted == fact.plan else ""


def _ended_whole(state: State, fact: SessionEnded) -> str:
    return "" if several(state) else N_("ended the forum")


def _ended_aloud(state: State, fact: SessionEnded) -> str:
    return N_("The session is over. The forum is paused.") if goes_on(state) else N_("The forum is over.")


def _may_reopen(state: State, fact: SessionReopened) -> bool:
    session = state.sessions.get(fact.session)
    return state.sessions.live is None and session is not None and session.phase == "over"


def _may_take_back(state: State, fact: SessionTakenBack) -> bool:
    """Nothing of it was opened since."""
    opened = any(s.opened_at for s in steps_of(state, fact.session))
    return state.sessions.live == fact.session and not opened


def _may_remove(state: State, fact: SessionRemoved) -> bool:
    session = state.sessions.get(fact.session)
    return session is not None and judges.is_unused(state, session)


def _may_edit(state: State, fact: SessionEdited) -> bool:
    known = state.sessions.get(fact.session) is not None
    return known and undo.is_latest(state, fact, lambda other: getattr(other, "session", None))


def _planned(state: State, command: EditSession | ExpectPeople, asked: Asked) -> int:
    return state.since.sessions.get(command.session, 0)


def _leading_to(state: State, command: BeginSession | ReopenSession, asked: Asked) -> int:
    return max(saw.leading(state, command, asked), state.since.sessions.get(command.session, 0))


def _with_its_steps(state: State, command: RemoveSession, asked: Asked) -> int:
    steps = (state.since.step(step.id).edited for step in steps_of(state, command.session))
    return max(state.since.sessions.get(command.session, 0), *steps, 0)


def _going_on(state: State, command: NotePresence | TakePresenceBack, asked: Asked) -> int:
    return 0 if command.session else state.since.session


PART = Part(
    judges={
        PlanSession: judges.plan_session,
        EditSession: judges.edit_session,
        ExpectPeople: judges.expect_people,
        BeginSession: judges.begin_session,
        EndSession: judges.end_session,
        ReopenSession: judges.reopen_session,
        RemoveSession: judges.remove_session,
        NotePresence: presence.note_presence,
        TakePresenceBack: presence.take_presence_back,
    },
    folds={
        SessionPlanned: folds.session_planned,
        SessionEdited: folds.session_edited,
        SessionRemoved: folds.session_removed,
        SessionBegun: folds.session_begun,
        SessionTakenBack: folds.session_taken_back,
        SessionEnded: folds.session_ended,
        SessionReopened: folds.session_reopened,
        PresenceNoted: presence.presence_noted,
        PresenceTakenBack: presence.presence_taken_back,
    },
    rules=RULES,
    refusals=REFUSALS,
    sees={
        PlanSession: saw.ANEW,
        **dict.fromkeys((EditSession, ExpectPeople), Saw(_planned, N_("This session"))),
        BeginSession: Saw(_leading_to, strict=True),
        EndSession: saw.LEADING,
        ReopenSession: Saw(_leading_to, strict=True),
        RemoveSession: Saw(_with_its_steps, N_("This session")),
        **dict.fromkeys((NotePresence, TakePresenceBack), Saw(_going_on, N_("The session"))),
    },
    plain=frozenset({NotePresence, TakePresenceBack, BeginSession, EndSession, ReopenSession}),
    gestures={
        SessionPlanned: Gesture(
            N_("planned a session"),
            _planned_back,
            lambda state, fact: state.sessions.get(fact.session) is None,
            lambda state, fact: N_("set the day of the next meeting") if _is_a_day(fact) else "",
        ),
        SessionEdited: Gesture(N_("edited a session"), _edited_back, _may_edit, _edited_only),
        SessionRemoved: Gesture(N_("removed a session"), _removed_back, _may_remove),
        SessionBegun: Gesture(N_("began a session"), _begun_back),
        SessionTakenBack: Gesture("", fits=_may_take_back),
        SessionEnded: Gesture(N_("ended a session"), _ended_back, named=_ended_whole),
        SessionReopened: Gesture("", fits=_may_reopen),
    },
    aloud={
        SessionBegun: Aloud(lambda state, fact: N_("The session begins."), topic=STEP),
        SessionTakenBack: Aloud(lambda state, fact: N_("The session has not begun after all."), topic=STEP),
        SessionEnded: Aloud(_ended_aloud, topic=STEP),
        SessionReopened: Aloud(lambda state, fact: N_("The session continues."), topic=STEP),
        **dict.fromkeys((PresenceNoted, PresenceTakenBack), Quiet("people come and go")),
    },
)
