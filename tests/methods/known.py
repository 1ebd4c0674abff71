"""Each ballot method as the tests know it: one value a method. Whoever votes in a test, by chance or by a plan, asks here.

Shares no line with the rules, nor with the second count: what may be given, and what comes of it, is said here once more.
A method without a value is named by ``registrations``; the toy brings its own.
"""

import operator
import random
import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from math import lcm
from typing import Any, Final, NamedTuple

from tests.methods import known_grades, known_pairwise, known_ranks
from tests.scenes import Scene, a_vote

Marks = Mapping[str, int]
Scores = dict[str, tuple[int, ...]]


class Known(NamedTuple):
    """How one method is voted, and what comes of it."""

    marks: tuple[int, ...]
    """Marks that may be given to one choice of three, from the one that likes it least to the one that likes it most."""
    refused: Mapping[int, str]
    """Marks that may not be given to any choice: the code of the refusal."""
    taps: tuple[int, ...]
    """What one presses on a phone for one choice, one after another: each is on a button once the one before it is kept."""
    draw: Callable[[random.Random, Mapping[str, int]], int]
    """What people of random histories give a choice, by what holds in the round: mostly what may be given, or nothing."""
    may_be: Callable[[Mapping[str, int], Marks], bool]
    """Whether a ballot may be so, by what holds in the round; without marks of 0."""
    scores: Callable[[Sequence[str], Sequence[Marks]], Scores]
    """From the choices and all ballots: what is compared. The first number is the first that is told of a choice."""
    keys: Callable[[Sequence[str]], Iterable[str]] = tuple
    """From the choices: under what marks are given."""
    gives: Callable[[Marks], Marks] | None = None
    """From marks by choice: what a ballot is that speaks of these choices so. None: under each key about the choice alone."""
    kept: Mapping[int, int] = {}
    """What comes of a tap on an empty ballot, where that is another mark."""
    handed: bool = False
    """Whether each person is asked of a part of the choices alone."""
    blank: Callable[[Marks], bool] = operator.not_
    """Whether a ballot counts as blank."""
    settings: Mapping[str, Any] = {}
    """Of a vote in which ``marks`` may be given."""


def _points_may(terms: Mapping[str, int], ballot: Marks) -> bool:
    return (
        all(0 < mark <= terms["cap"] for mark in ballot.values()) and sum(ballot.values()) <= terms["points"]
    )


def _points(options: Sequence[str], ballots: Sequence[Marks]) -> Scores:
    given = {o: [ballot[o] for ballot in ballots if o in ballot] for o in options}
    return {o: (sum(marks), len(marks)) for o, marks in given.items()}


def _approvals(options: Sequence[str], ballots: Sequence[Marks]) -> Scores:
    chosen = [option for ballot in ballots for option in ballot]
    return {o: (chosen.count(o),) for o in options}


def _votes(options: Sequence[str], ballots: Sequence[Marks]) -> Scores:
    return {o: (sum(ballot.get(o, 0) for ballot in ballots),) for o in options}


def _levels(options: Sequence[str], ballots: Sequence[Marks]) -> Scores:
    """By the reading, then by support per person, as a number over the least common multiple of all numbers of people."""
    told = {o: [9 - ballot[o] for ballot in ballots if o in ballot] for o in options}
    whole = lcm(*(len(levels) or 1 for levels in told.values()))
    return {
        o: (_reading(levels), sum(level <= 3 for level in levels) * (whole // (len(levels) or 1)))
        for o, levels in told.items()
    }


def _reading(levels: Sequence[int]) -> int:
    """Strong, lukewarm, neither, nothing said: 3, 2, 1, 0; with the shares that hold where nobody chose others."""
    if not levels:
        return 0
    if max(levels) <= 6 and 5 * sum(level <= 3 for level in levels) >= 4 * len(levels):
        return 3
    return 2 if max(levels) <= 7 and 2 * sum(level <= 4 for level in levels) > len(levels) else 1


def _part_of(impact: Sequence[int], effort: Sequence[int]) -> int:
    """From the most wanted, 5, to what is to be discussed, 1; 0 where a scale has no mark."""
    if not impact or not effort:
        return 0
    high, wide = (statistics.median(marks) for marks in (impact, effort))
    if 3 in (high, wide):
        return 1
    return {(True, False): 5, (True, True): 4, (False, False): 3, (False, True): 2}[high > 3, wide > 3]


def _parts(options: Sequence[str], ballots: Sequence[Marks]) -> Scores:
    marks = {k: [b[k] for b in ballots if k in b] for o in options for k in (f"{o}/impact", f"{o}/effort")}
    return {o: (_part_of(marks[f"{o}/impact"], marks[f"{o}/effort"]),) for o in options}


def _by_criteria(options: Sequence[str], ballots: Sequence[Marks]) -> Scores:
    """By two criteria of the same weight: four times the sum of the medians, where there are both."""
    marks = {o: [[b[f"{o}/{n}"] for b in ballots if f"{o}/{n}" in b] for n in (1, 2)] for o in options}
    return {o: (int(4 * sum(map(statistics.median, m))) if all(m) else 0,) for o, m in marks.items()}


KNOWN: Final[dict[str, Known]] = {
    "dots": Known(
        marks=(1, 2, 3),
        refused={-1: "cap", 4: "cap", 99: "cap"},
        taps=(1, 2, 1, 0, 1),
        draw=lambda rng, terms: rng.randint(0, 2),
        may_be=_points_may,
        scores=_points,
        settings={"points": 4, "cap": 3},
    ),
    "approval": Known(
        marks=(1,),
        refused={-1: "once", 2: "once", 99: "once"},
        taps=(1, 0, 1),
        draw=lambda rng, terms: rng.randint(0, 2),
        may_be=lambda terms, ballot: all(mark == 1 for mark in ballot.values()),
        scores=_approvals,
    ),
    "shares": Known(
        marks=(1,),
        refused={-1: "once", 2: "once", 99: "once"},
        taps=(1, 0, 1),
        draw=lambda rng, terms: rng.randint(0, 2),
        may_be=lambda terms, ballot: all(mark == 1 for mark in ballot.values()),
        scores=_approvals,  # there is money for all that somebody approves, at the same cost: what most approve is bought first
        settings={"own": {"shares_sum": 10_000, "shares_each": 1}},
    ),
    "majority": Known(
        marks=(1, 4, 7),
        refused={-1: "no_word", 8: "no_word", 99: "no_word"},
        taps=(7, 2, 0, 5),
        draw=known_grades.draw,
        may_be=known_grades.may_be,
        scores=known_grades.words,
    ),
    "pairwise": Known(
        marks=(3, 1),
        refused={-1: "pair", 4: "pair", 99: "pair"},
        taps=(1, 0, 3, 0, 2),
        draw=lambda rng, terms: rng.randint(0, 3),
        may_be=lambda terms, ballot: set(ballot.values()) <= {1, 2, 3},
        blank=lambda marks: set(marks.values()) <= {3},
        scores=known_pairwise.scores,
        keys=known_pairwise.pairs,
        gives=lambda marks: {known_pairwise.AGAINST[option]: mark for option, mark in marks.items()},
    ),
    "roti": Known(
        marks=(1, 3, 5),
        refused={-1: "no_rating", 6: "no_rating", 99: "no_rating"},
        taps=(4, 2, 0, 5),
        draw=lambda rng, terms: rng.randint(0, 6),
        may_be=lambda terms, ballot: set(ballot.values()) <= {1, 2, 3, 4, 5},
        scores=known_grades.middles,
    ),
    "quadratic": Known(
        marks=(1, 2, 3),
        refused={-1: "against", 11: "credits", 99: "credits"},
        taps=(1, 2, 1, 0, 1),
        draw=lambda rng, terms: rng.choice((0, 1, 2, 5, 8)),
        may_be=lambda terms, ballot: sum(v * v for v in ballot.values()) <= terms["credits"],
        scores=_votes,
    ),
    "gradients": Known(
        marks=(1, 2, 3, 4, 5, 6, 7, 8),
        refused={-1: "level", 9: "level", 99: "level"},
        taps=(8, 1, 0, 6),
        draw=lambda rng, terms: rng.choice((0, 1, 1, 4, 5, 6, 7, 8, 8, 9)),
        may_be=lambda terms, ballot: set(ballot.values()) <= set(range(1, 9)),
        scores=_levels,
    ),
    "impact": Known(
        marks=(1, 2, 5),
        refused={-1: "scale", 6: "scale", 99: "scale"},
        taps=(4, 2, 0, 5),
        draw=lambda rng, terms: rng.randint(0, 6),
        may_be=lambda terms, ballot: all(1 <= mark <= 5 for mark in ballot.values()),
        scores=_parts,
        keys=lambda options: [f"{option}/{scale}" for option in options for scale in ("impact", "effort")],
    ),
    "schulze": Known(
        marks=(3, 2, 1),
        refused={-1: "place", 13: "place", 98: "place", 100: "place"},
        taps=(99, 0, 99),
        kept={99: 1},
        draw=lambda rng, terms: rng.randint(0, terms["places"] + 1),
        may_be=known_ranks.places_may,
        scores=known_ranks.levels,
    ),
    "twentyfive": Known(
        marks=(1, 2, 3, 4, 5),
        refused={-1: "score", 6: "score", 99: "score"},
        taps=(3, 5, 0, 4),
        draw=lambda rng, terms: rng.randint(0, 6),
        may_be=lambda terms, ballot: len(ballot) <= 5 and set(ballot.values()) <= {1, 2, 3, 4, 5},
        scores=known_ranks.averages,
        handed=True,
    ),
    "multicriteria": Known(
        marks=(1, 2, 5),
        refused={-1: "criterion_mark", 6: "criterion_mark", 99: "criterion_mark"},
        taps=(4, 2, 0, 5),
        draw=lambda rng, terms: rng.randint(0, 6),
        may_be=lambda terms, ballot: all(1 <= mark <= 5 for mark in ballot.values()),
        scores=_by_criteria,
        keys=lambda options: [f"{option}/{n}" for option in options for n in (1, 2)],
    ),
}
"""By the method's name."""


def a_vote_by(method: str, options: int = 3, **settings: Any) -> Scene:
    """A room that votes by this method, such that all its marks may be given."""
    return a_vote(options, method=method, **KNOWN[method].settings, **settings)


def given(method: str, **marks: int) -> dict[str, int]:
    """These marks, by option, under the keys of the method: under each that is about the option."""
    gives = KNOWN[method].gives
    if gives:
        return dict(gives(marks))
    return {key: mark for option, mark in marks.items() for key in KNOWN[method].keys([option])}


def ranks(scores: Scores) -> dict[str, int]:
    """1, 2, 2, 4."""
    return {o: 1 + sum(other > mine for other in scores.values()) for o, mine in scores.items()}
