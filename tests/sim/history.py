"""What the judge of a universe remembers: the journal up to each fact, what people asked for, and what the store lost."""

from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from forum.domain.again import NotTaken
from forum.domain.copies import TabCopied
from forum.domain.kernel import Command, Fact, Record
from forum.domain.loss import LossConfirmed, Skipped, TailLost
from forum.domain.people import PersonJoined
from forum.domain.room import Refused
from forum.domain.sheets.words import (
    EditSheet,
    MakeSheet,
    RemoveSheet,
    SheetEdited,
    SheetMade,
    SheetRemoved,
    TakeNameOut,
)
from forum.domain.state import State
from forum.domain.steps.ballot import GiveMark, MarkGiven
from forum.domain.steps.board import EditIdea, IdeaEdited, IdeaPosted, PostIdea
from forum.domain.voices import VoiceHanded, VoiceReturned

NO_CONTRIBUTION: Final = Refused | NotTaken | Skipped | TailLost | LossConfirmed | TabCopied


def fits(command: Command, facts: list[Fact]) -> bool:
    """Whether facts can be what came of a command; True where nobody here can tell."""
    match command:
        case PostIdea(id=idea, text=text):
            return any(isinstance(f, IdeaPosted) and (f.idea, f.text) == (idea, text) for f in facts)
        case EditIdea(idea=idea, text=text):
            return any(isinstance(f, IdeaEdited) and (f.idea, f.text) == (idea, text) for f in facts)
        case GiveMark(key=option, mark=points):
            votes = [f for f in facts if isinstance(f, MarkGiven)]
            return any((f.key, f.mark) == (option, points) for f in votes)
        case MakeSheet(sheet=sheet, schema=schema):
            return any(isinstance(f, SheetMade) and (f.sheet, f.schema) == (sheet, schema) for f in facts)
        case EditSheet(sheet=sheet, fields=fields):
            told = [f for f in facts if isinstance(f, SheetEdited)]
            return not told or any(f.sheet == sheet and f.now.keys() <= fields.keys() for f in told)
        case TakeNameOut(sheet=sheet):
            return any(isinstance(f, SheetEdited) and f.sheet == sheet for f in facts)
        case RemoveSheet(sheet=sheet):
            return any(isinstance(f, SheetRemoved) and f.sheet == sheet for f in facts)
    return True


class Problem(NamedTuple):
    at: float
    invariant: str
    what: str


class Drop(NamedTuple):
    """What the store lost at once."""

    after: int
    upto: int
    facts: list[tuple[int, "Fold"]]


class Fold(NamedTuple):
    """The journal up to one fact."""

    op: str
    record: Record | None
    chain: str
    state: State
    names: dict[str, str]
    gen: int


def is_given(fold_: Fold) -> bool:
    """Whether a fact is somebody's contribution, which they would miss."""
    record = fold_.record
    if (
        record is None
        or record.led
        or not record.by
        or fold_.op.startswith(("waits:", "server:"))
        or not fold_.op
    ):
        return False
    return not isinstance(record.fact, NO_CONTRIBUTION | PersonJoined | VoiceHanded | VoiceReturned)


@dataclass
class Intent:
    """Something a person asked for, once, however often it is sent."""

    tab: str
    person: str
    command: Command
    floor: tuple[int, int]  # epoch and journal number that somebody had been told of before
    page: dict[str, Any]  # where the page stood
    tells: bool  # whether it says in which history that is
    numbers: list[str] = field(default_factory=list)  # ops under which it was sent
    outcome: str = ""  # "ack", a refusal's code, or "never": not on the shelf any more
    told: tuple[str, int] = ("", 0)  # op and journal number of its ack
    kept: bool = True  # its page can offer it again, should the store lose it
