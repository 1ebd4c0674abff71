"""Quadratic voting: credits each, and so many votes on a choice cost their square; V43, V44.

Source: Lalley and Weyl, *Quadratic Voting: How Mechanism Design Can Radicalize Democracy*, AEA Papers and Proceedings 108 (2018);
credits that buy votes on several questions at once: Posner and Weyl, *Radical Markets* (2018), chapter 2.
"""

from collections.abc import Iterable, Mapping

from forum.domain.kernel import N_, Rejection
from forum.domain.limits import Range
from forum.domain.methods.method import Explained, Method, Setting, Sums, own, ranked
from forum.domain.methods.papers import Paper
from forum.domain.settings import BallotSettings
from forum.domain.steps.rounds import Ballot, Line, Result, Round

NAME = "quadratic"
RULES = {
    "V43": N_(
        "In a quadratic vote each person has the same credits. Votes on one choice cost their number times itself: 1, 4, 9, "
        "16. Nobody spends more than they have; votes against cost as much, where the desk allows them."
    ),
    "V44": N_(
        "The result of a quadratic vote adds up the votes on each choice, less those against. As many votes are a tie; beside "
        "them stand how many voted for it, and how many against."
    ),
}
REFUSALS = {
    "credits": N_("That costs {count} credits more than before, and you have {limit} left. Give fewer votes, or take some back elsewhere."),
    "against": N_("No votes against are given here. Give votes to what you prefer."),
}  # fmt: skip
CREDITS = Setting(
    "credits", N_("In a quadratic vote: how many credits per person"), Range(1, 400), otherwise=100
)
AGAINST = Setting("against", N_("And votes against a choice (0: no, 1: yes)"), Range(0, 1))  # fmt: skip


def cost(marks: Mapping[str, int]) -> int:
    """What these votes cost, in credits."""
    return sum(votes * votes for votes in marks.values())


def _terms(settings: BallotSettings, options: int) -> dict[str, int]:
    return {"credits": own(settings, NAME, CREDITS), "against": own(settings, NAME, AGAINST)}


def _refuse(round_: Round, given: Ballot | None, key: str, mark: int) -> Rejection | None:
    if mark < 0 and not round_.parameters["against"]:
        return Rejection("V43", "against")
    marks: Mapping[str, int] = given.marks if given else {}
    left, more = round_.parameters["credits"] - cost(marks), mark * mark - marks.get(key, 0) ** 2
    return Rejection("V43", "credits", {"count": more, "limit": left}) if more > left else None


def _tally(round_: Round) -> tuple[Line, ...]:
    votes = dict.fromkeys(round_.options, 0)
    supporters, opponents = votes.copy(), votes.copy()
    for ballot in round_.ballots.values():
        for option, given in ballot.marks.items():
            votes[option] += given
            (supporters if given > 0 else opponents)[option] += 1
    numbers = {
        o: {"votes": votes[o], "supporters": supporters[o], "opponents": opponents[o]} for o in round_.options
    }
    return ranked(round_.options, numbers, votes)


def _sums(round_: Round, ballots: Iterable[Ballot]) -> Sums:
    spent = [cost(ballot.marks) for ballot in ballots]
    credits_ = round_.parameters["credits"]
    held = credits_ * len(spent)
    return {"credits": credits_, "held": held, "spent": sum(spent), "unused": held - sum(spent)}


def _bar(terms: Mapping[str, int], result: Result, line: Line) -> tuple[int, int]:
    """Of the most votes for or against: a bar does not say which, the number beside it does."""
    return abs(line.score), max(1, *(abs(other.score) for other in result.lines))


def _first(result: Result) -> tuple[str, ...]:
    return tuple(line.option for line in result.lines if line.rank == 1 and line.score > 0)


def _complete(round_: Round, marks: Mapping[str, int]) -> bool:
    """Nothing is left that buys one vote more."""
    left = round_.parameters["credits"] - cost(marks)
    cheapest = min(abs(marks.get(option, 0)) for option in round_.options)
    return left < 2 * cheapest + 1


def _sensible(settings: BallotSettings) -> bool:
    return all(setting.numbers.holds(own(settings, NAME, setting)) for setting in (CREDITS, AGAINST))


def _paper(terms: Mapping[str, int]) -> Paper:
    if terms["against"]:
        how = N_(
            "Write how many votes you give each choice; with a minus, against it. Votes on one choice cost their number times "
            "itself: 1, 4, 9 … You have {credits} credits."
        )
        return Paper(how)
    how = N_(
        "Write how many votes you give each choice. Votes on one choice cost their number times itself: 1, 4, 9 … You have "
        "{credits} credits."
    )
    return Paper(how, numbers=Range())


METHOD = Method(
    name=NAME,
    version=1,
    title=N_("Quadratic vote"),
    terms=_terms,
    refuse=_refuse,
    tally=_tally,
    sums=_sums,
    settings=(CREDITS, AGAINST),
    bar=_bar,
    first=_first,
    complete=_complete,
    sensible=_sensible,
    paper=_paper,
    rules=RULES,
    refusals=REFUSALS,
    sheet="quadratic",
    explained=Explained(
        N_("To learn how much people want something, where a few want one thing very much."),
        N_(
            "Everybody has the same credits. Several votes on one choice cost their number times itself: 1, 4, 9. The votes are added up."
        ),
        N_("It is hard to feel, and people who agree beforehand buy more than those who do not."),
        N_("As many votes are a tie. Credits that are not spent are lost; no vote at all is a blank vote."),
    ),
)
