"""Choices that say nearly the same are found, and those that only look so are not."""

import random

from forum.domain.alike import alike


def found(*texts: str) -> set[tuple[str, str]]:
    return {(texts[one], texts[other]) for one, other in alike(texts)}


def test_the_same_words_but_for_case_accents_and_punctuation_are_alike() -> None:
    assert found("Créer un fonds commun", "creer un fonds commun !", "Ouvrir le samedi") == {
        ("Créer un fonds commun", "creer un fonds commun !")
    }


def test_other_endings_and_another_order_of_the_same_words_are_alike() -> None:
    assert found("Former les bénévoles du festival", "Formation des bénévoles du festival")
    assert found("Un fonds commun à créer", "Créer un fonds commun")


def test_a_negation_or_another_number_makes_them_different() -> None:
    assert not found("Fermer le lieu le lundi", "Ne pas fermer le lieu le lundi")
    assert not found("Former 10 bénévoles", "Former 20 bénévoles")
    assert not found("Open more often on Sundays", "Open less often on Sundays")


def test_what_has_little_in_common_and_what_cannot_be_read_is_not_alike() -> None:
    assert not found("Mutualiser le matériel", "Organiser un hackathon", "", "")


def test_as_many_choices_as_a_vote_takes_that_all_say_one_thing_are_each_named_once() -> None:
    assert len(alike(("Le même choix",) * 300)) == 299


def test_the_order_of_the_choices_changes_nothing_but_the_order_of_what_is_found() -> None:
    texts = [
        "Créer un fonds commun",
        "Creer un fond commun",
        "Ouvrir le samedi",
        "Ouvrir les samedis",
        "Rien",
    ]
    usual = {frozenset(pair) for pair in found(*texts)}
    for seed in range(10):
        random.Random(seed).shuffle(texts)
        assert {frozenset(pair) for pair in found(*texts)} == usual, seed
