"""What the desk is told after a loss, and the buttons beside it: each press does what it says, and asks where it should."""

import re

import pytest

from forum.domain.flow import CloseStep, OpenStep, RevealStep
from forum.domain.kernel import NOBODY
from forum.domain.led import DoAgain
from forum.domain.loss import ConfirmLoss, TellLoss
from forum.domain.steps.board import PostIdea
from forum.fragments.surface import Audience, View
from tests.fragments.on_desk import led, shared
from tests.fragments.test_desk_told import few_votes
from tests.scenes import FACILITATOR, LEA, Scene, a_room, a_vote

PHONES = "Ask everybody to look at their phone"


def lost(room: Scene, ops: int, votes: dict[str, int] | None = None) -> Scene:
    room.ask(TellLoss(2, room.state.seq, room.state.seq + 100, "abcdef", ops, votes or {}), NOBODY)
    return room


def forms(html: str, command: str) -> list[str]:
    return re.findall(rf'<form[^>]*commands/{command}".*?</form>', html, re.DOTALL)


def question(form: str) -> str:
    found = re.search(r'data-confirm="([^"]*)"', form)
    return found[1] if found else ""


def pressed(form: str, command: type, room: Scene) -> object:
    """What comes of it when a form's hidden fields are sent as they stand."""
    fields = dict(re.findall(r'name="(led|gen|upto|read|knowing)" value="([^"]*)"', form))
    values = {name: value == "true" if name == "knowing" else int(value) for name, value in fields.items()}
    return room.ask(command(**values))


def test_O6_phones_are_asked_for_only_while_they_may_hold_something(pages):
    missing = lost(a_room().opened("ideas"), 1)
    assert PHONES in shared(pages, missing)["loss"]
    missing.ask(PostIdea("idea001", "Again", "ideas"), LEA, again=True)

    assert PHONES not in shared(pages, missing)["loss"]
    assert PHONES not in shared(pages, lost(a_room().opened("ideas"), 0))["loss"]
    assert PHONES in shared(pages, lost(a_room().opened("ideas"), -1))["loss"], "nobody knows how many"


def test_O6_understood_stands_only_where_the_panel_goes_by_it(pages):
    room = lost(a_room().opened("ideas"), 0)
    [understood] = forms(shared(pages, room)["loss"], "ConfirmLoss")
    room.ask(CloseStep("ideas"), again=True)
    [leave] = forms(shared(pages, room)["loss"], "ConfirmLoss")

    assert "Understood" in understood
    assert not question(understood)
    assert "Understood" not in leave
    assert "None of it will be done again" in question(leave)
    assert re.search(r'name="upto" value="(\d+)"', leave)[1] == str(room.state.gone.led[-1].seq)


def test_O6_every_loss_that_nobody_read_is_said_and_understood_confirms_those_alone_that_were_said(pages):
    room = a_room().opened("ideas")
    for gen, gone in ((2, 10), (4, 20)):
        room.ask(TellLoss(gen, room.state.seq, room.state.seq + gone, f"chain{gen}", 0, which={}), NOBODY)
    said = shared(pages, room)["loss"]
    [understood] = forms(said, "ConfirmLoss")
    room.ask(TellLoss(3, room.state.seq, room.state.seq + 30, "chain3", 1, which={"tab:1": ""}), NOBODY)
    pressed(understood, ConfirmLoss, room)
    later = shared(pages, room)["loss"]
    pressed(forms(later, "ConfirmLoss")[0], ConfirmLoss, room)

    assert re.findall(r"its last (\d+) facts", said) == ["20", "10"]
    assert re.findall(r"its last (\d+) facts", later) == ["30"]
    assert "loss" not in shared(pages, room)


def test_O10_a_list_that_came_after_understood_was_pressed_can_be_left_too(pages):
    room = lost(a_room().opened("ideas"), 0)
    room.ask(ConfirmLoss(2))
    assert "loss" not in shared(pages, room)
    room.ask(CloseStep("ideas"), again=True)
    [leave] = forms(shared(pages, room)["loss"], "ConfirmLoss")
    pressed(leave, ConfirmLoss, room)

    assert "loss" not in shared(pages, room)


def test_O10_understood_does_not_leave_what_came_to_be_listed_since_the_page_was_drawn(pages):
    room = lost(a_room().opened("ideas"), 0)
    [understood] = forms(shared(pages, room)["loss"], "ConfirmLoss")
    room.ask(CloseStep("ideas"), again=True)
    pressed(understood, ConfirmLoss, room)

    assert [one.kind for one in room.state.gone.led] == ["CloseStep"]


def test_V10_the_line_of_a_reveal_of_few_ballots_says_so_asks_and_carries_that_it_was_told(pages):
    room = lost(few_votes(2), 0)
    room.ask(RevealStep("vote"), again=True)
    said = shared(pages, room)["loss"]
    [again] = forms(said, "DoAgain")

    assert "Only 2 ballots." in said
    assert "anyway" in again
    assert "so few ballots" in question(again)
    pressed(again, DoAgain, room)
    assert room.state.step("vote").revealed


def test_V10_a_line_about_enough_ballots_or_an_open_vote_claims_to_know_nothing(pages):
    for room in (lost(few_votes(5), 0), lost(a_vote().voted(LEA, theme1=1), 0)):
        room.ask(RevealStep("vote"), again=True)
        [again] = forms(shared(pages, room)["loss"], "DoAgain")
        assert "knowing" not in again
        assert not question(again)


@pytest.mark.parametrize("command", [CloseStep, RevealStep])
def test_O10_a_line_that_ends_a_vote_asks_while_contributions_to_it_are_not_back(pages, command):
    vote = a_vote()
    for n in range(5):
        vote.joined(f"per{n}").voted(f"per{n}", theme1=1)
    room = lost(vote, 3, {vote.state.rounds.latest("vote").id: 3})
    if command is RevealStep:
        room.closed("vote")
    room.ask(command("vote"), again=True)
    [again] = forms(shared(pages, room)["loss"], "DoAgain")

    assert "3 contributions to this vote were lost by the store and are not back yet." in question(again)


def test_V10_the_button_that_shows_few_ballots_is_the_quiet_one_and_comes_last(pages):
    few, enough = (led(pages, few_votes(n)) for n in (4, 5))

    assert 'class="button now-button quiet"' in forms(few, "RevealStep")[0]
    assert 'class="button now-button"' in forms(few, "ReopenStep")[0]
    assert few.index("commands/ReopenStep") < few.index("commands/RevealStep")
    assert 'class="button now-button"' in forms(enough, "RevealStep")[0]
    assert 'class="button quiet"' in forms(enough, "ReopenStep")[0]


def test_sentences_about_who_leads_begin_with_a_capital(pages):
    room = lost(a_room().opened("welcome").opened("ideas"), 0)
    room.ask(OpenStep("sort"), FACILITATOR, again=True)
    drawn = [
        put.html
        for lang in ("fr", "en")
        for put in pages.page(View(room.state, {}), Audience("desk", lang))
        if put.key in ("loss", "deeds")
    ]
    starts = [word for html in drawn for word in re.findall(r'deed-who">(.)', html)]

    assert len(starts) == 2
    assert all(start.isupper() for start in starts), starts


LISTED_LATER = "once a desk that did it is connected, it is listed here"


def test_O10_a_list_is_promised_only_while_something_is_known_that_is_not_on_it(pages):
    room = a_room().opened("ideas")
    room.ask(TellLoss(2, room.state.seq, room.state.seq + 100, "abcdef", 0, led=1), NOBODY)
    before = shared(pages, room)["loss"]
    room.ask(CloseStep("ideas"), again=True)
    room.ask(DoAgain(room.state.gone.led[0].seq))
    after = shared(pages, room)["loss"]

    assert LISTED_LATER in before
    assert LISTED_LATER not in after
