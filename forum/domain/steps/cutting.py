"""Keeping the first choices of a vote: the cut in its result, what becomes of a tie at the limit, and two rounds at once."""

from typing import Annotated, Final, Literal

from forum.domain import methods
from forum.domain.flow import judges
from forum.domain.flow.folds import placed
from forum.domain.flow.words import ANY, InsertStep, Minutes, StepInserted, StepRemoved, StepTitle
from forum.domain.kernel import (
    N_,
    Aloud,
    Asked,
    Command,
    Fact,
    Facts,
    Gesture,
    Part,
    Record,
    Rejection,
    RoundId,
    Saw,
    SessionId,
    StepId,
    Words,
)
from forum.domain.limits import New, Range
from forum.domain.saw import ANEW
from forum.domain.sessions import reading
from forum.domain.settings import BallotSettings
from forum.domain.state import State, Step, change
from forum.domain.steps import cut
from forum.domain.steps.rounds import Kept, Result, Round
from forum.domain.steps.voting import lot_of, result, settings_of
from forum.domain.touch import Touch

RULES = {
    "V65": N_(
        "After the reveal the desk may keep the first choices of a vote. Where the limit falls inside a tie, it keeps all the tied, "
        "draws by lot with a recorded seed, or has the room vote among them alone; their order parts nobody."
    ),
    "V66": N_(
        "A vote may be over what an earlier vote has kept: a second round, with a history of its own. What it goes by stays as it is."
    ),
}
REFUSALS = {
    "not_shown": N_("Reveal the result first, then keep its first choices."),
    "nothing_given": N_(
        "Nobody gave anything in this vote, so no choice comes first. Have the room vote once more."
    ),
    "kept_used": N_(
        "A later vote goes by what was kept here: “{title}”. What was kept stays. Vote once more for another cut."
    ),
    "runoff_places": N_("This vote decides on a tie: {count} of its choices can be kept."),
    "runoff_no_steps": N_("A run-off needs at least two choices that can still be voted on."),
    "nothing_kept": N_(
        "Nothing is kept yet of the vote that this one is about. At its result, keep the first choices."
    ),
}
NUMBER = Range(0, methods.MOST_CHOICES)
Way = Literal["", "widened", "drawn", "runoff"]
"""What becomes of a tie at the limit; "": nobody has said."""
RUNOFF_TITLE: Final = Words("Départager les ex æquo", "Run-off among those tied")
RUNOFF_MINUTES: Final = 5


class KeepChoices(Command, frozen=True):
    """Keep the first so many of a vote's result; 0 takes that back."""

    step: StepId
    number: Annotated[int, NUMBER]
    how: Way = ""


class InsertRounds(Command, frozen=True):
    """Put a vote in two rounds into the agenda: one that narrows, and one among those that it keeps."""

    step: New[StepId]
    over: str
    first: str  # methods
    second: str
    title: StepTitle
    further: StepTitle  # of the second round
    purpose: Literal["sense", "decide"] = "sense"  # of the second; the first informs
    minutes: Minutes = 10  # of each
    before: StepId | None = None
    session: SessionId = ANY


class ChoicesKept(Fact, frozen=True):
    """The cut in a round's result; a number of 0: there is none any more."""

    round: RoundId
    number: int
    options: tuple[str, ...] = ()  # kept, but for what a run-off decides
    how: str = cut.CLEAN  # of ``cut.HOW``
    tied: tuple[str, ...] = ()  # at the limit
    seed: int = 0  # of the lot
    runoff: StepId = StepId("")


def keep_choices(state: State, command: KeepChoices, asked: Asked) -> Facts | Rejection:
    round_ = state.rounds.latest(command.step)
    step, found = state.step(command.step), result(round_)
    if step is None or round_ is None:
        return Rejection("F1", "no_step")
    if found is None:
        return Rejection("V65", "not_shown")
    if not command.number and round_.kept is None:
        return ()
    going_by = cut.used(state, round_)
    if going_by:
        title = {"fr": going_by.title.fr, "en": going_by.title.en}
        return Rejection("V65", "kept_used", {"title": title})
    places = cut.places_in(state, step.id)
    if command.number and not places and not cut.parts_any(found):
        return Rejection("V65", "nothing_given")
    if places and command.number not in (0, places):
        return Rejection("V65", "runoff_places", {"count": places})
    made, more = _made(state, step, round_, found, command)
    if isinstance(more, Rejection):
        return more
    if _as_kept(made) == round_.kept:
        return ()
    return (made, *_without_runoff(state, round_), *more)


def _made(
    state: State, step: Step, round_: Round, found: Result, command: KeepChoices
) -> tuple[ChoicesKept, Facts | Rejection]:
    """The cut that the desk asks for, and the run-off with it."""
    if not command.number:
        return ChoicesKept(round_.id, 0), ()
    where = cut.cut(found, command.number)
    sure = ChoicesKept(
        round_.id, command.number, where.sure, cut.OPEN if where.tied else cut.CLEAN, where.tied
    )
    if not where.tied or not command.how:
        return sure, ()
    if command.how == cut.RUNOFF:
        name = StepId(f"{step.id[:40]}-{round_.number}x{state.seq}")
        made = _runoff(state, step, round_, name, asked_at=where.tied)
        return change(sure, how=cut.RUNOFF, runoff=name), made
    seed = lot_of(round_) if command.how == cut.DRAWN else 0
    taken = cut.drawn(where.tied, where.places, seed) if seed or command.how == cut.DRAWN else where.tied
    kept = (*where.sure, *(o for o in where.tied if o in taken))
    return change(sure, how=command.how, options=kept, seed=seed), ()


def _runoff(
    state: State, step: Step, round_: Round, name: StepId, asked_at: tuple[str, ...]
) -> Facts | Rejection:
    """The step in which the room votes among the tied, by the same method, straight after the vote."""
    here = reading.steps_of(state, step.session)
    behind = next((s.id for n, s in enumerate(here) if n and here[n - 1].id == step.id), None)
    settings = change(settings_of(step), among="kept", of=(step.id,))
    said = InsertStep(
        name, settings, RUNOFF_TITLE, minutes=RUNOFF_MINUTES, before=behind, session=step.session
    )
    if len(asked_at) < methods.of(settings.method).least:
        return Rejection("V65", "runoff_no_steps")
    return judges.insert_step(state, said, Asked(by=round_.id, at=state.at))  # type: ignore[arg-type]


def _without_runoff(state: State, round_: Round) -> Facts:
    """A run-off that the room has not begun goes with the cut that asked for it."""
    there = state.step(round_.kept.runoff) if round_.kept else None
    return (StepRemoved(there.id),) if there and not there.opened_at and state.current != there.id else ()


def _as_kept(fact: ChoicesKept) -> Kept | None:
    if not fact.number:
        return None
    return Kept(fact.number, fact.options, fact.how, fact.tied, fact.seed, fact.runoff)


def _kept(state: State, fact: ChoicesKept, record: Record) -> State:
    round_ = change(state.rounds.by_id[fact.round], kept=_as_kept(fact), cut=state.seq)
    rounds = change(state.rounds, by_id=state.rounds.by_id.set(fact.round, round_))
    return change(state, rounds=rounds, touched=frozenset({Touch.SCENE}), scene=state.seq)


def _back(state: State, fact: ChoicesKept) -> tuple[str, Facts]:
    round_ = state.rounds.by_id[fact.round]
    step, was = state.step(round_.step), round_.kept
    before = (
        ChoicesKept(round_.id, was.number, was.options, was.how, was.tied, was.seed, was.runoff)
        if was
        else ChoicesKept(round_.id, 0)
    )
    return (step.title.get(state.lang) if step else ""), (before, *_runoff_back(state, round_, fact))


def _runoff_back(state: State, round_: Round, fact: ChoicesKept) -> Facts:
    """The run-off that came with a cut goes with it again, and one that went comes back."""
    gone = [state.step(StepId(f.step)) for f in _without_runoff(state, round_) if isinstance(f, StepRemoved)]
    ids = [s.id for s in state.steps]
    back = (StepInserted(s, next(iter(ids[ids.index(s.id) + 1 :]), None)) for s in gone if s)
    return (*((StepRemoved(fact.runoff),) if fact.runoff else ()), *back)


def _stands(state: State, fact: ChoicesKept) -> bool:
    """Whether nothing goes by what is kept now, and its run-off has not begun."""
    round_ = state.rounds.by_id[fact.round]
    latest = state.rounds.latest(round_.step)
    runoff = state.step(round_.kept.runoff) if round_.kept else None
    begun = runoff is not None and (runoff.opened_at or state.current == runoff.id)
    return latest is not None and latest.id == fact.round and not begun and cut.used(state, round_) is None


def insert_rounds(state: State, command: InsertRounds, asked: Asked) -> Facts | Rejection:
    if command.first not in methods.METHODS or command.second not in methods.METHODS:
        return Rejection("F10", "no_choice")
    narrows = BallotSettings(over=command.over, method=command.first)
    one = InsertStep(
        command.step, narrows, command.title, Words(), command.minutes, command.before, command.session
    )
    first = judges.insert_step(state, one, asked)
    if isinstance(first, Rejection):
        return first
    placed_first = first[0]
    assert isinstance(placed_first, StepInserted), f"expected a step, got {type(placed_first).__name__}"
    there = change(state, steps=placed(state.steps, placed_first.step, placed_first.before))
    among = BallotSettings(
        over=command.over, method=command.second, purpose=command.purpose, of=(command.step,), among="kept"
    )
    name = StepId(f"{command.step}b")
    two = InsertStep(name, among, command.further, Words(), command.minutes, command.before, command.session)
    second = judges.insert_step(there, two, asked)
    return second if isinstance(second, Rejection) else (*first, *second)


def _last_cut(state: State, command: KeepChoices, asked: Asked) -> int:
    latest = state.rounds.latest(command.step)
    return max(latest.began, latest.cut) if latest else 0


def _said(state: State, fact: ChoicesKept) -> str:
    if not fact.number:
        return N_("What was kept of a vote is taken back.")
    return N_("The first choices of a vote are kept: the page says which.")


PART = Part(
    judges={KeepChoices: keep_choices, InsertRounds: insert_rounds},
    folds={ChoicesKept: _kept},
    rules=RULES,
    refusals=REFUSALS,
    gestures={ChoicesKept: Gesture(N_("kept the first choices of a vote"), _back, _stands)},
    sees={KeepChoices: Saw(_last_cut, N_("What is kept of this vote")), InsertRounds: ANEW},
    aloud={ChoicesKept: Aloud(_said)},
)
