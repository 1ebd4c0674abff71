"""The middle of the screen: what the room is doing. The stage of each kind of step and what stands in it.

A card keeps its page for ever: its place is its rank among all that ever came, so that taking one away moves nothing.
Themes and axes are all sent and their page is chosen by CSS, so that one that goes leaves no hole.
Never names a card before its board is shown (B2), nor a point before the reveal (V5).
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from itertools import groupby
from typing import Any, Final

from forum.domain import plan
from forum.domain.kernel import ActionId, AxisId, CommitmentId, IdeaId, ThemeId
from forum.domain.state import BallotSettings, BoardSettings, Idea, Round, ShowSettings, State, Step, Theme
from forum.domain.steps import ballot, board, pledge, sort
from forum.fragments import fit
from forum.fragments.phone_own import option_text, seen
from forum.fragments.surface import Slot, order

CARDS_A_PAGE: Final = 20  # more cannot be read from the last row at 28 px
CARDS_A_COLUMN: Final = {2: 6}  # of a board with that many columns; 4 where there are more
NAME: Final = " – Marguerite"  # the room that an author's name is given on a card
THEMES_A_PAGE: Final = 9
OPTIONS_A_PAGE: Final = 14
RESULTS_A_PAGE: Final = 8
AXES_A_PAGE: Final = 4  # of a plan too full to stand on one page
FULL_AXIS: Final = 3  # actions
WALL: Final = 12  # commitments side by side; a later one takes the place of the oldest
MOST_SORTED: Final = 1000  # cards beyond which themes show their number only


def keys(state: State, step: Step) -> Iterator[str]:
    """The keys of what stands in the stage of the current step, parents before children."""
    yield from _KEYS[step.kind](state, step) if step.kind in _KEYS else ()


def pages(state: State) -> int:
    """How many pages the current step has on the screen, at least 1; for whoever offers to turn them."""
    now = state.now
    if now is None:
        return 1
    if isinstance(now.settings, BoardSettings):
        return _board_pages(state, now) if board.shows(now) else 1
    if now.kind == "sort":
        return _of(len(sort.live_themes(state, now)), THEMES_A_PAGE)
    round_ = state.round_of(now.id)
    if isinstance(now.settings, BallotSettings) and round_:
        return _of(len(round_.options), RESULTS_A_PAGE if round_.revealed_at else OPTIONS_A_PAGE)
    return _axes_on_pages(state)[1] if now.kind == "sheet" else 1


def _of(things: int, a_page: int) -> int:
    return max(1, -(-things // a_page))


def page_shown(state: State) -> int:
    """The page that stands on the wall, from 0. A board's is the one asked for, even where nothing is left on it."""
    board_now = state.now is not None and state.now.kind == "board"
    return state.page if board_now else min(state.page, pages(state) - 1)


def welcomes(state: State, now: Step | None) -> bool:
    """Whether the room is still coming in: before the first step, and during it when nothing is asked."""
    return now is None or (now.kind == "show" and state.steps[:1] == (now,) and not now.phones_down)


def paused(now: Step | None) -> bool:
    """Whether the room is having a break."""
    return (
        now is not None
        and isinstance(now.settings, ShowSettings)
        and now.settings.pause
        and now.phase == "open"
    )


# Shows and boards


def _show(state: State, now: Step | None) -> Slot:
    if welcomes(state, now):
        return Slot("root", "30", "screen/welcome.html", {"step": now})
    return Slot("root", "30", "screen/show.html", {"step": now, "pause": paused(now)})


def _board(state: State, now: Step) -> Slot:
    assert isinstance(now.settings, BoardSettings), f"expected a board, got {now.kind}"
    count = state.idea_counts.get(now.id, 0)
    if not board.shows(now):
        args = {"step": now, "cards": count, "pile": fit.pile_of(count)}
        return Slot("root", "30", "screen/pile.html", args)
    columns = now.settings.columns
    signed = "" if now.anonymous else NAME
    shown = [[i.text + signed for i in part if i.state == "active"] for part in _board_page(state, now)]
    still = now.phase == "open"
    size = fit.size_of(shown, low=still, still=still)
    args = {"step": now, "columns": columns, "size": size, "cards": count, "here": sum(map(len, shown))}
    return Slot("root", "30", "screen/board.html", args)


def _column_ids(step: Step) -> tuple[str, ...]:
    assert isinstance(step.settings, BoardSettings), f"expected a board, got {step.kind}"
    return tuple(c.id for c in step.settings.columns) or ("",)


def _column_page(step: Step) -> int:
    columns = len(_column_ids(step))
    return CARDS_A_PAGE if columns == 1 else CARDS_A_COLUMN.get(columns, 4)


def _numbers(state: State, step: Step, column: str) -> list[int]:
    """The numbers of all cards that ever came into a column, whatever became of them. Cost: the board."""
    cards: Mapping[int, IdeaId] = state.idea_order.get(step.id, {})
    if len(_column_ids(step)) == 1:
        return sorted(cards)
    return sorted(n for n, i in cards.items() if state.ideas[i].column == column)


def _board_page(state: State, step: Step) -> list[list[Idea]]:
    cards: Mapping[int, IdeaId] = state.idea_order.get(step.id, {})
    size = _column_page(step)
    start = state.page * size
    parts = (_numbers(state, step, column)[start : start + size] for column in _column_ids(step))
    return [[state.ideas[cards[n]] for n in part] for part in parts]


def _board_pages(state: State, step: Step) -> int:
    return max(_of(len(_numbers(state, step, c)), _column_page(step)) for c in _column_ids(step))


def _on_page(state: State, step: Step, idea: Idea) -> bool:
    """Whether the card stands on the page that is shown: its rank among all that came never changes."""
    rank = bisect_left(_numbers(state, step, idea.column), idea.number)
    return rank // _column_page(step) == state.page


def _board_keys(state: State, step: Step) -> Iterator[str]:
    if board.shows(step):
        yield from (f"idea-{i.id}" for part in _board_page(state, step) for i in part)


def _idea(state: State, now: Step | None, name: str) -> Slot | None:
    idea = state.ideas.get(IdeaId(name))
    if idea is None or now is None or not seen(state, idea):
        return None
    if now.kind == "board" and idea.step == now.id:
        if not _on_page(state, now, idea):
            return None
        author = "" if now.anonymous else idea.author
        return Slot(
            f"column-{idea.column}", order(idea.number), "screen/idea.html", {"idea": idea, "author": author}
        )
    theme = sort.theme_of(state, now, idea) if now.kind == "sort" else None
    if theme and sort.concerns(state, now, idea) and state.idea_numbers <= MOST_SORTED:
        args = {"idea": idea, "author": ""}
        return Slot(f"in-{theme.id}", order(sort.placed_in(now, idea).rev), "screen/idea.html", args)
    return None


# Themes


def _sort(state: State, now: Step) -> Slot:
    """All themes are sent and the page is chosen by CSS: one that goes must not leave a hole on the wall."""
    themes = len(sort.live_themes(state, now))
    here = min(THEMES_A_PAGE, themes - page_shown(state) * THEMES_A_PAGE)
    args = {"step": now, "themes": themes, "here": here, "page": page_shown(state)}
    return Slot("root", "30", "screen/sort.html", args)


def _sort_keys(state: State, step: Step) -> Iterator[str]:
    themes = sort.live_themes(state, step)
    yield from (f"theme-{t.id}" for t in themes)
    if state.idea_numbers <= MOST_SORTED:
        yield from (f"idea-{i}" for t in themes for i in t.ideas)


def _theme(state: State, now: Step | None, name: str) -> Slot | None:
    theme = sort.theme_in(state, now, name)
    if now is None or theme is None:
        return None
    inside = (state.ideas[i] for i in theme.ideas)
    cards = sum(seen(state, i) and sort.concerns(state, now, i) for i in inside)
    return Slot("themes", order(theme.number), "screen/theme.html", {"theme": theme, "cards": cards})


# Ballots


def _ballot(state: State, now: Step) -> Slot:
    round_ = state.round_of(now.id)
    args: dict[str, Any] = {"step": now, "round": round_}
    if round_ and round_.revealed_at:
        return Slot("root", "30", "screen/result.html", args | _result(state, now, round_))
    start = page_shown(state) * OPTIONS_A_PAGE
    chosen = round_.options[start : start + OPTIONS_A_PAGE] if round_ else ()
    args["options"] = [_option(state, now, o) for o in chosen]
    return Slot("root", "30", "screen/ballot.html", args)


def _option(state: State, step: Step, option: str) -> tuple[Theme | None, str]:
    """An option's theme, for its mark, and its words."""
    theme = state.themes[ThemeId(option)] if step.settings.takes == "theme" else None
    return theme, option_text(state, step, option)


def _result(state: State, step: Step, round_: Round) -> dict[str, Any]:
    """The lines of the shown page, equals together: ``ranks`` = [(rank, [(line, theme, words)])]."""
    result = ballot.result(round_)
    assert result is not None, "expected a revealed round"
    start = page_shown(state) * RESULTS_A_PAGE
    shown = [
        (line, *_option(state, step, line.option)) for line in result.lines[start : start + RESULTS_A_PAGE]
    ]
    first = [_option(state, step, line.option) for line in result.lines if line.rank == 1 and line.points]
    ranks = [(rank, list(lines)) for rank, lines in groupby(shown, key=lambda entry: entry[0].rank)]
    return {"result": result, "ranks": ranks, "first": first, "most": max(1, result.lines[0].points)}


# The plan and the commitments


def _axes_on_pages(state: State) -> tuple[int, int]:
    """How many axes stand on a page, and how many pages that makes."""
    axes = plan.live_axes(state)
    full = len(axes) > AXES_A_PAGE and any(len(plan.live_actions(state, x.id)) > FULL_AXIS for x in axes)
    a_page = AXES_A_PAGE if full else max(1, len(axes))
    return a_page, _of(len(axes), a_page)


def _sheet(state: State, now: Step) -> Slot:
    """All axes are sent and the page is chosen by CSS, as with themes."""
    axes = plan.live_axes(state)
    a_page, _ = _axes_on_pages(state)
    here = min(a_page, len(axes) - page_shown(state) * a_page)
    busiest = max((len(plan.live_actions(state, x.id)) for x in axes), default=0)
    args = {"step": now, "axes": len(axes), "here": here, "paged": a_page < len(axes), "busiest": busiest}
    return Slot("root", "30", "screen/sheet.html", args | {"page": page_shown(state)})


def _sheet_keys(state: State, step: Step) -> Iterator[str]:
    axes = plan.live_axes(state)
    yield from (f"axis-{x.id}" for x in axes)
    yield from (f"action-{a.id}" for x in axes for a in plan.live_actions(state, x.id))


def _axis(state: State, now: Step | None, name: str) -> Slot | None:
    axis = state.axes.get(AxisId(name))
    if now is None or now.kind != "sheet" or axis is None or axis.removed:
        return None
    number = plan.live_axes(state).index(axis) + 1
    args = {"axis": axis, "number": number, "actions": len(plan.live_actions(state, axis.id))}
    return Slot("axes", order(number), "screen/axis.html", args)


def _action(state: State, now: Step | None, name: str) -> Slot | None:
    action = state.actions.get(ActionId(name))
    if (
        now is None
        or now.kind != "sheet"
        or action is None
        or action.removed
        or state.axes[action.axis].removed
    ):
        return None
    axis = plan.live_axes(state).index(state.axes[action.axis]) + 1
    place = plan.live_actions(state, action.axis).index(action) + 1
    args = {"action": action, "numbers": (axis, place), "gaps": plan.gaps(action)}
    return Slot(f"actions-{action.axis}", order(place), "screen/action.html", args)


def _pledge(state: State, now: Step) -> Slot:
    made = len(pledge.live_commitments(state))
    return Slot("root", "30", "screen/pledge.html", {"step": now, "cells": WALL, "made": made})


def _pledge_keys(state: State, step: Step) -> Iterator[str]:
    yield from (f"commitment-{c.id}" for c in pledge.live_commitments(state))


def _commitment(state: State, now: Step | None, name: str) -> Slot | None:
    """Each has its cell for good; over an older one it fades in, and nothing else on the wall moves."""
    found = state.commitments.get(CommitmentId(name))
    if now is None or now.kind != "pledge" or found is None or found.withdrawn:
        return None
    number = state.commitment_order.index(found.id)
    return Slot(f"cell-{number % WALL}", order(number), "screen/commitment.html", {"commitment": found})


_STAGES: dict[str, Callable[[State, Step], Slot]] = {
    "show": _show,
    "board": _board,
    "sort": _sort,
    "ballot": _ballot,
    "sheet": _sheet,
    "pledge": _pledge,
}
_KEYS: dict[str, Callable[[State, Step], Iterator[str]]] = {
    "board": _board_keys,
    "sort": _sort_keys,
    "sheet": _sheet_keys,
    "pledge": _pledge_keys,
}


def _stage(state: State, now: Step | None, name: str) -> Slot:
    return _STAGES[now.kind](state, now) if now else _show(state, now)


FRAGMENTS: dict[str, Callable[[State, Step | None, str], Slot | None]] = {
    "stage": _stage,
    "theme": _theme,
    "idea": _idea,
    "axis": _axis,
    "action": _action,
    "commitment": _commitment,
}
"""A key's first word → what draws it."""
