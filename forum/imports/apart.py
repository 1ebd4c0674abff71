"""A file read in a process of its own: what is sent there and back, and the process's own side.

A stranger's file never meets the server's memory but as bytes, nor its time: the process has little of both, and ends by
itself.
"""

import sys
import zlib
from typing import Final

import msgspec

from forum.apart import OVERSPENT, be_modest
from forum.imports.book import Book
from forum.imports.reading import Unreadable, read

CPU_SECONDS: Final = 20
MEMORY_BYTES: Final = 1024**3
PACK_LEVEL: Final = 5


class Order(msgspec.Struct, frozen=True):
    """One file to be read."""

    name: str
    body: bytes


class Refused(msgspec.Struct, frozen=True):
    """Why it cannot be read."""

    code: str
    params: dict[str, str | int]


class Answer(msgspec.Struct, frozen=True):
    """One or the other."""

    book: Book | None = None
    refused: Refused | None = None


def ordered(body: bytes, name: str) -> bytes:
    """An order as bytes."""
    return msgspec.msgpack.encode(Order(name, body))


def answered(order: bytes) -> bytes:
    """Read the file. Pure."""
    asked = msgspec.msgpack.decode(order, type=Order)
    try:
        answer = Answer(book=read(asked.body, asked.name))
    except Unreadable as error:
        answer = Answer(refused=Refused(error.code, error.params))
    return zlib.compress(msgspec.msgpack.encode(answer), PACK_LEVEL)


def book_of(answer: bytes) -> Book:
    """The tables that came back, by the process's own words. Unreadable. Cost: 20 ms for the largest."""
    said = msgspec.msgpack.decode(zlib.decompress(answer), type=Answer)
    if said.book is None:
        refused = said.refused or Refused("took_too_long", {})
        raise Unreadable(refused.code, **refused.params)
    return said.book


def main() -> None:
    """One order from standard input, its answer to standard output."""
    be_modest(CPU_SECONDS, MEMORY_BYTES)
    try:
        sys.stdout.buffer.write(answered(sys.stdin.buffer.read()))
    except MemoryError:
        sys.exit(OVERSPENT)
