"""This machine, as a benchmark needs it: its facts, a folder outside the tree, free ports, servers that end.

Ends only what it started, by its pid. Writes nowhere but in its own folder below the system's temporary one.
"""

import os
import platform
import resource
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

START_SECONDS = 20.0
END_SECONDS = 15.0
LOOK_SECONDS = 0.005
FILES_BESIDE_PHONES = 500  # descriptors that a server and its store need for themselves


class Missing(Exception):
    """Something is not on this machine; the message says what, and the line that cures it."""


def facts() -> dict[str, str]:
    """What the figures depend on."""
    with Path("/proc/cpuinfo").open() as lines:
        model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "?")
    busy = " (others are at work here: times will be worse than they need be)" if load() > 1 else ""
    return {
        "cores": f"{os.cpu_count()} ({model})",
        "system": f"{platform.system()} {platform.release()}",
        "python": f"{platform.python_version()}, uvloop {version('uvloop')}, uvicorn {version('uvicorn')}",
        "load before": f"{load():.1f}{busy}",
    }


def load() -> float:
    """How many processes wanted a core in the last minute."""
    return os.getloadavg()[0]


def folder() -> Path:
    """Our folder outside the tree, kept between runs; private, since programs are started from it."""
    path = Path(tempfile.gettempdir()) / f"forum-bench-{os.getuid()}"
    path.mkdir(mode=0o700, exist_ok=True)
    if path.lstat().st_uid != os.getuid() or not path.is_dir() or path.is_symlink():
        raise Missing(f"{path} belongs to somebody else. Cure: remove it, or set TMPDIR.")
    return path


def allow_files() -> None:
    """Raise the number of files that we, and what we start, may open, as far as it goes."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def most_phones() -> int:
    """How many connections one process may have here."""
    most, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return most - FILES_BESIDE_PHONES


def free_port() -> int:
    """A port of the loopback that nobody listens at now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def server(
    command: Sequence[str],
    answers: Callable[[], bool],
    *,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
) -> Iterator[int]:
    """A server for as long as the block lasts; yields its pid when it answers. Missing when it does not."""
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            command, cwd=cwd, env={**os.environ, **(env or {})}, stdin=subprocess.DEVNULL, stdout=said, stderr=said
        )  # fmt: skip
        try:
            until = time.monotonic() + START_SECONDS
            while not answers():
                if process.poll() is not None or time.monotonic() > until:
                    said.seek(0)
                    words = said.read().decode(errors="replace").strip()[-1500:]
                    raise Missing(f"{command[0]} did not start: {words or 'it said nothing'}")
                time.sleep(LOOK_SECONDS)
            yield process.pid
            if process.poll() is not None:
                said.seek(0)
                print(said.read().decode(errors="replace")[-3000:], file=sys.stderr)
        finally:
            process.terminate()
            try:
                process.wait(END_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def listens(port: int) -> bool:
    """Whether somebody takes connections at this port of the loopback."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def cpu_seconds(pids: Sequence[int]) -> float:
    """The processor time that these processes have used, without their children's."""
    ticks = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def children(pid: int) -> tuple[int, ...]:
    """The processes that a process has started itself."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError, IndexError):  # it has ended meanwhile
            continue
        if parent == pid:
            found.append(int(stat.parent.name))
    return tuple(sorted(found))
