"""The objective: what an axis is to have reached, why, how one will know, and by when."""

from forum.domain.kernel import N_
from forum.domain.limits import Text
from forum.domain.sheets.fields import Amount, Links
from forum.domain.sheets.schema import Field, Schema

OBJECTIVE = Schema(
    name="objective",
    title=N_("Objectives"),
    write=N_("Write an objective"),
    yours=N_("Your objective"),
    made=N_("wrote an objective"),
    edited=N_("changed an objective"),
    removed=N_("removed an objective"),
    worked_on=N_("This step takes up the objectives from %(steps)s."),
    fields=(
        Field(
            "title",
            N_("Objective"),
            Text(200),
            needed=True,
            asks=N_("What do we want to achieve?"),
            hint=N_("Start with a verb: to open, to double, to train…"),
        ),
        Field(
            "why",
            N_("Reason"),
            Text(600, lines=True),
            asks=N_("Why?"),
            hint=N_("What is the situation today, and for whom?"),
            wall=False,
        ),
        Field(
            "indicator",
            N_("Indicator"),
            Text(200),
            asks=N_("How will we know?"),
            hint=N_("What is counted, and its target: 40 members trained."),
        ),
        Field("horizon", N_("Horizon"), Amount(2000, 2100), asks=N_("By which year?")),
        Field("axis", N_("Axis"), Links("axis"), asks=N_("Under which axis?"), wall=False, numbers=True),
        Field(
            "under",
            N_("Strategic objective"),
            Links("objective"),
            asks=N_("Which strategic objective does it serve?"),
            hint=N_("Nothing where it is one itself."),
            by="desk",  # the room writes what it wants to achieve; how it hangs together comes later
            wall=False,
            numbers=True,
        ),
    ),
    where="both",
    shared=True,
)
