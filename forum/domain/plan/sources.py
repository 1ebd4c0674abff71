"""The plan: what its axes can be made of. Pure queries."""

from collections.abc import Sequence
from typing import Final

from forum.domain.inputs import inputs
from forum.domain.kernel import ThemeId
from forum.domain.plan.record import Axis
from forum.domain.state import State, Step
from forum.domain.steps.rounds import Round
from forum.domain.steps.themes import Theme
from forum.domain.steps.voting import result
from forum.domain.things import given

USUAL: Final = ((150, 2, 3), (300, 3, 4), (600, 4, 6))
"""Up to how many minutes a forum is planned for, and from how few to how many axes such a one can write and pilot."""
USUAL_LONGER: Final = (5, 7)


def writing_step(state: State) -> Step | None:
    """The step in which the plan is written: the current one, else the last that was opened, else the next to come."""
    sheets = [s for s in state.steps if s.settings.makes == "action"]
    current = [s for s in sheets if s.id == state.current]
    opened = [s for s in sheets if s.opened_at]
    return next(iter((*current, *reversed(opened), *sheets)), None)


def best_first(state: State) -> tuple[ThemeId, ...]:
    """The themes of which axes can be made: what the sheet works on, a vote's in the order of its result."""
    step = writing_step(state)
    if step is None or (step.of is None and step.opened_at):
        return _best_of_all(state)
    chosen = [found for i in inputs(state, step) if (found := state.step(i))]
    return tuple(dict.fromkeys(theme for source in chosen for theme in _ranked(state, source)))


def voted_for(state: State, fresh: Sequence[ThemeId], room: int, usual: int) -> frozenset[ThemeId]:
    """Which of these themes are proposed as axes: those that a vote has given anything, equals together or not at all, at
    most ``usual``, and the first rank as far as there is ``room``; where no vote tells, the first ones."""
    step = writing_step(state)
    sources = [found for i in inputs(state, step) if (found := state.step(i))] if step else []
    counted = [told for source in sources if (told := result(state.rounds.latest(source.id)))]
    if not counted:
        return frozenset(fresh[: min(room, usual)])
    ranks: dict[tuple[int, int], list[ThemeId]] = {}
    for vote, told in enumerate(counted):
        for line in told.lines:
            if line.score and line.option in fresh:
                ranks.setdefault((vote, line.rank), []).append(ThemeId(line.option))
    spoken: set[ThemeId] = set()
    for equals in ranks.values():
        if len(spoken | set(equals)) > (min(room, usual) if spoken else room):
            break
        spoken |= set(equals)
    return frozenset(spoken)


def usual_axes(minutes: int) -> tuple[int, int]:
    """From how few to how many axes suit a forum of so many minutes."""
    return next(((few, many) for upto, few, many in USUAL if minutes <= upto), USUAL_LONGER)


def weighed_by(state: State) -> Round | None:
    """The vote by whose result the themes are proposed as axes, once it is revealed; of several the first."""
    step = writing_step(state)
    rounds = [state.rounds.latest(source) for source in inputs(state, step)] if step else []
    return next((round_ for round_ in rounds if round_ and result(round_)), None)


def come_from(state: State, axis: Axis) -> tuple[Theme, ...]:
    """The themes that an axis was made from, by the letters they have kept."""
    return tuple(state.themes.by_id[t] for t in axis.themes if t in state.themes.by_id)


def offers(state: State, theme: Theme) -> bool:
    """Say whether the sheet works on this theme."""
    step = writing_step(state)
    if step is None or (step.of is None and step.opened_at):
        return not theme.removed
    return not theme.removed and any(theme.sort == maker.own for maker in _makers(state, step))


def _makers(state: State, step: Step) -> list[Step]:
    """The sorts whose themes a step works on, directly or by a vote over them."""
    sources = [found for i in inputs(state, step) if (found := state.step(i))]
    return [m for s in sources for m in ([s] if s.settings.makes == "theme" else _makers(state, s))]


def _ranked(state: State, source: Step) -> tuple[ThemeId, ...]:
    """What a step gives: of a vote its options, as its result ranks them, and after them what it was not over."""
    counted = result(state.rounds.latest(source.id))
    ranked = tuple(ThemeId(line.option) for line in counted.lines) if counted else ()
    makers = [source] if source.settings.makes == "theme" else _makers(state, source)
    order = tuple(map(ThemeId, given(state, "theme", [m.id for m in makers])))
    return (*(t for t in ranked if t in order), *(t for t in order if t not in ranked))


def _best_of_all(state: State) -> tuple[ThemeId, ...]:
    """Every theme, in the order of the last revealed vote over themes; those without a result after. For old journals."""
    order = tuple(t for t in state.themes.order if not state.themes.by_id[t].removed)
    for step in reversed(state.steps):
        counted = result(state.rounds.latest(step.id))
        if counted and step.settings.takes == "theme":
            ranked = [ThemeId(line.option) for line in counted.lines if line.option in order]
            return (*ranked, *(t for t in order if t not in ranked))
    return order
