"""How the store is doing now: its memory, the disk under it, whether its last write reached that disk.

``durability`` says what the store promises. This module says how close it is to breaking that promise. Of
several servers, the one with the least memory left speaks for all.
"""

import asyncio
import math
import shutil
from dataclasses import dataclass
from pathlib import Path

from forum.journal.finding import info
from forum.journal.servers import Servers


@dataclass(frozen=True, slots=True)
class Condition:
    memory_bytes: int  # in use
    memory_max_bytes: int  # 0: it may take all there is
    disk_free_bytes: int | None  # of the embedded store's folder; None when the store is elsewhere
    last_write_ok: bool  # of its append-only file
    unconfirming: int = 0  # replicas that writes should wait for, and that do not confirm them


async def condition(servers: Servers, data: Path | None) -> Condition:
    """Ask every primary and, when ``data`` is the embedded store's folder, its disk. One round trip. Unavailable."""
    asked = await asyncio.gather(*(info(calls) for _, calls in servers.primaries()))
    used, most = max(
        (_memory(facts) for facts in asked), key=lambda memory: memory[0] / (memory[1] or math.inf)
    )
    free = (await asyncio.to_thread(shutil.disk_usage, data)).free if data is not None else None
    return Condition(
        memory_bytes=used,
        memory_max_bytes=most,
        disk_free_bytes=free,
        last_write_ok=all(facts.get("aof_last_write_status", "ok") == "ok" for facts in asked),
        unconfirming=servers.unconfirming,
    )


def _memory(facts: dict[str, str]) -> tuple[int, int]:
    return int(facts.get("used_memory", 0)), int(facts.get("maxmemory", 0))
