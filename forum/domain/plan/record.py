"""The plan as the state holds it: the slice of ``State`` that ``folds`` alone changes."""

from typing import Literal

import msgspec
from immutables import Map

from forum.domain.kernel import NOBODY, ActionId, AxisId, IdeaId, Millis, PersonId, StepId, ThemeId


class Axis(msgspec.Struct, frozen=True):
    """An axis of the plan. Its number is its place in ``Plan.axis_order``, removed ones left out."""

    id: AxisId
    title: str
    rev: int
    themes: tuple[ThemeId, ...] = ()  # where it comes from
    removed: bool = False


class Offer(msgspec.Struct, frozen=True):
    """Somebody proposes themself for an action."""

    person: PersonId
    as_: Literal["pilot", "partner"]


class Action(msgspec.Struct, frozen=True):
    """One action of the plan."""

    id: ActionId
    axis: AxisId
    title: str
    at: Millis
    by: PersonId
    rev: int
    step: StepId = StepId("")  # in which it was made; "": between steps, or no fact tells
    description: str = ""
    pilot: PersonId = NOBODY
    partners: tuple[PersonId, ...] = ()
    offers: tuple[Offer, ...] = ()  # pilots who propose themselves, not yet chosen
    first_step: str = ""
    first_step_due: str = ""  # ISO date
    due: str = ""  # ISO date
    budget: str = ""  # one line, free
    ideas: tuple[IdeaId, ...] = ()  # where it comes from
    themes: tuple[ThemeId, ...] = ()
    removed: bool = False
    worded: int = 0  # fact that gave it its present words and days
    piloted: int = 0  # fact that said last who pilots it; 0: nobody did
    written_by: PersonId = NOBODY  # who made it


class Plan(msgspec.Struct, frozen=True):
    """The plan of a forum: its axes and their actions, removed ones too."""

    axes: Map[AxisId, Axis] = Map()
    axis_order: tuple[AxisId, ...] = ()
    actions: Map[ActionId, Action] = Map()
    action_order: Map[AxisId, tuple[ActionId, ...]] = Map()
