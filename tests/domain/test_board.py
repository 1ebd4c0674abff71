"""Boards: B1–B5."""

from forum.domain.flow import CloseStep
from forum.domain.kernel import Words
from forum.domain.room import Noted
from forum.domain.settings import BoardSettings, Column
from forum.domain.steps.board import EditIdea, HideIdea, PostIdea, RestoreIdea, WithdrawIdea, shows
from tests.domain.judged import refusal
from tests.scenes import ANNE, ECLAIR, LEA, a_room


def test_B1_a_card_sent_after_the_close_is_refused_with_the_time_of_the_close():
    room = a_room().opened("ideas").with_ideas(1)
    room.ask(CloseStep("ideas"))
    verdict = room.ask(PostIdea("idea900", "Late", "ideas"), LEA)

    assert refusal(verdict) == "board_closed"
    assert verdict.rule == "B1"
    assert verdict.params["time"] == room.state.step("ideas").closed_at
    assert room.state.ideas.active["ideas"] == 1


def test_B1_a_card_longer_than_the_board_allows_is_refused_with_both_numbers():
    room = a_room().opened("ideas")
    long = room.ask(PostIdea("idea900", "x" * 141, "ideas", length=141), LEA)
    fits = room.ask(PostIdea("idea901", "x" * 140, "ideas", length=140), LEA)

    assert (long.code, long.params) == ("too_long", {"count": 141, "limit": 140})
    assert refusal(fits) is None


def test_B1_a_board_with_columns_wants_one_of_them():
    steps = {**ECLAIR, "ideas": BoardSettings(columns=(Column("prouds", Words("Fiertés", "Prouds")),))}
    room = a_room(steps).opened("ideas")

    assert refusal(room.ask(PostIdea("idea900", "x", "ideas", "elsewhere"), LEA)) == "no_column"
    assert refusal(room.ask(PostIdea("idea901", "x", "ideas", "prouds"), LEA)) is None


def test_B2_cards_show_only_after_the_reveal_unless_the_board_is_open_to_all():
    room = a_room().opened("ideas")
    before = shows(room.state.step("ideas"))
    room.revealed("ideas")
    open_board = a_room({**ECLAIR, "ideas": BoardSettings(visibility="all")})

    assert not before
    assert shows(room.state.step("ideas"))
    assert shows(open_board.state.step("ideas"))


def test_B3_authors_edit_and_withdraw_their_own_cards_and_nobody_elses():
    room = a_room().opened("ideas").with_ideas(2, by=LEA)

    assert refusal(room.ask(EditIdea("idea001", "Better"), LEA)) is None
    assert refusal(room.ask(EditIdea("idea001", "Mine now"), ANNE)) == "not_yours"
    assert refusal(room.ask(EditIdea("idea001", "The desk knows better"))) == "not_yours"
    assert refusal(room.ask(WithdrawIdea("idea002"), LEA)) is None
    assert room.state.ideas.by_id["idea001"].text == "Better"
    assert room.state.ideas.active["ideas"] == 1
    assert refusal(room.ask(EditIdea("idea002", "Back?"), LEA)) == "no_idea"


def test_B4_a_hidden_card_keeps_its_words_and_comes_back():
    room = a_room().opened("ideas").with_ideas(1)
    no_reason = room.ask(HideIdea("idea001", ""))
    room.ask(HideIdea("idea001", "Names a person"))
    hidden = room.state
    room.ask(RestoreIdea("idea001"))

    assert refusal(no_reason) == "reason_needed"
    assert hidden.ideas.by_id["idea001"].reason == "Names a person"
    assert hidden.ideas.active["ideas"] == 0
    assert room.state.ideas.active["ideas"] == 1
    assert room.state.ideas.by_id["idea001"].text == "Idea number 1"


def test_B5_cards_keep_the_order_in_which_they_came():
    room = a_room().opened("ideas").with_ideas(3)
    room.ask(WithdrawIdea("idea002"), LEA)
    room.with_ideas(1)

    assert [room.state.ideas.by_id[i].number for i in ("idea001", "idea003", "idea004")] == [1, 3, 4]


def test_a_card_named_like_another_is_refused():
    room = a_room().opened("ideas").with_ideas(1)

    assert refusal(room.ask(PostIdea("idea001", "Again", "ideas"), ANNE)) == "id_taken"
    assert room.state.ideas.by_id["idea001"].author == LEA


def test_O1_a_card_that_a_copy_of_its_tab_sends_under_another_number_is_there_already_and_is_not_doubled():
    room = a_room().opened("ideas").with_ideas(1)
    own, anothers = (room.ask(PostIdea("idea001", "Idea number 1", "ideas"), who) for who in (LEA, ANNE))
    room.ask(EditIdea("idea001", "Said otherwise"), LEA)

    assert own == (Noted(),)
    assert refusal(anothers) == "id_taken"
    assert refusal(room.ask(PostIdea("idea001", "Idea number 1", "ideas"), LEA)) == "id_taken"
    assert room.state.ideas.active["ideas"] == 1
