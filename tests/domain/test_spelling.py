"""Names as readers take them: which are the same, and their order."""

import random

import pytest

from forum.domain.spelling import in_order, order, same

IN_ORDER = [
    "3e table", "12e table", "Camille", "camille2", "Camille (1)", "Camille (2)", "Camille (10)", "d’Artagnan", "Édith",
    "Élodie", "Emile", "emile", "Émile", "eric", "Eva", "Ève", "Jean Paul", "Jean-Paul", "Jeanne", "Luc", "Łukasz",
    "Oedipe", "Œdipe", "Ofélia", "Zoé", "Борис", "Ёлка",
]  # fmt: skip


@pytest.mark.parametrize("seed", range(3))
def test_names_stand_in_the_order_in_which_one_looks_for_them(seed: int) -> None:
    shuffled = random.Random(seed).sample(IN_ORDER, len(IN_ORDER))

    assert sorted(shuffled, key=order) == IN_ORDER


def test_who_has_no_name_comes_last_in_the_order_of_before() -> None:
    people = {1: "Zoé", 2: "", 3: "élodie", 4: ""}

    assert in_order(people, lambda one: people[one]) == [3, 1, 2, 4]


@pytest.mark.parametrize(
    ("one", "other"), [("Zoé  Martin", "zoe martin"), ("Lætitia", "LAETITIA"), ("Strauß", "strauss"), ("É", "e\u0301")]
)  # fmt: skip
def test_names_are_the_same_whatever_their_accents_and_capitals(one: str, other: str) -> None:
    assert same(one, other)


@pytest.mark.parametrize(("one", "other"), [("Zoé", "Zoë M"), ("Ana", "Anna"), ("Ян", "Jan"), ("", "e")])
def test_other_names_are_not(one: str, other: str) -> None:
    assert not same(one, other)
