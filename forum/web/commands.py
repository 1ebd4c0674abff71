"""The HTTP door of a command: JSON for a page whose sockets are blocked, plain forms for one without JavaScript.

The verdict is the same as on the socket, and is reached in the same way. A form that succeeds leads back to
its page. A refused form gives the page again, with the sentence at its top and the form as it was sent
(``fragments.given``).
Pressing twice counts once: the op's tab follows from the page's ticket and the content of the form.
"""

from starlette.requests import Request
from starlette.responses import Response

from forum.domain.kernel import ActionId, Asked, Command, Millis, PersonId, Rejection, TabId
from forum.domain.limits import NAME, Range, limits
from forum.domain.people import AddPerson
from forum.domain.plan.words import ChoosePilot
from forum.domain.roles import may
from forum.domain.room import refusal_of
from forum.fragments.given import Given
from forum.journal import Head, Unavailable
from forum.live import Accepted, Away, Busy, Full, OutOfOrder, Refused, Shown, Verdict
from forum.opening import derived, new_secret
from forum.web import acting, asking, errors, mailing, pages, text, verdicts, which, wire
from forum.web.acting import Numbered, act, form_tab, keep_name, short_hash
from forum.web.asking import (
    JSON,
    Fields,
    Place,
    code_of,
    fields_of,
    one,
    reader_of,
    see_other,
    seen_of,
    ticket_of,
)
from forum.web.entering import inside
from forum.web.identity import Surface, Who, base_path, stands
from forum.web.limits import TooMany
from forum.web.misread import Malformed
from forum.web.service import Service, service_of
from forum.web.turns import Crowded

ENVELOPE = frozenset({"ticket", "seen", "then", "for", "of-action"})


async def command(request: Request, *, surface: Surface) -> Response:
    """Judge one command; the address says which."""
    code = code_of(request)
    who = await inside(request, code, surface)
    if asking.media_type(request) == JSON:
        return await _by_json(request, code, who)
    return await _by_form(request, code, surface, who)


async def name(request: Request, *, surface: Surface) -> Response:
    """Say, change or erase one's own first name."""
    service, code, fields = service_of(request), code_of(request), await fields_of(request)
    who = await inside(request, code, surface)
    shown = await service.hub.shown(code)
    wanted = text.name(one(fields, "name"))
    if isinstance(wanted, Rejection):
        return await _answer(request, code, surface, who, verdicts.of(wanted), fields)
    if not (stands(shown.view.state, who) and may(who.role, "NameMyself")):
        return await _answer(request, code, surface, who, verdicts.of(verdicts.FORBIDDEN), fields)
    op = Numbered(who, form_tab(service.seed, ticket_of(fields) or new_secret(), "name", wanted), 1)
    if acting.pause_ms(service, code, op):
        return await _answer(request, code, surface, who, Busy(), fields)
    return await _answer(request, code, surface, who, await acting.rename(service, code, op, wanted), fields)


async def address(request: Request, *, surface: Surface) -> Response:
    """Leave an address of one's own for the plan and reminders (E4)."""
    service, code, fields = service_of(request), code_of(request), await fields_of(request)
    who = await inside(request, code, surface)
    return await _answer(request, code, surface, who, await mailing.left(service, code, who, fields), fields)


async def people(request: Request, *, surface: Surface) -> Response:
    """Register somebody without a phone, with a name."""
    service, code, fields = service_of(request), code_of(request), await fields_of(request)
    who = await inside(request, code, surface)
    wanted = text.checked(one(fields, "name"), NAME._replace(needed=True))
    if isinstance(wanted, Rejection):
        return await _answer(request, code, surface, who, verdicts.of(wanted), fields)
    ticket = ticket_of(fields) or new_secret()
    person = _new_person(service, code, ticket, wanted)
    verdict = await _add(service, code, who, ticket, person, wanted)
    return await _answer(request, code, surface, who, verdict, fields)


async def pilot(request: Request, *, surface: Surface) -> Response:
    """Name an action's pilot in free words: somebody who is here, or somebody new without a phone; "" = nobody."""
    service, code, fields = service_of(request), code_of(request), await fields_of(request)
    who = await inside(request, code, surface)
    wanted = text.checked(one(fields, "name"), NAME)
    action = one(fields, "action")
    if isinstance(wanted, Rejection):
        return await _answer(request, code, surface, who, verdicts.of(wanted), fields)
    ticket = ticket_of(fields) or new_secret()
    shown = await service.hub.shown(code)
    fits = acting.fitting(shown, wanted)
    if len(fits) > 1:
        return await _answer(request, code, surface, who, verdicts.of(acting.WHICH_ONE), fields)
    person = fits[0] if fits else PersonId("")
    op = Numbered(who, form_tab(service.seed, ticket, "pilot", action, wanted), 1, seen_of(fields))
    if acting.pause_ms(service, code, op):
        return await _answer(request, code, surface, who, Busy(), fields)
    if wanted and not person:
        refused = _why_nobody_new(service, shown, who, action, wanted, seen_of(fields))
        if refused:
            return await _answer(request, code, surface, who, verdicts.of(refused), fields)
        person = _new_person(service, code, ticket, wanted)
        added = await _add(service, code, who, ticket, person, wanted)
        if not isinstance(added, Accepted):
            return await _answer(request, code, surface, who, added, fields)
    said = wire.form_command("ChoosePilot", {"action": [action], "person": [person]}, "", who.role)
    return await _answer(request, code, surface, who, await act(service, code, said, op), fields)


# --- doors


async def _by_json(request: Request, code: str, who: Who) -> Response:
    service, kind = service_of(request), request.path_params["name"]
    reader = reader_of(request)
    posted = wire.posted(await request.body())
    if isinstance(posted, Malformed):
        return _json(verdicts.unread(reader, posted, 0), 400)
    op = Numbered(who, posted.cid, posted.n, posted.seen, posted.for_, posted.again)
    op = op._replace(gen=posted.g, chain=posted.c, proof=posted.proof)
    wait = acting.pause_ms(service, code, op)
    if wait:
        return _json(verdicts.slow(reader, op.n, 0, "rate", wait), 429)
    op = acting.marked(service, op, kind, posted.b)
    what = wire.command(kind, posted.b, who.role)
    verdict = await act(service, code, what, op)
    proof = await acting.proof(service, code, what, op, verdict)
    return _json(await _frame(request, code, verdict, op.n, proof))


async def _by_form(request: Request, code: str, surface: Surface, who: Who) -> Response:
    service, kind, fields = service_of(request), request.path_params["name"], await fields_of(request)
    ticket = ticket_of(fields) or new_secret()
    content = {field: values for field, values in fields.items() if field not in ENVELOPE}
    words = (kind, one(fields, "for"), *_words(content))
    what = wire.form_command(kind, content, short_hash(service.seed, ticket, *words), who.role)
    op = Numbered(who, form_tab(service.seed, ticket, *words), 1, seen_of(fields), _on_behalf(fields))
    service.hub.heard(code, who.person, pressed=True)
    if acting.pause_ms(service, code, op):
        return await _answer(request, code, surface, who, Busy(), fields)
    fields = _to_what_was_made(fields, what)
    return await _answer(request, code, surface, who, await act(service, code, what, op), fields)


def _to_what_was_made(fields: Fields, what: Command | Rejection) -> Fields:
    """The form with ``then`` leading to what it makes, whose id no page knew that has no script: ``theme-*``."""
    word, star, _ = one(fields, "then").partition("-*")
    return {**fields, "then": [f"{word}-{getattr(what, word, '')}"]} if star else fields


async def _answer(
    request: Request, code: str, surface: Surface, who: Who, verdict: Verdict, fields: Fields
) -> Response:
    """A verdict as whoever asked can read it: a script as JSON, a form by its page."""
    if errors.wants_json(request.scope):
        return _json(await _frame(request, code, verdict, 1), verdicts.status(verdict))
    base = base_path(code, surface)
    if isinstance(verdict, Accepted):
        page = wire.ID.fullmatch(one(fields, "of-action"))  # a page of one, from which it was sent
        return see_other(str(Place(f"{base}/action/{page[0]}" if page else base, one(fields, "then")[:80])))
    if isinstance(verdict, Refused) and verdict.rejection == acting.WHICH_ONE:
        return await which.asked(request, code, surface, fields)
    kind = request.path_params.get("name", "")
    given = Given(request.scope["path"], fields, frozenset(name for name in fields if _is_read(kind, name)))
    try:
        shown = await service_of(request).hub.readable(code)
        reader = reader_of(request, shown.view.state)
        flash = verdicts.said(reader, verdict, shown.view.name)
        given = given._replace(sentence=flash)
        return await pages.refused(request, code, surface, who, shown, verdicts.status(verdict), flash, given)
    except Unavailable:
        return errors.spoken(request.scope, 503, "unavailable", {"retry-after": "2"}, kept=given.told())
    except (TooMany, Crowded) as error:
        return errors.too_many(request.scope, error.seconds, given.told())


async def _frame(request: Request, code: str, verdict: Verdict, n: int, proof: str = "") -> bytes:
    service = service_of(request)
    if isinstance(verdict, OutOfOrder | Full | Busy | Away):
        head = await _last_head(service, code)
        return verdicts.frame(reader_of(request), verdict, n, head.gen, lambda _: "")
    shown = await service.hub.shown(code)
    reader = reader_of(request, shown.view.state)
    return verdicts.frame(reader, verdict, n, 0, shown.view.name, proof)


async def _last_head(service: Service, code: str) -> Head:
    return (await service.journal.head(code)) or Head(0, 0, "")


# --- inside


async def _add(service: Service, code: str, who: Who, ticket: str, person: PersonId, name: str) -> Verdict:
    """Register a person without a phone, named before anybody sees them."""
    op = Numbered(who, form_tab(service.seed, ticket, "person", name), 1)
    if acting.pause_ms(service, code, op):
        return Busy()
    await keep_name(service, code, person, name)
    command: Command = AddPerson(person)
    verdict = await act(service, code, command, op)
    if not isinstance(verdict, Accepted):
        await keep_name(service, code, person, "")
    return verdict


def _why_nobody_new(
    service: Service, shown: Shown, who: Who, action: str, wanted: str, seen: int
) -> Rejection | None:
    """Why nobody may be registered to pilot an action: for a press that is refused nobody comes into the room (O14)."""
    state = shown.view.state
    if wanted in state.people.by_id:  # whoever was chosen among those of one name, and is out by now
        return Rejection("P2", "no_person")
    asked = Asked(who.person, Millis(service.clock()), TabId("pilot"), 1, seen)
    return refusal_of(state, ChoosePilot(ActionId(action), who.person), asked)


def _new_person(service: Service, code: str, ticket: str, name: str) -> PersonId:
    return PersonId("p" + derived(service.seed, "person", code, "added", ticket, name).hex()[:18])


def _is_read(kind: str, name: str) -> bool:
    """Whether a person reads a form's field as it is sent: words, numbers and days, rather than ids."""
    limit = limits(wire.ASKABLE[kind]).get(name) if kind in wire.ASKABLE else None
    counted = isinstance(limit, Range) and limit.judged
    beside = name in ("name", "address") and kind not in wire.ASKABLE
    return "." in name or f"{kind}.{name}" in wire.FIELDS or counted or beside


def _words(content: Fields) -> list[str]:
    return [word for field in sorted(content) for word in (field, str(len(content[field])), *content[field])]


def _on_behalf(fields: Fields) -> str:
    person = one(fields, "for")
    return person if wire.ID.fullmatch(person) else ""


def _json(body: bytes, status: int = 200) -> Response:
    return Response(body, status, media_type=JSON)
