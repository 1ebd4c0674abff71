"""What an address costs, and what limits it. Each address declares its cost in the list of routes.

If a cost has ``bounds``, this module enforces them before the endpoint begins. The others say who enforces
them. A route without a cost cannot be made.
"""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from functools import partial
from typing import Any, Final, NamedTuple

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute

from forum.web import pasted
from forum.web.identity import SURFACES, Surface, cookie_name
from forum.web.limits import Rate, neighbourhood
from forum.web.service import service_of
from forum.web.turns import Asker, Bounds

GONE: Final = 499  # nobody hears it


class Cost(NamedTuple):
    """What an address costs."""

    name: str
    bounded_by: str
    bounds: Bounds | None = None


MEMORY: Final = Cost("memory", "answered from memory, in microseconds")
LOOK: Final = Cost("look", "one look at the store in two seconds, whoever asks")
OP: Final = Cost("op", "limits of a tab, a person, a forum; the inbox of the forum")
ARRIVAL: Final = Cost("arrival", "limits of coming in, of guessing codes and secrets")
OPENING: Final = Cost("opening", "limits of opening forums")
SOCKET: Final = Cost("socket", "connections of a person, how often they are opened, frames, whole pages")
POLL: Final = Cost("poll", "connections of a person, and how often they ask")
PAGE: Final = Cost("page", "its line", Bounds(4, 3, 1, 40, Rate(2, 10), 25.0))
RECEIPT: Final = Cost("receipt", "its line", Bounds(2, 2, 1, 16, Rate(0.5, 10), 25.0))
CHECK: Final = Cost(
    "check", "its line; limits of checks of a forum", Bounds(2, 2, 1, 16, Rate(0.5, 20), 25.0)
)
EXPORT: Final = Cost(
    "export",
    "its line; documents of a forum are made one after another (``jobs``)",
    Bounds(8, 6, 1, 24, Rate(0.5, 12), 60.0, drawn=False),
)
PICTURE: Final = Cost("picture", "its line", Bounds(6, 6, 1, 60, Rate(10, 60), 25.0, drawn=False))
IMPORT: Final = Cost("import", "its line", Bounds(2, 1, 1, 8, Rate(0.5, 20), 60.0, drawn=False))

Endpoint = Callable[..., Any]


def turn(request: Request, cost: Cost) -> AbstractAsyncContextManager[None]:
    """One's turn for what an endpoint of another cost finds it must do as well: a refused form is answered by a page."""
    assert cost.bounds, f"expected a cost with a line, got {cost.name}"
    return service_of(request).turns.turn(cost.bounds, asker_of(request))


class Priced(Route):
    """An address with its cost."""

    def __init__(self, path: str, endpoint: Endpoint, cost: Cost, methods: list[str] | None = None) -> None:
        self.cost = cost
        served = partial(_in_turn, endpoint, cost.bounds) if cost.bounds else endpoint
        super().__init__(path, served, methods=methods)


class PricedSocket(WebSocketRoute):
    """The address of a socket, with its cost."""

    def __init__(self, path: str, endpoint: Endpoint, cost: Cost) -> None:
        self.cost = cost
        super().__init__(path, endpoint)


def asker_of(request: Request) -> Asker:
    """Who stands in line: a person whose cookie was seen before, else everybody at their address together."""
    code = pasted.code(request.path_params.get("code", "")) or ""
    known = service_of(request).acquaintances
    for surface in SURFACES if code else ():
        secret = request.cookies.get(_cookie(request, code, surface))
        key = known.of(code, secret) if secret else None
        if key:
            return Asker(code, str(key.person), alone=True)
    # No forum: with a code of their own choice each they would be many, and others come after all of them.
    return Asker("", neighbourhood(request.scope["forum.address"]), alone=False)


def _cookie(request: Request, code: str, surface: Surface) -> str:
    return cookie_name(code, surface, https=request.scope["forum.https"])


async def _in_turn(
    endpoint: Callable[[Request], Awaitable[Response]], bounds: Bounds, request: Request
) -> Response:
    async with service_of(request).turns.turn(bounds, asker_of(request)):
        if request.method != "POST" and await _has_left(request):
            return Response(status_code=GONE)
        return await endpoint(request)


async def _has_left(request: Request) -> bool:
    """Whether nobody waits for the answer any more. The first message of a request without a body is that it is over."""
    return await request.is_disconnected() or await request.is_disconnected()
