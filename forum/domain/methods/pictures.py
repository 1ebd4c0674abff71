"""What a result looks like beside its numbers: the shapes, as values.

A method says what its picture holds (``Method.picture``); each shape is drawn once a surface
(``templates/pictures/<shape>.html``) and once in documents, whatever the method. Its words are the method's telling's.
"""

from collections.abc import Mapping
from itertools import pairwise
from typing import NamedTuple


class Part(NamedTuple):
    """One part of a bar: the place of its grade, how many stand before it, and how many chose it."""

    at: int
    before: int
    people: int


class Profiles(NamedTuple):
    """For each option, how many chose each grade, from the best to the worst, as one bar. ``TELLINGS[…].grades`` names them."""

    counts: Mapping[str, tuple[int, ...]]
    middle: bool = True  # whether a line stands at the half

    def parts(self, option: str) -> tuple[Part, ...]:
        """Of its bar, those that somebody chose."""
        counts = self.counts[option]
        parts = (Part(at, sum(counts[:at]), count) for at, count in enumerate(counts))
        return tuple(part for part in parts if part.people)

    @property
    def shape(self) -> str:
        """By which its drawings are found."""
        return "profiles"


def middle_half(counts: tuple[int, ...]) -> tuple[int, int, int]:
    """Where the first, second and third quarter of all end, as places among the grades: the middle, and its half around it.

    The lower of two that lie in the middle counts, as in a majority grade; (0, 0, 0) where nobody chose.
    """
    people = sum(counts)
    ends, before = list[int](), 0
    for place, count in enumerate(counts):
        before += count
        while len(ends) < 3 and people and 4 * before >= (len(ends) + 1) * people:
            ends.append(place)
    return (ends[0], ends[1], ends[2]) if ends else (0, 0, 0)


class Spread(NamedTuple):
    """Where most lie on one scale: the middle, and the range of the middle half. In quarters of a mark."""

    low: int
    middle: int
    high: int
    parted: bool = False  # so wide that the room should speak of it


class Plane(NamedTuple):
    """For each option, where it lies across and up. ``TELLINGS[…].plane`` names both, and what lies in each corner."""

    places: Mapping[str, tuple[Spread, Spread]]
    least: int
    most: int  # marks of either scale
    cut: int  # the line that parts its halves, in quarters of a mark

    @property
    def shape(self) -> str:
        """By which its drawings are found."""
        return "plane"


class Duels(NamedTuple):
    """How many prefer each option to each other, from the first to the last, and what decides between them."""

    preferred: Mapping[str, Mapping[str, int]]  # option → other → by how many it is preferred to that other
    paths: Mapping[
        str, Mapping[str, tuple[str, ...]]
    ] = {}  # option → other → the way over others that decides; () : none
    ranks: Mapping[str, int] = {}  # by which they are known, where they have no mark of their own

    @property
    def shape(self) -> str:
        """By which its drawings are found."""
        return "duels"

    @property
    def signs(self) -> Mapping[str, str]:
        """What stands for each in a table: its rank, or its place where none is told; equals are told apart by a letter."""
        ranks = {one: self.ranks.get(one, n) for n, one in enumerate(self.preferred, 1)}
        alike: dict[int, list[str]] = {}
        for one, rank in ranks.items():
            alike.setdefault(rank, []).append(one)
        return {
            one: f"{rank}{chr(ord('a') + n) if len(there) > 1 else ''}"
            for rank, there in alike.items()
            for n, one in enumerate(there)
        }

    @property
    def neighbours(self) -> list[tuple[str, str]]:
        """Each and the one that stands after it."""
        return list(pairwise(self.preferred))

    def beats(self, one: str, other: str) -> bool:
        """Whether more prefer this one than that one."""
        return self.preferred[one][other] > self.preferred[other][one]

    def strength(self, one: str, other: str) -> int:
        """The smallest majority on the way that decides; 0 where none leads there."""
        path = self.paths.get(one, {}).get(other, ())
        return min((self.preferred[a][b] for a, b in pairwise(path)), default=0)

    @property
    def beats_all(self) -> str:
        """The option that beats each other one alone (Condorcet's winner); "" where none does."""
        alone = (one for one, over in self.preferred.items() if all(self.beats(one, other) for other in over))
        return next(alone, "")

    @property
    def circle(self) -> bool:
        """Whether each is beaten by some other, so that majorities lead in a circle; else the unbeaten only draw."""
        return all(any(self.beats(other, one) for other in over) for one, over in self.preferred.items())


class Purse(NamedTuple):
    """What a sum buys, in the order in which it was bought. In cents."""

    sum: int
    costs: Mapping[str, int]
    bought: tuple[str, ...]
    had: Mapping[str, int] = {}  # of what is not bought: how much its supporters had left

    def begins(self, option: str) -> int:
        """What was spent before this was bought; -1: it was not."""
        if option not in self.bought:
            return -1
        return sum(self.costs[other] for other in self.bought[: self.bought.index(option)])

    @property
    def left(self) -> int:
        """What nothing was bought for."""
        return self.sum - sum(self.costs[option] for option in self.bought)

    @property
    def shape(self) -> str:
        """By which its drawings are found."""
        return "purse"


Picture = Profiles | Plane | Duels | Purse
