"""How each ballot method counts, a second time: one function a method, in plain dictionaries.

Deliberately a second copy of the rules: shares no line with ``forum.domain``, so that a mistake there cannot hide here.
A method of many lines has a module of its own, ``tallies_<family>``, and a line in ``TALLIES``.
"""

from collections.abc import Mapping
from math import prod
from typing import Final

from forum.audit import tallies_grades, tallies_shares
from forum.audit.second import Count, Fault, Marks, Second, Tally, places
from forum.audit.tallies_gradients import gradients
from forum.audit.tallies_impact import IMPACT
from forum.audit.tallies_multicriteria import MULTICRITERIA
from forum.audit.tallies_pairwise import PAIRWISE
from forum.audit.tallies_ranks import schulze

__all__ = ["TALLIES", "Count", "Fault", "Marks", "Second", "Tally", "places"]


def _dots(options: list[str], terms: Marks, ballots: Mapping[str, Marks]) -> Count:
    scores = {
        o: (
            sum(marks.get(o, 0) for marks in ballots.values()),
            sum(1 for marks in ballots.values() if marks.get(o, 0)),
        )
        for o in options
    }
    given, most = sum(sum(marks.values()) for marks in ballots.values()), terms["points"]
    faults: dict[str, Fault] = {}
    for voter, marks in ballots.items():
        if any(not 0 <= mark <= terms["cap"] for mark in marks.values()):
            faults[voter] = "over_cap"
        elif sum(marks.values()) > most:
            faults[voter] = "over_budget"
    held = len(ballots) * most
    return Count(
        {o: {"points": points, "supporters": people} for o, (points, people) in scores.items()},
        places(scores),
        {"points": most, "held": held, "given": given, "unused": held - given},
        faults,
    )


def _approval(options: list[str], terms: Marks, ballots: Mapping[str, Marks]) -> Count:
    approvals = {o: sum(1 for marks in ballots.values() if marks.get(o)) for o in options}
    wrong = [voter for voter, marks in ballots.items() if any(mark != 1 for mark in marks.values())]
    return Count(
        {o: {"approvals": n} for o, n in approvals.items()},
        places({o: (n,) for o, n in approvals.items()}),
        {"approvals": sum(len(marks) for marks in ballots.values())},
        dict.fromkeys(wrong, "bad_mark"),
    )


def _quadratic(options: list[str], terms: Marks, ballots: Mapping[str, Marks]) -> Count:
    """Votes per choice, for and against; what does not fit into the credits is named."""
    columns = {o: [marks[o] for marks in ballots.values() if o in marks] for o in options}
    numbers = {
        o: {"votes": sum(column), "supporters": sum(v > 0 for v in column), "opponents": sum(v < 0 for v in column)}
        for o, column in columns.items()
    }  # fmt: skip
    prices = {voter: sum(abs(v) ** 2 for v in marks.values()) for voter, marks in ballots.items()}
    faults: dict[str, Fault] = {voter: "over_budget" for voter, price in prices.items() if price > terms["credits"]}  # fmt: skip
    if terms["against"] == 0:
        faults.update(
            (voter, "bad_mark") for voter, marks in ballots.items() if min(marks.values(), default=0) < 0
        )
    everything = terms["credits"] * len(ballots)
    paid = sum(prices.values())
    return Count(
        numbers,
        places({o: (n["votes"],) for o, n in numbers.items()}),
        {"credits": terms["credits"], "held": everything, "spent": paid, "unused": everything - paid},
        faults,
    )


def _twentyfive(options: list[str], terms: Marks, ballots: Mapping[str, Marks]) -> Count:
    """Averages are compared as whole numbers: each over the product of all numbers of scores there are."""
    given = {o: [marks[o] for marks in ballots.values() if marks.get(o)] for o in options}
    common = prod({len(scores) for scores in given.values() if scores})
    value = {o: sum(scores) * (common // len(scores)) if scores else 0 for o, scores in given.items()}
    ranks = places({o: (n,) for o, n in value.items()})
    hand, kept = terms["hand"], terms["kept"]
    wrong = [
        voter
        for voter, marks in ballots.items()
        if len(marks) > hand or any(not 1 <= mark <= terms["best"] for mark in marks.values())
    ]
    return Count(
        {
            o: {
                "score": (2 * hand * value[o] + common) // (2 * common),
                "points": sum(scores),
                "scores": len(scores),
                "kept": 1 if scores and ranks[o] <= kept else 0,
            }
            for o, scores in given.items()
        },
        ranks,
        {"scored": sum(map(len, given.values())), "points": sum(map(sum, given.values()))},
        dict.fromkeys(wrong, "bad_mark"),
    )


TALLIES: Final[dict[tuple[str, int], Second]] = {
    ("dots", 1): Second(_dots),
    ("approval", 1): Second(_approval),
    ("majority", 1): Second(tallies_grades.majority),
    ("pairwise", 1): PAIRWISE,
    ("roti", 1): Second(tallies_grades.roti),
    ("quadratic", 1): Second(_quadratic),
    ("gradients", 1): Second(gradients),
    ("impact", 1): IMPACT,
    ("schulze", 1): Second(schulze),
    ("twentyfive", 1): Second(_twentyfive),
    ("shares", 1): Second(tallies_shares.counted, faults=tallies_shares.faults),
    ("multicriteria", 1): MULTICRITERIA,
}
"""By the method's name and version."""
