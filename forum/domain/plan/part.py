"""The plan: axes from themes, actions from cards, each with a pilot, partners and a date.

Every action keeps the cards and themes it comes from. Gaps are shown, never filled in by themselves.
"""

from collections.abc import Callable

from forum.domain import saw
from forum.domain.kernel import (
    N_,
    Absolute,
    Asked,
    Holds,
    Part,
    Quiet,
    Saw,
)
from forum.domain.plan import folds, judges
from forum.domain.plan.gestures import GESTURES
from forum.domain.plan.words import (
    DATES,
    REFUSALS,
    RULES,
    ActionEdited,
    ActionMade,
    ActionRemoved,
    ActionRestored,
    AxesOrdered,
    AxisMade,
    AxisRemoved,
    AxisRenamed,
    AxisRestored,
    ChoosePilot,
    EditAction,
    EditAxis,
    MakeAction,
    MakeAxesFromThemes,
    MakeAxis,
    MoveAxis,
    PilotChosen,
    RemoveAction,
    RemoveAxis,
    StepBack,
    SteppedBack,
    Volunteer,
    Volunteered,
)
from forum.domain.state import State


def _words(fact: ActionEdited, fields: dict[str, str]) -> dict[str, str]:
    """What an edited action holds but for ids and days."""
    return {name: text for name, text in fields.items() if name not in ("axis", *DATES)}


def _axis(state: State, command: EditAxis | RemoveAxis, asked: Asked) -> int:
    found = state.plan.axes.get(command.axis)
    return found.rev if found else 0


def _action(number: str) -> Callable[[State, RemoveAction | ChoosePilot | Volunteer, Asked], int]:
    """A number that an action keeps."""

    def last(state: State, command: RemoveAction | ChoosePilot | Volunteer, asked: Asked) -> int:
        found = state.plan.actions.get(command.action)
        return getattr(found, number) if found else 0

    return last


AXIS = Saw(_axis, N_("This axis"))

PART = Part(
    judges={
        MakeAxis: judges.make_axis,
        MakeAxesFromThemes: judges.make_axes_from_themes,
        EditAxis: judges.edit_axis,
        MoveAxis: judges.move_axis,
        RemoveAxis: judges.remove_axis,
        MakeAction: judges.make_action,
        EditAction: judges.edit_action,
        RemoveAction: judges.remove_action,
        ChoosePilot: judges.choose_pilot,
        Volunteer: judges.volunteer,
        StepBack: judges.step_back,
    },
    folds={
        AxisMade: folds.axis_made,
        AxisRenamed: folds.axis_renamed,
        AxesOrdered: folds.axes_ordered,
        AxisRemoved: folds.axis_removed,
        AxisRestored: folds.axis_restored,
        ActionMade: folds.action_made,
        ActionEdited: folds.action_edited,
        ActionRemoved: folds.action_removed,
        ActionRestored: folds.action_restored,
        PilotChosen: folds.pilot_chosen,
        Volunteered: folds.volunteered,
        SteppedBack: folds.stepped_back,
    },
    rules=RULES,
    refusals=REFUSALS,
    gestures=GESTURES,
    words={
        ActionMade: Holds(lambda f: f.action, ("title",), own=True),
        ActionEdited: Holds(lambda f: f.action, ("was", "now"), own=True, said=_words),
        AxisMade: Holds(lambda f: f.axis, ("title",)),
        AxisRenamed: Holds(lambda f: f.axis, ("was", "now")),
    },
    plain=frozenset({Volunteer, StepBack}),
    sees={
        MakeAxis: saw.ANEW,
        MakeAxesFromThemes: Absolute("makes an axis of each theme once, however often it is pressed"),
        EditAxis: AXIS,
        MoveAxis: Saw(lambda state, command, asked: state.since.axes, N_("The order of the axes")),
        RemoveAxis: AXIS,
        MakeAction: saw.ANEW,
        EditAction: Absolute("says what each field held when it was read (P4)"),
        RemoveAction: Saw(_action("rev"), N_("This action")),
        ChoosePilot: Saw(_action("piloted"), N_("The pilot of this action")),
        Volunteer: Saw(_action("worded"), N_("This action")),
        StepBack: saw.ONES_OWN,
    },
    aloud=dict.fromkeys(
        (Volunteered, SteppedBack, AxisRestored, ActionRestored),
        Quiet("the plan is read, line by line"),
    ),
)
