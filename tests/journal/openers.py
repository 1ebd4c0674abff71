"""Whoever opens the journal of a folder: this process, and others that do as they are told."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from forum.journal import Journal
from tests.journal.conftest import SECONDS

FIRST = [("desk:1", b"opened")]

# Another process that opens a journal, says so, and does what it is told, a word per line.
OTHER = """
import asyncio, os, sys
from pathlib import Path
from forum.journal import StoreAddress, open_journal
from forum.journal.valkey import TORN_COPIES_MAX
from tests.journal.conftest import HURRY

async def main():
    async with open_journal(StoreAddress(None, Path(sys.argv[1])), pace=HURRY) as journal:
        info = await journal._calls.one("INFO", "server")
        print(int(info.split(b"process_id:")[1].split()[0]), flush=True)
        await asyncio.to_thread(sys.stdin.readline)

asyncio.run(main())
"""


@asynccontextmanager
async def another_process(data: Path) -> AsyncIterator[tuple[asyncio.subprocess.Process, int]]:
    """Yields the process and the process id of the server it uses."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-c", OTHER, str(data)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(SECONDS):
            yield process, int(await process.stdout.readline())
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


def runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


async def server_of(journal: Journal) -> int:
    info: bytes = await journal._calls.one("INFO", "server")
    return int(info.split(b"process_id:")[1].split()[0])
