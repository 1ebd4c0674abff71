"""What a sheet is made of, as values. A schema describes each field once, and everything else follows from it.

The schema decides the forms of phone and desk, what the edge refuses, the columns of exports, what an
erasure strikes, and what undo, receipts and votes call such a sheet. None of these knows a schema by its
name.

A schema's name, the names of its fields and the keys of its choices stand in facts, for ever. A schema may
get fields, and labels may change. A field that is dropped stays in the sheets that have it.
"""

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple

from forum.domain.kernel import SheetId
from forum.domain.sheets import fields
from forum.domain.sheets.fields import FieldKind, Value

MOST_SHEETS: Final = 200  # of one schema in one step
MOST_IN_PLAN: Final = 2000  # of one schema in the plan: four for each of its actions
THE_PLAN: Final = SheetId("plan")
"""The id of what lies over the whole forum. No client can choose it: theirs have six signs at least."""


class Field(NamedTuple):
    """One field."""

    name: str
    label: str  # a noun: what it is called where it is read, and in a refusal
    holds: object  # ``Text(200)``, ``Day()`` …: as its kind says (``sheets.fields``)
    needed: bool = False
    asks: str = ""  # the question in the form; "": the label
    hint: str = ""  # what to write, in a few words
    by: Literal["room", "desk"] = "room"  # who writes it
    theirs: bool = True  # of a text: it is its author's, and goes when they ask
    wall: bool = True  # shown on the wall
    numbers: bool = False  # the plan's numbers follow from it too (``plan.numbers``)
    part: str = ""  # of a long form: what the part is called that begins with this field

    @property
    def kind(self) -> FieldKind:
        """What it can hold, and what follows from that."""
        return fields.of(self.holds)

    @property
    def is_words(self) -> bool:
        """Whether it holds what a person said in their own words."""
        return self.kind.words and self.theirs

    @property
    def nothing(self) -> Value:
        return self.kind.nothing


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
    where: Literal["step", "plan", "both"] = "step"
    """In a step of its own, or in the plan, which is no step: sheets of the plan have the step ""."""
    over: str = ""
    """The thing over which such a sheet lies: one for each, with its id, empty until somebody fills in a field. "forum": the
    one over the whole, ``THE_PLAN``."""

    @property
    def heading(self) -> Field:
        return self.fields[0]

    @property
    def links(self) -> tuple[tuple[Field, str], ...]:
        """The fields that link, each with the thing to which it does."""
        linked = ((field, field.kind.thing(field.holds)) for field in self.fields)
        return tuple((field, thing) for field, thing in linked if thing)

    def field(self, name: str) -> Field | None:
        return next((field for field in self.fields if field.name == name), None)

    def titled(self, fields: Mapping[str, Value]) -> str:
        """What a sheet says by itself: its title, or the first words of one that lies over a thing; "" where they were
        erased."""
        if self.over:
            return next(iter(filter(None, self.words_in(fields).values())), "")
        return str(fields.get(self.heading.name, "")) if self.fields else ""

    @property
    def parts(self) -> tuple[tuple[str, tuple[Field, ...]], ...]:
        """The parts of its form: what each is called, and its fields."""
        parts: list[tuple[str, tuple[Field, ...]]] = []
        for field in self.fields:
            if field.part or not parts:
                parts.append((field.part, ()))
            parts[-1] = (parts[-1][0], (*parts[-1][1], field))
        return tuple(parts)

    def words_in(self, fields: Mapping[str, Value]) -> dict[str, str]:
        """Of what a sheet holds, what somebody said in their own words, in the order of the schema.

        A field that this version does not know comes last, and is taken for words.
        """
        known = {field.name: field.is_words for field in self.fields}
        in_order = (*known, *sorted(fields.keys() - known.keys()))
        there = {name: fields[name] for name in in_order if name in fields}
        return {n: v for n, v in there.items() if isinstance(v, str) and known.get(n, True)}
