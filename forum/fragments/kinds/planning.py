"""The plan as the desk shows it, in sheets and pledges alike: axes, actions, where they come from, commitments.

What a fragment shows must follow from its own touches. So what lists all axes (to reorder, to move an action) stands
once, beside them, and never in each of them.
"""

from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

from forum.domain import spelling
from forum.domain.kernel import N_, ActionId, AxisId, CommitmentId, SessionId, ThemeId
from forum.domain.plan.numbers import all_coded, coded, placed
from forum.domain.plan.reading import gaps, incomplete, live_actions, live_axes
from forum.domain.plan.record import Action
from forum.domain.plan.sources import (
    best_first,
    come_from,
    offers,
    usual_axes,
    voted_for,
    weighed_by,
)
from forum.domain.plan.words import MAX_AXES
from forum.domain.sessions.reading import planned
from forum.domain.state import State, Step
from forum.domain.steps import pledge, sorting
from forum.domain.steps.board import seen
from forum.domain.steps.voting import result
from forum.domain.touch import Touch
from forum.fragments.kinds.board import MOST_CARDS
from forum.fragments.kinds.face import DeskFace
from forum.fragments.surface import Affects, Slot, View, order

MOST_NAMES: Final = 500  # names proposed when a pilot is typed


def all_actions(state: State) -> Iterator[Action]:
    """The actions of the plan, in its order."""
    yield from (one.action for one in all_coded(state))


class Lacking(NamedTuple):
    """An action that lacks something (P5)."""

    code: str
    action: Action
    gaps: tuple[str, ...]


def lacking(state: State) -> list[Lacking]:
    """The actions that lack something, in the order of the plan. Cost: the plan."""
    return [Lacking(one.code, one.action, left) for one in all_coded(state) if (left := gaps(one.action))]


def lacking_of(state: State, session: SessionId | None) -> list[Lacking]:
    """Those of them that were made in a session, which does not end without a reason (D5). Cost: the plan."""
    made = {action.id for action in incomplete(state, session)}
    return [one for one in lacking(state) if one.action.id in made]


def _keys(view: View, step: Step) -> Iterator[str]:
    state = view.state
    axes = live_axes(state)
    yield from ("stage", "outline", "names")
    yield from (f"axis-{x.id}" for x in axes)
    yield from (f"aim-{x.id}" for x in axes)
    yield from (f"action-{a.id}" for a in all_actions(state))
    yield from (f"source-{t}" for t in best_first(state))
    yield "loose"
    made = pledge.live_commitments(state)
    yield "promised-whole"
    yield from (f"promised-{a}" for a in dict.fromkeys(c.action for c in made if c.action))
    yield from (f"commitment-{c.id}" for c in made)


def _stage(view: View, step: Step, name: str) -> Slot:
    return Slot("centre", "50", "desk/plan.html", {"step": step})


def _outline(view: View, step: Step, name: str) -> Slot:
    state = view.state
    axes = live_axes(state)
    taken = {t for x in axes for t in x.themes}
    left, room = [t for t in best_first(state) if t not in taken], MAX_AXES - len(axes)
    minutes = planned(state.steps)
    usual = usual_axes(minutes)
    ticked = voted_for(state, left, room, usual[1]) if not axes else ()  # the rest was left out on purpose
    fresh = [(state.themes.by_id[t], t in ticked) for t in left]
    lines = []
    for n, axis in enumerate(axes):
        actions = coded(state, axis.id)
        up = axes[n - 1].id if n else None
        down = axes[n + 2].id if n + 2 < len(axes) else None
        lacking = sum(bool(gaps(one.action)) for one in actions)
        lines.append((axis, actions, up, down, lacking, come_from(state, axis)))
    vote = weighed_by(state)
    told = result(vote)
    of_vote = {line.option: line for line in told.lines} if told else {}
    args = {"lines": lines, "fresh": fresh, "room": room, "vote": vote, "of_vote": of_vote}
    args |= {"voters": told.voters if told else 0, "all_ticked": len(ticked) == len(left)}
    args |= {"most": max(usual[1], len(ticked)), "minutes": minutes, "usual": usual, "ticked": len(ticked)}
    return Slot("outline-place", "", "desk/outline.html", args)


def names(view: View, step: Step | None, name: str) -> Slot:
    """Names to choose a pilot from while typing; another name may be typed all the same."""
    return Slot("centre", "99", "desk/names.html", {"names": proposed_names(view)})


def proposed_names(view: View) -> list[str]:
    """The names of who is here, in their order. Cost: the people."""
    there = (view.name(p.id) for p in view.state.people.by_id.values() if p.state == "in")
    return sorted({n for n in there if n}, key=spelling.order)[:MOST_NAMES]


def _live_axis(state: State, name: str) -> tuple[int, AxisId] | None:
    """An axis's number and id; None when it is not in the plan."""
    found = (n for n, x in enumerate(live_axes(state), 1) if x.id == name)
    number = next(found, None)
    return None if number is None else (number, AxisId(name))


def _axis(view: View, step: Step, name: str) -> Slot | None:
    found = _live_axis(view.state, name)
    if found is None:
        return None
    number, axis = found
    args = {
        "axis": view.state.plan.axes[axis],
        "number": number,
        "themes": come_from(view.state, view.state.plan.axes[axis]),
        "actions": len(live_actions(view.state, axis)),
    }
    return Slot("axes", order(number), "desk/axis.html", args)


def _aim(view: View, step: Step, name: str) -> Slot | None:
    found = _live_axis(view.state, name)
    if found is None:
        return None
    args = {"axis": view.state.plan.axes[found[1]], "number": found[0]}
    return Slot("axes-to-aim", order(found[0]), "desk/aim.html", args)


def action(view: View, step: Step | None, name: str) -> Slot | None:
    """An action with all that can be written of it, in the list of its axis."""
    state, action = view.state, view.state.plan.actions.get(ActionId(name))
    where = placed(state, action) if action else None
    if action is None or where is None:
        return None
    args = {
        "action": action,
        "number": where.code,
        "gaps": gaps(action),
        "pledges": sum(c.action == action.id for c in pledge.live_commitments(state)),
    }
    return Slot(f"actions-{action.axis}", order(where.rank), "desk/action.html", args)


Beside = Callable[[View, Step | None, str], Slot | None]
BESIDE: Final[dict[str, Beside]] = {"names": names, "action": action}
"""What of the plan can stand in any step: the same forms as where it is written."""


def _source(view: View, step: Step, name: str) -> Slot | None:
    """The cards of a theme, from which actions are made."""
    theme = view.state.themes.by_id.get(ThemeId(name))
    if theme is None or not offers(view.state, theme):
        return None
    cards = [i for i in map(view.state.ideas.by_id.__getitem__, theme.ideas) if seen(view.state, i)][
        :MOST_CARDS
    ]
    return Slot("sources", order(theme.number), "desk/source.html", {"theme": theme, "cards": cards})


def _loose(view: View, step: Step, name: str) -> Slot:
    """The cards without a theme, from which actions are made too."""
    state = view.state
    loose = (
        i for i in state.ideas.by_id.values() if sorting.latest_theme(state, i) is None and seen(state, i)
    )
    cards = sorted(loose, key=lambda i: i.number)[:MOST_CARDS]
    return Slot("sources", order(0), "desk/source.html", {"theme": None, "cards": cards})


def _promised(view: View, step: Step, name: str) -> Slot | None:
    """The commitments for one action, or (``whole``) for the whole; those for an action that is not there any more last."""
    state = view.state
    made = [c for c in pledge.live_commitments(state) if (c.action or "whole") == name]
    if not made:
        return None
    action = state.plan.actions.get(ActionId(name))
    where = placed(state, action) if action else None
    args = {"of": name, "action": action, "number": where.code if where else ""}
    rank = f"1.{where.axis:03}.{where.rank:06}" if where else f"2.{name}" if action else "0"
    return Slot("commitments", rank, "desk/promised.html", args)


def _commitment(view: View, step: Step, name: str) -> Slot | None:
    state, found = view.state, view.state.commitments.by_id.get(CommitmentId(name))
    if found is None or found.withdrawn:
        return None
    person = state.people.by_id.get(found.person)
    args = {"commitment": found, "helped": person is not None and person.assisted}
    at = order(state.commitments.order.index(found.id))
    return Slot(f"promised-in-{found.action or 'whole'}", at, "desk/commitment.html", args)


def _counted(view: View, step: Step) -> dict[str, Any]:
    actions = list(all_actions(view.state))
    return {
        "axes": len(live_axes(view.state)),
        "actions": len(actions),
        "without_pilot": sum(not a.pilot for a in actions),
        "pledges": len(pledge.live_commitments(view.state)),
    }


def _awaits(state: State, step: Step) -> str:
    return "" if next(all_actions(state), None) else N_("Groups write: no action yet.")


DESK_AFFECTS: Affects = {
    Touch.COUNT: lambda _: ("loose",),
    Touch.AGENDA: lambda _: ("outline",),
    Touch.THEMES: lambda _: ("outline",),
    Touch.PLAN: lambda _: ("outline", "promised-whole"),
    Touch.PEOPLE: lambda _: ("names",),
    "theme": lambda theme: ("outline", f"source-{theme}"),
    "axis": lambda axis: (f"axis-{axis}", f"aim-{axis}"),
    "action": lambda action: (f"action-{action}", f"promised-{action}"),
    "commitment": lambda commitment: (f"commitment-{commitment}",),
}
DESK = DeskFace(
    awaits=_awaits,
    works=True,
    keys=_keys,
    slots={
        "stage": _stage,
        "outline": _outline,
        "names": names,
        "axis": _axis,
        "aim": _aim,
        "action": action,
        "source": _source,
        "loose": _loose,
        "promised": _promised,
        "commitment": _commitment,
    },
    affects=DESK_AFFECTS,
    counts=_counted,
)
