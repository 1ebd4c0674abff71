"""How many sockets one process takes: without a bound the last descriptor goes to a phone, and the store, the disk and
the next page find none.
"""

from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from forum.web import errors

RESERVED: Final = 128  # descriptors that are not for sockets: pages, the store, files
RESERVED_SHARE: Final = 8  # or this part of all, if it is more
COME_BACK_SECONDS: Final = 5


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
