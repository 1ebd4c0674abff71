"""Frames to the browser: JSON texts, and the bytes of a WebSocket frame, built once and written to many.

A server's frame is not masked and, without compression, depends on nothing but its text: the same bytes go to every
seat. The fields are documented in ``docs/protocol.md``.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import msgspec

from forum.fragments.surface import Changes, Put
from forum.journal import Head

VERSION: Final = 1
HEARTBEAT_SECONDS: Final = 10
MOST_PART_BYTES: Final = 60 * 1024  # a part of a full page stays below 64 KiB with its envelope

_ENCODE = msgspec.json.Encoder().encode


def text_frame(text: bytes) -> bytes:
    """One unmasked, final text frame (RFC 6455, 5.2)."""
    length = len(text)
    if length < 126:
        return bytes((0x81, length)) + text
    if length < 65_536:
        return b"\x81\x7e" + length.to_bytes(2) + text
    return b"\x81\x7f" + length.to_bytes(8) + text


def encoded(**fields: Any) -> bytes:
    """A frame from the fields of its JSON text."""
    return text_frame(_ENCODE(fields))


def welcome(head: Head, mode: str, last: int, now: int) -> bytes:
    """The answer to a hello: where the journal stands and what comes next."""
    return encoded(
        t="welcome", v=VERSION, g=head.gen, top=head.seq, c=head.chain, mode=mode, last_n=last, now=now,
        hb=HEARTBEAT_SECONDS,
    )  # fmt: skip


def changes(head: Head, since: int, made: Changes) -> bytes:
    """What changed after journal number ``since``, up to ``head``."""
    puts = [tuple(p) for p in made.puts]
    return encoded(
        t="chg", g=head.gen, **{"from": since}, to=head.seq, c=head.chain, put=puts, **{"del": made.gone}
    )


def full(head: Head, puts: Sequence[Put]) -> tuple[bytes, ...]:
    """The whole shared page, in parts of bounded size, one frame each."""
    parts = list(_parts(puts))
    return tuple(
        encoded(t="full", g=head.gen, to=head.seq, c=head.chain, part=n, parts=len(parts), put=part)
        for n, part in enumerate(parts, 1)
    )


def _parts(puts: Sequence[Put]) -> Iterable[list[tuple[str, ...]]]:
    part: list[tuple[str, ...]] = []
    size = 0
    for put in puts:
        bytes_of = sum(map(len, put)) + 16
        if part and size + bytes_of > MOST_PART_BYTES:
            yield part
            part, size = [], 0
        part.append(tuple(put))
        size += bytes_of
    yield part


def you(puts: Sequence[Put]) -> bytes:
    """Every fragment that only this person sees."""
    return encoded(t="you", put=[tuple(p) for p in puts])


def heartbeat(head: Head, now: int) -> bytes:
    """Where the journal stands, so that a page sees a missing tail."""
    return encoded(t="hb", g=head.gen, top=head.seq, c=head.chain, now=now)


def bye(code: int, after_ms: int) -> bytes:
    """Come back after that time."""
    return encoded(t="bye", code=code, after_ms=after_ms)
