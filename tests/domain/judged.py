"""What a verdict says, in few words; and facts that one gesture made."""

from forum.domain.kernel import Rejection
from tests.scenes import FACILITATOR, Scene


def refused(said: object) -> str:
    """The rule and the code of a refusal, as "F6 bad_step"; "" for what is none."""
    return f"{said.rule} {said.code}" if isinstance(said, Rejection) else ""


def refusal(said: object) -> str | None:
    """The code of a refusal; None for what is none."""
    return said.code if isinstance(said, Rejection) else None


def at_one_moment(room: Scene, *facts: object, by: str = FACILITATOR) -> Scene:
    """Facts of one gesture, which have one time."""
    for fact in facts:
        room.happened(fact, by=by)
        room.ahead -= 1000
    room.ahead += 1000
    return room
