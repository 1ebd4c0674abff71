"""A day that a plan may name (P6)."""

from datetime import timedelta
from typing import NamedTuple

from forum.domain.dates import PLAN_DAYS, parse_date, within
from forum.domain.kernel import N_
from forum.domain.sheets.fields.kind import FieldKind, Here, Refused, Value


class Day(NamedTuple):
    """A day that a plan may name (P6)."""

    past: bool = False  # also one of the ten years before: of what goes on already, or is done


def _reads(here: Here, holds: Day, value: Value, length: int) -> Value | Refused:
    day = parse_date(value) if isinstance(value, str) else None
    if day is None:
        return Refused("field_date")
    first, last = here.days()
    first -= timedelta(days=PLAN_DAYS) if holds.past else timedelta()
    if day and not within(day, first, last):
        return Refused("field_day", {"first": first.isoformat(), "limit": last.isoformat()})
    return day


KIND = FieldKind(
    "day",
    Day,
    _reads,
    refusals={
        "field_date": N_(
            "Write “{label}” as day, month and year, for instance 31/01/2025, then send it again."
        ),
        "field_day": N_("Choose a day from {first} to {limit} for “{label}”, then send it again."),
    },
)
