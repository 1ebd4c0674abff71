"""Judging a batch: commands one after another, each on the state that those before it leave. Pure but for the salt.

Nothing here is true before the journal has it. What is folded is what the journal's bytes say, not the value they
were made from, so that every process, now and after a restart, holds the same state.
"""

from asyncio import Future
from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

from forum.domain import erasing, records
from forum.domain.kernel import N_, NOBODY, Asked, Command, Facts, Record, Rejection
from forum.domain.room import OutOfOrder, Seen, decide, fold, refused, remarks
from forum.domain.state import State, change
from forum.journal import BATCH_FACTS_MAX, Head
from forum.journal.contract import linked
from forum.live.trail import Trace, Trail
from forum.live.verdicts import Accepted, Refused, Verdict

BODY_BYTES: Final = 8192  # of one fact in the journal: a full batch stays below a megabyte
MOST_FACTS: Final = 64  # of one batch; a command that begins below may go over

REFUSALS: Final = {
    "too_large": N_("This is too much at once. Shorten it, then send it again."),
    "fault": N_(
        "This could not be done, by a fault of ours. What you wrote is given back: tell the facilitator."
    ),
}
"""Codes and sentences of this layer, beside ``room.REFUSALS``."""

TOO_LARGE: Final = Rejection("O4", "too_large")
FAULT: Final = Rejection("O4", "fault")


class Asking(NamedTuple):
    """A command, or a refusal already judged at the edge, and who waits for its verdict."""

    what: Command | Rejection
    asked: Asked
    verdict: Future[Verdict]

    @property
    def op(self) -> str:
        return f"{self.asked.tab}:{self.asked.op}"


class Batch:
    """What a list of commands would make true after ``head``. Judge with ``take``; append ``entries``; then answer."""

    def __init__(
        self, state: State, head: Head, new_salt: Callable[[], str], lost: frozenset[str] = frozenset()
    ) -> None:
        """``lost``: ops that this process has seen come true in a history that is gone; they come again."""
        self.state = state
        self.chain = head.chain
        self.entries: list[tuple[str, bytes]] = []
        self.traces: list[Trace] = []
        self.skips = False  # some op skips ahead, as far as we know
        self.judging: Asking | None = None  # under judgement; stays when a judge breaks
        self._new_salt = new_salt
        self._lost = lost
        self._said: list[tuple[Asking, Rejection | Seen | OutOfOrder | None, int]] = []

    @property
    def taken(self) -> int:
        """How many commands were judged."""
        return len(self._said)

    def take(self, askings: Iterable[Asking]) -> "Batch":
        """Judge commands until the batch is full."""
        for asking in askings:
            if len(self.entries) >= MOST_FACTS:
                break
            self.judging = asking
            self._judge(asking)
        self.judging = None
        return self

    def verdicts(self, head: Head, trail: Trail) -> Iterable[tuple[Asking, Verdict]]:
        """What to answer, once ``head`` is the journal's and the trail has this batch."""
        for asking, said, seq in self._said:
            match said:
                case OutOfOrder():
                    yield asking, said
                case Seen():
                    at = Head(head.gen, said.seq, trail.chain(said.seq))
                    yield asking, Refused(said.refused, at) if said.refused else Accepted(at)
                case _:
                    at = Head(head.gen, seq, trail.chain(seq))
                    yield asking, Refused(said, at) if said else Accepted(at)

    def _judge(self, asking: Asking) -> None:
        if asking.op in self._lost:
            asking = asking._replace(asked=change(asking.asked, again=True))
        said = decide(self.state, asking.what, asking.asked)
        if isinstance(said, Seen | OutOfOrder):
            self.skips |= isinstance(said, OutOfOrder)
            self._said.append((asking, said, 0))
        else:
            self._come_true(asking, said)
        self._remark(asking.asked, said)

    def _come_true(self, asking: Asking, said: Facts | Rejection) -> None:
        facts = (refused(said),) if isinstance(said, Rejection) else said
        bodies = self._bodies(facts, asking.asked)
        if len(bodies) > BATCH_FACTS_MAX // 2 or any(len(b) > BODY_BYTES for b in bodies):
            said = TOO_LARGE
            bodies = self._bodies((refused(said),), asking.asked)
        for body in bodies:
            self._fold(asking.op, body)
        self._said.append((asking, said if isinstance(said, Rejection) else None, self.state.seq))

    def _remark(self, asked: Asked, said: Facts | Rejection | Seen | OutOfOrder) -> None:
        """What the server says beside it: nobody waits for this."""
        tab, number, facts = remarks(self.state, asked, said)
        for fact in facts:
            record = Record(fact, NOBODY, asked.at, self._new_salt())
            self._fold(f"{tab}:{number}", records.encode(record))

    def _bodies(self, facts: Facts, asked: Asked) -> list[bytes]:
        entered_by = asked.by if asked.on_behalf else NOBODY
        marked = erasing.bearer(facts)
        return [
            records.encode(
                Record(
                    fact, asked.who, asked.at, self._new_salt(), entered_by, asked.again,
                    asked.mark if n == marked else "",
                )
            )
            for n, fact in enumerate(facts)
        ]  # fmt: skip

    def _fold(self, op: str, body: bytes) -> None:
        seq = self.state.seq + 1
        record = records.decode(body)
        self.state = fold(self.state, seq, op, record)
        self.chain = linked(self.chain, seq, op, body)
        self.entries.append((op, body))
        self.traces.append(Trace(seq, self.chain, record.fact, self.state.touched, op, record.at))
