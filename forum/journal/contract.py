"""The words of the journal: heads, entries, the chain, struck entries, key names and what can go wrong.

Pure: no I/O. Everything here is part of the public face of ``forum.journal``; the names of the
keys are the one place where a key is built, and no key is ever built from an unchecked code.
"""

import re
from collections.abc import Iterable, Sequence
from hashlib import sha1
from typing import Final, NamedTuple

import msgspec

from forum.domain.keeping import Struck

CODE_LETTERS: Final = "ABCDEFGHJKMNPQRSTVWXYZ23456789"  # nothing that is misread from the last row
CODE_LENGTH: Final = 6
SECRET_BYTES: Final = 32  # of a secret of the server
BATCH_FACTS_MAX: Final = 1024  # the store serves nobody else meanwhile: about 5 ms
BODY_BYTES_MAX: Final = 256 * 1024
CHAIN_LENGTH: Final = 16
RESERVED: Final = frozenset(
    {"gen", "seq", "chain", "rid"}
)  # fields of a head, never of what is known beside it
MOVED: Final = ("moved", "moved_at")  # of what is known beside it: where it goes on, and since when

_ADDRESS: Final = re.compile(r"https?://([a-z0-9._-]{1,253}|\[[0-9a-f:.]{2,45}\])(:[0-9]{1,5})?")
_CODE: Final = re.compile(f"[{CODE_LETTERS}]{{{CODE_LENGTH}}}")
_OP: Final = re.compile(r"[!-~]{1,128}:[0-9]{1,15}")  # printable, so never the chain's separator


class Head(NamedTuple):
    """Where a journal ends: also the token by which a reader proves what it has read."""

    gen: int  # the store's life, raised after every restart, restore or failover
    seq: int  # number of the last fact; 0 before the first
    chain: str  # identifies the whole history up to that fact; "" before the first

    def __str__(self) -> str:
        return f"{self.gen} {self.seq} {self.chain}"


class Entry(NamedTuple):
    """One fact as the store keeps it."""

    seq: int
    op: str  # "cid:n", whose doing this is
    body: bytes
    chain: str
    hash: str = ""  # of the body that stood here before it was struck; ``body`` is what is left of it then


class Move(NamedTuple):
    """Where a forum goes on, and since when."""

    address: str  # scheme, host and port
    at: int  # ms since the epoch; 0: what was here is deleted, and only the address is left


class ForumRecord(NamedTuple):
    """One line of the index of forums."""

    code: str
    created: int  # ms since the epoch


class Conflict(Exception):
    """Somebody appended first, or the store has a new life. Read on from ``head``, decide again."""

    def __init__(self, head: Head) -> None:
        super().__init__(str(head))
        self.head = head


class Unavailable(Exception):
    """The store did not do it, or did not say so: the outcome of a write may be unknown.

    ``reason`` is one of: ``away`` (no connection), ``timeout``, ``full`` (memory or disk),
    ``readonly`` (a replica), ``noreplicas``, ``busy`` (too many calls, or a slow script),
    ``misconf`` (the store refuses because saving failed), ``denied`` (its access rules),
    ``refused`` (anything else it said; ``detail`` has its words, for the log only).
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail


class NoForum(Exception):
    """No forum has this code. Nothing but ``create`` makes one."""


class Taken(Exception):
    """A forum with this code exists already."""


class MovedAway(Exception):
    """This forum goes on at another address (``Journal.moved``): its journal here takes nothing any more."""

    def __init__(self, forum: str, address: str) -> None:
        super().__init__(f"{forum}: {address}")
        self.forum = forum
        self.address = address  # scheme, host and port


class Damaged(Exception):
    """This journal cannot be explained: a hole, a foreign entry, a wrong type, a broken chain.

    Freeze the forum (readable, not writable) and say so; never create it again.
    """


def is_code(text: str) -> bool:
    """Tell whether ``text`` can be the code of a forum at all."""
    return _CODE.fullmatch(text) is not None


def is_address(text: str) -> bool:
    """Tell whether ``text`` can be where a forum goes on: scheme, host and port, of signs that mean nothing in a page's policy."""
    return _ADDRESS.fullmatch(text) is not None


def parse_head(text: str) -> Head:
    """Read what ``str(head)`` wrote; ValueError if it is something else."""
    gen, seq, chain = text.split(" ")
    return Head(int(gen), int(seq), chain)


def head_of(words: Sequence[bytes | None]) -> Head:
    """Read a head from the store's three words; Damaged when they are not one."""
    try:
        gen, seq, chain = (word.decode() for word in words if word is not None)
        return Head(int(gen), int(seq), chain)
    except ValueError:
        raise Damaged(f"not a head: {words}") from None


def linked(chain: str, seq: int, op: str, body: bytes) -> str:
    """Return the chain after fact ``seq``. Covers the body's hash, so that a text can be struck."""
    return _linked(chain, seq, op, body_hash(body))


def body_hash(body: bytes) -> str:
    """What the chain covers of a body, and what stays of it when it is struck."""
    return _sha1(body)


def _linked(chain: str, seq: int, op: str, hash_: str) -> str:
    return _sha1(f"{chain}\n{seq}\n{op}\n{hash_}".encode())[:CHAIN_LENGTH]


def _sha1(text: bytes) -> str:
    # The only hash the store's own language offers. It guards against accidents, not against its operator.
    return sha1(text, usedforsecurity=False).hexdigest()


def recompute(entries: Iterable[Entry], chain: str = "") -> str:
    """Return the chain after ``entries``, proving that they continue the history that ended in ``chain``.

    A struck entry is proven by the hash that its body had. Damaged at the first entry whose own
    chain differs. About 2 µs an entry.
    """
    for entry in entries:
        chain = _linked(chain, entry.seq, entry.op, entry.hash or _sha1(entry.body))
        if chain != entry.chain:
            raise Damaged(f"the chain breaks at fact {entry.seq}")
    return chain


# --- entries that were struck, so that a person's words are gone and the chain still proves the rest

REDACTION: Final = "redact-"  # how the ops begin whose facts may explain holes


class _Redaction(msgspec.Struct):
    k: str
    struck: tuple[Struck, ...] = ()


class _RedactionBody(msgspec.Struct):
    f: _Redaction


_REDACTIONS: Final = msgspec.json.Decoder(_RedactionBody)


def is_redaction(entry: Entry) -> bool:
    """Say whether an entry explains holes: the one thing the journal reads in a body, and only behind such an op."""
    return entry.op.startswith(REDACTION) and _redaction(entry).k == "Redacted"


def struck_by(entry: Entry) -> tuple[Struck, ...]:
    """What an entry says was struck before it. Empty unless it is a redaction; Damaged when one cannot be read."""
    return _redaction(entry).struck if is_redaction(entry) else ()


def _redaction(entry: Entry) -> _Redaction:
    try:
        return _REDACTIONS.decode(entry.body).f
    except msgspec.MsgspecError as error:
        raise Damaged(f"the redaction {entry.seq} cannot be read: {error}") from error


def whole(found: Sequence[Entry], after: int = 0) -> list[Entry]:
    """Return ``found`` with its holes filled: what is left of each struck entry stands in its place.

    found  the entries that are there after number ``after``, in order, to the end of the journal

    The only permitted hole is one that a later redaction names; Damaged for any other. An entry
    that is named and still there, as after a restore, counts as struck.
    """
    struck = {s.seq: s for entry in found for s in struck_by(entry) if after < s.seq < entry.seq}
    if not struck and (not found or found[-1].seq - after == len(found)):
        return list(found)
    entries: list[Entry] = []
    present = {entry.seq: entry for entry in found}
    for seq in range(after + 1, found[-1].seq + 1 if found else after + 1):
        if seq in struck:
            entries.append(left_of(struck[seq]))
        elif seq in present:
            entries.append(present[seq])
        else:
            raise Damaged(f"fact {seq} is missing, and no redaction explains it")
    return entries


def left_of(struck: Struck) -> Entry:
    """The entry that stands in the place of a struck one."""
    return Entry(struck.seq, struck.op, struck.husk.encode(), struck.chain, struck.hash)


def check_batch(batch: Iterable[tuple[str, bytes]]) -> list[str | bytes]:
    """Flatten a batch for the store function; ValueError when it is not one (a mistake of ours)."""
    flat: list[str | bytes] = []
    for op, body in batch:
        if _OP.fullmatch(op) is None:
            raise ValueError(f"expected an op like cid:n, got {op!r}")
        if len(body) > BODY_BYTES_MAX:
            raise ValueError(f"expected a body of at most {BODY_BYTES_MAX} bytes, got {len(body)}")
        flat += (op, body)
    if len(flat) > 2 * BATCH_FACTS_MAX:
        raise ValueError(f"expected at most {BATCH_FACTS_MAX} facts, got {len(flat) // 2}")
    return flat


# --- keys: one hash tag per forum, so that a forum also fits one slot of a Cluster

INDEX_KEY: Final = "forums:index"
KEEP: Final = (
    "keep"  # not a code: begins the name of the constant channel, and of the journals that start-up tries
)
KEEP_BELL: Final = "{keep}:bell"


def keep_names(tag: str) -> tuple[str, str, str]:
    """Head, journal and channel of the rehearsal by this tag."""
    return f"{{{tag}}}:m", f"{{{tag}}}:j", f"{{{tag}}}:bell"


def head_key(code: str) -> str:
    return _key(code, "m")


def journal_key(code: str) -> str:
    return _key(code, "j")


def names_key(code: str) -> str:
    return _key(code, "p")


def keys_key(code: str) -> str:
    return _key(code, "k")


def fresh_key(code: str) -> str:
    return _key(code, "t")


def arrivals_key(code: str, span: int) -> str:
    return _key(code, f"a{span}")


def nearby_key(code: str) -> str:
    return _key(code, "n")


def upload_key(code: str, person: str) -> str:
    if re.fullmatch(r"[A-Za-z0-9._-]{1,64}", person) is None:
        raise ValueError(f"expected a person's id, got {person!r}")
    return _key(code, f"u:{person}")


def uploads_key(code: str) -> str:
    return _key(code, "u")


def pictures_key(code: str) -> str:
    return _key(code, "f")


def pictures_since_key(code: str) -> str:
    return _key(code, "fs")


def bell_channel(code: str) -> str:
    return _key(code, "bell")


def forum_of_channel(channel: str) -> str:
    return channel[1 : channel.index("}")]


PURGED_KEY: Final = "forum:purged"  # codes of forums that were deleted on purpose
MOVED_KEY: Final = (
    "forum:moved"  # code → address, of forums that moved and of which nothing else is left here
)
REWRITE_KEY: Final = (
    "forum:rewrite"  # "code token": one for each deed whose traces are still in the store's files
)
NAME_ONLY: Final = "name"  # a third word of those that left no trace in the journal itself
TRACES_KEY: Final = "forum:traces"  # why the files could not be written anew the last time


def secret_key(name: str) -> str:
    return f"forum:secret:{_plain(name)}"


def turn_key(what: str) -> str:
    return f"forum:turn:{_plain(what)}"


def _plain(name: str) -> str:
    if re.fullmatch(r"[a-z][a-z0-9-]{0,63}", name) is None:
        raise ValueError(f"expected a name of small letters, digits and dashes, got {name!r}")
    return name


def _key(code: str, kind: str) -> str:
    if not is_code(code):
        raise NoForum(code)
    return f"{{{code}}}:{kind}"
