"""How much a field of a command may hold. It is said once, as an annotation of the field.

The annotation decides what the edge refuses, what a form lets people type, and which field names a new
thing. A rule of the domain may allow less than the edge: for example a board's own length, or the days of a
plan.
"""

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, Final, NamedTuple, TypeVar, get_args, get_origin, get_type_hints

import msgspec

T = TypeVar("T")

LARGEST: Final = 2**53 - 1  # what a browser can count exactly


class Text(NamedTuple):
    """Free text. Of ``Words`` it is said of each language."""

    most: int  # graphemes
    lines: bool = False  # may hold several
    needed: bool = False  # empty is refused at the edge; elsewhere a rule says what is missing


class Range(NamedTuple):
    """A whole number."""

    least: int = 0
    most: int = 1_000_000
    judged: bool = False  # by a rule, which says more than the edge can

    def holds(self, number: int) -> bool:
        return self.least <= number <= self.most


class NewId(NamedTuple):
    """The id by which its creator names a new thing."""


class Key(NamedTuple):
    """Under what a mark is given: the id of a thing, or several words and ids with a stroke between them."""


class Zone(NamedTuple):
    """The name of a zone of hours. Which there are, the edge knows: rules compute no hour."""


class Values(NamedTuple):
    """Values by name, or records of such: numbers, what is one of a few, and free text. Which is which, a rule knows."""

    text: Text


Limit = Text | Range | NewId | Key | Zone | Values

New = Annotated[T, NewId()]
TITLE: Final = Text(120)
Title = Annotated[str, TITLE]
Number = Annotated[int, Range(most=LARGEST)]  # of a fact, an op, a life of the store
ZoneName = Annotated[str, Zone()]
Day = Annotated[str, Text(40)]  # ISO, or as a person writes it
Hour = Annotated[str, Text(40)]  # of a day, so too
NAME: Final = Text(40)  # of a person
ADDRESS: Final = Text(254)  # to which mail goes
PLAIN: Final = Range()  # a number of which nothing is said
SOMETHING: Final = Text(120)  # a text of which nothing is said
VALUES: Final = Values(SOMETHING)


@cache
def limits(record: type[msgspec.Struct]) -> Mapping[str, Limit]:
    """What is said of the fields of a command, or of a record inside one."""
    hints = get_type_hints(record, include_extras=True)
    return {name: limit for name, hint in hints.items() if (limit := _said_of(hint)) is not None}


def texts(record: type[msgspec.Struct]) -> dict[str, Text]:
    """The fields that hold free text."""
    return {name: limit for name, limit in limits(record).items() if isinstance(limit, Text)}


def new_id(record: type[msgspec.Struct]) -> str:
    """The field that names the new thing; "" when the command makes none."""
    return next((name for name, limit in limits(record).items() if isinstance(limit, NewId)), "")


def _said_of(hint: Any) -> Limit | None:
    if get_origin(hint) is Annotated:
        return next((said for said in hint.__metadata__ if isinstance(said, Limit)), None)
    return next((said for part in get_args(hint) if (said := _said_of(part)) is not None), None)
