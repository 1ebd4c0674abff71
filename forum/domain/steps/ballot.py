"""Ballots: secret votes over themes, ideas or actions, in rounds that are never edited, each by one method.

A ballot is marks, key → whole number. Its method (``domain.methods``) says what a mark means and how it is
counted. Before a round is closed and revealed everybody, also the desk, learns only how many have voted.
``fragments`` and ``exports`` ask ``result`` and get nothing before.
"""

from typing import Annotated, Final

from immutables import Map

from forum.domain import methods, saw
from forum.domain.kernel import (
    N_,
    Asked,
    Command,
    Fact,
    Facts,
    Fold,
    Part,
    PersonId,
    Quiet,
    Record,
    Rejection,
    RoundId,
    StepId,
)
from forum.domain.limits import Key, Range
from forum.domain.settings import LEAST, BallotSettings, KindSettings
from forum.domain.state import State, Step, change, since_loss
from forum.domain.steps.ballot_said import REFUSALS, RULES
from forum.domain.steps.kind import Kind
from forum.domain.steps.reason_facts import without_reason
from forum.domain.steps.replacing import replaced
from forum.domain.steps.rounds import NOT_DEALT, Ballot, Counted, Deal, Result, Round
from forum.domain.steps.voting import (
    TOO_FEW_OR_MANY,
    asked,
    changed,
    checksum,
    choices_of,
    count,
    deal_for,
    dealing_seed,
    few,
    put_anew,
    seal_of,
    seed_for,
    to_vote_on,
)
from forum.domain.touch import Touch

KEY: Final = Key()
MARK: Final = Range(least=-1_000_000)  # what is possible, its method says


class GiveMark(Command, frozen=True):
    """Give one choice this mark, in all; not "more" or "fewer", so that a repeat changes nothing. 0 takes it back."""

    step: StepId
    key: Annotated[str, KEY]
    mark: Annotated[int, MARK]


class AllocatePoints(Command, frozen=True):
    """``GiveMark``, as pages of earlier versions say it."""

    step: StepId
    option: str
    points: int


class RoundOpened(Fact, frozen=True):
    round: RoundId
    step: StepId
    options: tuple[str, ...]
    points: int = 0  # and ``cap``: the parameters, as earlier versions told them
    cap: int = 0
    carried: RoundId | None = None  # a round not yet revealed, whose ballots go on in this one
    choices: str = ""  # stands for what is voted on
    method: str = "dots"
    version: int = 1
    parameters: dict[str, int] = {}
    electorate: str = "present"
    seed: int = 0

    def __post_init__(self) -> None:
        if self.method not in methods.METHODS:
            raise ValueError(f"expected a known ballot method, got {self.method}")

    @property
    def terms(self) -> dict[str, int]:
        """What holds in this round, by its method's names."""
        return self.parameters or ({"points": self.points, "cap": self.cap} if self.points else {})


class MarkGiven(Fact, frozen=True):
    round: RoundId
    key: str
    mark: int


class PointsAllocated(Fact, frozen=True):
    """``MarkGiven``, as earlier versions told it."""

    round: RoundId
    option: str
    points: int


class BlankCast(Fact, frozen=True):
    round: RoundId


class RoundCounted(Fact, frozen=True):
    """What the reveal showed, and what stands for the ballots it was counted from (V12)."""

    round: RoundId
    method: str
    version: int
    result: Result
    ballots: str


CAST = MarkGiven | PointsAllocated | BlankCast
"""The facts that make a ballot what it is."""


def on_open(state: State, step: Step, choices: str) -> Facts | Rejection:
    assert isinstance(step.settings, BallotSettings), f"expected a ballot, got {step.kind}"
    before = state.rounds.latest(step.id)
    differs = changed(state, step)
    if differs and not choices:
        return Rejection("V7", "list_changed", {"new": len(differs.new), "gone": len(differs.gone)})
    carried = before if before and not before.revealed_at and choices != "new" else None
    offered = carried.options if carried else to_vote_on(state, step)
    if isinstance(offered, Rejection):
        return offered
    number = len(state.rounds.of_step.get(step.id, ())) + 1
    method = methods.of(carried.method if carried else step.settings.method)
    read = {} if carried else method.reads(state, step, offered)
    if isinstance(read, Rejection):
        return read
    terms = carried.parameters if carried else {**method.terms(step.settings, len(offered)), **read}
    name = RoundId(f"{step.id}.{number}")
    opened = RoundOpened(
        name,
        step.id,
        offered,
        carried=carried.id if carried else None,
        choices=choices_of(state, step, offered, terms),
        method=method.name,
        version=carried.version if carried else method.version,
        parameters=terms,
        seed=seed_for(state, name),
    )
    return (opened,)


def open_round(state: State, step: StepId) -> Round | Rejection:
    """The round of a vote that is open; why there is none, else (V1)."""
    found = state.step(step)
    round_ = state.rounds.latest(step)
    if found is None or round_ is None:
        return Rejection("F1", "no_step")
    if state.current != step or found.phase != "open" or round_.closed_at:
        return Rejection("V1", "vote_closed", {"time": round_.closed_at or found.closed_at})
    return round_


def before_reveal(state: State, step: Step, knowing: bool) -> Rejection | None:
    """Why the result may not be shown: too few ballots by what was promised (V11), or few and the desk not told (V10)."""
    held = few(state, step)
    params = {"count": held.ballots, "limit": held.wanted} if held else {}
    if held and held.promised:
        return Rejection("V11", "too_few", params)
    return Rejection("V10", "few_ballots", params) if held and not knowing else None


def lost_round(state: State, step: StepId, asked: Asked) -> Round | Rejection:
    """The round in which a ballot counts that comes again (O11): the one it was given in, or into which that went on."""
    assert asked.was is not None
    round_ = state.rounds.by_id.get(asked.was.round)
    if round_ is None or round_.step != step:
        return Rejection("V1", "vote_not_back")
    if round_.choices != asked.was.choices:
        return Rejection("V7", "choices_changed")
    later_ones = state.rounds.of_step[step][round_.number :]
    for later in later_ones:  # a round that is not revealed goes on in the next
        round_ = round_ if round_.revealed_at else state.rounds.by_id[later]
    return Rejection("V5", "vote_shown") if round_.revealed_at else round_


def _gave_anew(state: State, given: Ballot | None, key: str) -> bool:
    """Whether its voter gave this choice a mark since the store lost its tail: what comes again does not undo that."""
    anew = given.anew.get(key) if given else None
    return anew is not None and since_loss(state, anew)


def _put_elsewhere(state: State, round_: Round, command: GiveMark, person: PersonId) -> bool:
    """Whether somebody marks what is not put to them, where nothing else may be marked."""
    return methods.of(round_.method).only_asked and command.key not in asked(state, round_, person)


def give_mark(state: State, command: GiveMark, asked: Asked) -> Facts | Rejection:
    again = asked.was is not None and asked.was.step == command.step and asked.was.round
    round_ = lost_round(state, command.step, asked) if again else open_round(state, command.step)
    if isinstance(round_, Rejection):
        return round_
    given = round_.ballots.get(asked.who)
    if again and _gave_anew(state, given, command.key):
        return ()
    method = methods.of(round_.method)
    if command.key not in method.keys(round_):
        return Rejection("V7", "no_option")
    if _put_elsewhere(state, round_, command, asked.who):
        return Rejection("V7", "not_asked")
    refused = method.refuse(round_, given, command.key, command.mark)
    if refused:
        return refused
    marks = method.gives(round_, given, command.key, command.mark)
    return (
        *(MarkGiven(round_.id, key, mark) for key, mark in marks.items()),
        *replaced(state, round_, asked.who),
    )


def allocate_points(state: State, command: AllocatePoints, asked: Asked) -> Facts | Rejection:
    return give_mark(state, GiveMark(command.step, command.option, command.points), asked)


def on_done(state: State, step: Step, asked: Asked) -> Facts | Rejection:
    round_: Round | Rejection | None = state.rounds.latest(step.id)
    if asked.was and asked.was.round:
        round_ = lost_round(state, step.id, asked)
    if not isinstance(round_, Round):
        return round_ or ()
    return () if asked.who in round_.ballots else (BlankCast(round_.id), *replaced(state, round_, asked.who))


def _dealt(state: State, fact: RoundOpened, record: Record) -> Deal:
    if (step := state.step(fact.step)) is None or not methods.of(fact.method).only_asked:
        return NOT_DEALT
    return deal_for(state, step, fact.options, dealing_seed(fact.seed, record.salt))


def _opened(state: State, fact: RoundOpened, record: Record) -> State:
    before = state.rounds.by_id[fact.carried] if fact.carried else None
    rounds = state.rounds.of_step.get(fact.step, ())
    round_ = Round(
        id=fact.round,
        step=fact.step,
        number=len(rounds) + 1,
        options=fact.options,
        parameters=fact.terms,
        opened_at=record.at,
        ballots=before.ballots if before else Map(),
        aside=before.aside if before else Map(),
        hands=before.hands if before else Map(),
        choices=fact.choices,
        method=fact.method,
        version=fact.version,
        electorate=fact.electorate,
        seed=fact.seed,
        reasons=before.reasons if before else Map(),
        deal=before.deal if before else _dealt(state, fact, record),
        began=before.began if before else state.seq,
    )
    return change(
        state,
        rounds=change(
            state.rounds,
            by_id=state.rounds.by_id.set(fact.round, round_),
            of_step=state.rounds.of_step.set(fact.step, (*rounds, fact.round)),
        ),
        touched=frozenset({Touch.SCENE}),
        scene=state.seq,
    )


def _cast(
    state: State, round_id: RoundId, marks: Map[str, int], anew: Map[str, int], record: Record, *touched: str
) -> State:
    round_ = state.rounds.by_id[round_id]
    before, method = round_.ballots.get(record.by), methods.of(round_.method)
    put = asked(state, round_, record.by) if method.one_by_one else ()
    ballot = Ballot(
        marks, record.at, record.entered_by, state.seq, anew, seal_of(record.by, record.salt, marks), put=put
    )
    blank = method.blank
    # who voted, and whether in blank; else nobody's page
    counts = before is None or blank(before.marks) != blank(marks)
    cast = change(round_, ballots=round_.ballots.set(record.by, ballot))
    if method.asked and method.one_by_one:
        ballot = change(ballot, put=method.asked(cast, record.by, ballot))
        cast = change(round_, ballots=round_.ballots.set(record.by, ballot))
    after = change(
        state,
        rounds=change(state.rounds, by_id=state.rounds.by_id.set(round_id, cast)),
        touched=frozenset(
            {
                Touch.you(record.by),
                *touched,
                *((Touch.VOTED,) if counts else ()),
                *put_anew(state, round_, cast, record.by),
            }
        ),
    )
    step = state.step(round_.step)
    if step is None or not round_.closed_at or few(state, step) == few(after, step):
        return after
    # it came again after the close (O11): all pages say there why a result is held back
    return change(after, touched=after.touched | {Touch.SCENE}, scene=state.seq)


def _given(state: State, fact: MarkGiven, record: Record) -> State:
    given = state.rounds.by_id[fact.round].ballots.get(record.by)
    marks: Map[str, int] = given.marks if given else Map()
    if fact.mark:
        marks = marks.set(fact.key, fact.mark)
    elif fact.key in marks:
        marks = marks.delete(fact.key)
    anew: Map[str, int] = given.anew if given else Map()
    if state.gone.losses and not record.again:
        anew = anew.set(fact.key, state.seq)
    why = (Touch.reason(fact.key),) if methods.of(state.rounds.by_id[fact.round].method).against else ()
    state = without_reason(state, fact.round, record.by, fact.key, fact.mark)
    return _cast(state, fact.round, marks, anew, record, Touch.mark(fact.key), *why)


def _allocated(state: State, fact: PointsAllocated, record: Record) -> State:
    return _given(state, MarkGiven(fact.round, fact.option, fact.points), record)


def _blank(state: State, fact: BlankCast, record: Record) -> State:
    return _cast(state, fact.round, Map(), Map(), record)


def _counted(state: State, fact: RoundCounted, record: Record) -> State:
    counted = Counted(fact.version, fact.result, fact.ballots)
    round_ = change(state.rounds.by_id[fact.round], counted=counted)
    rounds = change(state.rounds, by_id=state.rounds.by_id.set(fact.round, round_))
    return change(state, rounds=rounds, touched=frozenset())


def on_reveal(state: State, step: Step) -> Facts:
    """With the reveal goes what it shows, and what stands for the ballots (V12)."""
    round_ = state.rounds.latest(step.id)
    if round_ is None:
        return ()
    return (RoundCounted(round_.id, round_.method, round_.version, count(round_), checksum(round_)),)


def _of_methods(what: str) -> dict[str, str]:
    return {name: said for method in methods.METHODS.values() for name, said in getattr(method, what).items()}


FOLDS: dict[type[Fact], Fold] = {
    RoundOpened: _opened, MarkGiven: _given, PointsAllocated: _allocated, BlankCast: _blank, RoundCounted: _counted,
}  # fmt: skip
PART = Part(
    judges={GiveMark: give_mark, AllocatePoints: allocate_points},
    folds=FOLDS,
    rules=dict(sorted({**RULES, **_of_methods("rules")}.items(), key=lambda rule: int(rule[0][1:]))),
    refusals={**REFUSALS, **TOO_FEW_OR_MANY, **_of_methods("refusals")},
    plain=frozenset({GiveMark, AllocatePoints}),
    sees=dict.fromkeys((GiveMark, AllocatePoints), saw.ROUND),
    gives=dict.fromkeys((GiveMark, AllocatePoints), N_("What you had given in a vote")),
    aloud=dict.fromkeys(FOLDS, Quiet("secret, or said with its step")),
)


def _sensible(settings: KindSettings) -> bool:
    assert isinstance(settings, BallotSettings), f"expected a ballot, got {settings}"
    method = methods.METHODS.get(settings.method)
    return method is not None and settings.known and method.sensible(settings) and LEAST.holds(settings.least)


def _may_become(step: Step, settings: KindSettings) -> Rejection | None:
    """Why a vote may not be changed so. What it promised is not changed once it has begun: F10 sees to that."""
    return Rejection("F4", "vote_open") if step.phase == "open" and settings != step.settings else None


def _held(state: State, step: Step) -> frozenset[str]:
    round_ = state.rounds.latest(step.id)
    return frozenset(round_.options) if round_ else frozenset()


KIND = Kind(
    BallotSettings,
    N_("Vote"),
    PART,
    on_open=on_open,
    on_done=on_done,
    before_reveal=before_reveal,
    on_reveal=on_reveal,
    sensible=_sensible,
    may_become=_may_become,
    held=_held,
)
