"""What was kept of a vote, in a few sentences: on every page and in every document the same."""

from collections.abc import Iterable, Mapping
from typing import Final, Protocol

from forum.domain.kernel import N_
from forum.domain.steps.cut import DRAWN, OPEN, RUNOFF, WIDENED
from forum.language import Reader

NAMED: Final = 6  # choices; of more their number is told
NOT_SHOWN: Final = N_("A card that is not shown")


class Cut(Protocol):
    """A cut as pages have it, and as exports have."""

    @property
    def options(self) -> tuple[str, ...]: ...
    @property
    def tied(self) -> tuple[str, ...]: ...
    @property
    def places(self) -> int: ...
    @property
    def how(self) -> str: ...
    @property
    def waits(self) -> bool: ...
    @property
    def seed(self) -> int: ...


def told(reader: Reader, cut: Cut, titles: Mapping[str, str] | None = None) -> str:
    """Which choices are kept, who is tied at the limit and what became of them. Without ``titles`` they are counted."""

    def named(options: Iterable[str]) -> str:
        there = list(options)
        if titles is None or len(there) > NAMED:
            return reader.say_many("{n} choice", "{n} choices", len(there))
        return reader.listed(titles.get(o) or reader.say(NOT_SHOWN) for o in there)

    of_them = [o for o in cut.options if o in cut.tied]
    said_below = cut.how in (DRAWN, RUNOFF) and len(of_them) == len(cut.options)
    said = []
    if cut.options and not said_below:
        said.append(reader.say("Kept: {choices}.", choices=named(cut.options)))
    if cut.tied:
        places = reader.say_many("{n} place", "{n} places", cut.places)
        said.append(
            reader.say("Tied at the limit, for {places}: {choices}.", places=places, choices=named(cut.tied))
        )
        said.append(_became(reader, cut, named(of_them)))
    return " ".join(said)


def _became(reader: Reader, cut: Cut, chosen: str) -> str:
    """What became of the tied."""
    if cut.how == OPEN:
        return reader.say("What becomes of them is not decided yet.")
    if cut.how == WIDENED:
        return reader.say("All of these are kept.")
    if cut.how == DRAWN:
        return reader.say(
            "Drawn by lot among them: {choices}. With the seed {seed} the same draw can be made again.",
            choices=chosen,
            seed=cut.seed,
        )
    assert cut.how == RUNOFF, f"expected a way to part the tied, got {cut.how}"
    if cut.waits:
        return reader.say("A vote among these alone decides.")
    return reader.say("A vote among these alone has kept: {choices}.", choices=chosen)
