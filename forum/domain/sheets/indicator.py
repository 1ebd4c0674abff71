"""The indicator: what is counted to know whether an action or an objective gets there, and its values over time."""

from typing import Final

from forum.domain.kernel import N_
from forum.domain.limits import Text
from forum.domain.sheets.fields import Amount, Choice, Day, Links, Series
from forum.domain.sheets.schema import Field, Schema

SORTS: Final = (("output", N_("output")), ("outcome", N_("outcome")), ("impact", N_("impact")))
_NUMBER: Final = Amount(-1_000_000_000, 1_000_000_000, places=2)

INDICATOR = Schema(
    name="indicator",
    title=N_("Indicators"),
    write=N_("Add an indicator"),
    yours=N_("Your indicator"),
    made=N_("added an indicator"),
    edited=N_("changed an indicator"),
    removed=N_("removed an indicator"),
    worked_on=N_("This step takes up the indicators from %(steps)s."),
    fields=(
        Field("title", N_("Indicator"), Text(200), needed=True, asks=N_("What is counted?")),
        Field("action", N_("Action"), Links("action"), wall=False),
        Field("objective", N_("Objective"), Links("objective"), wall=False),
        Field("unit", N_("Unit"), Text(40), hint=N_("people, euros, per cent…")),
        Field("sort", N_("What it tells"), Choice(SORTS)),
        Field("baseline", N_("Baseline"), _NUMBER, asks=N_("How much is it today?")),
        Field("target", N_("Target"), _NUMBER, asks=N_("How much should it be?")),
        Field("due", N_("Due"), Day(), asks=N_("By when?")),
        Field(
            "values",
            N_("Values"),
            Series(),
            asks=N_("What was counted since?"),
            hint=N_("One a line: the day, a colon, the number. 31/12/2025: 40"),
        ),
    ),
    where="plan",
    shared=True,
)
