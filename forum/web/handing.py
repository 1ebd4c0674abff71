"""A code of the desk, by which another phone goes on with somebody's voice: coming in by it (J9, J10).

``desk_phone`` makes them. A code is short, since it is read out across a room: ``K7FQ XM2P``, the number of whose
voice it is and six signs that nobody can guess. The store keeps what stands for it, beside the journal, one for each
person: a new one makes the one before void. It opens once: of two who enter it at the same moment the store takes one.
Every try is limited before it is looked at, right or wrong, by address; and by forum, where an address was wrong a few
times. So guessing for as long as one opens finds one code in 150,000, from ten thousand addresses one in 20,000, and holds
up nobody elsewhere.
"""

import hmac
from typing import Final

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from forum.domain.beside import organisation_of
from forum.domain.kernel import N_, Asked, Millis, PersonId, TabId
from forum.domain.state import State
from forum.domain.voices import HandVoice
from forum.live import Accepted, Shown
from forum.opening import Key, derived, digest, new_secret
from forum.web import errors, identity, pages, verdicts
from forum.web.acting import keep_name
from forum.web.asking import Fields, reader_of, see_other, ticket_of
from forum.web.identity import Who, base_path, give_cookie, keeps_cookies, stands, whoever
from forum.web.personal import those_numbered
from forum.web.service import Service, service_of

SECRET_SIGNS: Final = 6
LEAST_SIGNS: Final = 2  # of the number before them, and four at most
NO_CODE: Final = N_(
    "This code from the desk does not work: it has already been used, its 15 minutes are over, or a "
    "character is wrong. Ask the desk for a new one."
)


async def enter(request: Request, code: str, shown: Shown, fields: Fields, signs: str) -> Response:
    """Come in by a code of the desk, as a new participation that has the voice of the one it is for."""
    service, state = service_of(request), shown.view.state
    wait = service.limits.desk_code(request.scope["forum.address"], code)
    if wait:
        return errors.too_many(request.scope, wait)
    found = await _found(service, code, state, signs)
    if found is None:
        service.limits.wrong_desk_code(request.scope["forum.address"], code)
        return not_yours(request, code, shown, reader_of(request, state).say(NO_CODE), "no_code", 404)
    slot, record, key = found
    who = await whoever(request, service.journal, code, "phone", service.clock)
    if isinstance(who, Who) and who.person == key.person and stands(state, who):
        return onward(request, base_path(code, "phone"))
    if not keeps_cookies(request, ticket_of(fields)):
        sentence = reader_of(request, state).say(identity.NO_COOKIES)
        return not_yours(request, code, shown, sentence, "no_cookies", 422)
    ticket = ticket_of(fields) or new_secret()
    wish = digest(f"{ticket} {signs}")
    if not await _taken(service, code, slot, record, key, wish):
        return not_yours(request, code, shown, reader_of(request, state).say(NO_CODE), "no_code", 404)
    return await _handed(request, code, shown, key, ticket)


async def names_along(service: Service, code: str, shown: Shown, before: PersonId, to: PersonId) -> None:
    """Put what somebody is called, and their organisation, beside the journal for the next one of their voice."""
    await keep_name(service, code, to, shown.view.own_name(before))
    house = shown.view.names.get(organisation_of(before), "")
    if house:
        await service.journal.set_name(code, organisation_of(to), house)


def onward(request: Request, opens: str) -> Response:
    """Where somebody may go now: scripts are told, browsers sent."""
    json = errors.wants_json(request.scope)
    return JSONResponse({"ok": True, "location": opens}) if json else see_other(opens)


def not_yours(request: Request, code: str, shown: Shown, sentence: str, known: str, status: int) -> Response:
    """Why nobody comes back by a code: on the page where it is written, or to a script."""
    if errors.wants_json(request.scope):
        return JSONResponse({"ok": False, "code": known, "msg": sentence}, status)
    return pages.mine_page(request, code, shown, status, sentence)


def slot_of(service: Service, code: str, person: str) -> str:
    """Under what the code of a person is kept, beside the journal."""
    return derived(service.seed, "desk code of", code, person).hex()


def stands_for(service: Service, code: str, person: str, signs: str) -> str:
    """What is kept of a code."""
    return derived(service.seed, "desk code is", code, person, signs).hex()


# --- inside


async def _handed(request: Request, code: str, shown: Shown, key: Key, ticket: str) -> Response:
    service, person = service_of(request), PersonId(key.person)
    to = PersonId("p" + derived(service.seed, "person", code, f"hand {person}", ticket).hex()[:18])
    known = shown.view.state.people.by_id.get(to)
    if known is None:
        await names_along(service, code, shown, person, to)
        asked = Asked(PersonId(key.by), Millis(service.clock()), TabId(f"hand-{key.via[:24]}"), 1)
        verdict = await service.hub.submit(code, HandVoice(person, to), asked)
        if not isinstance(verdict, Accepted):
            await keep_name(service, code, to, "")
            sentence = verdicts.said(reader_of(request, shown.view.state), verdict, shown.view.name)
            return not_yours(request, code, shown, sentence, "no_code", verdicts.status(verdict))
    was = shown.view.state.people.by_id[person]
    cookie = await identity.admit(service.journal, code, to, was.role, was.key, service.clock)
    response = onward(request, base_path(code, "phone"))
    give_cookie(response, code, was.role, cookie, https=request.scope["forum.https"])
    return response


async def _taken(service: Service, code: str, slot: str, record: bytes, key: Key, wish: str) -> bool:
    """Let this press have the code, if no other one had it before; pressed again it has it still."""
    if key.used:
        return key.used == wish
    taken = msgspec.json.encode(msgspec.structs.replace(key, used=wish))
    if await service.journal.replace_key(code, slot, record, taken):
        return True
    return (
        await service.journal.key(code, slot) == taken
    )  # at the same moment: another one, or the same press twice


async def _found(service: Service, code: str, state: State, signs: str) -> tuple[str, bytes, Key] | None:
    """Where a code is kept, its record as it stands, and what it says; None when it opens nothing."""
    people = those_numbered(state, signs[:-SECRET_SIGNS])
    slots = {slot_of(service, code, person.id): person.id for person in people}
    for slot, record in (await service.journal.keys_of(code, tuple(slots))).items():
        key = msgspec.json.decode(record, type=Key)
        right = hmac.compare_digest(key.via, stands_for(service, code, slots[slot], signs))
        if right and key.kind == "hand" and key.opens(service.clock()):
            return slot, record, key
    return None
