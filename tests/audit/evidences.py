"""Journals for audits: what a room went through, as a store keeps it, and receipts of the people in it."""

import json
from collections.abc import Iterable

import msgspec

from forum import audit
from forum.audit import Claim, Evidence, Raw, Receipt
from forum.audit.evidence import filled
from forum.domain import records
from forum.domain.keeping import Redacted, Struck
from forum.domain.kernel import Record
from forum.journal.contract import body_hash, linked
from tests.scenes import Scene

SECRET = b"s" * 32
SEAL = audit.sealing(SECRET)


def chained(entries: Iterable[tuple[str, bytes]], code: str = "ABC234") -> Evidence:
    """A journal that is right in itself, whatever it says."""
    raws: list[Raw] = []
    chain = ""
    for number, (op, body) in enumerate(entries, 1):
        chain = linked(chain, number, op, body)
        raws.append(Raw(number, op, body, chain))
    return Evidence(code, len(raws), chain, raws)


def written(room: Scene) -> list[tuple[str, bytes]]:
    """The room's journal as (op, body)."""
    return [(op, records.encode(record)) for _, op, record in room.journal]


def evidence_of(room: Scene) -> Evidence:
    """The room's journal as a store has it: struck facts are gone, and the redactions say what proves them."""
    raws: list[Raw] = []
    chain, gone = "", set[int]()
    for number, op, record in room.journal:
        fact = record.fact
        if isinstance(fact, Redacted):
            proofs = [raws[s.seq - 1] for s in fact.struck]
            told = tuple(Struck(r.number, r.op, body_hash(r.body), r.chain, r.body.decode()) for r in proofs)
            explained = msgspec.structs.replace(fact, struck=told)
            record = msgspec.structs.replace(record, fact=explained)  # noqa: PLW2901
            gone |= {raw.number for raw in proofs}
        said = records.encode(record)
        chain = linked(chain, number, op, said)
        raws.append(Raw(number, op, said, chain))
    return Evidence(room.state.code, len(raws), chain, [raw for raw in raws if raw.number not in gone])


def body(record: Record) -> bytes:
    return records.encode(record)


def struck(evidence: Evidence, number: int, husk: bytes) -> Evidence:
    """The same journal after a redaction of one fact: it is gone, and a last fact says so."""
    gone = evidence.entries[number - 1]
    left = [number, gone.op, body_hash(gone.body), gone.chain, husk.decode()]
    says = {"t": 1, "f": {"k": "Redacted", "person": "lea", "struck": [left]}}
    op, said, last = "redact-aaaaaaaaaaaaaaaa:1", json.dumps(says).encode(), evidence.number + 1
    chain = linked(evidence.chain, last, op, said)
    kept = [e for e in evidence.entries if e.number != number]
    return Evidence(evidence.code, last, chain, [*kept, Raw(last, op, said, chain)])


def chains_of(evidence: Evidence) -> dict[int, str]:
    return {entry.number: entry.chain for entry in filled(evidence.entries)}


def a_receipt(room: Scene, person: str, *, points: bool = False) -> Receipt:
    """What the server would give this person now."""
    evidence = evidence_of(room)
    return audit.receipt(
        room.state,
        person,  # type: ignore[arg-type]
        chains_of(evidence),
        {number: record.at for number, _, record in room.journal},
        SEAL,
        lambda step, option: f"Choice {option}",
        chain=evidence.chain,
        at=room.at,
        lang="en",
        points=points,
    )


def claims_of(receipt: Receipt) -> tuple[Claim, ...]:
    return audit.read(audit.as_json(receipt).decode())
