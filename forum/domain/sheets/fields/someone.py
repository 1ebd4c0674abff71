"""A person of the room, typed as a name."""

from typing import NamedTuple

from forum.domain.kernel import N_
from forum.domain.limits import NAME
from forum.domain.sheets.fields.kind import FieldKind, Here, Refused, Value


class Someone(NamedTuple):
    """A person of the room, typed as a name."""


def _reads(here: Here, holds: Someone, value: Value, length: int) -> Value | Refused:
    known = value == "" or (isinstance(value, str) and here.has_person(value))
    return value if known else Refused("field_person")


KIND = FieldKind(
    "someone",
    Someone,
    _reads,
    typed=lambda holds: NAME,
    person=True,
    hint=N_("Your own name, or nothing: the facilitator names others."),
    refusals={
        "field_person": N_("Nobody with this name is in the room. Correct “{label}”, then send it again."),
    },
)
