"""How large things can be written on the wall: sizes of cards, and the shape of a pile.

The server estimates this, because every drawing must give the same page; the browser never measures.
Measures are in rem, of which the screen is 100 by 56.25. A text is cut only if even the smallest size is too
large.
"""

from collections.abc import Sequence
from math import ceil
from typing import Final, NamedTuple

STAGE_WIDE: Final = 96.0
STAGE_HIGH: Final = 36.0  # with the small QR below it
STAGE_LOW: Final = 31.0  # with the large one
COLUMN_GAP: Final = 1.0
CARD_SIDES: Final = 1.8  # padding and border, left and right
CARD_ENDS: Final = 1.5  # padding and border, above and below, and the space to the next card
HEADING: Final = 3.4  # the title of a board's column
LETTER: Final = 0.465  # of the type's size: the mean width of a letter in our font, and a little more
LINE: Final = 1.22  # of the type's size


class Size(NamedTuple):
    """One size of writing: its class in screen.css, its type, how many columns across the whole stage."""

    name: str
    type: float
    columns: int
    most: int = 99  # lines of a card; what is longer ends in "…"


SIZES: Final = (
    Size("fit-1", 3.1, 2),
    Size("fit-2", 2.4, 3),
    Size("fit-3", 2.0, 4),
    Size("fit-4", 1.7, 5),
    Size("fit-5", 1.46, 5),
    Size("fit-6", 1.46, 5, most=4),
)
CLAMPED: Final = "fit-7"  # whatever the texts, a page's cards fit
STILL: Final = (SIZES[2], *SIZES[4:])  # while cards come in, at most one change of size


def size_of(sections: Sequence[Sequence[str]], *, low: bool, still: bool) -> str:
    """The class of the largest size at which the cards fit.

    sections  the texts of each of the board's columns, side by side
    low       whether the stage is the lower one
    still     whether cards are coming in, so that the size should seldom change
    """
    high = (STAGE_LOW if low else STAGE_HIGH) - (HEADING if len(sections) > 1 else 0)
    for size in STILL if still else SIZES:
        if all(_fits(texts, size, len(sections), high) for texts in sections):
            return size.name
    return CLAMPED


def _fits(texts: Sequence[str], size: Size, sections: int, high: float) -> bool:
    """Whether the cards stand in their columns, filled one after the other as CSS does."""
    columns = max(1, size.columns // sections)
    wide = (STAGE_WIDE / sections - COLUMN_GAP * columns) / columns
    letters = (wide - CARD_SIDES) / (size.type * LETTER)
    used, column = 0.0, 1
    for text in texts:
        card = min(size.most, lines(text, letters)) * size.type * LINE + CARD_ENDS
        if used and used + card > high:
            used, column = 0.0, column + 1
        used += card
    return column <= columns


def lines(text: str, letters: float) -> int:
    """How many lines of that many letters the words make; a word longer than a line is broken."""
    lines, used = 1, 0.0
    for word in text.split():
        if used and used + len(word) > letters:
            lines, used = lines + 1, 0.0
        used += len(word) + 1
        if used > letters + 1:
            lines, used = lines + ceil(used / letters) - 1, used % letters
    return lines


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
