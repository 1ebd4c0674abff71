"""What is remembered of the last facts."""

import pytest

from forum.domain.flow import PageTurned
from forum.domain.kernel import Fact, PersonId, Place, Record, Was
from forum.domain.room import Refused
from forum.domain.steps.ballot import BlankCast
from forum.live.trail import KEPT_FACTS, Gone, Trace, Trail


def record(fact: Fact, **more: object) -> Record:
    return Record(fact, PersonId("lea"), 0, **more)


def traces(first: int, last: int) -> list[Trace]:
    return [
        Trace(n, f"chain{n}", record(PageTurned(n)), frozenset({f"idea:{n}"})) for n in range(first, last + 1)
    ]


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


def told(chains: str, first: int = 1) -> Trail:
    """A trail of one fact for each letter, which stands for the chain there; every fact of an op of its own."""
    trail = Trail(first - 1, "" if first == 1 else None)
    trail.follow(
        [
            Trace(n, c, record(PageTurned(n)), frozenset(), f"tab:{n}", Place("ideas"))
            for n, c in enumerate(chains, first)
        ]
    )
    return trail


def test_two_histories_part_at_the_last_number_at_which_they_are_the_same():
    assert told("abcdef").parting(told("abcxyz")) == 3
    assert told("abcdef").parting(told("ab")) == 2
    assert told("abc").parting(told("xyz")) == 0
    assert told("abcdef").parting(told("")) == 0


def test_histories_of_which_nothing_common_is_left_part_before_what_both_still_know():
    assert told("cdef", 3).parting(told("wxyz", 3)) == 2
    assert told("cdef", 3).parting(told("abcdxy")) == 4


def test_the_contributions_after_a_number_are_their_ops_without_what_nobody_would_miss():
    trail = told("abc")
    trail.follow([Trace(4, "d", record(Refused("B1", "board_closed")), frozenset(), "tab:4")])
    trail.follow([Trace(5, "e", record(PageTurned(5), led=True), frozenset(), "tab:5")])
    trail.follow([Trace(6, "f", record(BlankCast("vote.1")), frozenset(), "tab:6")])
    gone = trail.gone_after(1, 7)

    assert (gone.given, gone.led) == ({"tab:2": "", "tab:3": "", "tab:6": "vote.1"}, 0)
    assert list(gone.ops) == ["tab:2", "tab:3", "tab:5", "tab:6"]
    assert gone.ops["tab:2"] == Was("tab:2", "lea", 7, 2, "b", "ideas")
    assert trail.gone_after(6, 7) == Gone({}, {}, {}, 0)
