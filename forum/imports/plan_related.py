"""Which other actions an action belongs with: by their codes, as our workbook names them, or by their titles."""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from forum.domain.kernel import N_, NOBODY, ActionId, SheetId
from forum.domain.sheets.record import Wrote
from forum.domain.sheets.words import EditSheet
from forum.domain.spelling import plain
from forum.domain.state import State
from forum.imports import plan_fields as of
from forum.imports.book import Page
from forum.imports.columns import Guess, bare, names
from forum.imports.plan_fields import BY_KEY
from forum.imports.plan_line import Line, Told
from forum.imports.wishes import Asking
from forum.language import LANGUAGES, Reader

PARTS: Final = re.compile(r"[;\n]")
CODE: Final = re.compile(r"(\d+(?:\.\d+)+)\b[\s:.–—-]*(.*)")
FIELD: Final = "related"
NO_SUCH: Final = N_("No action of the plan has the code or the title “{name}”.")


class Known(NamedTuple):
    """The actions that a table may name."""

    by_code: Mapping[str, ActionId]
    by_title: Mapping[str, ActionId]  # as ``plain`` writes them

    def found(self, name: str) -> ActionId | None:
        """By its title, alone or behind a code; else by the code."""
        behind = CODE.fullmatch(name)
        titled = self.by_title.get(plain(name)) or (behind and self.by_title.get(plain(behind[2])))
        return titled or (self.by_code.get(behind[1]) if behind else None)


def column_of_codes(page: Page, guess: Guess) -> int | None:
    """The column with the codes as they were when the table left; None where it has none."""
    heading = next((row for row in page.rows if row.number == guess.heading), None)
    called = names(*(Reader(lang).say("Code") for lang in LANGUAGES))
    cells = enumerate(heading.cells if heading else ())
    return next((n for n, cell in cells if n not in guess.targets and bare(cell) in called), None)


def wishes(state: State, told: Told, line: Line, action: ActionId, known: Known) -> Asking:
    """The same ones are no change, in whatever order; what is not in the plan any more stays where it is kept."""
    sheet = state.sheets.by_id.get(SheetId(action))
    held = [ActionId(name) for name in (sheet.fields.get(FIELD, ()) if sheet else ())]
    codes = {name: code for code, name in known.by_code.items()}
    found = dict[ActionId, str]()
    for name in filter(None, map(str.strip, PARTS.split(line.cell(of.RELATED)))):
        other = known.found(name)
        if other is None:
            yield line.problem(of.RELATED, NO_SUCH, name=name)
        elif other != action:
            found[other] = name
    before = [name for name in held if name in codes]
    if set(found) == set(before) or (line.cell(of.RELATED) and not found):
        return
    value = (*found, *(name for name in held if name not in codes))
    command = EditSheet(SheetId(action), "action_sheet", {FIELD: value})
    wrote = sheet.wrote.get(FIELD, Wrote(NOBODY, 0)).seq if sheet else 0
    was = "; ".join(codes[name] for name in before)
    yield line.change(BY_KEY[of.RELATED], command, "; ".join(found.values()), was, wrote)
