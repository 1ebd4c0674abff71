"""The plan's numbers: which objectives stand under an axis, where an action stands, and its code. Pure queries.

An action's code is "axis.place" where the plan has axes and actions only (``depth``), or its axis no objective; else
"axis.objective.place", with 0 for those that serve none of its objectives, which come last. An operational objective serves
a strategic one: it orders the actions in it, and has no number in their codes. A link that leads nowhere, to another axis
or round in a circle is none, so that nothing drops out of the plan by a link.
"""

from collections import Counter
from collections.abc import Container, Mapping, Sequence
from typing import NamedTuple

from forum.domain.kernel import ActionId, AxisId, SheetId
from forum.domain.plan.reading import live_actions, live_axes
from forum.domain.plan.record import Action
from forum.domain.sheets import SCHEMAS, UNKNOWN
from forum.domain.sheets.ambition import ACTIONS
from forum.domain.sheets.objective import OBJECTIVE
from forum.domain.sheets.record import Sheet
from forum.domain.sheets.schema import THE_PLAN
from forum.domain.state import State
from forum.domain.touch import Touch


class Placed(NamedTuple):
    """An action in its axis."""

    action: Action
    axis: int  # the axis's number, from 1
    rank: int  # among all actions of its axis, from 1
    code: str
    strategic: Sheet | None = None  # the objectives that it serves
    operational: Sheet | None = None
    under: tuple[int, int] = (0, 0)  # the places of these, as ``Goal`` has them


def depth(state: State) -> str:
    """How deep the plan goes: one of ``ambition.DEPTHS``."""
    said = state.sheets.by_id.get(THE_PLAN)
    return str((said and said.fields.get("depth")) or ACTIONS)


def objectives(state: State) -> tuple[Sheet, ...]:
    """The objectives that stand, as they were written. Cost: all of them."""
    return written(state, OBJECTIVE.name)


def written(state: State, schema: str) -> tuple[Sheet, ...]:
    """The sheets of a schema that stand, wherever they were written, in that order. Cost: all of them."""
    made = (state.sheets.by_id[s] for s in state.sheets.of.get(schema, ()))
    return tuple(sheet for sheet in made if not sheet.removed)


class Goal(NamedTuple):
    """An objective in its axis."""

    sheet: Sheet
    axis: AxisId
    code: str  # "1.2", of an operational one "1.2.a"
    under: tuple[
        int, int
    ]  # its place, and below it that of an operational one: 0 is the strategic one itself


class Hung(NamedTuple):
    """How the objectives that stand hang together, each in the order in which they were written."""

    strategic: Mapping[str, Sequence[Sheet]]  # of an axis, by its id: the first has number 1
    serving: Mapping[SheetId, Sequence[Sheet]]  # the operational ones, by the strategic one that they serve
    served: Mapping[SheetId, Sheet]  # by an operational one: the strategic one


def hung(state: State) -> Hung:
    """Read it once for all of them. Cost: all objectives."""
    strategic: dict[str, list[Sheet]] = {}
    serving: dict[SheetId, list[Sheet]] = {}
    served: dict[SheetId, Sheet] = {}
    for one in objectives(state):
        above = _above(state, one)
        if above is None or _above(state, above):
            strategic.setdefault(_axis(one), []).append(one)
        else:
            served[one.id] = above
            serving.setdefault(above.id, []).append(one)
    return Hung(strategic, serving, served)


def goals(state: State) -> tuple[Goal, ...]:
    """The objectives that stand in the plan, in its order, where it is as deep as that. Cost: all objectives."""
    if depth(state) == ACTIONS:
        return ()
    found, made = hung(state), list[Goal]()
    for number, axis in enumerate(live_axes(state), 1):
        for n, goal in enumerate(found.strategic.get(axis.id, ()), 1):
            made.append(Goal(goal, axis.id, f"{number}.{n}", (n, 0)))
            made += (
                Goal(one, axis.id, below(f"{number}.{n}", k - 1), (n, k))
                for k, one in enumerate(found.serving.get(goal.id, ()), 1)
            )
    return tuple(made)


def below(code: str, place: int) -> str:
    """The code of an operational objective: "1.2.a" of the first."""
    letter = chr(ord("a") + place) if place < 26 else str(place + 1)
    return f"{code}.{letter}" if code else ""


def homeless(state: State, found: Hung) -> tuple[Sheet, ...]:
    """The strategic objectives that stand under no axis of the plan, as ``hung`` found them. Cost: all objectives."""
    there = {axis.id for axis in live_axes(state)}
    return tuple(o for o in objectives(state) if o.id not in found.served and _axis(o) not in there)


def coded(state: State, axis: AxisId) -> tuple[Placed, ...]:
    """The actions of an axis of the plan, in the order of their numbers. Cost: its actions, and all objectives."""
    number = next(n for n, one in enumerate(live_axes(state), 1) if one.id == axis)
    return _coded(state, axis, number, None if depth(state) == ACTIONS else hung(state))


def all_coded(state: State) -> tuple[Placed, ...]:
    """The actions of the plan, in its order. Cost: the plan."""
    objectives = None if depth(state) == ACTIONS else hung(state)
    axes = enumerate(live_axes(state), 1)
    return tuple(placed for n, axis in axes for placed in _coded(state, axis.id, n, objectives))


def _coded(state: State, axis: AxisId, number: int, objectives: Hung | None) -> tuple[Placed, ...]:
    """``objectives``: None where they place no action."""
    actions = live_actions(state, axis)
    goals = objectives.strategic.get(axis, ()) if objectives else ()
    if objectives is None or not goals:
        return tuple(Placed(action, number, n, f"{number}.{n}") for n, action in enumerate(actions, 1))
    under = {goal.id: n for n, goal in enumerate(goals, 1)}
    orders = {one.id: n for g in goals for n, one in enumerate(objectives.serving.get(g.id, ()), 1)}
    lines: list[tuple[int, int, Action, Sheet | None, Sheet | None]] = []
    for action in actions:
        aim = _objective(state, action)
        goal = objectives.served.get(aim.id, aim) if aim else None
        if aim is None or goal is None or goal.id not in under:
            lines.append((len(goals) + 1, 0, action, None, None))
        else:
            below = orders.get(aim.id, 0)
            lines.append((under[goal.id], below, action, goal, aim if below else None))
    lines.sort(key=lambda line: line[:2])
    placed: list[Placed] = []
    places: Counter[int] = Counter()
    for n, (group, below, action, goal, aim) in enumerate(lines, 1):
        places[group] += 1
        shown = group if goal else 0
        code = f"{number}.{shown}.{places[group]}"
        placed.append(Placed(action, number, n, code, goal, aim, (group, below)))
    return tuple(placed)


def placed(state: State, action: Action) -> Placed | None:
    """Where an action stands; None when it is no longer in the plan. Cost: as ``coded``."""
    if action.removed or state.plan.axes[action.axis].removed:
        return None
    return next(one for one in coded(state, action.axis) if one.action.id == action.id)


def renumbers(state: State, before: Sheet | None, now: Sheet) -> bool:
    """Say whether codes may have become others, when a sheet became another; ``state`` has it already."""
    names = [field.name for field in SCHEMAS.get(now.schema, UNKNOWN).fields if field.numbers]
    if not names or (depth(state) == ACTIONS and now.id != THE_PLAN):
        return False
    was = {name: before.fields.get(name) if before else None for name in names}
    came = before is not None and before.removed == now.removed
    return not came or any(now.fields.get(name) != was[name] for name in names)


def all_numbers(state: State) -> frozenset[str]:
    """What is touched when the plan's numbers may have become others. Cost: the plan, its objectives, the commitments."""
    axes = {Touch.axis(a) for a in state.plan.axis_order}
    goals = {Touch.sheet(o) for o in state.sheets.of.get(OBJECTIVE.name, ())}
    actions = {Touch.action(a) for a in state.plan.actions}
    return frozenset({Touch.PLAN, *axes, *goals, *actions, *promised(state, state.plan.actions)})


def promised(state: State, actions: Container[ActionId]) -> frozenset[str]:
    """What is touched where these actions are named beside what was promised for them: for everybody, and for whoever
    promised it. Cost: the commitments."""
    made = [c for c in state.commitments.by_id.values() if c.action in actions]
    return frozenset((*(Touch.commitment(c.id) for c in made), *(Touch.you(c.person) for c in made)))


def _objective(state: State, action: Action) -> Sheet | None:
    sheet = state.sheets.by_id.get(SheetId(action.id))
    return _linked(state, sheet, "objective") if sheet else None


def _above(state: State, objective: Sheet) -> Sheet | None:
    above = _linked(state, objective, "under")
    return None if above is None or above.id == objective.id else above


def _linked(state: State, sheet: Sheet, name: str) -> Sheet | None:
    linked = next(iter(sheet.fields.get(name, ())), "")
    found = state.sheets.by_id.get(SheetId(linked))
    return found if found and found.schema == OBJECTIVE.name and not found.removed else None


def _axis(objective: Sheet) -> str:
    return next(iter(objective.fields.get("axis", ())), "")
