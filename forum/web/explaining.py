"""How it works, for everybody: the page of promises and rules. It knows from which forum's page somebody came, and no more."""

from typing import get_args

from starlette.requests import Request
from starlette.responses import Response

from forum.domain.methods import METHODS
from forum.domain.room import RULES
from forum.journal import CODE_LENGTH, is_code
from forum.web import pages, wire
from forum.web.asking import reader_of
from forum.web.identity import Surface, base_path
from forum.web.service import service_of


async def page(request: Request) -> Response:
    """How it works, and every rule by its number; ``?from=``: the path of the surface to which it leads back."""
    service = service_of(request)
    return pages.plain(
        request,
        "help.html",
        reader_of(request),
        ways=[(m.title, m.explained) for m in METHODS.values() if m.offered and m.explained],
        rules=RULES | wire.RULES,
        contact=service.contact,
        keep_days=service.keep_days,
        ballot_days=service.days[0],
        words_days=service.days[1],
        room=_surface(request.query_params.get("from", "")),
    )


def _surface(path: str) -> str:
    """A path where a surface of a forum stands; "" for anything else."""
    code = path.removeprefix("/f/")[:CODE_LENGTH]
    return path if is_code(code) and path in {base_path(code, s) for s in get_args(Surface)} else ""
