"""Return on time invested: what a session or a day was worth to those who were there, from 1 to 5; V25.

Derby and Larsen, *Agile Retrospectives*, 2006. It feels the room; it decides nothing.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from forum.domain.kernel import N_, Rejection
from forum.domain.methods.grades import middle
from forum.domain.methods.method import Explained, Method, Serves, Sums, ranked
from forum.domain.methods.papers import Circle, Paper
from forum.domain.methods.pictures import Profiles
from forum.domain.settings import BallotSettings
from forum.domain.steps.rounds import Ballot, Line, Result, Round

NAME: Final = "roti"
RATINGS: Final = ("lost", "of_little_use", "fairly_useful", "useful", "very_useful")
"""What the marks 1, 2, 3 … are called."""
RULES = {
    "V25": N_(
        "In a vote on the return on time everybody says of each choice what it was worth to them, from 1 to 5. Who says "
        "nothing of one is not counted there. The result shows how many said what, and the middle; of an even number the "
        "lower of both. As high a middle is a tie."
    ),
}
REFUSALS = {"no_rating": N_("It goes from 1 to 5. Reload the page, then choose one of them.")}
MOST_RATED: Final = 40  # things of which people remember what they were worth to them


def _terms(settings: BallotSettings, options: int) -> Mapping[str, int]:
    return {}


def _refuse(round_: Round, given: Ballot | None, key: str, mark: int) -> Rejection | None:
    return None if 0 <= mark <= len(RATINGS) else Rejection("V25", "no_rating")


def _tally(round_: Round) -> tuple[Line, ...]:
    counts = {option: [0] * len(RATINGS) for option in round_.options}
    for ballot in round_.ballots.values():
        for option, mark in ballot.marks.items():
            if mark <= len(RATINGS):  # else a journal was forged: the second count says so
                counts[option][mark - 1] += 1
    middles = {option: middle(given) for option, given in counts.items()}
    numbers = {
        option: {"middle": middles[option], "people": sum(given)}
        | dict(zip(reversed(RATINGS), reversed(given), strict=True))
        for option, given in counts.items()
    }
    return ranked(round_.options, numbers, middles)


def _sums(round_: Round, ballots: Iterable[Ballot]) -> Sums:
    rated = [len(ballot.marks) for ballot in ballots if ballot.marks]
    choices = len(round_.options)
    return {
        "ballots": len(rated),
        "choices": choices,
        "said": sum(rated),
        "unsaid": choices * len(rated) - sum(rated),
    }


def _complete(round_: Round, marks: Mapping[str, int]) -> bool:
    return len(marks) == len(round_.options)


def _picture(terms: Mapping[str, int], result: Result) -> Profiles:
    return Profiles({x.option: tuple(x.numbers[name] for name in reversed(RATINGS)) for x in result.lines})


ON_PAPER: Final = Paper(
    N_("Mark for each what it was worth to you. What you leave without a mark is not counted there."),
    tuple(Circle(str(mark), mark) for mark in range(len(RATINGS), 0, -1)),
    worded=True,
)


METHOD = Method(
    name=NAME,
    version=1,
    title=N_("Return on time"),
    terms=_terms,
    refuse=_refuse,
    tally=_tally,
    sums=_sums,
    serves=(Serves("feel", 12, N_("Everybody says from 1 to 5 what the time was worth to them."), least=1),),
    complete=_complete,
    picture=_picture,
    most=MOST_RATED,
    least=1,
    sheet="grades",
    paper=lambda terms: ON_PAPER,
    rules=RULES,
    refusals=REFUSALS,
    explained=Explained(
        N_("To feel, at the end, what the time was worth to those who were there."),
        N_(
            "Everybody says from 1, time lost, to 5, very useful. The result shows how many said what, and the middle."
        ),
        N_(
            "It says how people feel, not why: ask them. A middle hides two camps; the bar beside it shows them."
        ),
        N_("Who says nothing of one thing is not counted there. As high a middle is a tie."),
    ),
)
