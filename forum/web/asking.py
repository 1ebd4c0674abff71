"""What a request asks for, before anybody looks at who asks: which forum, in which language, with which fields.

Hides encodings. Nothing from an address or a body becomes part of a store's key before it was checked here.
"""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple
from urllib.parse import quote

import msgspec
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.responses import RedirectResponse, Response

from forum.domain.state import State
from forum.language import LANGUAGES, Reader, best_language, zones
from forum.web import pasted
from forum.web.guard import BODY_BYTES

LANG_COOKIE: Final = "lang"
LANG_SECONDS: Final = 365 * 24 * 3600
TICKET: Final = re.compile(r"[A-Za-z0-9_-]{16,40}")
IN_APP: Final = re.compile(
    r"FBAN|FBAV|Instagram|Snapchat|MicroMessenger|TikTok|musical_ly|Bytedance|LinkedInApp|Twitter for|\bLine/|; wv\)"
)
MOST_FIELDS: Final = 500  # a form that moves a hundred cards, and some
FORM: Final = "application/x-www-form-urlencoded"
JSON: Final = "application/json"

Fields = Mapping[str, list[str]]


class NoSuchRoom(Exception):
    """No forum has this code; ``why`` says whether it could be one: "no_such_room" or a name in ``pasted.REFUSALS``."""

    def __init__(self, why: str, written: str = "") -> None:
        super().__init__(why)
        self.why = why
        self.written = written


class Moved(Exception):
    """The code was written in another way; the page is at its canonical address."""

    def __init__(self, location: str) -> None:
        super().__init__(location)
        self.location = location


def code_of(request: Request) -> str:
    """The forum's code in the address. Raises NoSuchRoom, or Moved for a code in small letters and the like."""
    written: str = request.path_params["code"]
    code = pasted.code(written)
    if code is None:
        raise no_code(written, f"/f/{written}")
    if code != written:
        if request.method not in ("GET", "HEAD"):
            raise NoSuchRoom("no_such_room")
        path: str = request.scope["path"]
        raise Moved(f"/f/{code}{quote(path.removeprefix(f'/f/{written}'))}")
    return code


def no_code(written: str, address: str = "") -> NoSuchRoom:
    """Why what was written, as a part of an address or not, is no code."""
    return NoSuchRoom(pasted.why_not(address or written), written)


def reader_of(connection: HTTPConnection, forum: State | None = None) -> Reader:
    """The asker's language: their choice, else their browser's, else the forum's; and hours in the forum's zone."""
    chosen, zone = connection.cookies.get(LANG_COOKIE), forum.zone if forum else zones.SERVERS
    if chosen in LANGUAGES:
        return Reader(chosen, zone)
    otherwise = forum.lang if forum else LANGUAGES[0]
    return Reader(best_language(connection.headers.get("accept-language"), otherwise), zone)


def keep_language(response: Response, lang: str, *, https: bool) -> None:
    """Remember a person's choice of language, for the whole site."""
    response.set_cookie(LANG_COOKIE, lang, max_age=LANG_SECONDS, samesite="lax", httponly=True, secure=https)


def media_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def fields_of(request: Request, most: int = MOST_FIELDS) -> Fields:
    """A form's fields, ``most`` of them, or those of a flat JSON object of texts. HTTPException 400, 413 or 415."""
    match media_type(request):
        case "application/x-www-form-urlencoded":
            form = await request.form(max_fields=most, max_part_size=BODY_BYTES)
            found: dict[str, list[str]] = {}
            for name, value in form.multi_items():
                if isinstance(value, UploadFile):
                    raise HTTPException(415)
                found.setdefault(name, []).append(value)
            return found
        case "application/json":
            try:
                flat = msgspec.json.decode(await request.body(), type=dict[str, str])
            except (msgspec.MsgspecError, RecursionError):
                raise HTTPException(400) from None
            return {name: [value] for name, value in flat.items()}
        case _:
            raise HTTPException(415)


def one(fields: Fields, name: str) -> str:
    """The last value of a field, "" when there is none."""
    return fields.get(name, [""])[-1]


def ticket_of(fields: Fields) -> str:
    """The page's ticket, "" when it has none that could be ours."""
    ticket = one(fields, "ticket")
    return ticket if TICKET.fullmatch(ticket) else ""


def seen_of(fields: Fields) -> int:
    """The journal number that the page showed as it was drawn; 0 when it does not say."""
    seen = one(fields, "seen")
    return int(seen) if seen.isascii() and seen.isdecimal() and len(seen) <= 15 else 0


class Place(NamedTuple):
    """Where a form leads back to."""

    base: str
    anchor: str = ""

    def __str__(self) -> str:
        return f"{self.base}#{quote(self.anchor)}" if self.anchor else self.base


def in_app(request: Request) -> bool:
    """Say whether the page is shown inside another app, which may forget cookies when it is left."""
    return bool(IN_APP.search(request.headers.get("user-agent", "")))


def see_other(location: str) -> Response:
    """Go and look at ``location``; a reload there sends nothing again."""
    return RedirectResponse(location, 303)
