"""The flow of a forum: its agenda of steps, what each step permits now, the timer.

Steps are reversible: going back, reopening, inserting and skipping destroy nothing.
"""

from forum.domain import steps
from forum.domain.kernel import (
    N_,
    Asked,
    Command,
    Fact,
    Facts,
    Millis,
    Part,
    Record,
    Rejection,
    RoundId,
    StepId,
    Words,
)
from forum.domain.state import Settings, State, Step, Timer, Touch, change

RULES = {
    "F1": N_("One step is current; everybody sees the same one."),
    "F2": N_("Moving between steps destroys nothing: one can always go back and reopen."),
    "F3": N_(
        "Only an open step takes contributions; after the freeze or the close they are refused, never counted late."
    ),
    "F4": N_("Leaving an open vote asks for its close first: no vote is closed in silence."),
    "F5": N_("A vote is revealed only after its close, to everybody at once."),
    "F6": N_("A step that holds contributions is skipped, never removed."),
    "F7": N_("The timer announces; it never closes anything."),
}
REFUSALS = {
    "no_step": N_("This step is no longer in the agenda. Look at the agenda again."),
    "vote_open": N_("The vote is still open. Close it first, then move on."),
    "not_closed": N_("Close the vote first, then reveal its result."),
    "not_current": N_("This step is not the current one. Open it first."),
    "already_so": N_("That is already so. Nothing changed."),
    "step_used": N_("This step holds contributions or is current. Skip it instead of removing it."),
    "bad_time": N_("Choose a time between 10 seconds and 4 hours."),
    "too_many_steps": N_("An agenda holds at most 80 steps. Remove one first."),
    "nothing_to_reveal": N_("This step has nothing to reveal."),
}

MAX_STEPS = 80
TIMER_SECONDS = range(10, 4 * 3600 + 1)


class OpenStep(Command, frozen=True):
    """Make a step current and open it; an earlier one is a way back."""

    step: StepId


class FreezeStep(Command, frozen=True):
    """Stop contributions; everything stays in view."""

    step: StepId


class ReopenStep(Command, frozen=True):
    """Take contributions again. A vote starts a new round."""

    step: StepId


class RevealStep(Command, frozen=True):
    """Show the cards, or a closed vote's result, to everybody at once."""

    step: StepId


class CloseStep(Command, frozen=True):
    """End a step: for a vote, the line after which nothing counts."""

    step: StepId


class SkipStep(Command, frozen=True):
    """Leave a step out this time."""

    step: StepId


class InsertStep(Command, frozen=True):
    """Put a new step into the agenda, before another one or at the end."""

    step: StepId
    settings: Settings
    title: Words
    instruction: Words = Words()
    minutes: int = 10
    before: StepId | None = None


class RemoveStep(Command, frozen=True):
    """Take an unused step out of the agenda."""

    step: StepId


class MoveStep(Command, frozen=True):
    """Put a step before another one, or at the end."""

    step: StepId
    before: StepId | None = None


class EditStep(Command, frozen=True):
    """Change a step's words or planned minutes; what is not given stays."""

    step: StepId
    title: Words | None = None
    instruction: Words | None = None
    minutes: int | None = None
    phones_down: bool | None = None


class EditForum(Command, frozen=True):
    """Change the forum's title or question."""

    title: str = ""
    question: str = ""


class SetTimer(Command, frozen=True):
    """Start a countdown."""

    seconds: int


class ExtendTimer(Command, frozen=True):
    """Give more time; a timer that has run out starts again from now."""

    seconds: int


class StopTimer(Command, frozen=True):
    """Take the countdown away."""


class TurnPage(Command, frozen=True):
    """Show another page of a long board on the screen."""

    page: int


class ForumOpened(Fact, frozen=True):
    """A forum begins. Its steps follow as ``StepInserted``."""

    code: str
    title: str
    lang: str = "fr"
    question: str = ""
    agenda: str = ""


class ForumEdited(Fact, frozen=True):
    title: str
    question: str


class StepInserted(Fact, frozen=True):
    step: Step
    before: StepId | None = None


class StepRemoved(Fact, frozen=True):
    step: StepId


class StepMoved(Fact, frozen=True):
    step: StepId
    before: StepId | None = None


class StepEdited(Fact, frozen=True):
    step: StepId
    title: Words
    instruction: Words
    minutes: int
    phones_down: bool = False


class StepOpened(Fact, frozen=True):
    step: StepId


class StepFrozen(Fact, frozen=True):
    step: StepId


class StepReopened(Fact, frozen=True):
    step: StepId


class StepRevealed(Fact, frozen=True):
    step: StepId


class StepClosed(Fact, frozen=True):
    step: StepId


class StepSkipped(Fact, frozen=True):
    step: StepId


class TimerSet(Fact, frozen=True):
    ends_at: Millis
    seconds: int


class TimerStopped(Fact, frozen=True):
    pass


class PageTurned(Fact, frozen=True):
    page: int


# Judges


def _known(state: State, step: StepId) -> Step | Rejection:
    return state.step(step) or Rejection("F1", "no_step")


def _current(state: State, step: StepId) -> Step | Rejection:
    found = _known(state, step)
    if isinstance(found, Step) and state.current != step:
        return Rejection("F1", "not_current")
    return found


def _leave(state: State, at: Millis) -> Facts | Rejection:
    """The facts that end the current step, if there is one."""
    now = state.now
    if now is None or now.phase in ("closed", "skipped"):
        return ()
    if now.kind == "ballot" and now.phase == "open":
        return Rejection("F4", "vote_open")
    return (StepClosed(now.id),)


def _timer_off(state: State) -> Facts:
    """A countdown belongs to the step it was started in."""
    return (TimerStopped(),) if state.timer else ()


def open_step(state: State, command: OpenStep, asked: Asked) -> Facts | Rejection:
    step = _known(state, command.step)
    if isinstance(step, Rejection):
        return step
    if state.current == step.id:
        return (
            Rejection("F1", "already_so")
            if step.phase == "open"
            else reopen_step(state, ReopenStep(step.id), asked)
        )
    left = _leave(state, asked.at)
    if isinstance(left, Rejection):
        return left
    begun = steps.on_open(state, step, asked)
    if isinstance(begun, Rejection):
        return begun
    shown = tuple(StepRevealed(board) for board in steps.reveals(state, step))
    return (*left, *_timer_off(state), *shown, StepOpened(step.id), *begun)


def freeze_step(state: State, command: FreezeStep, asked: Asked) -> Facts | Rejection:
    step = _current(state, command.step)
    if isinstance(step, Rejection):
        return step
    if step.phase != "open":
        return Rejection("F3", "already_so")
    if step.kind == "ballot":
        return close_step(state, CloseStep(step.id), asked)
    return (StepFrozen(step.id), *_timer_off(state))


def reopen_step(state: State, command: ReopenStep, asked: Asked) -> Facts | Rejection:
    step = _current(state, command.step)
    if isinstance(step, Rejection):
        return step
    if step.phase == "open":
        return Rejection("F2", "already_so")
    begun = steps.on_open(state, step, asked)
    return begun if isinstance(begun, Rejection) else (StepReopened(step.id), *begun)


def reveal_step(state: State, command: RevealStep, asked: Asked) -> Facts | Rejection:
    step = _current(state, command.step)
    if isinstance(step, Rejection):
        return step
    if step.revealed:
        return Rejection("F5", "already_so")
    if step.kind not in ("board", "ballot"):
        return Rejection("F5", "nothing_to_reveal")
    if step.kind == "ballot" and step.phase == "open":
        return Rejection("F5", "not_closed")
    return (StepRevealed(step.id),)


def close_step(state: State, command: CloseStep, asked: Asked) -> Facts | Rejection:
    step = _current(state, command.step)
    if isinstance(step, Rejection):
        return step
    return (
        Rejection("F3", "already_so") if step.phase == "closed" else (StepClosed(step.id), *_timer_off(state))
    )


def skip_step(state: State, command: SkipStep, asked: Asked) -> Facts | Rejection:
    step = _known(state, command.step)
    if isinstance(step, Rejection):
        return step
    if step.phase == "open" and step.kind == "ballot":
        return Rejection("F4", "vote_open")
    return Rejection("F6", "already_so") if step.phase == "skipped" else (StepSkipped(step.id),)


def insert_step(state: State, command: InsertStep, asked: Asked) -> Facts | Rejection:
    if len(state.steps) >= MAX_STEPS:
        return Rejection("F6", "too_many_steps")
    if state.step(command.step):
        return Rejection("F1", "already_so")
    if command.before is not None and state.step(command.before) is None:
        return Rejection("F1", "no_step")
    made = Step(
        id=command.step,
        settings=command.settings,
        title=command.title,
        instruction=command.instruction,
        minutes=command.minutes,
    )
    return (StepInserted(made, command.before),)


def remove_step(state: State, command: RemoveStep, asked: Asked) -> Facts | Rejection:
    step = _known(state, command.step)
    if isinstance(step, Rejection):
        return step
    used = step.opened_at or state.current == step.id or state.idea_counts.get(step.id, 0)
    return Rejection("F6", "step_used") if used else (StepRemoved(step.id),)


def move_step(state: State, command: MoveStep, asked: Asked) -> Facts | Rejection:
    step = _known(state, command.step)
    if isinstance(step, Rejection):
        return step
    if command.before == command.step:
        return Rejection("F2", "already_so")
    if command.before is not None and state.step(command.before) is None:
        return Rejection("F1", "no_step")
    return (StepMoved(step.id, command.before),)


def edit_step(state: State, command: EditStep, asked: Asked) -> Facts | Rejection:
    step = _known(state, command.step)
    if isinstance(step, Rejection):
        return step
    return (
        StepEdited(
            step.id,
            title=command.title or step.title,
            instruction=command.instruction or step.instruction,
            minutes=command.minutes or step.minutes,
            phones_down=step.phones_down if command.phones_down is None else command.phones_down,
        ),
    )


def edit_forum(state: State, command: EditForum, asked: Asked) -> Facts | Rejection:
    return (
        ForumEdited(
            title=command.title or state.title,
            question=command.question or state.question,
        ),
    )


def set_timer(state: State, command: SetTimer, asked: Asked) -> Facts | Rejection:
    if command.seconds not in TIMER_SECONDS:
        return Rejection("F7", "bad_time")
    return (TimerSet(ends_at=Millis(asked.at + 1000 * command.seconds), seconds=command.seconds),)


def extend_timer(state: State, command: ExtendTimer, asked: Asked) -> Facts | Rejection:
    if command.seconds not in TIMER_SECONDS:
        return Rejection("F7", "bad_time")
    start = max(state.timer.ends_at, asked.at) if state.timer else asked.at
    seconds = command.seconds + (state.timer.seconds if state.timer else 0)
    return (TimerSet(ends_at=Millis(start + 1000 * command.seconds), seconds=seconds),)


def stop_timer(state: State, command: StopTimer, asked: Asked) -> Facts | Rejection:
    return (TimerStopped(),) if state.timer else Rejection("F7", "already_so")


def turn_page(state: State, command: TurnPage, asked: Asked) -> Facts | Rejection:
    return (PageTurned(page=max(0, command.page)),)


# Folds


def _place(order: tuple[Step, ...], step: Step, before: StepId | None) -> tuple[Step, ...]:
    others = tuple(s for s in order if s.id != step.id)
    at = next((i for i, s in enumerate(others) if s.id == before), len(others))
    return (*others[:at], step, *others[at:])


def _with(state: State, step: StepId, **fields: object) -> tuple[Step, ...]:
    return tuple(change(s, **fields) if s.id == step else s for s in state.steps)


def _touch(state: State, *keys: str, **fields: object) -> State:
    scene = state.seq if Touch.SCENE in keys else state.scene
    return change(state, touched=frozenset(keys), scene=scene, **fields)


def _forum_opened(state: State, fact: ForumOpened, record: Record) -> State:
    return _touch(
        state,
        Touch.SCENE,
        code=fact.code,
        title=fact.title,
        lang=fact.lang,
        question=fact.question,
        agenda=fact.agenda,
        opened_at=record.at,
    )


def _forum_edited(state: State, fact: ForumEdited, record: Record) -> State:
    return _touch(state, Touch.STEP, Touch.AGENDA, title=fact.title, question=fact.question)


def _step_inserted(state: State, fact: StepInserted, record: Record) -> State:
    return _touch(
        state,
        Touch.AGENDA,
        Touch.STEP,
        steps=_place(state.steps, fact.step, fact.before),
    )


def _step_removed(state: State, fact: StepRemoved, record: Record) -> State:
    steps = tuple(s for s in state.steps if s.id != fact.step)
    return _touch(state, Touch.AGENDA, Touch.STEP, steps=steps)


def _step_moved(state: State, fact: StepMoved, record: Record) -> State:
    step = state.step(fact.step)
    assert step is not None, f"expected a known step, got {fact.step}"
    return _touch(state, Touch.SCENE, steps=_place(state.steps, step, fact.before))


def _step_edited(state: State, fact: StepEdited, record: Record) -> State:
    fields = {
        "title": fact.title,
        "instruction": fact.instruction,
        "minutes": fact.minutes,
        "phones_down": fact.phones_down,
    }
    return _touch(state, Touch.SCENE, steps=_with(state, fact.step, **fields))


def _opened(state: State, step: StepId, at: Millis) -> tuple[Step, ...]:
    found = state.step(step)
    assert found is not None, f"expected a known step, got {step}"
    return _with(
        state,
        step,
        phase="open",
        opened_at=found.opened_at or at,
        resumed_at=at,
        closed_at=Millis(0),
    )


def _ended(state: State, step: StepId, phase: str, at: Millis) -> tuple[Step, ...]:
    found = state.step(step)
    assert found is not None, f"expected a known step, got {step}"
    spent = found.spent + (at - found.resumed_at if found.resumed_at else 0)
    closed_at = found.closed_at if phase == "closed" and found.phase == "frozen" else at
    return _with(state, step, phase=phase, closed_at=closed_at, spent=spent, resumed_at=Millis(0))


def _step_opened(state: State, fact: StepOpened, record: Record) -> State:
    return _touch(
        state,
        Touch.SCENE,
        steps=_opened(state, fact.step, record.at),
        current=fact.step,
        page=0,
    )


def _step_reopened(state: State, fact: StepReopened, record: Record) -> State:
    step = state.step(fact.step)
    assert step is not None, f"expected a known step, got {fact.step}"
    steps = _opened(state, fact.step, record.at)
    if step.kind == "ballot":
        steps = _with(change(state, steps=steps), fact.step, revealed=False)
    return _touch(state, Touch.SCENE, steps=steps)


def _step_frozen(state: State, fact: StepFrozen, record: Record) -> State:
    return _touch(state, Touch.SCENE, steps=_ended(state, fact.step, "frozen", record.at))


def _step_closed(state: State, fact: StepClosed, record: Record) -> State:
    steps = _ended(state, fact.step, "closed", record.at)
    return _touch(
        state,
        Touch.SCENE,
        steps=steps,
        rounds=_end_round(state, fact.step, closed_at=record.at),
    )


def _step_revealed(state: State, fact: StepRevealed, record: Record) -> State:
    steps = _with(state, fact.step, revealed=True)
    return _touch(
        state,
        Touch.SCENE,
        steps=steps,
        rounds=_end_round(state, fact.step, revealed_at=record.at),
        page=0,
    )


def _end_round(state: State, step: StepId, **fields: Millis) -> object:
    latest: RoundId | None = next(reversed(state.step_rounds.get(step, ())), None)
    return state.rounds.set(latest, change(state.rounds[latest], **fields)) if latest else state.rounds


def _step_skipped(state: State, fact: StepSkipped, record: Record) -> State:
    return _touch(state, Touch.SCENE, steps=_ended(state, fact.step, "skipped", record.at))


def _timer_set(state: State, fact: TimerSet, record: Record) -> State:
    return _touch(state, Touch.TIMER, timer=Timer(fact.ends_at, fact.seconds))


def _timer_stopped(state: State, fact: TimerStopped, record: Record) -> State:
    return _touch(state, Touch.TIMER, timer=None)


def _page_turned(state: State, fact: PageTurned, record: Record) -> State:
    return _touch(state, Touch.SCENE, page=fact.page)


PART = Part(
    judges={
        OpenStep: open_step,
        FreezeStep: freeze_step,
        ReopenStep: reopen_step,
        RevealStep: reveal_step,
        CloseStep: close_step,
        SkipStep: skip_step,
        InsertStep: insert_step,
        RemoveStep: remove_step,
        MoveStep: move_step,
        EditStep: edit_step,
        EditForum: edit_forum,
        SetTimer: set_timer,
        ExtendTimer: extend_timer,
        StopTimer: stop_timer,
        TurnPage: turn_page,
    },
    folds={
        ForumOpened: _forum_opened,
        ForumEdited: _forum_edited,
        StepInserted: _step_inserted,
        StepRemoved: _step_removed,
        StepMoved: _step_moved,
        StepEdited: _step_edited,
        StepOpened: _step_opened,
        StepFrozen: _step_frozen,
        StepReopened: _step_reopened,
        StepRevealed: _step_revealed,
        StepClosed: _step_closed,
        StepSkipped: _step_skipped,
        TimerSet: _timer_set,
        TimerStopped: _timer_stopped,
        PageTurned: _page_turned,
    },
    rules=RULES,
    refusals=REFUSALS,
)
