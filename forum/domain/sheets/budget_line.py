"""The budget line: what an action costs in one year, of which nature, and who pays."""

from typing import Final

from forum.domain.kernel import N_
from forum.domain.limits import Text
from forum.domain.sheets.fields import Amount, Choice, Links
from forum.domain.sheets.schema import Field, Schema

NATURES: Final = (("running", N_("running costs")), ("investment", N_("investment")))
UNITS: Final = (
    ("EUR_HT", N_("€ before tax")),
    ("EUR_TTC", N_("€ with tax")),
    ("ETP", N_("full-time equivalents")),
)
FUNDINGS: Final = (("secured", N_("secured")), ("requested", N_("requested")), ("sought", N_("to be found")))
_SUM: Final = Amount(0, 1_000_000_000, places=2)

BUDGET_LINE = Schema(
    name="budget_line",
    title=N_("Budget lines"),
    write=N_("Add a budget line"),
    yours=N_("Your budget line"),
    made=N_("added a budget line"),
    edited=N_("changed a budget line"),
    removed=N_("removed a budget line"),
    worked_on=N_("This step takes up the budget lines from %(steps)s."),
    fields=(
        Field("title", N_("Item"), Text(120), needed=True, asks=N_("What is it for?")),
        Field("action", N_("Action"), Links("action"), needed=True, wall=False),
        Field("year", N_("Year"), Amount(2000, 2100)),
        Field("nature", N_("Nature"), Choice(NATURES)),
        Field("unit", N_("Unit"), Choice(UNITS)),
        Field("planned", N_("Planned"), _SUM),
        Field("actual", N_("Spent"), _SUM),
        Field("funder", N_("Funder"), Text(120)),
        Field("funding", N_("Funding"), Choice(FUNDINGS)),
    ),
    where="plan",
    shared=True,
)
