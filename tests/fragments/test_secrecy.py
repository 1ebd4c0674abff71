"""B2 and V5 on what is drawn: before the reveal no audience is given another's words, nor any tally."""

import re

import pytest

from forum.domain.touch import Touch
from forum.fragments.pages import SURFACES, Token
from forum.fragments.surface import Audience, View
from forum.language import LANGUAGES
from tests.scenes import ANNE, FACILITATOR, LEA, SCREEN, a_room, a_vote

AUDIENCES = [Audience(surface, lang) for surface in SURFACES for lang in LANGUAGES]  # type: ignore[arg-type]
VIEWER = {"phone": ANNE, "desk": FACILITATOR, "screen": SCREEN}
TOKEN = Token(1, 1, "c")


def everything(pages, room, audience) -> str:
    """All that this audience's first viewer is ever sent of the present state."""
    view = View(room.state, {})
    viewer = VIEWER[audience.surface]
    parts = [p.html for p in pages.page(view, audience) + pages.you(view, audience, viewer)]
    touches = {Touch.idea(i) for i in room.state.ideas.by_id} | {
        Touch.theme(t) for t in room.state.themes.by_id
    }
    touches |= {
        Touch.COUNT,
        Touch.DONE,
        Touch.STEP,
        Touch.AGENDA,
        Touch.PEOPLE,
        Touch.THEMES,
        Touch.PLAN,
        Touch.DEEDS,
    }
    parts += [p.html for p in pages.changes(view, audience, touches).puts]
    parts.append(pages.document(view, audience, viewer, token=TOKEN, now=1, ticket="t", nonce="n"))
    return "\n".join(parts)


@pytest.mark.parametrize("audience", AUDIENCES, ids=lambda a: f"{a.surface}-{a.lang}")
def test_nobody_is_given_another_persons_card_before_the_reveal(pages, audience):
    room = a_room().opened("ideas").with_ideas(3, by=LEA)
    hidden = everything(pages, room, audience)
    shown = everything(pages, room.revealed("ideas"), audience)

    assert "Idea number" not in hidden
    assert "Idea number 2" in shown


def test_authors_are_given_their_own_cards_before_the_reveal(pages):
    room = a_room().opened("ideas").with_ideas(1, by=ANNE)

    assert "Idea number 1" in everything(pages, room, Audience("phone", "fr"))


@pytest.mark.parametrize("close", [False, True], ids=["open", "closed"])
@pytest.mark.parametrize("audience", AUDIENCES, ids=lambda a: f"{a.surface}-{a.lang}")
def test_what_was_voted_changes_nothing_that_others_are_given_before_the_reveal(pages, audience, close):
    def drawn(**points: int) -> str:
        room = a_vote(options=4, points=6, cap=6).voted(LEA, **points)
        return everything(pages, room.closed("vote") if close else room, audience)

    assert drawn(theme1=3, theme2=1) == drawn(theme3=1, theme4=3)


@pytest.mark.parametrize("audience", AUDIENCES, ids=lambda a: f"{a.surface}-{a.lang}")
def test_after_the_reveal_the_result_is_there(pages, audience):
    room = a_vote(options=4, points=6, cap=6).voted(LEA, theme1=5).closed("vote")
    other = a_vote(options=4, points=6, cap=6).voted(LEA, theme2=5).closed("vote")

    assert "Theme theme1" in everything(pages, room.revealed("vote"), audience)
    assert everything(pages, room, audience) != everything(pages, other.revealed("vote"), audience)


def test_my_receipt_is_drawn_for_me_and_for_nobody_else(pages):
    room = a_room().opened("ideas").with_ideas(3, by=LEA)

    assert numbers_said(pages, room, LEA) == [room.state.ideas.by_id["idea003"].worded]
    assert numbers_said(pages, room, ANNE) == []
    for audience in AUDIENCES:
        shared = "".join(p.html for p in pages.page(View(room.state, {}), audience))
        assert "/receipt#n" not in shared
        assert "forum1:" not in everything(pages, room, audience)


def test_the_number_of_my_ballot_is_drawn_for_me_and_for_nobody_else(pages):
    room = a_vote(points=3, cap=3).voted(LEA, theme1=1).voted(ANNE, theme2=1).voted(LEA, theme1=2)

    assert numbers_said(pages, room, LEA) == [room.state.seq]
    assert numbers_said(pages, room, ANNE) == [room.state.seq - 1]
    assert numbers_said(pages, room, "nobody yet") == []
    assert numbers_said(pages, room.closed("vote"), LEA) == [
        room.state.rounds.latest("vote").ballots[LEA].number
    ]


def numbers_said(pages, room, person: str) -> list[int]:
    """To which lines of the receipt this person's phone leads."""
    said = "".join(p.html for p in pages.you(View(room.state, {}), Audience("phone", "en"), person))
    return [int(n) for n in re.findall(r"/receipt#n(\d+)", said)]
