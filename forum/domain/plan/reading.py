"""The plan: what others read from it. Pure queries."""

from typing import Final

from forum.domain.kernel import AxisId, PersonId, SessionId
from forum.domain.plan.record import Action, Axis, Offer
from forum.domain.state import State, Step

HELD_BY: Final = "action"
"""The thing whose writers write the sheets that lie over it or belong to it, by the field of its name."""


def live_axes(state: State) -> tuple[Axis, ...]:
    """The plan's axes in order; an axis's number is its place here, from 1."""
    return tuple(state.plan.axes[a] for a in state.plan.axis_order if not state.plan.axes[a].removed)


def waits_for_axes(state: State, step: Step) -> bool:
    """Whether people write actions in a step, and cannot yet: there is no axis under which one would stand."""
    return step.settings.plans and not step.settings.on_plan and not live_axes(state)


def live_actions(state: State, axis: AxisId) -> tuple[Action, ...]:
    """An axis's actions in order; an action's code is ``axis.place``."""
    return tuple(
        state.plan.actions[a]
        for a in state.plan.action_order.get(axis, ())
        if not state.plan.actions[a].removed
    )


def gaps(action: Action) -> tuple[str, ...]:
    """What an action still lacks (P5), as field names: pilot, due, first_step."""
    missing = {
        "pilot": not action.pilot,
        "due": not action.due,
        "first_step": not action.first_step,
    }
    return tuple(name for name, lacks in missing.items() if lacks)


def made_in(state: State, action: Action) -> SessionId:
    """The session in which an action was made: that of its step, else the one that was going on; "": none was."""
    step = state.step(action.step)
    if step:
        return step.session
    there = [s for s in state.sessions.all if s.begun_at and s.begun_at <= action.at]
    going_on = [s for s in there if not s.ended_at or action.at <= s.ended_at]
    return max(going_on, key=lambda s: s.begun_at).id if going_on else SessionId("")


def incomplete(state: State, session: SessionId | None) -> tuple[Action, ...]:
    """The retained actions made in a session that lack a pilot, a day or a first step (D5); of none, none. Cost: the plan."""
    there = (action for axis in live_axes(state) for action in live_actions(state, axis.id))
    return tuple(action for action in there if gaps(action) and made_in(state, action) == session)


def writes(action: Action, person: PersonId) -> bool:
    """Say whether somebody is one of an action's writers: they wrote it, or joined it (P7)."""
    return action.written_by == person or bool(part_in(action, person))


def part_in(action: Action, person: PersonId) -> str:
    """What somebody is in an action: pilot, offer (to pilot), partner, thanked (offered, and another one pilots it), or "":
    nothing.
    """
    if action.pilot == person:
        return "pilot"
    if any(o.person == person for o in waiting_offers(action)):
        return "offer"
    if person in action.partners:
        return "partner"
    return "thanked" if any(o.person == person for o in action.offers) else ""


def waiting_offers(action: Action) -> tuple[Offer, ...]:
    """Who offers to pilot an action and waits for an answer: nobody once somebody pilots it, all of them if that ends."""
    return () if action.pilot else action.offers
