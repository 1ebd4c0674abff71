"""Opening a forum, or the demo, from the home page; its links are said in the answer and never again."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from forum.domain.keeping import MOST_YEARS, last_day
from forum.domain.roles import Role
from forum.fragments.given import Given
from forum.language import LANGUAGES, zones
from forum.opening import Opened, derived, open_forum
from forum.web import beginning, errors, pages, verdicts
from forum.web.asking import Fields, fields_of, one, reader_of, ticket_of
from forum.web.links import link
from forum.web.service import Service, service_of


async def open_one(request: Request) -> Response:
    """Open a forum with an agenda, a title and a language."""
    service, fields = service_of(request), await fields_of(request)
    barred = _barred(request, service, fields)
    if barred:
        return barred
    wanted = beginning.wanted(service, fields)
    if isinstance(wanted, beginning.Refused):
        return _refused(request, wanted, fields)
    reader = reader_of(request)
    ticket, until = ticket_of(fields), last_day(service.clock(), _keep_days(service, fields))
    opened = await open_forum(
        service.journal,
        wanted.agenda,
        title=wanted.title,
        question=wanted.question,
        lang=_lang(fields, reader.lang),
        keep_until=until,
        keep_most=last_day(service.clock(), service.keep_most_days) if service.keep_most_days else "",
        days=service.days,
        horizon=wanted.horizon,
        expected=wanted.expected,
        zone=wanted.zone,
        clock=service.clock,
        seed=derived(service.seed, "opening", ticket) if ticket else None,
    )
    return _links(request, service, opened, wanted.title or wanted.agenda.title.get(reader.lang), until)


async def demo(request: Request) -> Response:
    """Open a forum that simulated people play, to be watched."""
    service, fields = service_of(request), await fields_of(request)
    barred = _barred(request, service, fields)
    if barred:
        return barred
    reader = reader_of(request)
    zone = beginning.zone_of(fields)
    opened = await service.demo(_lang(fields, reader.lang), zone if isinstance(zone, str) else zones.own())
    shown = await service.hub.shown(opened.code)
    state = shown.view.state
    return _links(request, service, opened, state.title, state.keeping.until, shown=True)


def _barred(request: Request, service: Service, fields: Fields) -> Response | None:
    """Why who asks may not open a forum here; None when they may. TooMany."""
    address = request.scope["forum.address"]
    why = service.permits.refused(address, one(fields, "permit"))
    if not why:
        wait = service.limits.opening(address)
        return errors.too_many(request.scope, wait) if wait else None
    sentence = reader_of(request).say(why)
    if errors.wants_json(request.scope):
        return JSONResponse({"t": "error", "code": f"opening_{service.permits.way}", "msg": sentence}, 403)
    if request.scope["path"] == "/demo" or service.permits.way == "closed":
        return pages.home_page(request, 403, sentence)
    return beginning.refused(request, "check", fields, sentence, 403, _sent(request, fields))


def _sent(request: Request, fields: Fields) -> Given:
    return Given(request.scope["path"], fields)


def _keep_days(service: Service, fields: Fields) -> int:
    said, most = one(fields, "keep_days"), service.keep_most_days or 365 * MOST_YEARS
    fine = said.isascii() and said.isdecimal() and len(said) <= 4 and 1 <= int(said) <= 365 * MOST_YEARS
    return min(int(said) if fine else service.keep_days, most)


def _lang(fields: Fields, otherwise: str) -> str:
    lang = one(fields, "lang")
    return lang if lang in LANGUAGES else otherwise


def _links(
    request: Request, service: Service, opened: Opened, title: str, until: str, *, shown: bool = False
) -> Response:
    links = {
        "join": service.addresses.join_url(opened.code),
        "desk": link(service, opened.code, Role.FACILITATOR, opened.desk),
        "screen": link(service, opened.code, Role.SCREEN, opened.screen),
        "staff": link(service, opened.code, Role.STAFF, opened.staff),
    }
    if errors.wants_json(request.scope):
        return JSONResponse({"code": opened.code} | {f"{name}_url": url for name, url in links.items()}, 201)
    return pages.links_page(request, opened.code, title, until, links, shown=shown)


def _refused(request: Request, refused: beginning.Refused, fields: Fields) -> Response:
    why, sentence = refused.why, beginning.said(request, refused.why)
    if errors.wants_json(request.scope):
        more = {name: why.params[name] for name in verdicts.TOLD if name in why.params}
        return JSONResponse({"t": "error", "code": why.code, "msg": sentence} | more, 422)
    return beginning.refused(request, refused.at, fields, sentence, sent=_sent(request, fields))
