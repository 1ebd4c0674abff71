"""How many replicas follow each primary, and what it means when one stops confirming.

A write waits, after the primary's own disk, until a replica has it; half a second at most. That narrows what a
failover can lose. When a replica is silent there are two explanations: it is ill, or it has just been made primary,
and what the old one still takes will be thrown away. So for a moment, the *doubt*, no write counts until those who
decide have had the time to name another primary. After that a silent replica is left out, until it follows again.
"""

import asyncio
import logging
import re
from collections.abc import Iterable
from typing import Final

from redis.exceptions import NoPermissionError, ResponseError

from forum.journal.calls import Calls, Reply, refusal
from forum.journal.contract import Unavailable
from forum.journal.finding import info, soon

REPLICA_WAIT_MS: Final = 500
LAG_MAX_SECONDS: Final = 3  # a replica heard from longer ago is not waited for
SILENT_SECONDS: Final = 60.0  # a write that a replica did not confirm is told for so long
DOUBT_SECONDS: Final = 1.2  # a Sentinel hears of a promotion within one

log = logging.getLogger(__name__)


class Followers:
    """The replicas of every primary."""

    def __init__(self, wanted: int) -> None:
        """wanted: how many must have a write before it counts, where there are so many."""
        self._wanted = wanted
        self._counts: dict[str, int] = {}  # by primary, at most ``wanted``
        self._doubts: dict[str, float] = {}  # until when, of the event loop's time
        self._most: dict[str, int] = {}  # how many followed it at once, since we look
        self._silent_at: dict[str, float] = {}  # when one last did not confirm a write

    def count(self, node: str) -> int:
        """How many replicas a write on this primary waits for."""
        return self._counts.get(node, 0)

    def doubt(self, node: str) -> float:
        """Until when no write on this primary counts unless it is still named; 0.0 when all is clear."""
        until = self._doubts.get(node, 0.0)
        return until if until > asyncio.get_running_loop().time() else 0.0

    @property
    def missing(self) -> int:
        """How many replicas that writes should wait for are not there, or did not confirm one in the last minute."""
        now = asyncio.get_running_loop().time()
        silent = {node for node, at in self._silent_at.items() if now - at < SILENT_SECONDS}
        gone = {node: most - self.count(node) for node, most in self._most.items()}
        return sum(max(lacking, node in silent) for node, lacking in gone.items())

    def heard(self, node: str, wanted: int, reply: Reply) -> None:
        """Take in what WAIT said. Unavailable when the primary was demoted meanwhile: the outcome is unknown."""
        if isinstance(reply, NoPermissionError):  # replicas came after we had started
            log.error("writes cannot wait for replicas: %s", reply)
            self._wanted, self._counts = 0, {}
        elif isinstance(reply, ResponseError):
            raise refusal(reply) from reply
        elif reply < wanted:
            log.warning("%s of %s replicas of %s confirmed a write", reply, wanted, node)
            self._silent_at[node] = asyncio.get_running_loop().time()
            self._doubt(node)

    async def look(self, primaries: Iterable[tuple[str, Calls]]) -> None:
        """Count the replicas of each primary. One round trip, to all at the same time."""
        if self._wanted:
            looked = list(primaries)
            await asyncio.gather(*(self._look(node, calls) for node, calls in looked))
            self._most = {node: self._most[node] for node, _ in looked if node in self._most}

    async def _look(self, node: str, calls: Calls) -> None:
        try:
            facts = await info(calls, "replication", by=soon())
        except Unavailable:
            return
        before = self._counts.get(node, 0)
        self._counts[node] = min(self._wanted, sum(map(_follows, _said_of_replicas(facts))))
        self._most[node] = max(self._most.get(node, 0), self._counts[node])
        if self._counts[node] < before:
            log.warning("replicas of %s: %s, before: %s", node, self._counts[node], before)
            self._doubt(node)

    def _doubt(self, node: str) -> None:
        self._doubts[node] = asyncio.get_running_loop().time() + DOUBT_SECONDS


def _said_of_replicas(facts: dict[str, str]) -> list[str]:
    return [value for name, value in facts.items() if re.fullmatch(r"slave\d+", name)]


def _follows(said: str) -> bool:
    lag = re.search(r"lag=(\d+)", said)
    return "state=online" in said and lag is not None and int(lag[1]) <= LAG_MAX_SECONDS
