"""The sheet of an action: its rows, in the order that French public plans have. Each says itself, or says nothing."""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from forum.domain.kernel import N_
from forum.domain.plan.rows import BudgetLine
from forum.exports import lines as told_as
from forum.exports.book import Drawn, Fact, Facts
from forum.exports.books.face import day
from forum.exports.books.spending import spending
from forum.exports.lines import Line
from forum.exports.tables import gap_words, reason


class Row(NamedTuple):
    """One row."""

    label: str
    says: Callable[[Line], Sequence[str]]
    lacks: str = ""  # the gap that it says where nothing was filled in: somebody should
    strong: bool = False
    above: bool = False  # what it belongs to: left out where the document says so above it
    draws: Callable[[Line], Drawn | None] = lambda line: None  # the same as a table, where one can be drawn


def _axis(line: Line) -> Sequence[str]:
    return [f"{line.action.axis.code} – {line.action.axis.title}"]


def _strategic(line: Line) -> Sequence[str]:
    above = line.action.strategic
    return [f"{above.code} – {above.title}"] if above else []


def _operational(line: Line) -> Sequence[str]:
    above = line.action.operational
    return [f"{above.code} – {above.title}"] if above else []


def _standing(line: Line) -> Sequence[str]:
    action, say = line.action, line.reader.say
    late = say("late") if told_as.is_late(line) else ""
    priority = line.word("action_sheet", "priority", action.priority)
    words = [
        line.word("action_sheet", "status", action.status),
        late,
        say("priority: {priority}", priority=priority) if priority else "",
    ]
    return _one(" · ".join(filter(None, words)))


def _first_step(line: Line) -> Sequence[str]:
    step, due = line.action.first_step, day(line.reader, line.action.first_step_due)
    if not step:
        return _one(line.reader.say("by {day}", day=due) if due else "")
    return [f"{step} ({due})" if due else step]


def _lead(line: Line) -> Sequence[str]:
    return _filled((line.action.lead_org, told_as.pilot(line) or told_as.offers(line)))


def _roles(line: Line) -> Sequence[str]:
    words = {
        "R": N_("does the work"),
        "A": N_("answers for it"),
        "C": N_("is asked first"),
        "I": N_("is told"),
    }
    return [
        told_as.labelled(line.reader, f"{key} ({line.reader.say(words[key])})", names)
        for key, names in told_as.roles(line)
    ]


def _years(line: Line) -> Sequence[str]:
    years = line.whole.years
    if len(years) < 2:
        return []
    return ["   ".join(f"{'☑' if year in line.action.years else '☐'} {year}" for year in years)]


def _resources(line: Line) -> Sequence[str]:
    fte = told_as.amount(line.reader, line.action.fte)
    return _filled((line.reader.say("{number} FTE", number=fte) if fte else "", *line.action.resources))


def _budget(line: Line) -> Sequence[str]:
    return _filled((line.action.budget, *(_spent(line, one) for one in line.action.lines), *_sums(line)))


def _budget_drawn(line: Line) -> Drawn | None:
    table = spending(line)
    return Drawn(_one(line.action.budget), table) if table else None


def _spent(line: Line, one: BudgetLine) -> str:
    nature = line.word("budget_line", "nature", one.nature)
    head = " · ".join(filter(None, (str(one.year or ""), one.title, nature)))
    planned, actual = (told_as.with_unit(line, one, value) for value in (one.planned, one.actual))
    spent = line.reader.say("{amount} spent", amount=actual) if actual else ""
    return told_as.labelled(
        line.reader, head, ", ".join(filter(None, (planned, spent, told_as.payer(line, one))))
    )


def _sums(line: Line) -> Sequence[str]:
    found = []
    for unit in dict.fromkeys(one.unit for one in line.action.lines):
        of_unit = [one for one in line.action.lines if one.unit == unit]
        if len(of_unit) > 1:
            planned = sum((one.planned or Decimal() for one in of_unit), start=Decimal())
            found.append(
                line.reader.say("In all: {amount}", amount=told_as.with_unit(line, of_unit[0], planned))
            )
    return found


def _indicators(line: Line) -> Sequence[str]:
    return told_as.measured(line.reader, line.action.indicators)


def _follow_up(line: Line) -> Sequence[str]:
    progress = (
        line.reader.say("{number}% done", number=line.action.progress)
        if line.action.progress is not None
        else ""
    )
    return _filled((progress, *line.action.note.split("\n")))


SHEET: Final[tuple[Row, ...]] = (
    Row(N_("Axis"), _axis, above=True),
    Row(N_("Strategic objective"), _strategic, above=True),
    Row(N_("Operational objective"), _operational),
    Row(N_("Action"), lambda line: [line.action.title], strong=True, above=True),
    Row(N_("Status"), _standing),
    Row(N_("Context"), lambda line: _filled(line.action.context.split("\n"))),
    Row(N_("Description"), lambda line: _filled(line.action.description.split("\n"))),
    Row(N_("First step"), _first_step, lacks="first_step"),
    Row(N_("Milestones"), lambda line: [told_as.due(line.reader, one) for one in line.action.milestones]),
    Row(N_("Target groups"), lambda line: line.action.publics),
    Row(N_("Pilot"), _lead, lacks="pilot"),
    Row(N_("Partners"), lambda line: _one(", ".join(told_as.partners(line)))),
    Row(N_("Roles (RACI)"), _roles),
    Row(N_("Begins on"), lambda line: _one(day(line.reader, line.action.start))),
    Row(N_("Due"), lambda line: _one(day(line.reader, line.action.due)), lacks="due"),
    Row(N_("Years"), _years),
    Row(N_("Human and material resources"), _resources),
    Row(N_("Budget and funding"), _budget, draws=_budget_drawn),
    Row(N_("Expected results"), lambda line: line.action.results),
    Row(N_("Indicators"), _indicators),
    Row(N_("Watch points"), lambda line: line.action.watch),
    Row(N_("Related actions"), lambda line: [f"{one.code} {one.title}" for one in line.action.related]),
    Row(N_("Follow-up"), _follow_up),
    Row(N_("Where it comes from"), told_as.origin),
    Row(N_("Commitments"), lambda line: [told_as.promised(line.reader, one) for one in line.action.promises]),
    Row(N_("Documents and links"), lambda line: line.action.documents),
    Row(
        N_("Reason given at the end"),
        lambda line: _one(reason(line.told, line.action)),
    ),
)


def facts(line: Line, *, above: bool = True) -> Facts:
    """An action's sheet. ``above``: with what it belongs to."""
    filled = [(row, _filled(row.says(line))) for row in SHEET if above or not row.above]
    return Facts(
        [
            Fact(
                line.reader.say(row.label),
                said,
                row.strong,
                gap_words(line.reader, row.lacks) if row.lacks else "",
                row.draws(line),
            )
            for row, said in filled
            if said or row.lacks
        ]
    )


def called(line: Line) -> str:
    """An action by its code."""
    return line.reader.say("Action {code}", code=line.action.code)


def _filled(texts: Iterable[str]) -> list[str]:
    return [text for text in texts if text.strip()]


def _one(text: str) -> list[str]:
    return _filled((text,))
