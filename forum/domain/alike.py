"""Which texts say nearly the same: choices that would part the votes of people who want one thing.

Two are alike when they are the same but for case, accents and punctuation, or when their letters are: the cosine of their
trigrams is at least 0.8, in whole numbers. Two that differ in a negation or a number are not: "Do not close" is no "Close". It only
warns; people decide. Cost: a dictionary of the words, then the trigrams of pairs that share half of theirs: 300 choices take some 30 ms.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import combinations
from typing import Final

NOT: Final = frozenset(
    [
        "ne",
        "pas",
        "non",
        "sans",
        "plus",
        "moins",
        "aucun",
        "aucune",
        "jamais",
        "no",
        "not",
        "without",
        "less",
        "more",
        "never",
        "none",
    ]
)
"""Words that turn a sentence round, in French and English."""
SHARED: Final = 20  # texts that may hold a word by which two are compared: what more hold says nothing of any
MOST: Final = 300  # texts that are compared: as many as a vote takes
_WORD: Final = re.compile(r"\w+")


@lru_cache(maxsize=8)
def alike(texts: tuple[str, ...]) -> tuple[tuple[int, int], ...]:
    """Pairs of places in ``texts`` that say nearly the same, in their order. Pure; what it found last is kept."""
    plain = [_plain(text) for text in texts[:MOST]]
    trigrams = [Counter(_trigrams(text)) for text in plain]
    turned = [_turned(text) for text in plain]
    same = {
        (plain.index(text), place) for place, text in enumerate(plain) if text and plain.index(text) < place
    }
    near = {
        (one, other)
        for one, other in _candidates(plain)
        if plain[one] != plain[other]
        and turned[one] == turned[other]
        and _near(trigrams[one], trigrams[other])
    }
    return tuple(sorted(same | near))


def _plain(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text.casefold())
    return " ".join(_WORD.findall("".join(c for c in parts if not unicodedata.combining(c))))


def _candidates(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Pairs that share at least half the words of one, among those that not too many hold. Words count by their first
    letters: endings differ."""
    words = [{word[:5] for word in text.split()} for text in texts]
    held: dict[str, list[int]] = {}
    for place, there in enumerate(words):
        for word in there:
            held.setdefault(word, []).append(place)
    shared: Counter[tuple[int, int]] = Counter()
    for places in held.values():
        if len(places) <= SHARED:
            shared.update(combinations(places, 2))
    yield from (pair for pair, n in shared.items() if 2 * n >= min(len(words[pair[0]]), len(words[pair[1]])))


def _turned(text: str) -> tuple[frozenset[str], tuple[str, ...]]:
    """What makes two sentences with nearly the same letters say another thing: negations and numbers."""
    words = text.split()
    return frozenset(words) & NOT, tuple(sorted(word for word in words if word.isdigit()))


def _trigrams(text: str) -> Iterator[str]:
    for word in text.split():
        padded = f" {word} "
        yield from (padded[n : n + 3] for n in range(len(padded) - 2))


def _near(one: Counter[str], other: Counter[str]) -> bool:
    """Whether the cosine is 0.8 or more: 25 (a·b)² ≥ 16 a² b²."""
    fewer, more = sorted((one, other), key=len)
    dot = sum(number * more[trigram] for trigram, number in fewer.items())
    squares = sum(n * n for n in one.values()) * sum(n * n for n in other.values())
    return bool(squares) and 25 * dot * dot >= 16 * squares
