"""The plan: how each command is judged, and which facts it makes."""

from itertools import count

from forum.domain import editing
from forum.domain.dates import parse_date, plan_days, within
from forum.domain.kernel import (
    NOBODY,
    ActionId,
    Asked,
    AxisId,
    Facts,
    Rejection,
    SheetId,
    StepId,
    ThemeId,
)
from forum.domain.plan.reading import live_actions, live_axes, writes
from forum.domain.plan.record import Action, Axis, Offer
from forum.domain.plan.sources import best_first, writing_step
from forum.domain.plan.words import (
    DATES,
    FIELDS,
    MAX_ACTIONS,
    MAX_AXES,
    ActionEdited,
    ActionMade,
    ActionRemoved,
    AxesOrdered,
    AxisMade,
    AxisRemoved,
    AxisRenamed,
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
from forum.domain.roles import KEEPS_PLAN
from forum.domain.state import State, takes
from forum.domain.steps.sorting import themes_of


def _axis(state: State, axis: AxisId) -> Axis | Rejection:
    found = state.plan.axes.get(axis)
    return Rejection("P1", "no_axis") if found is None or found.removed else found


def _action(state: State, action: ActionId) -> Action | Rejection:
    found = state.plan.actions.get(action)
    return Rejection("P1", "no_action") if found is None or found.removed else found


def _may_write(state: State, asked: Asked) -> Rejection | None:
    """The desk writes the plan at any time; participants while a sheet or pledge step is open."""
    if state.people.by_id[asked.by].role in KEEPS_PLAN:
        return None
    writing = any(s.settings.plans and takes(state, s, asked) for s in state.steps)
    return None if writing else Rejection("P1", "sheet_closed")


def make_axis(state: State, command: MakeAxis, asked: Asked) -> Facts | Rejection:
    if not command.title:
        return Rejection("P1", "title_missing")
    if command.axis in state.plan.axes:
        return Rejection("P1", "id_taken")
    if len(live_axes(state)) >= MAX_AXES:
        return Rejection("P1", "too_many_axes", {"limit": MAX_AXES})
    if any(t not in state.themes.by_id for t in command.themes):
        return Rejection("P1", "no_theme")
    return (AxisMade(command.axis, command.title, command.themes),)


def make_axes_from_themes(state: State, command: MakeAxesFromThemes, asked: Asked) -> Facts | Rejection:
    if command.chose and not command.themes:
        return Rejection("P1", "none_chosen")
    chosen = command.themes or best_first(state)
    if not chosen:
        return Rejection("P1", "no_themes")
    taken = {t for axis in live_axes(state) for t in axis.themes}
    fresh = [t for t in dict.fromkeys(chosen) if t in state.themes.by_id and t not in taken]
    room = MAX_AXES - len(live_axes(state))
    if not fresh:
        return Rejection("P1", "already_so")
    if command.themes and len(fresh) > room:
        return Rejection("P1", "too_many_axes", {"limit": MAX_AXES})
    made = tuple(AxisMade(_axis_id(state, t), state.themes.by_id[t].title, (t,)) for t in fresh[:room])
    return made or Rejection("P1", "too_many_axes", {"limit": MAX_AXES})


def _axis_id(state: State, theme: ThemeId) -> AxisId:
    """An id of its own, also when an earlier axis of the same theme was removed."""
    names = (AxisId(f"x-{theme}-{n}" if n else f"x-{theme}") for n in count())
    return next(name for name in names if name not in state.plan.axes)


def edit_axis(state: State, command: EditAxis, asked: Asked) -> Facts | Rejection:
    axis = _axis(state, command.axis)
    if isinstance(axis, Rejection):
        return axis
    if not command.title:
        return Rejection("P1", "title_missing")
    return (AxisRenamed(axis.id, axis.title, command.title),) if axis.title != command.title else ()


def move_axis(state: State, command: MoveAxis, asked: Asked) -> Facts | Rejection:
    axis = _axis(state, command.axis)
    if isinstance(axis, Rejection):
        return axis
    others = tuple(a for a in state.plan.axis_order if a != axis.id)
    at = others.index(command.before) if command.before in others else len(others)
    now = (*others[:at], axis.id, *others[at:])
    return (AxesOrdered(state.plan.axis_order, now),) if now != state.plan.axis_order else ()


def remove_axis(state: State, command: RemoveAxis, asked: Asked) -> Facts | Rejection:
    axis = _axis(state, command.axis)
    if isinstance(axis, Rejection):
        return axis
    return Rejection("P1", "axis_used") if live_actions(state, axis.id) else (AxisRemoved(axis.id),)


def make_action(state: State, command: MakeAction, asked: Asked) -> Facts | Rejection:
    refused = _may_write(state, asked)
    if refused:
        return refused
    axis = _axis(state, command.axis)
    if isinstance(axis, Rejection):
        return axis
    if not command.title:
        return Rejection("P1", "title_missing")
    if command.action in state.plan.actions:
        made_before = state.plan.actions[command.action]
        there = made_before.by == asked.who and (asked.was or made_before.title == command.title)
        return () if there else Rejection("P1", "id_taken")
    if SheetId(command.action) in state.sheets.by_id:  # one lies over an action under its id
        return Rejection("P1", "id_taken")
    if len(state.plan.actions) >= MAX_ACTIONS:
        return Rejection("P1", "too_many_actions", {"limit": MAX_ACTIONS})
    if any(i not in state.ideas.by_id for i in command.ideas):
        return Rejection("P1", "no_idea")
    themes = dict.fromkeys(
        (*axis.themes, *(t for i in command.ideas for t in themes_of(state, state.ideas.by_id[i])))
    )
    known = _dated(state, {f: v for f in ("first_step", "due") if (v := getattr(command, f))}, asked)
    if isinstance(known, Rejection):
        return known
    step = writing_step(state)
    made_in = step.id if step else StepId("")
    made = ActionMade(command.action, axis.id, command.title, command.ideas, tuple(themes), made_in)
    return (made, ActionEdited(command.action, dict.fromkeys(known, ""), known)) if known else (made,)


def _dated(state: State, given: dict[str, str], asked: Asked) -> dict[str, str] | Rejection:
    """The same fields with their days as they are kept, and none but those that a plan takes (P6)."""
    days = {field: parse_date(given[field]) for field in DATES if field in given}
    if None in days.values():
        return Rejection("P5", "bad_date")
    first, last = plan_days((step.opened_at for step in state.steps), asked.at)
    if not all(within(day, first, last) for day in days.values() if day):
        return Rejection("P6", "due_range", {"first": first.isoformat(), "limit": last.isoformat()})
    return given | {field: day or "" for field, day in days.items()}


def edit_action(state: State, command: EditAction, asked: Asked) -> Facts | Rejection:
    refused = _may_write(state, asked)
    if refused:
        return refused
    action = _action(state, command.action)
    if isinstance(action, Rejection):
        return action
    if not (state.people.by_id[asked.by].role in KEEPS_PLAN or writes(action, asked.who)):
        return Rejection("P7", "not_a_writer")
    if command.title == "":
        return Rejection("P1", "title_missing")
    if command.axis is not None and isinstance(_axis(state, command.axis), Rejection):
        return Rejection("P1", "no_axis")
    given = {f: v for f in FIELDS if (v := getattr(command, f)) is not None}
    for field in DATES:
        if field in given:
            day = parse_date(given[field])
            if day is None:
                return Rejection("P5", "bad_date")
            given[field] = day
    stands = {f: getattr(action, f) for f in FIELDS}
    now = editing.changed(given, command.was, stands)
    first, last = plan_days((step.opened_at for step in state.steps), asked.at)
    if not all(within(now[f], first, last) for f in DATES if now.get(f)):
        return Rejection("P6", "due_range", {"first": first.isoformat(), "limit": last.isoformat()})
    if not now:
        return ()
    other = editing.overwritten(now, command.was, stands, asked, lambda _: (action.by, action.rev))
    if other is not None:
        return Rejection("P4", "changed", {"person": other})
    return (ActionEdited(action.id, {f: stands[f] for f in now}, now),)


def remove_action(state: State, command: RemoveAction, asked: Asked) -> Facts | Rejection:
    action = _action(state, command.action)
    return action if isinstance(action, Rejection) else (ActionRemoved(action.id),)


def choose_pilot(state: State, command: ChoosePilot, asked: Asked) -> Facts | Rejection:
    action = _action(state, command.action)
    if isinstance(action, Rejection):
        return action
    if command.person and command.person not in state.people.by_id:
        return Rejection("P2", "no_person")
    return (PilotChosen(action.id, action.pilot, command.person),) if action.pilot != command.person else ()


def volunteer(state: State, command: Volunteer, asked: Asked) -> Facts | Rejection:
    refused = _may_write(state, asked)
    if refused:
        return refused
    action = _action(state, command.action)
    if isinstance(action, Rejection):
        return action
    already = (
        action.pilot if command.as_ == "pilot" else asked.who if asked.who in action.partners else NOBODY
    )
    offered = Offer(asked.who, command.as_) in action.offers
    return () if already == asked.who or offered else (Volunteered(action.id, asked.who, command.as_),)


def step_back(state: State, command: StepBack, asked: Asked) -> Facts | Rejection:
    action = _action(state, command.action)
    if isinstance(action, Rejection):
        return action
    return (SteppedBack(action.id, asked.who),)
