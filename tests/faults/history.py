"""What people asked and were told, held against the journal: the judge of every fault.

The journal's numbers give one order for everything, so each promise is checked in one pass: what was ticked is there,
at the number that was told, once; what was refused is not; whatever got no answer is there once or not at all; and
what somebody did after they had seen a tick stands after it.
"""

import itertools
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from forum.demo.client import Verdict
from forum.domain import records
from forum.domain.kernel import Fact
from forum.domain.room import EMPTY, fold
from forum.domain.state import State
from forum.domain.steps.ballot import MarkGiven
from forum.domain.steps.board import IdeaPosted
from forum.journal import Entry, Head, recompute
from tests.methods.known import KNOWN


@dataclass(slots=True)
class Said:
    """One op: who asked for what, what had been ticked in the room by then, and the answer, if one came."""

    op: str  # "cid:n"
    what: str  # the card's id, or the option
    after: int  # the highest number ticked to anybody before this was asked
    verdict: Verdict | None = None


@dataclass
class History:
    """Everything that was said in a room."""

    ops: list[Said] = field(default_factory=list)
    _ticked: int = 0

    def asked(self, op: str, what: str) -> Said:
        said = Said(op, what, self._ticked)
        self.ops.append(said)
        return said

    def answered(self, said: Said, verdict: Verdict) -> None:
        said.verdict = verdict
        self._ticked = max(self._ticked, verdict.seq)

    @property
    def ticked(self) -> list[Said]:
        return [said for said in self.ops if said.verdict and said.verdict.accepted]

    @property
    def refused(self) -> list[Said]:
        return [said for said in self.ops if said.verdict and not said.verdict.accepted]


@dataclass(frozen=True)
class Judgement:
    """What a history and its journal say of each other."""

    acknowledged: int
    lost: list[str]
    doubled: list[str]
    wrong: list[str]  # any other broken promise, in words
    again: int = 0  # which the store had lost, and which are there again at another number

    @property
    def kept(self) -> bool:
        return not (self.lost or self.doubled or self.wrong)

    def __str__(self) -> str:
        if self.kept:
            again = f", {self.again} lost by the store and offered again" if self.again else ""
            return f"0 of {self.acknowledged} lost, 0 doubled{again}"
        return (
            f"{len(self.lost)} of {self.acknowledged} lost {self.lost[:3]}, "
            f"{len(self.doubled)} doubled {self.doubled[:3]}; {'; '.join(self.wrong[:5])}"
        )


def judged(history: History, entries: Sequence[Entry], head: Head, *, rolled_back: bool = False) -> Judgement:
    """Hold a history against the whole journal of its room.

    rolled_back  the store may have lost its tail: what was ticked then may be there again at another number
    """
    facts = [records.decode(entry.body).fact for entry in entries]
    at = {entry.op: entry.seq for entry in reversed(entries)}  # the first fact of each op
    wrong = [*_journal_faults(entries, head), *_budget_faults(folded(entries))]
    moved = [
        f"{said.op} is at {at[said.op]}, and was told {said.verdict.seq}"
        for said in history.ticked
        if said.verdict and said.op in at and said.verdict.seq not in _run(entries, at[said.op])
    ]
    early = [
        f"{said.op} at {said.verdict.seq} came after {said.after} was ticked"
        for said in history.ticked
        if said.verdict and said.verdict.seq <= said.after
    ]
    wrong += [] if rolled_back else [*moved, *early]
    posted = Counter(fact.idea for fact in facts if isinstance(fact, IdeaPosted))
    ops = {entry.op: fact for entry, fact in zip(entries, facts, strict=True)}
    wrong += [
        f"{said.op} was refused and took effect"
        for said in history.refused
        if isinstance(ops.get(said.op), IdeaPosted | MarkGiven)
    ]
    return Judgement(
        acknowledged=len(history.ticked),
        lost=[said.what for said in history.ticked if said.op not in at],
        doubled=[*(idea for idea, n in posted.items() if n > 1), *_torn(entries)],
        wrong=wrong,
        again=len(moved) if rolled_back else 0,
    )


def folded(entries: Iterable[Entry]) -> State:
    """The room as the whole journal makes it."""
    state = EMPTY
    for entry in entries:
        state = fold(state, entry.seq, entry.op, records.decode(entry.body))
    return state


def facts_of(entries: Iterable[Entry]) -> list[Fact]:
    return [records.decode(entry.body).fact for entry in entries]


def _run(entries: Sequence[Entry], first: int) -> range:
    """The numbers of one op's facts, from its first on."""
    last = first
    while last < len(entries) and entries[last].op == entries[first - 1].op:
        last += 1
    return range(first, last + 1)


def _torn(entries: Sequence[Entry]) -> list[str]:
    """Ops whose facts do not lie next to each other: judged twice."""
    runs = Counter(op for op, _ in itertools.groupby(entries, key=lambda entry: entry.op))
    return [op for op, n in runs.items() if n > 1]


def _journal_faults(entries: Sequence[Entry], head: Head) -> list[str]:
    wrong = []
    if [entry.seq for entry in entries] != list(range(1, len(entries) + 1)):
        wrong.append("the journal has a hole")
    if recompute(entries) != head.chain or len(entries) != head.seq:
        wrong.append("the chain does not lead to the head")
    return wrong


def _budget_faults(state: State) -> list[str]:
    return [
        f"{person} gave {dict(ballot.marks)}, where {dict(round_.parameters)} holds"
        for round_ in state.rounds.by_id.values()
        for person, ballot in round_.ballots.items()
        if not KNOWN[round_.method].may_be(round_.parameters, ballot.marks)
    ]
