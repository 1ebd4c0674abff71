"""What of a forum's facts concerns its keeper: until when it is kept, what its desk was told, who asked to be erased. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from forum.domain import records
from forum.domain.flow import ForumOpened
from forum.domain.keeping import EndIsNear, ErasureAsked, KeepUntilSet, Redacted
from forum.domain.kernel import Fact
from forum.journal import Damaged, Entry, recompute

CONCERNS: Final = (ForumOpened, KeepUntilSet, EndIsNear, ErasureAsked, Redacted)
MARKS: Final = tuple(f'"{fact.__name__}"'.encode() for fact in CONCERNS)


@dataclass(frozen=True, slots=True)
class Life:
    """What of a forum's facts concerns its keeper, up to fact ``seq``."""

    seq: int = 0
    chain: str = ""  # there: another history is another life
    keep_until: str = ""  # ISO date; "" = nobody has said
    told: int = 0  # days before, as the desk was told last
    asked: tuple[ErasureAsked, ...] = ()  # not carried out yet


def lived(life: Life, entries: Iterable[Entry]) -> Life:
    """A life with more facts in it; those that do not concern it are not decoded. Pure."""
    seq, chain = life.seq, life.chain
    until, told, asked = life.keep_until, life.told, life.asked
    for entry in entries:
        seq, chain = entry.seq, entry.chain
        match _concern(entry):
            case ForumOpened(keep_until=until):
                pass
            case KeepUntilSet(until=until):
                told = 0
            case EndIsNear(days=told):
                pass
            case ErasureAsked() as one:
                asked = (*asked, one)
            case Redacted(person=person, more=False):
                asked = tuple(one for one in asked if one.person != person)
            case _:
                pass
    return Life(seq, chain, until, told, asked)


def continues(life: Life, entries: Iterable[Entry]) -> bool:
    """Say whether these facts go on where a life ends."""
    try:
        recompute(entries, life.chain)
    except Damaged:
        return False
    return True


def _concern(entry: Entry) -> Fact | None:
    if not any(mark in entry.body for mark in MARKS):
        return None
    try:
        fact = records.decode(entry.body).fact
    except records.UnknownFact:  # a newer version's: not ours to keep
        return None
    return fact if isinstance(fact, CONCERNS) else None
