"""What is remembered of the last facts."""

import pytest

from forum.domain.flow import PageTurned
from forum.live.trail import KEPT_FACTS, Trace, Trail


def traces(first: int, last: int) -> list[Trace]:
    return [Trace(n, f"chain{n}", PageTurned(n), frozenset({f"idea:{n}"})) for n in range(first, last + 1)]


def test_zero_with_no_chain_is_a_position_and_an_unknown_chain_is_none():
    trail = Trail(0, "")
    trail.follow(traces(1, 3))

    assert trail.holds(0, "")
    assert trail.holds(2, "chain2")
    assert not trail.holds(2, "")
    assert not trail.holds(4, "")


def test_what_changed_between_two_numbers_is_everything_after_the_first():
    trail = Trail(0, "")
    trail.follow(traces(1, 9))

    assert trail.between(3, 5) == {"idea:4", "idea:5"}
    assert trail.between(9, 9) == frozenset()


def test_the_oldest_are_forgotten_and_never_believed_again():
    trail = Trail(0, "")
    trail.follow(traces(1, KEPT_FACTS + 10))

    assert trail.start == 10
    assert trail.holds(10, "chain10")
    assert not trail.holds(9, "chain9")
    assert len(trail.between(10, trail.end)) == KEPT_FACTS


def test_a_gap_begins_it_anew():
    trail = Trail(0, "")
    trail.follow(traces(1, 5))
    trail.follow(traces(100, 105))

    assert (trail.start, trail.end) == (99, 105)
    assert not trail.holds(99, "")
    assert not trail.holds(5, "chain5")


def test_a_fact_out_of_its_place_is_a_mistake_of_ours():
    trail = Trail(0, "")
    with pytest.raises(AssertionError):
        trail.follow([*traces(1, 2), *traces(4, 4)])
