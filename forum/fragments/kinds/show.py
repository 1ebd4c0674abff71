"""Shows on every surface: what is said, and in a break when it goes on."""

from forum.domain.sessions.reading import steps_of
from forum.domain.state import State, Step
from forum.fragments.kinds.face import DeskFace, PhoneFace, ScreenFace
from forum.fragments.surface import Slot, View


def welcomes(state: State, now: Step | None) -> bool:
    """Whether the room is still coming in: before a session's first step, and during it when nothing is asked."""
    first = now is not None and steps_of(state, now.session)[:1] == (now,)
    return now is None or (first and not now.settings.asks and not now.phones_down)


def paused(now: Step | None) -> bool:
    """Whether the room is having a break."""
    return now is not None and now.settings.pauses and now.phase == "open"


def _words(step: Step) -> str:
    return "phone/idle.html" if step.phones_down else "phone/words.html"


def _stage(view: View, step: Step, name: str) -> Slot:
    if welcomes(view.state, step):
        return Slot("root", "30", "screen/welcome.html", {"step": step})
    return Slot("root", "30", "screen/show.html", {"step": step, "pause": paused(step)})


PHONE = PhoneFace(words=_words)
SCREEN = ScreenFace(slots={"stage": _stage})
DESK = DeskFace()
