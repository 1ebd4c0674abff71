"""Paper ballots: printed for an open vote, each with a code, entered at the desk, counted like those given by phone; V75 to V78.

Theory of operation. ``PapersPrinted`` says how many, and the secret with which their codes are drawn: the server chose it, nobody
is shown it, no code tells another, and every process draws the same. A code is tied to nobody: the ballot that is entered by it stands among
the others of its round under a name of its own (``voter``), which is no person's. The round that a paper was printed for, or the
one in which that goes on, takes it; none after a reveal.
"""

from collections.abc import Callable, Iterable, Mapping
from hashlib import blake2b
from typing import Final

from immutables import Map

from forum.domain import methods, saw
from forum.domain.kernel import (
    N_,
    Absolute,
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
from forum.domain.limits import Range
from forum.domain.methods.papers import OF_ONES_OWN, Unfit
from forum.domain.roles import LEADS
from forum.domain.state import State, change
from forum.domain.steps.rounds import Ballot, Paper, Printed, Round, voter
from forum.domain.steps.voting import seal_of
from forum.domain.touch import Touch

SIGNS: Final = "BCDFGHJKLMNPRSTVWXZ"
"""Of codes: no sign is taken for another, none makes a word; a prime number of them, so that the last finds every slip."""
Ballots = Callable[[Map[PersonId, Ballot]], Map[PersonId, Ballot]]
DRAWN: Final = 5  # signs that are drawn; one more says whether they were typed right
AT_ONCE: Final = Range(1, 200)  # papers of one printing
MOST_PAPERS: Final = 1_000  # of one round
RULES = {
    "V75": N_(
        "The desk may print paper ballots for an open vote. Each has a code that counts once and is tied to nobody. They are full "
        "ballots and count in the result, which tells them apart."
    ),
    "V76": N_(
        "Paper ballots are entered until the result is shown. What is entered after the close is told apart, as entered late."
    ),
    "V77": N_(
        "A paper counts in the round for which it was printed. A code that was entered is not taken again: what was entered first "
        "stands until the desk takes it back."
    ),
    "V78": N_("The desk may declare a paper void that is lost or spoilt; its code is then not taken."),
}
REFUSALS = {
    "papers_not_open": N_(
        "Paper ballots are printed while the vote is open, with its choices as they then stand. Open the vote first."
    ),
    "paper_unfit": OF_ONES_OWN.why,
    "papers_number": N_("Print from {least} to {most} paper ballots at once."),
    "papers_most": N_("One round has at most {limit} paper ballots. Enter those that are there first."),
    "paper_mistyped": N_("This code has a typing mistake. Read all six letters again from the paper."),
    "paper_sign": N_(
        "Choice {sign}: what was typed does not stand on the paper. Type what is marked there, or leave it empty."
    ),
    "paper_unknown": N_("No paper ballot of this forum has this code. Read it again from the paper."),
    "paper_elsewhere": N_(
        "This paper was printed for another vote or an earlier round. It cannot count in this one."
    ),
    "paper_twice": N_(
        "This paper is already entered, and what was entered stands. To enter it anew, take it back first."
    ),
    "paper_void": N_("This paper was declared void. To enter it, declare it valid again first."),
    "paper_shown": N_("The result has been shown: nothing changes in this round any more."),
    "paper_not_entered": N_("This paper is not entered. Look at its code again."),
    "paper_counts": N_("This paper is entered and counts. Take it back first, then declare it void."),
}


class PrintPapers(Command, frozen=True):
    """So many paper ballots more for the vote that is open. Asked by the server, which chooses the secret."""

    step: StepId
    papers: int
    secret: str


class EnterPaper(Command, frozen=True):
    """What stands on one paper, whole: key → mark. Nothing is a blank ballot."""

    step: StepId
    paper: str  # its code, as it was typed
    marks: dict[str, int]


class TakePaperBack(Command, frozen=True):
    """What was entered of a paper counts no more; it may be entered anew."""

    step: StepId
    paper: str


class VoidPaper(Command, frozen=True):
    """A paper is lost or spoilt; or, declared so by mistake, is valid again."""

    step: StepId
    paper: str
    void: bool = True


class PapersPrinted(Fact, frozen=True):
    round: RoundId
    papers: int
    secret: str  # with which their codes are drawn


class PaperEntered(Fact, frozen=True):
    round: RoundId
    paper: str
    marks: dict[str, int] = {}


class PaperTakenBack(Fact, frozen=True):
    round: RoundId
    paper: str


class PaperVoided(Fact, frozen=True):
    round: RoundId
    paper: str
    void: bool = True


# --- codes


def last_sign(drawn: str) -> str:
    """The sign that follows these. One wrong sign, or two that changed places, give another."""
    return SIGNS[sum(place * SIGNS.index(sign) for place, sign in enumerate(drawn, 1)) % len(SIGNS)]


def read_code(typed: str) -> str | None:
    """A code as it is kept: in capitals, without what stands between; None where a sign is wrong."""
    code = "".join(sign for sign in typed.upper() if sign not in " -.\u00a0")
    right = (
        len(code) == DRAWN + 1 and all(sign in SIGNS for sign in code) and last_sign(code[:-1]) == code[-1]
    )
    return code if right else None


def draw(secret: str, about: str, papers: int, taken: Iterable[str]) -> tuple[str, ...]:
    """So many codes that nobody has yet. Whoever does not know the secret cannot tell one from the others."""
    known, found = set(taken), []
    for number in range(100 * papers):
        drawn = blake2b(f"{about} {number}".encode(), key=secret.encode()[:64], digest_size=16).digest()
        rest, signs = int.from_bytes(drawn), ""
        for _ in range(DRAWN):
            rest, sign = divmod(rest, len(SIGNS))
            signs += SIGNS[sign]
        code = signs + last_sign(signs)
        if code not in known:
            known.add(code)
            found.append(code)
        if len(found) == papers:
            break
    return tuple(found)


# --- readings


def printings(state: State, round_: Round) -> list[Printed]:
    """What was printed for a round, and for those whose ballots go on in it, in the order of printing."""
    return [one for one in state.rounds.printed if _goes_on(state, one.round, round_)]


def entered(round_: Round) -> list[str]:
    """The codes of a round's papers, in the order in which they were entered. Cost: the ballots."""
    there = ((ballot.number, ballot.paper) for ballot in round_.ballots.values() if ballot.paper)
    return [code for _, code in sorted(there)]


def left(state: State, round_: Round) -> int:
    """How many papers may still be printed for a round."""
    return MOST_PAPERS - sum(len(one.codes) for one in printings(state, round_))


def _goes_on(state: State, printed: RoundId, round_: Round) -> bool:
    return state.rounds.by_id[printed].began == round_.began


# --- rules


def _open_to_papers(state: State, step: StepId, asked: Asked) -> Round | Rejection:
    """The round of a step to which papers may still be entered."""
    if state.people.by_id[asked.by].role not in LEADS:
        return Rejection("J3", "forbidden")
    round_ = state.rounds.latest(step)
    if round_ is None:
        return Rejection("F1", "no_step")
    return Rejection("V76", "paper_shown") if round_.revealed_at else round_


def _known(
    state: State, command: "EnterPaper | TakePaperBack | VoidPaper", asked: Asked
) -> tuple[Round, Paper] | Rejection:
    """The paper that is meant, by its code as somebody typed it, and the round that takes it."""
    round_ = _open_to_papers(state, command.step, asked)
    if isinstance(round_, Rejection):
        return round_
    code = read_code(command.paper)
    if code is None:
        return Rejection("V77", "paper_mistyped")
    paper = state.rounds.papers.get(code)
    if paper is None:
        return Rejection("V77", "paper_unknown")
    return (round_, paper) if _goes_on(state, paper.round, round_) else Rejection("V77", "paper_elsewhere")


def print_papers(state: State, command: PrintPapers, asked: Asked) -> Facts | Rejection:
    round_ = _open_to_papers(state, command.step, asked)
    if isinstance(round_, Rejection):
        return round_
    if round_.closed_at:
        return Rejection("V75", "papers_not_open")
    if isinstance(methods.of(round_.method).printed(round_.parameters), Unfit):
        return Rejection("V75", "paper_unfit")
    if not AT_ONCE.holds(command.papers):
        return Rejection("V75", "papers_number", {"least": AT_ONCE.least, "most": AT_ONCE.most})
    if command.papers > left(state, round_):
        return Rejection("V75", "papers_most", {"limit": MOST_PAPERS})
    return (PapersPrinted(round_.id, command.papers, command.secret),)


def enter_paper(state: State, command: EnterPaper, asked: Asked) -> Facts | Rejection:
    found = _known(state, command, asked)
    if isinstance(found, Rejection):
        return found
    round_, paper = found
    if paper.void:
        return Rejection("V78", "paper_void")
    if voter(paper.code) in round_.ballots:
        return Rejection("V77", "paper_twice")
    marks = _marks(round_, command.marks)
    return marks if isinstance(marks, Rejection) else (PaperEntered(round_.id, paper.code, marks),)


def _marks(round_: Round, given: Mapping[str, int]) -> dict[str, int] | Rejection:
    """What a whole ballot comes to when its marks are given one after another, as a phone gives them; why one may not be."""
    method = methods.of(round_.method)
    keys, marks = set(method.keys(round_)), Map[str, int]()
    for key, mark in given.items():
        if key not in keys:
            return Rejection("V7", "no_option")
        if not mark:
            continue
        before = Ballot(marks, round_.opened_at)
        refused = method.refuse(round_, before, key, mark)
        if refused:
            return refused
        for touched, now in method.gives(round_, before, key, mark).items():
            marks = marks.set(touched, now) if now else marks.delete(touched)
    return dict(sorted(marks.items()))


def take_paper_back(state: State, command: TakePaperBack, asked: Asked) -> Facts | Rejection:
    found = _known(state, command, asked)
    if isinstance(found, Rejection):
        return found
    round_, paper = found
    if voter(paper.code) not in round_.ballots:
        return Rejection("V77", "paper_not_entered")
    return (PaperTakenBack(round_.id, paper.code),)


def void_paper(state: State, command: VoidPaper, asked: Asked) -> Facts | Rejection:
    found = _known(state, command, asked)
    if isinstance(found, Rejection):
        return found
    round_, paper = found
    if voter(paper.code) in round_.ballots:
        return Rejection("V78", "paper_counts")
    return () if paper.void == command.void else (PaperVoided(round_.id, paper.code, command.void),)


# --- folds


def _printed(state: State, fact: PapersPrinted, record: Record) -> State:
    papers = state.rounds.papers
    codes = draw(fact.secret, fact.round, fact.papers, papers)
    papers = papers.update({code: Paper(code, fact.round) for code in codes})
    printed = (*state.rounds.printed, Printed(state.seq, fact.round, codes, record.at))
    rounds = change(state.rounds, papers=papers, printed=printed)
    return change(state, rounds=rounds, touched=frozenset({Touch.PAPERS}))


def _entered(state: State, fact: PaperEntered, record: Record) -> State:
    who, late = voter(fact.paper), bool(state.rounds.by_id[fact.round].closed_at)
    marks = Map(fact.marks)
    ballot = Ballot(
        marks, record.at, number=state.seq, seal=seal_of(who, record.salt, marks), paper=fact.paper, late=late
    )
    return _with(state, fact.round, lambda ballots: ballots.set(who, ballot))


def _taken_back(state: State, fact: PaperTakenBack, record: Record) -> State:
    who = voter(fact.paper)
    return _with(state, fact.round, lambda ballots: ballots.delete(who) if who in ballots else ballots)


def _with(state: State, round_id: RoundId, changed: Ballots) -> State:
    """The state in which a round has other ballots: everybody is told how many, and after the close all pages say it."""
    round_ = state.rounds.by_id[round_id]
    after = change(round_, ballots=changed(round_.ballots))
    rounds = change(state.rounds, by_id=state.rounds.by_id.set(round_id, after))
    touched = frozenset({Touch.VOTED, Touch.PAPERS})
    if not round_.closed_at:
        return change(state, rounds=rounds, touched=touched)
    return change(state, rounds=rounds, touched=touched | {Touch.SCENE}, scene=state.seq)


def _voided(state: State, fact: PaperVoided, record: Record) -> State:
    paper = change(state.rounds.papers[fact.paper], void=fact.void)
    rounds = change(state.rounds, papers=state.rounds.papers.set(fact.paper, paper))
    return change(state, rounds=rounds, touched=frozenset({Touch.PAPERS}))


BY_CODE: Final = Absolute("its code says which paper it is, and of which round")
FOLDS: dict[type[Fact], Fold] = {
    PapersPrinted: _printed, PaperEntered: _entered, PaperTakenBack: _taken_back, PaperVoided: _voided,
}  # fmt: skip
PART = Part(
    judges={
        PrintPapers: print_papers,
        EnterPaper: enter_paper,
        TakePaperBack: take_paper_back,
        VoidPaper: void_paper,
    },
    folds=FOLDS,
    rules=RULES,
    refusals=REFUSALS,
    sees={PrintPapers: saw.ROUND, **dict.fromkeys((EnterPaper, TakePaperBack, VoidPaper), BY_CODE)},
    aloud=dict.fromkeys(FOLDS, Quiet("a vote is secret; how many ballots there are is said with it")),
)
