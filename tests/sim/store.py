"""The store of a universe: what a Valkey server does with the commands we send, and a way to it that can fail.

``Valkey`` is a model of the server: the keys, and the rule of append.lua, one command at a time. ``SimCalls`` stands
where ``forum.journal.calls.Calls`` stands, so that the real ``Journal`` and the real ``Bells`` run over it.
``test_store_twin`` holds the model to a real server, on random sequences.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from hashlib import sha1
from typing import Any, Final

from redis.exceptions import ConnectionError as Cut
from redis.exceptions import OutOfMemoryError, ReadOnlyError, ResponseError

from forum.journal.calls import Calls, Pace, Reply, refusal
from forum.journal.contract import Unavailable, linked
from forum.journal.finding import Lone
from forum.journal.layout import Command, parse_url
from forum.journal.servers import Servers
from tests.sim.loop import MACHINE, Machine

REFUSING: Final[dict[str, Callable[[], ResponseError]]] = {
    "readonly": lambda: ReadOnlyError("You can't write against a read only replica."),
    "full": lambda: OutOfMemoryError("command not allowed when used memory > 'maxmemory'."),
    "busy": lambda: ResponseError("BUSY Valkey is busy running a script."),
    "misconf": lambda: ResponseError("MISCONF Errors writing to the AOF file: No space left"),
    "noreplicas": lambda: ResponseError("NOREPLICAS Not enough good replicas to write."),
}
WRITES: Final = frozenset({"FCALL", "HSET", "HDEL", "ZADD", "SET", "DEL", "SADD", "SREM"})
IDLE: Final = (
    b"aof_enabled:0\r\nrdb_last_bgsave_status:ok\r\n"  # it writes no file, so none is ever being written
)

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


class Way:
    """How calls and bells travel; ``tests.sim.weather`` has one that fails. Delays in seconds."""

    down = False
    refusing = ""

    def delay(self) -> float:
        return 0.0

    def strikes(self, fault: str) -> bool:
        """Say whether this fault happens now."""
        return False

    def bell(self) -> list[float]:
        """After how long a bell arrives, each time that it does."""
        return [0.0]


class StoreServer:
    """The server, its subscribers, and the way to it."""

    def __init__(self, valkey: Valkey, way: Way) -> None:
        self.valkey, self.way = valkey, way
        self.lines: list[BellLine] = []
        valkey.publish = self._publish

    def restart(self, *, lost: dict[bytes, int] | None = None) -> None:
        """A new life; every connection ends. ``lost``: facts by journal that are gone."""
        self.valkey.restart()
        for key, count in (lost or {}).items():
            self.valkey.lose(key, count)
        for line in list(self.lines):
            line.cut()

    def _publish(self, channel: bytes, text: bytes) -> None:
        for line in list(self.lines):
            if channel in line.channels:
                for delay in self.way.bell():
                    line.say((b"smessage", channel, text), delay)


class SimCalls(Calls):
    """One process's calls."""

    def __init__(self, server: StoreServer, pace: Pace) -> None:
        self._server, self._pace = server, pace

    async def many(self, commands: Sequence[Command], deadline: float | None = None) -> list[Reply]:
        loop, answer = asyncio.get_running_loop(), asyncio.get_running_loop().create_future()
        Exchange(self._server, commands, answer).send()
        until = deadline or loop.time() + self._pace.call_seconds
        late = loop.call_at(until, _fail, answer, Unavailable("timeout"))
        try:
            replies: list[Reply] = await asyncio.shield(answer)
        except Cut as error:
            raise refusal(error) from error
        finally:
            late.cancel()
        return replies

    def connection(self) -> "BellLine":
        return BellLine(self._server)

    async def aclose(self) -> None:
        """Nothing is open."""


class Exchange:
    """Commands on their way to the store, one after another, and their replies on the way back."""

    def __init__(self, server: StoreServer, commands: Sequence[Command], answer: asyncio.Future[Any]) -> None:
        self._server, self._commands, self._answer = server, deque(commands), answer
        self._caller = MACHINE.get()
        self._replies: list[Reply] = []
        self._life = server.valkey.life

    def send(self) -> None:
        way = self._server.way
        if way.strikes("request_lost"):
            return self._lose()
        _outside(self._step, way.delay())
        return None

    def _step(self) -> None:
        if self._server.way.down or self._life != self._server.valkey.life:
            return self._back(Cut("Connection closed by server."))
        command = self._commands.popleft()
        refusing = self._server.way.refusing
        if refusing and str(command[0]) in WRITES:
            self._replies.append(REFUSING[refusing]())
        else:
            self._replies.append(self._server.valkey.execute(command))
        if self._commands:
            _outside(self._step)
            return None
        if self._server.way.strikes("reply_lost"):
            return self._lose()
        return self._back(self._replies)

    def _lose(self) -> None:
        """Gone: the caller sees a cut connection, or nothing until its deadline."""
        if self._server.way.strikes("cut_is_seen"):
            self._back(Cut("Connection reset by peer"))

    def _back(self, outcome: Any) -> None:
        deliver = _fail if isinstance(outcome, Exception) else _give
        _on(self._caller, self._server.way.delay(), deliver, self._answer, outcome)


class BellLine:
    """A subscription's connection, as much of redis-py's as ``Bells`` uses."""

    def __init__(self, server: StoreServer) -> None:
        self._server = server
        self.channels: dict[bytes, None] = {}
        self.owner: Machine | None = None
        self.deaf = False  # a black hole: nothing goes through, nothing is refused
        self._heard: asyncio.Queue[Any] = asyncio.Queue()
        self._coming: deque[Any] = deque()
        self._answers: deque[tuple[Any, ...]] = deque()
        self._last_at = 0.0

    async def connect(self) -> None:
        await asyncio.sleep(self._server.way.delay())
        if self._server.way.down:
            raise Cut("Connection refused")
        self.owner = MACHINE.get()
        self._server.lines.append(self)

    def pack_commands(self, commands: list[Command]) -> list[Command]:
        return commands

    async def send_packed_command(self, commands: list[Command]) -> None:
        if self not in self._server.lines:
            raise Cut("Broken pipe")
        for command in () if self.deaf else commands:
            _outside(partial(self._obey, command), self._server.way.delay(), queue=self._coming)

    async def read_response(self, timeout: float) -> Any:  # noqa: ASYNC109  redis-py's name
        try:
            async with asyncio.timeout(timeout):
                said = await self._heard.get()
        except TimeoutError:
            return None
        if isinstance(said, Exception):
            raise said
        return said

    async def disconnect(self, **_how: bool) -> None:
        self._gone()

    def say(self, reply: tuple[Any, ...], delay: float) -> None:
        if not self.deaf:
            _on(self.owner, delay, self._heard.put_nowait, reply)

    def cut(self) -> None:
        """The connection ends, and its owner sees it."""
        self._gone()
        _on(self.owner, 0.0, self._heard.put_nowait, Cut("Connection closed by server."))

    def _gone(self) -> None:
        if self in self._server.lines:
            self._server.lines.remove(self)

    def _obey(self, command: Command) -> None:
        name, *words = (str(word) for word in command)
        if name == "SSUBSCRIBE":
            self.channels.update(dict.fromkeys(word.encode() for word in words))
        elif name == "SUNSUBSCRIBE":
            for word in words:
                self.channels.pop(word.encode(), None)
        if self.deaf:
            return
        # In order behind whatever was said before: the mark proves the subscriptions.
        loop = asyncio.get_running_loop()
        self._last_at = max(self._last_at, loop.time() + self._server.way.delay())
        kind = {"PING": b"pong"}.get(name, name.lower().encode())
        self._answers.append((kind, *(word.encode() for word in words), *([1] if name != "PING" else [])))
        _on(self.owner, self._last_at - loop.time(), self._answer)

    def _answer(self) -> None:
        self._heard.put_nowait(self._answers.popleft())


class SimServers(Servers):
    """One lone server, as far as a process knows."""

    def __init__(self, server: StoreServer, pace: Pace) -> None:
        super().__init__(parse_url("redis://store:6379"), pace, 0)
        self._finder = Lone("store:6379")
        self._only = SimCalls(server, pace)

    def calls(self, node: str) -> Calls:
        return self._only


def _outside(what: Callable[[], object], delay: float = 0.0, queue: deque[Any] | None = None) -> None:
    """Let it happen in the world, whoever asked may be dead by then; with a ``queue``, in order."""
    if queue is not None:
        queue.append(what)
        _on(None, delay, _next_of, queue)
    else:
        _on(None, delay, what)


def _next_of(queue: deque[Any]) -> None:
    queue.popleft()()


def _on(machine: Machine | None, delay: float, what: Callable[..., object], *args: Any) -> None:
    loop = asyncio.get_running_loop()
    context = machine.context if machine else OUTSIDE.context
    if delay > 0:
        loop.call_later(delay, what, *args, context=context)
    else:
        loop.call_soon(what, *args, context=context)


def _give(answer: asyncio.Future[Any], outcome: Any) -> None:
    if not answer.done():
        answer.set_result(outcome)


def _fail(answer: asyncio.Future[Any], error: Exception) -> None:
    if not answer.done():
        answer.set_exception(error)


OUTSIDE: Final = Machine("the world")
