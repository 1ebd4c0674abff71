"""Which way to vote is proposed: by what each method says of itself, never one that is only chosen."""

import pytest

from forum.domain import choosing_how
from forum.domain.choosing_how import MANY, WANTS, only_chosen, proposals, two_rounds
from forum.domain.methods import METHODS
from forum.domain.steps.voting import MOST_CHOICES


@pytest.mark.parametrize("want", WANTS)
@pytest.mark.parametrize("choices", [2, 3, 7, 12, 13, 20, 21, 40, 41, 60, 100, MOST_CHOICES])
def test_whatever_is_proposed_takes_so_many_choices_is_offered_and_proposed_once(
    want: str, choices: int
) -> None:
    found = [one.method for one in proposals(want, choices)]

    assert len({method.name for method in found}) == len(found)
    assert all(method.offered and choices <= method.most for method in found)
    assert not {m.name for m in found} & {m.name for m in only_chosen()}


def test_a_long_list_is_narrowed_by_something_whatever_its_length() -> None:
    assert all(proposals("narrow", choices) for choices in range(2, MOST_CHOICES + 1))


def test_two_rounds_are_offered_above_twenty_and_never_to_narrow() -> None:
    for want in WANTS:
        assert two_rounds(want, MANY) is None, want
    assert two_rounds("narrow", 100) is None


def test_every_want_that_a_method_serves_is_one_that_can_be_asked_for() -> None:
    served = {serves.want for method in METHODS.values() for serves in method.serves}

    assert served <= WANTS.keys()
    assert all(1 <= s.least <= s.most for method in METHODS.values() for s in method.serves)


def test_a_want_that_nobody_knows_finds_nothing() -> None:
    assert choosing_how.proposals("conquer", 5) == ()
