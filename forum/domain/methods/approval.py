"""Approval: each person approves as many choices as they like; V13."""

from collections.abc import Iterable, Mapping
from typing import Final

from forum.domain.kernel import N_, Rejection
from forum.domain.methods.method import MOST_CHOICES, Explained, Method, Serves, Sums, halves, ranked
from forum.domain.methods.papers import ticked
from forum.domain.settings import BallotSettings
from forum.domain.steps.rounds import Ballot, Line, Result, Round

RULES = {
    "V13": N_(
        "In a vote by approval everybody approves as many choices as they like, each once. The result shows how many "
        "approved each, and what share of those who voted; as many is a tie."
    ),
}
REFUSALS = {
    "once": N_("A choice is approved, once, or it is not. Reload the page, then vote again."),
}


def _terms(settings: BallotSettings, options: int) -> Mapping[str, int]:
    return {}


def _refuse(round_: Round, given: Ballot | None, key: str, mark: int) -> Rejection | None:
    return None if mark in (0, 1) else Rejection("V13", "once")


def _tally(round_: Round) -> tuple[Line, ...]:
    approvals = dict.fromkeys(round_.options, 0)
    for ballot in round_.ballots.values():
        for option in ballot.marks:
            approvals[option] += 1
    return ranked(round_.options, {o: {"approvals": n} for o, n in approvals.items()}, approvals)


def _sums(round_: Round, ballots: Iterable[Ballot]) -> Sums:
    return {"approvals": sum(len(ballot.marks) for ballot in ballots)}


def _divides(terms: Mapping[str, int], result: Result, line: Line) -> bool:
    return halves(line.score, result.voters)


ON_PAPER: Final = ticked(N_("Tick every choice that you approve: as many as you like."), 1)


METHOD = Method(
    name="approval",
    version=1,
    title=N_("Approval"),
    terms=_terms,
    refuse=_refuse,
    tally=_tally,
    sums=_sums,
    serves=(
        Serves(
            "narrow",
            MOST_CHOICES,
            N_("Everybody goes through the list once and says yes or nothing: quick, even where it is long."),
            least=13,
        ),
        Serves("narrow", 12, N_("Everybody says yes to whatever they can support; nobody counts points.")),
        Serves("feel", 12, N_("One tap a choice shows what the room could live with.")),
    ),
    divides=_divides,
    paper=lambda terms: ON_PAPER,
    rules=RULES,
    refusals=REFUSALS,
    explained=Explained(
        N_("To see what most could support, also in a long list."),
        N_("Everybody says yes to as many choices as they like. The yeses are counted."),
        N_("A weak yes counts as much as a strong one, and nobody can say no."),
        N_("As many yeses are a tie. No yes at all is a blank vote."),
    ),
)
