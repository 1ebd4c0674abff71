"""Sessions: the numbered rules, the refusals, the commands and the facts."""

from typing import Annotated

from forum.domain.kernel import N_, NOBODY, Command, Fact, PersonId, SessionId, StepId, Words
from forum.domain.limits import Day, Hour, New, Range, Text
from forum.domain.sessions.record import OwnEntry, Plan, SessionKind
from forum.domain.state import Step

RULES = {
    "D1": N_(
        "A forum is held in one or more sessions, each with its own agenda; one at most is going on, and only its steps are"
        " opened."
    ),
    "D2": N_(
        "Ending a session ends it for everybody at once, and the forum is paused: nothing is lost, and "
        "no step takes anything until a session is under way again."
    ),
    "D3": N_(
        "A beginning can be taken back until a step is opened, an end while no other session is going on; a session that has"
        " begun or holds contributions is never removed."
    ),
    "D4": N_(
        "Whoever comes in or checks in while a session is going on was there; they can take that back, and the desk can note"
        " it for them."
    ),
    "D5": N_(
        "A session whose retained actions still lack a pilot, a first step or a date ends with a reason only, which every document"
        " says."
    ),
}
REFUSALS = {
    "no_session": N_("This session is no longer in the list. Look at the list again."),
    "resting": N_("No session is under way. Begin one first, then do this again."),
    "other_session": N_("This step belongs to another session. Begin that session first, or choose a step of this one."),
    "session_live": N_("Another session is still under way. End it first, then begin this one."),
    "session_over": N_("This session is over. Reopen it, or plan another one."),
    "session_not_live": N_("This session is not under way, so it cannot be ended. Look at the list again."),
    "session_not_begun": N_("This session has not begun, so nobody has been there yet."),
    "session_used": N_("This session has begun, or holds contributions. It stays; leave out the steps that are not wanted."),
    "bad_hour": N_("Write the hour as hours and minutes, for instance 14:30."),
    "session_title": N_("Give the session a title, then save it."),
    "session_people": N_("A session expects at most {limit} people. Write a smaller number."),
    "too_many_sessions": N_("A forum has at most {limit} sessions. Remove one that has not begun."),
    "end_needs_reason": N_(
        "Retained actions of this session still lack a pilot, a first step or a date ({count}). Complete them, or write why it"
        " ends all the same."
    ),
    "not_there": N_("Nothing was noted of this person in this session. Look at the list again."),
}  # fmt: skip

MAX_SESSIONS = 60  # three years of monthly meetings, and two dozen besides
EXPECTED = Range(0, 20_000, judged=True)  # as many as come in
SessionTitle = Annotated[Words, Text(120)]
Place = Annotated[str, Text(200)]
Expected = Annotated[int, EXPECTED]
Reason = Annotated[str, Text(300)]


class PlanSession(Command, frozen=True):
    """Prepare one more session, empty or with the steps of a ready agenda."""

    session: New[SessionId]
    title: SessionTitle = Words()
    kind: SessionKind = ""
    date: Day = ""
    place: Place = ""
    expected: Expected = 0
    entry: OwnEntry = ""
    agenda: str = ""
    steps: tuple[Step, ...] = ()  # of that agenda; the server puts them in, no client may
    hour: Hour = ""


class EditSession(Command, frozen=True):
    """Say something else of a session, as a whole: what is not given is nothing."""

    session: SessionId
    title: SessionTitle = Words()
    kind: SessionKind = ""
    date: Day = ""
    place: Place = ""
    expected: Expected = 0
    entry: OwnEntry = ""
    hour: Hour = ""


class ExpectPeople(Command, frozen=True):
    """Say how many people a session expects, and nothing else of it."""

    session: SessionId
    expected: Expected


class BeginSession(Command, frozen=True):
    """A session begins: its steps can be opened."""

    session: SessionId


class EndSession(Command, frozen=True):
    """The session ends, with the step that is open; the forum rests."""

    session: SessionId
    reason: Reason = ""  # why, although retained actions lack something (D5)


class ReopenSession(Command, frozen=True):
    """Take a session's end back: it goes on where it was."""

    session: SessionId


class RemoveSession(Command, frozen=True):
    """Take a session that has not begun out of the forum, with its steps."""

    session: SessionId


class NotePresence(Command, frozen=True):
    """I am here; or (desk, table secretary) somebody else is."""

    person: PersonId = NOBODY  # NOBODY: whoever asks
    session: SessionId = SessionId("")  # "": the one going on; another one is for the desk to complete


class TakePresenceBack(Command, frozen=True):
    """It was not so: I am not, or somebody is not, there."""

    person: PersonId = NOBODY
    session: SessionId = SessionId("")


class SessionPlanned(Fact, frozen=True):
    """There will be another session. Its steps, if it has any yet, are told by ``StepInserted``."""

    session: SessionId
    plan: Plan = Plan()
    agenda: str = ""


class SessionEdited(Fact, frozen=True):
    session: SessionId
    plan: Plan


class SessionRemoved(Fact, frozen=True):
    """A session that had not begun is gone, and so are its steps."""

    session: SessionId


class SessionBegun(Fact, frozen=True):
    session: SessionId


class SessionTakenBack(Fact, frozen=True):
    """A session begun by mistake is as if it had not begun."""

    session: SessionId


class SessionEnded(Fact, frozen=True):
    session: SessionId
    step: StepId | None = None  # that was open, and was closed with it
    reason: str = ""  # why, although retained actions lacked something; "" where none did


class SessionReopened(Fact, frozen=True):
    """A session goes on that had ended."""

    session: SessionId


class PresenceNoted(Fact, frozen=True):
    """Somebody is, or was, there. Who checks in says so themself; else it was noted for them by whoever made this fact."""

    person: PersonId
    session: SessionId


class PresenceTakenBack(Fact, frozen=True):
    person: PersonId
    session: SessionId
