"""Sheets: the numbered rules, the refusals, the commands and the facts. Knows no schema by its name."""

from forum.domain.kernel import N_, Command, Fact, SheetId, StepId
from forum.domain.limits import New
from forum.domain.sheets.fields import FIELD_KINDS, Value

RULES = {
    "H1": N_(
        "A sheet has the fields of its kind; what they cannot hold is refused, and the sentence says which and why."
    ),
    "H2": N_("A sheet has at least a title; every other field can wait."),
    "H3": N_(
        "Sheets are written while their step is open, and by the desk at any time; some fields belong to "
        "the desk alone."
    ),
    "H4": N_(
        "Whoever wrote a sheet can change it and withdraw it; others can change it where the room writes "
        "it together."
    ),
    "H5": N_(
        "Whoever changes a field that somebody else has changed meanwhile is told so; nothing is "
        "overwritten silently."
    ),
    "H6": N_(
        "In a sheet people name themselves, and the facilitator names others; anyone named sees it and "
        "can take their name out."
    ),
    "H7": N_(
        "The sheets of the plan are written by the desk at any time, and by an action’s writers, for that action, while "
        "actions are written."
    ),
}
REFUSALS = {
    "no_sheet": N_("This sheet is no longer there. Look at the page again."),
    "not_written_here": N_("Such a sheet is not written in this step. Look at the page again."),
    "not_your_sheet": N_("Only the person who wrote this can change it. Ask them, or the facilitator."),
    "sheets_closed": N_("Writing is not open now. Your text is kept here. Ask the facilitator."),
    "no_field": N_("This page has a field that such a sheet does not have. Reload it, then try again."),
    "field_needed": N_("Fill in “{label}” first, then send it again."),
    "name_of_another": N_(
        "In “{label}” you can name yourself only. Write your own name or leave it; the facilitator can name others."
    ),
    "not_named": N_("This sheet does not name you. Look at the page again."),
    "field_of_desk": N_("“{label}” is filled in at the desk. Leave it as it was."),
    "not_their_plan": N_(
        "Only the desk, and those who wrote this action or take part in it, can change this. Tell them what is missing."
    ),
    "sheet_stays": N_("This sheet belongs to what it describes. Empty its fields instead."),
    "too_many_sheets": N_("There are {limit} of these already. Remove one first."),
} | {code: said for kind in FIELD_KINDS.values() for code, said in kind.refusals.items()}

Fields = dict[str, Value]


class MakeSheet(Command, frozen=True):
    """Write a sheet. The id is chosen by its creator."""

    sheet: New[SheetId]
    schema: str
    step: StepId
    fields: Fields
    lengths: dict[str, int] = {}  # of texts: graphemes, counted at the edge


class EditSheet(Command, frozen=True):
    """Change fields of a sheet; what is not given stays, "" empties a field."""

    sheet: SheetId
    schema: str
    fields: Fields
    was: Fields = {}  # what they held when whoever types began; of those that are not here nothing is said
    lengths: dict[str, int] = {}


class RemoveSheet(Command, frozen=True):
    """Take a sheet away."""

    sheet: SheetId


class TakeNameOut(Command, frozen=True):
    """Take one's own name out of a sheet that somebody else wrote, whether its step is open or not."""

    sheet: SheetId


class SheetMade(Fact, frozen=True):
    sheet: SheetId
    schema: str
    step: StepId
    fields: Fields  # those that hold something


class SheetEdited(Fact, frozen=True):
    sheet: SheetId
    schema: str
    was: Fields
    now: Fields


class SheetRemoved(Fact, frozen=True):
    sheet: SheetId


class SheetRestored(Fact, frozen=True):
    sheet: SheetId
