"""Random cuts in results, for random histories."""

import random

from forum.domain.kernel import Command, StepId, Words
from forum.domain.steps.cutting import InsertRounds, KeepChoices
from forum.domain.steps.rounds import Round
from forum.domain.steps.voting import settings_of
from tests.scenes import Scene


def keeps(rng: random.Random, room: Scene, round_: Round, new: str) -> Command:
    """The first choices of a result are kept, one way or another, and taken back; now and then two rounds are put in."""
    step = room.state.step(round_.step)
    assert step is not None
    if rng.random() < 0.1:
        words, second = Words("Un tour", "A round"), rng.choice(["majority", "dots"])
        return InsertRounds(StepId(new), settings_of(step).over, "approval", second, words, words)
    how = rng.choice(["", "widened", "drawn", "runoff"])
    return KeepChoices(round_.step, rng.randint(0, len(round_.options)), how)  # type: ignore[arg-type]
