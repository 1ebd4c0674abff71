"""How the demo's people give grades."""

import random
from collections.abc import Sequence


def words(rng: random.Random, options: Sequence[str], weights: Sequence[float]) -> dict[str, int]:
    """Everybody has a mood; one in six words is not given, one ballot in twenty is blank."""
    if rng.random() < 0.05:
        return {}
    mood = rng.gauss(0, 0.8)
    return {
        option: min(7, max(1, round(1.5 + 5 * weight + mood + rng.gauss(0, 1.2))))
        for option, weight in zip(options, weights, strict=True)
        if rng.random() < 5 / 6
    }


def ratings(rng: random.Random, options: Sequence[str], weights: Sequence[float]) -> dict[str, int]:
    """Most found it worth their time, some a waste; one in ten says nothing of one thing or the other."""
    mood = rng.gauss(0.5, 0.9)
    return {
        option: min(5, max(1, round(2.5 + 1.5 * weight + mood)))
        for option, weight in zip(options, weights, strict=True)
        if rng.random() < 0.9
    }
