"""Where an action comes from, and what became of a card: the chain of provenance, read in both directions. Pure queries.

Cards and votes that nobody may read yet are in neither.
"""

from collections.abc import Iterable
from typing import NamedTuple

from forum.domain import things
from forum.domain.kernel import IdeaId, ThemeId
from forum.domain.plan.numbers import Placed, all_coded
from forum.domain.plan.record import Action
from forum.domain.state import State
from forum.domain.steps.board import seen
from forum.domain.steps.sorting import themes_of
from forum.domain.steps.themes import Theme
from forum.domain.steps.voting import result


class Voted(NamedTuple):
    """What a revealed vote said of a theme or a card."""

    vote: str  # id of the step
    thing: str  # id
    title: str
    rank: int
    points: int | None  # of a vote by points
    supporters: int | None
    voters: int


class Origin(NamedTuple):
    """Where an action comes from."""

    themes: tuple[Theme, ...]
    sizes: tuple[int, ...]  # of each theme: how many cards are in it
    ideas: int  # cards that it was linked to itself
    votes: tuple[Voted, ...]  # of the last revealed vote over its themes, or over its cards

    @property
    def supporters(self) -> int:
        return max((vote.supporters or 0 for vote in self.votes), default=0)


class Became(NamedTuple):
    """What became of a card."""

    themes: tuple[Theme, ...]  # it was put into
    actions: tuple[Placed, ...]  # linked to it
    beside: tuple[Placed, ...]  # made of one of these themes, and linked to no card


class Roots(NamedTuple):
    """The themes and cards from which an action comes, by their ids; actions beside each other often share them."""

    themes: tuple[ThemeId, ...]
    ideas: tuple[IdeaId, ...]  # those that it names


def roots(state: State, action: Action) -> Roots:
    """Those of an action: where it names no theme, its axis's."""
    return Roots(action.themes or state.plan.axes[action.axis].themes, action.ideas)


def origin(state: State, come: Roots) -> Origin:
    """What is told of them. Cost: their cards, and the agenda."""
    themes = tuple(state.themes.by_id[t] for t in come.themes if t in state.themes.by_id)
    sizes = tuple(_known(state, theme.ideas) for theme in themes)
    votes = _votes(state, "theme", come.themes) or _votes(state, "idea", come.ideas)
    return Origin(themes, sizes, _known(state, come.ideas), votes)


def _known(state: State, ideas: Iterable[IdeaId]) -> int:
    """How many of these cards may be read."""
    return sum(seen(state, idea) for i in ideas if (idea := state.ideas.by_id.get(i)))


def became_of(state: State, ideas: Iterable[IdeaId]) -> dict[IdeaId, Became]:
    """What became of several cards. Cost: the plan, for each of them."""
    coded = all_coded(state)
    return {idea: _became(state, idea, coded) for idea in ideas}


def _became(state: State, idea: IdeaId, coded: tuple[Placed, ...]) -> Became:
    found = state.ideas.by_id[idea]
    themes = tuple(state.themes.by_id[t] for t in themes_of(state, found))
    into = {theme.id for theme in themes}
    axes = {axis.id for axis in state.plan.axes.values() if into & set(axis.themes)}

    def of_theme(action: Action) -> bool:
        named = bool(into & set(action.themes)) if action.themes else action.axis in axes
        return named and not action.ideas

    return Became(
        themes,
        actions=tuple(one for one in coded if idea in one.action.ideas),
        beside=tuple(one for one in coded if of_theme(one.action)),
    )


def _votes(state: State, thing: str, names: tuple[str, ...]) -> tuple[Voted, ...]:
    """What the last revealed vote over things of a kind says of these."""
    for step in reversed(state.steps):
        counted = result(state.rounds.latest(step.id)) if step.settings.takes == thing else None
        lines = [line for line in counted.lines if line.option in names] if counted else []
        if counted and lines:
            return tuple(
                Voted(
                    step.id,
                    line.option,
                    things.words(state, thing, line.option),
                    line.rank,
                    line.numbers.get("points"),
                    line.numbers.get("supporters"),
                    counted.voters,
                )
                for line in lines
            )
    return ()
