"""A real store of the operator's own, on a port of this machine: killed, stopped, filled, copied as a test likes."""

import asyncio
import os
import signal
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

from forum.journal.valkey import find_server
from tests.servers import free_port

ANSWERS_SECONDS = 30.0  # a bound


class Store:
    """One server on a folder and a port; ``start`` again after ``kill``."""

    def __init__(self, folder: Path, *settings: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.port, self.settings = folder, free_port(), settings
        self.url = f"redis://127.0.0.1:{self.port}"
        self.log = folder / "log"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    async def start(self) -> None:
        """Start it, and wait until it has read its journals and answers."""
        command = [
            str(find_server()),
            "--port",
            str(self.port),
            "--bind",
            "127.0.0.1",
            "--dir",
            str(self.folder),
        ]
        command += ["--appendonly", "yes", "--appendfsync", "always", "--save", "", *self.settings]
        command += ["--busy-reply-threshold", "200", "--repl-diskless-sync-delay", "0"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: ASYNC220
                command, stdout=log, stderr=log, restore_signals=False
            )  # a full disk is met by RLIMIT_FSIZE, whose signal must stay ignored
        async with asyncio.timeout(ANSWERS_SECONDS):
            while True:
                assert self.process.poll() is None, f"the store ended: {self.log.read_text()[-500:]}"
                with suppress(RedisError, OSError):
                    await self.say("PING")
                    return
                await asyncio.sleep(0.02)

    async def say(self, *words: str | int) -> Any:
        """One command, by hand, past everything of ours."""
        async with Redis.from_url(self.url, retry=None, socket_timeout=10) as client:
            return await client.execute_command(*words)

    def kill(self) -> None:
        """kill -9."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                self.process.send_signal(signal.SIGCONT)
            self.process.kill()
            self.process.wait()

    def stop(self) -> None:
        """Stand still, as a machine does that swaps or a person's KEYS on a large store."""
        os.kill(self.pid, signal.SIGSTOP)

    def go_on(self) -> None:
        os.kill(self.pid, signal.SIGCONT)

    async def ended(self) -> int:
        """Wait until it has ended by itself; its exit code."""
        assert self.process is not None
        return await asyncio.to_thread(self.process.wait, ANSWERS_SECONDS)

    async def in_sync(self) -> None:
        """Wait until this replica has all that its primary has."""
        async with asyncio.timeout(ANSWERS_SECONDS):
            while True:
                info = await self.say("INFO", "replication")
                if info["master_link_status"] == "up" and not info["master_sync_in_progress"]:
                    return
                await asyncio.sleep(0.02)


@asynccontextmanager
async def a_store(folder: Path, *settings: str) -> AsyncIterator[Store]:
    """A store for as long as the block lasts."""
    store = Store(folder, *settings)
    await store.start()
    try:
        yield store
    finally:
        store.kill()
