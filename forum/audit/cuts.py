"""The cuts in results, looked at a second time from the journal's bytes: which choices come first, who is tied at the limit, and
that a lot fell as its seed says. Shares no line with ``forum.domain``.
"""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple


class Cut(NamedTuple):
    """A fact that kept the first choices of a round."""

    number: int
    fact: Mapping[str, Any]


def faults(cut: Cut, ranks: Mapping[str, int], seed: int, ballots: str) -> Iterator[str]:
    """What of a cut does not follow from the ranks of the result, the round's seed and its ballots' checksum."""
    fact, limit = cut.fact, cut.fact["number"]
    if not limit:
        return
    above = {option: sum(other < rank for other in ranks.values()) for option, rank in ranks.items()}
    there = {option: above[option] + list(ranks.values()).count(rank) for option, rank in ranks.items()}
    sure = {option for option in ranks if there[option] <= limit}
    tied = {option for option in ranks if above[option] < limit < there[option]}
    kept, at_limit, how = set(fact.get("options", ())), set(fact.get("tied", ())), fact.get("how", "clean")
    if at_limit != tied or (how == "clean") == bool(tied):
        yield "limit"
    due = {"clean": sure, "open": sure, "runoff": sure, "widened": sure | tied}.get(how)
    if how == "drawn":
        lot = int(hashlib.sha256(f"{seed} {ballots}".encode()).hexdigest()[:8], 16)
        if fact.get("seed", 0) != lot:
            yield "seed"
        due = sure | _drawn(tied, limit - len(sure), lot)
    if due is None or kept != due:
        yield "kept"


def _drawn(tied: set[str], places: int, lot: int) -> set[str]:
    """Taking one after another the one whose digest with the seed is the least of those left."""
    left, taken = set(tied), set[str]()
    while left and len(taken) < places:
        least = min(left, key=lambda option: hashlib.sha256(f"{lot} {option}".encode()).digest())
        left.remove(least)
        taken.add(least)
    return taken
