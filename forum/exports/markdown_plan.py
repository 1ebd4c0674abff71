"""The plan in Markdown: as deep as it is written, each action a table of two columns."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from forum.domain.plan.rows import AxisPart, Goal, Whole
from forum.domain.steps.themes import letter
from forum.exports import depths
from forum.exports.books.face import coming
from forum.exports.books.plan import period, said_of
from forum.exports.books.sheet import called, facts
from forum.exports.endings import left_incomplete
from forum.exports.lines import Line, amount, is_deep, labelled, lettered
from forum.exports.marked import heading, inline, pairs, row
from forum.exports.tables import gap_words, letters, reason, unnamed_pilot
from forum.exports.told import ActionOut, Archive
from forum.language import NO_BREAK, Reader


def plan(told: Archive, whole: Whole, reader: Reader) -> Iterator[str]:
    """All of it, as deep as it is written: a short one is axes and actions, nothing else."""
    yield heading(2, reader.say("Action plan"))
    yield ""
    yield from _aim(whole, reader)
    if meets := coming(told, reader):
        yield inline(labelled(reader, reader.say("Next meeting"), meets))
        yield ""
    if not told.plan:
        yield reader.say("There are no axes yet.")
        yield ""
    for words in left_incomplete(told, reader):
        yield inline(words)
        yield ""
    known, deep = letters(told), is_deep(whole)
    for axis, part in zip(told.plan, whole.axes, strict=True):
        yield heading(3, reader.say("Axis {number}", number=axis.number), axis.title)
        yield ""
        if made_of := [known[t] for t in axis.themes if t in known]:
            yield reader.say_many(
                "Theme {letters}", "Themes {letters}", len(made_of), letters=", ".join(made_of)
            )
            yield ""
        if not axis.actions:
            yield reader.say("No action yet.")
            yield ""
        if deep:
            yield from _deep(told, whole, part, reader)
        else:
            for action in axis.actions:
                yield from _action(told, action, reader)
    for goal in whole.homeless:
        yield from _goal(goal, reader)
    yield from _totals(whole, reader)


def _aim(whole: Whole, reader: Reader) -> Iterator[str]:
    if whole.ambition:
        yield f"> {inline(whole.ambition)}"
        yield ""
    for fact in period(whole, reader):
        yield labelled(reader, fact.label, ", ".join(fact.lines))
        yield ""


def _deep(told: Archive, whole: Whole, axis: AxisPart, reader: Reader) -> Iterator[str]:
    for goal in axis.goals:
        yield from _goal(goal, reader)
        for action in goal.actions:
            yield from _sheet(Line(told, whole, reader, action), 5)
    for action in axis.loose:
        yield from _sheet(Line(told, whole, reader, action), 5 if axis.goals else 4)


def _goal(goal: Goal, reader: Reader) -> Iterator[str]:
    yield f"#### {inline(f'{goal.code} – {goal.title}'.strip(' –'))}"
    yield ""
    yield from pairs((fact.label, reader.listed(fact.lines)) for fact in said_of(goal, reader))


def _sheet(line: Line, level: int) -> Iterator[str]:
    yield heading(level, called(line), line.action.title)
    yield ""
    shown = facts(line, above=False)
    yield from pairs((fact.label, line.reader.listed(fact.lines) or fact.nothing) for fact in shown.rows)


def _totals(whole: Whole, reader: Reader) -> Iterator[str]:
    """What is planned and spent, by axis, year, nature and unit."""
    if not whole.totals:
        return
    found = depths.totals(whole, reader)
    yield heading(3, found.title)
    yield ""
    yield row(*found.headings)
    yield "|---|---|---|---|---:|---:|"
    for cells in found.rows:
        yield row(*(amount(reader, c) if isinstance(c, Decimal) else inline(str(c)) for c in cells))
    yield ""


def _action(told: Archive, action: ActionOut, reader: Reader) -> Iterator[str]:
    say = reader.say
    someone = say("(not named here)")
    titles = {t.id: lettered(letter(t.number), t.title) for t in told.themes}
    numbers = {i.id: i.number for i in told.ideas}
    pilot = action.pilot or unnamed_pilot(action, reader) or _offered(action, reader)
    step = (
        f"{action.first_step} ({on(reader, action.first_step_due)})"
        if action.first_step_due
        else action.first_step
    )
    pledges = [c for c in told.commitments if c.action == action.id]
    ideas = [
        f"n°{NO_BREAK}{numbers[i]}" if reader.lang == "fr" else f"no.{NO_BREAK}{numbers[i]}"
        for i in action.ideas
        if i in numbers
    ]
    rows = [
        (say("Description"), action.description),
        (say("Pilot"), pilot or gap_words(reader, "pilot")),
        (say("Partners"), ", ".join(filter(None, action.partners))),
        (say("First step"), step or gap_words(reader, "first_step")),
        (say("Due"), on(reader, action.due) if action.due else gap_words(reader, "due")),
        (say("Budget"), action.budget),
        (say("Reason given at the end"), reason(told, action)),
        (say("Where it comes from"), ", ".join([*(titles[t] for t in action.themes if t in titles), *ideas])),
        (
            say("Commitments"),
            reader.listed(
                say("{label}: {text}", label=c.person or someone, text=f"{c.text} ({on(reader, c.due)})")
                for c in pledges
            ),
        ),
    ]
    yield heading(4, say("Action {code}", code=action.code), action.title)
    yield ""
    yield from pairs(rows)


def _offered(action: ActionOut, reader: Reader) -> str:
    names = ", ".join(filter(None, action.offers))
    return reader.say("to be confirmed: {names}", names=names) if names else ""


def on(reader: Reader, iso: str) -> str:
    """The day of a moment or a date; "–" for none."""
    return reader.day(round(datetime.fromisoformat(iso).timestamp() * 1000)) if iso else "–"
