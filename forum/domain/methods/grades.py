"""What methods of grades share: the middle of many, and the order of choices by it (Balinski and Laraki, 2007, hal-00243052)."""

from collections.abc import Sequence


def middle(counts: Sequence[int]) -> int:
    """The lower median: the grade in the middle, of an even number the lower of both; 0 where there is none.

    counts  how many gave the grade 1, 2, 3 …
    """
    half, reached = (sum(counts) + 1) // 2, 0
    for grade, count in enumerate(counts, 1):
        reached += count
        if count and reached >= half:
            return grade
    return 0


def majority_value(counts: Sequence[int]) -> bytes:
    """The sequence of lower medians, each taken away before the next is found: what comes later in order is better.

    It goes from the middle outwards, by turns to both sides. So it takes one pass, and no search. As many of each grade
    have the same. Of grades below 256.

    counts  how many gave the grade 1, 2, 3 …
    """
    grades = b"".join(bytes([grade]) * count for grade, count in enumerate(counts, 1))
    odd = len(grades) % 2
    lower, upper = grades[: len(grades) // 2][::-1], grades[len(grades) // 2 + odd :]
    value = bytearray(len(grades))
    value[:odd] = grades[len(lower) : len(lower) + odd]
    value[odd::2], value[1 + odd :: 2] = lower, upper
    return bytes(value)
