"""Whether a vote informs or decides is chosen before it opens, and said wherever it is given and told."""

import json
from collections.abc import Iterator

import pytest

from forum.domain.flow import EditStep
from forum.domain.kernel import Rejection
from forum.exports import render
from forum.fragments.pages import Pages
from forum.language import Reader
from tests.methods.known import a_vote_by
from tests.methods.test_every_method import drawn
from tests.scenes import LEA, a_room


@pytest.fixture
def pages() -> Pages:
    return Pages(static=lambda path: f"/static/{path}")


@pytest.mark.parametrize("purpose", ["sense", "decide"])
def test_every_surface_and_document_says_whether_a_vote_informs_or_decides(purpose: str, pages: Pages):
    words = {"sense": "This vote informs, and decides nothing.", "decide": "This vote decides."}
    room = a_vote_by("approval", purpose=purpose)
    said, unsaid = words.pop(purpose), next(iter(words.values()))

    def told() -> Iterator[str]:
        for surface in ("phone", "screen", "desk"):
            yield " ".join(" ".join(drawn(pages, room, surface, "en").values()).split())

    for shown in told():
        assert said in shown
        assert unsaid not in shown
    room.voted(LEA, theme1=1).closed("vote").revealed("vote")
    for shown in told():
        assert said in shown
        assert unsaid not in shown
    text = render(room.state, {}, "c", "plan.md", Reader("en")).body.decode()
    kept = json.loads(render(room.state, {}, "c", "forum.json", Reader("en")).body)["votes"][0]
    assert said in text
    assert unsaid not in text
    assert kept["purpose"] == purpose


def test_F10_whether_a_vote_decides_is_chosen_before_it_opens_and_not_after():
    room = a_room()

    def chosen(purpose: str) -> object:
        return room.ask(EditStep("vote", chosen={"ballot": {"purpose": purpose}}))

    assert not isinstance(chosen("decide"), Rejection)
    assert room.state.step("vote").settings.purpose == "decide"
    room.opened("ideas").with_ideas(2).revealed("ideas").opened("sort")
    room.with_theme("theme1", 1).with_theme("theme2", 2).opened("vote")
    refused = chosen("sense")
    assert isinstance(refused, Rejection)
    assert refused.code == "begun"
