"""The whole plan as values: what each part of it is, once numbers are said, names resolved and links followed.

``whole`` reads them. Choices are told by their keys, whose words the schemas have (``whole.said``); days are ISO dates, ""
for none.
"""

from decimal import Decimal
from typing import NamedTuple

from forum.domain.kernel import Millis
from forum.domain.plan.origin import Origin
from forum.domain.steps.themes import Theme

OVER: frozenset[str] = frozenset({"done", "dropped"})
"""Statuses of an action that can no longer be late."""


class Point(NamedTuple):
    """A value of an indicator."""

    day: str  # ISO date
    number: Decimal


class Indicator(NamedTuple):
    id: str
    title: str
    unit: str
    sort: str  # key: output, outcome, impact; "": not said
    baseline: Decimal | None
    target: Decimal | None
    due: str  # ISO date; "" for none, here and below
    values: tuple[Point, ...]  # the earliest first


class Milestone(NamedTuple):
    id: str
    title: str
    due: str
    done: str


class BudgetLine(NamedTuple):
    id: str
    title: str
    year: int | None
    nature: str  # key: running, investment
    unit: str  # key: EUR_HT, EUR_TTC, ETP
    planned: Decimal | None
    actual: Decimal | None
    funder: str
    funding: str  # key: secured, requested, sought


class Total(NamedTuple):
    """What budget lines add up to that share these; euros before and with tax and full-time equivalents never together."""

    axis: int  # number
    year: int | None
    nature: str
    unit: str
    planned: Decimal
    actual: Decimal


class Raci(NamedTuple):
    """Who does what, by name."""

    responsible: tuple[str, ...]
    accountable: str  # one at most: as named, else the pilot
    consulted: tuple[str, ...]
    informed: tuple[str, ...]


class Promise(NamedTuple):
    """A commitment."""

    id: str
    person: str  # "" where its author is not for these readers, or gave no name
    text: str
    due: str


class Related(NamedTuple):
    """Another action or an objective, as it is named beside one."""

    id: str
    code: str
    title: str


class ActionLine(NamedTuple):
    """An action with all that is said of it, in the order of an action sheet."""

    id: str
    code: str
    axis: Related
    strategic: Related | None
    operational: Related | None
    title: str
    status: str  # key; "": not said
    priority: str  # key
    context: str
    description: str
    first_step: str
    first_step_due: str
    milestones: tuple[Milestone, ...]  # by day, those without one last
    publics: tuple[str, ...]
    lead_org: str
    pilot: str  # name; "" for none, or for one without a name
    has_pilot: bool
    offers: tuple[str, ...]
    partners: tuple[str, ...]  # names
    partner_orgs: tuple[str, ...]
    raci: Raci
    start: str
    due: str
    years: tuple[int, ...]  # in which it goes on
    fte: Decimal | None
    resources: tuple[str, ...]
    budget: str  # in one line, as people wrote it
    lines: tuple[BudgetLine, ...]  # by year
    results: tuple[str, ...]
    indicators: tuple[Indicator, ...]
    watch: tuple[str, ...]
    related: tuple[Related, ...]
    progress: int | None  # per cent
    note: str
    changed_at: Millis  # when its sheet was last changed; where it has none, when it was made
    documents: tuple[str, ...]
    origin: Origin
    promises: tuple[Promise, ...]
    gaps: tuple[str, ...]  # pilot, due, first_step (P5)
    session: str  # id: in which it was made; "": in none

    def late(self, today: str) -> bool:
        """Whether its day has passed on an ISO date, and it still goes on (I11)."""
        return bool(self.due) and self.due < today and self.status not in OVER


class Goal(NamedTuple):
    """An objective."""

    id: str
    code: str  # "1.2"; of an operational one "1.2.a"; "" of one that stands under no axis
    title: str
    why: str
    indicator: str  # in one line
    horizon: int | None  # year
    indicators: tuple[Indicator, ...]
    operational: tuple["Goal", ...]
    actions: tuple[ActionLine, ...]  # that serve it, or one of its operational ones


class AxisPart(NamedTuple):
    """An axis with all that stands under it."""

    id: str
    number: int
    title: str
    themes: tuple[Theme, ...]  # it comes from these
    goals: tuple[Goal, ...]
    actions: tuple[ActionLine, ...]  # all of them, in order
    loose: tuple[ActionLine, ...]  # those that serve none of its objectives


class Whole(NamedTuple):
    """The plan of a forum."""

    ambition: str
    years: tuple[int, ...]  # of its period
    depth: str  # key of ``ambition.DEPTHS``
    adopted: str
    axes: tuple[AxisPart, ...]
    homeless: tuple[Goal, ...]  # objectives under no axis
    promises: tuple[Promise, ...]  # for the whole, or for what is no longer in it
    totals: tuple[Total, ...]  # by axis, year, nature and unit

    @property
    def actions(self) -> tuple[ActionLine, ...]:
        return tuple(action for axis in self.axes for action in axis.actions)

    @property
    def incomplete(self) -> tuple[ActionLine, ...]:
        """Those that lack a pilot, a first step or a date."""
        return tuple(action for action in self.actions if action.gaps)
