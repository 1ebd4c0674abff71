"""Boards as others ask for them. Pure queries."""

from forum.domain.kernel import Asked
from forum.domain.settings import BoardSettings, Column
from forum.domain.state import State, Step, takes


def taking(state: State, asked: Asked) -> tuple[Step, ...]:
    """Those that take cards now, in the order of the agenda."""
    return tuple(s for s in state.steps if isinstance(s.settings, BoardSettings) and takes(state, s, asked))


def columns(step: Step) -> tuple[Column, ...]:
    """The columns of a board; none of any other step."""
    return step.settings.columns if isinstance(step.settings, BoardSettings) else ()
