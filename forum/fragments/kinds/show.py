"""Shows on every surface: what is said; in a break when it goes on, and in a closing what is taken home."""

from collections.abc import Callable
from typing import Any

from forum.domain.sessions.reading import steps_of
from forum.domain.state import State, Step
from forum.fragments.kinds import closing
from forum.fragments.kinds.face import DeskFace, PhoneFace, ScreenFace, no_things
from forum.fragments.surface import Slot, View


def welcomes(state: State, now: Step | None) -> bool:
    """Whether the room is still coming in: before a session's first step, and during it when nothing is asked."""
    first = now is not None and steps_of(state, now.session)[:1] == (now,)
    calm = now is not None and not (now.settings.asks or now.settings.closes or now.phones_down)
    return now is None or (first and calm)


def paused(now: Step | None) -> bool:
    """Whether the room is having a break."""
    return now is not None and now.settings.pauses and now.phase == "open"


def _closes(draw: Callable[..., Any], otherwise: Callable[..., Any]) -> Callable[..., Any]:
    """What a closing draws, and what any other show does."""

    def drawn(view: View, step: Step, *rest: Any) -> Any:
        return (draw if step.settings.closes else otherwise)(view, step, *rest)

    return drawn


def _none(view: View, step: Step, *rest: Any) -> None:
    return None


def _no_keys(view: View, step: Step, *rest: Any) -> tuple[str, ...]:
    return ()


def _words(step: Step) -> str:
    return "phone/idle.html" if step.phones_down and not step.settings.closes else "phone/words.html"


def _stage(view: View, step: Step, name: str) -> Slot:
    if welcomes(view.state, step):
        return Slot("root", "30", "screen/welcome.html", {"step": step})
    return Slot("root", "30", "screen/show.html", {"step": step, "pause": paused(step)})


PHONE: PhoneFace = closing.PHONE._replace(
    keys=_closes(closing.PHONE.keys, _no_keys),
    slots={word: _closes(draw, _none) for word, draw in closing.PHONE.slots.items()},
    my_keys=_closes(closing.PHONE.my_keys, _no_keys),
    my_slots={word: _closes(draw, _none) for word, draw in closing.PHONE.my_slots.items()},
    words=_words,
)
SCREEN: ScreenFace = closing.SCREEN._replace(
    keys=_closes(closing.SCREEN.keys, _no_keys),
    slots={
        word: _closes(draw, _stage if word == "stage" else _none)
        for word, draw in closing.SCREEN.slots.items()
    },
    things=_closes(closing.SCREEN.things, no_things),
    tally=_closes(closing.SCREEN.tally or _none, _none),
    crowd=_closes(closing.SCREEN.crowd, _none),
)
DESK = DeskFace()
