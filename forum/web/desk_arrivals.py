"""Who came in during the last minutes, by place, so that the person who leads can remove a flood of strangers at once.

A plain page, with script and without. A place has no name here, only a number in this list. A place from
which only a few people came is not listed separately. No page says who has taken part.
"""

import hmac
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from forum.domain import spelling
from forum.domain.arrivals import FEW, PeopleRemoved, ReadmitPeople, RemovePeople, removable
from forum.domain.kernel import Command, Millis, PersonId, Rejection
from forum.domain.person import Person
from forum.domain.roles import LEADS
from forum.domain.state import State
from forum.fragments.given import Given
from forum.language import Reader
from forum.live import Accepted, Busy, Shown, Verdict
from forum.opening import derived, new_secret
from forum.web import errors, pages, verdicts, wire
from forum.web.acting import Numbered, act, form_tab, pause_ms
from forum.web.asking import Fields, code_of, fields_of, one, reader_of, see_other, seen_of, ticket_of
from forum.web.entering import NotIn, inside
from forum.web.identity import Surface, Who, base_path, stands
from forum.web.service import Service, service_of

SPANS: Final = (5, 15, 60)  # minutes to look back
USUAL: Final = 15
NAMED: Final = 40  # people of one place who are listed by name
SEAL_SIGNS: Final = 32
MOST_DIGITS: Final = 15


class Group(NamedTuple):
    """Those who came from one place."""

    place: str
    people: list[Person]  # the latest first


async def page(request: Request, *, surface: Surface) -> Response:
    """The page."""
    code, who, shown = await _leading(request, surface)
    done = _done(reader_of(request, shown.view.state), shown.view.state, request)
    return await _page(request, code, surface, who, shown, done=done)


async def deed(request: Request, *, surface: Surface) -> Response:
    """Remove those who came from one place, or let those in again who were removed; then the page again."""
    code, who, shown = await _leading(request, surface)
    service, fields = service_of(request), await fields_of(request)
    what = one(fields, "deed")
    verdict = await _judged(service, code, who, shown.view.state, what, fields)
    if isinstance(verdict, Accepted):
        minutes = _minutes(one(fields, "minutes"))
        return see_other(f"{base_path(code, surface)}/arrivals?minutes={minutes}&{what}={verdict.head.seq}")
    reader = reader_of(request, shown.view.state)
    flash = verdicts.said(reader, verdict, shown.view.name)
    if errors.wants_json(request.scope):
        return Response(verdicts.frame(reader, verdict, 1, 0, shown.view.name), verdicts.status(verdict))
    sent = Given(request.scope["path"], fields, passing=frozenset({"until", "listing"}))
    return await _page(request, code, surface, who, shown, verdicts.status(verdict), flash=flash, sent=sent)


# --- inside


async def _leading(request: Request, surface: Surface) -> tuple[str, Who, Shown]:
    service, code = service_of(request), code_of(request)
    who = await inside(request, code, surface)
    shown = await service.hub.shown(code)
    if who.role not in LEADS or not stands(shown.view.state, who):
        raise NotIn("access_ended", base_path(code, surface))
    return code, who, shown


def _done(reader: Reader, state: State, request: Request) -> str:
    """What became of the gesture that the address names by its last fact, as far as it still is so; else ""."""
    removed, readmitted = (_number(request.query_params.get(what, "")) for what in ("remove", "readmit"))
    out = sum(_out(state, removal.people) for removal in state.people.removals if removal.last == removed)
    if out:
        return reader.say_many(
            "{n} person no longer has access. What they contributed stays. Below you can let them in again.",
            "{n} people no longer have access. What they contributed stays. Below you can let them in again.",
            out,
        )
    deed = next((d for d in state.deeds if d.seq == readmitted and not d.undone), None)
    back = deed.inverse if deed else ()
    people = [person for fact in back if isinstance(fact, PeopleRemoved) for person in fact.people]
    there = len(people) - _out(state, people)
    return (
        reader.say_many(
            "{n} person is let in again: their page works again when they reload it.",
            "{n} people are let in again: their page works again when they reload it.",
            there,
        )
        if there
        else ""
    )


async def _judged(service: Service, code: str, who: Who, state: State, what: str, fields: Fields) -> Verdict:
    command: Command | Rejection = Rejection(wire.RULE, "bad_choice", {"field": "deed"})
    if what == "remove":
        command = await _removal(service, code, state, fields)
    elif what == "readmit":
        command = ReadmitPeople(_number(one(fields, "removal")))
    words = [
        what,
        *(f"{name}={one(fields, name)}" for name in ("place", "until", "given", "removal", "minutes")),
    ]
    op = Numbered(who, form_tab(service.seed, ticket_of(fields) or new_secret(), *words), 1, seen_of(fields))
    if pause_ms(service, code, op):
        return Busy()
    return await act(service, code, command, op)


async def _removal(service: Service, code: str, state: State, fields: Fields) -> RemovePeople | Rejection:
    """Those who were on the page that was pressed, and nobody who came after it, nor a choice of anybody's (J6)."""
    until, place, minutes = (
        _number(one(fields, "until")),
        one(fields, "place"),
        _minutes(one(fields, "minutes")),
    )
    listed = _listing(service, code, place, minutes, until)
    if not hmac.compare_digest(listed.encode(), one(fields, "listing").encode()):
        return Rejection("J6", "not_listed")
    since = until - 60_000 * minutes
    lately = await service.journal.arrivals.lately(code, service.clock())
    there = (PersonId(person) for person, where in lately.items() if where == place)
    people = [p.id for p in removable(state, there) if since <= p.joined_at <= until]
    return RemovePeople(tuple(people), given=one(fields, "given") in ("true", "on"))


def _listing(service: Service, code: str, place: str, minutes: int, until: int) -> str:
    """The seal over one group of a page: whom a press may mean, only the server says."""
    words = ("arrivals", code, place, str(minutes), str(until))
    return derived(service.seed, *words).hex()[:SEAL_SIGNS]


async def _groups(service: Service, code: str, state: State, minutes: int, until: int) -> list[Group]:
    """Those who came by the code lately and are in, by place, the largest first."""
    lately = await service.journal.arrivals.lately(code, service.clock())
    found: dict[str, list[Person]] = {}
    for person in removable(state, map(PersonId, lately)):
        if until - 60_000 * minutes <= person.joined_at <= until:
            found.setdefault(lately[person.id], []).append(person)
    groups = [Group(where, sorted(p, key=lambda p: -p.number)) for where, p in found.items()]
    return sorted(groups, key=lambda group: (-len(group.people), group.place))


async def _page(
    request: Request,
    code: str,
    surface: Surface,
    who: Who,
    shown: Shown,
    status: int = 200,
    *,
    flash: str = "",
    done: str = "",
    sent: Given | None = None,
) -> Response:
    service, state = service_of(request), shown.view.state
    reader = reader_of(request, state)
    minutes, until = _minutes(request.query_params.get("minutes", "")), service.clock()
    groups = await _groups(service, code, state, minutes, until)
    large = [group for group in groups if len(group.people) >= FEW]
    return pages.plain(
        request,
        "arrivals.html",
        reader,
        status,
        flash=flash,
        sent=sent,
        done=done,
        code=code,
        title=state.title,
        base=base_path(code, surface),
        kept_as=f"{surface}/{who.person}",
        ticket=new_secret(),
        seen=shown.head.seq,
        minutes=minutes,
        spans=SPANS,
        until=until,
        groups=list(_listed(shown, large, lambda place: _listing(service, code, place, minutes, until))),
        others=sum(len(group.people) for group in groups) - sum(len(group.people) for group in large),
        few=FEW,
        removals=[(r.seq, _out(state, r.people), Millis(r.at)) for r in reversed(state.people.removals)],
    )


def _listed(shown: Shown, groups: list[Group], listing: Callable[[str], str]) -> Iterator[dict[str, object]]:
    for group in groups:
        people = group.people
        named = sorted((name for p in people if (name := shown.view.name(p.id))), key=spelling.order)
        yield {
            "place": group.place,
            "listing": listing(group.place),
            "count": len(people),
            "waiting": sum(p.state == "waiting" for p in people),
            "names": named[:NAMED],
            "more": max(0, len(named) - NAMED),
            "nameless": len(people) - len(named),
            "first": min(p.joined_at for p in people),
            "last": max(p.joined_at for p in people),
        }


def _out(state: State, people: list[PersonId]) -> int:
    return sum(state.people.by_id[person].state == "out" for person in people)


def _minutes(said: str) -> int:
    return _number(said) if _number(said) in SPANS else USUAL


def _number(said: str) -> int:
    """What somebody sent as a number; 0 for anything else."""
    return int(said) if said.isascii() and said.isdecimal() and len(said) <= MOST_DIGITS else 0
