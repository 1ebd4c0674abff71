"""What stands in a cell, read strictly: a day, a number, one of a list. What could mean two things is none.

A spreadsheet keeps days as numbers (47727 is 1 September 2030), people write them as they are used to: 12/14/20 is no day that
everybody reads alike, so it is named as a problem.
"""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Final, NamedTuple

from forum.domain.kernel import N_
from forum.domain.sheets.fields.amount import number_text
from forum.imports.columns import bare
from forum.language import NARROW_SPACE, NO_BREAK

FIRST_DAY: Final = date(1899, 12, 30)  # day 0 of spreadsheets
SERIALS: Final = range(20_000, 80_000)  # days of 1954 to 2119
ISO: Final = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ].*)?")
WRITTEN: Final = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})")
SHORT: Final = re.compile(r"\d{1,2}[/.\-]\d{1,2}[/.\-]\d{2}")
TRUTHS: Final = ("true", "false")  # as ``reading`` writes down what a spreadsheet keeps so
SPACES: Final = re.compile(r"\s+")
NO_BREAKS: Final = (NO_BREAK, NARROW_SPACE)
MONEY: Final = re.compile(r"(?:€|euros?|eur)\s*(?:ht|ttc)?$|%$", re.IGNORECASE)
PARTS: Final = re.compile(r"[,/+?&;\n]| - | et | and ")

NO_DAY: Final = N_("This is no day. Write it as day, month and year, for instance 31/01/2025.")
TWO_DAYS: Final = N_(
    "This could be two different days. Write the day first, then the month, then the year with four figures."
)
NO_DAY_BUT_TRUTH: Final = N_(
    "The spreadsheet keeps a yes or no here (TRUE, FALSE), no day. Write it as day, month and year, for instance 31/01/2025."
)
NO_NUMBER: Final = N_("This is no number. Write figures alone, for instance 1250.")
NO_CHOICE: Final = N_("This is none of: {words}. Choose one of them.")


class Wrong(NamedTuple):
    """Why a cell cannot be read."""

    why: str
    params: Mapping[str, object] = {}


def day(cell: str) -> str | Wrong:
    """An ISO date; "" for nothing."""
    if not cell:
        return ""
    if cell in TRUTHS:
        return Wrong(NO_DAY_BUT_TRUTH)
    try:
        if iso := ISO.fullmatch(cell):
            return date.fromisoformat(iso[1]).isoformat()
        if written := WRITTEN.fullmatch(cell):
            return date(int(written[3]), int(written[2]), int(written[1])).isoformat()
    except ValueError:
        return Wrong(TWO_DAYS if _month_first(cell) else NO_DAY)
    if cell.isascii() and cell.isdecimal() and int(cell) in SERIALS:
        return (FIRST_DAY + timedelta(days=int(cell))).isoformat()
    return Wrong(TWO_DAYS if SHORT.fullmatch(cell) else NO_DAY)


def _month_first(cell: str) -> bool:
    """Say whether it is a day where the month stands first, as in 12/14/2020: the others of its table may be meant so."""
    written = WRITTEN.fullmatch(cell)
    try:
        return bool(written and date(int(written[3]), int(written[1]), int(written[2])))
    except ValueError:
        return False


def number(cell: str) -> str | Wrong:
    """A number as fields keep it; "" for nothing."""
    plain = SPACES.sub("", MONEY.sub("", cell.strip()).strip())
    if not plain:
        return "" if not cell else Wrong(NO_NUMBER)
    if plain.count(",") == 1 and "." not in plain:
        plain = plain.replace(",", ".")
    try:
        read = Decimal(plain) if re.fullmatch(r"-?\d{1,15}(\.\d{1,6})?", plain) else None
    except InvalidOperation:
        read = None
    return Wrong(NO_NUMBER) if read is None else number_text(read)


def choice(cell: str, words: Mapping[str, str], offered: str) -> str | Wrong:
    """The key of one of a list, by ``words`` as ``bare`` writes them; "" for nothing. ``offered``: what is said of the list."""
    if not cell:
        return ""
    return words.get(bare(cell)) or Wrong(NO_CHOICE, {"words": offered})


def line(cell: str) -> str:
    """A text of one line. A space at which no line may end stays one, as ours are written: French has many."""
    return SPACES.sub(lambda found: found[0] if found[0] in NO_BREAKS else " ", cell).strip()


def lines(cell: str) -> str:
    """A text as a field of lines keeps it: without empty lines and spaces around."""
    return "\n".join(filter(None, map(str.strip, cell.splitlines())))


def names(cell: str) -> list[str]:
    """The names in a cell, as people put several into one."""
    return [name for part in PARTS.split(cell) if (name := part.strip())]
