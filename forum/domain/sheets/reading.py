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
    fields = {name: [f.name for f in schema.fields if f.kind.person] for name, schema in SCHEMAS.items()}
    return tuple(
        sheet
        for sheet in state.sheets.by_id.values()
        if any(sheet.fields.get(name) == person for name in fields.get(sheet.schema, ()))
    )
