"""The kinds of step: each is one module with its commands, facts, rules and folds.

Here stand the few moments at which the flow asks a kind to say something. A new kind adds its module, its
``Settings`` in ``state``, and, only if it needs one, a line below; it touches no other kind.
"""

from collections.abc import Callable

from forum.domain.kernel import Asked, Facts, Rejection, StepId
from forum.domain.state import State, Step
from forum.domain.steps import ballot, sort

ON_OPEN: dict[str, Callable[[State, Step, str], Facts | Rejection]] = {"ballot": ballot.on_open}
ON_DONE: dict[str, Callable[[State, Step, Asked], Facts | Rejection]] = {"ballot": ballot.on_done}
BEFORE_REVEAL: dict[str, Callable[..., Rejection | None]] = {"ballot": ballot.before_reveal}
IN_USE: dict[str, Callable[[State, Step], frozenset[StepId]]] = {"sort": sort.in_use}
FROZEN_WHILE_OPEN = frozenset({"ballot"})


def on_open(state: State, step: Step, choices: str) -> Facts | Rejection:
    """The facts that opening, or reopening, a step of this kind makes true besides the opening.

    choices   on which list a vote goes on, where what it is over has changed: same, new, "" = nobody has said
    """
    judge = ON_OPEN.get(step.kind)
    return judge(state, step, choices) if judge else ()


def on_done(state: State, step: Step, asked: Asked) -> Facts | Rejection:
    """The facts that saying "I am done" in a step of this kind makes true besides."""
    judge = ON_DONE.get(step.kind)
    return judge(state, step, asked) if judge else ()


def in_use(state: State, step: Step) -> frozenset[StepId]:
    """The steps that this one cannot leave out any more: something of theirs has a place in it."""
    named = IN_USE.get(step.kind)
    return named(state, step) if named else frozenset()


def takes_more(step: Step) -> bool:
    """Say whether what a step works on can change while it is open."""
    return step.kind not in FROZEN_WHILE_OPEN


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
