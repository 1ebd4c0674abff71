"""What became of reasons, as facts and as the state holds them (V28). ``reasons`` has the rules.

A reason stands as long as the mark that it is for is against: whoever gives another mark takes it back. That mark is the only fact
of it. One more would tell all who see numbers go up that there had been a reason, and in an archive without authors whose ballot
it belonged to. Journals of before have both, which comes to the same.
"""

from collections.abc import Iterator
from typing import NamedTuple

from immutables import Map

from forum.domain import methods
from forum.domain.kernel import Fact, PersonId, ReasonId, Record, RoundId
from forum.domain.state import State, change
from forum.domain.steps.rounds import Reason, Round
from forum.domain.touch import Touch


class ReasonGiven(Fact, frozen=True):
    """Somebody said why they are against; its words, too, in place of those before."""

    round: RoundId
    key: str
    id: ReasonId
    text: str


class ReasonTakenBack(Fact, frozen=True):
    """Its author does not say it any more, or is not against any more."""

    round: RoundId
    key: str
    id: ReasonId


class ReasonHidden(Fact, frozen=True):
    round: RoundId
    id: ReasonId
    reason: str


class ReasonRestored(Fact, frozen=True):
    round: RoundId
    id: ReasonId
    reason: str = ""  # the one it had been hidden for, so that undoing a restore can say it again


class Held(NamedTuple):
    """A reason, with where it stands."""

    person: PersonId
    key: str
    reason: Reason


def of_person(round_: Round, person: PersonId) -> Map[str, Reason]:
    """Why somebody is against, by key."""
    return round_.reasons.get(person, Map())


def all_of(round_: Round) -> Iterator[Held]:
    """Every reason of a round, those that are hidden or erased too. Cost: the reasons."""
    for person, theirs in round_.reasons.items():
        yield from (Held(person, key, reason) for key, reason in theirs.items())


def found(round_: Round, name: str) -> Held | None:
    """The reason with this id. Cost: the reasons."""
    return next((held for held in all_of(round_) if held.reason.id == name), None)


def without_reason(state: State, round_id: RoundId, person: PersonId, key: str, mark: int) -> State:
    """The state without the reason that somebody gave, where this mark of theirs is no longer against."""
    round_ = state.rounds.by_id[round_id]
    theirs, against = of_person(round_, person), methods.of(round_.method).against
    if key not in theirs or (against and against(mark)):
        return state
    return _with(state, round_id, person, theirs.delete(key), Touch.reason(key))


def reason_given(state: State, fact: ReasonGiven, record: Record) -> State:
    theirs = of_person(state.rounds.by_id[fact.round], record.by)
    was = record.lost.seq if record.lost else 0
    known = theirs.get(fact.key)
    said = Reason(fact.id, fact.text, state.seq, was)
    said = change(said, hidden=known.hidden, settled=known.settled) if known else said
    return _with(state, fact.round, record.by, theirs.set(fact.key, said), Touch.reason(fact.key))


def reason_taken_back(state: State, fact: ReasonTakenBack, record: Record) -> State:
    theirs = of_person(state.rounds.by_id[fact.round], record.by)
    left = theirs.delete(fact.key) if fact.key in theirs else theirs
    return _with(state, fact.round, record.by, left, Touch.reason(fact.key))


def reason_hidden(state: State, fact: ReasonHidden, record: Record) -> State:
    return _settled(state, fact.round, fact.id, fact.reason or "–")


def reason_restored(state: State, fact: ReasonRestored, record: Record) -> State:
    return _settled(state, fact.round, fact.id, "")


def _settled(state: State, round_id: RoundId, name: ReasonId, hidden: str) -> State:
    held = found(state.rounds.by_id[round_id], name)
    if held is None:  # its vote's ballots were struck, and it with them
        return change(state, touched=frozenset())
    theirs = of_person(state.rounds.by_id[round_id], held.person)
    theirs = theirs.set(held.key, change(held.reason, hidden=hidden, settled=state.seq))
    return _with(state, round_id, held.person, theirs, Touch.REASONS)


def _with(state: State, round_id: RoundId, person: PersonId, theirs: Map[str, Reason], touch: str) -> State:
    round_ = state.rounds.by_id[round_id]
    after = change(round_, reasons=round_.reasons.set(person, theirs))
    rounds = change(state.rounds, by_id=state.rounds.by_id.set(round_id, after))
    return change(state, rounds=rounds, touched=frozenset({Touch.you(person), touch}))
