"""Planted mistakes: each changes one decision of the real code, by a line of its source. The simulation must find all.

A row names a function, words of it, and what stands there instead; it is in the module of what it breaks. When the code
changes and the words are gone, planting fails: find the decision's new place.
"""

from typing import Final

from tests.sim.mutants import browsers, pages, rooms, rules, sheets, voices
from tests.sim.mutants.planting import Mutant, changed, planted

__all__ = ["MUTANTS", "Mutant", "changed", "planted"]

MUTANTS: Final = (
    *rules.MUTANTS,
    *rooms.MUTANTS,
    *pages.MUTANTS,
    *browsers.MUTANTS,
    *sheets.MUTANTS,
    *voices.MUTANTS,
)
