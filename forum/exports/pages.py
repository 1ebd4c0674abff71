"""What each sheet of the workbook says, as plain rows. Pure. A column in which no row says anything is left out.

Nothing here is secret that the archive does not tell; no sheet has an id that joins people, cards and ballots.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from importlib.metadata import version
from typing import Final, NamedTuple

from forum.domain.kernel import N_
from forum.domain.sheets import SCHEMAS
from forum.exports import tables
from forum.exports.archive import in_lang
from forum.exports.audience import names, written_for
from forum.exports.fields import Cell
from forum.exports.tables import Row, gap_words, letters, unnamed_pilot
from forum.exports.told import ActionOut, Archive, AxisOut
from forum.language import Reader

MONTHS_SHOWN: Final = 18  # a calendar of months is read up to here; beyond, quarters are
QUARTERS_SHOWN: Final = 40
MARK: Final = "■"


class Page(NamedTuple):
    """One sheet."""

    title: str
    headings: Sequence[str]
    rows: Sequence[Row]
    sections: Sequence[tuple[str, int]] = ()  # above the headings: words, over how many columns
    total: Row | None = None
    frozen: int = 0  # columns that stay where they are
    wide: bool = False  # printed on A3, lying
    table: bool = True  # can be filtered
    days: Sequence[int] = ()  # columns that hold days
    marks: frozenset[int] = frozenset()  # columns that hold a mark and nothing else
    choices: Mapping[int, Sequence[str]] = {}
    widths: Mapping[int, int] = {}  # characters; others are as wide as what they say


class Line(NamedTuple):
    """One action, and what it is told with."""

    told: Archive
    reader: Reader
    axis: AxisOut
    action: ActionOut


class Column(NamedTuple):
    """One column of the sheet of the plan."""

    section: str
    heading: str
    cell: Callable[[Line], Cell]
    always: bool = False  # also where no action says anything
    day: bool = False
    width: int = 0  # characters; 0: as wide as what it says


WHAT: Final = N_("What is done")
WHO: Final = N_("Who does it")
WHEN: Final = N_("When, and with what")
FROM: Final = N_("Where it comes from")


def _due(line: Line) -> Cell:
    return _day(line.action.due)


def _pilot(line: Line) -> Cell:
    return line.action.pilot or unnamed_pilot(line.action, line.reader)


def _gaps(line: Line) -> Cell:
    return ", ".join(gap_words(line.reader, gap) for gap in line.action.gaps)


def _themes(line: Line) -> Cell:
    titles, known = {t.id: t.title for t in line.told.themes}, letters(line.told)
    return "\n".join(
        f"{known[t]} – {titles[t]}" for t in line.action.themes or line.axis.themes if t in titles
    )


def _promised(line: Line) -> Cell:
    someone = line.reader.say("Someone")
    made = (c for c in line.told.commitments if c.action == line.action.id)
    return "\n".join(f"{c.person or someone}: {c.text}" for c in made)


PLAN: Final[tuple[Column, ...]] = (
    Column(WHAT, N_("Code"), lambda line: line.action.code, always=True),
    Column(WHAT, N_("Axis"), lambda line: f"{line.axis.number} – {line.axis.title}", always=True, width=22),
    Column(WHAT, N_("Action"), lambda line: line.action.title, always=True),
    Column(WHAT, N_("Description"), lambda line: line.action.description),
    Column(WHO, N_("Pilot"), _pilot, always=True),
    Column(WHO, N_("Proposed as pilot"), lambda line: _lines(line.action.offers)),
    Column(WHO, N_("Partners"), lambda line: _lines(line.action.partners)),
    Column(WHO, N_("Commitments"), _promised),
    Column(WHEN, N_("First step"), lambda line: line.action.first_step, always=True),
    Column(WHEN, N_("First step by"), lambda line: _day(line.action.first_step_due), day=True),
    Column(WHEN, N_("Due"), _due, always=True, day=True),
    Column(WHEN, N_("Budget"), lambda line: line.action.budget),
    Column(WHEN, N_("To complete"), _gaps),
    Column(FROM, N_("Themes it comes from"), _themes),
    Column(FROM, N_("Ideas it comes from"), lambda line: len(line.action.ideas)),
    Column(FROM, N_("Action ID"), lambda line: line.action.id, always=True),
)


def pages(told: Archive, reader: Reader) -> Iterator[Page]:
    """Every sheet that has something to say, the plan first."""
    say = reader.say
    yield _plan(told, reader)
    yield _axes(told, reader)
    yield from _calendar(told, reader)
    yield from _table(told, reader, say("Commitments"), tables.commitments)
    for schema in SCHEMAS.values():
        yield from _table(told, reader, say(schema.title), tables.sheets(schema))
    yield from _table(told, reader, say("Ideas"), tables.ideas)
    yield from _table(told, reader, say("Votes"), tables.votes)
    yield from _people(told, reader)
    yield _read_me(told, reader)


def lines(told: Archive, reader: Reader) -> Iterator[Line]:
    """Every action of the plan, in its order."""
    for axis in told.plan:
        for action in axis.actions:
            yield Line(told, reader, axis, action)


def _plan(told: Archive, reader: Reader) -> Page:
    say, all_ = reader.say, tuple(lines(told, reader))
    found = [(column, [column.cell(line) for line in all_]) for column in PLAN]
    shown = [(column, cells) for column, cells in found if column.always or any(cells)]
    sections: dict[str, int] = {}
    for column, _ in shown:
        sections[column.section] = sections.get(column.section, 0) + 1
    return Page(
        title=say("Plan"),
        headings=[say(column.heading) for column, _ in shown],
        rows=[list(row) for row in zip(*(cells for _, cells in shown), strict=True)],
        sections=[(say(section), wide) for section, wide in sections.items()],
        frozen=2,
        wide=True,
        widths={number: column.width for number, (column, _) in enumerate(shown) if column.width},
        days=[number for number, (column, _) in enumerate(shown) if column.day],
    )


def _axes(told: Archive, reader: Reader) -> Page:
    say = reader.say
    titles, known = {t.id: t.title for t in told.themes}, letters(told)
    rows: list[Row] = [
        [
            axis.number,
            axis.title,
            len(axis.actions),
            sum(not action.gaps for action in axis.actions),
            sum(c.action in {a.id for a in axis.actions} for c in told.commitments),
            "\n".join(f"{known[t]} – {titles[t]}" for t in axis.themes if t in titles),
        ]
        for axis in told.plan
    ]
    total: Row = ["", say("Total"), *(sum(int(str(row[n])) for row in rows) for n in (2, 3, 4)), ""]
    headings = [
        say("Number"), say("Axis"), say("Actions"), say("Complete actions"), say("Commitments"), say("Themes it comes from"),
    ]  # fmt: skip
    return Page(say("Axes"), headings, rows, total=total, frozen=2)


def _calendar(told: Archive, reader: Reader) -> Iterator[Page]:
    """Actions by months or quarters: a mark that is read without its colour."""
    spans = [(line, *_span(line.action)) for line in lines(told, reader) if _span(line.action)]
    if not spans:
        return
    first, last = min(s[1] for s in spans), max(s[2] for s in spans)
    each = 1 if _months(first, last) <= MONTHS_SHOWN else 3
    begun = _number(first) // each
    shown = range(begun, min(_number(last) // each, begun + QUARTERS_SHOWN) + 1)
    say = reader.say
    rows: list[Row] = [
        [
            line.action.code,
            line.action.title,
            _pilot(line),
            _due(line),
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
    yield Page(
        say("Calendar"), headings, rows, frozen=2, wide=True, marks=frozenset(marks),
        widths=dict.fromkeys(marks, 8) | {1: 44},
    )  # fmt: skip


def _span(action: ActionOut) -> tuple[date, date] | tuple[()]:
    """From when to when an action is known to go on."""
    known = sorted(filter(None, (_day(action.first_step_due), _day(action.due))))
    return (known[0], known[-1]) if known else ()


def _number(day: date) -> int:
    return day.year * 12 + day.month - 1


def _months(first: date, last: date) -> int:
    return _number(last) - _number(first) + 1


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
                [say("Session"), title, _day(session.date), session.expected, session.present or None]
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
        [say("Ideas"), str(len(told.ideas))],
        [say("For whom"), written_for(told, reader)],
        [say("Names"), names(told, reader) if told.commitments else ""],
        [say("Made by"), f"Forum {version('forum')}"],
        [say("Pilot"), say("who sees to it that an action happens")],
        [say("To complete"), say("what an action still lacks: a pilot, a day, or a first step")],
        [say("Commitment"), say("a first step promised in public, with a date")],
    ]
    return Page(say("Read me"), [say("What"), say("Says")], rows, table=False, widths={0: 22, 1: 80})


def _at(reader: Reader, iso: str) -> str:
    at = round(datetime.fromisoformat(iso).timestamp() * 1000)
    return f"{reader.day(at)}, {reader.clock(at)}"


def _lines(names: Sequence[str]) -> str:
    return "\n".join(filter(None, names))


def _day(iso: str) -> date | None:
    return date.fromisoformat(iso) if iso else None
