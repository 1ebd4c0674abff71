"""Striking what nobody asked to have erased, because its time is over: ballots, and words and names with no part in the plan.

It goes the way of ``erasure``: the same call of the store, the same envelopes, the same ledger. If a reveal of an earlier
version recorded no result, that is recorded first, so that no result goes with the ballots. Everything may be done twice.
"""

import asyncio
import secrets
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import msgspec

from forum.domain import beside, lasting, records
from forum.domain.erasing import left_of_cards
from forum.domain.keeping import Redacted
from forum.domain.kernel import NOBODY as THE_SERVER
from forum.domain.kernel import Fact, Facts, IdeaId, Millis, PersonId, Record
from forum.domain.room import EMPTY, fold
from forum.domain.state import State
from forum.domain.steps.board import IdeaEdited, IdeaPosted
from forum.domain.terms import BALLOTS, WORDS, ended, left_of_ballots, unrecorded
from forum.journal import Conflict, Damaged, Entry, Head, Journal, Unavailable
from forum.keeping.erasure import SALT_BYTES, Anew, Erased, envelopes, holes, stale, struck_all
from forum.keeping.ledger import Ledger

PLANS: Final = 10  # each overtaken by what others added meanwhile


class Planned(msgspec.Struct, frozen=True):
    """What is to be done about what had its time."""

    recorded: Facts = ()  # first
    struck: tuple[Redacted, ...] = ()  # then; none: nothing


async def end_terms(journal: Journal, code: str, at: int, ledger: Ledger) -> Erased:
    """Strike what of a forum had its time, as far as it still stands there. NoForum, Damaged, Unavailable.

    Cost: the whole journal is read and folded, beside the event loop, some 20 µs a fact.
    """
    for _ in range(PLANS):
        try:
            return await _end_terms(journal, code, at, ledger)
        except (Anew, Conflict):
            continue
    raise Unavailable("busy", f"the journal of {code} grows faster than it can be struck")


async def _end_terms(journal: Journal, code: str, at: int, ledger: Ledger) -> Erased:
    entries, names = await journal.read(code), await journal.names(code)
    head = await journal.head(code)
    plan = await asyncio.to_thread(planned, entries, at, names)
    if head is None or not plan.struck:
        return Erased()
    head = Head(head.gen, entries[-1].seq, entries[-1].chain)
    if plan.recorded:
        op = f"keeper-{secrets.token_hex(8)}:1"
        head = await journal.append(code, head, [(op, _entry(fact, at)) for fact in plan.recorded])
    return await struck_all(journal, code, head, plan.struck, at, ledger, holes(entries))


def planned(entries: Sequence[Entry], at: int, names: Mapping[str, str] = {}) -> Planned:
    """What is to be recorded, and then struck, at an instant. Pure; Damaged when a fact cannot be read.

    names   what lies beside the journal, by its word
    """
    state = EMPTY
    try:
        facts = [(entry.seq, records.decode(entry.body)) for entry in entries]
    except records.UnknownFact as error:
        raise Damaged(str(error)) from error
    for entry, (seq, record) in zip(entries, facts, strict=True):
        state = fold(state, seq, entry.op, record)
    rounds = ended(state, at)
    ballots = left_of_ballots(facts, rounds)
    facts = [(seq, ballots.get(seq, record)) for seq, record in facts]
    words = left_of_cards(facts, _cards(state, facts, at), lasting.lasting_themes(state))
    struck = [*_struck(entries, words, WORDS), *_struck(entries, ballots, BALLOTS)]
    struck += (
        # ``more``: whatever they ask to have erased meanwhile is still to do
        Redacted(person, name_only=True, more=True, term=WORDS)
        for person in sorted(_people(state, facts, at))
        if any(word in names for word in beside.all_of(person))
    )
    return Planned(unrecorded(state, rounds) if ballots else (), tuple(struck))


def _struck(entries: Sequence[Entry], left: Mapping[int, Record], term: str) -> Iterable[Redacted]:
    husks_now = {seq: records.encode(record).decode() for seq, record in left.items()}
    those = list(envelopes(entries, husks_now))
    for outdated in stale(entries, husks_now) if left else ():
        those += outdated
    return [Redacted(THE_SERVER, tuple(those), name=False, term=term)] if those else []


def _cards(state: State, facts: Iterable[tuple[int, Record]], at: int) -> frozenset[str]:
    """The cards whose words had their time and are still there, those that were hidden or withdrawn too."""
    written: dict[IdeaId, Millis] = {}
    for _, record in facts:
        if isinstance(record.fact, IdeaPosted | IdeaEdited) and record.fact.text:
            written[record.fact.idea] = record.at
    return lasting.cards_ended(state, written, at)


def _people(state: State, facts: Iterable[tuple[int, Record]], at: int) -> frozenset[PersonId]:
    """Those whose name had its time."""
    return lasting.people_ended(state, {record.by: record.at for _, record in facts}, at)


def _entry(fact: Fact, at: int) -> bytes:
    return records.encode(Record(fact, THE_SERVER, Millis(at), secrets.token_urlsafe(SALT_BYTES)))
