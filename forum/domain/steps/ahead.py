"""Results that are counted before their reveal is judged: a memo of ``voting.counted``, so that nobody waits for a slow count.

Whoever judges commands asks ``unknown``, has the round counted where nobody waits for that, and puts the result down with
``keep``. What is missing here is counted when it is needed. A round that changes, since a ballot came again, is another one.
"""

from hashlib import sha256
from typing import Final

from forum.domain import methods
from forum.domain.steps.rounds import Result, Round

MOST: Final = 16  # results, of all forums
_KEPT: Final[dict[str, Result]] = {}


def unknown(round_: Round | None) -> Round | None:
    """The round, where it is slow to count, not counted yet, and not revealed."""
    if round_ is None or round_.revealed_at or not methods.of(round_.method).slow(round_):
        return None
    return None if known(round_) else round_


def known(round_: Round) -> Result | None:
    """What was counted of exactly this round."""
    return _KEPT.get(_name(round_)) if _KEPT else None


def keep(round_: Round, result: Result) -> None:
    """Put a result down until its reveal; the oldest is let go."""
    _KEPT[_name(round_)] = result
    while len(_KEPT) > MOST:
        del _KEPT[next(iter(_KEPT))]


def _name(round_: Round) -> str:
    """Of all that is counted. Cost: the ballots, some microseconds each."""
    ballots = sorted(
        (p, sorted(b.marks.items()), bool(b.entered_by), b.late) for p, b in round_.ballots.items()
    )
    terms = sorted(round_.parameters.items())
    whole = (round_.id, round_.seed, round_.method, round_.version, round_.options, terms, ballots)
    return sha256(repr(whole).encode()).hexdigest()
