"""A model of the store's server: the keys, and the rule of append.lua, one command at a time, whole or not at all.

``test_store_twin`` holds the model to a real server, on random sequences.
"""

import asyncio
from collections.abc import Callable, Sequence
from hashlib import sha1
from typing import Final

from forum.journal.calls import Reply
from forum.journal.contract import linked
from forum.journal.layout import Command

# It writes no file, so none is ever being written.
IDLE: Final = b"aof_enabled:0\r\nrdb_last_bgsave_status:ok\r\n"

Appended = Callable[[str, list[tuple[int, bytes, bytes, bytes]], list[bytes]], None]
"""Journal key, new entries (seq, op, body, chain), the new head (gen, seq, chain)."""


def _word(word: str | bytes | int) -> bytes:
    return word if isinstance(word, bytes) else str(word).encode()


class Valkey:
    """A server's data and what it does at once, whole or not at all."""

    def __init__(self) -> None:
        self.hashes: dict[bytes, dict[bytes, bytes]] = {}
        self.streams: dict[bytes, list[tuple[int, bytes, bytes, bytes]]] = {}  # seq, op, body, chain
        self.sorted: dict[bytes, dict[bytes, int]] = {}
        self.texts: dict[bytes, bytes] = {}
        self.ends: dict[bytes, float] = {}  # when a text ends by itself, of the loop's clock
        self.sets: dict[bytes, set[bytes]] = {}
        self.life = b"life1"  # its run id
        self.conflicts = 0
        self._commands: dict[str, Callable[..., Reply]] = {
            "PING": self._ping, "HGET": self._hget, "HMGET": self._hmget, "HGETALL": self._hgetall,
            "HSET": self._hset, "HDEL": self._hdel, "ZADD": self._zadd, "ZRANGE": self._zrange, "SET": self._set,
            "XRANGE": self._xrange, "FCALL": self._fcall, "GET": self._get, "DEL": self._del, "SADD": self._sadd,
            "SREM": self._srem, "SMEMBERS": self._smembers, "INFO": lambda *_: IDLE, "BGSAVE": lambda: b"OK",
        }  # fmt: skip
        self.publish: Callable[[bytes, bytes], None] = lambda _channel, _text: None
        self.appended: Appended = lambda _key, _entries, _head: None

    def restart(self) -> None:
        """A new life with the same data."""
        self.life = b"life%d" % (int(self.life[4:]) + 1)

    def lose(self, key: bytes, count: int) -> None:
        """The last ``count`` facts of a journal never reached the disk."""
        kept = self.streams[key][:-count] if count else self.streams[key]
        self.streams[key] = kept
        self.hashes[key[:-1] + b"m"] |= {b"seq": b"%d" % len(kept), b"chain": kept[-1][3]}

    def execute(self, command: Command) -> Reply:
        """A reply; an error is a ResponseError value."""
        name, *args = command
        return self._commands[str(name)](*(_word(word) for word in args))

    def _ping(self) -> Reply:
        return b"PONG"

    def _hget(self, key: bytes, field: bytes) -> Reply:
        return self.hashes.get(key, {}).get(field)

    def _hmget(self, key: bytes, *fields: bytes) -> Reply:
        return [self.hashes.get(key, {}).get(field) for field in fields]

    def _hgetall(self, key: bytes) -> Reply:
        return [word for pair in self.hashes.get(key, {}).items() for word in pair]

    def _hset(self, key: bytes, *pairs: bytes) -> Reply:
        self.hashes.setdefault(key, {}).update(zip(pairs[::2], pairs[1::2], strict=True))
        return len(pairs) // 2

    def _hdel(self, key: bytes, field: bytes) -> Reply:
        return int(self.hashes.get(key, {}).pop(field, None) is not None)

    def _zadd(self, key: bytes, _nx: bytes, score: bytes, member: bytes) -> Reply:
        return int(self.sorted.setdefault(key, {}).setdefault(member, int(score)) == int(score))

    def _zrange(self, key: bytes, *_all: bytes) -> Reply:
        found = sorted(self.sorted.get(key, {}).items(), key=lambda item: (item[1], item[0]))
        return [word for member, score in found for word in (member, b"%d" % score)]

    def _set(self, key: bytes, text: bytes, *how: bytes) -> Reply:
        before = self._get(key)
        keeps = b"NX" in how and before is not None
        if not keeps:
            self.texts[key] = text
            self.ends.pop(key, None)
            if b"EX" in how:
                self.ends[key] = asyncio.get_running_loop().time() + int(how[how.index(b"EX") + 1])
        if b"GET" in how:
            return before
        return None if keeps else b"OK"

    def _get(self, key: bytes) -> Reply:
        if key in self.ends and self.ends[key] <= asyncio.get_running_loop().time():
            self._del(key)
        return self.texts.get(key)

    def _del(self, *keys: bytes) -> Reply:
        for key in keys:
            self.ends.pop(key, None)
        return sum(self.texts.pop(key, None) is not None for key in keys)

    def _sadd(self, key: bytes, member: bytes) -> Reply:
        self.sets.setdefault(key, set()).add(member)
        return 1

    def _srem(self, key: bytes, *members: bytes) -> Reply:
        self.sets.get(key, set()).difference_update(members)
        return len(members)

    def _smembers(self, key: bytes) -> Reply:
        return sorted(self.sets.get(key, ()))

    def _xrange(self, key: bytes, start: bytes, _end: bytes, _count: bytes, most: bytes) -> Reply:
        after = int(start[1:].split(b"-")[0])
        found = self.streams.get(key, [])[after : after + int(most)]
        return [[b"%d-0" % s, [b"o", op, b"b", body, b"c", chain]] for s, op, body, chain in found]

    def _fcall(self, function: bytes, keys: bytes, head: bytes, journal: bytes, *words: bytes) -> Reply:
        beside, argv = words[: int(keys) - 2], words[int(keys) - 2 :]
        if function == b"forum_strike":
            return self._forum_strike(head, journal, beside[0], *argv)
        known = {b"forum_append": self._forum_append, b"forum_create": self._forum_create}
        return known[function](head, journal, *argv)

    def _forum_append(
        self, head: bytes, journal: bytes, channel: bytes, gen: bytes, seq: bytes, chain: bytes, *facts: bytes
    ) -> Reply:
        kept = self.hashes.get(head)
        if kept is None:
            return [b"absent"]
        if kept[b"rid"] != self.life:
            kept |= {b"gen": b"%d" % (int(kept[b"gen"]) + 1), b"rid": self.life}
        real = [kept[b"gen"], kept[b"seq"], kept[b"chain"]]
        if real != [gen, seq, chain]:
            self.conflicts += 1
            return [b"conflict", *real]
        return self._written(head, journal, channel, facts) if facts else [b"ok", *real]

    def _forum_strike(
        self, head: bytes, journal: bytes, names: bytes, channel: bytes, gen: bytes, seq: bytes, chain: bytes,
        people: bytes, count: bytes, *facts: bytes,
    ) -> Reply:  # fmt: skip
        """Of names only: nobody in a universe has words struck."""
        if count != b"0":
            raise NotImplementedError("expected that only names are erased")
        at = self._forum_append(head, journal, channel, gen, seq, chain)
        if at[0] != b"ok":
            return at
        for person in people.split():
            self._hdel(names, person)
        return self._written(head, journal, channel, facts)

    def _forum_create(
        self, head: bytes, journal: bytes, channel: bytes, fields: bytes, *argv: bytes
    ) -> Reply:
        meta, facts = argv[: 2 * int(fields)], argv[2 * int(fields) :]
        kept = self.hashes.get(head)
        if kept is not None:
            first = self.streams[journal][0][3]
            mine = first == linked("", 1, facts[0].decode(), facts[1]).encode()
            return [b"ok" if mine else b"taken", kept[b"gen"], kept[b"seq"], kept[b"chain"]]
        self.hashes[head] = {b"gen": b"1", b"seq": b"0", b"chain": b"", b"rid": self.life}
        self._hset(head, *meta)
        return self._written(head, journal, channel, facts)

    def _written(self, head: bytes, journal: bytes, channel: bytes, facts: Sequence[bytes]) -> Reply:
        kept, stream = self.hashes[head], self.streams.setdefault(journal, [])
        seq, chain = int(kept[b"seq"]), kept[b"chain"]
        fresh = []
        for op, body in zip(facts[::2], facts[1::2], strict=True):
            seq += 1
            whole = b"%s\n%d\n%s\n%s" % (chain, seq, op, sha1(body).hexdigest().encode())
            chain = sha1(whole).hexdigest()[:16].encode()
            fresh.append((seq, op, body, chain))
        stream += fresh
        kept |= {b"seq": b"%d" % seq, b"chain": chain}
        at = [kept[b"gen"], kept[b"seq"], chain]
        self.appended(journal.decode(), fresh, at)
        self.publish(channel, b" ".join(at))
        return [b"ok", *at]
