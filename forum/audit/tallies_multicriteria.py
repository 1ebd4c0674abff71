"""How a vote by several criteria is counted a second time: by how often each mark was given, with fractions."""

from collections.abc import Mapping
from fractions import Fraction

from forum.audit.second import Count, Fault, Marks, Second, places

MOST = 4


def _middle(marks: list[int]) -> Fraction:
    """Half of the least mark that half reach from below, and of the greatest that half reach from above."""
    half = Fraction(len(marks), 2)
    low = min(m for m in range(1, 6) if sum(mark <= m for mark in marks) >= half)
    high = max(m for m in range(1, 6) if sum(mark >= m for mark in marks) >= half)
    return Fraction(low + high, 2)


def _told(given: list[list[int]], weights: list[int]) -> dict[str, int]:
    middles = [_middle(marks) if marks else None for marks in given]
    known = [middle for middle in middles if middle is not None]
    score = (
        sum((w * m for w, m in zip(weights, known, strict=True)), Fraction(0))
        if len(known) == len(weights)
        else Fraction(0)
    )
    told = {"weighted": int(4 * score), "score": int(100 * score / sum(weights) + Fraction(1, 2))}
    for n, (middle, marks) in enumerate(zip(middles, given, strict=True), 1):
        told[f"middle{n}"] = int(4 * middle) if middle is not None else 0
        told[f"marks{n}"] = len(marks)
    return told


def _counted(options: list[str], terms: Marks, ballots: Mapping[str, Marks]) -> Count:
    criteria = range(1, terms["criteria"] + 1)
    weights = [terms[f"weight{n}"] for n in criteria]
    cast = list(ballots.values())
    numbers = {
        o: _told([[b[f"{o}/{n}"] for b in cast if f"{o}/{n}" in b] for n in criteria], weights)
        for o in options
    }
    each, given = len(options) * len(weights), sum(map(len, cast))
    keys = {f"{o}/{n}" for o in options for n in criteria}
    wrong: dict[str, Fault] = {
        voter: "bad_mark"
        for voter, marks in ballots.items()
        if not marks.keys() <= keys or not {1, 2, 3, 4, 5}.issuperset(marks.values())
    }
    return Count(
        numbers,
        places({o: (told["weighted"],) for o, told in numbers.items()}),
        {"each": each, "asked": each * len(cast), "given": given, "left": each * len(cast) - given},
        wrong,
    )


MULTICRITERIA = Second(
    _counted, keys=lambda options: [f"{option}/{n}" for option in options for n in range(1, MOST + 1)]
)
