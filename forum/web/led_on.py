"""What is answered in the place of a forum that moved away: every page leads to the same page where it goes on.

A page that is known by its cookie takes along, behind a # that no server is sent, a *pass*: it says which access this is,
and is made of the forum's seed, which went along too. There ``carried`` lets the same person in by it, and the script puts
down what it brings: what was written here and not sent yet. Nothing secret stands in an address that a server or a log sees.
"""

import hmac
import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final
from urllib.parse import urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from forum.domain.kernel import N_
from forum.fragments.given import Given
from forum.journal import MovedAway, NoForum, Unavailable
from forum.language import LANGUAGES, Reader
from forum.opening import DAY_MS, derived
from forum.web import errors, pages, wire
from forum.web.asking import Fields, fields_of, reader_of
from forum.web.desk_wall import IN_SMALL
from forum.web.guard import FRAMED, SAFE
from forum.web.identity import SURFACES, Surface, Who, base_path, whoever
from forum.web.service import service_of

PASS_DAYS: Final = 7  # the clocks of two machines may differ much
RELOAD: Final = 426  # a script that is told so loads its page anew
GONE: Final = 410
_PASS: Final = re.compile(r"([0-9a-f]{64})-([0-9a-f]{1,12})-([0-9a-f]{32})")
SAID: Final[Mapping[str, str]] = {
    "heading": N_("This forum has moved"),
    "where": N_("It goes on at {host}, under the same code. Everything that was saved goes along."),
    "led": N_("This page leads there by itself. Leave it open."),
    "known": N_(
        "This page leads you there by itself, as yourself, with what you have written and not sent yet. Leave it open."
    ),
    "waits": N_(
        "It is not open there yet, or the network does not reach it. This page tries again by itself."
    ),
    "unled": N_(
        "If this page does not lead you there, press the button. Come in there as on a new phone: with your own code, or "
        "the desk gives you one. Who leads opens their link again, with the new address before it."
    ),
    "onward": N_("Go on at {host}"),
}
COMMAND: Final = N_("This forum goes on at {host}. Your contribution is kept here, and sent there.")


async def moved_away(request: Request, error: MovedAway) -> Response:
    """The page, or the answer to a script, for whatever was asked of a forum that goes on elsewhere."""
    host = urlsplit(error.address).netloc
    if errors.wants_json(request.scope):
        said = reader_of(request).say(COMMAND, host=host)
        to = f"{error.address}{base_path(error.forum, 'phone')}"
        return JSONResponse({"t": "moved", "code": "moved", "to": to, "msg": said}, RELOAD)
    if request.scope["path"].endswith(IN_SMALL):  # the desk around it is led on
        request.scope["forum.framing"] = FRAMED
        return Response(status_code=GONE)
    request.scope["forum.reaches"] = error.address
    surface = _surface(request.scope["path"], error.forum)
    first = reader_of(request)
    readers = sorted((Reader(lang) for lang in LANGUAGES), key=lambda reader: reader.lang != first.lang)
    person, carried = await _pass(request, error.forum, surface)
    return pages.plain(
        request,
        "moved.html",
        first,
        GONE,
        code=error.forum,
        to=error.address,
        path=_path(request, error.forum, surface),
        surface=surface,
        person=person,
        carried=carried,
        led="known" if person and surface in ("phone", "desk") else "led",
        said=[
            (reader.lang, {name: reader.say(text, host=host) for name, text in SAID.items()})
            for reader in readers
        ],
        written=await _written(request),
    )


def pass_of(seed: bytes, code: str, cookie: str, until: int) -> str:
    """What says elsewhere which access this is, by the digest of its cookie. ``until``: ms since the epoch."""
    return f"{cookie}-{until:x}-{_mark(seed, code, cookie, f'{until:x}')}"


def cookie_in(seed: bytes, code: str, said: str, now: int) -> str:
    """The digest of the cookie that a pass speaks of; "" for what is none, or is over. In constant time."""
    found = _PASS.fullmatch(said)
    if not found:
        return ""
    cookie, until, mark = found.groups()
    good = hmac.compare_digest(mark, _mark(seed, code, cookie, until)) and int(until, 16) > now
    return cookie if good else ""


# --- inside


def _mark(seed: bytes, code: str, cookie: str, until: str) -> str:
    return derived(seed, "carried", code, cookie, until).hex()[:32]


async def _pass(request: Request, code: str, surface: Surface) -> tuple[str, str]:
    """Who shows a cookie of this surface, and their pass; two times "" for anybody else."""
    service = service_of(request)
    with suppress(NoForum, Unavailable):
        who = await whoever(request, service.journal, code, surface, service.clock)
        if isinstance(who, Who):
            until = service.clock() + PASS_DAYS * DAY_MS
            return who.person, pass_of(await service.seeds.of(code), code, who.cookie, until)
    return "", ""


def _surface(path: str, code: str) -> Surface:
    return next((s for s in SURFACES[1:] if f"{path}/".startswith(f"{base_path(code, s)}/")), "phone")


def _path(request: Request, code: str, surface: Surface) -> str:
    """The same page elsewhere; what was sent by a form has none, nor was it taken."""
    path: str = request.scope["path"]
    kept = request.method in SAFE and path.startswith((f"/f/{code}/", "/check"))
    return path if kept and path.isascii() and path.isprintable() else base_path(code, surface)


async def _written(request: Request) -> str:
    """The words of a form that was sent here, to be copied."""
    if request.method in SAFE:
        return ""
    try:
        fields: Fields = await fields_of(request)
    except (HTTPException, RuntimeError):  # no form, or one that was read already by whoever was asked first
        return ""
    kind: Any = request.path_params.get("name", "")
    words = frozenset(name for name in fields if f"{kind}.{name}" in wire.FIELDS or name == "name")
    return Given(request.scope["path"], fields, words).told()
