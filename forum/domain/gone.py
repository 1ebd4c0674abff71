"""What a forum's state keeps of what its store lost (O5, O6, O10 to O13). Values only; ``loss`` and ``again`` tell the rules."""

from typing import Any

import msgspec
from immutables import Map

from forum.domain.kernel import NOBODY, Lost, Millis, PersonId, Rejection, RoundId, Was


class Loss(msgspec.Struct, frozen=True):
    """The store lost facts it had confirmed: those after ``after``, up to ``upto``."""

    gen: int  # the store's life in which it was noticed
    after: int
    upto: int
    at: Millis  # when it was noticed
    ops: int  # contributions among them; -1 = not known
    restored: int = 0  # of them, offered again and accepted
    refused: int = 0  # of them, offered again and refused; their authors have been told
    confirmed: bool = False  # the desk has read it
    votes: Map[RoundId, int] = Map()  # how many of them were given in a vote, by round
    votes_back: Map[RoundId, int] = Map()  # and how many of those came back
    led: int = 0  # what those who lead had done among them
    led_back: int = 0  # and how much of that the desk was shown since
    told: int = -1  # contributions among them as they were told; ``ops`` holds those besides that came again
    which: Map[str, str] | None = None  # they, by op: a vote's round, or ""; None = only how many is known
    there: Map[str, bool] = Map()  # of these, what came again: whether it was refused
    chain: str = ""  # at ``upto``
    was: int = 0  # the store's life in which whoever told of it stood last in what is lost; 0 = not said
    since: tuple[
        tuple[int, int], ...
    ] = ()  # the losses before it, in what was lost: life, last shared number
    seq: int = 0  # the fact that told of it first

    @property
    def facts(self) -> int:
        """How many facts were lost."""
        return self.upto - self.after

    @property
    def out(self) -> dict[str, str]:
        """The contributions that are known to be lost and are not there again, by op: the round of a vote, or ""."""
        return {op: round_ for op, round_ in (self.which or {}).items() if self.there.get(op, True)}


class Back(msgspec.Struct, frozen=True):
    """An op that came again, and is answered."""

    lost: Lost
    refused: bool
    round: str = ""  # in which it counts, when it was given in a vote
    under: int = 0  # the life in which the latest loss was noticed that was told then


class Held(msgspec.Struct, frozen=True):
    """A contribution that came again and waits for what it needs (O12)."""

    kind: str
    body: dict[str, Any]
    by: PersonId
    was: Was
    until: str  # what it waits for: "round:…", "step:…", "idea:…" …
    on_behalf: PersonId = NOBODY


class Untaken(msgspec.Struct, frozen=True):
    """A contribution that was saved, lost by the store, and cannot be taken again."""

    seq: int
    kind: str
    body: dict[str, Any]
    refused: Rejection


class Led(msgspec.Struct, frozen=True):
    """What somebody who leads had done in a history that is gone (O10)."""

    seq: int
    kind: str
    body: dict[str, Any]
    by: PersonId
    was: int  # its number there; 0 = not known


class Gone(msgspec.Struct, frozen=True):
    """What a forum's store lost, and what of it came again."""

    losses: tuple[Loss, ...] = ()
    came_back: tuple[int, int] = (0, 0)  # accepted, refused: before it was told that they were lost
    redeemed: Map[str, Back] = Map()  # lost ops that came again, and are answered
    heirs: Map[PersonId, PersonId] = Map()  # an access that was lost → who came in again for it (O13)
    held: Map[str, Held] = Map()  # lost op → what waits for what it needs
    waits_of: Map[PersonId, tuple[str, ...]] = Map()  # who gave it → lost ops
    untaken: Map[PersonId, tuple[Untaken, ...]] = Map()
    led: tuple[Led, ...] = ()  # what the desk is still asked about, in the order in which it came
