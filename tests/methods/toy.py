"""A ballot method that lives in the tests alone: grades from 0 to 2, by the lower median. It changes no file of the product.

What a new method brings stands here in one piece, each part where the product has its registry.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from unittest.mock import patch

from forum.audit.tallies import TALLIES, Count, Second
from forum.demo.voters import VOTERS
from forum.domain import choosing, room
from forum.domain.kernel import Rejection
from forum.domain.methods import METHODS
from forum.domain.methods.method import Method, ranked
from forum.domain.settings import BallotSettings
from forum.domain.steps.rounds import Ballot, Line, Round
from forum.language import Reader
from forum.language.tellings import TELLINGS, Column, Telling
from tests.methods.known import KNOWN, Known
from tests.toytemplates import found_too

BEST = 2
TEMPLATES = Path(__file__).parent / "templates"
REFUSALS = {"grade": "Grades go from 0 to {limit}. Choose one of them."}


def _terms(settings: BallotSettings, options: int) -> Mapping[str, int]:
    return {"best": BEST}


def _refuse(round_: Round, given: Ballot | None, key: str, mark: int) -> Rejection | None:
    best = round_.parameters["best"]
    return None if 0 <= mark <= best else Rejection("V1", "grade", {"limit": best})


def _tally(round_: Round) -> tuple[Line, ...]:
    grades = {o: sorted(b.marks.get(o, 0) for b in round_.ballots.values()) for o in round_.options}
    median = {o: found[(len(found) - 1) // 2] if found else 0 for o, found in grades.items()}
    return ranked(round_.options, {o: {"median": m} for o, m in median.items()}, median)


def _sums(round_: Round, ballots: Iterable[Ballot]) -> dict[str, int]:
    return {"graded": sum(len(ballot.marks) for ballot in ballots)}


GRADES = Method(
    name="grades", version=1, title="Grades", terms=_terms, refuse=_refuse,
    tally=_tally, sums=_sums, refusals=REFUSALS,
)  # fmt: skip


def _counted(options: list[str], terms: Mapping[str, int], ballots: Mapping[str, Mapping[str, int]]) -> Count:
    middle: dict[str, int] = {}
    for option in options:
        found = sorted(marks.get(option, 0) for marks in ballots.values())
        middle[option] = found[(len(found) - 1) // 2] if found else 0
    wrong = [
        v for v, marks in ballots.items() if any(not 0 < mark <= terms["best"] for mark in marks.values())
    ]
    return Count(
        {o: {"median": m} for o, m in middle.items()},
        {o: 1 + sum(other > m for other in middle.values()) for o, m in middle.items()},
        {"graded": sum(len(marks) for marks in ballots.values())},
        dict.fromkeys(wrong, "bad_mark"),
    )


def _adds_up(reader: Reader, voters: int, sums: Mapping[str, int]) -> str:
    return f"{voters} people: {sums['graded']} grades."


TELLING = Telling(
    marked=lambda reader, mark, choice: f"Grade {mark}: {choice}",
    rule=lambda reader, terms: f"Grades from 0 to {terms['best']}.",
    adds_up=_adds_up,
    line=(Column("Median", lambda numbers, voters: numbers["median"]),),
)


def _medians(options: Sequence[str], ballots: Sequence[Mapping[str, int]]) -> dict[str, tuple[int, ...]]:
    half = len(ballots) / 2
    reached = {
        o: [g for g in range(BEST + 1) if sum(b.get(o, 0) <= g for b in ballots) >= half] for o in options
    }
    return {o: (grades[0],) for o, grades in reached.items()}


HERE = Known(
    marks=(1, 2),
    refused={-1: "grade", 3: "grade", 99: "grade"},
    taps=(1, 2, 0, 2),
    draw=lambda rng, terms: rng.randint(0, BEST + 1),
    may_be=lambda terms, ballot: set(ballot.values()) <= {1, 2},
    scores=_medians,
)


@contextmanager
def grades() -> Iterator[Method]:
    """The method is known for as long as the block lasts: an entry in each registry, and a folder of templates."""
    with ExitStack() as known:
        known.enter_context(patch.dict(METHODS, {GRADES.name: GRADES}))
        known.enter_context(patch.dict(TELLINGS, {GRADES.name: TELLING}))
        known.enter_context(patch.dict(TALLIES, {(GRADES.name, GRADES.version): Second(_counted)}))
        known.enter_context(
            patch.dict(
                VOTERS, {GRADES.name: lambda rng, options, _: {o: rng.randint(1, BEST) for o in options}}
            )
        )
        known.enter_context(patch.dict(KNOWN, {GRADES.name: HERE}))
        known.enter_context(patch.dict(room.REFUSALS, REFUSALS))
        known.enter_context(found_too(TEMPLATES))
        choosing.offered.cache_clear()  # what the desk offers is looked up once
        known.callback(choosing.offered.cache_clear)
        yield GRADES
