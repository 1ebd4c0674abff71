"""What an audit is given: a journal as its store has it, in the order in which it lies there. Nothing in it is
believed.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple


class Raw(NamedTuple):
    """One entry as it lies there."""

    number: int  # as it says itself; 0 when it says none
    op: str
    body: bytes
    chain: str
    digest: str = (
        ""  # SHA-1 of the body that stood here before it was struck; ``body`` is what is left of it then
    )


class Evidence(NamedTuple):
    """One forum's journal."""

    code: str
    number: int  # where it ends, as its head says
    chain: str  # the chain there, as its head says
    entries: Sequence[Raw]
    origin: str = (
        ""  # written without authors: the chain of the journal at ``number``; "": this is the journal
    )


REDACTION: Final = "redact-"  # how the op of a redaction begins


def filled(entries: Sequence[Raw]) -> list[Raw]:
    """The entries, with what is left of each struck one in its place, as the redactions among them say.

    A redaction explains only what came before it. What it names and is still there counts as struck.
    """
    struck = {raw.number: raw for entry in entries for raw in _struck(entry) if raw.number < entry.number}
    if not struck:
        return list(entries)
    kept = [entry for entry in entries if entry.number not in struck]
    found: list[Raw] = []
    waiting = sorted(struck)
    for entry in kept:
        while waiting and waiting[0] < entry.number:
            found.append(struck[waiting.pop(0)])
        found.append(entry)
    return found + [struck[number] for number in waiting]


def _struck(entry: Raw) -> Iterator[Raw]:
    if not entry.op.startswith(REDACTION):
        return
    try:
        fact: Any = json.loads(entry.body)["f"]
        for number, op, digest, chain, husk in fact.get("struck", ()) if fact["k"] == "Redacted" else ():
            yield Raw(int(number), str(op), str(husk).encode(), str(chain), str(digest))
    except (LookupError, ValueError, TypeError, AttributeError):
        return  # it explains nothing then, and the hole is found
