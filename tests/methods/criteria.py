"""A ballot method of the tests whose keys are no options: each choice is marked by two criteria.

It answers by itself what most methods leave as it is: what a key is called, how long a bar is, what comes first, what a ballot
without marks is, a word in a column, a setting of its own. It changes no file of the product.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from unittest.mock import patch

from forum.audit.tallies import TALLIES, Count, Second
from forum.demo.voters import VOTERS
from forum.domain import choosing, room
from forum.domain.kernel import Rejection
from forum.domain.limits import Range
from forum.domain.methods import METHODS, Method, Setting, own, ranked
from forum.domain.steps.rounds import Ballot, Line, Result, Round
from forum.language.tellings import TELLINGS, Column, Telling
from tests.toytemplates import found_too

TEMPLATES = Path(__file__).parent / "templates"
NAME = "criteria"
USE, EASE = "use", "ease"
CRITERIA = {USE: "use", EASE: "ease"}
SCALE = Setting("scale", "By two criteria: the best mark", Range(2, 9), otherwise=5)
REFUSALS = {"criterion": "Marks go from 0 to {limit}. Choose one of them."}


def _keys(options: Iterable[str]) -> list[str]:
    return [f"{option}/{criterion}" for option in options for criterion in CRITERIA]


def _refuse(round_: Round, given: Ballot | None, key: str, mark: int) -> Rejection | None:
    best = round_.parameters["scale"]
    return None if 0 <= mark <= best else Rejection("V1", "criterion", {"limit": best})


def _tally(round_: Round) -> tuple[Line, ...]:
    sums = dict.fromkeys(_keys(round_.options), 0)
    for ballot in round_.ballots.values():
        for key, mark in ballot.marks.items():
            sums[key] += mark
    numbers = {o: {criterion: sums[f"{o}/{criterion}"] for criterion in CRITERIA} for o in round_.options}
    return ranked(round_.options, numbers, {o: sum(n.values()) for o, n in numbers.items()})


def _sums(round_: Round, ballots: Iterable[Ballot]) -> dict[str, int]:
    return {"marks": sum(len(ballot.marks) for ballot in ballots)}


def _bar(terms: Mapping[str, int], result: Result, line: Line) -> tuple[int, int]:
    """Of all that could have been given."""
    return sum(line.numbers.values()), 2 * terms["scale"] * max(1, result.voters)


def _first(result: Result) -> tuple[str, ...]:
    """What is easy, too."""
    return tuple(x.option for x in result.lines if x.rank == 1 and x.numbers[EASE] >= x.numbers[USE] > 0)


METHOD = Method(
    name=NAME,
    version=1,
    title="Two criteria",
    terms=lambda settings, options: {"scale": own(settings, NAME, SCALE)},
    refuse=_refuse,
    tally=_tally,
    sums=_sums,
    keys=lambda round_: _keys(round_.options),
    about=lambda key: (key.partition("/")[0],),
    settings=(SCALE,),
    bar=_bar,
    first=_first,
    blank=lambda marks: False,  # who says nothing finds nothing of use
    sensible=lambda settings: SCALE.numbers.holds(own(settings, NAME, SCALE)),
    refusals=REFUSALS,
)


def _counted(options: list[str], terms: Mapping[str, int], ballots: Mapping[str, Mapping[str, int]]) -> Count:
    numbers = {o: {c: sum(b.get(f"{o}/{c}", 0) for b in ballots.values()) for c in CRITERIA} for o in options}
    total = {o: sum(n.values()) for o, n in numbers.items()}
    return Count(
        numbers,
        {o: 1 + sum(other > mine for other in total.values()) for o, mine in total.items()},
        {"marks": sum(map(len, ballots.values()))},
        {},
    )


TELLING = Telling(
    marked=lambda reader, mark, choice: f"{mark} for {choice}",
    rule=lambda reader, terms: f"Two marks a choice, up to {terms['scale']}.",
    adds_up=lambda reader, voters, sums: f"{voters} people, {sums['marks']} marks.",
    line=(
        Column("Use", lambda numbers, voters: numbers[USE]),
        Column("Verdict", lambda numbers, voters: numbers[EASE], lambda reader, n: "easy" if n else "hard"),
    ),
    choice=lambda reader, key, words: f"{CRITERIA[key.partition('/')[2]]} of {words[0]}",
    part=lambda reader, key: f"its {key.partition('/')[2]}",
    unmarked="Nothing found of use.",
)


def _voter(rng: object, options: Iterable[str], weights: object) -> dict[str, int]:
    return dict.fromkeys(_keys(options), 1)


@contextmanager
def criteria() -> Iterator[Method]:
    """The method is known for as long as the block lasts: an entry in each registry, and a folder of templates."""
    with ExitStack() as known:
        known.enter_context(patch.dict(METHODS, {NAME: METHOD}))
        known.enter_context(patch.dict(TELLINGS, {NAME: TELLING}))
        second = Second(_counted, keys=_keys, blank=lambda marks: False)
        known.enter_context(patch.dict(TALLIES, {(NAME, 1): second}))
        known.enter_context(patch.dict(VOTERS, {NAME: _voter}))
        known.enter_context(patch.dict(room.REFUSALS, REFUSALS))
        known.enter_context(found_too(TEMPLATES))
        choosing.offered.cache_clear()  # what the desk offers is looked up once
        known.callback(choosing.offered.cache_clear)
        yield METHOD
