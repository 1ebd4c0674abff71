"""What a sheet links to, in exports and in the form that changes it, also when that stands no more."""

from collections.abc import Iterator

import pytest

from forum.domain.kernel import StepId
from forum.domain.settings import SheetSettings
from forum.domain.sheets.words import MakeSheet, RemoveSheet
from forum.exports.archive import archive, read, write
from forum.exports.tables import table
from forum.fragments.pages import Token
from forum.fragments.surface import Audience, View
from forum.language import Reader
from tests.scenes import FACILITATOR, LEA, Scene, a_room
from tests.toysheet import MENU, known

NOBODY_TELLS: dict[str, str] = {}


@pytest.fixture
def restaurant() -> Iterator[Scene]:
    """A menu of a soup that was taken away since."""
    agenda = {"recipes": SheetSettings(what="recipe"), "menus": SheetSettings(what="menu")}
    with known(), known(MENU):
        room = a_room(agenda).opened("recipes")
        room.ask(MakeSheet("soup01", "recipe", StepId("recipes"), {"dish": "Soup"}), LEA)
        room.opened("menus")
        room.ask(MakeSheet("menu01", "menu", StepId("menus"), {"day": "Monday", "main": ("soup01",)}), LEA)
        yield room


@pytest.mark.parametrize("gone", [False, True])
def test_a_table_tells_its_words_and_never_its_id(restaurant: Scene, gone: bool) -> None:
    if gone:
        restaurant.ask(RemoveSheet("soup01"), FACILITATOR)
    told = read(write(archive(restaurant.state, NOBODY_TELLS, "chain")))

    header, row = table("menu")(told, Reader("en"))

    assert row[header.index("Main dish")] == "Soup"
    assert [s.linked for s in told.sheets if s.schema == "menu"] == [{"soup01": "Soup"} if gone else {}]


@pytest.mark.parametrize("surface", ["phone", "desk"])
def test_a_form_without_a_script_still_holds_it(restaurant: Scene, pages, surface: str) -> None:
    restaurant.ask(RemoveSheet("soup01"), FACILITATOR)
    who = LEA if surface == "phone" else FACILITATOR
    token = Token(1, restaurant.state.seq, "c")

    html = pages.document(
        View(restaurant.state, {LEA: "Léa"}),
        Audience(surface, "en"),
        who,
        token=token,
        now=1,
        ticket="t",
        nonce="n",
    )

    assert '<option value="soup01" selected>Soup</option>' in html
