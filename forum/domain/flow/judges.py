"""The flow of a forum: how each command is judged, and which facts it makes."""

from typing import cast

from forum.domain import choosing, inputs, things
from forum.domain.choosing import Chosen
from forum.domain.dates import parse_year, today
from forum.domain.flow.folds import placed
from forum.domain.flow.words import (
    MAX_ALL_STEPS,
    MAX_STEPS,
    STEP_MINUTES,
    TIMER_SECONDS,
    CloseStep,
    EditForum,
    EditStep,
    ExtendTimer,
    ForumEdited,
    FreezeStep,
    InsertStep,
    MoveStep,
    OpenStep,
    PageTurned,
    RemoveStep,
    ReopenStep,
    RevealStep,
    SetTimer,
    ShortenTimer,
    SkipStep,
    StepClosed,
    StepEdited,
    StepFrozen,
    StepInserted,
    StepMoved,
    StepOpened,
    StepRemoved,
    StepReopened,
    StepRevealed,
    StepSkipped,
    StopTimer,
    TimerSet,
    TimerStopped,
    TurnPage,
)
from forum.domain.kernel import (
    Asked,
    Facts,
    Millis,
    Rejection,
    SessionId,
    StepId,
)
from forum.domain.sessions import reading
from forum.domain.settings import KindSettings, Settings, tag
from forum.domain.state import State, Step, change
from forum.domain.steps import kinds


def _known(state: State, step: StepId) -> Step | Rejection:
    return state.step(step) or Rejection("F1", "no_step")


def _current(state: State, step: StepId) -> Step | Rejection:
    found = _known(state, step)
    if isinstance(found, Step) and state.current != step:
        return Rejection("F1", "not_current")
    return found


def leave(state: State) -> Facts | Rejection:
    """The facts that end the current step, if there is one."""
    now = state.now
    if now is None or now.phase in ("closed", "skipped"):
        return ()
    if now.settings.counted and now.phase == "open":
        return Rejection("F4", "vote_open")
    return (StepClosed(now.id),)


def timer_off(state: State) -> Facts:
    """A countdown belongs to the step it was started in."""
    return (TimerStopped(),) if state.timer else ()


def open_step(state: State, command: OpenStep, asked: Asked) -> Facts | Rejection:
    step = _known(state, command.step)
    if isinstance(step, Rejection):
        return step
    if step.session != state.sessions.live:
        return Rejection("D1", "resting" if reading.rests(state) else "other_session")
    if state.current == step.id:
        return (
            Rejection("F1", "already_so")
            if step.phase == "open"
            else reopen_step(state, ReopenStep(step.id, command.choices), asked)
        )
    left = leave(state)
    if isinstance(left, Rejection):
        return left
    begun = kinds.of(step).on_open(state, step, command.choices)
    if isinstance(begun, Rejection):
        return begun
    shown = tuple(StepRevealed(board) for board in inputs.hidden(state, step))
    of = None if step.opened_at else inputs.inputs(state, step)
    return (*left, *timer_off(state), *shown, StepOpened(step.id, of), *begun)


def freeze_step(state: State, command: FreezeStep, asked: Asked) -> Facts | Rejection:
    step = _current(state, command.step)
    if isinstance(step, Rejection):
        return step
    if step.phase != "open":
        return Rejection("F3", "already_so")
    if step.settings.counted:
        return close_step(state, CloseStep(step.id), asked)
    return (StepFrozen(step.id), *timer_off(state))


def reopen_step(state: State, command: ReopenStep, asked: Asked) -> Facts | Rejection:
    step = _current(state, command.step)
    if isinstance(step, Rejection):
        return step
    if step.phase == "open":
        return Rejection("F2", "already_so")
    begun = kinds.of(step).on_open(state, step, command.choices)
    return begun if isinstance(begun, Rejection) else (StepReopened(step.id), *begun)


def reveal_step(state: State, command: RevealStep, asked: Asked) -> Facts | Rejection:
    step = _current(state, command.step)
    if isinstance(step, Rejection):
        return step
    if step.revealed:
        return Rejection("F5", "already_so")
    if not step.settings.reveals:
        return Rejection("F5", "nothing_to_reveal")
    if step.settings.counted and step.phase == "open":
        return Rejection("F5", "not_closed")
    refused = kinds.of(step).before_reveal(state, step, command.knowing)
    few = kinds.of(step).before_reveal(state, step, False) is not None  # and the desk has said that it knows
    return refused or (StepRevealed(step.id, few), *timer_off(state), *kinds.of(step).on_reveal(state, step))


def close_step(state: State, command: CloseStep, asked: Asked) -> Facts | Rejection:
    step = _current(state, command.step)
    if isinstance(step, Rejection):
        return step
    return (
        Rejection("F3", "already_so") if step.phase == "closed" else (StepClosed(step.id), *timer_off(state))
    )


def skip_step(state: State, command: SkipStep, asked: Asked) -> Facts | Rejection:
    step = _known(state, command.step)
    if isinstance(step, Rejection):
        return step
    if step.phase == "open" and step.settings.counted:
        return Rejection("F4", "vote_open")
    return Rejection("F6", "already_so") if step.phase == "skipped" else (StepSkipped(step.id),)


def insert_step(state: State, command: InsertStep, asked: Asked) -> Facts | Rejection:
    before = _known(state, command.before) if command.before is not None else None
    if isinstance(before, Rejection):
        return before
    session = command.session or (before.session if before else reading.in_view(state).id)
    refused = _no_room(state, session) or _elsewhere(session, before)
    if refused:
        return refused
    if state.step(command.step):
        return Rejection("F1", "already_so")
    settings = _chosen(command.settings, command.chosen)
    if isinstance(settings, Rejection):
        return settings
    if not kinds.KINDS[tag(settings)].sensible(settings) or not STEP_MINUTES.holds(command.minutes):
        return Rejection("F6", "bad_step")
    made = Step(
        id=command.step,
        settings=settings,
        title=command.title,
        instruction=command.instruction,
        minutes=command.minutes,
        session=session,
    )
    refused = inputs.refused(state, made, getattr(made.settings, "of", ()))
    if refused:
        return refused
    return (StepInserted(made, before.id if before else reading.behind(state, session)),)


def _no_room(state: State, session: SessionId) -> Rejection | None:
    """Why a session takes no more steps."""
    found = state.sessions.get(session)
    if found is None:
        return Rejection("D1", "no_session")
    if found.phase == "over":
        return Rejection("D1", "session_over")
    full = len(reading.steps_of(state, session)) >= MAX_STEPS or len(state.steps) >= MAX_ALL_STEPS
    limits = {"limit": MAX_STEPS, "count": MAX_ALL_STEPS}
    return Rejection("F6", "too_many_steps", limits) if full else None


def _elsewhere(session: SessionId, before: Step | None) -> Rejection | None:
    return Rejection("D1", "other_session") if before and before.session != session else None


def remove_step(state: State, command: RemoveStep, asked: Asked) -> Facts | Rejection:
    step = _known(state, command.step)
    if isinstance(step, Rejection):
        return step
    used = step.opened_at or state.current == step.id or things.any_in(state, step)
    return Rejection("F6", "step_used") if used else (StepRemoved(step.id),)


def move_step(state: State, command: MoveStep, asked: Asked) -> Facts | Rejection:
    step = _known(state, command.step)
    if isinstance(step, Rejection):
        return step
    if command.before == command.step:
        return Rejection("F2", "already_so")
    before = _known(state, command.before) if command.before is not None else None
    if isinstance(before, Rejection):
        return before
    refused = _elsewhere(step.session, before)
    if refused:
        return refused
    place = before.id if before else reading.behind(state, step.session)
    stands = placed(state.steps, step, place) == state.steps
    return Rejection("F2", "already_so") if stands else (StepMoved(step.id, place),)


def edit_step(state: State, command: EditStep, asked: Asked) -> Facts | Rejection:
    step = _known(state, command.step)
    if isinstance(step, Rejection):
        return step
    settings = _edited(state, step, command)
    if isinstance(settings, Rejection):
        return settings
    minutes = step.minutes if command.minutes is None else command.minutes
    if minutes != step.minutes and not STEP_MINUTES.holds(minutes):
        return Rejection("F6", "bad_step")
    return (
        StepEdited(
            step.id,
            title=command.title or step.title,
            instruction=command.instruction or step.instruction,
            minutes=minutes,
            phones_down=step.phones_down if command.phones_down is None else command.phones_down,
            settings=settings if settings != step.settings else None,
            hint=command.hint if command.hint != step.hint else None,
        ),
    )


def _edited(state: State, step: Step, command: EditStep) -> Settings | Rejection:
    """A step's settings as this would have them."""
    settings, kind = _chosen(step.settings, command.chosen, begun=bool(step.opened_at)), kinds.of(step)
    if isinstance(settings, Rejection):
        return settings
    other = _about(settings) != _about(step.settings)  # about something else: what was ticked is not that
    of = None if command.of is None or other else inputs.in_order(state, command.of)
    if of is not None and of != inputs.inputs(state, step):
        refused = inputs.refused(state, step, of, kind.in_use(state, step))
        if refused:
            return refused
        settings = change(settings, of=of)
    refused = kind.may_become(step, settings)
    if refused:
        return refused
    return settings if kind.sensible(settings) else Rejection("F6", "bad_step")


def _chosen(settings: Settings, given: Chosen, *, begun: bool = False) -> Settings | Rejection:
    """The settings with what the desk chose; where they are about something else, it is proposed from which steps."""
    made = choosing.chosen(settings, given.get(tag(settings), {}), begun=begun)
    if isinstance(made, Rejection):
        return made
    if _about(made) != _about(settings) and getattr(made, "of", None):
        made = change(made, of=())
    return cast(Settings, made)


def _about(settings: KindSettings) -> tuple[str, bool]:
    """From which steps it can take."""
    return settings.takes, settings.from_kept


def edit_forum(state: State, command: EditForum, asked: Asked) -> Facts | Rejection:
    horizon = state.horizon if command.horizon is None else parse_year(command.horizon)
    if horizon is None:
        return Rejection("F9", "bad_year", {"example": today(asked.at).year + 5})
    zone = state.zone if command.zone is None else command.zone
    edited = ForumEdited(command.title or state.title, command.question or state.question, horizon, zone)
    stands = edited == ForumEdited(state.title, state.question, state.horizon, state.zone)
    return Rejection("F9", "already_so") if stands else (edited,)


def set_timer(state: State, command: SetTimer, asked: Asked) -> Facts | Rejection:
    if not TIMER_SECONDS.holds(command.seconds):
        return Rejection("F7", "bad_time")
    return (TimerSet(ends_at=Millis(asked.at + 1000 * command.seconds), seconds=command.seconds),)


def extend_timer(state: State, command: ExtendTimer, asked: Asked) -> Facts | Rejection:
    if not TIMER_SECONDS.holds(command.seconds):
        return Rejection("F7", "bad_time")
    start = max(state.timer.ends_at, asked.at) if state.timer else asked.at
    seconds = command.seconds + (state.timer.seconds if state.timer else 0)
    return (TimerSet(ends_at=Millis(start + 1000 * command.seconds), seconds=seconds),)


def shorten_timer(state: State, command: ShortenTimer, asked: Asked) -> Facts | Rejection:
    if not TIMER_SECONDS.holds(command.seconds):
        return Rejection("F7", "bad_time")
    if state.timer is None or state.timer.ends_at <= asked.at:
        return Rejection("F7", "already_so")
    ends_at = max(state.timer.ends_at - 1000 * command.seconds, asked.at)
    seconds = max(state.timer.seconds - command.seconds, TIMER_SECONDS.least)
    return (TimerSet(ends_at=Millis(ends_at), seconds=seconds),)


def stop_timer(state: State, command: StopTimer, asked: Asked) -> Facts | Rejection:
    return (TimerStopped(),) if state.timer else Rejection("F7", "already_so")


def turn_page(state: State, command: TurnPage, asked: Asked) -> Facts | Rejection:
    return (PageTurned(page=command.page),)
