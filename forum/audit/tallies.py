"""How each ballot method counts, a second time: one function a method, in plain dictionaries.

Deliberately a second copy of the rules: shares no line with ``forum.domain``, so that a mistake there cannot hide here.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Final, Literal, NamedTuple

Marks = Mapping[str, int]
Fault = Literal["over_budget", "over_cap", "bad_mark"]


class Count(NamedTuple):
    """What comes of a round's ballots."""

    numbers: dict[str, dict[str, int]]  # option → what is told of it
    ranks: dict[str, int]
    sums: dict[str, int]
    faults: dict[str, Fault]  # ballots that no rule allows: voter → what is wrong


Tally = Callable[[list[str], Marks, Mapping[str, Marks]], Count]
"""From the options, what held in the round, and the ballots by voter, without marks of 0."""


def _unmarked(marks: Marks) -> bool:
    return not marks


class Second(NamedTuple):
    """How one method is counted a second time."""

    counted: Tally
    keys: Callable[[list[str]], Iterable[str]] = list
    """From the options: the keys under which marks are given."""
    blank: Callable[[Marks], bool] = _unmarked  # whether a ballot with these marks is blank


def places(scores: Mapping[str, tuple[int, ...]]) -> dict[str, int]:
    """How many stand before each, and one."""
    return {o: 1 + sum(1 for other in scores.values() if other > mine) for o, mine in scores.items()}


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


TALLIES: Final[dict[tuple[str, int], Second]] = {
    ("dots", 1): Second(_dots),
    ("approval", 1): Second(_approval),
}
"""By the method's name and version."""
