"""Votes by grades, as the tests know them: said here once more, by brute force."""

import random
from collections.abc import Mapping, Sequence


def _value(grades: list[int]) -> tuple[int, ...]:
    """As the definition says it: the lower median, then that of what is left."""
    left, found = sorted(grades), []
    while left:
        median = left[(len(left) - 1) // 2]
        left.remove(median)
        found.append(median)
    return tuple(found)


def words(options: Sequence[str], ballots: Sequence[Mapping[str, int]]) -> dict[str, tuple[int, ...]]:
    """The majority value; 0 where nobody graded anything."""
    graded = [ballot for ballot in ballots if ballot]
    return {o: _value([ballot.get(o, 1) for ballot in graded]) or (0,) for o in options}


def may_be(terms: Mapping[str, int], ballot: Mapping[str, int]) -> bool:
    allowed = {1, 2, 3, 4, 5, 6, 7} if terms["words"] == 7 else {1, 2, 3, 5, 7}
    return set(ballot.values()) <= allowed


def draw(rng: random.Random, terms: Mapping[str, int]) -> int:
    return rng.randint(0, 8)


def middles(options: Sequence[str], ballots: Sequence[Mapping[str, int]]) -> dict[str, tuple[int, ...]]:
    """The greatest number that more than half gave at least, of those who said something; 0 where nobody did."""
    said = {o: [ballot[o] for ballot in ballots if o in ballot] for o in options}
    return {
        o: (max((g for g in range(1, 6) if 2 * sum(mark >= g for mark in marks) > len(marks)), default=0),)
        for o, marks in said.items()
    }
