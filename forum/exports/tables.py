"""CSV: one table a kind, in two flavours, safe to open in a spreadsheet.

``standard``  UTF-8, comma, CRLF, ISO dates, decimal point
``fr-excel``  UTF-8 with BOM, semicolon, CRLF, JJ/MM/AAAA, decimal comma: what a French Excel opens by a double click

Texts typed by strangers go to an accountant's spreadsheet: a cell that a spreadsheet would compute is guarded by ``'``.
"""

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Literal

from forum.domain.methods import of as method_of
from forum.domain.plan.rows import ActionLine
from forum.domain.sheets import SCHEMAS
from forum.domain.sheets.schema import Field, Schema
from forum.domain.steps.themes import letter
from forum.exports import kept
from forum.exports.archive import step_title
from forum.exports.fields import EXPORTED, Cell, Words, as_day
from forum.exports.pictured import counts_of
from forum.exports.told import ActionOut, Archive, SheetOut
from forum.language import Reader
from forum.language.tellings import TELLINGS, Column

Flavour = Literal["standard", "fr-excel"]
Row = list[Cell]
Table = Callable[[Archive, Reader], Iterable[Row]]

COMPUTED = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def plan(told: Archive, reader: Reader) -> Iterable[Row]:
    say = reader.say
    yield [
        say("Code"), say("Axis"), say("Action"), say("Description"), say("Pilot"), say("Proposed as pilot"),
        say("Partners"), say("First step"), say("First step by"), say("Due"), say("Budget"), say("To complete"),
        say("Themes it comes from"), say("Cards it comes from"), say("Action ID"), say("Letters of its themes"),
        say("Reason given at the end"),
    ]  # fmt: skip
    titles = {t.id: t.title for t in told.themes}
    known = letters(told)
    for axis in told.plan:
        for action in axis.actions:
            yield [
                action.code,
                f"{axis.number} – {axis.title}",
                action.title,
                action.description,
                action.pilot or unnamed_pilot(action, reader),
                "\n".join(filter(None, action.offers)),
                "\n".join(filter(None, action.partners)),
                action.first_step,
                as_day(action.first_step_due),
                as_day(action.due),
                action.budget,
                ", ".join(gap_words(reader, g) for g in action.gaps),
                "\n".join(titles[t] for t in action.themes if t in titles),
                len(action.ideas),
                action.id,
                ", ".join(known[t] for t in action.themes or axis.themes if t in known),
                reason(told, action),
            ]


def ideas(told: Archive, reader: Reader) -> Iterable[Row]:
    say = reader.say
    yield [
        say("Number"),
        say("Card"),
        say("Theme"),
        say("Step"),
        say("Column"),
        say("Written on"),
        say("Card ID"),
        say("Letter of the theme"),
    ]
    known = letters(told)
    titles = {t.id: t.title for t in told.themes}
    steps = {s.id: step_title(told, s, reader.lang) for s in told.steps}
    for idea in told.ideas:
        source = (
            say("entered for someone without a phone") if idea.assisted else source_words(reader, idea.source)
        )
        yield [
            idea.number, idea.text, titles.get(idea.theme or "", ""), steps[idea.step], idea.column, source, idea.id,
            known.get(idea.theme or "", ""),
        ]  # fmt: skip


def votes(told: Archive, reader: Reader) -> Iterable[Row]:
    """Every round, whatever its method: a column that only another method knows stays empty."""
    say = reader.say
    used = [TELLINGS[name] for name in TELLINGS if any(vote.method == name for vote in told.votes)]
    used = used or [next(iter(TELLINGS.values()))]
    line, terms, sums = (_headings(getattr(one, part) for one in used) for part in ("line", "terms", "sums"))
    counts = {vote.id: counts_of(vote, reader) for vote in told.votes}
    grades = list(dict.fromkeys(g for of in counts.values() for one in of.values() for g in one))
    hands = [say("Show of hands")] if any(vote.hands for vote in told.votes) else []
    papers = (
        [say("On paper"), say("Of these, entered after the close")]
        if any(vote.papers for vote in told.votes)
        else []
    )
    cuts = [say("Kept by the desk")] if any(vote.kept for vote in told.votes) else []
    yield [
        say("Vote"), say("Round"), say("Rank"), say("Tie"), say("Option"), *map(say, line), say("Voters"),
        say("Blank ballots"), *map(say, terms), say("Option ID"), *map(say, sums),
        say("Entered for people without a phone"), say("Method"), say("Letter of the theme"), *grades, *hands, *papers, *cuts,
    ]  # fmt: skip
    titles = {s.id: step_title(told, s, reader.lang) for s in told.steps}
    for vote in told.votes:
        title, telling = titles[vote.step], TELLINGS[vote.method]
        held = _cells(reader, terms, telling.terms, vote.parameters, vote.voters)
        if not vote.revealed:
            yield [title, vote.number, None, "", say("(not revealed)"), *_none(line), vote.voters, None, *held,
                   vote.id, *_none(sums), vote.assisted, say(method_of(vote.method).title), "", *_none(grades), *_none(hands), *(vote.papers, vote.late)[: len(papers)], *_none(cuts)]  # fmt: skip
        for one in vote.lines:
            yield [
                title, vote.number, one.rank, say("yes") if one.tied else "", one.title,
                *_cells(reader, line, telling.line, one.numbers, vote.voters), vote.voters, vote.blank, *held, one.option,
                *_cells(reader, sums, telling.sums, vote.sums, vote.voters), vote.assisted, say(method_of(vote.method).title),
                one.letter, *(counts[vote.id].get(one.option, {}).get(grade) for grade in grades),
                *(vote.hands.get(one.option) for _ in hands), *(vote.papers, vote.late)[: len(papers)],
                *(kept.cell(vote, one.option, reader) for _ in cuts),
            ]  # fmt: skip


def _headings(columns: Iterable[Iterable[Column]]) -> list[str]:
    return list(dict.fromkeys(column.heading for some in columns for column in some))


def _cells(
    reader: Reader, headings: list[str], known: Iterable[Column], numbers: Mapping[str, int], voters: int
) -> Row:
    there = {column.heading: column.cell(reader, numbers, voters) for column in known}
    return [there.get(heading) for heading in headings]


def _none(headings: list[str]) -> Row:
    return [None] * len(headings)


def commitments(told: Archive, reader: Reader) -> Iterable[Row]:
    say = reader.say
    yield [say("Who"), say("Commitment"), say("By"), say("Action"), say("Commitment ID")]
    actions = {a.id: f"{a.code} {a.title}" for axis in told.plan for a in axis.actions}
    for pledge in told.commitments:
        yield [
            pledge.person,
            pledge.text,
            as_day(pledge.due),
            actions.get(pledge.action or "", ""),
            pledge.id,
        ]


def sheets(schema: Schema) -> Table:
    """The table of a schema's sheets: a column a field."""

    def rows(told: Archive, reader: Reader) -> Iterable[Row]:
        say = reader.say
        yield [say("Number"), *(say(field.label) for field in schema.fields), say("Step"), say("Sheet ID")]
        steps = {s.id: step_title(told, s, reader.lang) for s in told.steps}
        words = titles(told)
        for sheet in told.sheets:
            if sheet.schema == schema.name:
                cells = (held(sheet, field, words, reader) for field in schema.fields[1:])
                yield [sheet.number, sheet.title, *cells, steps.get(sheet.step, ""), sheet.id]

    return rows


def letters(told: Archive) -> dict[str, str]:
    """By which the themes of an export are known on every surface, by their ids."""
    return {theme.id: letter(theme.number) for theme in told.themes}


def titles(told: Archive) -> dict[str, str]:
    """What the things of an export are called, by their ids."""
    named = [(t.id, t.title) for t in told.themes] + [(i.id, i.text) for i in told.ideas]
    named += [(axis.id, f"{axis.number} – {axis.title}") for axis in told.plan]
    named += [(a.id, f"{a.code} {a.title}") for axis in told.plan for a in axis.actions]
    named += [(c.id, c.text) for c in told.commitments] + [(s.id, s.title) for s in told.sheets]
    return dict(named)


def held(sheet: SheetOut, field: Field, words: Mapping[str, str], reader: Reader) -> Cell:
    """What a field of a sheet holds, in the reader's words."""
    value = sheet.fields.get(field.name, field.nothing)
    said = Words(reader, lambda thing: words.get(thing) or sheet.linked.get(thing, ""))
    return EXPORTED[field.kind.name].cell(field.holds, value, said)


TABLES: dict[str, Table] = {
    "plan": plan,
    "ideas": ideas,
    "votes": votes,
    "commitments": commitments,
}


def table(name: str) -> Table:
    """A table by its name. KeyError when there is none."""
    return TABLES[name] if name in TABLES else sheets(SCHEMAS[name])


def write(rows: Iterable[Row], flavour: Flavour) -> bytes:
    """Rows as CSV bytes in a flavour."""
    french = flavour == "fr-excel"
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";" if french else ",", lineterminator="\r\n")
    for row in rows:
        writer.writerow([_text(cell, french) for cell in row])
    return out.getvalue().encode("utf-8-sig" if french else "utf-8")


def _text(cell: Cell, french: bool) -> str:
    if cell is None:
        return ""
    if isinstance(cell, date):
        return cell.strftime("%d/%m/%Y") if french else cell.isoformat()
    if isinstance(cell, Decimal):
        return f"{cell:f}".replace(".", ",") if french else f"{cell:f}"
    if isinstance(cell, int):
        return str(cell)
    return "'" + cell if cell.startswith(COMPUTED) or cell.lstrip().startswith(COMPUTED) else cell


def unnamed_pilot(action: ActionOut, reader: Reader) -> str:
    """What is said in the place of the name of a pilot who gave none; "" where somebody is named, or nobody pilots."""
    return "" if action.pilot or "pilot" in action.gaps else reader.say("somebody without a name")


def gap_words(reader: Reader, gap: str) -> str:
    """What an action lacks, in words."""
    words = {
        "pilot": reader.say("no pilot yet"),
        "due": reader.say("no due date"),
        "first_step": reader.say("no first step"),
    }
    return words[gap]


def reason(told: Archive, action: ActionOut | ActionLine) -> str:
    """Why the session ended in which it was made, although it lacks something (D5); "" where it lacks nothing."""
    made_in = (one for one in told.sessions if action.gaps and one.id == action.session)
    return next((one.reason for one in made_in), "")


def source_words(reader: Reader, source: str) -> str:
    """How an idea came in, in words."""
    words = {
        "phone": reader.say("a phone"),
        "desk": reader.say("the desk"),
        "secretary": reader.say("a table secretary"),
        "paper": reader.say("paper"),
        "import": reader.say("an import"),
    }
    return words[source]
