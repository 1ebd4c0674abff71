"""What the other sheets of our workbook say of a plan: its indicators with their values, and its budget, planned and spent.

A line is known by its *Sheet ID*, else by its action and its title; other lines are new. What several lines of one indicator
say of it counts once. The rules for what the room changed meanwhile, and for lines that are gone, are those of the plan.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Any, Final, NamedTuple

from forum.domain.kernel import N_, NOBODY, ActionId, SheetId, StepId
from forum.domain.limits import Text
from forum.domain.plan import numbers
from forum.domain.plan.reading import HELD_BY
from forum.domain.sheets.budget_line import BUDGET_LINE
from forum.domain.sheets.fields import Amount, Choice, Day, Value
from forum.domain.sheets.indicator import INDICATOR
from forum.domain.sheets.objective import OBJECTIVE
from forum.domain.sheets.record import Sheet, Wrote
from forum.domain.sheets.schema import Schema
from forum.domain.sheets.words import EditSheet, MakeSheet, RemoveSheet
from forum.domain.spelling import plain
from forum.domain.state import State
from forum.exports import depths
from forum.imports import plan_fields, values
from forum.imports.book import Page, Row, letter
from forum.imports.columns import bare, names
from forum.imports.plan_fields import Reads, Words
from forum.imports.plan_line import CHANGES, CONFLICT, EMPTIES, SAYS, Told
from forum.imports.plan_related import Known
from forum.imports.values import Wrong
from forum.imports.wishes import Asking, Problem, Wish
from forum.language import LANGUAGES, Reader

SERIES: Final = "values"  # the field that holds a number for each of several days
NO_PARENT: Final = N_("No action of the plan has this code or this title.")
NO_DAY_OF_VALUE: Final = N_("Write the day on which this was measured.")
DIFFERS: Final = N_("The lines of “{title}” say different things here. Write the same in each.")
GONE: Final = N_("Remove “{now}”, which the table no longer has")
IN: Final = {
    SAYS: N_("“{title}”, {label}: {now}"),
    CHANGES: N_("“{title}”, {label}: “{now}” instead of “{was}”"),
    EMPTIES: N_("“{title}”, {label}: nothing instead of “{was}”"),
    CONFLICT: N_("“{title}”, {label}: “{now}”. Changed in the room meanwhile: “{was}”"),
}
"""What is said of a field, with the title of what has it."""


class Part(NamedTuple):
    """One of these sheets."""

    schema: Schema
    title: str
    columns: tuple[tuple[str, str], ...]  # the field that each holds, and what heads it


PARTS: Final = (
    Part(INDICATOR, depths.INDICATORS, depths.OF_INDICATOR),
    Part(BUDGET_LINE, depths.BUDGET, depths.OF_BUDGET),
)
CODE, PARENT, ID, DAY, VALUE = "code", "parent", "id", "day", "value"
OTHERS: Final = {
    CODE: (depths.CODE,), PARENT: (depths.ACTION, depths.GOAL_OR_ACTION), ID: (depths.ID,), DAY: (depths.MEASURED,),
    VALUE: (depths.VALUE,),
}  # fmt: skip


class Kept(NamedTuple):
    """How one kind of field stands in a cell."""

    reads: Callable[[Any], Reads]  # by what the schema says that it holds
    words: Callable[[Any], Words] = lambda holds: lambda held, reader: held


KEPT: Final[dict[type, Kept]] = {
    Text: Kept(lambda holds: lambda cell, reader: values.line(cell)),
    Choice: Kept(
        lambda holds: plan_fields.one_of(holds.options, {}), lambda holds: plan_fields.label(holds.options)
    ),
    Day: Kept(lambda holds: plan_fields.day, lambda holds: plan_fields.as_day),
    Amount: Kept(lambda holds: plan_fields.number),
}
"""By what the schema says that a field holds."""


def wishes(state: State, told: Told, known: Known) -> Asking:
    """What every one of these sheets asks for that the workbook has beside the plan."""
    for page in told.beside:
        part = next((one for one in PARTS if bare(page.name) in _called(one.title)), None)
        if part and page.rows:
            yield from _Reading(state, told, known, part, page).every()


@cache
def _called(*said: str) -> frozenset[str]:
    return names(*(Reader(lang).say(one) for lang in LANGUAGES for one in said))


class _Reading:
    """One reading of such a sheet."""

    def __init__(self, state: State, told: Told, known: Known, part: Part, page: Page) -> None:
        self._state, self._told, self._known, self._part, self._page = state, told, known, part, page
        headings = {bare(cell): n for n, cell in reversed(list(enumerate(page.rows[0].cells)))}
        every = {field: (words,) for field, words in part.columns} | OTHERS
        found = {key: [headings[n] for n in _called(*said) if n in headings] for key, said in every.items()}
        self._at = {key: min(columns) for key, columns in found.items() if columns}
        goals = numbers.written(state, OBJECTIVE.name)
        self._goals = {plain(str(goal.fields.get("title", ""))): goal.id for goal in goals}
        actions = set(known.by_code.values())
        self._there = {
            sheet.id: sheet
            for sheet in numbers.written(state, part.schema.name)
            if actions & {*map(ActionId, sheet.fields.get(HELD_BY, ()))} or sheet.fields.get(OBJECTIVE.name)
        }
        self._met: set[SheetId] = set()

    def every(self) -> Asking:
        if "title" not in self._at:
            return
        by_one: dict[object, list[Row]] = {}
        for row in self._page.rows[1:]:
            named = (plain(self._cell(row, PARENT)), self._cell(row, CODE), plain(self._cell(row, "title")))
            by_one.setdefault(self._cell(row, ID) or (*named, self._cell(row, "year")), []).append(row)
        for rows in by_one.values():
            if self._cell(rows[0], "title"):
                yield from self._one(rows)
        if ID in self._at:
            yield from self._gone()

    def _cell(self, row: Row, key: str) -> str:
        return row.at(self._at[key]) if key in self._at else ""

    def _one(self, rows: list[Row]) -> Asking:
        """An indicator or a budget line, with all the lines that tell of it."""
        first = rows[0]
        sheet = self._there.get(SheetId(self._cell(first, ID))) or self._same(first)
        said = dict[str, str]()
        for read in self._read(rows, sheet):
            if isinstance(read, Problem):
                yield read
            else:
                said[read[0]] = read[1]
        if sheet is None:
            yield from self._new(first, said)
        else:
            self._met.add(sheet.id)
            yield from (self._changed(first, sheet, field, now) for field, now in said.items())

    def _same(self, row: Row) -> Sheet | None:
        """What is called so already, of the same action."""
        parent, title = self._parent(row), plain(values.line(self._cell(row, "title")))
        held = {name for some in parent.values() for name in some}
        return next(
            (
                one
                for one in self._there.values()
                if one.id not in self._met
                and plain(str(one.fields.get("title", ""))) == title
                and str(one.fields.get("year", "")) == self._cell(row, "year")
                and held & {*one.fields.get(HELD_BY, ()), *one.fields.get(OBJECTIVE.name, ())}
            ),
            None,
        )

    def _parent(self, row: Row) -> dict[str, Value]:
        """To what it belongs: an action, or an objective."""
        code, title = self._cell(row, CODE), self._cell(row, PARENT)
        action = self._known.found(title) or self._known.found(code)
        goal = self._goals.get(plain(title))
        return {HELD_BY: (action,)} if action else {OBJECTIVE.name: (goal,)} if goal else {}

    # --- what the lines say

    def _read(self, rows: list[Row], sheet: Sheet | None) -> Iterator[tuple[str, str] | Problem]:
        """Each field that would be otherwise, as it is kept."""
        for name in (field for field, _ in self._part.columns if field in self._at):
            stands = str(sheet.fields.get(name, "")) if sheet else ""
            others = dict[str, Row]()
            for row in rows:
                said = self._kept(name).reads(self._cell(row, name), self._told.reader)
                if isinstance(said, Wrong):
                    yield self._problem(row, name, said.why, **said.params)
                elif said != stands:
                    others.setdefault(said, row)
            if len(others) > 1:
                title = self._cell(rows[0], "title")
                yield self._problem(list(others.values())[1], name, DIFFERS, title=title)
            elif others:
                yield name, next(iter(others))
        if DAY in self._at and VALUE in self._at:
            yield from self._series(rows, sheet)

    def _series(self, rows: Iterable[Row], sheet: Sheet | None) -> Iterator[tuple[str, str] | Problem]:
        points, whole = dict[str, str](), True
        for row in rows:
            day, number = values.day(self._cell(row, DAY)), values.number(self._cell(row, VALUE))
            if isinstance(day, Wrong) or isinstance(number, Wrong):
                wrong, key = (day, DAY) if isinstance(day, Wrong) else (number, VALUE)
                yield self._problem(row, key, wrong.why, **wrong.params)  # type: ignore[union-attr]
                whole = False
            elif number and not day:
                yield self._problem(row, VALUE, NO_DAY_OF_VALUE)
                whole = False
            elif number:
                points[day] = number
        now = "\n".join(f"{day}: {points[day]}" for day in sorted(points))
        if whole and now != _points(sheet):
            yield SERIES, now

    def _kept(self, name: str) -> "_InCell":
        return _in_cell(self._part.schema.name, name)

    def _problem(self, row: Row, key: str, why: str, **params: object) -> Problem:
        at = self._at[key]
        return Problem(row.number, letter(at), row.at(at), why, params, self._page.name)

    # --- what comes of it

    def _new(self, row: Row, said: Mapping[str, str]) -> Asking:
        schema, parent = self._part.schema, self._parent(row)
        if not parent:
            yield self._problem(row, "title", NO_PARENT)
            return
        name = SheetId(self._told.new_id(schema.name.replace("_", "-"), row.number))
        command = MakeSheet(name, schema.name, StepId(""), {**said, **parent})
        params = {"label": schema.write, "now": said.get("title", "")}
        key, column = f"{schema.name}-{row.number}", letter(self._at["title"])
        ticked = SheetId(self._cell(row, ID)) not in self._state.sheets.by_id  # else the room removed it
        found, page = self._cell(row, "title"), self._page.name
        yield Wish(key, row.number, column, found, command, SAYS, params, ticked, page)

    def _changed(self, row: Row, sheet: Sheet, field: str, now: str) -> Wish:
        was = _points(sheet) if field == SERIES else str(sheet.fields.get(field, ""))
        does, ticked = self._told.changes(now, was, sheet.wrote.get(field, Wrote(NOBODY, 0)).seq)
        words = (lambda held, reader: held) if field == SERIES else self._kept(field).words
        column = letter(self._at[VALUE if field == SERIES else field])
        label = next(one.label for one in self._part.schema.fields if one.name == field)
        params = {
            "title": str(sheet.fields.get("title", "")), "label": label,
            "now": words(now, self._told.reader), "was": words(was, self._told.reader),
        }  # fmt: skip
        command = EditSheet(sheet.id, sheet.schema, {field: now})
        key = f"{sheet.schema}-{row.number}-{field}"
        return Wish(
            key, row.number, column, params["now"], command, IN[does], params, ticked, self._page.name
        )

    def _gone(self) -> Asking:
        for sheet in self._there.values():
            later = bool(self._told.since) and sheet.rev > self._told.since
            if sheet.id not in self._met and not later:
                params = {"now": str(sheet.fields.get("title", ""))}
                command = RemoveSheet(sheet.id)
                key = f"gone-{sheet.id}"
                yield Wish(key, 0, "", params["now"], command, GONE, params, False, self._page.name)


class _InCell(NamedTuple):
    reads: Reads
    words: Words


@cache
def _in_cell(schema: str, name: str) -> _InCell:
    """How a field of a schema stands in a cell."""
    of = next(one.schema for one in PARTS if one.schema.name == schema)
    field = next(one for one in of.fields if one.name == name)
    kept = KEPT[type(field.holds)]
    return _InCell(kept.reads(field.holds), kept.words(field.holds))


def _points(sheet: Sheet | None) -> str:
    """The values that an indicator has, as they are typed."""
    held = sheet.fields.get(SERIES, ()) if sheet else ()
    return "\n".join(point.replace(" ", ": ", 1) for point in held)
