"""The kinds of step: each is one module with its commands, facts, rules and folds.

Here stand the few moments at which the flow asks a kind to say something. A new kind adds its module, its
``Settings`` in ``state``, and, only if it needs one, a line below; it touches no other kind.
"""

from collections.abc import Callable

from forum.domain.kernel import Asked, Facts, Rejection
from forum.domain.state import State, Step
from forum.domain.steps import ballot

ON_OPEN: dict[str, Callable[[State, Step, Asked], Facts | Rejection]] = {"ballot": ballot.on_open}
ON_DONE: dict[str, Callable[[State, Step, Asked], Facts]] = {"ballot": ballot.on_done}


def on_open(state: State, step: Step, asked: Asked) -> Facts | Rejection:
    """The facts that opening, or reopening, a step of this kind makes true besides the opening."""
    judge = ON_OPEN.get(step.kind)
    return judge(state, step, asked) if judge else ()


def on_done(state: State, step: Step, asked: Asked) -> Facts:
    """The facts that saying "I am done" in a step of this kind makes true besides."""
    judge = ON_DONE.get(step.kind)
    return judge(state, step, asked) if judge else ()
