"""One of a list."""

from typing import NamedTuple

from forum.domain.kernel import N_
from forum.domain.sheets.fields.kind import FieldKind, Here, Refused, Value


class Choice(NamedTuple):
    """One of a list."""

    options: tuple[tuple[str, str], ...]  # key, label


def _reads(here: Here, holds: Choice, value: Value, length: int) -> Value | Refused:
    known = value == "" or value in [key for key, _ in holds.options]
    return value if known else Refused("field_choice")


def _wrong(holds: Choice) -> list[str]:
    keys = [key for key, _ in holds.options]
    apart = bool(keys) and all(keys) and len(set(keys)) == len(keys)
    labelled = all(label for _, label in holds.options)
    return ([] if apart else ["its options are not apart"]) + ([] if labelled else ["an option has no label"])


KIND = FieldKind(
    "choice",
    Choice,
    _reads,
    options=lambda holds: holds.options,
    wrong=_wrong,
    refusals={
        "field_choice": N_("Choose one of the answers offered for “{label}”, then send it again."),
    },
)
