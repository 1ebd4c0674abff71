"""A ballot method as a value: what a round asks it. A ballot is marks, key → whole number; the method says what they
mean.

A method decides only how marks are given and counted. The vote decides who votes, until when, and in secret.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, NamedTuple

from forum.domain.kernel import PersonId, Rejection
from forum.domain.limits import Range, Text
from forum.domain.methods.papers import OF_ONES_OWN, WRITTEN, Paper, Unfit
from forum.domain.methods.pictures import Picture
from forum.domain.settings import BallotSettings
from forum.domain.steps.rounds import Ballot, Line, Result, Round

Sums = dict[str, int]
MOST_CHOICES: Final = 300  # of one vote: as many as a plan holds actions, and more than anybody weighs


def _any(settings: BallotSettings) -> bool:
    return True


def _options(round_: Round) -> tuple[str, ...]:
    return round_.options


def _itself(key: str) -> tuple[str, ...]:
    return (key,)


def _against_the_winner(terms: Mapping[str, int], result: Result, line: Line) -> tuple[int, int]:
    return line.score, max(1, result.lines[0].score)


def _ranked_first(result: Result) -> tuple[str, ...]:
    return tuple(line.option for line in result.lines if line.rank == 1 and line.score)


def _unmarked(marks: Mapping[str, int]) -> bool:
    return not marks


def _marked(round_: Round, marks: Mapping[str, int]) -> bool:
    return bool(marks)


def _as_asked(round_: Round, given: Ballot | None, key: str, mark: int) -> Mapping[str, int]:
    return {key: mark}


def _at_once(round_: Round) -> bool:
    return False


def _nothing(state: Any, step: Any, options: tuple[str, ...]) -> Mapping[str, int]:
    return {}


def _together(terms: Mapping[str, int], result: Result, line: Line) -> bool:
    return False


def _written(terms: Mapping[str, int]) -> Paper:
    return WRITTEN


def _no_picture(terms: Mapping[str, int], result: Result) -> Picture | None:
    return None


class Serves(NamedTuple):
    """For what a way to choose is proposed, up to how many choices, and why: a message id, one sentence."""

    want: str  # of ``choosing_how.WANTS``
    most: int
    why: str
    least: int = 2


class Explained(NamedTuple):
    """A method in four sentences or so, for everybody who votes by it: message ids. ``docs/methods.md`` says more."""

    aim: str  # what it is for
    counting: str  # how it counts
    fault: str  # what it is known to do wrong
    silence: str  # ties, blanks, silence


class Setting(NamedTuple):
    """One number that the desk may choose of a vote by a method; its ``terms`` read it with ``own``."""

    name: str
    label: str
    numbers: Range
    otherwise: int = 0  # where nobody chose
    before: str = ""  # the field of a vote's settings that had it before methods had their own


class Wording(NamedTuple):
    """A few words that the desk may choose of a vote by a method, such as what a criterion is called. Its telling reads them
    (``Reader.word``). Like the titles of steps they are the organisers' own, name nobody, and are struck with the forum."""

    name: str
    label: str
    text: Text


class Method(NamedTuple):
    """One way to vote. Its words on surfaces, in exports and in the second count are registered under its name."""

    name: str
    version: int  # another one where the same ballots would be counted otherwise
    title: str  # what the desk calls it
    terms: Callable[[BallotSettings, int], Mapping[str, int]]
    """What holds in a round, by settings and number of options; for ever: a round keeps it."""
    refuse: Callable[[Round, Ballot | None, str, int], Rejection | None]
    """Why a mark may not be given: round, what its voter gave so far, key, mark. 0 takes back."""
    tally: Callable[[Round], tuple[Line, ...]]
    """The result, from first to last, in one pass over the ballots; equals share a rank, in the order of the ballot."""
    sums: Callable[[Round, Iterable[Ballot]], Sums]
    """What these ballots add up to, by names of the method's own; of one ballot: what its voter is told."""
    whole: Callable[[Round], tuple[tuple[Line, ...], Sums]] | None = None
    """The tally, with what the whole result adds up to besides ``sums``; None where that is nothing."""
    slow: Callable[[Round], bool] = _at_once
    """Whether to count this round takes longer than others may be kept waiting: it is counted apart before its reveal."""
    keys: Callable[[Round], Iterable[str]] = _options
    """The keys under which marks are given."""
    about: Callable[[str], tuple[str, ...]] = _itself
    """The options that a key is about, in the order in which its telling (``choice``) is given their words."""
    gives: Callable[[Round, Ballot | None, str, int], Mapping[str, int]] = _as_asked
    """The marks that come of asking for one that is not refused, by key: a repeat changes nothing."""
    settings: tuple[Setting, ...] = ()
    """What the desk may choose of it."""
    wordings: tuple[Wording, ...] = ()
    """What of it the desk may call in its own words."""
    bar: Callable[[Mapping[str, int], Result, Line], tuple[int, int]] = _against_the_winner
    """The bar of a line, by what held in the round and the whole result: how much, of how much."""
    first: Callable[[Result], tuple[str, ...]] = _ranked_first
    """The options that a result names first; none where nobody gave anything."""
    blank: Callable[[Mapping[str, int]], bool] = _unmarked
    """Whether a ballot with these marks is blank (V8)."""
    complete: Callable[[Round, Mapping[str, int]], bool] = _marked
    """Whether whoever gave these marks may well be done: nothing is left to give, or as much as they like is given. Not asked
    where ``only_asked``: there one is done with what is put to them."""
    sensible: Callable[[BallotSettings], bool] = _any
    """Whether these settings can be voted with."""
    against: Callable[[int], bool] | None = None
    """Whether a mark is against what it is given to: whoever gives it may say why (V28). None: nobody is asked."""
    divides: Callable[[Mapping[str, int], Result, Line], bool] = _together
    """Whether the room is of two minds about a line, by what held in the round and the whole result (V29)."""
    picture: Callable[[Mapping[str, int], Result], Picture | None] = _no_picture
    """What the whole result looks like, by what held in the round; None: a bar for each line."""
    asked: Callable[[Round, PersonId, Ballot | None], tuple[str, ...]] | None = None
    """The keys that are put to this person from now on, in their order, asked at each mark that they give: the round, and
    the ballot with what was put before (``Ballot.put``). Without a ballot it may not depend on other ballots. None: all,
    by option, in an order of their own."""
    only_asked: bool = False
    """Whether marks are given to nothing else; then who was there, and whose options are, is kept (``Round.deal``)."""
    reads: Callable[[Any, Any, tuple[str, ...]], Mapping[str, int] | Rejection] = _nothing
    """What more holds in a round, read of the state when it opens: state, step, options. Why it cannot open, else."""
    most: int = MOST_CHOICES
    """How many options it takes."""
    least: int = 2
    """How few: one where a proposal is read alone."""
    sheet: str = ""
    """The style sheet of what a phone gives marks with (``static/css/methods/<sheet>.css``), loaded with the ballot."""
    paper: Callable[[Mapping[str, int]], Paper] = _written
    """How its ballot looks on paper, by what holds in the round."""
    explained: Explained | None = None
    serves: tuple[Serves, ...] = ()
    """For what it is proposed; nothing: it is only chosen."""
    lowest_best: bool = False  # whether of two marks the lower says more
    offered: bool = True  # at the desk, for new votes
    rules: Mapping[str, str] = {}
    refusals: Mapping[str, str] = {}

    @property
    def one_by_one(self) -> bool:
        """Whether what is put to somebody next follows from what they gave."""
        return self.asked is not None and not self.only_asked

    def printed(self, terms: Mapping[str, int]) -> Paper | Unfit:
        """How its ballot looks on paper, or why there is none: what is asked of each person alone cannot be printed."""
        return OF_ONES_OWN if self.asked else self.paper(terms)


def halves(part: int, whole: int) -> bool:
    """Whether about half of a whole is part of it: two fifths to three fifths."""
    return 2 * whole <= 5 * part <= 3 * whole


def own(settings: BallotSettings, method: str, setting: Setting) -> int:
    """What the desk chose of a method's own setting."""
    before: int = getattr(settings, setting.before) if setting.before else setting.otherwise
    return settings.own.get(key_of(method, setting), before)


def key_of(method: str, setting: Setting | Wording) -> str:
    """The name under which a vote's settings keep it, and forms send it."""
    return f"{method}_{setting.name}"


def ranked(
    options: Iterable[str], numbers: Mapping[str, dict[str, int]], score: Mapping[str, Any]
) -> tuple[Line, ...]:
    """Lines from the highest score to the lowest: 1, 2, 2, 4. Never broken by order, name or id. Cost: a sort.

    numbers   what is told of each option, the most important first
    score     what is compared
    """
    there = tuple(options)
    best_first = sorted(there, key=lambda o: score[o], reverse=True)
    rank: dict[Any, int] = {}
    for place, option in enumerate(best_first, 1):
        rank.setdefault(score[option], place)
    alike: dict[Any, int] = {}
    for option in there:
        alike[score[option]] = alike.get(score[option], 0) + 1
    return tuple(Line(o, rank[score[o]], alike[score[o]] > 1, numbers[o]) for o in best_first)
