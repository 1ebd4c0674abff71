"""How the demo's people vote, one function a ballot method: each gives marks to what they care for."""

import random
from collections.abc import Callable, Sequence
from itertools import combinations
from math import isqrt
from typing import Final

from forum.demo import voters_grades
from forum.demo.voters_ranks import by_order
from forum.domain.methods.dots import cap_for, points_for
from forum.domain.methods.pairwise import pair_of
from forum.domain.methods.quadratic import CREDITS

Voter = Callable[[random.Random, Sequence[str], Sequence[float]], dict[str, int]]
"""From their chance, the choices, and how much the room cares for each: what one person gives, by choice."""


def _points(rng: random.Random, options: Sequence[str], weights: Sequence[float]) -> dict[str, int]:
    """A few keep some points, a few vote blank."""
    points = points_for(len(options))
    cap = cap_for(points)
    wishes = dict.fromkeys(rng.choices(options, weights, k=3 * points))
    left = points if rng.random() < 0.9 else rng.randrange(points)
    given: dict[str, int] = {}
    for option in wishes:
        mark = min(cap, left, rng.randint(1, cap))
        left -= mark
        if mark:
            given[option] = mark
    return given


def _approvals(rng: random.Random, options: Sequence[str], weights: Sequence[float]) -> dict[str, int]:
    """What the room cares for is approved by most; one in ten approves nothing."""
    keen = rng.random() < 0.9
    return {
        option: 1 for option, weight in zip(options, weights, strict=True) if keen and rng.random() < weight
    }


def _credits(rng: random.Random, options: Sequence[str], weights: Sequence[float]) -> dict[str, int]:
    """Few votes on some, many on what they care for most, as far as the credits go; one in ten votes blank."""
    left = CREDITS.otherwise if rng.random() < 0.9 else 0
    given: dict[str, int] = {}
    for option in dict.fromkeys(rng.choices(options, weights, k=4)):
        votes = min(isqrt(left), rng.randint(1, 7))
        left -= votes * votes
        if votes:
            given[option] = votes
    return given


def _pairs(rng: random.Random, options: Sequence[str], weights: Sequence[float]) -> dict[str, int]:
    """As many pairs as choices, more or less; what the room cares for more is taken more often, and some pairs are skipped."""
    cares = dict(zip(options, weights, strict=True))
    there = list(combinations(options, 2))
    given: dict[str, int] = {}
    for one, other in rng.sample(there, min(len(there), rng.randint(0, 2 * len(options)))):
        skips = rng.random() < 0.1
        given[pair_of(one, other)] = (
            3 if skips else 1 if rng.random() * (cares[one] + cares[other]) < cares[one] else 2
        )
    return given


def _levels(rng: random.Random, options: Sequence[str], weights: Sequence[float]) -> dict[str, int]:
    """Most agree with what the room cares for, with or without a reservation; few say nothing of one, or are against."""
    return {
        option: max(1, min(8, round(rng.gauss(4 + 4 * weight, 1.5))))
        for option, weight in zip(options, weights, strict=True)
        if rng.random() < 0.95
    }


def _placed(rng: random.Random, options: Sequence[str], weights: Sequence[float]) -> dict[str, int]:
    """What the room cares for has impact; how much effort it is, people see each in their own way. Some leave one out."""
    given = {}
    for place, (option, weight) in enumerate(zip(options, weights, strict=True)):
        effort = (3 * place + 1) % 5
        marks = {"impact": 1 + round(4 * weight), "effort": 1 + effort}
        for scale, mark in marks.items():
            if rng.random() < 0.95:
                given[f"{option}/{scale}"] = max(1, min(5, mark + rng.randint(-1, 1)))
    return given


def _scores(rng: random.Random, options: Sequence[str], weights: Sequence[float]) -> dict[str, int]:
    """Each of at most five gets 1 to 5; a few leave some out."""
    patient = 1.0 if rng.random() < 0.9 else 0.6
    return {
        option: max(1, min(5, round(1 + 4 * weight + rng.gauss(0, 0.9))))
        for option, weight in list(zip(options, weights, strict=True))[:5]
        if rng.random() < patient
    }


def _weighed(rng: random.Random, options: Sequence[str], weights: Sequence[float]) -> dict[str, int]:
    """What the room cares for is marked better by each of two criteria; some leave one out."""
    return {
        f"{option}/{criterion}": max(1, min(5, 1 + round(4 * weight) + rng.randint(-1, 1)))
        for option, weight in zip(options, weights, strict=True)
        for criterion in (1, 2)
        if rng.random() < 0.95
    }


VOTERS: Final[dict[str, Voter]] = {
    "dots": _points,
    "approval": _approvals,
    "majority": voters_grades.words,
    "quadratic": _credits,
    "pairwise": _pairs,
    "gradients": _levels,
    "roti": voters_grades.ratings,
    "impact": _placed,
    "schulze": by_order,
    "twentyfive": _scores,
    "shares": _approvals,
    "multicriteria": _weighed,
}
"""By the method's name."""
