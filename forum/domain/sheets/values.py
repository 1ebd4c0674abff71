"""What somebody typed into the fields of a sheet as they keep it, or why they cannot. Pure."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from forum.domain import things
from forum.domain.dates import plan_days
from forum.domain.kernel import PersonId, Rejection
from forum.domain.sheets.fields import Refused, Value
from forum.domain.sheets.schema import Schema
from forum.domain.state import State


class _Here(NamedTuple):
    """A forum as the kinds of fields may ask it, now."""

    state: State
    at: int

    def days(self) -> tuple[date, date]:
        return plan_days((step.opened_at for step in self.state.steps), self.at)

    def has_person(self, person: str) -> bool:
        return PersonId(person) in self.state.people.by_id

    def can_link(self, thing: str, name: str) -> bool:
        return things.stands(self.state, thing, name) and bool(things.words(self.state, thing, name))


def read(
    state: State, schema: Schema, given: Mapping[str, Value], lengths: Mapping[str, int], at: int
) -> dict[str, Value] | Rejection:
    """What was typed, as it is kept; or a refusal under H1 that names the field and says what to do.

    lengths   graphemes of texts, as the edge counted them
    """
    kept: dict[str, Value] = {}
    for name, value in given.items():
        field = schema.field(name)
        if field is None:
            return Rejection("H1", "no_field")
        said = field.kind.reads(_Here(state, at), field.holds, value, lengths.get(name, 0))
        if isinstance(said, Refused):
            return Rejection("H1", said.code, {"label": field.label, **said.params})
        kept[name] = said
    return kept


def as_kept(state: State, schema: Schema, shown: Mapping[str, Value], at: int) -> dict[str, Value]:
    """What a form showed, as fields keep it; what they could not keep stays as it was shown."""
    found: dict[str, Value] = {}
    for name, value in shown.items():
        said = read(state, schema, {name: value}, {name: 1}, at)
        found[name] = value if isinstance(said, Rejection) else said[name]
    return found
