"""Values over time: a number for each of several days, typed one a line."""

from decimal import Decimal
from typing import NamedTuple

from forum.domain.dates import parse_date
from forum.domain.kernel import N_
from forum.domain.limits import Text
from forum.domain.sheets.fields.amount import DIGITS, number_of, number_text
from forum.domain.sheets.fields.kind import FieldKind, Here, Refused, Value

LINE = 60  # characters of one value with its day, as it is typed


class Series(NamedTuple):
    """Numbers with their days, the earliest first; one a day."""

    most: int = 60


def points(value: Value) -> tuple[tuple[str, Decimal], ...]:
    """What is kept, as ISO days and numbers."""
    pairs = (point.split(" ", 1) for point in value) if not isinstance(value, str) else ()
    return tuple((day, Decimal(number)) for day, number in pairs)


def _reads(here: Here, holds: Series, value: Value, length: int) -> Value | Refused:
    lines = value.splitlines() if isinstance(value, str) else value
    kept: dict[str, str] = {}
    for line in filter(None, map(str.strip, lines)):
        day, number = _point(line)
        if not day or number is None:
            return Refused("field_series")
        kept[day] = number_text(number)
    if len(kept) > holds.most:
        return Refused("field_series_long", {"limit": holds.most})
    return tuple(f"{day} {kept[day]}" for day in sorted(kept))


def _point(line: str) -> tuple[str, Decimal | None]:
    """A day and a number, with a colon or spaces between."""
    said, _, number = line.replace(":", " ", 1).strip().partition(" ")
    return parse_date(said) or "", number_of(number, DIGITS)


def _typed(holds: Series) -> Text:
    return Text(holds.most * LINE, lines=True)


def _wrong(holds: Series) -> list[str]:
    return [] if holds.most > 0 else ["it holds no value"]


KIND = FieldKind(
    "series",
    Series,
    _reads,
    typed=_typed,
    nothing=(),
    wrong=_wrong,
    refusals={
        "field_series": N_(
            "Write “{label}” one a line, the day first, for instance 31/12/2025: 40, then send it again."
        ),
        "field_series_long": N_(
            "“{label}” has more than {limit} values. Leave some out, then send it again."
        ),
    },
)
