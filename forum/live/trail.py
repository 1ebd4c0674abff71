"""The traces of the last facts: what each changed, and the chain at each. From these a page learns what has changed.

Bounded. A page that is further behind than the trail reaches is given as a whole.
"""

from collections.abc import Iterable, Iterator, Sequence, Set
from typing import Final, NamedTuple

from forum.domain.again import UNSAID, NotTaken
from forum.domain.copies import TabCopied
from forum.domain.flow import PageTurned
from forum.domain.kernel import NOBODY, PersonId, Place, Record, Was
from forum.domain.loss import LossConfirmed, Skipped, TailLost
from forum.domain.people import PersonJoined
from forum.domain.room import Refused
from forum.domain.space import SpaceFilled
from forum.domain.steps.ballot import CAST
from forum.domain.voices import VoiceHanded, VoiceReturned

KEPT_FACTS: Final = 4096  # a phone asleep through lunch in a busy room; some 500 bytes each
NO_CONTRIBUTION: Final = (
    Refused,
    NotTaken,
    Skipped,
    TailLost,
    LossConfirmed,
    PersonJoined,
    VoiceHanded,
    VoiceReturned,
    TabCopied,
    SpaceFilled,
)
"""Facts that no browser could offer again, or that nobody would miss."""


class Resume(NamedTuple):
    """Where a page says it is."""

    gen: int
    seq: int
    chain: str


class Trace(NamedTuple):
    """One fact that came true."""

    seq: int
    chain: str
    record: Record
    touched: frozenset[str]
    op: str = ""  # "tab:number" of the op it belongs to
    place: Place = Place()  # what took contributions then


class Gone(NamedTuple):
    """What a history that is gone held."""

    ops: dict[str, Was]  # contributions, and what those who lead had done
    marks: dict[str, str]  # what stands for the content of each
    given: dict[str, str]  # contributions, by op: the round of a vote, or ""
    led: int  # what those who lead had done


class Trail:
    """What the facts after ``start`` changed."""

    def __init__(self, seq: int, chain: str | None) -> None:
        """``chain`` after fact ``seq``; None when it is not known."""
        self._begin(seq, chain)

    def _begin(self, seq: int, chain: str | None) -> None:
        self.start = seq  # the oldest number from which everything since is known
        self.end = seq
        self._touched: dict[int, frozenset[str]] = {}
        self._chains = {} if chain is None else {seq: chain}
        self._moments: dict[int, int] = {}
        self._ops: dict[int, Trace] = {}  # of those facts that somebody's browser could offer again
        self._places: dict[int, Place] = {}

    def follow(self, traces: Sequence[Trace]) -> None:
        """Note the next facts. When the first ones are missing (too many to keep), begin anew after the gap."""
        if traces and traces[0].seq != self.end + 1:
            self._begin(traces[0].seq - 1, None)
        for trace in traces:
            self._add(trace)

    def _add(self, trace: Trace) -> None:
        assert trace.seq == self.end + 1, f"expected fact {self.end + 1}, got {trace.seq}"
        self._touched[trace.seq] = trace.touched
        self._chains[trace.seq] = trace.chain
        self._moments[trace.seq] = trace.record.at
        self._places[trace.seq] = trace.place
        if _is_given(trace):
            self._ops[trace.seq] = trace
        self.end = trace.seq
        if self.end - self.start > KEPT_FACTS:
            self._chains.pop(self.start, None)
            self.start += 1
            self._ops.pop(self.start, None)
            self._moments.pop(self.start, None)
            self._places.pop(self.start, None)
            del self._touched[self.start]

    def chain(self, seq: int) -> str:
        """The chain after fact ``seq``; "" when it lies before the trail, or is not there yet."""
        return self._chains.get(seq, "")

    def marks(self, numbers: Iterable[int]) -> dict[int, tuple[str, int]] | None:
        """The chain at, and the time of, each of these facts; None when one of them lies before the trail."""
        wanted = set(numbers)
        found = {n: (self._chains[n], self._moments[n]) for n in wanted if n in self._moments}
        return found if len(found) == len(wanted) else None

    def place(self, seq: int) -> Place | None:
        """What took contributions at fact ``seq``; None when it lies before the trail."""
        return self._places.get(seq)

    def holds(self, seq: int, chain: str) -> bool:
        """Say whether a page at ``seq`` with this chain stands on our history, as far as the trail reaches."""
        return self._chains.get(seq) == chain

    def each(self, since: int, until: int) -> Iterator[frozenset[str]]:
        """What each fact after ``since`` changed, up to ``until``; both within the trail."""
        return (self._touched[seq] for seq in range(since + 1, until + 1))

    def also(self, seq: int, touches: Set[str]) -> None:
        """With fact ``seq``, within the trail, this changed too: what facts cannot tell, for names are none."""
        if seq in self._touched:
            self._touched[seq] |= touches

    def between(self, since: int, until: int) -> frozenset[str]:
        """Everything that changed after ``since``, up to ``until``; both within the trail. Cost: the facts."""
        return frozenset().union(*self.each(since, until))

    def parting(self, other: "Trail") -> int:
        """The last number at which both histories are the same, as far as both reach: where they part.

        Where nothing common is left in either, the number before the first that both still know.
        """
        first, last = max(self.start, other.start), min(self.end, other.end)
        same = (seq for seq in range(last, first - 1, -1) if other.holds(seq, self.chain(seq) or "?"))
        return next(same, first - 1 if self.chain(first) and other.chain(first) else first)

    def gone_after(self, seq: int, gen: int) -> Gone:
        """What came after ``seq``, in this life of the store."""
        ops: dict[str, Was] = {}
        votes: dict[str, str] = {}
        led: set[str] = set()
        turned: set[str] = set()  # pages: of these the desk is told nothing
        marks: dict[str, str] = {}
        for at, trace in self._ops.items():
            if at <= seq:
                continue
            record, fact = trace.record, trace.record.fact
            ops[trace.op] = Was(
                trace.op, PersonId(record.entered_by or record.by), gen, at, trace.chain, *trace.place
            )
            marks[trace.op] = record.mark or marks.get(trace.op, "")
            if record.led:
                led.add(trace.op)
            if isinstance(fact, PageTurned):
                turned.add(trace.op)
            if isinstance(fact, CAST):
                votes[trace.op] = fact.round
        given = {op: votes.get(op, "") for op in ops if op not in led}
        return Gone(ops, marks, given, len(led - turned))


def _is_given(trace: Trace) -> bool:
    """Whether a fact came of what somebody asked, and somebody would miss."""
    by_somebody = bool(trace.op) and trace.record.by != NOBODY and not trace.op.startswith(UNSAID)
    return by_somebody and not isinstance(trace.record.fact, NO_CONTRIBUTION)
