"""Before the start, at the desk: what has to be there when a room begins. Each line by what the journal says."""

from forum.domain.links import live_links
from forum.domain.people import present
from forum.domain.roles import VOICE, Role
from forum.domain.sessions import reading
from forum.domain.state import State, Step
from forum.fragments.surface import Slot, View


def slot(view: View, now: Step | None, name: str) -> Slot | None:
    """Where and how the list stands; None once something was open, and while the forum rests."""
    state = view.state
    if now is not None or reading.rests(state):
        return None
    args = {"wall": _wall(state), "phones": _phones(state), "people": state.people.voices}
    return Slot("centre", "12", "desk/ready.html", args)


def _wall(state: State) -> bool:
    """Whether a screen was opened by a link that still opens it. Cost: the links."""
    screens = (link.people for link in live_links(state) if link.role is Role.SCREEN)
    return any(state.people.by_id[person].state == "in" for people in screens for person in people)


def _phones(state: State) -> bool:
    """Whether anybody came in by a phone of their own. Cost: those who have none."""
    return any(person.role in VOICE and not person.assisted for person in present(state))
