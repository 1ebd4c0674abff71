"""What a result looks like beside its numbers: the shapes, as values.

A method says what its picture holds (``Method.picture``); each shape is drawn once a surface
(``templates/pictures/<shape>.html``) and once in documents, whatever the method. Its words are the method's telling's.
"""

from collections.abc import Mapping
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
    """How many prefer each option to each other, and what decides between them."""

    preferred: Mapping[str, Mapping[str, int]]  # option → other → by how many it is preferred to that other
    paths: Mapping[
        str, Mapping[str, tuple[str, ...]]
    ] = {}  # option → other → the way over others that decides; () : none

    @property
    def shape(self) -> str:
        """By which its drawings are found."""
        return "duels"


class Purse(NamedTuple):
    """What a sum buys, in the order in which it was bought."""

    sum: int
    costs: Mapping[str, int]
    bought: tuple[str, ...]

    @property
    def shape(self) -> str:
        """By which its drawings are found."""
        return "purse"


Picture = Profiles | Plane | Duels | Purse
