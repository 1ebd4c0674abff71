"""Names as readers take them: which are the same, and in which order they stand. Pure; knows no person.

Names are no facts: they live beside the journal, and whoever shows them passes them in.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import Any, Final, TypeVar

LIGATURES: Final = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "đ": "d", "ł": "l", "ı": "i"})
"""Letters that are no other letter with a sign, and that readers look for under another."""
BETWEEN_WORDS: Final = re.compile(r"[\W_]+")
DIGITS: Final = re.compile(r"(\d+)")

T = TypeVar("T")


def plain(name: str) -> str:
    """A name without accents, capitals and double spaces: the same for names that are the same to a reader."""
    low = name.casefold()
    if not low.isascii():
        letters = unicodedata.normalize("NFKD", low.translate(LIGATURES))
        low = "".join(c for c in letters if not unicodedata.combining(c))
    return " ".join(low.split())


def same(one: str, other: str) -> bool:
    """Say whether two names are the same to a reader who does not mind accents and capitals."""
    return plain(one) == plain(other)


def opening(text: str, most: int) -> str:
    """A text on one line, or where that is longer than ``most`` characters, its first words with "…"."""
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    return line[:most].rsplit(" ", 1)[0][: most - 1] + "…"


def order(name: str) -> tuple[Any, ...]:
    """By what a list of names is put in order, in French and in English alike.

    Letters first, whatever their accents and capitals; where these are the same, the plain letter comes before the one
    with an accent. Numbers go by their size; a hyphen or an apostrophe parts words as a space does. Other alphabets
    follow, each in its own order.
    """
    words = BETWEEN_WORDS.sub(" ", plain(name)).strip()
    parts = (int(part) if n % 2 else part for n, part in enumerate(DIGITS.split(words)))
    return tuple(parts), unicodedata.normalize("NFKD", name.casefold()), name


def in_order(those: Iterable[T], name: Callable[[T], str]) -> list[T]:
    """Those with a name by it, then the others as they came."""
    named, nameless = list[tuple[str, T]](), list[T]()
    for one in those:
        called = name(one)
        if called:
            named.append((called, one))
        else:
            nameless.append(one)
    named.sort(key=lambda pair: order(pair[0]))
    return [*(one for _, one in named), *nameless]
