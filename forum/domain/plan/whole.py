"""The whole plan, read in the order of a document: one reading for every page and every file that tells it.

``rows`` has the values. What nobody may read is not in them (``origin``, E3). Reads no clock: what is late depends on the
day that is asked for.
"""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal

from forum.domain.kernel import PersonId, SheetId
from forum.domain.plan import numbers
from forum.domain.plan.numbers import Placed
from forum.domain.plan.origin import Origin, Roots, origin, roots
from forum.domain.plan.reading import gaps, live_axes, made_in
from forum.domain.plan.record import Axis
from forum.domain.plan.rows import (
    ActionLine,
    AxisPart,
    BudgetLine,
    Goal,
    Indicator,
    Milestone,
    Point,
    Promise,
    Raci,
    Related,
    Total,
    Whole,
)
from forum.domain.sheets import SCHEMAS
from forum.domain.sheets.fields import Value
from forum.domain.sheets.fields.series import points
from forum.domain.sheets.reading import named_in
from forum.domain.sheets.record import Sheet
from forum.domain.sheets.schema import THE_PLAN
from forum.domain.state import State
from forum.domain.steps.commitments import Commitment, Readers
from forum.domain.steps.pledge import is_named, live_commitments

Name = Callable[[PersonId], str]
"""From a person to their name, "" for none."""


def whole(state: State, name: Name, readers: Readers = "everybody") -> Whole:
    """Read the plan. ``readers``: to whom it is told, for the authors of commitments (E3). Cost: the plan and its sheets."""
    return _Reading(state, name, readers).whole()


def said(schema: str, field: str, key: str) -> str:
    """The words of a choice, as a message id; "" for none. KeyError for what no schema has."""
    found = SCHEMAS[schema].field(field)
    if found is None:
        raise KeyError(field)
    return next((label for one, label in found.kind.options(found.holds) if one == key), "")


# --- inside


class _Reading:
    """One reading: what it looks up often."""

    def __init__(self, state: State, name: Name, readers: Readers) -> None:
        self._state, self._name = state, name
        self._coded = {one.action.id: one for one in numbers.all_coded(state)}
        self._hung = numbers.hung(state)
        self._origins: dict[Roots, Origin] = {}
        self._children = {
            schema: _by_link(numbers.written(state, schema))
            for schema in ("milestone", "indicator", "budget_line")
        }
        self._promised: dict[str, list[Promise]] = {}
        for made in live_commitments(state):
            about = made.action if made.action in self._coded else None
            self._promised.setdefault(about or "", []).append(self._promise(made, readers))

    def whole(self) -> Whole:
        state = self._state
        axes = tuple(self._axis(n, axis) for n, axis in enumerate(live_axes(state), 1))
        top = state.sheets.by_id.get(THE_PLAN)
        fields: Mapping[str, Value] = top.fields if top else {}
        first, span = _whole_number(fields.get("first_year")), _whole_number(fields.get("years")) or 1
        years = tuple(range(first, first + span)) if first else ()
        return Whole(
            ambition=_text(fields, "ambition"),
            years=years,
            depth=numbers.depth(state),
            adopted=_text(fields, "adopted"),
            axes=axes,
            homeless=tuple(self._goal(goal, "", ()) for goal in numbers.homeless(state, self._hung)),
            promises=tuple(self._promised.get("", ())),
            totals=_totals(axes),
        )

    def _axis(self, number: int, axis: Axis) -> AxisPart:
        state = self._state
        placed = tuple(one for one in self._coded.values() if one.axis == number)
        lines = tuple(self._action(one, axis) for one in placed)
        aims: dict[str, str] = {one.action.id: one.strategic.id for one in placed if one.strategic}
        goals = tuple(
            self._goal(goal, f"{number}.{n}", tuple(a for a in lines if aims.get(a.id) == goal.id))
            for n, goal in enumerate(self._hung.strategic.get(axis.id, ()), 1)
        )
        themes = tuple(state.themes.by_id[t] for t in axis.themes if t in state.themes.by_id)
        loose = tuple(action for action in lines if action.id not in aims)
        return AxisPart(axis.id, number, axis.title, themes, goals, lines, loose)

    def _goal(self, sheet: Sheet, code: str, actions: tuple[ActionLine, ...]) -> Goal:
        below = self._hung.serving.get(sheet.id, ())
        return Goal(
            id=sheet.id,
            code=code,
            title=_text(sheet.fields, "title"),
            why=_text(sheet.fields, "why"),
            indicator=_text(sheet.fields, "indicator"),
            horizon=_whole_number(sheet.fields.get("horizon")),
            indicators=self._indicators(sheet.id),
            operational=tuple(
                self._goal(
                    one,
                    numbers.below(code, n),
                    tuple(a for a in actions if a.operational and a.operational.id == one.id),
                )
                for n, one in enumerate(below)
            ),
            actions=actions,
        )

    def _action(self, one: Placed, axis: Axis) -> ActionLine:
        state, action = self._state, one.action
        sheet = state.sheets.by_id.get(SheetId(action.id))
        held: Mapping[str, Value] = sheet.fields if sheet else {}
        lines = sorted(map(_budget, self._of("budget_line", action.id)), key=lambda line: line.year or 9999)
        milestones = map(_milestone, self._of("milestone", action.id))
        return ActionLine(
            id=action.id,
            code=one.code,
            axis=Related(axis.id, str(one.axis), axis.title),
            strategic=self._above(one),
            operational=self._aim(one),
            title=action.title,
            status=_text(held, "status"),
            priority=_text(held, "priority"),
            context=_text(held, "context"),
            description=action.description,
            first_step=action.first_step,
            first_step_due=action.first_step_due,
            milestones=tuple(sorted(milestones, key=lambda m: m.due or "9999")),
            publics=_lines(held, "publics"),
            lead_org=_text(held, "lead_org"),
            pilot=self._name(action.pilot) if action.pilot else "",
            has_pilot=bool(action.pilot),
            offers=tuple(self._name(offer.person) for offer in action.offers),
            partners=tuple(map(self._name, action.partners)),
            partner_orgs=_lines(held, "partner_orgs"),
            raci=self._raci(held, action.pilot),
            start=_text(held, "start"),
            due=action.due,
            years=_years(_text(held, "start"), action.due),
            fte=_number(held.get("fte")),
            resources=_lines(held, "resources"),
            budget=action.budget,
            lines=tuple(lines),
            results=_lines(held, "results"),
            indicators=self._indicators(action.id),
            watch=_lines(held, "watch"),
            related=tuple(self._related(held.get("related", ()))),
            progress=_whole_number(held.get("progress")),
            note=_text(held, "note"),
            changed_at=sheet.changed_at if sheet else action.at,
            documents=_lines(held, "documents"),
            origin=self._origin(roots(state, action)),
            promises=tuple(self._promised.get(action.id, ())),
            gaps=gaps(action),
            session=made_in(state, action),
        )

    def _origin(self, come: Roots) -> Origin:
        if come not in self._origins:
            self._origins[come] = origin(self._state, come)
        return self._origins[come]

    def _of(self, schema: str, parent: str) -> Iterable[Sheet]:
        return self._children[schema].get(parent, ())

    def _indicators(self, parent: str) -> tuple[Indicator, ...]:
        return tuple(map(_indicator, self._of("indicator", parent)))

    def _raci(self, held: Mapping[str, Value], pilot: PersonId) -> Raci:
        def names(field: str) -> tuple[str, ...]:
            return tuple(map(self._name, named_in(held.get(field, ()))))

        answers = next(iter(named_in(held.get("accountable", ""))), pilot)
        return Raci(
            names("responsible"),
            self._name(answers) if answers else "",
            names("consulted"),
            names("informed"),
        )

    def _above(self, one: Placed) -> Related | None:
        if one.strategic is None:
            return None
        return Related(one.strategic.id, one.code.rpartition(".")[0], _text(one.strategic.fields, "title"))

    def _aim(self, one: Placed) -> Related | None:
        if one.operational is None or one.strategic is None:
            return None
        below = [o.id for o in self._hung.serving.get(one.strategic.id, ())]
        code = numbers.below(one.code.rpartition(".")[0], below.index(one.operational.id))
        return Related(one.operational.id, code, _text(one.operational.fields, "title"))

    def _related(self, names: Value) -> Iterable[Related]:
        for name in names:
            other = self._coded.get(name)  # type: ignore[call-overload]
            if other:
                yield Related(other.action.id, other.code, other.action.title)

    def _promise(self, made: Commitment, readers: Readers) -> Promise:
        person = self._name(made.person) if is_named(self._state, made, readers) else ""
        return Promise(made.id, person, made.text, made.due)


def _by_link(sheets: Iterable[Sheet]) -> dict[str, list[Sheet]]:
    """Sheets by the action, or else the objective, to which they belong."""
    found: dict[str, list[Sheet]] = {}
    for sheet in sheets:
        for parent in sheet.fields.get("action", ()) or sheet.fields.get("objective", ()):
            found.setdefault(parent, []).append(sheet)
    return found


def _indicator(sheet: Sheet) -> Indicator:
    held = sheet.fields
    return Indicator(
        id=sheet.id,
        title=_text(held, "title"),
        unit=_text(held, "unit"),
        sort=_text(held, "sort"),
        baseline=_number(held.get("baseline")),
        target=_number(held.get("target")),
        due=_text(held, "due"),
        values=tuple(Point(*point) for point in points(held.get("values", ()))),
    )


def _milestone(sheet: Sheet) -> Milestone:
    held = sheet.fields
    return Milestone(sheet.id, _text(held, "title"), _text(held, "due"), _text(held, "done"))


def _budget(sheet: Sheet) -> BudgetLine:
    held = sheet.fields
    return BudgetLine(
        id=sheet.id,
        title=_text(held, "title"),
        year=_whole_number(held.get("year")),
        nature=_text(held, "nature"),
        unit=_text(held, "unit"),
        planned=_number(held.get("planned")),
        actual=_number(held.get("actual")),
        funder=_text(held, "funder"),
        funding=_text(held, "funding"),
    )


def _totals(axes: Iterable[AxisPart]) -> tuple[Total, ...]:
    sums: dict[tuple[int, int | None, str, str], tuple[Decimal, Decimal]] = {}
    for axis in axes:
        for line in (line for action in axis.actions for line in action.lines):
            key = (axis.number, line.year, line.nature, line.unit)
            planned, actual = sums.get(key, (Decimal(0), Decimal(0)))
            sums[key] = (planned + (line.planned or 0), actual + (line.actual or 0))
    order = sorted(sums, key=lambda key: (key[0], key[1] or 9999, key[2], key[3]))
    return tuple(Total(*key, *sums[key]) for key in order)


def _years(start: str, due: str) -> tuple[int, ...]:
    """The years from one ISO date to another; of one alone its own."""
    ends = [int(day[:4]) for day in (start, due) if day]
    return tuple(range(min(ends), max(ends) + 1)) if ends else ()


def _text(held: Mapping[str, Value], name: str) -> str:
    value = held.get(name, "")
    return value if isinstance(value, str) else ""


def _lines(held: Mapping[str, Value], name: str) -> tuple[str, ...]:
    return tuple(line for part in _text(held, name).splitlines() if (line := part.strip()))


def _number(value: Value | None) -> Decimal | None:
    return Decimal(value) if isinstance(value, str) and value else None


def _whole_number(value: Value | None) -> int | None:
    number = _number(value)
    return None if number is None else int(number)
