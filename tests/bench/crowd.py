"""The crowd: ``crowd.c`` compiled, run against a server, and what it counted.

One unit everywhere: a delivery is one message at one phone. What a server says twice counts once.
"""

import os
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from tests.bench import machine

SOURCE = Path(__file__).with_name("crowd.c")
LONGEST_RUN_SECONDS = 180  # opening included; the measured part is bounded by what is asked
TEXT_BYTES = 220
WORDS = "More time for each other, less noise, and somebody who keeps the promise we made in spring. "


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A server to be measured, and how a phone speaks with it. Templates and prefixes: see ``crowd.c``."""

    ports: tuple[int, ...]
    path: str
    message: str
    opening: str = ""
    cookies: Path | None = None
    served: str = ""
    acked: str = ""
    refused: str = ""
    answer: str = ""
    servers: tuple[int, ...] = ()  # pids
    stores: tuple[int, ...] = ()  # pids, counted apart


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What the crowd does in a room."""

    phones: int
    rate: float = 0  # messages a second, of all together
    seconds: float = 0
    publishers: int = 0  # 0: every phone in turn
    under_way: int = 0  # instead of a rate: so many unanswered of each
    total: int = 0  # messages, with ``under_way``
    packs: bool = False  # compression is offered, as browsers do
    cut: bool = False  # all are cut off and come back at once, before anything is measured


class Counted(msgspec.Struct, frozen=True):
    """What a crowd saw. Times in ms or s as named, CPU in seconds."""

    phones: int
    opened: int
    served: int
    dead: int
    open_s: float
    back_s: float
    published: int
    acks: int
    nacks: int
    ack_s: float
    deliveries: int
    expected: int
    frames: int
    bytes: int
    span_s: float
    p50_ms: float
    p99_ms: float
    max_ms: float
    own_cpu_s: float  # of the load generator: near to span_s, the figure is its limit and not the server's
    cpu_s: list[float]  # of each process, servers first
    kb_to_open: list[int]
    kb: list[int]
    servers: int = 0  # how many of the processes are servers; the others are stores

    @property
    def whole(self) -> bool:
        """Whether nobody was lost and everything arrived."""
        return self.served == self.phones and not self.dead and self.deliveries == self.expected

    @property
    def server_us(self) -> float:
        """CPU of the server, its store left out, per delivery."""
        return 1e6 * sum(self.cpu_s[: self.servers]) / max(1, self.deliveries)

    @property
    def store_us(self) -> float:
        return 1e6 * sum(self.cpu_s[self.servers :]) / max(1, self.deliveries)

    @property
    def kb_per_phone(self) -> float:
        return sum(self.kb_to_open[: self.servers]) / max(1, self.phones)

    @property
    def bytes_per_delivery(self) -> float:
        return self.bytes / max(1, self.deliveries)


@dataclass(slots=True)
class Crowd:
    """The compiled load generator."""

    program: Path
    log: list[dict[str, object]] = field(default_factory=list)

    def run(self, room: Room, load: Load, note: str = "") -> Counted:
        """Let a crowd loose in a room. Missing when it could not even begin."""
        command = [str(self.program), *_words(room, load)]
        try:
            done = subprocess.run(
                command, check=False, capture_output=True, text=True, timeout=LONGEST_RUN_SECONDS
            )
        except subprocess.TimeoutExpired:
            raise machine.Missing(f"the crowd was not done after {LONGEST_RUN_SECONDS} s: {note}") from None
        if done.returncode:
            raise machine.Missing(f"crowd ended with {done.returncode}: {done.stderr.strip()[-500:]}")
        counted = msgspec.json.decode(done.stdout, type=Counted)
        counted = msgspec.structs.replace(counted, servers=len(room.servers))
        self.log.append({"note": note, "said": done.stderr.strip()[-300:], **msgspec.structs.asdict(counted)})
        return counted


def compiled() -> Crowd:
    """Compile the load generator, when its source is newer than the last one. Missing without a compiler."""
    if not Path("/proc/self/stat").exists():
        raise machine.Missing("The load generator needs Linux (epoll, /proc). Cure: run it in a container.")
    program = machine.folder() / "crowd"
    if program.exists() and program.stat().st_mtime > SOURCE.stat().st_mtime:
        return Crowd(program)
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        raise machine.Missing(
            "This needs a C compiler. Cure on Debian: sudo apt-get install -y gcc libc6-dev"
        )
    fresh = program.with_suffix(f".{os.getpid()}")
    done = subprocess.run(
        [compiler, "-O2", "-o", str(fresh), str(SOURCE)],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    if done.returncode:
        raise machine.Missing(f"crowd.c does not compile: {done.stderr.strip()[-1000:]}")
    fresh.replace(program)
    return Crowd(program)


def idea_text(stamp: str = "") -> str:
    """An idea of 220 bytes that carries a stamp; only letters that no encoding makes longer.

    Without a stamp: a template, which the crowd fills with one, and with other words in every idea.
    """
    return f"{stamp} {(WORDS * 3)[: TEXT_BYTES - len(stamp) - 1]}" if stamp else "@TS@ @PROSE@"


def _words(room: Room, load: Load) -> list[str]:
    said = {
        "-p": ",".join(map(str, room.ports)),
        "-u": room.path,
        "-m": room.message,
        "-i": room.opening,
        "-c": str(room.cookies or ""),
        "-y": room.served,
        "-a": room.acked,
        "-e": room.refused,
        "-q": room.answer,
        "-s": ",".join(map(str, room.servers + room.stores)),
        "-n": str(load.phones),
        "-P": str(load.publishers or load.phones),
        "-r": str(load.rate),
        "-d": str(load.seconds),
        "-f": str(load.under_way),
        "-t": str(load.total),
    }
    return [word for option, value in said.items() if value for word in (option, value)] + [
        *["-x"] * load.cut,
        *["-z"] * load.packs,
    ]
