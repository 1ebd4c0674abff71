"""The flow of a forum: the numbered rules, the refusals, the commands and the facts."""

from typing import Annotated, Literal

from forum.domain.choosing import Chosen
from forum.domain.kept import BALLOT_DAYS, WORDS_DAYS
from forum.domain.kernel import (
    N_,
    Command,
    Fact,
    Millis,
    SessionId,
    StepId,
    Words,
)
from forum.domain.limits import LARGEST, VALUES, New, Range, Text, Title, ZoneName
from forum.domain.settings import Settings
from forum.domain.state import Step

RULES = {
    "F1": N_("One step is current; everybody sees the same one."),
    "F2": N_("Moving between steps destroys nothing: you can always go back and reopen."),
    "F3": N_(
        "Only an open step takes contributions; after the freeze or the close they are refused, never counted late."
    ),
    "F4": N_("Leaving an open vote asks for it to be closed first: no vote is closed silently."),
    "F5": N_("A vote is revealed only after its close, to everybody at once."),
    "F6": N_("A step that holds contributions is skipped, never removed."),
    "F7": N_("The timer only announces; it never closes anything."),
    "F9": N_(
        "A forum has a title, a question, a time zone and, if it looks ahead, a target year; the desk "
        "can change them, and undo a change."
    ),
    "F11": N_(
        "People who listen instead of looking are told of each change in the room once, and of nothing "
        "that eyes may not see."
    ),
}
REFUSALS = {
    "no_step": N_("This step is no longer in the agenda. Look at the agenda again."),
    "vote_open": N_("The vote is still open. Close it first, then move on."),
    "not_closed": N_("Close the vote first, then reveal its result."),
    "not_current": N_("This step is not the current one. Open it first."),
    "already_so": N_("This is already the case. Nothing changed."),
    "step_used": N_("This step holds contributions or is current. Skip it instead of removing it."),
    "bad_time": N_("Choose a time between 10 seconds and 4 hours."),
    "bad_step": N_("These numbers are not possible for a step. Choose others."),
    "too_many_steps": N_(
        "An agenda holds at most {limit} steps, and a forum {count} in all its sessions. Remove one first."
    ),
    "nothing_to_reveal": N_("This step has nothing to reveal."),
    "bad_year": N_("Write the target year with four digits, such as {example}, or leave it empty."),
}

MAX_STEPS = 80  # of one session
MAX_ALL_STEPS = 240  # three years, with monthly meetings; what the desk lists costs their square
STEP_MINUTES = Range(1, 600, judged=True)
TIMER_SECONDS = Range(10, 4 * 3600, judged=True)
ANY = SessionId("")  # the session of the step before which it stands, else the one that the desk works on
Choices = Literal["", "same", "new"]
"""On which list a vote goes on that was not revealed, where what it is over has changed since; "": nobody has said (V7)."""


StepTitle = Annotated[Words, Text(120)]
Instruction = Annotated[Words, Text(800, lines=True)]
Example = Annotated[Words, Text(400, lines=True)]
Question = Annotated[str, Text(400, lines=True)]
Year = Annotated[str, Text(20)]  # as a person writes it
Minutes = Annotated[int, STEP_MINUTES]
Seconds = Annotated[int, TIMER_SECONDS]
Turned = Annotated[
    int, Range(least=-LARGEST, most=LARGEST)
]  # pages on or back, as far as a browser can count


class OpenStep(Command, frozen=True):
    """Make a step current and open it; an earlier one is a way back."""

    step: StepId
    choices: Choices = ""


class FreezeStep(Command, frozen=True):
    """Stop contributions; everything stays in view."""

    step: StepId


class ReopenStep(Command, frozen=True):
    """Take contributions again. A vote starts a new round."""

    step: StepId
    choices: Choices = ""


class RevealStep(Command, frozen=True):
    """Show the cards, or a closed vote's result, to everybody at once."""

    step: StepId
    knowing: bool = False  # that so few ballots can give away who voted how (V10)


class CloseStep(Command, frozen=True):
    """End a step: for a vote, the line after which nothing counts."""

    step: StepId


class SkipStep(Command, frozen=True):
    """Leave a step out this time."""

    step: StepId


class InsertStep(Command, frozen=True):
    """Put a new step into the agenda, before another one or at the end."""

    step: New[StepId]
    settings: Settings
    title: StepTitle
    instruction: Instruction = Words()
    minutes: Minutes = 10
    before: StepId | None = None
    session: SessionId = ANY  # in which it is held
    chosen: Annotated[Chosen, VALUES] = {}  # of its settings, in place of what they say (F10)


class RemoveStep(Command, frozen=True):
    """Take an unused step out of the agenda."""

    step: StepId


class MoveStep(Command, frozen=True):
    """Put a step before another one, or at the end."""

    step: StepId
    before: StepId | None = None


class EditStep(Command, frozen=True):
    """Change a step's words or planned minutes; what is not given stays."""

    step: StepId
    title: StepTitle | None = None
    instruction: Instruction | None = None
    hint: Example | None = None  # empty: none
    minutes: Minutes | None = None
    phones_down: bool | None = None
    of: tuple[StepId, ...] | None = None  # what it works on (F8)
    chosen: Annotated[Chosen, VALUES] = {}  # of its settings; what is not in it stays (F10)


class EditForum(Command, frozen=True):
    """Change the forum's title, its question, the year that it looks to or its time zone; what is empty stays, but for the year."""

    title: Title = ""
    question: Question = ""
    horizon: Year | None = None  # "": none; None: as it was
    zone: ZoneName | None = None  # None: as it was


class SetTimer(Command, frozen=True):
    """Start a countdown."""

    seconds: Seconds


class ExtendTimer(Command, frozen=True):
    """Give more time; a timer that has run out starts again from now."""

    seconds: Seconds


class ShortenTimer(Command, frozen=True):
    """Take time away, down to nothing."""

    seconds: Seconds


class StopTimer(Command, frozen=True):
    """Take the countdown away."""


class TurnPage(Command, frozen=True):
    """Turn the pages of the wall: to as many after the first as are said, or, below 0, before it."""

    page: Turned


class ForumOpened(Fact, frozen=True):
    """A forum begins. Its steps follow as ``StepInserted``."""

    code: str
    title: str
    lang: str = "fr"
    question: str = ""
    agenda: str = ""
    keep_until: str = ""  # ISO date
    keep_most: str = ""  # ISO date beyond which it is not kept, whoever asks; "": only what holds for all
    ballot_days: int = BALLOT_DAYS  # for which ballots are kept after a reveal, until the desk says otherwise
    words_days: int = WORDS_DAYS  # and words and names that have no part in the plan
    horizon: int = 0  # the year that it looks to; 0: nobody has said
    zone: str = (
        ""  # whose hours its pages say, by its IANA name; "": the server's own, as before there was one
    )
    expected: int = 0  # people, in its first session; 0: nobody has said


class ForumEdited(Fact, frozen=True):
    title: str
    question: str
    horizon: int | None = None  # None: as it was, as before there was one
    zone: str | None = None  # None: as it was, as before there was one


class StepInserted(Fact, frozen=True):
    step: Step
    before: StepId | None = None


class StepRemoved(Fact, frozen=True):
    step: StepId


class StepMoved(Fact, frozen=True):
    step: StepId
    before: StepId | None = None


class StepEdited(Fact, frozen=True):
    step: StepId
    title: Words
    instruction: Words
    minutes: int
    phones_down: bool = False
    least: int | None = None  # None: as it was
    settings: Settings | None = None  # None: as they were
    hint: Words | None = None  # None: as it was, as before it could be edited


class StepOpened(Fact, frozen=True):
    step: StepId
    of: tuple[StepId, ...] | None = None  # what it works on from now on, told by its first opening (F8)


class StepFrozen(Fact, frozen=True):
    step: StepId


class StepReopened(Fact, frozen=True):
    step: StepId


class StepRevealed(Fact, frozen=True):
    step: StepId
    knowing: bool = False  # of few ballots: the desk was told what they can give away


class StepClosed(Fact, frozen=True):
    step: StepId


class StepSkipped(Fact, frozen=True):
    step: StepId


class TimerSet(Fact, frozen=True):
    ends_at: Millis
    seconds: int


class TimerStopped(Fact, frozen=True):
    pass


class PageTurned(Fact, frozen=True):
    page: int
