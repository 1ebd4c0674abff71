"""Sheets of a schema on every surface: a form that the schema says, and what was written, for everybody to read.

Beside them stand the plan's own (``actions``): which of the two a step shows, its settings say. No schema is known by name.
What a sheet links to stands in it, and is drawn again with it (``Kind.drawn_with``).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from forum.domain import things
from forum.domain.kernel import N_, SheetId
from forum.domain.person import Person
from forum.domain.sheets import UNKNOWN
from forum.domain.sheets.fields import Value
from forum.domain.sheets.reading import live_sheets, naming_fields, schema_of
from forum.domain.sheets.record import Sheet
from forum.domain.sheets.schema import Field, Schema
from forum.domain.state import State, Step
from forum.domain.touch import Touch
from forum.fragments.environment import people_in
from forum.fragments.kinds import actions, planning
from forum.fragments.kinds.face import DeskFace, PhoneFace, ScreenFace, merged
from forum.fragments.surface import Slot, View, order

NOTHING: Final[Mapping[str, Value]] = {}


class Said(NamedTuple):
    """One field of a sheet, as it is read: its label, what its value is, and the value."""

    label: str
    kind: str  # the name of its kind
    value: Value
    words: tuple[str, ...] = ()  # of a choice its label, of links what they say
    name: str = ""  # of the field


def _schema(step: Step) -> Schema:
    return schema_of(step) or UNKNOWN


def _said(state: State, schema: Schema, sheet: Sheet, *, wall: bool = False) -> tuple[Said, ...]:
    """What a sheet says besides its title, empty fields left out."""
    fields = (f for f in schema.fields[1:] if f.wall or not wall)
    return said_in(state, fields, sheet.fields)


def said_in(state: State, fields: Iterable[Field], held: Mapping[str, Value]) -> tuple[Said, ...]:
    """What these fields say, empty ones left out."""
    there = (field for field in fields if field.name in held)
    return tuple(Said(f.label, f.kind.name, v := held[f.name], _words(state, f, v), f.name) for f in there)


def _words(state: State, field: Field, value: Value) -> tuple[str, ...]:
    """What a value says that is a key or ids: the label of the option, the words of the things."""
    thing = field.kind.thing(field.holds)
    if thing:
        return tuple(things.words(state, thing, name) for name in value)
    return tuple(label for key, label in field.kind.options(field.holds) if key == value)


def choices_of(
    state: State, schema: Schema, held: Mapping[str, Value] = NOTHING
) -> dict[str, tuple[tuple[str, str], ...]]:
    """What each field can be given that holds something of a list, by the field's name: options, or things with their words.

    held   what a sheet holds: what it was given stays among the choices when it stands no more, so that a form without
           a script takes nothing away that nobody touched
    """
    offered = {f.name: options for f in schema.fields if (options := f.kind.options(f.holds))}
    for field, thing in schema.links:
        standing = dict(things.standing(state, thing))
        kept = {name: text for name in held.get(field.name, ()) if (text := things.words(state, thing, name))}
        offered[field.name] = tuple((kept | standing).items())
    return offered


def _live(view: View, step: Step, name: str) -> Sheet | None:
    found = view.state.sheets.by_id.get(SheetId(name))
    return None if found is None or found.removed or found.step != step.id else found


def _keys(view: View, step: Step) -> Iterator[str]:
    yield from (f"sheet-{s.id}" for s in live_sheets(view.state, step))


def _form(view: View, step: Step, held: Mapping[str, Value] = NOTHING) -> dict[str, Any]:
    schema = _schema(step)
    return {"step": step, "schema": schema, "choices": choices_of(view.state, schema, held)}


# The phone


def _act(view: View, step: Step, name: str) -> Slot:
    return Slot("root", "30", "phone/sheets.html", _form(view, step))


def _sheet(view: View, step: Step, name: str) -> Slot | None:
    sheet = _live(view, step, name)
    if sheet is None:
        return None
    schema = _schema(step)
    args = _form(view, step, sheet.fields) | {
        "sheet": sheet,
        "title": schema.titled(sheet.fields),
        "said": _said(view.state, schema, sheet),
        "edits": step.phase == "open" and schema.shared,
    }
    return Slot("sheets", order(sheet.number), "phone/sheet-one.html", args)


def _mine(view: View, step: Step, me: Person) -> list[Sheet]:
    return [s for s in live_sheets(view.state, step) if s.by == me.id]


def _my_keys(view: View, step: Step, me: Person) -> Iterator[str]:
    yield "my-receipt"
    yield from (f"my-sheet-{s.id}" for s in _mine(view, step, me))
    yield from (f"my-named-{s.id}" for s in live_sheets(view.state, step) if naming_fields(s, me.id))


def _my_sheet(view: View, step: Step, me: Person, name: str) -> Slot | None:
    """Below one's own sheet: that it is saved, and what one alone can do with it."""
    sheet = _live(view, step, name)
    if sheet is None or sheet.by != me.id:
        return None
    schema = _schema(step)
    choices = choices_of(view.state, schema, sheet.fields)
    args = {
        "id": sheet.id,
        "schema": schema,
        "fields": tuple(sorted(sheet.fields.items())),
        "people": tuple(people_in(schema, sheet.fields, view.name).items()),
        "choices": tuple(choices.items()),
        "open": step.phase == "open",
        "edits": step.phase == "open" and not schema.shared,
    }
    return Slot(f"own-{sheet.id}", "", "phone/my-sheet.html", args)


def _my_named(view: View, step: Step, me: Person, name: str) -> Slot | None:
    """Below a sheet that names somebody: how they take their name out (H6)."""
    sheet = _live(view, step, name)
    if sheet is None or not naming_fields(sheet, me.id):
        return None
    return Slot(f"own-{sheet.id}", "90", "phone/my-named.html", {"id": sheet.id})


def _my_receipt(view: View, step: Step, me: Person, name: str) -> Slot | None:
    """Under which number the journal has what this person saved last in this step."""
    last = max((s.own for s in _mine(view, step, me)), default=0)
    return Slot("mine", "95", "phone/my-receipt.html", {"sent": 0, "last": last}) if last else None


_PHONE = PhoneFace(
    keys=_keys,
    slots={"act": _act, "sheet": _sheet},
    affects={"sheet": lambda sheet: (f"sheet-{sheet}",)},
    my_keys=_my_keys,
    my_slots={"sheet": _my_sheet, "named": _my_named, "receipt": _my_receipt},
    my_affects={"sheet": lambda sheet: (f"my-sheet-{sheet}", f"my-named-{sheet}", "my-receipt")},
)


# The wall


def _stage(view: View, step: Step, name: str) -> Slot:
    args = {"step": step, "count": len(live_sheets(view.state, step))}
    return Slot("root", "30", "screen/sheets.html", args)


def _on_screen(view: View, step: Step, name: str) -> Slot | None:
    sheet = _live(view, step, name)
    if sheet is None:
        return None
    schema = _schema(step)
    said = _said(view.state, schema, sheet, wall=True)
    args = {"number": sheet.number, "title": schema.titled(sheet.fields), "said": said}
    return Slot("sheets", order(sheet.number), "screen/sheet-one.html", args)


def _tally(view: View, step: Step) -> tuple[str, dict[str, Any]]:
    return "screen/tally-sheets.html", {"schema": _schema(step), "number": len(live_sheets(view.state, step))}


_SCREEN = ScreenFace(
    keys=_keys,
    slots={"stage": _stage, "sheet": _on_screen},
    affects={Touch.SHEETS: lambda _: ("stage", "tally"), "sheet": lambda sheet: (f"sheet-{sheet}",)},
    things=lambda view, step: len(live_sheets(view.state, step)),
    tally=_tally,
)


# The desk


def _desk_keys(view: View, step: Step) -> Iterator[str]:
    yield from ("stage", "names")
    yield from _keys(view, step)


def _desk_stage(view: View, step: Step, name: str) -> Slot:
    return Slot("centre", "50", "desk/sheets.html", _form(view, step) | {"helped": view.helped})


def _sheet_on_desk(view: View, step: Step, name: str) -> Slot | None:
    sheet = _live(view, step, name)
    if sheet is None:
        return None
    schema = _schema(step)
    args = _form(view, step, sheet.fields) | {
        "sheet": sheet,
        "title": schema.titled(sheet.fields),
        "lacks": tuple(f.label for f in schema.fields if f.name not in sheet.fields),
    }
    return Slot("sheets", order(sheet.number), "desk/sheet-one.html", args)


def _counted(view: View, step: Step) -> dict[str, Any]:
    return {"sheets": len(live_sheets(view.state, step)), "schema": _schema(step)}


def _gave(view: View, step: Step, person: Person) -> int:
    return sum(sheet.by == person.id for sheet in live_sheets(view.state, step))


def _awaits(state: State, step: Step) -> str:
    return "" if live_sheets(state, step) else N_("People write: nothing is there yet.")


_DESK = DeskFace(
    awaits=_awaits,
    keys=_desk_keys,
    slots={"stage": _desk_stage, "names": planning.names, "sheet": _sheet_on_desk},
    affects={
        Touch.SHEETS: lambda _: ("counts", "paging"),
        Touch.PEOPLE: lambda _: ("stage", "names"),
        "sheet": lambda sheet: (f"sheet-{sheet}",),
    },
    counts=_counted,
)


# Which of the two a step shows


def _either(plan: Callable[..., Any], sheet: Callable[..., Any]) -> Callable[..., Any]:
    def drawn(view: View, step: Step, *rest: Any) -> Any:
        return (plan if step.settings.plans else sheet)(view, step, *rest)

    return drawn


def _nothing(view: View, step: Step, *rest: Any) -> None:
    return None


def _slots(plan: Mapping[str, Any], sheet: Mapping[str, Any]) -> dict[str, Any]:
    return {word: _either(plan.get(word, _nothing), sheet.get(word, _nothing)) for word in {**plan, **sheet}}


PHONE = actions.PHONE._replace(
    keys=_either(actions.PHONE.keys, _PHONE.keys),
    slots=_slots(actions.PHONE.slots, _PHONE.slots),
    affects=merged(actions.PHONE.affects, _PHONE.affects),
    my_keys=_either(actions.PHONE.my_keys, _PHONE.my_keys),
    my_slots=_slots(actions.PHONE.my_slots, _PHONE.my_slots),
    my_affects=merged(actions.PHONE.my_affects, _PHONE.my_affects),
)
SCREEN = actions.SCREEN._replace(
    keys=_either(actions.SCREEN.keys, _SCREEN.keys),
    slots=_slots(actions.SCREEN.slots, _SCREEN.slots),
    affects=merged(actions.SCREEN.affects, _SCREEN.affects),
    things=_either(actions.SCREEN.things, _SCREEN.things),
    tally=_either(actions.SCREEN.tally or _nothing, _SCREEN.tally or _nothing),
)
DESK = actions.DESK._replace(
    awaits=lambda state, step: (actions.DESK if step.settings.plans else _DESK).awaits(state, step),
    keys=_either(actions.DESK.keys, _DESK.keys),
    slots=_slots(actions.DESK.slots, _DESK.slots),
    affects=merged(actions.DESK.affects, _DESK.affects),
    counts=_either(actions.DESK.counts, _DESK.counts),
    enters=True,
    waits_for=lambda view, step, person: not step.settings.plans and step.id not in person.done,
    gave=_either(lambda view, step, person: 0, _gave),
    gave_in="desk/gave-sheet.html",
)
