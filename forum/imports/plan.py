"""A plan from a table: lines that are known change their actions, field by field; other lines are new actions.

A line is known by its *Action ID*, else by its title. What somebody changed in the room after the table had left is shown, and
stays as it is unless it is ticked. What the table no longer has is told, and removed only where that is ticked. Axes and
objectives are found by their titles, or made. People are found by their names in the room; other names are not kept.
"""

import re
from collections.abc import Generator, Mapping
from typing import Final

from forum.domain.kernel import N_, NOBODY, ActionId, AxisId, Command, SheetId, StepId
from forum.domain.plan import numbers
from forum.domain.plan.reading import HELD_BY, live_actions, live_axes
from forum.domain.plan.record import Action
from forum.domain.plan.words import EditAction, MakeAction, MakeAxis, RemoveAction
from forum.domain.sheets.ambition import ACTIONS, WHOLE
from forum.domain.sheets.objective import OBJECTIVE
from forum.domain.sheets.record import Sheet, Wrote
from forum.domain.sheets.schema import THE_PLAN
from forum.domain.sheets.words import EditSheet, MakeSheet
from forum.domain.spelling import plain
from forum.domain.state import State
from forum.imports import columns, plan_money, plan_parts, plan_people, plan_related, values
from forum.imports import plan_fields as of
from forum.imports.book import Book, Page
from forum.imports.columns import Guess, below
from forum.imports.plan_fields import BY_KEY, OF_ACTION, OF_SHEET, PlanField
from forum.imports.plan_line import SAYS, Line, Told, explains
from forum.imports.plan_related import Known
from forum.imports.values import Wrong
from forum.imports.wishes import Asking, Problem, Wish

AIM: Final = OBJECTIVE.name  # the field by which an action says which it serves
NUMBER: Final = re.compile(
    r"^(?:(?:axe|axis|objectif|action)\s*)?\d+(?:\.[\da-z]+)*\s*[.:–—-]\s*", re.IGNORECASE
)
SUFFIX: Final = re.compile(r"\.(?:xlsx|ods|csv|tsv|txt|md)$", re.IGNORECASE)  # of a file’s name
NO_TITLE: Final = N_("Without the title of an action this line says nothing.")
NO_AXIS: Final = N_("An action needs an axis. Write one in this line.")
TWICE: Final = N_("The same title and axis as line {line}, left out.")
ORPHAN: Final = N_("The action of this milestone is neither above nor in the plan.")
UNKNOWN_ID: Final = N_("No action has this ID any more: the line is taken for a new one.")

NEW: Final = N_("New action: {now}")
MADE_AXIS: Final = N_("New axis: {now}")
MADE_GOAL: Final = N_("New objective: {now}")
GONE: Final = N_("Remove {code} {now}, which the table no longer has")
DEEPER: Final = N_("Show objectives and all fields in the plan, as the table has them")


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
        self._codes = {one.code: one.action.id for one in numbers.all_coded(state)}
        self._deepened = numbers.depth(state) != ACTIONS
        self._called = ""  # what the table is called: the axis of all actions, where no column has any

    def every(self, page: Page, guess: Guess) -> Asking:
        known, lines, code = False, list[Line](), plan_related.column_of_codes(page, guess)
        self._called = SUFFIX.sub("", page.name)
        for row in below(page, guess.heading):
            line = Line(row, guess, self._told, self._state)
            if explains(line):
                continue
            known |= ActionId(line.cell(of.ID)) in self._actions
            yield from self._line(line)
            lines.append(line)
        there = {number: action for action, number in self._met.items()}
        if code is not None:  # as they were when the table left
            self._codes |= {line.row.at(code): there[line.number] for line in lines if line.number in there}
        actions = Known(self._codes, self._by_title)
        for line in (one for one in lines if one.number in there and one.has(of.RELATED)):
            yield from plan_related.wishes(self._state, self._told, line, there[line.number], actions)
        yield from plan_parts.wishes(self._state, self._told, actions)
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
        named = line.cell(of.AXIS) or ("" if action or line.has(of.AXIS) else self._called)
        if named:
            axis = yield from self._axis(line, named)
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

    def _axis(self, line: Line, named: str) -> Generator[Wish | Problem, bool, AxisId | None]:
        title = bare(values.line(named))
        found = self._axes.get(plain(title))
        if found:
            return found
        made = AxisId(self._told.new_id("axis", line.number))
        done = yield line.wish(of.AXIS, MakeAxis(made, title), MADE_AXIS, now=title)
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
                if not (yield line.wish(key, command, MADE_GOAL, now=title)):
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
        made = yield line.wish(of.TITLE, MakeAction(action, axis, title), NEW, now=title)
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
                yield line.wish(field.key, command, SAYS, label=field.label, now=self._word(field, read))
        yield from self._aims(line, axis, action)
        yield from plan_people.wishes(self._state, self._told, line, action, None)
        yield from plan_money.wishes(self._told, line, action)

    def _aims(self, line: Line, axis: AxisId, action: ActionId) -> Asking:
        goal = yield from self._objective(line, axis)
        sheet = self._state.sheets.by_id.get(SheetId(action))
        if goal and (sheet is None or goal not in sheet.fields.get(AIM, ())):
            command = EditSheet(SheetId(action), "action_sheet", {AIM: (goal,)})
            key = of.OPERATIONAL if line.cell(of.OPERATIONAL) else of.STRATEGIC
            yield line.wish(key, command, SAYS, label=BY_KEY[key].label, now=line.cell(key))

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
        yield line.wish(of.MILESTONE, command, SAYS, label=BY_KEY[of.MILESTONE].label, now=words)

    # --- actions that are there

    def _known(self, line: Line, title: str, axis: AxisId | None, action: Action) -> Asking:
        sheet = self._state.sheets.by_id.get(SheetId(action.id))
        if title != action.title:
            yield line.change(
                BY_KEY[of.TITLE], EditAction(action.id, title=title), title, action.title, action.rev
            )
        if axis is not None and axis != action.axis:
            was = self._state.plan.axes[action.axis].title
            now = line.cell(of.AXIS)
            yield line.change(BY_KEY[of.AXIS], EditAction(action.id, axis=axis), now, was, action.rev)
        for field in (f for f in of.FIELDS if f.of and line.has(f.key)):
            read = line.read(field)
            stands = getattr(action, field.key) if field.of == OF_ACTION else _held(sheet, field.key)
            if isinstance(read, Wrong):
                yield line.problem(field.key, read.why, **read.params)
            elif values.lines(read) != values.lines(stands):
                wrote = action.rev if field.of == OF_ACTION else _wrote(sheet, field.key)
                command = _edits(field, action.id, read)
                yield line.change(field, command, self._word(field, read), self._word(field, stands), wrote)
        yield from self._aims(line, axis or action.axis, action.id)
        yield from plan_people.wishes(self._state, self._told, line, action.id, action)

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
