"""How much one process takes on at once: connections, and requests that begin.

How many sockets: without a bound the last descriptor goes to a phone, and the store, the disk and
the next page find none.
"""

import asyncio
from collections import deque
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from forum.web import errors

READING: Final = frozenset({"GET", "HEAD"})
RESERVED: Final = 128  # descriptors that are not for sockets: pages, the store, files
RESERVED_SHARE: Final = 8  # or this part of all, if it is more
COME_BACK_SECONDS: Final = 5


class Capacity:
    """ASGI middleware inside the guard: no more sockets than ``most``; pages, which end soon, are still served."""

    def __init__(self, app: ASGIApp, most: int) -> None:
        self._app, self._most, self._open = app, most, 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "websocket":
            await self._app(scope, receive, send)
            return
        if self._open >= self._most:
            headers = {"retry-after": str(COME_BACK_SECONDS)}
            await errors.spoken(scope, 503, "full", headers)(scope, receive, send)
            return
        self._open += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._open -= 1


class OneByOne:
    """ASGI middleware, the outermost: of the requests to read something, one begins in each turn of the event loop.

    A hall that asks in the same instant would otherwise hold the loop from the first to the last of them, before any of
    them could stand in a line (``turns``).
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._begun = False  # one has begun in this turn

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] in READING:
            await self._turn()
        await self._app(scope, receive, send)

    async def _turn(self) -> None:
        loop = asyncio.get_running_loop()
        if self._begun:
            mine: asyncio.Future[None] = loop.create_future()
            self._waiting.append(mine)
            await mine
        else:
            self._begun = True
            loop.call_soon(self._next)

    def _next(self) -> None:
        while self._waiting:
            first = self._waiting.popleft()
            if not first.done():
                first.set_result(None)
                asyncio.get_running_loop().call_soon(self._next)
                return
        self._begun = False


def most_sockets(descriptors: int) -> int:
    """How many of a process's descriptors may be phones."""
    return max(1, descriptors - max(RESERVED, descriptors // RESERVED_SHARE))
