"""What somebody typed into a field as what the field keeps, or why it cannot: one function a kind of field. Pure."""

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from forum.domain import things
from forum.domain.dates import parse_date, plan_days, within
from forum.domain.kernel import PersonId, Rejection
from forum.domain.limits import Text
from forum.domain.sheets.schema import Amount, Choice, Day, Field, Links, Schema, Someone, Value
from forum.domain.state import State


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
        said = _READ[type(field.holds)](state, field, value, lengths.get(name, 0), at)
        if isinstance(said, Rejection):
            return said
        kept[name] = said
    return kept


def as_kept(state: State, schema: Schema, shown: Mapping[str, Value], at: int) -> dict[str, Value]:
    """What a form showed, as fields keep it; what they could not keep stays as it was shown."""
    found: dict[str, Value] = {}
    for name, value in shown.items():
        said = read(state, schema, {name: value}, {name: 1}, at)
        found[name] = value if isinstance(said, Rejection) else said[name]
    return found


def _text(state: State, field: Field, value: Value, length: int, at: int) -> Value | Rejection:
    assert isinstance(field.holds, Text), f"expected a text, got {field.name}"
    if not isinstance(value, str):
        return Rejection("H1", "no_field")
    count = length or len(value)
    if count > field.holds.most:
        return _no(field, "field_too_long", count=count, limit=field.holds.most)
    return value


def _choice(state: State, field: Field, value: Value, length: int, at: int) -> Value | Rejection:
    assert isinstance(field.holds, Choice), f"expected a choice, got {field.name}"
    known = value == "" or value in [key for key, _ in field.holds.options]
    return value if known else _no(field, "field_choice")


def _day(state: State, field: Field, value: Value, length: int, at: int) -> Value | Rejection:
    day = parse_date(value) if isinstance(value, str) else None
    if day is None:
        return _no(field, "field_date")
    first, last = plan_days(state, at)
    if day and not within(day, first, last):
        return _no(field, "field_day", first=first.isoformat(), limit=last.isoformat())
    return day


def _amount(state: State, field: Field, value: Value, length: int, at: int) -> Value | Rejection:
    holds = field.holds
    assert isinstance(holds, Amount), f"expected a number, got {field.name}"
    if value == "":
        return ""
    number = _number(value, holds)
    if number is None or not holds.least <= number <= holds.most:
        return _no(field, "field_number", first=holds.least, limit=holds.most)
    return number_text(number)


def _number(value: Value, holds: Amount) -> Decimal | None:
    plain = "".join(value.split()).replace(",", ".") if isinstance(value, str) else ""
    if len(plain) > holds.digits or not set(plain) <= set("0123456789.-"):
        return None
    try:
        number = Decimal(plain)
    except InvalidOperation:
        return None
    return number if number == round(number, holds.places) else None


def number_text(number: Decimal) -> str:
    """A number as it is kept: the same for the same number, however it was typed."""
    text = f"{number:f}"
    return (text.rstrip("0").rstrip(".") or "0") if "." in text else str(int(number))


def _someone(state: State, field: Field, value: Value, length: int, at: int) -> Value | Rejection:
    known = value == "" or (isinstance(value, str) and PersonId(value) in state.people)
    return value if known else _no(field, "field_person")


def _links(state: State, field: Field, value: Value, length: int, at: int) -> Value | Rejection:
    assert isinstance(field.holds, Links), f"expected links, got {field.name}"
    chosen = tuple(dict.fromkeys(filter(None, (value,) if isinstance(value, str) else value)))
    stands = all(things.stands(state, field.holds.thing, name) for name in chosen)
    readable = all(things.words(state, field.holds.thing, name) for name in chosen)
    return chosen if stands and readable and len(chosen) <= field.holds.most else _no(field, "field_link")


def _no(field: Field, code: str, **params: object) -> Rejection:
    return Rejection("H1", code, {"label": field.label, **params})


Read = Callable[[State, Field, Value, int, int], Value | Rejection]
_READ: Final[Mapping[type[Any], Read]] = {
    Text: _text,
    Choice: _choice,
    Day: _day,
    Amount: _amount,
    Someone: _someone,
    Links: _links,
}
