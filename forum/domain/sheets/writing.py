"""Writing sheets: the commands, the facts, the numbered rules, and what they make true. Knows no schema by its name.

A fact holds what was written, by field; folding looks at no schema, so that a sheet written under an older or a newer
one stays what it was.
"""

from collections.abc import Mapping

from immutables import Map

from forum.domain import editing, saw
from forum.domain.kernel import (
    N_,
    Absolute,
    Asked,
    Command,
    Fact,
    Facts,
    Gesture,
    Holds,
    Part,
    PersonId,
    Quiet,
    Record,
    Rejection,
    Saw,
    SheetId,
    StepId,
)
from forum.domain.limits import New
from forum.domain.roles import KEEPS_PLAN
from forum.domain.sheets import SCHEMAS, UNKNOWN
from forum.domain.sheets.fields import FIELD_KINDS, Value
from forum.domain.sheets.reading import naming_fields, people_in, schema_of
from forum.domain.sheets.record import Sheet, Wrote
from forum.domain.sheets.schema import MOST_SHEETS, Schema
from forum.domain.sheets.values import as_kept, read
from forum.domain.state import State, Step, change, since_loss, takes
from forum.domain.touch import Touch

RULES = {
    "H1": N_(
        "A sheet has the fields of its kind; what they cannot hold is refused, and the sentence says which and why."
    ),
    "H2": N_("A sheet has at least a title; every other field can wait."),
    "H3": N_(
        "Sheets are written while their step is open, and by the desk at any time; some fields belong to "
        "the desk alone."
    ),
    "H4": N_(
        "Whoever wrote a sheet can change it and withdraw it; others can change it where the room writes "
        "it together."
    ),
    "H5": N_(
        "Whoever changes a field that somebody else has changed meanwhile is told so; nothing is "
        "overwritten silently."
    ),
    "H6": N_(
        "In a sheet people name themselves, and the facilitator names others; anyone named sees it and "
        "can take their name out."
    ),
}
REFUSALS = {
    "no_sheet": N_("This sheet is no longer there. Look at the page again."),
    "not_written_here": N_("Such a sheet is not written in this step. Look at the page again."),
    "not_your_sheet": N_("Only the person who wrote this can change it. Ask them, or the facilitator."),
    "sheets_closed": N_("Writing is not open now. Your text is kept here. Ask the facilitator."),
    "no_field": N_("This page has a field that such a sheet does not have. Reload it, then try again."),
    "field_needed": N_("Fill in “{label}” first, then send it again."),
    "name_of_another": N_(
        "In “{label}” you can name yourself only. Write your own name or leave it; the facilitator can name others."
    ),
    "not_named": N_("This sheet does not name you. Look at the page again."),
    "field_of_desk": N_("“{label}” is filled in at the desk. Leave it as it was."),
    "too_many_sheets": N_("There are {limit} of these already. Remove one first."),
} | {code: said for kind in FIELD_KINDS.values() for code, said in kind.refusals.items()}

Fields = dict[str, Value]


class MakeSheet(Command, frozen=True):
    """Write a sheet. The id is chosen by its creator."""

    sheet: New[SheetId]
    schema: str
    step: StepId
    fields: Fields
    lengths: dict[str, int] = {}  # of texts: graphemes, counted at the edge


class EditSheet(Command, frozen=True):
    """Change fields of a sheet; what is not given stays, "" empties a field."""

    sheet: SheetId
    schema: str
    fields: Fields
    was: Fields = {}  # what they held when whoever types began; of those that are not here nothing is said
    lengths: dict[str, int] = {}


class RemoveSheet(Command, frozen=True):
    """Take a sheet away."""

    sheet: SheetId


class TakeNameOut(Command, frozen=True):
    """Take one's own name out of a sheet that somebody else wrote, whether its step is open or not."""

    sheet: SheetId


class SheetMade(Fact, frozen=True):
    sheet: SheetId
    schema: str
    step: StepId
    fields: Fields  # those that hold something


class SheetEdited(Fact, frozen=True):
    sheet: SheetId
    schema: str
    was: Fields
    now: Fields


class SheetRemoved(Fact, frozen=True):
    sheet: SheetId


class SheetRestored(Fact, frozen=True):
    sheet: SheetId


# --- judging


def _found(state: State, sheet: SheetId) -> Sheet | Rejection:
    found = state.sheets.by_id.get(sheet)
    return Rejection("H1", "no_sheet") if found is None or found.removed else found


def _keeps(state: State, asked: Asked) -> bool:
    return not asked.on_behalf and state.people.by_id[asked.by].role in KEEPS_PLAN


def _may_write(state: State, step: Step, asked: Asked) -> Rejection | None:
    """The desk writes at any time, for others too; everybody else while the step is open."""
    there = state.people.by_id[asked.by].role in KEEPS_PLAN or takes(state, step, asked)
    return None if there else Rejection("H3", "sheets_closed")


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
    mine = ("", asked.who)
    other = next(
        (
            f for f in schema.fields
            if f.kind.person and f.name in now and not (now[f.name] in mine and stands.get(f.name, "") in mine)
        ),
        None,
    )  # fmt: skip
    return Rejection("H6", "name_of_another", {"label": other.label}) if other else None


def make_sheet(state: State, command: MakeSheet, asked: Asked) -> Facts | Rejection:
    step = state.step(command.step)
    schema = schema_of(step) if step else None
    if step is None or schema is None or schema.name != command.schema:
        return Rejection("H1", "not_written_here")
    refused = _may_write(state, step, asked)
    if refused:
        return refused
    there = state.sheets.by_id.get(command.sheet)
    if there:
        return () if asked.was and there.by == asked.who else Rejection("H1", "id_taken")
    order = state.sheets.order.get(step.id, ())
    if sum(not state.sheets.by_id[s].removed for s in order) >= MOST_SHEETS:
        return Rejection("H1", "too_many_sheets", {"limit": MOST_SHEETS})
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
    return refused or (SheetMade(command.sheet, schema.name, step.id, given),)


def edit_sheet(state: State, command: EditSheet, asked: Asked) -> Facts | Rejection:
    sheet = _found(state, command.sheet)
    if isinstance(sheet, Rejection):
        return sheet
    schema, step = SCHEMAS.get(sheet.schema), state.step(sheet.step)
    if schema is None or step is None or schema.name != command.schema:
        return Rejection("H1", "not_written_here")
    refused = _may_write(state, step, asked) or _whose(state, sheet, schema.shared, asked)
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
    step = state.step(sheet.step)
    refused = _may_write(state, step, asked) if step else None
    return refused or _whose(state, sheet, False, asked) or (SheetRemoved(sheet.id),)


def take_name_out(state: State, command: TakeNameOut, asked: Asked) -> Facts | Rejection:
    sheet = _found(state, command.sheet)
    if isinstance(sheet, Rejection):
        return sheet
    named = naming_fields(sheet, asked.who)
    was: Fields = dict.fromkeys(named, asked.who)
    nobody: Fields = dict.fromkeys(named, "")
    return (SheetEdited(sheet.id, sheet.schema, was, nobody),) if named else Rejection("H6", "not_named")


# --- folding


def _put(state: State, sheet: Sheet, record: Record, **fields: object) -> State:
    after = change(sheet, rev=state.seq)
    sheets = change(state.sheets, by_id=state.sheets.by_id.set(sheet.id, after), **fields)
    named = {who for one in (state.sheets.by_id.get(sheet.id), sheet) if one for who in people_in(one)}
    touched = {Touch.SHEETS, Touch.sheet(sheet.id), *map(Touch.you, {sheet.by, record.by, *named})}
    return change(state, sheets=sheets, touched=frozenset(touched))


def _made(state: State, fact: SheetMade, record: Record) -> State:
    order = state.sheets.order.get(fact.step, ())
    wrote = Wrote(record.by, state.seq)
    sheet = Sheet(
        id=fact.sheet,
        schema=fact.schema,
        step=fact.step,
        by=record.by,
        at=record.at,
        number=len(order) + 1,
        rev=state.seq,
        fields=Map(fact.fields),
        wrote=Map(dict.fromkeys(fact.fields, wrote)),
        own=state.seq,
        worded=state.seq,
    )
    return _put(state, sheet, record, order=state.sheets.order.set(fact.step, (*order, fact.sheet)))


def _edited(state: State, fact: SheetEdited, record: Record) -> State:
    sheet = state.sheets.by_id[fact.sheet]
    fields = {name: value for name, value in (dict(sheet.fields) | fact.now).items() if value}
    wrote = sheet.wrote.update(dict.fromkeys(fact.now, Wrote(record.by, state.seq)))
    own = state.seq if record.by == sheet.by else sheet.own
    return _put(state, change(sheet, fields=Map(fields), wrote=wrote, own=own, worded=state.seq), record)


def _removed(state: State, fact: SheetRemoved, record: Record) -> State:
    sheet = state.sheets.by_id[fact.sheet]
    return _put(state, change(sheet, removed=True, settled=state.seq, settled_by=record.by), record)


def _restored(state: State, fact: SheetRestored, record: Record) -> State:
    sheet = state.sheets.by_id[fact.sheet]
    return _put(state, change(sheet, removed=False, settled=state.seq, settled_by=record.by), record)


# --- taking back


def _title(state: State, sheet: SheetId) -> str:
    found = state.sheets.by_id[sheet]
    return _schema(found.schema).titled(found.fields)


def _schema(name: str) -> Schema:
    return SCHEMAS.get(name, UNKNOWN)


def _still_so(state: State, fact: SheetEdited) -> bool:
    found = state.sheets.by_id[fact.sheet]
    return not found.removed and all(
        found.fields.get(name, ()) == (value or ()) for name, value in fact.was.items()
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
            _title(state, fact.sheet),
            (SheetEdited(fact.sheet, fact.schema, fact.now, fact.was),),
        ),
        _still_so,
        lambda state, fact: _schema(fact.schema).edited,
    ),
    SheetRemoved: Gesture(
        N_("removed a sheet"),
        lambda state, fact: (_title(state, fact.sheet), (SheetRestored(fact.sheet),)),
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
