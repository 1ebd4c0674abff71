"""How a vote by gradients of agreement is counted a second time. Shares no line with ``forum.domain``."""

from collections import Counter
from collections.abc import Mapping
from itertools import accumulate
from typing import Final

from forum.audit.second import Count, Marks

BEST: Final = 8  # the mark of full agreement; 1 is the veto


def reading(at: Mapping[int, int], terms: Marks) -> int:
    """3 strong, 2 lukewarm, 1 neither, 0 nobody said anything; ``at``: how many gave each mark."""
    upto = dict(
        zip(range(BEST, 0, -1), accumulate(at.get(mark, 0) for mark in range(BEST, 0, -1)), strict=True)
    )
    people = upto[1]
    if people == 0:
        return 0
    if upto[3] == people and upto[6] * 100 >= people * terms["strong"]:
        return 3
    return 2 if upto[2] == people and upto[5] * 100 > people * terms["lukewarm"] else 1


def gradients(options: list[str], terms: Marks, ballots: Mapping[str, Marks]) -> Count:
    """By how many stand before each: a better reading, or as good a one and a larger share of support."""
    numbers: dict[str, dict[str, int]] = {}
    for option in options:
        at = Counter(marks[option] for marks in ballots.values() if option in marks)
        people, support = sum(at.values()), sum(at[mark] for mark in (8, 7, 6))
        numbers[option] = {
            "reading": reading(at, terms), "support": support, "answers": people,
            **{f"level{9 - mark}": at[mark] for mark in range(BEST, 0, -1)},
        }  # fmt: skip
    ranks = {mine: 1 + sum(_before(numbers[other], numbers[mine]) for other in options) for mine in options}
    wrong = [who for who, marks in ballots.items() if not set(marks.values()) <= set(range(1, BEST + 1))]
    return Count(
        numbers, ranks, {"levels": sum(map(len, ballots.values()))}, dict.fromkeys(wrong, "bad_mark")
    )


def _before(one: Marks, other: Marks) -> bool:
    if one["reading"] != other["reading"]:
        return one["reading"] > other["reading"]
    return one["support"] * max(1, other["answers"]) > other["support"] * max(1, one["answers"])
