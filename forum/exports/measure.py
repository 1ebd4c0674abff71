"""How much room something takes, in lines of text, as it is guessed before it is set. Pure."""

from collections.abc import Iterable
from typing import Final

from forum.exports.book import Block, Facts, Heading, Items, Para, Picture, Table

A_PAGE: Final = 46.0  # lines of the text's size, on A4 between its margins
HALF_A_PAGE: Final = 24.0  # below a heading, set somewhat smaller
_A_LINE: Final = 90  # characters, over the whole width
_A_ROW: Final = 0.7  # the room above and below what stands in it
_A_HEADING: Final = {1: 3.0, 2: 2.4, 3: 1.8}
_A_PICTURE: Final = 20.0  # as high as it may be
_LABELS: Final = 0.3  # of the width


def lines_of(text: str, share: float = 1.0) -> int:
    """Of a text that has so much of the width."""
    a_line = max(4, round(_A_LINE * share))
    return sum(max(1, -(-len(part) // a_line)) for part in text.split("\n"))


def height(facts: Facts) -> float:
    """Of a sheet in two columns."""
    return sum(row_of(row.label, row.lines) + (_A_ROW if row.drawn else 0) for row in facts.rows)


def row_of(label: str, said: Iterable[str]) -> float:
    """Of one of its rows."""
    high = sum(lines_of(line, 1 - _LABELS) for line in said)
    return max(1, high, lines_of(label, _LABELS)) + _A_ROW


def taken(blocks: Iterable[Block]) -> float:
    """Of all these, one below another."""
    return sum(map(_taken, blocks))


def _taken(block: Block) -> float:
    match block:
        case Heading(level, text):
            return lines_of(text, 0.6) - 1 + _A_HEADING.get(level, 1.0)
        case Para(text):
            return lines_of(text) + 0.5
        case Items(lines):
            return sum(map(lines_of, lines)) + 0.5
        case Facts():
            return height(block)
        case Table():
            return _of_table(block)
        case Picture():
            return (
                block.size(1.0, 1.0)[1] * _A_PICTURE + (lines_of(block.caption) if block.caption else 0) + 1
            )
    return 0.0


def _of_table(table: Table) -> float:
    whole = sum(column.share for column in table.columns)
    shares = [column.share / whole for column in table.columns]
    rows = (max(lines_of(said, share) for said, share in zip(row, shares, strict=True)) for row in table.rows)
    return sum(high + _A_ROW for high in rows) + (1 + _A_ROW) * (len(table.groups) + 1)
