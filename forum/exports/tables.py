"""CSV: one table a kind, in two flavours, safe to open in a spreadsheet.

``standard``  UTF-8, comma, CRLF, ISO dates, decimal point
``fr-excel``  UTF-8 with BOM, semicolon, CRLF, JJ/MM/AAAA, decimal comma: what a French Excel opens by a double click

Texts typed by strangers go to an accountant's spreadsheet: a cell that a spreadsheet would compute is guarded by ``'``.
"""

import csv
import io
from collections.abc import Callable, Iterable
from datetime import date
from typing import Literal

from forum.exports.archive import Archive
from forum.language import Reader

Flavour = Literal["standard", "fr-excel"]
Cell = str | int | date | None
Row = list[Cell]

COMPUTED = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def plan(told: Archive, reader: Reader) -> Iterable[Row]:
    say = reader.say
    yield [
        say("Code"), say("Axis"), say("Action"), say("Description"), say("Pilot"), say("Proposed as pilot"),
        say("Partners"), say("First step"), say("First step by"), say("Due"), say("Budget"), say("To complete"),
        say("Themes it comes from"), say("Ideas it comes from"), say("Action ID"),
    ]  # fmt: skip
    titles = {t.id: t.title for t in told.themes}
    for axis in told.plan:
        for action in axis.actions:
            yield [
                action.code,
                f"{axis.number} – {axis.title}",
                action.title,
                action.description,
                action.pilot,
                "\n".join(filter(None, action.offers)),
                "\n".join(filter(None, action.partners)),
                action.first_step,
                _day(action.first_step_due),
                _day(action.due),
                action.budget,
                ", ".join(gap_words(reader, g) for g in action.gaps),
                "\n".join(titles[t] for t in action.themes if t in titles),
                len(action.ideas),
                action.id,
            ]


def ideas(told: Archive, reader: Reader) -> Iterable[Row]:
    say = reader.say
    yield [
        say("Number"),
        say("Idea"),
        say("Theme"),
        say("Step"),
        say("Column"),
        say("Written on"),
        say("Idea ID"),
    ]
    titles = {t.id: t.title for t in told.themes}
    steps = {s.id: getattr(s.title, reader.lang) or s.title.fr for s in told.steps}
    for idea in told.ideas:
        source = (
            say("entered for someone without a phone") if idea.assisted else source_words(reader, idea.source)
        )
        yield [
            idea.number, idea.text, titles.get(idea.theme or "", ""), steps[idea.step], idea.column, source, idea.id,
        ]  # fmt: skip


def votes(told: Archive, reader: Reader) -> Iterable[Row]:
    say = reader.say
    yield [
        say("Vote"), say("Round"), say("Rank"), say("Tie"), say("Option"), say("Points"), say("Supporters"),
        say("Voters"), say("Blank ballots"), say("Points a person"), say("At most on one"), say("Option ID"),
        say("Points held"), say("Points given"), say("Points not used"), say("Entered for people without a phone"),
    ]  # fmt: skip
    for vote in told.votes:
        title = getattr(vote.title, reader.lang) or vote.title.fr
        if not vote.revealed:
            yield [title, vote.number, None, "", say("(not revealed)"), None, None, vote.voters, None, vote.points,
                   vote.cap, vote.id, None, None, None, vote.assisted]  # fmt: skip
        for line in vote.lines:
            yield [
                title, vote.number, line.rank, say("yes") if line.tied else "", line.title, line.points,
                line.supporters, vote.voters, vote.blank, vote.points, vote.cap, line.option,
                vote.held, vote.spent, vote.unused, vote.assisted,
            ]  # fmt: skip


def commitments(told: Archive, reader: Reader) -> Iterable[Row]:
    say = reader.say
    yield [say("Who"), say("First step"), say("By"), say("Action"), say("Commitment ID")]
    actions = {a.id: f"{a.code} {a.title}" for axis in told.plan for a in axis.actions}
    for pledge in told.commitments:
        yield [pledge.person, pledge.text, _day(pledge.due), actions.get(pledge.action or "", ""), pledge.id]


TABLES: dict[str, Callable[[Archive, Reader], Iterable[Row]]] = {
    "plan": plan,
    "ideas": ideas,
    "votes": votes,
    "commitments": commitments,
}


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
    if isinstance(cell, int):
        return str(cell)
    return "'" + cell if cell.startswith(COMPUTED) or cell.lstrip().startswith(COMPUTED) else cell


def _day(iso: str) -> date | None:
    return date.fromisoformat(iso) if iso else None


def gap_words(reader: Reader, gap: str) -> str:
    """What an action lacks, in words."""
    words = {
        "pilot": reader.say("no pilot yet"),
        "due": reader.say("no due date"),
        "first_step": reader.say("no first step"),
    }
    return words[gap]


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
