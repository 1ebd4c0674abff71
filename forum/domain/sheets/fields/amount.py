"""A number."""

from decimal import Decimal, InvalidOperation
from typing import Final, NamedTuple

from forum.domain.kernel import N_
from forum.domain.sheets.fields.kind import FieldKind, Here, Refused, Value

DIGITS: Final = 20  # with signs, as it is typed


class Amount(NamedTuple):
    """A number."""

    least: int = 0
    most: int = 1_000_000_000
    places: int = 0  # decimals
    digits: int = DIGITS


def _reads(here: Here, holds: Amount, value: Value, length: int) -> Value | Refused:
    if value == "":
        return ""
    number = number_of(value, holds.digits) if isinstance(value, str) else None
    if number is None or number != round(number, holds.places) or not holds.least <= number <= holds.most:
        return Refused("field_number", {"first": holds.least, "limit": holds.most})
    return number_text(number)


def number_of(typed: str, digits: int) -> Decimal | None:
    """What somebody typed as a number, with a point or a comma; None for anything else."""
    plain = "".join(typed.split()).replace(",", ".")
    if len(plain) > digits or not set(plain) <= set("0123456789.-"):
        return None
    try:
        return Decimal(plain)
    except InvalidOperation:
        return None


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
