"""Everything that health is judged by, collected at one moment."""

import asyncio
from collections import deque
from dataclasses import dataclass
from typing import Final

from forum.journal import Condition, Durability, Journal, Unavailable
from forum.live import Crowd, Hub, Reading

PATIENCE_SECONDS: Final = 0.5  # with a store that is known to be away; then what is known is told
ANSWERS: Final = 3  # times that the store said so, of which one counts
FRESH_SECONDS: Final = 2.0  # a desk, a probe and a scraper that ask at once are answered from one look


@dataclass(frozen=True, slots=True)
class Readings:
    """One moment of one process and its store."""

    vitals: Reading
    crowd: Crowd  # of the whole process
    forums: int
    tasks: int  # of the event loop: some for each connection and each forum, and none that stay behind
    frozen: tuple[str, ...]  # codes of forums that take no commands
    bells: bool  # the subscription stands and was heard lately
    away: str  # why a fact would not be taken now; "" when it would
    answer_ms: (
        float  # how long the store took to say so, the fastest of the last few times: one hitch is no news
    )
    condition: Condition | None  # None when the store is away
    durability: Durability | None
    traces: str = ""  # why what was erased is still in the store's files; "" when nothing is known of trouble


class Collector:
    """Looks at most every two seconds, whoever asks; one per process."""

    def __init__(self, journal: Journal, hub: Hub) -> None:
        self._journal, self._hub = journal, hub
        self._looking: asyncio.Task[Readings] | None = None
        self._looked_at = 0.0
        self._answers: deque[float] = deque(maxlen=ANSWERS)
        self._durability: Durability | None = None

    async def __call__(self) -> Readings:
        """The readings, not older than two seconds, nor than what this process knows of whether the store is there; four round
        trips. Never raises for a store that is away.
        """
        now = asyncio.get_running_loop().time()
        if self._looking is None or now - self._looked_at > FRESH_SECONDS or self._outdated(self._looking):
            self._looked_at = now
            self._looking = asyncio.create_task(self._look(), name="health")
        await asyncio.wait((self._looking,), timeout=PATIENCE_SECONDS)
        if not self._looking.done() and self._hub.vitals.unreadable:
            return self._told(self._hub.vitals.read().away)
        return await asyncio.shield(self._looking)

    def _outdated(self, looking: asyncio.Task[Readings]) -> bool:
        """Whether the store went away, or came back, since they were read."""
        return looking.done() and looking.result().vitals.away != self._hub.vitals.read().away

    async def _look(self) -> Readings:
        hub, away, answer_ms, state, traces = self._hub, "", 0.0, None, ""
        try:
            self._answers.append(await self._journal.writable())
            answer_ms = min(self._answers)
            state = await self._journal.condition()
            self._durability = self._durability or await self._journal.durability()
            traces = await self._journal.keeping.traces() or ""
        except Unavailable as error:
            away = error.reason
            hub.vitals.failed(away)
        else:
            hub.vitals.recovered()
        return self._told(away, answer_ms, state, traces)

    def _told(
        self, away: str, answer_ms: float = 0.0, condition: Condition | None = None, traces: str = ""
    ) -> Readings:
        hub = self._hub
        return Readings(
            vitals=hub.vitals.read(),
            crowd=hub.crowd(),
            forums=hub.open,
            tasks=len(asyncio.all_tasks()),
            frozen=tuple(sorted(hub.frozen())),
            bells=self._journal.bells.healthy,
            away=away,
            answer_ms=answer_ms,
            condition=condition,
            durability=self._durability,
            traces=traces,
        )
