"""One sheet of the workbook, as plain values."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from forum.exports.tables import Row


class Page(NamedTuple):
    """One sheet."""

    title: str
    headings: Sequence[str]
    rows: Sequence[Row]
    sections: Sequence[tuple[str, int]] = ()  # above the headings: words, over how many columns
    total: Row | None = None
    frozen: int = 0  # columns that stay where they are
    wide: bool = False  # printed on A3, lying
    table: bool = True  # can be filtered
    days: Sequence[int] = ()  # columns that hold days
    marks: frozenset[int] = frozenset()  # columns that hold a mark and nothing else
    choices: Mapping[int, Sequence[str]] = {}
    widths: Mapping[int, int] = {}  # characters; others are as wide as what they say
