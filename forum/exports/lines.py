"""An action as documents tell it: what is said of it in words, once for the workbook, the sheets and the plan."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Final, NamedTuple

from forum.domain.plan.origin import Origin
from forum.domain.plan.rows import (
    ActionLine,
    BudgetLine,
    Goal,
    Indicator,
    Milestone,
    Promise,
    Related,
    Whole,
)
from forum.domain.plan.whole import said
from forum.domain.sheets.ambition import ACTIONS
from forum.domain.steps.themes import Theme, letter
from forum.exports.told import Archive, CommitmentOut
from forum.language import NO_BREAK, Reader

MONEY: Final = ("EUR_HT", "EUR_TTC")  # units that are euros; they are never added up together


VALUES_SHOWN: Final = 3  # of an indicator, the latest


class Line(NamedTuple):
    """One action, and what it is told with."""

    told: Archive
    whole: Whole
    reader: Reader
    action: ActionLine

    def word(self, schema: str, field: str, key: str) -> str:
        """What a choice is called."""
        found = said(schema, field, key)
        return self.reader.say(found) if found else ""


def lines(told: Archive, whole: Whole, reader: Reader) -> Iterator[Line]:
    """Every action of the plan, in its order."""
    return (Line(told, whole, reader, action) for action in whole.actions)


def goals(whole: Whole) -> Iterator[Goal]:
    """Every objective of the plan, in its order, each before those that serve it."""
    for goal in (*(goal for axis in whole.axes for goal in axis.goals), *whole.homeless):
        yield goal
        yield from goal.operational


def is_deep(whole: Whole) -> bool:
    """Whether the plan says more than axes and actions: it is meant to, or something is written that does."""
    goals = whole.homeless or any(axis.goals for axis in whole.axes)
    return whole.depth != ACTIONS or bool(goals) or any(map(_says_more, whole.actions))


def _says_more(action: ActionLine) -> bool:
    filled = (
        action.status, action.priority, action.context, action.milestones, action.publics, action.lead_org, action.partner_orgs,
        held(action), action.start, action.fte, action.resources, action.lines, action.results, action.indicators, action.watch,
        action.related, action.note, action.documents,
    )  # fmt: skip
    return any(filled) or action.progress is not None


def readable(whole: Whole, erased: str) -> Whole:
    """The same, with ``erased`` where titles stood that their author had erased."""
    axes = tuple(
        axis._replace(
            title=axis.title or erased,
            actions=tuple(_titled(a, erased) for a in axis.actions),
            loose=tuple(_titled(a, erased) for a in axis.loose),
            goals=tuple(_aim(goal, erased) for goal in axis.goals),
        )
        for axis in whole.axes
    )
    return whole._replace(axes=axes, homeless=tuple(_aim(goal, erased) for goal in whole.homeless))


def _aim(goal: Goal, erased: str) -> Goal:
    return goal._replace(
        title=goal.title or erased,
        indicators=tuple(one._replace(title=one.title or erased) for one in goal.indicators),
        operational=tuple(_aim(one, erased) for one in goal.operational),
        actions=tuple(_titled(a, erased) for a in goal.actions),
    )


def _titled(action: ActionLine, erased: str) -> ActionLine:
    def named(above: Related) -> Related:
        return above._replace(title=above.title or erased)

    return action._replace(
        title=action.title or erased,
        axis=named(action.axis),
        strategic=action.strategic and named(action.strategic),
        operational=action.operational and named(action.operational),
        related=tuple(named(one) for one in action.related),
        milestones=tuple(one._replace(title=one.title or erased) for one in action.milestones),
        indicators=tuple(one._replace(title=one.title or erased) for one in action.indicators),
        lines=tuple(one._replace(title=one.title or erased) for one in action.lines),
        promises=tuple(p._replace(text=p.text or erased) for p in action.promises),
    )


def today(told: Archive, reader: Reader) -> str:
    """The day of the last fact that is told: "late" is said of it, whatever the clock says now. ISO date."""
    return reader.moment(round(datetime.fromisoformat(told.forum.at).timestamp() * 1000)).date().isoformat()


def is_late(line: Line) -> bool:
    """Whether its day had passed."""
    return line.action.late(today(line.told, line.reader))


def pilot(line: Line) -> str:
    """Who pilots it, by name; that somebody does who gave none; "" for nobody."""
    return line.action.pilot or (line.reader.say("somebody without a name") if line.action.has_pilot else "")


def offers(line: Line) -> str:
    """Who offers to pilot it and waits for an answer."""
    names = ", ".join(filter(None, line.action.offers))
    return (
        line.reader.say("to be confirmed: {names}", names=names)
        if names and not line.action.has_pilot
        else ""
    )


def partners(line: Line) -> tuple[str, ...]:
    """People and organisations."""
    return tuple(filter(None, (*line.action.partners, *line.action.partner_orgs)))


def held(action: ActionLine) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The letters of RACI, each with names; none where nobody is named beyond the pilot."""
    raci = action.raci
    if not (raci.responsible or raci.consulted or raci.informed or raci.accountable != action.pilot):
        return ()
    return (
        ("R", raci.responsible), ("A", (raci.accountable,)), ("C", raci.consulted), ("I", raci.informed),
    )  # fmt: skip


def roles(line: Line) -> tuple[tuple[str, str], ...]:
    """The letters of RACI with names in one text."""
    found = ((key, ", ".join(filter(None, names))) for key, names in held(line.action))
    return tuple((key, names) for key, names in found if names)


def beside(told: Archive, whole: Whole) -> list[CommitmentOut]:
    """The commitments that stand at no action of the plan, in the order of their days."""
    at_actions = {promise.id for action in whole.actions for promise in action.promises}
    return sorted((one for one in told.commitments if one.id not in at_actions), key=lambda one: one.due)


def promised(reader: Reader, promise: Promise | CommitmentOut) -> str:
    """A commitment in one line."""
    return f"{promise.person or reader.say('(not named here)')} – {promise.text} ({reader.day(promise.due)})"


def origin(line: Line) -> tuple[str, ...]:
    """Themes with how many cards are in them, cards that it was linked to, what the vote gave: counted, nobody named."""
    reader, comes = line.reader, line.action.origin
    said_ = [
        _of_theme(reader, theme, size)
        for theme, size in zip(comes.themes, comes.sizes, strict=True)
        if not theme.removed
    ]
    if comes.ideas:
        said_.append(reader.say_many("from {n} card", "from {n} cards", comes.ideas))
    if comes.supporters:
        said_.append(_supported(reader, comes))
    return tuple(said_)


def _supported(reader: Reader, comes: Origin) -> str:
    """How many the vote showed; of several choices the greatest number, since nobody counts who supported any of them."""
    if len(comes.votes) > 1:
        return reader.say_many(
            "in the vote, up to {n} person for one choice",
            "in the vote, up to {n} people for one choice",
            comes.supporters,
        )
    return reader.say_many(
        "supported by {n} person in the vote", "supported by {n} people in the vote", comes.supporters
    )


def _of_theme(reader: Reader, theme: Theme, cards: int) -> str:
    title = lettered(letter(theme.number), theme.title)
    if not cards:
        return reader.say("theme “{title}”", title=title)
    said_ = reader.say_many("theme “{title}” ({n} card)", "theme “{title}” ({n} cards)", cards, title=title)
    before, opens, counted = said_.rpartition("(")
    return before + opens + counted.replace(" ", NO_BREAK)


def amount(reader: Reader, value: Decimal | None) -> str:
    """A number as the reader writes it; "" for none."""
    return "" if value is None else reader.number(int(value) if value == int(value) else float(value))


def with_unit(line: Line, budget: BudgetLine, value: Decimal | None) -> str:
    """An amount with its unit; cents where there are any."""
    if value is None:
        return ""
    unit = line.word("budget_line", "unit", budget.unit)
    return f"{figure(line.reader, value)}\u00a0{unit}".strip("\u00a0")


def figure(reader: Reader, value: Decimal) -> str:
    """An amount without its unit; cents where there are any."""
    euros, _, cents = f"{value:.2f}".partition(".")
    point = "," if reader.lang == "fr" else "."
    return reader.number(int(euros)) + (f"{point}{cents}" if value != int(value) else "")


def lettered(letter: str, title: str) -> str:
    """A title behind the letter or the code by which it is known, where it has one."""
    return f"{letter} – {title}" if letter else title


def labelled(reader: Reader, what: str, words: str) -> str:
    """What it is, and what is said of it, with the language's colon."""
    return reader.say("{what}: {words}", what=what, words=words)


def funder(line: Line, budget: BudgetLine) -> str:
    """Who pays a budget line, how much, and how sure that is."""
    who, planned = payer(line, budget), with_unit(line, budget, budget.planned)
    return labelled(line.reader, who, planned) if planned else who


def payer(line: Line, budget: BudgetLine) -> str:
    """Who pays a budget line, and how sure that is."""
    funding = line.word("budget_line", "funding", budget.funding)
    return f"{budget.funder} ({funding})" if budget.funder and funding else budget.funder or funding


def target(reader: Reader, indicator: Indicator) -> str:
    """An indicator with its target, in one line."""
    aim = amount(reader, indicator.target)
    aimed = " ".join(filter(None, (aim, indicator.unit)))
    return f"{indicator.title} ({aimed})" if aim else indicator.title


def measured(reader: Reader, indicators: Iterable[Indicator]) -> list[str]:
    """Indicators, each in one line with its latest values."""
    return [_measured(reader, one) for one in indicators]


def _measured(reader: Reader, one: Indicator) -> str:
    values = ", ".join(
        f"{amount(reader, point.number)} ({reader.day(point.day)})" for point in one.values[-VALUES_SHOWN:]
    )
    aim = _aimed(reader, one)
    title = f"{one.title} ({aim})" if aim else one.title
    return labelled(reader, title, values) if values else title


def _aimed(reader: Reader, one: Indicator) -> str:
    """From how many to how many by when, as far as it was said."""
    start, aim = amount(reader, one.baseline), amount(reader, one.target)
    if not aim:
        return reader.say("{number} at the start", number=f"{start} {one.unit}".strip()) if start else ""
    aimed = f"{aim} {one.unit}".strip()
    said_ = reader.say("from {start} to {aim}", start=start, aim=aimed) if start else aimed
    return f"{said_} {reader.say('by {day}', day=reader.day(one.due))}" if one.due else said_


def due(reader: Reader, milestone: Milestone) -> str:
    """A milestone with its day, or when it was done."""
    if milestone.done:
        when = reader.say("done on {day}", day=reader.day(milestone.done))
    else:
        when = reader.day(milestone.due) if milestone.due else ""
    return f"{milestone.title} ({when})" if when else milestone.title
