"""Requests and frames that no well-behaved client would send, byte by byte."""

import asyncio
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

SECONDS = 20.0  # a bound; nothing here waits so long when all is well
CONT, TEXT, CLOSE, PING, PONG = 0, 1, 8, 9, 10


@dataclass
class Line:
    """One TCP connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def everything(self) -> bytes:
        """All that comes until the server ends the connection."""
        heard = b""
        async with asyncio.timeout(SECONDS):
            try:
                while part := await self.reader.read(65536):
                    heard += part
            except ConnectionError:
                pass  # a reset is an end too
        return heard

    async def head(self) -> bytes:
        async with asyncio.timeout(SECONDS):
            return await self.reader.readuntil(b"\r\n\r\n")

    async def frame(self) -> tuple[int, bytes]:
        """The next frame of a server: opcode, payload."""
        async with asyncio.timeout(SECONDS):
            first, length = await self.reader.readexactly(2)
            if length >= 126:
                length = int.from_bytes(await self.reader.readexactly(2 if length == 126 else 8))
            return first & 15, await self.reader.readexactly(length)

    async def close_code(self) -> int:
        """The code with which the server closes the socket; 0 when it resets the connection."""
        try:
            while True:
                opcode, payload = await self.frame()
                if opcode == CLOSE:
                    return int.from_bytes(payload[:2])
        except (asyncio.IncompleteReadError, ConnectionError):
            return 0


@asynccontextmanager
async def a_line(port: int, host: str = "127.0.0.1") -> AsyncIterator[Line]:
    reader, writer = await asyncio.open_connection(host, port)
    try:
        yield Line(reader, writer)
    finally:
        writer.transport.abort()


def request(line: str, headers: Mapping[str, str], body: bytes = b"") -> bytes:
    return (
        "\r\n".join([f"{line} HTTP/1.1", *(f"{n}: {v}" for n, v in headers.items()), "", ""]).encode() + body
    )


def upgrade(path: str, port: int, **more: str) -> bytes:
    """A handshake as a browser of this server's own page makes it."""
    headers = {
        "Host": f"localhost:{port}",
        "Origin": f"http://localhost:{port}",
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    }
    return request(f"GET {path}", headers | {name.replace("_", "-"): value for name, value in more.items()})


def frame(opcode: int, payload: bytes = b"", *, fin: bool = True, rsv: int = 0) -> bytes:
    """A client's frame: masked."""
    mask = os.urandom(4)
    size = len(payload)
    length = (
        bytes([128 | size])
        if size < 126
        else b"\xfe" + size.to_bytes(2)
        if size < 65536
        else b"\xff" + size.to_bytes(8)
    )
    hidden = bytes(byte ^ mask[n % 4] for n, byte in enumerate(payload))
    return bytes([fin << 7 | rsv << 4 | opcode]) + length + mask + hidden
