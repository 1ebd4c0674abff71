"""Work on the event loop that is done in slices: a generator that pauses wherever others may come between.

What is drawn or told for one person may take as long as a hundred commands. The code that makes it says
where it can pause. ``forum.web.turns`` decides how often it does; ``at_once`` never pauses. The values it
works on never change meanwhile: states, views and kept pages.
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
