"""The flow: F1–F7, F9."""

import pytest

from forum.domain.flow import (
    CloseStep,
    EditForum,
    EditStep,
    ExtendTimer,
    ForumEdited,
    ForumOpened,
    FreezeStep,
    InsertStep,
    MoveStep,
    OpenStep,
    RemoveStep,
    ReopenStep,
    RevealStep,
    SetTimer,
    ShortenTimer,
    SkipStep,
    StopTimer,
)
from forum.domain.kernel import Rejection, Words
from forum.domain.settings import BallotSettings, ShowSettings
from forum.domain.state import Timer
from forum.domain.steps.board import PostIdea
from forum.domain.touch import Touch
from forum.domain.undo import Undo
from tests.domain.judged import refusal
from tests.scenes import LEA, a_room, a_vote


def test_F1_one_step_is_current_and_opening_another_closes_it():
    room = a_room().opened("welcome").opened("ideas")

    assert room.state.current == "ideas"
    assert room.state.step("welcome").phase == "closed"
    assert room.state.step("ideas").phase == "open"


def test_F1_a_step_that_is_not_in_the_agenda_cannot_be_opened():
    assert refusal(a_room().ask(OpenStep("nowhere"))) == "no_step"


def test_F1_opening_the_open_step_again_changes_nothing():
    assert refusal(a_room().opened("ideas").ask(OpenStep("ideas"))) == "already_so"


def test_F2_going_back_keeps_every_idea_and_takes_new_ones():
    room = (
        a_room().opened("ideas").with_ideas(3).revealed("ideas").opened("sort").opened("ideas").with_ideas(1)
    )

    assert room.state.ideas.active["ideas"] == 4
    assert room.state.step("ideas").revealed


def test_F3_a_frozen_board_refuses_and_a_reopened_one_takes():
    room = a_room().opened("ideas")
    room.ask(FreezeStep("ideas"))
    late = room.ask(PostIdea("idea900", "Late", "ideas"), LEA)
    room.ask(ReopenStep("ideas"))
    again = room.ask(PostIdea("idea901", "In time", "ideas"), LEA)

    assert refusal(late) == "board_closed"
    assert late.params["time"] == room.state.step("ideas").opened_at + 1000
    assert not isinstance(again, Rejection)


def test_F4_leaving_an_open_vote_asks_for_its_close_first():
    room = a_vote()

    assert refusal(room.ask(OpenStep("plan"))) == "vote_open"
    assert refusal(room.ask(SkipStep("vote"))) == "vote_open"
    room.ask(CloseStep("vote"))
    assert refusal(room.ask(OpenStep("plan"))) is None


def test_F5_a_vote_is_revealed_only_after_its_close():
    room = a_vote()

    assert refusal(room.ask(RevealStep("vote"))) == "not_closed"
    room.ask(CloseStep("vote"))
    assert refusal(room.ask(RevealStep("vote"))) is None
    assert refusal(room.ask(RevealStep("vote"))) == "already_so"


def test_F5_a_show_has_nothing_to_reveal():
    assert refusal(a_room().opened("welcome").ask(RevealStep("welcome"))) == "nothing_to_reveal"


def test_F6_a_used_step_is_skipped_and_an_unused_one_can_be_removed():
    room = a_room().opened("ideas").with_ideas(1).opened("sort")

    assert refusal(room.ask(RemoveStep("ideas"))) == "step_used"
    assert refusal(room.ask(SkipStep("ideas"))) is None
    assert refusal(room.ask(RemoveStep("pledge"))) is None
    assert room.state.step("pledge") is None


def test_F7_a_timer_that_has_run_out_closes_nothing_and_can_be_extended_from_now():
    room = a_room().opened("ideas")
    room.ask(SetTimer(10))
    first = room.state.timer.ends_at
    room.with_ideas(20)
    room.ask(ExtendTimer(60))

    assert room.state.at > first
    assert room.state.step("ideas").phase == "open"
    assert room.state.timer.ends_at == room.state.at + 60_000
    room.ask(StopTimer())
    assert room.state.timer is None


def test_F7_a_timer_of_no_sensible_length_is_refused():
    assert refusal(a_room().ask(SetTimer(9))) == "bad_time"
    assert refusal(a_room().ask(SetTimer(10))) is None


def test_steps_are_inserted_moved_and_edited_while_running():
    room = a_room().opened("welcome")
    room.ask(
        InsertStep("extra", ShowSettings(pause=True), Words("Pause", "Break"), minutes=15, before="sort")
    )
    room.ask(MoveStep("vote", "sort"))
    room.ask(EditStep("extra", minutes=20))

    assert [s.id for s in room.state.steps] == ["welcome", "ideas", "extra", "vote", "sort", "plan", "pledge"]
    assert room.state.step("extra").minutes == 20
    assert room.state.step("extra").title == Words("Pause", "Break")


def test_the_time_a_step_really_took_adds_up_over_its_openings():
    room = a_room().opened("ideas").with_ideas(5)
    room.ask(FreezeStep("ideas"))
    first = room.state.step("ideas").spent
    room.with_ideas(0).ask(ReopenStep("ideas"))
    room.with_ideas(2).opened("sort")

    assert first == 6000
    assert room.state.step("ideas").spent == first + 3000


def test_F6_a_step_with_impossible_numbers_is_not_inserted():
    room = a_room()
    too_many = InsertStep("extra", BallotSettings(points=300_000), Words("Vote", "Vote"))
    enough = InsertStep("extra", BallotSettings(points=5, cap=2), Words("Vote", "Vote"))

    assert refusal(room.ask(too_many)) == "bad_step"
    assert refusal(room.ask(enough)) is None


def test_F9_the_year_that_a_forum_looks_to_is_set_changed_and_taken_away_and_what_is_not_given_stays():
    room = a_room()
    assert not isinstance(room.ask(EditForum(horizon=" 2030 ")), Rejection)
    assert (room.state.horizon, room.state.question) == (2030, "Où serons-nous ?")
    room.ask(EditForum(question="Et demain ?"))
    assert (room.state.horizon, room.state.question) == (2030, "Et demain ?")
    room.ask(EditForum(horizon=""))
    assert (room.state.horizon, room.state.title) == (0, "Vision 2025")


@pytest.mark.parametrize("typed", ["30", "20300", "bientôt", "²⁰³⁰", "-203", "0999", "2 030"])
def test_F9_what_is_no_year_of_four_digits_is_refused_with_an_example(typed):
    room = a_room()
    refused = room.ask(EditForum(horizon=typed))

    assert (refusal(refused), refused.params) == ("bad_year", {"example": 2030})
    assert room.state.horizon == 0


def test_F9_saving_what_stands_changes_nothing():
    room = a_room()

    assert refusal(room.ask(EditForum("Vision 2025", "Où serons-nous ?", ""))) == "already_so"


def test_F9_a_forum_opened_with_a_year_looks_to_it_and_an_edit_from_before_there_were_years_keeps_it():
    room = a_room().happened(
        ForumOpened("ABC234", "Vision", horizon=2025), ForumEdited("Vision", "Et après ?")
    )

    assert (room.state.horizon, room.state.question) == (2025, "Et après ?")


def test_F9_a_forum_has_the_time_zone_in_which_it_was_opened_until_the_desk_chooses_another():
    room = a_room().happened(ForumOpened("ABC234", "Vision 2025", zone="Europe/Paris"))
    room.ask(EditForum(question="Et demain ?"))
    assert room.state.zone == "Europe/Paris"
    room.ask(EditForum(zone="Indian/Reunion"))
    assert (room.state.zone, room.state.question) == ("Indian/Reunion", "Et demain ?")
    assert refusal(room.ask(EditForum(zone="Indian/Reunion"))) == "already_so"
    room.ask(Undo(room.state.deeds[-1].seq))
    assert room.state.zone == "Europe/Paris"


def test_F9_another_time_zone_changes_every_page_and_another_title_does_not():
    room = a_room()
    room.ask(EditForum("Vision 2030"))
    assert Touch.SCENE not in room.state.touched
    room.ask(EditForum(zone="Indian/Reunion"))
    assert Touch.SCENE in room.state.touched


def test_F9_a_forum_from_before_there_were_time_zones_has_the_servers_also_after_an_edit():
    room = a_room().happened(ForumEdited("Vision", "Et après ?"))

    assert room.state.zone == ""


def test_F9_a_change_of_what_the_forum_is_about_is_undone_as_a_whole_by_the_desk_only():
    room = a_room()
    room.ask(EditForum("Vision 2030", "Et en 2030 ?", "2030"))
    deed = room.state.deeds[-1].seq
    assert refusal(room.ask(Undo(deed), LEA)) == "not_your_deed"
    room.ask(Undo(deed))

    assert (room.state.title, room.state.question, room.state.horizon) == (
        "Vision 2025",
        "Où serons-nous ?",
        0,
    )


def test_U3_a_change_is_not_undone_over_a_later_one_but_with_it():
    room = a_room()
    room.ask(EditForum("Un"))
    first = room.state.deeds[-1].seq
    room.ask(EditForum("Deux"))
    second = room.state.deeds[-1].seq

    assert refusal(room.ask(Undo(first))) == "built_on"
    room.ask(Undo(second))
    assert room.state.title == "Un"
    room.ask(Undo(first))
    assert room.state.title == "Vision 2025"


def test_F9_only_who_leads_changes_what_a_forum_is_about():
    assert refusal(a_room().ask(EditForum("Un"), LEA)) == "forbidden"


def test_F7_time_is_taken_away_down_to_nothing_and_none_where_none_runs():
    room = a_room().opened("ideas")
    assert refusal(room.ask(ShortenTimer(60))) == "already_so"
    room.ask(SetTimer(120))
    ends_at = room.state.timer.ends_at
    room.ask(ShortenTimer(60))
    assert room.state.timer == Timer(ends_at - 60_000, 60)

    room.ask(ShortenTimer(300))
    assert room.state.timer.ends_at < ends_at - 60_000
    assert room.state.timer.seconds == 10
    assert refusal(room.ask(ShortenTimer(5))) == "bad_time"
