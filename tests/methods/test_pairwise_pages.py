"""A vote by pairs on its pages: one pair at a time, a way on and a way back, and at the desk for whoever has no phone."""

from collections import Counter

import pytest

from forum.domain.methods.pairwise import EVERY_PAIR
from forum.domain.people import AddPerson
from forum.domain.steps.ballot import GiveMark
from forum.domain.steps.voting import asked
from forum.fragments.pages import Pages
from forum.fragments.surface import Audience, View
from tests.methods.test_pairwise import answers, shown
from tests.scenes import ANNE, LEA, Scene, a_vote


@pytest.fixture(scope="module")
def pages() -> Pages:
    return Pages(static=lambda path: path)


def drawn(pages: Pages, room: Scene, person: str = LEA) -> dict[str, str]:
    return {p.key: p.html for p in pages.you(View(room.state, {}), Audience("phone", "en"), person)}


def test_a_phone_shows_one_pair_with_a_way_on_and_after_an_answer_a_way_back(pages: Pages):
    room = a_vote(4, method="pairwise")
    before = drawn(pages, room)
    key = answers(room, LEA)
    after = drawn(pages, room)

    assert [k for k in before if k.startswith("my-mark-")] == [f"my-mark-{key}"]
    assert all(f'value="{mark}"' in before[f"my-mark-{key}"] for mark in (1, 2, 3))
    assert 'value="0"' in after[f"my-mark-{key}"]
    assert "0 pairs given, of 6" in before["my-left"]
    assert "1 pair given, of 6" in after["my-left"]
    assert len([k for k in after if k.startswith("my-mark-")]) == 2


def test_what_a_tap_changes_makes_the_page_that_would_be_drawn_anew_and_other_people_s_taps_change_nothing(
    pages: Pages,
):
    room, audience = a_vote(EVERY_PAIR + 2, method="pairwise"), Audience("phone", "en")
    page = drawn(pages, room)

    def back() -> None:
        room.ask(GiveMark("vote", asked(room.state, room.state.rounds.latest("vote"), LEA)[-1], 0), LEA)

    for tap in (1, 2, back, 3, ANNE, 1, ANNE, back, 2):
        before = drawn(pages, room)
        if tap == ANNE:
            answers(room, ANNE)
            assert drawn(pages, room) == before
            continue
        tap() if callable(tap) else answers(room, LEA, tap)
        changes = pages.your_changes(View(room.state, {}), audience, LEA, room.state.touched)
        page = {**page, **{put.key: put.html for put in changes.puts}}
        page = {key: html for key, html in page.items() if key not in changes.gone}
        assert page == drawn(pages, room)


def test_of_two_choices_neither_stands_first_for_everybody(pages: Pages):
    room = a_vote(2, method="pairwise").joined(*(f"p{n}" for n in range(40)))
    upper = Counter(
        drawn(pages, room, f"p{n}")["my-mark-theme1|theme2"].index('value="1"')
        < drawn(pages, room, f"p{n}")["my-mark-theme1|theme2"].index('value="2"')
        for n in range(40)
    )

    assert min(upper[True], upper[False]) >= 10


def test_the_desk_reads_the_pair_to_whoever_has_no_phone_and_has_no_list_of_all(pages: Pages):
    room = a_vote(30, method="pairwise")
    room.ask(AddPerson("marcel"))
    desk = {p.key: p.html for p in pages.page(View(room.state, {"marcel": "Marcel"}), Audience("desk", "en"))}
    pair = shown(room, "marcel")
    assert "<select" not in desk["assist"]
    assert f'value="{pair}"' in desk["assisted"]
    assert desk["assisted"].count('name="key"') == 1

    other = a_vote(30, method="pairwise")
    other.ask(AddPerson("marcel"))
    for scene, mark in ((room, 1), (other, 2)):
        scene.ask(GiveMark("vote", pair, mark), on_behalf="marcel")
    after = [
        {p.key: p.html for p in pages.page(View(scene.state, {"marcel": "Marcel"}), Audience("desk", "en"))}[
            "assisted"
        ]
        for scene in (room, other)
    ]
    assert after[0] == after[1] != desk["assisted"]
