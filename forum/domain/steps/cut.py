"""The cut in a result: its first choices are kept, and what becomes of those that are tied at the limit. Readings of the state.

A tie is a result. Where the limit falls inside one, nothing parts the tied ones by order, name or id: the desk keeps all of
them, draws by lot with a recorded seed, or has the room vote among them alone. ``cutting`` has the command and its rules.
"""

from collections.abc import Iterable
from hashlib import sha256
from typing import Final, NamedTuple

from forum.domain import things
from forum.domain.choosing_how import FEW
from forum.domain.kernel import StepId
from forum.domain.state import State, Step
from forum.domain.steps.rounds import Kept, Result, Round

CLEAN, OPEN, WIDENED, DRAWN, RUNOFF = "clean", "open", "widened", "drawn", "runoff"
HOW: Final = (CLEAN, OPEN, WIDENED, DRAWN, RUNOFF)
"""How a cut went: between two ranks; inside a tie, and nobody has said what becomes of it; by keeping all the tied; by lot; by
a vote among them."""


class Cut(NamedTuple):
    """Where a limit falls in a result."""

    sure: tuple[str, ...]  # within it, whatever becomes of the tied
    tied: tuple[str, ...]  # at the limit; none where it falls between two ranks
    places: int  # that are left for these


class Settled(NamedTuple):
    """What a cut has come to by now."""

    options: tuple[str, ...]  # kept, in the order of the result
    tied: tuple[str, ...]  # at the limit; none where it fell between two ranks
    places: int  # for which these were tied
    how: str
    waits: bool  # for what becomes of the tied
    seed: int
    runoff: StepId


def cut(result: Result, number: int) -> Cut:
    """Where keeping so many falls. Equals are parted by nothing."""
    ranks = [line.rank for line in result.lines]
    inside = {rank for rank in ranks if sum(r <= rank for r in ranks) <= number}
    sure = tuple(line.option for line in result.lines if line.rank in inside)
    if len(sure) >= min(number, len(ranks)):
        return Cut(sure, (), 0)
    limit = min(rank for rank in ranks if rank not in inside)
    return Cut(sure, tuple(o.option for o in result.lines if o.rank == limit), number - len(sure))


def parts_any(result: Result) -> bool:
    """Whether anybody gave anything: else no choice comes before another, and keeping some would be the desk's own choice."""
    return result.voters > result.blank


def usual(choices: int) -> int:
    """How many are kept of so many, where nobody has said: about a third, and never more than one weighs well."""
    return min(FEW, max(1, round(choices / 3)))


def drawn(tied: Iterable[str], places: int, seed: int) -> frozenset[str]:
    """Whom the lot falls on: those whose hash with the seed is least. The order in which they stand changes nothing."""
    in_turn = sorted(tied, key=lambda option: sha256(f"{seed} {option}".encode()).hexdigest())
    return frozenset(in_turn[:places])


def settled(state: State, round_: Round | None) -> Settled | None:
    """What the cut in a round's result has come to; None where none was made."""
    kept = round_.kept if round_ else None
    if kept is None:
        return None
    places = kept.number - len([o for o in kept.options if o not in kept.tied]) if kept.tied else 0
    options, waits = kept.options, kept.how == OPEN
    if kept.how == RUNOFF:
        decided = _decided(state, kept, places)
        options, waits = (*options, *(decided or ())), decided is None
    return Settled(options, kept.tied, places, kept.how, waits, kept.seed, kept.runoff)


def _decided(state: State, kept: Kept, places: int) -> tuple[str, ...] | None:
    """Which of the tied a run-off has kept: by its own cut, else by its result where that parts them. None: not decided."""
    after = revealed(state, kept.runoff)
    if after is None or after.counted is None:
        return None
    own = settled(state, after)
    if own is not None:
        return None if own.waits else own.options
    found = cut(after.counted.result, places)
    return None if found.tied else found.sure


def revealed(state: State, step: StepId) -> Round | None:
    """The last round of a step whose result was shown."""
    rounds = (state.rounds.by_id[r] for r in reversed(state.rounds.of_step.get(step, ())))
    return next((round_ for round_ in rounds if round_.revealed_at), None)


def asked_by(state: State, step: StepId) -> Round | None:
    """The round among whose tied a step is the run-off; None where it is none. Cost: the votes of the agenda."""
    return next((r for r in state.rounds.by_id.values() if r.kept and r.kept.runoff == step), None)


def places_in(state: State, step: StepId) -> int:
    """How many places a run-off decides; 0 where the step is none."""
    asking = settled(state, asked_by(state, step))
    return asking.places if asking else 0


def given(state: State, step: Step, of: Iterable[StepId]) -> tuple[str, ...]:
    """What a vote among the kept is over: what these votes kept, or, of a run-off, those who are tied; each once."""
    asking = asked_by(state, step.id)
    found = (
        asking.kept.tied
        if asking and asking.kept
        else tuple(o for one in of for o in _kept_in(state, one) or ())
    )
    return tuple(dict.fromkeys(o for o in found if things.stands(state, step.settings.takes, o)))


def _kept_in(state: State, step: StepId) -> tuple[str, ...] | None:
    found = settled(state, revealed(state, step))
    return None if found is None or found.waits else found.options


def used(state: State, round_: Round) -> Step | None:
    """The step that goes by the cut in a round's result, so that this stays as it is: a vote among the kept, or a run-off, that is
    open or has shown its result."""
    return next((s for s in state.steps if _goes_by(s, round_) and (s.phase == "open" or s.revealed)), None)


def _goes_by(step: Step, round_: Round) -> bool:
    return step.settings.from_kept and step.opened_at >= round_.revealed_at and round_.step in (step.of or ())
