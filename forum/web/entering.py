"""Coming in: by the room's code, by a link's secret, by a ticket; and making and listing links.

A secret arrives in a POST's body and leaves as a cookie; no address, no log and no page carries it again. The
same form sent twice makes one person: their id follows from the page's ticket, which only that page knows.
"""

import math
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from forum.domain import people
from forum.domain.kernel import N_, Asked, Millis, PersonId, Rejection, TabId
from forum.domain.people import Join
from forum.domain.roles import LEADS, Role
from forum.live import Accepted, Shown, Verdict
from forum.opening import Key, derived, new_secret, put_link
from forum.web import errors, identity, pages, pasted, text, verdicts
from forum.web.acting import Numbered, form_tab, keep_name, pause_ms, rename
from forum.web.asking import Fields, code_of, fields_of, one, reader_of, see_other, ticket_of
from forum.web.finding import found
from forum.web.identity import SURFACE_OF, Surface, Who, base_path, give_cookie, stands, whoever
from forum.web.limits import TooMany
from forum.web.service import Service, service_of

LINKABLE: Final = (Role.FACILITATOR, Role.SCREEN, Role.STAFF)
NEW_LINK_HEADING: Final = N_("The new link")
NEW_LINK: Final = N_("Keep it now, it is shown only once: {url}")
OPEN_IT: Final = N_("Open it")
MANY_ARRIVE: Final = N_("Very many people are coming in right now. Wait {seconds} seconds, then press again.")


class NotIn(Exception):
    """Who asks is not in this forum: never was ("not_joined"), or no longer is ("access_ended")."""

    def __init__(self, code: str, base: str) -> None:
        super().__init__(code)
        self.code = code
        self.base = base


async def inside(request: Request, code: str, surface: Surface) -> Who:
    """Who asks, when they have a cookie that opens this surface. Raises NotIn."""
    service = service_of(request)
    who = await whoever(request, service.journal, code, surface, service.clock)
    if isinstance(who, Who):
        service.limits.found(request.scope["forum.address"], code)
        return who
    raise NotIn("not_joined" if who is None else "access_ended", base_path(code, surface))


async def join(request: Request) -> Response:
    """Enter by the code, with or without a first name."""
    service, code, fields = service_of(request), code_of(request), await fields_of(request)
    shown = await found(request, code)
    name = text.name(one(fields, "name"))
    if isinstance(name, Rejection):
        return _join_refused(request, code, shown, verdicts.of(name), fields)
    who = await whoever(request, service.journal, code, "phone", service.clock)
    if isinstance(who, Who) and stands(shown.view.state, who):
        return see_other(base_path(code, "phone"))
    person = _person(service, code, "join", ticket_of(fields))
    try:
        verdict = await _arrive(service, code, shown, person, Join(), name)
    except TooMany as crowd:
        return _join_later(request, code, shown, crowd, fields)
    if not isinstance(verdict, Accepted):
        return _join_refused(request, code, shown, verdict, fields)
    secret = await identity.admit(service.journal, code, person, Role.PARTICIPANT, "", service.clock)
    response = see_other(base_path(code, "phone"))
    give_cookie(response, code, Role.PARTICIPANT, secret, https=request.scope["forum.https"])
    return response


async def enter(request: Request, *, surface: Surface) -> Response:
    """Exchange a link's or ticket's secret for a cookie of the surface it opens."""
    service, code, fields = service_of(request), code_of(request), await fields_of(request)
    shown = await found(request, code)
    secret = pasted.secret(one(fields, "secret"))
    key = await identity.find(service.journal, code, secret, service.clock)
    if key is None or key.kind == "cookie":
        return _wrong_secret(request, code, surface, shown, 404)
    if key.via in shown.view.state.revoked:
        return _wrong_secret(request, code, surface, shown, 410)
    taken = text.name(one(fields, "name"))
    name = taken if isinstance(taken, str) else ""  # a name that cannot be taken keeps nobody out
    by = _by_ticket if key.kind == "ticket" else _by_link
    cookie = await by(request, code, key, secret, shown, fields, name)
    if isinstance(cookie, Rejection):
        return _wrong_secret(request, code, surface, shown, 410)
    opens = base_path(code, SURFACE_OF.get(key.role, "phone"))
    response = (
        JSONResponse({"ok": True, "location": opens})
        if errors.wants_json(request.scope)
        else see_other(opens)
    )
    if cookie:
        give_cookie(response, code, key.role, cookie, https=request.scope["forum.https"])
    return response


async def make_link(request: Request, *, surface: Surface) -> Response:
    """Make one more link for a role; its secret is shown in this answer and never again."""
    service, code, fields = service_of(request), code_of(request), await fields_of(request)
    who = await inside(request, code, surface)
    shown = await service.hub.shown(code)
    reader = reader_of(request, shown.view.state.lang)
    role = next((r for r in LINKABLE if r == one(fields, "role")), None)
    if role is None or who.role not in LEADS or not stands(shown.view.state, who):
        sentence = verdicts.fixed(reader, "forbidden")
        if errors.wants_json(request.scope):
            return JSONResponse({"ok": False, "code": "forbidden", "msg": sentence}, 403)
        return pages.document(request, code, surface, who, shown, 403, sentence)
    secret = new_secret()
    key = await put_link(service.journal, code, secret, role, service.clock)
    url = link(service, code, role, secret)
    if errors.wants_json(request.scope):
        return JSONResponse({"ok": True, "role": role, "url": url, "key": key.via}, 201)
    sentence = reader.say(NEW_LINK, url=url)
    return pages.notice(request, 201, reader.say(NEW_LINK_HEADING), sentence, url, reader.say(OPEN_IT))


def link(service: Service, code: str, role: Role, secret: str) -> str:
    """The whole link: the secret stands behind the #, which browsers send to nobody."""
    return f"{service.addresses.base}{base_path(code, SURFACE_OF[role])}#{secret}"


# --- inside


async def _arrive(
    service: Service, code: str, shown: Shown, person: PersonId, command: Join, name: str
) -> Verdict:
    """Bring a person in, named before anybody sees them; the name goes again when they may not come in.

    A refusal that can be foreseen is not recorded: whoever has the code could make the journal grow for ever.
    Raises TooMany.
    """
    asked = Asked(by=person, at=Millis(service.clock()), tab=TabId(f"join-{person}"), op=1)
    foreseen = people.join(shown.view.state, command, asked)
    if isinstance(foreseen, Rejection):
        return verdicts.of(foreseen)
    wait = service.limits.join(code)
    if wait:
        raise TooMany(wait)
    if name:
        await keep_name(service, code, person, name)
    verdict: Verdict = await service.hub.submit(code, command, asked)
    if name and not isinstance(verdict, Accepted):
        await keep_name(service, code, person, "")
    return verdict


async def _by_ticket(
    request: Request, code: str, key: Key, secret: str, shown: Shown, fields: Fields, name: str
) -> str:
    """A ticket's secret is its person's cookie: whoever holds it has the same place again."""
    if name:
        service, who = service_of(request), Who(PersonId(key.person), key.role, key.via)
        op = Numbered(who, form_tab(ticket_of(fields) or new_secret(), "name", name), 1)
        if not pause_ms(service, code, op):
            await rename(service, code, op, name)
    return secret


async def _by_link(
    request: Request, code: str, key: Key, secret: str, shown: Shown, fields: Fields, name: str
) -> str | Rejection:
    """A cookie for whoever came by a link; "" when the one they have is as good."""
    service = service_of(request)
    surface = SURFACE_OF.get(key.role, "phone")
    who = await whoever(request, service.journal, code, surface, service.clock)
    if isinstance(who, Who) and who.key == key.via and stands(shown.view.state, who):
        return ""
    person = _person(service, code, key.via, ticket_of(fields))
    verdict = await _arrive(service, code, shown, person, Join(key.role, key.via), name)
    if not isinstance(verdict, Accepted):
        return Rejection("J3", "removed")
    return await identity.admit(service.journal, code, person, key.role, key.via, service.clock)


def _person(service: Service, code: str, way: str, ticket: str) -> PersonId:
    return PersonId("p" + derived(service.seed, "person", code, way, ticket or new_secret()).hex()[:18])


def _join_refused(request: Request, code: str, shown: Shown, verdict: Verdict, fields: Fields) -> Response:
    reader = reader_of(request, shown.view.state.lang)
    flash = verdicts.said(reader, verdict, shown.view.name)
    return pages.join_page(
        request, code, shown, verdicts.status(verdict), flash, {"name": one(fields, "name")[: text.NAME * 2]}
    )


def _join_later(request: Request, code: str, shown: Shown, crowd: TooMany, fields: Fields) -> Response:
    reader = reader_of(request, shown.view.state.lang)
    seconds = math.ceil(crowd.seconds)
    sentence = reader.say(MANY_ARRIVE, seconds=seconds)
    if errors.wants_json(request.scope):
        answer: Response = errors.too_many(request.scope, crowd.seconds)
    else:
        answer = pages.join_page(
            request, code, shown, 429, sentence, {"name": one(fields, "name")[: text.NAME * 2]}
        )
    answer.headers["retry-after"] = str(seconds)
    return answer


def _wrong_secret(request: Request, code: str, surface: Surface, shown: Shown, status: int) -> Response:
    """The same words whether a link never was, has ended, or was taken back."""
    service = service_of(request)
    wait = service.limits.wrong_secret(request.scope["forum.address"])
    if wait:
        return errors.too_many(request.scope, wait)
    sentence = verdicts.fixed(reader_of(request, shown.view.state.lang), "access_ended")
    if errors.wants_json(request.scope):
        return JSONResponse({"ok": False, "code": "access_ended", "msg": sentence}, status)
    return pages.enter_page(request, code, surface, shown, status, sentence)
