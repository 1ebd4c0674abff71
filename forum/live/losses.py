"""When the store lost facts that this process, or a desk, has seen: finds out which, and has the journal say so.

A process that reads on and finds another history compares it with its own. It puts what is gone into the
journal as one fact (``TailLost``). The first process to do so does it for all. Another writes it once more
only if it had seen more. A process that never saw the lost facts says nothing. This never holds up the room:
it submits commands like anybody else, and waits in a task of its own.
"""

import asyncio
from asyncio import Future
from collections import Counter, deque
from collections.abc import Callable, Mapping
from typing import Final

import structlog

from forum.domain import again, loss
from forum.domain.again import TakeUp
from forum.domain.gone import Loss
from forum.domain.kernel import NOBODY, Asked, Millis, Was
from forum.domain.loss import TellLoss
from forum.domain.state import State, change
from forum.journal import Head
from forum.live.trail import Resume, Trail
from forum.live.verdicts import Accepted, Refused, Verdict

MOST_LOSSES: Final = 8  # before the one that is told
MOST_NAMED: Final = 2048  # contributions of one loss, some 45 bytes each
PAUSE_SECONDS: Final = 0.05  # before the room is asked again; doubles
PAUSE_MAX_SECONDS: Final = 2.0

log = structlog.get_logger()


class Losses:
    """Of one forum in this process."""

    def __init__(
        self,
        code: str,
        state: Callable[[], State],
        submit: Callable[[TellLoss | TakeUp, Asked], Future[Verdict]],
        clock: Callable[[], int],
    ) -> None:
        self._code, self._state, self._submit, self._clock = code, state, submit, clock
        self._untold: deque[TellLoss] = deque()
        self._telling = False
        self._taking_up = False
        self._gone: dict[str, Was] = {}  # seen in a history that is gone
        self._marks: dict[str, str] = {}

    def compare(
        self, before: Head, trail: Trail, told: tuple[Loss, ...], now: Head, trail_now: Trail
    ) -> bool:
        """Note what the history of now no longer has of the one before; say whether there is something to tell.

        told   the losses that the history before had had: where the telling was lost too, they are told again
        """
        if not before.seq or trail_now.holds(before.seq, before.chain):
            return False
        after = trail.parting(trail_now)
        since = tuple((loss.gen, loss.after) for loss in told[-MOST_LOSSES:])
        gone = trail.gone_after(after, before.gen)
        self._gone |= gone.ops
        self._marks |= gone.marks
        self._untold.extend(_told_again(known) for known in told[-MOST_LOSSES:] if known.out)
        log.warning(
            "journal_lost_its_tail",
            forum=self._code,
            ours=before.seq,
            journal=now.seq,
            shared=after,
            ops=len(gone.given),
            led=gone.led,
        )
        self._untold.append(
            TellLoss(
                max(now.gen, before.gen + 1),
                after,
                before.seq,
                before.chain,
                len(gone.given),
                _by_round(gone.given),
                gone.led,
                since,
                before.gen,
                gone.given if len(gone.given) <= MOST_NAMED else None,
            )
        )
        return True

    def seen(self, op: str, asked: Asked) -> Was | None:
        """What this op was in a history that is gone, if this process saw it there: of the same person, word for word."""
        was, mark = self._gone.get(op), self._marks.get(op, "")
        same = was is not None and was.by == asked.by and (mark == asked.mark or not (mark and asked.mark))
        return was if same else None

    def witness(self, seen: Resume, now: Head, trail: Trail, state: State) -> bool:
        """A desk stands at ``seen``: note it when our history has no such place and nobody has told of it yet.

        So it is when the whole server was away while its folder was put back: no process had seen what is gone.
        """
        gone = seen.seq > now.seq or trail.chain(seen.seq) not in ("", seen.chain)
        told = bool(state.gone.losses) and seen.gen < state.gone.losses[-1].gen
        if not seen.chain or not gone or told or self._untold:
            return False
        self._untold.append(TellLoss(now.gen, min(now.seq, seen.seq - 1), seen.seq, seen.chain, was=seen.gen))
        return True

    async def take_up(self) -> None:
        """Have what waits judged again, once what it needs is there (O12); whichever process is first."""
        if self._taking_up:
            return
        self._taking_up, pause = True, PAUSE_SECONDS
        while due := again.due(self._state()):
            now = Millis(self._clock())
            asked = [self._submit(command, change(by, at=now)) for command, by in due]
            verdicts = await asyncio.gather(*asked)
            if not all(isinstance(verdict, Accepted | Refused) for verdict in verdicts):
                await asyncio.sleep(pause)
                pause = min(2 * pause, PAUSE_MAX_SECONDS)
        self._taking_up = False

    async def tell(self) -> None:
        """Have the journal say it; try as long as the store is away."""
        if self._telling:
            return
        self._telling, pause = True, PAUSE_SECONDS
        while self._untold:
            command, state = self._untold[0], self._state()
            if loss.told(state, command):
                self._untold.popleft()
                continue
            tab, op = loss.teller(state, command.gen)
            verdict = await self._submit(command, Asked(NOBODY, Millis(self._clock()), tab, op))
            if isinstance(verdict, Accepted | Refused):
                self._untold.popleft()
            else:
                await asyncio.sleep(pause)
                pause = min(2 * pause, PAUSE_MAX_SECONDS)
        self._telling = False


def _told_again(known: Loss) -> TellLoss:
    """The telling of a loss, of which nothing is left to say but what was not there again."""
    out = known.out
    return TellLoss(
        known.gen,
        known.after,
        known.upto,
        known.chain,
        len(out),
        _by_round(out),
        known.led,
        known.since,
        known.was,
        out,
    )


def _by_round(given: Mapping[str, str]) -> dict[str, int]:
    return dict(Counter(round_ for round_ in given.values() if round_))
