"""A kind of step as a value: what the flow, the pages and the exports ask of it. None of them asks its name."""

from collections.abc import Callable
from typing import NamedTuple

from forum.domain.kernel import Asked, Facts, Part, Rejection, StepId
from forum.domain.settings import KindSettings
from forum.domain.state import Shelf, State, Step


def _nothing(state: State, step: Step, given: object) -> Facts | Rejection:
    return ()


def _none_in_use(state: State, step: Step) -> frozenset[StepId]:
    return frozenset()


class Kind(NamedTuple):
    """One kind of step. What it takes and makes stands with its settings."""

    settings: type[KindSettings]
    title: str  # what the desk calls it
    part: Part = Part({}, {})  # its commands, facts, rules and refusals
    shelf: type[Shelf] = (
        Shelf  # what it keeps in ``State.shelves`` under its name, where that is nothing the state names
    )
    on_open: Callable[[State, Step, str], Facts | Rejection] = _nothing
    """What opening or reopening makes true besides; given: on which list a vote goes on (``flow.Choices``)."""
    on_done: Callable[[State, Step, Asked], Facts | Rejection] = _nothing
    """What saying "I am done" makes true besides."""
    before_reveal: Callable[[State, Step, bool], Rejection | None] = lambda state, step, knowing: None
    """Why it may not be revealed yet; given: whether that was said to the desk."""
    on_reveal: Callable[[State, Step], Facts] = lambda state, step: ()
    """What the reveal makes true besides."""
    in_use: Callable[[State, Step], frozenset[StepId]] = _none_in_use
    """The steps that it cannot leave out any more: something of theirs has a place in it (F8)."""
    sensible: Callable[[KindSettings], bool] = lambda settings: True
    """Whether a step with these settings can be drawn on a phone."""
    may_become: Callable[[Step, KindSettings], Rejection | None] = lambda step, settings: None
    """Why a step may not have these settings any more."""
    held: Callable[[State, Step], frozenset[str]] = lambda state, step: frozenset()
    """Ids of things that stand on what each person holds: when one changes, everybody's is drawn again."""
    drawn_with: Callable[[State, Step], frozenset[str]] = lambda state, step: frozenset()
    """Kinds of things, by their names in ``things``: when one changes, the step is drawn again for everybody."""
    called: Callable[[KindSettings], str] | None = None
    """What the desk calls a step with these settings, where that says more than ``title``."""
