"""The shape of a pile of cards face down. What lies face up, the wall lays out itself (``static/js/wall.js``)."""

from typing import Final, NamedTuple


class Pile(NamedTuple):
    """Cards face down: full rows of ``columns``, and ``rest`` in the last row; each a cell of 40 by 30."""

    columns: int
    rows: int
    full: int
    rest: int


PILES: Final = ((8, 4), (16, 8), (24, 12), (40, 20), (64, 32), (112, 56), (160, 80))


def pile_of(cards: int) -> Pile:
    """The smallest grid that holds ``cards``, twice as many columns as rows; constant in the number of cards."""
    columns, rows = next((p for p in PILES if p[0] * p[1] >= cards), PILES[-1])
    shown = min(cards, columns * rows)
    return Pile(columns, rows, shown // columns, shown % columns)
