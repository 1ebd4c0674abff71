"""The ambition: what the whole plan is for, over how many years, and how deep the plan goes."""

from typing import Final

from forum.domain.kernel import N_
from forum.domain.limits import Text
from forum.domain.sheets.fields import Amount, Choice, Day
from forum.domain.sheets.schema import Field, Schema

ACTIONS, OBJECTIVES, WHOLE = "actions", "objectives", "whole"
DEPTHS: Final = (
    (ACTIONS, N_("axes and actions, nothing else")),
    (OBJECTIVES, N_("with objectives between axes and actions")),
    (WHOLE, N_("with objectives, milestones, indicators, budget and roles")),
)
MOST_YEARS: Final = 3

AMBITION = Schema(
    name="ambition",
    title=N_("Ambition"),
    write=N_("Write the ambition"),
    yours=N_("Your ambition"),
    made=N_("wrote the ambition"),
    edited=N_("changed the ambition"),
    removed=N_("removed the ambition"),
    worked_on=N_("This step takes up the ambition from %(steps)s."),
    fields=(
        Field(
            "ambition",
            N_("Ambition"),
            Text(600, lines=True),
            asks=N_("What do we want to have become, together?"),
            hint=N_("A sentence that everybody can say again."),
        ),
        Field(
            "first_year", N_("First year"), Amount(2000, 2100), asks=N_("The plan’s first year"), by="desk"
        ),
        Field(
            "years",
            N_("Years"),
            Amount(1, MOST_YEARS),
            asks=N_("For how many years, one to three?"),
            by="desk",
        ),
        Field(
            "depth",
            N_("Depth"),
            Choice(DEPTHS),
            asks=N_("How deep does the plan go?"),
            by="desk",
            numbers=True,
        ),
        Field("adopted", N_("Adopted on"), Day(), asks=N_("On which day was it adopted?"), by="desk"),
    ),
    where="plan",
    over="forum",
)
