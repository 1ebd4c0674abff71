"""Carrying out what people asked to have erased: the one way by which words leave a journal.

Theory of operation. The request is a fact (``ErasureAsked``), so it is never forgotten, whoever crashes. Carrying it out
reads the journal, finds the entries that hold the person's words, and asks the store in one call to strike them, to
erase the name and to append the ``Redacted`` that explains the holes. Another process was first? The store says so, and
the journal is read again: what is struck already holds no words any more. Every live room hears the bell and folds anew.
"""

import asyncio
import secrets
from collections.abc import Sequence
from itertools import islice
from typing import Final, NamedTuple

from forum.domain import records
from forum.domain.erasing import husks
from forum.domain.keeping import ErasureAsked, Redacted, Struck, Texts
from forum.domain.kernel import NOBODY as THE_SERVER
from forum.domain.kernel import Millis, PersonId, Record
from forum.journal import REDACTION, Conflict, Damaged, Entry, Head, Journal, NoForum, Unavailable, body_hash
from forum.keeping.ledger import Ledger, Line

AT_ONCE: Final = 200  # entries of one call: some 50 KB of husks in one fact
TRIES: Final = 100  # against a hall that goes on voting meanwhile
READINGS: Final = 10
SALT_BYTES: Final = 16


class _Plan(NamedTuple):
    """What was asked for, and what is to be struck for it."""

    asked: ErasureAsked
    struck: list[Struck]


async def carry_out(journal: Journal, code: str, at: int, ledger: Ledger) -> int:
    """Carry out every erasure that was asked for in a forum; return how many. NoForum, Damaged, Unavailable.

    Cost: the journal is read and decoded, beside the event loop; some 10 µs a fact.
    """
    done = 0
    for _ in range(READINGS):
        entries = await journal.read(code)
        plans = await asyncio.to_thread(_plans, entries)
        try:
            for plan in plans:
                await strike(journal, code, plan.asked.person, plan.struck, at, ledger)
                done += 1
        except Damaged:  # somebody else struck it first, or there is real damage: reading tells which
            continue
        return done
    raise Unavailable("refused", f"the erasures of {code} could not be carried out now")


async def ask(journal: Journal, code: str, person: str, texts: Texts, at: int) -> None:
    """Ask for an erasure, as somebody who runs the server does at a person's request. NoForum, Unavailable."""
    fact = ErasureAsked(PersonId(person), texts)
    record = Record(fact, THE_SERVER, Millis(at), secrets.token_urlsafe(SALT_BYTES))
    batch = [(f"operator-{secrets.token_hex(8)}:1", records.encode(record))]
    head = await journal.head(code)
    if head is None:
        raise NoForum(code)
    for _ in range(TRIES):
        try:
            await journal.append(code, head, batch)
        except Conflict as conflict:
            head = conflict.head
        else:
            return
    raise Unavailable("busy", "the journal grows faster than it can be asked")


async def strike(
    journal: Journal, code: str, person: PersonId, struck: Sequence[Struck], at: int, ledger: Ledger
) -> None:
    """Strike entries and erase a name. NoForum, Damaged, Unavailable. All or nothing for every 200 entries."""
    head = await journal.head(code)
    if head is None:
        raise NoForum(code)
    created = int((await journal.meta(code)).get("created", "0"))
    rest = iter(struck)
    part = tuple(islice(rest, AT_ONCE))
    while True:
        after = tuple(islice(rest, AT_ONCE))
        head = await _strike(journal, code, head, Redacted(person, part, more=bool(after)), at)
        await asyncio.to_thread(ledger.note, Line(code, created, at, person, part))
        if not after:
            return
        part = after


async def _strike(journal: Journal, code: str, head: Head, redacted: Redacted, at: int) -> Head:
    record = Record(redacted, THE_SERVER, Millis(at), secrets.token_urlsafe(SALT_BYTES))
    batch = [(f"{REDACTION}{secrets.token_hex(8)}:1", records.encode(record))]
    numbers = [s.seq for s in redacted.struck]
    for tried in range(TRIES):
        try:
            return await journal.keeping.redact(code, head, batch, numbers, redacted.person, again=tried > 0)
        except Conflict as conflict:  # facts never change: what was to be struck still is
            head = conflict.head
    raise Unavailable("busy", "the journal grows faster than it can be struck")


def _plans(entries: Sequence[Entry]) -> list[_Plan]:
    """What is to be done for every erasure that is pending. Pure. Damaged when a fact cannot be read."""
    try:
        decoded = [(entry, records.decode(entry.body)) for entry in entries]
    except records.UnknownFact as error:  # a newer version's words cannot be found by this one
        raise Damaged(str(error)) from error
    pending: list[ErasureAsked] = []
    for _, record in decoded:
        match record.fact:
            case ErasureAsked() as asked:
                pending.append(asked)
            case Redacted(person=person, more=False):
                pending = [asked for asked in pending if asked.person != person]
            case _:
                pass
    return [_Plan(asked, _struck(decoded, asked)) for asked in pending]


def _struck(decoded: Sequence[tuple[Entry, Record]], asked: ErasureAsked) -> list[Struck]:
    if asked.texts == "none":
        return []
    chosen = frozenset(asked.chosen) if asked.texts == "chosen" else None
    left = husks([(entry.seq, record) for entry, record in decoded], asked.person, chosen)
    return [
        Struck(e.seq, e.op, body_hash(e.body), e.chain, records.encode(left[e.seq]).decode())
        for e, _ in decoded
        if e.seq in left and not e.hash
    ]
