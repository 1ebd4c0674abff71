"""Coming in: by the room's code, by a link's secret, or by a ticket. ``returning`` has coming back by one's own code.

A secret arrives in the body of a POST and leaves as a cookie; no address, no log and no page carries it
again. The same form sent twice makes one person, whose id follows from the page's ticket. Only that page
knows the ticket.
"""

import asyncio
import math

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from forum.domain import people
from forum.domain.kernel import NOBODY, Asked, Millis, PersonId, Rejection, TabId
from forum.domain.limits import NAME
from forum.domain.links import TellLinks, Told, untold
from forum.domain.people import Join
from forum.domain.roles import Role
from forum.live import Accepted, Refused, Shown, Verdict
from forum.opening import Key, derived, links_kept, new_secret
from forum.web import arrivals, errors, handing, identity, pages, pasted, returning, text, verdicts
from forum.web.acting import Numbered, form_tab, keep_name, pause_ms, rename
from forum.web.asking import Fields, code_of, fields_of, one, reader_of, see_other, ticket_of
from forum.web.doorway import Wait
from forum.web.finding import found
from forum.web.identity import (
    SURFACE_OF,
    Surface,
    Who,
    base_path,
    give_cookie,
    keeps_cookies,
    stands,
    whoever,
)
from forum.web.limits import TooMany
from forum.web.service import Service, service_of


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
    own = pasted.own_code(one(fields, "name"))
    if own:  # a hurried person has one field in mind, and a code is nobody's name
        return await returning.back(request, code, shown, fields, own)
    name = text.name(one(fields, "name"))
    if isinstance(name, Rejection):
        return _join_refused(request, code, shown, verdicts.of(name), fields)
    who = await whoever(request, service.journal, code, "phone", service.clock)
    if isinstance(who, Who) and stands(shown.view.state, who):
        return see_other(base_path(code, "phone"))
    ticket = ticket_of(fields)
    if not keeps_cookies(request, ticket):
        return _no_cookies(request, code, "phone", shown, fields)
    person = _person(service, code, "join", ticket)
    foreseen = people.join(shown.view.state, Join(), _asked(service, person))
    if isinstance(foreseen, Rejection):
        return _join_refused(request, code, shown, verdicts.of(foreseen), fields)
    wait = await _turn(request, code, ticket)
    if wait:
        return await _one_moment(request, code, shown, wait, fields)
    if returning.to_ask(shown, person, name, fields):
        return pages.join_page(request, code, shown, 409, given={"name": name}, namesake=True)
    verdict = await _arrive(service, code, shown, person, Join(), name)
    if not isinstance(verdict, Accepted):
        return _join_refused(request, code, shown, verdict, fields)
    secret, _ = await asyncio.gather(
        identity.admit(service.journal, code, person, Role.PARTICIPANT, "", service.clock),
        arrivals.noted(service, code, person, request.scope["forum.address"]),
    )
    response = see_other(base_path(code, "phone"))
    give_cookie(response, code, Role.PARTICIPANT, secret, https=request.scope["forum.https"])
    return response


async def enter(request: Request, *, surface: Surface) -> Response:
    """Exchange a link's or ticket's secret for a cookie of the surface it opens."""
    service, code, fields = service_of(request), code_of(request), await fields_of(request)
    shown = await found(request, code)
    secret = pasted.secret(one(fields, "secret"))
    key = await identity.find(service.journal, code, secret, service.clock)
    if key is None or key.kind not in ("link", "ticket"):
        return _wrong_secret(request, code, surface, shown, fields, 404)
    if key.via in shown.view.state.links.revoked:
        return _wrong_secret(request, code, surface, shown, fields, 410)
    if not keeps_cookies(request, ticket_of(fields)):
        return _no_cookies(request, code, surface, shown, fields)
    taken = text.name(one(fields, "name"))
    name = taken if isinstance(taken, str) else ""  # a name that cannot be taken keeps nobody out
    by = _by_ticket if key.kind == "ticket" else _by_link
    cookie = await by(request, code, key, secret, shown, fields, name)
    if not isinstance(cookie, str):
        return _not_now(request, code, surface, shown, cookie, fields)
    opens = base_path(code, SURFACE_OF.get(key.role, "phone"))
    response = handing.onward(request, opens)
    if cookie:
        give_cookie(response, code, key.role, cookie, https=request.scope["forum.https"])
    return response


async def gone(request: Request, *, surface: Surface) -> Response:
    """Whether somebody, named by whoever holds what they left in a browser, is no longer known to this forum (O13)."""
    code = code_of(request)
    await inside(request, code, surface)
    shown = await service_of(request).hub.shown(code)
    person = request.query_params.get("person", "")
    return JSONResponse({"gone": bool(person) and PersonId(person) not in shown.view.state.people.by_id})


# --- inside


async def _tell_links(service: Service, code: str, entered: str) -> Verdict:
    """Have the journal tell of every link that opens something: one was used of which it said nothing."""
    kept = await links_kept(service.journal, code)
    told = TellLinks(tuple(Told(key.via, key.role, Millis(key.created), key.parent) for key in kept))
    tab = TabId(f"server:links-{entered}")
    verdict: Verdict = await service.hub.submit(
        code, told, Asked(by=NOBODY, at=Millis(service.clock()), tab=tab, op=1)
    )
    return verdict


async def _arrive(
    service: Service, code: str, shown: Shown, person: PersonId, command: Join, name: str
) -> Verdict:
    """Bring a person in, named before anybody sees them; they are called as before when they may not come in.

    A refusal that can be foreseen is not recorded: whoever has the code could make the journal grow for ever.
    """
    asked, before = _asked(service, person, command.key), shown.view.own_name(person)
    foreseen = people.join(shown.view.state, command, asked)
    if isinstance(foreseen, Rejection):
        return verdicts.of(foreseen)
    if name:
        await keep_name(service, code, person, name)
    verdict: Verdict = await service.hub.submit(code, command, asked)
    if name and not isinstance(verdict, Accepted):
        await keep_name(service, code, person, before)
    return verdict


def _asked(service: Service, person: PersonId, key: str = "") -> Asked:
    tab = TabId(f"join-{person}-{key}" if key else f"join-{person}")  # one coming in for each link
    return Asked(by=person, at=Millis(service.clock()), tab=tab, op=1)


async def _turn(request: Request, code: str, ticket: str) -> Wait | None:
    """Wait with whoever is next; when it takes longer than a page may load, say how long."""
    service, address = service_of(request), request.scope["forum.address"]
    wait = service.doorway.join(code, address, ticket)
    if wait is None or not wait.kept or wait.seconds > service.door_seconds:
        return wait
    with service.presence.at_the_door() as room:
        if room:
            await asyncio.sleep(wait.seconds)
            return service.doorway.join(code, address, ticket)
    return wait


async def _by_ticket(
    request: Request, code: str, key: Key, secret: str, shown: Shown, fields: Fields, name: str
) -> str | Verdict:
    """A cookie for a ticket's person: whoever holds the ticket has the same place again. It is a cookie of its own, so
    that a device can be left without the ticket; "" when the one they have is as good.
    """
    service, person = service_of(request), PersonId(key.person)
    op = Numbered(
        Who(person, key.role, key.via),
        form_tab(service.seed, ticket_of(fields) or new_secret(), "name", name),
        1,
    )
    if name and not pause_ms(service, code, op):
        await rename(service, code, op, name)
    who = await whoever(request, service.journal, code, SURFACE_OF.get(key.role, "phone"), service.clock)
    if isinstance(who, Who) and who.person == person:
        return ""
    wait = service.limits.by_link(code, key.via)
    if wait:
        raise TooMany(wait)
    return await identity.admit(service.journal, code, person, key.role, key.via, service.clock)


async def _by_link(
    request: Request, code: str, key: Key, secret: str, shown: Shown, fields: Fields, name: str
) -> str | Verdict:
    """A cookie for whoever came by a link; "" when the one they have is as good.

    Whose own link was taken back is who they were by another one, and what they showed till then opens nothing again.
    """
    service = service_of(request)
    surface = SURFACE_OF.get(key.role, "phone")
    who = await whoever(request, service.journal, code, surface, service.clock)
    if isinstance(who, Who) and who.key == key.via and stands(shown.view.state, who):
        return ""
    wait = service.limits.by_link(code, key.via)
    if wait:
        raise TooMany(wait)
    if untold(shown.view.state, key.via):  # first: it may have been taken back with the one it was made with
        told = await _tell_links(service, code, key.via)
        if not isinstance(told, Accepted):
            return told
        shown = await service.hub.shown(code)
    wanted = Join(key.role, key.via)
    back = isinstance(who, Who) and people.comes_by_another(shown.view.state, who.person, wanted)
    person = (
        who.person if isinstance(who, Who) and back else _person(service, code, key.via, ticket_of(fields))
    )
    verdict = await _arrive(service, code, shown, person, wanted, name)
    if not isinstance(verdict, Accepted):
        return verdict
    if isinstance(who, Who) and back:
        await identity.end(service.journal, code, who, service.clock)
    return await identity.admit(service.journal, code, person, key.role, key.via, service.clock)


def _person(service: Service, code: str, way: str, ticket: str) -> PersonId:
    return PersonId("p" + derived(service.seed, "person", code, way, ticket or new_secret()).hex()[:18])


def _join_refused(request: Request, code: str, shown: Shown, verdict: Verdict, fields: Fields) -> Response:
    reader = reader_of(request, shown.view.state)
    flash = verdicts.said(reader, verdict, shown.view.name)
    return pages.join_page(request, code, shown, verdicts.status(verdict), flash, {"name": _written(fields)})


async def _one_moment(request: Request, code: str, shown: Shown, wait: Wait, fields: Fields) -> Response:
    """Whose turn it is not yet: when it is, and that nothing is lost meanwhile."""
    service, address = service_of(request), request.scope["forum.address"]
    if service.doorway.crowds(code, address):
        await arrivals.crowded(service, code)
    if errors.wants_json(request.scope):
        return errors.too_many(request.scope, wait.seconds)
    answer = pages.moment_page(
        request,
        code,
        shown,
        wait,
        ticket_of(fields),
        _written(fields),
        one(fields, "another")[: NAME.most * 2],
    )
    answer.headers["retry-after"] = str(math.ceil(wait.seconds))
    return answer


def _not_now(
    request: Request, code: str, surface: Surface, shown: Shown, verdict: Verdict, fields: Fields
) -> Response:
    """A link that is good, by which nobody can come in: why, in true words. What was taken back has ended."""
    if isinstance(verdict, Refused) and verdict.rejection.code == "removed":
        return _wrong_secret(request, code, surface, shown, fields, 410)
    reader = reader_of(request, shown.view.state)
    sentence, status = verdicts.said(reader, verdict, shown.view.name), verdicts.status(verdict)
    if errors.wants_json(request.scope):
        why = verdict.rejection.code if isinstance(verdict, Refused) else "unavailable"
        return JSONResponse({"ok": False, "code": why, "msg": sentence}, status)
    return pages.enter_page(request, code, surface, shown, status, sentence, _written(fields))


def _no_cookies(request: Request, code: str, surface: Surface, shown: Shown, fields: Fields) -> Response:
    """Whoever comes with a browser that keeps nothing: nobody is made whom nobody could be again."""
    sentence = reader_of(request, shown.view.state).say(identity.NO_COOKIES)
    if errors.wants_json(request.scope):
        return JSONResponse({"ok": False, "code": "no_cookies", "msg": sentence}, 422)
    if request.url.path.endswith("/join"):
        return pages.join_page(request, code, shown, 422, sentence, {"name": _written(fields)})
    return pages.enter_page(request, code, surface, shown, 422, sentence, _written(fields))


def _written(fields: Fields) -> str:
    """The name that somebody wrote, to stand in its field again."""
    return one(fields, "name")[: NAME.most * 2]


def _wrong_secret(
    request: Request, code: str, surface: Surface, shown: Shown, fields: Fields, status: int
) -> Response:
    """The same words whether a link never was, has ended, or was taken back."""
    service = service_of(request)
    wait = service.limits.wrong_secret(request.scope["forum.address"])
    if wait:
        return errors.too_many(request.scope, wait)
    sentence = verdicts.fixed(reader_of(request, shown.view.state), "access_ended")
    if errors.wants_json(request.scope):
        return JSONResponse({"ok": False, "code": "access_ended", "msg": sentence}, status)
    return pages.enter_page(request, code, surface, shown, status, sentence, _written(fields))
