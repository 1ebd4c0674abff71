"""Which way to choose suits what a room wants: a proposal with its reason, made by what each way says of itself.

Whoever leads says what is wanted and of how many choices. A method or a kind of step says what it serves (``serves``); the
first one that does is proposed, in the order in which the desk offers them. Some are never proposed, only chosen.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from forum.domain import methods
from forum.domain.kernel import N_
from forum.domain.methods import Method, Serves

WANTS: Final = {
    "narrow": N_("Narrow a list"),
    "rank": N_("Put in order"),
    "adopt": N_("Adopt or refuse proposals"),
    "share": N_("Share out a sum of money"),
    "feel": N_("Feel the room"),
}
"""What a room may want of a vote: message ids."""
MANY: Final = 20  # choices; of more nobody weighs all of them at once
FEW: Final = 8  # that a first round leaves for the second


class Proposal(NamedTuple):
    """A way to choose that suits, and why: a message id."""

    method: Method
    why: str


class TwoRounds(NamedTuple):
    """For many choices: one vote that narrows them, and one among those that come first."""

    first: Proposal
    second: Proposal


def proposals(want: str, choices: int) -> tuple[Proposal, ...]:
    """The methods that suit, the one that is proposed first."""
    return tuple(
        Proposal(method, serves.why)
        for method in methods.METHODS.values()
        if method.offered
        for serves in _serving(method, want, choices)
    )


def only_chosen() -> tuple[Method, ...]:
    """The methods that serve nothing by themselves: for rooms that know them."""
    return tuple(method for method in methods.METHODS.values() if method.offered and not method.serves)


def two_rounds(want: str, choices: int) -> TwoRounds | None:
    """The two rounds that are offered in place of one; None where one does."""
    first, second = proposals("narrow", choices), proposals(want, FEW)
    return (
        TwoRounds(first[0], second[0]) if choices > MANY and want != "narrow" and first and second else None
    )


def _serving(method: Method, want: str, choices: int) -> Iterator[Serves]:
    fitting = (s for s in method.serves if s.want == want and s.least <= choices <= min(s.most, method.most))
    yield from tuple(fitting)[:1]
