"""The store that Forum brings along: a real Valkey, kept running on a private socket in the data folder.

Hides the binary, its settings, the lock, start, restart and stop. Must never open a network port,
never run two servers on one folder, never leave one behind.

Theory of operation. Whoever holds the flock of ``<data>/store/lock`` may run a server on the folder.
The lock's descriptor is passed to the server, so it stays locked while either of the two lives.
A process that finds it taken attaches to the running server's socket and keeps trying the lock:
when owner and server are both gone it takes over. On Linux the server dies with its owner
(PDEATHSIG); elsewhere it may outlive it, keeps the lock, and the next process attaches to it.
"""

import asyncio
import fcntl
import logging
import os
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Final
from urllib.parse import quote

from forum.journal import valkey
from forum.journal.problems import StoreProblem
from forum.journal.valkey import Torn, why

SOCKET_PATH_BYTES_MAX: Final = 107 if sys.platform == "linux" else 103
LOOK_SECONDS: Final = 0.02  # between two looks whether a starting server answers
LOCK_SECONDS: Final = 0.5  # between two tries of a lock that another process holds
START_SECONDS: Final = 15.0  # until a new server listens
LOAD_SECONDS: Final = 300.0  # until a listening server has read its journals
PAUSE_SECONDS: Final = 0.05  # before a dead server is started again; doubles
PAUSE_MAX_SECONDS: Final = 5.0
STEADY_SECONDS: Final = 10.0  # a server that lived so long starts the pauses afresh
NO_LOCK: Final = -1
STORE_FOLDER: Final = "store"  # in the data folder

log = logging.getLogger(__name__)


@asynccontextmanager
async def embedded_store(data: Path) -> AsyncIterator[str]:
    """Keep a store on the folder ``data`` for as long as the block lasts; yields its url.

    Starts a server, or attaches to the one another process runs there. A server that dies is
    started again, on the same url. StoreProblem when it cannot start. Takes about 60 ms.
    """
    keeper = await asyncio.to_thread(_Keeper, data)
    try:
        await keeper.settle()
        keeping = asyncio.create_task(keeper.keep(), name="embedded store")
        try:
            yield f"unix://{quote(os.fsencode(keeper.socket))}"
        finally:
            keeping.cancel()
            with suppress(asyncio.CancelledError):
                await keeping
    finally:
        await keeper.stop()


class _Keeper:
    """The folder's lock and, while we hold it, its server."""

    def __init__(self, data: Path) -> None:
        """Make the folder. Blocks."""
        self._folder = _private_folder(data)
        self._lock = NO_LOCK  # its descriptor, while we hold it
        self._server: valkey.Server | None = None
        self.socket = _socket_path(self._folder)

    async def settle(self) -> None:
        """Start a server or attach to one; return when it answers."""
        patience = asyncio.get_running_loop().time() + START_SECONDS
        while not self._try_lock():
            match await valkey.answer(self.socket):
                case b"+":
                    return
                case b"-":  # it is reading its journals
                    patience = asyncio.get_running_loop().time() + START_SECONDS
            if asyncio.get_running_loop().time() > patience:
                raise StoreProblem("held", path=str(self._folder))
            await asyncio.sleep(LOOK_SECONDS)
        await self._start()

    async def keep(self) -> None:
        """Restart a server that died, or take over from an owner that did; until cancelled."""
        loop = asyncio.get_running_loop()
        pause, started = PAUSE_SECONDS, loop.time()
        while True:
            if self._server is not None:
                code = await asyncio.shield(self._server.ended)
                self._server = None
                log.error("the embedded store ended (%s), starting it again", code)
                if loop.time() - started > STEADY_SECONDS:
                    pause = PAUSE_SECONDS
            try:
                if self._lock == NO_LOCK and not self._try_lock():
                    await asyncio.sleep(LOCK_SECONDS)
                    continue
                await asyncio.sleep(pause)
                pause = min(2 * pause, PAUSE_MAX_SECONDS)
                started = loop.time()
                await self._start()
            except (StoreProblem, OSError) as problem:
                log.critical("%s", problem)

    async def stop(self) -> None:
        """End the server, if it is ours, and let go of the folder."""
        try:
            await self._end()
        finally:
            if self._lock != NO_LOCK:
                os.close(self._lock)
                self._lock = NO_LOCK

    async def _end(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            await valkey.end(server)

    def _try_lock(self) -> bool:
        try:
            lock = os.open(self._folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise StoreProblem("no_permission", path=str(self._folder), detail=why(error)) from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            return False
        except OSError as error:
            os.close(lock)
            raise StoreProblem("no_lock", path=str(self._folder), detail=why(error)) from error
        self._lock = lock
        return True

    async def _start(self) -> None:
        """Start the server; a torn end of its journal file is cut off, but never without a copy."""
        try:
            await self._start_once(cut_torn_end=False)
        except Torn:
            copy = await asyncio.to_thread(valkey.set_aside, self._folder)
            log.warning("the journal file ended in the middle of a write; its copy is %s", copy)
            await self._start_once(cut_torn_end=True)

    async def _start_once(self, *, cut_torn_end: bool) -> None:
        server = self._server = await valkey.spawn(
            self._folder, self.socket, self._lock, cut_torn_end=cut_torn_end
        )
        loop = asyncio.get_running_loop()
        patience = loop.time() + START_SECONDS
        while (said := await valkey.answer(self.socket)) != b"+":
            if server.ended.done():
                self._server = None
                raise await asyncio.to_thread(
                    valkey.diagnosis, self._folder, server, cut_torn_end=cut_torn_end
                )
            if said == b"-":
                patience = max(patience, loop.time() + LOAD_SECONDS)
            if loop.time() > patience:
                await self._end()
                raise valkey.problem(self._folder, "did_not_start", detail="it does not answer.")
            await asyncio.sleep(LOOK_SECONDS)


# --- the folder


def _private_folder(data: Path) -> Path:
    folder = data.absolute() / STORE_FOLDER
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
    except OSError as error:
        raise StoreProblem("no_permission", path=str(folder), detail=why(error)) from error
    return folder


def _socket_path(folder: Path) -> Path:
    """Return where the server listens: in the folder or, where that is too long a path, in a short
    private one that a file in the folder remembers for the processes that attach."""
    path = folder / "valkey.sock"
    if len(os.fsencode(path)) <= SOCKET_PATH_BYTES_MAX:
        return path
    note = folder / "socket"
    with suppress(OSError):
        short = Path(note.read_text("utf-8"))
        if _is_private(short.parent):
            return short
    short = Path(tempfile.mkdtemp(prefix="forum-")) / "valkey.sock"  # made with 0700
    fresh = note.with_suffix(f".{os.getpid()}")
    fresh.write_text(str(short), "utf-8")
    fresh.replace(note)
    return short


def _is_private(folder: Path) -> bool:
    status = folder.lstat()
    return status.st_uid == os.getuid() and status.st_mode & 0o170077 == 0o040000
