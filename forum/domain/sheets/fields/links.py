"""Things of one kind, by their ids."""

from typing import NamedTuple

from forum.domain.kernel import N_
from forum.domain.sheets.fields.kind import FieldKind, Here, Refused, Value


class Links(NamedTuple):
    """Things of one kind, by their ids."""

    thing: str  # its name among the things (``domain.things``)
    most: int = 1


def _reads(here: Here, holds: Links, value: Value, length: int) -> Value | Refused:
    chosen = tuple(dict.fromkeys(filter(None, (value,) if isinstance(value, str) else value)))
    there = all(here.can_link(holds.thing, name) for name in chosen)
    return chosen if there and len(chosen) <= holds.most else Refused("field_link")


def _wrong(holds: Links) -> list[str]:
    return [] if holds.most > 0 else ["it links to nothing"]


KIND = FieldKind(
    "links",
    Links,
    _reads,
    nothing=(),
    boxes=lambda holds: holds.most > 1,
    thing=lambda holds: holds.thing,
    wrong=_wrong,
    refusals={
        "field_link": N_("What was chosen for “{label}” is no longer there, or is too much. Choose again."),
    },
)
