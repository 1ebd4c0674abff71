"""A show of hands beside a vote: how many were raised for each choice, as the desk counted them. Never mixed with the ballots."""

from typing import Annotated

from forum.domain import saw
from forum.domain.kernel import (
    N_,
    Asked,
    Command,
    Fact,
    Facts,
    Gesture,
    Part,
    Quiet,
    Record,
    Rejection,
    RoundId,
    StepId,
)
from forum.domain.limits import Range
from forum.domain.state import State, change
from forum.domain.touch import Touch

HANDS = Range(0, 10_000)  # more than a hall holds
RULES = {
    "V55": N_(
        "The desk may note how many hands were raised for each choice, until the result is shown. Hands stand beside the ballots "
        "as a series of their own, and count for nothing in them."
    ),
}
REFUSALS = {
    "hands_shown": N_(
        "The result has been shown: hands that were raised after it would not stand beside it. Vote again for a new show of hands."
    ),
}


class NoteHands(Command, frozen=True):
    """So many hands were raised for a choice, in all. 0 takes it back."""

    step: StepId
    option: str
    hands: Annotated[int, HANDS]


class HandsNoted(Fact, frozen=True):
    round: RoundId
    option: str
    hands: int


def note_hands(state: State, command: NoteHands, asked: Asked) -> Facts | Rejection:
    round_ = state.rounds.latest(command.step)
    if round_ is None:
        return Rejection("F1", "no_step")
    if round_.revealed_at:
        return Rejection("V55", "hands_shown")
    if command.option not in round_.options:
        return Rejection("V7", "no_option")
    same = round_.hands.get(command.option, 0) == command.hands
    return () if same else (HandsNoted(round_.id, command.option, command.hands),)


def _noted(state: State, fact: HandsNoted, record: Record) -> State:
    round_ = state.rounds.by_id[fact.round]
    hands = round_.hands
    if fact.hands:
        hands = hands.set(fact.option, fact.hands)
    elif fact.option in hands:
        hands = hands.delete(fact.option)
    rounds = change(state.rounds, by_id=state.rounds.by_id.set(fact.round, change(round_, hands=hands)))
    return change(state, rounds=rounds, touched=frozenset({Touch.HANDS}))


def _back(state: State, fact: HandsNoted) -> tuple[str, Facts]:
    before = state.rounds.by_id[fact.round].hands.get(fact.option, 0)
    return str(fact.hands), (HandsNoted(fact.round, fact.option, before),)


def _stands(state: State, fact: HandsNoted) -> bool:
    """Whether its round is still the latest, and its result not shown."""
    round_ = state.rounds.by_id[fact.round]
    latest = state.rounds.latest(round_.step)
    return latest is not None and latest.id == fact.round and not round_.revealed_at


PART = Part(
    judges={NoteHands: note_hands},
    folds={HandsNoted: _noted},
    rules=RULES,
    refusals=REFUSALS,
    gestures={HandsNoted: Gesture(N_("noted a show of hands"), _back, _stands)},
    sees={NoteHands: saw.ROUND},
    aloud={HandsNoted: Quiet("the desk alone notes it, and says it aloud in the room")},
)
