"""What a sheet is made of, as values. A schema describes each field once, and everything else follows from it.

The schema decides the forms of phone and desk, what the edge refuses, the columns of exports, what an
erasure strikes, and what undo, receipts and votes call such a sheet. None of these knows a schema by its
name.

A schema's name, the names of its fields and the keys of its choices stand in facts, for ever. A schema may
get fields, and labels may change. A field that is dropped stays in the sheets that have it.
"""

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple

from forum.domain.limits import Text

Value = str | tuple[str, ...]
"""What a field holds in facts: text, a choice's key, an ISO date, a number as text, a person's id; ids of things.
"" and () are nothing."""

MOST_SHEETS: Final = 200  # of one schema in one step


class Choice(NamedTuple):
    """One of a list."""

    options: tuple[tuple[str, str], ...]  # key, label


class Day(NamedTuple):
    """A day that a plan may name (P6)."""


class Amount(NamedTuple):
    """A number."""

    least: int = 0
    most: int = 1_000_000_000
    places: int = 0  # decimals
    digits: int = 20  # with signs, as it is typed


class Someone(NamedTuple):
    """A person of the room, typed as a name."""


class Links(NamedTuple):
    """Things of one kind, by their ids."""

    thing: str  # its name among the things (``domain.things``)
    most: int = 1


Holds = Text | Choice | Day | Amount | Someone | Links


class Field(NamedTuple):
    """One field."""

    name: str
    label: str  # a noun: what it is called where it is read, and in a refusal
    holds: Holds
    needed: bool = False
    asks: str = ""  # the question in the form; "": the label
    hint: str = ""  # what to write, in a few words
    by: Literal["room", "desk"] = "room"  # who writes it
    theirs: bool = True  # of a text: it is its author's, and goes when they ask
    wall: bool = True  # shown on the wall

    @property
    def kind(self) -> str:
        """The name under which templates know what it holds."""
        return type(self.holds).__name__.lower()

    @property
    def is_words(self) -> bool:
        """Whether it holds what a person said in their own words."""
        return isinstance(self.holds, Text) and self.theirs

    @property
    def nothing(self) -> Value:
        return () if isinstance(self.holds, Links) else ""


class Schema(NamedTuple):
    """One kind of sheet. The first field is its title."""

    name: str  # in the singular; no thing has it already
    title: str  # what a step is called in which such sheets are written, and a list of them
    write: str  # what one presses to write one
    yours: str  # one's own, on a receipt
    made: str  # what somebody did who wrote one, after their name; so the next two
    edited: str
    removed: str
    worked_on: str  # a later step works on those of %(steps)s
    fields: tuple[Field, ...]
    shared: bool = False  # while its step is open everybody changes each; else only who wrote it

    @property
    def heading(self) -> Field:
        return self.fields[0]

    @property
    def links(self) -> tuple[tuple[Field, Links], ...]:
        return tuple((field, field.holds) for field in self.fields if isinstance(field.holds, Links))

    def field(self, name: str) -> Field | None:
        return next((field for field in self.fields if field.name == name), None)

    def titled(self, fields: Mapping[str, Value]) -> str:
        """What a sheet says by itself: its title; "" where that was erased."""
        return str(fields.get(self.heading.name, "")) if self.fields else ""

    def words_in(self, fields: Mapping[str, Value]) -> dict[str, str]:
        """Of what a sheet holds, what somebody said in their own words, in the order of the schema.

        A field that this version does not know comes last, and is taken for words.
        """
        known = {field.name: field.is_words for field in self.fields}
        in_order = (*known, *sorted(fields.keys() - known.keys()))
        there = {name: fields[name] for name in in_order if name in fields}
        return {n: v for n, v in there.items() if isinstance(v, str) and known.get(n, True)}
