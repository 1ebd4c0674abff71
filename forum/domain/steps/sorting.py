"""What lies where in a sort, as others read it. Pure queries."""

from forum.domain.inputs import inputs
from forum.domain.kernel import StepId, ThemeId
from forum.domain.state import State, Step
from forum.domain.steps.board import seen
from forum.domain.steps.ideas import Idea, Placing
from forum.domain.steps.themes import Theme

NOWHERE = Placing(None, 0)


def sorted_ideas(state: State, step: Step) -> tuple[Idea, ...]:
    """The active cards that a sorting step is about, in the order they came. Cost: the boards' cards."""
    boards = inputs(state, step)
    ideas = (i for b in boards for i in state.ideas.order.get(b, {}).values())
    active = (state.ideas.by_id[i] for i in ideas if state.ideas.by_id[i].state == "active")
    return tuple(sorted(active, key=lambda i: i.number))


def concerns(state: State, step: Step, idea: Idea) -> bool:
    """Say whether a sorting step is about this card's board."""
    return idea.step in inputs(state, step)


def begun(state: State) -> tuple[Step, ...]:
    """The sorts that have been opened, in the order of the agenda."""
    return tuple(step for step in state.steps if step.settings.makes == "theme" and step.opened_at)


def in_use(state: State, step: Step) -> frozenset[StepId]:
    """The boards of which cards lie in a theme of this sort. Cost: its cards."""
    return frozenset(state.ideas.by_id[i].step for theme in live_themes(state, step) for i in theme.ideas)


def live_themes(state: State, step: Step) -> tuple[Theme, ...]:
    """The themes of a sorting step, in the order in which they were made. Cost: the forum's themes."""
    made = (state.themes.by_id[t] for t in state.themes.order)
    return tuple(t for t in made if t.sort == step.own and not t.removed)


def theme_in(state: State, step: Step | None, name: str) -> Theme | None:
    """A theme by its id, when it stands and is of this sort."""
    theme = state.themes.by_id.get(ThemeId(name))
    there = theme is not None and step is not None and not theme.removed and theme.sort == step.own
    return theme if there and step and step.settings.makes == "theme" else None


def theme_of(state: State, step: Step, idea: Idea) -> Theme | None:
    """In which theme a card lies in a sorting step; None when in none."""
    placing = idea.placed.get(step.own)
    theme = state.themes.by_id[placing.theme] if placing and placing.theme else None
    return theme if theme and not theme.removed else None


def in_no_theme(state: State, step: Step) -> tuple[Idea, ...]:
    """The cards of a sort that lie in no theme of it and may be seen (B2), in the order they came. Cost: its cards."""
    return tuple(i for i in sorted_ideas(state, step) if theme_of(state, step, i) is None and seen(state, i))


def left_out(state: State, step: Step) -> dict[StepId, tuple[Idea, ...]]:
    """The cards on which a step that works on themes says nothing, by the sort that left them in no theme.

    Sorts that left none are not in it; nothing is where it works on anything else. Cost: the sorts' cards.
    """
    if step.settings.takes != "theme":
        return {}
    sorts = [s for i in inputs(state, step) if (s := state.step(i)) and s.settings.makes == "theme"]
    return {s.id: alone for s in sorts if (alone := in_no_theme(state, s))}


def placed_in(step: Step, idea: Idea) -> Placing:
    """Where a card was put in a sort, by whom and when; ``NOWHERE`` when nobody has."""
    return idea.placed.get(step.own, NOWHERE)


def latest_theme(state: State, idea: Idea) -> Theme | None:
    """The theme in which a card lies in the last sort, by the agenda, that has put it into one."""
    sorts = (s for s in reversed(state.steps) if s.settings.makes == "theme")
    return next((theme for s in sorts if (theme := theme_of(state, s, idea))), None)


def themes_of(state: State, idea: Idea) -> tuple[ThemeId, ...]:
    """The themes in which a card lies, one a sort at most, in the order of the agenda."""
    sorts = (s for s in state.steps if s.settings.makes == "theme")
    return tuple(dict.fromkeys(t.id for s in sorts if (t := theme_of(state, s, idea))))
