"""Fragments that differ in what is printed into them, and in nothing else: drawn once, then filled.

A card's template takes twenty times as long as its words do. A slot names the arguments that its template only prints
(``Slot.prints``): never asked about, measured or changed. Such a fragment is drawn with a mark in place of each, kept,
and filled with the escaped words. The law of fragments stays as it is: what is filled equals what is drawn.
"""

import re
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from markupsafe import escape

from forum.language import measured

FIRST_MARK: Final = 0xE010  # in no text: private use is stripped where texts come in
MOST_MARKS: Final = 16
_MARK: Final = re.compile(f"([{chr(FIRST_MARK)}-{chr(FIRST_MARK + MOST_MARKS - 1)}])(\ue00f?)")
_WORDS: Final = "\ue00f"  # beside a mark: what comes there are somebody's words

Printed = str | int


def marks(count: int) -> list[str]:
    """What to draw in place of so many values."""
    assert count <= MOST_MARKS, f"expected at most {MOST_MARKS} values, got {count}"
    return [chr(FIRST_MARK + n) for n in range(count)]


def as_set(text: str) -> str:
    """Somebody's words as they are set (``measured``), or a mark that will be filled with them."""
    return text + _WORDS if _MARK.fullmatch(text) else measured(text)


class Shape(NamedTuple):
    """A fragment but for its values: texts, and after each but the last the number of the value that follows."""

    texts: tuple[str, ...]
    values: tuple[int, ...]
    words: tuple[bool, ...]  # whether they are somebody's

    @classmethod
    def of(cls, html: str) -> "Shape":
        """From a fragment that was drawn with marks."""
        texts = _MARK.split(html)
        return cls(
            tuple(texts[::3]),
            tuple(ord(mark) - FIRST_MARK for mark in texts[1::3]),
            tuple(map(bool, texts[2::3])),
        )

    def filled(self, values: Sequence[Printed], number: Callable[[int], str]) -> str:
        """With these values, as a template prints them: texts escaped, numbers as ``number`` writes them."""
        printed = [escape(value if isinstance(value, str) else number(value)) for value in values]
        parts = [self.texts[0]]
        for value, words, text in zip(self.values, self.words, self.texts[1:], strict=True):
            parts += (escape(measured(str(values[value]))) if words else printed[value], text)
        return "".join(parts)
