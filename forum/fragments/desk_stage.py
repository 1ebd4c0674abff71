"""The desk's stage: cards, themes, a ballot or the plan, each card, theme, axis and action a fragment of its own.

What a fragment shows must follow from its own touches. So what lists all themes or axes (to move a card there,
to merge, to reorder) stands once, beside them, and never in each of them.
Never names a card before its board is shown (B2), nor a point before the reveal (V5).
"""

from collections.abc import Callable, Iterable, Iterator

from forum.domain import plan
from forum.domain.kernel import ActionId, AxisId, CommitmentId, IdeaId, StepId, ThemeId
from forum.domain.state import Action, BoardSettings, State, Step
from forum.domain.steps import ballot, board, pledge, sort
from forum.fragments.phone_own import option_text, seen
from forum.fragments.screen_stage import CARDS_A_COLUMN, CARDS_A_PAGE
from forum.fragments.surface import Affects, Slot, View, order

MOST_CARDS = 600  # cards the desk lists at once; beyond, one part, turned with the page that the screen shows
MOST_NAMES = 500  # names proposed when a pilot is typed

BY_COUNT = ("unsorted", "loose", "ballot")
BY_THEMES = ("ballot", "tools", "outline")
BY_PLAN = ("ballot", "outline")
AFFECTS: Affects = {
    "theme": lambda theme: (f"theme-{theme}", f"pick-{theme}", f"source-{theme}"),
    "idea": lambda idea: (f"idea-{idea}",),
    "axis": lambda axis: (f"axis-{axis}", f"aim-{axis}"),
    "action": lambda action: (f"action-{action}",),
    "commitment": lambda commitment: (f"commitment-{commitment}",),
}


def keys(state: State) -> Iterator[str]:
    """The stage's keys for the current step, parents before children."""
    step = state.now
    if step is not None and step.kind in _KEYS:
        yield from _KEYS[step.kind](state, step)


def _board_keys(state: State, step: Step) -> Iterator[str]:
    yield "stage"
    if board.shows(step):
        listed = _window(state, step.id)
        yield from (f"idea-{i}" for n, i in state.idea_order.get(step.id, {}).items() if n in listed)


def _sort_keys(state: State, step: Step) -> Iterator[str]:
    yield from ("stage", "tools", "unsorted")
    themes = sort.live_themes(state, step)
    yield from (f"theme-{t.id}" for t in themes)
    yield from (f"pick-{t.id}" for t in themes)
    cards = sort.sorted_ideas(state, step)
    listed = {name: _window(state, name) for name in {i.step for i in cards}}
    yield from (f"idea-{i.id}" for i in cards if i.number in listed[i.step])


def _ballot_keys(state: State, step: Step) -> Iterator[str]:
    yield "ballot"


def _plan_keys(state: State, step: Step) -> Iterator[str]:
    axes = plan.live_axes(state)
    yield from ("stage", "outline", "names")
    yield from (f"axis-{x.id}" for x in axes)
    yield from (f"aim-{x.id}" for x in axes)
    yield from (f"action-{a.id}" for x in axes for a in plan.live_actions(state, x.id))
    yield from (f"source-{t}" for t in plan.best_first(state))
    yield "loose"
    yield from (f"commitment-{c.id}" for c in pledge.live_commitments(state))


_KEYS: dict[str, Callable[[State, Step], Iterator[str]]] = {
    "board": _board_keys,
    "sort": _sort_keys,
    "ballot": _ballot_keys,
    "sheet": _plan_keys,
    "pledge": _plan_keys,
}


def _stage(view: View, now: Step | None, name: str) -> Slot | None:
    if now is None or now.kind not in _STAGES:
        return None
    return _STAGES[now.kind](view.state, now)


def _board(state: State, step: Step) -> Slot:
    return Slot("centre", "50", "desk/board.html", {"step": step, "shown": board.shows(step)})


def _sort(state: State, step: Step) -> Slot:
    return Slot("centre", "50", "desk/sort.html", {"step": step})


def _plan(state: State, step: Step) -> Slot:
    return Slot("centre", "50", "desk/plan.html", {"step": step})


_STAGES: dict[str, Callable[[State, Step], Slot]] = {
    "board": _board,
    "sort": _sort,
    "sheet": _plan,
    "pledge": _plan,
}


# Cards and themes


def parts(state: State) -> int:
    """In how many parts the desk lists the current step's cards; turning the screen's page turns them."""
    now = state.now
    if now is None or state.idea_numbers <= MOST_CARDS:
        return 1
    if now.kind == "sort":
        return max((_parts_of(state, s.id) for s in state.steps if s.kind == "board"), default=1)
    return _parts_of(state, now.id) if board.shows(now) else 1


def _parts_of(state: State, step: StepId) -> int:
    numbers: Iterable[int] = state.idea_order.get(step, {})
    return 1 + (max(numbers) - min(numbers)) // MOST_CARDS if numbers else 1


def _window(state: State, step: StepId) -> range:
    """Numbers of the cards of this board that are listed now: all, or in very long boards one part of them."""
    if state.idea_numbers <= MOST_CARDS:
        return range(MOST_CARDS + 1)
    first = min(state.idea_order.get(step, {}), default=1)
    now = state.now
    if now is not None and isinstance(now.settings, BoardSettings):
        part = state.page * _on_a_page(now.settings) // MOST_CARDS
    else:
        part = state.page % _parts_of(state, step)
    return range(first + part * MOST_CARDS, first + (part + 1) * MOST_CARDS)


def _on_a_page(settings: BoardSettings) -> int:
    """How many cards a page of the screen holds, in all its columns."""
    columns = len(settings.columns)
    return columns * CARDS_A_COLUMN.get(columns, 4) if columns > 1 else CARDS_A_PAGE


def _idea(view: View, now: Step | None, name: str) -> Slot | None:
    state, idea = view.state, view.state.ideas.get(IdeaId(name))
    if idea is None or now is None or idea.number not in _window(state, idea.step):
        return None
    args = {"idea": idea, "entered": idea.source != "phone"}
    if now.kind == "board" and idea.step == now.id and board.shows(now) and idea.state != "withdrawn":
        return Slot(
            f"column-{idea.column}" if idea.column else "cards", order(idea.number), "desk/idea.html", args
        )
    if now.kind == "sort" and sort.concerns(state, now, idea) and seen(state, idea):
        theme = sort.theme_of(state, now, idea)
        place = f"in-{theme.id}" if theme else "in-none"
        return Slot(place, order(idea.number), "desk/card.html", args | {"theme": theme})
    return None


def _theme(view: View, now: Step | None, name: str) -> Slot | None:
    state, theme = view.state, sort.theme_in(view.state, now, name)
    if now is None or theme is None:
        return None
    inside = (state.ideas[i] for i in theme.ideas)
    cards = sum(seen(state, i) and sort.concerns(state, now, i) for i in inside)
    return Slot("themes", order(theme.number), "desk/theme.html", {"theme": theme, "cards": cards})


def _pick(view: View, now: Step | None, name: str) -> Slot | None:
    theme = sort.theme_in(view.state, now, name)
    if now is None or theme is None:
        return None
    return Slot("themes-to-pick", order(theme.number), "desk/pick.html", {"theme": theme})


def _unsorted(view: View, now: Step | None, name: str) -> Slot | None:
    if now is None or now.kind != "sort":
        return None
    cards = [i for i in sort.sorted_ideas(view.state, now) if seen(view.state, i)]
    left = sum(sort.theme_of(view.state, now, i) is None for i in cards)
    return Slot("unsorted-head", "", "desk/unsorted.html", {"left": left, "cards": len(cards)})


def _tools(view: View, now: Step | None, name: str) -> Slot | None:
    """What concerns two themes at once."""
    state = view.state
    if now is None or now.kind != "sort":
        return None
    return Slot("tools-place", "", "desk/tools.html", {"themes": sort.live_themes(state, now)})


# Ballots


def _ballot(view: View, now: Step | None, name: str) -> Slot | None:
    if now is None or now.kind != "ballot":
        return None
    state, step = view.state, now
    round_ = state.round_of(step.id)
    earlier = [state.rounds[r] for r in state.step_rounds.get(step.id, ())[:-1]]
    args = {
        "step": step,
        "round": round_,
        "anew": ballot.changed(state, step),
        "result": ballot.result(round_),
        "texts": {o: option_text(state, step, o) for o in (round_.options if round_ else ())},
        "earlier": [(r, found) for r in earlier if (found := ballot.result(r))],
    }
    return Slot("centre", "50", "desk/ballot.html", args)


# The plan


def _planning(now: Step | None) -> bool:
    return now is not None and now.kind in ("sheet", "pledge")


def _outline(view: View, now: Step | None, name: str) -> Slot | None:
    if not _planning(now):
        return None
    state = view.state
    axes = plan.live_axes(state)
    taken = {t for x in axes for t in x.themes}
    fresh = sum(t not in taken for t in plan.best_first(state))
    lines = []
    for n, axis in enumerate(axes):
        actions = plan.live_actions(state, axis.id)
        up = axes[n - 1].id if n else None
        down = axes[n + 2].id if n + 2 < len(axes) else None
        lines.append((axis, actions, up, down, sum(bool(plan.gaps(a)) for a in actions)))
    room = plan.MAX_AXES - len(axes)
    return Slot("outline-place", "", "desk/outline.html", {"lines": lines, "fresh": fresh, "room": room})


def _names(view: View, now: Step | None, name: str) -> Slot | None:
    """Names to choose a pilot from while typing; another name may be typed all the same."""
    if not _planning(now):
        return None
    there = (view.name(p.id) for p in view.state.people.values() if p.state == "in")
    names = sorted({n for n in there if n}, key=str.casefold)[:MOST_NAMES]
    return Slot("outline-place", "9", "desk/names.html", {"names": names})


def _live_axis(state: State, name: str) -> tuple[int, AxisId] | None:
    """An axis's number and id; None when it is not in the plan."""
    found = (n for n, x in enumerate(plan.live_axes(state), 1) if x.id == name)
    number = next(found, None)
    return None if number is None else (number, AxisId(name))


def _axis(view: View, now: Step | None, name: str) -> Slot | None:
    found = _live_axis(view.state, name) if _planning(now) else None
    if found is None:
        return None
    number, axis = found
    themes = [t for t in view.state.axes[axis].themes if t in view.state.themes]
    args = {
        "axis": view.state.axes[axis],
        "number": number,
        "sources": len(themes),
        "actions": len(plan.live_actions(view.state, axis)),
    }
    return Slot("axes", order(number), "desk/axis.html", args)


def _aim(view: View, now: Step | None, name: str) -> Slot | None:
    found = _live_axis(view.state, name) if _planning(now) else None
    if found is None:
        return None
    args = {"axis": view.state.axes[found[1]], "number": found[0]}
    return Slot("axes-to-aim", order(found[0]), "desk/aim.html", args)


def _action(view: View, now: Step | None, name: str) -> Slot | None:
    state, action = view.state, view.state.actions.get(ActionId(name))
    if not _planning(now) or action is None or action.removed:
        return None
    axis = _live_axis(state, action.axis)
    if axis is None:
        return None
    place = [a.id for a in plan.live_actions(state, action.axis)].index(action.id) + 1
    args = {
        "action": action,
        "number": f"{axis[0]}.{place}",
        "gaps": plan.gaps(action),
        "pledges": _pledges_for(state, action),
    }
    return Slot(f"actions-{action.axis}", order(place), "desk/action.html", args)


def _pledges_for(state: State, action: Action) -> int:
    return sum(c.action == action.id for c in pledge.live_commitments(state))


def _source(view: View, now: Step | None, name: str) -> Slot | None:
    """The cards of a theme, from which actions are made."""
    theme = view.state.themes.get(ThemeId(name))
    if not _planning(now) or theme is None or not plan.offers(view.state, theme):
        return None
    cards = [i for i in map(view.state.ideas.__getitem__, theme.ideas) if seen(view.state, i)][:MOST_CARDS]
    return Slot("sources", order(theme.number), "desk/source.html", {"theme": theme, "cards": cards})


def _loose(view: View, now: Step | None, name: str) -> Slot | None:
    """The cards without a theme, from which actions are made too."""
    if not _planning(now):
        return None
    state = view.state
    loose = (i for i in state.ideas.values() if sort.latest_theme(state, i) is None and seen(state, i))
    cards = sorted(loose, key=lambda i: i.number)[:MOST_CARDS]
    return Slot("sources", order(0), "desk/source.html", {"theme": None, "cards": cards})


def _commitment(view: View, now: Step | None, name: str) -> Slot | None:
    state, found = view.state, view.state.commitments.get(CommitmentId(name))
    if not _planning(now) or found is None or found.withdrawn:
        return None
    person = state.people.get(found.person)
    number = state.commitment_order.index(found.id)
    args = {"commitment": found, "helped": person is not None and person.assisted}
    return Slot("commitments", order(number), "desk/commitment.html", args)


SLOTS: dict[str, Callable[[View, Step | None, str], Slot | None]] = {
    "stage": _stage,
    "idea": _idea,
    "theme": _theme,
    "pick": _pick,
    "ballot": _ballot,
    "unsorted": _unsorted,
    "tools": _tools,
    "outline": _outline,
    "names": _names,
    "axis": _axis,
    "aim": _aim,
    "action": _action,
    "source": _source,
    "loose": _loose,
    "commitment": _commitment,
}
"""How each fragment of the stage is drawn, by the first word of its key."""
