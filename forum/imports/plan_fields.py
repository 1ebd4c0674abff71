"""What the columns of a plan can hold: each field once, by the names that our own documents give it in both languages, and by
those of the workbook of *Territoires en transitions*.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Final, Literal, NamedTuple

from forum.domain.kernel import N_
from forum.domain.sheets.action_sheet import PRIORITIES, STATUSES
from forum.exports import territoires
from forum.imports import values
from forum.imports.columns import Target, bare, names
from forum.imports.values import Wrong
from forum.language import LANGUAGES, Reader

Reads = Callable[[str, Reader], str | Wrong]
"""What stands in a cell, as the field keeps it."""
Words = Callable[[str, Reader], str]
"""What a field holds, as a reader takes it."""
OF_ACTION: Final = "action"
OF_SHEET: Final = "sheet"


class PlanField(NamedTuple):
    """One thing that a column can say of an action."""

    key: str  # the field's own name, where it is one
    label: str  # as our documents head it
    also: tuple[str, ...] = ()  # what others call it
    of: Literal["", "action", "sheet"] = ""  # whose field; "": neither's
    reads: Reads = lambda cell, reader: values.line(cell)
    words: Words = lambda held, reader: held
    several: bool = False


def text(cell: str, reader: Reader) -> str:
    return cell.strip()


def lines(cell: str, reader: Reader) -> str:
    return values.lines(cell)


def day(cell: str, reader: Reader) -> str | Wrong:
    return values.day(cell)


def number(cell: str, reader: Reader) -> str | Wrong:
    return values.number(cell)


def as_day(held: str, reader: Reader) -> str:
    return reader.day(held) if held else ""


def label(options: tuple[tuple[str, str], ...]) -> Words:
    return lambda held, reader: next((reader.say(label) for key, label in options if key == held), held)


def one_of(options: tuple[tuple[str, str], ...], also: Mapping[str, str]) -> Reads:
    @cache
    def words() -> dict[str, str]:
        said = {bare(Reader(lang).say(label)): key for lang in LANGUAGES for key, label in options}
        return said | {bare(word): key for word, key in also.items()}

    def read(cell: str, reader: Reader) -> str | Wrong:
        return values.choice(cell, words(), ", ".join(reader.say(label) for _, label in options))

    return read


ALSO_STATUS: Final = {word: key for key, word in territoires.STATUSES.items()} | {
    "terminé": "done", "en retard": "in_progress",  # late follows from the day
}  # fmt: skip
ALSO_PRIORITY: Final = {word: key for key, word in territoires.PRIORITIES.items()} | {
    "élevée": "high", "haut": "high", "haute": "high", "basse": "low", "faible": "low",
}  # fmt: skip

ID, AXIS, STRATEGIC, OPERATIONAL, TITLE, MILESTONE = (
    "id",
    "axis",
    "strategic",
    "operational",
    "title",
    "milestone",
)
PILOT, PARTNERS, ROLES, RELATED, FUNDER, BEFORE_TAX, WITH_TAX, TOTAL_BEFORE, TOTAL_WITH = (
    "pilot", "partners", "roles", "related", "funder", "EUR_HT", "EUR_TTC", "total_HT", "total_TTC",
)  # fmt: skip

FIELDS: Final[tuple[PlanField, ...]] = (
    PlanField(ID, N_("Action ID")),
    PlanField(AXIS, N_("Axis")),
    PlanField(STRATEGIC, N_("Strategic objective")),
    PlanField(OPERATIONAL, N_("Operational objective")),
    PlanField(TITLE, N_("Action"), ("Titre de l'action", "Intitulé de l'action")),
    PlanField(MILESTONE, N_("Milestone of the action"), ("Titre de la sous-action",)),
    PlanField("description", N_("Description"), (), OF_ACTION, text),
    PlanField("first_step", N_("First step"), (), OF_ACTION),
    PlanField("first_step_due", N_("First step by"), (), OF_ACTION, day, as_day),
    PlanField("due", N_("Due"), ("Échéance",), OF_ACTION, day, as_day),
    PlanField("budget", N_("Budget"), (), OF_ACTION),
    PlanField("status", N_("Status"), (), OF_SHEET, one_of(STATUSES, ALSO_STATUS), label(STATUSES)),
    PlanField("priority", N_("Priority"), (), OF_SHEET, one_of(PRIORITIES, ALSO_PRIORITY), label(PRIORITIES)),
    PlanField("progress", N_("Progress (%)"), ("Avancement (%)",), OF_SHEET, number),
    PlanField("start", N_("Begins on"), (), OF_SHEET, day, as_day),
    PlanField("context", N_("Context"), (), OF_SHEET, text),
    PlanField("publics", N_("Target groups"), ("Publics cibles",), OF_SHEET, lines),
    PlanField("results", N_("Expected results"), (), OF_SHEET, lines),
    PlanField("lead_org", N_("Lead organisation"), (), OF_SHEET),
    PlanField(PILOT, N_("Pilot")),
    PlanField(PARTNERS, N_("Partners")),
    PlanField(ROLES, N_("Roles (RACI)")),
    PlanField("fte", N_("Human resources (FTE)"), (), OF_SHEET, number),
    PlanField("resources", N_("Material resources"), (), OF_SHEET, lines),
    PlanField(FUNDER, N_("Funder"), several=True),
    PlanField(BEFORE_TAX, N_("Amount of the funder, € before tax"), ("Montant € HT",), "", number, several=True),
    PlanField(WITH_TAX, N_("Amount of the funder, € with tax"), (), "", number, several=True),
    PlanField(TOTAL_BEFORE, N_("Budget in all, € before tax"), ("Budget prévisionnel total € HT",), "", number),
    PlanField(TOTAL_WITH, N_("Budget in all, € with tax"), (), "", number),
    PlanField("note", N_("Follow-up note"), ("Notes", "Notes de suivi"), OF_SHEET, text),
    PlanField("watch", N_("Watch points"), (), OF_SHEET, lines),
    PlanField(RELATED, N_("Related actions")),
    PlanField("documents", N_("Documents and links"), (), OF_SHEET, lines),
)  # fmt: skip
BY_KEY: Final = {field.key: field for field in FIELDS}
HELP: Final = (
    "champ texte", "champ numérique", "champ liste", "champ date", "champ binaire", "➔", "si vos ", "texte court",
    "ce champ ne sera", "ces informations devront", "saisissez un", "choisissez l'option", "créez sous la forme",
)  # fmt: skip
"""How explanations begin that stand in that workbook where nothing is filled in."""


@cache
def targets() -> tuple[Target, ...]:
    """What a column of a plan can be taken for."""
    said = [Reader(lang) for lang in LANGUAGES]
    return tuple(
        Target(
            one.key,
            one.label,
            names(*(reader.say(one.label) for reader in said), *one.also, *_theirs(one.key)),
            one.several,
        )
        for one in FIELDS
    )


def _theirs(key: str) -> list[str]:
    """What *Territoires en transitions* calls a field."""
    return [column.heading for column in territoires.COLUMNS if column.key == key]
