"""What is kept of people, how long, and how it is erased: a plain page for participants, and one for people who lead.

A participant sees their own words. People who lead see names only: they do not learn who wrote a card
either.
"""

from typing import Any, Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from forum.domain import terms, things
from forum.domain.beside import address_of
from forum.domain.consents.part import standing
from forum.domain.consents.record import Purpose
from forum.domain.consents.texts import ADDRESS, NAME_READ, TEXTS
from forum.domain.keeping import last_day, latest_day
from forum.domain.kernel import N_, CommitmentId, PersonId, SheetId, Words
from forum.domain.person import Person
from forum.domain.roles import KEEPS_PLAN, VOICE, may
from forum.domain.sheets import SCHEMAS
from forum.domain.sheets.reading import naming, naming_fields
from forum.domain.state import State
from forum.domain.steps import pledge
from forum.domain.steps.commitments import READ_BY, READ_WHERE
from forum.fragments.given import Given
from forum.fragments.surface import View
from forum.journal import Unavailable
from forum.language import Reader, zones
from forum.live import Accepted, Busy, Shown, Verdict
from forum.opening import new_secret
from forum.web import acting, costs, errors, mailing, pages, returning, verdicts, wire
from forum.web.acting import Numbered, act, form_tab
from forum.web.asking import Fields, Place, fields_of, one, reader_of, see_other, seen_of, ticket_of
from forum.web.identity import Surface, Who, base_path
from forum.web.limits import TooMany
from forum.web.own import with_access
from forum.web.personal import grouped, own_code
from forum.web.qr import SAFE, qr_svg
from forum.web.service import Service, service_of

DEEDS: Final = {
    "erase": "ErasePerson",
    "keep": "SetKeepUntil",
    "terms": "SetTerms",
    "zone": "EditForum",
    "withdraw": "WithdrawConsent",
    "readers": "ChooseReaders",
    "unname": "TakeNameOut",
}
DONE: Final = {
    "erase": N_("This was erased. It is gone from every page, and within minutes from the server’s disk."),
    "erase-disk": N_(
        "This was erased. It is gone from every page. It goes from the server’s disk as soon as the "
        "store rewrites its files, which it cannot do right now; whoever runs the "
        "server is told."
    ),
    "withdraw": N_("Your consent is withdrawn. It holds from now on."),
    "unname": N_("Your name is out of this sheet."),
    "readers": N_("Your choice is saved. It holds from now on, for every document made after it."),
    "address": N_("Your address is saved, for the plan and reminders alone."),
    "no-address": N_("No address of yours is kept."),
    "keep": N_("The new day is saved. Everybody can read it on the join page."),
    "terms": N_("Saved. Everybody can read it on the join page."),
    "zone": N_("The new time zone is saved. Every page now uses it."),
    "waits": N_("This is noted, and is being carried out automatically. Look again in a moment."),
}
AT: Final = {
    "withdraw": "consents",
    "unname": "named",
    "readers": "readers",
    "address": "address",
    "no-address": "address",
    "keep": "how-long",
    "terms": "ballots",
    "zone": "hours",
}
"""Under which heading a deed is answered, where it was done; what is in neither is answered at the top."""
PURPOSES: Final[dict[Purpose, str]] = {
    "participation": N_("taking part beyond this forum"),
    "photo": N_("pictures"),
    "directory": N_("a line in the directory"),
    "newsletter": N_("news by mail"),
    "attribution": N_("my name at my words"),
    "reminders": N_("the plan and reminders, at my address"),
}
"""What each purpose of a consent is called, to who gave it."""
LATELY_MS: Final = 600_000  # so long a page says that something was erased
ENVELOPE: Final = frozenset({"ticket", "seen"})


async def page(request: Request, *, surface: Surface) -> Response:
    """The page."""
    code, who, shown, _ = await with_access(request, surface)
    done = await _done(request, who, shown.view.state)
    address = await _address(service_of(request), code, who)
    return await _page(request, code, surface, who, shown, done=done, address=address)


async def deed(request: Request, *, surface: Surface) -> Response:
    """Erase, or set until when the forum is kept; then the page again, saying what became of it."""
    service, what = service_of(request), request.path_params["deed"]
    code, who, shown, _ = await with_access(request, surface)
    if what not in DEEDS and what != "address":
        return errors.spoken(request.scope, 404, "not_found")
    fields = await fields_of(request)
    if what == "address":
        verdict = await mailing.left(service, code, who, fields)
    else:
        verdict = await _judged(service, code, who, what, fields)
    if isinstance(verdict, Accepted):
        named = {
            "erase": {"erased": one(fields, "person") or who.person},
            "keep": {"kept": one(fields, "until")},
            "terms": {"struck": _chosen(one(fields, "ballots"), one(fields, "words"))},
            "zone": {"zoned": one(fields, "zone")},
            "withdraw": {"withdrawn": one(fields, "purpose")},
            "unname": {"unnamed": one(fields, "sheet")},
            "readers": {"read": one(fields, "id")},
            "address": {"left": "1"},
        }[what]
        return see_other(str(Place(f"{base_path(code, surface)}/data?{urlencode(named)}", AT.get(what, ""))))
    reader = reader_of(request, shown.view.state)
    flash, address = verdicts.said(reader, verdict, shown.view.name), await _address(service, code, who)
    async with costs.turn(request, costs.PAGE):
        return await _page(
            request,
            code,
            surface,
            who,
            shown,
            verdicts.status(verdict),
            flash=flash,
            sent=Given(request.scope["path"], fields, frozenset({"address"})),
            address=address,
        )


async def only_here(request: Request, *, surface: Surface) -> Response:
    """End the access of every other device of whoever asks; then the page again, saying how many there were."""
    service = service_of(request)
    code, who, shown, _ = await with_access(request, surface)
    await fields_of(request)
    wait = service.limits.by_link(code, who.person)
    if wait:
        raise TooMany(wait)
    ended, reader = await returning.end_others(service, code, who), reader_of(request, shown.view.state)
    said = reader.say_many(
        "{n} other device no longer has access. You are in on this one only.",
        "{n} other devices no longer have access. You are in on this one only.",
        ended,
    )
    none = reader.say("No other device has access as you. You are in on this one only.")
    return await _page(request, code, surface, who, shown, said=said if ended else none)


# --- inside


async def _done(request: Request, who: Who, state: State) -> str:
    """What became of what the address names, as a key of ``DONE``; "" where it is not so, whoever opens it, whenever."""
    service, leads = service_of(request), who.role in KEEPS_PLAN
    withdrawn = request.query_params.get("withdrawn", "")
    if any(c.withdrawn_at and c.purpose == withdrawn for c in state.consents.get(PersonId(who.person), ())):
        return "withdraw"
    read = state.commitments.by_id.get(CommitmentId(request.query_params.get("read", "")))
    if read is not None and read.person == who.person and read.chosen:
        return "readers"
    if request.query_params.get("left"):
        stands = standing(state, PersonId(who.person), "reminders")
        return "address" if stands else "no-address"
    sheet = state.sheets.by_id.get(SheetId(request.query_params.get("unnamed", "")))
    if sheet is not None and not naming_fields(sheet, PersonId(who.person)):
        return "unname"
    person, until = (request.query_params.get(name, "") for name in ("erased", "kept"))
    if leads and until and until == state.keeping.until:
        return "keep"
    if leads and request.query_params.get("struck") == _chosen(
        state.keeping.ballot_days, state.keeping.words_days
    ):
        return "terms"
    if leads and state.zone and request.query_params.get("zoned") == state.zone:
        return "zone"
    own = person == who.person
    if not (own or leads):
        return ""
    if any(e.person == person and (own or e.name) for e in state.keeping.erasures):
        return "waits"
    at = (state.keeping.erased_at if own else state.keeping.unnamed_at).get(PersonId(person))
    if at is None or service.clock() - at > LATELY_MS:
        return ""
    return "erase-disk" if await service.keeper.traces() else "erase"


def _chosen(*days: object) -> str:
    return "-".join(map(str, days))


def _days(state: State, now: int, *, leads: bool) -> dict[str, Any]:
    """How long what is kept, and from when to when it may be."""
    return {
        "until": state.keeping.until,
        "first": last_day(now, 1),
        "last": latest_day(state, now),
        "told": state.keeping.told,
        "ballot_days": state.keeping.ballot_days,
        "words_days": state.keeping.words_days,
        "bounds": {
            "ballots": (terms.FEWEST_DAYS, terms.MOST_DAYS),
            "words": (terms.FEWEST_WORDS_DAYS, terms.MOST_WORDS_DAYS),
        },
        "terms": _terms(state) if leads else (),
    }


def _terms(state: State) -> tuple[tuple[Words, int, terms.Term], ...]:
    """Each vote that has ballots: its title, which round of how many it is (0: of one), and what becomes of them."""
    found = []
    for term in terms.terms_of(state):
        step = state.step(term.round.step)
        several = len(state.rounds.of_step[term.round.step]) > 1
        found.append((step.title if step else Words(), term.round.number if several else 0, term))
    return tuple(found)


async def _judged(service: Service, code: str, who: Who, what: str, fields: Fields) -> Verdict:
    content = {field: values for field, values in fields.items() if field not in ENVELOPE}
    words = [what, *(word for field in sorted(content) for word in (field, *content[field]))]
    op = Numbered(who, form_tab(service.seed, ticket_of(fields) or new_secret(), *words), 1, seen_of(fields))
    if acting.pause_ms(service, code, op):
        return Busy()
    return await act(service, code, wire.form_command(DEEDS[what], content, "", who.role), op)


async def _own_code(service: Service, code: str, surface: Surface, person: Person) -> str:
    return own_code(await service.seeds.of(code), code, person) if surface == "phone" else ""


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
    said: str = "",
    sent: Given | None = None,
    address: str = "",
) -> Response:
    service, state = service_of(request), shown.view.state
    leads, reader = who.role in KEEPS_PLAN, reader_of(request, state)
    wanted = request.query_params.get("person", "")
    about = wanted if leads and wanted in state.people.by_id else who.person
    own = await _own_code(service, code, surface, state.people.by_id[who.person])
    return pages.plain(
        request,
        "data.html",
        reader,
        status,
        flash=flash,
        sent=sent,
        **_answered(reader, done, said),
        code=code,
        title=state.title,
        base=base_path(code, surface),
        kept_as=f"{surface}/{who.person}",
        person=who.person,
        ticket=new_secret(),
        seen=shown.head.seq,
        leads=leads,
        may_set_zone=may(who.role, DEEDS["zone"]),
        zones=zones.offered(reader.locale, state.zone) if leads else (),
        **_days(state, service.clock(), leads=leads),
        contact=service.contact,
        mine=things.own_words(state, PersonId(who.person)) if not leads else [],
        naming=() if leads else _naming(state, PersonId(who.person)),
        purposes=PURPOSES,
        consents=[] if leads else state.consents.get(PersonId(who.person), ()),
        texts=TEXTS,
        pledges=() if leads else _pledges(state, PersonId(who.person)),
        read_by=READ_BY,
        read_where=READ_WHERE,
        address="" if leads else address,
        agreed_name=NAME_READ,
        agreed_address=ADDRESS,
        name=(shown.view.own_name if about == who.person else shown.view.name)(about),
        people=_people(shown.view) if leads else [],
        about=wanted if about == wanted else "",
        number=state.people.by_id[PersonId(about)].number,
        own_code=grouped(own),
        own_qr=SAFE(qr_svg(f"{service.addresses.join_url(code)}/mine#{own}")) if own else "",
    )


def _answered(reader: Reader, done: str, said: str) -> dict[str, Any]:
    """What was done, and under which heading it is said; ``said``: a sentence that is ready."""
    return {
        "done": said or (reader.say(DONE[done]) if done else ""),
        "done_at": AT.get(done, ""),
        "erased": done in ("erase", "erase-disk"),
    }


def _naming(state: State, person: PersonId) -> tuple[tuple[str, str], ...]:
    """The sheets that stand and name somebody: ids and titles."""
    standing = (sheet for sheet in naming(state, person) if not sheet.removed)
    return tuple((sheet.id, SCHEMAS[sheet.schema].titled(sheet.fields)) for sheet in standing)


def _pledges(state: State, person: PersonId) -> tuple[tuple[str, str, str], ...]:
    """The commitments of somebody that stand: ids, words, and who may read their name there."""
    mine = (c for c in pledge.live_commitments(state) if c.person == person)
    return tuple((c.id, c.text, pledge.readers(state, c)) for c in mine)


async def _address(service: Service, code: str, who: Who) -> str:
    """The address that somebody left, for them alone; "" where there is none, or it cannot be read now."""
    try:
        return (await service.journal.names(code)).get(address_of(PersonId(who.person)), "")
    except Unavailable:
        return ""


def _people(view: View) -> list[tuple[str, str, int]]:
    """Who gave a name or words, with the number of their arrival; those named first."""
    people = (
        p for p in view.state.people.by_id.values() if not p.handed
    )  # who has the voice now stands for all
    voices = [p for p in people if p.role in VOICE or view.name(p.id)]
    voices.sort(key=lambda p: p.number)
    return [(str(p.id), view.name(p.id), p.number) for p in view.in_order(voices)]
