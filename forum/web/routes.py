"""Every address of the server, as one list."""

from collections.abc import Callable
from functools import partial
from typing import Any

from starlette.routing import BaseRoute

from forum.fragments.surface import SurfaceName
from forum.web import (
    beginning,
    cards,
    carried,
    commands,
    data,
    depth,
    desk_arrivals,
    desk_phone,
    desk_wall,
    entering,
    explaining,
    exports,
    forums,
    health,
    importing,
    leaving,
    links,
    mailing,
    pages,
    papers,
    photographs,
    poll,
    proposing,
    receipts,
    returning,
    socket,
    taking_home,
)
from forum.web.costs import (
    ARRIVAL,
    CHECK,
    EXPORT,
    IMPORT,
    LOOK,
    MEMORY,
    OP,
    OPENING,
    PAGE,
    PICTURE,
    POLL,
    RECEIPT,
    SOCKET,
    Cost,
    Priced,
    PricedSocket,
)
from forum.web.identity import Surface, base_path
from forum.web.static import Static

GET, POST = ["GET"], ["POST"]


def routes(static: Static) -> list[BaseRoute]:
    """The routes, in the order in which they are tried."""
    return [
        Priced("/", pages.home, PAGE),
        Priced("/", pages.to_room, ARRIVAL, POST),
        Priced("/help", explaining.page, PAGE),
        Priced("/check", receipts.check_page, PAGE),
        Priced("/check", receipts.checked, CHECK, POST),
        Priced("/lang", pages.choose_language, MEMORY, POST),
        Priced(beginning.PATH, beginning.page, PAGE),
        Priced(beginning.PATH, beginning.turn, PAGE, POST),
        Priced("/forums", forums.open_one, OPENING, POST),
        Priced("/demo", forums.demo, OPENING, POST),
        Priced("/healthz", health.healthz, LOOK),
        Priced("/readyz", health.readyz, LOOK),
        Priced("/metrics", health.metrics, LOOK),
        Priced("/robots.txt", pages.robots, MEMORY),
        Priced("/static/{version}/{path:path}", static, MEMORY, GET),
        Priced("/f/{code}/ticket", pages.ticket_page, PAGE),
        Priced("/f/{code}/ticket/enter", partial(entering.enter, surface="phone"), ARRIVAL, POST),
        Priced("/f/{code}/join", entering.join, ARRIVAL, POST),
        *_coming_back(),
        *_every("phone"),
        *_live("phone"),
        *_data("phone"),
        _at("phone", "/only-here", data.only_here, POST, RECEIPT),
        _at("phone", "/people", commands.people, POST, OP),
        *(_at(surface, "/address", commands.address, POST, OP) for surface in ("phone", "desk")),
        _at("phone", "/cards", cards.cards, GET, PAGE),
        _at("phone", "/plan", taking_home.page, GET, PAGE),
        _at("phone", "/plan/calendar.ics", taking_home.calendar, GET, PAGE),
        *_in_depth("phone", "/action/{action}"),
        *_receipt("phone"),
        *_every("screen"),
        *_live("screen"),
        *_every("desk"),
        *_live("desk"),
        _at("desk", desk_wall.IN_SMALL, desk_wall.page, GET, PAGE),
        *_live("desk", desk_wall.IN_SMALL, shows="screen"),
        *_data("desk"),
        _at("desk", "/people", commands.people, POST, OP),
        _at("desk", "/pilot", commands.pilot, POST, OP),
        _at("desk", "/keys", links.make_link, POST, OP),
        _at("desk", "/documents", exports.page, GET, PAGE),
        *_documents("desk"),
        _at("desk", "/addresses", mailing.addresses, GET, EXPORT),
        *_in_depth("desk", "/plan", "/action/{action}"),
        *_imports("desk"),
        *_photographs("desk"),
        *_votes(),
        _at("desk", "/health", health.page, GET, LOOK),
        *_people_at_desk(),
        *_every("staff"),
        *_in_depth("staff", "/plan", "/action/{action}"),
        *_data("staff"),
        _at("staff", "/pilot", commands.pilot, POST, OP),
        *_documents("staff"),
        *_photographs("staff"),
        _at("staff", "/addresses", mailing.addresses, GET, EXPORT),
    ]


def _coming_back() -> list[BaseRoute]:
    """Where people come in as whom they were: by their own code, or carried here from where the forum moved from."""
    return [
        Priced("/f/{code}/mine", pages.come_back_page, PAGE),
        Priced("/f/{code}/mine/enter", returning.come_back, ARRIVAL, POST),
        Priced("/f/{code}/carried", carried.page, PAGE),
        Priced("/f/{code}/carried/here", carried.here, ARRIVAL),
        Priced("/f/{code}/carried/enter", carried.enter, ARRIVAL, POST),
    ]


def _votes() -> list[BaseRoute]:
    """What the desk prepares of a vote: which way, and on paper."""
    return [
        _at("desk", "/voting", proposing.page, GET, PAGE),
        _at("desk", papers.PATH, papers.page, GET, PAGE),
        _at("desk", papers.PATH, papers.deed, POST, OP),
        _at("desk", papers.PATH + "/{printing}.pdf", papers.document, GET, EXPORT),
    ]


def _in_depth(surface: Surface, *paths: str) -> list[BaseRoute]:
    """The plan, or an action of it, with all that it can hold."""
    return [
        _at(surface, path, endpoint, methods, cost)
        for path in paths
        for endpoint, methods, cost in ((depth.page, GET, PAGE), (depth.deed, POST, OP))
    ]


def _documents(surface: Surface) -> list[BaseRoute]:
    """A document, how far one is that takes a while, and one that is ready."""
    return [
        _at(surface, "/export/{kind}", exports.export, GET, EXPORT),
        _at(surface, "/making/{key}", exports.making, GET, PAGE),
        _at(surface, "/making/{key}", exports.stop, POST, PAGE),
        _at(surface, "/made/{key}", exports.made, GET, PAGE),
    ]


def _people_at_desk() -> list[BaseRoute]:
    """Who came lately, and who goes on from another phone."""
    return [
        _at("desk", "/arrivals", desk_arrivals.page, GET, PAGE),
        _at("desk", "/arrivals", desk_arrivals.deed, POST, OP),
        _at("desk", "/phone", desk_phone.page, GET, PAGE),
        _at("desk", "/phone", desk_phone.make, POST, OP),
    ]


def _imports(surface: Surface) -> list[BaseRoute]:
    """Where a table is handed in."""
    return [
        _at(surface, "/import", importing.page, GET, IMPORT),
        _at(surface, "/import", importing.deed, POST, IMPORT),
    ]


def _photographs(surface: Surface) -> list[BaseRoute]:
    """Photographs of walls and paper: all of them, and each."""
    return [
        _at(surface, "/photographs", photographs.page, GET, PAGE),
        _at(surface, "/photographs", photographs.deed, POST, IMPORT),
        _at(surface, "/photographs/{photograph}", photographs.picture, GET, PICTURE),
    ]


def _receipt(surface: Surface) -> list[BaseRoute]:
    return [
        _at(surface, "/receipt", receipts.receipt_page, GET, RECEIPT),
        _at(surface, "/receipt/file", receipts.receipt_file, GET, RECEIPT),
        _at(surface, "/receipt/check", receipts.check_page, GET, PAGE),
        _at(surface, "/receipt/check", receipts.checked, POST, CHECK),
    ]


def _every(surface: Surface) -> list[BaseRoute]:
    """What stands below every surface's base."""
    return [
        _at(surface, "", pages.surface_page, GET, PAGE),
        _at(surface, "/enter", entering.enter, POST, ARRIVAL),
        _at(surface, "/leave", leaving.page, GET, PAGE),
        _at(surface, "/leave", leaving.leave, POST, PAGE),
        _at(surface, "/name", commands.name, POST, OP),
        _at(surface, "/commands/{name}", commands.command, POST, OP),
    ]


def _data(surface: Surface) -> list[BaseRoute]:
    """What is kept of people, and how it is erased."""
    return [_at(surface, "/data", data.page, GET, PAGE), _at(surface, "/data/{deed}", data.deed, POST, OP)]


def _live(surface: Surface, below: str = "", shows: SurfaceName | None = None) -> list[BaseRoute]:
    """How a page stays current; ``below`` its surface's base one that ``shows`` another surface."""
    live = partial(socket.live, surface=surface, shows=shows)
    return [
        PricedSocket(f"{base_path('{code}', surface)}{below}/live", live, SOCKET),
        _at(surface, f"{below}/changes", partial(poll.changes, shows=shows), GET, POLL),
        *([] if below else [_at(surface, "/gone", entering.gone, GET, PAGE)]),
    ]


def _at(surface: Surface, path: str, endpoint: Callable[..., Any], methods: list[str], cost: Cost) -> Priced:
    return Priced(base_path("{code}", surface) + path, partial(endpoint, surface=surface), cost, methods)
