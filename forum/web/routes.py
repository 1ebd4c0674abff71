"""Every address of the server, as one list."""

from collections.abc import Callable
from functools import partial
from typing import Any

from starlette.routing import BaseRoute, Route, WebSocketRoute

from forum.web import commands, data, entering, exports, forums, health, pages, poll, receipts, socket
from forum.web.identity import Surface, base_path
from forum.web.static import Static

GET, POST = ["GET"], ["POST"]


def routes(static: Static) -> list[BaseRoute]:
    """The routes, in the order in which they are tried."""
    return [
        Route("/", pages.home),
        Route("/", pages.to_room, methods=POST),
        Route("/help", pages.help_page),
        Route("/check", receipts.check_page),
        Route("/check", receipts.checked, methods=POST),
        Route("/lang", pages.choose_language, methods=POST),
        Route("/forums", forums.open_one, methods=POST),
        Route("/demo", forums.demo, methods=POST),
        Route("/healthz", health.healthz),
        Route("/readyz", health.readyz),
        Route("/metrics", health.metrics),
        Route("/robots.txt", pages.robots),
        Route("/static/{version}/{path:path}", static, methods=GET),
        Route("/f/{code}/ticket", pages.ticket_page),
        Route("/f/{code}/ticket/enter", partial(entering.enter, surface="phone"), methods=POST),
        Route("/f/{code}/join", entering.join, methods=POST),
        *_every("phone"),
        *_live("phone"),
        *_data("phone"),
        _at("phone", "/people", commands.people, POST),
        _at("phone", "/receipt", receipts.receipt_page, GET),
        _at("phone", "/receipt/file", receipts.receipt_file, GET),
        _at("phone", "/receipt/check", receipts.check_page, GET),
        _at("phone", "/receipt/check", receipts.checked, POST),
        *_every("screen"),
        *_live("screen"),
        *_every("desk"),
        *_live("desk"),
        *_data("desk"),
        _at("desk", "/people", commands.people, POST),
        _at("desk", "/pilot", commands.pilot, POST),
        _at("desk", "/keys", entering.make_link, POST),
        _at("desk", "/export/{kind}", exports.export, GET),
        _at("desk", "/health", health.page, GET),
        *_every("staff"),
        *_data("staff"),
        _at("staff", "/pilot", commands.pilot, POST),
        _at("staff", "/export/{kind}", exports.export, GET),
    ]


def _every(surface: Surface) -> list[BaseRoute]:
    """What stands below every surface's base."""
    return [
        _at(surface, "", pages.surface_page, GET),
        _at(surface, "/enter", entering.enter, POST),
        _at(surface, "/name", commands.name, POST),
        _at(surface, "/commands/{name}", commands.command, POST),
    ]


def _data(surface: Surface) -> list[BaseRoute]:
    """What is kept of people, and how it is erased."""
    return [_at(surface, "/data", data.page, GET), _at(surface, "/data/{deed}", data.deed, POST)]


def _live(surface: Surface) -> list[BaseRoute]:
    """How a page stays current."""
    live = partial(socket.live, surface=surface)
    return [
        WebSocketRoute(f"{base_path('{code}', surface)}/live", live),
        _at(surface, "/changes", poll.changes, GET),
    ]


def _at(surface: Surface, path: str, endpoint: Callable[..., Any], methods: list[str]) -> Route:
    return Route(base_path("{code}", surface) + path, partial(endpoint, surface=surface), methods=methods)
