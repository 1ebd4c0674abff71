"""What a forum's state keeps of its photographs. Values only; the bytes of a picture are never among them."""

from typing import Literal

import msgspec
from immutables import Map

from forum.domain.kernel import Millis, PersonId, PhotographId, StepId


class Photograph(msgspec.Struct, frozen=True):
    """One photograph, as it was taken in and as it stands."""

    id: PhotographId
    caption: str
    step: StepId  # what it shows was made there; "" when nobody has said
    width: int
    height: int
    size: int  # bytes
    digest: str  # SHA-256 of the bytes, hex
    at: Millis  # when it was handed in
    seq: int  # fact by which it was
    rev: int
    by: tuple[PersonId, ...] = ()  # who wrote a caption of it
    stands: Literal["shown", "removed", "erased"] = "shown"


class Photographs(msgspec.Struct, frozen=True):
    """The slice of the photographs."""

    by_id: Map[PhotographId, Photograph] = Map()


def shown(photographs: Photographs) -> tuple[Photograph, ...]:
    """Those that documents show, in the order in which they were handed in."""
    return tuple(one for one in in_order(photographs) if one.stands == "shown")


def in_order(photographs: Photographs) -> tuple[Photograph, ...]:
    """All, in the order in which they were handed in, erased ones too."""
    return tuple(sorted(photographs.by_id.values(), key=lambda one: one.seq))
