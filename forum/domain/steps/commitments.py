"""Commitments as the state holds them: the slice of ``State`` that is the pledge's."""

import msgspec
from immutables import Map

from forum.domain.kernel import ActionId, CommitmentId, Millis, PersonId, StepId


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


class Commitments(msgspec.Struct, frozen=True):
    """Every commitment of a forum, withdrawn ones too."""

    by_id: Map[CommitmentId, Commitment] = Map()
    order: tuple[CommitmentId, ...] = ()  # as they were made
