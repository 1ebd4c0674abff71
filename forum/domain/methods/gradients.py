"""Gradients of agreement: each person says of each proposal how far they agree, in eight levels; V26, V27.

The levels are Kaner's (*Facilitator's Guide to Participatory Decision-Making*), in the wording and with the numbers of
lucidmeetings.com: 1 full agreement … 8 veto. A mark is 9 less that number, so that more agreement is a higher mark here
too, and 0 takes back. Each proposal is read alone, of those who said something of it.
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Final

from forum.domain.kernel import N_, Rejection
from forum.domain.limits import Range
from forum.domain.methods.method import Explained, Method, Serves, Setting, Sums, own, ranked
from forum.domain.methods.papers import Circle, Paper
from forum.domain.methods.pictures import Profiles
from forum.domain.settings import BallotSettings
from forum.domain.steps.rounds import Ballot, Line, Result, Round

NAME = "gradients"
RULES = {
    "V26": N_(
        "In a vote by gradients of agreement everybody chooses one of eight levels for each proposal, from full agreement to "
        "a veto. Each proposal is read by those who chose a level for it; whoever chose none is not counted there."
    ),
    "V27": N_(
        "Support is strong where at least four in five choose one of the first three levels and nobody one of the last two; lukewarm "
        "where more than half choose one of the first four and nobody the veto; else it is unclear. The desk may choose "
        "other shares before the vote. A veto is told so that the objection is heard; it stops nothing by itself."
    ),
}
REFUSALS = {
    "level": N_("There are eight levels, from full agreement to a veto. Choose one of them."),
}
LEVELS: Final = 8
NAMES: Final = tuple(f"level{number}" for number in range(1, LEVELS + 1))
"""What is told of an option at each level, as they are published: 1 full agreement … 8 veto."""
MOST: Final = 40  # proposals: nobody weighs more, each in eight levels
SUPPORT: Final = 3  # levels up to this one are support
WILLING: Final = 4  # and up to this one, nobody is against
AGAINST: Final = 5  # from this one on, people are asked why
SERIOUS: Final = 7  # from this one on, support is not strong
LEAST_PARTED: Final = 5  # who chose a level: fewer are never parted
UNREAD, UNCLEAR, LUKEWARM, STRONG = range(4)
"""How a proposal is read, by the number under which a result keeps it; UNREAD: nobody chose a level."""
STRONG_FROM = Setting(
    "strong",
    N_("Gradients of agreement: strong support from this share in the first three levels on, in percent"),
    Range(51, 100),
    otherwise=80,
)
LUKEWARM_OVER = Setting(
    "lukewarm",
    N_("And lukewarm support above this share in the first four, in percent"),
    Range(0, 99),
    otherwise=50,
)


def level_of(mark: int) -> int:
    """The published number of the level that a mark stands for."""
    return LEVELS + 1 - mark


def is_against(mark: int) -> bool:
    """Whether a mark says so little agreement that its giver may say why: levels 5 to 8."""
    return mark > 0 and level_of(mark) >= AGAINST


def counts_of(numbers: Mapping[str, int]) -> tuple[int, ...]:
    """How many chose each level, from full agreement to veto, by what a result tells of an option."""
    return tuple(numbers[name] for name in NAMES)


def read(counts: tuple[int, ...], strong: int, lukewarm: int) -> int:
    """How much support there is (V27), by how many chose each level, and the two shares in percent."""
    answers = sum(counts)
    if not answers:
        return UNREAD
    if 100 * sum(counts[:SUPPORT]) >= strong * answers and not any(counts[SERIOUS - 1 :]):
        return STRONG
    if 100 * sum(counts[:WILLING]) > lukewarm * answers and not counts[-1]:
        return LUKEWARM
    return UNCLEAR


def _terms(settings: BallotSettings, options: int) -> Mapping[str, int]:
    return {"strong": own(settings, NAME, STRONG_FROM), "lukewarm": own(settings, NAME, LUKEWARM_OVER)}


def _refuse(round_: Round, given: Ballot | None, key: str, mark: int) -> Rejection | None:
    return None if 0 <= mark <= LEVELS else Rejection("V26", "level")


def _tally(round_: Round) -> tuple[Line, ...]:
    chosen = {option: [0] * LEVELS for option in round_.options}
    for ballot in round_.ballots.values():
        for option, mark in ballot.marks.items():
            chosen[option][level_of(mark) - 1] += 1
    numbers = {option: _numbers(tuple(counts), round_.parameters) for option, counts in chosen.items()}
    return ranked(round_.options, numbers, {option: _order(told) for option, told in numbers.items()})


def _numbers(counts: tuple[int, ...], terms: Mapping[str, int]) -> dict[str, int]:
    reading = read(counts, terms["strong"], terms["lukewarm"])
    told = {"reading": reading, "support": sum(counts[:SUPPORT]), "answers": sum(counts)}
    return {**told, **dict(zip(NAMES, counts, strict=True))}


def _order(told: Mapping[str, int]) -> tuple[int, Fraction]:
    """By the reading, then by the share who support it: the method itself puts nothing in order."""
    return told["reading"], Fraction(told["support"], max(1, told["answers"]))


def _sums(round_: Round, ballots: Iterable[Ballot]) -> Sums:
    return {"levels": sum(len(ballot.marks) for ballot in ballots)}


def _complete(round_: Round, marks: Mapping[str, int]) -> bool:
    return len(marks) == len(round_.options)


def _sensible(settings: BallotSettings) -> bool:
    strong, lukewarm = own(settings, NAME, STRONG_FROM), own(settings, NAME, LUKEWARM_OVER)
    return STRONG_FROM.numbers.holds(strong) and 0 <= lukewarm < strong


def _bar(terms: Mapping[str, int], result: Result, line: Line) -> tuple[int, int]:
    return line.numbers["support"], max(1, line.numbers["answers"])


def _first(result: Result) -> tuple[str, ...]:
    """What the room supports, strongly or at least lukewarmly, before all else."""
    return tuple(x.option for x in result.lines if x.rank == 1 and x.numbers["reading"] >= LUKEWARM)


def _divides(terms: Mapping[str, int], result: Result, line: Line) -> bool:
    """A quarter or more support it, and a quarter or more are against, of five people at least."""
    counts = counts_of(line.numbers)
    for_it, against, people = sum(counts[:SUPPORT]), sum(counts[AGAINST - 1 :]), sum(counts)
    return people >= LEAST_PARTED and 4 * for_it >= people and 4 * against >= people


def _picture(terms: Mapping[str, int], result: Result) -> Profiles:
    return Profiles({line.option: counts_of(line.numbers) for line in result.lines})


ON_PAPER: Final = Paper(
    N_("Mark for each proposal how far you agree. One that you leave without a mark is not counted there."),
    tuple(Circle(str(level), level_of(level)) for level in range(1, LEVELS + 1)),
    worded=True,
)


METHOD = Method(
    name=NAME,
    version=1,
    title=N_("Gradients of agreement"),
    terms=_terms,
    refuse=_refuse,
    tally=_tally,
    sums=_sums,
    settings=(STRONG_FROM, LUKEWARM_OVER),
    bar=_bar,
    first=_first,
    complete=_complete,
    sensible=_sensible,
    against=is_against,
    divides=_divides,
    picture=_picture,
    least=1,
    most=MOST,
    sheet="grades",
    serves=(
        Serves(
            "adopt",
            3,
            N_(
                "Everybody says how far they agree, and why not; a veto is heard. It shows what an adoption would rest on."
            ),
            least=1,
        ),
    ),
    paper=lambda terms: ON_PAPER,
    rules=RULES,
    refusals=REFUSALS,
    explained=Explained(
        N_("To adopt something, or to see first how far a room stands behind it."),
        N_(
            "Everybody says how far they agree, in eight levels from full agreement to a veto. The result shows how many chose each, and whether support is strong, lukewarm or not clear."
        ),
        N_(
            "A share does not say how strongly the others are against: read their reasons. It puts proposals in no order."
        ),
        N_(
            "Whoever chooses no level for a proposal is not counted there; abstention is a level, and counts. No level at all is a blank vote."
        ),
    ),
)
