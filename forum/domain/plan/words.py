"""The plan: the numbered rules, the refusals, the commands and the facts."""

from typing import Annotated, Literal

from forum.domain.kernel import (
    N_,
    NOBODY,
    ActionId,
    AxisId,
    Command,
    Fact,
    IdeaId,
    PersonId,
    StepId,
    ThemeId,
)
from forum.domain.limits import Day, New, Text, Title

RULES = {
    "P1": N_(
        "The plan has 1 to 9 axes; an axis remembers the themes it comes from, an action its cards and themes."
    ),
    "P2": N_("An action has one pilot; several people may offer, and the facilitator says who it is."),
    "P3": N_(
        "Nobody becomes pilot or partner of an action without having offered, or having been named in "
        "the room."
    ),
    "P4": N_(
        "Whoever edits what somebody else has changed meanwhile is told so; nothing is overwritten silently."
    ),
    "P5": N_(
        "What is missing – pilot, date, first step – is shown as missing, on the board and in the plan."
    ),
    "P6": N_(
        "A date in the plan is a day from the forum to ten years later; one that has passed since stays until it is changed. "
        "What goes on already may have begun, and a milestone may have been reached, up to ten years before."
    ),
    "P7": N_(
        "An action can be corrected by its writers – those who wrote it or joined it – and by the desk."
    ),
}
REFUSALS = {
    "no_axis": N_("This axis is no longer in the plan. Look at the plan again."),
    "no_action": N_("This action is no longer in the plan. Look at the plan again."),
    "too_many_axes": N_("A plan has at most {limit} axes. Merge two of them first."),
    "axis_used": N_("This axis still has actions. Move or remove them first."),
    "sheet_closed": N_("Writing actions is not open now. Your text is kept here. Ask the facilitator."),
    "not_a_writer": N_(
        "Only those who wrote this action or take part in it can correct it. Take part in it first, or "
        "tell them what is missing."
    ),
    "too_many_actions": N_("The plan already has {limit} actions. Remove one first."),
    "bad_date": N_("Write the date as day, month and year, for instance 31/01/2025."),
    "due_range": N_("Choose a date from {first} to {limit}: a plan looks ahead. Then save it again."),
    "title_missing": N_("Give it a title first."),
    "no_themes": N_("There are no themes yet. Sort the cards first."),
    "none_chosen": N_("No theme is ticked. Tick those that become axes, then press again."),
}

MAX_AXES = 9
MAX_ACTIONS = 500
ActionTitle = Annotated[str, Text(200)]
FirstStep = Annotated[str, Text(300)]
FIELDS = (
    "title",
    "description",
    "first_step",
    "first_step_due",
    "due",
    "budget",
    "axis",
)
DATES = ("first_step_due", "due")


class MakeAxis(Command, frozen=True):
    """Add an axis."""

    axis: New[AxisId]
    title: Title
    themes: tuple[ThemeId, ...] = ()


class MakeAxesFromThemes(Command, frozen=True):
    """Make one axis of each theme given, in this order; none given: of every theme, best result first, unless
    somebody ``chose`` among them."""

    themes: tuple[ThemeId, ...] = ()
    chose: bool = False


class EditAxis(Command, frozen=True):
    """Give an axis another title."""

    axis: AxisId
    title: Title


class MoveAxis(Command, frozen=True):
    """Put an axis before another one, or at the end; numbers follow."""

    axis: AxisId
    before: AxisId | None = None


class RemoveAxis(Command, frozen=True):
    """Take an axis without actions out of the plan."""

    axis: AxisId


class MakeAction(Command, frozen=True):
    """Write an action under an axis, with what is known of it by then."""

    action: New[ActionId]
    axis: AxisId
    title: ActionTitle
    ideas: tuple[IdeaId, ...] = ()
    first_step: FirstStep = ""
    due: Day = ""


class EditAction(Command, frozen=True):
    """Change fields of an action; what is not given stays, "" empties a field."""

    action: ActionId
    title: ActionTitle | None = None
    description: Annotated[str, Text(2000, lines=True)] | None = None
    first_step: FirstStep | None = None
    first_step_due: Day | None = None
    due: Day | None = None
    budget: Annotated[str, Text(120)] | None = None
    axis: AxisId | None = None
    was: dict[str, str] = {}  # what fields held when whoever types began; of those not here nothing is said


class RemoveAction(Command, frozen=True):
    """Take an action out of the plan."""

    action: ActionId


class ChoosePilot(Command, frozen=True):
    """Say who pilots an action; nobody = none yet."""

    action: ActionId
    person: PersonId = NOBODY


class Volunteer(Command, frozen=True):
    """Propose myself for an action."""

    action: ActionId
    as_: Literal["pilot", "partner"]


class StepBack(Command, frozen=True):
    """I am neither pilot nor partner of this action after all."""

    action: ActionId


class AxisMade(Fact, frozen=True):
    axis: AxisId
    title: str
    themes: tuple[ThemeId, ...] = ()


class AxisRenamed(Fact, frozen=True):
    axis: AxisId
    was: str
    now: str


class AxesOrdered(Fact, frozen=True):
    was: tuple[AxisId, ...]
    now: tuple[AxisId, ...]


class AxisRemoved(Fact, frozen=True):
    axis: AxisId


class AxisRestored(Fact, frozen=True):
    axis: AxisId


class ActionMade(Fact, frozen=True):
    action: ActionId
    axis: AxisId
    title: str
    ideas: tuple[IdeaId, ...] = ()
    themes: tuple[ThemeId, ...] = ()
    step: StepId = StepId("")  # the sheet in which it was made


class ActionEdited(Fact, frozen=True):
    action: ActionId
    was: dict[str, str]
    now: dict[str, str]


class ActionRemoved(Fact, frozen=True):
    action: ActionId


class ActionRestored(Fact, frozen=True):
    action: ActionId


class PilotChosen(Fact, frozen=True):
    action: ActionId
    was: PersonId
    now: PersonId


class Volunteered(Fact, frozen=True):
    action: ActionId
    person: PersonId
    as_: Literal["pilot", "partner"]


class SteppedBack(Fact, frozen=True):
    action: ActionId
    person: PersonId
