"""A page of one's own, as it opens: who reads it, and their forum as it stands, while the store does not answer too."""

from typing import NamedTuple

from starlette.requests import Request

from forum.domain.state import State
from forum.language import Reader
from forum.live import Shown
from forum.web.asking import code_of, reader_of
from forum.web.entering import inside
from forum.web.identity import Surface, Who
from forum.web.service import service_of


class Opened(NamedTuple):
    """Who reads a page, of which forum, and in which language."""

    code: str
    who: Who
    shown: Shown
    reader: Reader

    @property
    def state(self) -> State:
        return self.shown.view.state


async def opened(request: Request, surface: Surface) -> Opened:
    """NotIn, for whoever has no cookie that opens this surface; NoSuchRoom, Unavailable."""
    code = code_of(request)
    who = await inside(request, code, surface)
    shown = await service_of(request).hub.readable(code)
    return Opened(code, who, shown, reader_of(request, shown.view.state))
