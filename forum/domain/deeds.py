"""What a forum's state keeps of gestures that can be undone. Values only; ``undo`` tells the rules."""

import msgspec

from forum.domain.kernel import Millis, PersonId


class Deed(msgspec.Struct, frozen=True):
    """One gesture that can be undone: the facts that would take it back."""

    seq: int  # its last fact
    op: str  # "tab:op" of the gesture; its facts belong together
    by: PersonId
    at: Millis
    what: str  # the name of its fact, as in ``room.UNDOABLE``
    about: str  # the title or text it was about
    inverse: tuple[object, ...]  # facts, in the order to apply
    named: str = ""  # what was done, where that is said better than by ``what``
    undone: bool = False
