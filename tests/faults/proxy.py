"""A bad network, made to order: stands on a port between two sides and does to their bytes what networks do.

Between phones and servers, or between a server and its store. Ours, because the faults that matter most here are
known to no tool: a request that passes and whose answer is lost, and a bell that is dropped, held or rung twice.
Loss of packets is what TCP makes of it: the bytes come later, in order.

Every fault lasts until ``heal``. A connection that is cut is reset, as a network does; nothing is closed politely.
"""

import asyncio
import random
import re
import socket
import struct
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

READ_BYTES = 1 << 16
QUEUED = 16  # reads that may wait in one direction; then the sender feels it
RETRANSMIT_SECONDS = 0.2  # of TCP, for a segment lost once; doubles
RESET = struct.pack("ii", 1, 0)
BELL = re.compile(rb"\*3\r\n\$[78]\r\ns?message\r\n\$\d+\r\n[^\r\n]*\r\n\$\d+\r\n[^\r\n]*\r\n")
SUBSCRIBING = re.compile(rb"SUBSCRIBE\r\n")

Address = tuple[str, int]


@dataclass
class Way:
    """What happens to bytes in one direction."""

    latency: float = 0.0  # seconds
    jitter: float = 0.0  # seconds more or less, by chance
    loss: float = 0.0  # share of segments that TCP has to send again
    bytes_per_second: float = 0.0  # of each connection; 0: as fast as it goes
    piece: int = 0  # bytes of a segment; 0: as they come
    cut_after: int = 0  # bytes, then the connection is reset; 0: never
    edit: Callable[[bytes], Iterable[bytes]] | None = None


@dataclass(eq=False)
class Link:
    """One connection through the proxy."""

    client: asyncio.StreamWriter
    server: asyncio.StreamWriter
    open: asyncio.Event = field(default_factory=asyncio.Event)
    subscribed: bool = False
    answered: bool = True  # False: the next reply is swallowed, and the connection with it
    last: float = 0.0  # when bytes last passed

    def hold(self) -> None:
        """Pass nothing on, read nothing, say nothing: half open."""
        self.open.clear()

    def reset(self) -> None:
        for end in (self.client, self.server):
            with suppress(OSError):
                found = end.get_extra_info("socket")
                if not end.is_closing() and found is not None and found.fileno() >= 0:
                    found.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            if not end.is_closing():
                end.transport.abort()


class Proxy:
    """``async with through(address) as proxy``; then ``proxy.port``, and change what is wrong with it."""

    def __init__(self, *upstreams: Address, seed: int = 1) -> None:
        self.upstreams = list(upstreams)  # each connection takes the next one that answers
        self.up, self.down = Way(), Way()  # from whoever connects, and back to them
        self.bells = Way()  # back, on connections that subscribe; instead of ``down``
        self.drop: Callable[[bytes], bool] = lambda request: False  # hang up before it is passed on
        self.drop_after = 0  # bytes of it that still pass
        self.lose: Callable[[bytes], bool] = lambda request: False  # pass it on, lose the answer, hang up
        self.idle_seconds = 0.0  # a connection that says nothing for so long is reset; 0: never
        self.refusing = False
        self.links: set[Link] = set()
        self.dropped = self.lost = self.accepted = self.idled = 0
        self.port = 0
        self._open = asyncio.Event()
        self._open.set()
        self._chance = random.Random(seed)
        self._next = 0
        self._tasks: set[asyncio.Task[None]] = set()

    def hold(self) -> None:
        """Become a black hole: connections stay, new ones are taken, nothing passes."""
        self._open.clear()
        for link in self.links:
            link.hold()

    def heal(self) -> None:
        """Do nothing wrong any more."""
        self.up, self.down, self.bells = Way(), Way(), Way()
        self.drop = self.lose = lambda request: False
        self.drop_after, self.idle_seconds, self.refusing = 0, 0.0, False
        self._open.set()
        for link in self.links:
            link.open.set()

    def hang_up(self, share: float = 1.0) -> int:
        """Reset this share of the connections; return how many."""
        cut = [link for link in list(self.links) if self._chance.random() < share]
        for link in cut:
            link.reset()
        return len(cut)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry one connection until either side ends it."""
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.accepted += 1
        try:
            await self._carry(reader, writer)
        finally:
            self._tasks.discard(task)
            writer.transport.abort()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        found = None if self.refusing else await self._connected()
        if found is None:
            return
        server_reader, server_writer = found
        link = Link(writer, server_writer, last=asyncio.get_running_loop().time())
        if self._open.is_set():
            link.open.set()
        self.links.add(link)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._pump(link, reader, server_writer, self._request))
                group.create_task(self._pump(link, server_reader, writer, self._reply))
                group.create_task(self._watch(link))
        except* (OSError, EOFError):
            pass
        finally:
            self.links.discard(link)
            link.reset()

    async def _connected(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        for _ in range(len(self.upstreams)):
            upstream = self.upstreams[self._next % len(self.upstreams)]
            self._next += 1
            with suppress(OSError):
                return await asyncio.open_connection(*upstream)
        return None

    def _request(self, link: Link, chunk: bytes) -> tuple[Way, Iterable[bytes]]:
        link.subscribed |= SUBSCRIBING.search(chunk) is not None
        if self.drop(chunk):
            self.dropped += 1
            link.server.write(chunk[: self.drop_after])
            link.server.close()  # politely, or what did pass would be thrown away with the rest
            raise EOFError
        if self.lose(chunk):
            link.answered = False
        return self.up, self.up.edit(chunk) if self.up.edit else (chunk,)

    def _reply(self, link: Link, chunk: bytes) -> tuple[Way, Iterable[bytes]]:
        if not link.answered:
            self.lost += 1
            raise EOFError
        way = self.bells if link.subscribed and self.bells != Way() else self.down
        return way, way.edit(chunk) if way.edit else (chunk,)

    async def _pump(
        self,
        link: Link,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        judge: Callable[[Link, bytes], tuple[Way, Iterable[bytes]]],
    ) -> None:
        """Read on one side; when it is due, write on the other."""
        loop, due_at = asyncio.get_running_loop(), 0.0
        under_way: asyncio.Queue[tuple[float, Way, bytes]] = asyncio.Queue(QUEUED)
        async with asyncio.TaskGroup() as group:
            group.create_task(self._deliver(link, under_way, writer))
            while True:
                await link.open.wait()
                chunk = await reader.read(READ_BYTES)
                if not chunk:
                    raise EOFError
                await link.open.wait()
                link.last = loop.time()
                way, parts = judge(link, chunk)
                due_at = max(due_at, loop.time() + self._delay(way))
                for part in parts:
                    await under_way.put((due_at, way, part))

    def _delay(self, way: Way) -> float:
        seconds = way.latency + self._chance.uniform(-way.jitter, way.jitter)
        again = RETRANSMIT_SECONDS
        while way.loss and self._chance.random() < way.loss:
            seconds, again = seconds + again, 2 * again
        return max(0.0, seconds)

    async def _deliver(
        self, link: Link, under_way: asyncio.Queue[tuple[float, Way, bytes]], writer: asyncio.StreamWriter
    ) -> None:
        loop, written = asyncio.get_running_loop(), 0
        while True:
            due_at, way, chunk = await under_way.get()
            if due_at > loop.time():
                await asyncio.sleep(due_at - loop.time())
            if way.cut_after and written + len(chunk) > way.cut_after:
                writer.write(chunk[: max(0, way.cut_after - written)])
                await writer.drain()
                raise EOFError
            written += len(chunk)
            size = way.piece or (READ_BYTES if not way.bytes_per_second else 1460)
            for start in range(0, len(chunk), size):
                piece = chunk[start : start + size]
                await link.open.wait()
                writer.write(piece)
                await writer.drain()
                if way.bytes_per_second:
                    await asyncio.sleep(len(piece) / way.bytes_per_second)
                elif way.piece:
                    await asyncio.sleep(0)

    async def _watch(self, link: Link) -> None:
        while True:
            await asyncio.sleep(0.1)
            quiet = asyncio.get_running_loop().time() - link.last
            if self.idle_seconds and quiet > self.idle_seconds:
                self.idled += 1
                raise EOFError

    async def close(self) -> None:
        self.heal()
        self.hang_up()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


@asynccontextmanager
async def through(*upstreams: Address, seed: int = 1) -> AsyncIterator[Proxy]:
    """A proxy on a port of its own, ``proxy.port``, for as long as the block lasts."""
    proxy = Proxy(*upstreams, seed=seed)
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0, backlog=4096)
    proxy.port = server.sockets[0].getsockname()[1]
    try:
        yield proxy
    finally:
        server.close()
        await proxy.close()
        await server.wait_closed()


@asynccontextmanager
async def proxied(url: str) -> AsyncIterator[tuple[str, Proxy]]:
    """A proxy before the store at ``url``, and its address for whoever shall meet the faults."""
    host, _, port = url.removeprefix("redis://").partition(":")
    async with through((host, int(port))) as proxy:
        yield f"redis://127.0.0.1:{proxy.port}", proxy


def without(bells: Callable[[], bool]) -> Callable[[bytes], list[bytes]]:
    """An edit that drops a bell whenever ``bells()`` says so, and leaves everything else."""
    return lambda chunk: [BELL.sub(lambda bell: b"" if bells() else bell[0], chunk)]


def twice(chunk: bytes) -> list[bytes]:
    """An edit that rings every bell twice."""
    return [BELL.sub(lambda bell: 2 * bell[0], chunk)]


def out_of_order() -> Callable[[bytes], list[bytes]]:
    """An edit that holds every bell back until after the next one."""
    held: list[bytes] = []

    def edit(chunk: bytes) -> list[bytes]:
        def swap(bell: re.Match[bytes]) -> bytes:
            before = held.pop() if held else b""
            held[:] = [bell[0]] if not before else []
            return bell[0] + before if before else b""

        return [BELL.sub(swap, chunk)]

    return edit
