"""Phones by the thousand: a socket each, no page, just enough of the protocol to know that it was served."""

import asyncio
import base64
import json
import os
import resource
import socket
import struct
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

SERVED = b'{"t":"you"'  # the last of what a newcomer is given
MASK = b"\0\0\0\0"  # masked, as the protocol asks; with zeros, which change nothing
HANDSHAKE = (
    "GET {path}/live?lang=fr HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nUpgrade: websocket\r\n"
    "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
    "Cookie: {cookie}\r\n\r\n"
)


def frame(message: dict) -> bytes:
    """A text frame as a browser sends it."""
    text = json.dumps(message).encode()
    if len(text) < 126:
        return bytes((0x81, 0x80 | len(text))) + MASK + text
    return bytes((0x81, 0xFE)) + struct.pack(">H", len(text)) + MASK + text


def handshake(address: str, cookie: str) -> bytes:
    parts = urlsplit(address)
    return HANDSHAKE.format(path=parts.path, host=parts.netloc, cookie=cookie).encode()


def hello() -> bytes:
    """A newcomer's first frame. Said only after the handshake's answer, as the protocol asks."""
    return frame(
        {
            "t": "hello",
            "v": 1,
            "cid": base64.b16encode(os.urandom(16)).decode().lower(),
            "resume": None,
            "n": 0,
        }
    )


@dataclass
class LightPhone:
    """One socket. ``join`` returns the seconds until its page was there."""

    address: str
    cookie: str
    reader: asyncio.StreamReader | None = None
    writer: asyncio.StreamWriter | None = None
    status: int = 0
    retry_after: bool = False
    refusals: int = 0  # how often it was sent away

    async def join(self) -> float:
        """Connect, say hello, and read until the whole page is there."""
        started = time.monotonic()
        parts = urlsplit(self.address)
        self.reader, self.writer = await asyncio.open_connection(parts.hostname, parts.port)
        self.writer.write(handshake(self.address, self.cookie))
        head = await self.reader.readuntil(b"\r\n\r\n")
        self.status = int(head.split(b" ", 2)[1])
        self.retry_after = b"retry-after:" in head.lower()
        if self.status != 101:
            self.refusals += 1
            raise ConnectionRefusedError(f"status {self.status}")
        self.writer.write(hello())
        await self._page()
        return time.monotonic() - started

    async def _page(self) -> None:
        assert self.reader is not None
        tail = b""
        while SERVED not in tail:
            chunk = await self.reader.read(1 << 16)
            if not chunk:
                raise ConnectionResetError("ended before the page was there")
            tail = tail[-len(SERVED) :] + chunk

    async def back(self, patience: float) -> float:
        """Join, and join again as a page does that is not let in: seconds until its page was there."""
        started, pause = time.monotonic(), 0.25
        while True:
            try:
                await self.join()
                return time.monotonic() - started
            except (OSError, asyncio.IncompleteReadError):
                self.leave()
                if time.monotonic() - started > patience:
                    raise
                await asyncio.sleep(pause)
                pause = min(4.0, 2 * pause)

    def leave(self) -> None:
        """Cut off, without a word."""
        if self.writer is not None:
            self.writer.transport.abort()


@dataclass
class StuckPhone:
    """A phone that asks for everything and reads nothing, with as little room for what is sent as the system gives."""

    address: str
    cookie: str
    way: socket.socket = field(default_factory=socket.socket)

    async def join(self) -> None:
        parts, loop = urlsplit(self.address), asyncio.get_running_loop()
        self.way.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        self.way.setblocking(False)
        await loop.sock_connect(self.way, (parts.hostname, parts.port))
        await loop.sock_sendall(self.way, handshake(self.address, self.cookie))
        answer = b""
        while not answer.endswith(b"\r\n\r\n"):
            answer += await loop.sock_recv(self.way, 1)
        await loop.sock_sendall(self.way, hello())

    def leave(self) -> None:
        self.way.close()


def allow_sockets(count: int) -> bool:
    """Let this process have so many sockets; False when the system does not allow it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < count and hard != resource.RLIM_INFINITY and hard < count:
        return False
    if soft < count:
        resource.setrlimit(resource.RLIMIT_NOFILE, (count, hard))
    return True


def percentile(values: Sequence[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]
