"""The kinds of step: each is one module with its commands, facts, rules and folds, and says what it is by one value.

A new kind adds its module, its ``Settings``, and a line below; it touches no other kind.
"""

from typing import Final

from forum.domain.settings import KindSettings, tag
from forum.domain.state import State, Step
from forum.domain.steps import ballot, board, pledge, proposal, sheet, show, sort
from forum.domain.steps.kind import Kind
from forum.domain.things import behind, touched

KINDS: Final[dict[str, Kind]] = {
    tag(kind.settings): kind
    for kind in (show.KIND, board.KIND, sort.KIND, ballot.KIND, sheet.KIND, pledge.KIND, proposal.KIND)
}
"""Every kind by its name, in the order in which the desk offers them."""


def of(step: Step) -> Kind:
    """The kind of a step."""
    return KINDS[step.kind]


def title(settings: KindSettings) -> str:
    """What the desk calls a step with these settings."""
    kind = KINDS[tag(settings)]
    return kind.called(settings) if kind.called else kind.title


def shows_touched(state: State) -> bool:
    """Say whether what the last fact changed stands on what people hold now, each their own, or in all that is drawn."""
    now = state.now
    if now is None:
        return False
    held, drawn_with = of(now).held(state, now), of(now).drawn_with(state, now)
    if not held and not drawn_with:
        return False
    changed = [key.partition(":") for key in state.touched]
    return any(
        (word in touched() and name in held) or (name and behind(state, word, name) in drawn_with)
        for word, _, name in changed
    )
