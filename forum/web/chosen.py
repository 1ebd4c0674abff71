"""Values by name as they come in: numbers within bounds, texts clean. Which of them means what, a rule knows."""

import re
from typing import Any, Final

from forum.domain.kernel import Rejection
from forum.domain.limits import PLAIN, Values
from forum.web import text

RULE: Final = "W1"
NAME: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")


def clean(field: str, value: Any, limit: Values) -> Any:
    """These values, or records of such; why they cannot be taken, else."""
    match value:
        case bool() | None:
            return value
        case int():
            return value if PLAIN.holds(value) else Rejection(RULE, "bad_number", {"field": field})
        case str():
            return text.checked(value, limit.text)
        case dict() if all(NAME.fullmatch(name) for name in value):
            inside = {name: clean(field, part, limit) for name, part in value.items()}
            return next((part for part in inside.values() if isinstance(part, Rejection)), inside)
        case dict():
            return Rejection(RULE, "bad_id", {"field": field})
        case _:
            return Rejection(RULE, "bad_type", {"field": field})
