"""One voice, one ballot: what another phone gives with a voice that was handed on replaces what was given before (V14).

The facts name the ballot that goes, so that whoever counts a journal need not know whose voice is whose.
"""

from forum.domain.kernel import N_, NOBODY, Fact, Facts, PersonId, Record, RoundId
from forum.domain.kin import kin_of
from forum.domain.state import State, change
from forum.domain.steps.rounds import Round
from forum.domain.touch import Touch

RULES = {
    "V14": N_(
        "One voice counts once: what a new phone gives in an open vote replaces, whole, what the phone before it gave; until"
        " then that counts, and in a closed vote nothing changes."
    ),
}


class BallotReplaced(Fact, frozen=True):
    """This ballot counts no more: who has its voice now has given their own."""

    round: RoundId
    person: PersonId  # whose it was


class BallotRestored(Fact, frozen=True):
    """A voice came back to its owner: their own ballot counts again, if they gave one, and the other's no more."""

    round: RoundId
    person: PersonId
    of: PersonId


def replaced(state: State, round_: Round, person: PersonId) -> Facts:
    """What the first thing that somebody gives in a round makes true besides: the ballot of before counts no more."""
    if not state.people.kin or person in round_.ballots:
        return ()
    return tuple(
        BallotReplaced(round_.id, other) for other in kin_of(state, person) if other in round_.ballots
    )


def ballot_replaced(state: State, fact: BallotReplaced, record: Record) -> State:
    return _instead(state, fact.round, fact.person, NOBODY)


def ballot_restored(state: State, fact: BallotRestored, record: Record) -> State:
    return _instead(state, fact.round, fact.of, fact.person)


def _instead(state: State, round_id: RoundId, gone: PersonId, back: PersonId) -> State:
    """The state in which one ballot is put aside, and another one that was counts again."""
    round_ = state.rounds.by_id[round_id]
    ballots, aside = round_.ballots, round_.aside
    if gone in ballots:
        aside, ballots = aside.set(gone, ballots[gone]), ballots.delete(gone)
    if back in aside:
        ballots, aside = ballots.set(back, aside[back]), aside.delete(back)
    after = change(round_, ballots=ballots, aside=aside)
    touched = {Touch.you(gone), Touch.VOTED, *((Touch.you(back),) if back else ())}
    rounds = change(state.rounds, by_id=state.rounds.by_id.set(round_id, after))
    if not round_.closed_at:
        return change(state, rounds=rounds, touched=frozenset(touched))
    # it came again after the close (O11): all pages say there how many have voted
    return change(state, rounds=rounds, touched=frozenset({*touched, Touch.SCENE}), scene=state.seq)
