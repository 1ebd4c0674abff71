"""Dots: some points each, to share out; V3, V4, V6, V9."""

from collections.abc import Iterable, Mapping

from forum.domain.kernel import N_, Rejection
from forum.domain.limits import Range
from forum.domain.methods.method import Explained, Method, Serves, Setting, Sums, own, ranked
from forum.domain.methods.papers import Paper, ticked
from forum.domain.settings import BallotSettings
from forum.domain.steps.rounds import Ballot, Line, Round

NAME = "dots"
RULES = {
    "V3": N_(
        "Each person holds about a quarter as many points as there are options: at least 3, at most 10."
    ),
    "V4": N_(
        "At most a third of one’s points, rounded up, on one option; a point taken back can be given again."
    ),
    "V6": N_("The result shows points and distinct supporters; equal on both is a tie, shown as a tie."),
    "V9": N_(
        "The result says its sum: people × points = points given + points not used; every ballot counts once."
    ),
}
REFUSALS = {
    "budget": N_("You have {left} points left. Take some back elsewhere, then give them here."),
    "cap": N_("At most {limit} of your points on one choice. Give the others elsewhere."),
}
LEAST_POINTS, MOST_POINTS = 3, 10
DOTS = Range(0, 30)  # a person, where an organiser sets them: as many dots as a phone can show
POINTS = Setting(
    "points",
    N_("Where points are given: how many per person (0: according to the number of choices)"),
    DOTS,
    before="points",
)
CAP = Setting("cap", N_("And at most on one choice (0: a third)"), DOTS, before="cap")


def points_for(options: int) -> int:
    """V3: ``floor(n/4 + 1/2)`` within 3 … 10."""
    return max(LEAST_POINTS, min(MOST_POINTS, (options + 2) // 4))


def cap_for(points: int) -> int:
    """V4: a third of the points, rounded up."""
    return -(-points // 3)


def spent(ballot: Ballot) -> int:
    """How many points somebody gave."""
    return sum(ballot.marks.values())


def _terms(settings: BallotSettings, options: int) -> dict[str, int]:
    points = own(settings, NAME, POINTS) or points_for(options)
    return {"points": points, "cap": own(settings, NAME, CAP) or cap_for(points)}


def _refuse(round_: Round, given: Ballot | None, key: str, mark: int) -> Rejection | None:
    points, cap = round_.parameters["points"], round_.parameters["cap"]
    if not 0 <= mark <= cap:
        return Rejection("V4", "cap", {"limit": cap})
    marks: Mapping[str, int] = given.marks if given else {}
    already = sum(marks.values())
    elsewhere = already - marks.get(key, 0)
    return Rejection("V3", "budget", {"left": points - already}) if elsewhere + mark > points else None


def _tally(round_: Round) -> tuple[Line, ...]:
    points = dict.fromkeys(round_.options, 0)
    supporters = dict.fromkeys(round_.options, 0)
    for ballot in round_.ballots.values():
        for option, given in ballot.marks.items():
            points[option] += given
            supporters[option] += 1
    numbers = {o: {"points": points[o], "supporters": supporters[o]} for o in round_.options}
    return ranked(round_.options, numbers, {o: (points[o], supporters[o]) for o in round_.options})


def _sums(round_: Round, ballots: Iterable[Ballot]) -> Sums:
    given = [spent(ballot) for ballot in ballots]
    points = round_.parameters["points"]
    held = points * len(given)
    return {"points": points, "held": held, "given": sum(given), "unused": held - sum(given)}


def _complete(round_: Round, marks: Mapping[str, int]) -> bool:
    points, cap = round_.parameters["points"], round_.parameters["cap"]
    return sum(marks.values()) >= min(points, cap * len(round_.options))


def _sensible(settings: BallotSettings) -> bool:
    points, cap = own(settings, NAME, POINTS), own(settings, NAME, CAP)
    return 0 <= cap <= points <= DOTS.most if points else cap == 0


def _paper(terms: Mapping[str, int]) -> Paper:
    return ticked(
        N_(
            "You have {points} points to share out, at most {cap} on one choice. A box is a point; or write how many."
        ),
        terms["cap"],
    )


METHOD = Method(
    name=NAME,
    version=1,
    title=N_("Points"),
    terms=_terms,
    refuse=_refuse,
    tally=_tally,
    sums=_sums,
    serves=(
        Serves(
            "narrow",
            40,
            N_("Everybody weighs a few choices against each other; those that few care for drop out."),
        ),
    ),
    settings=(POINTS, CAP),
    complete=_complete,
    sensible=_sensible,
    paper=_paper,
    rules=RULES,
    refusals=REFUSALS,
    explained=Explained(
        N_("To narrow a long list: the room sees what many care for."),
        N_(
            "Everybody has the same number of points to share out, with a limit on one choice. Points are added up; how many people gave them stands beside."
        ),
        N_(
            "Choices that say nearly the same share their points, and a few people who agree can push one. It shows what attracts, not what is right."
        ),
        N_("As many points from as many people are a tie. No point at all is a blank vote."),
    ),
)
