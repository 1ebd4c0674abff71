"""Commitments as the state holds them: the slice of ``State`` that is the pledge's."""

from typing import Final, Literal

import msgspec
from immutables import Map

from forum.domain.kernel import N_, ActionId, CommitmentId, Millis, PersonId, StepId

Readers = Literal["room", "members", "everybody"]
"""Who may read the name at a commitment; each of them with those before."""
READ_BY: Final[dict[Readers, str]] = {
    "room": N_("The room"),
    "members": N_("The members"),
    "everybody": N_("Everybody"),
}
READ_WHERE: Final[dict[Readers, str]] = {
    "room": N_("in this forum"),
    "members": N_("of the organisation"),
    "everybody": N_("in a published plan"),
}
"""Who or where they are, in words that go on after those."""
READERS: Final = tuple(READ_BY)
OUTSIDE: Final = READERS[1:]
"""Those for whom a document can be written: the room reads on its own pages."""


class Commitment(msgspec.Struct, frozen=True):
    """A first step promised in public, with a date."""

    id: CommitmentId
    person: PersonId
    text: str
    due: str  # ISO date
    at: Millis
    rev: int
    action: ActionId | None = None
    withdrawn: bool = False
    made: int = 0  # fact by which it was promised
    step: StepId = StepId("")  # in which it was made; "": no fact tells
    readers: Readers = "room"  # as they chose; of journals in which nobody could, as it was said then
    chosen: int = 0  # fact by which they were chosen; 0: nobody else than the room ever was


class Commitments(msgspec.Struct, frozen=True):
    """Every commitment of a forum, withdrawn ones too."""

    by_id: Map[CommitmentId, Commitment] = Map()
    order: tuple[CommitmentId, ...] = ()  # as they were made
