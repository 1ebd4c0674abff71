"""The wall in small, for the desk to look at in a frame: the wall's own page, in the room's language.

It is no wall that is open: who looks is known by the desk's cookie, as somebody who leads. Shows nothing that the wall
does not show, and can be framed by our own pages only.
"""

from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from forum.fragments.surface import Audience
from forum.web.asking import code_of
from forum.web.entering import NotIn, inside
from forum.web.guard import FRAMED
from forum.web.identity import Surface, base_path, watches
from forum.web.pages import drawing
from forum.web.service import service_of

IN_SMALL: Final = "/wall"
"""Its address, below the desk's."""


async def page(request: Request, *, surface: Surface) -> Response:
    """Its page, for whoever leads."""
    service, code = service_of(request), code_of(request)
    who = await inside(request, code, surface)
    shown = await service.hub.readable(code)
    if not watches(shown.view.state, who):
        raise NotIn("access_ended", base_path(code, surface))
    request.scope["forum.framing"] = FRAMED
    audience = Audience("screen", shown.view.state.lang)
    small = base_path(code, surface) + IN_SMALL
    html = await service.turns.in_slices(drawing(request, code, who, shown, audience, "", None, small))
    return HTMLResponse(html)
