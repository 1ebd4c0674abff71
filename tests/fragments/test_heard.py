"""F11 on the pages: what is said aloud, to whom, in which words, and what the page is called."""

import re

import pytest

from forum.domain.flow import EditStep, SetTimer
from forum.domain.kernel import StepId, Words
from forum.domain.roles import Role
from forum.domain.steps.sort import GroupIdeas
from forum.fragments.heard import MOST_CHARS
from forum.fragments.surface import Audience, View
from tests.scenes import FACILITATOR, LEA, a_room, a_vote

BEA = "bea"


def heard(pages, room, surface="phone", lang="en") -> str:
    view = View(room.state, {FACILITATOR: "Paul", BEA: "Béa"})
    return next(p.html for p in pages.page(view, Audience(surface, lang)) if p.key == "heard")


def sentences(html: str) -> list[str]:
    return re.findall(r"<p [^>]*>([^<]*)</p>", html)


def titled(html: str) -> str:
    return re.search(r'data-title="([^"]*)"', html)[1]


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [("en", "Step 2 of 6: Step ideas. Instruction"), ("fr", "Étape 2 sur 6\u202f: Étape ideas. Consigne")],
)
def test_a_step_is_said_with_its_place_its_title_and_what_is_asked(pages, lang, sentence):
    room = a_room().opened("ideas")

    for surface in ("phone", "screen", "desk"):
        assert sentences(heard(pages, room, surface, lang)) == [sentence]


def test_each_sentence_has_the_number_of_its_fact(pages):
    room = a_room().opened("ideas")
    room.ask(SetTimer(60))

    numbers = [int(n) for n in re.findall(r'data-n="([0-9]+)"', heard(pages, room))]
    assert numbers == [room.state.seq - 1, room.state.seq]


def test_a_long_step_is_said_in_no_more_than_the_ear_takes(pages):
    room = a_room().opened("ideas")
    room.ask(EditStep(StepId("ideas"), instruction=Words("mot " * 190, "word " * 150)))

    [first, _] = sentences(heard(pages, room))
    assert 250 < len(first) <= MOST_CHARS
    assert first.endswith("word…")


def test_the_desk_is_told_who_did_it_and_nobody_else_is(pages):
    room = a_room().joined(BEA, role=Role.FACILITATOR).opened("ideas").with_ideas(2).opened("sort")
    room.ask(GroupIdeas(("idea001", "idea002"), "theme1", "One"), BEA)

    desk = heard(pages, room, "desk")
    assert 'data-by="bea" data-who="Béa " data-own="Saved."' in desk
    assert 'data-by="fac" data-who="Paul: ">' in desk
    assert len(sentences(desk)) == 2
    for surface in ("phone", "screen"):
        shown = heard(pages, room, surface)
        assert len(sentences(shown)) == 1
        assert "data-by" not in shown
        assert "Béa" not in shown


def test_a_result_is_said_from_where_the_page_shows_it(pages):
    room = a_vote().voted(LEA, theme1=1).closed("vote").revealed("vote")

    for surface in ("phone", "screen", "desk"):
        page = pages.page(View(room.state, {}), Audience(surface, "en"))
        assert sentences(heard(pages, room, surface)) == ["The result is shown now. {result}"]
        assert sum(" data-heard" in put.html for put in page) == 1


def test_nothing_of_a_secret_vote_is_said_before_its_reveal(pages):
    room = a_vote().voted(LEA, theme1=1).closed("vote")

    for surface in ("phone", "screen", "desk"):
        page = pages.page(View(room.state, {}), Audience(surface, "en"))
        assert sentences(heard(pages, room, surface)) == ["The vote is closed: Step vote."]
        assert not any(" data-heard" in put.html for put in page)


@pytest.mark.parametrize(
    ("surface", "title"),
    [
        ("phone", "2 · Step ideas – Vision 2025"),
        ("screen", "2 · Step ideas – Vision 2025 – Screen"),
        ("desk", "2 · Step ideas – Vision 2025 – Desk"),
    ],
)
def test_a_page_is_called_by_where_the_room_is(pages, surface, title):
    assert titled(heard(pages, a_room().opened("ideas"), surface)) == title
    assert titled(heard(pages, a_room(), surface)) == title.removeprefix("2 · Step ideas – ")
