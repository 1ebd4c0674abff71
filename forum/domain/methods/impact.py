"""Impact and effort: each choice has a place on a map, by the middle of what people gave; V45, V46.

Two marks a choice, 1 to 5, each counted by itself: whoever gave one of the two counts for that one. All positions are in
quarters of a mark (``spreads``).
"""

from collections.abc import Iterable, Mapping
from typing import Final

from forum.domain.kernel import N_, Rejection
from forum.domain.methods.method import Explained, Method, Serves, Sums, ranked
from forum.domain.methods.papers import Paper, numbered
from forum.domain.methods.pictures import Plane, Spread
from forum.domain.methods.spreads import APART, QUARTERS, spread
from forum.domain.settings import BallotSettings
from forum.domain.steps.rounds import Ballot, Line, Result, Round

NAME = "impact"
IMPACT, EFFORT = "impact", "effort"
SCALES: Final = (IMPACT, EFFORT)
LEAST, MOST = 1, 5
CUT = 3 * QUARTERS
MOST_PLACED = 60  # as many as a map tells apart
QUICK, BIG, OCCASION, LEAVE, DISCUSS, NOWHERE = 5, 4, 3, 2, 1, 0
"""What a choice is by its place, in the order of the result."""
RULES = {
    "V45": N_(
        "In a vote on impact and effort each choice lies where the middle of all marks is, on both scales. Above 3 and "
        "below 3 part the map; whatever lies on a line is to be discussed. Choices in one part are not ranked."
    ),
    "V46": N_(
        "The spread is that of the middle half of the marks. From 2 on people disagree on this choice, and the result says "
        "so. A mark that nobody gave counts for nothing; whoever marked one scale alone counts on that one."
    ),
}
REFUSALS = {
    "scale": N_("Marks go from {least} to {most}. Choose one of them."),
}


def keys_of(options: Iterable[str]) -> list[str]:
    """The keys of the marks, those about the same choice together."""
    return [f"{option}/{scale}" for option in options for scale in SCALES]


def _refuse(round_: Round, given: Ballot | None, key: str, mark: int) -> Rejection | None:
    taken = mark == 0 or LEAST <= mark <= MOST
    return None if taken else Rejection("V45", "scale", {"least": LEAST, "most": MOST})


def quadrant(impact: int | None, effort: int | None) -> int:
    """What a choice is by its place, in quarters of a mark."""
    if impact is None or effort is None:
        return NOWHERE
    if CUT in (impact, effort):
        return DISCUSS
    if impact > CUT:
        return QUICK if effort < CUT else BIG
    return OCCASION if effort < CUT else LEAVE


def _tally(round_: Round) -> tuple[Line, ...]:
    given: dict[str, list[int]] = {key: [] for key in keys_of(round_.options)}
    for ballot in round_.ballots.values():
        for key, mark in ballot.marks.items():
            given[key].append(mark)
    numbers = {o: _numbers(*(given[f"{o}/{scale}"] for scale in SCALES)) for o in round_.options}
    return ranked(round_.options, numbers, {o: told["quadrant"] for o, told in numbers.items()})


def _numbers(impact: list[int], effort: list[int]) -> dict[str, int]:
    found = {IMPACT: spread(impact), EFFORT: spread(effort)}
    place = (at.middle if (at := found[scale]) else None for scale in SCALES)
    told = {"quadrant": quadrant(*place)}
    for scale, marks in ((IMPACT, impact), (EFFORT, effort)):
        if at := found[scale]:
            told |= {scale: at.middle, f"{scale}_low": at.low, f"{scale}_high": at.high}
        told[f"{scale}_marks"] = len(marks)
    return told


def _sums(round_: Round, ballots: Iterable[Ballot]) -> Sums:
    """Of each person and each choice: whether it was placed, marked on one scale alone, or left."""
    voters = placed = half = 0
    for ballot in ballots:
        voters += 1
        marked = [key.rpartition("/")[0] for key in ballot.marks]
        both = len(marked) - len(set(marked))
        placed, half = placed + both, half + len(marked) - 2 * both
    asked = voters * len(round_.options)
    return {
        "choices": len(round_.options),
        "asked": asked,
        "placed": placed,
        "half": half,
        "left": asked - placed - half,
    }


def _picture(terms: Mapping[str, int], result: Result) -> Plane:
    there = {line.option: line.numbers for line in result.lines if line.numbers["quadrant"]}
    places = {
        option: (_spread(numbers, EFFORT), _spread(numbers, IMPACT)) for option, numbers in there.items()
    }
    return Plane(places, LEAST, MOST, CUT)


def _spread(numbers: Mapping[str, int], scale: str) -> Spread:
    low, high = numbers[f"{scale}_low"], numbers[f"{scale}_high"]
    return Spread(low, numbers[scale], high, high - low >= APART)


def _first(result: Result) -> tuple[str, ...]:
    return tuple(line.option for line in result.lines if line.numbers["quadrant"] == QUICK)


def _terms(settings: BallotSettings, options: int) -> Mapping[str, int]:
    return {}


def _complete(round_: Round, marks: Mapping[str, int]) -> bool:
    return len(marks) == len(SCALES) * len(round_.options)


ON_PAPER: Final = Paper(
    N_("Mark from 1 to 5 how much each choice brings (impact), and how much it asks of us (effort)."),
    numbered(LEAST, MOST),
)


METHOD = Method(
    name=NAME,
    version=1,
    title=N_("Impact and effort"),
    terms=_terms,
    refuse=_refuse,
    tally=_tally,
    sums=_sums,
    keys=lambda round_: keys_of(round_.options),
    about=lambda key: (key.rpartition("/")[0],),
    first=_first,
    complete=_complete,
    picture=_picture,
    serves=(
        Serves(
            "narrow",
            20,
            N_(
                "Two marks a choice sort what is worth its effort from what is not, before somebody plans it."
            ),
        ),
    ),
    explained=Explained(
        N_("To sort what a room could do by what it brings and by what it takes."),
        N_(
            "Everybody marks the impact and the effort of each choice from 1 to 5. Each lies where the middle of its marks is, on both scales."
        ),
        N_(
            "People underestimate effort, and everything becomes a quick win: agree first on what a 1 and a 5 mean."
        ),
        N_(
            "Choices in the same part of the map are not ranked. A mark that nobody gave counts for nothing, and without a mark on one scale a choice has no place."
        ),
    ),
    most=MOST_PLACED,
    sheet="grades",
    paper=lambda terms: ON_PAPER,
    rules=RULES,
    refusals=REFUSALS,
)
