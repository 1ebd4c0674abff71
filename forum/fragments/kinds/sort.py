"""Sorts on every surface: cards that go into themes, each card and each theme a fragment of its own.

What a fragment shows must follow from its own touches. So what lists all themes (to move a card there, to merge)
stands once, beside them, and never in each of them.
"""

from collections.abc import Iterator
from typing import Any, Final

from forum.domain import inputs
from forum.domain.kernel import N_, IdeaId
from forum.domain.limits import TITLE
from forum.domain.roles import LEADS
from forum.domain.settings import SortSettings
from forum.domain.spelling import opening
from forum.domain.state import State, Step
from forum.domain.steps import sorting
from forum.domain.steps.board import seen
from forum.domain.steps.hiding import gave, letters_of
from forum.domain.steps.ideas import Idea
from forum.domain.steps.themes import Theme
from forum.domain.touch import Touch
from forum.fragments.kinds.board import listed, parts_of
from forum.fragments.kinds.face import DeskFace, PhoneFace, ScreenFace
from forum.fragments.surface import Slot, View, order

MOST_SORTED: Final = 1000  # cards beyond which themes on the wall show their number only
SIXTHS: Final = 6  # of the wall's width, shared by cards in no theme and themes


def _settings(step: Step) -> SortSettings:
    assert isinstance(step.settings, SortSettings), f"expected a sort, got {step.kind}"
    return step.settings


def _may_sort(step: Step) -> bool:
    return _settings(step).who == "all" and step.phase == "open"


def _card(view: View, step: Step, name: str) -> Idea | None:
    """A card that may be seen here."""
    idea = view.state.ideas.by_id.get(IdeaId(name))
    there = idea is not None and seen(view.state, idea) and sorting.concerns(view.state, step, idea)
    return idea if there else None


def _cards(state: State, step: Step) -> list[Idea]:
    return [i for i in sorting.sorted_ideas(state, step) if seen(state, i)]


def _unsorted(state: State, step: Step) -> int:
    return sum(sorting.theme_of(state, step, i) is None for i in _cards(state, step))


def _inside(state: State, step: Step, theme: Theme) -> int:
    """How many cards of a theme may be seen here."""
    cards = (state.ideas.by_id[i] for i in theme.ideas)
    return sum(seen(state, i) and sorting.concerns(state, step, i) for i in cards)


# The phone


def _act(view: View, step: Step, name: str) -> Slot:
    of = inputs.inputs(view.state, step)
    hidden = [s.title for s in view.state.steps if s.id in of and not s.shows and s.opened_at]
    args = {"step": step, "open": _may_sort(step), "unrevealed": hidden[:1]}
    return Slot("root", "30", "phone/sort.html", args)


def _count(view: View, step: Step, name: str) -> Slot:
    return Slot("crowd", "", "phone/unsorted.html", {"left": _unsorted(view.state, step)})


def _idea(view: View, step: Step, name: str) -> Slot | None:
    state, idea = view.state, _card(view, step, name)
    if idea is None:
        return None
    theme, mover = (
        sorting.theme_of(state, step, idea),
        state.people.by_id.get(sorting.placed_in(step, idea).by),
    )
    args = {
        "idea": idea,
        "theme": theme,
        "open": _may_sort(step),
        "mover": mover,
        "by_desk": mover is not None and mover.role in LEADS,
    }
    return Slot(f"in-{theme.id}" if theme else "unsorted", order(idea.number), "phone/card.html", args)


def _theme(view: View, step: Step, name: str) -> Slot | None:
    theme = sorting.theme_in(view.state, step, name)
    if theme is None:
        return None
    args = {"theme": theme, "cards": _inside(view.state, step, theme), "open": _may_sort(step)}
    return Slot("themes", order(theme.number), "phone/theme.html", args)


def _pick(view: View, step: Step, name: str) -> Slot | None:
    theme = sorting.theme_in(view.state, step, name)
    if theme is None or not _may_sort(step):
        return None
    return Slot("themes-to-pick", order(theme.number), "phone/pick.html", {"theme": theme})


def _group(view: View, step: Step, name: str) -> Slot | None:
    return Slot("bar", "10", "phone/group.html") if _may_sort(step) else None


def _keys(view: View, step: Step) -> Iterator[str]:
    yield "group"
    themes = sorting.live_themes(view.state, step)
    yield from (f"theme-{t.id}" for t in themes)
    yield from (f"pick-{t.id}" for t in themes)
    yield from (f"idea-{i.id}" for i in sorting.sorted_ideas(view.state, step))


PHONE = PhoneFace(
    asks=lambda state, step: _may_sort(step) and bool(_cards(state, step)),
    keys=_keys,
    slots={"act": _act, "count": _count, "idea": _idea, "theme": _theme, "pick": _pick, "group": _group},
    affects={
        Touch.COUNT: lambda _: ("count",),
        Touch.LATE: lambda _: ("bar",),  # with the first card there is something to be done with
        "theme": lambda theme: (f"theme-{theme}", f"pick-{theme}"),
        "idea": lambda idea: (f"idea-{idea}",),
    },
)


# The wall


def _stage(view: View, step: Step, name: str) -> Slot:
    """What is in no theme yet takes the less of the width the less it is, but never so little that it cannot be read."""
    state = view.state
    themes, left = len(sorting.live_themes(state, step)), _shown_unsorted(state, step)
    cards = max(1, len(_cards(state, step)))
    share = min(SIXTHS - 2, max(1, round(SIXTHS * left / cards))) if left and themes else SIXTHS * bool(left)
    args = {"step": step, "themes": themes, "unsorted": left, "left": share}
    return Slot("root", "30", "screen/sort.html", args)


def _shown_unsorted(state: State, step: Step) -> int:
    return _unsorted(state, step) if state.ideas.numbers <= MOST_SORTED else 0


def _theme_on_screen(view: View, step: Step, name: str) -> Slot | None:
    theme = sorting.theme_in(view.state, step, name)
    if theme is None:
        return None
    args = {"theme": theme, "cards": _inside(view.state, step, theme)}
    return Slot("themes", order(theme.number), "screen/theme.html", args)


def _card_on_screen(view: View, step: Step, name: str) -> Slot | None:
    idea = _card(view, step, name)
    theme = sorting.theme_of(view.state, step, idea) if idea else None
    if idea is None or view.state.ideas.numbers > MOST_SORTED:
        return None
    place = order(sorting.placed_in(step, idea).rev if theme else idea.number)
    where = f"in-{theme.id}" if theme else "unsorted"
    return Slot(where, place, "screen/idea.html", {"idea": idea, "author": ""})


def _screen_keys(view: View, step: Step) -> Iterator[str]:
    themes = sorting.live_themes(view.state, step)
    yield from (f"theme-{t.id}" for t in themes)
    if view.state.ideas.numbers <= MOST_SORTED:
        yield from (f"idea-{i.id}" for i in sorting.sorted_ideas(view.state, step))


def _tally(view: View, step: Step) -> tuple[str, dict[str, Any]]:
    themes = len(sorting.live_themes(view.state, step))
    return "screen/tally-sort.html", {"number": _unsorted(view.state, step), "themes": themes}


SCREEN = ScreenFace(
    keys=_screen_keys,
    slots={"stage": _stage, "theme": _theme_on_screen, "idea": _card_on_screen},
    affects={
        Touch.COUNT: lambda _: ("stage", "tally"),
        Touch.THEMES: lambda _: ("stage", "tally"),
        "theme": lambda theme: (f"theme-{theme}",),
        "idea": lambda idea: (f"idea-{idea}",),
    },
    things=lambda view, step: len(_cards(view.state, step)) + len(sorting.live_themes(view.state, step)),
    tally=_tally,
)


# The desk


def _listed(state: State, idea: Idea) -> bool:
    return idea.number in listed(state, idea.step, state.page % parts_of(state, idea.step))


def _parts(view: View, step: Step) -> int:
    state = view.state
    return max((parts_of(state, i) for i in inputs.inputs(state, step)), default=1)


def _desk_keys(view: View, step: Step) -> Iterator[str]:
    yield from ("stage", "tools", "unsorted")
    themes = sorting.live_themes(view.state, step)
    yield from (f"theme-{t.id}" for t in themes)
    yield from (f"pick-{t.id}" for t in themes)
    yield from (f"idea-{i.id}" for i in sorting.sorted_ideas(view.state, step) if _listed(view.state, i))


def _desk_stage(view: View, step: Step, name: str) -> Slot:
    return Slot("centre", "50", "desk/sort.html", {"step": step})


def _card_on_desk(view: View, step: Step, name: str) -> Slot | None:
    idea = _card(view, step, name)
    if idea is None or not _listed(view.state, idea):
        return None
    theme = sorting.theme_of(view.state, step, idea)
    names = theme is not None and theme.title == opening(idea.text, TITLE.most)
    called = letters_of(view.state, theme) if theme and gave(theme, idea) else ""
    args = {"idea": idea, "entered": idea.source != "phone", "theme": theme, "names": names, "called": called}
    return Slot(f"in-{theme.id}" if theme else "in-none", order(idea.number), "desk/card.html", args)


def _theme_on_desk(view: View, step: Step, name: str) -> Slot | None:
    theme = sorting.theme_in(view.state, step, name)
    if theme is None:
        return None
    args = {"theme": theme, "cards": _inside(view.state, step, theme)}
    return Slot("themes", order(theme.number), "desk/theme.html", args)


def _pick_on_desk(view: View, step: Step, name: str) -> Slot | None:
    theme = sorting.theme_in(view.state, step, name)
    return Slot("themes-to-pick", order(theme.number), "desk/pick.html", {"theme": theme}) if theme else None


def _still_unsorted(view: View, step: Step, name: str) -> Slot:
    args = {"left": _unsorted(view.state, step), "cards": len(_cards(view.state, step))}
    return Slot("unsorted-head", "", "desk/unsorted.html", args)


def _tools(view: View, step: Step, name: str) -> Slot:
    """What concerns two themes at once."""
    return Slot("tools-place", "", "desk/tools.html", {"themes": sorting.live_themes(view.state, step)})


def _counted(view: View, step: Step) -> dict[str, Any]:
    cards = _cards(view.state, step)
    placed = sum(sorting.theme_of(view.state, step, i) is not None for i in cards)
    return {"cards": len(cards), "sorted": placed, "themes": len(sorting.live_themes(view.state, step))}


def _awaits(state: State, step: Step) -> str:
    return "" if sorting.live_themes(state, step) else N_("Cards are being sorted: no theme yet.")


DESK = DeskFace(
    awaits=_awaits,
    works=True,
    wide=True,
    keys=_desk_keys,
    slots={
        "stage": _desk_stage,
        "idea": _card_on_desk,
        "theme": _theme_on_desk,
        "pick": _pick_on_desk,
        "unsorted": _still_unsorted,
        "tools": _tools,
    },
    affects={
        Touch.COUNT: lambda _: ("unsorted",),
        Touch.THEMES: lambda _: ("tools",),
        "theme": lambda theme: (f"theme-{theme}", f"pick-{theme}"),
        "idea": lambda idea: (f"idea-{idea}",),
    },
    parts=_parts,
    counts=_counted,
    counted_in="desk/counts-sort.html",
)
