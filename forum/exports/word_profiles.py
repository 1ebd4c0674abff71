"""The profile of an option in a document for word processors: a row of shaded cells, as wide as their counts say; no picture.

The line at the half is the border of a cell: the part that it crosses is two cells.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Final, NamedTuple

from forum.exports.pictured import BETWEEN

BETTER, WORSE, BETWEEN_FILL = "1B4D89", "875100", "C9C2B2"
LIGHTER: Final = (0, 52, 74, 90)  # percent, from the end of the scale to its middle
HALF: Final = Fraction(1, 2)
_EDGE: Final = '<w:left w:val="single" w:sz="18" w:space="0" w:color="1D1B16"/>'


class _Part(NamedTuple):
    width: Fraction  # of the bar
    fill: str
    at_half: bool = False  # whether it begins at the half


def drawn(said: str, twips: int, style: str, *, halved: bool) -> str:
    """The bar of these counts, from the best grade to the worst, as a table of its own; "" where there are none."""
    counts = [int(count) for count in said.split(BETWEEN)]
    parts = list(_parts(counts, halved=halved))
    widths = [round(twips * part.width) for part in parts]
    if not parts:
        return ""
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    cells = "".join(_cell(part, width, style) for part, width in zip(parts, widths, strict=True))
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblLayout w:type="fixed"/></w:tblPr>'
        f"<w:tblGrid>{columns}</w:tblGrid><w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr></w:tbl>"
    )


def _parts(counts: Sequence[int], *, halved: bool) -> Iterator[_Part]:
    before = Fraction(0)
    for at, count in enumerate(counts):
        if not count:
            continue
        width, fill = Fraction(count, sum(counts)), _fill(at, len(counts))
        if halved and before < HALF < before + width:
            yield _Part(HALF - before, fill)
            yield _Part(before + width - HALF, fill, at_half=True)
        else:
            yield _Part(width, fill, at_half=halved and before == HALF)
        before += width


def _fill(at: int, of: int) -> str:
    """The further from the middle of the scale, the stronger."""
    half = of // 2
    if of % 2 and at == half:
        return BETWEEN_FILL
    colour, steps = (BETTER, at) if at < half else (WORSE, of - 1 - at)
    lighter = LIGHTER[min(steps, len(LIGHTER) - 1)]
    own = [int(colour[n : n + 2], 16) for n in (0, 2, 4)]
    return "".join(f"{value + (255 - value) * lighter // 100:02X}" for value in own)


def _cell(part: _Part, width: int, style: str) -> str:
    edge = f"<w:tcBorders>{_EDGE}</w:tcBorders>" if part.at_half else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{edge}<w:shd w:val="clear" w:color="auto" '
        f'w:fill="{part.fill}"/></w:tcPr><w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr></w:p></w:tc>'
    )
