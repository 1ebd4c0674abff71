"""The long poll: the frames of the live socket, for a page whose sockets are blocked. One seat per request."""

import asyncio
from contextlib import suppress
from typing import Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from forum.fragments.surface import Audience, SurfaceName
from forum.language import LANGUAGES
from forum.live import Resume, Shown
from forum.web import errors, wire
from forum.web.asking import JSON, code_of, reader_of
from forum.web.entering import NotIn, inside
from forum.web.identity import Surface, Who, base_path, watches
from forum.web.limits import TooMany
from forum.web.sending import Ear
from forum.web.service import service_of

LONGEST_WAIT_SECONDS: Final = 25.0  # proxies cut at 30


class Where(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a poll says: the page's position, its tab, how long to wait for news."""

    cid: wire.Cid
    g: wire.Count = 0
    s: wire.Count = 0
    c: wire.Chain = ""
    wait: wire.Count = 20
    v: wire.Count = wire.ENDLESS  # which pages of earlier versions do not say
    lang: str = ""


async def changes(request: Request, *, surface: Surface, shows: SurfaceName | None = None) -> Response:
    """What changed since the page's position, as ``{"frames": […]}``; waits when nothing has. ``shows``: as in ``socket``."""
    service, code = service_of(request), code_of(request)
    who = await inside(request, code, surface)
    try:
        where = msgspec.convert(dict(request.query_params), Where, strict=False)
    except msgspec.ValidationError:
        return errors.spoken(request.scope, 400, "bad_request")
    shown = await service.hub.shown(code)
    if not watches(shown.view.state, who):
        raise NotIn("access_ended", base_path(code, surface))
    with service.presence.one_more(code, who.person) as welcome:
        wait = service.limits.poll(who.person)
        if not welcome or wait > LONGEST_WAIT_SECONDS:
            raise TooMany(LONGEST_WAIT_SECONDS)
        await asyncio.sleep(wait)
        return await _heard(request, surface, shows, code, who, where, shown)


async def _heard(
    request: Request,
    surface: Surface,
    shows: SurfaceName | None,
    code: str,
    who: Who,
    where: Where,
    shown: Shown,
) -> Response:
    service = service_of(request)
    lang = where.lang if where.lang in LANGUAGES else reader_of(request, shown.view.state).lang
    audience = Audience(shows or surface, lang)  # type: ignore[arg-type]  # staff has no poll
    tab = (code, who.person, where.cid)
    ear = Ear(service.presence.own.get(tab, (0, 0)))
    resume = Resume(where.g, where.s, where.c)
    cut = where.v > wire.ENDLESS
    seat = service.hub.seat(
        code, audience, who.person, ear, tab=where.cid, resume=resume, whole=True, cut=cut
    )
    with service.presence.held(code, who.cookie, ear):
        async with seat:
            with suppress(TimeoutError):
                async with asyncio.timeout(min(where.wait, LONGEST_WAIT_SECONDS)):
                    await ear.news.wait()
    service.presence.heard(tab, ear.own)
    if ear.code in wire.ENDED:
        raise NotIn("access_ended", base_path(code, surface))
    return Response(b'{"frames":[' + b",".join(ear.heard) + b"]}", media_type=JSON)
