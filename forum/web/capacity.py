"""What one process can carry: how long it listens to a request that does not come, and how many sockets it takes.

Without the first, a thousand connections that say a byte now and then hold a thousand descriptors. Without the second,
the last descriptor goes to a phone, and the store, the disk and the next page find none. Written against uvicorn 0.54.
"""

import asyncio
from typing import Any, Final

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from forum.web import errors

HEAD_SECONDS: Final = 5.0  # for a request's address and headers, a socket's handshake included
BODY_SECONDS: Final = 30.0  # then for the rest: 64 KiB on the thinnest of lines
RESERVED: Final = 128  # descriptors that are not for sockets: pages, the store, files
RESERVED_SHARE: Final = 8  # or this part of all, if it is more
COME_BACK_SECONDS: Final = 5


class PatientHttp(HttpToolsProtocol):
    """uvicorn's HTTP protocol with an end to its patience. Give it to uvicorn as ``http=``."""

    _waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Begin to wait: a connection is for a request."""
        super().connection_made(transport)
        self._wait(HEAD_SECONDS)

    def connection_lost(self, exc: Exception | None) -> None:
        self._wait(0)
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        """Wait for the head of this request too, the second of its connection or the tenth."""
        super().on_message_begin()
        if self._waiting is None:
            self._wait(HEAD_SECONDS)

    def on_headers_complete(self) -> None:
        self._wait(BODY_SECONDS)
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._wait(0)
        super().on_message_complete()

    def handle_websocket_upgrade(self) -> None:
        """Hand the connection over; from here on the hello has its own time."""
        self._wait(0)
        super().handle_websocket_upgrade()

    def _wait(self, seconds: float) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
        self._waiting = self.loop.call_later(seconds, self.transport.abort) if seconds else None


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


def most_sockets(descriptors: int) -> int:
    """How many of a process's descriptors may be phones."""
    return max(1, descriptors - max(RESERVED, descriptors // RESERVED_SHARE))
