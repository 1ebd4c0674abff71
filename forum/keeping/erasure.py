"""Carrying out what people asked to have erased: the only way by which words leave a journal.

Theory of operation. The request is a fact (``ErasureAsked``), so no crash makes Forum forget it. A pass does
this:

1. It finds the entries that hold the words of everybody who asked before it began.
2. It notes in the ledger what is to be struck. A crash after that leaves one line too many, of something
   that was asked for. The other order could leave an erasure of which no backup knows.
3. It asks the store in one call to strike the entries, to erase the names, and to append the ``Redacted``
   that explain the holes, one for each person.

What is left of an entry stands in the ``Redacted`` that struck it, with the words of others. When these go
too, that ``Redacted`` is struck itself, and the new one names everything that it explained. If another
process was first, the store says so. The pass then reads what that process appended. If it erased something,
everything is planned anew, so nobody is erased twice. If words were struck, every live room hears the bell
and folds anew. If only names go, the journal is not read, unless it notes where a person comes from (J7).
"""

import asyncio
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Final, NamedTuple

import msgspec

from forum.domain import beside, records
from forum.domain.erasing import husks, placeless
from forum.domain.keeping import ErasureAsked, Redacted, Struck, Texts
from forum.domain.kernel import NOBODY as THE_SERVER
from forum.domain.kernel import Fact, Millis, PersonId, Record
from forum.journal import (
    REDACTION,
    Conflict,
    Damaged,
    Entry,
    Head,
    Journal,
    NoForum,
    Unavailable,
    body_hash,
    is_redaction,
    recompute,
    struck_by,
)
from forum.keeping.ledger import Ledger, Line

AT_ONCE: Final = 200  # entries of one call: some 50 KB of husks in one fact
PEOPLE_AT_ONCE: Final = 64
TRIES: Final = 100  # against a hall that goes on voting meanwhile
READINGS: Final = 10
SALT_BYTES: Final = 16


class Anew(Exception):
    """Somebody else erased something meanwhile, or this is another history: what was planned is no longer right."""


class Erased(NamedTuple):
    """What became of a pass."""

    people: int = 0  # whose erasure is done
    entries: int = 0  # that were struck
    unnoted: str = ""  # why the ledger does not have all of it: a backup would bring it back


async def carry_out(
    journal: Journal, code: str, head: Head, asked: Sequence[ErasureAsked], at: int, ledger: Ledger
) -> Erased:
    """Carry out what was asked and is still to do where the journal stands at ``head``.

    Anew, with what was planned in part done; NoForum, Damaged, Unavailable. Cost: for names two round trips for every 64;
    for words the whole journal is read and decoded, beside the event loop, some 10 µs a fact.
    """
    gone: frozenset[int] = frozenset()
    if not any(one.texts != "none" or one.noted for one in asked):
        facts = [Redacted(person, name_only=True) for person in dict.fromkeys(one.person for one in asked)]
    else:
        entries = await journal.read(code)
        head = Head(head.gen, entries[-1].seq, entries[-1].chain)
        facts = await asyncio.to_thread(planned, entries)
        gone = holes(entries)
    return await struck_all(journal, code, head, facts, at, ledger, gone)


async def struck_all(
    journal: Journal,
    code: str,
    head: Head,
    facts: Iterable[Redacted],
    at: int,
    ledger: Ledger,
    gone: frozenset[int],
) -> Erased:
    """Strike what these say, where the journal stands at ``head``, in as few calls as their sizes allow.

    gone   the numbers among them that are struck already, and only named anew

    Anew, with what was planned in part done; NoForum, Damaged, Unavailable.
    """
    created = int((await journal.meta(code)).get("created", "0"))
    done = Erased()
    for part in _calls(facts):
        unnoted = await _noted(
            ledger,
            [Line(code, created, at, f.person, f.struck, name=f.name, term=f.term) for f in part],
        )
        head = await _redact(journal, code, head, part, at, gone)
        people = done.people + sum(bool(f.name and f.term) or not f.more for f in part)
        done = Erased(people, done.entries + sum(len(f.struck) for f in part), unnoted or done.unnoted)
    return done


async def _noted(ledger: Ledger, lines: Sequence[Line]) -> str:
    """Note what is to be struck; a disk that is full must not stop it. Return why it could not be noted."""
    try:
        await asyncio.to_thread(ledger.note, *lines)
    except OSError as error:
        return error.strerror or type(error).__name__
    return ""


async def ask(journal: Journal, code: str, person: str, texts: Texts, at: int, *, name: bool = True) -> None:
    """Ask for an erasure, as somebody who runs the server does at a person's request. NoForum, Unavailable."""
    fact = ErasureAsked(PersonId(person), texts, name=name, noted=name)  # nobody folded the journal to know
    await append(journal, code, fact, at)


async def append(journal: Journal, code: str, fact: Fact, at: int) -> None:
    """Add a fact of whoever runs the server. NoForum, Unavailable."""
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
    journal: Journal,
    code: str,
    fact: Redacted,
    at: int,
    ledger: Ledger,
    gone: frozenset[int] = frozenset(),
) -> None:
    """Strike what this says and erase the name, whoever asked for it. NoForum, Damaged, Unavailable.

    gone   the numbers among them that are struck already, and only named anew

    All or nothing for every 200 entries.
    """
    created = int((await journal.meta(code)).get("created", "0"))
    for part in _parts([fact]):
        line = Line(code, created, at, part.person, part.struck, name=part.name, term=part.term)
        await asyncio.to_thread(ledger.note, line)
        await _struck_anyway(journal, code, part, at, gone)


def planned(entries: Sequence[Entry]) -> list[Redacted]:
    """What is to be struck for everybody whose erasure is pending, one fact each. Pure.

    An entry that holds words of two of them is named once, for the first, with what is left after both.
    Damaged when a fact cannot be read: a newer version's words cannot be found by this one.
    """
    try:
        facts = [(entry.seq, records.decode(entry.body)) for entry in entries]
    except records.UnknownFact as error:
        raise Damaged(str(error)) from error
    left: dict[int, Record] = {}
    whose: dict[int, PersonId] = {}
    people: dict[PersonId, bool] = {}  # and whether the name goes
    for asked in _pending(record for _, record in facts):
        people[asked.person] = people.get(asked.person, False) or asked.name
        chosen = frozenset(asked.chosen) if asked.texts == "chosen" else None
        fresh = husks(facts, asked.person, chosen) if asked.texts != "none" else {}
        fresh |= placeless(facts, asked.person) if asked.name else {}
        facts = [(seq, fresh.get(seq, record)) for seq, record in facts]
        left |= fresh
        for seq in fresh:
            whose.setdefault(seq, asked.person)
    struck: dict[PersonId, list[Struck]] = {person: [] for person in people}
    husks_now = {seq: records.encode(record).decode() for seq, record in left.items()}
    for envelope in envelopes(entries, husks_now):
        struck[whose[envelope.seq]].append(envelope)
    for outdated in stale(entries, husks_now) if people else ():
        of = next((whose[s.seq] for s in outdated if s.seq in whose), next(iter(people)))
        struck[of] += outdated
    return [
        Redacted(person, tuple(those), name_only=not those, name=people[person])
        for person, those in struck.items()
    ]


def envelopes(entries: Iterable[Entry], husks_now: Mapping[int, str]) -> Iterator[Struck]:
    """What strikes each entry of which something else is to be left than stands there, if it is not struck yet."""
    for e in entries:
        if e.seq in husks_now and not e.hash:
            yield Struck(e.seq, e.op, body_hash(e.body), e.chain, husks_now[e.seq])


def holes(entries: Sequence[Entry]) -> frozenset[int]:
    """The numbers of those that are struck already: they are only named anew."""
    return frozenset(e.seq for e in entries if e.hash)


def stale(entries: Sequence[Entry], husks_now: Mapping[int, str]) -> list[list[Struck]]:
    """What strikes each redaction in which more stands than is to be left: all it explained, named anew, then itself.

    husks_now   number → what is to be left of it, where that is less than before

    In this order, so that whatever is done in part explains every hole.
    """
    bodies = {e.seq: e.body.decode() for e in entries if e.hash}
    found = []
    for e in entries:
        if e.hash or not is_redaction(e):
            continue
        named = [s for s in struck_by(e) if s.seq in bodies]
        anew = [msgspec.structs.replace(s, husk=husks_now.get(s.seq, bodies[s.seq])) for s in named]
        if anew != named:
            record = records.decode(e.body)
            fact = msgspec.structs.replace(record.fact, struck=())
            husk = records.encode(msgspec.structs.replace(record, fact=fact, salt="")).decode()
            found.append([*anew, Struck(e.seq, e.op, body_hash(e.body), e.chain, husk)])
    return found


# --- inside


def _pending(happened: Iterable[Record]) -> list[ErasureAsked]:
    pending: list[ErasureAsked] = []
    for record in happened:
        match record.fact:
            case ErasureAsked() as asked:
                pending.append(asked)
            case Redacted(person=person, more=False):
                pending = [asked for asked in pending if asked.person != person]
            case _:
                pass
    return pending


def _calls(facts: Iterable[Redacted]) -> Iterator[list[Redacted]]:
    """The same facts in as few calls of the store as their sizes allow; one that is too long in several parts."""
    call: list[Redacted] = []
    for part in _parts(facts):
        together = sum(len(f.struck) for f in call) + len(part.struck)
        if call and (together > AT_ONCE or len(call) == PEOPLE_AT_ONCE):
            yield call
            call = []
        call.append(part)
    if call:
        yield call


def _parts(facts: Iterable[Redacted]) -> Iterator[Redacted]:
    for fact in facts:
        rest = iter(fact.struck)
        part = tuple(islice(rest, AT_ONCE))
        while after := tuple(islice(rest, AT_ONCE)):
            yield msgspec.structs.replace(fact, struck=part, more=True)
            part = after
        yield msgspec.structs.replace(fact, struck=part)


async def _redact(
    journal: Journal, code: str, head: Head, facts: Sequence[Redacted], at: int, gone: frozenset[int]
) -> Head:
    batch = [(f"{REDACTION}{secrets.token_hex(8)}:1", records.encode(_record(fact, at))) for fact in facts]
    numbers = [struck.seq for fact in facts for struck in fact.struck if struck.seq not in gone]
    people = [word for fact in facts if fact.name for word in beside.all_of(fact.person)]
    for tried in range(TRIES):
        try:
            return await journal.keeping.redact(code, head, batch, numbers, *people, again=tried > 0)
        except Conflict as conflict:
            head = await _caught_up(journal, code, head, conflict.head)
    raise Unavailable("busy", "the journal grows faster than it can be struck")


async def _struck_anyway(journal: Journal, code: str, fact: Redacted, at: int, gone: frozenset[int]) -> None:
    for _ in range(READINGS):
        head = await journal.head(code)
        if head is None:
            raise NoForum(code)
        try:
            await _redact(journal, code, head, [fact], at, gone)
        except Anew:  # somebody else erased something else: this is still to be struck
            continue
        return
    raise Unavailable("busy", "others erase faster than this can be struck")


async def _caught_up(journal: Journal, code: str, head: Head, now: Head) -> Head:
    """Where the journal stands now, when nothing but others' contributions came in between. Facts never change: what
    was to be struck still is. Anew."""
    if now.seq < head.seq:
        raise Anew
    fresh = await journal.read(code, head.seq)
    try:
        chain = recompute(fresh, head.chain)
    except Damaged as error:
        raise Anew from error
    if any(map(is_redaction, fresh)):
        raise Anew
    return Head(now.gen, head.seq + len(fresh), chain)


def _record(fact: Redacted, at: int) -> Record:
    return Record(fact, THE_SERVER, Millis(at), secrets.token_urlsafe(SALT_BYTES))
