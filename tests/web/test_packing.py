"""Compressed frames: once for all who offer it, never for what is one person's, never a way to inflate us."""

import asyncio
import json
import os
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from forum.live import frames
from tests.web.conftest import SECONDS, Room, a_cid

IDEA = {"id": "packed01", "step": "ideas", "text": "Une idée, petite sur le fil"}
OFFER = "permessage-deflate; client_max_window_bits"  # what Chromium says


def inflated(body: bytes) -> bytes:
    return zlib.decompressobj(-15).decompress(body + frames.EMPTY_BLOCK)


@dataclass
class Heard:
    """One frame as it came."""

    packed: bool
    size: int
    said: dict


@dataclass
class Raw:
    """A browser down to its bytes."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    agreed: str  # the extensions that the server named

    def send(self, text: bytes, *, packed: bool = False) -> None:
        if packed:
            packer = zlib.compressobj(9, zlib.DEFLATED, -10)  # the window that the server asks for
            text = (packer.compress(text) + packer.flush(zlib.Z_SYNC_FLUSH))[:-4]
        size = len(text)
        length = bytes((0x80 | size,)) if size < 126 else b"\xfe" + size.to_bytes(2)
        self.writer.write(bytes((0xC1 if packed else 0x81,)) + length + b"\0\0\0\0" + text)

    async def frame(self) -> tuple[int, bytes]:
        first, length = await self.reader.readexactly(2)
        if length > 125:
            length = int.from_bytes(await self.reader.readexactly(2 if length == 126 else 8))
        return first, await self.reader.readexactly(length)

    async def hear(self, kind: str) -> Heard:
        """The next frame of this kind."""
        async with asyncio.timeout(SECONDS):
            while True:
                first, body = await self.frame()
                packed = bool(first & 0x40)
                text = inflated(body) if packed else body
                if first & 0x0F == 1 and (said := json.loads(text))["t"] == kind:
                    return Heard(packed, len(body), said)

    async def ended(self) -> int:
        async with asyncio.timeout(SECONDS):
            while True:
                first, body = await self.frame()
                if first & 0x0F == 8:
                    return int.from_bytes(body[:2])


@asynccontextmanager
async def raw(room: Room, cookie: str, offer: str = "", browser: str = "") -> AsyncIterator[Raw]:
    port = room.place.settings.port
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    lines = [f"GET {room.base()}/live HTTP/1.1", f"Host: localhost:{port}", f"Origin: {room.place.base}"]
    lines += ["Upgrade: websocket", "Connection: Upgrade", f"Cookie: {cookie}", "Sec-WebSocket-Version: 13"]
    lines += ["Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="]
    lines += [f"Sec-WebSocket-Extensions: {offer}"] * bool(offer)
    lines += [f"User-Agent: {browser}"] * bool(browser)
    writer.write("\r\n".join([*lines, "", ""]).encode())
    answer = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
    assert " 101 " in answer.splitlines()[0], answer
    agreed = [
        line.partition(":")[2].strip() for line in answer.splitlines() if line.startswith("sec-websocket-ext")
    ]
    try:
        yield Raw(reader, writer, "".join(agreed))
    finally:
        writer.close()
        await writer.wait_closed()


def hello() -> bytes:
    return json.dumps({"t": "hello", "v": 2, "cid": a_cid(), "resume": None, "n": 0}).encode()


async def test_who_offers_compression_is_sent_shared_frames_compressed_and_personal_ones_plain(board, cookie):
    async with raw(board, cookie, OFFER) as one, raw(board, await board.cookie()) as other:
        one.send(hello())
        other.send(hello())
        page, plain = await one.hear("full"), await other.hear("full")
        mine = await one.hear("you")

    assert "server_no_context_takeover" in one.agreed
    assert "client_no_context_takeover" in one.agreed
    assert page.packed
    assert not plain.packed
    assert page.said["put"] == plain.said["put"]
    assert page.size < 0.5 * plain.size
    assert not mine.packed


async def test_who_does_not_offer_it_or_wants_a_smaller_window_is_sent_plain_frames(board, cookie):
    async with raw(board, cookie) as none, raw(board, cookie, f"{OFFER}; server_max_window_bits=10") as small:
        for browser in (none, small):
            browser.send(hello())
            assert not (await browser.hear("full")).packed

    assert none.agreed == ""


async def test_a_compressed_op_is_read_and_one_that_was_not_agreed_upon_ends_it(board, cookie):
    op = json.dumps({"t": "op", "n": 1, "k": "PostIdea", "b": IDEA}).encode()
    async with raw(board, cookie, OFFER) as browser, raw(board, await board.cookie()) as other:
        browser.send(hello(), packed=True)
        browser.send(op, packed=True)
        assert (await browser.hear("ack")).said["n"] == 1
        other.send(hello(), packed=True)
        assert await other.ended() == 1002


async def test_what_would_inflate_beyond_the_bound_ends_it_before_it_is_inflated(board, cookie):
    async with raw(board, cookie, OFFER) as browser:
        browser.send(hello())
        await browser.hear("welcome")
        browser.send(b"0" * 40_000, packed=True)

        assert await browser.ended() == 1009


@pytest.mark.parametrize("size", [0, 255, 256, 5_000, 200_000])
def test_a_packed_frame_says_what_the_plain_one_says(size):
    frame = frames.text_frame(b"{" + b'"une carte":' * (size // 12) + b"}")
    small = frames.packed(frame)

    assert len(small) <= len(frame)
    if small[0] & frames.COMPRESSED:
        body = small[{126: 4, 127: 10}.get(small[1], 2) :]
        assert inflated(body) == frame[{126: 4, 127: 10}.get(frame[1], 2) :]
    else:
        assert small == frame


def test_what_does_not_shrink_stays_plain():
    noise = frames.text_frame(os.urandom(2000))

    assert frames.packed(noise) == noise


SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/604.1"
CHROME = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36"


@pytest.mark.parametrize(("browser", "agreed"), [(SAFARI, False), (CHROME, True)], ids=["safari", "chrome"])
async def test_a_browser_that_cannot_keep_what_it_offers_is_taken_at_less_than_its_word(
    board, cookie, browser, agreed
):
    async with raw(board, cookie, OFFER, browser) as phone:
        phone.send(hello())
        page = await phone.hear("full")

    assert bool(phone.agreed) is agreed
    assert page.packed is agreed
