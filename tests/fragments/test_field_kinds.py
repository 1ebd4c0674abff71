"""Kinds of fields are values: what each must have, and one that lives in the tests alone through every surface."""

import json
from collections.abc import Iterator

import pytest

from forum.domain.kernel import Rejection, StepId
from forum.domain.roles import Role
from forum.domain.settings import SheetSettings
from forum.domain.sheets.fields import FIELD_KINDS, FieldKind, of
from forum.domain.sheets.words import EditSheet, MakeSheet
from forum.exports import render
from forum.exports.json_schema import schema as json_schema
from forum.fragments.pages import Pages
from forum.fragments.surface import Audience, View
from forum.language import Reader, translations
from forum.web import wire
from tests.fields import lacks
from tests.scenes import LEA, Scene, a_room
from tests.toyfields import STARS, Stars, stars


@pytest.fixture
def pytest_rated() -> Iterator[None]:
    with stars():
        yield


rated = pytest.mark.usefixtures("pytest_rated")


def a_kitchen() -> Scene:
    return a_room({"recipes": SheetSettings(what="recipe")}).opened("recipes")


def wrote(room: Scene, **fields: str) -> object:
    return room.ask(MakeSheet("soup01", "recipe", StepId("recipes"), {"dish": "Soup", **fields}), LEA)


@pytest.mark.parametrize("kind", FIELD_KINDS.values(), ids=lambda kind: kind.name)
def test_a_kind_of_field_has_all_that_it_is_asked_for_in_both_languages(kind: FieldKind) -> None:
    french = translations("fr")._catalog

    assert lacks(kind) == []
    assert [said for said in kind.refusals.values() if said not in french] == []


def test_what_a_kind_of_field_lacks_is_named_with_the_place_where_it_belongs() -> None:
    assert lacks(STARS) == [
        "stars has no line in _KINDS (forum/domain/sheets/fields/__init__.py)",
        "stars has no cell and no JSON (forum/exports/fields.py)",
        "stars is typed by nobody in random histories (tests/typed.py)",
        "stars refuses with field_stars, which has no sentence",
        "stars has no template (templates/fields/stars.html)",
    ]


@rated
def test_a_kind_that_is_whole_lacks_nothing_but_a_recipe_of_the_tests() -> None:
    assert lacks(STARS) == ["stars is in no recipe (tests/toysheet.py)"]


def test_what_no_kind_knows_is_told_by_its_name() -> None:
    with pytest.raises(KeyError, match="Stars"):
        of(Stars(3))


@rated
def test_H1_a_kind_that_only_the_tests_know_keeps_what_it_can_hold_and_refuses_the_rest() -> None:
    room = a_kitchen()
    refused = wrote(room, rating="4")

    assert isinstance(refused, Rejection)
    assert (refused.rule, refused.code, refused.params) == (
        "H1",
        "field_stars",
        {"label": "Rating", "limit": 3},
    )
    assert not isinstance(wrote(room, rating="2"), Rejection)
    assert not isinstance(room.ask(EditSheet("soup01", "recipe", {"rating": "3"}), LEA), Rejection)
    assert room.state.sheets.by_id["soup01"].fields["rating"] == "3"


@rated
def test_a_kind_that_only_the_tests_know_stands_on_every_surface() -> None:
    pages = Pages(static=str)
    room = a_kitchen()
    wrote(room, rating="2")
    for surface, shows in (("phone", "★★"), ("screen", "★★"), ("desk", '<option value="2" selected>')):
        put = pages.page(View(room.state, {}), Audience(surface, "en"))

        assert shows in " ".join(one.html for one in put), surface


@rated
def test_a_kind_that_only_the_tests_know_is_exported_and_described() -> None:
    room = a_kitchen()
    wrote(room, rating="2")
    table = render(room.state, {}, "c", "recipe.csv", Reader("en")).body.decode()
    described = json.loads(json_schema())["$defs"]["SheetOut"]["allOf"][-1]

    assert table.splitlines()[0].split(",")[-3:] == ["Rating", "Step", "Sheet ID"]
    assert table.splitlines()[1].split(",")[-3] == "2"
    assert described["then"]["properties"]["fields"]["properties"]["rating"] == {"enum": ["1", "2", "3"]}


@rated
def test_W2_the_edge_holds_a_kind_that_only_the_tests_know_to_what_is_typed() -> None:
    body = {
        "sheet": "soup01",
        "schema": "recipe",
        "step": "recipes",
        "fields": {"dish": "Soup", "rating": "x" * 121},
    }
    refused = wire.command("MakeSheet", json.dumps(body).encode(), Role.PARTICIPANT)

    assert isinstance(refused, Rejection)
    assert (refused.code, refused.params["label"]) == ("field_too_long", "Rating")
