"""Where phones arrive whose forum moved here: the same person comes in, with what they had not sent yet (``led_on``).

The page carries nothing: its script reads what stands behind the #, hands the pass in by POST, and puts the rest into this
browser's shelf, if it is that person's. Nobody is made new. Who is in here already as somebody else stays that. Whoever leaves
here has left there, too: the next person at this device is led here as nobody.
"""

from typing import Final

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from forum.domain.kernel import N_, PersonId
from forum.journal import MovedAway, NoForum
from forum.opening import Key
from forum.web import errors, identity, pages, verdicts
from forum.web.asking import code_of, fields_of, one, reader_of
from forum.web.finding import found
from forum.web.identity import SURFACE_OF, Who, base_path, give_cookie, stands, whoever
from forum.web.led_on import cookie_in
from forum.web.limits import TooMany
from forum.web.service import service_of

SOMEBODY_ELSE: Final = N_(
    "In this browser somebody else is in this forum already. They leave it first; then open the old address again."
)
OPEN_TO_ALL: Final = {"access-control-allow-origin": "*"}  # says no more than the page of the code does


async def page(request: Request) -> Response:
    """Where the old address leads. Its script does the rest; without one, people come in as on a new phone."""
    code = code_of(request)
    shown = await found(request, code)
    return pages.plain(
        request, "carried.html", reader_of(request, shown.view.state), code=code, title=shown.view.state.title
    )


async def here(request: Request) -> Response:
    """Whether the forum is open here, for pages that wait for it at the address that it moved from: they lead on then."""
    service, code, address = service_of(request), code_of(request), request.scope["forum.address"]
    wait = service.limits.look(address, code)
    if wait:
        raise TooMany(wait)
    try:
        await service.hub.readable(code)
    except NoForum:
        service.limits.awaited(address, code)
        return Response(status_code=404, headers=OPEN_TO_ALL)
    except MovedAway as moved:  # further on; but not back to where it is asked from
        back = moved.address == request.headers.get("origin", "")
        return Response(status_code=404 if back else 204, headers=OPEN_TO_ALL)
    return Response(status_code=204, headers=OPEN_TO_ALL)


async def enter(request: Request) -> Response:
    """Exchange a pass for a cookie of the same person, and say whose shelf it is."""
    service, code, fields = service_of(request), code_of(request), await fields_of(request)
    shown = await found(request, code)
    state, reader = shown.view.state, reader_of(request, shown.view.state)
    cookie = cookie_in(await service.seeds.of(code), code, one(fields, "secret"), service.clock())
    record = await service.journal.key(code, cookie) if cookie else None
    key = msgspec.json.decode(record, type=Key) if record else None
    came = Who(PersonId(key.person), key.role, key.via) if key and key.opens(service.clock()) else None
    if key is None or came is None or not came.person or not stands(state, came):
        wait = service.limits.wrong_secret(request.scope["forum.address"])
        if wait:
            return errors.too_many(request.scope, wait)
        said = verdicts.fixed(reader, "access_ended")
        return JSONResponse({"ok": False, "code": "access_ended", "msg": said}, 404)
    surface = SURFACE_OF.get(came.role, "phone")
    who = await whoever(request, service.journal, code, surface, service.clock)
    if isinstance(who, Who) and who.person != came.person and stands(state, who):
        return JSONResponse({"ok": False, "code": "somebody_else", "msg": reader.say(SOMEBODY_ELSE)}, 409)
    answer = JSONResponse(
        {"ok": True, "location": base_path(code, surface), "surface": surface, "person": came.person}
    )
    if isinstance(who, Who) and who.person == came.person:
        await identity.bring(service.journal, code, who, cookie)
    else:
        wait = service.limits.by_link(code, cookie)
        if wait:
            return errors.too_many(request.scope, wait)
        fresh = await identity.admit(
            service.journal, code, came.person, came.role, came.key, service.clock, cookie
        )
        give_cookie(answer, code, came.role, fresh, https=request.scope["forum.https"])
    return answer
