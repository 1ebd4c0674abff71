"""The archive of one forum: a file that another instance can open, and anybody can check.

A gzip'd text, one JSON value a line:

    {"format": "forum/archive/1", "code", "seq", "chain", "created", "meta", "names", "keys", "facts"}
        or "forum/unlinked/1", with "origin": see ``unlinking``
    {"seq", "op", "body", "chain"}      every fact in order; of a struck one {"seq", "op", "hash", "chain"}
    {"person", "name"}                  as many as "names" says, where they are inside
    {"key", "record"}                   as many as "keys" says: SHA-256 of a secret, and what it opens
    {"photograph", "jpeg"}              as many as "photographs" says, left out where there are none
    {"lines", "sha256"}                 of everything before

The same journal number gives the same bytes: nothing in it says when or where it was written, nor the life of the
store it came from. Reading trusts nothing: sizes and counts are bounded before anything is kept, every number and
hash is checked, and the chain is proven as it goes. Pure but for the stream it is given.
"""

import gzip
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from typing import BinaryIO, Final, NamedTuple, TypeVar

import msgspec

from forum.domain.kernel import N_
from forum.journal import (
    BODY_BYTES_MAX,
    MOVED,
    RESERVED,
    Damaged,
    Entry,
    is_address,
    is_code,
    recompute,
    whole,
)

FORMAT: Final = "forum/archive/1"
UNLINKED: Final = "forum/unlinked/1"
LINE_BYTES: Final = 6 * BODY_BYTES_MAX + 4096  # a body whose every byte had to be escaped
MOST_BYTES: Final = 512 * 1024**2  # unpacked; a city-wide forum has some 100 MB
MOST_FACTS: Final = 2_000_000
MOST_BESIDE: Final = 200_000  # names, and keys
MOST_PHOTOGRAPHS: Final = 1_000
PICTURE_BYTES: Final = 1024**2  # some more than is kept of one
NAME_CHARS: Final = 400
RECORD_BYTES: Final = 4096
META_FIELDS: Final = 20
META_NAME: Final = re.compile("[a-z_]{1,40}")
PACK_LEVEL: Final = 6
NO_GZIP: Final = "Not a gzipped file"  # how Python says it of a file’s first bytes
OP: Final = re.compile(r"[!-~]{1,128}:[0-9]{1,15}")
HEX: Final = {length: re.compile(f"[0-9a-f]{{{length}}}") for length in (16, 40, 64)}

T = TypeVar("T")


class BadArchive(ValueError):
    """A file that is no archive of ours, or was changed. ``message`` is a gettext id, to be formatted with ``params``."""

    def __init__(self, message: str, **params: object) -> None:
        super().__init__(message.format(**params))
        self.message = message
        self.params = params


class Kept(NamedTuple):
    """One forum as an archive holds it."""

    code: str
    created: int  # ms since the epoch
    meta: Mapping[str, str]  # what it was created with, beside ``created``
    entries: list[Entry]  # from number 1, without a hole; of struck ones what is left
    names: Mapping[str, str] | None = None  # person → name; None: not inside
    keys: Mapping[str, bytes] | None = None  # SHA-256 of a secret → the opaque record; None: not inside
    origin: str = ""  # where it was written without authors: the chain of the journal at ``seq``; "": this is the journal
    photographs: Mapping[str, bytes] = {}  # id → the picture, of those that are inside

    @property
    def seq(self) -> int:
        return self.entries[-1].seq

    @property
    def chain(self) -> str:
        return self.entries[-1].chain


class _Header(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    format: str
    code: str
    seq: int
    chain: str
    created: int
    meta: dict[str, str]
    names: int | None  # how many; None: not inside
    keys: int | None
    facts: int  # lines of facts: the same as ``seq``
    origin: str = ""
    photographs: int = 0


class _Fact(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    seq: int
    op: str
    chain: str
    body: str | None = None
    hash: str = ""


class _Name(msgspec.Struct, forbid_unknown_fields=True):
    person: str
    name: str


class _Key(msgspec.Struct, forbid_unknown_fields=True):
    key: str
    record: str


class _Photograph(msgspec.Struct, forbid_unknown_fields=True):
    photograph: str
    jpeg: bytes  # base64 in the line


class _Check(msgspec.Struct, forbid_unknown_fields=True):
    lines: int
    sha256: str


def write(kept: Kept, out: BinaryIO) -> None:
    """Write an archive. 10 µs a fact. The caller has proven the entries, as ``Journal.read`` and ``recompute`` do."""
    hash_, lines = sha256(), 0
    # Neither a name nor a time in the wrapping: the same forum is the same bytes.
    with gzip.GzipFile(filename="", mode="wb", compresslevel=PACK_LEVEL, fileobj=out, mtime=0) as packed:
        for value in _lines(kept):
            line = msgspec.json.encode(value) + b"\n"
            hash_.update(line)
            packed.write(line)
            lines += 1
        packed.write(msgspec.json.encode(_Check(lines, hash_.hexdigest())) + b"\n")


def read(file: BinaryIO) -> Kept:
    """Read an archive, believing nothing. Raises BadArchive. About 15 µs a fact; memory: what it holds."""
    lines = _Lines(file)
    try:
        header = _checked_header(lines.next(_Header))
        entries = _entries(lines, header)
        names = {n.person: n.name for n in _many(lines, _Name, header.names, _is_name)}
        keys = {k.key: k.record.encode() for k in _many(lines, _Key, header.keys, _is_key)}
        pictures = {p.photograph: p.jpeg for p in _many(lines, _Photograph, header.photographs, _is_picture)}
        lines.end()
    except (OSError, EOFError, zlib.error) as error:  # gzip.BadGzipFile is an OSError
        if isinstance(error, gzip.BadGzipFile) and not lines.number and NO_GZIP in str(error):
            raise BadArchive(
                N_("This is no archive of a forum. Give a file that “forum archive” wrote.")
            ) from error
        raise BadArchive(
            N_("Line {line}: the file is damaged or cut off here. Fetch it again."), line=lines.number + 1
        ) from error
    return Kept(
        header.code,
        header.created,
        header.meta,
        entries,
        None if header.names is None else names,
        None if header.keys is None else keys,
        header.origin,
        pictures,
    )


# --- writing


def _lines(kept: Kept) -> Iterator[msgspec.Struct]:
    names, keys = kept.names, kept.keys
    yield _Header(
        UNLINKED if kept.origin else FORMAT,
        kept.code,
        kept.seq,
        kept.chain,
        kept.created,
        dict(sorted(kept.meta.items())),
        None if names is None else len(names),
        None if keys is None else len(keys),
        len(kept.entries),
        kept.origin,
        len(kept.photographs),
    )
    for e in kept.entries:
        yield (
            _Fact(e.seq, e.op, e.chain, hash=e.hash)
            if e.hash
            else _Fact(e.seq, e.op, e.chain, e.body.decode())
        )
    yield from (_Name(*pair) for pair in sorted((names or {}).items()))
    yield from (_Key(digest, record.decode()) for digest, record in sorted((keys or {}).items()))
    yield from (_Photograph(*pair) for pair in sorted(kept.photographs.items()))


# --- reading


class _Lines:
    """The lines of a packed file, each bounded, counted and hashed."""

    def __init__(self, file: BinaryIO) -> None:
        self.number = 0  # of the line read last, from 1
        self._file = gzip.GzipFile(fileobj=file, mode="rb")
        self._bytes = 0
        self._hash = sha256()

    def next(self, kind: type[T]) -> T:
        """Read one line that must be a ``kind``."""
        return self._decoded(self._line(), kind)

    def end(self) -> None:
        """Read the last line, which must be right about all before it, and nothing after."""
        lines, hash_ = self.number, self._hash.hexdigest()
        check = self.next(_Check)
        if (check.lines, check.sha256) != (lines, hash_):
            raise self.bad(N_("Line {line}: the file was changed since it was written. Fetch it again."))
        if self._file.read(1):
            raise self.bad(
                N_("There is more after line {line}, which should be the last. Fetch the file again.")
            )

    def bad(self, message: str, **params: object) -> BadArchive:
        """A refusal that names the line read last."""
        return BadArchive(message, line=self.number, **params)

    def _line(self) -> bytes:
        line = self._file.readline(LINE_BYTES + 1)
        self.number += 1
        self._bytes += len(line)
        if len(line) > LINE_BYTES or self._bytes > MOST_BYTES:
            raise self.bad(N_("Line {line}: this is far larger than any forum. It is not opened."))
        if not line.endswith(b"\n"):
            raise self.bad(N_("Line {line}: the file ends too early. Fetch it again."))
        self._hash.update(line)
        return line

    def _decoded(self, line: bytes, kind: type[T]) -> T:
        try:
            return msgspec.json.decode(line, type=kind)
        except (msgspec.MsgspecError, RecursionError, ValueError) as error:
            what = N_("Line {line}: this is not what an archive of Forum says there ({detail}).")
            raise self.bad(what, detail=str(error)[:120]) from error


def _checked_header(header: _Header) -> _Header:
    if header.format != (UNLINKED if header.origin else FORMAT):
        raise BadArchive(
            N_("Line 1: this archive is of the kind {kind}, which this version does not know. Update Forum."),
            kind=header.format[:40],
        )
    meta = all(
        META_NAME.fullmatch(name) and name not in RESERVED and len(value) <= NAME_CHARS
        for name, value in header.meta.items()
    )
    moved, at = (header.meta.get(name) for name in MOVED)
    leads = (moved is None or is_address(moved)) and (at is None or re.fullmatch("[0-9]{1,15}", at))
    counts = (header.names or 0, header.keys or 0)
    fine = (
        is_code(header.code)
        and 1 <= header.facts == header.seq <= MOST_FACTS
        and all(0 <= count <= MOST_BESIDE for count in counts)
        and 0 <= header.photographs <= MOST_PHOTOGRAPHS
        and 0 <= header.created < 2**53
        and len(header.meta) <= META_FIELDS
        and meta
        and leads
        and _is_hex(header.chain, 16)
        and (
            not header.origin
            or (_is_hex(header.origin, 16) and header.names is header.keys is None and not header.photographs)
        )
    )
    if not fine:
        raise BadArchive(N_("Line 1: the first line is not that of an archive of Forum."))
    return header


def _entries(lines: _Lines, header: _Header) -> list[Entry]:
    """The facts, proven one by one; then the holes, each of which a redaction must explain."""
    present: list[Entry] = []
    holes: list[Entry] = []
    chain = ""
    for seq in range(1, header.facts + 1):
        fact = lines.next(_Fact)
        entry = _entry(lines, fact, seq)
        try:
            chain = recompute((entry,), chain)
        except Damaged as error:
            raise lines.bad(
                N_("Line {line}: the chain breaks at fact {seq}. Something before was changed or lost."),
                seq=seq,
            ) from error
        (holes if entry.hash else present).append(entry)
    if chain != header.chain:
        raise lines.bad(N_("Line {line}: the history ends in another chain than the first line says."))
    return _filled(lines, present, holes)


def _entry(lines: _Lines, fact: _Fact, seq: int) -> Entry:
    body = (fact.body or "").encode()
    struck = fact.body is None
    right = (
        fact.seq == seq
        and OP.fullmatch(fact.op)
        and _is_hex(fact.chain, 16)
        and len(body) <= BODY_BYTES_MAX
        and (_is_hex(fact.hash, 40) if struck else not fact.hash)
    )
    if not right:
        raise lines.bad(N_("Line {line}: expected fact {seq}, found something else."), seq=seq)
    return Entry(seq, fact.op, body, fact.chain, fact.hash)


def _filled(lines: _Lines, present: list[Entry], holes: list[Entry]) -> list[Entry]:
    try:
        entries = whole(present)
    except Damaged as error:
        raise lines.bad(
            N_("Facts are missing that no erasure explains ({detail})."), detail=str(error)
        ) from error
    told = {(e.seq, e.op, e.chain, e.hash) for e in entries if e.hash}
    if told != {(e.seq, e.op, e.chain, e.hash) for e in holes}:
        raise lines.bad(N_("Facts are missing that no erasure explains ({detail})."), detail=len(holes))
    return entries


def _many(lines: _Lines, kind: type[T], count: int | None, fits: Callable[[T], str | None]) -> Iterator[T]:
    """Exactly ``count`` lines of a kind, in the order of the names that ``fits`` reads in them."""
    before = ""
    for _ in range(count or 0):
        found = lines.next(kind)
        name = fits(found)
        if name is None or name <= before:  # in order, so nothing twice
            raise lines.bad(N_("Line {line}: this cannot stand here."))
        before = name
        yield found


def _is_name(found: _Name) -> str | None:
    return (
        found.person
        if re.fullmatch(r"[A-Za-z0-9._-]{1,64}", found.person) and len(found.name) <= NAME_CHARS
        else None
    )


def _is_key(found: _Key) -> str | None:
    return found.key if _is_hex(found.key, 64) and len(found.record.encode()) <= RECORD_BYTES else None


def _is_picture(found: _Photograph) -> str | None:
    fits = re.fullmatch("[a-z0-9]{6,32}", found.photograph) and 0 < len(found.jpeg) <= PICTURE_BYTES
    return found.photograph if fits else None


def _is_hex(word: str, length: int) -> bool:
    return HEX[length].fullmatch(word) is not None
