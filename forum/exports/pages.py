"""What each sheet of the workbook says, as plain rows. Pure. A column in which no row says anything is left out.

Nothing here is secret that the archive does not tell; no sheet has an id that joins people, cards and ballots.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from importlib.metadata import version
from typing import Final, NamedTuple

from forum.domain.kernel import N_
from forum.domain.plan.rows import ActionLine, Related, Whole
from forum.domain.plan.whole import said
from forum.domain.sheets import in_steps
from forum.domain.sheets.action_sheet import PRIORITIES, STATUSES
from forum.domain.sheets.ambition import WHOLE
from forum.domain.steps.themes import letter
from forum.exports import depths, tables
from forum.exports import lines as told_as
from forum.exports.archive import in_lang
from forum.exports.audience import names, written_for
from forum.exports.endings import ended_so
from forum.exports.fields import Cell, as_day
from forum.exports.lines import Line, lines
from forum.exports.page import Page
from forum.exports.tables import Row, gap_words
from forum.exports.told import Archive
from forum.language import Reader

MONTHS_SHOWN: Final = 18  # a calendar of months is read up to here; beyond, quarters are
QUARTERS_SHOWN: Final = 40
MARK: Final = "■"


class Column(NamedTuple):
    """One column of the sheet of the plan."""

    section: str
    heading: str
    cell: Callable[[Line], Cell]
    always: bool = False  # also where no action says anything
    deep: bool = False  # likewise, where the plan is written in depth
    day: bool = False
    width: int = 0  # characters; 0: as wide as what it says
    choices: Sequence[tuple[str, str]] = ()  # of which one is said: key, words
    named: Mapping[str, object] = {}  # what its heading says besides


WHAT: Final = N_("What is done")
WHO: Final = N_("Who does it")
WHEN: Final = N_("When, and with what")
FOLLOWED: Final = N_("What comes of it")
FROM: Final = N_("Where it comes from")


def _above(line: Line, above: Related | None) -> Cell:
    return f"{above.code} – {above.title}" if above else ""


def _late(line: Line) -> Cell:
    return line.reader.say("yes") if told_as.is_late(line) else ""


def _gaps(line: Line) -> Cell:
    return ", ".join(gap_words(line.reader, gap) for gap in line.action.gaps)


def _funders(line: Line) -> Cell:
    return _lines(told_as.funder(line, one) for one in line.action.lines if one.funder or one.funding)


def _roles(line: Line) -> Cell:
    return _lines(told_as.labelled(line.reader, key, names) for key, names in told_as.roles(line))


BEFORE: Final[tuple[Column, ...]] = (
    Column(WHAT, N_("Code"), lambda line: line.action.code, always=True),
    Column(WHAT, N_("Axis"), lambda line: _above(line, line.action.axis), always=True, width=22),
    Column(WHAT, N_("Strategic objective"), lambda line: _above(line, line.action.strategic), width=22),
    Column(WHAT, N_("Operational objective"), lambda line: _above(line, line.action.operational), width=22),
    Column(WHAT, N_("Action"), lambda line: line.action.title, always=True),
    Column(WHAT, N_("Context"), lambda line: line.action.context),
    Column(WHAT, N_("Description"), lambda line: line.action.description),
    Column(WHAT, N_("Target groups"), lambda line: _lines(line.action.publics)),
    Column(WHO, N_("Lead organisation"), lambda line: line.action.lead_org),
    Column(WHO, N_("Pilot"), told_as.pilot, always=True),
    Column(WHO, N_("Proposed as pilot"), told_as.offers),
    Column(WHO, N_("Partners"), lambda line: _lines(told_as.partners(line))),
    Column(WHO, N_("Roles (RACI)"), _roles),
    Column(
        WHO,
        N_("Commitments"),
        lambda line: _lines(told_as.promised(line.reader, p) for p in line.action.promises),
    ),
    Column(
        WHEN,
        N_("Status"),
        lambda line: line.word("action_sheet", "status", line.action.status),
        deep=True,
        choices=STATUSES,
    ),
    Column(WHEN, N_("Late"), _late),
    Column(
        WHEN,
        N_("Priority"),
        lambda line: line.word("action_sheet", "priority", line.action.priority),
        deep=True,
        choices=PRIORITIES,
    ),
    Column(WHEN, N_("Progress (%)"), lambda line: line.action.progress, deep=True),
    Column(WHEN, N_("First step"), lambda line: line.action.first_step, always=True),
    Column(WHEN, N_("First step by"), lambda line: as_day(line.action.first_step_due), day=True),
    Column(
        WHEN,
        N_("Milestones"),
        lambda line: _lines(told_as.due(line.reader, m) for m in line.action.milestones),
    ),
    Column(WHEN, N_("Begins on"), lambda line: as_day(line.action.start), day=True),
    Column(WHEN, N_("Due"), lambda line: as_day(line.action.due), always=True, day=True),
    Column(
        WHEN, N_("Years"), lambda line: "; ".join(map(str, line.action.years)) if line.action.start else ""
    ),
    Column(WHEN, N_("Human resources (FTE)"), lambda line: line.action.fte),
    Column(WHEN, N_("Material resources"), lambda line: _lines(line.action.resources)),
    Column(WHEN, N_("Budget"), lambda line: line.action.budget),
)
AFTER: Final[tuple[Column, ...]] = (
    Column(WHEN, N_("Funders"), _funders),
    Column(WHEN, N_("To complete"), _gaps),
    Column(WHEN, N_("Reason given at the end"), lambda line: tables.reason(line.told, line.action)),
    Column(FOLLOWED, N_("Expected results"), lambda line: _lines(line.action.results)),
    Column(
        FOLLOWED,
        N_("Indicators"),
        lambda line: _lines(told_as.target(line.reader, one) for one in line.action.indicators),
    ),
    Column(FOLLOWED, N_("Follow-up note"), lambda line: line.action.note),
    Column(FOLLOWED, N_("Watch points"), lambda line: _lines(line.action.watch)),
    Column(FOLLOWED, N_("Related actions"), lambda line: "; ".join(one.code for one in line.action.related)),
    Column(FOLLOWED, N_("Documents and links"), lambda line: _lines(line.action.documents)),
    Column(FROM, N_("Where it comes from"), lambda line: _lines(told_as.origin(line))),
    Column(FROM, N_("Action ID"), lambda line: line.action.id, always=True),
)


def pages(told: Archive, whole: Whole, reader: Reader) -> Iterator[Page]:
    """Every sheet that has something to say, the plan first."""
    say = reader.say
    yield _plan(told, whole, reader)
    yield _axes(told, whole, reader)
    yield from _calendar(told, whole, reader)
    yield from depths.pages(told, whole, reader)
    yield from _table(told, reader, say("Commitments"), tables.commitments)
    for schema in in_steps():
        yield from _table(told, reader, say(schema.title), tables.sheets(schema))
    yield from _table(told, reader, say("Cards"), tables.ideas)
    yield from _table(told, reader, say("Votes"), tables.votes)
    yield from _people(told, reader)
    yield _read_me(told, reader)


def _money(whole: Whole) -> Iterator[Column]:
    """What is planned by year, in all, and what is spent, of each unit that is euros."""
    known = [line for action in whole.actions for line in action.lines]
    for unit in (one for one in told_as.MONEY if any(line.unit == one for line in known)):
        for year in sorted({line.year for line in known if line.unit == unit and line.year}):
            named: dict[str, object] = {"year": year, "unit": unit}
            yield Column(
                WHEN, N_("Planned {year} ({unit})"), _sum("planned", unit, year), width=12, named=named
            )
        yield _in_all(unit)
        yield Column(WHEN, N_("Spent ({unit})"), _sum("actual", unit), width=12, named={"unit": unit})


def _in_all(unit: str) -> Column:
    return Column(WHEN, N_("Planned in all ({unit})"), _sum("planned", unit), width=12, named={"unit": unit})


def _sum(what: str, unit: str, year: int | None = None) -> Callable[[Line], Cell]:
    def cell(line: Line) -> Cell:
        held = [
            getattr(one, what)
            for one in line.action.lines
            if one.unit == unit and (year is None or one.year == year)
        ]
        filled = [value for value in held if value is not None]
        return sum(filled, start=Decimal()) if filled else None

    return cell


def columns(told: Archive, whole: Whole, reader: Reader) -> list[tuple[Column, list[Cell]]]:
    """The columns of the plan that say something, or always stand there, with a cell for each action."""
    all_ = tuple(lines(told, whole, reader))
    found = [(column, [column.cell(line) for line in all_]) for column in (*BEFORE, *_money(whole), *AFTER)]
    deep = whole.depth == WHOLE
    return [
        (column, cells)
        for column, cells in found
        if column.always or (column.deep and deep) or any(cell not in ("", None) for cell in cells)
    ]


def _plan(told: Archive, whole: Whole, reader: Reader) -> Page:
    shown = columns(told, whole, reader)
    sections: dict[str, int] = {}
    for column, _ in shown:
        sections[column.section] = sections.get(column.section, 0) + 1
    return Page(
        title=reader.say("Plan"),
        headings=[heading(column, reader) for column, _ in shown],
        rows=[list(row) for row in zip(*(cells for _, cells in shown), strict=True)],
        sections=[(reader.say(section), wide) for section, wide in sections.items()],
        frozen=2,
        wide=True,
        widths={number: column.width for number, (column, _) in enumerate(shown) if column.width},
        days=[number for number, (column, _) in enumerate(shown) if column.day],
        choices={
            number: [reader.say(words) for _, words in column.choices]
            for number, (column, _) in enumerate(shown)
            if column.choices
        },
    )


def heading(column: Column, reader: Reader) -> str:
    """What stands above it."""
    named = dict(column.named)
    if "unit" in named:
        named["unit"] = reader.say(said("budget_line", "unit", str(named["unit"])))
    return reader.say(column.heading, **named)


def _axes(told: Archive, whole: Whole, reader: Reader) -> Page:
    """An axis a line, and all of them below: counted, how much of it is done, what it is to cost."""
    say = reader.say
    axes = [(axis.number, axis.title, axis.actions, axis.goals, axis.themes) for axis in whole.axes]
    of_each = [*(actions for _, _, actions, _, _ in axes), whole.actions]
    known = {line.unit for action in whole.actions for line in action.lines}
    counted: list[tuple[str, list[Cell]]] = [
        (say("Actions"), [len(actions) for actions in of_each]),
        (say("Complete sheets"), [sum(not one.gaps for one in actions) for actions in of_each]),
        (say("Done"), [sum(one.status == "done" for one in actions) for actions in of_each]),
        (say("Commitments"), [sum(len(one.promises) for one in actions) for actions in of_each]),
        *([(say("Done (%)"), list(map(_share_done, of_each)))] if told_as.is_deep(whole) else []),
        *(
            (heading(_in_all(unit), reader), [_planned(actions, unit) for actions in of_each])
            for unit in told_as.MONEY
            if unit in known
        ),
    ]
    rows: list[Row] = [
        [number, title, *(cells[at] for _, cells in counted)] for at, (number, title, *_) in enumerate(axes)
    ]
    for row, (_, _, _, goals, themes) in zip(rows, axes, strict=True):
        row.append(_lines(f"{goal.code} – {goal.title}" for goal in goals))
        row.append(_lines(f"{letter(one.number)} – {one.title}" for one in themes if not one.removed))
    headings = [
        say("Number"),
        say("Axis"),
        *(title for title, _ in counted),
        say("Objectives"),
        say("Themes it comes from"),
    ]
    total: Row = ["", say("Total"), *(cells[-1] for _, cells in counted), "", ""]
    if not any(row[-2] for row in rows):
        headings, total = [*headings[:-2], headings[-1]], total[:-1]
        rows = [[*row[:-2], row[-1]] for row in rows]
    return Page(say("Axes"), headings, rows, total=total, frozen=2)


def _share_done(actions: Sequence[ActionLine]) -> Cell:
    """In per cent of those that were not dropped; nothing where there are none."""
    stand = [one for one in actions if one.status != "dropped"]
    return round(100 * sum(one.status == "done" for one in stand) / len(stand)) if stand else None


def _planned(actions: Iterable[ActionLine], unit: str) -> Cell:
    lines = [one.planned for action in actions for one in action.lines if one.unit == unit]
    return sum(filter(None, lines), start=Decimal())


def _calendar(told: Archive, whole: Whole, reader: Reader) -> Iterator[Page]:
    """Actions by months or quarters: a mark that is read without its colour."""
    spans = [(line, *span) for line in lines(told, whole, reader) if (span := _span(line.action))]
    if not spans:
        return
    first, last = min(s[1] for s in spans), max(s[2] for s in spans)
    each = 1 if _number(last) - _number(first) < MONTHS_SHOWN else 3
    begun = _number(first) // each
    shown = range(begun, min(_number(last) // each, begun + QUARTERS_SHOWN) + 1)
    say = reader.say
    rows: list[Row] = [
        [
            line.action.code,
            line.action.title,
            told_as.pilot(line),
            as_day(line.action.due),
            *(MARK if _number(start) // each <= n <= _number(end) // each else "" for n in shown),
        ]
        for line, start, end in spans
    ]
    headings = [
        say("Code"),
        say("Action"),
        say("Pilot"),
        say("Due"),
        *(_period(n, each, reader) for n in shown),
    ]
    marks = range(4, 4 + len(shown))
    widths = dict.fromkeys(marks, 8) | {1: 44}
    yield Page(say("Calendar"), headings, rows, frozen=2, wide=True, marks=frozenset(marks), widths=widths)


def _span(action: ActionLine) -> tuple[date, date] | None:
    """From when to when an action is known to go on."""
    days = (action.start, action.first_step_due, action.due)
    known = sorted(day for iso in days if (day := as_day(iso)))
    return (known[0], known[-1]) if known else None


def _number(day: date) -> int:
    return day.year * 12 + day.month - 1


def _period(number: int, each: int, reader: Reader) -> str:
    if each == 1:
        return reader.month(number // 12, number % 12 + 1)
    return reader.say("Q{quarter} {year}", quarter=number % 4 + 1, year=number // 4)


def _table(told: Archive, reader: Reader, title: str, table: tables.Table) -> Iterator[Page]:
    """A table of the exports as a sheet, where it has a row."""
    headings, *rows = table(told, reader)
    if not rows:
        return
    empty = {n for n in range(len(headings)) if not any(row[n] not in (None, "") for row in rows)}
    kept = [n for n in range(len(headings)) if n not in empty]
    shown = [[row[n] for n in kept] for row in rows]
    days = [new for new, n in enumerate(kept) if any(isinstance(row[n], date) for row in rows)]
    yield Page(title, [str(headings[n]) for n in kept], shown, days=days)


def _people(told: Archive, reader: Reader) -> Iterator[Page]:
    """Who was there, counted: by session, by where they come from. Nobody is named."""
    say, rows = reader.say, list[Row]()
    for session in told.sessions:
        if session.begun_at:
            title = in_lang(session.title, reader.lang) or say("First session")
            rows.append(
                [say("Session"), title, as_day(session.date), session.expected, session.present or None]
            )
    for category in told.categories:
        rows.append([say("Category"), in_lang(category.title, reader.lang), None, None, category.people])
    for one in told.organisations:
        name = one.name or say("without a name")
        rows.append([say("Organisation"), name, None, None, one.people])
    if rows:
        headings = [say("What"), say("Name"), say("Day"), say("Expected"), say("People")]
        yield Page(say("Participation"), headings, rows, days=[2])


def _read_me(told: Archive, reader: Reader) -> Page:
    forum, say = told.forum, reader.say
    rows: list[Row] = [
        [say("Forum"), forum.title],
        [say("Question"), forum.question],
        [say("Code"), forum.code],
        [say("Opened"), _at(reader, forum.opened_at)],
        [say("As of"), _at(reader, forum.at)],
        [say("Hours of"), reader.place],
        [say("Journal"), say("entry {seq}, chain {chain}", seq=forum.seq, chain=forum.chain)],
        [say("People"), str(forum.people)],
        [say("Actions"), str(sum(len(axis.actions) for axis in told.plan))],
        [say("Commitments"), str(len(told.commitments))],
        [say("Cards"), str(len(told.ideas))],
        [say("For whom"), written_for(told, reader)],
        [say("Names"), names(told, reader) if told.commitments else ""],
        [say("Made by"), f"Forum {version('forum')}"],
        [say("Pilot"), say("who sees to it that an action happens")],
        [say("To complete"), say("what an action still lacks: a pilot, a day, or a first step")],
        [say("Commitment"), say("a first step promised in public, with a date")],
    ]
    rows += [[say("Reason given at the end"), words] for words in ended_so(told, reader)]
    return Page(say("Read me"), [say("What"), say("Says")], rows, table=False, widths={0: 22, 1: 80})


def _at(reader: Reader, iso: str) -> str:
    at = round(datetime.fromisoformat(iso).timestamp() * 1000)
    return f"{reader.day(at)}, {reader.clock(at)}"


def _lines(texts: Iterable[str]) -> str:
    return "\n".join(filter(None, texts))
