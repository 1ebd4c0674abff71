"""The last facts' traces: what each changed, and the chain at each, so that a page can be told what changed since.

Bounded. Whoever is further behind than the trail reaches is given the whole page.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from forum.domain.copies import TabCopied
from forum.domain.kernel import Fact
from forum.domain.loss import LossConfirmed, Skipped, TailLost
from forum.domain.people import PersonJoined
from forum.domain.room import Refused

KEPT_FACTS: Final = 4096  # a phone asleep through lunch in a busy room; some 500 bytes each
NO_CONTRIBUTION: Final = (Refused, Skipped, TailLost, LossConfirmed, PersonJoined, TabCopied)
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
    fact: Fact
    touched: frozenset[str]
    op: str = ""  # "tab:number" of the op it belongs to
    at: int = 0  # when it happened


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
        self._ops: dict[int, str] = {}  # of those facts that came of a contribution

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
        self._moments[trace.seq] = trace.at
        if trace.op and not isinstance(trace.fact, NO_CONTRIBUTION):
            self._ops[trace.seq] = trace.op
        self.end = trace.seq
        if self.end - self.start > KEPT_FACTS:
            self._chains.pop(self.start, None)
            self.start += 1
            self._ops.pop(self.start, None)
            self._moments.pop(self.start, None)
            del self._touched[self.start]

    def chain(self, seq: int) -> str:
        """The chain after fact ``seq``; "" when it lies before the trail, or is not there yet."""
        return self._chains.get(seq, "")

    def marks(self, numbers: Iterable[int]) -> dict[int, tuple[str, int]] | None:
        """The chain at, and the time of, each of these facts; None when one of them lies before the trail."""
        wanted = set(numbers)
        found = {n: (self._chains[n], self._moments[n]) for n in wanted if n in self._moments}
        return found if len(found) == len(wanted) else None

    def holds(self, seq: int, chain: str) -> bool:
        """Say whether a page at ``seq`` with this chain stands on our history, as far as the trail reaches."""
        return self._chains.get(seq) == chain

    def each(self, since: int, until: int) -> Iterator[frozenset[str]]:
        """What each fact after ``since`` changed, up to ``until``; both within the trail."""
        return (self._touched[seq] for seq in range(since + 1, until + 1))

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

    def ops_after(self, seq: int) -> frozenset[str]:
        """The contributions whose facts came after ``seq``."""
        return frozenset(op for at, op in self._ops.items() if at > seq)
