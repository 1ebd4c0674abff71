"""The journal of facts: append, read, and what is kept beside it. The only door to the store.

Hides Redis: key names, the store function, numbering, the chain, connections. Knows no rule of the
product and never looks into a body. It must never retry a write by itself, never create a forum
but in ``create``, never trim a journal; what is struck or deleted, and how, is in ``keeping``.

Theory of operation. A journal is one stream; its head (gen, seq, chain) lies in a hash beside it.
``append`` is one call of a function that runs alone in the store: it compares the head the batch
was decided on with the real one, and only when they are equal adds the facts with explicit ids,
extends the chain and rings the bell. So a batch goes in whole or not at all, at most once, and only
on the history it was decided on. When no answer came, the outcome is unknown: read on from the last
known fact, and decide again what is not there. When the store has a new life (restart, restore,
failover) the function raises ``gen`` first, so whatever was decided before meets a Conflict.
"""

import asyncio
import secrets
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from redis.exceptions import ResponseError

from forum.journal import contract
from forum.journal.arrivals import Arrivals
from forum.journal.bells import Bells
from forum.journal.calls import FunctionMissing, Reply, refusal
from forum.journal.condition import Condition, condition
from forum.journal.contract import (
    Damaged,
    Entry,
    ForumRecord,
    Head,
    Move,
    NoForum,
    Taken,
    Unavailable,
    head_of,
    is_code,
)
from forum.journal.durability import Durability, durability
from forum.journal.keeping import Keeping
from forum.journal.layout import Word
from forum.journal.library import Library
from forum.journal.nearby import Nearby
from forum.journal.photographs import Photographs
from forum.journal.problems import StoreProblem
from forum.journal.servers import Servers
from forum.journal.uploads import Uploads

PAGE_ENTRIES: Final = 5_000  # of one XRANGE: about 2 MB, some ms of the store's only thread
HEADS_BATCH: Final = 500  # forums asked in one exchange


class Journal:
    """One per process, from ``open_journal``. Safe for concurrent use by any number of tasks.

    Every method may raise Unavailable; those that take a forum's code raise NoForum for what cannot
    be one. Unless stated, a method is one round trip.
    """

    def __init__(self, calls: Servers, library: Library, bells: Bells, embedded: Path | None) -> None:
        self._calls = calls
        self._library = library
        self._embedded = embedded
        self.bells: Final = bells
        self.keeping: Final = Keeping(calls, library, embedded)
        self.arrivals: Final = Arrivals(calls)
        self.nearby: Final = Nearby(calls)
        self.uploads: Final = Uploads(calls)
        self.photographs: Final = Photographs(calls)

    # --- facts

    async def create(self, forum: str, batch: Sequence[tuple[str, bytes]], meta: Mapping[str, str]) -> Head:
        """Make a forum with its first facts; nothing else makes one.

        batch  1..n facts as (op, body), as for ``append``
        meta   what is known of the forum without reading it; ``created`` (ms since the epoch)
               is added when it is missing

        The same call sent again (its answer was lost) returns the forum's present head.
        Taken when another forum has the code. Two round trips.
        """
        if not is_code(forum):
            raise ValueError(f"expected the code of a forum, got {forum!r}")
        if not batch or contract.RESERVED & meta.keys():
            raise ValueError(f"expected a first fact, and no meta called {sorted(contract.RESERVED)}")
        facts = contract.check_batch(batch)
        fields = {"created": str(time.time_ns() // 1_000_000), **meta}
        # The index first: a line without a forum is harmless, a forum without a line would be lost.
        await self._calls.write("ZADD", contract.INDEX_KEY, "NX", int(fields["created"]), forum)
        return await self._create(forum, facts, fields)

    async def append(self, forum: str, expected: Head, batch: Sequence[tuple[str, bytes]]) -> Head:
        """Add facts after ``expected``, all or none, and return the new head: they are on disk then.

        batch  (op, body) per fact; op is "cid:n", unique to the command that caused it. An empty
               batch writes nothing and confirms the head, in the store's present life.

        Conflict(head) when the journal does not end at ``expected`` in this gen: nothing was added. MovedAway when the
        forum goes on elsewhere: nothing is added here any more.
        Unavailable when the store did not do it *or did not say so*: read on to find out. NoForum
        when the forum is gone. Damaged when head and journal contradict each other.
        """
        return await self._library.at("forum_append", forum, expected, contract.check_batch(batch))

    async def read(self, forum: str, after: int = 0) -> list[Entry]:
        """Return the facts after number ``after``, to the end, without a hole.

        Of those that were struck, what is left: see ``contract.whole``.
        Whoever continues a history proves it by ``recompute(entries, chain)``; this only checks
        that numbers follow each other and that the list reaches the head. One round trip per
        5,000 facts, about 5 µs a fact. Empty when there is nothing newer. NoForum; Damaged.
        """
        head_reply, page = await self._first_page(forum, after)
        found = _entries(page)
        while len(page) == PAGE_ENTRIES:
            page = await self._page(forum, found[-1].seq)
            found += _entries(page)
        entries = contract.whole(found, after)
        _check_reach(forum, after, entries, head_of(head_reply))
        return entries

    async def purged(self, forum: str) -> bool:
        """Say whether a forum that is not there was deleted on purpose, and not lost."""
        return bool(await self._calls.one("SISMEMBER", contract.PURGED_KEY, forum))

    async def entries(self, forum: str, numbers: Iterable[int]) -> dict[int, Entry]:
        """Return these facts, those that lie there: one that was struck does not. One exchange, whatever is asked.

        What is left of a struck one stands in the redaction after it, which a state remembers (``State.struck``).
        """
        wanted = sorted(set(numbers))
        if not wanted:
            return {}
        name = contract.journal_key(forum)
        replies = await self._calls.many([("XRANGE", name, f"{n}-0", f"{n}-0") for n in wanted])
        found: dict[int, Entry] = {}
        for number, reply in zip(wanted, replies, strict=True):
            if isinstance(reply, ResponseError):
                raise refusal(reply) from reply
            for entry in _entries(reply):
                found[number] = entry
        return found

    async def as_it_lies(self, forum: str) -> tuple[Head | None, list[tuple[str, dict[bytes, bytes]]]]:
        """Return a journal without believing anything of it: its head, and every entry's id and fields, in order.

        For an audit only: unlike ``read`` it finds nothing wrong. None for a head that is none.
        """
        head = await self.head(forum)
        found: list[tuple[str, dict[bytes, bytes]]] = []
        after = "-"
        while True:
            asked = ("XRANGE", contract.journal_key(forum), after, "+", "COUNT", PAGE_ENTRIES)
            page: list[Reply] = await self._calls.one(*asked)
            found += [
                (_text(name), dict(zip(fields[::2], fields[1::2], strict=False))) for name, fields in page
            ]
            if len(page) < PAGE_ENTRIES:
                return head, found
            after = f"({_text(page[-1][0])}"

    async def head(self, forum: str) -> Head | None:
        """Return where a journal ends; None when there is none, or when its head is not one of ours."""
        return (await self.heads([forum]))[forum]

    async def heads(self, forums: Iterable[str]) -> dict[str, Head | None]:
        """Return where journals end, as ``head``. One round trip per 500 forums.

        Forums on a server that is away are left out; Unavailable when that is every one.
        """
        found: dict[str, Head | None] = dict.fromkeys(forums)
        codes = [code for code in found if is_code(code)]
        for start in range(0, len(codes), HEADS_BATCH):
            part = codes[start : start + HEADS_BATCH]
            replies = await self._calls.many([_ask_head(code) for code in part])
            for code, reply in zip(part, replies, strict=True):
                if isinstance(reply, Unavailable):
                    del found[code]
                else:
                    found[code] = _head_or_none(reply)
        return found

    async def forums(self) -> list[ForumRecord]:
        """Return every forum, oldest first. Two round trips. Unavailable when not all are known."""
        flat: list[bytes] = await self._calls.one("ZRANGE", contract.INDEX_KEY, 0, -1, "WITHSCORES")
        records = [
            ForumRecord(code.decode(), int(float(created)))
            for code, created in zip(flat[::2], flat[1::2], strict=True)
        ]
        # A creation that failed leaves a line behind; only what has a head is a forum.
        heads = await self.heads(record.code for record in records)
        if len(heads) < len(records):
            raise Unavailable("away", "a server that keeps some of the forums")
        return [record for record in records if heads[record.code] is not None]

    async def meta(self, forum: str) -> dict[str, str]:
        """Return what the forum was created with, ``created`` included. NoForum."""
        fields = _text_pairs(await self._calls.one("HGETALL", contract.head_key(forum)))
        if not fields:
            raise NoForum(forum)
        return {name: value for name, value in fields.items() if name not in contract.RESERVED}

    async def moved(self, forum: str) -> Move | None:
        """Return where a forum goes on that is no longer here, also when nothing else of it is left; None for all others.

        Two round trips where it was not moved.
        """
        address, at = await self._calls.one("HMGET", contract.head_key(forum), *contract.MOVED)
        if address:
            return Move(_text(address), int(at or 0))
        left: bytes | None = await self._calls.one("HGET", contract.MOVED_KEY, forum)
        return Move(_text(left), 0) if left else None

    # --- names of people: outside the journal, so that they can be erased

    async def names(self, forum: str) -> dict[str, str]:
        """Return the display name of each person who gave one."""
        return _text_pairs(await self._calls.one("HGETALL", contract.names_key(forum)))

    async def set_name(self, forum: str, person: str, name: str) -> None:
        await self._calls.write("HSET", contract.names_key(forum), person, name)

    async def erase_name(self, forum: str, person: str) -> None:
        """Erase a name for good; nothing happens when there is none."""
        await self._calls.write("HDEL", contract.names_key(forum), person)

    # --- capabilities: by the SHA-256 (hex) of a secret that is kept nowhere

    async def put_key(self, forum: str, digest: str, record: bytes) -> None:
        """Keep the caller's opaque record under a secret's digest; an older one is replaced."""
        await self._calls.write("HSET", contract.keys_key(forum), _digest(digest), record)

    async def replace_key(self, forum: str, digest: str, before: bytes, after: bytes) -> bool:
        """Put a record in the place of the one that was read; False when that no longer stands there."""
        arguments: list[Word] = [_digest(digest), before, after]
        answer = await self._library.call("forum_replace", forum, arguments, beside=True)
        return answer[0] == b"ok"

    async def key(self, forum: str, digest: str) -> bytes | None:
        record: bytes | None = await self._calls.one("HGET", contract.keys_key(forum), _digest(digest))
        return record

    async def keys(self, forum: str) -> dict[str, bytes]:
        """Return every record by its digest."""
        flat: list[bytes] = await self._calls.one("HGETALL", contract.keys_key(forum))
        return {name.decode(): record for name, record in zip(flat[::2], flat[1::2], strict=True)}

    async def keys_of(self, forum: str, digests: Sequence[str]) -> dict[str, bytes]:
        """Return the records of those of these digests that have one."""
        if not digests:
            return {}
        found = await self._calls.one("HMGET", contract.keys_key(forum), *map(_digest, digests))
        return {name: record for name, record in zip(digests, found, strict=True) if record is not None}

    async def drop_key(self, forum: str, digest: str) -> None:
        await self._calls.write("HDEL", contract.keys_key(forum), _digest(digest))

    # --- the server as a whole

    async def secret(self, name: str) -> bytes:
        """Return the 32 random bytes of this name, the same for every process; made when first asked.

        StoreProblem when others stand there: with an empty secret anybody could make what only the server should.
        """
        fresh, key = secrets.token_bytes(contract.SECRET_BYTES), contract.secret_key(name)
        kept: bytes | None = await self._calls.write("SET", key, fresh, "NX", "GET")
        if kept is not None and len(kept) != contract.SECRET_BYTES:
            raise StoreProblem("no_secret", key=key, bytes=str(len(kept)))
        return fresh if kept is None else kept

    async def ping(self) -> float:
        """Return how long the store took to answer, in ms; of several servers, the slowest."""
        started = time.perf_counter()
        await asyncio.gather(*(calls.one("PING") for _, calls in self._calls.primaries()))
        return (time.perf_counter() - started) * 1000

    async def writable(self) -> float:
        """Prove, without writing, that facts would be taken now; return how long the answer took, in ms.

        Unavailable, with the reason, when not.
        """
        started = time.perf_counter()
        try:
            await self._library.prove_writable()
        except FunctionMissing:
            await self._library.load()
        return (time.perf_counter() - started) * 1000

    async def condition(self) -> Condition:
        """Say how the store is doing: memory, disk. One round trip."""
        return await condition(self._calls, self._embedded)

    async def durability(self) -> Durability:
        """Say what the store really gives. Three round trips and, embedded, some fsyncs in a thread."""
        return await durability(self._calls, self._embedded)

    # --- inside

    async def _create(self, forum: str, facts: Sequence[Word], fields: Mapping[str, str]) -> Head:
        flat = [word for pair in fields.items() for word in pair]
        answer = await self._library.call(
            "forum_create", forum, [contract.bell_channel(forum), len(fields), *flat, *facts]
        )
        match answer[0]:
            case b"ok":
                return head_of(answer[1:])
            case b"taken":
                raise Taken(forum)
            case _:
                raise Damaged(f"{forum}: {_text(answer[1])}")

    async def _first_page(self, forum: str, after: int) -> tuple[Reply, list[Reply]]:
        if after < 0:
            raise ValueError(f"expected the number of a fact, got {after}")
        # In this order, so that the page is never older than the head it must reach.
        head, page = await self._calls.many([_ask_head(forum), _ask_page(forum, after)])
        for reply in (head, page):
            if isinstance(reply, ResponseError):
                raise refusal(reply) from reply
        if head == [None, None, None]:
            raise NoForum(forum)
        return head, page

    async def _page(self, forum: str, after: int) -> list[Reply]:
        page: list[Reply] = await self._calls.one(*_ask_page(forum, after))
        return page


# --- replies


def _ask_head(forum: str) -> tuple[Word, ...]:
    return "HMGET", contract.head_key(forum), "gen", "seq", "chain"


def _ask_page(forum: str, after: int) -> tuple[Word, ...]:
    return "XRANGE", contract.journal_key(forum), f"({after}-0", "+", "COUNT", PAGE_ENTRIES


def _head_or_none(reply: Reply) -> Head | None:
    if isinstance(reply, ResponseError):
        error = refusal(reply)
        if isinstance(error, Damaged):
            return None
        raise error from reply
    try:
        return head_of(reply)
    except Damaged:
        return None


def _entries(page: list[Reply]) -> list[Entry]:
    """Turn a page of the stream into entries, in order but perhaps with holes; Damaged if it is not that."""
    entries = []
    for name, fields in page:
        seq, _, rest = name.partition(b"-")
        if rest != b"0":
            raise Damaged(f"expected a fact, found {_text(name)}")
        if len(fields) != 6 or fields[::2] != [b"o", b"b", b"c"]:
            raise Damaged(f"fact {_text(seq)} is not an entry of ours")
        entries.append(Entry(int(seq), fields[1].decode(), fields[3], fields[5].decode()))
    return entries


def _check_reach(forum: str, after: int, entries: list[Entry], head: Head) -> None:
    if head.seq <= after:  # nothing newer, or the store lost its tail: the caller compares heads
        return
    if not entries or entries[-1].seq < head.seq:
        raise Damaged(f"{forum}: the journal ends before its head, {head.seq}")
    if entries[head.seq - after - 1].chain != head.chain:
        raise Damaged(f"{forum}: the chain at {head.seq} is not that of the head")


def _text_pairs(flat: list[bytes]) -> dict[str, str]:
    return {name.decode(): value.decode() for name, value in zip(flat[::2], flat[1::2], strict=True)}


def _text(word: bytes) -> str:
    return word.decode("utf-8", "replace")


def _digest(digest: str) -> str:
    if len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
        raise ValueError("expected a SHA-256 in hexadecimal")  # perhaps the secret itself: not repeated here
    return digest
