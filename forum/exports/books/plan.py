"""The whole plan, and one sheet an action: the same rows, one after another or each on a page of its own."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from forum.domain.kernel import N_
from forum.exports.audience import names
from forum.exports.book import Block, Book, Break, Column, Fact, Facts, Heading, Para, Table
from forum.exports.books.face import book, day
from forum.exports.pages import Line, lines
from forum.exports.tables import gap_words, letters, unnamed_pilot
from forum.exports.told import Archive
from forum.language import Reader


class Row(NamedTuple):
    """One row of an action's sheet."""

    label: str
    says: Callable[[Line], Sequence[str]]
    always: bool = False  # also where nothing was filled in: somebody should
    strong: bool = False


def _axis(line: Line) -> Sequence[str]:
    return [f"{line.axis.number} – {line.axis.title}"]


def _title(line: Line) -> Sequence[str]:
    return [line.action.title]


def _description(line: Line) -> Sequence[str]:
    return _filled(line.action.description.split("\n"))


def _pilot(line: Line) -> Sequence[str]:
    named = line.action.pilot or unnamed_pilot(line.action, line.reader)
    offers = ", ".join(_filled(line.action.offers))
    to_confirm = line.reader.say("to be confirmed: {names}", names=offers) if offers and not named else ""
    return _filled([named or to_confirm])


def _partners(line: Line) -> Sequence[str]:
    return _filled([", ".join(_filled(line.action.partners))])


def _first_step(line: Line) -> Sequence[str]:
    due = day(line.reader, line.action.first_step_due)
    by = line.reader.say("by {day}", day=due) if due else ""
    return _filled([line.action.first_step, by])


def _due(line: Line) -> Sequence[str]:
    return _filled([day(line.reader, line.action.due)])


def _budget(line: Line) -> Sequence[str]:
    return _filled([line.action.budget])


def _origin(line: Line) -> Sequence[str]:
    """Themes with their cards, what the vote gave them, cards it comes from: counted, nobody named."""
    told, reader = line.told, line.reader
    known, themes = letters(told), line.action.themes or line.axis.themes
    titles = {t.id: t for t in told.themes}
    said = [
        f"{known[t]} – {titles[t].title} ({reader.say_many('{n} card', '{n} cards', titles[t].ideas)})"
        for t in themes
        if t in titles
    ]
    if line.action.ideas:
        said.append(reader.say_many("from {n} card", "from {n} cards", len(line.action.ideas)))
    return said


def _commitments(line: Line) -> Sequence[str]:
    reader, someone = line.reader, line.reader.say("Someone")
    return [
        f"{c.person or someone} – {c.text} ({day(reader, c.due)})"
        for c in line.told.commitments
        if c.action == line.action.id
    ]


def _gaps(line: Line) -> Sequence[str]:
    return _filled([", ".join(gap_words(line.reader, gap) for gap in line.action.gaps)])


SHEET: Final[tuple[Row, ...]] = (
    Row(N_("Axis"), _axis),
    Row(N_("Action"), _title, strong=True),
    Row(N_("Description"), _description),
    Row(N_("First step"), _first_step, always=True),
    Row(N_("Pilot"), _pilot, always=True),
    Row(N_("Partners"), _partners),
    Row(N_("Due"), _due, always=True),
    Row(N_("Budget"), _budget),
    Row(N_("Where it comes from"), _origin),
    Row(N_("Commitments"), _commitments),
    Row(N_("To complete"), _gaps),
)
"""In the order of the sheet of an action that French public plans have."""


def plan(told: Archive, reader: Reader) -> Book:
    """The whole plan."""
    return book(told, reader, reader.say("Action plan"), tuple(_plan(told, reader)))


def actions(told: Archive, reader: Reader) -> Book:
    """A sheet an action, each on a page of its own."""
    found = book(told, reader, reader.say("Action sheets"), tuple(_sheets(told, reader)), cover=False)
    first = next(lines(told, reader), None)
    return found._replace(titled=first is None, running=called(first) if first else "")


def facts(line: Line) -> Facts:
    """An action's sheet."""
    filled = [(row, row.says(line)) for row in SHEET]
    rows = [Fact(line.reader.say(row.label), said, row.strong) for row, said in filled if said or row.always]
    return Facts(rows, line.reader.say("not filled in"))


def called(line: Line) -> str:
    """An action by its code."""
    return line.reader.say("Action {code}", code=line.action.code)


def _plan(told: Archive, reader: Reader) -> Iterator[Block]:
    say = reader.say
    yield Heading(1, say("The plan at a glance"))
    yield glance(told, reader) if told.plan else Para(say("There are no axes yet."))
    for axis in told.plan:
        yield Break()
        yield Heading(1, f"{say('Axis {number}', number=axis.number)} – {axis.title}")
        for line in lines(told, reader):
            if line.axis is axis:
                yield Heading(2, f"{called(line)} – {line.action.title}")
                shown = facts(line)
                yield shown._replace(
                    rows=[row for row in shown.rows if row.label != say("Axis") and not row.strong]
                )
    yield from commitments(told, reader)


def glance(told: Archive, reader: Reader) -> Table:
    """Who does what before when: a line an action."""
    say, all_ = reader.say, tuple(lines(told, reader))
    groups, seen = [], set[str]()
    for number, line in enumerate(all_):
        if line.axis.id not in seen:
            groups.append((number, f"{line.axis.number} – {line.axis.title}"))
            seen.add(line.axis.id)
    return Table(
        (
            Column(say("Code"), 0.09),
            Column(say("What"), 0.45),
            Column(say("Who"), 0.23),
            Column(say("Before"), 0.23),
        ),
        [
            (
                line.action.code,
                line.action.title,
                ", ".join(_pilot(line)) or say("no pilot yet"),
                day(reader, line.action.due) or say("no due date"),
            )
            for line in all_
        ],
        tuple(groups),
    )


def commitments(told: Archive, reader: Reader) -> Iterator[Block]:
    """Who promised what, in the order of the days."""
    if not told.commitments:
        return
    say = reader.say
    codes = {a.id: a.code for axis in told.plan for a in axis.actions}
    yield Break()
    yield Heading(1, say("Commitments"))
    yield Para(names(told, reader), "soft")
    yield Table(
        (
            Column(say("Who"), 0.19),
            Column(say("First step"), 0.43),
            Column(say("By"), 0.23),
            Column(say("Action"), 0.15),
        ),
        [
            (
                c.person or say("Someone"),
                c.text,
                day(reader, c.due),
                codes.get(c.action or "", "") or say("the whole plan"),
            )
            for c in sorted(told.commitments, key=lambda c: c.due)
        ],
    )


def _sheets(told: Archive, reader: Reader) -> Iterator[Block]:
    for number, line in enumerate(lines(told, reader)):
        if number:
            yield Break(called(line))
        yield Heading(1, f"{called(line)} – {line.action.title}")
        shown = facts(line)
        yield shown._replace(rows=[row for row in shown.rows if not row.strong])
    if not any(axis.actions for axis in told.plan):
        yield Para(reader.say("There are no actions yet."))


def _filled(texts: Sequence[str]) -> list[str]:
    return [text for text in texts if text.strip()]
