"""The doorbell: one subscription per process that says "forum X has reached this head".

A bell is a hint. It may come late, twice or never; whoever hears it reads the journal. Hides the
connection: redis-py's pub/sub never notices a dead peer, so this one has its own ping and its own
watchdog, and it connects again for ever. Must never carry content, and never decide anything.

Theory of operation. ``run`` owns the connection. While one is up, one task reads it and one task
writes it; nobody else touches it. ``watch`` puts SUBSCRIBE and then PING with a mark in the
writer's queue: commands of one connection are answered in order, so the mark's PONG proves that
the subscription stands. After a reconnection every wanted channel is subscribed first and then the
marks are sent again, the link's own last; only then is ``on_reset`` called. So a reader
that reads its journals from that moment on has missed nothing.
"""

import asyncio
import logging
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Final, TypeAlias

from redis.exceptions import RedisError

from forum.journal.calls import Calls, Command, Connection, Pace, refusal
from forum.journal.contract import (
    KEEP,
    KEEP_BELL,
    Head,
    Unavailable,
    bell_channel,
    forum_of_channel,
    parse_head,
)

SUBSCRIBE_BATCH: Final = 500  # channels in one command
LAST_LOOK_SECONDS: Final = 0.2  # our own loop may have been the one asleep
LINK_MARK: Final = "link"  # sent after the marks of those who wait

OnBell: TypeAlias = Callable[[str, Head], None]
OnReset: TypeAlias = Callable[[], None]

log = logging.getLogger(__name__)


class NotHeard(Exception):
    """A bell that must have rung did not reach us."""


class Bells:
    """The process's subscription. One owner per forum calls ``watch`` and ``unwatch``.

    The callbacks are called in the event loop, from the one task that reads: they must be quick and
    must not raise (an exception ends the bells for good, and ``healthy`` stays False).
    """

    def __init__(self, calls: Calls, pace: Pace) -> None:
        self._calls = calls
        self._pace = pace
        self._wanted: dict[str, str] = {KEEP_BELL: LINK_MARK}  # channel → mark of the watch that asked for it
        self._marks: dict[str, asyncio.Future[None]] = {}  # PINGs whose PONG somebody awaits
        self._next_mark = 0
        self._outgoing: asyncio.Queue[Command] | None = None  # None: no connection
        self._confirmed = asyncio.Event()  # every wanted channel of this connection stands
        self._kept = asyncio.Event()  # a bell rang on the constant channel
        self._links = 0
        self._last_heard = 0.0
        self._problem: Unavailable | None = None
        self._on_bell: OnBell = _ignore_bell
        self._on_reset: OnReset = _ignore_reset

    def listen(self, on_bell: OnBell, on_reset: OnReset) -> None:
        """Say who is called: ``on_bell(forum, head)``, and ``on_reset()`` after a reconnection.

        After ``on_reset`` bells may have been missed for every forum: read all journals on.
        """
        self._on_bell, self._on_reset = on_bell, on_reset

    @property
    def healthy(self) -> bool:
        """Connected, every wanted channel confirmed, and heard from lately."""
        fresh = asyncio.get_running_loop().time() - self._last_heard < self._pace.silence_seconds
        return self._confirmed.is_set() and fresh

    @property
    def last_heard(self) -> float:
        """The event loop's time (monotonic seconds) when the server last said anything; 0.0 if never."""
        return self._last_heard

    async def watch(self, forum: str) -> None:
        """Subscribe to a forum's bell; when this returns the server has confirmed it.

        Read the journal afterwards, not before. One round trip. Unavailable when the confirmation
        does not come in time; the forum is not watched then. NoForum when it cannot be a code.
        """
        channel = bell_channel(forum)
        self._next_mark += 1
        mark = self._wanted[channel] = str(self._next_mark)
        try:
            await self._subscribed(channel, mark)
        except BaseException:  # cancelled too: what did not return is not watched
            if self._wanted.get(channel) == mark:  # and not by somebody who came after us
                self.unwatch(forum)
            raise

    def unwatch(self, forum: str) -> None:
        """Forget a forum's bell. No round trip; a bell under way may still arrive."""
        channel = bell_channel(forum)
        self._wanted.pop(channel, None)
        self._send("UNSUBSCRIBE", channel)

    async def _subscribed(self, channel: str, mark: str) -> None:
        confirmed = self._marks[mark] = asyncio.get_running_loop().create_future()
        self._send("SUBSCRIBE", channel)
        self._send("PING", mark)
        try:
            async with asyncio.timeout(self._pace.call_seconds):
                await confirmed
        except TimeoutError:
            raise self._problem or Unavailable("timeout") from None
        finally:
            del self._marks[mark]

    async def rung(self) -> None:
        """Wait for a bell on the constant channel since ``hush``; NotHeard when none comes in time."""
        try:
            async with asyncio.timeout(self._pace.call_seconds):
                await self._kept.wait()
        except TimeoutError:
            raise NotHeard from None

    def hush(self) -> None:
        """Forget the bells heard on the constant channel so far."""
        self._kept.clear()

    async def connected(self) -> None:
        """Wait until the subscription stands; Unavailable when it does not in time."""
        try:
            async with asyncio.timeout(self._pace.call_seconds):
                await self._confirmed.wait()
        except TimeoutError:
            raise self._problem or Unavailable("timeout") from None

    # --- the connection

    async def run(self) -> None:
        """Connect, and connect again, until cancelled. Called once, by ``ringing``."""
        pause = self._pace.retry_seconds
        while True:
            links = self._links
            try:
                await self._link()
            except* (RedisError, OSError, TimeoutError) as group:
                self._problem = _problem(group)
                log.warning("doorbell lost, connecting again: %s", self._problem)
            if self._links > links:  # it stood for a while
                pause = self._pace.retry_seconds
            await asyncio.sleep(random.uniform(pause / 2, pause))  # noqa: S311  processes come back apart
            pause = min(2 * pause, self._pace.retry_max_seconds)

    async def _link(self) -> None:
        connection = self._calls.connection()
        try:
            async with asyncio.timeout(self._pace.call_seconds):
                await connection.connect()
            self._last_heard = asyncio.get_running_loop().time()
            outgoing = self._outgoing = asyncio.Queue[Command]()
            for command in self._greeting():
                outgoing.put_nowait(command)
            async with asyncio.TaskGroup() as group:
                group.create_task(self._read(connection))
                group.create_task(self._write(connection, outgoing))
        finally:
            self._outgoing = None
            self._confirmed.clear()
            await connection.disconnect(nowait=True)

    def _greeting(self) -> list[Command]:
        channels = sorted(self._wanted)
        starts = range(0, len(channels), SUBSCRIBE_BATCH)
        subscribe: list[Command] = [("SUBSCRIBE", *channels[i : i + SUBSCRIBE_BATCH]) for i in starts]
        return [*subscribe, *(("PING", mark) for mark in self._marks), ("PING", LINK_MARK)]

    def _send(self, *command: str) -> None:
        if self._outgoing is not None:
            self._outgoing.put_nowait(command)

    async def _write(self, connection: Connection, outgoing: asyncio.Queue[Command]) -> None:
        while True:
            try:
                async with asyncio.timeout(self._pace.ping_seconds):
                    command = await outgoing.get()
            except TimeoutError:
                command = ("PING", "")
            await connection.send_packed_command(connection.pack_command(*command))

    async def _read(self, connection: Connection) -> None:
        loop = asyncio.get_running_loop()
        while True:
            left = self._last_heard + self._pace.silence_seconds - LAST_LOOK_SECONDS - loop.time()
            reply = await connection.read_response(timeout=max(left, LAST_LOOK_SECONDS))
            if reply is not None:
                self._last_heard = loop.time()
                self._hear(*reply)
            elif left <= LAST_LOOK_SECONDS:
                raise TimeoutError(f"nothing heard for {self._pace.silence_seconds} s")

    def _hear(self, kind: bytes, name: bytes, content: bytes | int = b"") -> None:
        match kind:
            case b"message" if isinstance(content, bytes):
                self._ring(name.decode(), content)
            case b"pong":
                self._pong(name.decode())
            case _:  # a SUBSCRIBE or UNSUBSCRIBE was done: the PONG behind it says so
                pass

    def _ring(self, channel: str, content: bytes) -> None:
        forum = forum_of_channel(channel)
        if forum == KEEP:
            self._kept.set()
            return
        try:
            head = parse_head(content.decode())
        except ValueError:  # somebody else's message: the position check does without bells
            log.warning("not a bell on %s", channel)
            return
        self._on_bell(forum, head)

    def _pong(self, mark: str) -> None:
        if mark == LINK_MARK:
            self._links += 1
            self._problem = None
            self._confirmed.set()
            if self._links > 1:
                self._on_reset()
        elif (waiting := self._marks.get(mark)) is not None and not waiting.done():
            waiting.set_result(None)


@asynccontextmanager
async def ringing(calls: Calls, pace: Pace) -> AsyncIterator[Bells]:
    """Keep a doorbell connected for as long as the block lasts.

    A callback that raised is a bug of ours: it is raised again when the block ends.
    """
    bells = Bells(calls, pace)
    running = asyncio.create_task(bells.run(), name="bells")
    running.add_done_callback(_tell)
    try:
        yield bells
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


def _ignore_bell(_forum: str, _head: Head) -> None:
    pass


def _ignore_reset() -> None:
    pass


def _tell(running: asyncio.Task[None]) -> None:
    if not running.cancelled() and running.exception() is not None:
        log.critical("the doorbell stopped", exc_info=running.exception())


def _problem(group: BaseExceptionGroup[Exception]) -> Unavailable:
    error: BaseException = group
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    if isinstance(error, RedisError | OSError):
        said = refusal(error)
        return said if isinstance(said, Unavailable) else Unavailable("away", str(error))
    return Unavailable("timeout", str(error))
