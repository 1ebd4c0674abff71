"""Journal entries' bodies: a ``Record`` as JSON bytes and back. THE FILE THAT MUST NEVER BREAK AN OLD JOURNAL."""

from typing import Union

import msgspec

from forum.domain.kernel import Fact, PersonId, Record
from forum.domain.room import FACTS


class _Body(msgspec.Struct, frozen=True, omit_defaults=True):
    t: int  # at, ms since the epoch
    f: Union[FACTS]  # type: ignore[valid-type]  # noqa: UP007
    w: str = ""  # who
    e: str = ""  # entered by
    s: str = ""  # salt
    a: bool = False  # again
    m: str = ""  # mark


_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(_Body)


class UnknownFact(ValueError):
    """A body that this version cannot read: a newer fact, or damage."""


def encode(record: Record) -> bytes:
    """The bytes that the journal keeps; a few microseconds."""
    return _ENCODER.encode(
        _Body(record.at, record.fact, record.by, record.entered_by, record.salt, record.again, record.mark)
    )


def decode(body: bytes) -> Record:
    """Read an entry's body. Raises UnknownFact."""
    try:
        read = _DECODER.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise UnknownFact(str(error)) from error
    fact: Fact = read.f
    return Record(fact, PersonId(read.w), read.t, read.s, PersonId(read.e), read.a, read.m)  # type: ignore[arg-type]
