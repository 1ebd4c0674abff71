"""Sheets: what people write together that has more than one field. This file lists them; ``writing`` says what is done
with them.

A new sheet adds its module and a line below. Facts name sheets, so a name that once stood here stays.
"""

from typing import Final

from forum.domain.kernel import N_
from forum.domain.sheets.action_sheet import ACTION_SHEET
from forum.domain.sheets.ambition import AMBITION
from forum.domain.sheets.budget_line import BUDGET_LINE
from forum.domain.sheets.indicator import INDICATOR
from forum.domain.sheets.milestone import MILESTONE
from forum.domain.sheets.objective import OBJECTIVE
from forum.domain.sheets.schema import Schema

_WRITTEN: Final[tuple[Schema, ...]] = (
    OBJECTIVE,
    AMBITION,
    ACTION_SHEET,
    MILESTONE,
    INDICATOR,
    BUDGET_LINE,
)
SCHEMAS: Final[dict[str, Schema]] = {schema.name: schema for schema in _WRITTEN}
"""Every schema by its name, in the order in which the desk offers them."""


def in_steps() -> tuple[Schema, ...]:
    """Those that can be written in a step of their own."""
    return tuple(schema for schema in SCHEMAS.values() if schema.where != "plan")


UNKNOWN: Final = Schema(
    name="",
    title=N_("Sheets"),
    write="",
    yours=N_("Your sheet"),
    made="",
    edited="",
    removed="",
    worked_on=N_("This step takes up the sheets from %(steps)s."),
    fields=(),
)
"""Stands for a schema that this version does not know: its sheets are kept and shown by nothing."""
