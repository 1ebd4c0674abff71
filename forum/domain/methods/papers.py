"""How a ballot of a method looks on paper, as a value: what is drawn beside each choice, and how what is drawn there is typed.

A method says it (``Method.paper``). Where it says nothing, a number is written for each choice: every mark is one.
"""

from typing import Final, NamedTuple

from forum.domain.kernel import N_
from forum.domain.limits import Range

MOST_BOXES: Final = 6  # in a row: more are counted wrongly, and a number is written
CROSSES: Final = ("x", "1", "on")  # what may be typed for a box that is ticked
MOST_SIGNS: Final = 12  # that may be typed for one choice


class Circle(NamedTuple):
    """One of several, of which one is marked."""

    sign: str  # what stands in it, and is typed
    mark: int


class Paper(NamedTuple):
    """What stands beside each choice: circles, else boxes, else a line on which a number is written."""

    how: str  # how one answers: a message id, filled with what holds in the round
    circles: tuple[Circle, ...] = ()  # the best first
    worded: bool = False  # whether they have words, as ``Telling.grades`` says them
    boxes: int = 0  # to be ticked; as many as are, so much is given
    numbers: Range = Range(-1_000_000)

    def read(self, typed: str) -> int | None:
        """The mark that was typed; 0 for nothing, None for what is not on the paper."""
        said = typed.strip()
        if not said:
            return 0
        if self.circles:
            return next((one.mark for one in self.circles if one.sign == said), None)
        if self.boxes == 1:
            return 1 if said.lower() in CROSSES else 0 if said == "0" else None
        whole = said.removeprefix("-")
        if not (whole.isascii() and whole.isdecimal() and len(said) <= MOST_SIGNS):
            return None
        return int(said) if self.numbers.holds(int(said)) else None


class Unfit(NamedTuple):
    """That a method has no paper, and why: a message id."""

    why: str


WRITTEN: Final = Paper(N_("Write a number beside each choice; leave empty what you give nothing."))
"""What fits every method that asks everybody the same."""
OF_ONES_OWN: Final = Unfit(
    N_("This way to vote asks each person something else, one after another or by lot. It cannot be printed.")
)


def graded(marks: tuple[int, ...]) -> tuple[Circle, ...]:
    """Circles for marks that are given the best first: the lowest is 1, and none is left out between."""
    return tuple(Circle(str(len(marks) - n), mark) for n, mark in enumerate(marks))


def numbered(least: int, most: int) -> tuple[Circle, ...]:
    """Circles with the numbers themselves, from the lowest."""
    return tuple(Circle(str(mark), mark) for mark in range(least, most + 1))


def ticked(how: str, boxes: int) -> Paper:
    """So many boxes; where these are many, a line to write how many."""
    return Paper(how, boxes=boxes if boxes <= MOST_BOXES else 0, numbers=Range(0, boxes))
