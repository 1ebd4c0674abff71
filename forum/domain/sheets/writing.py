"""Writing sheets: how each command is judged, and what each fact makes true. Knows no schema by its name.

A fact holds what was written, by field; folding looks at no schema, so that a sheet written under an older or a newer
one stays what it was.
"""

from collections.abc import Iterable, Mapping

from immutables import Map

from forum.domain import editing, saw, things
from forum.domain.kernel import (
    N_,
    NOBODY,
    Absolute,
    ActionId,
    Asked,
    Fact,
    Facts,
    Gesture,
    Holds,
    Millis,
    Part,
    PersonId,
    Quiet,
    Record,
    Rejection,
    Saw,
    SheetId,
    StepId,
)
from forum.domain.plan import numbers, reading
from forum.domain.roles import KEEPS_PLAN
from forum.domain.sheets import SCHEMAS, UNKNOWN
from forum.domain.sheets.fields import Value
from forum.domain.sheets.reading import named_in, named_instead, naming_fields, people_in, schema_of
from forum.domain.sheets.record import Sheet, Wrote
from forum.domain.sheets.schema import MOST_IN_PLAN, MOST_SHEETS, THE_PLAN, Schema
from forum.domain.sheets.values import as_kept, read
from forum.domain.sheets.words import (
    REFUSALS,
    RULES,
    EditSheet,
    Fields,
    MakeSheet,
    RemoveSheet,
    SheetEdited,
    SheetMade,
    SheetRemoved,
    SheetRestored,
    TakeNameOut,
)
from forum.domain.state import State, Step, change, since_loss, takes
from forum.domain.touch import Touch

# --- judging


def _found(state: State, sheet: SheetId) -> Sheet | Rejection:
    found = state.sheets.by_id.get(sheet)
    there = found is not None and not found.removed and _may_lie(state, _schema(found.schema), found.id)
    return found if found and there else Rejection("H1", "no_sheet")


def _may_lie(state: State, schema: Schema, sheet: SheetId) -> bool:
    """Whether that is there over which such a sheet lies."""
    if schema.over in ("", "forum"):
        return not schema.over or sheet == THE_PLAN
    return things.stands(state, schema.over, sheet)


def _to_edit(state: State, command: EditSheet, asked: Asked) -> Sheet | Rejection:
    """The sheet; an empty one where none was begun yet over what it lies over."""
    schema = _schema(command.schema)
    if schema.over and command.sheet not in state.sheets.by_id and _may_lie(state, schema, command.sheet):
        return _empty(state, command.sheet, schema.name, asked.who, asked.at)
    return _found(state, command.sheet)


def _empty(state: State, sheet: SheetId, schema: str, by: PersonId, at: Millis) -> Sheet:
    number = len(state.sheets.order.get(StepId(""), ())) + 1
    return Sheet(sheet, schema, StepId(""), by, at, number, state.seq)


def _keeps(state: State, asked: Asked) -> bool:
    return not asked.on_behalf and state.people.by_id[asked.by].role in KEEPS_PLAN


def _may_write(
    state: State, step: Step | None, asked: Asked, about: Iterable[str] | None = None
) -> Rejection | None:
    """The desk writes at any time, for others too; everybody else while the step is open.

    about   of a sheet of the plan: the actions that it is about
    """
    if state.people.by_id[asked.by].role in KEEPS_PLAN or (step and takes(state, step, asked)):
        return None
    if step is not None or not any(s.settings.plans and takes(state, s, asked) for s in state.steps):
        return Rejection("H3", "sheets_closed")
    actions = [state.plan.actions.get(ActionId(name)) for name in about or ()]
    theirs = bool(actions) and all(action and reading.writes(action, asked.who) for action in actions)
    return None if theirs else Rejection("H7", "not_their_plan")


def _about(schema: Schema, sheet: str, *held: Mapping[str, Value]) -> set[str]:
    """The actions that a sheet is about: the one over which it lies, and those to which it belongs."""
    field = next((f for f, thing in schema.links if thing == f.name == reading.HELD_BY), None)
    linked = (name for fields in held for name in (fields.get(field.name, ()) if field else ()))
    return {*({sheet} if schema.over == reading.HELD_BY else ()), *filter(None, linked)}


def _whose(state: State, sheet: Sheet, shared: bool, asked: Asked) -> Rejection | None:
    own = sheet.by == asked.who or shared or _keeps(state, asked)
    return None if own else Rejection("H4", "not_your_sheet")


def _of_desk(state: State, schema: Schema, fields: Mapping[str, Value], asked: Asked) -> Rejection | None:
    """A field that only the desk fills in."""
    if state.people.by_id[asked.by].role in KEEPS_PLAN:
        return None
    theirs = next((f for f in schema.fields if f.by == "desk" and f.name in fields), None)
    return Rejection("H3", "field_of_desk", {"label": theirs.label}) if theirs else None


def _names_another(
    state: State, schema: Schema, now: Mapping[str, Value], stands: Mapping[str, Value], asked: Asked
) -> Rejection | None:
    """A name that is not of who writes comes or goes; the desk may, which hears in the room who agrees."""
    if state.people.by_id[asked.by].role in KEEPS_PLAN:
        return None
    other = next(
        (
            f for f in schema.fields
            if f.kind.person and f.name in now
            and ({*named_in(now[f.name])} ^ {*named_in(stands.get(f.name, ""))}) - {asked.who}
        ),
        None,
    )  # fmt: skip
    return Rejection("H6", "name_of_another", {"label": other.label}) if other else None


def make_sheet(state: State, command: MakeSheet, asked: Asked) -> Facts | Rejection:
    step = state.step(command.step)
    schema = schema_of(step) if step else _of_plan(command)
    if schema is None or schema.name != command.schema:
        return Rejection("H1", "not_written_here")
    refused = _may_write(state, step, asked, _about(schema, "", command.fields))
    if refused:
        return refused
    there = state.sheets.by_id.get(command.sheet)
    if there:
        return () if asked.was and there.by == asked.who else Rejection("H1", "id_taken")
    if ActionId(command.sheet) in state.plan.actions:
        return Rejection("H1", "id_taken")
    most, order = MOST_SHEETS if step else MOST_IN_PLAN, state.sheets.order.get(command.step, ())
    here = (state.sheets.by_id[s] for s in order)
    if sum(not one.removed and one.schema == schema.name for one in here) >= most:
        return Rejection("H1", "too_many_sheets", {"limit": most})
    fields = read(state, schema, command.fields, command.lengths, asked.at)
    if isinstance(fields, Rejection):
        return fields
    given = {name: value for name, value in fields.items() if value}
    if not given.get(schema.heading.name):
        return Rejection("H2", "field_needed", {"label": schema.heading.label})
    lacks = next((f for f in schema.fields if f.needed and not given.get(f.name) and f.by == "room"), None)
    if lacks:
        return Rejection("H2", "field_needed", {"label": lacks.label})
    refused = _of_desk(state, schema, given, asked) or _names_another(state, schema, given, {}, asked)
    return refused or (SheetMade(command.sheet, schema.name, command.step, given),)


def _of_plan(command: MakeSheet) -> Schema | None:
    schema = _schema(command.schema)
    return schema if schema.where != "step" and not (command.step or schema.over) else None


def edit_sheet(state: State, command: EditSheet, asked: Asked) -> Facts | Rejection:
    sheet = _to_edit(state, command, asked)
    if isinstance(sheet, Rejection):
        return sheet
    schema, step = SCHEMAS.get(sheet.schema), state.step(sheet.step)
    if schema is None or (step is None and schema.where == "step") or schema.name != command.schema:
        return Rejection("H1", "not_written_here")
    about = _about(schema, sheet.id, sheet.fields, command.fields)
    refused = _may_write(state, step, asked, about) or _whose(state, sheet, schema.shared, asked)
    if refused:
        return refused
    given = _new(state, schema, sheet, command, asked)
    fields = read(state, schema, given, command.lengths, asked.at)
    if isinstance(fields, Rejection):
        return fields
    stands = {field.name: sheet.fields.get(field.name, field.nothing) for field in schema.fields}
    now = {name: value for name, value in fields.items() if value != stands[name]}
    lacks = next((f for f in schema.fields if f.needed and f.name in now and not now[f.name]), None)
    if lacks:
        return Rejection("H2", "field_needed", {"label": lacks.label})
    refused = _of_desk(state, schema, now, asked) or _names_another(state, schema, now, stands, asked)
    if refused or not now:
        return refused or ()
    nobody = Wrote(sheet.by, 0)
    was = as_kept(state, schema, command.was, asked.at)
    other = editing.overwritten(now, was, stands, asked, lambda name: _wrote(sheet.wrote.get(name, nobody)))
    if other is not None:
        return Rejection("H5", "changed", {"person": other})
    return (SheetEdited(sheet.id, sheet.schema, {name: stands[name] for name in now}, now),)


def _wrote(wrote: Wrote) -> tuple[PersonId, int]:
    return wrote.by, wrote.seq


def _new(state: State, schema: Schema, sheet: Sheet, command: EditSheet, asked: Asked) -> Fields:
    """What an edit gives and did not only leave as it was; what comes again undoes nothing its author wrote since."""
    nothing = {field.name: field.nothing for field in schema.fields}
    found = editing.changed(command.fields, command.was, nothing | dict(sheet.fields))
    newer = {
        n for n, w in sheet.wrote.items() if asked.was and w.by == asked.who and since_loss(state, w.seq)
    }
    return {name: value for name, value in found.items() if name not in newer}


def remove_sheet(state: State, command: RemoveSheet, asked: Asked) -> Facts | Rejection:
    sheet = _found(state, command.sheet)
    if isinstance(sheet, Rejection):
        return sheet
    schema = _schema(sheet.schema)
    if schema.over:
        return Rejection("H4", "sheet_stays")
    step = state.step(sheet.step)
    told = step is not None or sheet.step == ""
    refused = _may_write(state, step, asked, _about(schema, sheet.id, sheet.fields)) if told else None
    return refused or _whose(state, sheet, False, asked) or (SheetRemoved(sheet.id),)


def take_name_out(state: State, command: TakeNameOut, asked: Asked) -> Facts | Rejection:
    sheet = _found(state, command.sheet)
    if isinstance(sheet, Rejection):
        return sheet
    named = naming_fields(sheet, asked.who)
    was: Fields = {name: sheet.fields[name] for name in named}
    nobody: Fields = {name: named_instead(value, asked.who, NOBODY) for name, value in was.items()}
    return (SheetEdited(sheet.id, sheet.schema, was, nobody),) if named else Rejection("H6", "not_named")


# --- folding


def _put(state: State, sheet: Sheet, record: Record) -> State:
    before, now = state.sheets.by_id.get(sheet.id), change(sheet, rev=state.seq)
    sheets = change(state.sheets, by_id=state.sheets.by_id.set(sheet.id, now))
    if before is None:
        order, of = state.sheets.order.get(sheet.step, ()), state.sheets.of.get(sheet.schema, ())
        sheets = change(
            sheets,
            order=state.sheets.order.set(sheet.step, (*order, sheet.id)),
            of=state.sheets.of.set(sheet.schema, (*of, sheet.id)),
        )
    named = {who for one in (before, sheet) if one for who in people_in(one)}
    touched = {Touch.SHEETS, Touch.sheet(sheet.id), *map(Touch.you, {sheet.by, record.by, *named})}
    after = change(state, sheets=sheets)
    if numbers.renumbers(after, before, now):
        touched |= numbers.all_numbers(after)
    return change(after, touched=frozenset(touched))


def _made(state: State, fact: SheetMade, record: Record) -> State:
    number = len(state.sheets.order.get(fact.step, ())) + 1
    wrote = Wrote(record.by, state.seq)
    sheet = Sheet(
        id=fact.sheet,
        schema=fact.schema,
        step=fact.step,
        by=record.by,
        at=record.at,
        number=number,
        rev=state.seq,
        fields=Map(fact.fields),
        wrote=Map(dict.fromkeys(fact.fields, wrote)),
        own=state.seq,
        worded=state.seq,
        changed_at=record.at,
    )
    return _put(state, sheet, record)


def _edited(state: State, fact: SheetEdited, record: Record) -> State:
    sheet = state.sheets.by_id.get(fact.sheet)
    sheet = sheet or _empty(state, fact.sheet, fact.schema, record.by, record.at)
    fields = {name: value for name, value in (dict(sheet.fields) | fact.now).items() if value}
    wrote = sheet.wrote.update(dict.fromkeys(fact.now, Wrote(record.by, state.seq)))
    own = state.seq if record.by == sheet.by else sheet.own
    return _put(
        state,
        change(sheet, fields=Map(fields), wrote=wrote, own=own, worded=state.seq, changed_at=record.at),
        record,
    )


def _removed(state: State, fact: SheetRemoved, record: Record) -> State:
    sheet = state.sheets.by_id[fact.sheet]
    return _put(state, change(sheet, removed=True, settled=state.seq, settled_by=record.by), record)


def _restored(state: State, fact: SheetRestored, record: Record) -> State:
    sheet = state.sheets.by_id[fact.sheet]
    return _put(state, change(sheet, removed=False, settled=state.seq, settled_by=record.by), record)


# --- taking back


def _title(state: State, sheet: SheetId, schema: str) -> str:
    """What it is about: its title, or that of the thing over which it lies."""
    over, found = _schema(schema).over, state.sheets.by_id.get(sheet)
    if over in things.names():
        return things.words(state, over, sheet)
    return _schema(schema).titled(found.fields) if found else ""


def _schema(name: str) -> Schema:
    return SCHEMAS.get(name, UNKNOWN)


def _still_so(state: State, fact: SheetEdited) -> bool:
    found = state.sheets.by_id[fact.sheet]
    return (
        _may_lie(state, _schema(found.schema), found.id)
        and not found.removed
        and all(found.fields.get(name, ()) == (value or ()) for name, value in fact.was.items())
    )


GESTURES: dict[type[Fact], Gesture] = {
    SheetMade: Gesture(
        N_("wrote a sheet"),
        lambda state, fact: (_schema(fact.schema).titled(fact.fields), (SheetRemoved(fact.sheet),)),
        named=lambda state, fact: _schema(fact.schema).made,
    ),
    SheetEdited: Gesture(
        N_("changed a sheet"),
        lambda state, fact: (
            _title(state, fact.sheet, fact.schema),
            (SheetEdited(fact.sheet, fact.schema, fact.now, fact.was),),
        ),
        _still_so,
        lambda state, fact: _schema(fact.schema).edited,
    ),
    SheetRemoved: Gesture(
        N_("removed a sheet"),
        lambda state, fact: (
            _title(state, fact.sheet, state.sheets.by_id[fact.sheet].schema),
            (SheetRestored(fact.sheet),),
        ),
        lambda state, fact: not state.sheets.by_id[fact.sheet].removed,
        lambda state, fact: _schema(state.sheets.by_id[fact.sheet].schema).removed,
    ),
    SheetRestored: Gesture("", fits=lambda state, fact: state.sheets.by_id[fact.sheet].removed),
}


def _stands(state: State, command: RemoveSheet, asked: Asked) -> int:
    found = state.sheets.by_id.get(command.sheet)
    return max(found.worded, found.settled) if found else 0


def _words(fact: SheetMade | SheetEdited, fields: Fields) -> dict[str, str]:
    return _schema(fact.schema).words_in(fields)


PART = Part(
    judges={
        MakeSheet: make_sheet,
        EditSheet: edit_sheet,
        RemoveSheet: remove_sheet,
        TakeNameOut: take_name_out,
    },
    folds={SheetMade: _made, SheetEdited: _edited, SheetRemoved: _removed, SheetRestored: _restored},
    rules=RULES,
    refusals=REFUSALS,
    gestures=GESTURES,
    words={
        SheetMade: Holds(lambda f: f.sheet, ("fields",), own=True, said=_words),
        SheetEdited: Holds(lambda f: f.sheet, ("was", "now"), own=True, said=_words),
    },
    plain=frozenset({MakeSheet}),
    sees={
        MakeSheet: saw.ANEW,
        EditSheet: Absolute("says what each field held when it was read (H5)"),
        RemoveSheet: Saw(_stands, N_("This sheet")),
        TakeNameOut: saw.ONES_OWN,
    },
    gives=dict.fromkeys((MakeSheet, EditSheet), N_("A sheet of yours")),
    aloud={SheetRestored: Quiet("what was undone is said")},
)
