"""What a room says about one command."""

from typing import NamedTuple

from forum.domain.kernel import Place, Rejection
from forum.domain.room import OutOfOrder
from forum.domain.space import Full
from forum.journal import Head

__all__ = ["Accepted", "Away", "Busy", "Full", "OutOfOrder", "Refused", "Verdict"]


class Accepted(NamedTuple):
    """Its facts are in the journal, on disk; ``head`` is at its last fact.

    The chain is "" when the fact is older than what this process remembers (a repeat, long after).
    """

    head: Head
    place: Place | None = None  # what took it; None: that is no longer known


class Refused(NamedTuple):
    """A rule said no; the refusal is in the journal too, its number is used."""

    rejection: Rejection
    head: Head


class Busy(NamedTuple):
    """Too much is waiting already. Nothing was recorded; try again."""


class Away(NamedTuple):
    """The store does not answer. Whether it was recorded is not known; try again under the same number."""


Verdict = Accepted | Refused | OutOfOrder | Full | Busy | Away
