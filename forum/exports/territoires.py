"""The plan as a workbook of *Territoires en transitions*, the State's tool for plans of towns: its sections, its columns, its words.

Always in French, whoever reads it: another program reads the headings. ``imports`` reads the same columns by the same names. What
that workbook has no column for stays in our own. Pure.
"""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Final, NamedTuple

from forum.domain.plan.rows import BudgetLine, Whole
from forum.exports import lines as told_as
from forum.exports.fields import Cell, as_day
from forum.exports.lines import Line, lines
from forum.exports.page import Page
from forum.exports.told import Archive
from forum.language import Reader

WHAT, AIMS, WHO, HOW, LINKED = (
    "Présentation de l’action", "Objectifs et indicateurs", "Acteurs", "Modalités de mise en oeuvre", "Actions liées",
)  # fmt: skip
STATUSES: Final = {
    "planned": "À venir", "in_progress": "En cours", "done": "Réalisé", "paused": "En pause", "dropped": "Abandonné",
    "blocked": "Bloqué", "to_discuss": "À discuter",
}  # fmt: skip
PRIORITIES: Final = {"high": "Élevé", "medium": "Moyen", "low": "Bas"}
MOST_FUNDERS: Final = 3
WITH_TAX: Final = "EUR_TTC"


class Column(NamedTuple):
    """One column; ``key``: what ``imports`` takes it for, "" for nothing."""

    section: str
    heading: str
    key: str
    cell: Callable[[Line], Cell]


def _nothing(line: Line) -> Cell:
    return ""


def _axis(line: Line) -> Cell:
    return f"{line.action.axis.code}. {line.action.axis.title}"


def _strategic(line: Line) -> Cell:
    goal = line.action.strategic
    return f"{goal.code}. {goal.title}" if goal else ""


def _operational(line: Line) -> Cell:
    goal = line.action.operational
    return f"{goal.code}. {goal.title}" if goal else ""


def _funded(line: Line) -> list[BudgetLine]:
    """What is paid by whom with tax, as that workbook counts; other lines stay in ours."""
    return [
        one for one in line.action.lines if one.funder and one.planned is not None and one.unit == WITH_TAX
    ]


def _funder(n: int) -> Callable[[Line], Cell]:
    return lambda line: _funded(line)[n].funder if len(_funded(line)) > n else ""


def _amount(n: int) -> Callable[[Line], Cell]:
    return lambda line: _funded(line)[n].planned if len(_funded(line)) > n else None


def _total(line: Line) -> Cell:
    planned = [one.planned for one in line.action.lines if one.planned is not None and one.unit == WITH_TAX]
    return sum(planned, Decimal()) if planned else None


def _means(line: Line) -> Cell:
    human = [f"{line.action.fte:f} ETP".replace(".", ",")] if line.action.fte is not None else []
    return _lines((*human, *line.action.resources))


def _calendar(line: Line) -> Cell:
    french = Reader("fr", line.reader.zone)
    first = (line.action.first_step, line.action.first_step_due)
    steps = [first, *((one.title, one.due) for one in line.action.milestones)]
    return _lines(f"{title} ({french.day(due)})" if due else title for title, due in steps if title)


COLUMNS: Final[tuple[Column, ...]] = (
    Column(WHAT, "Axe (x)", "axis", _axis),
    Column(WHAT, "Sous-axe (x.x)", "strategic", _strategic),
    Column(WHAT, "Sous-sous axe (x.x.x)", "operational", _operational),
    Column(WHAT, "Titre de la fiche action", "title", lambda line: line.action.title),
    Column(WHAT, "Descriptif", "description", lambda line: line.action.description),
    Column(WHAT, "Thématique principale", "", _nothing),
    Column(WHAT, "Sous-thématiques", "", _nothing),
    Column(AIMS, "Objectifs", "context", lambda line: line.action.context),
    Column(
        AIMS,
        "Indicateurs liés",
        "",
        lambda line: _lines(told_as.target(line.reader, one) for one in line.action.indicators),
    ),
    Column(AIMS, "Résultats attendus", "results", lambda line: _lines(line.action.results)),
    Column(WHO, "Cibles", "publics", lambda line: _lines(line.action.publics)),
    Column(WHO, "Structure pilote", "lead_org", lambda line: line.action.lead_org),
    Column(WHO, "Moyens humains et techniques", "resources", _means),
    Column(WHO, "Partenaires", "partners", lambda line: _lines(told_as.partners(line))),
    Column(WHO, "Service-département-pôle pilote", "", _nothing),
    Column(WHO, "Personne pilote", "pilot", lambda line: line.action.pilot),
    Column(WHO, "Élu·e référent·e", "", _nothing),
    Column(HOW, "Financements", "budget", lambda line: line.action.budget),
    *(
        column
        for n in range(MOST_FUNDERS)
        for column in (
            Column(HOW, f"Financeur {n + 1}", "funder", _funder(n)),
            Column(HOW, "Montant € TTC", WITH_TAX, _amount(n)),
        )
    ),
    Column(HOW, "Budget prévisionnel total € TTC", "total_TTC", _total),
    Column(HOW, "Statut", "status", lambda line: STATUSES.get(line.action.status, "")),
    Column(HOW, "Niveau de priorité", "priority", lambda line: PRIORITIES.get(line.action.priority, "")),
    Column(HOW, "Date de début", "start", lambda line: as_day(line.action.start)),
    Column(HOW, "Date de fin", "due", lambda line: as_day(line.action.due)),
    Column(HOW, "Action en amélioration continue", "", _nothing),
    Column(HOW, "Calendrier", "", _calendar),
    Column(
        LINKED,
        "Actions liées",
        "related",
        lambda line: "; ".join(f"{a.code} {a.title}" for a in line.action.related),
    ),
    Column(LINKED, "Fiches des plans liées", "", _nothing),
    Column(LINKED, "Notes complémentaires", "note", lambda line: line.action.note),
    Column(LINKED, "Documents et liens", "documents", lambda line: _lines(line.action.documents)),
)


def pages(told: Archive, whole: Whole, reader: Reader) -> Iterator[Page]:
    """Its one sheet: a row an action."""
    rows = [[column.cell(line) for column in COLUMNS] for line in lines(told, whole, reader)]
    sections: dict[str, int] = {}
    for column in COLUMNS:
        sections[column.section] = sections.get(column.section, 0) + 1
    at = {column.key: number for number, column in enumerate(COLUMNS)}
    yield Page(
        title="Plan d'action",
        headings=[column.heading for column in COLUMNS],
        rows=rows,
        sections=list(sections.items()),
        frozen=4,
        wide=True,
        days=[at["start"], at["due"]],
        choices={at["status"]: list(STATUSES.values()), at["priority"]: list(PRIORITIES.values())},
    )


def _lines(texts: Iterator[str] | tuple[str, ...]) -> str:
    return "\n".join(filter(None, texts))
