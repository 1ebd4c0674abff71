"""Raw frames beside uvicorn's state machine, read by a strict client over real sockets."""

import asyncio
import socket
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import pytest
import uvicorn
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from forum.live.frames import packed, text_frame
from forum.web.protocol import EXTENSION, MESSAGE_BYTES, MOST_UNHEARD, ForumProtocol
from tests.live.conftest import until

SECONDS = 20.0
HANDSHAKE = (
    b"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)
CLOSE = b"\x88\x82\0\0\0\0\x03\xe8"
Talk = Callable[..., Awaitable[None]]


@asynccontextmanager
async def served(talk: Talk, **settings: object) -> AsyncIterator[str]:
    """A server whose every socket is handled by ``talk(wire, receive, send)`` after it was accepted."""

    async def app(scope, receive, send):
        assert scope["type"] == "websocket"
        await receive()
        await send({"type": "websocket.accept"})
        await talk(scope["extensions"][EXTENSION], receive, send)

    config = uvicorn.Config(app, ws=ForumProtocol, lifespan="off", log_config=None, **settings)
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as ear:
        serving = asyncio.create_task(server._serve([ear]))
        try:
            yield f"ws://127.0.0.1:{ear.getsockname()[1]}/"
        finally:
            server.should_exit = True
            async with asyncio.timeout(SECONDS):
                await serving


def client(url: str, **settings: object) -> connect:
    return connect(url, ping_interval=None, max_size=None, proxy=None, **settings)


async def heard(socket: ClientConnection, count: int) -> list[str]:
    async with asyncio.timeout(SECONDS):
        return [await socket.recv() for _ in range(count)]


@pytest.mark.parametrize("size", [0, 1, 125, 126, 127, 65_535, 65_536, 200_000])
async def test_a_frame_of_any_size_is_read_as_it_was_written(size):
    async def talk(wire, receive, send):
        wire.write(text_frame(b"x" * size))
        await receive()

    async with served(talk) as url, client(url) as socket:
        assert await heard(socket, 1) == ["x" * size]


async def test_raw_frames_pings_and_asgi_sends_mix_in_any_order():
    async def talk(wire, receive, send):
        for n in range(200):
            wire.write(text_frame(b"raw %d" % n))
            if n % 10 == 0:
                await send({"type": "websocket.send", "text": f"asgi {n}"})
        while (await receive())["type"] == "websocket.receive":
            wire.write(text_frame(b"heard"))

    async with served(talk, ws_ping_interval=0.01, ws_ping_timeout=5) as url, client(url) as socket:
        pongs = [await socket.ping() for _ in range(20)]
        first = await heard(socket, 220)
        for pong in pongs:
            await pong
        await socket.send("and more")

        assert [m for m in first if m.startswith("raw")] == [f"raw {n}" for n in range(200)]
        assert await heard(socket, 1) == ["heard"]


TEXTS = ["short", "é" * 1000, "".join(f"{n:x}" for n in range(3000))]


async def says_all_packed_and_echoes(wire, receive, send):
    """Every text, compressed where the peer takes it; then whatever it says, back."""
    made = [text_frame(text.encode()) for text in TEXTS]
    for frame in made:
        wire.write(packed(frame) if wire.packs else frame)
    wire.write(text_frame(b"packs" if wire.packs else b"plain"))
    while (message := await receive())["type"] == "websocket.receive":
        wire.write(text_frame(message["text"].encode()))


@pytest.mark.parametrize("settings", [{}, {"ws_per_message_deflate": True}])
async def test_frames_compressed_one_by_one_mix_with_plain_ones_both_ways(settings):
    async with (
        served(says_all_packed_and_echoes, **settings) as url,
        client(url, compression="deflate") as socket,
    ):
        agreed = socket.response.headers["Sec-WebSocket-Extensions"]
        assert "server_no_context_takeover" in agreed
        assert "client_no_context_takeover" in agreed
        assert await heard(socket, 4) == [*TEXTS, "packs"]
        for text in (*TEXTS, *TEXTS):
            await socket.send(text)
        assert await heard(socket, 6) == [*TEXTS, *TEXTS]


async def test_whoever_does_not_offer_compression_is_sent_none():
    async with served(says_all_packed_and_echoes) as url, client(url, compression=None) as socket:
        assert "Sec-WebSocket-Extensions" not in socket.response.headers
        assert await heard(socket, 4) == [*TEXTS, "plain"]


@pytest.mark.parametrize(
    "offer",
    [
        "permessage-deflate; server_max_window_bits=10",
        "permessage-deflate; server_max_window_bits=7, x-webkit-deflate-frame",
        "permessage-deflate; of_another_kind",
        "x-webkit-deflate-frame",
    ],
)
async def test_whoever_asks_for_another_compression_than_the_shared_one_is_sent_none(offer):
    async with served(says_all_packed_and_echoes) as url:
        said = await raw_answers(url, offer.encode(), b"")

    assert b" 101 " in said
    assert text_frame(b"plain") in said


@pytest.mark.parametrize(
    ("offer", "text", "code"),
    [
        (None, b"short", 1002),  # compressed, though nothing was agreed
        ("permessage-deflate", b"x" * (MESSAGE_BYTES + 1), 1009),  # 50 bytes that become too many
        ("permessage-deflate", None, 1002),  # not what zlib makes
    ],
)
async def test_a_compressed_message_that_is_not_as_agreed_ends_the_connection(offer, text, code):
    press = zlib.compressobj(wbits=-10)
    data = b"\xff" * 9 if text is None else press.compress(text) + press.flush(zlib.Z_SYNC_FLUSH)[:-4]
    assert len(data) < 126
    async with served(says_all_packed_and_echoes) as url:
        said = await raw_answers(
            url, offer and offer.encode(), bytes((0xC1, 0x80 | len(data))) + b"\0\0\0\0" + data
        )

    assert b"\x03" + bytes((code & 0xFF,)) in said[said.rindex(b"\x88") :]


async def raw_answers(url: str, offer: bytes | None, frame: bytes) -> bytes:
    """What the server says to a handshake with this offer, and to this frame, until it has said everything."""
    host, port = url.removeprefix("ws://").rstrip("/").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    extra = b"Sec-WebSocket-Extensions: " + offer + b"\r\n\r\n" if offer else b"\r\n"
    writer.write(HANDSHAKE.removesuffix(b"\r\n") + extra)
    async with asyncio.timeout(SECONDS):
        said = await reader.readuntil(b"\r\n\r\n")
        writer.write(frame or CLOSE)
        said += await reader.read()
    writer.close()
    return said


async def test_a_close_says_its_code_ends_the_endpoint_and_nothing_follows_it():
    ended = asyncio.Event()

    async def talk(wire, receive, send):
        wire.write(text_frame(b"last"))
        wire.close(4401, "access ended")
        wire.write(text_frame(b"never"))
        wire.close(1012, "again")
        assert await receive() == {"type": "websocket.disconnect", "code": 4401, "reason": "access ended"}
        ended.set()

    async with served(talk) as url, client(url) as socket:
        assert await heard(socket, 1) == ["last"]
        with pytest.raises(ConnectionClosed) as closed:
            await heard(socket, 1)
        async with asyncio.timeout(SECONDS):
            await ended.wait()

        assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (4401, "access ended")
        assert closed.value.rcvd_then_sent


async def test_a_peer_that_closes_is_answered():
    async def talk(wire, receive, send):
        message = await receive()
        assert (message["type"], message["code"]) == ("websocket.disconnect", 1001)
        wire.write(text_frame(b"too late"))
        wire.close(1011, "too late")

    async with served(talk) as url, client(url) as socket:
        async with asyncio.timeout(SECONDS):
            await socket.close(1001, "going")

        assert socket.close_code == 1001


@pytest.mark.parametrize("fragments", [1, 40])
async def test_a_message_larger_than_allowed_is_refused_in_one_piece_or_in_many(fragments):
    async def talk(wire, receive, send):
        assert (await receive())["type"] == "websocket.disconnect"

    async with served(talk, ws_max_size=16 * 1024 * 1024) as url, client(url) as socket:
        part = "x" * (MESSAGE_BYTES // fragments + 1)
        with suppress(ConnectionClosed):
            await socket.send([part] * fragments if fragments > 1 else part)
        with pytest.raises(ConnectionClosed) as closed:
            await heard(socket, 1)

        assert closed.value.rcvd is None or closed.value.rcvd.code == 1009


async def test_the_largest_message_allowed_is_heard():
    async def talk(wire, receive, send):
        message = await receive()
        wire.write(text_frame(b"%d" % len(message["text"])))
        await receive()

    async with served(talk) as url, client(url) as socket:
        await socket.send("x" * MESSAGE_BYTES)
        assert await heard(socket, 1) == [str(MESSAGE_BYTES)]


async def test_what_a_peer_does_not_read_is_counted_and_a_cut_is_a_reset():
    full = asyncio.Event()

    async def talk(wire, receive, send):
        while wire.backlog < 100_000:
            wire.write(text_frame(b"x" * 60_000))
            await asyncio.sleep(0)
        full.set()
        wire.abort()
        assert (await receive())["type"] == "websocket.disconnect"

    async with served(talk) as url:
        host, port = url.removeprefix("ws://").rstrip("/").split(":")
        reader, writer = await asyncio.open_connection(host, int(port), limit=1024)
        writer.write(HANDSHAKE)
        async with asyncio.timeout(SECONDS):
            await full.wait()
            with pytest.raises(ConnectionResetError):
                await reader.read()
        writer.close()


async def test_a_peer_that_asks_for_pongs_and_reads_none_is_cut():
    over = asyncio.Event()
    most = 0

    async def talk(wire, receive, send):
        nonlocal most
        pending = asyncio.ensure_future(receive())
        while not pending.done():
            most = max(most, wire.backlog)
            await asyncio.sleep(0)
        over.set()

    async with served(talk) as url:
        host, port = url.removeprefix("ws://").rstrip("/").split(":")
        _, writer = await asyncio.open_connection(host, int(port), limit=1024)
        writer.write(HANDSHAKE)
        ping = b"\x89\xfd\0\0\0\0" + b"p" * 125
        async with asyncio.timeout(SECONDS):
            while not over.is_set():
                writer.write(ping * 500)
                with suppress(TimeoutError, ConnectionError):
                    await asyncio.wait_for(writer.drain(), 0.05)
                if writer.transport.is_closing():
                    await over.wait()
        writer.transport.abort()

    assert most < 1024 * 1024


async def test_after_a_few_messages_that_nobody_hears_nothing_more_is_read_until_they_are_heard():
    wires, listens, texts = [], asyncio.Event(), []

    async def talk(wire, receive, send):
        wires.append(wire)
        await listens.wait()
        while (message := await receive())["type"] == "websocket.receive":
            texts.append(message["text"])
            wire.write(text_frame(b"heard"))

    async with served(talk) as url, client(url) as socket:
        for n in range(MOST_UNHEARD - 1):
            await socket.send(str(n))
        await until(lambda: wires and len(wires[0]._protocol.queue) == MOST_UNHEARD - 1)
        assert not wires[0]._protocol.read_paused
        await socket.send("last")
        await until(lambda: wires[0]._protocol.read_paused)
        listens.set()
        await heard(socket, MOST_UNHEARD)

        assert texts == [*map(str, range(MOST_UNHEARD - 1)), "last"]
        assert not wires[0]._protocol.read_paused
