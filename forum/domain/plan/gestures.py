"""What of the plan can be undone, and when it can no longer be."""

from forum.domain.kernel import N_, Fact, Facts, Gesture
from forum.domain.plan.reading import live_actions, live_axes
from forum.domain.plan.words import (
    MAX_AXES,
    ActionEdited,
    ActionMade,
    ActionRemoved,
    ActionRestored,
    AxesOrdered,
    AxisMade,
    AxisRemoved,
    AxisRenamed,
    AxisRestored,
    PilotChosen,
)
from forum.domain.state import State

Back = tuple[str, Facts]


def _axis_removed_back(state: State, fact: AxisRemoved) -> Back:
    return state.plan.axes[fact.axis].title, (AxisRestored(fact.axis),)


def _axis_goes(state: State, fact: AxisRemoved) -> bool:
    return not state.plan.axes[fact.axis].removed and not live_actions(state, fact.axis)


def _axis_comes_back(state: State, fact: AxisRestored) -> bool:
    return state.plan.axes[fact.axis].removed and len(live_axes(state)) < MAX_AXES


def _edited_back(state: State, fact: ActionEdited) -> Back:
    return state.plan.actions[fact.action].title, (ActionEdited(fact.action, fact.now, fact.was),)


def _still_so(state: State, fact: ActionEdited) -> bool:
    return all(getattr(state.plan.actions[fact.action], field) == value for field, value in fact.was.items())


def _action_removed_back(state: State, fact: ActionRemoved) -> Back:
    return state.plan.actions[fact.action].title, (ActionRestored(fact.action),)


def _action_comes_back(state: State, fact: ActionRestored) -> bool:
    action = state.plan.actions[fact.action]
    return action.removed and not state.plan.axes[action.axis].removed


def _pilot_back(state: State, fact: PilotChosen) -> Back:
    return state.plan.actions[fact.action].title, (PilotChosen(fact.action, fact.now, fact.was),)


GESTURES: dict[type[Fact], Gesture] = {
    AxisMade: Gesture(
        N_("made the axis"),
        lambda state, fact: (fact.title, (AxisRemoved(fact.axis),)),
        several=N_("made the axes"),
    ),
    AxisRenamed: Gesture(
        N_("renamed an axis"),
        lambda state, fact: (fact.was, (AxisRenamed(fact.axis, fact.now, fact.was),)),
        lambda state, fact: state.plan.axes[fact.axis].title == fact.was,
    ),
    AxesOrdered: Gesture(
        N_("moved an axis"),
        lambda state, fact: ("", (AxesOrdered(fact.now, fact.was),)),
        lambda state, fact: state.plan.axis_order == fact.was,
    ),
    AxisRemoved: Gesture(N_("removed an axis"), _axis_removed_back, _axis_goes),
    AxisRestored: Gesture("", fits=_axis_comes_back),
    ActionMade: Gesture(
        N_("wrote an action"), lambda state, fact: (fact.title, (ActionRemoved(fact.action),))
    ),
    ActionEdited: Gesture(N_("edited an action"), _edited_back, _still_so, besides=True),
    ActionRemoved: Gesture(
        N_("removed an action"),
        _action_removed_back,
        lambda state, fact: not state.plan.actions[fact.action].removed,
    ),
    ActionRestored: Gesture("", fits=_action_comes_back),
    PilotChosen: Gesture(
        N_("named a pilot"),
        _pilot_back,
        lambda state, fact: state.plan.actions[fact.action].pilot == fact.was,
    ),
}
