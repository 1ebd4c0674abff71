"""Gradients of agreement: the worked example of its definition, its shares, its ties, and whom it does not count."""

import random
from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations_with_replacement

import pytest

from forum.domain.kernel import Rejection
from forum.domain.methods import METHODS
from forum.domain.methods.gradients import LUKEWARM, STRONG, UNCLEAR, UNREAD, is_against, read
from forum.domain.people import SayDone
from forum.domain.settings import BallotSettings
from forum.domain.steps.ballot import GiveMark
from forum.domain.steps.rounds import Result
from forum.domain.steps.voting import result
from tests.scenes import ANNE, LEA, Scene, a_vote

TWENTY = [1] * 9 + [2] * 5 + [3] * 3 + [4] + [6] * 2
"""Levels by twenty people, as the definition's example has them."""


def a_vote_of(*chosen: Sequence[int], **settings: object) -> Result:
    """What comes of levels 1 to 8 that people chose, for each proposal; 0: none."""
    room = a_vote(max(2, len(chosen)), method="gradients", **settings)
    people = [f"voter{n}" for n in range(max(map(len, chosen)))]
    room.joined(*people)
    for number, levels in enumerate(chosen, 1):
        for person, level in zip(people, levels, strict=False):
            if level:
                assert not isinstance(
                    room.ask(GiveMark("vote", f"theme{number}", 9 - level), person), Rejection
                )
    return of_closed(room)


def of_closed(room: Scene) -> Result:
    found = result(room.closed("vote").revealed("vote").state.rounds.latest("vote"))
    assert found is not None
    return found


def told(found: Result, option: str = "theme1") -> dict[str, int]:
    return next(line.numbers for line in found.lines if line.option == option)


def test_V27_the_worked_example_has_strong_support_and_with_a_veto_it_has_not() -> None:
    example, vetoed = told(a_vote_of(TWENTY)), told(a_vote_of([8, *TWENTY[1:]]))

    assert (example["support"], example["answers"], example["reading"]) == (17, 20, STRONG)
    assert Fraction(example["support"], example["answers"]) == Fraction(85, 100)
    assert (example["level7"], example["level8"]) == (0, 0)
    assert (vetoed["support"], vetoed["reading"], vetoed["level8"]) == (16, UNCLEAR, 1)
    assert Fraction(vetoed["support"], vetoed["answers"]) == Fraction(80, 100)


@pytest.mark.parametrize(
    ("levels", "reading"),
    [
        ([1] * 8 + [6] * 2, STRONG),  # 80 %, exactly
        ([1] * 79 + [6] * 21, LUKEWARM),  # 79 %
        ([1] * 9 + [7], LUKEWARM),  # one disagrees seriously
        ([1] * 9 + [8], UNCLEAR),  # one veto
        ([4] * 6 + [6] * 5, LUKEWARM),  # more than half in the first four
        ([4] * 5 + [6] * 5, UNCLEAR),  # half is no majority
        ([6] * 5, UNCLEAR),
        ([], UNREAD),
    ],
)
def test_V27_each_border_is_read_as_it_is_said(levels: list[int], reading: int) -> None:
    counts = tuple(levels.count(level) for level in range(1, 9))

    assert read(counts, 80, 50) == reading


def test_V27_the_desk_chooses_other_shares() -> None:
    levels = [1] * 7 + [6] * 3
    usual, other = (
        told(a_vote_of(levels, own=own)) for own in ({}, {"gradients_strong": 70, "gradients_lukewarm": 60})
    )

    assert (usual["reading"], other["reading"]) == (LUKEWARM, STRONG)


@pytest.mark.parametrize(
    ("own", "sensible"),
    [
        ({}, True),
        ({"gradients_strong": 100, "gradients_lukewarm": 0}, True),
        ({"gradients_strong": 60, "gradients_lukewarm": 60}, False),
        ({"gradients_strong": 101}, False),
    ],
)
def test_shares_that_contradict_each_other_cannot_be_chosen(own: dict[str, int], sensible: bool) -> None:
    assert METHODS["gradients"].sensible(BallotSettings(method="gradients", own=own)) is sensible


def test_V26_whoever_chose_no_level_for_a_proposal_is_not_counted_there_and_is_told_blank() -> None:
    room = a_vote(2, method="gradients")
    room.voted(LEA, theme1=8)
    room.ask(SayDone(), ANNE)
    found = of_closed(room)

    assert (found.voters, found.blank) == (2, 1)
    assert (told(found)["answers"], told(found)["reading"]) == (1, STRONG)
    assert (told(found, "theme2")["answers"], told(found, "theme2")["reading"]) == (0, UNREAD)


def test_one_proposal_alone_can_be_voted_on() -> None:
    alone = a_vote(1, method="gradients")

    assert alone.state.now is not None
    assert alone.state.rounds.latest("vote").options == ("theme1",)


def test_proposals_that_are_read_alike_with_as_large_a_support_share_their_rank() -> None:
    found = a_vote_of([1, 1, 1, 1], [2, 3, 0, 0], [4, 4, 4, 4], [8, 1, 1, 1])

    assert [(x.option, x.rank, x.tied) for x in found.lines] == [
        ("theme1", 1, True),
        ("theme2", 1, True),
        ("theme3", 3, False),
        ("theme4", 4, False),
    ]


def test_the_levels_from_five_to_eight_are_against_and_nothing_given_is_not() -> None:
    assert [mark for mark in range(9) if is_against(mark)] == [1, 2, 3, 4]


def test_every_room_of_up_to_six_is_read_as_a_hand_would() -> None:
    """By brute force: people are asked one after the other, with fractions and the words of the rule."""
    for size in range(1, 7):
        for levels in combinations_with_replacement(range(1, 9), size):
            three = Fraction(sum(level in (1, 2, 3) for level in levels), size)
            four = Fraction(sum(level in (1, 2, 3, 4) for level in levels), size)
            strong = three >= Fraction(4, 5) and not {7, 8} & set(levels)
            lukewarm = four > Fraction(1, 2) and 8 not in levels
            wanted = STRONG if strong else LUKEWARM if lukewarm else UNCLEAR
            assert read(tuple(levels.count(n) for n in range(1, 9)), 80, 50) == wanted, levels


def test_neither_the_order_of_ballots_nor_of_proposals_changes_anything() -> None:
    for seed in range(20):
        print(f"seed {seed}")
        rng = random.Random(f"gradients {seed}")
        chosen = [[rng.choice((0, 1, 1, 3, 4, 5, 6, 7, 8)) for _ in range(7)] for _ in range(4)]
        order, people = rng.sample(range(4), 4), rng.sample(range(7), 7)
        plain = a_vote_of(*chosen)
        mixed = a_vote_of(*([chosen[o][p] for p in people] for o in order))
        again = {
            f"theme{order[int(x.option.removeprefix('theme')) - 1] + 1}": (x.rank, x.tied, x.numbers)
            for x in mixed.lines
        }
        assert {x.option: (x.rank, x.tied, x.numbers) for x in plain.lines} == again
