"""From the journal's bytes to a state: decoded, proven by the chain, folded, in slices so that others get a turn."""

import asyncio
from collections import deque
from collections.abc import Iterable, Sequence
from typing import Final

from forum.domain import again, records
from forum.domain.room import fold
from forum.domain.state import State
from forum.journal import Entry, recompute
from forum.live.trail import KEPT_FACTS, Trace, Trail

FOLDS_AT_ONCE: Final = 200  # some milliseconds


class History:
    """Where folding got: the state, the chain there, and the traces of the last facts."""

    def __init__(self, state: State, chain: str, traces: Iterable[Trace], problem: str = "") -> None:
        self.state = state
        self.chain = chain
        self.traces = traces if isinstance(traces, Sequence) else list(traces)
        self.problem = problem  # why it goes no further; "" at the end of the journal

    @property
    def trail(self) -> Trail:
        """The trail of this history alone."""
        first = self.traces[0].seq if self.traces else self.state.seq + 1
        trail = Trail(first - 1, "" if first == 1 else None)
        trail.follow(self.traces)
        return trail


async def continued(state: State, chain: str, entries: Sequence[Entry]) -> History:
    """Fold ``entries``, which follow ``state``. Raises Damaged when they do not continue ``chain``.

    Stops before a fact that cannot be read, or that does not fit what was before it: damage, or a newer version's.
    20 µs a fact.
    """
    traces: deque[Trace] = deque(maxlen=KEPT_FACTS)
    for start in range(0, len(entries), FOLDS_AT_ONCE):
        some = entries[start : start + FOLDS_AT_ONCE]
        recompute(some, chain)
        for entry in some:
            try:
                record = records.decode(entry.body)
                state = fold(state, entry.seq, entry.op, record)
            except (LookupError, ValueError, TypeError, AttributeError, AssertionError) as error:
                # Not the error's own words: they may quote what people wrote, and this goes to the log.
                why = f"fact {entry.seq} cannot be explained: {type(error).__name__}"
                return History(state, chain, list(traces), why)
            chain = entry.chain
            traces.append(
                Trace(entry.seq, chain, record, state.touched, entry.op, again.place(state, record))
            )
        await asyncio.sleep(0)
    return History(state, chain, list(traces))
