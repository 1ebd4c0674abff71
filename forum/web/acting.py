"""One op, whichever door it came by: limits, then what only the edge can know, then the room.

The doors read and answer; this module does what lies between. Knows no frame, no form and no language.
"""

import hmac
import math
from collections.abc import Callable
from typing import Final, NamedTuple

import msgspec
import structlog

from forum import audit
from forum.domain import copies, spelling
from forum.domain.beside import address_of, all_of
from forum.domain.consents.part import GiveConsent, WithdrawConsent, standing
from forum.domain.consents.texts import ADDRESS
from forum.domain.keeping import ErasePerson
from forum.domain.kernel import Asked, Command, Millis, PersonId, Rejection, TabId, Was
from forum.domain.people import NameMyself
from forum.domain.photographs.part import ErasePhotograph
from forum.domain.roles import VOICE
from forum.domain.room import NEEDS_A_NAME, refusal_of
from forum.domain.sheets.reading import people_in
from forum.domain.sheets.words import EditSheet
from forum.fragments.surface import View
from forum.journal import Damaged, MovedAway, NoForum, Unavailable
from forum.live import Accepted, Refused, Resume, Shown, Verdict
from forum.web import sheets, verdicts, wire
from forum.web.identity import Who
from forum.web.service import Service

UNDER_WAY: Final = 8  # ops of one tab
ERASING_SECONDS: Final = 0.6  # until whoever asked is told that it will be carried out by itself
NAME_NEEDED: Final = Rejection("E1", "name_needed")
WHICH_ONE: Final = Rejection("J12", "which_one")

log = structlog.get_logger()


class Numbered(NamedTuple):
    """Who asks under which number, as a door read it."""

    who: Who
    tab: str
    n: int
    seen: int = 0
    on_behalf: str = ""
    again: bool = False
    mark: str = ""  # stands for its content
    gen: int = 0  # where the page stood: the store's life
    chain: str = ""  # and the chain at ``seen``
    proof: str = ""  # of what comes again


def marked(service: Service, op: Numbered, kind: str, body: bytes | msgspec.Raw) -> Numbered:
    """The op with what stands for its content: the same for the same words, and for others another (O9).

    A form needs none: its tab follows from its content.
    """
    words = (op.tab, str(op.n), kind, op.on_behalf)
    said = copies.mark(service.seed, *(word.encode() for word in words), wire.canonical(body))
    return op._replace(mark=said)


def pause_ms(service: Service, code: str, op: Numbered) -> int:
    """How long to wait before this op may be judged; 0 when now. Nothing is judged meanwhile.

    Long enough for all that a tab may have under way, so that nobody comes back only to be sent away again.
    """
    return math.ceil(1000 * UNDER_WAY * service.limits.op(code, op.who.person, op.tab))


async def act(service: Service, code: str, what: Command | Rejection, op: Numbered) -> Verdict:
    """Have an op judged, or its refusal at the edge recorded, so that its number is used either way."""
    if type(what) in NEEDS_A_NAME and not await _is_named(service, code, op):
        what = NAME_NEEDED
    if isinstance(what, Command) and sheets.asks_for_people(what):
        what = await _with_people(service, code, what, op)
    asked = _asked(service, op, await _proven(service, code, what, op))
    if isinstance(what, WithdrawConsent) and what.purpose == "reminders":
        await _take_address_back(service, code, what, asked)
    if asked.was and asked.was.chain:
        service.hub.witness(code, Resume(asked.was.gen, asked.was.seq, asked.was.chain))
    verdict: Verdict = await service.hub.submit(code, what, asked)
    if isinstance(what, ErasePerson) and isinstance(verdict, Accepted):
        # The request stands in the journal already: the keeper goes on with it, whoever waits.
        await service.keeper.erase_soon(code, ERASING_SECONDS)
    if isinstance(what, ErasePhotograph) and isinstance(verdict, Accepted):
        await _let_go(service, code)
    if isinstance(verdict, Refused) and verdict.rejection.code == "forbidden":
        log.warning("forbidden", forum=code, role=op.who.role, command=type(what).__name__)
    return verdict


async def _let_go(service: Service, code: str) -> None:
    """Let go of a picture that was erased, and of its captions; what fails now is tried again by the keeper."""
    try:
        await service.keeper.let_go(code)
    except (NoForum, MovedAway, Damaged, Unavailable) as error:
        log.warning("erasure_waits", forum=code, why=str(error))
    await service.keeper.erase_soon(code, ERASING_SECONDS)


async def _take_address_back(service: Service, code: str, what: WithdrawConsent, asked: Asked) -> None:
    """Erase the address that somebody left, before their consent is withdrawn: without it nothing is kept."""
    shown, word = await service.hub.shown(code), address_of(asked.who)
    refused = asked.on_behalf and refusal_of(shown.view.state, what, asked)
    if not refused and word in await service.journal.names(code):
        await service.keeper.note_address_taken_back(code, asked.who)
        await keep_name(service, code, word, "")


async def _with_people(service: Service, code: str, what: Command, op: Numbered) -> Command | Rejection:
    assert isinstance(what, sheets.Writes), f"expected a sheet, got {type(what).__name__}"
    shown, me = await service.hub.shown(code), PersonId(op.on_behalf or op.who.person)
    own = shown.view.own_name(me)
    stands = shown.view.state.sheets.by_id.get(what.sheet)
    meant = people_in(stands) if stands else ()
    was = what.was if isinstance(what, EditSheet) else {}
    before = {name for value in was.values() for name in (*sheets.names_in(value), value)}
    several: list[str] = []

    def person(name: str) -> str:
        """Two may have one name: who writes their own means themself, and who left a name as it was whom it meant."""
        found = fitting(shown, name)
        if len(found) > 1 and own and spelling.same(own, name):
            return me
        if len(found) > 1 and name in before and (same := [one for one in found if one in meant]):
            return same[0]
        several.extend([name] if len(found) > 1 else [])
        return found[0] if found else ""

    named = sheets.named(what, person)
    return WHICH_ONE if several else named


def fitting(shown: Shown, name: str) -> list[PersonId]:
    """Who in the room has this name, in the order in which they came; a number or an id behind which one person is means
    that one (J12)."""
    return called_in(shown.view)(name)


def called_in(view: View) -> Callable[[str], list[PersonId]]:
    """``fitting`` for many names: the room is gone through once, then a name is one look."""
    people = [person for person in view.state.people.by_id.values() if person.state == "in"]
    people.sort(key=lambda person: (person.role not in VOICE, person.joined_at, person.number))
    ids, shown_as, own = (
        {person.id for person in people},
        dict[str, list[PersonId]](),
        dict[str, list[PersonId]](),
    )
    for person in people:
        shown_as.setdefault(spelling.plain(view.name(person.id)), []).append(person.id)
        own.setdefault(spelling.plain(view.own_name(person.id)), []).append(person.id)

    def called(name: str) -> list[PersonId]:
        one, plain = PersonId(name), spelling.plain(name)
        found = [one] if one in ids else shown_as.get(plain, [])
        return list(found if len(found) == 1 else own.get(plain, []) if name else [])

    return called


async def rename(service: Service, code: str, op: Numbered, name: str) -> Verdict:
    """Keep a person's own name, then say that it changed. "" erases it, with all that goes with a name (K2, C2, E4)."""
    person = PersonId(op.on_behalf) or op.who.person
    before = await service.journal.names(code)
    if not name and any(word in before for word in all_of(person)):
        return await act(service, code, ErasePerson(), op)
    await keep_name(service, code, person, name)
    verdict = await act(service, code, NameMyself(), op)
    if not isinstance(verdict, Accepted):
        await keep_name(service, code, person, before.get(person, ""))
    return verdict


async def keep_name(service: Service, code: str, person: PersonId, name: str) -> None:
    """Put a name beside the journal, or erase it. One store round trip."""
    if name:
        await service.journal.set_name(code, person, name)
    else:
        await service.journal.erase_name(code, person)


async def leave_address(service: Service, code: str, op: Numbered, address: str, text: str) -> Verdict:
    """Keep an address for the plan and reminders, with the consent to the text that was read; "" takes both back (E4).

    It is of whoever asks, or of somebody without a phone, whom the desk has read the text to.
    """
    if not address:
        return await act(service, code, WithdrawConsent("reminders"), op)
    if text != ADDRESS:  # a fact would hold for ever whatever was sent
        return verdicts.of(Rejection("C1", "no_text"))
    person, consent = PersonId(op.on_behalf) or op.who.person, GiveConsent("reminders", text)
    shown = await service.hub.shown(code)
    refused = refusal_of(shown.view.state, consent, _asked(service, op))
    if refused and refused.code != "already_so":
        return verdicts.of(refused)
    beside = address_of(person)
    before = (await service.journal.names(code)).get(beside, "")
    await keep_name(service, code, beside, address)
    shown = await service.hub.shown(code)  # now: the consent may have been withdrawn meanwhile
    stands = standing(shown.view.state, person, "reminders")
    if stands and stands.text_version == text:
        return Accepted(shown.head, None)
    verdict = await act(service, code, consent, op)
    if not isinstance(verdict, Accepted):
        await keep_name(service, code, beside, before)
    return verdict


def form_tab(seed: bytes, ticket: str, *words: str) -> str:
    """The tab id of a form: the same page sending the same words again is the same op."""
    return f"form-{ticket}-{short_hash(seed, ticket, *words)}"


def short_hash(seed: bytes, *words: str) -> str:
    """24 hex digits that stand for these words; the same for the same words, on every process.

    With the server's secret: they stay in the journal when the words are erased, and nobody is to find words by them.
    """
    return hmac.digest(seed, "\0".join(words).encode(), "sha256").hex()[:24]


async def proof(
    service: Service, code: str, what: Command | Rejection, op: Numbered, verdict: Verdict
) -> str:
    """What an acknowledgement carries, so that the page can prove it, should the store lose what was saved; else ""."""
    if not isinstance(verdict, Accepted) or isinstance(what, Rejection):
        return ""
    head = verdict.head
    if verdict.place is None or not head.chain:  # a repeat, long after
        return ""
    at, words = (head.gen, head.seq, head.chain), audit.content(what, op.on_behalf)
    try:
        seal = audit.sealing(await service.seeds.of(code))
    except (NoForum, Unavailable):
        return ""
    return audit.proof(code, seal, op.who.person, (op.tab, op.n), at, verdict.place, words)


async def _proven(service: Service, code: str, what: Command | Rejection, op: Numbered) -> Was | None:
    if not (op.again and op.proof) or isinstance(what, Rejection):
        return None
    seal = audit.sealing(await service.seeds.of(code))
    return audit.proven(code, seal, op.proof, audit.content(what, op.on_behalf))


def _asked(service: Service, op: Numbered, was: Was | None = None) -> Asked:
    return Asked(
        by=op.who.person,
        at=Millis(service.clock()),
        tab=TabId(op.tab),
        op=op.n,
        seen=op.seen,
        on_behalf=PersonId(op.on_behalf),
        again=op.again,
        mark=op.mark,
        was=was,
        gen=op.gen,
        chain=op.chain,
    )


async def _is_named(service: Service, code: str, op: Numbered) -> bool:
    """A commitment is public (E1); names are not facts, so the rules cannot look for one."""
    shown = await service.hub.shown(code)
    return bool(shown.view.name(op.on_behalf or op.who.person))
