"""Raw material and results have different lives: when ballots and words are struck, and what is left of ballots. Pure.

A vote's result is recorded with its reveal (V12), and lives as long as the forum. The ballots it was counted from are raw
material. Some weeks after the reveal the package that keeps the journal (``forum.keeping``) strikes them by the same way by
which words are struck at their author's request. What is left of each is a ``BallotStruck``: that this voice voted.
Which words have no part in the plan, ``lasting`` tells.
"""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Final, Literal, NamedTuple

import msgspec
from immutables import Map

from forum.domain.again import STRUCK, NotTaken, Waits
from forum.domain.flow.words import StepRevealed
from forum.domain.keeping import is_over, last_day
from forum.domain.kept import BALLOT_DAYS, WORDS_DAYS
from forum.domain.kernel import (
    N_,
    Asked,
    Command,
    Fact,
    Facts,
    Part,
    Quiet,
    Record,
    Rejection,
    RoundId,
    Saw,
    StepId,
    at_desk,
)
from forum.domain.limits import Range
from forum.domain.state import State, change
from forum.domain.steps.ballot import (
    AllocatePoints,
    BlankCast,
    GiveMark,
    MarkGiven,
    PointsAllocated,
    RoundCounted,
    RoundOpened,
)
from forum.domain.steps.papers import PaperEntered
from forum.domain.steps.reason_facts import ReasonGiven, ReasonTakenBack
from forum.domain.steps.reasons import GiveReason
from forum.domain.steps.rounds import Ballot, Round, voter
from forum.domain.steps.voting import checksum, count, counting
from forum.domain.touch import Touch

RULES = {
    "K5": N_(
        "Ballots are struck for good once their time is over, 90 days after the result was shown unless the desk or the "
        "server says otherwise; the result stays as it was recorded, and can no longer be counted again."
    ),
    "K6": N_(
        "The words of a card are struck a year after they were written, unless the desk or the server says otherwise, if they "
        "neither lead to the plan nor stand in a result that was shown; so is the name of whoever has no part in the plan, a year after "
        "their last gesture. Links outlive words: what became of a card is told to whoever wrote it."
    ),
}
REFUSALS = {
    "term_range": N_(
        "Choose from {least} to {most} days for ballots, from {words_least} to {words_most} for words, then save it again."
    ),
}
FEWEST_DAYS: Final = 7  # time enough to check a receipt, and to count a vote again
MOST_DAYS: Final = 365
FEWEST_WORDS_DAYS: Final = 90
MOST_WORDS_DAYS: Final = 3 * 365
BALLOTS: Final = "ballots"
WORDS: Final = "words"
"""What a ``Redacted`` says that was not asked for: whose time was over."""
CASTING: Final = frozenset(command.__name__ for command in (GiveMark, AllocatePoints, GiveReason))


class SetTerms(Command, frozen=True):
    """Choose how long raw material is kept."""

    ballots: Annotated[int, Range(most=10_000, judged=True)]  # days after the reveal
    words: Annotated[int, Range(most=10_000, judged=True)] = 0  # days after they were written; 0: as it was


class TermsSet(Fact, frozen=True):
    ballots: int = BALLOT_DAYS
    words: int = WORDS_DAYS


class BallotStruck(Fact, frozen=True):
    """What is left of a fact by which somebody voted: that this voice did. Never added; it stands where the fact stood."""

    round: RoundId
    paper: str = ""  # it was of this paper, and no voice's


class Term(NamedTuple):
    """One vote's ballots, and how it stands with them."""

    round: Round
    is_: Literal["unrevealed", "kept", "struck"]
    until: str = ""  # ISO date after which they are struck; "" before the reveal


def terms_of(state: State) -> list[Term]:
    """Each vote that has ballots, in the order of the agenda: what becomes of them. Cost: rounds and ballots."""
    found = []
    for step in state.steps:
        for name in state.rounds.of_step.get(step.id, ()):
            round_ = state.rounds.by_id[name]
            if round_.ballots and counting(state, round_) is round_:
                found.append(_term(state, round_))
    return found


def ended(state: State, at: int) -> dict[RoundId, StepId]:
    """The rounds whose ballots' time is over at an instant, each with its step: those that went on in them, too (K5)."""
    found: dict[RoundId, StepId] = {}
    for round_ in state.rounds.by_id.values():
        revealed = counting(state, round_).revealed_at
        if revealed and is_ended(revealed, state.keeping.ballot_days, at):
            found[round_.id] = round_.step
    return found


def is_ended(since: int, days: int, at: int) -> bool:
    """Whether what was shown or written then is to be struck: its last day is over in every zone (K5, K6)."""
    return is_over(last_day(since, days), at)


def unrecorded(state: State, rounds: Iterable[RoundId]) -> Facts:
    """The results that a reveal of an earlier version did not record: they are, before the ballots go (V12)."""
    found = (state.rounds.by_id[name] for name in rounds)
    return tuple(
        RoundCounted(r.id, r.method, r.version, count(r), checksum(r))
        for r in found
        if r.revealed_at and not r.counted
    )


def left_of_ballots(
    facts: Iterable[tuple[int, Record]], rounds: Mapping[RoundId, StepId]
) -> dict[int, Record]:
    """What is left of the entries that hold, or stand for, what was given in these rounds; by number, others are not in it.

    The mark of whatever was refused, or changed nothing, while one of them went on goes too: it may stand for a vote.
    """
    left: dict[int, Record] = {}
    voting: set[StepId] = set()
    for seq, record in facts:
        fact = record.fact
        left_now: Fact = fact
        match fact:
            case RoundOpened() if fact.round in rounds:
                voting.add(fact.step)
            case StepRevealed():
                voting.discard(fact.step)
            case Waits() | NotTaken() if _is_vote_of(fact, record, rounds):
                left_now = msgspec.structs.replace(fact, body={STRUCK: True})
            case MarkGiven() | PointsAllocated() | BlankCast() | ReasonGiven() | ReasonTakenBack() if (
                fact.round in rounds
            ):
                left_now = BallotStruck(fact.round)
            case PaperEntered() if fact.round in rounds:
                left_now = BallotStruck(fact.round, fact.paper)
        unsaid = voting and record.mark and type(fact).__name__ in ("Refused", "Noted")
        if left_now is not fact or unsaid:
            left[seq] = msgspec.structs.replace(record, fact=left_now, salt="", mark="")
    return left


def _is_vote_of(fact: Waits | NotTaken, record: Record, rounds: Mapping[RoundId, StepId]) -> bool:
    """Whether this was given in one of these rounds, as far as it says; else in a vote all of which is over."""
    if fact.kind not in CASTING or STRUCK in fact.body:
        return False
    was = fact.was.round if isinstance(fact, Waits) else record.lost.round if record.lost else ""
    return was in rounds if was else fact.body.get("step") in rounds.values()


def _term(state: State, round_: Round) -> Term:
    if any(ballot.struck for ballot in round_.ballots.values()):
        return Term(round_, "struck")
    if not round_.revealed_at:
        return Term(round_, "unrevealed")
    return Term(round_, "kept", last_day(round_.revealed_at, state.keeping.ballot_days))


def set_terms(state: State, command: SetTerms, asked: Asked) -> Facts | Rejection:
    words = command.words or state.keeping.words_days
    fits = FEWEST_DAYS <= command.ballots <= MOST_DAYS and FEWEST_WORDS_DAYS <= words <= MOST_WORDS_DAYS
    if not fits:
        bounds = {"words_least": FEWEST_WORDS_DAYS, "words_most": MOST_WORDS_DAYS}
        return Rejection("K5", "term_range", {"least": FEWEST_DAYS, "most": MOST_DAYS, **bounds})
    if (command.ballots, words) == (state.keeping.ballot_days, state.keeping.words_days):
        return Rejection("K5", "already_so")
    return (TermsSet(command.ballots, words),)


def _terms_set(state: State, fact: TermsSet, record: Record) -> State:
    keeping = change(state.keeping, ballot_days=fact.ballots, words_days=fact.words)
    return change(state, keeping=keeping, touched=frozenset({Touch.KEPT}))


def _ballot_struck(state: State, fact: BallotStruck, record: Record) -> State:
    round_ = state.rounds.by_id[fact.round]
    ballot = Ballot(Map(), record.at, record.entered_by, state.seq, struck=True, paper=fact.paper)
    who = voter(fact.paper) if fact.paper else record.by
    after = change(round_, ballots=round_.ballots.set(who, ballot))
    rounds = change(state.rounds, by_id=state.rounds.by_id.set(fact.round, after))
    return change(state, rounds=rounds, touched=frozenset({Touch.you(who), Touch.VOTED}))


def _seen(state: State, command: Any, asked: Asked) -> int:
    return state.since.kept


PART = Part(
    judges={SetTerms: set_terms},
    folds={TermsSet: _terms_set, BallotStruck: _ballot_struck},
    rules=RULES,
    refusals=REFUSALS,
    plain=frozenset({SetTerms}),
    sees={SetTerms: Saw(_seen, N_("How long ballots and words are kept"))},
    aloud={
        TermsSet: at_desk(N_("The days after which ballots and words are struck have changed.")),
        BallotStruck: Quiet("it stands where a secret vote stood"),
    },
)
