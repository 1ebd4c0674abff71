"""Frames to the browser: JSON texts, and the bytes of a WebSocket frame, built once and written to many.

A server's frame is not masked, and it is compressed without reference to earlier frames. It depends on
nothing but its text, so every seat receives the same bytes. ``docs/protocol.md`` documents the fields.
"""

import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec

from forum.fragments.surface import Changes, Put
from forum.journal import Head
from forum.slices import Sliced, at_once

VERSION: Final = 4
PART_BYTES: Final = 63 * 1024  # a part of a full page stays below 64 KiB with its envelope

PACK_BYTES: Final = 256  # shorter texts fit a packet anyhow
PACK_LEVEL: Final = 4
PACK_SHARE: Final = 0.9
COMPRESSED: Final = 0x40  # RSV1
EMPTY_BLOCK: Final = b"\0\0\xff\xff"  # ends a flush; the other side adds it again

_ENCODE: Final = msgspec.json.Encoder().encode


def text_frame(text: bytes) -> bytes:
    """One unmasked, final text frame (RFC 6455, 5.2)."""
    length = len(text)
    if length < 126:
        return bytes((0x81, length)) + text
    if length < 65_536:
        return b"\x81\x7e" + length.to_bytes(2) + text
    return b"\x81\x7f" + length.to_bytes(8) + text


def packed(frame: bytes) -> bytes:
    """The same frame compressed (RFC 7692, no context taken over); as it is where that saves too little.

    30 µs a kilobyte. Only for what many are sent: what is one person's stays plain, so that no size tells of it.
    """
    text = frame[{126: 4, 127: 10}.get(frame[1], 2) :]
    if len(text) < PACK_BYTES:
        return frame
    packer = zlib.compressobj(PACK_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    small = (packer.compress(text) + packer.flush(zlib.Z_SYNC_FLUSH))[: -len(EMPTY_BLOCK)]
    if len(small) > PACK_SHARE * len(text):
        return frame
    made = text_frame(small)
    return bytes((made[0] | COMPRESSED,)) + made[1:]


def welcome(
    head: Head, mode: str, last: int, now: int, beat_seconds: float, *, unsaved: bool = False
) -> bytes:
    """The answer to a hello: where the journal stands, what comes next, and whether nothing new is being saved."""
    more = {"unsaved": True} if unsaved else {}
    return _frame(
        t="welcome", v=VERSION, g=head.gen, top=head.seq, c=head.chain, mode=mode, last_n=last, now=now,
        hb=beat_seconds, **more,
    )  # fmt: skip


def changes(head: Head, since: int, made: Changes) -> bytes:
    """What changed after journal number ``since``, up to ``head``."""
    put, gone = made.puts, made.gone
    return _frame(t="chg", g=head.gen, **{"from": since}, to=head.seq, c=head.chain, put=put, **{"del": gone})


def full(head: Head, puts: Sequence[Put], begins: Mapping[str, str]) -> tuple[bytes, ...]:
    """The whole shared page, in parts of bounded size, one frame each; a larger fragment stands alone.

    begins  by the place of a long list: the order from which on its fragments are among them
    """
    return at_once(full_in_slices(head, puts, begins))


def full_in_slices(head: Head, puts: Sequence[Put], begins: Mapping[str, str]) -> Sliced[tuple[bytes, ...]]:
    """``full``, with a pause after each part."""
    more = {"begins": begins} if begins else {}
    parts = []
    for part in _parts(_ENCODE(put) for put in puts):
        parts.append(part)
        yield
    return tuple(
        _frame(
            t="full",
            g=head.gen,
            to=head.seq,
            c=head.chain,
            part=n,
            parts=len(parts),
            **more,
            put=msgspec.Raw(part),
        )
        for n, part in enumerate(parts, 1)
    )


def you(puts: Sequence[Put]) -> bytes:
    """Every fragment that only this person sees; there are no others."""
    return _frame(t="you", all=True, put=puts)


def your_changes(puts: Sequence[Put], gone: Sequence[str]) -> bytes:
    """What changed of it, and what is not there now, whether it was or not."""
    return _frame(t="you", put=puts, **{"del": gone})


def near(made: Changes) -> bytes:
    """What is told of who is present, as it is now; whatever facts come, it is no part of what they change."""
    return _frame(t="you", near=True, put=made.puts, **{"del": made.gone})


def heartbeat(head: Head, now: int, *, unsaved: bool = False) -> bytes:
    """Where the journal stands, so that a page sees a missing tail; and whether nothing new is being saved."""
    more = {"unsaved": True} if unsaved else {}
    return _frame(t="hb", g=head.gen, top=head.seq, c=head.chain, now=now, **more)


def bye(code: int, after_ms: int) -> bytes:
    """Come back after that time."""
    return _frame(t="bye", code=code, after_ms=after_ms)


def moved(forum: str, address: str) -> bytes:
    """The forum goes on at another address, under the same code. Pages load anew, and are led there."""
    return _frame(t="moved", to=f"{address}/f/{forum}")


def _frame(**fields: Any) -> bytes:
    return text_frame(_ENCODE(fields))


def _parts(puts: Iterable[bytes]) -> Iterator[bytes]:
    part: list[bytes] = []
    size = 0
    for put in puts:
        if part and size + len(put) > PART_BYTES:
            yield b"[" + b",".join(part) + b"]"
            part, size = [], 0
        part.append(put)
        size += len(put) + 1
    yield b"[" + b",".join(part) + b"]"
