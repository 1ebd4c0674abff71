"""Frames under another server than ours, and what a long poll hears."""

import pytest
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from forum.live.frames import text_frame
from forum.web.sending import Ear, QueuedWire, payloads, wire_of


@pytest.mark.parametrize("length", [0, 1, 125, 126, 65_535, 65_536])
def test_what_frames_carry_is_read_back(length: int) -> None:
    texts = [b"x" * length, b"{}", b"y" * length]

    assert list(payloads(b"".join(map(text_frame, texts)))) == texts


def test_an_ear_tells_news_from_what_every_poll_hears() -> None:
    ear = Ear(own=(0, 0))
    ear.write(text_frame(b'{"t":"welcome"}') + text_frame(b'{"t":"hb"}'))
    assert not ear.news.is_set()
    ear.write(text_frame(b'{"t":"you","put":[]}'))
    assert ear.news.is_set()

    again = Ear(ear.own)
    again.write(text_frame(b'{"t":"you","put":[]}'))
    assert not again.news.is_set()
    again.write(text_frame(b'{"t":"you","put":[1]}'))
    assert again.news.is_set()
    assert len(again.heard) == 2


def test_a_seat_that_ends_wakes_its_poll() -> None:
    ear = Ear(own=(0, 0))
    ear.close(4401, "access ended")

    assert (ear.code, ear.news.is_set(), ear.backlog) == (4401, True, 0)


def under_another_server(code: int | None) -> TestClient:
    async def endpoint(socket: WebSocket) -> None:
        await socket.accept()
        async with wire_of(socket) as way:
            assert isinstance(way, QueuedWire)
            way.write(text_frame(b"one") + text_frame(b"two"))
            assert way.backlog > 0
            if code is None:
                way.abort()
            else:
                way.close(code, "because")
                way.close(4400, "never said")
            way.write(text_frame(b"never sent"))

    return TestClient(Starlette(routes=[WebSocketRoute("/", endpoint)]))


@pytest.mark.parametrize(("code", "heard"), [(4401, 4401), (None, 1011)])
def test_under_another_server_frames_arrive_in_order_before_the_close(code: int | None, heard: int) -> None:
    with under_another_server(code).websocket_connect("/") as socket:
        assert [socket.receive_text(), socket.receive_text()] == ["one", "two"]
        with pytest.raises(WebSocketDisconnect) as ended:
            socket.receive_text()

    assert ended.value.code == heard
