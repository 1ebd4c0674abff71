"""What a room says about one command."""

from typing import NamedTuple

from forum.domain.kernel import Rejection
from forum.journal import Head


class Accepted(NamedTuple):
    """Its facts are in the journal, on disk, up to ``head``."""

    head: Head


class Refused(NamedTuple):
    """A rule said no; the refusal is in the journal too, its number is used."""

    rejection: Rejection
    head: Head


class OutOfOrder(NamedTuple):
    """Its number skips ahead; ``last`` is the last one known. Nothing was recorded."""

    last: int


class Busy(NamedTuple):
    """Too much is waiting already. Nothing was recorded; try again."""


class Away(NamedTuple):
    """The store does not answer. Whether it was recorded is not known; try again under the same number."""


Verdict = Accepted | Refused | OutOfOrder | Busy | Away
