"""The ballot methods. Each is one module and one value, which says how marks are given and counted.

A new method adds its module and a line below. Its words are registered in ``language.tellings``, its second
count in ``audit.tallies``, its crowd in ``demo.voters``; its template is ``methods/<name>.html``. No vote
asks for its name.
"""

from typing import Final

from forum.domain.methods import (
    approval,
    dots,
    gradients,
    impact,
    majority,
    multicriteria,
    pairwise,
    quadratic,
    roti,
    schulze,
    shares,
    twentyfive,
)
from forum.domain.methods.method import (
    MOST_CHOICES,
    Method,
    Serves,
    Setting,
    Sums,
    Wording,
    key_of,
    own,
    ranked,
)

__all__ = [
    "METHODS",
    "MOST_CHOICES",
    "Method",
    "Serves",
    "Setting",
    "Sums",
    "Wording",
    "key_of",
    "of",
    "own",
    "ranked",
]

METHODS: Final[dict[str, Method]] = {
    method.name: method
    for method in (
        dots.METHOD,
        approval.METHOD,
        majority.METHOD,
        gradients.METHOD,
        impact.METHOD,
        multicriteria.METHOD,
        roti.METHOD,
        twentyfive.METHOD,
        pairwise.METHOD,
        shares.METHOD,
        schulze.METHOD,
        quadratic.METHOD,
    )
}
"""Every method by its name, in the order in which the desk offers them."""


def of(name: str) -> Method:
    """The method with this name. KeyError for one that this version does not know."""
    return METHODS[name]
