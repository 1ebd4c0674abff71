"""The ledger of what was erased: a small file beside the store, so that a restored backup forgets it again.

It holds envelopes and codes, no name and none of the words that were erased. Each line is one JSON value,
appended and fsynced; a crash may leave half of the last one. A line that cannot be read may be somebody's
erasure. It is therefore never skipped in silence: the reader is given its number. The ledger must never hold
what the erasure was about. What is left of an entry stands here with words of others; when these go too, the
file is written anew without them.
"""

import fcntl
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from forum.domain.keeping import Struck
from forum.domain.kernel import PersonId
from forum.journal import REDACTION

NAME: Final = "erasures.jsonl"
_CODE: Final = re.compile(rb'"code": ?"([A-Z0-9]{6})"')


class Line(msgspec.Struct, frozen=True, omit_defaults=True):
    """One erasure, or the end of a forum."""

    code: str
    created: int  # of the forum: a code may be given again
    at: int  # ms since the epoch
    person: PersonId = PersonId("")
    struck: tuple[Struck, ...] = ()
    purged: bool = False
    name: bool = True  # theirs was erased too
    address: bool = False  # the one they had left was taken back (E4)
    term: str = ""  # nobody asked for it: its time was over (K5)
    photograph: str = ""  # its picture was erased (X2)


class Unreadable(NamedTuple):
    """A line that says nothing we understand."""

    number: int  # in its file, from 1
    code: str = ""  # of the forum that it names, where that much of it is left


class Read(NamedTuple):
    """What a ledger says, oldest first, and what of it nobody can read."""

    lines: tuple[Line, ...]
    unreadable: tuple[Unreadable, ...]


class Ledger:
    """The file in the folder ``data``; safe for several processes of one machine."""

    def __init__(self, data: Path) -> None:
        self.path = data / NAME

    def note(self, *lines: Line) -> None:
        """Add lines, on disk when this returns. Blocks."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self._alone():
            self._append(lines)
            if any(s.op.startswith(REDACTION) for line in lines for s in line.struck):
                self._lessen()

    def read(self) -> Read:
        """Every line. Blocks."""
        return read_lines(self.bytes())

    def bytes(self) -> bytes:
        """The file as it stands; nothing when there is none. Blocks."""
        try:
            return self.path.read_bytes()
        except FileNotFoundError:
            return b""

    def add(self, lines: Iterable[Line]) -> None:
        """Add another ledger's lines, those that are not here already. Blocks."""
        known = {_said(line) for line in self.read().lines}
        for line in lines:
            if _said(line) not in known:
                self.note(line)
                known.add(_said(line))
        if known:
            with self._alone():
                self._lessen()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """While no other process of this machine writes: the file itself may be another one in the next moment."""
        folder = os.open(self.path.parent, os.O_RDONLY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            yield
        finally:
            os.close(folder)

    def _append(self, lines: Iterable[Line]) -> None:
        descriptor = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            size = os.fstat(descriptor).st_size
            torn = (
                size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"
            )  # of a crash: it must not take this one along
            os.write(descriptor, b"\n" * torn + b"".join(msgspec.json.encode(line) + b"\n" for line in lines))
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def _lessen(self) -> None:
        """Write the file anew where it says more of an entry than is left of it now."""
        before = self.bytes()
        least = _least(read_lines(before).lines)
        after = b"\n".join(_lessened(line, least) for line in before.split(b"\n"))
        if after == before:
            return
        fresh = self.path.with_suffix(".new")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            with os.fdopen(descriptor, "wb", closefd=False) as file:
                file.write(after)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        fresh.replace(self.path)
        folder = os.open(self.path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)  # else a power cut may bring back what stood there
        finally:
            os.close(folder)


def read_lines(text: bytes) -> Read:
    """The lines of a ledger's bytes; empty ones are none."""
    lines, unreadable = [], []
    for number, line in enumerate(text.split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            lines.append(msgspec.json.decode(line, type=Line))
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            said = _CODE.search(line)
            unreadable.append(Unreadable(number, said[1].decode() if said else ""))
    return Read(tuple(lines), tuple(unreadable))


_Envelope = tuple[str, int, int, str]  # code, created, number, chain


def _least(lines: Iterable[Line]) -> dict[_Envelope, str]:
    """What is left of each entry. Words only ever go, so what is shortest is newest, whatever clocks said."""
    least: dict[_Envelope, str] = {}
    for line in lines:
        for s in line.struck:
            key = (line.code, line.created, s.seq, s.chain)
            least[key] = min(least.get(key, s.husk), s.husk, key=len)
    return least


def _lessened(text: bytes, least: Mapping[_Envelope, str]) -> bytes:
    found = read_lines(text).lines
    if not found:
        return text
    [line] = found
    struck = tuple(
        msgspec.structs.replace(s, husk=least[line.code, line.created, s.seq, s.chain]) for s in line.struck
    )
    return (
        text if struck == line.struck else msgspec.json.encode(msgspec.structs.replace(line, struck=struck))
    )


def _said(line: Line) -> Line:
    """What a line says, however much was left of each entry when it was written."""
    return msgspec.structs.replace(
        line, struck=tuple(msgspec.structs.replace(s, husk="") for s in line.struck)
    )
