"""Proposals as the state holds them: what is proposed, in which words, what was said to it, and who had no objection.

The shelf of ``proposal``, and readings of it. Values only: ``proposal`` tells the rules.
"""

from collections.abc import Iterator
from typing import Final, Literal, NewType

import msgspec
from immutables import Map

from forum.domain.kernel import N_, NOBODY, Millis, PersonId, StepId
from forum.domain.kin import root_of
from forum.domain.person import Person
from forum.domain.roles import VOICE
from forum.domain.sessions.presence import is_present
from forum.domain.state import Shelf, State, Step, Timer

NAME: Final = "proposal"
RemarkId = NewType("RemarkId", str)

Phase = Literal[
    "presentation",
    "clarification",
    "reactions",
    "amendment",
    "objections",
    "integration",
    "adopted",
    "withdrawn",
    "deferred",
]
Talk = Literal["presentation", "clarification", "reactions", "amendment"]
Outcome = Literal["adopted", "withdrawn", "deferred"]
What = Literal["question", "reaction", "objection"]
How = Literal["", "amended", "answered", "reservation"]

TALK: Final[tuple[Talk, ...]] = ("presentation", "clarification", "reactions", "amendment")
OUTCOMES: Final[tuple[Outcome, ...]] = ("adopted", "withdrawn", "deferred")
TAKES: Final[dict[What, Phase]] = {
    "question": "clarification",
    "reaction": "reactions",
    "objection": "objections",
}
"""In which phase each is said."""
WORDABLE: Final[frozenset[Phase]] = frozenset({"presentation", "amendment", "integration"})
"""In which the words may change."""
PHASES: Final[dict[Phase, str]] = {
    "presentation": N_("The proposal"),
    "clarification": N_("Questions to understand"),
    "reactions": N_("Reactions"),
    "amendment": N_("Amendments"),
    "objections": N_("Objections?"),
    "integration": N_("Meeting the objections"),
    "adopted": N_("Adopted by consent"),
    "withdrawn": N_("Withdrawn"),
    "deferred": N_("Put off"),
}
"""What each is called."""
MET: Final[dict[How, str]] = {
    "amended": N_("met by an amendment"),
    "answered": N_("met by an answer"),
    "reservation": N_("kept as a reservation"),
}
"""How an objection was met, as it stands beside it."""


class Version(msgspec.Struct, frozen=True):
    """The words of a proposal as they stood for a while."""

    number: int  # from 1
    text: str
    at: Millis
    thing: str = ""  # from which they were taken


class Round(msgspec.Struct, frozen=True):
    """One time that everybody was asked whether they object."""

    number: int  # from 1
    version: int  # of the words
    asked_at: Millis
    ends_at: Millis
    asked: int  # its fact
    answers: Map[PersonId, str] = Map()  # by whose own the voice is: an objection's id, "" for none
    closed_at: Millis = Millis(0)
    present: int = 0
    consents: int = 0  # how many said that they have no objection
    objections: int = 0
    silent: int = 0  # of those present
    absent: tuple[int, ...] = ()  # the first of them, by the number of their arrival
    absentees: int = 0


class Remark(msgspec.Struct, frozen=True):
    """A question, a reaction or an objection."""

    id: RemarkId
    step: StepId
    what: What
    person: PersonId
    text: str
    number: int  # in the order in which they came; of the objections of one question, in one that tells nothing (A4)
    version: int  # of the words to which it was said
    made: int  # its fact
    at: Millis
    round: int = 0  # of an objection
    shown: bool = True  # to others than its author: an objection, once its round is closed
    gone: bool = False  # its author took it back
    hidden: bool = False
    reason: str = ""  # why it is hidden
    met: How = ""
    how: str = ""  # in words of the desk's
    met_by: int = 0  # the wording that stood when it was met
    agreed: bool = False  # its author agrees that it is met
    settled: int = 0  # the last fact that changed what became of it
    entered_by: PersonId = NOBODY

    @property
    def remains(self) -> bool:
        """Whether it is an objection that is not met yet (A6)."""
        met = self.met and (self.agreed or self.met != "reservation")
        return self.what == "objection" and not self.gone and not met


class Proposal(msgspec.Struct, frozen=True):
    """What one step is about, from its first words to what became of it."""

    step: StepId
    phase: Phase = "presentation"
    versions: tuple[Version, ...] = ()
    rounds: tuple[Round, ...] = ()
    remarks: tuple[RemarkId, ...] = ()  # in the order in which they came, those taken back too
    before: Phase = "integration"  # it was decided
    reason: str = ""  # said when it was decided
    ended_at: Millis = Millis(0)
    moved: int = 0  # the fact by which it stands where it stands, in these words

    @property
    def text(self) -> str:
        return self.versions[-1].text if self.versions else ""

    @property
    def version(self) -> int:
        return self.versions[-1].number if self.versions else 0

    @property
    def latest(self) -> Round | None:
        return self.rounds[-1] if self.rounds else None

    @property
    def decided(self) -> bool:
        return self.phase in OUTCOMES


class Proposals(Shelf, frozen=True):
    """Of every such step."""

    of: Map[StepId, Proposal] = Map()
    remarks: Map[RemarkId, Remark] = Map()


def touch(remark: RemarkId) -> str:
    """Under which word fragments know what was said."""
    return f"remark:{remark}"


def shelf(state: State) -> Proposals:
    found = state.shelves.get(NAME)
    return found if isinstance(found, Proposals) else Proposals()


def proposal_of(state: State, step: StepId) -> Proposal:
    """What a step is about; without a word as long as nobody has proposed anything."""
    return shelf(state).of.get(step) or Proposal(step)


def remarks_in(state: State, step: Step) -> list[Remark]:
    """All that was said, in the order in which it came."""
    return [shelf(state).remarks[one] for one in proposal_of(state, step.id).remarks]


def objections(state: State, step: StepId) -> list[Remark]:
    """Those that are shown and that their authors did not take back, question by question."""
    all_ = (shelf(state).remarks[one] for one in proposal_of(state, step).remarks)
    return [one for one in all_ if one.what == "objection" and one.shown and not one.gone]


def remaining(state: State, step: StepId) -> int:
    """How many objections are not met yet."""
    return sum(one.remains for one in objections(state, step))


def is_own(state: State, remark: Remark, person: PersonId) -> bool:
    """Whether it is of somebody, on whichever phone they have their voice now."""
    return root_of(state, remark.person) == root_of(state, person)


def answer_of(state: State, round_: Round, person: PersonId) -> str | None:
    """What somebody answered: the id of their objection, "" for no objection, None for nothing."""
    return round_.answers.get(root_of(state, person))


def there(state: State, step: Step, away: frozenset[PersonId] = frozenset()) -> Iterator[tuple[Person, bool]]:
    """Everybody with a voice who is in, and whether they count as present (A5). Cost: as many.

    away   who is not heard from: they count as present only if they answered
    """
    round_ = proposal_of(state, step.id).latest
    for person in state.people.by_id.values():
        if person.role not in VOICE or person.state != "in":
            continue
        answered = round_ is not None and answer_of(state, round_, person.id) is not None
        noted = is_present(state, person.id, step.session) and person.id not in away
        yield person, answered or noted


def ends(state: State, round_: Round) -> Millis:
    """When the time to answer is over: the room's timer where one runs, else as it was asked."""
    timer: Timer | None = state.timer
    return timer.ends_at if timer else round_.ends_at
