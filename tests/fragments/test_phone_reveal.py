"""What a phone says of a reveal: everybody's cards come on top, and writing on is public."""

from tests.fragments.on_phone import a_board, mine, shared
from tests.scenes import LEA, a_vote


def test_the_phone_says_that_cards_are_revealed_with_everybodys_on_top_and_that_writing_on_is_public(pages):
    room = a_board().with_ideas(2)
    before = shared(pages, room)["act"]
    after = shared(pages, room.revealed("ideas"))["act"]
    always = shared(pages, a_board(visibility="all"))["act"]

    assert "The cards are revealed." in after
    assert after.index('id="ideas"') < after.index("everybody sees it at once") < after.index('id="mine"')
    assert all("revealed." not in html and "sees it at once" not in html for html in (before, always))


def test_K5_the_phone_says_that_ballots_were_struck_and_never_that_one_was_blank(pages):
    room = a_vote().voted(LEA, theme1=1).closed("vote").revealed("vote")
    before = mine(pages, room)["my-given"]
    after = mine(pages, room.ballots_struck("vote.1"))["my-given"]

    assert "Theme theme1" in before
    assert "struck after their time" in after
    assert "blank" not in after
    assert "Theme theme1" not in after
