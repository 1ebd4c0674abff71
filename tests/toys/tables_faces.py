"""What each surface shows of the toy ``tables``. Phones have a group: their table; the desk has all notes, the wall a number."""

from collections.abc import Iterator
from typing import Any

from forum.domain.person import Person
from forum.domain.state import State, Step
from forum.domain.touch import Touch
from forum.fragments.kinds.face import DeskFace, PhoneFace, ScreenFace
from forum.fragments.surface import Slot, View, order
from tests.toys.tables import notes_at, notes_in, table_of, tables_of
from tests.toys.tables_settings import TablesSettings


def _table(state: State, step: Step, person: Person) -> str:
    table = table_of(state, step, person.id)
    return f"{step.id}-{table}" if table else ""


def _seats(view: View, step: Step) -> int:
    """The table for whose phones this is drawn."""
    return int(view.group.rpartition("-")[2]) if view.group else 0


def _act(view: View, step: Step, name: str) -> Slot:
    assert isinstance(step.settings, TablesSettings)
    args = {"step": step, "table": _seats(view, step), "tables": step.settings.tables}
    return Slot("root", "30", "tables/phone.html", args)


def _keys(view: View, step: Step) -> Iterator[str]:
    yield from (f"note-{n.id}" for n in notes_at(view.state, step, _seats(view, step)))


def _note(view: View, step: Step, name: str) -> Slot | None:
    note = tables_of(view.state).notes.get(name)
    here = note and note.step == step.id and not note.gone and note.table == _seats(view, step)
    return Slot("ideas", order(note.number), "tables/note.html", {"note": note}) if note and here else None


def _count(view: View, step: Step, name: str) -> Slot:
    number = len(notes_at(view.state, step, _seats(view, step)))
    return Slot("crowd", "", "tables/count.html", {"number": number})


def _my_keys(view: View, step: Step, me: Person) -> Iterator[str]:
    yield "my-table"


def _my_table(view: View, step: Step, me: Person, name: str) -> Slot:
    table = table_of(view.state, step, me.id)
    mine = tuple((n.id, n.text) for n in notes_at(view.state, step, table) if n.author == me.id)
    args = {"table": table, "mine": mine, "step": step.id, "open": step.phase == "open"}
    return Slot("mine", "10", "tables/my-table.html", args)


PHONE = PhoneFace(
    keys=_keys,
    slots={"act": _act, "note": _note, "count": _count},
    affects={"note": lambda note: (f"note-{note}",), Touch.COUNT: lambda _: ("count",)},
    my_keys=_my_keys,
    my_slots={"table": _my_table},
    my_affects={"note": lambda _: ("my-table",)},
    group=_table,
)


def _stage(view: View, step: Step, name: str) -> Slot:
    return Slot("root", "30", "tables/screen.html", {"notes": len(notes_in(view.state, step))})


SCREEN = ScreenFace(slots={"stage": _stage}, affects={Touch.COUNT: lambda _: ("stage",)})


def _desk_stage(view: View, step: Step, name: str) -> Slot:
    return Slot("centre", "50", "tables/desk.html", {"step": step})


def _desk_keys(view: View, step: Step) -> Iterator[str]:
    yield "stage"
    yield from (f"note-{n.id}" for n in notes_in(view.state, step))


def _desk_note(view: View, step: Step, name: str) -> Slot | None:
    note = tables_of(view.state).notes.get(name)
    if note is None or note.step != step.id or note.gone:
        return None
    return Slot("notes", order(note.number), "tables/note.html", {"note": note})


def _counts(view: View, step: Step) -> dict[str, Any]:
    return {"notes": len(notes_in(view.state, step))}


DESK = DeskFace(
    keys=_desk_keys,
    slots={"stage": _desk_stage, "note": _desk_note},
    affects={"note": lambda note: (f"note-{note}",), Touch.COUNT: lambda _: ("counts",)},
    counts=_counts,
    counted_in="tables/counts.html",
)
