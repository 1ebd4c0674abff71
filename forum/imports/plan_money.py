"""What a line of a plan says of money: a budget line for each funder with its amount; a total alone is kept as words."""

from typing import Final

from forum.domain.kernel import N_, ActionId, SheetId, StepId
from forum.domain.plan.reading import HELD_BY
from forum.domain.plan.words import EditAction
from forum.domain.sheets.words import MakeSheet
from forum.imports import plan_fields as of
from forum.imports import values
from forum.imports.book import letter
from forum.imports.plan_fields import BY_KEY
from forum.imports.plan_line import SAYS, Line, Told
from forum.imports.values import Wrong
from forum.imports.wishes import Asking, Problem

NO_FUNDER: Final = N_("This amount has no funder in the column before it.")


def wishes(told: Told, line: Line, action: ActionId) -> Asking:
    """Of a new action; the amounts of one that is there are changed in the sheet of the budget."""
    yield from _funders(told, line, action)
    for key, unit in ((of.TOTAL_BEFORE, "€ HT"), (of.TOTAL_WITH, "€ TTC")):
        if line.cell(key):
            total = values.number(line.cell(key))
            if isinstance(total, Wrong):
                yield line.problem(key, total.why)
            elif not line.cell("budget"):
                said = f"{total} {unit}"
                command = EditAction(action, budget=said)
                yield line.wish(key, command, SAYS, label=BY_KEY["budget"].label, now=said)


def _funders(told: Told, line: Line, action: ActionId) -> Asking:
    """The amount stands in the column after its funder."""
    funder = ""
    for column, key in line.every:
        cell = line.row.at(column)
        if key == of.FUNDER:
            funder = values.line(cell)
            continue
        if key not in (of.BEFORE_TAX, of.WITH_TAX) or not cell:
            continue
        amount = values.number(cell)
        if isinstance(amount, Wrong) or not funder:
            why = amount.why if isinstance(amount, Wrong) else NO_FUNDER
            yield Problem(line.number, letter(column), cell, why)
            continue
        sheet = SheetId(told.new_id(f"money-{column}", line.number))
        fields: dict[str, str | tuple[str, ...]] = {
            "title": funder, HELD_BY: (action,), "unit": key, "planned": amount, "funder": funder,
        }  # fmt: skip
        command = MakeSheet(sheet, "budget_line", StepId(""), fields)
        yield line.wish(key, command, SAYS, label=BY_KEY[of.FUNDER].label, now=f"{funder}: {amount} €")
        funder = ""
