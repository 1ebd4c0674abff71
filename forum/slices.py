"""Work on the event loop that comes in slices: a generator that pauses wherever others may come between.

What is drawn or told for one person may take as long as a hundred commands. Who makes it says where it can pause; who
has it made decides how often it does (``forum.web.turns``), or not at all (``at_once``). What it is made of never
changes meanwhile: states, views and kept pages are values.
"""

from collections.abc import Generator
from typing import TypeVar

T = TypeVar("T")
Sliced = Generator[None, None, T]


def at_once(work: Sliced[T]) -> T:
    """Do it without a pause."""
    while True:
        try:
            next(work)
        except StopIteration as done:
            made: T = done.value
            return made
