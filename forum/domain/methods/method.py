"""A ballot method as a value: what a round asks it. A ballot is marks, key → whole number; the method says what they
mean.

A method decides only how marks are given and counted. The vote decides who votes, until when, and in secret.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from forum.domain.kernel import Rejection
from forum.domain.settings import BallotSettings
from forum.domain.steps.rounds import Ballot, Line, Round

Sums = dict[str, int]


def _any(settings: BallotSettings) -> bool:
    return True


def _options(round_: Round) -> tuple[str, ...]:
    return round_.options


class Method(NamedTuple):
    """One way to vote. Its words on surfaces, in exports and in the second count are registered under its name."""

    name: str
    version: int  # another one where the same ballots would be counted otherwise
    title: str  # what the desk calls it
    explains: str  # to whoever votes, in a sentence or two
    terms: Callable[[BallotSettings, int], Mapping[str, int]]
    """What holds in a round, by settings and number of options; for ever: a round keeps it."""
    refuse: Callable[[Round, Ballot | None, str, int], Rejection | None]
    """Why a mark may not be given: round, what its voter gave so far, key, mark. 0 takes back."""
    tally: Callable[[Round], tuple[Line, ...]]
    """The result, from first to last, in one pass over the ballots; equals share a rank, in the order of the ballot."""
    sums: Callable[[Round, Iterable[Ballot]], Sums]
    """What these ballots add up to, by names of the method's own; of one ballot: what its voter is told."""
    keys: Callable[[Round], Iterable[str]] = _options
    """The keys under which marks are given."""
    sensible: Callable[[BallotSettings], bool] = _any
    """Whether these settings can be voted with."""
    offered: bool = True  # at the desk, for new votes
    rules: Mapping[str, str] = {}
    refusals: Mapping[str, str] = {}


def ranked(
    options: Iterable[str], numbers: Mapping[str, dict[str, int]], score: Mapping[str, Any]
) -> tuple[Line, ...]:
    """Lines from the highest score to the lowest: 1, 2, 2, 4. Never broken by order, name or id. Cost: a sort.

    numbers   what is told of each option, the most important first
    score     what is compared
    """
    there = tuple(options)
    best_first = sorted(there, key=lambda o: score[o], reverse=True)
    rank: dict[Any, int] = {}
    for place, option in enumerate(best_first, 1):
        rank.setdefault(score[option], place)
    alike: dict[Any, int] = {}
    for option in there:
        alike[score[option]] = alike.get(score[option], 0) + 1
    return tuple(Line(o, rank[score[o]], alike[score[o]] > 1, numbers[o]) for o in best_first)
