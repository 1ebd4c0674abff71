"""What a seat writes to when the server offers nothing better: a queue before ASGI's ``send``, and the ear of a long
poll.

Our own server hands over the socket's raw transport (``protocol``): no copy, no task, and a backlog that is
exact to the byte. Under any other server, one task unwraps the frames and sends them one after another.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Final

from starlette.websockets import WebSocket, WebSocketDisconnect

from forum.live import Wire

QUIET: Final = (b'{"t":"welcome"', b'{"t":"hb"')  # no news by themselves
PERSONAL: Final = b'{"t":"you"'
NEAR: Final = b'{"t":"you","near":true'
EXTENSION: Final = "forum.wire"


@asynccontextmanager
async def wire_of(socket: WebSocket) -> AsyncIterator[Wire]:
    """Where this connection's frames go, for as long as the block lasts; call after ``accept``."""
    raw = (socket.scope.get("extensions") or {}).get(EXTENSION)
    if raw is not None:
        yield raw
        return
    queue = QueuedWire(socket)
    task = asyncio.create_task(queue.run(), name="queued wire")
    try:
        yield queue
    finally:
        await queue.drained()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


class QueuedWire:
    """A ``Wire`` over ASGI: frames wait here until the server has taken them."""

    packs = False

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket
        self._waiting: asyncio.Queue[bytes | tuple[int, str]] = asyncio.Queue()
        self._backlog = 0
        self._ended = False

    def write(self, frame: bytes) -> None:
        """Take one whole text frame; dropped when the connection is over."""
        if not self._ended:
            self._backlog += len(frame)
            self._waiting.put_nowait(frame)

    @property
    def backlog(self) -> int:
        """Bytes that the server has not taken yet."""
        return self._backlog

    def abort(self) -> None:
        """End now. ASGI knows no reset: a close is the nearest."""
        self._ended = True
        self._waiting.put_nowait((1011, "stuck"))

    def close(self, code: int, reason: str = "") -> None:
        """End after what was written."""
        if not self._ended:
            self._ended = True
            self._waiting.put_nowait((code, reason))

    async def drained(self) -> None:
        """Wait until the server has taken everything."""
        await self._waiting.join()

    async def run(self) -> None:
        """Send, until cancelled."""
        gone = False
        while True:
            item = await self._waiting.get()
            try:
                if gone:
                    continue
                if isinstance(item, bytes):
                    for text in payloads(item):
                        await self._socket.send_text(text.decode())
                else:
                    await self._socket.close(*item)
                    gone = True
            except (RuntimeError, WebSocketDisconnect):
                gone = self._ended = True
            finally:
                self._backlog -= len(item) if isinstance(item, bytes) else 0
                self._waiting.task_done()


class Ear:
    """A ``Wire`` for one long poll: keeps what a seat writes, and says when there is news."""

    packs = False

    def __init__(self, own: tuple[int, int]) -> None:
        """``own``: hashes of the personal frame, and of that of who is present, that this tab was given last; the same
        again is no news."""
        self.heard: list[bytes] = []
        self.own = own
        self.code = 0  # close code, when the seat ended it
        self.news = asyncio.Event()

    def write(self, frame: bytes) -> None:
        for text in payloads(frame):
            self.heard.append(text)
            if not text.startswith(QUIET) and not self._same_again(text):
                self.news.set()

    def _same_again(self, text: bytes) -> bool:
        if not text.startswith(PERSONAL):
            return False
        before, (mine, near) = self.own, self.own
        self.own = (mine, hash(text)) if text.startswith(NEAR) else (hash(text), near)
        return before == self.own

    @property
    def backlog(self) -> int:
        return 0

    def abort(self) -> None:
        self.news.set()

    def close(self, code: int, reason: str = "") -> None:
        self.code = code
        self.news.set()


def payloads(frames: bytes) -> Iterator[bytes]:
    """What a server's text frames carry, one after another (RFC 6455, never masked)."""
    at = 0
    while at < len(frames):
        short = frames[at + 1]
        more = {126: 2, 127: 8}.get(short, 0)
        start = at + 2 + more
        length = int.from_bytes(frames[at + 2 : start]) if more else short
        at = start + length
        yield frames[start:at]
