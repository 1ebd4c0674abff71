"""Before the start, at the desk: what has to be there when a room begins. Each line by what is true at this moment."""

from forum.domain import attendance
from forum.domain.people import present
from forum.domain.roles import VOICE
from forum.domain.sessions import reading
from forum.domain.state import State, Step
from forum.domain.steps import voting
from forum.fragments.surface import Slot, View


def slot(view: View, now: Step | None, name: str) -> Slot | None:
    """Where and how the list stands; None once something was open, and while the forum rests."""
    state = view.state
    if now is not None or reading.rests(state):
        return None
    args = {
        "wall": attendance.wall_is_open(state, view.absent),
        "phones": _phones(state),
        "session": reading.live(state),
        "held_below": voting.FEW if any(step.settings.counted for step in state.steps) else 0,
    }
    return Slot("centre", "12", "desk/ready.html", args)


def _phones(state: State) -> int:
    """How many came in by a phone of their own. Cost: the people."""
    return sum(person.role in VOICE and not person.assisted for person in present(state))
