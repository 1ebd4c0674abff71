"""The plan: axes from themes, actions from cards, each with a pilot, partners and a date.

Every action keeps the cards and themes it comes from. Gaps are shown, never filled in by themselves.
"""

from forum.domain.dates import parse_date, today, within
from forum.domain.kernel import Part
from forum.domain.plan import folds, judges
from forum.domain.plan.reading import gaps, live_actions, live_axes, plan_days
from forum.domain.plan.sources import best_first, offers
from forum.domain.plan.words import (
    DATES,
    FIELDS,
    MAX_ACTIONS,
    MAX_AXES,
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
    inverses={
        AxisMade: lambda state, fact: (fact.title, (AxisRemoved(fact.axis),)),
        AxisRenamed: lambda state, fact: (
            fact.was,
            (AxisRenamed(fact.axis, fact.now, fact.was),),
        ),
        AxesOrdered: lambda state, fact: ("", (AxesOrdered(fact.now, fact.was),)),
        AxisRemoved: lambda state, fact: (
            state.axes[fact.axis].title,
            (AxisRestored(fact.axis),),
        ),
        ActionMade: lambda state, fact: (fact.title, (ActionRemoved(fact.action),)),
        ActionEdited: lambda state, fact: (
            state.actions[fact.action].title,
            (ActionEdited(fact.action, fact.now, fact.was),),
        ),
        ActionRemoved: lambda state, fact: (
            state.actions[fact.action].title,
            (ActionRestored(fact.action),),
        ),
        PilotChosen: lambda state, fact: (
            state.actions[fact.action].title,
            (PilotChosen(fact.action, fact.now, fact.was),),
        ),
    },
    fits={
        AxisRemoved: lambda state, fact: (
            not state.axes[fact.axis].removed and not live_actions(state, fact.axis)
        ),
        AxisRestored: lambda state, fact: state.axes[fact.axis].removed and len(live_axes(state)) < MAX_AXES,
        AxisRenamed: lambda state, fact: state.axes[fact.axis].title == fact.was,
        AxesOrdered: lambda state, fact: state.axis_order == fact.was,
        ActionRemoved: lambda state, fact: not state.actions[fact.action].removed,
        ActionRestored: lambda state, fact: (
            state.actions[fact.action].removed and not state.axes[state.actions[fact.action].axis].removed
        ),
        ActionEdited: lambda state, fact: all(
            getattr(state.actions[fact.action], f) == v for f, v in fact.was.items()
        ),
        PilotChosen: lambda state, fact: state.actions[fact.action].pilot == fact.was,
    },
)

__all__ = [
    "DATES",
    "FIELDS",
    "MAX_ACTIONS",
    "MAX_AXES",
    "PART",
    "ActionEdited",
    "ActionMade",
    "ActionRemoved",
    "ActionRestored",
    "AxesOrdered",
    "AxisMade",
    "AxisRemoved",
    "AxisRenamed",
    "AxisRestored",
    "ChoosePilot",
    "EditAction",
    "EditAxis",
    "MakeAction",
    "MakeAxesFromThemes",
    "MakeAxis",
    "MoveAxis",
    "PilotChosen",
    "RemoveAction",
    "RemoveAxis",
    "StepBack",
    "SteppedBack",
    "Volunteer",
    "Volunteered",
    "best_first",
    "gaps",
    "live_actions",
    "live_axes",
    "offers",
    "parse_date",
    "plan_days",
    "today",
    "within",
]
