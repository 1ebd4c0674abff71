"""Journal entries' bodies: a ``Record`` as JSON bytes and back. THE FILE THAT MUST NEVER BREAK AN OLD JOURNAL."""

from typing import Union

import msgspec

from forum.domain.kernel import Fact, Lost, Millis, PersonId, Record
from forum.domain.room import FACTS


class _Body(msgspec.Struct, frozen=True, omit_defaults=True):
    t: int  # at, ms since the epoch
    f: Union[FACTS]  # type: ignore[valid-type]  # noqa: UP007
    w: str = ""  # who
    e: str = ""  # entered by
    s: str = ""  # salt
    a: bool = False  # again
    m: str = ""  # mark
    o: Lost | None = None  # what it had been once
    d: bool = False  # led


_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(_Body)


class UnknownFact(ValueError):
    """A body that this version cannot read: a newer fact, or damage."""


def encode(record: Record) -> bytes:
    """The bytes that the journal keeps; a few microseconds."""
    body = _Body(
        record.at, record.fact, record.by, record.entered_by, record.salt, record.again, record.mark, record.lost,
        record.led,
    )  # fmt: skip
    return _ENCODER.encode(body)


def decode(body: bytes) -> Record:
    """Read an entry's body. Raises UnknownFact."""
    try:
        read = _DECODER.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise UnknownFact(str(error)) from error
    fact: Fact = read.f
    by, entered_by, at = PersonId(read.w), PersonId(read.e), Millis(read.t)
    return Record(fact, by, at, read.s, entered_by, read.a, read.m, read.o, read.d, len(body))
