"""What a line of a receipt can be about: a card, a ballot, a commitment, a sheet. Each is one value.

A receipt, its check and the pages of both ask the value; none of them knows a kind by its name. What a kind of step makes
that shall have receipts adds its value here.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from forum.audit.answers import Answer
from forum.audit.claims import Claim
from forum.domain import methods, things
from forum.domain.kernel import N_, CommitmentId, IdeaId, PersonId, RoundId, SheetId, StepId
from forum.domain.sheets import SCHEMAS, UNKNOWN
from forum.domain.sheets.record import Sheet
from forum.domain.state import State
from forum.domain.steps.commitments import Commitment
from forum.domain.steps.ideas import Idea
from forum.domain.steps.pledge import live_commitments
from forum.domain.steps.proposals import MET, Remark, RemarkId, shelf
from forum.domain.steps.voting import counting, worded
from forum.language import Reader


class Notes(NamedTuple):
    """What its author is told of a contribution, beside its mark."""

    words: str = ""  # what it says; of a ballot the title of its vote
    hidden: str | None = None  # why the facilitator hid it; None: it is not hidden
    yours: str = ""  # of a sheet: what it is, as a message id
    round: int = 0  # of a ballot, from 1
    marks: Mapping[str, int] = {}  # of a ballot: key → mark, in the order of the choices
    method: str = "dots"  # of a ballot
    step: StepId = StepId("")  # of a ballot
    struck: bool = False  # of a ballot: its time was over
    worded: Mapping[str, str] = {}  # of a ballot: what its desk called in its own words
    became: str = ""  # of an objection: how it was met, as a message id


class Contribution(NamedTuple):
    """One kind of what a person gives and can check later."""

    of: Callable[[State, PersonId], Iterable[tuple[str, int]]]
    """What stands of a person: its id, and the number that its line is under. Cost: their contributions."""
    standing: Callable[[State, Claim], int]
    """The number of the fact that made it what it is now; 0 when there is none of this person's."""
    answer: Callable[[State, Claim, PersonId | None], Answer]
    """What is said of a sealed line of the forum's own history; given: who asks, if they are recognised."""
    notes: Callable[[State, Claim, str], Notes]
    """What its author is told of one that stands; given: the language."""
    heading: Callable[[Reader, Notes], str]
    """What it is called on a receipt; ``Notes()`` where it is not there."""


# --- cards


def _card(state: State, claim: Claim) -> Idea | None:
    idea = state.ideas.by_id.get(IdeaId(claim.id))
    return idea if idea and idea.author == claim.person else None


def _cards_of(state: State, person: PersonId) -> Iterator[tuple[str, int]]:
    cards = (state.ideas.by_id[i] for i in state.ideas.by_author.get(person, ()))
    return ((card.id, card.worded) for card in cards if card.state != "withdrawn")


def _card_stands(state: State, claim: Claim) -> int:
    idea = _card(state, claim)
    if idea is None:
        return 0
    return idea.worded if idea.state == "active" else idea.settled


def _card_answer(state: State, claim: Claim, asker: PersonId | None) -> Answer:
    idea = _card(state, claim)
    if idea is None:
        return Answer(claim, "gone", True)
    if not idea.text:
        return Answer(claim, "erased", True)
    if idea.state == "withdrawn":
        return Answer(claim, "withdrawn", True, idea.settled)
    if idea.state == "hidden":
        return Answer(claim, "hidden", True, idea.settled, idea.reason)
    return Answer(claim, "counted" if idea.worded == claim.number else "changed", True, idea.worded)


def _card_notes(state: State, claim: Claim, lang: str) -> Notes:
    idea = _card(state, claim)
    return Notes(idea.text, idea.reason if idea.state == "hidden" else None) if idea else Notes()


# --- commitments


def _commitment(state: State, claim: Claim) -> Commitment | None:
    found = state.commitments.by_id.get(CommitmentId(claim.id))
    return found if found and found.person == claim.person else None


def _commitments_of(state: State, person: PersonId) -> Iterator[tuple[str, int]]:
    return ((c.id, c.made) for c in live_commitments(state) if c.person == person)


def _commitment_stands(state: State, claim: Claim) -> int:
    found = _commitment(state, claim)
    return found.rev if found else 0


def _commitment_answer(state: State, claim: Claim, asker: PersonId | None) -> Answer:
    found = _commitment(state, claim)
    if found is None:
        return Answer(claim, "gone", True)
    if not found.text:
        return Answer(claim, "erased", True)
    return Answer(claim, "withdrawn" if found.withdrawn else "counted", True, found.rev)


def _commitment_notes(state: State, claim: Claim, lang: str) -> Notes:
    found = _commitment(state, claim)
    return Notes(found.text) if found else Notes()


# --- sheets


def _sheet(state: State, claim: Claim) -> Sheet | None:
    found = state.sheets.by_id.get(SheetId(claim.id))
    return found if found and found.by == claim.person else None


def _sheets_of(state: State, person: PersonId) -> Iterator[tuple[str, int]]:
    written = state.sheets.by_id.values()
    return ((s.id, s.own) for s in written if s.by == person and not s.removed)


def _sheet_stands(state: State, claim: Claim) -> int:
    found = _sheet(state, claim)
    if found is None:
        return 0
    return found.settled if found.removed else found.worded


def _sheet_answer(state: State, claim: Claim, asker: PersonId | None) -> Answer:
    found = _sheet(state, claim)
    if found is None:
        return Answer(claim, "gone", True)
    if found.removed:
        return Answer(claim, "withdrawn" if found.settled_by == found.by else "removed", True, found.settled)
    if not things.words(state, found.schema, found.id):
        return Answer(claim, "erased", True)
    if found.worded == claim.number:
        return Answer(claim, "counted", True, found.worded)
    return Answer(claim, "changed" if found.worded == found.own else "edited", True, found.worded)


def _sheet_notes(state: State, claim: Claim, lang: str) -> Notes:
    """What it says, as far as it stands in the words of who wrote it first."""
    found = _sheet(state, claim)
    if found is None:
        return Notes()
    schema = SCHEMAS.get(found.schema, UNKNOWN)
    words = schema.words_in(found.fields).items()
    own = " – ".join(text for name, text in words if text and found.wrote[name].by == claim.person)
    return Notes(own, yours=schema.yours)


# --- ballots


def _ballots_of(state: State, person: PersonId) -> Iterator[tuple[str, int]]:
    """In the rounds in which they count, or will: not in those that went on in a later one."""
    for step in state.steps:
        for name in state.rounds.of_step.get(step.id, ()):
            round_ = state.rounds.by_id[name]
            if person in round_.ballots and counting(state, round_) is round_:
                yield round_.id, round_.ballots[person].number


def _ballot_stands(state: State, claim: Claim) -> int:
    round_ = state.rounds.by_id.get(RoundId(claim.id))
    if round_ is None:
        return 0
    counts = counting(state, round_)
    ballot = counts.ballots.get(claim.person) or counts.aside.get(claim.person)
    return ballot.number if ballot else 0


def _ballot_is_struck(state: State, claim: Claim) -> bool:
    counts = counting(state, state.rounds.by_id[RoundId(claim.id)])
    ballot = counts.ballots.get(claim.person) or counts.aside.get(claim.person)
    return ballot is not None and ballot.struck


def _ballot_answer(state: State, claim: Claim, asker: PersonId | None) -> Answer:
    """Only its voter learns whether it was changed, or replaced from another phone (V14)."""
    now = _ballot_stands(state, claim)
    if not now:
        return Answer(claim, "gone", True)
    if _ballot_is_struck(state, claim):
        return Answer(claim, "struck", True)
    if asker != claim.person:
        return Answer(claim, "kept", True)
    round_ = counting(state, state.rounds.by_id[RoundId(claim.id)])
    counted = now == claim.number and claim.person in round_.ballots
    return Answer(claim, "counted" if counted else "changed", True, now)


def _ballot_notes(state: State, claim: Claim, lang: str) -> Notes:
    round_ = state.rounds.by_id.get(RoundId(claim.id))
    if round_ is None:
        return Notes()
    step, counts = state.step(round_.step), counting(state, round_)
    ballot = counts.ballots.get(claim.person)
    given = ballot.marks if ballot else {}
    marks = {key: given[key] for key in methods.of(counts.method).keys(counts) if key in given}
    title = step.title.get(lang) if step else ""
    return Notes(
        title,
        round=round_.number,
        marks=marks,
        method=counts.method,
        step=round_.step,
        struck=ballot is not None and ballot.struck,
        worded=worded(step),
    )


def _vote_heading(reader: Reader, notes: Notes) -> str:
    title = " ".join(notes.words.split()) or "–"
    return reader.say("Your vote, {title}, round {number}", title=title, number=notes.round or "–")


# --- what was said to a proposal

_YOURS: Final[dict[str, str]] = {
    "question": N_("Your question"),
    "reaction": N_("Your reaction"),
    "objection": N_("Your objection"),
}


def _remark(state: State, claim: Claim) -> Remark | None:
    found = shelf(state).remarks.get(RemarkId(claim.id))
    return found if found and found.person == claim.person else None


def _remarks_of(state: State, person: PersonId) -> Iterator[tuple[str, int]]:
    said = shelf(state).remarks.values()
    return ((one.id, one.made) for one in said if one.person == person and not one.gone)


def _remark_stands(state: State, claim: Claim) -> int:
    found = _remark(state, claim)
    if found is None:
        return 0
    return found.settled if found.gone or found.hidden else found.made


def _remark_answer(state: State, claim: Claim, asker: PersonId | None) -> Answer:
    found = _remark(state, claim)
    if found is None:
        return Answer(claim, "gone", True)
    if not found.text:
        return Answer(claim, "erased", True)
    if found.gone:
        return Answer(claim, "withdrawn", True, found.settled)
    if found.hidden:
        return Answer(claim, "hidden", True, found.settled, found.reason)
    return Answer(claim, "counted", True, found.made)


def _remark_notes(state: State, claim: Claim, lang: str) -> Notes:
    found = _remark(state, claim)
    if found is None:
        return Notes()
    became = MET.get(found.met, "") if found.shown and not found.remains else ""
    hidden = found.reason if found.hidden else None
    return Notes(found.text, hidden, yours=_YOURS[found.what], became=became)


def _remark_heading(reader: Reader, notes: Notes) -> str:
    called = reader.say(notes.yours or N_("What you said to a proposal"))
    return f"{called} – {reader.say(notes.became)}" if notes.became else called


CONTRIBUTIONS: Final[dict[str, Contribution]] = {
    "card": Contribution(
        _cards_of, _card_stands, _card_answer, _card_notes, lambda reader, _: reader.say("Your card")
    ),
    "ballot": Contribution(_ballots_of, _ballot_stands, _ballot_answer, _ballot_notes, _vote_heading),
    "commitment": Contribution(
        _commitments_of,
        _commitment_stands,
        _commitment_answer,
        _commitment_notes,
        lambda reader, _: reader.say("Your commitment"),
    ),
    "sheet": Contribution(
        _sheets_of,
        _sheet_stands,
        _sheet_answer,
        _sheet_notes,
        lambda reader, notes: reader.say(notes.yours or UNKNOWN.yours),
    ),
    "remark": Contribution(_remarks_of, _remark_stands, _remark_answer, _remark_notes, _remark_heading),
}
"""By the word that a mark has for it. It stands on receipts that people keep: for ever."""


def standing(state: State, claim: Claim) -> int:
    """The number of the fact that made what a mark is about what it is now; 0 for a whole history, and for nothing."""
    return 0 if claim.is_of_all else CONTRIBUTIONS[claim.kind].standing(state, claim)


def heading(claim: Claim, state: State, reader: Reader) -> str:
    """What a mark is about."""
    if claim.is_of_all:
        return reader.say("The journal")
    kind = CONTRIBUTIONS[claim.kind]
    return kind.heading(reader, kind.notes(state, claim, reader.lang))
