"""The desk makes a code by which another phone goes on with somebody's voice: for a phone that died, or for somebody who
has none of their own code (J10). ``handing`` has coming in by it. It is told in one answer, at the desk, and never again.
"""

from typing import Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from forum.domain.kernel import PersonId
from forum.domain.person import Person
from forum.domain.roles import LEADS, VOICE
from forum.live import Shown
from forum.opening import Key, derived, new_secret
from forum.web import pages
from forum.web.asking import code_of, fields_of, one, reader_of, ticket_of
from forum.web.entering import NotIn, inside
from forum.web.handing import LEAST_SIGNS, SECRET_SIGNS, slot_of, stands_for
from forum.web.identity import Surface, Who, base_path, stands
from forum.web.personal import grouped, spelled
from forum.web.qr import SAFE, qr_svg
from forum.web.service import service_of

MINUTES: Final = 15


async def page(request: Request, *, surface: Surface) -> Response:
    """What a code does, and the button that makes one; of somebody who is in."""
    code, _, shown, person = await _about(request, surface, request.query_params.get("person", ""))
    return _page(request, code, surface, shown, person)


async def make(request: Request, *, surface: Surface) -> Response:
    """Make a code and tell it, in this answer and never again; one of before opens nothing any more."""
    service, fields = service_of(request), await fields_of(request)
    code, who, shown, person = await _about(request, surface, one(fields, "person"))
    if person is None:
        return _page(request, code, surface, shown, None, 422)
    ticket = ticket_of(fields) or new_secret()
    secret = spelled(
        int.from_bytes(derived(service.seed, "desk code", code, person.id, ticket)), SECRET_SIGNS
    )
    signs = spelled(person.number, LEAST_SIGNS) + secret[-SECRET_SIGNS:]
    now, held = service.clock(), stands_for(service, code, person.id, signs)
    slot = slot_of(service, code, person.id)
    key = Key("hand", person.role, now, now + MINUTES * 60_000, held, person.id, by=who.person)
    before = await service.journal.key(code, slot)
    if (
        before is None or msgspec.json.decode(before, type=Key).via != held
    ):  # the same press again is the same code
        await service.journal.put_key(code, slot, msgspec.json.encode(key))
    return _page(request, code, surface, shown, person, 201, signs)


# --- inside


async def _about(request: Request, surface: Surface, wanted: str) -> tuple[str, Who, Shown, Person | None]:
    """Who leads, and whom they mean: somebody with a voice who is in; None when there is nobody."""
    service, code = service_of(request), code_of(request)
    who = await inside(request, code, surface)
    shown = await service.hub.shown(code)
    if who.role not in LEADS or not stands(shown.view.state, who):
        raise NotIn("access_ended", base_path(code, surface))
    person = shown.view.state.people.by_id.get(PersonId(wanted))
    there = person is not None and person.role in VOICE and person.state == "in"
    return code, who, shown, person if there else None


def _page(
    request: Request,
    code: str,
    surface: Surface,
    shown: Shown,
    person: Person | None,
    status: int = 200,
    signs: str = "",
) -> Response:
    service, state = service_of(request), shown.view.state
    return pages.plain(
        request,
        "phone-code.html",
        reader_of(request, state),
        status,
        code=code,
        title=state.title,
        base=base_path(code, surface),
        ticket=new_secret(),
        seen=shown.head.seq,
        person=person,
        name=shown.view.name(person.id) if person else "",
        signs=grouped(signs),
        qr=SAFE(qr_svg(f"{service.addresses.join_url(code)}/mine#{signs}")) if signs else "",
    )
