"""Addresses for the plan and reminders (E4): how somebody leaves theirs, and the table for those who send them.

They stand on no other page but their person's own. Whoever withdrew their consent is not among them, and their address is
erased already.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from forum.domain.beside import address_of
from forum.domain.consents.part import standing
from forum.domain.kernel import PersonId, Rejection
from forum.domain.roles import KEEPS_PLAN, may
from forum.exports import named, tables
from forum.fragments.surface import View
from forum.language import Reader, zones
from forum.live import Busy, Verdict
from forum.opening import new_secret
from forum.web import acting, text, verdicts
from forum.web.acting import Numbered, form_tab
from forum.web.asking import Fields, one, seen_of, ticket_of
from forum.web.downloads import download, flavour_of
from forum.web.errors import spoken
from forum.web.identity import Surface, Who, stands
from forum.web.own import with_access
from forum.web.service import Service, service_of

MEDIA_TYPE: Final = "text/csv; charset=utf-8"


async def left(service: Service, code: str, who: Who, fields: Fields) -> Verdict:
    """Keep, change or, where a form holds none, take back the address of whoever sent it, or for whom the desk does."""
    wanted = text.address(one(fields, "address"))
    if isinstance(wanted, Rejection):
        return verdicts.of(wanted)
    shown = await service.hub.shown(code)
    if not (stands(shown.view.state, who) and may(who.role, "GiveConsent")):
        return verdicts.of(verdicts.FORBIDDEN)
    whose = one(fields, "for")
    tab = form_tab(service.seed, ticket_of(fields) or new_secret(), "address", whose, wanted)
    op = Numbered(who, tab, 1, seen_of(fields), whose)
    if acting.pause_ms(service, code, op):
        return Busy()
    return await acting.leave_address(service, code, op, wanted, one(fields, "text_version"))


async def addresses(request: Request, *, surface: Surface) -> Response:
    """The table of this moment, as a file."""
    code, _, shown, reader = await with_access(request, surface, KEEPS_PLAN)
    flavour = flavour_of(request)
    if flavour is None:
        return spoken(request.scope, 404, "not_found")
    kept = await service_of(request).journal.names(code)
    name = named(shown.view.state.title, f"-addresses-{shown.head.seq}.csv", otherwise=f"forum-{code}")
    return download(tables.write(_rows(shown.view, kept, reader), flavour), MEDIA_TYPE, name)


def _rows(view: View, kept: Mapping[str, str], reader: Reader) -> Iterator[tables.Row]:
    """Whose consent stands, by name. Cost: the people."""
    say, state = reader.say, view.state
    yield [say("Who"), say("Address"), say("Agreed on")]
    for person in view.in_order(state.people.by_id[p] for p in state.consents if p in state.people.by_id):
        consent, address = standing(state, person.id, "reminders"), kept.get(address_of(PersonId(person.id)))
        if consent and address:
            yield [view.name(person.id), address, zones.day(consent.given_at, state.zone)]
