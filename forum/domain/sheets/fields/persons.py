"""Several people of the room, typed as names with commas between."""

from typing import NamedTuple

from forum.domain.kernel import N_
from forum.domain.limits import NAME, Text
from forum.domain.sheets.fields import someone
from forum.domain.sheets.fields.kind import FieldKind, Here, Refused, Value


class Persons(NamedTuple):
    """Several people of the room, in the order in which they were typed."""

    most: int = 20


def split(typed: str) -> tuple[str, ...]:
    """The names that somebody typed, each once."""
    return tuple(dict.fromkeys(name for part in typed.split(",") if (name := part.strip())))


def _reads(here: Here, holds: Persons, value: Value, length: int) -> Value | Refused:
    people = split(value) if isinstance(value, str) else tuple(dict.fromkeys(filter(None, value)))
    if len(people) > holds.most:
        return Refused("field_people", {"limit": holds.most})
    return people if all(map(here.has_person, people)) else Refused("field_person")


def _typed(holds: Persons) -> Text:
    return Text(holds.most * (NAME.most + 2))


def _wrong(holds: Persons) -> list[str]:
    return [] if holds.most > 1 else ["it holds no two people"]


KIND = FieldKind(
    "persons",
    Persons,
    _reads,
    typed=_typed,
    nothing=(),
    person=True,
    hint=someone.KIND.hint,
    wrong=_wrong,
    refusals={
        "field_people": N_("“{label}” names more than {limit} people. Leave some out, then send it again."),
    },
)
