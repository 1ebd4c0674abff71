"""The plan: axes from themes, actions from cards, each with a pilot, partners and a date.

Every action keeps the cards and themes it comes from. Gaps are shown, never filled in by themselves.
"""

from datetime import date
from typing import Literal

from forum.domain.kernel import (
    N_,
    NOBODY,
    ActionId,
    Asked,
    AxisId,
    Command,
    Fact,
    Facts,
    IdeaId,
    Part,
    PersonId,
    Record,
    Rejection,
    ThemeId,
)
from forum.domain.roles import KEEPS_PLAN
from forum.domain.state import Action, Axis, Offer, State, Touch, change
from forum.domain.steps.ballot import result

RULES = {
    "P1": N_(
        "The plan has 1 to 9 axes; an axis remembers the themes it comes from, an action its cards and themes."
    ),
    "P2": N_("An action has one pilot; several may propose themselves, and the facilitator says who it is."),
    "P3": N_(
        "Nobody is made pilot or partner of an action without having proposed themself or been named in the room."
    ),
    "P4": N_("Whoever edits what another changed meanwhile is told so; nothing is overwritten in silence."),
    "P5": N_(
        "What is missing – pilot, date, first step – is shown as missing, on the board and in the plan."
    ),
}
REFUSALS = {
    "no_axis": N_("This axis is no longer in the plan. Look at the plan again."),
    "no_action": N_("This action is no longer in the plan. Look at the plan again."),
    "too_many_axes": N_("A plan has at most {limit} axes. Merge two of them first."),
    "axis_used": N_("This axis still has actions. Move or remove them first."),
    "sheet_closed": N_("Writing actions is not open now. Your text is kept here. Ask the facilitator."),
    "too_many_actions": N_("The plan already has {limit} actions. Remove one first."),
    "bad_date": N_("Write the date as day, month and year, for instance 31/01/2025."),
    "title_missing": N_("Give it a title first."),
    "no_themes": N_("There are no themes yet. Sort the cards first."),
}

MAX_AXES = 9
MAX_ACTIONS = 300
FIELDS = (
    "title",
    "description",
    "first_step",
    "first_step_due",
    "due",
    "budget",
    "axis",
)
DATES = ("first_step_due", "due")


class MakeAxis(Command, frozen=True):
    """Add an axis."""

    axis: AxisId
    title: str
    themes: tuple[ThemeId, ...] = ()


class MakeAxesFromThemes(Command, frozen=True):
    """Make one axis of each theme given, in this order; none given: of every theme, best result first."""

    themes: tuple[ThemeId, ...] = ()


class EditAxis(Command, frozen=True):
    """Give an axis another title."""

    axis: AxisId
    title: str


class MoveAxis(Command, frozen=True):
    """Put an axis before another one, or at the end; numbers follow."""

    axis: AxisId
    before: AxisId | None = None


class RemoveAxis(Command, frozen=True):
    """Take an axis without actions out of the plan."""

    axis: AxisId


class MakeAction(Command, frozen=True):
    """Write an action under an axis."""

    action: ActionId
    axis: AxisId
    title: str
    ideas: tuple[IdeaId, ...] = ()


class EditAction(Command, frozen=True):
    """Change fields of an action; what is not given stays, "" empties a field."""

    action: ActionId
    title: str | None = None
    description: str | None = None
    first_step: str | None = None
    first_step_due: str | None = None
    due: str | None = None
    budget: str | None = None
    axis: AxisId | None = None


class RemoveAction(Command, frozen=True):
    """Take an action out of the plan."""

    action: ActionId


class ChoosePilot(Command, frozen=True):
    """Say who pilots an action; nobody = none yet."""

    action: ActionId
    person: PersonId = NOBODY


class Volunteer(Command, frozen=True):
    """Propose myself for an action."""

    action: ActionId
    as_: Literal["pilot", "partner"]


class StepBack(Command, frozen=True):
    """I am neither pilot nor partner of this action after all."""

    action: ActionId


class AxisMade(Fact, frozen=True):
    axis: AxisId
    title: str
    themes: tuple[ThemeId, ...] = ()


class AxisRenamed(Fact, frozen=True):
    axis: AxisId
    was: str
    now: str


class AxesOrdered(Fact, frozen=True):
    was: tuple[AxisId, ...]
    now: tuple[AxisId, ...]


class AxisRemoved(Fact, frozen=True):
    axis: AxisId


class AxisRestored(Fact, frozen=True):
    axis: AxisId


class ActionMade(Fact, frozen=True):
    action: ActionId
    axis: AxisId
    title: str
    ideas: tuple[IdeaId, ...] = ()
    themes: tuple[ThemeId, ...] = ()


class ActionEdited(Fact, frozen=True):
    action: ActionId
    was: dict[str, str]
    now: dict[str, str]


class ActionRemoved(Fact, frozen=True):
    action: ActionId


class ActionRestored(Fact, frozen=True):
    action: ActionId


class PilotChosen(Fact, frozen=True):
    action: ActionId
    was: PersonId
    now: PersonId


class Volunteered(Fact, frozen=True):
    action: ActionId
    person: PersonId
    as_: Literal["pilot", "partner"]


class SteppedBack(Fact, frozen=True):
    action: ActionId
    person: PersonId


def live_axes(state: State) -> tuple[Axis, ...]:
    """The plan's axes in order; an axis's number is its place here, from 1."""
    return tuple(state.axes[a] for a in state.axis_order if not state.axes[a].removed)


def live_actions(state: State, axis: AxisId) -> tuple[Action, ...]:
    """An axis's actions in order; an action's code is ``axis.place``."""
    return tuple(state.actions[a] for a in state.action_order.get(axis, ()) if not state.actions[a].removed)


def gaps(action: Action) -> tuple[str, ...]:
    """What an action still lacks (P5), as field names: pilot, due, first_step."""
    missing = {
        "pilot": not action.pilot,
        "due": not action.due,
        "first_step": not action.first_step,
    }
    return tuple(name for name, lacks in missing.items() if lacks)


def parse_date(text: str) -> str | None:
    """An ISO date from ``2025-01-31`` or ``31/01/2025``; "" stays ""; None when it is no date."""
    text = text.strip()
    if not text:
        return ""
    if "/" in text:
        text = "-".join(reversed(text.split("/")))
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return None


def _axis(state: State, axis: AxisId) -> Axis | Rejection:
    found = state.axes.get(axis)
    return Rejection("P1", "no_axis") if found is None or found.removed else found


def _action(state: State, action: ActionId) -> Action | Rejection:
    found = state.actions.get(action)
    return Rejection("P1", "no_action") if found is None or found.removed else found


def _may_write(state: State, asked: Asked) -> Rejection | None:
    """The desk writes the plan at any time; participants while a sheet or pledge step is open."""
    if state.people[asked.by].role in KEEPS_PLAN:
        return None
    now = state.now
    writing = now is not None and now.kind in ("sheet", "pledge") and now.phase == "open"
    return None if writing else Rejection("P1", "sheet_closed")


def make_axis(state: State, command: MakeAxis, asked: Asked) -> Facts | Rejection:
    if not command.title:
        return Rejection("P1", "title_missing")
    if command.axis in state.axes:
        return Rejection("P1", "id_taken")
    if len(live_axes(state)) >= MAX_AXES:
        return Rejection("P1", "too_many_axes", {"limit": MAX_AXES})
    if any(t not in state.themes for t in command.themes):
        return Rejection("P1", "no_theme")
    return (AxisMade(command.axis, command.title, command.themes),)


def make_axes_from_themes(state: State, command: MakeAxesFromThemes, asked: Asked) -> Facts | Rejection:
    chosen = command.themes or _best_first(state)
    if not chosen:
        return Rejection("P1", "no_themes")
    taken = {t for axis in live_axes(state) for t in axis.themes}
    fresh = [t for t in dict.fromkeys(chosen) if t in state.themes and t not in taken]
    room = MAX_AXES - len(live_axes(state))
    if not fresh:
        return Rejection("P1", "already_so")
    if command.themes and len(fresh) > room:
        return Rejection("P1", "too_many_axes", {"limit": MAX_AXES})
    made = tuple(AxisMade(_axis_id(state, t), state.themes[t].title, (t,)) for t in fresh[:room])
    return made or Rejection("P1", "too_many_axes", {"limit": MAX_AXES})


def _axis_id(state: State, theme: ThemeId) -> AxisId:
    """An id of its own, also when an earlier axis of the same theme was removed."""
    names = (AxisId(f"x-{theme}" if not n else f"x-{theme}-{n}") for n in range(len(state.axes) + 1))
    return next(name for name in names if name not in state.axes)


def _best_first(state: State) -> tuple[ThemeId, ...]:
    """Every theme, in the order of the last revealed vote over themes; those without a result after."""
    order = tuple(t for t in state.theme_order if not state.themes[t].removed)
    for step in reversed(state.steps):
        counted = result(state.round_of(step.id))
        if counted and counted.lines[0].option in state.themes:
            ranked = [ThemeId(line.option) for line in counted.lines if line.option in order]
            return (*ranked, *(t for t in order if t not in ranked))
    return order


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
    others = tuple(a for a in state.axis_order if a != axis.id)
    at = others.index(command.before) if command.before in others else len(others)
    now = (*others[:at], axis.id, *others[at:])
    return (AxesOrdered(state.axis_order, now),) if now != state.axis_order else ()


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
    if command.action in state.actions:
        return Rejection("P1", "id_taken")
    if len(state.actions) >= MAX_ACTIONS:
        return Rejection("P1", "too_many_actions", {"limit": MAX_ACTIONS})
    if any(i not in state.ideas for i in command.ideas):
        return Rejection("P1", "no_idea")
    themes = dict.fromkeys((*axis.themes, *(t for i in command.ideas if (t := state.ideas[i].theme))))
    return (ActionMade(command.action, axis.id, command.title, command.ideas, tuple(themes)),)


def edit_action(state: State, command: EditAction, asked: Asked) -> Facts | Rejection:
    refused = _may_write(state, asked)
    if refused:
        return refused
    action = _action(state, command.action)
    if isinstance(action, Rejection):
        return action
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
    now = {f: v for f, v in given.items() if v != getattr(action, f)}
    if not now:
        return ()
    if asked.seen and action.rev > asked.seen and action.by != asked.who:
        return Rejection("P4", "changed", {"person": action.by})
    return (ActionEdited(action.id, {f: getattr(action, f) for f in now}, now),)


def remove_action(state: State, command: RemoveAction, asked: Asked) -> Facts | Rejection:
    action = _action(state, command.action)
    return action if isinstance(action, Rejection) else (ActionRemoved(action.id),)


def choose_pilot(state: State, command: ChoosePilot, asked: Asked) -> Facts | Rejection:
    action = _action(state, command.action)
    if isinstance(action, Rejection):
        return action
    if command.person and command.person not in state.people:
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


def _put_axis(state: State, axis: Axis, **fields: object) -> State:
    actions = {Touch.action(a) for a in state.action_order.get(axis.id, ())}  # their codes carry its number
    return change(
        state,
        axes=state.axes.set(axis.id, change(axis, rev=state.seq)),
        touched=frozenset({Touch.PLAN, Touch.axis(axis.id), *actions}),
        **fields,
    )


def _axis_made(state: State, fact: AxisMade, record: Record) -> State:
    axis = Axis(fact.axis, fact.title, state.seq, fact.themes)
    return _put_axis(state, axis, axis_order=(*state.axis_order, fact.axis))


def _axis_renamed(state: State, fact: AxisRenamed, record: Record) -> State:
    return _put_axis(state, change(state.axes[fact.axis], title=fact.now))


def _all_numbers(state: State) -> frozenset[str]:
    axes = {Touch.axis(a) for a in state.axis_order}
    return frozenset({Touch.PLAN, *axes, *(Touch.action(a) for a in state.actions)})


def _axes_ordered(state: State, fact: AxesOrdered, record: Record) -> State:
    return change(state, axis_order=fact.now, touched=_all_numbers(state))


def _axis_removed(state: State, fact: AxisRemoved, record: Record) -> State:
    return change(
        _put_axis(state, change(state.axes[fact.axis], removed=True)),
        touched=_all_numbers(state),
    )


def _axis_restored(state: State, fact: AxisRestored, record: Record) -> State:
    return change(
        _put_axis(state, change(state.axes[fact.axis], removed=False)),
        touched=_all_numbers(state),
    )


def _put_action(state: State, action: Action, record: Record, *axes: AxisId, **fields: object) -> State:
    siblings = {Touch.action(a) for x in axes for a in state.action_order.get(x, ())}
    people = {
        p
        for p in (
            action.pilot,
            *action.partners,
            *(o.person for o in action.offers),
            record.by,
        )
        if p
    }
    touched = {
        Touch.PLAN,
        Touch.action(action.id),
        *siblings,
        *map(Touch.axis, (action.axis, *axes)),
    }
    return change(
        state,
        actions=state.actions.set(action.id, change(action, rev=state.seq, by=record.by)),
        touched=frozenset(touched | set(map(Touch.you, people))),
        **fields,
    )


def _action_made(state: State, fact: ActionMade, record: Record) -> State:
    action = Action(
        id=fact.action,
        axis=fact.axis,
        title=fact.title,
        at=record.at,
        by=record.by,
        rev=state.seq,
        ideas=fact.ideas,
        themes=fact.themes,
    )
    order = (*state.action_order.get(fact.axis, ()), fact.action)
    return _put_action(state, action, record, action_order=state.action_order.set(fact.axis, order))


def _action_edited(state: State, fact: ActionEdited, record: Record) -> State:
    before = state.actions[fact.action]
    after = change(before, **{f: v for f, v in fact.now.items() if f in FIELDS})
    if after.axis == before.axis:
        return _put_action(state, after, record)
    left = tuple(a for a in state.action_order.get(before.axis, ()) if a != after.id)
    order = state.action_order.set(before.axis, left)
    order = order.set(after.axis, (*order.get(after.axis, ()), after.id))
    return _put_action(state, after, record, before.axis, action_order=order)


def _action_removed(state: State, fact: ActionRemoved, record: Record) -> State:
    action = change(state.actions[fact.action], removed=True)
    return _put_action(state, action, record, action.axis)


def _action_restored(state: State, fact: ActionRestored, record: Record) -> State:
    action = change(state.actions[fact.action], removed=False)
    return _put_action(state, action, record, action.axis)


def _pilot_chosen(state: State, fact: PilotChosen, record: Record) -> State:
    action = state.actions[fact.action]
    offers = tuple(o for o in action.offers if o.person != fact.now)
    partners = tuple(p for p in action.partners if p != fact.now)
    after = _put_action(state, change(action, pilot=fact.now, offers=offers, partners=partners), record)
    return change(after, touched=after.touched | {Touch.you(fact.was)})


def _volunteered(state: State, fact: Volunteered, record: Record) -> State:
    action = state.actions[fact.action]
    if fact.as_ == "partner":
        after = change(action, partners=(*action.partners, fact.person))
    else:
        after = change(action, offers=(*action.offers, Offer(fact.person, "pilot")))
    return _put_action(state, after, record)


def _stepped_back(state: State, fact: SteppedBack, record: Record) -> State:
    action = state.actions[fact.action]
    after = change(
        action,
        pilot=NOBODY if action.pilot == fact.person else action.pilot,
        partners=tuple(p for p in action.partners if p != fact.person),
        offers=tuple(o for o in action.offers if o.person != fact.person),
    )
    return _put_action(state, after, record)


PART = Part(
    judges={
        MakeAxis: make_axis,
        MakeAxesFromThemes: make_axes_from_themes,
        EditAxis: edit_axis,
        MoveAxis: move_axis,
        RemoveAxis: remove_axis,
        MakeAction: make_action,
        EditAction: edit_action,
        RemoveAction: remove_action,
        ChoosePilot: choose_pilot,
        Volunteer: volunteer,
        StepBack: step_back,
    },
    folds={
        AxisMade: _axis_made,
        AxisRenamed: _axis_renamed,
        AxesOrdered: _axes_ordered,
        AxisRemoved: _axis_removed,
        AxisRestored: _axis_restored,
        ActionMade: _action_made,
        ActionEdited: _action_edited,
        ActionRemoved: _action_removed,
        ActionRestored: _action_restored,
        PilotChosen: _pilot_chosen,
        Volunteered: _volunteered,
        SteppedBack: _stepped_back,
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
