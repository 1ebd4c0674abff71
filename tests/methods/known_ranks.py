"""Orders of preference as the tests know them: what may be given, and what comes of it, said once more."""

from collections.abc import Mapping, Sequence
from math import lcm

Marks = Mapping[str, int]


def places_may(terms: Mapping[str, int], ballot: Marks) -> bool:
    return set(ballot.values()) <= set(range(1, terms["places"] + 1))


def levels(options: Sequence[str], ballots: Sequence[Marks]) -> dict[str, tuple[int, ...]]:
    """Of each, how many of the others are not ahead of it. Strengths grow from the majorities until none grows any more."""
    over = {
        a: {b: sum(ballot.get(a, 10**6) < ballot.get(b, 10**6) for ballot in ballots) for b in options}
        for a in options
    }
    strong = {(a, b): over[a][b] * (over[a][b] > over[b][a]) for a in options for b in options}
    before = dict[tuple[str, str], int]()
    while before != strong:
        before = dict(strong)
        strong = {
            (a, b): max(before[a, b], *(min(before[a, via], before[via, b]) for via in options))
            for a, b in before
        }
    return {
        o: (sum(strong[other, o] <= strong[o, other] for other in options if other != o),) for o in options
    }


def averages(options: Sequence[str], ballots: Sequence[Marks]) -> dict[str, tuple[int, ...]]:
    """Five times each average: to the nearest whole number, halves up, and as a number over the least common multiple."""
    given = {o: [ballot[o] for ballot in ballots if o in ballot] for o in options}
    whole = lcm(*(len(scores) or 1 for scores in given.values()))
    exact = {o: 5 * sum(scores) * (whole // (len(scores) or 1)) for o, scores in given.items()}
    return {o: ((2 * n // whole + 1) // 2, n) for o, n in exact.items()}
