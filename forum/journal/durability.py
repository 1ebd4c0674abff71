"""What the store really guarantees. Forum asks it, so that Forum claims no more than that.

Hides which of INFO and CONFIG says what on which server. Must never change the store's settings. If there
are several servers, all are asked, and the weakest speaks for them.
"""

import asyncio
import os
import re
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final, Literal, NamedTuple

from redis.exceptions import ResponseError

from forum.journal.calls import Calls
from forum.journal.contract import Unavailable
from forum.journal.finding import info
from forum.journal.following import REPLICA_WAIT_MS
from forum.journal.problems import StoreProblem
from forum.journal.servers import Servers

VERSION_MIN: Final = (7, 0)
SLOW_FSYNC_MS: Final = 50.0  # beyond this a hall feels the disk
FSYNC_TRIALS: Final = 7
FSYNC_BYTES: Final = 4096
AOF_FROM_STRONG_TO_WEAK: Final = ("always", "everysec", "no", "unknown", "off")

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
    kind: str = "single"  # "single" | "sentinel" | "cluster"
    primaries: int = 1
    replicas: int = 0  # connected to the primaries
    confirming: int = 0  # replicas that each write waits for

    def __str__(self) -> str:
        """One line for the log."""
        disk = f", fsync {self.fsync_ms:.1f} ms" if self.fsync_ms is not None else ""
        problems = "".join(f"; {p.code} {p.detail}".rstrip() for p in self.problems)
        return (
            f"{self.server} {self.version} ({self._where}), append-only file {self.aof}, "
            f"{self.eviction}{disk}: {self.promise}{self._failover}{problems}"
        )

    @property
    def _where(self) -> str:
        where = "embedded" if self.embedded else "external"
        if self.kind == "single" and not self.replicas:
            return where
        return f"{where}, {self.kind}, primaries: {self.primaries}, replicas: {self.replicas}"

    @property
    def _failover(self) -> str:
        if not self.replicas:
            return ""
        waits = (
            f"writes wait for {self.confirming} replica(s), at most {REPLICA_WAIT_MS} ms"
            if self.confirming
            else "writes do not wait for replicas"
        )
        return f"; a failover may lose what the last primary had not passed on ({waits})"


async def check_servers(servers: Servers, url: str) -> None:
    """Raise StoreProblem when Forum must not use this store at all. Three round trips, to all at the same time."""
    await asyncio.gather(*(check_usable(calls, url) for _, calls in servers.primaries()))
    await asyncio.gather(*(_check_heir(calls, url) for _, calls in servers.replicas()))


async def check_usable(calls: Calls, url: str) -> None:
    """Raise StoreProblem when Forum must not use this server for writing."""
    facts = await info(calls)
    server, version = _server(facts)
    if tuple(int(part) for part in re.findall(r"\d+", version)[:2]) < VERSION_MIN:
        raise StoreProblem("too_old", url=url, server=f"{server} {version}")
    if facts.get("role") == "slave":
        raise StoreProblem("replica", url=url)
    await _check_policy(calls, facts, url)
    # Started again with nothing in its memory, it would teach its replicas to forget too.
    if (
        facts.get("connected_slaves", "0") != "0"
        and facts.get("aof_enabled") == "0"
        and not await _setting(calls, "save")
    ):
        raise StoreProblem("forgetful", url=url)


async def _check_heir(calls: Calls, url: str) -> None:
    """A replica is the primary of tomorrow; one that is away now is not held against the store."""
    with suppress(Unavailable):
        await _check_policy(calls, await info(calls), url)


async def _check_policy(calls: Calls, facts: dict[str, str], url: str) -> None:
    policy = await _policy(calls, facts)
    if policy not in ("noeviction", "unknown"):
        raise StoreProblem("evicting", url=url, policy=policy)


class _Server(NamedTuple):
    """What one server gives."""

    name: str
    version: str
    aof: str
    eviction: str
    replicas: int
    problems: list[Problem]


async def durability(servers: Servers, data: Path | None) -> Durability:
    """Ask every primary and, when ``data`` is the embedded store's folder, measure its disk.

    Three round trips, and some fsyncs in a thread. Unavailable when a server is away.
    """
    asked = await asyncio.gather(*(_asked(calls) for _, calls in servers.primaries()))
    weakest = max(asked, key=lambda each: AOF_FROM_STRONG_TO_WEAK.index(each.aof))
    problems = list(dict.fromkeys(problem for each in asked for problem in each.problems))
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
        server=weakest.name,
        version=weakest.version,
        embedded=data is not None,
        aof=weakest.aof,
        eviction=max(each.eviction for each in asked),  # "unknown" comes after "noeviction"
        fsync_ms=fsync_ms,
        promise=_promise(weakest.aof),
        problems=tuple(problems),
        kind=servers.kind,
        primaries=len(asked),
        replicas=sum(each.replicas for each in asked),
        confirming=servers.confirming,
    )


async def _asked(calls: Calls) -> _Server:
    facts = await info(calls)
    aof, policy = await _aof(calls, facts), await _policy(calls, facts)
    replicas = int(facts.get("connected_slaves", "0"))
    return _Server(*_server(facts), aof, policy, replicas, _problems(facts, aof, policy))


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


def _server(facts: dict[str, str]) -> tuple[str, str]:
    if "valkey_version" in facts:
        return "valkey", facts["valkey_version"]
    return "redis", facts.get("redis_version", "0")


async def _aof(calls: Calls, facts: dict[str, str]) -> str:
    if facts.get("aof_enabled") == "0":
        return "off"
    aof = await _setting(calls, "appendfsync")
    return aof if aof in AOF_FROM_STRONG_TO_WEAK else "unknown"


async def _policy(calls: Calls, facts: dict[str, str]) -> str:
    return facts.get("maxmemory_policy") or await _setting(calls, "maxmemory-policy")


async def _setting(calls: Calls, name: str) -> str:
    """Read one setting; "unknown" when the store hides its configuration, as rented ones do."""
    (reply,) = await calls.many([("CONFIG", "GET", name)])
    if isinstance(reply, ResponseError) or len(reply) < 2:
        return "unknown"
    value: bytes = reply[1]
    return value.decode()
