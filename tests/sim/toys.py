"""What universes know beside the product: the method and the sheets that live only in the tests. (The kind of step that does
has universes of its own, ``tests/toys/inside/simulation.py``.)
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from forum.domain.methods import METHODS
from forum.domain.sheets import in_steps
from tests.methods.toy import GRADES, grades
from tests.toysheet import MENU, RECIPE, known

VOTED: Final = (*METHODS, GRADES.name)
WRITTEN: Final = (*(schema.name for schema in in_steps()), RECIPE.name, MENU.name)
"""Menus link to recipes, recipes to cards, objectives to axes."""


@contextmanager
def toys() -> Iterator[None]:
    """For as long as the block lasts they are methods and sheets like any other."""
    with grades(), known(RECIPE), known(MENU):
        yield
