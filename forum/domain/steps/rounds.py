"""Rounds of votes as the state holds them, with their ballots: the slice of ``State`` that is the ballot's."""

from typing import Final

import msgspec
from immutables import Map

from forum.domain.kernel import NOBODY, Millis, PersonId, ReasonId, RoundId, StepId


class Ballot(msgspec.Struct, frozen=True):
    """What one person gave: key → mark, without zeros. Empty = a blank ballot."""

    marks: Map[str, int]
    at: Millis
    entered_by: PersonId = NOBODY
    number: int = 0  # fact that made it what it is
    anew: Map[str, int] = Map()  # after a loss: key → fact that gave it a mark, and did not only come again
    seal: str = ""  # stands for it, and tells nothing of it: made with its last fact's salt
    struck: bool = False  # its time was over: nobody knows any more what was given
    put: tuple[str, ...] = ()  # the keys that its voter is asked now, where the method asks one after another
    paper: str = (
        ""  # the code of the paper from which the desk entered it; "": it was given by phone, or for somebody
    )
    late: bool = False  # it is of paper, and was entered after the close (V76)


class Paper(msgspec.Struct, frozen=True):
    """A paper ballot that was printed, whether it was entered or not."""

    code: str
    round: RoundId  # for which it was printed
    void: bool = False


class Printed(msgspec.Struct, frozen=True):
    """Papers that were printed together."""

    number: int  # fact that says so
    round: RoundId
    codes: tuple[str, ...]  # as they are printed
    at: Millis


def voter(code: str) -> PersonId:
    """The name under which a paper's ballot stands among a round's: no person has it."""
    return PersonId(f"paper:{code}")


class Reason(msgspec.Struct, frozen=True):
    """Why somebody gave a mark that is against, in their own words; nobody is told whose they are."""

    id: ReasonId
    text: str  # "": erased
    number: int  # fact that gave it its present words
    was: int = 0  # where that came again: its number in the history that was lost
    hidden: str = ""  # why the desk hid it; "": it is shown
    settled: int = 0  # fact that last hid or restored it; 0 = none


class Line(msgspec.Struct, frozen=True):
    """One option's result."""

    option: str
    rank: int  # 1, 2, 2, 4: equals share a rank
    tied: bool
    numbers: dict[str, int]  # what its method tells of it, the most important first

    @property
    def score(self) -> int:
        """The number that a bar shows."""
        return next(iter(self.numbers.values()))


class Result(msgspec.Struct, frozen=True):
    """The outcome of a closed round: lines from first to last, ties in the order of the ballot."""

    lines: tuple[Line, ...]
    voters: int
    blank: int
    assisted: int  # ballots entered for people without a phone
    sums: dict[str, int]  # what the ballots add up to, as their method tells it
    papers: int = 0  # ballots on paper
    late: int = 0  # of these, entered after the close


class Kept(msgspec.Struct, frozen=True):
    """The cut that the desk made in a result: its first choices are kept."""

    number: int  # how many were to be kept
    options: tuple[
        str, ...
    ]  # those that are, in the order of the result; of a run-off those that it does not decide
    how: str  # of ``cut.HOW``
    tied: tuple[str, ...] = ()  # at the limit, where the cut fell inside a tie
    seed: int = 0  # of the lot by which some of these are kept
    runoff: StepId = StepId("")  # the vote among them that decides the rest


class Counted(msgspec.Struct, frozen=True):
    """What was recorded when a round was revealed: it reads so for ever."""

    version: int  # of the method that counted
    result: Result
    ballots: str  # stands for all ballots that were counted


class Deal(msgspec.Struct, frozen=True):
    """Of what options are dealt out to people, as the round, or the one whose ballots go on in it, was opened.

    It tells who wrote what: it is in no fact, and nobody is shown it.
    """

    seed: int = 0
    people: tuple[PersonId, ...] = ()  # who had a voice then, each as whose own it was
    authors: tuple[PersonId, ...] = ()  # of each option, as whose own their voice was; NOBODY where nobody's

    def __bool__(self) -> bool:
        """Whether anything was dealt."""
        return bool(self.people)


NOT_DEALT: Final = Deal()


class Round(msgspec.Struct, frozen=True):
    """One voting round: a frozen list of options and one ballot a person. Never edited once closed."""

    id: RoundId
    step: StepId
    number: int  # 1, 2 … within the step
    options: tuple[str, ...]  # ids of themes, ideas or actions
    parameters: dict[str, int]  # of its method; never changed
    opened_at: Millis
    closed_at: Millis = Millis(0)
    revealed_at: Millis = Millis(0)
    ballots: Map[PersonId, Ballot] = Map()
    choices: str = ""  # stands for what is voted on: the options with their words, the parameters (V7)
    method: str = "dots"
    version: int = 1  # of the method
    electorate: str = "present"  # who votes: everybody with a voice
    seed: int = 0  # for what is drawn by lot
    counted: Counted | None = None
    aside: Map[PersonId, Ballot] = (
        Map()
    )  # that others replaced, to whom their voice was handed (V14); they count no more
    reasons: Map[PersonId, Map[str, Reason]] = Map()  # by key: of those whose mark there is against (V28)
    deal: Deal = NOT_DEALT  # where its method puts to each what others wrote
    hands: Map[str, int] = Map()  # raised for options, as the desk noted them; beside the ballots (V55)
    kept: Kept | None = None  # the cut that was made in its result (V65); None: none
    cut: int = 0  # fact by which that was made, or taken back
    began: int = 0  # fact by which it, or the round whose ballots go on in it, was opened


class Rounds(msgspec.Struct, frozen=True):
    """Every round of every vote."""

    by_id: Map[RoundId, Round] = Map()
    of_step: Map[StepId, tuple[RoundId, ...]] = Map()  # as they were opened
    papers: Map[str, Paper] = Map()  # every one that was printed, by its code
    printed: tuple[Printed, ...] = ()  # as they were

    def latest(self, step: StepId) -> Round | None:
        """The latest round of a step."""
        ids = self.of_step.get(step, ())
        return self.by_id[ids[-1]] if ids else None
