"""The kinds of step: each is one module with its commands, facts, rules and folds.

Here stand the few moments at which the flow asks a kind to say something. A new kind adds its module, its
``Settings`` in ``state``, and, only if it needs one, a line below; it touches no other kind.
"""

from collections.abc import Callable

from forum.domain.kernel import Asked, Facts, Rejection, StepId
from forum.domain.state import State, Step
from forum.domain.steps import ballot, sort

ON_OPEN: dict[str, Callable[[State, Step, Asked], Facts | Rejection]] = {"ballot": ballot.on_open}
ON_DONE: dict[str, Callable[[State, Step, Asked], Facts | Rejection]] = {"ballot": ballot.on_done}
BEFORE_REVEAL: dict[str, Callable[..., Rejection | None]] = {"ballot": ballot.before_reveal}
REVEALS: dict[str, Callable[[State, Step], tuple[StepId, ...]]] = {"sort": sort.reveals}


def on_open(state: State, step: Step, asked: Asked) -> Facts | Rejection:
    """The facts that opening, or reopening, a step of this kind makes true besides the opening."""
    judge = ON_OPEN.get(step.kind)
    return judge(state, step, asked) if judge else ()


def on_done(state: State, step: Step, asked: Asked) -> Facts | Rejection:
    """The facts that saying "I am done" in a step of this kind makes true besides."""
    judge = ON_DONE.get(step.kind)
    return judge(state, step, asked) if judge else ()


def reveals(state: State, step: Step) -> tuple[StepId, ...]:
    """The boards that opening a step of this kind reveals: what is worked on must be seen."""
    named = REVEALS.get(step.kind)
    return named(state, step) if named else ()


def before_reveal(state: State, step: Step, *, knowing: bool) -> Rejection | None:
    """Why a step may not be revealed yet, by what its kind holds back; ``knowing``: that was said to the desk."""
    judge = BEFORE_REVEAL.get(step.kind)
    return judge(state, step, knowing=knowing) if judge else None


def may_promise(step: Step, least: int) -> Rejection | None:
    """Why a step may not promise to keep a result of fewer than ``least`` to itself."""
    return ballot.may_promise(step, least)


def shows_touched(state: State) -> bool:
    """Say whether what the last fact changed stands on the ballots that people hold now."""
    now = state.now
    round_ = state.round_of(now.id) if now and now.kind == "ballot" else None
    return round_ is not None and any(key.partition(":")[2] in round_.options for key in state.touched)
