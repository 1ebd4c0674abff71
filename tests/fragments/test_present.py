"""J8 on the desk and on the wall: who is present, who is away, and of whom "done" speaks."""

from forum.domain.people import SayDone
from forum.domain.plan.words import ChoosePilot, EditAction
from forum.domain.steps.ballot import GiveMark
from forum.fragments.surface import View
from tests.fragments.on_desk import DESK, NAMES
from tests.fragments.test_screen import WALL, words
from tests.scenes import ANNE, LEA, a_room, a_vote


def near(room, *absent: str) -> View:
    return View(room.state, NAMES, absent=frozenset(absent))


def drawn(pages, view: View) -> dict[str, str]:
    return {put.key: " ".join(put.html.split()) for put in pages.page(view, DESK)}


def test_J8_done_speaks_of_those_present_and_says_how_many_are_away(pages):
    room = a_room().joined("p3").opened("ideas")
    room.ask(SayDone(), LEA)
    page = drawn(pages, near(room, ANNE, "p3"))

    assert "1<span" in page["counts"]
    assert "of 1</span>" in page["counts"]
    assert "Everybody present is done." in page["counts"]
    assert "2 people are away" in page["counts"]
    assert "remaining" not in page

    back = drawn(pages, near(room, "p3"))
    assert "of 2</span>" in back["counts"]
    assert "is done." not in back["counts"]
    assert "Anne" in back["remaining"]


def test_J8_nobody_present_is_nobody_done(pages):
    page = drawn(pages, near(a_room().opened("ideas"), ANNE, LEA))

    assert "You can move on" not in page["counts"]
    assert "2 people are away" in page["counts"]


def test_J8_the_list_says_who_is_away(pages):
    room = a_room().opened("ideas")
    people = drawn(pages, near(room, ANNE))["people"]

    assert people.count("<small>away</small>") == 1
    assert "1 of them is present now" in people
    assert "<small>away" not in drawn(pages, near(room))["people"]


def test_J8_in_an_open_vote_nobody_is_told_by_name_nor_by_a_difference(pages):
    room = a_vote()
    room.ask(GiveMark("vote", "theme1", 1), ANNE)
    room.ask(SayDone(), ANNE)
    by_absence = {}
    for who in (ANNE, LEA):
        page = drawn(pages, near(room, who))
        assert "<small>away" not in page["people"]
        assert "As many are done as are present." in page["counts"]
        by_absence[who] = page

    assert by_absence[ANNE] == by_absence[LEA], "whether Anne, who voted, is away, or Léa, who did not"


def test_J8_the_wall_counts_those_present(pages):
    room = a_room().joined("p3").opened("ideas")
    room.ask(SayDone(), LEA)
    view = View(room.state, {}, absent=frozenset({ANNE}))
    crowd = {put.key: put.html for put in pages.page(view, WALL)}["crowd"]

    assert words(crowd) == "1 of 2 is done"


def test_J8_on_the_wall_a_vote_is_of_those_present_and_never_of_fewer_than_have_voted(pages):
    room = a_vote().voted(LEA, theme1=1).voted(ANNE, theme1=1)
    view = View(room.state, {}, absent=frozenset({ANNE, LEA}))
    crowd = {put.key: put.html for put in pages.page(view, WALL)}["crowd"]

    assert words(crowd).startswith("2 of 2 have voted")


def test_nobody_is_told_to_move_on_beside_what_lacks(pages):
    room = a_room().opened("ideas").with_ideas(2).revealed("ideas").opened("sort").with_theme("t1", 1, 2)
    room.opened("plan").with_plan("Ouvrir")
    room.ask(SayDone(), LEA)
    room.ask(SayDone(), ANNE)
    page = drawn(pages, near(room))

    assert "Everybody is done." in page["counts"]
    assert "You can move on" not in page["counts"]
    assert page["lead"].index("has no pilot") < page["lead"].index("OpenStep")

    (action,) = room.state.plan.actions
    room.ask(ChoosePilot(action, LEA))
    room.ask(EditAction(action, due="2027-06-06", first_step="Appeler"))
    assert "You can move on" in drawn(pages, near(room))["counts"]
