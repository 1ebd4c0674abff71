"""How each kind of a sheet's fields is exported: its cell in a table, and what the JSON Schema says of it."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, Final, NamedTuple

from forum.domain.limits import Text
from forum.domain.sheets.fields import Amount, Choice, Day, Links, Persons, Series, Someone, Value
from forum.domain.sheets.fields.series import points
from forum.language import Reader

Cell = str | int | Decimal | date | None


YEARS: Final = (2000, 2100)
"""What a number is between that is a year: nobody adds it up or parts its thousands."""


class Words(NamedTuple):
    """What a cell may say besides its value."""

    reader: Reader
    linked: Callable[[str], str]  # what a thing is called, by its id; "" for one that says nothing any more


class Exported(NamedTuple):
    """One kind of field in the exports."""

    cell: Callable[[Any, Value, Words], Cell]  # from what the schema says of the field, and what it holds
    json: Callable[[Any], dict[str, object]]


def as_day(iso: str) -> date | None:
    """A day as a cell has it; None for none."""
    return date.fromisoformat(iso) if iso else None


def _as_it_is(holds: Any, value: Value, words: Words) -> Cell:
    return str(value)


def _label(holds: Choice, value: Value, words: Words) -> Cell:
    return next((words.reader.say(label) for key, label in holds.options if key == value), str(value))


def _day(holds: Day, value: Value, words: Words) -> Cell:
    return as_day(str(value))


def _number(holds: Amount, value: Value, words: Words) -> Cell:
    if (holds.least, holds.most) == YEARS:
        return str(value)
    return Decimal(str(value)) if value else None


def _titles(holds: Links, value: Value, words: Words) -> Cell:
    return "\n".join(filter(None, (words.linked(name) for name in value)))


def _names(holds: Persons, value: Value, words: Words) -> Cell:
    return "\n".join(filter(None, value))


def _values(holds: Series, value: Value, words: Words) -> Cell:
    return "\n".join(f"{words.reader.day(on)}: {number:f}" for on, number in points(value))


def _some_text(holds: Someone) -> dict[str, object]:
    return {"type": "string"}


def _text(holds: Text) -> dict[str, object]:
    return {"type": "string", "maxLength": holds.most}


def _enum(holds: Choice) -> dict[str, object]:
    return {"enum": [key for key, _ in holds.options]}


def _date(holds: Day) -> dict[str, object]:
    return {"type": "string", "format": "date"}


def _digits(holds: Amount) -> dict[str, object]:
    return {"type": "string", "pattern": "^-?[0-9]+([.][0-9]+)?$"}


def _strings(holds: Persons) -> dict[str, object]:
    return {"type": "array", "items": {"type": "string"}, "maxItems": holds.most}


def _dated(holds: Series) -> dict[str, object]:
    one = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2} -?[0-9]+([.][0-9]+)?$"}
    return {"type": "array", "items": one, "maxItems": holds.most}


def _array(holds: Links) -> dict[str, object]:
    return {"type": "array", "items": {"type": "string"}, "maxItems": holds.most}


EXPORTED: Final[dict[str, Exported]] = {
    "text": Exported(_as_it_is, _text),
    "choice": Exported(_label, _enum),
    "day": Exported(_day, _date),
    "amount": Exported(_number, _digits),
    "persons": Exported(_names, _strings),
    "series": Exported(_values, _dated),
    "someone": Exported(_as_it_is, _some_text),
    "links": Exported(_titles, _array),
}
"""By the name of the kind of field."""
