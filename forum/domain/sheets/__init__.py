"""Sheets: what people write together that has more than one field. This file lists them; ``writing`` says what is done
with them.

A new sheet adds its module and a line below. Facts name sheets, so a name that once stood here stays.
"""

from typing import Final

from forum.domain.kernel import N_
from forum.domain.sheets.objective import OBJECTIVE
from forum.domain.sheets.schema import Schema

_WRITTEN: Final[tuple[Schema, ...]] = (OBJECTIVE,)
SCHEMAS: Final[dict[str, Schema]] = {schema.name: schema for schema in _WRITTEN}
"""Every schema by its name, in the order in which the desk offers them."""

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
