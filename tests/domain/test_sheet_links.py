"""Sheets that link to sheets of another kind (H1), shown on two schemas of the tests."""

from collections.abc import Iterator

import pytest

from forum.domain.kernel import Rejection, StepId
from forum.domain.settings import SheetSettings
from forum.domain.sheets.words import EditSheet, MakeSheet, RemoveSheet
from forum.domain.things import words
from forum.domain.touch import Touch
from tests.domain.judged import refused
from tests.scenes import FACILITATOR, LEA, Scene, a_room
from tests.toysheet import MENU, known


@pytest.fixture(autouse=True)
def pytest_menus() -> Iterator[None]:
    with known(), known(MENU):
        yield


def a_restaurant() -> Scene:
    """A recipe is there; menus are written now."""
    agenda = {"recipes": SheetSettings(what="recipe"), "menus": SheetSettings(what="menu")}
    room = a_room(agenda).opened("recipes")
    room.ask(MakeSheet("soup01", "recipe", StepId("recipes"), {"dish": "Soup"}), LEA)
    return room.opened("menus")


def menu(room: Scene, name: str = "menu01", by: str = LEA, **fields: object) -> object:
    return room.ask(MakeSheet(name, "menu", StepId("menus"), {"day": "Monday", **fields}), by)


def test_H1_a_link_takes_sheets_of_its_own_schema_only():
    room = a_restaurant()
    menu(room)

    assert refused(menu(room, "menu02", main=("menu01",))) == "H1 field_link"
    assert refused(menu(room, "menu02", main=("menu02",))) == "H1 field_link"
    menu(room, "menu02", main=("soup01",))
    assert room.state.sheets.by_id["menu02"].fields["main"] == ("soup01",)
    assert [words(room.state, "menu", name) for name in ("soup01", "menu01")] == ["", "Monday"]


def test_H1_a_link_to_what_was_taken_away_since_stays_and_no_new_one_is_made():
    room = a_restaurant()
    menu(room, main=("soup01",))
    room.ask(RemoveSheet("soup01"), FACILITATOR)
    renamed = room.ask(
        EditSheet(
            "menu01",
            "menu",
            {"day": "Tuesday", "main": ("soup01",)},
            {"day": "Monday", "main": ("soup01",)},
        ),
        LEA,
    )

    assert not isinstance(renamed, Rejection)
    assert room.state.sheets.by_id["menu01"].fields["main"] == ("soup01",)
    assert refused(menu(room, "menu02", main=("soup01",))) == "H1 field_link"


def test_what_a_sheet_says_stands_in_the_order_of_its_fields_in_every_run():
    fields = {"after": "Coffee", "before": "Soup", "wine": "Red", "day": "Monday"}

    assert list(MENU.words_in(fields)) == ["day", "wine", "before", "after"]
    assert list(MENU.words_in(dict(reversed(fields.items())))) == ["day", "wine", "before", "after"]


@pytest.mark.parametrize(("schema", "anew"), [("recipe", True), ("menu", False)])
def test_all_pages_are_drawn_anew_by_what_a_sheet_may_link_to_and_not_by_its_own_kind(
    schema: str, anew: bool
):
    room = a_restaurant()
    if schema == "menu":
        menu(room)
    else:
        room.ask(EditSheet("soup01", "recipe", {"dish": "Stew"}, {"dish": "Soup"}), FACILITATOR)

    assert (Touch.SCENE in room.state.touched) == anew
