"""Sheets of the plan on every surface: its axes and the actions under them."""

from collections.abc import Iterator
from typing import Any

from forum.domain.kernel import ActionId, AxisId
from forum.domain.person import Person
from forum.domain.plan.numbers import Placed, coded, goals, placed
from forum.domain.plan.reading import gaps, live_axes, part_in, writes
from forum.domain.plan.record import Axis
from forum.domain.plan.sources import best_first, come_from
from forum.domain.state import State, Step
from forum.domain.steps.board import seen
from forum.domain.touch import Touch
from forum.fragments.kinds import planning
from forum.fragments.kinds.board import MOST_CARDS
from forum.fragments.kinds.face import Draw, PhoneFace, ScreenFace
from forum.fragments.kinds.planning import all_actions
from forum.fragments.surface import Affects, Slot, View, order


def _axis_number(state: State, name: str) -> int | None:
    axis = state.plan.axes.get(AxisId(name))
    return None if axis is None or axis.removed else live_axes(state).index(axis) + 1


# The phone


def _act(view: View, step: Step, name: str) -> Slot:
    return Slot("root", "30", "phone/sheet.html", {"step": step})


def _axis(view: View, step: Step, name: str) -> Slot | None:
    number = _axis_number(view.state, name)
    if number is None:
        return None
    axis = view.state.plan.axes[AxisId(name)]
    args = {
        "axis": axis,
        "number": number,
        "themes": come_from(view.state, axis),
        "open": step.phase == "open",
        "step": step,
        "cards": _cards(view.state, axis) if step.settings.takes == "theme" else (),
    }
    return Slot("axes", order(number), "phone/axis.html", args)


def _cards(state: State, axis: Axis) -> tuple[str, ...]:
    """The texts of the cards from which an axis was made; what changes them draws everything anew (``Kind.held``)."""
    cards = (state.ideas.by_id[i] for theme in come_from(state, axis) for i in theme.ideas)
    return tuple(card.text for card in cards if seen(state, card))[:MOST_CARDS]


def _action(view: View, step: Step, name: str) -> Slot | None:
    action = view.state.plan.actions.get(ActionId(name))
    where = placed(view.state, action) if action else None
    if action is None or where is None:
        return None
    args = {
        "action": action,
        "number": where.code,
        "gaps": gaps(action),
        "open": step.phase == "open",
        "beside": False,
    }
    return Slot(f"actions-{action.axis}", _below(where), "phone/action.html", args)


def _below(where: Placed) -> str:
    """An action stands below the objective that it serves."""
    return f"{_under(where.under)}.{where.rank:06}"


def _under(places: tuple[int, int]) -> str:
    return "{:04}.{:04}".format(*places)


def _goal(template: str) -> Draw:
    """An objective above its actions; where it goes, everything of the plan is touched (``all_numbers``)."""

    def drawn(view: View, step: Step, name: str) -> Slot | None:
        found = next((one for one in goals(view.state) if one.sheet.id == name), None)
        if found is None:
            return None
        args = {
            "number": found.code,
            "title": found.sheet.fields.get("title", ""),
            "below": bool(found.under[1]),
        }
        return Slot(f"actions-{found.axis}", _under(found.under), template, args)

    return drawn


def _loose(template: str) -> Draw:
    """Above the actions of an axis that serve none of its objectives."""

    def drawn(view: View, step: Step, name: str) -> Slot | None:
        if not any(goal.axis == name for goal in goals(view.state)):
            return None
        first = next((one for one in coded(view.state, AxisId(name)) if one.strategic is None), None)
        args = {"number": "", "title": "", "below": False}
        return Slot(f"actions-{name}", _under(first.under), template, args) if first else None

    return drawn


def _keys(view: View, step: Step) -> Iterator[str]:
    made = goals(view.state)
    yield from (f"axis-{axis.id}" for axis in live_axes(view.state))
    yield from (f"goal-{goal.sheet.id}" for goal in made)
    yield from (f"loose-{axis}" for axis in dict.fromkeys(goal.axis for goal in made))
    yield from (f"action-{action.id}" for action in all_actions(view.state))


def _my_keys(view: View, step: Step, me: Person) -> Iterator[str]:
    for action in all_actions(view.state):
        if part_in(action, me.id):
            yield f"my-part-{action.id}"
        if step.phase == "open" and writes(action, me.id):
            yield f"my-edit-{action.id}"


def _my_part(view: View, step: Step, me: Person, name: str) -> Slot | None:
    action = view.state.plan.actions.get(ActionId(name))
    part = part_in(action, me.id) if action and placed(view.state, action) else ""
    if not part:
        return None
    # A partner may stay without a name; who pilots is asked for it, before the desk says who it is.
    pilots, named = part in ("pilot", "offer"), bool(view.own_name(me.id))
    args = {
        "action": name,
        "part": part,
        "open": step.phase == "open",
        "named": named and part != "thanked",  # as every document of the plan has it
        "unnamed": pilots and not named,
    }
    return Slot(f"part-{name}", "", "phone/my-part.html", args)


def _my_edit(view: View, step: Step, me: Person, name: str) -> Slot | None:
    """Correcting an action, for its writers (P7)."""
    action = view.state.plan.actions.get(ActionId(name))
    there = step.phase == "open" and action and writes(action, me.id) and placed(view.state, action)
    return Slot(f"edit-{name}", "", "phone/my-edit.html", {"action": action}) if there else None


_AXES_AND_ACTIONS: Affects = {
    "axis": lambda axis: (f"axis-{axis}", f"loose-{axis}"),
    "action": lambda action: (f"action-{action}",),
    "sheet": lambda sheet: (f"goal-{sheet}",),
}

PHONE = PhoneFace(
    asks=lambda state, step: bool(live_axes(state)),
    keys=_keys,
    slots={
        "act": _act,
        "axis": _axis,
        "goal": _goal("phone/goal.html"),
        "loose": _loose("phone/goal.html"),
        "action": _action,
    },
    affects=_AXES_AND_ACTIONS,
    my_keys=_my_keys,
    my_slots={"part": _my_part, "edit": _my_edit},
    my_affects={"action": lambda action: (f"my-part-{action}", f"my-edit-{action}")},
)


# The wall


def _stage(view: View, step: Step, name: str) -> Slot:
    """Before there are axes, the themes from which they are chosen."""
    axes = len(live_axes(view.state))
    themes = () if axes else tuple(view.state.themes.by_id[theme] for theme in best_first(view.state))
    return Slot("root", "30", "screen/sheet.html", {"step": step, "axes": axes, "themes": themes})


def _axis_on_screen(view: View, step: Step, name: str) -> Slot | None:
    number = _axis_number(view.state, name)
    if number is None:
        return None
    axis = view.state.plan.axes[AxisId(name)]
    args = {"axis": axis, "number": number, "themes": come_from(view.state, axis)}
    return Slot("axes", order(number), "screen/axis.html", args)


def _action_on_screen(view: View, step: Step, name: str) -> Slot | None:
    action = view.state.plan.actions.get(ActionId(name))
    where = placed(view.state, action) if action else None
    if action is None or where is None:
        return None
    args = {"action": action, "number": where.code, "gaps": gaps(action)}
    return Slot(f"actions-{action.axis}", _below(where), "screen/action.html", args)


def _tally(view: View, step: Step) -> tuple[str, dict[str, Any]]:
    actions = list(all_actions(view.state))
    return "screen/tally-sheet.html", {"number": len(actions), "unpiloted": sum(not a.pilot for a in actions)}


def _things(view: View, step: Step) -> int:
    axes = len(live_axes(view.state)) or len(best_first(view.state))
    return axes + len(goals(view.state)) + len(list(all_actions(view.state)))


SCREEN = ScreenFace(
    keys=_keys,
    slots={
        "stage": _stage,
        "axis": _axis_on_screen,
        "goal": _goal("screen/goal.html"),
        "loose": _loose("screen/goal.html"),
        "action": _action_on_screen,
    },
    affects={
        Touch.PLAN: lambda _: ("stage", "tally"),
        **{word: lambda _: ("stage",) for word in (Touch.THEMES, Touch.AGENDA, "theme")},
        **_AXES_AND_ACTIONS,
    },
    things=_things,
    tally=_tally,
)
DESK = planning.DESK._replace(counted_in="desk/counts-sheet.html")
