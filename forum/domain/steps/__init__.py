"""The kinds of step: each is one module with its commands, facts, rules and folds, and says what it is by one value.

A new kind adds its module, its ``Settings``, and a line below; it touches no other kind.
"""

from typing import Final

from forum.domain.settings import tag
from forum.domain.state import State, Step
from forum.domain.steps import ballot, board, pledge, sheet, show, sort
from forum.domain.steps.kind import Kind
from forum.domain.things import THINGS

KINDS: Final[dict[str, Kind]] = {
    tag(kind.settings): kind
    for kind in (show.KIND, board.KIND, sort.KIND, ballot.KIND, sheet.KIND, pledge.KIND)
}
"""Every kind by its name, in the order in which the desk offers them."""


def of(step: Step) -> Kind:
    """The kind of a step."""
    return KINDS[step.kind]


def shows_touched(state: State) -> bool:
    """Say whether what the last fact changed stands on what people hold now, each their own."""
    now = state.now
    held = of(now).held(state, now) if now else frozenset()
    return bool(held) and any(
        word in THINGS and name in held for word, _, name in (key.partition(":") for key in state.touched)
    )
