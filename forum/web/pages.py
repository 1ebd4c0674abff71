"""Whole pages: the surfaces of a forum, and the plain ones around them. GET only; nothing here changes anything.

Each template below ``pages/`` says in its first lines what it is given.
"""

import math
from collections.abc import Mapping
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from forum.domain.kernel import N_, PersonId
from forum.domain.roles import Role
from forum.domain.sessions import reading
from forum.domain.sheets.reading import schemas_in
from forum.domain.steps.commitments import OUTSIDE
from forum.domain.steps.pledge import how_named
from forum.fragments.given import Given
from forum.fragments.pages import Token
from forum.fragments.surface import Audience
from forum.language import LANGUAGES, Reader
from forum.language.documents import topics
from forum.live import Shown
from forum.opening import new_secret
from forum.slices import Sliced
from forum.web import asking, costs, errors, pasted
from forum.web.asking import code_of, reader_of, see_other
from forum.web.doorway import Wait
from forum.web.finding import found
from forum.web.guard import FRAMES
from forum.web.identity import Surface, Who, base_path, stands, try_cookie, visited, whoever
from forum.web.qr import SAFE, qr_svg
from forum.web.questions import QUESTIONS
from forum.web.service import service_of
from forum.web.verdicts import fixed

HEADING: Final = N_("This did not work")
ONWARD: Final = N_("To the forum")
ROBOTS: Final = "User-agent: *\nDisallow: /\n"


async def home(request: Request) -> Response:
    """Create a forum, start the demo, enter a code: ``?code=`` leads to its forum."""
    written = request.query_params.get("code")
    if written is None:
        return home_page(request)
    return see_other((await _place(request, written)).partition("#")[0])


async def to_room(request: Request) -> Response:
    """Go where a code, or a whole address that was pasted instead, leads; by POST, since links carry secrets."""
    return see_other(await _place(request, asking.one(await asking.fields_of(request), "code")))


async def _place(request: Request, written: str) -> str:
    """The path that somebody means. Raises NoSuchRoom, TooMany."""
    place = pasted.place(written)
    if place is None:
        raise asking.no_code(written)
    await found(request, place.split("/")[2].partition("#")[0], written)
    return place


def home_page(request: Request, status: int = 200, flash: str = "", code: str = "") -> Response:
    """``code``: what was written where one enters it, and leads nowhere."""
    reader = reader_of(request)
    return plain(
        request,
        "home.html",
        reader,
        status,
        flash=flash,
        questions=[reader.say(one) for one in QUESTIONS.values()],
        opening=service_of(request).permits.way,
        ticket=new_secret(),
        code=code,
    )


async def surface_page(request: Request, *, surface: Surface) -> Response:
    """A surface of a forum for whoever may see it; for others the way in."""
    service, code = service_of(request), code_of(request)
    who = await whoever(request, service.journal, code, surface, service.clock)
    shown = await (service.hub.readable(code) if isinstance(who, Who) else found(request, code))
    stand = isinstance(who, Who) and stands(shown.view.state, who)
    if isinstance(who, Who) and (stand or surface == "phone"):
        response = await document(request, code, surface, who, shown, 200 if stand else 410)
        if stand:
            await visited(request, response, code, who)
        return response
    ended = who is not None
    if surface == "phone":
        return join_page(request, code, shown, ended=ended)
    flash = fixed(reader_of(request, shown.view.state), "access_ended") if ended else ""
    return enter_page(request, code, surface, shown, 410 if ended else 200, flash)


async def ticket_page(request: Request) -> Response:
    """Where a printed ticket leads: its secret is behind the # and is posted by the page."""
    code = code_of(request)
    shown = await found(request, code)
    return enter_page(request, code, "phone", shown)


def shelf(
    request: Request, code: str, surface: Surface, shown: Shown, status: int = 200, flash: str = ""
) -> Response:
    """Every document there is to take home, from the desk or for the staff."""
    state, base = shown.view.state, base_path(code, surface)
    given: dict[str, Any] = {"code": code, "title": state.title, "base": base, "back": request.url.path}
    given |= {"topics": tuple(topics(schemas_in(state))), "of_desk": surface == "desk"}
    given |= {"named": {readers: how_named(state, readers) for readers in OUTSIDE}}
    return plain(request, "staff.html", reader_of(request, state), status, flash=flash, **given)


async def document(
    request: Request,
    code: str,
    surface: Surface,
    who: Who,
    shown: Shown,
    status: int = 200,
    flash: str = "",
    given: Given | None = None,
) -> Response:
    """A person's page of a surface, with a sentence to speak first."""
    service = service_of(request)
    reader = reader_of(request, shown.view.state)
    if surface == "staff":
        return shelf(request, code, surface, shown, status, flash)
    service.hub.heard(code, PersonId(who.person))
    if surface == "desk":
        request.scope["forum.framing"] = FRAMES
    audience = Audience(surface, reader.lang)
    html = await service.turns.in_slices(drawing(request, code, who, shown, audience, flash, given))
    return HTMLResponse(html, status)


def drawing(
    request: Request,
    code: str,
    who: Who,
    shown: Shown,
    audience: Audience,
    flash: str,
    given: Given | None,
    small: str = "",
) -> Sliced[str]:
    service = service_of(request)
    shown, backdrop = yield from service.hub.drawn(code, shown, audience, who.person)
    return (
        yield from service.pages.document_in_slices(
            shown.view,
            audience,
            who.person,
            token=Token(*shown.head),
            now=service.clock(),
            ticket=new_secret(),
            nonce=request.scope["forum.nonce"],
            flash=flash,
            given=given,
            backdrop=backdrop,
            unsaved=service.hub.vitals.unsaved,
            small=small,
        )
    )


async def refused(
    request: Request,
    code: str,
    surface: Surface,
    who: Who,
    shown: Shown,
    status: int,
    sentence: str,
    given: Given | None = None,
) -> Response:
    """The page again after a form that was refused, in its turn like every page. TooMany, Crowded."""
    async with costs.turn(request, costs.PAGE):
        return await document(request, code, surface, who, shown, status, sentence, given)


def join_page(
    request: Request,
    code: str,
    shown: Shown,
    status: int = 200,
    flash: str = "",
    given: Mapping[str, str] | None = None,
    *,
    namesake: bool = False,
    ended: bool = False,
) -> Response:
    """The way in for whoever has the code; ``namesake``: asks whether they are the one of their name who is here.

    ended   this browser was in, and is not known any more
    """
    state = shown.view.state
    response = plain(
        request,
        "join.html",
        reader_of(request, state),
        status,
        flash=flash,
        code=code,
        title=state.title,
        question=state.question,
        base=base_path(code, "phone"),
        mode=state.entry,
        until=state.keeping.until,
        ballot_days=state.keeping.ballot_days,
        words_days=state.keeping.words_days,
        ticket=new_secret(),
        given=dict(given or {}),
        in_app=asking.in_app(request),
        namesake=namesake,
        ended=ended,
        rests=reading.rests(state) and reading.last_held(state) is not None,
        goes_on=reading.goes_on(state),
        coming=reading.next_plan(state),
    )
    try_cookie(response, code, https=request.scope["forum.https"])
    return response


def moment_page(
    request: Request, code: str, shown: Shown, wait: Wait, ticket: str, name: str, another: str
) -> Response:
    """Somebody's turn to come in is not yet: the same wish, to be sent again by itself or by a press."""
    state = shown.view.state
    return plain(
        request,
        "moment.html",
        reader_of(request, state),
        429,
        code=code,
        title=state.title,
        seconds=math.ceil(wait.seconds),
        kept=wait.kept,
        ticket=ticket or new_secret(),
        name=name,
        another=another,
    )


def enter_page(
    request: Request,
    code: str,
    surface: Surface,
    shown: Shown,
    status: int = 200,
    flash: str = "",
    name: str = "",
) -> Response:
    """The way in for whoever has a link or a ticket: its script posts what stands behind the #.

    name  what was written there, with a secret that opened nothing; that itself no page carries
    """
    state = shown.view.state
    template = "ticket.html" if surface == "phone" else "enter.html"
    response = plain(
        request,
        template,
        reader_of(request, state),
        status,
        flash=flash,
        code=code,
        title=state.title,
        sent=Given(request.scope["path"], {"name": [name]}) if name else None,
        role=surface,
        base=base_path(code, surface),
        ticket=new_secret(),
    )
    try_cookie(response, code, https=request.scope["forum.https"])
    return response


async def come_back_page(request: Request) -> Response:
    """Where one's own code is written, or where the QR of one's other device leads."""
    code = code_of(request)
    return mine_page(request, code, await found(request, code))


def mine_page(request: Request, code: str, shown: Shown, status: int = 200, flash: str = "") -> Response:
    """The way in for whoever was in before, on another device."""
    state = shown.view.state
    reader = reader_of(request, state)
    args = {"code": code, "title": state.title, "ticket": new_secret()}
    response = plain(request, "mine.html", reader, status, flash=flash, **args)
    try_cookie(response, code, https=request.scope["forum.https"])
    return response


def links_page(
    request: Request, code: str, title: str, until: str, links: Mapping[str, str], *, shown: bool = False
) -> Response:
    """The links of a forum just opened; the only time that they are said. ``until``: its last day, or ""; ``shown``: it
    is the demonstration.
    """
    scan = {name: SAFE(qr_svg(address)) for name, address in links.items()}
    reader = reader_of(request)
    called = [
        (reader.say(N_("The desk")), links["desk"]),
        (reader.say(N_("The screen")), links["screen"]),
        (reader.say(N_("The exports")), links["staff"]),
        (reader.say(N_("The room")), links["join"]),
    ]
    kept = "\n\n".join([title, *(f"{name}\n{address}" for name, address in called)])
    return plain(
        request,
        "links.html",
        reader,
        201,
        code=code,
        title=title,
        until=until,
        links=links,
        scan=scan,
        kept=kept,
        shown=shown,
    )


def new_link_page(request: Request, code: str, shown: Shown, role: Role, url: str, base: str) -> Response:
    """A link just made, whole, the only time; whoever made it goes on at ``base``."""
    state = shown.view.state
    args = {
        "code": code,
        "title": state.title,
        "until": state.keeping.until,
        "role": role,
        "url": url,
        "base": base,
    }
    return plain(request, "new-link.html", reader_of(request, state), 201, qr=SAFE(qr_svg(url)), **args)


def error_page(
    request: Request,
    status: int,
    sentence: str,
    reader: Reader | None = None,
    action: str = "/",
    written: str | None = None,
) -> Response:
    """Why there is no page, and the way back. ``written``: what somebody took for a code, to be put right."""
    reader = reader or reader_of(request)
    label = errors.BACK if action == "/" else ONWARD
    told = {
        "heading": reader.say(HEADING),
        "sentence": sentence,
        "action": action,
        "label": reader.say(label),
    }
    return plain(request, "error.html", reader, status, written=written, **told)


def plain(
    request: Request, template: str, reader: Reader, status: int = 200, *, flash: str = "", **args: Any
) -> Response:
    """A page that is no surface."""
    service = service_of(request)
    nonce = request.scope["forum.nonce"]
    unsaved_at = (
        service.clock() if service.hub.vitals.unsaved else 0
    )  # such a page never hears that it is over
    html = service.pages.plain(
        template, reader.lang, reader.zone, nonce=nonce, flash=flash, unsaved_at=unsaved_at, **args
    )
    return HTMLResponse(html, status)


async def choose_language(request: Request) -> Response:
    """Remember the language chosen, and go back to where the form says."""
    fields = await asking.fields_of(request)
    response = see_other(_inside(asking.one(fields, "back")))
    lang = asking.one(fields, "lang")
    if lang in LANGUAGES:
        asking.keep_language(response, lang, https=request.scope["forum.https"])
    return response


def _inside(path: str) -> str:
    """A path of ours; "/" for anything that could lead away."""
    ours = (
        path.startswith("/") and not path.startswith(("//", "/\\")) and path.isascii() and path.isprintable()
    )
    return path if ours else "/"


async def robots(request: Request) -> Response:
    """Nothing here is for search engines."""
    return PlainTextResponse(ROBOTS)
