"""The plan in depth: a page for the whole, and one for each action, where all that a plan can hold is read and written.

Plain pages, with a script or without. What may be written is for the rules; a form says what each field held when it was
drawn (``was``), so that nothing is overwritten silently. When somebody else changed the same field meanwhile, the page
comes back with what was typed in its place, and what stands now beside it. At the desk, for the staff, and on the phones of
an action's writers.
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, Final, NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from forum.domain.kernel import N_, ActionId, Rejection, SheetId
from forum.domain.plan import numbers
from forum.domain.plan.reading import HELD_BY, writes
from forum.domain.plan.record import Action
from forum.domain.plan.rows import ActionLine, Whole
from forum.domain.plan.whole import whole
from forum.domain.plan.words import FIELDS, EditAction
from forum.domain.roles import KEEPS_PLAN
from forum.domain.sheets import SCHEMAS
from forum.domain.sheets.action_sheet import ACTION_SHEET, STATUSES
from forum.domain.sheets.ambition import ACTIONS, AMBITION, WHOLE
from forum.domain.sheets.budget_line import UNITS
from forum.domain.sheets.fields import Value
from forum.domain.sheets.fields.amount import number_text
from forum.domain.sheets.objective import OBJECTIVE
from forum.domain.sheets.record import Sheet
from forum.domain.sheets.schema import THE_PLAN, Schema
from forum.domain.sheets.words import EditSheet, MakeSheet, RemoveSheet
from forum.domain.state import State
from forum.fragments.given import Given
from forum.fragments.kinds.sheet import Said, choices_of, said_in
from forum.fragments.surface import View
from forum.live import Accepted, Busy, Shown, Verdict
from forum.opening import new_secret
from forum.web import errors, pages, verdicts, wire
from forum.web.acting import Numbered, act, form_tab, pause_ms, short_hash
from forum.web.asking import Fields, fields_of, one, reader_of, see_other, seen_of, ticket_of
from forum.web.entering import NotIn
from forum.web.identity import Surface, Who, base_path, stands
from forum.web.own import opened
from forum.web.service import service_of

COMMANDS: Final = {command.__name__ for command in (EditAction, EditSheet, MakeSheet, RemoveSheet)}
ENVELOPE: Final = frozenset({"ticket", "seen", "do", "at"})
GAPS: Final = {"pilot": N_("a pilot"), "due": N_("a date"), "first_step": N_("a first step")}
"""What an action still needs, by the name of its gap."""
NOTHING: Final[Mapping[str, Value]] = {}


class Part(NamedTuple):
    """A part of a sheet: what it says, and the fields of the form in which it is changed."""

    title: str
    form: Schema
    said: tuple[Said, ...]
    open: bool  # somebody else changed something in it meanwhile


class Child(NamedTuple):
    """A sheet that belongs to an action, or to the plan."""

    sheet: Sheet
    title: str
    said: tuple[Said, ...]


class Children(NamedTuple):
    """Those of one schema; ``form``: without the field by which they belong."""

    schema: Schema
    form: Schema
    children: tuple[Child, ...]


class Meanwhile(NamedTuple):
    """What somebody else wrote into a field while whoever asks was writing too."""

    value: Value
    words: tuple[str, ...]
    person: str  # name, "" for none


class Asking(NamedTuple):
    """Who looks at a page, and what became of what they sent."""

    request: Request
    code: str
    surface: Surface
    who: Who
    shown: Shown
    status: int = 200
    flash: str = ""
    sent: Given | None = None
    beside: Mapping[str, Meanwhile] = {}

    @property
    def state(self) -> State:
        return self.shown.view.state

    @property
    def keeps(self) -> bool:
        return self.who.role in KEEPS_PLAN

    @property
    def action(self) -> Action | None:
        return self.state.plan.actions.get(ActionId(self.request.path_params.get("action", "")))


async def page(request: Request, *, surface: Surface) -> Response:
    """The whole plan, or the action that the address names."""
    code, who, shown, _ = await opened(request, surface)
    return _page(_let_in(Asking(request, code, surface, who, shown)))


async def deed(request: Request, *, surface: Surface) -> Response:
    """One change; then the page again."""
    service, (code, who, shown, reader) = service_of(request), await opened(request, surface)
    asking = _let_in(Asking(request, code, surface, who, shown))
    fields = await fields_of(request)
    kind = one(fields, "do")
    content = {field: values for field, values in fields.items() if field not in ENVELOPE}
    ticket = ticket_of(fields) or new_secret()
    words = (kind, *(w for f in sorted(content) for w in (f, str(len(content[f])), *content[f])))
    what = wire.form_command(kind, content, short_hash(service.seed, ticket, *words), who.role)
    what = what if kind in COMMANDS else Rejection(wire.RULE, "unknown_command")
    op = Numbered(who, form_tab(service.seed, ticket, *words), 1, seen_of(fields))
    verdict: Verdict = Busy() if pause_ms(service, code, op) else await act(service, code, what, op)
    if isinstance(verdict, Accepted):
        at = wire.ID.fullmatch(one(fields, "at"))
        return see_other(f"{request.url.path}?saved={verdict.head.seq}{f'#{at[0]}' if at else ''}")
    shown = await service.hub.readable(code)
    flash = verdicts.said(reader, verdict, shown.view.name)
    passing = frozenset(name for name in fields if name.startswith("was."))
    typed = _touched(shown.view.state, fields)
    sent = Given(request.url.path, typed, frozenset(typed), flash, passing)
    beside = _meanwhile(shown.view, fields)
    again = asking._replace(
        shown=shown, status=verdicts.status(verdict), flash=flash, sent=sent, beside=beside
    )
    return _page(again)


# --- inside


def _let_in(asking: Asking) -> Asking:
    """NotIn for whoever is no longer in, and for whoever is neither of the desk nor of the action's writers."""
    theirs = asking.action is not None and writes(asking.action, asking.who.person)
    if not stands(asking.state, asking.who) or not (asking.keeps or theirs):
        raise NotIn("access_ended", base_path(asking.code, asking.surface))
    return asking


def _touched(state: State, fields: Fields) -> Fields:
    """A form without what was left as it had been: there the page shows what stands now, which may be another's."""
    left = {name.partition("was.")[2]: values for name, values in fields.items() if name.startswith("was.")}
    sheet = state.sheets.by_id.get(SheetId(one(fields, "sheet")))
    ticked = [f for f in SCHEMAS[sheet.schema].fields if f.kind.boxes(f.holds)] if sheet else []
    boxes = {f"fields.{f.name}": list(sheet.fields.get(f.name, ())) for f in ticked} if sheet else {}
    found: dict[str, list[str]] = {}
    for name, values in fields.items():
        own = name.removeprefix("fields.")
        alone = own in left and _plain(values) == _plain(left[own])
        found |= {} if alone and name not in boxes else {name: boxes[name] if alone else values}
    return found


def _plain(values: list[str]) -> list[str]:
    """What was sent, whatever a browser makes of the ends of lines."""
    return [value.replace("\r\n", "\n").strip() for value in values if value]


def _meanwhile(view: View, fields: Fields) -> dict[str, Meanwhile]:
    """What stands in the fields of a form that somebody else changed since it was drawn, by the field's name."""
    state, seen = view.state, seen_of(fields)
    action = state.plan.actions.get(ActionId(one(fields, "action")))
    if action is not None:
        held = {name: str(getattr(action, name)) for name in FIELDS}
        before = {name: one(fields, f"was.{name}") for name in held}
        changed = (
            n
            for n, value in held.items()
            if value not in (before[n], one(fields, n)) and one(fields, n) != before[n]
        )
        return {name: Meanwhile(held[name], (held[name],), view.name(action.by)) for name in changed}
    sheet = state.sheets.by_id.get(SheetId(one(fields, "sheet")))
    if sheet is None:
        return {}
    found: dict[str, Meanwhile] = {}
    for field in SCHEMAS[sheet.schema].fields:
        wrote = sheet.wrote.get(field.name)
        typed, was = (fields.get(f"{of}.{field.name}", []) for of in ("fields", "was"))
        asked = _plain(typed) != _plain(was)
        if asked and wrote and wrote.seq > seen:
            line = next(iter(said_in(state, (field,), sheet.fields)), None)
            value, words = (line.value, line.words) if line else (field.nothing, ())
            found[field.name] = Meanwhile(value, words, view.name(wrote.by))
    return found


def _page(asking: Asking) -> Response:
    state, request = asking.state, asking.request
    plan = whole(state, asking.shown.view.name, "room")
    line = next((one for one in plan.actions if asking.action and one.id == asking.action.id), None)
    if request.path_params.get("action") and line is None:  # it is not in the plan, or no longer
        return errors.spoken(request.scope, 404, "not_found")
    drawn = _of_plan(asking, plan) if line is None else _of_action(asking, plan, line)
    reader = reader_of(request, state)
    return pages.plain(
        request,
        "whole.html" if line is None else "action.html",
        reader,
        asking.status,
        flash=asking.flash,
        sent=asking.sent,
        done=reader.say("Saved.") if _saved(asking) else "",
        code=asking.code,
        back=request.url.path,
        title=state.title,
        base=base_path(asking.code, asking.surface),
        kept_as=f"{asking.surface}/{asking.who.person}",
        ticket=new_secret(),
        seen=asking.shown.head.seq,
        plan=plan,
        line=line,
        keeps=asking.keeps,
        desk=asking.surface != "phone",
        name=asking.shown.view.name,
        core_fields=FIELDS,
        **drawn,
    )


def _saved(asking: Asking) -> bool:
    """Whether the gesture that the address names is theirs, and stands."""
    saved = asking.request.query_params.get("saved", "")
    return any(str(d.seq) == saved and d.by == asking.who.person and not d.undone for d in asking.state.deeds)


def _of_plan(asking: Asking, plan: Whole) -> dict[str, Any]:
    state = asking.state
    top = state.sheets.by_id.get(THE_PLAN)
    held: Mapping[str, Value] = top.fields if top else NOTHING
    goals = _children(state, OBJECTIVE, OBJECTIVE, numbers.objectives(state))
    below = {goal.sheet.id: _below(state, plan, OBJECTIVE.name, goal.sheet.id) for goal in goals.children}
    schemas = (
        AMBITION,
        OBJECTIVE,
        *(schema for schema in SCHEMAS.values() if _belongs(schema, OBJECTIVE.name)),
    )
    within = (child for groups in below.values() for group in groups for child in group.children)
    return {
        "ambition": AMBITION,
        "action": None,
        "core": {},
        "said_of_plan": said_in(state, AMBITION.fields, held),
        "held": held,
        "goals": goals,
        "below": below,
        "deep": plan.depth != ACTIONS or bool(goals.children),
        "totals": _totals(plan),
        "status_words": dict(STATUSES),
        "choices": _choices(asking, plan, schemas, (*goals.children, *within)),
        "beside": {one(asking.sent.fields, "sheet"): asking.beside} if asking.sent else {},
    }


def _of_action(asking: Asking, plan: Whole, line: ActionLine) -> dict[str, Any]:
    state = asking.state
    sheet = state.sheets.by_id.get(SheetId(line.id))
    held: Mapping[str, Value] = sheet.fields if sheet else NOTHING
    groups = _below(state, plan, HELD_BY, line.id)
    core = asking.sent is not None and "action" in asking.sent.fields
    children = tuple(child for group in groups for child in group.children)
    return {
        "action": asking.action,
        "held": held,
        "sheet": ACTION_SHEET,
        "parts": tuple(_parts(asking, plan.depth, held)),
        "groups": groups,
        "choices": _choices(asking, plan, (ACTION_SHEET, *(g.schema for g in groups)), children, held),
        "axes": [(axis.id, f"{axis.number} – {axis.title}") for axis in plan.axes],
        "gap_words": GAPS,
        "core": asking.beside if core else {},
        "beside": {one(asking.sent.fields, "sheet"): asking.beside} if asking.sent and not core else {},
    }


def _parts(asking: Asking, depth: str, held: Mapping[str, Value]) -> Iterator[Part]:
    """The parts of an action's sheet that the plan is deep enough for, and those that say something."""
    for title, every in ACTION_SHEET.parts:
        fields = tuple(field for field in every if asking.keeps or field.by == "room")
        said = said_in(asking.state, fields, held)
        aims = any(field.kind.thing(field.holds) == OBJECTIVE.name for field in fields)
        if said or depth == WHOLE or (depth != ACTIONS and aims):
            form = ACTION_SHEET._replace(fields=fields)
            yield Part(title, form, said, any(field.name in asking.beside for field in fields))


def _belongs(schema: Schema, to: str) -> bool:
    """Whether sheets of a schema belong to things of a kind: to an action, or to an objective."""
    of = any(thing == field.name == to for field, thing in schema.links)
    return of and schema.where != "step" and not schema.over


def _below(state: State, plan: Whole, kind: str, name: str) -> list[Children]:
    """What belongs to one thing, by schema: each that the plan is deep enough for, and each of which there is something."""
    groups = [_of_one(state, schema, kind, name) for schema in SCHEMAS.values() if _belongs(schema, kind)]
    return [group for group in groups if plan.depth == WHOLE or group.children]


def _of_one(state: State, schema: Schema, field: str, name: str) -> Children:
    """The sheets that belong to one thing, by the field that says so."""
    form = schema._replace(fields=tuple(f for f in schema.fields if not f.kind.thing(f.holds)))
    sheets = (s for s in numbers.written(state, schema.name) if name in s.fields.get(field, ()))
    return _children(state, schema, form, sheets)


def _children(state: State, schema: Schema, form: Schema, sheets: Iterable[Sheet]) -> Children:
    return Children(
        schema,
        form,
        tuple(Child(s, schema.titled(s.fields), said_in(state, form.fields[1:], s.fields)) for s in sheets),
    )


def _choices(
    asking: Asking,
    plan: Whole,
    schemas: Iterable[Schema],
    children: Iterable[Child],
    held: Mapping[str, Value] = NOTHING,
) -> dict[str, tuple[tuple[str, str], ...]]:
    """What the fields of these schemas can be given, in the order of the plan and with its numbers; not what the page is of."""
    goals = [*(g for axis in plan.axes for g in axis.goals), *plan.homeless]
    numbered = [(axis.id, str(axis.number), axis.title) for axis in plan.axes]
    numbered += [(g.id, g.code, g.title) for goal in goals for g in (goal, *goal.operational)]
    numbered += [(line.id, line.code, line.title) for line in plan.actions]
    of_page = asking.action.id if asking.action else ""
    called = {name: f"{code} {title}".strip() for name, code, title in numbered}
    place = {name: n for n, name in enumerate(called)}
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    for schema in schemas:
        for fields in (
            held,
            *(child.sheet.fields for child in children if child.sheet.schema == schema.name),
        ):
            for name, offered in choices_of(asking.state, schema, fields).items():
                told = {one: called.get(one, text) for one, text in offered if one != of_page}
                known = dict(found.get(name, ())) | told
                linked = name in {field.name for field, _ in schema.links}
                order = sorted(known, key=lambda one: place.get(one, len(place))) if linked else known
                found[name] = tuple((one, known[one]) for one in order)
    return found


def _totals(plan: Whole) -> list[tuple[int | None, str, str, str]]:
    """What is planned and spent by year and unit, of the whole plan."""
    sums: dict[tuple[int | None, str], tuple[Decimal, Decimal]] = {}
    for total in plan.totals:
        planned, actual = sums.get((total.year, total.unit), (Decimal(0), Decimal(0)))
        sums[total.year, total.unit] = (planned + total.planned, actual + total.actual)
    order = sorted(sums, key=lambda key: (key[0] or 9999, key[1]))
    return [
        (y, dict(UNITS).get(u, ""), number_text(sums[y, u][0]), number_text(sums[y, u][1])) for y, u in order
    ]
