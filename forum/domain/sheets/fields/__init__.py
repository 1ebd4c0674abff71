"""What the fields of a sheet can hold: one module and one value a kind of field.

A new kind adds its module and a line below. Its template is ``fields/<name>.html``, its cell and its JSON are registered
in ``exports.fields``. No sheet and no surface asks for its name.
"""

from typing import Final

from forum.domain.sheets.fields import amount, choice, day, links, persons, series, someone, text
from forum.domain.sheets.fields.amount import Amount
from forum.domain.sheets.fields.choice import Choice
from forum.domain.sheets.fields.day import Day
from forum.domain.sheets.fields.kind import FieldKind, Here, Refused, Value
from forum.domain.sheets.fields.links import Links
from forum.domain.sheets.fields.persons import Persons
from forum.domain.sheets.fields.series import Series
from forum.domain.sheets.fields.someone import Someone

__all__ = [
    "FIELD_KINDS",
    "Amount",
    "Choice",
    "Day",
    "FieldKind",
    "Here",
    "Links",
    "Persons",
    "Refused",
    "Series",
    "Someone",
    "Value",
    "of",
]

_KINDS: Final = (
    text.KIND, choice.KIND, day.KIND, amount.KIND, series.KIND, someone.KIND, persons.KIND, links.KIND,
)  # fmt: skip
FIELD_KINDS: Final[dict[type, FieldKind]] = {kind.holds: kind for kind in _KINDS}
"""Every kind of field by what a schema says of a field of it."""


def of(holds: object) -> FieldKind:
    """The kind of a field, by what its schema says that it holds. KeyError for one that is not registered."""
    return FIELD_KINDS[type(holds)]
