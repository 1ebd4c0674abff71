"""How sheets are laid out on the wall: which stand on a page, in how many columns and rows, in which size of writing.

Every sheet stands on some page in whole. As many share a page as fit by their own texts; one that fits no page alone goes on
on the next. Measures are those of ``fit``, and estimates as there.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from forum.fragments.fit import LETTER, STAGE_HIGH, STAGE_WIDE, lines

GRIDS: Final = ((3, 2), (3, 1), (2, 1), (1, 1))  # columns, rows: the more sheets the better
SIZES: Final = (("sheet-1", 2.4), ("sheet-2", 2.0), ("sheet-3", 1.7), ("sheet-4", 1.46))
"""The class in screen.css, and the type of what is said; nothing smaller is read from the last row."""
GAP_WIDE: Final = 1.8
GAP_HIGH: Final = 1.2
ENDS: Final = 1.9  # border and padding above a sheet, and the space below its title
BETWEEN: Final = 0.35  # two fields
TITLE: Final = 1.2  # of the type of what is said; so the next
LABEL: Final = 0.85
LEADING: Final = 1.2
ASKED_LETTERS: Final = 70  # in a line above the stage
ASKED_LINES: Final = 2  # for which there is always room
ASKED_LINE: Final = 2.6
NUMBER: Final = 5  # letters before a title


class Text(NamedTuple):
    """One sheet as it is read: its title, and of each field label and words."""

    title: str
    fields: tuple[tuple[str, str], ...]


class Part(NamedTuple):
    """One sheet on a page: which, and its fields from one to before another."""

    sheet: int
    first: int
    end: int


class Page(NamedTuple):
    """What stands on one page."""

    parts: tuple[Part, ...]
    columns: int
    rows: int
    size: str


@lru_cache(maxsize=32)
def pages_of(sheets: tuple[Text, ...], asked: tuple[str, ...]) -> tuple[Page, ...]:
    """The pages, one at least. Cost: the texts, some ten times.

    asked   what stands above them, in each language: where it is long, less room is left
    """
    over = max((lines(words, ASKED_LETTERS) - ASKED_LINES for words in asked), default=0)
    high = STAGE_HIGH - max(0, over) * ASKED_LINE
    return tuple(_pages(sheets, high)) or (Page((), 1, 1, SIZES[0][0]),)


def _pages(sheets: tuple[Text, ...], high: float) -> Iterator[Page]:
    at = 0
    while at < len(sheets):
        page = next((p for grid in GRIDS if (p := _together(sheets, at, high, *grid))), None)
        if page is None:
            yield from _alone(sheets[at], at, high)
            at += 1
        else:
            yield page
            at += len(page.parts)


def _together(sheets: tuple[Text, ...], at: int, high: float, columns: int, rows: int) -> Page | None:
    """The next sheets in such a grid, or in the smaller one that holds the last of them; None if they do not fit."""
    few = sheets[at : at + columns * rows]
    if len(few) <= columns:
        columns, rows = len(few), 1
    elif len(few) <= 4:
        columns = 2
    size = next((name for name, type_ in SIZES if _fit(few, type_, high, columns, rows)), None)
    parts = tuple(Part(at + n, 0, len(sheet.fields)) for n, sheet in enumerate(few))
    return Page(parts, columns, rows, size) if size else None


def _fit(few: Sequence[Text], type_: float, stage: float, columns: int, rows: int) -> bool:
    wide = (STAGE_WIDE - GAP_WIDE * (columns - 1)) / columns
    high = (stage - GAP_HIGH * (rows - 1)) / rows
    return all(_high(sheet, type_, wide, 2 if columns == 1 else 1) <= high for sheet in few)


def _high(sheet: Text, type_: float, wide: float, beside: int) -> float:
    """How high a sheet is, what it says in so many columns below its title."""
    title = TITLE * type_
    said = (wide - GAP_WIDE * (beside - 1)) / beside
    body = sum(
        lines(label, said / (LABEL * type_ * LETTER)) * LABEL * type_ * LEADING
        + lines(words, said / (type_ * LETTER)) * type_ * LEADING
        + BETWEEN
        for label, words in sheet.fields
    )
    slack = 2 * type_ * LEADING if beside > 1 else 0  # no column ends within a line
    heading = lines("0" * NUMBER + sheet.title, wide / (title * LETTER)) * title * LEADING
    return ENDS + heading + body / beside + slack


def _alone(sheet: Text, number: int, high: float) -> Iterator[Page]:
    """A sheet that no page holds: as many of its fields as fit, then the next, under its title each time."""
    smallest, type_ = SIZES[-1]
    first = 0
    while first < len(sheet.fields):
        end = first + 1
        while end < len(sheet.fields) and _fit(
            [sheet._replace(fields=sheet.fields[first : end + 1])], type_, high, 1, 1
        ):
            end += 1
        yield Page((Part(number, first, end),), 1, 1, smallest)
        first = end
