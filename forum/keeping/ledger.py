"""The ledger of what was erased: a small file beside the store, so that a restored backup forgets it again.

It holds envelopes and codes, no name and no text. One JSON value a line, appended and fsynced; a line that cannot be
read is skipped, since a crash may leave half of the last one. Must never hold what the erasure was about.
"""

import os
from collections.abc import Iterator
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
        try:
            file = self.path.open("rb")
        except FileNotFoundError:
            return
        with file:
            yield from read_lines(file.read())


def read_lines(text: bytes) -> Iterator[Line]:
    """The lines of a ledger's bytes that can be read."""
    for line in text.splitlines():
        try:
            yield msgspec.json.decode(line, type=Line)
        except msgspec.MsgspecError:
            continue
