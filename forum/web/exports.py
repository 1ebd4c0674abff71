"""Downloads of a forum's outcome, for the desk and for those who keep the plan. What is in them: ``forum.exports``."""

from starlette.requests import Request
from starlette.responses import Response

from forum.domain.steps.commitments import OUTSIDE
from forum.exports import FLAVOURS, kinds, ordered
from forum.web import pages, verdicts
from forum.web.downloads import download
from forum.web.errors import spoken
from forum.web.identity import Surface, stands
from forum.web.own import opened
from forum.web.service import service_of


async def page(request: Request, *, surface: Surface) -> Response:
    """All that there is."""
    code, who, shown, reader = await opened(request, surface)
    if not stands(shown.view.state, who):
        return pages.error_page(request, 410, verdicts.fixed(reader, "access_ended"), reader)
    return pages.shelf(request, code, surface, shown)


async def export(request: Request, *, surface: Surface) -> Response:
    """One document of the state of this moment."""
    service, (_, who, shown, reader) = service_of(request), await opened(request, surface)
    if not stands(shown.view.state, who):
        return pages.error_page(request, 410, verdicts.fixed(reader, "access_ended"), reader)
    kind = request.path_params["kind"]
    flavour = request.query_params.get("flavour", "standard")
    wanted = request.query_params.get("readers", OUTSIDE[-1])
    readers = next((one for one in OUTSIDE if one == wanted), None)
    if kind not in kinds() or flavour not in FLAVOURS or readers is None:
        return spoken(request.scope, 404, "not_found")
    packs = "gzip" in request.headers.get("accept-encoding", "")
    order = ordered(
        shown.view.state,
        shown.view.names,
        shown.head.chain,
        kind,
        reader,
        flavour,
        packs=packs,
        readers=readers,
    )
    made = await service.documents(await service.turns.in_slices(order))
    answer = download(made.body, made.media_type, made.name)
    answer.headers["vary"] = "accept-encoding"
    if made.packed:
        answer.headers["content-encoding"] = "gzip"
    return answer
