"""How the store is doing now: its memory, the disk under it, whether its last write reached that disk.

What it promises is ``durability``'s business; this is how close it is to not keeping it.
"""

import asyncio
import shutil
from dataclasses import dataclass
from pathlib import Path

from forum.journal.calls import Calls
from forum.journal.durability import store_info


@dataclass(frozen=True, slots=True)
class Condition:
    memory_bytes: int  # in use
    memory_max_bytes: int  # 0: it may take all there is
    disk_free_bytes: int | None  # of the embedded store's folder; None when the store is elsewhere
    last_write_ok: bool  # of its append-only file


async def condition(calls: Calls, data: Path | None) -> Condition:
    """Ask the store and, when ``data`` is the embedded store's folder, its disk. One round trip. Unavailable."""
    facts = await store_info(calls)
    free = (await asyncio.to_thread(shutil.disk_usage, data)).free if data is not None else None
    return Condition(
        memory_bytes=int(facts.get("used_memory", 0)),
        memory_max_bytes=int(facts.get("maxmemory", 0)),
        disk_free_bytes=free,
        last_write_ok=facts.get("aof_last_write_status", "ok") == "ok",
    )
