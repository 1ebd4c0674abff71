"""The plan: how each fact changes the state."""

from forum.domain.kernel import (
    NOBODY,
    ActionId,
    AxisId,
    Record,
)
from forum.domain.plan.numbers import all_numbers, depth, promised
from forum.domain.plan.reading import live_axes
from forum.domain.plan.record import Action, Axis, Offer
from forum.domain.plan.words import (
    FIELDS,
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
    SteppedBack,
    Volunteered,
)
from forum.domain.sheets.ambition import ACTIONS
from forum.domain.state import State, change
from forum.domain.touch import Touch


def _put_axis(state: State, axis: Axis, **fields: object) -> State:
    plan = state.plan
    actions = {Touch.action(a) for a in plan.action_order.get(axis.id, ())}  # their codes carry its number
    return change(
        state,
        plan=change(plan, axes=plan.axes.set(axis.id, change(axis, rev=state.seq)), **fields),
        touched=frozenset({Touch.PLAN, Touch.axis(axis.id), *actions}),
    )


def _to_begin(before: State, after: State) -> State:
    """With the first axis what the step asks can be done, without the last one no more: its words are others then."""
    begins = bool(live_axes(before)) != bool(live_axes(after))
    after = _to_hold(before, after)
    return change(after, touched=after.touched | {Touch.STEP, Touch.BEGUN}) if begins else after


def _to_hold(before: State, after: State) -> State:
    """With its first action the plan stands beside what the room works on, without the last one no more."""
    same = _holds_any(before) == _holds_any(after)
    return after if same else change(after, touched=after.touched | {Touch.BEGUN})


def _holds_any(state: State) -> bool:
    """Cost: one action, as long as the plan holds any."""
    return any(not a.removed and not state.plan.axes[a.axis].removed for a in state.plan.actions.values())


def axis_made(state: State, fact: AxisMade, record: Record) -> State:
    axis = Axis(fact.axis, fact.title, state.seq, fact.themes)
    return _to_begin(state, _put_axis(state, axis, axis_order=(*state.plan.axis_order, fact.axis)))


def axis_renamed(state: State, fact: AxisRenamed, record: Record) -> State:
    return _put_axis(state, change(state.plan.axes[fact.axis], title=fact.now))


def axes_ordered(state: State, fact: AxesOrdered, record: Record) -> State:
    return change(state, plan=change(state.plan, axis_order=fact.now), touched=all_numbers(state))


def axis_removed(state: State, fact: AxisRemoved, record: Record) -> State:
    after = _put_axis(state, change(state.plan.axes[fact.axis], removed=True))
    return _to_begin(state, change(after, touched=all_numbers(state)))


def axis_restored(state: State, fact: AxisRestored, record: Record) -> State:
    after = _put_axis(state, change(state.plan.axes[fact.axis], removed=False))
    return _to_begin(state, change(after, touched=all_numbers(state)))


def _put_action(state: State, action: Action, record: Record, *axes: AxisId, **fields: object) -> State:
    plan = state.plan
    renumbered = {action.id, *(a for x in axes for a in plan.action_order.get(x, ()))}
    people = {
        p
        for p in (
            action.pilot,
            action.written_by,
            *action.partners,
            *(o.person for o in action.offers),
            record.by,
        )
        if p
    }
    touched = {
        Touch.PLAN,
        *map(Touch.action, renumbered),
        *promised(state, renumbered),
        *map(Touch.axis, (action.axis, *axes)),
    }
    actions = plan.actions.set(action.id, change(action, rev=state.seq, by=record.by))
    after = change(
        state,
        plan=change(plan, actions=actions, **fields),
        touched=frozenset(touched | set(map(Touch.you, people))),
    )
    return _to_hold(state, after)


def action_made(state: State, fact: ActionMade, record: Record) -> State:
    action = Action(
        id=fact.action,
        axis=fact.axis,
        title=fact.title,
        at=record.at,
        by=record.by,
        rev=state.seq,
        ideas=fact.ideas,
        themes=fact.themes,
        step=fact.step,
        worded=state.seq,
        written_by=record.by,
    )
    order = (*state.plan.action_order.get(fact.axis, ()), fact.action)
    return _put_action(state, action, record, action_order=state.plan.action_order.set(fact.axis, order))


def action_edited(state: State, fact: ActionEdited, record: Record) -> State:
    before = state.plan.actions[fact.action]
    after = change(before, **{f: v for f, v in fact.now.items() if f in FIELDS}, worded=state.seq)
    if after.axis == before.axis:
        return _put_action(state, after, record)
    left = tuple(a for a in state.plan.action_order.get(before.axis, ()) if a != after.id)
    order = state.plan.action_order.set(before.axis, left)
    order = order.set(after.axis, (*order.get(after.axis, ()), after.id))
    placed = (
        () if depth(state) == ACTIONS else (after.axis,)
    )  # by its objective it may come before others there
    return _put_action(state, after, record, before.axis, *placed, action_order=order)


def action_removed(state: State, fact: ActionRemoved, record: Record) -> State:
    return _comes_or_goes(state, fact.action, record, removed=True)


def action_restored(state: State, fact: ActionRestored, record: Record) -> State:
    return _comes_or_goes(state, fact.action, record, removed=False)


def _comes_or_goes(state: State, name: ActionId, record: Record, *, removed: bool) -> State:
    action = change(state.plan.actions[name], removed=removed)
    return _put_action(state, action, record, action.axis)


def pilot_chosen(state: State, fact: PilotChosen, record: Record) -> State:
    action = state.plan.actions[fact.action]
    offers = tuple(o for o in action.offers if o.person != fact.now)
    partners = tuple(p for p in action.partners if p != fact.now)
    piloted = change(action, pilot=fact.now, offers=offers, partners=partners, piloted=state.seq)
    after = _put_action(state, piloted, record)
    return change(after, touched=after.touched | {Touch.you(fact.was)})


def volunteered(state: State, fact: Volunteered, record: Record) -> State:
    action = state.plan.actions[fact.action]
    if fact.as_ == "partner":
        after = change(action, partners=(*action.partners, fact.person))
    else:
        after = change(action, offers=(*action.offers, Offer(fact.person, "pilot")))
    return _put_action(state, after, record)


def stepped_back(state: State, fact: SteppedBack, record: Record) -> State:
    action = state.plan.actions[fact.action]
    was_pilot = action.pilot == fact.person
    after = change(
        action,
        pilot=NOBODY if was_pilot else action.pilot,
        piloted=state.seq if was_pilot else action.piloted,
        partners=tuple(p for p in action.partners if p != fact.person),
        offers=tuple(o for o in action.offers if o.person != fact.person),
    )
    return _put_action(state, after, record)
