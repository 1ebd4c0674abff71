"""One WebSocket of a universe: bytes in order, with a way that can be slow, stand still, be cut, or lead nowhere.

The server's side is what ``forum.web`` gets from uvicorn: an ASGI scope with a raw ``Wire``. The browser's side is
what JavaScript gets: ``opened``, ``heard``, ``closed``.
"""

import asyncio
import zlib
from collections import deque
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, Final, Protocol

from forum.live.frames import COMPRESSED, EMPTY_BLOCK
from forum.web.sending import payloads
from tests.sim.loop import Machine
from tests.sim.weather import Weather

PING_SECONDS: Final = 40.0  # uvicorn's ping and its patience: then it gives a dead peer up
GONE: Final = 1006
BACKLOG_MOST: Final = 900_000  # bytes: a seat is cut at 512 KiB, and one page may be under way


class Ear(Protocol):
    """The browser's side."""

    def opened(self) -> None: ...
    def heard(self, text: str) -> None: ...
    def closed(self, code: int) -> None: ...


class Connection:
    """Between a browser's machine and a server's. Everything one side says arrives in order, or not at all."""

    def __init__(self, weather: Weather, browser: Machine, ear: Ear, server: Machine) -> None:
        self._weather, self._browser, self._ear, self._server = weather, browser, ear, server
        self.packs = weather.packs()  # this browser takes compressed frames
        self.rate = 0.0  # bytes a second towards the browser; 0: as they come
        self.stuck = False  # the browser reads nothing
        self.hollow = False  # both sides believe in it, nothing passes
        self.over = False
        self.swallows = 0  # ops of the browser that will never be heard
        self.doomed = False  # it will be seen that the way is no good
        self.most = 0  # backlog ever
        self.incoming: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._down: deque[tuple[str, Any, int]] = deque()
        self._arrivals: deque[tuple[str, Any]] = deque()
        self._up: deque[dict[str, Any]] = deque()
        self._sending: asyncio.TimerHandle | None = None  # when the first frame will have passed
        self.backlog = 0

    # --- the server's side: a Wire

    def write(self, frame: bytes) -> None:
        if self.over:
            return
        (text,) = payloads(frame)
        size = len(frame)
        if frame[0] & COMPRESSED:
            text = zlib.decompressobj(-zlib.MAX_WBITS).decompress(text + EMPTY_BLOCK)
        self._towards_browser("text", text.decode(), size)

    def abort(self) -> None:
        self.cut()

    def close(self, code: int, reason: str = "") -> None:
        if not self.over:
            self._towards_browser("close", code, 0)
            self.over = True
            self._tell_server({"type": "websocket.disconnect", "code": code})

    async def receive(self) -> dict[str, Any]:
        return await self.incoming.get()

    async def send(self, message: dict[str, Any]) -> None:
        if message["type"] == "websocket.accept":
            self._towards_browser("open", None, 0)
        elif message["type"] == "websocket.close":
            self.close(message.get("code", 1000))

    # --- the browser's side

    def say(self, text: str) -> None:
        if self.swallows and '"t": "op"' in text:
            self.swallows -= 1
            return
        self._towards_server({"type": "websocket.receive", "text": text})

    def leave(self) -> None:
        """The browser lets go of it; the server hears of that, if the way is there."""
        self.over = True
        self._ear = _NOBODY
        self._towards_server({"type": "websocket.disconnect", "code": 1001})

    # --- the world's

    def begin(self) -> None:
        self.incoming.put_nowait({"type": "websocket.connect"})  # the first thing an endpoint hears, always

    def cut(self) -> None:
        """Both sides see it end."""
        if not self.over:
            self.over = True
            self._down.clear()
            self.backlog = 0
            self._towards_browser("close", GONE, 0)
            self._tell_server({"type": "websocket.disconnect", "code": GONE})

    def hollow_out(self) -> None:
        """Nothing passes any more, and nobody is told; the server's pings find out in the end."""
        self.hollow = True
        gone = {"type": "websocket.disconnect", "code": GONE}
        self._server.call(self.incoming.put_nowait, gone, after=PING_SECONDS)

    def flow(self) -> None:
        """The browser reads again, what was passing slowly too."""
        self.rate, self.stuck = 0.0, False
        if self._sending:
            self._sending.cancel()
            self._sending = None
        self._pump()

    def heal(self) -> None:
        """No fault of it is left, nor waits for its time."""
        if self.doomed:
            self.cut()
        self.flow()

    # --- inside

    def _towards_browser(self, kind: str, what: Any, size: int) -> None:
        self._down.append((kind, what, size))
        self.backlog += size
        self.most = max(self.most, self.backlog)
        self._pump()

    def _pump(self) -> None:
        if self._sending or self.stuck or self.hollow or not self._down:
            return
        _, _, size = self._down[0]
        seconds = size / self.rate if self.rate else 0.0
        self._sending = asyncio.get_running_loop().call_later(seconds, self._passed, context=WORLD.context)

    def _passed(self) -> None:
        self._sending = None
        if not self._down:
            return
        kind, what, size = self._down.popleft()
        self.backlog -= size
        self._arrivals.append((kind, what))
        self._browser.call(self._arrive, after=self._weather.lag())
        self._pump()

    def _arrive(self) -> None:
        kind, what = self._arrivals.popleft()
        if self.hollow:
            return
        tell: dict[str, Callable[..., None]] = {
            "open": lambda _: self._ear.opened(), "text": self._ear.heard, "close": self._ear.closed,
        }  # fmt: skip
        tell[kind](what)

    def _towards_server(self, message: dict[str, Any]) -> None:
        if not self.hollow:
            self._up.append(message)
            self._server.call(self._reach, after=self._weather.lag())

    def _reach(self) -> None:
        message = self._up.popleft()
        if not self.hollow:
            self.incoming.put_nowait(message)

    def _tell_server(self, message: dict[str, Any]) -> None:
        self._server.call(self.incoming.put_nowait, message)


WORLD: Final = Machine("the network")
_NOBODY: Final = SimpleNamespace(opened=lambda: None, heard=lambda _text: None, closed=lambda _code: None)
