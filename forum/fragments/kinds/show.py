"""Shows on every surface: what is said; in a break when it goes on, and in a closing what is taken home."""

from collections.abc import Callable
from typing import Any

from forum.domain.sessions.reading import ends, rests, steps_of
from forum.domain.state import State, Step
from forum.domain.steps.themes import Theme
from forum.domain.touch import Touch
from forum.fragments import programme
from forum.fragments.kinds import closing
from forum.fragments.kinds.face import DeskFace, PhoneFace, ScreenFace, merged
from forum.fragments.surface import Slot, View


def welcomes(state: State, now: Step | None) -> bool:
    """Whether the room is still coming in: before a session's first step, and during it when nothing is asked."""
    first = now is not None and steps_of(state, now.session)[:1] == (now,)
    calm = now is not None and not (now.settings.asks or now.settings.closes or now.phones_down)
    return now is None or (first and calm)


def is_last(state: State, step: Step) -> bool:
    """Whether nothing is planned after a step in its session: what phones say in it, they say for the evening."""
    held = [s for s in steps_of(state, step.session) if s.phase != "skipped"]
    return len(held) > 1 and held[-1] == step


def question(state: State) -> str:
    """The forum's question, as long as people have not begun to answer it; "" for none."""
    begun = any(s.settings.led and s.opened_at for s in state.steps)
    return "" if begun else state.question


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


def _words(state: State, step: Step) -> str:
    down = step.phones_down and not step.settings.closes and not is_last(state, step)
    return "phone/idle.html" if down else "phone/words.html"


def _stage(view: View, step: Step, name: str) -> Slot:
    if welcomes(view.state, step):
        return Slot("root", "30", "screen/welcome.html", {"step": step})
    if themes := _themes(view.state, step):
        return Slot("root", "30", "screen/themes.html", {"step": step, "themes": themes})
    args = {"step": step, "pause": paused(step), "question": question(view.state)}
    return Slot("root", "30", "screen/show.html", args)


def _end(view: View, step: Step, name: str) -> Slot | None:
    """When the session is planned to end, where that is said aloud."""
    if not programme.opens_the_day(view.state, step) or welcomes(view.state, step):
        return None
    return Slot("end-place", "", "screen/end.html", {"ends_at": ends(view.state)})


def _themes(state: State, step: Step) -> tuple[Theme, ...]:
    """Of which a step speaks, by their letters."""
    named = (state.themes.by_id[i] for i in state.themes.order) if step.settings.speaks_of_themes else ()
    return tuple(theme for theme in named if not theme.removed)


def _home(view: View, step: Step, name: str) -> Slot | None:
    """Who goes home soon takes home what there is."""
    ends = step.settings.closes or is_last(view.state, step) or rests(view.state)
    return closing.take_home(view) if ends else None


PHONE: PhoneFace = closing.PHONE._replace(
    keys=_closes(closing.PHONE.keys, _no_keys),
    slots={word: _closes(draw, _none) for word, draw in closing.PHONE.slots.items()} | {"home": _home},
    my_keys=_closes(closing.PHONE.my_keys, _no_keys),
    my_slots={word: _closes(draw, _none) for word, draw in closing.PHONE.my_slots.items()},
    words=_words,
)
SCREEN: ScreenFace = closing.SCREEN._replace(
    keys=_closes(closing.SCREEN.keys, lambda view, step: ("end",)),
    slots={
        word: _closes(draw, _stage if word == "stage" else _none)
        for word, draw in closing.SCREEN.slots.items()
    }
    | {"end": _closes(_none, _end)},
    affects=merged(closing.SCREEN.affects, {"theme": lambda _: ("stage",), Touch.AGENDA: lambda _: ("end",)}),
    things=_closes(closing.SCREEN.things, lambda view, step: len(_themes(view.state, step))),
    tally=_closes(closing.SCREEN.tally or _none, _none),
    crowd=_closes(closing.SCREEN.crowd, _none),
)
DESK = DeskFace()
