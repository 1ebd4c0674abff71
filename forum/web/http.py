"""uvicorn's HTTP protocol with limits: it cuts a head or a body that never ends, and one that is too large.

Without it a connection that sends one byte a minute is held for ever, and a header may be as large as
memory. Written against uvicorn 0.54 and httptools 0.7, which hand headers over one by one, each only when it
is complete.
"""

import asyncio
from http import HTTPStatus
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_BYTES: Final = 16 * 1024  # four cookies and what proxies add are far below
HEADERS: Final = 100


class HeadTooLarge(Exception):
    """Raised through the parser, which ends the connection."""


class ForumHTTP(HttpToolsProtocol):
    """Give it to uvicorn as ``http=``."""

    HEAD_SECONDS = 5.0  # from the connection, or from the first byte, to the empty line
    BODY_SECONDS = 30.0  # 64 KiB from a phone at the edge of the room

    _deadline: asyncio.TimerHandle | None = None
    _in_head = True
    _fed = 0  # bytes since the head began, while it is not complete
    _read = 0  # bytes of the head's lines read so far
    _status = HTTPStatus.BAD_REQUEST

    def connection_made(self, transport: Any) -> None:
        """Somebody came: they have some seconds to say what they want."""
        super().connection_made(transport)
        self._within(self.HEAD_SECONDS)

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing to wait for any more."""
        self._at_ease()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on; end a head that is too large before the parser has kept all of it."""
        self._fed += len(data)
        super().data_received(data)
        if self._in_head and self._fed > HEAD_BYTES and not self.transport.is_closing():
            self._status = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
            self.send_400_response("")

    def on_message_begin(self) -> None:
        """A head begins."""
        super().on_message_begin()
        self._in_head, self._read = True, 0
        self._within(self.HEAD_SECONDS)

    def on_url(self, url: bytes) -> None:
        """Count, then as usual."""
        self._count(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Count, then as usual."""
        self._count(len(name) + len(value) + 4)
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The head is there; the body, if any, has its own time."""
        self._in_head = False
        self._within(self.BODY_SECONDS)
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """All was said; how long the answer takes is ours."""
        self._at_ease()
        self._fed = 0
        super().on_message_complete()

    def handle_websocket_upgrade(self) -> None:
        """From here on the socket has deadlines of its own."""
        self._at_ease()
        super().handle_websocket_upgrade()
        self.parser = None  # type: ignore[assignment]  # as uvicorn does at an end: the two hold each other

    def send_400_response(self, msg: str) -> None:
        """Say in a line why this connection ends, with the headers that every answer has."""
        words = f"{self._status} {self._status.phrase}\n".encode()
        self.transport.write(
            f"HTTP/1.1 {self._status} {self._status.phrase}\r\n"
            "content-type: text/plain; charset=utf-8\r\n"
            f"content-length: {len(words)}\r\n"
            "x-content-type-options: nosniff\r\n"
            "content-security-policy: default-src 'none'; frame-ancestors 'none'\r\n"
            "cache-control: no-store\r\n"
            "connection: close\r\n\r\n".encode()
            + words
        )
        self.transport.close()

    # --- inside

    def _count(self, read: int) -> None:
        self._read += read
        if self._read > HEAD_BYTES or len(self.headers) > HEADERS:
            self._status = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
            raise HeadTooLarge

    def _within(self, seconds: float) -> None:
        self._at_ease()
        self._deadline = self.loop.call_later(seconds, self._too_slow)

    def _at_ease(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _too_slow(self) -> None:
        self._deadline = None
        if self.transport.is_closing():
            return
        if self._in_head:
            self._status = HTTPStatus.REQUEST_TIMEOUT
            self.send_400_response("")
        else:
            self.transport.abort()  # whoever waits for the body is told that nobody is there
