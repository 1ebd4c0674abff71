"""What a forum's state keeps of what was said aloud last. Values only; ``aloud`` tells the rules."""

import msgspec

from forum.domain.kernel import PersonId, StepId


class Heard(msgspec.Struct, frozen=True):
    """One change of the room, as those who listen are told of it. Holds nobody's words."""

    seq: int  # its fact
    by: PersonId
    topic: str
    say: str  # a sentence with ``{placeholders}``; of a gesture: what was done
    step: StepId = StepId("")  # which it is about
    number: int = 0
    what: str = ""
    room: bool = True  # phones and the wall are told too
    deed: bool = False  # a gesture, told with who made it
