"""A file's tables as plain text: pages, lines with their numbers, cells by their columns. Values only."""

from typing import Final

import msgspec

MOST_BYTES: Final = 5 * 1024 * 1024  # of a file
MOST_ROWS: Final = 5_000  # of a page, that hold something
MOST_COLUMNS: Final = 100
MOST_CELL: Final = 20_000  # characters
MOST_PAGES: Final = 30
MOST_TEXT: Final = 2_000_000  # characters of all
MOST_CELLS: Final = 400_000  # of all, empty ones before a filled one too: the server reads them anew for every page that it draws


class Row(msgspec.Struct, frozen=True, array_like=True):
    """One line that holds something."""

    number: int  # as a spreadsheet counts, from 1
    cells: tuple[str, ...]  # without the empty ones at its end

    def at(self, column: int) -> str:
        """What stands in a column, from 0; "" where nothing does."""
        return self.cells[column] if column < len(self.cells) else ""


class Page(msgspec.Struct, frozen=True, array_like=True):
    """One sheet of a workbook, or the whole of another table."""

    name: str
    rows: tuple[Row, ...]

    @property
    def width(self) -> int:
        return max((len(row.cells) for row in self.rows), default=0)


class Book(msgspec.Struct, frozen=True, array_like=True):
    """A file that was read."""

    name: str  # of the file, without its folder
    pages: tuple[Page, ...]  # those that hold something, hidden ones left out

    def parted(self, page: int) -> tuple[Page, tuple[Page, ...]]:
        """One of its pages, and the others."""
        return self.pages[page], (*self.pages[:page], *self.pages[page + 1 :])


def letter(column: int) -> str:
    """What a spreadsheet calls a column, from 0: A, B … Z, AA …"""
    letters = ""
    column += 1
    while column:
        column, place = divmod(column - 1, 26)
        letters = chr(ord("A") + place) + letters
    return letters
