"""A conversation on a socket begins when the request that opened it has ended, and is answered for like a request."""

import asyncio
from typing import Any

import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from forum.web.capacity import Capacity
from forum.web.handlers import LastResort
from forum.web.outlasting import Outlasting, afterwards

FULL = ["websocket.http.response.start", "websocket.http.response.body"]


class Within:
    """A middleware that knows whether something is inside of it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app, self.inside = app, 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.inside += 1
        try:
            await self._app(dict(scope), receive, send)
        finally:
            self.inside -= 1


async def spoken(app: ASGIApp) -> list[Any]:
    """What a peer is sent."""
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        sent.append(message["type"] if "code" not in message else message["code"])

    extensions = {"websocket.http.response": {}}
    await app({"type": "websocket", "path": "/", "headers": [], "extensions": extensions}, receive, send)
    return sent


async def test_a_conversation_is_held_outside_of_what_its_request_went_through() -> None:
    inside: list[int] = []

    async def talk() -> None:
        inside.append(within.inside)

    async def endpoint(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "websocket.accept"})
        await afterwards(scope, talk)
        inside.append(within.inside)

    within = Within(endpoint)
    await spoken(Outlasting(within))
    assert inside == [1, 0]

    inside.clear()
    await spoken(within)  # where nobody offers to wait, it is held at once
    assert inside == [1, 1]


async def test_a_fault_in_a_conversation_ends_it_as_a_fault_and_frees_its_place(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def talk() -> None:
        raise ZeroDivisionError

    async def endpoint(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "websocket.accept"})
        await afterwards(scope, talk)

    app = Capacity(LastResort(Outlasting(endpoint)), 1)
    assert await spoken(app) == ["websocket.accept", 1011]
    assert await spoken(app) == ["websocket.accept", 1011]  # not: full


async def test_a_conversation_counts_as_a_connection_for_as_long_as_it_lasts() -> None:
    ended = asyncio.Event()

    async def endpoint(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "websocket.accept"})
        await afterwards(scope, ended.wait)  # type: ignore[arg-type]

    counting = Capacity(Outlasting(endpoint), 1)
    first = asyncio.create_task(spoken(counting))
    await asyncio.sleep(0)
    assert await spoken(counting) == FULL
    ended.set()
    assert await first == ["websocket.accept"]
    assert await spoken(counting) == ["websocket.accept"]
