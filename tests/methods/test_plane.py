"""The map of two scales: each label has room of its own, near to its place, and the same result is drawn alike."""

import random

import pytest

from forum.domain.methods.pictures import Plane, Spread
from forum.domain.methods.plane import DOT, EDGE, FEW, LABEL, SQUARE, crowded, laid_out


def at(across: int, up: int, wide: int = 0) -> tuple[Spread, Spread]:
    """A place in quarters of a mark; ``wide``: its spread across, on both sides."""
    return Spread(across - wide, across, across + wide, 2 * wide >= 8), Spread(up, up, up)


def a_plane(*places: tuple[int, int]) -> Plane:
    return Plane({f"o{n}": at(*place) for n, place in enumerate(places)}, 1, 5, 12)


def assert_readable(plane: Plane) -> None:
    drawn = laid_out(plane)
    for n, one in enumerate(drawn.labels):
        half = LABEL // 2
        assert half - EDGE <= one.x <= drawn.size + EDGE - half, one
        assert half - EDGE <= one.y <= drawn.size + EDGE - half, one
        for other in drawn.labels[n + 1 :]:
            assert abs(one.x - other.x) >= LABEL or abs(one.y - other.y) >= LABEL, (one, other)
        for other in drawn.labels:
            if other.beside:  # its dot is seen
                assert max(abs(one.x - other.at_x), abs(one.y - other.at_y)) >= half + DOT * SQUARE, (
                    one,
                    other,
                )


def test_an_option_alone_at_its_place_has_its_label_there():
    drawn = laid_out(a_plane((4, 20), (20, 4), (12, 12)))

    assert [(x.x, x.y, x.beside) for x in drawn.labels] == [
        (0, 0, False),
        (800, 800, False),
        (400, 400, False),
    ]
    assert (drawn.size, drawn.cut_x, drawn.cut_y) == (800, 400, 400)


@pytest.mark.parametrize("place", [(12, 12), (4, 20), (4, 4), (20, 20), (18, 14)])
@pytest.mark.parametrize("number", [2, 9, 40, 60])
def test_many_options_at_one_place_can_all_be_read(place: tuple[int, int], number: int):
    plane = a_plane(*[place] * number)

    assert_readable(plane)
    assert all(label.beside for label in laid_out(plane).labels)


def test_random_results_of_up_to_sixty_options_can_be_read():
    for seed in range(80):
        print(f"seed {seed}")
        rng = random.Random(seed)
        middle = rng.choice((8, 12, 16))
        places = [
            tuple(max(4, min(20, middle + 2 * round(rng.gauss(0, 3)))) for _ in range(2))
            for _ in range(rng.randint(1, 60))
        ]
        assert_readable(a_plane(*places))  # type: ignore[arg-type]


def test_the_same_result_is_drawn_alike_and_a_larger_spread_is_drawn_of_many_alone():
    plane = Plane({f"o{n}": at(12, 12, 4 * (n == 3)) for n in range(FEW + 1)}, 1, 5, 12)

    assert laid_out(plane) == laid_out(plane)
    assert [label.option for label in laid_out(plane).labels if label.spread] == ["o3"]
    assert all(label.spread for label in laid_out(a_plane(*[(12, 12)] * FEW)).labels)


def test_a_crowd_of_quick_wins_is_told_and_a_few_are_not():
    best, other = (6, 18), (18, 6)

    assert crowded(a_plane(*[best] * 3, *[other] * 2))
    assert not crowded(a_plane(*[best] * 2, *[other] * 3))
    assert not crowded(a_plane(*[best] * 2, other)), "of three, nothing is a crowd"
    assert crowded(a_plane(*[best] * 11, *[other] * 40))
    assert not crowded(a_plane(*[best] * 10, *[other] * 40))
