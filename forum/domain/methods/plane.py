"""Where the labels of a plane stand, so that none covers another: on the wall, at the desk, on a phone, on paper.

Theory of operation. The map is a grid of small squares, in whole numbers. An option that is alone at its place has its
label on it. Where several share a place, it has a dot, and their labels stand as near to it as there is room, each with a
line to it. What is nearest is looked for in rings, always in the same order, so that the same result is drawn alike
everywhere.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Final, NamedTuple

from forum.domain.methods.pictures import Plane, Spread

QUARTER: Final = 50  # a quarter of a mark, in units of the drawing
SQUARE: Final = 20  # of the grid: both measures are whole in it, and a mark is not
HALF: Final = 2  # squares from the middle of a label to its side
DOT: Final = 1
EDGE: Final = 60  # around the places, so that a label on the border is whole
LABEL: Final = 2 * HALF * SQUARE
CROWD: Final = 10
FEW: Final = 12  # options whose spreads can be told apart; of more, the wide ones are drawn


class Label(NamedTuple):
    """One option on the map, in units of the drawing, from the upper left."""

    option: str
    x: int  # the middle of its label
    y: int
    at_x: int  # its place
    at_y: int
    beside: bool  # whether its label is not on its place: a dot is there, and a line leads to it
    across: tuple[int, int]  # its spread
    up: tuple[int, int]  # from above
    spread: bool  # whether that is drawn
    parted: bool


class Map(NamedTuple):
    """A plane, drawn."""

    size: int  # of both sides, without ``EDGE``
    cut_x: int
    cut_y: int
    labels: tuple[Label, ...]  # in the order of the result


def crowded(plane: Plane) -> bool:
    """Whether so many lie up and low across that this tells little: more than ten, or more than two in five of at least five."""
    best = sum(across.middle < plane.cut < up.middle for across, up in plane.places.values())
    return best > CROWD or (len(plane.places) >= CROWD // 2 and 5 * best > 2 * len(plane.places))


class _Room:
    """What is free: a number a row of squares, a bit a square."""

    def __init__(self, squares: int, edge: int) -> None:
        self.rows = [0] * (squares + 2 * edge)
        self.edge = edge

    def take(self, x: int, y: int, half: int) -> None:
        """Fill the squares around this corner of four."""
        for row in range(y - half, y + half):
            self.rows[row + self.edge] |= self._bits(x, half)

    def holds(self, x: int, y: int) -> bool:
        """Whether a label has room here."""
        most = len(self.rows) - self.edge - HALF
        if not (HALF - self.edge <= x <= most and HALF - self.edge <= y <= most):
            return False
        bits = self._bits(x, HALF)
        return not any(self.rows[row + self.edge] & bits for row in range(y - HALF, y + HALF))

    def _bits(self, x: int, half: int) -> int:
        return ((1 << 2 * half) - 1) << (x - half + self.edge)


def laid_out(plane: Plane) -> Map:
    """The same for the same plane. Cost: options × squares, at most."""
    size = (plane.most - plane.least) * 4 * QUARTER
    places = {option: _place(plane, *spreads) for option, spreads in plane.places.items()}
    middles = _middles(places, size)
    parted = {o: across.parted or up.parted for o, (across, up) in plane.places.items()}
    few = len(places) <= FEW
    labels = (
        Label(
            option, *middles[option], *at, middles[option] != at,
            (_x(plane, across.low), _x(plane, across.high)), (_y(plane, up.high), _y(plane, up.low)),
            few or parted[option], parted[option],
        )
        for (option, (across, up)), at in zip(plane.places.items(), places.values(), strict=True)
    )  # fmt: skip
    return Map(size, _x(plane, plane.cut), _y(plane, plane.cut), tuple(labels))


def _x(plane: Plane, quarters: int) -> int:
    return (quarters - 4 * plane.least) * QUARTER


def _y(plane: Plane, quarters: int) -> int:
    return (4 * plane.most - quarters) * QUARTER


def _place(plane: Plane, across: Spread, up: Spread) -> tuple[int, int]:
    return _x(plane, across.middle), _y(plane, up.middle)


def _middles(places: Mapping[str, tuple[int, int]], size: int) -> dict[str, tuple[int, int]]:
    """Where the label of each option stands."""
    there: dict[tuple[int, int], list[str]] = {}
    for option, at in places.items():
        there.setdefault(at, []).append(option)
    room, found = _Room(size // SQUARE, EDGE // SQUARE), dict[str, tuple[int, int]]()
    crowded = []
    for (x, y), options in there.items():
        corner = (x // SQUARE, y // SQUARE)
        if len(options) == 1 and room.holds(*corner):
            found[options[0]] = (x, y)
            room.take(*corner, HALF)
        else:
            crowded.append((corner, options))
    for corner, _ in crowded:
        room.take(*corner, DOT)
    for corner, options in crowded:
        for option, (x, y) in zip(options, _beside(room, corner, len(options)), strict=True):
            found[option] = (x * SQUARE, y * SQUARE)
    return found


def _beside(room: _Room, corner: tuple[int, int], number: int) -> Iterable[tuple[int, int]]:
    """So many corners as near as there is room, which they take; the place itself where nothing is free any more."""
    rings = iter(_rings(len(room.rows)))
    found: list[tuple[int, int]] = []
    while len(found) < number:
        dx, dy = next(rings, (0, 0))
        x, y = corner[0] + dx, corner[1] + dy
        if (dx, dy) == (0, 0) or room.holds(x, y):
            found.append((x, y))
            room.take(x, y, HALF if (dx, dy) != (0, 0) else DOT)
    return found


@cache
def _rings(squares: int) -> tuple[tuple[int, int], ...]:
    """Every way to go, but none, from the shortest to the longest; of the same length first to the sides."""
    ways = ((x, y) for x in range(-squares, squares + 1) for y in range(-squares, squares + 1) if x or y)
    return tuple(sorted(ways, key=lambda way: (way[0] ** 2 + way[1] ** 2, abs(way[1]), way[1], way[0])))
