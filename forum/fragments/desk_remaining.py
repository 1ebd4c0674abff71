"""Whom the desk still waits for, and what it has entered for people without a phone. Pure.

In a vote nobody is named but those for whom the desk enters: a name that goes would tell who has voted (V5).
"""

from typing import Final

from forum.domain import attendance
from forum.domain.people import present
from forum.domain.state import Step
from forum.fragments.kinds import DESK
from forum.fragments.surface import Slot, View

FEW: Final = 12  # people left to wait for, from which on they are named
SMALL_ROOM: Final = (
    2_000  # people; in larger rooms nobody is waited for by name: a vote must not cost a look at all
)


def remaining(view: View, now: Step | None, name: str) -> Slot | None:
    """Whom of those present with a phone one still waits for, once they are few. Nobody once the cards are revealed."""
    state = view.state
    if now is None or not _asks(view, now) or now.revealed or now.settings.counted:
        return None
    if not DESK[now.kind].says_done:
        return None
    few = 0 < attendance.here(state, view.absent) - attendance.done_here(state, now, view.absent) <= FEW
    waited_for = (p for p in present(state) if not p.assisted and p.id not in view.absent)
    left = view.in_order(p for p in waited_for if now.id not in p.done) if few else []
    return Slot("centre", "32", "desk/remaining.html", {"left": left}) if left else None


def helped(view: View, now: Step | None, name: str) -> Slot | None:
    """For whom without a phone something is still to be entered, until the reveal; and what is there of the others."""
    if now is None or not _asks(view, now) or not DESK[now.kind].enters or not view.helped:
        return None
    face = DESK[now.kind]
    gave = [(who, face.gave(view, now, who)) for who in view.helped]
    args = {
        "step": now,
        "lacking": [w for w, number in gave if not (number or now.revealed) and face.waits_for(view, now, w)],
        "given": [(w, number, now.revealed or now.id in w.done) for w, number in gave if number],
        "given_in": face.gave_in,
        "blank": now.settings.counted,
    }
    return Slot("centre", "33", "desk/helped.html", args) if args["lacking"] or args["given"] else None


def _asks(view: View, now: Step) -> bool:
    return view.state.people.voices <= SMALL_ROOM and now.phase == "open" and now.settings.asks
