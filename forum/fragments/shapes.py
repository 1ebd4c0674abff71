"""Fragments that differ in what is printed into them, and in nothing else: drawn once, then filled.

A card's template takes twenty times as long as its words do. A slot names the arguments that its template only prints
(``Slot.prints``): never asked about, measured or changed. Such a fragment is drawn with a mark in place of each, kept,
and filled with the escaped words. The law of fragments stays as it is: what is filled equals what is drawn.
"""

import re
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from markupsafe import escape

FIRST_MARK: Final = 0xE010  # in no text: private use is stripped where texts come in
MOST_MARKS: Final = 16
_MARK: Final = re.compile(f"([{chr(FIRST_MARK)}-{chr(FIRST_MARK + MOST_MARKS - 1)}])")

Printed = str | int


def marks(count: int) -> list[str]:
    """What to draw in place of so many values."""
    assert count <= MOST_MARKS, f"expected at most {MOST_MARKS} values, got {count}"
    return [chr(FIRST_MARK + n) for n in range(count)]


class Shape(NamedTuple):
    """A fragment but for its values: texts, and after each but the last the number of the value that follows."""

    texts: tuple[str, ...]
    values: tuple[int, ...]

    @classmethod
    def of(cls, html: str) -> "Shape":
        """From a fragment that was drawn with marks."""
        texts = _MARK.split(html)
        return cls(tuple(texts[::2]), tuple(ord(mark) - FIRST_MARK for mark in texts[1::2]))

    def filled(self, values: Sequence[Printed], number: Callable[[int], str]) -> str:
        """With these values, as a template prints them: texts escaped, numbers as ``number`` writes them."""
        printed = [escape(value if isinstance(value, str) else number(value)) for value in values]
        parts = [self.texts[0]]
        for value, text in zip(self.values, self.texts[1:], strict=True):
            parts += (printed[value], text)
        return "".join(parts)
