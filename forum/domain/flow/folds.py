"""The flow of a forum: how each fact changes the state."""

from forum.domain.flow.words import (
    ForumEdited,
    ForumOpened,
    PageTurned,
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
    TimerSet,
    TimerStopped,
)
from forum.domain.kernel import (
    Millis,
    Record,
    StepId,
)
from forum.domain.state import State, Step, Timer, change
from forum.domain.steps.rounds import Rounds
from forum.domain.touch import Touch


def placed(order: tuple[Step, ...], step: Step, before: StepId | None) -> tuple[Step, ...]:
    """The steps with one of them before another, or at the end."""
    others = tuple(s for s in order if s.id != step.id)
    at = next((i for i, s in enumerate(others) if s.id == before), len(others))
    return (*others[:at], step, *others[at:])


def _with(state: State, step: StepId, **fields: object) -> tuple[Step, ...]:
    return tuple(change(s, **fields) if s.id == step else s for s in state.steps)


def _touch(state: State, *keys: str, **fields: object) -> State:
    scene = state.seq if Touch.SCENE in keys else state.scene
    return change(state, touched=frozenset(keys), scene=scene, **fields)


def forum_opened(state: State, fact: ForumOpened, record: Record) -> State:
    [first] = state.sessions.all
    plan = change(first.plan, expected=fact.expected)
    return _touch(
        state,
        Touch.SCENE,
        code=fact.code,
        title=fact.title,
        lang=fact.lang,
        question=fact.question,
        agenda=fact.agenda,
        keeping=change(
            state.keeping,
            until=fact.keep_until,
            most=fact.keep_most,
            ballot_days=fact.ballot_days,
            words_days=fact.words_days,
        ),
        horizon=fact.horizon,
        zone=fact.zone,
        opened_at=record.at,
        sessions=change(
            state.sessions, all=(change(first, begun_at=record.at, agenda=fact.agenda, plan=plan),)
        ),
    )


def forum_edited(state: State, fact: ForumEdited, record: Record) -> State:
    horizon = state.horizon if fact.horizon is None else fact.horizon
    zone = state.zone if fact.zone is None else fact.zone
    touched = (Touch.STEP, Touch.AGENDA) if zone == state.zone else (Touch.SCENE,)  # hours stand everywhere
    return _touch(state, *touched, title=fact.title, question=fact.question, horizon=horizon, zone=zone)


def step_inserted(state: State, fact: StepInserted, record: Record) -> State:
    return _with_steps(state, placed(state.steps, fact.step, fact.before))


def step_removed(state: State, fact: StepRemoved, record: Record) -> State:
    return _with_steps(state, tuple(s for s in state.steps if s.id != fact.step))


def _with_steps(state: State, steps: tuple[Step, ...]) -> State:
    """The state with other steps: where another one comes first in the current session, the room is welcomed otherwise."""
    now = state.now
    first = [
        next((s.id for s in there if now and s.session == now.session), None)
        for there in (state.steps, steps)
    ]
    scene = () if first[0] == first[1] else (Touch.SCENE,)
    return _touch(state, Touch.AGENDA, Touch.STEP, *scene, steps=steps)


def step_moved(state: State, fact: StepMoved, record: Record) -> State:
    step = state.step(fact.step)
    assert step is not None, f"expected a known step, got {fact.step}"
    return _touch(state, Touch.SCENE, steps=placed(state.steps, step, fact.before))


def step_edited(state: State, fact: StepEdited, record: Record) -> State:
    fields: dict[str, object] = {
        "title": fact.title,
        "instruction": fact.instruction,
        "minutes": fact.minutes,
        "phones_down": fact.phones_down,
    }
    if fact.hint is not None:
        fields["hint"] = fact.hint
    step = state.step(fact.step)
    if fact.least is not None and step and "least" in step.settings.__struct_fields__:
        fields["settings"] = change(step.settings, least=fact.least)
    if fact.settings is not None:
        fields["settings"] = fact.settings
        of: tuple[StepId, ...] = getattr(fact.settings, "of", ())
        if step and step.of is not None and of:
            fields["of"] = of
    return _touch(state, Touch.SCENE, steps=_with(state, fact.step, **fields))


def _opened(state: State, step: StepId, at: Millis, of: tuple[StepId, ...] | None = None) -> tuple[Step, ...]:
    found = state.step(step)
    assert found is not None, f"expected a known step, got {step}"
    return _with(
        state,
        step,
        phase="open",
        opened_at=found.opened_at or at,
        resumed_at=at,
        closed_at=Millis(0),
        of=found.of if of is None else of,
    )


def _ended(state: State, step: StepId, phase: str, at: Millis) -> tuple[Step, ...]:
    found = state.step(step)
    assert found is not None, f"expected a known step, got {step}"
    spent = found.spent + (at - found.resumed_at if found.resumed_at else 0)
    closed_at = found.closed_at if phase == "closed" and found.phase == "frozen" else at
    return _with(state, step, phase=phase, closed_at=closed_at, spent=spent, resumed_at=Millis(0))


def step_opened(state: State, fact: StepOpened, record: Record) -> State:
    steps = _unshown(state, fact.step, _opened(state, fact.step, record.at, fact.of))
    return _touch(state, Touch.SCENE, steps=steps, current=fact.step, page=0)


def step_reopened(state: State, fact: StepReopened, record: Record) -> State:
    steps = _unshown(state, fact.step, _opened(state, fact.step, record.at))
    return _touch(state, Touch.SCENE, steps=steps)


def _unshown(state: State, step_id: StepId, steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """These steps, where the room votes anew in one of them: nothing of that is shown yet."""
    step = state.step(step_id)
    assert step is not None, f"expected a known step, got {step_id}"
    return _with(change(state, steps=steps), step_id, revealed=False) if step.settings.counted else steps


def step_frozen(state: State, fact: StepFrozen, record: Record) -> State:
    return _touch(state, Touch.SCENE, steps=_ended(state, fact.step, "frozen", record.at))


def step_closed(state: State, fact: StepClosed, record: Record) -> State:
    steps = _ended(state, fact.step, "closed", record.at)
    return _touch(
        state,
        Touch.SCENE,
        steps=steps,
        rounds=_end_round(state, fact.step, closed_at=record.at),
    )


def step_revealed(state: State, fact: StepRevealed, record: Record) -> State:
    steps = _with(state, fact.step, revealed=True)
    return _touch(
        state,
        Touch.SCENE,
        steps=steps,
        rounds=_end_round(state, fact.step, revealed_at=record.at),
        page=0,
    )


def _end_round(state: State, step: StepId, **fields: Millis) -> Rounds:
    rounds = state.rounds
    latest = rounds.latest(step)
    return change(rounds, by_id=rounds.by_id.set(latest.id, change(latest, **fields))) if latest else rounds


def step_skipped(state: State, fact: StepSkipped, record: Record) -> State:
    return _touch(state, Touch.SCENE, steps=_ended(state, fact.step, "skipped", record.at))


def timer_set(state: State, fact: TimerSet, record: Record) -> State:
    return _touch(state, Touch.TIMER, timer=Timer(fact.ends_at, fact.seconds))


def timer_stopped(state: State, fact: TimerStopped, record: Record) -> State:
    return _touch(state, Touch.TIMER, timer=None)


def page_turned(state: State, fact: PageTurned, record: Record) -> State:
    return _touch(state, Touch.SCENE, page=fact.page)
