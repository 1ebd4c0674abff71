"""Finding a forum by its code, for somebody who may be guessing. No other place tells whether a forum exists.

People with a cookie are known already (``entering.inside``) and need not come by here.
"""

from starlette.requests import HTTPConnection

from forum.journal import NoForum
from forum.live import Shown
from forum.web.asking import NoSuchRoom
from forum.web.limits import TooMany
from forum.web.service import service_of


async def found(connection: HTTPConnection, code: str, written: str = "") -> Shown:
    """The forum that has this code. Raises NoSuchRoom, counted; TooMany, the same for right codes and wrong ones.

    written   the code as the person wrote it, to be given back
    """
    service, address = service_of(connection), connection.scope["forum.address"]
    wait = service.limits.look(address, code)
    if wait:
        raise TooMany(wait)
    try:
        shown = await service.hub.readable(code)
    except NoForum:
        service.limits.wrong_code(address)
        raise NoSuchRoom("no_such_room", written) from None
    service.limits.found(address, code)
    return shown
