"""Real stores for the tests of the journal, a listener for its bells, and a proxy that makes faults."""

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


class Proxy:
    """Stands between journal and store and makes faults: loses replies, holds everything, hangs up."""

    def __init__(self, url: str) -> None:
        host, _, port = url.removeprefix("redis://").partition(":")
        self._store = host, int(port)
        self.lose: Callable[[bytes], bool] = lambda request: False  # execute, lose the reply, hang up
        self.drop: Callable[[bytes], bool] = lambda request: False  # hang up before the store sees it
        self._open = asyncio.Event()
        self._open.set()
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self.lost = self.dropped = 0

    def hold(self) -> None:
        """Pass nothing on in either direction, and keep every connection: a black hole."""
        self._open.clear()

    def heal(self) -> None:
        self._open.set()

    def hang_up(self) -> None:
        for writer in self._writers:
            writer.transport.abort()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        store_reader, store_writer = await asyncio.open_connection(*self._store)
        ends = {writer, store_writer}
        self._writers |= ends
        answered = asyncio.Event()
        answered.set()
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._requests(reader, store_writer, writer, answered))
                group.create_task(self._replies(store_reader, writer, answered))
        except* (OSError, EOFError):
            pass
        finally:
            self._writers -= ends
            self._tasks.discard(task)
            for end in ends:
                end.transport.abort()

    async def _requests(
        self,
        reader: asyncio.StreamReader,
        to_store: asyncio.StreamWriter,
        to_us: asyncio.StreamWriter,
        answered: asyncio.Event,
    ) -> None:
        while request := await reader.read(1 << 20):
            await self._open.wait()
            if self.drop(request):
                self.dropped += 1
                raise EOFError
            if self.lose(request):
                answered.clear()
            to_store.write(request)
            await to_store.drain()
        raise EOFError

    async def _replies(
        self, reader: asyncio.StreamReader, to_us: asyncio.StreamWriter, answered: asyncio.Event
    ) -> None:
        while reply := await reader.read(1 << 20):
            await self._open.wait()
            if not answered.is_set():
                self.lost += 1
                raise EOFError
            to_us.write(reply)
            await to_us.drain()
        raise EOFError

    async def close(self) -> None:
        self._open.set()
        self.hang_up()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


@asynccontextmanager
async def proxied(url: str) -> AsyncIterator[tuple[str, Proxy]]:
    proxy = Proxy(url)
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
    try:
        yield f"redis://127.0.0.1:{server.sockets[0].getsockname()[1]}", proxy
    finally:
        server.close()
        await proxy.close()
        await server.wait_closed()
