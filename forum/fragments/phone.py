"""The phone: one question, one action. What a participant's page is made of, and what changes it.

Everything shared here is the same for everybody in the room: nothing in it says who reads it. What is one's own
stands in fragments named "my-…" (``phone_own``).
Never names another person's card before its board is shown (B2), nor a point before the reveal (V5).
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from forum.domain import inputs, plan
from forum.domain.kernel import ActionId, AxisId, CommitmentId, IdeaId
from forum.domain.roles import LEADS
from forum.domain.state import (
    Action,
    BallotSettings,
    BoardSettings,
    Idea,
    Round,
    ShowSettings,
    SortSettings,
    State,
    Step,
    Touch,
)
from forum.domain.steps import ballot, board, pledge, sort
from forum.fragments.phone_own import MY_AFFECTS, live_actions, my_keys, my_slot, option_text, seen
from forum.fragments.surface import Affects, Slot, View, Window, order

__all__ = ["AFFECTS", "MY_AFFECTS", "WINDOWS", "keys", "my_keys", "my_slot", "slot"]

MINUTE_MS = 60_000
WINDOWS = {"ideas": Window(60, "phone/earlier.html")}

AFFECTS: Affects = {
    Touch.STEP: lambda _: ("top", "words"),
    Touch.TIMER: lambda _: ("timer",),
    Touch.COUNT: lambda _: ("count",),
    "theme": lambda theme: (f"theme-{theme}", f"pick-{theme}"),
    "idea": lambda idea: (f"idea-{idea}",),
    "axis": lambda axis: (f"axis-{axis}",),
    "action": lambda action: (f"wall-{action}", f"action-{action}", f"choose-{action}"),
    "commitment": lambda commitment: (f"commitment-{commitment}",),
}


def keys(view: View) -> Iterator[str]:
    """The keys of every fragment that may be shown now, parents before children."""
    yield from ("top", "words", "notices", "timer", "act", "count", "bar")
    step = view.state.now
    if step and step.kind in _KEYS:
        yield from _KEYS[step.kind](view.state, step)


def slot(view: View, lang: str, key: str) -> Slot | None:
    """Where and how a fragment stands now; None when it is not shown."""
    word, _, name = key.partition("-")
    draw = _SHARED.get(word)
    return draw(view.state, view.state.now, name) if draw else None


# What stands on every page


def _top(state: State, now: Step | None, name: str) -> Slot:
    return Slot("root", "00", "phone/top.html")


def _notices(state: State, now: Step | None, name: str) -> Slot:
    return Slot("root", "25", "phone/notices.html")


def _words(state: State, now: Step | None, name: str) -> Slot:
    idle = now is not None and now.kind == "show" and now.phones_down
    of = inputs.named(state, now) if now and inputs.is_one_of_many(state, now) else ()
    return Slot("root", "20", "phone/idle.html" if idle else "phone/words.html", {"step": now, "of": of})


def _act(state: State, now: Step | None, name: str) -> Slot | None:
    if now is None or now.kind not in _ACTS:
        return None
    return Slot("root", "30", f"phone/{now.kind}.html", {"step": now} | _ACTS[now.kind](state, now))


def _bar(state: State, now: Step | None, name: str) -> Slot:
    return Slot("root", "90", "phone/bar.html")


def _timer(state: State, now: Step | None, name: str) -> Slot | None:
    if now is None:
        return None
    timer = state.timer
    pause = isinstance(now.settings, ShowSettings) and now.settings.pause and now.phase == "open"
    back_at = now.resumed_at + now.minutes * MINUTE_MS if pause else 0
    if timer is None and not pause:
        return None
    ends_at = timer.ends_at if timer else back_at
    return Slot("clock", "", "phone/timer.html", {"timer": timer, "pause": pause, "ends_at": ends_at})


def _count(state: State, now: Step | None, name: str) -> Slot | None:
    if now is None:
        return None
    if isinstance(now.settings, BoardSettings):
        return Slot("crowd", "", "phone/count.html", {"cards": state.idea_counts.get(now.id, 0)})
    if isinstance(now.settings, SortSettings):
        left = sum(
            sort.theme_of(state, now, i) is None for i in sort.sorted_ideas(state, now) if seen(state, i)
        )
        return Slot("crowd", "", "phone/unsorted.html", {"left": left})
    return None


# Cards and themes


def _idea(state: State, now: Step | None, name: str) -> Slot | None:
    idea = state.ideas.get(IdeaId(name))
    if idea is None or now is None:
        return None
    if now.kind == "ballot":
        return _result_name(state, now, name)
    if not seen(state, idea):
        return None
    if isinstance(now.settings, BoardSettings) and idea.step == now.id:
        column = next((c.title for c in now.settings.columns if c.id == idea.column), None)
        return Slot("ideas", order(idea.number), "phone/idea.html", {"idea": idea, "column": column})
    if isinstance(now.settings, SortSettings) and sort.concerns(state, now, idea):
        theme = sort.theme_of(state, now, idea)
        args = {"idea": idea, "theme": theme, "open": _may_sort(now)} | _mover(state, now, idea)
        return Slot(f"in-{theme.id}" if theme else "unsorted", order(idea.number), "phone/card.html", args)
    return None


def _mover(state: State, now: Step, idea: Idea) -> dict[str, Any]:
    mover = state.people.get(sort.placed_in(now, idea).by)
    return {"mover": mover, "by_desk": mover is not None and mover.role in LEADS}


def _may_sort(step: Step) -> bool:
    return isinstance(step.settings, SortSettings) and step.settings.who == "all" and step.phase == "open"


def _theme(state: State, now: Step | None, name: str) -> Slot | None:
    if now is not None and now.kind == "ballot":
        return _result_name(state, now, name)
    theme = sort.theme_in(state, now, name)
    if now is None or theme is None:
        return None
    inside = (state.ideas[i] for i in theme.ideas)
    cards = sum(seen(state, i) and sort.concerns(state, now, i) for i in inside)
    args = {"theme": theme, "cards": cards, "open": _may_sort(now)}
    return Slot("themes", order(theme.number), "phone/theme.html", args)


def _pick(state: State, now: Step | None, name: str) -> Slot | None:
    theme = sort.theme_in(state, now, name)
    if now is None or not _may_sort(now) or theme is None:
        return None
    return Slot("themes-to-pick", order(theme.number), "phone/pick.html", {"theme": theme})


def _group(state: State, now: Step | None, name: str) -> Slot | None:
    return Slot("bar", "10", "phone/group.html") if now and _may_sort(now) else None


# Ballots


def _result_name(state: State, now: Step, name: str) -> Slot | None:
    round_ = _revealed_round(state, now)
    if round_ is None or name not in round_.options:
        return None
    return Slot(f"name-{name}", "", "phone/name.html", {"text": option_text(state, now, name)})


def _revealed_round(state: State, step: Step) -> Round | None:
    round_ = state.round_of(step.id)
    return round_ if round_ and round_.revealed_at else None


# The plan and the commitments


def _axis(state: State, now: Step | None, name: str) -> Slot | None:
    axis = state.axes.get(AxisId(name))
    if now is None or now.kind != "sheet" or axis is None or axis.removed:
        return None
    number = plan.live_axes(state).index(axis) + 1
    args = {"axis": axis, "number": number, "open": now.phase == "open", "step": now}
    return Slot("axes", order(number), "phone/axis.html", args)


def _code(state: State, action: Action) -> tuple[int, int] | None:
    """An action's place in the plan, (axis, action) from 1; None when it is no longer in it."""
    axis = state.axes[action.axis]
    if action.removed or axis.removed:
        return None
    return plan.live_axes(state).index(axis) + 1, plan.live_actions(state, axis.id).index(action) + 1


def _action(state: State, now: Step | None, name: str) -> Slot | None:
    if now is not None and now.kind == "ballot":
        return _result_name(state, now, name)
    action = state.actions.get(ActionId(name))
    code = _code(state, action) if action else None
    if now is None or now.kind != "sheet" or action is None or code is None:
        return None
    args = {"action": action, "numbers": code, "gaps": plan.gaps(action), "open": now.phase == "open"}
    return Slot(f"actions-{action.axis}", order(code[1]), "phone/action.html", args)


def _choose(state: State, now: Step | None, name: str) -> Slot | None:
    action = state.actions.get(ActionId(name))
    code = _code(state, action) if action else None
    if now is None or now.kind != "pledge" or now.phase != "open" or code is None:
        return None
    return Slot("actions-to-choose", _coded(code), "phone/choose.html", {"action": action, "numbers": code})


def _coded(code: tuple[int, int]) -> str:
    return f"{code[0]:03}.{code[1]:06}"


def _wall(state: State, now: Step | None, name: str) -> Slot | None:
    """The commitments for one action, or (``whole``) for the whole."""
    if now is None or now.kind != "pledge":
        return None
    if name == "whole":
        return Slot(
            "wall", "0", "phone/wall.html", {"place": "wall-in-whole", "action": None, "numbers": None}
        )
    action = state.actions.get(ActionId(name))
    if action is None or not any(c.action == action.id for c in pledge.live_commitments(state)):
        return None
    code = _code(state, action)
    args = {"place": f"wall-in-{name}", "action": action, "numbers": code}
    return Slot("wall", f"1.{_coded(code)}" if code else f"2.{name}", "phone/wall.html", args)


def _commitment(state: State, now: Step | None, name: str) -> Slot | None:
    found = state.commitments.get(CommitmentId(name))
    if now is None or now.kind != "pledge" or found is None or found.withdrawn:
        return None
    place = f"wall-in-{found.action or 'whole'}"
    number = state.commitment_order.index(found.id)
    return Slot(place, order(number), "phone/commitment.html", {"commitment": found})


# What each kind shows


def _board_act(state: State, step: Step) -> dict[str, Any]:
    return {"shown": board.shows(step)}


def _sort_act(state: State, step: Step) -> dict[str, Any]:
    assert isinstance(step.settings, SortSettings), f"expected a sort, got {step.kind}"
    boards = inputs.inputs(state, step)
    waiting = [s for s in state.steps if s.id in boards and not s.shows]
    hidden = [s.title for s in waiting if s.opened_at]
    return {"open": _may_sort(step), "unrevealed": hidden[:1]}


def _ballot_act(state: State, step: Step) -> dict[str, Any]:
    round_ = state.round_of(step.id)
    held = ballot.few(state, step) if step.phase != "open" else None
    assert isinstance(step.settings, BallotSettings), f"expected a ballot, got {step.kind}"
    return {
        "round": round_,
        "result": ballot.result(round_),
        "least": step.settings.least,
        "kept": held is not None and held.promised,
    }


def _sheet_act(state: State, step: Step) -> dict[str, Any]:
    return {}


def _pledge_act(state: State, step: Step) -> dict[str, Any]:
    first = plan.today(step.resumed_at or step.opened_at)
    days = {
        "first": first,
        "proposed": first + timedelta(hours=pledge.PROPOSED_HOURS),
        "last": first + timedelta(days=pledge.WITHIN_DAYS),
    }
    return {name: day.isoformat() for name, day in days.items()}


_ACTS: dict[str, Callable[[State, Step], dict[str, Any]]] = {
    "board": _board_act,
    "sort": _sort_act,
    "ballot": _ballot_act,
    "sheet": _sheet_act,
    "pledge": _pledge_act,
}


def _board_keys(state: State, step: Step) -> Iterator[str]:
    if board.shows(step):
        yield from (f"idea-{i}" for i in state.idea_order.get(step.id, {}).values())


def _sort_keys(state: State, step: Step) -> Iterator[str]:
    yield "group"
    themes = sort.live_themes(state, step)
    yield from (f"theme-{t.id}" for t in themes)
    yield from (f"pick-{t.id}" for t in themes)
    yield from (f"idea-{i.id}" for i in sort.sorted_ideas(state, step))


def _ballot_keys(state: State, step: Step) -> Iterator[str]:
    assert isinstance(step.settings, BallotSettings), f"expected a ballot, got {step.kind}"
    round_ = _revealed_round(state, step)
    word = step.settings.takes
    yield from (f"{word}-{option}" for option in (round_.options if round_ else ()))


def _sheet_keys(state: State, step: Step) -> Iterator[str]:
    yield from (f"axis-{axis.id}" for axis in plan.live_axes(state))
    yield from (f"action-{action.id}" for action in live_actions(state))


def _pledge_keys(state: State, step: Step) -> Iterator[str]:
    made = pledge.live_commitments(state)
    yield from (f"choose-{action.id}" for action in live_actions(state))
    yield "wall-whole"
    yield from (f"wall-{a}" for a in dict.fromkeys(c.action for c in made if c.action))
    yield from (f"commitment-{c.id}" for c in made)


_KEYS: dict[str, Callable[[State, Step], Iterator[str]]] = {
    "board": _board_keys,
    "sort": _sort_keys,
    "ballot": _ballot_keys,
    "sheet": _sheet_keys,
    "pledge": _pledge_keys,
}

_SHARED: dict[str, Callable[[State, Step | None, str], Slot | None]] = {
    "top": _top,
    "notices": _notices,
    "words": _words,
    "timer": _timer,
    "act": _act,
    "count": _count,
    "bar": _bar,
    "group": _group,
    "idea": _idea,
    "theme": _theme,
    "pick": _pick,
    "axis": _axis,
    "action": _action,
    "choose": _choose,
    "wall": _wall,
    "commitment": _commitment,
}
