"""A conversation on a socket outlasts the request that opened it.

A middleware waits for what it calls, so each keeps a frame for as long as a phone is there: ten of them, 5 KB, through
which every message goes. Here they end first, and then the conversation begins.
"""

from collections.abc import Awaitable, Callable
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

THEN: Final = "forum.then"
Conversation = Callable[[], Awaitable[None]]


class Outlasting:
    """ASGI middleware inside what counts connections and answers for our mistakes, outside of all others."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "websocket":
            await self._app(scope, receive, send)
            return
        then: list[Conversation] = []
        scope[THEN] = then
        await self._app(scope, receive, send)
        del scope[THEN]
        if then:
            await then.pop()()


async def afterwards(scope: Scope, conversation: Conversation) -> None:
    """Hold a conversation as soon as the request has ended; now, where nobody offers to wait for that."""
    then: list[Conversation] | None = scope.get(THEN)
    if then is None:
        await conversation()
    else:
        then.append(conversation)
