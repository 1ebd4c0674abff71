"""A plan from a table: lines that are known change their actions, field by field; other lines are new actions.

A line is known by its *Action ID*, else by its title. What somebody changed in the room after the table had left is shown, and
stays as it is unless it is ticked. What the table no longer has is told, and removed only where that is ticked. Axes and
objectives are found by their titles, or made. People are found by their names in the room; other names are not kept.
"""

import re
from collections.abc import Callable, Generator, Mapping
from typing import Final, NamedTuple

from forum.domain.kernel import N_, NOBODY, ActionId, AxisId, Command, PersonId, SheetId, StepId
from forum.domain.plan import numbers
from forum.domain.plan.reading import HELD_BY, live_actions, live_axes
from forum.domain.plan.record import Action
from forum.domain.plan.words import ChoosePilot, EditAction, MakeAction, MakeAxis, RemoveAction
from forum.domain.sheets.ambition import ACTIONS, WHOLE
from forum.domain.sheets.objective import OBJECTIVE
from forum.domain.sheets.record import Sheet, Wrote
from forum.domain.sheets.schema import THE_PLAN
from forum.domain.sheets.words import EditSheet, MakeSheet
from forum.domain.spelling import plain
from forum.domain.state import State
from forum.imports import columns, values
from forum.imports import plan_fields as of
from forum.imports.book import Book, Page, Row, letter
from forum.imports.columns import Guess, below
from forum.imports.plan_fields import BY_KEY, OF_ACTION, OF_SHEET, PlanField
from forum.imports.values import Wrong
from forum.imports.wishes import Asking, Problem, Wish
from forum.language import Reader

AIM: Final = OBJECTIVE.name  # the field by which an action says which it serves
NUMBER: Final = re.compile(
    r"^(?:(?:axe|axis|objectif|action)\s*)?\d+(?:\.[\da-z]+)*\s*[.:–—-]\s*", re.IGNORECASE
)
MOST_NAMES: Final = 20  # in a cell, of which one is the pilot
NO_TITLE: Final = N_("Without the title of an action this line says nothing.")
NO_AXIS: Final = N_("An action needs an axis. Write one in this line.")
TWICE: Final = N_("The same title and axis as line {line}, left out.")
ORPHAN: Final = N_("The action of this milestone is neither above nor in the plan.")
NOT_HERE: Final = N_(
    "Nobody in the room is called so. This name is not kept; the pilot can be named at the desk."
)
NO_FUNDER: Final = N_("This amount has no funder in the column before it.")
UNKNOWN_ID: Final = N_("No action has this ID any more: the line is taken for a new one.")

NEW: Final = N_("New action: {now}")
MADE_AXIS: Final = N_("New axis: {now}")
MADE_GOAL: Final = N_("New objective: {now}")
SAYS: Final = N_("{label}: {now}")
CHANGES: Final = N_("{label}: “{now}” instead of “{was}”")
EMPTIES: Final = N_("{label}: nothing instead of “{was}”")
CONFLICT: Final = N_("{label}: “{now}”. Changed in the room meanwhile: “{was}”")
GONE: Final = N_("Remove {code} {now}, which the table no longer has")
DEEPER: Final = N_("Show objectives and all fields in the plan, as the table has them")


class Told(NamedTuple):
    """What a plan needs to know beside the table."""

    reader: Reader
    new_id: Callable[[str, int], str]
    called: Callable[[str], tuple[PersonId, ...]]  # who in the room is called so
    name: Callable[[PersonId], str]
    since: int = 0  # the fact at which the table left; 0: not known


class Line:
    """One row, by what its columns hold."""

    def __init__(self, row: Row, guess: Guess, reader: Reader) -> None:
        self.row, self.number, self._reader = row, row.number, reader
        self._at = {key: column for column, key in sorted(guess.targets.items(), reverse=True)}
        self.every = sorted(guess.targets.items())

    def has(self, key: str) -> bool:
        return key in self._at

    def cell(self, key: str) -> str:
        said = self.row.at(self._at[key]) if key in self._at else ""
        return "" if said.casefold().startswith(of.HELP) else said

    def column(self, key: str) -> str:
        return letter(self._at[key]) if key in self._at else ""

    def problem(self, key: str, why: str, **params: object) -> Problem:
        return Problem(self.number, self.column(key), self.cell(key), why, params)

    def read(self, field: PlanField) -> str | Wrong:
        return field.reads(self.cell(field.key), self._reader)


def guessed(book: Book) -> Guess:
    """By the names of the columns."""
    return columns.guessed(book.pages, of.targets())


def wishes(state: State, page: Page, guess: Guess, told: Told) -> Asking:
    """What the lines ask for, in their order; then what the table no longer has."""
    return _Reading(state, told).every(page, guess)


class _Reading:
    """One reading of a table: what was met so far."""

    def __init__(self, state: State, told: Told) -> None:
        self._state, self._told = state, told
        self._axes = {plain(bare(axis.title)): axis.id for axis in live_axes(state)}
        self._goals = {_goal_key(goal): goal.id for goal in numbers.written(state, OBJECTIVE.name)}
        self._actions = {a.id: a for axis in live_axes(state) for a in live_actions(state, axis.id)}
        self._titles = {(a.axis, plain(a.title)): a.id for a in self._actions.values()}
        self._met: dict[ActionId, int] = {}
        self._by_title: dict[str, ActionId] = {plain(a.title): a.id for a in self._actions.values()}
        self._deepened = numbers.depth(state) != ACTIONS

    def every(self, page: Page, guess: Guess) -> Asking:
        known = False
        for row in below(page, guess.heading):
            line = Line(row, guess, self._told.reader)
            if _explains(line):
                continue
            known |= ActionId(line.cell(of.ID)) in self._actions
            yield from self._line(line)
        if known:
            yield from self._gone()

    def _line(self, line: Line) -> Asking:
        title = values.line(line.cell(of.TITLE))
        if line.cell(of.MILESTONE):
            yield from self._milestone(line, title)
            return
        if not title:
            if line.row.cells:
                yield line.problem(of.TITLE, NO_TITLE)
            return
        action = self._actions.get(ActionId(line.cell(of.ID)))
        if line.cell(of.ID) and action is None:
            yield line.problem(of.ID, UNKNOWN_ID)
        axis = None
        if line.cell(of.AXIS):
            axis = yield from self._axis(line)
        if action is None and axis is not None:
            action = self._actions.get(self._titles.get((axis, plain(title)), ActionId("")))
        if action is None:
            yield from self._new(line, title, axis)
        elif action.id in self._met:
            yield line.problem(of.TITLE, TWICE, line=self._met[action.id])
        else:
            self._met[action.id] = line.number
            yield from self._known(line, title, axis, action)

    # --- axes, objectives

    def _axis(self, line: Line) -> Generator[Wish | Problem, bool, AxisId | None]:
        title = bare(values.line(line.cell(of.AXIS)))
        found = self._axes.get(plain(title))
        if found:
            return found
        made = AxisId(self._told.new_id("axis", line.number))
        done = yield self._wish(line, of.AXIS, MakeAxis(made, title), MADE_AXIS, now=title)
        if done:
            self._axes[plain(title)] = made
        return made if done else None

    def _objective(self, line: Line, axis: AxisId) -> Generator[Wish | Problem, bool, str]:
        """The objective that a line names: the operational one, else the strategic one; made where none is called so."""
        above: str = ""
        for key in (of.STRATEGIC, of.OPERATIONAL):
            title = bare(values.line(line.cell(key)))
            if not title:
                continue
            found = self._goals.get((axis, plain(title)))
            if found is None:
                made = SheetId(self._told.new_id(key, line.number))
                fields: dict[str, str | tuple[str, ...]] = {"title": title, of.AXIS: (axis,)}
                fields |= {"under": (above,)} if above else {}
                command = MakeSheet(made, OBJECTIVE.name, StepId(""), fields)
                if not (yield self._wish(line, key, command, MADE_GOAL, now=title)):
                    continue
                found = self._goals[axis, plain(title)] = made
                yield from self._deepen(line)
            above = found
        return above

    def _deepen(self, line: Line) -> Asking:
        if not self._deepened:
            self._deepened = True
            command = EditSheet(THE_PLAN, "ambition", {"depth": WHOLE})
            yield Wish("depth", 0, "", "", command, DEEPER)

    # --- new actions

    def _new(self, line: Line, title: str, axis: AxisId | None) -> Asking:
        if axis is None:
            if not line.cell(of.AXIS):
                yield line.problem(of.AXIS, NO_AXIS)
            return
        action = ActionId(self._told.new_id("action", line.number))
        made = yield self._wish(line, of.TITLE, MakeAction(action, axis, title), NEW, now=title)
        if not made:
            return
        self._titles[axis, plain(title)] = action
        self._by_title[plain(title)] = action
        self._actions[action] = Action(action, axis, title, self._state.at, NOBODY, 0)
        self._met[action] = line.number
        for field in (f for f in of.FIELDS if f.of and line.cell(f.key)):
            read = line.read(field)
            if isinstance(read, Wrong):
                yield line.problem(field.key, read.why, **read.params)
            elif read:
                command = _edits(field, action, read)
                yield self._wish(
                    line, field.key, command, SAYS, label=field.label, now=self._word(field, read)
                )
        yield from self._aims(line, axis, action)
        yield from self._people(line, action, None)
        yield from self._money(line, action)

    def _aims(self, line: Line, axis: AxisId, action: ActionId) -> Asking:
        goal = yield from self._objective(line, axis)
        sheet = self._state.sheets.by_id.get(SheetId(action))
        if goal and (sheet is None or goal not in sheet.fields.get(AIM, ())):
            command = EditSheet(SheetId(action), "action_sheet", {AIM: (goal,)})
            key = of.OPERATIONAL if line.cell(of.OPERATIONAL) else of.STRATEGIC
            yield self._wish(line, key, command, SAYS, label=BY_KEY[key].label, now=line.cell(key))

    def _people(self, line: Line, action: ActionId, known: Action | None) -> Asking:
        """Pilot and partners: who is in the room becomes pilot; organisations are kept as words, other people’s names not."""
        stands = known.pilot if known else NOBODY
        pilot = line.cell(of.PILOT)
        same = plain(pilot) == plain(self._told.name(stands)) if stands else False
        if pilot and not same and not (stands and not self._told.name(stands)):
            names = values.names(pilot)[:MOST_NAMES]
            found = [who for one in names for who in self._told.called(one)[:1]]
            if found and found[0] != stands:
                command = ChoosePilot(action, found[0])
                yield self._wish(
                    line, of.PILOT, command, SAYS, label=BY_KEY[of.PILOT].label, now=self._told.name(found[0])
                )
            if not found:
                yield line.problem(of.PILOT, NOT_HERE)
        said = [one for one in map(str.strip, line.cell(of.PARTNERS).splitlines()) if one]
        organisations = "\n".join(one for one in said if not self._told.called(one))
        sheet = self._state.sheets.by_id.get(SheetId(action))
        stand = str(sheet.fields.get("partner_orgs", "")) if sheet else ""
        if organisations and values.lines(stand) != organisations:
            command_ = EditSheet(SheetId(action), "action_sheet", {"partner_orgs": organisations})
            label = BY_KEY[of.PARTNERS].label
            yield self._wish(
                line, of.PARTNERS, command_, SAYS, label=label, now=organisations, ticked=not stand
            )

    def _money(self, line: Line, action: ActionId) -> Asking:
        """A budget line for each funder with its amount in the column after; a total alone is kept as words."""
        funder, lines = "", 0
        for column, key in line.every:
            cell = line.row.at(column)
            if key == of.FUNDER:
                funder = values.line(cell)
                continue
            if key not in (of.BEFORE_TAX, of.WITH_TAX) or not cell:
                continue
            amount = values.number(cell)
            if isinstance(amount, Wrong) or not funder:
                why = amount.why if isinstance(amount, Wrong) else NO_FUNDER
                yield Problem(line.number, letter(column), cell, why)
                continue
            sheet = SheetId(self._told.new_id(f"money-{column}", line.number))
            fields: dict[str, str | tuple[str, ...]] = {
                "title": funder, HELD_BY: (action,), "unit": key, "planned": amount, "funder": funder,
            }  # fmt: skip
            command = MakeSheet(sheet, "budget_line", StepId(""), fields)
            lines += yield self._wish(
                line, key, command, SAYS, label=BY_KEY[of.FUNDER].label, now=f"{funder}: {amount} €"
            )
            funder = ""
        for key, unit in ((of.TOTAL_BEFORE, "€ HT"), (of.TOTAL_WITH, "€ TTC")):
            if line.cell(key):
                total = values.number(line.cell(key))
                if isinstance(total, Wrong):
                    yield line.problem(key, total.why)
                elif not line.cell("budget"):
                    said = f"{total} {unit}"
                    command_ = EditAction(action, budget=said)
                    yield self._wish(line, key, command_, SAYS, label=BY_KEY["budget"].label, now=said)

    def _milestone(self, line: Line, title: str) -> Asking:
        """A line below its action, of which only the title and the day are kept."""
        action = self._by_title.get(plain(title))
        if action is None:
            yield line.problem(of.MILESTONE, ORPHAN)
            return
        words, due = values.line(line.cell(of.MILESTONE)), line.read(BY_KEY["due"])
        there = (s for s in numbers.written(self._state, "milestone") if action in s.fields.get(HELD_BY, ()))
        if any(plain(str(sheet.fields.get("title", ""))) == plain(words) for sheet in there):
            return
        fields: dict[str, str | tuple[str, ...]] = {"title": words, HELD_BY: (action,)}
        if isinstance(due, Wrong):
            yield line.problem("due", due.why, **due.params)
        elif due:
            fields["due"] = due
        sheet = SheetId(self._told.new_id("milestone", line.number))
        command = MakeSheet(sheet, "milestone", StepId(""), fields)
        yield self._wish(line, of.MILESTONE, command, SAYS, label=BY_KEY[of.MILESTONE].label, now=words)

    # --- actions that are there

    def _known(self, line: Line, title: str, axis: AxisId | None, action: Action) -> Asking:
        sheet = self._state.sheets.by_id.get(SheetId(action.id))
        if title != action.title:
            yield self._change(
                line, BY_KEY[of.TITLE], EditAction(action.id, title=title), title, action.title, action.rev
            )
        if axis is not None and axis != action.axis:
            was = self._state.plan.axes[action.axis].title
            now = line.cell(of.AXIS)
            yield self._change(line, BY_KEY[of.AXIS], EditAction(action.id, axis=axis), now, was, action.rev)
        for field in (f for f in of.FIELDS if f.of and line.has(f.key)):
            read = line.read(field)
            stands = getattr(action, field.key) if field.of == OF_ACTION else _held(sheet, field.key)
            if isinstance(read, Wrong):
                yield line.problem(field.key, read.why, **read.params)
            elif values.lines(read) != values.lines(stands):
                wrote = action.rev if field.of == OF_ACTION else _wrote(sheet, field.key)
                command = _edits(field, action.id, read)
                yield self._change(
                    line, field, command, self._word(field, read), self._word(field, stands), wrote
                )
        yield from self._aims(line, axis or action.axis, action.id)
        yield from self._people(line, action.id, action)

    def _change(self, line: Line, field: PlanField, command: Command, now: str, was: str, wrote: int) -> Wish:
        """One field otherwise. Unticked where the room changed it after the table left, and where something would go unasked."""
        since = self._told.since
        meanwhile = bool(since) and wrote > since
        does = CONFLICT if meanwhile else SAYS if not was else CHANGES if now else EMPTIES
        ticked = not meanwhile and (bool(since) or not was)
        key = f"line-{line.number}-{field.key}"
        params = {"label": field.label, "now": now, "was": was}
        found = line.cell(field.key)
        return Wish(key, line.number, line.column(field.key), found, command, does, params, ticked)

    def _gone(self) -> Asking:
        codes = {str(one.action.id): one.code for one in numbers.all_coded(self._state)}
        for name, action in self._actions.items():
            later = bool(self._told.since) and action.rev > self._told.since
            if name not in self._met and name in codes and not later:
                params = {"code": codes[name], "now": action.title}
                yield Wish(
                    f"gone-{name}", 0, "", action.title, RemoveAction(name), GONE, params, ticked=False
                )

    # --- words

    def _wish(
        self, line: Line, key: str, command: Command, does: str, *, ticked: bool = True, **params: str
    ) -> Wish:
        """Of a new line all goes together; a known one is ticked field by field."""
        old = line.cell(of.ID) in self._state.plan.actions
        name = f"line-{line.number}-{key}" if old else f"line-{line.number}"
        return Wish(name, line.number, line.column(key), line.cell(key), command, does, params, ticked)

    def _word(self, field: PlanField, stands: str) -> str:
        """What stands in a field, as the table would say it."""
        return field.words(stands, self._told.reader)


def bare(title: str) -> str:
    """A title without the number that others put before it: "1.2 – Open" → "Open"."""
    return NUMBER.sub("", title).strip() or title


def _goal_key(goal: Sheet) -> tuple[str, str]:
    axis = goal.fields.get("axis", ())
    return (axis[0] if axis else "", plain(bare(str(goal.fields.get("title", "")))))


def _edits(field: PlanField, action: ActionId, value: str) -> Command:
    if field.of == OF_SHEET:
        return EditSheet(SheetId(action), "action_sheet", {field.key: value})
    edits: Mapping[str, str] = {field.key: value}
    return EditAction(action, **edits)  # type: ignore[arg-type]


def _held(sheet: Sheet | None, field: str) -> str:
    return str(sheet.fields.get(field, "")) if sheet else ""


def _wrote(sheet: Sheet | None, field: str) -> int:
    return sheet.wrote.get(field, Wrote(NOBODY, 0)).seq if sheet else 0


def _explains(line: Line) -> bool:
    """Whether a line only explains the columns, as that workbook does below its headings."""
    said = [cell.casefold() for cell in line.row.cells if cell]
    return bool(said) and sum(cell.startswith(of.HELP) for cell in said) > len(said) / 3
