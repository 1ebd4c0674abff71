"""What a forum's state keeps of how long it is kept itself, and of what was erased. Values only; ``keeping`` tells the rules."""

from typing import Literal

import msgspec

from forum.domain.kernel import Millis, PersonId


class Erasure(msgspec.Struct, frozen=True):
    """A person's data that were asked to be erased, and are not yet."""

    seq: int  # fact by which it was asked
    person: PersonId
    texts: Literal["none", "chosen", "all"] = "none"
    chosen: tuple[str, ...] = ()
    at: Millis = Millis(0)
    name: bool = True  # the name too
