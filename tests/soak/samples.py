"""What one server process and its store hold at a moment, as the system and ``/metrics`` tell it.

Linux only: everything comes from ``/proc``. Asks the server for its numbers as a scraper would, changes nothing.
"""

import os
import re
from pathlib import Path

import httpx2
import msgspec

KB = 1024
TICKS = os.sysconf("SC_CLK_TCK")


class Process(msgspec.Struct, frozen=True):
    """One process. Sizes in KB."""

    rss: int
    pss: int
    anonymous: int  # what it has allocated itself, and what the allocator keeps
    descriptors: int
    threads: int
    cpu_s: float


class Sample(msgspec.Struct, frozen=True):
    """One moment of a soak."""

    at: float  # seconds since the beginning
    cycle: int
    phase: str
    server: Process
    store: Process
    file: int  # bytes of the store's append-only files
    rooms: int  # forums that live in the server
    connected: int  # phones, walls and desks
    tasks: int
    load: float  # of the machine, which others may share


def process(pid: int) -> Process:
    """What a process holds now. FileNotFoundError when it has ended."""
    proc = Path(f"/proc/{pid}")
    held = dict(re.findall(r"^(\w+):\s+(\d+) kB", (proc / "smaps_rollup").read_text(), re.MULTILINE))
    stat = (proc / "stat").read_text().rpartition(")")[2].split()
    return Process(
        rss=int(held["Rss"]),
        pss=int(held["Pss"]),
        anonymous=int(held["Anonymous"]),
        descriptors=len(list((proc / "fd").iterdir())),
        threads=len(list((proc / "task").iterdir())),
        cpu_s=(int(stat[11]) + int(stat[12])) / TICKS,
    )


def append_only_bytes(data: Path) -> int:
    """What the journal files of an embedded store take."""
    sizes = []
    for file in (data / "store" / "appendonlydir").iterdir():
        try:
            sizes.append(file.stat().st_size)
        except FileNotFoundError:  # a rewrite has just replaced it
            continue
    return sum(sizes)


class Watch:
    """Takes samples of one server and its store."""

    def __init__(self, server: int, store: int, data: Path, address: str) -> None:
        """``server`` and ``store``: process ids."""
        self._server, self._store, self._data, self._address = server, store, data, address

    async def look(self, at: float, cycle: int, phase: str, http: httpx2.AsyncClient) -> Sample:
        """One sample."""
        told = await self._metrics(http)
        return Sample(
            at=round(at, 1),
            cycle=cycle,
            phase=phase,
            server=process(self._server),
            store=process(self._store),
            file=append_only_bytes(self._data),
            rooms=int(told.get("forum_forums_open", -1)),
            connected=int(sum(n for name, n in told.items() if name.startswith("forum_connected{"))),
            tasks=int(told.get("forum_tasks", -1)),
            load=round(os.getloadavg()[0], 2),
        )

    async def _metrics(self, http: httpx2.AsyncClient) -> dict[str, float]:
        try:
            answer = await http.get(f"{self._address}/metrics")
        except httpx2.HTTPError:
            return {}
        return {name: float(n) for name, n in re.findall(r"^([^#\s]\S*) (\S+)$", answer.text, re.MULTILINE)}
