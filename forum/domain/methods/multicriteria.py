"""Several criteria: each choice is marked by each of them, and weighed; V47, V48.

What the criteria are called the desk says in its own words (``wordings``), and how much each weighs. The middle of the marks
is that of ``spreads``; the score is the weighted mean of the middles, exact: ``weighted`` is its numerator, in quarters of a
mark, and the denominator is the same for all choices.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from forum.domain.kernel import N_, Rejection
from forum.domain.limits import Range, Text
from forum.domain.methods.method import Explained, Method, Serves, Setting, Sums, Wording, own, ranked
from forum.domain.methods.papers import Paper, numbered
from forum.domain.methods.spreads import QUARTERS, middle
from forum.domain.settings import BallotSettings
from forum.domain.steps.rounds import Ballot, Line, Result, Round

NAME = "multicriteria"
LEAST, MOST = 1, 5
FEWEST, MOST_CRITERIA = 2, 4
MOST_COMPARED = 40  # choices, each of which is marked by every criterion
HUNDREDTHS = 100
WEIGHT = Range(1, 9)
CALLED = Text(30)
NUMBERS: Final = tuple(range(1, MOST_CRITERIA + 1))
CRITERIA = Setting("criteria", N_("By criteria: how many"), Range(FEWEST, MOST_CRITERIA), otherwise=FEWEST)
WORDINGS: Final = (
    Wording("called1", N_("What the 1st criterion is called"), CALLED),
    Wording("called2", N_("What the 2nd criterion is called"), CALLED),
    Wording("called3", N_("What the 3rd criterion is called"), CALLED),
    Wording("called4", N_("What the 4th criterion is called"), CALLED),
)
WEIGHTS: Final = (
    Setting("weight1", N_("How much the 1st criterion weighs"), WEIGHT, otherwise=1),
    Setting("weight2", N_("How much the 2nd criterion weighs"), WEIGHT, otherwise=1),
    Setting("weight3", N_("How much the 3rd criterion weighs"), WEIGHT, otherwise=1),
    Setting("weight4", N_("How much the 4th criterion weighs"), WEIGHT, otherwise=1),
)
RULES = {
    "V47": N_(
        "In a vote by criteria the score of a choice is the mean of the middles of its marks, each with the weight of its "
        "criterion. A choice that nobody marked by one of the criteria has no score, and comes last."
    ),
    "V48": N_(
        "A vote by criteria also says which other choice would come first if one criterion weighed one more or one less."
    ),
}
REFUSALS = {
    "criterion_mark": N_("Marks by a criterion go from {least} to {most}. Choose one of them."),
}


class Turn(NamedTuple):
    """What comes first when a criterion weighs one more, or one less."""

    criterion: int
    more: bool
    first: tuple[str, ...]


def weights_of(terms: Mapping[str, int]) -> tuple[int, ...]:
    """The weight of each criterion, in their order."""
    return tuple(terms[f"weight{n}"] for n in range(1, terms["criteria"] + 1))


def _keys(options: Iterable[str], criteria: int) -> list[str]:
    return [f"{option}/{n}" for option in options for n in range(1, criteria + 1)]


def _terms(settings: BallotSettings, options: int) -> Mapping[str, int]:
    criteria = own(settings, NAME, CRITERIA)
    weights = {weight.name: own(settings, NAME, weight) for weight in WEIGHTS[:criteria]}
    return {"criteria": criteria} | weights


def _refuse(round_: Round, given: Ballot | None, key: str, mark: int) -> Rejection | None:
    taken = mark == 0 or LEAST <= mark <= MOST
    return None if taken else Rejection("V47", "criterion_mark", {"least": LEAST, "most": MOST})


def _tally(round_: Round) -> tuple[Line, ...]:
    weights = weights_of(round_.parameters)
    given: dict[str, list[int]] = {key: [] for key in _keys(round_.options, len(weights))}
    for ballot in round_.ballots.values():
        for key, mark in ballot.marks.items():
            given[key].append(mark)
    numbers = {
        o: _numbers([sorted(given[f"{o}/{n}"]) for n in range(1, len(weights) + 1)], weights)
        for o in round_.options
    }
    return ranked(round_.options, numbers, {o: told["weighted"] for o, told in numbers.items()})


def _numbers(marks: list[list[int]], weights: tuple[int, ...]) -> dict[str, int]:
    middles = [middle(found) if found else 0 for found in marks]
    weighted, whole = weighed(middles, weights), QUARTERS * sum(weights)
    told = {"weighted": weighted, "score": (2 * HUNDREDTHS * weighted + whole) // (2 * whole)}
    for n, (at, found) in enumerate(zip(middles, marks, strict=True), 1):
        told |= {f"middle{n}": at, f"marks{n}": len(found)}
    return told


def weighed(middles: Iterable[int], weights: Iterable[int]) -> int:
    """The numerator of the score, in quarters of a mark; 0 where a criterion has no mark at all."""
    there = tuple(middles)
    return sum(w * m for w, m in zip(weights, there, strict=True)) if all(there) else 0


def turns(terms: Mapping[str, int], lines: Iterable[Line]) -> tuple[Turn, ...]:
    """V48: every change of one weight by one that puts others first than the weights as they are."""
    return tuple(turn for turn, turned in _changes(terms, tuple(lines)) if turned)


def _changes(terms: Mapping[str, int], lines: tuple[Line, ...]) -> Iterator[tuple[Turn, bool]]:
    weights = weights_of(terms)
    middles = {
        line.option: [line.numbers[f"middle{n}"] for n in range(1, len(weights) + 1)]
        for line in sorted(lines, key=lambda line: line.rank)
    }
    now = _best(middles, weights)
    for n in range(len(weights)):
        for more in (True, False):
            step = 1 if more else -1
            first = _best(middles, (*weights[:n], weights[n] + step, *weights[n + 1 :]))
            yield Turn(n + 1, more, first), set(first) != set(now)


def _best(middles: Mapping[str, list[int]], weights: tuple[int, ...]) -> tuple[str, ...]:
    """The denominator is the same for all: numerators compare as scores do."""
    scores = {option: weighed(found, weights) for option, found in middles.items()}
    most = max(scores.values(), default=0)
    return tuple(option for option, score in scores.items() if score == most > 0)


def _sums(round_: Round, ballots: Iterable[Ballot]) -> Sums:
    """How many marks were given of all that were asked for."""
    voters = marks = 0
    for ballot in ballots:
        voters, marks = voters + 1, marks + len(ballot.marks)
    each = len(round_.options) * round_.parameters["criteria"]
    asked = voters * each
    return {"each": each, "asked": asked, "given": marks, "left": asked - marks}


def _bar(terms: Mapping[str, int], result: Result, line: Line) -> tuple[int, int]:
    """Of the best mark by every criterion."""
    return line.score, MOST * QUARTERS * sum(weights_of(terms))


def _sensible(settings: BallotSettings) -> bool:
    return all(s.numbers.holds(own(settings, NAME, s)) for s in (CRITERIA, *WEIGHTS))


ON_PAPER: Final = Paper(
    N_("Mark each choice by each criterion, from 1 to 5. 5 is always best: for cost, 5 means cheap."),
    numbered(LEAST, MOST),
)


METHOD = Method(
    name=NAME,
    version=1,
    title=N_("Several criteria"),
    terms=_terms,
    refuse=_refuse,
    tally=_tally,
    sums=_sums,
    keys=lambda round_: _keys(round_.options, round_.parameters["criteria"]),
    about=lambda key: (key.rpartition("/")[0],),
    settings=(CRITERIA, *WEIGHTS),
    wordings=WORDINGS,
    bar=_bar,
    complete=lambda round_, marks: len(marks) == len(round_.options) * round_.parameters["criteria"],
    sensible=_sensible,
    serves=(
        Serves(
            "rank",
            12,
            N_(
                "What counts has several sides, which do not weigh the same; the result says how much that matters."
            ),
        ),
    ),
    explained=Explained(
        N_("To put a few choices in order where what counts has several sides."),
        N_(
            "Everybody marks each choice by each criterion from 1 to 5. The score is the mean of the middles, each with the weight of its criterion."
        ),
        N_(
            "Weights look exact and are a guess: the result says which of them, changed by one, would put another choice first."
        ),
        N_(
            "As high a score is a tie. A mark that nobody gave counts for nothing; a choice without marks by one criterion has no score, and comes last."
        ),
    ),
    most=MOST_COMPARED,
    sheet="grades",
    paper=lambda terms: ON_PAPER,
    rules=RULES,
    refusals=REFUSALS,
)
