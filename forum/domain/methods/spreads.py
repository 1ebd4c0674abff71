"""The middle and the spread of marks, exact: in quarters of a mark, so that both are whole.

The middle of an even number of marks is the mean of the two in the middle. The spread is that of Tukey's hinges: the medians
of the lower and of the upper half, the middle mark left out where their number is odd (*Exploratory Data Analysis*, 1977).
"""

from collections.abc import Iterable, Sequence
from typing import Final

from forum.domain.methods.pictures import Spread

QUARTERS: Final = 4
APART: Final = 2 * QUARTERS  # so wide a spread that the room should speak of it


def middle(sorted_marks: Sequence[int]) -> int:
    """The middle of one mark or more."""
    half = len(sorted_marks) // 2
    low = sorted_marks[half] if len(sorted_marks) % 2 else sorted_marks[half - 1]
    return (low + sorted_marks[half]) * QUARTERS // 2


def spread(marks: Iterable[int]) -> Spread | None:
    """Where these marks lie; None where there are none. One mark alone has no spread."""
    found = sorted(marks)
    if not found:
        return None
    half = len(found) // 2
    low, high = (middle(found[:half]), middle(found[-half:])) if half else (middle(found),) * 2
    return Spread(low, middle(found), high, high - low >= APART)
