"""What the tests know of a vote by pairs: strengths in plain floating numbers, by the older iteration, a great many times."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from math import floor, log

Marks = Mapping[str, int]
AGAINST = {
    "theme1": "theme1|theme2", "theme2": "theme2|theme3", "theme3": "theme1|theme3", "theme000": "theme000|theme001",
}  # fmt: skip
"""A pair that speaks of a choice, where one choice is to be given something."""


def pairs(options: Sequence[str]) -> Iterator[str]:
    """Every pair, in the order of the board."""
    return (f"{one}|{other}" for one, other in combinations(options, 2))


def leads_everywhere(options: Sequence[str], wins: Mapping[tuple[str, str], float]) -> bool:
    """Whether one gets from each to each along wins."""

    def from_one(there: set[str], way: int) -> set[str]:
        more = {pair[1 - way] for pair in wins if pair[way] in there} | there
        return there if more == there else from_one(more, way)

    return all(from_one({options[0]}, way) == set(options) for way in (0, 1))


def strengths(options: Sequence[str], ballots: Sequence[Marks], rounds: int = 100_000) -> dict[str, float]:
    """Each one's wins by what was to be won, again and again, until nothing moves."""
    wins: dict[tuple[str, str], float] = {}
    for ballot in ballots:
        for key, mark in ballot.items():
            one, other = key.split("|")
            if mark in {1, 2}:
                pair = (one, other) if mark == 1 else (other, one)
                wins[pair] = wins.get(pair, 0) + 1
    if not wins:
        return dict.fromkeys(options, 1 / len(options))
    if not leads_everywhere(options, wins):
        wins = {(a, b): wins.get((a, b), 0) + 0.1 for a in options for b in options if a != b}
    strong = dict.fromkeys(options, 1 / len(options))
    for _ in range(rounds):
        before = strong
        strong = {}
        for a in options:
            won = sum(n for (winner, _), n in wins.items() if winner == a)
            due = sum(n / (before[x] + before[y]) for (x, y), n in wins.items() if a in {x, y})
            strong[a] = won / due
        all_of_them = sum(strong.values())
        strong = {a: n / all_of_them for a, n in strong.items()}
        if all(abs(strong[a] - before[a]) < 1e-15 * before[a] for a in options):
            break
    return strong


def scores(options: Sequence[str], ballots: Sequence[Marks]) -> dict[str, tuple[int, ...]]:
    """In millionths as it is told, then finer: what agrees to eight digits is equal."""
    strong = strengths(options, ballots)
    fine = {o: round(log(n) * 10**8) for o, n in strong.items()}
    alike = {o: max(other for other in fine.values() if abs(other - n) < 10) for o, n in fine.items()}
    return {o: (floor(n * 10**6 + 0.5001), alike[o]) for o, n in strong.items()}
