"""J12: people of one name are numbered in the order in which they came."""

import re

from forum.domain.homonyms import called, renumbered
from forum.domain.people import AddPerson, RemovePerson
from forum.domain.spelling import plain
from tests.scenes import ANNE, LEA, Scene, a_room

NAMES = {"p1": "Camille", "p2": " CAMILLE", "p3": "Camillé", LEA: "Léa", ANNE: ""}


def room() -> Scene:
    return a_room().joined("p1", "p2", "p3")


def names_of(scene: Scene, names: dict[str, str]) -> dict[str, str]:
    return dict(called(scene.state, names).names)


def test_J12_those_of_one_name_are_numbered_whatever_the_accents_and_capitals_and_nobody_else() -> None:
    assert names_of(room(), NAMES) == {
        "p1": "Camille (1)", "p2": " CAMILLE (2)", "p3": "Camillé (3)", LEA: "Léa", ANNE: "",
    }  # fmt: skip
    assert names_of(room(), {"p1": "Camille"}) == {"p1": "Camille"}


def test_J12_a_number_stays_while_both_are_known_also_when_one_was_removed() -> None:
    scene = room()
    scene.ask(RemovePerson("p1"))
    scene.ask(AddPerson("late"))

    assert names_of(scene, NAMES | {"late": "camille"})["p2"] == " CAMILLE (2)"
    assert names_of(scene, NAMES | {"late": "camille"})["late"] == "camille (4)"


def test_J12_nobody_takes_the_name_under_which_the_room_knows_another_by_writing_its_number() -> None:
    names = {"p1": "Camille (2)", "p2": "Camille", "p3": "camille", LEA: "Camille(2) (1)", ANNE: "Anne (2)"}
    called_now = names_of(room(), names)

    assert (called_now["p2"], called_now["p3"]) != (names["p1"], names["p1"])
    assert len({plain(name) for name in called_now.values()}) == len(names)
    assert all(re.search(r" \(\d\)$", name) for name in called_now.values())
    assert called_now[ANNE] == "Anne (2)", "a number of one's own stays as it is where nobody is numbered"
    assert names_of(room(), {"p1": "Camille (2)", "p2": "Camille"})["p1"] == "Camille (2)"


def test_J12_who_has_not_come_yet_numbers_nobody() -> None:
    assert names_of(room(), {"p1": "Camille", "to-come": "Camille"})["p1"] == "Camille"


def test_J12_nobody_without_a_name_is_numbered() -> None:
    assert set(names_of(room(), dict.fromkeys(("p1", "p2"), "")).values()) == {""}


def test_J12_who_is_called_otherwise_because_of_another_is_known() -> None:
    scene = room()
    alone = called(scene.state, {"p1": "Camille", "p2": "Zoé"})
    both = called(scene.state, {"p1": "Camille", "p2": "camille"}, alone)

    assert both == called(scene.state, {"p1": "Camille", "p2": "camille"})
    assert renumbered(alone, both) == {"p1"}, "and not who changed their own name"
    assert renumbered(both, alone) == {"p1"}
    assert renumbered(both, both) == frozenset()
