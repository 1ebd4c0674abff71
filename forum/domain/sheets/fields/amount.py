"""A number."""

from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from forum.domain.kernel import N_
from forum.domain.sheets.fields.kind import FieldKind, Here, Refused, Value


class Amount(NamedTuple):
    """A number."""

    least: int = 0
    most: int = 1_000_000_000
    places: int = 0  # decimals
    digits: int = 20  # with signs, as it is typed


def _reads(here: Here, holds: Amount, value: Value, length: int) -> Value | Refused:
    if value == "":
        return ""
    number = _number(value, holds)
    if number is None or not holds.least <= number <= holds.most:
        return Refused("field_number", {"first": holds.least, "limit": holds.most})
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


def _wrong(holds: Amount) -> list[str]:
    return [] if holds.least < holds.most else [f"no number is from {holds.least} to {holds.most}"]


KIND = FieldKind(
    "amount",
    Amount,
    _reads,
    wrong=_wrong,
    refusals={
        "field_number": N_("Write “{label}” as a number from {first} to {limit}, then send it again."),
    },
)
