"""Sheets as others read them. Pure queries."""

from collections.abc import Mapping
from typing import Final

from forum.domain.kernel import PersonId, StepId
from forum.domain.sheets import SCHEMAS
from forum.domain.sheets.fields import Value
from forum.domain.sheets.record import Sheet
from forum.domain.sheets.schema import Schema
from forum.domain.state import State, Step

OF_THE_PLAN: Final = StepId("")
"""In the place of the step, for what is written in the plan."""


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


def all_live(state: State) -> tuple[Sheet, ...]:
    """The sheets that stand: those of each step, in the order of the agenda, then those of the plan. Cost: all sheets."""
    made = (state.sheets.by_id[s] for s in state.sheets.order.get(OF_THE_PLAN, ()))
    of_plan = (s for s in made if not s.removed)
    return (*(sheet for step in state.steps for sheet in live_sheets(state, step)), *of_plan)


def naming(state: State, person: PersonId) -> tuple[Sheet, ...]:
    """The sheets that name a person in a field. Cost: all sheets."""
    return tuple(sheet for sheet in state.sheets.by_id.values() if naming_fields(sheet, person))


def naming_fields(sheet: Sheet, person: PersonId) -> tuple[str, ...]:
    """The fields of a sheet that name a person."""
    return tuple(
        name for name in _person_fields(sheet.schema) if person in named_in(sheet.fields.get(name, ""))
    )


def named_in(value: Value) -> tuple[PersonId, ...]:
    """The people whom a field names that holds people."""
    return tuple(map(PersonId, filter(None, (value,) if isinstance(value, str) else value)))


def by_name(value: Value, names: Mapping[PersonId, str]) -> Value:
    """What a field says that holds people: their names, "" for who has none."""
    people = tuple(names.get(PersonId(one), "") for one in ((value,) if isinstance(value, str) else value))
    return people[0] if isinstance(value, str) else people


def named_instead(value: Value, before: PersonId, to: PersonId) -> Value:
    """What a field holds once one person stands in the place of another; NOBODY: in the place of whom nobody does."""
    if isinstance(value, str):
        return to if value == before else value
    return tuple(dict.fromkeys(name for one in value if (name := to if one == before else one)))


def people_in(sheet: Sheet) -> tuple[PersonId, ...]:
    """The people whom a sheet names."""
    fields = _person_fields(sheet.schema)
    return tuple(person for name in fields if name in sheet.fields for person in named_in(sheet.fields[name]))


def _person_fields(schema: str) -> tuple[str, ...]:
    known = SCHEMAS.get(schema)
    return tuple(field.name for field in known.fields if field.kind.person) if known else ()
