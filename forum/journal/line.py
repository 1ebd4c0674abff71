"""A line: the subscription on one server, connected again for ever.

Hides the connection. redis-py's pub/sub never notices a dead peer, so this one has its own ping and its own
watchdog. It knows channels, not what they say.

Theory of operation. ``run`` owns the connection. While it is up, one task reads it and one task writes it;
nobody else touches it. ``confirm`` puts a PING with a mark into the writer's queue. Commands of one
connection are answered in order. So the mark's PONG proves that every subscription asked for before is done,
one way or the other; ``standing`` says which way. After a reconnection every wanted channel is subscribed
first. Then the marks are sent again, the line's own last. Only then are the owner's ``stood`` and its
readers told. So a reader that reads its journals from that moment on has missed nothing. A server that no
longer keeps a channel says so, unasked or when asked for it. ``astray`` then tells the owner, which finds
the channel another line.

Sharded channels (SSUBSCRIBE) are used on single servers too, so there is one way for both. Each command has
one channel, since the channels of one command must share a slot.
"""

import asyncio
import logging
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from redis.exceptions import AskError, ClusterDownError, MovedError, RedisError, ResponseError, TryAgainError

from forum.journal.calls import Connection, Pace, refusal
from forum.journal.contract import Unavailable
from forum.journal.layout import Command

LAST_LOOK_SECONDS: Final = 0.2  # our own loop may have been the one asleep
WRITE_BATCH: Final = 500  # commands in one write
LINE_MARK: Final = "line"  # sent after the marks of those who wait

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Ears:
    """What a line tells its owner; called in the event loop, from the task that reads."""

    message: Callable[[str, bytes], None]  # channel, content
    stood: Callable[[], None]  # all wanted channels were subscribed anew: messages may have been missed
    moved: Callable[
        [int, str, int], None
    ]  # slot, host ("" for the same), port: who keeps it, says the server
    astray: Callable[[], None]  # a wanted channel does not stand here any more, or the line is lost


class Line:
    """The owner calls ``add`` and ``drop``, and runs ``run`` as a task until it cancels it."""

    def __init__(self, connect: Callable[[], Connection], pace: Pace, ears: Ears) -> None:
        self._connect = connect
        self._pace = pace
        self._ears = ears
        self.wanted: dict[str, None] = {}  # channels, in the order they were asked for
        self.missing: set[str] = set()  # wanted channels that do not stand
        self.problem: Unavailable | None = None
        self.last_heard = 0.0  # the event loop's time
        self._links = 0
        self._marks: dict[str, asyncio.Future[None]] = {}  # PINGs whose PONG somebody awaits
        self._next_mark = 0
        self._outgoing: asyncio.Queue[Command] | None = None  # None: no connection
        self._tell = False  # whether ``stood`` is news
        self._stood = False  # the server has answered for all that was wanted when we connected

    def add(self, channel: str) -> None:
        """Want a channel. No round trip; ``confirm`` says when it is settled."""
        self.wanted[channel] = None
        self.missing.add(channel)
        self._send("SSUBSCRIBE", channel)

    def drop(self, channel: str) -> None:
        """Want a channel no more. No round trip; a message under way may still arrive."""
        self.wanted.pop(channel, None)
        self.missing.discard(channel)
        self._send("SUNSUBSCRIBE", channel)

    def announce(self) -> None:
        """Tell ``stood`` when the server has answered for all that was added so far."""
        self._tell = True
        self._send("PING", LINE_MARK)

    @property
    def stands(self) -> bool:
        """Connected, answered for all that was wanted then, and heard from lately."""
        fresh = asyncio.get_running_loop().time() - self.last_heard < self._pace.silence_seconds
        return self._stood and fresh

    async def confirm(self) -> None:
        """Wait until the server has answered for all that was added so far, however long that takes."""
        self._next_mark += 1
        mark = str(self._next_mark)
        confirmed = self._marks[mark] = asyncio.get_running_loop().create_future()
        self._send("PING", mark)
        try:
            await confirmed
        finally:
            del self._marks[mark]

    def abandon(self) -> None:
        """The line is given up: whoever waits for it looks for another."""
        for waiting in self._marks.values():
            if not waiting.done():
                waiting.set_result(None)

    async def run(self) -> None:
        """Connect, and connect again, until cancelled. Called once."""
        pause = self._pace.retry_seconds
        while True:
            links = self._links
            try:
                await self._link()
            except* (RedisError, OSError, TimeoutError) as group:
                self.problem = _problem(group)
                log.warning("doorbell lost, connecting again: %s", self.problem)
            if self._links > links:  # it stood for a while
                pause = self._pace.retry_seconds
            self._ears.astray()
            await asyncio.sleep(random.uniform(pause / 2, pause))  # noqa: S311  processes come back apart
            pause = min(2 * pause, self._pace.retry_max_seconds)

    # --- the connection

    async def _link(self) -> None:
        connection = self._connect()
        try:
            async with asyncio.timeout(self._pace.call_seconds):
                await connection.connect()
            self.last_heard = asyncio.get_running_loop().time()
            outgoing = self._outgoing = asyncio.Queue[Command]()
            for command in self._greeting():
                outgoing.put_nowait(command)
            async with asyncio.TaskGroup() as group:
                group.create_task(self._read(connection))
                group.create_task(self._write(connection, outgoing))
        finally:
            self._outgoing = None
            self._stood = False
            self._tell = self._links > 0
            self.missing = set(self.wanted)
            await connection.disconnect(nowait=True)

    def _greeting(self) -> list[Command]:
        marks = [*self._marks, LINE_MARK]
        return [*(("SSUBSCRIBE", channel) for channel in self.wanted), *(("PING", mark) for mark in marks)]

    def _send(self, *command: str) -> None:
        if self._outgoing is not None:
            self._outgoing.put_nowait(command)

    async def _write(self, connection: Connection, outgoing: asyncio.Queue[Command]) -> None:
        while True:
            try:
                async with asyncio.timeout(self._pace.ping_seconds):
                    commands = [await outgoing.get()]
            except TimeoutError:
                commands = [("PING", "")]
            while len(commands) < WRITE_BATCH and not outgoing.empty():
                commands.append(outgoing.get_nowait())
            await connection.send_packed_command(connection.pack_commands(commands))

    async def _read(self, connection: Connection) -> None:
        loop = asyncio.get_running_loop()
        while True:
            left = self.last_heard + self._pace.silence_seconds - LAST_LOOK_SECONDS - loop.time()
            try:
                reply = await connection.read_response(timeout=max(left, LAST_LOOK_SECONDS))
            except (AskError, ClusterDownError, TryAgainError) as error:
                self.last_heard = loop.time()
                self._elsewhere(error)
                continue
            if reply is not None:
                self.last_heard = loop.time()
                self._hear(reply)
            elif left <= LAST_LOOK_SECONDS:
                raise TimeoutError(f"nothing heard for {self._pace.silence_seconds} s")

    def _hear(self, reply: bytes | list[bytes | int]) -> None:
        match reply:
            case [b"smessage", bytes(channel), bytes(content)]:
                self._ears.message(channel.decode(), content)
            case [b"ssubscribe", bytes(channel), _]:
                self.missing.discard(channel.decode())
            case [b"sunsubscribe", bytes(channel), _]:
                self._left(channel.decode())
            case [b"pong", bytes(mark)]:
                self._pong(mark.decode())
            case bytes(mark):  # a PONG while nothing is subscribed
                self._pong(mark.decode())

    def _left(self, channel: str) -> None:
        """A channel was given up, by us or because the server no longer keeps its slot."""
        if channel in self.wanted:  # by the server, or it is wanted again and the confirmation is on its way
            self.missing.add(channel)
            self._ears.astray()

    def _elsewhere(self, error: ResponseError) -> None:
        if isinstance(error, MovedError):
            self._ears.moved(error.slot_id, error.host, error.port)
        self._ears.astray()

    def _pong(self, mark: str) -> None:
        if mark == LINE_MARK:
            self.problem = None
            self._stood = True
            self._links += 1
            tell, self._tell = self._tell, False
            if tell:
                self._ears.stood()
        elif (waiting := self._marks.get(mark)) is not None and not waiting.done():
            waiting.set_result(None)


def _problem(group: BaseExceptionGroup[Exception]) -> Unavailable:
    error: BaseException = group
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    if isinstance(error, RedisError | OSError):
        said = refusal(error)
        return said if isinstance(said, Unavailable) else Unavailable("away", str(error))
    return Unavailable("timeout", str(error))
