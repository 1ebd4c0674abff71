"""The tables of a document for word processors, as XML of our own: the library takes minutes for a long one.

Each is set in one of two densities: ``Tight`` has smaller letters and less room, for what shall stay on a page.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple
from xml.sax.saxutils import escape  # what it writes only

import regex

from forum.exports.book import Column, Fact, Facts, Table
from forum.exports.measure import height
from forum.exports.word_profiles import drawn

WIDTH_CM: Final = 17.0  # A4 without its margins
TIGHT: Final = "Tight"  # at the end of the name of a style
SIDE_TWIPS: Final = 80  # between the edge of a cell and what stands in it
ACCENT, PAPER = "1B4D89", "F3EFE6"
WHOLE: Final = 32  # lines, of a sheet that no page parts
SHORT: Final = 12  # rows, of a table that none does
LABELS: Final = (0.27, 0.73)
WITHIN: Final = LABELS[1] - 0.02  # of the width, for a table in a row of a sheet
FIGURE: Final = 0.24  # of a column whose numbers are drawn: what the number takes
_BARRED: Final = regex.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_NUMBER: Final = re.compile(r"^[0-9]+")


class _Cell(NamedTuple):
    lines: Sequence[str]
    style: str
    right: bool = False
    shaded: bool = False
    wide: int = 1  # columns
    kept: bool = False  # with the next row, on one page
    bar: float | None = None  # drawn in place of lines: how much of the width
    drawn: str = ""  # a table below its lines


def facts(told: Facts, density: str = "") -> str:
    """A sheet in two columns. A short one is not parted by the end of a page; of a long one the beginning is not."""
    last = len(told.rows) - 1
    kept = last if height(told) <= WHOLE else 2
    rows = [
        (
            _Cell((fact.label,), "Label" + density, kept=at < kept),
            _Cell(_said(fact), _look(fact) + density, kept=at < kept, drawn=_within(fact, density)),
        )
        for at, fact in enumerate(told.rows)
    ]
    return _placed(LABELS, [_row(cells, LABELS) for cells in rows], density)


def _said(fact: Fact) -> Sequence[str]:
    return fact.drawn.lines if fact.drawn else fact.lines or (fact.nothing,)


def _within(fact: Fact, density: str) -> str:
    """The table in a row of a sheet."""
    return table(fact.drawn.table, density, WITHIN) if fact.drawn else ""


def _look(fact: Fact) -> str:
    return ("Emphatic" if fact.strong else "Cell") if fact.lines else "Nothing"


def table(told: Table, density: str = "", width: float = 1.0) -> str:
    """A table; a short one is not parted by the end of a page. Of a column whose numbers are drawn too, each has its bar in a cell beside it."""
    whole = sum(column.share for column in told.columns)
    shares = [width * share / whole for column in told.columns for share in _shares(column)]
    groups, greatest = dict(told.groups), [_greatest(told, at) for at in range(len(told.columns))]
    rows = [_row(list(_head(told, density)), shares, "<w:cantSplit/><w:tblHeader/>")]
    kept = len(told.rows) - 1 if len(told.rows) <= SHORT else 0
    for number, row in enumerate(told.rows):
        if number in groups:
            rows.append(_row([_Cell((groups[number],), "Group" + density, wide=len(shares))], [1.0]))
        cells = [
            cell._replace(kept=number < kept)
            for said, column, most in zip(row, told.columns, greatest, strict=True)
            for cell in _cells(said, column, most, density, width / whole)
        ]
        rows.append(_row(cells, shares))
    return _placed(shares, rows, density)


def _shares(column: Column) -> tuple[float, ...]:
    return (column.share * FIGURE, column.share * (1 - FIGURE)) if column.bar else (column.share,)


def _head(told: Table, density: str) -> Iterator[_Cell]:
    for column in told.columns:
        right, wide = column.number and not column.bar, 2 if column.bar else 1
        yield _Cell((column.heading,), "Head" + density, right, shaded=True, wide=wide, kept=True)


def _cells(said: str, column: Column, greatest: int, density: str, scale: float) -> Iterator[_Cell]:
    """scale: what a share of one is of the width"""
    if column.parts:
        room = _twips(column.share * scale) - 2 * SIDE_TWIPS
        yield _Cell((said,), "Cell" + density, drawn=drawn(said, room, "Bar" + density, halved=column.halved))
        return
    yield _Cell(said.split("\n"), "Cell" + density, column.number or column.bar)
    if column.bar:
        yield _Cell((), "Bar" + density, bar=_counted(said) / greatest)


def _greatest(told: Table, at: int) -> int:
    return max(1, *(_counted(row[at]) for row in told.rows), 1)


def _counted(said: str) -> int:
    found = _NUMBER.match(said)
    return int(found[0]) if found else 0


def _placed(shares: Sequence[float], rows: Sequence[str], density: str) -> str:
    widths = "".join(f'<w:gridCol w:w="{_twips(share)}"/>' for share in shares)
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="Forum{density}"/><w:tblW w:w="{_twips(sum(shares))}" w:type="dxa"/>'
        f'<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{widths}</w:tblGrid>{"".join(rows)}</w:tbl>'
    )


def _row(cells: Sequence[_Cell], shares: Sequence[float], has: str = "<w:cantSplit/>") -> str:
    filled, at = [], 0
    for cell in cells:
        filled.append(_cell(cell, sum(shares[at : at + cell.wide]) if len(shares) > 1 else 1.0))
        at += cell.wide
    return f"<w:tr><w:trPr>{has}</w:trPr>{''.join(filled)}</w:tr>"


def _cell(cell: _Cell, share: float) -> str:
    spans = f'<w:gridSpan w:val="{cell.wide}"/>' if cell.wide > 1 else ""
    shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{PAPER}"/>' if cell.shaded else ""
    side = ("<w:keepNext/>" if cell.kept else "") + ('<w:jc w:val="right"/>' if cell.right else "")
    said = cell.lines or (() if cell.drawn else ("",))
    lines = "".join(paragraph(line, cell.style, side) for line in said)
    if cell.drawn:  # no cell ends with a table
        lines += cell.drawn + paragraph("", "Gap", side)
    inside = lines if cell.bar is None else _bar(cell, _twips(share) - 2 * SIDE_TWIPS)
    return f'<w:tc><w:tcPr><w:tcW w:w="{_twips(share)}" w:type="dxa"/>{spans}{shade}</w:tcPr>{inside}</w:tc>'


def _bar(cell: _Cell, room: int) -> str:
    """A line of no words, shaded as far as its number says: it is no picture, and stays when the table is made wider."""
    left = round(room * (1 - (cell.bar or 0)))
    drawn = f'<w:shd w:val="clear" w:color="auto" w:fill="{ACCENT}"/><w:ind w:right="{left}"/>'
    next_ = "<w:keepNext/>" if cell.kept else ""
    return f'<w:p><w:pPr><w:pStyle w:val="{cell.style}"/>{next_}{drawn if cell.bar else ""}</w:pPr></w:p>'


def paragraph(line: str, style: str, side: str = "") -> str:
    """A paragraph of one run; its lines are lines of it."""
    said = "<w:br/>".join(
        f'<w:t xml:space="preserve">{escape(part)}</w:t>' for part in clean(line).split("\n")
    )
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{side}</w:pPr><w:r>{said}</w:r></w:p>'


def clean(text: str) -> str:
    """Without controls, which the format cannot hold."""
    return str(_BARRED.sub("", text))


def _twips(share: float) -> int:
    return round(WIDTH_CM * 567 * share)
