"""What a second count of a ballot method is, as values. Shares no line with ``forum.domain``."""

from collections.abc import Callable, Iterable, Mapping
from typing import Literal, NamedTuple

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
    faults: Callable[[Marks, Mapping[str, Marks]], dict[str, Fault]] | None = None
    """From what held and the ballots: those that no rule allows. None: ``counted`` is asked, for each mark anew."""


def places(scores: Mapping[str, tuple[int, ...]]) -> dict[str, int]:
    """How many stand before each, and one."""
    return {o: 1 + sum(1 for other in scores.values() if other > mine) for o, mine in scores.items()}
