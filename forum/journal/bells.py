"""The bells: a process's subscriptions, which say "forum X has reached this head".

A bell is a hint. It may come late, twice or never. A process that hears it reads the journal. A bell must
never carry content and never decide anything.

Theory of operation. Each forum's channel has a home: the server that keeps the forum. Each home of a wanted
channel has one ``Line``, with its own reader and its own watchdog. A single server has one line, a Cluster
one per primary. Three things make this module ask for the layout anew: the store's layout changes, a server
says that it no longer keeps a channel, or a line is lost. Every channel that has moved then goes to its new
line. When it is subscribed there, ``on_reset`` is called, since a bell may have been missed on the way. Now
and then a bell is lost all the same, while a slot migrates. The comparison of positions with the journal
finds that.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import TypeAlias

from forum.journal.calls import Pace
from forum.journal.contract import (
    KEEP,
    KEEP_BELL,
    Head,
    Unavailable,
    bell_channel,
    forum_of_channel,
    parse_head,
)
from forum.journal.layout import Layout, host_of, node_of
from forum.journal.line import Ears, Line
from forum.journal.servers import Servers

OnBell: TypeAlias = Callable[[str, Head], None]
OnReset: TypeAlias = Callable[[], None]

log = logging.getLogger(__name__)


class NotHeard(Exception):
    """A bell that must have rung did not reach us."""


class Bells:
    """The process's subscription. One owner per forum calls ``watch`` and ``unwatch``.

    The callbacks are called in the event loop, from the tasks that read: they must be quick and
    must not raise (an exception ends the bells for good, and ``healthy`` stays False).
    """

    def __init__(self, servers: Servers, pace: Pace) -> None:
        self._servers = servers
        self._pace = pace
        self._wanted: dict[str, int] = {}  # channel → number of the watch that asked for it
        self._next_watch = 0
        self._watching: Counter[str] = Counter()  # channels that somebody waits for
        self._tended: Layout | None = None
        self._lines: dict[str, Line] = {}  # by node
        self._running: dict[str, asyncio.Task[None]] = {}
        self._homes: dict[str, str] = {}  # channel → node of its line
        self._ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._kept: dict[str, asyncio.Event] = {}  # a bell rang on the constant channel, or a rehearsal's
        self._on_bell: OnBell = _ignore_bell
        self._on_reset: OnReset = _ignore_reset
        self._want(KEEP_BELL)
        self._seat(KEEP_BELL)
        servers.on_look(self._tend)

    def listen(self, on_bell: OnBell, on_reset: OnReset) -> None:
        """Say who is called: ``on_bell(forum, head)``, and ``on_reset()`` after a reconnection.

        After ``on_reset`` bells may have been missed for every forum: read all journals on.
        """
        self._on_bell, self._on_reset = on_bell, on_reset

    @property
    def healthy(self) -> bool:
        """Every wanted channel stands, on servers that were heard from lately."""
        if self._ended.done() or len(self._homes) < len(self._wanted):
            return False
        lines = [line for line in self._lines.values() if line.wanted]
        return all(line.stands and line.missing <= self._watching.keys() for line in lines)

    @property
    def last_heard(self) -> float:
        """The event loop's time (monotonic seconds) when every server had last said anything; 0.0 if never."""
        return min((line.last_heard for line in self._lines.values()), default=0.0)

    async def watch(self, forum: str) -> None:
        """Subscribe to a forum's bell; when this returns the server has confirmed it.

        Read the journal afterwards, not before. One round trip. Unavailable when the confirmation
        does not come in time; the forum is not watched then. NoForum when it cannot be a code.
        """
        await self._watch(bell_channel(forum))

    def unwatch(self, forum: str) -> None:
        """Forget a forum's bell. No round trip; a bell under way may still arrive."""
        self._forget(bell_channel(forum))

    @asynccontextmanager
    async def hearing(self, channel: str) -> AsyncIterator[asyncio.Event]:
        """Watch a channel of a rehearsal for as long as the block lasts; the event is set by its bell."""
        rang = self._kept[channel] = asyncio.Event()
        try:
            await self._watch(channel)
            yield rang
        finally:
            del self._kept[channel]
            if channel != KEEP_BELL:  # the constant one is always watched
                self._forget(channel)

    # --- channels and their lines

    async def _watch(self, channel: str) -> None:
        number = self._want(channel)
        self._watching[channel] += 1
        try:
            await self._stand(channel)
        except BaseException:  # cancelled too: what did not return is not watched
            if (
                self._wanted.get(channel) == number and channel != KEEP_BELL
            ):  # and not by one who came after us
                self._forget(channel)
            raise
        finally:
            self._watching -= Counter([channel])

    async def _stand(self, channel: str) -> None:
        line: Line | None = None
        try:
            async with asyncio.timeout(self._pace.call_seconds):
                while channel in self._wanted:
                    line = self._seat(channel)
                    if line is not None:
                        await line.confirm()
                        if channel not in line.missing:
                            return
                    await self._servers.looked()  # it was on its way to another server
        except TimeoutError:
            raise (line and line.problem) or Unavailable("timeout") from None

    def _want(self, channel: str) -> int:
        self._next_watch += 1
        self._wanted[channel] = self._next_watch
        return self._next_watch

    def _forget(self, channel: str) -> None:
        self._wanted.pop(channel, None)
        self._unseat(channel)

    def _seat(self, channel: str) -> Line | None:
        """Subscribe, or subscribe again, on the line of a channel's home; None when nobody keeps it."""
        node = self._servers.layout.owner(channel)
        if self._homes.get(channel) != node:
            self._unseat(channel)
        if not node:
            return None
        line = self._line(node)
        self._homes[channel] = node
        line.add(channel)
        return line

    def _unseat(self, channel: str) -> None:
        node = self._homes.pop(channel, None)
        if node is not None:
            self._lines[node].drop(channel)

    def _line(self, node: str) -> Line:
        if node not in self._lines:
            ears = Ears(
                message=self._ring,
                stood=self._stood,
                moved=lambda slot, host, port: self._servers.learn(
                    slot, node_of(host or host_of(node), port)
                ),
                astray=self._servers.look_soon,
            )
            line = self._lines[node] = Line(lambda: self._servers.connection(node), self._pace, ears)
            running = self._running[node] = asyncio.create_task(line.run(), name=f"bells of {node}")
            running.add_done_callback(self._tell)
        return self._lines[node]

    def _tend(self) -> None:
        """After a look at who keeps what: put every channel where it belongs, and let lines of nobody go."""
        layout, changed = self._servers.layout, set[str]()
        if layout is self._tended and not any(
            line.missing or not line.wanted for line in self._lines.values()
        ):
            return
        self._tended = layout
        for channel in self._wanted:
            node = layout.owner(channel)
            line = self._lines.get(node)
            if line is None or channel not in line.wanted:
                self._seat(channel)
                changed.add(node)
            elif line.stands and channel in line.missing and channel not in self._watching:
                line.add(channel)
                changed.add(node)
        for node in changed & self._lines.keys():
            self._lines[node].announce()
        for node in [node for node, line in self._lines.items() if not line.wanted]:
            self._lines.pop(node).abandon()
            self._running.pop(node).cancel()

    def _ring(self, channel: str, content: bytes) -> None:
        if (kept := self._kept.get(channel)) is not None:
            kept.set()
        forum = forum_of_channel(channel)
        if forum.startswith(KEEP):
            return
        try:
            head = parse_head(content.decode())
        except ValueError:  # somebody else's message: the position check does without bells
            log.warning("not a bell on %s", channel)
            return
        self._on_bell(forum, head)

    def _stood(self) -> None:
        self._on_reset()  # whoever listens by now

    # --- lifetime

    def _tell(self, running: asyncio.Task[None]) -> None:
        """A line's task ended: by us, or by a bug in a callback, which ends all."""
        if not running.cancelled() and (error := running.exception()) is not None and not self._ended.done():
            log.critical("the doorbell stopped", exc_info=error)
            self._ended.set_exception(error)
            for other in self._running.values():
                other.cancel()

    async def aclose(self) -> None:
        """Let every line go. A callback that raised is a bug of ours: it is raised again here."""
        for running in self._running.values():
            running.cancel()
        await asyncio.gather(*self._running.values(), return_exceptions=True)
        if self._ended.done():
            self._ended.result()
        self._ended.cancel()


@asynccontextmanager
async def ringing(servers: Servers, pace: Pace) -> AsyncIterator[Bells]:
    """Keep a doorbell connected for as long as the block lasts.

    A callback that raised is a bug of ours: it is raised again when the block ends.
    """
    bells = Bells(servers, pace)
    try:
        yield bells
    finally:
        with suppress(asyncio.CancelledError):
            await bells.aclose()


def _ignore_bell(_forum: str, _head: Head) -> None:
    pass


def _ignore_reset() -> None:
    pass
