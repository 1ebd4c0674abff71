"""What was kept of a vote, on every surface and in every document, and the desk's three ways out of a tie; V65."""

import json

import pytest

from forum.exports import render
from forum.fragments.pages import Pages
from forum.fragments.surface import Audience, View
from forum.language import Reader
from tests.domain.test_cut import a_tie, decided, keep, runoff_of
from tests.scenes import ANNE, LEA, Scene, a_vote

NAMES = {LEA: "Léa", ANNE: "Anne"}
SURFACES = ("desk", "screen", "phone")
WAYS = ("Widen: keep all the tied", "Draw by lot among them", "Run-off: vote among them alone")


@pytest.fixture(scope="module")
def pages() -> Pages:
    return Pages(static=lambda path: f"/static/{path}")


def drawn(pages: Pages, room: Scene, surface: str) -> str:
    return " ".join(p.html for p in pages.page(View(room.state, NAMES), Audience(surface, "en")))  # type: ignore[arg-type]


def document(room: Scene, name: str) -> str:
    return render(room.state, NAMES, "c", name, Reader("en")).body.decode("utf-8-sig")


def test_V65_before_a_cut_no_surface_speaks_of_one_and_the_desk_alone_can_make_it(pages: Pages):
    room = a_tie()

    assert all("✓ kept" not in drawn(pages, room, surface) for surface in SURFACES)
    assert ["KeepChoices" in drawn(pages, room, surface) for surface in SURFACES] == [True, False, False]
    assert "Kept by the desk" not in document(room, "votes.csv")


def test_V65_before_the_reveal_nothing_can_be_kept(pages: Pages):
    assert "KeepChoices" not in drawn(pages, a_vote(4).voted(LEA, theme1=1).closed("vote"), "desk")


def test_V65_a_clean_cut_marks_what_is_kept_on_every_surface_and_offers_no_way_out_of_a_tie(pages: Pages):
    room = a_tie()
    keep(room, 3)

    for surface in SURFACES:
        page = drawn(pages, room, surface)
        assert page.count("✓ kept") == 3, surface
        assert "Kept: " in page, surface
        assert not any(way in page for way in WAYS), surface


def test_V65_a_cut_inside_a_tie_is_said_everywhere_and_the_desk_is_offered_three_ways(pages: Pages):
    room = a_tie()
    keep(room, 2)

    for surface in SURFACES:
        page = drawn(pages, room, surface)
        assert page.count("✓ kept") == 1, surface
        assert page.count(">tied at the limit<") == 2, surface
        assert "Tied at the limit, for 1 place: " in page, surface
        assert "What becomes of them is not decided yet." in page, surface
        assert all(way in page for way in WAYS) == (surface == "desk"), surface


def test_V65_a_lot_is_told_with_who_was_drawn_among_whom_and_its_seed(pages: Pages):
    room = a_tie()
    keep(room, 2, "drawn")
    seed = room.state.rounds.latest("vote").kept.seed

    for surface in SURFACES:
        page = drawn(pages, room, surface)
        assert "Drawn by lot among them: " in page, surface
        assert str(seed) in page, surface
    text = document(room, "plan.md")
    assert (
        "Tied at the limit, for 1 place: B – Titre theme2" in text
        or "Tied at the limit, for 1 place: " in text
    )
    assert str(seed) in text
    vote = json.loads(document(room, "forum.json"))["votes"][0]
    assert vote["kept"]["seed"] == seed
    assert vote["kept"]["how"] == "drawn"
    assert vote["kept"]["tied"] == ["theme2", "theme3"]
    table = document(room, "votes.csv")
    assert "Kept by the desk" in table.splitlines()[0]
    assert sum(line.split(",")[-1].startswith("yes") for line in table.splitlines()) == 2


def test_V65_a_run_off_is_told_until_it_has_decided_and_then_what_it_kept(pages: Pages):
    room = a_tie()
    keep(room, 2, "runoff")
    before = {surface: drawn(pages, room, surface) for surface in SURFACES}
    decided(room, runoff_of(room), lea=("theme3",), anne=("theme3",))
    at_run_off = drawn(pages, room, "desk")
    text = document(room, "plan.md")

    assert all("A vote among these alone decides." in page for page in before.values())
    assert "This vote decides on a tie, for 1 place." in at_run_off
    assert "A vote among these alone has kept: " in text
    vote = json.loads(document(room, "forum.json"))["votes"][0]
    assert vote["kept"]["options"] == ["theme1", "theme3"]
    assert not vote["kept"]["waits"]


def test_V65_french_says_it_too(pages: Pages):
    room = a_tie()
    keep(room, 2)
    page = " ".join(p.html for p in pages.page(View(room.state, NAMES), Audience("screen", "fr")))

    assert "Ex æquo à la limite" in page
    assert "✓ retenu" in page
