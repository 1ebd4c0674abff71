"""What a forum's state keeps of the space that its facts fill. Values only; ``space`` tells the rules."""

from typing import NamedTuple

from forum.domain.kernel import Millis


class Spent(NamedTuple):
    """What a person has written of late; it drains away."""

    size: int  # bytes
    at: Millis


class Filled(NamedTuple):
    """What the desk was told last of somebody's space."""

    share: int  # percent
    most: int  # bytes that there were
    at: Millis
