"""Boards on every surface: cards that are written, face down or shown.

Never names another person's card before its board is shown (B2).
"""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from forum.domain.kernel import N_, IdeaId, StepId
from forum.domain.person import Person
from forum.domain.settings import BoardSettings
from forum.domain.state import State, Step
from forum.domain.steps import board
from forum.domain.steps.board import seen
from forum.domain.steps.ideas import Idea
from forum.domain.touch import Touch
from forum.fragments import fit
from forum.fragments.kinds.face import DeskFace, PhoneFace, ScreenFace
from forum.fragments.surface import Slot, View, Window, order

MOST_CARDS: Final = 600  # cards the desk lists at once; beyond, one part, turned with the pages of the wall
CARDS_AT_FIRST: Final = 60  # on a phone; it asks for those before them
NEWEST_FIRST: Final = 9_999_999_999  # less a card's number: its place among one's own


def _settings(step: Step) -> BoardSettings:
    assert isinstance(step.settings, BoardSettings), f"expected a board, got {step.kind}"
    return step.settings


def _column_title(step: Step, idea: Idea) -> object:
    return next((c.title for c in _settings(step).columns if c.id == idea.column), None)


# The phone


def _act(view: View, step: Step, name: str) -> Slot:
    return Slot("root", "30", "phone/board.html", {"step": step, "shown": board.shows(step)})


def _count(view: View, step: Step, name: str) -> Slot:
    return Slot("crowd", "", "phone/count.html", {"cards": view.state.ideas.active.get(step.id, 0)})


def _idea(view: View, step: Step, name: str) -> Slot | None:
    idea = view.state.ideas.by_id.get(IdeaId(name))
    if idea is None or idea.step != step.id or not seen(view.state, idea):
        return None
    args = {"text": idea.text, "column": _column_title(step, idea)}
    return Slot("ideas", order(idea.number), "phone/idea.html", args, ("text",))


def _keys(view: View, step: Step) -> Iterator[str]:
    if board.shows(step):
        yield from (f"idea-{i}" for i in view.state.ideas.order.get(step.id, {}).values())


def _my_ideas_here(state: State, me: Person, step: Step) -> list[Idea]:
    """This person's cards of a board, newest first; what was withdrawn is gone."""
    mine = (state.ideas.by_id[i] for i in reversed(state.ideas.by_author.get(me.id, ())))
    return [i for i in mine if i.step == step.id and i.state != "withdrawn"]


def _my_keys(view: View, step: Step, me: Person) -> Iterator[str]:
    yield from ("my-ideas", "my-receipt")
    yield from (f"my-idea-{i.id}" for i in _my_ideas_here(view.state, me, step))


def _my_ideas(view: View, step: Step, me: Person, name: str) -> Slot:
    return Slot("mine", "10", "phone/my-ideas.html")


def _my_idea(view: View, step: Step, me: Person, name: str) -> Slot | None:
    idea = view.state.ideas.by_id.get(IdeaId(name))
    if idea is None or idea.step != step.id or idea.author != me.id or idea.state == "withdrawn":
        return None
    args = {
        "id": idea.id,
        "text": idea.text,
        "column": _column_title(step, idea),
        "hidden": idea.state == "hidden",
        "reason": idea.reason,
        "open": step.phase == "open",
        "most": _settings(step).max_chars,
    }
    return Slot("my-ideas", order(NEWEST_FIRST - idea.number), "phone/my-idea.html", args, ("id", "text"))


def _my_receipt(view: View, step: Step, me: Person, name: str) -> Slot | None:
    """Under which number the journal has what this person saved last in this step."""
    cards = _my_ideas_here(view.state, me, step)
    last = max((i.worded for i in cards), default=0)
    args = {"sent": len(cards), "last": last}
    return Slot("mine", "95", "phone/my-receipt.html", args, ("last",)) if last else None


PHONE = PhoneFace(
    asks=lambda state, step: not step.revealed,
    windows={"ideas": Window(CARDS_AT_FIRST, "phone/earlier.html")},
    keys=_keys,
    slots={"act": _act, "count": _count, "idea": _idea},
    affects={Touch.COUNT: lambda _: ("count",), "idea": lambda idea: (f"idea-{idea}",)},
    my_keys=_my_keys,
    my_slots={"ideas": _my_ideas, "idea": _my_idea, "receipt": _my_receipt},
    my_affects={"idea": lambda idea: (f"my-idea-{idea}", "my-receipt")},
)


# The wall


def _stage(view: View, step: Step, name: str) -> Slot:
    state = view.state
    count = state.ideas.active.get(step.id, 0)
    if not board.shows(step):
        args = {"step": step, "cards": count, "pile": fit.pile_of(count)}
        return Slot("root", "30", "screen/pile.html", args)
    args = {
        "step": step,
        "columns": _settings(step).columns,
        "still": step.phase == "open",
        "cards": count,
    }
    return Slot("root", "30", "screen/board.html", args)


def _card_on_screen(view: View, step: Step, name: str) -> Slot | None:
    idea = view.state.ideas.by_id.get(IdeaId(name))
    if idea is None or idea.step != step.id or not seen(view.state, idea):
        return None
    args = {"idea": idea, "author": "" if step.anonymous else idea.author}
    return Slot(f"column-{idea.column}", order(idea.number), "screen/idea.html", args)


def _screen_keys(view: View, step: Step) -> Iterator[str]:
    if board.shows(step):
        yield from (f"idea-{i}" for i in view.state.ideas.order.get(step.id, {}).values())


def _tally(view: View, step: Step) -> tuple[str, dict[str, Any]]:
    shown = view.state.ideas.active.get(step.id, 0) if board.shows(step) else 0  # else the stage says it
    return "screen/tally-board.html", {"number": shown}


SCREEN = ScreenFace(
    keys=_screen_keys,
    slots={"stage": _stage, "idea": _card_on_screen},
    affects={Touch.COUNT: lambda _: ("stage", "tally"), "idea": lambda idea: (f"idea-{idea}",)},
    things=lambda view, step: view.state.ideas.active.get(step.id, 0) if board.shows(step) else 0,
    tally=_tally,
    code_large=True,
)


# The desk


def parts_of(state: State, step: StepId) -> int:
    """In how many parts the desk lists a board's cards; turning the screen's page turns them."""
    if state.ideas.numbers <= MOST_CARDS:
        return 1
    numbers: Iterable[int] = state.ideas.order.get(step, {})
    return 1 + (max(numbers) - min(numbers)) // MOST_CARDS if numbers else 1


def listed(state: State, step: StepId, part: int) -> range:
    """Numbers of the cards of a board that the desk lists now: all, or in very long boards one part of them."""
    if state.ideas.numbers <= MOST_CARDS:
        return range(MOST_CARDS + 1)
    first = min(state.ideas.order.get(step, {}), default=1)
    return range(first + part * MOST_CARDS, first + (part + 1) * MOST_CARDS)


def _window(state: State, step: Step) -> range:
    return listed(state, step.id, state.page % parts_of(state, step.id))


def _parts(view: View, step: Step) -> int:
    return parts_of(view.state, step.id) if board.shows(step) else 1


def _desk_keys(view: View, step: Step) -> Iterator[str]:
    yield "stage"
    if board.shows(step):
        window = _window(view.state, step)
        yield from (f"idea-{i}" for n, i in view.state.ideas.order.get(step.id, {}).items() if n in window)


def _desk_stage(view: View, step: Step, name: str) -> Slot:
    return Slot("centre", "50", "desk/board.html", {"step": step, "shown": board.shows(step)})


def _card_on_desk(view: View, step: Step, name: str) -> Slot | None:
    idea = view.state.ideas.by_id.get(IdeaId(name))
    if idea is None or idea.step != step.id or idea.state == "withdrawn" or not board.shows(step):
        return None
    if idea.number not in _window(view.state, step):
        return None
    args = {"idea": idea, "entered": idea.source != "phone"}
    place = f"column-{idea.column}" if idea.column else "cards"
    return Slot(place, order(idea.number), "desk/idea.html", args)


def _write(view: View, step: Step, name: str) -> Slot | None:
    """Cards of people without a phone, and of the facilitators."""
    if step.phase != "open":
        return None
    return Slot("centre", "40", "desk/write.html", {"step": step, "helped": view.helped})


def _counted(view: View, step: Step) -> dict[str, Any]:
    return {"cards": view.state.ideas.active.get(step.id, 0)}


def _awaits(state: State, step: Step) -> str:
    return "" if state.ideas.active.get(step.id) else N_("People write: no card yet.")


def _gave(view: View, step: Step, person: Person) -> int:
    return len(_my_ideas_here(view.state, person, step))


DESK = DeskFace(
    awaits=_awaits,
    keys=_desk_keys,
    slots={"stage": _desk_stage, "idea": _card_on_desk, "write": _write},
    affects={"idea": lambda idea: (f"idea-{idea}",), Touch.PEOPLE: lambda _: ("write",)},
    parts=_parts,
    counts=_counted,
    counted_in="desk/counts-board.html",
    enters=True,
    gave=_gave,
    gave_in="desk/gave-board.html",
)
