"""What the store really gives, found out by asking it, so that Forum claims no more than that.

Hides which of INFO and CONFIG says what on which server. Must never change the store's settings.
"""

import asyncio
import os
import re
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final, Literal

from redis.exceptions import ResponseError

from forum.journal.calls import Calls
from forum.journal.problems import StoreProblem

VERSION_MIN: Final = (7, 0)
SLOW_FSYNC_MS: Final = 50.0  # beyond this a hall feels the disk
FSYNC_TRIALS: Final = 7
FSYNC_BYTES: Final = 4096

Promise = Literal["durable", "may lose a second", "memory only"]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that weakens the promise, or keeps us from knowing. ``code`` is one of:

    ``aof_off``, ``aof_everysec``, ``aof_no`` (the operating system decides when),
    ``aof_unknown`` (the store does not tell), ``eviction_unknown``, ``aof_failing`` (its last
    write failed), ``slow_disk``, ``fsync_fails``.
    """

    code: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Durability:
    server: str  # "valkey" | "redis"
    version: str
    embedded: bool
    aof: str  # "always" | "everysec" | "no" | "off" | "unknown"
    eviction: str  # "noeviction", or "unknown"
    fsync_ms: float | None  # median on the embedded store's own folder; None when external
    promise: Promise
    problems: tuple[Problem, ...]

    def __str__(self) -> str:
        """One line for the log."""
        where = "embedded" if self.embedded else "external"
        disk = f", fsync {self.fsync_ms:.1f} ms" if self.fsync_ms is not None else ""
        problems = "".join(f"; {p.code} {p.detail}".rstrip() for p in self.problems)
        return (
            f"{self.server} {self.version} ({where}), append-only file {self.aof}, "
            f"{self.eviction}{disk}: {self.promise}{problems}"
        )


async def check_usable(calls: Calls, url: str) -> None:
    """Raise StoreProblem when Forum must not use this store at all. One round trip."""
    facts = await store_info(calls)
    server, version = _server(facts)
    if tuple(int(part) for part in re.findall(r"\d+", version)[:2]) < VERSION_MIN:
        raise StoreProblem("too_old", url=url, server=f"{server} {version}")
    if facts.get("cluster_enabled") == "1":
        raise StoreProblem("cluster", url=url)
    if facts.get("role") == "slave":
        raise StoreProblem("replica", url=url)
    policy = await _policy(calls, facts)
    if policy not in ("noeviction", "unknown"):
        raise StoreProblem("evicting", url=url, policy=policy)


async def durability(calls: Calls, data: Path | None) -> Durability:
    """Ask the store and, when ``data`` is the embedded store's folder, measure its disk.

    Three round trips, and some fsyncs in a thread. Unavailable when the store is away.
    """
    facts = await store_info(calls)
    server, version = _server(facts)
    aof = await _aof(calls, facts)
    policy = await _policy(calls, facts)
    problems = _problems(facts, aof, policy)
    fsync_ms = None
    if data is not None:
        try:
            fsync_ms = await asyncio.to_thread(measured_fsync, data)
        except OSError as error:
            problems.append(Problem("fsync_fails", error.strerror or ""))
        else:
            if fsync_ms > SLOW_FSYNC_MS:
                problems.append(Problem("slow_disk", f"{fsync_ms:.0f} ms"))
    return Durability(
        server=server,
        version=version,
        embedded=data is not None,
        aof=aof,
        eviction=policy,
        fsync_ms=fsync_ms,
        promise=_promise(aof),
        problems=tuple(problems),
    )


def measured_fsync(folder: Path) -> float:
    """Return the median time of one small write and fsync in ``folder``, in ms. Blocks."""
    with tempfile.TemporaryFile(dir=folder) as file:
        return median(_one_fsync(file.fileno()) for _ in range(FSYNC_TRIALS))


def _one_fsync(fd: int) -> float:
    started = time.perf_counter()
    os.write(fd, b"\0" * FSYNC_BYTES)
    os.fsync(fd)
    return (time.perf_counter() - started) * 1000


def _promise(aof: str) -> Promise:
    match aof:
        case "always":
            return "durable"
        case "off":
            return "memory only"
        case _:
            return "may lose a second"


def _problems(facts: dict[str, str], aof: str, policy: str) -> list[Problem]:
    problems = [] if aof == "always" else [Problem(f"aof_{aof}")]
    if policy == "unknown":
        problems.append(Problem("eviction_unknown"))
    if facts.get("aof_last_write_status", "ok") != "ok":
        problems.append(Problem("aof_failing", facts["aof_last_write_status"]))
    return problems


async def store_info(calls: Calls) -> dict[str, str]:
    """What the server tells of itself. One round trip."""
    text: bytes = await calls.one("INFO")
    lines = text.decode("utf-8", "replace").splitlines()
    return dict(line.split(":", 1) for line in lines if ":" in line)


def _server(facts: dict[str, str]) -> tuple[str, str]:
    if "valkey_version" in facts:
        return "valkey", facts["valkey_version"]
    return "redis", facts.get("redis_version", "0")


async def _aof(calls: Calls, facts: dict[str, str]) -> str:
    if facts.get("aof_enabled") == "0":
        return "off"
    return await _setting(calls, "appendfsync")


async def _policy(calls: Calls, facts: dict[str, str]) -> str:
    return facts.get("maxmemory_policy") or await _setting(calls, "maxmemory-policy")


async def _setting(calls: Calls, name: str) -> str:
    """Read one setting; "unknown" when the store hides its configuration, as rented ones do."""
    (reply,) = await calls.many([("CONFIG", "GET", name)])
    if isinstance(reply, ResponseError) or len(reply) < 2:
        return "unknown"
    value: bytes = reply[1]
    return value.decode()
