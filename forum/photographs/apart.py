"""A photograph drawn anew in a process of its own: what is sent there and back, and the process's own side.

A stranger's file never meets the server's memory but as bytes, nor its time: the process has little of both, and ends by
itself.
"""

import sys
from typing import Final

import msgspec

from forum.apart import OVERSPENT, be_modest
from forum.photographs import Unreadable

CPU_SECONDS: Final = 20
MEMORY_BYTES: Final = 1024**3


class Redrawn(msgspec.Struct, frozen=True):
    """What is kept of a photograph."""

    jpeg: bytes
    width: int
    height: int


class _Refused(msgspec.Struct, frozen=True):
    code: str
    params: dict[str, int]


class _Answer(msgspec.Struct, frozen=True):
    """One or the other."""

    redrawn: Redrawn | None = None
    refused: _Refused | None = None


def answered(body: bytes) -> bytes:
    """Draw it anew. Pure."""
    from forum.photographs.redrawn import redrawn  # noqa: PLC0415  the server carries no library for pictures

    try:
        answer = _Answer(Redrawn(*redrawn(body)))
    except Unreadable as error:
        answer = _Answer(refused=_Refused(error.code, error.params))
    return msgspec.msgpack.encode(answer)


def redrawn_of(answer: bytes) -> Redrawn:
    """The picture that came back. Unreadable."""
    said = msgspec.msgpack.decode(answer, type=_Answer)
    if said.redrawn is None:
        refused = said.refused or _Refused("took_too_long", {})
        raise Unreadable(refused.code, **refused.params)
    return said.redrawn


def main() -> None:
    """One file from standard input, its answer to standard output."""
    be_modest(CPU_SECONDS, MEMORY_BYTES)
    try:
        sys.stdout.buffer.write(answered(sys.stdin.buffer.read()))
    except MemoryError:
        sys.exit(OVERSPENT)
