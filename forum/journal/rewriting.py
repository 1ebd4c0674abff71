"""Has the store write its files anew, so that what was struck or deleted leaves the disk as well.

A store only ever appends. Deleted data stays in its append-only file until that is rewritten, in its last
snapshot until the next one, and in files left over after crashes. Hides which command does what, and what to
clear in the embedded store's folder. Must never touch the files of a rewrite under way, nor an external
store's folder.
"""

import asyncio
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Final, Literal

from redis.exceptions import ResponseError

from forum.journal.calls import Calls
from forum.journal.contract import Unavailable
from forum.journal.finding import info
from forum.journal.servers import Servers

LOOK_SECONDS: Final = 0.05  # between two looks whether it is done; doubles
LOOK_MAX_SECONDS: Final = 1.0
MOST_SECONDS: Final = 600.0
LEFTOVERS: Final = ("torn-*", "temp-*.rdb", "temp-*.aof", "appendonlydir/temp-*.aof")
SNAPSHOT: Final = "dump.rdb"

Rewritten = Literal["done", "denied", "failed", "away"]
"""``denied``: the store does not let us, so it is its operator's to do. ``failed``: it tried, or takes too long; ``away``:
a server of the store, perhaps one that only follows, could not be asked. Then try again later."""

TROUBLES: Final[tuple[Rewritten, ...]] = ("denied", "failed", "away")


async def rewritten(
    servers: Servers, folder: Path | None, owed: frozenset[bytes], anew: dict[str, frozenset[bytes]]
) -> Rewritten:
    """Have every server of the store write its files anew, those that follow one too; say what went worst.

    owed    what is to leave the files
    anew    by server, what has left its files; noted here, so that no server is asked twice for the same
    folder  of the embedded store; its older copies are cleared then. None: an external store
    """

    async def one(node: str, calls: Calls) -> Rewritten:
        if owed <= anew.get(node, frozenset()):
            return "done"
        done = await _tried(calls, folder)
        if done == "done":
            anew[node] = owed
        return done

    everybody = [*servers.primaries(), *servers.replicas()]
    found = await asyncio.gather(*(one(node, calls) for node, calls in everybody))
    return max(found, key=("done", *TROUBLES).index)


async def _tried(calls: Calls, folder: Path | None) -> Rewritten:
    try:
        return await _rewritten(calls, folder)
    except Unavailable as error:
        return "denied" if error.reason == "denied" else "away"
    except TimeoutError:
        return "failed"


async def _rewritten(calls: Calls, folder: Path | None) -> Rewritten:
    """Have the files written anew, and wait until they are: some seconds per 100 MB. Unavailable, TimeoutError."""
    async with asyncio.timeout(MOST_SECONDS):
        facts = await _quiet(calls)
        if facts.get("aof_enabled") == "1":
            if not await _begun(calls, "BGREWRITEAOF"):
                return "denied"
            facts = await _quiet(calls)
            if facts.get("aof_last_bgrewrite_status") != "ok":
                return "failed"
        if not await _begun(calls, "BGSAVE"):
            return "denied"
        facts = await _quiet(calls)
    saved = facts.get("rdb_last_bgsave_status") == "ok"
    if folder is not None:
        await asyncio.to_thread(_clear, folder, snapshot=not saved)
        return "done"
    return "done" if saved else "failed"


async def _begun(calls: Calls, command: str) -> bool:
    (reply,) = await calls.many([(command,)])
    return not isinstance(reply, ResponseError)


async def _quiet(calls: Calls) -> dict[str, str]:
    """Wait until the store writes no file in the background; return what it says of itself then."""
    pause = LOOK_SECONDS
    while True:
        facts = await info(calls)
        if not any(
            facts.get(name, "0") == "1"
            for name in ("aof_rewrite_in_progress", "aof_rewrite_scheduled", "rdb_bgsave_in_progress")
        ):
            return facts
        await asyncio.sleep(pause)
        pause = min(2 * pause, LOOK_MAX_SECONDS)


def _clear(folder: Path, *, snapshot: bool) -> None:
    """Clear copies of before; the snapshot too when no newer one could be written. Blocks."""
    found = [path for pattern in LEFTOVERS for path in folder.glob(pattern)]
    if snapshot:
        found.append(folder / SNAPSHOT)
    for path in found:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            with suppress(OSError):
                path.unlink(missing_ok=True)
