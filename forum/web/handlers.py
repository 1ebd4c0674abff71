"""What a request gets if an endpoint could not answer: one sentence, in the asker's language or in both.

Fails closed and says nothing about how we are built. ``LastResort`` needs neither templates nor the store.
Its number is the only thing that the log and the page share.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final, cast

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from forum.journal import MovedAway, NoForum, Unavailable
from forum.web import costs, errors, pages, pasted, verdicts
from forum.web.asking import Moved, NoSuchRoom, reader_of, see_other
from forum.web.entering import NotIn
from forum.web.guard import SAFE
from forum.web.led_on import moved_away
from forum.web.limits import TooMany
from forum.web.service import service_of
from forum.web.turns import Crowded

KEPT_CHARS: Final = 20  # of what somebody typed for a code
BY_STATUS: Final = {
    400: "bad_request",
    404: "not_found",
    405: "bad_method",
    413: "too_large",
    415: "bad_media",
}

log = structlog.get_logger()


async def moved(request: Request, error: Moved) -> Response:
    return see_other(error.location)


async def no_such_room(request: Request, error: NoSuchRoom | NoForum) -> Response:
    """A code that opens nothing."""
    why = error.why if isinstance(error, NoSuchRoom) else "no_such_room"
    reader = reader_of(request)
    sentence = reader.say(verdicts.SENTENCES[why])
    if errors.wants_json(request.scope):
        return JSONResponse({"t": "error", "code": why, "msg": sentence}, 404)
    written = error.written if isinstance(error, NoSuchRoom) else ""
    written = (written or request.path_params.get("code", ""))[:KEPT_CHARS]
    if request.url.path == "/":
        return pages.home_page(request, 404, sentence, written)
    return pages.error_page(request, 404, sentence, reader, written=written)


async def too_many(request: Request, error: TooMany) -> Response:
    return errors.too_many(request.scope, error.seconds)


async def crowded(request: Request, error: Crowded) -> Response:
    return errors.crowded(request.scope, error.seconds)


async def not_in(request: Request, error: NotIn) -> Response:
    """A cookie is missing, or opens nothing any more; of a forum that moved away, it is led on all the same."""
    code = pasted.code(request.path_params.get("code", ""))
    address = await _moved_to(request, code) if code else ""
    if code and address:
        return await moved_away(request, MovedAway(code, address))
    reader, status = reader_of(request), 401 if error.code == "not_joined" else 410
    if errors.wants_json(request.scope):
        return Response(verdicts.closed(reader, error.code), status, media_type="application/json")
    return pages.error_page(request, status, reader.say(verdicts.SENTENCES[error.code]), reader, error.base)


async def _moved_to(request: Request, code: str) -> str:
    """Where a forum goes on, for somebody without a cookie, who may be guessing; "" also where they guess too often."""
    service, near = service_of(request), request.scope["forum.address"]
    if service.limits.look(near, code):
        return ""
    with suppress(Unavailable):
        if moved := await service.journal.moved(code):
            service.limits.found(near, code)
            return moved.address
        service.limits.awaited(near, code)
    return ""


async def store_away(request: Request, error: Unavailable) -> Response:
    log.warning("store away", reason=error.reason)
    return errors.spoken(request.scope, 503, "unavailable", {"retry-after": "2"})


async def refused(request: Request, error: HTTPException) -> Response:
    """What the router or a parser refused."""
    status = error.status_code
    if status == 404 and request.method in SAFE and not errors.wants_json(request.scope):
        path: str = request.scope["path"]
        place = pasted.astray(path)
        if place:
            return see_other(place.partition("#")[0])
        return await _nowhere(request, path)
    code = BY_STATUS.get(status, "bad_request" if status < 500 else "unavailable")
    headers = dict(error.headers or {})
    return errors.spoken(request.scope, status, code, headers)


async def _nowhere(request: Request, path: str) -> Response:
    """A page that takes a code, with what was typed for one; whole, in its turn, only for what a person types."""
    typed = pasted.typed(path)
    why = pasted.why_not(path) if typed is not None else "bad_code"
    why = why if why != "bad_code" else "not_found"
    kept = (typed or "")[:KEPT_CHARS]
    if typed is None or "text/html" not in request.headers.get("accept", ""):
        return errors.spoken(request.scope, 404, why, None, kept)
    reader = reader_of(request)
    try:
        async with costs.turn(request, costs.PAGE):
            return pages.error_page(request, 404, reader.say(errors.SENTENCES[why]), reader, written=kept)
    except TooMany as error:
        return await too_many(request, error)
    except Crowded as error:
        return await crowded(request, error)


HANDLERS: Final = cast(
    dict[Any, Callable[..., Any]],
    {
        Moved: moved,
        NoSuchRoom: no_such_room,
        NoForum: no_such_room,
        MovedAway: moved_away,
        NotIn: not_in,
        TooMany: too_many,
        Crowded: crowded,
        Unavailable: store_away,
        HTTPException: refused,
    },
)


class LastResort:
    """ASGI middleware inside the guard: a mistake of ours becomes a page with a number, and one line in the log."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        began = False

        async def noting(message: Message) -> None:
            nonlocal began
            began = True
            await send(message)

        try:
            await self._app(scope, receive, noting)
        except ClientDisconnect:
            return  # in the middle of its own request: nobody is there to be answered
        except Exception:
            # A bug of ours in one answer: whoever asked is told its number, the log has the rest, and the process goes on.
            incident = errors.new_incident()
            log.exception("incident", incident=incident, kind=scope["type"])
            if scope["type"] == "websocket" and began:
                await send({"type": "websocket.close", "code": 1011})
            elif not began:
                await errors.spoken(scope, 500, "broken", incident=incident)(scope, receive, send)
