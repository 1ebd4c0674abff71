"""A method whose keys are no options says everything of it by itself, on every surface, and no file of the product knows it."""

import html
import json
import re
from collections.abc import Iterator

import pytest

from forum.audit import claims_of, verify
from forum.audit.receipt import as_text, receipt
from forum.domain.flow import EditStep
from forum.domain.kernel import Rejection
from forum.domain.people import AddPerson, SayDone
from forum.domain.steps.ballot import GiveMark
from forum.domain.steps.voting import result
from forum.exports import render
from forum.fragments.pages import Pages
from forum.fragments.surface import Audience, View
from forum.language import Reader
from forum.language.tellings import TELLINGS
from tests.audit.evidences import SEAL, evidence_of
from tests.domain.judged import refused
from tests.methods.criteria import METHOD, NAME, criteria
from tests.scenes import ANNE, LEA, Scene, a_room, a_vote


@pytest.fixture(autouse=True)
def pytest_known() -> Iterator[None]:
    with criteria():
        yield


def voted() -> Scene:
    """Léa finds the first theme of use and easy, the second of use; Anne is done without a mark. Closed."""
    room = a_vote(3, method=NAME)
    for key, mark in (("theme1/use", 2), ("theme1/ease", 2), ("theme2/use", 3), ("theme3/ease", 1)):
        assert not isinstance(room.ask(GiveMark("vote", key, mark), LEA), Rejection)
    room.ask(SayDone(), ANNE)
    return room


def drawn(room: Scene, surface: str) -> str:
    pages = Pages(static=str)
    view, audience = View(room.state, {}), Audience(surface, "en")  # type: ignore[arg-type]
    own = pages.you(view, audience, LEA) if surface == "phone" else ()
    return html.unescape(" ".join(put.html for put in (*pages.page(view, audience), *own)))


def told(room: Scene, person: str) -> str:
    chains = {claim.number: "0" * 16 for claim in claims_of(room.state, person)}
    names = {"theme1": "Bikes", "theme2": "", "theme3": "Trains"}
    noted = receipt(
        room.state, person, chains, {}, SEAL, lambda _, option: names[option], chain="0" * 16, at=1, lang="en", points=True
    )  # fmt: skip
    return as_text(noted, Reader("en"), "https://forum.example/check")


def test_V7_marks_are_given_under_its_keys_and_not_to_options() -> None:
    room = a_vote(3, method=NAME)

    assert refused(room.ask(GiveMark("vote", "theme1", 1), LEA)) == "V7 no_option"
    assert refused(room.ask(GiveMark("vote", "theme1/use", 6), LEA)) == "V1 criterion"


def test_each_key_is_called_by_its_words_on_the_ballot_and_at_the_desk() -> None:
    room = a_vote(3, method=NAME)
    title = room.state.themes.by_id["theme1"].title
    room.ask(AddPerson("marcel"))

    phone = " ".join(drawn(room, "phone").split())
    assert f"<span><bdi>{title}</bdi></span></p>" in phone, "the choice, once"
    assert f'<span class="sr">use of <bdi>{title}</bdi></span></p>' in phone
    assert '<span aria-hidden="true">its use</span>' in phone, "beside each control what it is about"
    assert f'<option value="theme1/ease">A ease of {title}</option>' in drawn(room, "desk")


def test_a_receipt_calls_what_was_given_by_its_keys_words_and_what_must_not_be_read_by_its_id() -> None:
    text = told(voted(), LEA)

    assert "2 for use of Bikes" in text
    assert "2 for ease of Bikes" in text
    assert "3 for use of theme2" in text
    assert "Nothing found of use." in told(voted(), ANNE)


def test_a_bar_is_as_long_as_the_method_says_and_what_it_names_first_is_first() -> None:
    room = voted().closed("vote").revealed("vote")
    for surface in ("phone", "desk", "screen"):
        page = drawn(room, surface)
        assert 'class="part" width="20.00"' in page.replace("\n   ", ""), surface  # 4 of 2 × 5 × 2 voters
        assert 'width="100.00"' not in page, surface
    assert METHOD.first(result(room.state.rounds.latest("vote"))) == ("theme1",)


def test_nothing_is_first_where_the_method_says_so_whatever_the_score() -> None:
    room = a_vote(3, method=NAME)
    room.ask(GiveMark("vote", "theme1/use", 5), LEA)
    room.closed("vote").revealed("vote")

    assert "Nothing is of use and easy." in drawn(room, "screen")
    assert 'hue-1 first"' not in drawn(room, "desk")
    assert 'hue-1 first"' in drawn(voted().closed("vote").revealed("vote"), "desk")


def test_V8_a_ballot_without_marks_is_blank_only_where_the_method_says_so_in_both_counts() -> None:
    room = voted().closed("vote").revealed("vote")
    counted, found = result(room.state.rounds.latest("vote")), verify(evidence_of(room))

    assert (counted.voters, counted.blank) == (2, 0)
    assert [f.check for f in found.findings if not f.held] == []
    assert "Never said." not in drawn(a_vote(3, method=NAME), "phone")
    assert "blank vote" in drawn(a_vote(3, method="approval"), "phone")


def test_a_column_says_a_word_where_the_telling_has_one() -> None:
    room = voted().closed("vote").revealed("vote")
    table = render(room.state, {}, "c", "votes.csv", Reader("en")).body.decode()
    page = render(room.state, {}, "c", "plan.md", Reader("en")).body.decode()
    kept = json.loads(render(room.state, {}, "c", "forum.json", Reader("en")).body)["votes"][0]["lines"]

    assert [row.split(",")[5:7] for row in table.splitlines()[:2]] == [["Use", "Verdict"], ["2", "easy"]]
    assert re.search(r"\| 3 \| hard \|", page)
    assert kept[0]["numbers"] == {"use": 2, "ease": 2}


def test_F10_the_desk_chooses_what_a_method_lets_it_and_a_round_is_opened_so() -> None:
    room = a_room().opened("ideas").with_ideas(2).revealed("ideas").opened("sort")
    room.with_theme("theme1", 1).with_theme("theme2", 2)

    def chosen(**given: object) -> str:
        return refused(room.ask(EditStep("vote", chosen={"ballot": {"method": NAME, **given}})))

    shown = drawn(room, "desk")
    assert 'name="chosen.ballot.criteria_scale" type="number" min="2" max="9" value="5"' in " ".join(
        shown.split()
    )
    assert "By two criteria: the best mark" in shown
    assert chosen(criteria_scale=10) == "F6 bad_step"
    assert chosen(criteria_scale="many") == "F10 no_choice"
    assert chosen(criteria_colour=3) == "F10 no_choice"
    assert chosen(criteria_scale="3") == ""
    assert room.opened("vote").state.rounds.latest("vote").parameters == {"scale": 3}
    assert chosen(criteria_scale=4) == "F10 begun"


def test_a_method_without_words_of_its_own_calls_a_key_by_its_option() -> None:
    assert TELLINGS["dots"].choice(Reader("en"), "theme1", ("Bikes",)) == "Bikes"
