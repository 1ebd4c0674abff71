"""A document made in a process of its own: what is sent there and back, and the process's own side.

The state is sent as a message, never through shared memory. So a document of a large forum takes neither the
event loop's time nor its lock. What no document tells (tabs, what could be undone) is not sent. Both sides
are this version of the program; nothing of it is kept.

Every message begins with its length. The process says how far it is, as often as it likes, and last what it has made. Its input stays
open for as long as somebody wants that: when it ends, so does the process, since a server that was killed stops nobody itself.
"""

import asyncio
import gzip
import os
import sys
import threading
from collections.abc import Mapping
from typing import Any, Final, Generic, TypeVar

import msgspec
from immutables import Map

from forum.apart import OVERSPENT, be_modest
from forum.domain.kernel import PersonId
from forum.domain.state import Shelf, State
from forum.domain.steps.commitments import Readers
from forum.domain.steps.kinds import KINDS
from forum.domain.tabs import Tabs
from forum.exports import ballots
from forum.exports.ballots import Sheaf
from forum.exports.books.decks import Entry
from forum.exports.documents import NO_ENTRY, Export, HowFar, render, untold
from forum.exports.naming import FileName
from forum.exports.tables import Flavour
from forum.language import Reader
from forum.slices import Sliced

CPU_SECONDS: Final = 150  # all documents of a plan of 500 actions take 40
MEMORY_BYTES: Final = 2 * 1024**3
UNWANTED: Final = 76  # and one that nobody waits for any more
LENGTH_BYTES: Final = 8  # before every message
PACK_LEVEL: Final = 5
PACKED_FROM_BYTES: Final = 1024


S = TypeVar("S")


class Order(msgspec.Struct, Generic[S], frozen=True):
    """One document to be made, of a state or of a state's fields already written down."""

    state: S
    names: dict[str, str]
    chain: str
    kind: str
    lang: str
    zone: str
    flavour: Flavour
    packs: bool  # whether who asked takes gzip
    readers: Readers = "everybody"
    entry: Entry = NO_ENTRY
    photographs: dict[str, bytes] = {}  # their pictures, by id
    sheaf: Sheaf | None = None  # paper ballots, which are of no state: then nothing else is made


class Far(msgspec.Struct, frozen=True, tag=True):
    """How far a document is that is made of several."""

    done: int
    of: int


class Made(msgspec.Struct, frozen=True, tag=True):
    """The document."""

    body: bytes
    media_type: str
    name: FileName
    packed: bool


def ordered(
    state: State,
    names: Mapping[PersonId, str],
    chain: str,
    kind: str,
    reader: Reader,
    flavour: Flavour,
    *,
    packs: bool,
    readers: Readers = "everybody",
    entry: Entry = NO_ENTRY,
    photographs: Mapping[str, bytes] | None = None,
) -> Sliced[bytes]:
    """An order as bytes, made in slices; some microseconds a card."""
    left_out = {"tabs": Tabs(), "deeds": (), "touched": frozenset()}
    fields = {}
    for field in State.__struct_fields__:
        fields[field] = msgspec.Raw(_ENCODER.encode(left_out.get(field, getattr(state, field))))
        yield
    return _ENCODER.encode(
        Order(
            fields,
            {str(person): name for person, name in names.items()},
            chain,
            kind,
            reader.lang,
            reader.zone,
            flavour,
            packs,
            readers,
            entry,
            dict(photographs or {}),
        )
    )


def bound(sheaf: Sheaf) -> bytes:
    """An order of paper ballots, as bytes."""
    return _ENCODER.encode(
        Order(State(), {}, "", "", sheaf.lang, "UTC", "standard", packs=False, sheaf=sheaf)
    )


def made(order: bytes, far: HowFar = untold) -> bytes:
    """Make the document. Pure but for ``far``."""
    asked = _DECODER.decode(order)
    if asked.sheaf:
        from forum.exports import paper  # noqa: PLC0415 (what writes a document is imported when one is made)

        body = paper.ballots(asked.sheaf)
        return _ENCODER.encode(Made(body, ballots.MEDIA_TYPE, ballots.file_name(asked.sheaf), packed=False))
    names = {PersonId(person): name for person, name in asked.names.items()}
    reader = Reader(asked.lang, asked.zone)
    export = render(
        asked.state,
        names,
        asked.chain,
        asked.kind,
        reader,
        asked.flavour,
        asked.readers,
        far,
        asked.entry,
        asked.photographs,
    )
    return _ENCODER.encode(_packed(export) if asked.packs else Made(*export, packed=False))


def read_made(answer: bytes) -> Made:
    """The document that came back. msgspec.MsgspecError when it is none."""
    return msgspec.msgpack.decode(answer, type=Made)


def measured(message: bytes) -> bytes:
    """A message as it is sent, there or back."""
    return len(message).to_bytes(LENGTH_BYTES, "big") + message


async def heard(answers: asyncio.StreamReader, far: HowFar) -> Made:
    """What a process has made. OSError when it ends before it says so; msgspec.MsgspecError when it says what we do not know."""
    try:
        while True:
            length = int.from_bytes(await answers.readexactly(LENGTH_BYTES), "big")
            said: Far | Made = _ANSWERS.decode(await answers.readexactly(length))
            if isinstance(said, Made):
                return said
            far(said.done, said.of)
    except asyncio.IncompleteReadError as error:
        raise OSError("it ended early") from error


def main() -> None:
    """One order from standard input, its document to standard output."""
    be_modest(CPU_SECONDS, MEMORY_BYTES)
    orders, answers = sys.stdin.buffer, sys.stdout.buffer

    def far(done: int, of: int) -> None:
        answers.write(measured(_ENCODER.encode(Far(done, of))))
        answers.flush()

    try:
        order = orders.read(int.from_bytes(orders.read(LENGTH_BYTES), "big"))
        threading.Thread(target=_end_unwanted, daemon=True).start()
        answers.write(measured(made(order, far)))
        answers.flush()
    except MemoryError:
        sys.exit(OVERSPENT)


def _end_unwanted() -> None:
    if not os.read(sys.stdin.fileno(), 1):  # past the buffer, whose lock would be held as the process ends
        os._exit(UNWANTED)


def _packed(export: Export) -> Made:
    if len(export.body) < PACKED_FROM_BYTES:
        return Made(*export, packed=False)
    body = gzip.compress(export.body, PACK_LEVEL, mtime=0)
    return Made(body, export.media_type, export.name, packed=True)


def _plain(value: Any) -> Any:
    if isinstance(value, Map):
        return dict(value)
    raise TypeError(f"expected what a state is made of, got {type(value).__name__}")


def _mapped(kind: Any, value: Any) -> Any:
    """A persistent map again, its keys and values as they were."""
    keys, values = kind.__args__
    if values is Shelf:
        return Map(
            {name: msgspec.convert(v, KINDS[name].shelf, dec_hook=_mapped) for name, v in value.items()}
        )
    return Map(msgspec.convert(value, dict[keys, values], dec_hook=_mapped))  # type: ignore[valid-type]


_ENCODER: Final = msgspec.msgpack.Encoder(enc_hook=_plain)
_ANSWERS: Final = msgspec.msgpack.Decoder(Far | Made)
_DECODER: Final = msgspec.msgpack.Decoder(Order[State], dec_hook=_mapped)
