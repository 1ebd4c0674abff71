"""What a forum's state keeps of how long it is kept itself, and of what was erased. Values only; ``keeping`` tells the rules."""

from typing import Final, Literal

import msgspec
from immutables import Map

from forum.domain.kernel import Millis, PersonId

BALLOT_DAYS: Final = 90  # after its reveal a vote's ballots are kept so long, where nobody says otherwise
WORDS_DAYS: Final = 365  # words and names with no part in the plan


class Erasure(msgspec.Struct, frozen=True):
    """A person's data that were asked to be erased, and are not yet."""

    seq: int  # fact by which it was asked
    person: PersonId
    texts: Literal["none", "chosen", "all"] = "none"
    chosen: tuple[str, ...] = ()
    at: Millis = Millis(0)
    name: bool = True  # the name too


class Keeping(msgspec.Struct, frozen=True):
    """Until when a forum is kept, and what of it was erased before."""

    until: str = ""  # ISO date after which the forum is deleted; "": nobody has said
    most: str = ""  # ISO date beyond which it may not be kept; "": only what holds for all
    ballot_days: int = BALLOT_DAYS  # for which ballots are kept after the reveal
    words_days: int = WORDS_DAYS  # for which words and names are kept that have no part in the plan
    told: int = 0  # days before that day, as the desk was told last; 0: not yet
    erasures: tuple[Erasure, ...] = ()  # asked for, not carried out yet
    erased_at: Map[PersonId, Millis] = (
        Map()
    )  # when something of a person's was erased last; for themself only
    unnamed_at: Map[PersonId, Millis] = Map()  # when a person's name was
    struck: Map[int, tuple[str, Millis]] = (
        Map()
    )  # number of a struck fact → the chain there, and when it happened
