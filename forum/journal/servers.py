"""The store as a whole: one server, a primary that Sentinels name, or a Cluster. A call goes to the server of its key.

Why not redis-py's Cluster and Sentinel clients: they send a command again after a lost connection, when
nobody knows whether it was executed. They also have no deadline for a call as a whole. Forum promises "at
most once, within three seconds". It therefore uses only redis-py's connections and its parser, as in
``calls``. The rest is a table of slots and these rules:

- *Not here* (MOVED, ASK) and *not now* (TRYAGAIN, CLUSTERDOWN) say that nothing was executed. Only then is a
  command sent again, elsewhere or a moment later, a bounded number of times and within the same deadline.
- A lost connection says nothing of the kind. It is Unavailable, and the caller reads on.
- The layout is asked for anew after each such answer, after each lost connection, and every few seconds.
- Behind Sentinels nothing else says that a server is no longer a primary, and a replica may be read. So
  after an error nothing is sent before the Sentinels have named a primary.
- ``write`` waits for replicas too, if there are any: see ``following``. This narrows what a failover can
  lose. No such store can promise that it loses nothing.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Final

from redis.exceptions import (
    AskError,
    ClusterDownError,
    MovedError,
    ReadOnlyError,
    ResponseError,
    TryAgainError,
)

from forum.journal.calls import Calls, Connection, Pace, Reply, refusal
from forum.journal.contract import Unavailable
from forum.journal.finding import Finder, finder_for
from forum.journal.following import REPLICA_WAIT_MS, Followers
from forum.journal.layout import (
    Command,
    Layout,
    StoreUrl,
    Word,
    host_of,
    key_of,
    node_of,
    parse_url,
    without_password,
)

STRAIGHT_TURNS: Final = 3  # that follow a redirection at once
TURNS_MAX: Final = 40  # servers one call may be sent to, one after the other
PAUSE_SECONDS: Final = 0.005  # before a slot that is on its way is asked again; doubles
PAUSE_MAX_SECONDS: Final = 0.2
LOOK_PAUSE_SECONDS: Final = 0.1  # least, between two looks: a dead server has many callers

ASKING: Final = ("ASKING",)
NOT_HERE: Final = (AskError, TryAgainError, ClusterDownError)  # MovedError is an AskError

log = logging.getLogger(__name__)


class Servers:
    """From ``reaching``. Everything raises Unavailable or Damaged; safe for any number of tasks."""

    def __init__(self, url: StoreUrl, pace: Pace, replicas: int) -> None:
        """replicas: how many must have a write before it counts, where there are so many."""
        self._url = url
        self._pace = pace
        self._pools: dict[str, Calls] = {}
        self._followers = Followers(replicas)
        self._finder: Finder | None = None
        self._layout = Layout(url.nodes[:1])
        self._asked = asyncio.Event()  # somebody wants to know who keeps what
        self._looks: list[asyncio.Future[None]] = []
        self._lost = False  # the last look found nothing
        self._unsure = False  # behind Sentinels: there was an error since they were asked
        self._closing: set[asyncio.Task[None]] = set()
        self._on_look: Callable[[], None] = _ignore

    # --- calls

    async def one(self, *command: Word) -> Reply:
        """Send one command to who keeps its key, and return its reply."""
        (reply,) = await self.many([command])
        return _said(reply)

    async def write(self, *command: Word) -> Reply:
        """As ``one``, but return only after a replica has it too, or half a second has passed."""
        (reply,) = await self._send([command], confirmed=True)
        return _said(reply)

    async def many(self, commands: Sequence[Command]) -> list[Reply]:
        """Send commands to who keeps their keys, at the same time; return a reply for each.

        A refused command is a ResponseError *value*; where only some of several servers are away, theirs are
        Unavailable values. Commands of one server go in one exchange and in their order; so does a
        transaction, whose keys must have one tag. What has no key goes along with the first that has.
        """
        return await self._send(commands, confirmed=False)

    async def all_of(self, commands: Sequence[Command]) -> list[Reply]:
        """As ``many``, where none may be refused: the first reply that is an error is raised, in our words."""
        replies = await self.many(commands)
        for reply in replies:
            if isinstance(reply, ResponseError):
                raise refusal(reply) from reply
            if isinstance(reply, Exception):
                raise reply
        return replies

    async def _send(self, commands: Sequence[Command], *, confirmed: bool) -> list[Reply]:
        loop = asyncio.get_running_loop()
        deadline, pause = loop.time() + self._pace.call_seconds, PAUSE_SECONDS
        letters = _letters(commands)
        whole = any(command[0] == "MULTI" for command in commands)
        pending = letters
        for turn in range(TURNS_MAX):
            await self._deliver(pending, deadline, confirmed=confirmed)
            held = [letter for letter in pending if isinstance(letter.reply, NOT_HERE)]
            if not held:
                break
            for letter in held:
                self._redirect(letter, once=not whole)
            self.look_soon()
            pending = letters if whole else held
            if turn < STRAIGHT_TURNS and all(isinstance(letter.reply, AskError) for letter in held):
                continue
            if loop.time() + pause > deadline:
                break
            await asyncio.sleep(pause)
            pause = min(2 * pause, PAUSE_MAX_SECONDS)
        replies = [letter.reply for letter in letters]
        if replies and all(isinstance(reply, Unavailable) for reply in replies):
            raise replies[0]
        return replies

    async def _deliver(self, letters: list["_Letter"], deadline: float, *, confirmed: bool) -> None:
        """Send each to its server, one exchange a server, and keep the replies."""
        while self._unsure:
            await self._looked_by(deadline)
        bags: dict[tuple[str, bool], list[_Letter]] = {}
        for letter in letters:
            letter.node = letter.asking or self._layout.owner(letter.key)
            bags.setdefault((letter.node, bool(letter.asking)), []).append(letter)
        exchanges = [self._exchange(bag, deadline, confirmed=confirmed) for bag in bags.values()]
        if len(exchanges) == 1:
            await exchanges[0]
        else:
            await asyncio.gather(*exchanges)

    async def _exchange(self, bag: list["_Letter"], deadline: float, *, confirmed: bool) -> None:
        node, asking = bag[0].node, bool(bag[0].asking)
        try:
            replies = await self._replies(bag, deadline, confirmed=confirmed)
            if confirmed and (until := self._followers.doubt(node)) and self.kind != "single":
                await self._still_named(node, bag[0].key, until, deadline)
        except Unavailable as error:
            replies, asking = [error] * len(bag), False
        if any(map(_tells_of_change, replies)):
            self._unsure = self.kind == "sentinel"
            self.look_soon()
        for letter, reply in zip(bag, replies[1::2] if asking else replies, strict=True):
            letter.reply = reply

    async def _replies(self, bag: list["_Letter"], deadline: float, *, confirmed: bool) -> list[Reply]:
        node, asking = bag[0].node, bool(bag[0].asking)
        if not node:
            return [ClusterDownError("nobody keeps this slot")] * len(bag)
        words = [word for letter in bag for word in ([ASKING] * asking + [letter.command])]
        count = self._followers.count(node) if confirmed else 0
        if not count:
            return await self.calls(node).many(words, deadline)
        *replies, had = await self.calls(node).many([*words, ("WAIT", count, REPLICA_WAIT_MS)], deadline)
        self._followers.heard(node, count, had)
        return replies

    async def _still_named(self, node: str, key: Word | None, until: float, deadline: float) -> None:
        """Return when a primary in doubt is still the primary of a key; Unavailable when it is not, or nobody says."""
        await asyncio.sleep(until - asyncio.get_running_loop().time())
        await self._looked_by(deadline)
        if self._layout.owner(key) != node:
            raise Unavailable("readonly", f"{node} was replaced")

    async def _looked_by(self, deadline: float) -> None:
        try:
            async with asyncio.timeout_at(deadline):
                await self.looked()
        except TimeoutError:
            raise Unavailable("away", "nobody says who takes writes") from None

    def _redirect(self, letter: "_Letter", *, once: bool) -> None:
        """Learn from the answer of a server that does not keep a key; a transaction is not sent ``once`` elsewhere."""
        error, letter.asking = letter.reply, ""
        if not isinstance(error, AskError):
            return
        node = node_of(error.host or host_of(letter.node), error.port)
        if isinstance(error, MovedError):
            self.learn(error.slot_id, node)
        elif once:
            letter.asking = node

    # --- who keeps what

    @property
    def kind(self) -> str:
        """What sort of store it is: "single", "sentinel" or "cluster"."""
        return self._finder.kind if self._finder else ""

    @property
    def layout(self) -> Layout:
        return self._layout

    def primaries(self) -> list[tuple[str, Calls]]:
        """Every server that takes writes, by node."""
        return [(node, self.calls(node)) for node in self._layout.primaries]

    def replicas(self) -> list[tuple[str, Calls]]:
        """The servers that follow one, as far as the store names them."""
        return [(node, self.calls(node)) for node in self._layout.replicas]

    def calls(self, node: str) -> Calls:
        """Calls to one server."""
        if node not in self._pools:
            self._pools[node] = Calls(self._url.at(node), self._pace)
        return self._pools[node]

    def connection(self, node: str) -> Connection:
        """A new connection to one server, not connected yet; the caller closes it."""
        return self.calls(node).connection()

    @property
    def confirming(self) -> int:
        """How many replicas every write waits for, on each primary; 0 when on some it waits for none."""
        return min(self._followers.count(node) for node in self._layout.primaries)

    @property
    def unconfirming(self) -> int:
        """How many replicas that writes should wait for do not confirm them."""
        return self._followers.missing

    async def prove_waiting(self) -> None:
        """Prove that we may wait for replicas, where there are some to wait for."""
        await asyncio.gather(
            *(calls.one("WAIT", 0, 1) for node, calls in self.primaries() if self._followers.count(node))
        )

    def on_look(self, call: Callable[[], None]) -> None:
        """Say who is called after each look, quickly and without raising."""
        self._on_look = call

    def learn(self, slot: int, node: str) -> None:
        """A server said who keeps a slot now."""
        self._layout = self._layout.moved(slot, node)

    def look_soon(self) -> None:
        """Something does not fit what we know: ask who keeps what."""
        self._asked.set()

    async def looked(self) -> None:
        """Wait until somebody was asked who keeps what, after this moment."""
        look: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._looks.append(look)
        self.look_soon()
        await look

    async def meet(self, shown: str) -> None:
        """Find out what the address leads to. StoreProblem, Unavailable. Called once, before anything else."""
        self._finder = await finder_for(self._url, self._pace, self.calls, shown)
        self._layout = await self._finder.find(None)
        await self._followers.look(self.primaries())

    async def tend(self) -> None:
        """Look when asked, and every few seconds, until cancelled."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._pace.look_seconds):
                    await self._asked.wait()
            self._asked.clear()
            looks, self._looks = self._looks, []
            await self._look()
            for look in looks:
                if not look.done():
                    look.set_result(None)
            self._on_look()
            await asyncio.sleep(LOOK_PAUSE_SECONDS)

    async def aclose(self) -> None:
        for calls in self._pools.values():
            await calls.aclose()
        if self._closing:
            await asyncio.wait(self._closing)
        if self._finder:
            await self._finder.aclose()

    async def _look(self) -> None:
        assert self._finder is not None
        unsure, self._unsure = self._unsure, False  # an error from now on is news again
        try:
            layout = await self._finder.find(self._layout)
        except Unavailable as error:
            self._unsure = unsure
            if not self._lost:
                log.warning("nobody says who keeps what: %s", error)
            self._lost = True
        else:
            self._lost = False
            if layout.primaries != self._layout.primaries:
                log.info("writes go to %s now", ", ".join(layout.primaries))
            if layout != self._layout:
                self._adopt(layout)
        await self._followers.look(self.primaries())

    def _adopt(self, layout: Layout) -> None:
        self._layout = layout
        for node in self._pools.keys() - layout.nodes - set(self._url.nodes):
            closing = asyncio.create_task(self._pools.pop(node).aclose(), name=f"leaving {node}")
            self._closing.add(closing)
            closing.add_done_callback(self._closing.discard)


@dataclass(slots=True)
class _Letter:
    """A command on its way."""

    command: Command
    key: Word | None
    node: str = ""  # whom it was sent to last
    asking: str = ""  # who is to be asked just this once
    reply: Reply = None


def _letters(commands: Sequence[Command]) -> list[_Letter]:
    keys = [key_of(command) for command in commands]
    first = next((key for key in keys if key is not None), None)
    return [
        _Letter(command, first if key is None else key) for command, key in zip(commands, keys, strict=True)
    ]


def _tells_of_change(reply: Reply) -> bool:
    """Whether a reply, or its absence, may mean that somebody else takes writes now."""
    if isinstance(reply, Unavailable):
        return reply.reason in ("away", "timeout", "readonly")
    return isinstance(reply, ReadOnlyError)


def _said(reply: Reply) -> Reply:
    if isinstance(reply, ResponseError):
        raise refusal(reply) from reply
    return reply


@asynccontextmanager
async def reaching(url: str, pace: Pace, replicas: int) -> AsyncIterator[Servers]:
    """Reach a store for as long as the block lasts. ValueError when ``url`` is none; StoreProblem, Unavailable."""
    servers = Servers(parse_url(url), pace, replicas)
    try:
        await servers.meet(without_password(url))
        tending = asyncio.create_task(servers.tend(), name="who keeps what")
        tending.add_done_callback(_tell)
        try:
            yield servers
        finally:
            tending.cancel()
            with suppress(asyncio.CancelledError):
                await tending
    finally:
        await servers.aclose()


def _tell(tending: asyncio.Task[None]) -> None:
    if not tending.cancelled() and (error := tending.exception()) is not None:  # a bug of ours
        log.critical("nobody asks who keeps what any more", exc_info=error)


def _ignore() -> None:
    pass
