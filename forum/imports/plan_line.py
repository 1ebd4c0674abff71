"""One row of a plan's table: what its columns hold, and how what it asks for is said."""

from collections.abc import Callable
from typing import Final, NamedTuple

from forum.domain.kernel import N_, Command, PersonId
from forum.domain.state import State
from forum.imports import plan_fields as of
from forum.imports.book import Page, Row, letter
from forum.imports.columns import Guess
from forum.imports.plan_fields import PlanField
from forum.imports.values import Wrong
from forum.imports.wishes import Problem, Wish
from forum.language import Reader

SAYS: Final = N_("{label}: {now}")
CHANGES: Final = N_("{label}: “{now}” instead of “{was}”")
EMPTIES: Final = N_("{label}: nothing instead of “{was}”")
CONFLICT: Final = N_("{label}: “{now}”. Changed in the room meanwhile: “{was}”")


class Told(NamedTuple):
    """What a plan needs to know beside the table."""

    reader: Reader
    new_id: Callable[[str, int], str]
    called: Callable[[str], tuple[PersonId, ...]]  # who in the room is called so
    name: Callable[[PersonId], str]
    since: int = 0  # the fact at which the table left; 0: not known
    beside: tuple[Page, ...] = ()  # the other sheets of its workbook

    def changes(self, now: str, was: str, wrote: int) -> tuple[str, bool]:
        """What one field that would be otherwise is said to do, and whether it is ticked.

        Unticked where the room changed it after the table left, and where something would go unasked.
        """
        meanwhile = bool(self.since) and wrote > self.since
        does = CONFLICT if meanwhile else SAYS if not was else CHANGES if now else EMPTIES
        return does, not meanwhile and (bool(self.since) or not was)


class Line:
    """One row, by what its columns hold."""

    def __init__(self, row: Row, guess: Guess, told: Told, state: State) -> None:
        self.row, self.number, self._told = row, row.number, told
        self._at = {key: column for column, key in sorted(guess.targets.items(), reverse=True)}
        self.every = sorted(guess.targets.items())
        self._known = self.cell(of.ID) in state.plan.actions

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
        return field.reads(self.cell(field.key), self._told.reader)

    def wish(self, key: str, command: Command, does: str, *, ticked: bool = True, **params: str) -> Wish:
        """Of a new line all goes together; a known one is ticked field by field."""
        name = f"line-{self.number}-{key}" if self._known else f"line-{self.number}"
        return Wish(name, self.number, self.column(key), self.cell(key), command, does, params, ticked)

    def change(
        self, field: PlanField, command: Command, now: str, was: str, wrote: int, part: str = ""
    ) -> Wish:
        """One field otherwise; ``part``: what of it, where it holds more than one thing."""
        does, ticked = self._told.changes(now, was, wrote)
        key = f"line-{self.number}-{field.key}{part}"
        params = {"label": field.label, "now": now, "was": was}
        found = self.cell(field.key)
        return Wish(key, self.number, self.column(field.key), found, command, does, params, ticked)


def explains(line: Line) -> bool:
    """Whether a line only explains the columns, as that workbook does below its headings."""
    said = [cell.casefold() for cell in line.row.cells if cell]
    return bool(said) and sum(cell.startswith(of.HELP) for cell in said) > len(said) / 3
