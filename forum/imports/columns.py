"""Which column holds what: the line of headings is found, and columns are guessed by their names.

What a column can hold is a value (``Target``): ``cards`` and ``plan`` list theirs. A name is the same whatever its accents,
capitals and signs. Everything guessed here can be said otherwise by whoever imports.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from forum.domain.spelling import plain
from forum.imports.book import Page, Row

LOOKED_AT: Final = 20  # lines, for the headings
SIGNS: Final = re.compile(r"[\W_]+")
MOST_HEADING: Final = 80  # characters: beyond, it is no heading


class Target(NamedTuple):
    """What a column may hold."""

    key: str  # in forms
    label: str  # a message id
    names: frozenset[str]  # by which columns that hold it are called, as ``bare`` writes them
    several: bool = False  # more than one column may hold it


class Guess(NamedTuple):
    """How a page is read: the first guess, or what somebody said instead."""

    page: int
    heading: int  # number of its line; 0: there is none
    targets: Mapping[int, str]  # by column: the key of what it holds; others are left out


def bare(name: str) -> str:
    """A name without what no reader minds: "Sous-axe (x.x) " → "sous axe x x"."""
    return " ".join(SIGNS.sub(" ", plain(name)).split())


def names(*said: str) -> frozenset[str]:
    """Names as they are compared."""
    return frozenset(filter(None, map(bare, said)))


def guessed(pages: Sequence[Page], targets: Sequence[Target]) -> Guess:
    """The page and the columns that fit best. Without any name that is known: the first page, and no column."""
    best, most = Guess(0, 0, {}), 0
    for number, page in enumerate(pages):
        row = heading_of(page, targets)
        found = by_names(row, targets) if row else {}
        if len(found) > most:
            best, most = Guess(number, row.number if row else 0, found), len(found)
    return best if most else Guess(0, _first_heading(pages[0]), {})


def heading_of(page: Page, targets: Sequence[Target]) -> Row | None:
    """The line with most names that are known; None where none has one."""
    rows = [(len(by_names(row, targets)), -row.number, row) for row in page.rows[:LOOKED_AT]]
    most = max(rows, default=None, key=lambda one: one[:2])
    return most[2] if most and most[0] else None


def by_names(row: Row, targets: Sequence[Target]) -> dict[int, str]:
    """What the columns of a line of headings hold: each once, the first of its name, unless several may."""
    found: dict[int, str] = {}
    for column, cell in enumerate(row.cells):
        name = bare(cell) if len(cell) <= MOST_HEADING else ""
        target = next((one for one in targets if name and name in one.names), None)
        if target and (target.several or target.key not in found.values()):
            found[column] = target.key
    return found


def below(page: Page, heading: int) -> tuple[Row, ...]:
    """The lines that say something, below the headings."""
    return tuple(row for row in page.rows if row.number > heading)


def _first_heading(page: Page) -> int:
    """Of a table with names that nobody knows: its first line, where that looks like one."""
    if len(page.rows) < 2 or page.width < 2:
        return 0
    first = page.rows[0]
    short = all(0 < len(cell) <= MOST_HEADING for cell in first.cells)
    return first.number if short and len(first.cells) == page.width else 0
