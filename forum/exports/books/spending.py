"""What an action costs, as a small table in its sheet: a line a year and a purpose, who pays, and what it adds up to."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from forum.domain.plan.rows import BudgetLine
from forum.exports import lines as told_as
from forum.exports.book import Column, Table
from forum.exports.lines import Line
from forum.language import NO_BREAK


def spending(line: Line) -> Table | None:
    """None where there are no budget lines. A unit that all of them have stands above; a column in which nothing stands does not."""
    held, say = line.action.lines, line.reader.say
    if not held:
        return None
    units = {one.unit for one in held}
    unit = line.word("budget_line", "unit", held[0].unit) if len(units) == 1 else ""
    in_unit = f" ({unit.replace(' ', NO_BREAK)})" if unit else ""
    columns = (
        Column(say("Year"), 0.12),
        Column(say("Item"), 0.34),
        Column(f"{say('Planned')}{in_unit}", 0.19, number=True),
        Column(f"{say('Spent')}{in_unit}", 0.19, number=True),
        Column(say("Funder"), 0.27),
    )
    rows = [*(_row(line, one, bare=bool(unit)) for one in held), *_sums(line, bare=bool(unit))]
    shown = [at for at in range(len(columns)) if any(row[at] for row in rows)]
    return Table([columns[at] for at in shown], [tuple(row[at] for at in shown) for row in rows])


def _row(line: Line, one: BudgetLine, *, bare: bool) -> Sequence[str]:
    nature = line.word("budget_line", "nature", one.nature)
    return (
        str(one.year or ""),
        " · ".join(filter(None, (one.title, nature))),
        _amount(line, one, one.planned, bare=bare),
        _amount(line, one, one.actual, bare=bare),
        told_as.payer(line, one),
    )


def _sums(line: Line, *, bare: bool) -> Iterable[Sequence[str]]:
    for unit in dict.fromkeys(one.unit for one in line.action.lines):
        of_unit = [one for one in line.action.lines if one.unit == unit]
        if len(of_unit) > 1:
            planned = sum((one.planned or Decimal() for one in of_unit), start=Decimal())
            spent = [one.actual for one in of_unit if one.actual is not None]
            yield (
                "",
                line.reader.say("In all"),
                _amount(line, of_unit[0], planned, bare=bare),
                _amount(line, of_unit[0], sum(spent, start=Decimal()) if spent else None, bare=bare),
                "",
            )


def _amount(line: Line, one: BudgetLine, value: Decimal | None, *, bare: bool) -> str:
    if value is None:
        return ""
    return told_as.figure(line.reader, value) if bare else told_as.with_unit(line, one, value)
