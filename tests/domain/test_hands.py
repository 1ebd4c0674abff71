"""A show of hands beside a vote: noted at the desk, shown with the result, never among the ballots; V55."""

import json

import pytest

from forum.domain.kernel import Rejection
from forum.domain.steps.hands import HANDS, NoteHands
from forum.domain.steps.voting import result
from forum.domain.undo import Undo
from forum.exports import render
from forum.fragments.pages import Pages
from forum.fragments.surface import Audience, View
from forum.language import Reader
from tests.scenes import ANNE, FACILITATOR, LEA, Scene, a_vote

NAMES = {LEA: "Léa", ANNE: "Anne"}


@pytest.fixture(scope="module")
def pages() -> Pages:
    return Pages(static=lambda path: f"/static/{path}")


def noted(room: Scene, hands: int, option: str = "theme1", by: str = FACILITATOR) -> object:
    return room.ask(NoteHands("vote", option, hands), by)


def hands(room: Scene) -> dict[str, int]:
    return dict(room.state.rounds.latest("vote").hands)


def drawn(pages: Pages, room: Scene, surface: str) -> str:
    return " ".join(p.html for p in pages.page(View(room.state, NAMES), Audience(surface, "en")))  # type: ignore[arg-type]


def test_V55_hands_are_noted_for_a_choice_changed_and_taken_back():
    room = a_vote(3, method="approval")
    noted(room, 12)
    noted(room, 7, "theme2")
    noted(room, 13)
    before = hands(room)
    noted(room, 0)

    assert before == {"theme1": 13, "theme2": 7}
    assert hands(room) == {"theme2": 7}


def test_V55_hands_change_no_ballot_and_no_result():
    room, other = (a_vote(3, method="approval").voted(LEA, theme1=1) for _ in range(2))
    noted(room, 40, "theme2")
    for one in (room, other):
        one.closed("vote").revealed("vote")

    assert result(room.state.rounds.latest("vote")) == result(other.state.rounds.latest("vote"))


def test_V55_the_desk_alone_notes_them_for_what_is_on_the_ballot_until_the_result_is_shown():
    room = a_vote(3, method="approval").voted(LEA, theme1=1)
    refused = [noted(room, 3, by=LEA), noted(room, 3, "theme9")]
    room.closed("vote")
    after_the_close = noted(room, 3)
    room.revealed("vote")
    refused.append(noted(room, 4))

    assert [no.code for no in refused if isinstance(no, Rejection)] == [
        "forbidden",
        "no_option",
        "hands_shown",
    ]
    assert not isinstance(after_the_close, Rejection)
    assert HANDS.most == 10_000


def test_V55_what_was_noted_can_be_undone():
    room = a_vote(3, method="approval")
    noted(room, 12)
    noted(room, 13)
    room.ask(Undo(room.state.deeds[-1].seq))

    assert hands(room) == {"theme1": 12}


def test_V55_hands_go_on_where_the_ballots_go_on():
    room = a_vote(3, method="approval").voted(LEA, theme1=1)
    noted(room, 12)
    room.closed("vote").opened("vote")

    assert room.state.rounds.latest("vote").number == 2
    assert hands(room) == {"theme1": 12}


def test_V55_before_the_reveal_the_desk_alone_sees_them_then_every_surface_and_document_names_them_apart(
    pages: Pages,
):
    room = a_vote(3, method="approval").voted(LEA, theme1=1)
    noted(room, 4321)
    before = {surface: "4321" in drawn(pages, room, surface) for surface in ("desk", "screen", "phone")}
    hidden = json.loads(render(room.state, NAMES, "c", "forum.json", Reader("en")).body)["votes"][0]
    room.closed("vote").revealed("vote")
    shown = json.loads(render(room.state, NAMES, "c", "forum.json", Reader("en")).body)["votes"][0]

    assert before == {"desk": True, "screen": False, "phone": False}
    assert hidden["hands"] == {}
    assert shown["hands"] == {"theme1": 4321}
    for surface in ("desk", "screen", "phone"):
        told = drawn(pages, room, surface)
        assert "Show of hands" in told, surface
        assert "4321" in told.replace(",", ""), surface
    assert (
        "Show of hands, apart from the ballots: "
        in render(room.state, NAMES, "c", "plan.md", Reader("en")).body.decode()
    )
    assert "Show of hands" in render(room.state, NAMES, "c", "votes.csv", Reader("en")).body.decode(
        "utf-8-sig"
    )
