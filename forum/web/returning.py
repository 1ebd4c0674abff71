"""Coming back as oneself, by one's own code; being asked whether one was here already; ending one's other devices.

A personal code brings all that is a person's own, and makes nobody new. Nothing here asks the rules: no fact
tells on how many devices somebody is. Whether somebody of a name is in is said only where whoever asks could come
in at once and learn it inside, by naming that person in a sheet or in the plan; never while the room is locked or
the desk lets each person in.
"""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from forum.domain import kin, spelling, voices
from forum.domain.kernel import N_, Asked, Millis, PersonId, TabId
from forum.domain.state import State
from forum.domain.voices import ReclaimVoice
from forum.live import Accepted, Shown, Verdict
from forum.web import errors, handing, identity, pasted, personal, verdicts, wire
from forum.web.asking import Fields, code_of, fields_of, one, reader_of, ticket_of
from forum.web.finding import found
from forum.web.identity import SURFACE_OF, Who, base_path, give_cookie, keeps_cookies, whoever
from forum.web.service import Service, service_of

NO_PERSON: Final = N_(
    "Nobody in this forum has this code. Compare it with the one on your other device, character by "
    "character, and try again."
)


async def come_back(request: Request) -> Response:
    """Exchange a person's own code for a cookie of theirs: another device has all that is theirs, and they are one person."""
    code, fields = code_of(request), await fields_of(request)
    shown = await found(request, code)
    written = one(fields, "secret")
    desk = pasted.desk_code(written)
    if desk:  # of the desk, and shorter: the same field takes both
        return await handing.enter(request, code, shown, fields, desk)
    return await back(request, code, shown, fields, pasted.personal(written))


async def back(request: Request, code: str, shown: Shown, fields: Fields, signs: str) -> Response:
    """The same, wherever the code was written; ``signs``: "" for what cannot be one."""
    service, state = service_of(request), shown.view.state
    person = personal.whose(await service.seeds.of(code), code, state, signs) if signs else None
    moved = person is not None and voices.may_reclaim(state, person)
    if person is None or not (moved or _may_return(state, person)):
        wait = service.limits.wrong_secret(request.scope["forum.address"])
        if wait:
            return errors.too_many(request.scope, wait)
        sentence = reader_of(request, state).say(NO_PERSON)
        return handing.not_yours(request, code, shown, sentence, "no_person", 404)
    who = await whoever(request, service.journal, code, "phone", service.clock)
    if isinstance(who, Who) and who.person == person and not moved:
        return handing.onward(request, base_path(code, "phone"))
    if not keeps_cookies(request, ticket_of(fields)):
        sentence = reader_of(request, state).say(identity.NO_COOKIES)
        return handing.not_yours(request, code, shown, sentence, "no_cookies", 422)
    wait = service.limits.by_link(code, person)
    if wait:
        return errors.too_many(request.scope, wait)
    if moved:
        refused = await _reclaimed(service, code, shown, person)
        if not isinstance(refused, Accepted):
            sentence = verdicts.said(reader_of(request, state), refused, shown.view.name)
            return handing.not_yours(request, code, shown, sentence, "no_person", verdicts.status(refused))
    known = state.people.by_id[person]
    cookie = await identity.admit(service.journal, code, person, known.role, known.key, service.clock)
    response = handing.onward(request, base_path(code, "phone"))
    give_cookie(response, code, known.role, cookie, https=request.scope["forum.https"])
    return response


def to_ask(shown: Shown, person: PersonId, name: str, fields: Fields) -> bool:
    """Say whether who comes in under a name is asked first if they are the one of that name who is here already.

    Only who writes on a page is asked, once for each name. Cost: the names of the forum, some 0.2 µs each.
    """
    state = shown.view.state
    if not name or not ticket_of(fields) or state.entry != "open" or person in state.people.by_id:
        return False
    if spelling.same(one(fields, "another"), name):
        return False
    first = name[0].casefold()
    alike = (
        p
        for p, other in shown.view.own_names.items()
        if other[:1].casefold() == first and spelling.same(other, name)
    )
    return any(
        _may_return(state, p) and state.people.by_id[p].state == "in"
        for p in alike
        if p in state.people.by_id
    )


async def end_others(service: Service, code: str, who: Who) -> int:
    """End a person's access on every device but this one, and return on how many. Unavailable.

    A ticket and the personal code go on opening. Cost: every access of the forum is read once, so the caller bounds it.
    """
    ended = await identity.end_others(service.journal, code, who, service.clock)
    for cookie in ended:
        service.acquaintances.forget(code, cookie)
        service.presence.end(code, cookie, wire.CLOSES[4401])
    return len(ended)


# --- inside


async def _reclaimed(service: Service, code: str, shown: Shown, person: PersonId) -> Verdict:
    """Have the voice come back to whoever shows their own code (J11), with the name that it has by now."""
    now = kin.holder(shown.view.state, person)
    await handing.names_along(service, code, shown, now, person)
    asked = Asked(person, Millis(service.clock()), TabId(f"reclaim-{now}"), 1)
    verdict: Verdict = await service.hub.submit(code, ReclaimVoice(), asked)
    return verdict


def _may_return(state: State, person: PersonId) -> bool:
    known = state.people.by_id[person]
    return (
        known.state != "out"
        and known.key not in state.links.revoked
        and SURFACE_OF.get(known.role, "phone") == "phone"
    )
