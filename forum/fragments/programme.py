"""The line of the day: what the room is asked for in a session, in order, and where it is."""

from typing import Literal, NamedTuple

from forum.domain.sessions import reading
from forum.domain.state import State, Step

Where = Literal["done", "now", "ahead"]


class Stop(NamedTuple):
    """One step in which people are asked for something."""

    step: Step
    where: Where


def line(state: State) -> tuple[Stop, ...]:
    """The session that goes on, without what was left out; nothing while the forum rests. Cost: the agenda."""
    if reading.rests(state):
        return ()
    session = state.now.session if state.now else reading.in_view(state).id
    asks = (s for s in reading.steps_of(state, session) if s.settings.asks and s.phase != "skipped")
    return tuple(Stop(step, _where(state, step)) for step in asks)


def _where(state: State, step: Step) -> Where:
    if step.id == state.current:
        return "now"
    return "done" if step.opened_at else "ahead"


def opens_the_day(state: State, step: Step) -> bool:
    """Whether a step is where the question, the rules and the end are said: people listen, and nobody has answered yet."""
    kind = step.settings
    listens = step.phones_down and not (kind.asks or kind.closes or kind.pauses)
    return listens and bool(line(state)) and not any(s.settings.led and s.opened_at for s in state.steps)
