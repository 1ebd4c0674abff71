"""A page of one's own, as it opens: who reads it, and their forum as it stands, while the store does not answer too."""

from collections.abc import Container
from typing import NamedTuple

from starlette.requests import Request

from forum.domain.roles import Role
from forum.domain.state import State
from forum.language import Reader
from forum.live import Shown
from forum.web.asking import code_of, reader_of
from forum.web.entering import NotIn, inside
from forum.web.identity import Surface, Who, base_path, stands
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


async def with_access(request: Request, surface: Surface, roles: Container[Role] = frozenset(Role)) -> Opened:
    """The same, for whoever has access still, in one of these roles. NotIn, for anybody else."""
    here = await opened(request, surface)
    if here.who.role not in roles or not stands(here.state, here.who):
        raise NotIn("access_ended", base_path(here.code, surface))
    return here
