"""The last facts' traces: what each changed, and the chain at each, so that a page can be told what changed since.

Bounded; whoever is further behind than the trail reaches is given the whole page.
"""

from collections import deque
from collections.abc import Iterable
from typing import Final

from forum.journal import Head

KEPT_FACTS: Final = 4096  # a phone asleep through lunch in a busy room; about 1 MB


class Trail:
    """What the facts after ``start`` changed."""

    def __init__(self, head: Head) -> None:
        self._end = head.seq
        self._touched: deque[frozenset[str]] = deque(maxlen=KEPT_FACTS)
        self._chains: dict[int, str] = {head.seq: head.chain}

    def add(self, seq: int, touched: frozenset[str]) -> None:
        """Note what fact ``seq``, the next one, changed."""
        assert seq == self._end + 1, f"expected fact {self._end + 1}, got {seq}"
        self._touched.append(touched)
        self._end = seq

    def mark(self, seq: int, chain: str) -> None:
        """Note the chain at a number where a page may stand: the end of a batch."""
        self._chains[seq] = chain
        if len(self._chains) > 2 * KEPT_FACTS:
            self._chains = {s: c for s, c in self._chains.items() if s >= self.start}

    @property
    def start(self) -> int:
        """The oldest number from which everything since is known."""
        return self._end - len(self._touched)

    def is_ours(self, seq: int, chain: str) -> bool:
        """Say whether a page at ``seq`` with this chain stands on our history, as far as the trail reaches."""
        return self.start <= seq <= self._end and self._chains.get(seq) == chain

    def since(self, seq: int) -> frozenset[str]:
        """Everything that changed after ``seq``, which must not lie before ``start``. Cost: the facts since."""
        behind = self._end - seq
        last: Iterable[frozenset[str]] = (self._touched[-n] for n in range(1, behind + 1))
        return frozenset().union(*last)
