"""Several server processes on one machine, one board: a parent holds the port and the store, its workers serve.

Theory of operation. The parent serves nobody. It opens the port, keeps the embedded store (if there is one),
and starts workers. Each worker gets something to listen on and one end of a socket pair, its *tie*. On it
the worker says once a second that it lives and whether it is ready. There it also learns that the parent is
gone, and ends. A worker that dies is started again. Its phones come back to another one, since any process
answers from the journal. A worker that says nothing for too long (stopped, or its event loop blocked for
good) is killed; from there on it is the same. It cannot be asked to end, since it does not listen. The log
says where its code stood.

On Linux each worker has a listening socket of its own on the same port, so the kernel distributes
connections evenly. With one socket for all, the first worker to wake up would take a whole hall that
reconnects. The parent keeps each socket open. A connection that arrives while a worker is being replaced
waits a moment and is not refused. On other systems all workers share one socket.
"""

import asyncio
import faulthandler
import os
import re
import signal
import socket
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import IO, Final
from urllib.parse import quote, unquote_to_bytes

import msgspec
import structlog

from forum.app import BACKLOG, Server, asked_to_stop, bound, listening, run_serving
from forum.journal import Durability, embedded_store, open_journal
from forum.log import configure_log
from forum.settings import Settings

WORKER: Final = "FORUM_WORKER"  # in a worker's environment: its orders
BORN: Final = b"."  # a beat of a worker that does not serve yet
READY: Final = b"!"  # and of one that does
BEAT_SECONDS: Final = 1.0
HANGS_BEATS: Final = (
    10  # missed in a row: pages call themselves stale after 15 s, and then there is another already
)
BORN_BEATS: Final = 60  # until the first one: a machine that starts may be busy with other things
TRACE: Final = (
    signal.SIGUSR2
)  # "say where you are"; nothing that leaves a core, which would hold people's words
TRACE_SECONDS: Final = 0.5  # for a worker that hangs to write down where
TRACE_PLACE: Final = re.compile(r'File "([^"]+)", line (\d+) in (\S+)')
PAUSE_SECONDS: Final = 0.1  # before a dead worker is started again; doubles
PAUSE_MAX_SECONDS: Final = 5.0
STEADY_SECONDS: Final = 10.0  # a worker that lived so long starts the pauses afresh
STAGGER_SECONDS: Final = 0.3  # between two workers that are told to end
STAGGER_MOST_SECONDS: Final = 2.0  # for all of them
END_SECONDS: Final = 20.0  # a worker that takes longer to end is killed
EXIT_FAILED: Final = 1

log = structlog.get_logger()


class Orders(msgspec.Struct, frozen=True):
    """What a worker is told at its birth."""

    number: int
    settings: Settings
    ear: int  # descriptor
    tie: int  # descriptor
    trace: int  # descriptor of a file for where it hangs


def serve_by_workers(settings: Settings, on_ready: Callable[[Durability], None] = lambda found: None) -> int:
    """As ``app.serve``, by ``settings.workers`` processes; ``on_ready`` is called when all serve."""
    return run_serving(_led(settings, on_ready))


# --- the parent


async def _led(settings: Settings, on_ready: Callable[[Durability], None]) -> int:
    configure_log()
    asked_to_end = asked_to_stop()
    with _ears(settings) as ears:
        settings = msgspec.structs.replace(settings, port=ears[0].getsockname()[1])
        async with _store(settings) as durability:
            workers = [_Worker(n, settings, ear) for n, ear in enumerate(ears, 1)]
            keeping = [
                asyncio.create_task(worker.keep(), name=f"worker {worker.number}") for worker in workers
            ]
            ready = asyncio.create_task(_all_ready(workers), name="ready")
            end = asyncio.create_task(asked_to_end.wait(), name="end")
            try:
                await asyncio.wait([ready, end, *keeping], return_when=asyncio.FIRST_COMPLETED)
                if ready.done():
                    on_ready(durability)
                await asyncio.wait([end, *keeping], return_when=asyncio.FIRST_COMPLETED)
            finally:
                ready.cancel()
                end.cancel()
                for ear in ears:
                    ear.close()
                codes = await _ended(workers, keeping)
    return max(codes)


async def _all_ready(workers: list["_Worker"]) -> None:
    for worker in workers:
        await worker.ready.wait()


async def _ended(workers: list["_Worker"], keeping: list[asyncio.Task[int]]) -> list[int]:
    """Let the workers end one after the other, and all of them whatever happens; return their exit codes."""
    pause = min(STAGGER_SECONDS, STAGGER_MOST_SECONDS / len(workers))
    for worker in workers:
        worker.stop()
        await asyncio.sleep(pause if worker is not workers[-1] else 0)
    _, late = await asyncio.wait(keeping, timeout=END_SECONDS)
    if late:
        log.error("workers_do_not_end", count=len(late))
        for worker in workers:
            worker.kill()
    return list(await asyncio.gather(*keeping))


@contextmanager
def _ears(settings: Settings) -> Iterator[list[socket.socket]]:
    """What each worker listens on. Raises BadSetting when the port is somebody else's, another server of ours too."""
    with bound(settings) as first:
        settings = msgspec.structs.replace(settings, port=first.getsockname()[1])
        if sys.platform != "linux":
            first.listen(BACKLOG)
            yield [first] * settings.workers
            return
    ears = [bound(settings, beside=True) for _ in range(settings.workers)]
    try:
        for ear in ears:
            ear.listen(BACKLOG)
        yield ears
    finally:
        for ear in ears:
            ear.close()


@asynccontextmanager
async def _store(settings: Settings) -> AsyncIterator[Durability]:
    """Keep the store for as long as the block lasts; yields what it promises. Raises StoreProblem."""
    async with AsyncExitStack() as stack:
        if settings.redis is None:
            await stack.enter_async_context(embedded_store(settings.data))
        async with open_journal(settings.store) as journal:
            durability = await journal.durability()
        yield durability


class _Worker:
    """One of the processes, and those that take its place."""

    def __init__(self, number: int, settings: Settings, ear: socket.socket) -> None:
        self.number = number
        self.ready = asyncio.Event()  # it served, at least once
        self._settings, self._ear = settings, ear
        self._process: asyncio.subprocess.Process | None = None
        self._ending = asyncio.Event()
        self._missed, self._patience = 0, BORN_BEATS  # beats of the present process

    async def keep(self) -> int:
        """Start a process, and another when it dies, until ``stop``; return the last one's exit code.

        One that never served ends this too: what is wrong then is not mended by trying again.
        """
        loop = asyncio.get_running_loop()
        pause = PAUSE_SECONDS
        while True:
            started = loop.time()
            code = await self._run()
            if self._ending.is_set() or not self.ready.is_set():
                return EXIT_FAILED if code < 0 else code
            log.error("worker_died", worker=self.number, code=code)
            if loop.time() - started > STEADY_SECONDS:
                pause = PAUSE_SECONDS
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._ending.wait()
                    return 0
            pause = min(2 * pause, PAUSE_MAX_SECONDS)

    def stop(self) -> None:
        """Let it take leave of everybody, and end."""
        self._ending.set()
        self._signal(signal.SIGTERM)

    def kill(self) -> None:
        self._signal(signal.SIGKILL)

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None and self._process.returncode is None:
            with suppress(ProcessLookupError):
                self._process.send_signal(number)

    async def _run(self) -> int:
        ours, theirs = socket.socketpair()
        with ours, tempfile.TemporaryFile() as trace:
            with theirs:
                orders = Orders(
                    self.number, self._settings, self._ear.fileno(), theirs.fileno(), trace.fileno()
                )
                self._process = await asyncio.create_subprocess_exec(
                    *(sys.executable, "-m", "forum.workers"),
                    env=os.environ | {WORKER: msgspec.json.encode(orders, enc_hook=_written).decode()},
                    stdin=asyncio.subprocess.DEVNULL,
                    pass_fds=(orders.ear, orders.tie, orders.trace),
                    start_new_session=True,  # Ctrl-C is for the parent, who tells the workers in turn
                )
            if self._ending.is_set():  # told so while it was being born
                self.stop()
            ours.setblocking(False)
            watching = [
                asyncio.create_task(self._listen(ours), name=f"listen {self.number}"),
                asyncio.create_task(self._watch(trace), name=f"watch {self.number}"),
            ]
            try:
                return await self._process.wait()
            finally:
                for task in watching:
                    task.cancel()

    async def _listen(self, tie: socket.socket) -> None:
        """Hear its beats, until it has ended. Never with a deadline: who gives up a beat at the moment it comes has lost
        it, and two that keep the same time may do so again and again."""
        self._missed, self._patience = 0, BORN_BEATS
        with suppress(ConnectionError):
            while said := await asyncio.get_running_loop().sock_recv(tie, 64):
                self._missed, self._patience = 0, HANGS_BEATS
                if READY in said:
                    self.ready.set()

    async def _watch(self, trace: IO[bytes]) -> None:
        """Kill it when too many beats are missing.

        Beats are counted, not seconds: while the whole machine stands still, so does whoever counts.
        """
        while self._missed < self._patience:
            await asyncio.sleep(BEAT_SECONDS)
            self._missed += 1
        self._signal(TRACE)
        await asyncio.sleep(TRACE_SECONDS)
        log.error("worker_hangs", worker=self.number, missed=self._missed, where=_places(trace))
        self.kill()


def _places(trace: IO[bytes]) -> list[str]:
    """Where each thread of a worker that hangs was, as our log names places; nothing of one that was stopped."""
    trace.seek(0)
    found = TRACE_PLACE.findall(trace.read().decode(errors="replace"))
    return [f"{Path(file).name}:{line} {function}" for file, line, function in found]


# --- a worker


def main() -> int:
    """What a worker runs."""
    orders = msgspec.json.decode(os.environ.pop(WORKER), type=Orders, dec_hook=_read)
    return run_serving(_served(orders))


def _written(path: Path) -> str:
    """A path by its bytes: some are no text in any alphabet that this process knows."""
    return quote(os.fsencode(path))


def _read(_kind: type, text: str) -> Path:
    return Path(os.fsdecode(unquote_to_bytes(text)))


async def _served(orders: Orders) -> int:
    configure_log(orders.number)
    faulthandler.register(TRACE, orders.trace)
    asked_to_end = asked_to_stop()
    ear, tie = socket.socket(fileno=orders.ear), socket.socket(fileno=orders.tie)
    tie.setblocking(False)
    with tie:
        pulse = asyncio.create_task(_beat(tie, ready := asyncio.Event()), name="pulse")
        async with listening(orders.settings, ear=ear) as (_, server, _):
            ready.set()
            alone = asyncio.create_task(_parted(tie, server), name="tie")
            end = asyncio.create_task(asked_to_end.wait(), name="end")
            await asyncio.wait([alone, end], return_when=asyncio.FIRST_COMPLETED)
            for task in (alone, end):
                task.cancel()
        pulse.cancel()
    return 0


async def _beat(tie: socket.socket, ready: asyncio.Event) -> None:
    """Say again and again that this process lives, which nobody could say for it; a parent that is stopped hears later."""
    while True:
        with suppress(OSError):
            tie.send(READY if ready.is_set() else BORN)
        with suppress(TimeoutError):
            async with asyncio.timeout(BEAT_SECONDS):
                await (asyncio.sleep(BEAT_SECONDS) if ready.is_set() else ready.wait())


async def _parted(tie: socket.socket, server: Server) -> None:
    """Wait until the parent is gone; then let go of the port, which its successor may want at once."""
    with suppress(ConnectionError):
        await asyncio.get_running_loop().sock_recv(tie, 1)
    log.error("parent_is_gone")
    for listener in server.servers:
        listener.close()


if __name__ == "__main__":
    sys.exit(main())
