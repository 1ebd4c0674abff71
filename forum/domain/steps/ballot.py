"""Ballots: secret votes by dots over themes, ideas or actions, in rounds that are never edited.

Before a round is closed and revealed nobody, the desk included, learns more than how many have voted;
``fragments`` and ``exports`` ask ``result`` and get nothing before.
"""

from hashlib import sha256
from typing import NamedTuple

from immutables import Map

from forum.domain import things
from forum.domain.inputs import inputs
from forum.domain.kernel import (
    N_,
    Asked,
    Command,
    Fact,
    Facts,
    Part,
    PersonId,
    Record,
    Rejection,
    RoundId,
    StepId,
)
from forum.domain.settings import LEAST, BallotSettings, KindSettings
from forum.domain.state import Ballot, Round, State, Step, Touch, change, since_loss
from forum.domain.steps.kind import Kind

RULES = {
    "V1": N_(
        "Votes are cast only while the vote is open; after its close nothing counts, and nothing counts late."
    ),
    "V2": N_("Only people of this room vote; the screen, the desk and the observers do not."),
    "V3": N_(
        "Each person holds about a quarter as many points as there are options: at least 3, at most 10."
    ),
    "V4": N_(
        "At most a third of one’s points, rounded up, on one option; a point taken back can be given again."
    ),
    "V5": N_("Before the reveal nobody, the desk included, is shown a result; only how many have voted."),
    "V6": N_("The result shows points and distinct supporters; equal on both is a tie, shown as a tie."),
    "V7": N_(
        "The list of options is frozen when the vote opens; reopening starts a new round and keeps the old one."
    ),
    "V8": N_("“I am done” without a point is a blank ballot: it counts as a voter, for no option."),
    "V9": N_(
        "The result says its sum: people × points = points given + points not used; every ballot counts once."
    ),
    "V10": N_(
        "Fewer than five ballots can give away who voted how: the desk is told so before it reveals them, and decides."
    ),
    "V11": N_(
        "A vote may say from the start how few ballots are too few: with fewer its result is never shown, to anybody."
    ),
}
REFUSALS = {
    "list_changed": N_(
        "What this vote is over has changed since it closed. Choose: go on with the list that people voted on, or begin a "
        "new round with the new one."
    ),
    "vote_closed": N_(
        "The vote closed at {time}. Your choice was not counted. Ask the facilitator to reopen the vote."
    ),
    "no_option": N_("This choice is not on the ballot. Reload the page, then vote again."),
    "budget": N_("You have {left} points left. Take some back elsewhere, then give them here."),
    "cap": N_("At most {limit} of your points on one choice. Give the others elsewhere."),
    "few_ballots": N_(
        "Ballots: {count}. With fewer than {limit}, people may find out who voted how. Reopen the vote, or reveal the "
        "result all the same, now that you know."
    ),
    "too_few": N_(
        "Ballots: {count}. This vote promised to show its result only from {limit} on. Reopen the vote, or go on without "
        "its result."
    ),
    "promised": N_("What a vote promises can be changed only before it begins. Insert a new vote for that."),
    "vote_not_back": N_("This vote is not open again yet. What you gave in it waits until it is."),
    "vote_shown": N_(
        "The result of this vote has been shown meanwhile. What you had given in it was not counted. Tell the facilitator."
    ),
    "choices_changed": N_(
        "This vote was opened again with other choices or points. What you had given in it was not counted: vote again."
    ),
    "nothing_to_vote": N_(
        "There is nothing to vote on yet. Make at least two themes, ideas or actions first."
    ),
}

LEAST_POINTS, MOST_POINTS = 3, 10
MOST_SET = 30  # a person, where an organiser sets them: as many dots as a phone can show
FEW = 5  # ballots; of fewer the result may be told apart


class AllocatePoints(Command, frozen=True):
    """Put this many of my points on one option, in all; not "more" or "fewer", so that a repeat changes nothing."""

    step: StepId
    option: str
    points: int


class RoundOpened(Fact, frozen=True):
    round: RoundId
    step: StepId
    options: tuple[str, ...]
    points: int
    cap: int
    carried: RoundId | None = None  # a round not yet revealed, whose ballots go on in this one
    choices: str = ""  # stands for what is voted on


class PointsAllocated(Fact, frozen=True):
    round: RoundId
    option: str
    points: int


class BlankCast(Fact, frozen=True):
    round: RoundId


class Few(NamedTuple):
    """Why the result of a round is held back: so many ballots, where so many would do."""

    ballots: int
    wanted: int
    promised: bool  # to those who voted (V11); else the desk decides (V10)


class Line(NamedTuple):
    """One option's result."""

    option: str
    points: int
    supporters: int
    rank: int  # 1, 2, 2, 4: equals share a rank
    tied: bool


class Result(NamedTuple):
    """The outcome of a closed round: lines from first to last, ties in the order of the ballot."""

    lines: tuple[Line, ...]
    voters: int
    blank: int
    assisted: int  # ballots entered for people without a phone
    spent: int
    budget: int  # points a person

    @property
    def held(self) -> int:
        """The points that all who voted had between them: people × points (V9)."""
        return self.voters * self.budget

    @property
    def unused(self) -> int:
        """What they did not give; with ``spent`` it makes ``held`` (V9)."""
        return self.held - self.spent


def points_for(options: int) -> int:
    """V3: ``floor(n/4 + 1/2)`` within 3 … 10."""
    return max(LEAST_POINTS, min(MOST_POINTS, (options + 2) // 4))


def cap_for(points: int) -> int:
    """V4: a third of the points, rounded up."""
    return -(-points // 3)


def settings_of(step: Step) -> BallotSettings:
    """The settings of a step that is a vote."""
    assert isinstance(step.settings, BallotSettings), f"expected a ballot, got {step.kind}"
    return step.settings


def option_words(state: State, step: Step, option: str) -> str:
    """An option's words; "" for a card that must not be read here."""
    return things.words(state, step.settings.takes, option)


class Changed(NamedTuple):
    """How what a vote is over differs from the list that was voted on: ids."""

    new: tuple[str, ...]
    gone: tuple[str, ...]
    reworded: bool


def options(state: State, step: Step) -> tuple[str, ...]:
    """What a ballot would offer now, in the order of the board."""
    return things.given(state, step.settings.takes, inputs(state, step))


def changed(state: State, step: Step) -> Changed | None:
    """How the list of a vote that was closed and not revealed has changed since; None when it is the same."""
    round_ = state.round_of(step.id)
    if round_ is None or not round_.closed_at or round_.revealed_at or not round_.ballots:
        return None
    now = options(state, step)
    new = tuple(o for o in now if o not in round_.options)
    gone = tuple(o for o in round_.options if o not in now)
    same_words = (
        not round_.choices
        or _choices(state, step, round_.options, round_.points, round_.cap) == round_.choices
    )
    return None if not new and not gone and same_words else Changed(new, gone, not same_words)


def on_open(state: State, step: Step, choices: str) -> Facts | Rejection:
    assert isinstance(step.settings, BallotSettings), f"expected a ballot, got {step.kind}"
    before = state.round_of(step.id)
    differs = changed(state, step)
    if differs and not choices:
        return Rejection("V7", "list_changed", {"new": len(differs.new), "gone": len(differs.gone)})
    carried = before if before and not before.revealed_at and choices != "new" else None
    offered = carried.options if carried else options(state, step)
    if len(offered) < 2:
        return Rejection("V7", "nothing_to_vote")
    number = len(state.step_rounds.get(step.id, ())) + 1
    points = step.settings.points or points_for(len(offered))
    cap = step.settings.cap or cap_for(points)
    name = RoundId(f"{step.id}.{number}")
    stands_for = _choices(state, step, offered, points, cap)
    return (RoundOpened(name, step.id, offered, points, cap, carried.id if carried else None, stands_for),)


def _choices(state: State, step: Step, offered: tuple[str, ...], points: int, cap: int) -> str:
    """What stands for the choices: the same for the same options, with the same titles, and as many points."""
    thing = things.THINGS[step.settings.takes]
    titles = [thing.title(thing.all(state)[option]) for option in offered]
    words = "\n".join(
        (f"{points} {cap}", *sorted(f"{o} {title}" for o, title in zip(offered, titles, strict=True)))
    )
    return sha256(words.encode()).hexdigest()[:16]


def _open_round(state: State, step: StepId) -> Round | Rejection:
    found = state.step(step)
    round_ = state.round_of(step)
    if found is None or round_ is None:
        return Rejection("F1", "no_step")
    if state.current != step or found.phase != "open" or round_.closed_at:
        return Rejection("V1", "vote_closed", {"time": round_.closed_at or found.closed_at})
    return round_


def few(state: State, step: Step) -> Few | None:
    """Whether the latest round of a vote has so few ballots that its result is held back; None when it has enough."""
    round_ = state.round_of(step.id)
    if round_ is None or not isinstance(step.settings, BallotSettings):
        return None
    ballots, least = len(round_.ballots), step.settings.least
    if ballots < least:
        return Few(ballots, least, promised=True)
    return Few(ballots, FEW, promised=False) if 0 < ballots < FEW else None


def before_reveal(state: State, step: Step, knowing: bool) -> Rejection | None:
    """Why the result may not be shown: too few ballots by what was promised (V11), or few and the desk not told (V10)."""
    held = few(state, step)
    params = {"count": held.ballots, "limit": held.wanted} if held else {}
    if held and held.promised:
        return Rejection("V11", "too_few", params)
    return Rejection("V10", "few_ballots", params) if held and not knowing else None


def _lost_round(state: State, step: StepId, asked: Asked) -> Round | Rejection:
    """The round in which a ballot counts that comes again (O11): the one it was given in, or into which that went on."""
    assert asked.was is not None
    round_ = state.rounds.get(asked.was.round)
    if round_ is None or round_.step != step:
        return Rejection("V1", "vote_not_back")
    if round_.choices != asked.was.choices:
        return Rejection("V7", "choices_changed")
    for later in state.step_rounds[step][round_.number :]:  # a round that is not revealed goes on in the next
        round_ = round_ if round_.revealed_at else state.rounds[later]
    return Rejection("V5", "vote_shown") if round_.revealed_at else round_


def _gave_anew(state: State, given: Ballot | None, option: str) -> bool:
    """Whether its voter gave this option points since the store lost its tail: what comes again does not undo that."""
    return given is not None and since_loss(state, given.anew.get(option, 0))


def allocate_points(state: State, command: AllocatePoints, asked: Asked) -> Facts | Rejection:
    again = asked.was is not None and asked.was.step == command.step and asked.was.round
    round_ = _lost_round(state, command.step, asked) if again else _open_round(state, command.step)
    if isinstance(round_, Rejection):
        return round_
    if again and _gave_anew(state, round_.ballots.get(asked.who), command.option):
        return ()
    if command.option not in round_.options:
        return Rejection("V7", "no_option")
    if not 0 <= command.points <= round_.cap:
        return Rejection("V4", "cap", {"limit": round_.cap})
    given = round_.ballots.get(asked.who)
    elsewhere = given.spent - given.points.get(command.option, 0) if given else 0
    if elsewhere + command.points > round_.points:
        return Rejection("V3", "budget", {"left": round_.points - (given.spent if given else 0)})
    return (PointsAllocated(round_.id, command.option, command.points),)


def on_done(state: State, step: Step, asked: Asked) -> Facts | Rejection:
    round_: Round | Rejection | None = state.round_of(step.id)
    if asked.was and asked.was.round:
        round_ = _lost_round(state, step.id, asked)
    if isinstance(round_, Rejection):
        return round_
    return (BlankCast(round_.id),) if round_ and asked.who not in round_.ballots else ()


def _opened(state: State, fact: RoundOpened, record: Record) -> State:
    ballots: Map[PersonId, Ballot] = state.rounds[fact.carried].ballots if fact.carried else Map()
    rounds = state.step_rounds.get(fact.step, ())
    round_ = Round(
        id=fact.round,
        step=fact.step,
        number=len(rounds) + 1,
        options=fact.options,
        points=fact.points,
        cap=fact.cap,
        opened_at=record.at,
        ballots=ballots,
        choices=fact.choices,
    )
    return change(
        state,
        rounds=state.rounds.set(fact.round, round_),
        step_rounds=state.step_rounds.set(fact.step, (*rounds, fact.round)),
        touched=frozenset({Touch.SCENE}),
        scene=state.seq,
    )


def _cast(state: State, round_id: RoundId, ballot: Ballot, record: Record) -> State:
    round_ = state.rounds[round_id]
    cast = change(round_, ballots=round_.ballots.set(record.by, ballot))
    after = change(
        state,
        rounds=state.rounds.set(round_id, cast),
        touched=frozenset({Touch.DONE, Touch.you(record.by)}),
    )
    step = state.step(round_.step)
    if step is None or not round_.closed_at or few(state, step) == few(after, step):
        return after
    # it came again after the close (O11): all pages say there why a result is held back
    return change(after, touched=after.touched | {Touch.SCENE}, scene=state.seq)


def _allocated(state: State, fact: PointsAllocated, record: Record) -> State:
    given = state.rounds[fact.round].ballots.get(record.by)
    points: Map[str, int] = given.points if given else Map()
    if fact.points:
        points = points.set(fact.option, fact.points)
    elif fact.option in points:
        points = points.delete(fact.option)
    anew: Map[str, int] = given.anew if given else Map()
    if state.losses and not record.again:
        anew = anew.set(fact.option, state.seq)
    return _cast(state, fact.round, Ballot(points, record.at, record.entered_by, state.seq, anew), record)


def _blank(state: State, fact: BlankCast, record: Record) -> State:
    return _cast(state, fact.round, Ballot(Map(), record.at, record.entered_by, state.seq), record)


def result(round_: Round | None) -> Result | None:
    """Count a round; None before its reveal (V5). Cost: options + points given.

    Points, then distinct supporters; equal on both share a rank (``domain`` rule V6, standard competition
    ranking). Never broken by order, name or id.
    """
    if round_ is None or not round_.revealed_at:
        return None
    points = dict.fromkeys(round_.options, 0)
    supporters = dict.fromkeys(round_.options, 0)
    for ballot in round_.ballots.values():
        for option, given in ballot.points.items():
            points[option] += given
            supporters[option] += 1
    scores = [(points[o], supporters[o]) for o in round_.options]
    ranked = sorted(range(len(scores)), key=lambda i: scores[i], reverse=True)
    lines = tuple(
        Line(
            option=round_.options[i],
            points=scores[i][0],
            supporters=scores[i][1],
            rank=1 + sum(other > scores[i] for other in scores),
            tied=scores.count(scores[i]) > 1,
        )
        for i in ranked
    )
    ballots = list(round_.ballots.values())
    return Result(
        lines=lines,
        voters=len(ballots),
        blank=sum(not b.points for b in ballots),
        assisted=sum(bool(b.entered_by) for b in ballots),
        spent=sum(b.spent for b in ballots),
        budget=round_.points,
    )


PART = Part(
    judges={AllocatePoints: allocate_points},
    folds={RoundOpened: _opened, PointsAllocated: _allocated, BlankCast: _blank},
    rules=RULES,
    refusals=REFUSALS,
    plain=frozenset({AllocatePoints}),
)


def _sensible(settings: KindSettings) -> bool:
    assert isinstance(settings, BallotSettings), f"expected a ballot, got {settings}"
    points, cap = settings.points, settings.cap
    fits = 0 <= cap <= points <= MOST_SET if points else cap == 0
    return fits and LEAST.holds(settings.least)


def _may_become(step: Step, settings: KindSettings) -> Rejection | None:
    """Why a vote may not be changed so: people have voted on another promise (V11)."""
    assert isinstance(settings, BallotSettings), f"expected a ballot, got {settings}"
    assert isinstance(step.settings, BallotSettings), f"expected a ballot, got {step.kind}"
    if step.opened_at and settings.least != step.settings.least:
        return Rejection("V11", "promised")
    return Rejection("F4", "vote_open") if step.phase == "open" and settings != step.settings else None


def _held(state: State, step: Step) -> frozenset[str]:
    round_ = state.round_of(step.id)
    return frozenset(round_.options) if round_ else frozenset()


KIND = Kind(
    BallotSettings,
    N_("Vote"),
    PART,
    on_open=on_open,
    on_done=on_done,
    before_reveal=before_reveal,
    sensible=_sensible,
    may_become=_may_become,
    held=_held,
)
