"""Striking what nobody asked to have erased, because its time is over: ballots, long after their result was shown.

It goes the way of ``erasure``: the same call of the store, the same envelopes, the same ledger. If a reveal of an earlier
version recorded no result, that is recorded first, so that no result goes with the ballots. Everything may be done twice.
"""

import asyncio
import secrets
from collections.abc import Sequence
from typing import Final

import msgspec

from forum.domain import records
from forum.domain.keeping import Redacted
from forum.domain.kernel import NOBODY as THE_SERVER
from forum.domain.kernel import Fact, Facts, Millis, Record
from forum.domain.room import EMPTY, fold
from forum.domain.terms import BALLOTS, ended, left_of_ballots, unrecorded
from forum.journal import Conflict, Damaged, Entry, Head, Journal, Unavailable
from forum.keeping.erasure import SALT_BYTES, Anew, Erased, envelopes, holes, stale, struck_all
from forum.keeping.ledger import Ledger


class Planned(msgspec.Struct, frozen=True):
    """What is to be done about ballots whose time is over."""

    recorded: Facts = ()  # first
    struck: Redacted | None = None  # then; None: nothing


PLANS: Final = 10  # each overtaken by what others added meanwhile


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
    entries = await journal.read(code)
    head = await journal.head(code)
    plan = await asyncio.to_thread(planned, entries, at)
    if head is None or plan.struck is None:
        return Erased()
    head = Head(head.gen, entries[-1].seq, entries[-1].chain)
    if plan.recorded:
        batch = [(f"keeper-{secrets.token_hex(8)}:1", _entry(plan.recorded[0], at))]
        batch += [(batch[0][0], _entry(fact, at)) for fact in plan.recorded[1:]]
        head = await journal.append(code, head, batch)
    return await struck_all(journal, code, head, [plan.struck], at, ledger, holes(entries))


def planned(entries: Sequence[Entry], at: int) -> Planned:
    """What is to be recorded, and then struck, at an instant. Pure; Damaged when a fact cannot be read."""
    state = EMPTY
    try:
        facts = [(entry.seq, records.decode(entry.body)) for entry in entries]
    except records.UnknownFact as error:
        raise Damaged(str(error)) from error
    for entry, (seq, record) in zip(entries, facts, strict=True):
        state = fold(state, seq, entry.op, record)
    rounds = ended(state, at)
    left = left_of_ballots(facts, rounds)
    husks_now = {seq: records.encode(record).decode() for seq, record in left.items()}
    those = list(envelopes(entries, husks_now))
    for outdated in stale(entries, husks_now) if those else ():
        those += outdated
    if not those:
        return Planned()
    return Planned(unrecorded(state, rounds), Redacted(THE_SERVER, tuple(those), name=False, term=BALLOTS))


def _entry(fact: Fact, at: int) -> bytes:
    return records.encode(Record(fact, THE_SERVER, Millis(at), secrets.token_urlsafe(SALT_BYTES)))
