"""Real stores for the tests of the journal, and a listener for its bells."""

import asyncio
import os
import random
import secrets
import signal
import socket
import subprocess
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from redis.asyncio import Redis

from forum.journal import (
    CODE_LENGTH,
    CODE_LETTERS,
    Head,
    Journal,
    Pace,
    StoreAddress,
    Unavailable,
    open_journal,
)
from forum.journal.calls import Calls
from forum.journal.valkey import find_server

SEED = 20250131
SECONDS = 20.0  # a bound for what must happen; nothing here waits so long when all is well
HURRY = Pace(call_seconds=2.0, ping_seconds=0.2, silence_seconds=0.8, retry_seconds=0.01)
PATIENT = Pace(call_seconds=SECONDS)


def pytest_report_header() -> str:
    return f"journal: seed {SEED}"


@pytest.fixture
def rng() -> random.Random:
    return random.Random(SEED)


@pytest.fixture
def code() -> str:
    return a_code()


def a_code() -> str:
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))


@dataclass
class Listener:
    """What the bells said, and a way to wait for it."""

    bells: list[tuple[str, Head]] = field(default_factory=list)
    resets: int = 0
    _rang: asyncio.Event = field(default_factory=asyncio.Event)

    def on_bell(self, forum: str, head: Head) -> None:
        self.bells.append((forum, head))
        self._rang.set()

    def on_reset(self) -> None:
        self.resets += 1
        self._rang.set()

    async def until(self, met: Callable[[], bool]) -> None:
        async with asyncio.timeout(SECONDS):
            while not met():
                self._rang.clear()
                await self._rang.wait()


@pytest.fixture
def listener() -> Listener:
    return Listener()


@dataclass
class External:
    """A store of the operator's own, on a port of this machine."""

    url: str
    process: subprocess.Popen[bytes]

    @asynccontextmanager
    async def client(self) -> AsyncIterator[Redis]:
        async with Redis.from_url(self.url) as client:
            yield client


@asynccontextmanager
async def external_store(folder: Path, *settings: str) -> AsyncIterator[External]:
    port = free_port()
    command = [str(find_server()), "--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder)]
    command += ["--appendonly", "yes", "--appendfsync", "always", "--save", "", *settings]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)  # noqa: ASYNC220
    try:
        await listening("127.0.0.1", port)
        yield External(f"redis://127.0.0.1:{port}", process)
    finally:
        process.send_signal(signal.SIGCONT)
        process.kill()
        process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def listening(host: str, port: int) -> None:
    async with asyncio.timeout(SECONDS):
        while True:
            with suppress(OSError):
                _, writer = await asyncio.open_connection(host, port)
                writer.close()
                await writer.wait_closed()
                return
            await asyncio.sleep(0)


@pytest.fixture(scope="session")
async def external(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[External]:
    async with external_store(tmp_path_factory.mktemp("external")) as store:
        yield store


@pytest.fixture(scope="session", params=["embedded", "external"])
async def journal(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, external: External
) -> AsyncIterator[Journal]:
    url = external.url if request.param == "external" else None
    async with open_journal(StoreAddress(url, tmp_path_factory.mktemp("data"))) as journal:
        yield journal


async def eventually(met: Callable[[], bool]) -> None:
    """Wait for what no event tells; at most SECONDS."""
    async with asyncio.timeout(SECONDS):
        while not met():  # noqa: ASYNC110
            await asyncio.sleep(0.002)


def calls_of(journal: Journal) -> Calls:
    """The calls to a journal's only server."""
    ((_, calls),) = journal._calls.primaries()
    return calls


async def kill_store(journal: Journal) -> int:
    """Kill -9 the server and return its process id."""
    async with asyncio.timeout(SECONDS):
        while True:
            with suppress(Unavailable):
                info: bytes = await calls_of(journal).one("INFO", "server")
                pid = int(info.split(b"process_id:")[1].split()[0])
                os.kill(pid, signal.SIGKILL)
                return pid


@asynccontextmanager
async def by_hand(journal: Journal) -> AsyncIterator[Redis]:
    """A client on the same store, to do what the journal never does."""
    pool = calls_of(journal)._pool
    client = Redis(connection_pool=type(pool)(pool.connection_class, **pool.connection_kwargs))
    try:
        yield client
    finally:
        await client.connection_pool.aclose()
        await client.aclose()
