"""Real server processes for tests: started as a person would, killed as a power cut would."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

READY = b"Ctrl-C"
STARTED_SECONDS = 30.0  # a bound, never waited for in full
MOVED = """
import pathlib, sys, time
offset, real, real_ns = pathlib.Path(sys.argv.pop(1)), time.time, time.time_ns
moved = lambda: int(offset.read_text())
time.time, time.time_ns = lambda: real() + moved(), lambda: real_ns() + moved() * 1_000_000_000
from forum.cli import main
sys.exit(main(sys.argv[4:]))
"""


def free_port() -> int:
    """A port that nothing listens on now."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port: int = trial.getsockname()[1]
        return port


class MovedClock:
    """The wall clock of processes of ours, moved by what a file says; their monotonic clocks stay what they are."""

    def __init__(self, folder: Path) -> None:
        self._offset, self._program = folder / "offset", folder / "moved.py"
        self._program.write_text(MOVED)
        self.set(0)

    @property
    def before(self) -> tuple[str, ...]:
        """The words that start such a process, before its own: ``python -m forum …``."""
        return sys.executable, str(self._program), str(self._offset)

    def set(self, seconds: int) -> None:
        """Be so far ahead of the real time. Written whole: it is read whenever somebody asks for the time."""
        fresh = self._offset.with_suffix(".fresh")
        fresh.write_text(str(seconds))
        fresh.replace(self._offset)


class ServerProcess:
    """One ``forum serve`` on a data folder and a port; ``start`` again after ``kill``."""

    def __init__(
        self, data: Path, port: int | None = None, *, before: tuple[str, ...] = (), **environment: str
    ) -> None:
        """``before``: the words of a command that starts it, such as ``nice``."""
        self.data, self.port, self._before = data, port or free_port(), before
        self.address = f"http://127.0.0.1:{self.port}"
        self._environment = os.environ | {"LANG": "C"} | environment
        self._process: asyncio.subprocess.Process | None = None
        self.said = b""  # at its start
        self.log = data.parent / f"server-{self.port}.log"

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    async def start(self) -> None:
        """Start, and wait until it says that it is ready."""
        with self.log.open("ab") as errors:
            self._process = await asyncio.create_subprocess_exec(
                *self._before, sys.executable, "-m", "forum", "serve", "--data", str(self.data), "--port", str(self.port),
                "--host", "127.0.0.1",
                env=self._environment, stdout=asyncio.subprocess.PIPE, stderr=errors,
            )  # fmt: skip
        assert self._process.stdout is not None
        self.said = b""
        async with asyncio.timeout(STARTED_SECONDS):
            while READY not in self.said:
                line = await self._process.stdout.readline()
                said = self.said.decode(errors="replace")
                assert line, f"the server ended: {said}\n{self.log.read_text()}"
                self.said += line

    async def kill(self) -> None:
        """kill -9: no goodbye, nothing is written any more."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> int:
        """What Ctrl-C or a deploy does; return the exit code."""
        return await self._end(signal.SIGTERM)

    async def wait(self) -> int:
        """Wait for its end; return the exit code."""
        assert self._process is not None
        return await self._process.wait()

    def store_pid(self) -> int:
        """The process of the embedded store, a child of the server."""
        children = self.children()
        assert len(children) == 1, f"expected one child, got {children}"
        return children[0]

    def children(self) -> list[int]:
        """The processes it started that live."""
        threads = Path(f"/proc/{self.pid}/task").iterdir()
        return sorted(int(child) for thread in threads for child in (thread / "children").read_text().split())

    async def _end(self, how: signal.Signals) -> int:
        assert self._process is not None
        if self._process.returncode is None:
            self._process.send_signal(how)
        return await self._process.wait()


@asynccontextmanager
async def serving(
    data: Path, port: int | None = None, *, before: tuple[str, ...] = (), **environment: str
) -> AsyncIterator[ServerProcess]:
    """A server process for as long as the block lasts."""
    server = ServerProcess(data, port, before=before, **environment)
    await server.start()
    try:
        yield server
    finally:
        await server.stop()
