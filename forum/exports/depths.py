"""The sheets of the workbook that a plan has which is written in depth: indicators, budget, roles. None where nothing is there."""

from collections.abc import Iterator
from typing import Final

from forum.domain import spelling
from forum.domain.kernel import N_
from forum.domain.plan.rows import ActionLine, BudgetLine, Indicator, Whole
from forum.domain.plan.whole import said
from forum.exports.fields import as_day
from forum.exports.lines import Line, goals, held, lines
from forum.exports.page import Page
from forum.exports.tables import Row
from forum.exports.told import Archive
from forum.language import Reader

CODE, ACTION, GOAL_OR_ACTION, ID = (
    N_("Code"), N_("Action"), N_("Objective or action"), N_("Sheet ID"),
)  # fmt: skip
INDICATORS, BUDGET = N_("Indicators"), N_("Budget")
OF_INDICATOR: Final = (
    ("title", N_("Indicator")), ("sort", N_("Kind")), ("unit", N_("Unit")), ("baseline", N_("Baseline")),
    ("target", N_("Target")), ("due", N_("Target by")),
)  # fmt: skip
MEASURED, VALUE = N_("Measured on"), N_("Value")
OF_BUDGET: Final = (
    ("title", N_("What")), ("year", N_("Year")), ("nature", N_("Nature")), ("unit", N_("Unit")),
    ("planned", N_("Planned")), ("actual", N_("Spent")), ("funder", N_("Funder")), ("funding", N_("Funding")),
)  # fmt: skip
"""The fields that these sheets have, each with what heads its column: ``imports`` reads them back."""


def pages(told: Archive, whole: Whole, reader: Reader) -> Iterator[Page]:
    """Each that has a row."""
    all_ = tuple(lines(told, whole, reader))
    for page in (
        _indicators(all_, whole, reader),
        _budget(all_, reader),
        totals(whole, reader),
        _roles(all_, reader),
    ):
        if page.rows:
            yield page


def _indicators(all_: tuple[Line, ...], whole: Whole, reader: Reader) -> Page:
    """A row for each indicator and each of its values; one without a value has a row too. Those of objectives come first."""
    say, rows = reader.say, list[Row]()
    of_goals = [(goal.code, goal.title, one) for goal in goals(whole) for one in goal.indicators]
    of_actions = [
        (line.action.code, line.action.title, one) for line in all_ for one in line.action.indicators
    ]
    for code, title, one in (*of_goals, *of_actions):
        for point in one.values or (None,):
            day, number = (as_day(point.day), point.number) if point else (None, None)
            rows.append([code, title, *_indicator(one, reader), day, number, one.id])
    what = GOAL_OR_ACTION if of_goals else ACTION
    headings = list(map(say, (CODE, what, *(words for _, words in OF_INDICATOR), MEASURED, VALUE, ID)))
    return Page(say(INDICATORS), headings, rows, frozen=3, days=[7, 8])


def _indicator(one: Indicator, reader: Reader) -> Row:
    sort = said("indicator", "sort", one.sort)
    return [one.title, reader.say(sort) if sort else "", one.unit, one.baseline, one.target, as_day(one.due)]


def _budget(all_: tuple[Line, ...], reader: Reader) -> Page:
    say = reader.say
    rows = [_spent(line, one) for line in all_ for one in line.action.lines]
    headings = list(map(say, (CODE, ACTION, *(words for _, words in OF_BUDGET), ID)))
    return Page(say(BUDGET), headings, rows, frozen=2)


def _spent(line: Line, one: BudgetLine) -> Row:
    nature, unit, funding = (
        line.word("budget_line", field, key)
        for field, key in (("nature", one.nature), ("unit", one.unit), ("funding", one.funding))
    )
    return [
        line.action.code, line.action.title, one.title, str(one.year or ""), nature, unit, one.planned, one.actual, one.funder, funding,
        one.id,
    ]  # fmt: skip


def totals(whole: Whole, reader: Reader) -> Page:
    """By axis, year, nature and unit: never added up over units."""
    say, titles = reader.say, {axis.number: axis.title for axis in whole.axes}
    rows: list[Row] = [
        [
            f"{one.axis} – {titles[one.axis]}", str(one.year or ""), _word(reader, "nature", one.nature), _word(reader, "unit", one.unit),
            one.planned, one.actual,
        ]
        for one in whole.totals
    ]  # fmt: skip
    headings = [say("Axis"), say("Year"), say("Nature"), say("Unit"), say("Planned"), say("Spent")]
    return Page(say("Budget by axis"), headings, rows, frozen=1)


def _word(reader: Reader, field: str, key: str) -> str:
    found = said("budget_line", field, key)
    return reader.say(found) if found else ""


def _roles(all_: tuple[Line, ...], reader: Reader) -> Page:
    """Actions by people and organisations, with the letters of RACI."""
    say = reader.say
    found = [(line, _letters(line.action)) for line in all_]
    names = sorted({name for _, letters in found for name in letters}, key=spelling.order)
    rows: list[Row] = [
        [line.action.code, line.action.title, *(letters.get(name, "") for name in names)]
        for line, letters in found
        if letters
    ]
    marks = frozenset(range(2, 2 + len(names)))
    return Page(say("RACI"), [say("Code"), say("Action"), *names], rows, frozen=2, wide=True, marks=marks)


def _letters(action: ActionLine) -> dict[str, str]:
    letters: dict[str, str] = {}
    for key, names in held(action):
        for name in filter(None, names):
            letters[name] = letters.get(name, "") + key
    return letters
