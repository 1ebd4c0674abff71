"""A kind of field as a value: what a sheet's field can hold, and what follows from that in the rules.

How it is typed and read, its template says (``templates/fields/<name>.html``); its cell and its JSON, ``exports.fields``.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, NamedTuple, Protocol

from forum.domain.limits import SOMETHING, Text

Value = str | tuple[str, ...]
"""What a field holds in facts: text, a choice's key, an ISO date, a number as text, a person's id; ids of things.
"" and () are nothing."""


class Refused(NamedTuple):
    """Why something typed cannot be kept: the code of a refusal, and what its sentence says besides the field's label."""

    code: str
    params: Mapping[str, object] = {}


class Here(Protocol):
    """What a kind of field may ask of the forum in which it is filled in."""

    def days(self) -> tuple[date, date]:
        """The first and the last day that a plan may name now (P6)."""
        ...

    def has_person(self, person: str) -> bool: ...

    def can_link(self, thing: str, name: str) -> bool:
        """Whether this thing stands, and can be read."""
        ...


def _something(holds: Any) -> Text:
    return SOMETHING


def _of_none(holds: Any) -> str:
    return ""


def _no_options(holds: Any) -> tuple[tuple[str, str], ...]:
    return ()


def _no_boxes(holds: Any) -> bool:
    return False


def _nothing_wrong(holds: Any) -> list[str]:
    return []


class FieldKind(NamedTuple):
    """One kind of field. ``holds`` in the signatures is what a schema says of one field of it: a value of that type."""

    name: str
    holds: type[Any]
    reads: Callable[[Here, Any, Value, int], Value | Refused]
    """What was typed, as it is kept; the number is the graphemes of a text, as the edge counted them."""
    typed: Callable[[Any], Text] = _something  # how much may be typed, before any room is asked
    nothing: Value = ""
    words: bool = False  # it holds what somebody said in their own words: an erasure strikes it
    person: bool = False  # it names somebody of the room: their name is typed and shown, their id is kept
    hint: str = ""  # for participants, where a schema gives none
    options: Callable[[Any], tuple[tuple[str, str], ...]] = _no_options  # one of a list: key, label
    thing: Callable[[Any], str] = _of_none  # it holds ids of this thing (``domain.things``); "": of none
    boxes: Callable[[Any], bool] = (
        _no_boxes  # typed by several boxes to tick, which its question stands above
    )
    wrong: Callable[[Any], list[str]] = _nothing_wrong  # why a schema cannot say this of a field
    refusals: Mapping[str, str] = {}
