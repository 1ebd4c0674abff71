"""The ledger of what was erased: a small file beside the store, so that a restored backup forgets it again.

It holds envelopes and codes, no name and no text. One JSON value a line, appended and fsynced; a crash may leave half of
the last one. A line that cannot be read may be somebody's erasure: it is never skipped in silence, but named by its
number to whoever reads. Must never hold what the erasure was about.
"""

import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from forum.domain.keeping import Struck
from forum.domain.kernel import PersonId

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
        known = self.read().lines
        for line in lines:
            if line not in known:
                self.note(line)


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
