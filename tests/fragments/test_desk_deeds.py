"""The last gestures at the desk: whose they are, and what they were (U1)."""

import re

import pytest

from forum.domain.plan.words import MakeAxesFromThemes
from forum.domain.roles import Role
from forum.domain.steps.sort import (
    GroupIdeas,
    MakeTheme,
    MakeThemesFromCards,
    MergeThemes,
    MoveIdeas,
    RemoveTheme,
    RenameTheme,
)
from forum.fragments.surface import View
from tests.fragments.on_desk import DESK, NAMES
from tests.scenes import ANNE, FACILITATOR, LEA, a_room


def sorting():
    room = a_room().opened("ideas").with_ideas(6).revealed("ideas").opened("sort")
    return room.with_theme("theme1", 1, 2, title="Oser").with_theme("theme2", 3, title="Jouer")


def listed(pages, room) -> dict[str, list[str]]:
    """What each list says, without its hours."""
    page = {put.key: put.html for put in pages.page(View(room.state, NAMES), DESK)}
    lines = {key: re.findall(r"<p id=\"deed-.*?</p>", page.get(key, "")) for key in ("deeds", "earlier")}
    return {key: [said(line) for line in found] for key, found in lines.items()}


def said(line: str) -> str:
    words = re.sub(r"<[^>]+>", " ", re.sub(r"<small.*?</small>", "", line))
    return re.sub(r"[\u2066-\u2069]", "", " ".join(words.split()))


@pytest.mark.parametrize(
    ("gesture", "words"),
    [
        (MoveIdeas(("idea003", "idea004", "idea005"), "theme1"), "moved 3 cards to A Oser"),
        (MoveIdeas(("idea001",), None), "took 1 card out of its theme"),
        (GroupIdeas(("idea004", "idea005"), "theme3", "Rire"), "put 2 cards into the new theme C Rire"),
        (MergeThemes("theme1", "theme2"), "merged A Oser into B Jouer"),
        (RemoveTheme("theme1"), "took A Oser apart"),
        (RenameTheme("theme1", "Risquer"), "renamed a theme Oser"),
        (MakeTheme("theme3", "Rire"), "made a theme Rire"),
    ],
)
def test_U1_a_gesture_of_several_facts_is_said_as_what_it_was(pages, gesture, words):
    room = sorting()
    room.ask(gesture)

    assert listed(pages, room)["deeds"][0] == f"Claire {words}"


def test_U1_the_newest_gesture_stands_first_whoever_made_it(pages):
    room = sorting().joined("second", role=Role.FACILITATOR)
    room.ask(MoveIdeas(("idea004",), "theme1"))
    room.ask(MoveIdeas(("idea006",), "theme2"), "second")
    room.ask(MoveIdeas(("idea006",), "theme1"), ANNE)

    found = listed(pages, room)
    assert [line.split()[0] for line in found["deeds"]] == ["Anne", "The", "Claire"]
    assert [line.split()[0] for line in found["earlier"]] == ["Léa", "Léa"]
    assert found["deeds"][0].endswith("moved 1 card to A Oser")


def test_U1_what_one_gesture_made_is_said_whole(pages):
    room = sorting()
    room.ask(MakeThemesFromCards("sort"))

    found = listed(pages, room)
    assert found["deeds"][0] == "Claire made each of 3 cards a theme of its own"


def test_P1_axes_made_together_are_one_gesture_that_names_each(pages):
    room = sorting().opened("plan")
    room.ask(MakeAxesFromThemes(("theme1", "theme2"), chose=True))

    assert listed(pages, room)["deeds"][0] == "Claire made the axes Oser , Jouer"


def test_U1_each_gesture_says_who_did_it_so_that_a_page_can_mark_its_own(pages):
    room = sorting()
    room.ask(MoveIdeas(("idea004",), "theme1"))
    page = {put.key: put.html for put in pages.page(View(room.state, NAMES), DESK)}

    assert f'data-by="{FACILITATOR}"' in page["deeds"]
    assert f'data-by="{LEA}"' in page["deeds"]
