"""Who stands in a line of a plan: pilot, partners, and the letters of RACI as our workbook writes them, one a line.

Whoever is in the room becomes what the line says; organisations are kept as words, other people’s names nowhere. Somebody
who gave no name stands in no document, and stays what they are.
"""

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from forum.domain.kernel import N_, NOBODY, ActionId, PersonId, SheetId
from forum.domain.plan.record import Action
from forum.domain.plan.words import ChoosePilot
from forum.domain.sheets.fields import Value
from forum.domain.sheets.fields.persons import split
from forum.domain.sheets.reading import named_in
from forum.domain.sheets.record import Sheet
from forum.domain.sheets.words import EditSheet
from forum.domain.spelling import plain
from forum.domain.state import State
from forum.imports import plan_fields as of
from forum.imports import values
from forum.imports.plan_fields import BY_KEY, PlanField
from forum.imports.plan_line import SAYS, Line, Told
from forum.imports.wishes import Asking, Wish

MOST_NAMES: Final = 20  # in a cell, of which one is the pilot
NOT_HERE: Final = N_(
    "Nobody in the room is called so. This name is not kept; the pilot can be named at the desk."
)
NO_ROLE: Final = N_("Nobody in the room is called “{name}”. This name is not kept.")
ONE_ANSWERS: Final = N_("One person answers for an action: leave one name behind A.")
NO_LETTER: Final = N_("Write a letter, a colon and names, one letter a line: R: Anne, Léa.")
LETTER: Final = re.compile(r"\s*([RACI])\s*:\s*(.*)", re.IGNORECASE)


class Role(NamedTuple):
    """One letter of RACI, and the field that holds who has it."""

    letter: str
    field: str
    label: str


ROLES: Final = (
    Role("R", "responsible", N_("Responsible (R)")),
    Role("A", "accountable", N_("Accountable (A)")),
    Role("C", "consulted", N_("Consulted (C)")),
    Role("I", "informed", N_("Informed (I)")),
)


def wishes(state: State, told: Told, line: Line, action: ActionId, known: Action | None) -> Asking:
    """``known``: the action as it stands; None for a new one."""
    yield from _pilot(told, line, action, known)
    yield from _partners(state, told, line, action)
    if line.has(of.ROLES):
        yield from _roles(state, told, line, action, known)


def _pilot(told: Told, line: Line, action: ActionId, known: Action | None) -> Asking:
    stands = known.pilot if known else NOBODY
    pilot = line.cell(of.PILOT)
    same = plain(pilot) == plain(told.name(stands)) if stands else False
    if not pilot or same or (stands and not told.name(stands)):
        return
    found = [who for one in values.names(pilot)[:MOST_NAMES] for who in told.called(one)[:1]]
    if found and found[0] != stands:
        command, now = ChoosePilot(action, found[0]), told.name(found[0])
        yield line.wish(of.PILOT, command, SAYS, label=BY_KEY[of.PILOT].label, now=now)
    if not found:
        yield line.problem(of.PILOT, NOT_HERE)


def _partners(state: State, told: Told, line: Line, action: ActionId) -> Asking:
    said = [one for one in map(str.strip, line.cell(of.PARTNERS).splitlines()) if one]
    organisations = "\n".join(one for one in said if not told.called(one))
    sheet = state.sheets.by_id.get(SheetId(action))
    stand = str(sheet.fields.get("partner_orgs", "")) if sheet else ""
    if organisations and values.lines(stand) != organisations:
        command = EditSheet(SheetId(action), "action_sheet", {"partner_orgs": organisations})
        label = BY_KEY[of.PARTNERS].label
        yield line.wish(of.PARTNERS, command, SAYS, label=label, now=organisations, ticked=not stand)


# --- RACI


def _roles(state: State, told: Told, line: Line, action: ActionId, known: Action | None) -> Asking:
    """What is said of each letter, where it is not what our documents say of it already."""
    sheet = state.sheets.by_id.get(SheetId(action))
    said = _letters(line.cell(of.ROLES))
    if line.cell(of.ROLES) and not said:
        yield line.problem(of.ROLES, NO_LETTER)
        return
    for role in ROLES:
        held = named_in(sheet.fields.get(role.field, ())) if sheet else ()
        shown = held or ((known.pilot,) if known and known.pilot and role.letter == "A" and said else ())
        names = said.get(role.letter, ())
        before = [name for who in shown if (name := told.name(who))]
        if sorted(map(plain, names)) == sorted(map(plain, before)) or (not names and not held):
            continue
        if role.letter == "A" and len(names) > 1:
            yield line.problem(of.ROLES, ONE_ANSWERS)
            continue
        found = {name: told.called(name)[:1] for name in names[:MOST_NAMES]}
        for name in (name for name, who in found.items() if not who):
            yield line.problem(of.ROLES, NO_ROLE, name=name)
        kept = tuple(dict.fromkeys(who for some in found.values() for who in some))
        if kept or not names:
            yield _named(told, line, action, role, sheet, kept, before)


def _named(
    told: Told, line: Line, action: ActionId, role: Role, sheet: Sheet | None,
    kept: tuple[PersonId, ...], before: Iterable[str],
) -> Wish:  # fmt: skip
    """The wish that these have a letter; who has it without a name has it still."""
    held = named_in(sheet.fields.get(role.field, ())) if sheet else ()
    nameless = [who for who in held if not told.name(who)]
    value: Value = next(iter(kept), "") if role.letter == "A" else (*kept, *nameless)
    field = PlanField(of.ROLES, role.label)
    now = ", ".join(told.name(who) for who in kept)
    wrote = sheet.wrote[role.field].seq if sheet and role.field in sheet.wrote else 0
    command = EditSheet(SheetId(action), "action_sheet", {role.field: value})
    return line.change(field, command, now, ", ".join(before), wrote, f"-{role.letter}")


def _letters(cell: str) -> dict[str, tuple[str, ...]]:
    """The names behind each letter."""
    found = filter(None, map(LETTER.fullmatch, cell.splitlines()))
    return {one[1].upper(): split(one[2]) for one in found}
