"""Sheets as others read them. Pure queries."""

from forum.domain.kernel import PersonId
from forum.domain.sheets import SCHEMAS
from forum.domain.sheets.record import Sheet
from forum.domain.sheets.schema import Schema
from forum.domain.state import State, Step


def schema_of(step: Step) -> Schema | None:
    """What is written in a step, where that is a sheet of a schema."""
    return SCHEMAS.get(step.settings.makes)


def schemas_in(state: State) -> tuple[Schema, ...]:
    """The schemas of a forum's agenda, each once, in its order."""
    made = dict.fromkeys(step.settings.makes for step in state.steps)
    return tuple(SCHEMAS[name] for name in made if name in SCHEMAS)


def sheets_of(state: State, step: Step) -> tuple[Sheet, ...]:
    """All sheets ever written in a step, in the order in which they came; not what it was for before it was changed."""
    written = (state.sheets.by_id[s] for s in state.sheets.order.get(step.id, ()))
    return tuple(s for s in written if s.schema == step.settings.makes)


def live_sheets(state: State, step: Step) -> tuple[Sheet, ...]:
    """The sheets of a step that stand."""
    return tuple(s for s in sheets_of(state, step) if not s.removed)


def naming(state: State, person: PersonId) -> tuple[Sheet, ...]:
    """The sheets that name a person in a field. Cost: all sheets."""
    return tuple(sheet for sheet in state.sheets.by_id.values() if naming_fields(sheet, person))


def naming_fields(sheet: Sheet, person: PersonId) -> tuple[str, ...]:
    """The fields of a sheet that name a person."""
    return tuple(name for name in _person_fields(sheet.schema) if sheet.fields.get(name) == person)


def people_in(sheet: Sheet) -> tuple[PersonId, ...]:
    """The people whom a sheet names."""
    fields = _person_fields(sheet.schema)
    return tuple(PersonId(str(sheet.fields[name])) for name in fields if name in sheet.fields)


def _person_fields(schema: str) -> tuple[str, ...]:
    known = SCHEMAS.get(schema)
    return tuple(field.name for field in known.fields if field.kind.person) if known else ()
