"""What of a forum's facts concerns its keeper: until when it is kept, what its desk was told, who asked to be erased. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from forum.domain import records
from forum.domain.dates import today
from forum.domain.flow import ForumOpened
from forum.domain.flow.words import StepRevealed
from forum.domain.keeping import EndIsNear, ErasureAsked, KeepUntilSet, Redacted
from forum.domain.kept import BALLOT_DAYS, WORDS_DAYS
from forum.domain.kernel import Record
from forum.domain.photographs.part import PhotographAdded, PhotographErased
from forum.domain.terms import BALLOTS, TermsSet, is_ended
from forum.journal import Damaged, Entry, Head, recompute

CONCERNS: Final = (
    ForumOpened, KeepUntilSet, EndIsNear, ErasureAsked, Redacted, StepRevealed, TermsSet, PhotographAdded, PhotographErased,
)  # fmt: skip
MARKS: Final = tuple(f'"{fact.__name__}"'.encode() for fact in CONCERNS)


@dataclass(frozen=True, slots=True)
class Life:
    """What of a forum's facts concerns its keeper, up to fact ``seq``."""

    seq: int = 0
    chain: str = ""  # there: another history is another life
    keep_until: str = ""  # ISO date; "" = nobody has said
    told: int = 0  # days before, as the desk was told last
    asked: tuple[ErasureAsked, ...] = ()  # not carried out yet
    ballot_days: int = BALLOT_DAYS
    revealed: tuple[int, ...] = ()  # when something was, whose ballots are not struck yet, if it was a vote
    photographs: frozenset[str] = frozenset()  # every one that was added
    erased: frozenset[str] = frozenset()  # of these
    words_days: int = WORDS_DAYS
    opened_at: int = 0  # ms since the epoch

    def ended(self, at: int) -> str:
        """What may have had its time, so that it is looked for: "" for nothing, the same as long as it is the same (K5, K6).

        Of words, which are written at any time, each day anew once the forum is older than they are kept.
        """
        shown = sum(is_ended(revealed, self.ballot_days, at) for revealed in self.revealed)
        old = bool(self.opened_at) and is_ended(self.opened_at, self.words_days, at)
        return f"{shown} {today(at) if old else ''}" if shown or old else ""


@dataclass(frozen=True, slots=True)
class Due:
    """A forum whose last day has passed."""

    code: str
    head: Head
    keep_until: str


def lived(life: Life, entries: Iterable[Entry]) -> Life:
    """A life with more facts in it; those that do not concern it are not decoded. Pure."""
    seq, chain = life.seq, life.chain
    until, told, asked = life.keep_until, life.told, life.asked
    days, revealed = life.ballot_days, life.revealed
    photographs, erased = life.photographs, life.erased
    words, opened = life.words_days, life.opened_at
    for entry in entries:
        seq, chain = entry.seq, entry.chain
        record = _concern(entry)
        if record is None:
            continue
        match record.fact:
            case ForumOpened(keep_until=until, ballot_days=days, words_days=words):
                opened = record.at
            case TermsSet(ballots=days, words=words):
                pass
            case StepRevealed():
                revealed = (*revealed, record.at)
            case Redacted(term=term, more=False) if term == BALLOTS:
                revealed = tuple(at for at in revealed if not is_ended(at, days, record.at))
            case KeepUntilSet(until=until):
                told = 0
            case EndIsNear(days=told):
                pass
            case ErasureAsked() as one:
                asked = (*asked, one)
            case Redacted(person=person, more=False):
                asked = tuple(one for one in asked if one.person != person)
            case PhotographAdded() | PhotographErased() as of_one:
                photographs |= {of_one.photograph}
                erased |= {of_one.photograph} if isinstance(of_one, PhotographErased) else set()
            case _:
                pass
    return Life(
        seq,
        chain,
        until,
        told,
        asked,
        days,
        revealed,
        photographs,
        erased,
        words_days=words,
        opened_at=opened,
    )


def continues(life: Life, entries: Iterable[Entry]) -> bool:
    """Say whether these facts go on where a life ends."""
    try:
        recompute(entries, life.chain)
    except Damaged:
        return False
    return True


def _concern(entry: Entry) -> Record | None:
    if not any(mark in entry.body for mark in MARKS):
        return None
    try:
        record = records.decode(entry.body)
    except records.UnknownFact:  # a newer version's: not ours to keep
        return None
    return record if isinstance(record.fact, CONCERNS) else None
