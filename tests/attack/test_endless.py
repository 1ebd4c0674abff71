"""Who takes for ever: heads, bodies, silences and inflated frames without end are cut."""

import dataclasses
import zlib
from collections.abc import AsyncIterator

import pytest

from forum.web.http import ForumHTTP
from tests.attack import raw
from tests.attack.serving import serving
from tests.web.conftest import Place, Room


class Hurried(ForumHTTP):
    """A protocol whose patience is counted in moments."""

    HEAD_SECONDS = BODY_SECONDS = 0.3


@pytest.fixture
async def hurried(place: Place) -> AsyncIterator[int]:
    """The port of a server that is in a hurry."""
    async with serving(place.app, http=Hurried) as port:
        yield port


async def test_a_head_that_never_ends_is_cut(hurried: int) -> None:
    async with raw.a_line(hurried) as silent, raw.a_line(hurried) as slow, raw.a_line(hurried) as again:
        await slow.send(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-")
        await again.send(raw.request("GET /healthz", {"Host": "localhost"}))
        assert b"200" in await again.head()
        await again.send(b"GET /healthz HTTP/1.1\r\n")
        ends = [await line.everything() for line in (silent, slow, again)]

    assert [b"HTTP/1.1 408" in end for end in ends] == [True, True, True]
    assert b"nosniff" in ends[0]


async def test_a_body_that_never_ends_is_cut_and_no_incident_is_made_of_it(
    hurried: int, caplog: pytest.LogCaptureFixture
) -> None:
    headers = {"Host": "localhost", "Origin": "http://localhost", "Content-Length": "1000"}
    async with raw.a_line(hurried) as line:
        await line.send(
            raw.request("POST /lang", headers | {"Content-Type": "application/json"}, b'{"lang":')
        )
        assert await line.everything() == b""
    async with raw.a_line(hurried) as line:
        await line.send(
            raw.request("POST /lang", headers | {"Content-Type": "application/x-www-form-urlencoded"}, b"l")
        )
        assert await line.everything() == b""

    assert "incident" not in caplog.text


async def test_a_socket_that_does_not_say_who_it_is_is_let_go_though_it_pings(
    place: Place, board: Room
) -> None:
    usual = board.service
    place.app.state.service = dataclasses.replace(usual, hello_seconds=0.2)
    try:
        async with raw.a_line(place.settings.port) as line:
            await line.send(
                raw.upgrade(f"{board.base()}/live", place.settings.port, Cookie=await board.cookie())
            )
            await line.head()
            await line.send(raw.frame(raw.PING, b"still here") + raw.frame(raw.TEXT, b'{"t":', fin=False))
            assert await line.close_code() == 4408
    finally:
        place.app.state.service = usual


@pytest.mark.parametrize("pieces", [1, 8])
async def test_a_frame_that_inflates_beyond_the_limit_is_refused(board: Room, pieces: int) -> None:
    """Row 8: the limit holds for what comes out, not for what travels."""
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
    bomb = (squeeze.compress(b" " * 4_000_000) + squeeze.flush(zlib.Z_SYNC_FLUSH))[:-4]
    port, offer = (
        board.place.settings.port,
        "permessage-deflate; server_no_context_takeover; client_no_context_takeover",
    )
    async with raw.a_line(port) as line:
        more = {"Sec_WebSocket_Extensions": offer, "Cookie": await board.cookie()}
        await line.send(raw.upgrade(f"{board.base()}/live", port, **more))
        agreed = b"permessage-deflate" in (await line.head()).lower()
        size = -(-len(bomb) // pieces)
        for n in range(pieces):
            part, last = bomb[n * size : (n + 1) * size], n == pieces - 1
            await line.send(raw.frame(raw.CONT if n else raw.TEXT, part, fin=last, rsv=0 if n else 4))

        assert await line.close_code() == (1009 if agreed else 1002)
