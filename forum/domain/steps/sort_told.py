"""What one gesture of a sort did, read from the facts that would take it back. Pure; hides how such a gesture is put together.

A gesture may be several facts: a merge moves cards and removes a theme. What it was is none of them alone.
"""

from collections.abc import Iterable
from typing import NamedTuple

from forum.domain.kernel import ThemeId
from forum.domain.steps.sort_facts import IdeasMoved, ThemeRemoved, ThemeRestored


class Sorted(NamedTuple):
    """Cards that were moved together."""

    cards: int
    into: ThemeId | None  # where all of them went; None: out of their themes, or not all to one
    made: bool  # for them
    gone: ThemeId | None  # the theme that went with it: merged into the other, or taken apart
    astray: bool  # not all to one place


def told(inverse: Iterable[object]) -> Sorted | None:
    """What was done, where cards were moved; ``inverse``: the facts of the undo."""
    facts = tuple(inverse)
    moves = [move for fact in facts if isinstance(fact, IdeasMoved) for move in fact.moves]
    if not moves:
        return None
    to = {move.was for move in moves}
    gone = next((fact.theme for fact in facts if isinstance(fact, ThemeRestored)), None)
    made = any(isinstance(fact, ThemeRemoved) for fact in facts)
    one = len(to) == 1
    return Sorted(len(moves), next(iter(to)) if one else None, made, gone, astray=not one)
