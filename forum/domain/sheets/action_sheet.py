"""The action sheet: what is said of an action beyond what, who and by when. It lies over its action."""

from typing import Final

from forum.domain.kernel import N_
from forum.domain.limits import Text
from forum.domain.sheets.fields import Amount, Choice, Day, Links, Persons, Someone
from forum.domain.sheets.schema import Field, Schema

STATUSES: Final = (
    ("planned", N_("to come")),
    ("in_progress", N_("in progress")),
    ("done", N_("completed")),
    ("paused", N_("paused")),
    ("blocked", N_("blocked")),
    ("dropped", N_("dropped")),
    ("to_discuss", N_("to discuss")),
)
PRIORITIES: Final = (("high", N_("high")), ("medium", N_("medium")), ("low", N_("low")))
ONE_A_LINE: Final = N_("One a line.")
NAMES: Final = N_("Names from the room, with commas between.")

ACTION_SHEET = Schema(
    name="action_sheet",
    title=N_("Action sheets"),
    write=N_("Fill in the action sheet"),
    yours=N_("Your action sheet"),
    made=N_("filled in an action sheet"),
    edited=N_("changed an action sheet"),
    removed=N_("removed an action sheet"),
    worked_on=N_("This step takes up the action sheets from %(steps)s."),
    fields=(
        Field("status", N_("Status"), Choice(STATUSES), part=N_("Where it stands")),
        Field("priority", N_("Priority"), Choice(PRIORITIES)),
        Field("progress", N_("Progress, in per cent"), Amount(0, 100)),
        Field("note", N_("Follow-up note"), Text(1000, lines=True), asks=N_("What is new since last time?")),
        Field("objective", N_("Objective"), Links("objective"), asks=N_("Which objective does it serve?"),
              part=N_("Why, and for whom"), numbers=True),
        Field("context", N_("Context"), Text(1000, lines=True), asks=N_("What is the situation today?")),
        Field("publics", N_("Target groups"), Text(600, lines=True), hint=ONE_A_LINE),
        Field("results", N_("Expected results"), Text(1000, lines=True), hint=ONE_A_LINE),
        Field("lead_org", N_("Lead organisation"), Text(120), part=N_("Who does what")),
        Field("partner_orgs", N_("Partner organisations"), Text(600, lines=True), hint=ONE_A_LINE),
        Field("responsible", N_("Responsible (R)"), Persons(), asks=N_("Who does the work? (R)"), hint=NAMES),
        Field("accountable", N_("Accountable (A)"), Someone(), asks=N_("Who answers for it? (A)"),
              hint=N_("One person. As long as nobody is named here, it is the pilot.")),
        Field("consulted", N_("Consulted (C)"), Persons(), asks=N_("Who is asked first? (C)"), hint=NAMES),
        Field("informed", N_("Informed (I)"), Persons(), asks=N_("Who is told? (I)"), hint=NAMES),
        Field("start", N_("Begins on"), Day(past=True), part=N_("When, and with what")),
        Field("fte", N_("Human resources (FTE)"), Amount(0, 1000, places=2)),
        Field("resources", N_("Material resources"), Text(600, lines=True), hint=ONE_A_LINE),
        Field("watch", N_("Watch points"), Text(1000, lines=True), hint=ONE_A_LINE, part=N_("To keep in mind")),
        Field("related", N_("Related actions"), Links("action", most=10)),
        Field("documents", N_("Documents and links"), Text(1000, lines=True), hint=ONE_A_LINE),
    ),
    where="plan",
    over="action",
    shared=True,
)  # fmt: skip
