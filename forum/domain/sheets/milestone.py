"""The milestone: a step of an action, with its day."""

from forum.domain.kernel import N_
from forum.domain.limits import Text
from forum.domain.sheets.fields import Day, Links
from forum.domain.sheets.schema import Field, Schema

MILESTONE = Schema(
    name="milestone",
    title=N_("Milestones"),
    write=N_("Add a milestone"),
    yours=N_("Your milestone"),
    made=N_("added a milestone"),
    edited=N_("changed a milestone"),
    removed=N_("removed a milestone"),
    worked_on=N_("This step takes up the milestones from %(steps)s."),
    fields=(
        Field("title", N_("Milestone"), Text(200), needed=True, asks=N_("What will have been done?")),
        Field("action", N_("Action"), Links("action"), needed=True, wall=False),
        Field("due", N_("Due"), Day(), asks=N_("By when?")),
        Field("done", N_("Done on"), Day(past=True)),
    ),
    where="plan",
    shared=True,
)
