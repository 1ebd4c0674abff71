"""Judging a batch: commands one after another, each on the state that the earlier ones leave. Pure but for the salt.

Nothing here is true until the journal has it. The batch folds the bytes that go into the journal, not the
values they were made from. So every process holds the same state, now and after a restart.
"""

from asyncio import Future
from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

from forum.domain import again, erasing, records
from forum.domain.kernel import N_, NOBODY, Asked, Command, Facts, Record, Rejection, Was
from forum.domain.roles import leads
from forum.domain.room import OutOfOrder, Said, Seen, asked_for, decide, fold, refused, remarks
from forum.domain.space import FORUM_BYTES, Full
from forum.domain.state import State, change
from forum.journal import BATCH_FACTS_MAX, Head
from forum.journal.contract import linked
from forum.live.trail import Trace, Trail
from forum.live.verdicts import Accepted, Refused, Verdict

BODY_BYTES: Final = 8192  # of one fact in the journal
LED_BODY_BYTES: Final = 64 * 1024  # of one that leads: a result has a line for each choice
BATCH_BYTES: Final = 1024 * 1024  # of what one command makes true, and of a batch in which another may begin
FORM: Final = "form-"  # how the tabs of plain forms begin
MOST_FACTS: Final = 64  # of one batch; a command that begins below may go over

REFUSALS: Final = {
    "too_large": N_("This is too much at once. Shorten it, then send it again."),
    "fault": N_(
        "This could not be done, because of a fault on our side. You have your text back: tell the "
        "facilitator."
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
        self,
        state: State,
        head: Head,
        new_salt: Callable[[], str],
        trail: Trail,
        lost: Callable[[str, Asked], Was | None],
        most: int = FORUM_BYTES,
    ) -> None:
        """Nothing is judged yet.

        lost   what an op was, when this process has seen it come true in a history that is gone
        most   bytes that the forum may take
        """
        self.state = state
        self.chain = head.chain
        self.entries: list[tuple[str, bytes]] = []
        self.traces: list[Trace] = []
        self._bytes = 0
        self.skips = False  # some op skips ahead, as far as we know
        self.judging: Asking | None = None  # under judgement; stays when a judge breaks
        self._new_salt = new_salt
        self._lost, self._trail, self._began, self._most = lost, trail, state.seq, most
        self._said: list[tuple[Asking, Rejection | Seen | OutOfOrder | Full | None, int]] = []

    @property
    def taken(self) -> int:
        """How many commands were judged."""
        return len(self._said)

    def take(self, askings: Iterable[Asking]) -> "Batch":
        """Judge commands until the batch is full."""
        for asking in askings:
            if len(self.entries) >= MOST_FACTS or self._bytes >= BATCH_BYTES:
                break
            self.judging = asking
            self._judge(asking)
        self.judging = None
        return self

    def verdicts(self, head: Head, trail: Trail) -> Iterable[tuple[Asking, Verdict]]:
        """What to answer, once ``head`` is the journal's and the trail has this batch."""
        for asking, said, seq in self._said:
            match said:
                case OutOfOrder() | Full():
                    yield asking, said
                case Seen():
                    at = Head(head.gen, said.seq, trail.chain(said.seq))
                    place = trail.place(said.seq)
                    yield asking, Refused(said.refused, at) if said.refused else Accepted(at, place)
                case _:
                    at = Head(head.gen, seq, trail.chain(seq))
                    yield asking, Refused(said, at) if said else Accepted(at, trail.place(seq))

    def _judge(self, asking: Asking) -> None:
        asking = asking._replace(asked=change(self._known(asking), most=self._most))
        said = decide(self.state, asking.what, asking.asked)
        if isinstance(said, Seen | OutOfOrder | Full):
            self.skips |= isinstance(said, OutOfOrder)
            self._said.append((asking, said, 0))
        else:
            self._come_true(asking, said)
        self._remark(asking.asked, said)

    def _come_true(self, asking: Asking, said: Facts | Rejection) -> None:
        what = asked_for(self.state, asking.what)
        facts = (refused(said, what, asking.asked),) if isinstance(said, Rejection) else said
        led = isinstance(what, Command) and leads(type(what).__name__)
        bodies = self._bodies(facts, asking.asked, led=led)
        most = LED_BODY_BYTES if led else BODY_BYTES
        too_many = len(bodies) > BATCH_FACTS_MAX // 2 or sum(map(len, bodies)) > BATCH_BYTES
        if too_many or any(len(body) > most for body in bodies):
            said = TOO_LARGE
            bodies = self._bodies((refused(said),), asking.asked)
        for body in bodies:
            self._fold(asking.op, body)
        self._said.append((asking, said if isinstance(said, Rejection) else None, self.state.seq))

    def _remark(self, asked: Asked, said: Said) -> None:
        """What the server says beside it: nobody waits for this."""
        tab, number, facts = remarks(self.state, asked, said)
        for fact in facts:
            record = Record(fact, NOBODY, asked.at, self._new_salt())
            self._fold(f"{tab}:{number}", records.encode(record))

    def _known(self, asking: Asking) -> Asked:
        """The asker, with what this process knows of what they ask: that it came true in a history that is gone."""
        asked = asking.asked
        seen = self._lost(asking.op, asked)
        if seen is not None:
            asked = change(asked, again=True, was=seen)
        was = asked.was
        known = self._trail.chain(was.seq) if was else ""
        if was and was.chain and (known or was.seq > self._began):
            asked = change(asked, stands=known == was.chain)
        return change(asked, elsewhere=True) if self._elsewhere(asked) else asked

    def _elsewhere(self, asked: Asked) -> bool:
        """Whether the asker's page stood on a history that is gone; a plain form says nothing of that, and is a press."""
        loss, known = (
            self.state.gone.losses[-1] if self.state.gone.losses else None,
            self._trail.chain(asked.seen),
        )
        if asked.tab.startswith(FORM):
            return False
        noticed = max((known.gen for known in self.state.gone.losses), default=0)
        if asked.seen > self._began or 0 < asked.gen < noticed:
            return True
        if asked.chain and known:
            return known != asked.chain
        # Older than the trail, or a page of a version that does not say: after a loss one press more does no harm.
        return loss is not None and loss.after < asked.seen and bool(asked.chain or asked.seen <= loss.upto)

    def _bodies(self, facts: Facts, asked: Asked, *, led: bool = False) -> list[bytes]:
        entered_by = asked.by if asked.on_behalf else NOBODY
        marked, lost = erasing.bearer(facts), again.lost(self.state, asked)
        return [
            records.encode(
                Record(
                    fact, asked.who, asked.at, self._new_salt(), entered_by, lost is not None,
                    asked.mark if n == marked else "", lost, led,
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
        self._bytes += len(body)
        place = again.place(self.state, record)
        self.traces.append(Trace(seq, self.chain, record, self.state.touched, op, place))
