"""What a forum's state keeps of the space that its facts fill. Values only; ``space`` tells the rules."""

from typing import NamedTuple

import msgspec
from immutables import Map

from forum.domain.kernel import Millis, PersonId


class Spent(NamedTuple):
    """What a person has written of late; it drains away."""

    size: int  # bytes
    at: Millis


class Filled(NamedTuple):
    """What the desk was told last of somebody's space."""

    share: int  # percent
    most: int  # bytes that there were
    at: Millis


class Space(msgspec.Struct, frozen=True):
    """How much a forum's facts fill, and who wrote much of late."""

    used: int = 0  # bytes of all facts
    spent: Map[PersonId, Spent] = Map()
    filled: Map[PersonId, Filled] = Map()  # NOBODY: the forum
