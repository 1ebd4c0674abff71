"""Words of somebody's own, of one line or several."""

from forum.domain.kernel import N_
from forum.domain.limits import Text
from forum.domain.sheets.fields.kind import FieldKind, Here, Refused, Value

MOST = 2000  # characters that fit into a fact


def _reads(here: Here, holds: Text, value: Value, length: int) -> Value | Refused:
    if not isinstance(value, str):
        return Refused("no_field")
    count = length or len(value)
    return Refused("field_too_long", {"count": count, "limit": holds.most}) if count > holds.most else value


def _typed(holds: Text) -> Text:
    return holds._replace(needed=False)  # H2 says what is missing


def _wrong(holds: Text) -> list[str]:
    return [] if 0 < holds.most <= MOST else [f"{holds.most} characters do not fit into a fact"]


KIND = FieldKind(
    "text",
    Text,
    _reads,
    typed=_typed,
    words=True,
    wrong=_wrong,
    refusals={
        "field_too_long": N_(
            "“{label}” has {count} characters, {over} more than the {limit} allowed. Shorten it, then "
            "send it again."
        ),
    },
)
