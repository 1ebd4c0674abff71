"""What the facilitator would do next: the one sensible gesture, and less prominent ones beside it. Pure.

It proposes, and the rules decide. A gesture named here may still be refused, and another one may still be
asked for.
"""

from typing import Literal, NamedTuple

from forum.domain import choosing, inputs
from forum.domain.flow import MAX_ALL_STEPS, MAX_STEPS
from forum.domain.kernel import StepId
from forum.domain.plan.reading import live_axes
from forum.domain.sessions import reading
from forum.domain.sessions.record import Session
from forum.domain.settings import KindSettings
from forum.domain.state import State, Step
from forum.domain.steps import voting
from forum.domain.steps.kinds import KINDS
from forum.fragments.kinds import DESK

Word = Literal["begin", "cards", "close", "result", "next", "finish"]
Lack = Literal["", "cards", "axes", "made"]


class Gesture(NamedTuple):
    """A command about a step, and the word under which templates name its button."""

    command: str
    step: Step
    word: Word


def lacking(state: State) -> Lack:
    """What is not there yet, so that the gesture that comes next would show nothing, or ask for what nobody can give."""
    now = state.now
    if now is None:
        return ""
    if _shows_cards(now):
        return "" if state.ideas.active.get(now.id) else "cards"
    following, waits = next_step(state), awaited(state)
    goes_there = following is not None and following.settings.on_plan
    needs_plan = goes_there or (now.settings.plans and bool(waits))
    return "axes" if needs_plan and not live_axes(state) else "made" if waits else ""


def awaited(state: State) -> str:
    """What the current step waits for, as a message id; "" where nothing is waited for, or it has come."""
    now = state.now
    return DESK[now.kind].awaits(state, now) if now and now.phase == "open" else ""


def _shows_cards(now: Step) -> bool:
    kind = now.settings
    return kind.reveals and not kind.counted and not now.shows and now.phase != "skipped"


def main_gesture(state: State) -> Gesture | None:
    """The one thing to do now; None while what it would show is ``lacking``, and when no session is going on."""
    now = state.now
    if now is None:
        here = reading.steps_of(state, state.sessions.live)
        first = next((s for s in here if s.phase != "skipped"), None)
        return Gesture("OpenStep", first, "begin") if first else None
    kind = now.settings
    if _shows_cards(now):
        return None if lacking(state) else Gesture("RevealStep", now, "cards")
    if kind.counted and now.phase == "open":
        return Gesture("CloseStep", now, "close")
    held = voting.few(state, now)
    kept = held is not None and held.promised  # the result is never shown: the forum goes on without it
    if kind.counted and now.phase == "closed" and not now.revealed and not kept:
        return Gesture("RevealStep", now, "result")
    return None if lacking(state) else _onward(state, now)


def _onward(state: State, now: Step) -> Gesture:
    """To the next step, or to the end of the session."""
    following = next_step(state)
    return Gesture("OpenStep", following, "next") if following else Gesture("EndSession", now, "finish")


def quiet_gestures(state: State) -> tuple[str, ...]:
    """Names of the other commands that make sense for the current step, in the order to show them."""
    now = state.now
    if now is None:
        return ()
    leading = main_gesture(state)
    found = []
    goes_on = now.settings.asks and not now.settings.counted
    if now.phase == "open" and goes_on:
        found.append("FreezeStep")
    if now.phase in ("frozen", "closed", "skipped"):
        found.append("ReopenStep")
    if now.phase in ("open", "frozen") and goes_on:
        found.append("CloseStep")
    return tuple(c for c in found if leading is None or (c, now.id) != (leading.command, leading.step.id))


def gesture_aside(state: State) -> Gesture | None:
    """The gesture that leads on, where it is not already the main one and would not be refused."""
    now, leading = state.now, main_gesture(state)
    voting = now is not None and now.settings.counted and now.phase == "open"
    if now is None or voting or (leading is not None and leading.word in ("next", "finish")):
        return None
    onward = _onward(state, now)
    return onward if leading is None or onward.word == "next" else None


def next_step(state: State) -> Step | None:
    """The step after the current one in this session, those left out passed over."""
    now, here = state.now, reading.steps_of(state, state.sessions.live)
    after = here[here.index(now) + 1 :] if now else here
    return next((s for s in after if s.phase != "skipped"), None)


def next_vote(state: State) -> Step | None:
    """The next vote of this session that has not been opened yet, while none is going on."""
    now, here = state.now, reading.steps_of(state, state.sessions.live)
    if now is None or (now.settings.counted and now.phase == "open"):
        return None
    after = here[here.index(now) + 1 :]
    return next((s for s in after if s.settings.counted and s.phase != "skipped"), None)


def offered() -> tuple[tuple[str, KindSettings, tuple[choosing.Field, ...]], ...]:
    """Every kind that can be inserted, with what may be chosen of it."""
    return tuple((name, kind.settings(), choosing.offered(kind.settings)) for name, kind in KINDS.items())


class Line(NamedTuple):
    """A step's line in the agenda."""

    step: Step
    number: int
    current: bool
    before: str | None  # the step before which it would stand one place higher; None: it is the first
    after: str | None  # the step before which it would stand one place lower; None: at the end
    last: bool
    removable: bool
    may_skip: bool
    works_on: tuple[inputs.Input, ...]  # where there are others that it might be about
    ticked: tuple[StepId, ...]  # what it works on
    could: tuple[inputs.Input, ...]  # what it could work on instead; those before it
    offered: tuple[choosing.Field, ...]  # what may be chosen of it now
    unseen: (
        bool  # a vote that was closed and not revealed: it can go on with its list, or with what stands now
    )


class Agenda(NamedTuple):
    """One session's agenda."""

    session: Session
    lines: list[Line]
    planned: int  # minutes
    room: bool  # whether it takes one more step
    goes_on: bool  # whether its steps can be opened


def agendas(state: State) -> list[Agenda]:
    """The agendas as the desk lists them: of the session it works on first, then of those planned, then of those over.

    What was held stays before one's eyes where nothing but a day is to come.
    """
    held, works_on = reading.last_held(state), inputs.every(state)
    over = reading.rests(state) and held is not None and not reading.goes_on(state)
    here = held if over and held else reading.in_view(state)
    others = sorted(
        (s for s in state.sessions.all if s is not here), key=lambda s: (s.phase == "over", -s.ended_at)
    )
    return [_agenda(state, session, works_on) for session in (here, *others)]


def _agenda(state: State, session: Session, works_on: dict[StepId, tuple[StepId, ...]]) -> Agenda:
    steps = reading.steps_of(state, session.id)
    return Agenda(
        session,
        _lines(state, steps, works_on),
        planned=reading.planned(steps),
        room=session.phase != "over" and len(steps) < MAX_STEPS and len(state.steps) < MAX_ALL_STEPS,
        goes_on=session.phase == "live",
    )


def _lines(state: State, agenda: tuple[Step, ...], works_on: dict[StepId, tuple[StepId, ...]]) -> list[Line]:
    return [
        Line(
            step=step,
            number=n + 1,
            current=step.id == state.current,
            before=agenda[n - 1].id if n else None,
            after=agenda[n + 2].id if n + 2 < len(agenda) else None,
            last=n == len(agenda) - 1,
            removable=not step.opened_at and step.id != state.current,
            may_skip=step.phase not in ("skipped", "closed")
            and not (step.settings.counted and step.phase == "open"),
            works_on=inputs.told(state, _all(state.steps, works_on[step.id]))
            if inputs.is_one_of_many(state, step)
            else (),
            ticked=works_on[step.id],
            could=inputs.told(state, inputs.choices(state, step)),
            offered=tuple(f for f in choosing.offered(type(step.settings)) if f.late or not step.opened_at),
            unseen=step.settings.counted and step.phase == "closed" and not step.revealed,
        )
        for n, step in enumerate(agenda)
    ]


def _all(agenda: tuple[Step, ...], of: tuple[StepId, ...]) -> tuple[Step, ...]:
    return tuple(s for s in agenda if s.id in of)
