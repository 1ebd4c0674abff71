"""The flow of a forum: what is said aloud of each fact (F11)."""

from forum.domain.aloud import STEP
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
from forum.domain.kernel import N_, Aloud, Fact, Quiet, at_desk
from forum.domain.state import State

AGENDA = at_desk(N_("The agenda has changed."))._replace(topic="agenda")
TIME = "time"


def _counted(state: State, fact: StepClosed | StepRevealed | StepReopened) -> bool:
    step = state.step(fact.step)
    return step is not None and step.settings.counted


def _is_now(state: State, fact: StepEdited | StepSkipped) -> bool:
    return state.current == fact.step


def _in_words(state: State, fact: StepEdited) -> bool:
    """Whether the step is called or explained otherwise, and not only longer or shorter."""
    step = state.step(fact.step)
    return step is not None and (step.title, step.instruction) != (fact.title, fact.instruction)


def _goes_on(state: State) -> bool:
    return state.now is not None and state.now.phase == "open"


ALOUD: dict[type[Fact], Aloud | Quiet] = {
    ForumOpened: Quiet("nobody is there yet"),
    ForumEdited: Aloud(lambda state, fact: N_("What the forum is about has changed: {forum} {question}")),
    StepInserted: AGENDA,
    StepRemoved: AGENDA,
    StepMoved: AGENDA,
    StepEdited: Aloud(
        lambda state, fact: (
            N_("The step has changed: {step}") if _in_words(state, fact) else N_("The agenda has changed.")
        ),
        lambda state, fact: _is_now(state, fact) and _in_words(state, fact),
        "agenda",
    ),
    StepOpened: Aloud(lambda state, fact: N_("Step {n} of {all}: {step}"), topic=STEP),
    StepFrozen: Aloud(
        lambda state, fact: N_("Frozen: nothing more comes in for now. Everything stays in view."), topic=STEP
    ),
    StepReopened: Aloud(
        lambda state, fact: (
            N_("The vote is open again: {step}") if _counted(state, fact) else N_("Open again: {step}")
        ),
        topic=STEP,
    ),
    StepRevealed: Aloud(
        lambda state, fact: (
            N_("The result is shown now. {result}")
            if _counted(state, fact)
            else N_("The cards are shown now, to everybody.")
        ),
        topic=STEP,
    ),
    StepClosed: Aloud(
        lambda state, fact: (
            N_("The vote is closed: {title}.") if _counted(state, fact) else N_("This step is over: {title}.")
        ),
        topic=STEP,
    ),
    StepSkipped: Aloud(lambda state, fact: N_("Left out: {title}."), _is_now, "agenda"),
    TimerSet: Aloud(
        lambda state, fact: N_("The timer runs until {time}."), topic=TIME, number=lambda fact: fact.ends_at
    ),
    TimerStopped: Aloud(  # where the step ends, so does its time: nothing to be said
        lambda state, fact: N_("The timer was stopped.") if _goes_on(state) else "", topic=TIME
    ),
    PageTurned: Aloud(
        lambda state, fact: N_("The pages on the screen were turned."),
        lambda state, fact: False,
    ),
}
