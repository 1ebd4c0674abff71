"""The line of the day: what the room is asked for in a session, in order, and where it is."""

from typing import Final, Literal, NamedTuple

from forum.domain.kernel import Millis
from forum.domain.sessions import reading
from forum.domain.state import State, Step

Where = Literal["done", "now", "ahead"]
MINUTE_MS: Final = 60_000


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


def ends(state: State) -> Millis | None:
    """When the session that goes on ends, if its steps take from now on what is planned; None while none is open. Cost: the
    agenda.
    """
    now = state.now
    if now is None or reading.rests(state):
        return None
    here = reading.steps_of(state, now.session)
    since = (
        now.resumed_at or now.closed_at
    )  # a step that is closed is over: the next takes its time from then on
    if not since:
        return None
    left = (step for step in here[here.index(now) + (not now.resumed_at) :] if step.phase != "skipped")
    return Millis(since + sum(step.minutes for step in left) * MINUTE_MS)
