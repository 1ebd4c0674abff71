"""The ledger of what was erased: a small file beside the store, so that a restored backup forgets it again.

It holds envelopes and codes, no name and no text. One JSON value a line, appended and fsynced; a line that cannot be
read is skipped, since a crash may leave half of the last one. Must never hold what the erasure was about.
"""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import msgspec

from forum.domain.keeping import Struck
from forum.domain.kernel import PersonId

NAME: Final = "erasures.jsonl"


class Line(msgspec.Struct, frozen=True, omit_defaults=True):
    """One erasure, or the end of a forum."""

    code: str
    created: int  # of the forum: a code may be given again
    at: int  # ms since the epoch
    person: PersonId = PersonId("")
    struck: tuple[Struck, ...] = ()
    purged: bool = False


class Ledger:
    """The file in the folder ``data``; safe for several processes of one machine."""

    def __init__(self, data: Path) -> None:
        self.path = data / NAME

    def note(self, line: Line) -> None:
        """Add a line, on disk when this returns. Blocks."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(descriptor, msgspec.json.encode(line) + b"\n")
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def lines(self) -> Iterator[Line]:
        """Every line, oldest first. Blocks."""
        return read_lines(self.bytes())

    def bytes(self) -> bytes:
        """The file as it stands; nothing when there is none. Blocks."""
        try:
            return self.path.read_bytes()
        except FileNotFoundError:
            return b""

    def add(self, lines: Iterable[Line]) -> None:
        """Add another ledger's lines, those that are not here already. Blocks."""
        known = list(self.lines())
        for line in lines:
            if line not in known:
                self.note(line)


def read_lines(text: bytes) -> Iterator[Line]:
    """The lines of a ledger's bytes that can be read."""
    for line in text.splitlines():
        try:
            yield msgspec.json.decode(line, type=Line)
        except msgspec.MsgspecError:
            continue
