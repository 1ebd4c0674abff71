"""Majority judgment: each choice gets a word, and the middle one counts; V20, V21, V22.

Balinski and Laraki, « Le jugement majoritaire : description détaillée », 2007 (hal-00243052); *Majority Judgment*, 2011.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from forum.domain.kernel import N_, Rejection
from forum.domain.limits import Range
from forum.domain.methods.grades import majority_value, middle
from forum.domain.methods.method import Explained, Method, Serves, Setting, Sums, own, ranked
from forum.domain.methods.papers import Paper, graded
from forum.domain.methods.pictures import Profiles
from forum.domain.settings import BallotSettings
from forum.domain.steps.rounds import Ballot, Line, Result, Round

NAME: Final = "majority"
GRADES: Final = ("reject", "insufficient", "acceptable", "fairly_good", "good", "very_good", "excellent")
"""What the marks 1, 2, 3 … are called."""
SCALES: Final = {7: (1, 2, 3, 4, 5, 6, 7), 5: (1, 2, 3, 5, 7)}
"""By how many words it has, its marks: a word has the same mark on both scales."""
RULES = {
    "V20": N_(
        "In a majority judgment everybody gives each choice a word of one scale. A choice that a ballot gives no word "
        "counts there as the lowest."
    ),
    "V21": N_(
        "The majority grade of a choice is its middle word; of an even number the lower of the two in the middle. Where it "
        "is the same, one such word is taken from each choice, and the next middle decides. As many of each word is a tie."
    ),
    "V22": N_(
        "The result says its sum: ballots × choices = words given + words not given. A blank ballot gives no choice a word."
    ),
}
REFUSALS = {"no_word": N_("This word is not on the ballot. Reload the page, then choose another.")}
WORDS = Setting("words", N_("In a majority judgment: words on the scale (7 or 5)"), Range(5, 7), otherwise=7)
MOST_GRADED: Final = 100  # choices, of which each has a count for each word in the fact of the result


def scale(terms: Mapping[str, int]) -> tuple[int, ...]:
    """The marks of this round, from the worst to the best."""
    return SCALES[terms["words"]]


def _terms(settings: BallotSettings, options: int) -> Mapping[str, int]:
    return {"words": own(settings, NAME, WORDS)}


def _refuse(round_: Round, given: Ballot | None, key: str, mark: int) -> Rejection | None:
    return None if mark in (0, *scale(round_.parameters)) else Rejection("V20", "no_word")


def _tally(round_: Round) -> tuple[Line, ...]:
    ballots = [ballot.marks for ballot in round_.ballots.values() if ballot.marks]
    counts = {option: [0] * len(GRADES) for option in round_.options}
    for marks in ballots:
        for option, mark in marks.items():
            if mark <= len(GRADES):  # else a journal was forged: the second count says so
                counts[option][mark - 1] += 1
    for given in counts.values():
        given[0] += len(ballots) - sum(given)  # V20
    numbers = {option: _told(given, scale(round_.parameters)) for option, given in counts.items()}
    return ranked(round_.options, numbers, {o: majority_value(given) for o, given in counts.items()})


def _told(counts: list[int], marks: tuple[int, ...]) -> dict[str, int]:
    grade = middle(counts)
    return {
        "grade": grade,
        "above": sum(counts[grade:]),
        "below": sum(counts[: max(0, grade - 1)]),
        **{GRADES[mark - 1]: counts[mark - 1] for mark in reversed(marks)},
    }


def _sums(round_: Round, ballots: Iterable[Ballot]) -> Sums:
    graded = [len(ballot.marks) for ballot in ballots if ballot.marks]
    choices = len(round_.options)
    words = choices * len(graded)
    return {
        "ballots": len(graded), "choices": choices, "words": words, "chosen": sum(graded), "silent": words - sum(graded),
    }  # fmt: skip


def _complete(round_: Round, marks: Mapping[str, int]) -> bool:
    return len(marks) == len(round_.options)


def _sensible(settings: BallotSettings) -> bool:
    return own(settings, NAME, WORDS) in SCALES


def _picture(terms: Mapping[str, int], result: Result) -> Profiles:
    best_first = [GRADES[mark - 1] for mark in reversed(scale(terms))]
    return Profiles({line.option: tuple(line.numbers[name] for name in best_first) for line in result.lines})


def _paper(terms: Mapping[str, int]) -> Paper:
    how = N_(
        "Mark one word for each choice. A choice without a mark counts as the lowest word, unless all are without one."
    )
    return Paper(how, graded(tuple(reversed(scale(terms)))), worded=True)


METHOD = Method(
    name=NAME,
    version=1,
    title=N_("Majority judgment"),
    terms=_terms,
    refuse=_refuse,
    tally=_tally,
    sums=_sums,
    serves=(
        Serves(
            "rank",
            20,
            N_(
                "Each choice is judged for itself, in words that all understand; similar choices do not harm each other."
            ),
        ),
    ),
    settings=(WORDS,),
    complete=_complete,
    sensible=_sensible,
    picture=_picture,
    most=MOST_GRADED,
    sheet="grades",
    paper=_paper,
    rules=RULES,
    refusals=REFUSALS,
    explained=Explained(
        N_("To put choices in order by how good the room finds each."),
        N_(
            "Everybody gives each choice a word, from excellent to reject. The word in the middle is the choice’s: half the room finds it at least so good."
        ),
        N_(
            "A choice that divides the room and one that nobody minds may get the same word; look at the whole profile."
        ),
        N_(
            "A choice to which one gives no word counts as the lowest, once one has given any. The same words from as many people are a tie."
        ),
    ),
)
