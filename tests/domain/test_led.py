"""O10: what led in a history that is gone is shown to the desk, and done by nothing but a press."""

import pytest

from forum.domain.flow import CloseStep, OpenStep, RevealStep, SetTimer, StepOpened, TurnPage
from forum.domain.kernel import NOBODY, Was
from forum.domain.led import DoAgain, LeaveLed, LedAnswered, LedBefore, listed
from forum.domain.loss import ConfirmLoss
from forum.domain.people import PersonRemoved, RemovePerson, SetEntry
from forum.domain.roles import MAY, leads
from forum.domain.room import FROM_SERVER, Noted
from tests.domain.lost import come_again, outcome, told, was
from tests.scenes import ANNE, FACILITATOR, LEA, Scene, a_room, a_vote


def test_what_leads_is_what_only_those_who_lead_or_keep_the_plan_may_ask():
    led = {command for command in MAY if leads(command)}

    assert {
        "OpenStep",
        "CloseStep",
        "FreezeStep",
        "RevealStep",
        "SkipStep",
        "InsertStep",
        "RemoveStep",
    } <= led
    assert {"MoveStep", "EditStep", "HideIdea", "RestoreIdea", "RemovePerson", "SetEntry", "RevokeKey"} <= led
    assert {"SetTimer", "TurnPage", "MakeAxis", "ConfirmLoss", "DoAgain"} <= led
    assert not led & {
        "PostIdea",
        "GiveMark",
        "GroupIdeas",
        "MergeThemes",
        "Pledge",
        "AddPerson",
        "Undo",
    }
    assert not led & FROM_SERVER


@pytest.mark.parametrize("how", [{"again": True}, {"elsewhere": True}])
@pytest.mark.parametrize(
    "command",
    [OpenStep("sort"), CloseStep("ideas"), RevealStep("ideas"), SetEntry("locked"), RemovePerson(ANNE)],
)
def test_O10_what_led_in_a_history_that_is_gone_is_shown_and_not_done(command, how):
    room = a_room().opened("ideas")
    before = room.state

    facts = room.ask(command, **how)

    assert [type(fact) for fact in facts] == [LedBefore]
    assert [one.kind for one in room.state.gone.led] == [type(command).__name__]
    assert (room.state.steps, room.state.people.by_id, room.state.entry) == (
        before.steps,
        before.people.by_id,
        before.entry,
    )


def test_O10_the_same_command_pressed_in_this_history_is_done():
    room = a_room().opened("ideas")

    assert any(isinstance(fact, StepOpened) for fact in room.ask(OpenStep("sort")))
    assert room.state.gone.led == ()


def test_O10_who_may_not_lead_puts_nothing_on_the_list():
    room = a_room().opened("ideas")

    assert room.ask(OpenStep("sort"), LEA, again=True).code == "forbidden"
    assert room.state.gone.led == ()


def test_O10_turning_pages_is_forgotten():
    room = a_room().opened("ideas")

    assert room.ask(TurnPage(2), again=True) == (Noted(),)
    assert room.state.page == 0


def test_O10_the_desk_is_shown_them_in_the_order_in_which_they_were_done_and_does_one_after_another():
    lost = a_room().opened("ideas").with_ideas(2)
    room = told(lost.back_to(lost.state.seq), lost)
    claims = [Was(f"desk:{n}", FACILITATOR, 1, 100 + n) for n in (1, 2)]
    room.ask(OpenStep("vote"), was=claims[1], again=True)
    room.ask(RevealStep("ideas"), was=claims[0], again=True)

    first, second = listed(room.state)
    assert (first.kind, second.kind) == ("RevealStep", "OpenStep")
    assert room.ask(DoAgain(first.seq))[-1] == LedAnswered(first.seq)
    assert room.state.step("ideas").revealed
    refused = room.ask(DoAgain(second.seq))  # two themes are not there yet
    assert refused.code == "too_few_themes"
    assert listed(room.state) == (second,)
    assert room.ask(DoAgain(first.seq)).code == "no_led"
    assert room.ask(DoAgain(second.seq), LEA).code == "forbidden"


def test_O10_what_is_so_already_or_is_left_goes_from_the_list():
    room = a_room().opened("ideas")
    room.ask(OpenStep("ideas"), again=True)
    room.ask(CloseStep("ideas"), again=True)
    opened, closed = room.state.gone.led

    assert room.ask(DoAgain(opened.seq)) == (LedAnswered(opened.seq),)
    assert room.ask(LeaveLed(closed.seq)) == (LedAnswered(closed.seq),)
    assert room.ask(LeaveLed(closed.seq)).code == "no_led"
    assert (room.state.gone.led, room.state.now.phase) == ((), "open")


def test_O10_to_do_it_again_is_a_press_too_and_is_not_repeated_by_itself():
    room = a_room().opened("ideas")
    room.ask(CloseStep("ideas"), again=True)

    room.ask(DoAgain(room.state.gone.led[0].seq), again=True)

    assert room.state.now.phase == "open"
    assert len(room.state.gone.led) == 1


def test_O10_what_this_version_cannot_read_is_still_on_the_list_and_the_refusal_says_so():
    room = a_room().opened("ideas").happened(LedBefore("OpenStep", {"from": "the future"}))
    [one] = listed(room.state)

    assert room.ask(DoAgain(one.seq)).code == "led_unknown"
    assert room.ask(LeaveLed(one.seq)) == (LedAnswered(one.seq),)
    assert room.ask(DoAgain(one.seq)).code == "no_led"


def test_O10_what_led_and_is_asked_by_who_may_no_longer_lead_is_refused_and_neither_waits_nor_is_kept():
    room = a_room().opened("ideas")
    claim = was(room, by=FACILITATOR)
    told(room, Scene(room.state))
    room.happened(PersonRemoved(FACILITATOR), by=NOBODY)

    refused = come_again(room, OpenStep("a-step-that-is-lost"), claim)

    assert refused.code == "removed"
    assert not room.state.gone.held
    assert not room.state.gone.untaken
    assert outcome(room).refused == 0


def test_V10_what_the_desk_knew_of_ballots_that_are_lost_is_told_it_anew():
    room = a_vote().voted(LEA, theme1=1).voted(ANNE, theme1=1).closed("vote")
    room.ask(RevealStep("vote", knowing=True), elsewhere=True)

    refused = room.ask(DoAgain(room.state.gone.led[0].seq))

    assert (refused.code, refused.params["count"]) == ("few_ballots", 2)
    assert [one.kind for one in room.state.gone.led] == ["RevealStep"]
    room.ask(RevealStep("vote", knowing=True))
    assert any(isinstance(fact, LedAnswered) for fact in room.ask(DoAgain(room.state.gone.led[0].seq)))


def test_V10_who_presses_to_show_few_ballots_again_and_was_told_shows_them_in_one_press():
    room = a_vote().voted(LEA, theme1=1).voted(ANNE, theme1=1).closed("vote")
    room.ask(RevealStep("vote", knowing=True), elsewhere=True)

    facts = room.ask(DoAgain(room.state.gone.led[0].seq, knowing=True))

    assert [type(fact).__name__ for fact in facts] == ["StepRevealed", "RoundCounted", "LedAnswered"]
    assert facts[0].knowing
    assert (room.state.step("vote").revealed, room.state.gone.led) == (True, ())


def test_V11_no_press_shows_again_what_a_vote_promised_not_to_show():
    room = a_vote(least=3).voted(LEA, theme1=1).closed("vote")
    room.ask(RevealStep("vote"), elsewhere=True)

    assert room.ask(DoAgain(room.state.gone.led[0].seq, knowing=True)).code == "too_few"


def test_O10_what_is_told_while_the_desk_leaves_the_list_stays_on_it():
    lost = a_room().opened("ideas")
    room = told(lost.back_to(lost.state.seq), lost)
    gen = room.state.gone.losses[-1].gen
    room.ask(CloseStep("ideas"), again=True)
    shown = room.state.gone.led[-1].seq
    room.ask(SetTimer(300), again=True)

    room.ask(ConfirmLoss(gen, upto=shown))
    left = [one.kind for one in room.state.gone.led]
    room.ask(ConfirmLoss(gen, upto=room.state.gone.led[-1].seq))

    assert left == ["SetTimer"]
    assert room.state.gone.led == (), "read once, a list that came later can be left too"
    assert room.ask(ConfirmLoss(gen)) == (Noted(),)
