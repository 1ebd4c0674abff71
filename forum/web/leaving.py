"""Leaving a forum on one device. The access of this browser ends, and the next person finds nobody there.

What the person gave stays in the forum and counts. The answering page tells the browser's script to clear
what it kept (``static/js/leave.js``). It does not use ``Clear-Site-Data``: browsers obey that under https
only, and it would clear every other forum of this server too. The page names nobody, since the next person
may read it.
"""

import asyncio
from contextlib import suppress
from typing import Final

import structlog
from starlette.requests import Request
from starlette.responses import Response

from forum.domain.room import EMPTY
from forum.journal import Unavailable
from forum.live import Shown
from forum.opening import new_secret
from forum.web import identity, pages, wire
from forum.web.asking import code_of, fields_of, reader_of
from forum.web.finding import found
from forum.web.identity import KNOWN_DAYS, SURFACE_OF, Surface, Who, base_path, stands, take_cookie, whoever
from forum.web.service import Service, service_of

LOOK_SECONDS: Final = 30.0  # how long an access may outlive its end at another process
AT_ONCE: Final = 500  # cookies asked for in one call
DAY_MS: Final = 24 * 3600 * 1000

log = structlog.get_logger()


async def page(request: Request, *, surface: Surface) -> Response:
    """What leaving means, and the button. Also for whoever is in no more: their browser may still keep something."""
    service, code = service_of(request), code_of(request)
    who = await whoever(request, service.journal, code, surface, service.clock)
    shown = await (service.hub.readable(code) if isinstance(who, Who) else found(request, code))
    inside = who if isinstance(who, Who) and stands(shown.view.state, who) else None
    return _page(request, code, surface, shown, inside)


async def leave(request: Request, *, surface: Surface) -> Response:
    """End the access of this browser. Pressing twice is once. While the store is away the browser forgets all the same."""
    service, code = service_of(request), code_of(request)
    await fields_of(request)
    ended, shown = False, None
    try:
        ended = await _ended(request, service, code, surface)
    except Unavailable as error:
        log.warning("access not ended", forum=code, reason=error.reason)
    with suppress(Unavailable):  # then the page has no title
        shown = await found(request, code)
    response = _page(request, code, surface, shown, None, left=True, ended=ended)
    take_cookie(response, code, surface, https=request.scope["forum.https"])
    return response


async def watch(service: Service) -> None:
    """Now and then end the connections whose access ended at another process. Runs until cancelled."""
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        try:
            await look_again(service)
        except Unavailable as error:
            log.warning("accesses not looked at", reason=error.reason)


async def look_again(service: Service) -> None:
    """End the connections whose cookie was ended, or is over. One round trip for every 500."""
    for code, cookies in service.presence.cookies().items():
        for start in range(0, len(cookies), AT_ONCE):
            for cookie in await identity.over(
                service.journal, code, cookies[start : start + AT_ONCE], service.clock
            ):
                service.presence.end(code, cookie, wire.CLOSES[4401])


# --- inside


async def _ended(request: Request, service: Service, code: str, surface: Surface) -> bool:
    """End what the cookie opens, here and at every process. Unavailable: then it ends with its time, and nobody has it."""
    cookie = identity.cookie_of(request, code, surface)
    service.acquaintances.forget(code, cookie)
    service.presence.end(code, cookie, wire.CLOSES[4401])
    who = await whoever(request, service.journal, code, surface, service.clock)
    if isinstance(who, Who):
        await identity.end(service.journal, code, who, service.clock)
        service.limits.found(request.scope["forum.address"], code)
        service.acquaintances.forget(code, cookie)
    return True


def _page(
    request: Request,
    code: str,
    surface: Surface,
    shown: Shown | None,
    who: Who | None,
    *,
    left: bool = False,
    ended: bool = True,
) -> Response:
    state = shown.view.state if shown else EMPTY
    reader = reader_of(request, state)
    return pages.plain(
        request,
        "leave.html",
        reader,
        code=code,
        title=state.title or code,
        base=base_path(code, surface),
        of=surface,
        ticket=new_secret(),
        person=who.person if who else "",
        back=_way_back(who, surface),
        left=left,
        ended=ended,
        days=KNOWN_DAYS,
    )


def _way_back(who: Who | None, surface: Surface) -> str:
    """How this person would come in again: "link", "ticket" or "code"; "" when nobody is in."""
    if who is None:
        return ""
    if SURFACE_OF.get(who.role, "phone") != "phone":
        return "link"
    return "ticket" if who.key else "code"
