"""O10 to O13: what comes again after the store lost it, judged for the step that took it; nothing leads by itself."""

import pytest
from immutables import Map

from forum.domain.again import (
    DoAgain,
    LeaveLed,
    LedAnswered,
    LedBefore,
    NotTaken,
    Waits,
    listed,
    place,
    votes_out,
)
from forum.domain.flow import CloseStep, OpenStep, RevealStep, SetTimer, StepOpened, TurnPage
from forum.domain.kernel import NOBODY, PersonId, Rejection, Was
from forum.domain.loss import ConfirmLoss, Skip, TellLoss, count, teller
from forum.domain.people import PersonRemoved, RemovePerson, SayDone, SetEntry
from forum.domain.plan import MakeAction
from forum.domain.roles import MAY, leads
from forum.domain.room import FROM_SERVER, Noted
from forum.domain.steps.ballot import AllocatePoints, BlankCast, PointsAllocated
from forum.domain.steps.board import EditIdea, HideIdea, IdeaPosted, PostIdea
from forum.domain.steps.pledge import Pledge
from forum.domain.steps.sort import GroupIdeas, IdeasMoved, MoveIdeas, RenameTheme
from tests.scenes import ANNE, FACILITATOR, LEA, Scene, a_room, a_vote, theme_of

TAB = "a-tab-of-lea-0001"


def was(room: Scene, *, by: str = LEA, tab: str = TAB, op: int = 1, seq: int = 0, gen: int = 1) -> Was:
    """What an op was that this room, which is about to be lost, has just taken."""
    return Was(f"{tab}:{op}", PersonId(by), gen, seq or room.state.seq, "", *place(room.state))


def told(room: Scene, lost: Scene, ops: int = 1, votes: dict[str, int] | None = None) -> Scene:
    """The server tells what the store lost: all that ``lost`` had gone on by."""
    tab, op = teller(room.state, 2)
    room.ask(
        TellLoss(2, room.state.seq, max(lost.state.seq, 400), "abcdef", ops, votes or {}),
        NOBODY,
        tab=tab,
        op=op,
    )
    return room


def come_again(room: Scene, command, claim: Was, **more):
    tab, _, op = claim.op.rpartition(":")
    return room.ask(command, claim.by, tab=tab, op=int(op), was=claim, **more)


def outcome(room: Scene):
    return count(room.state, room.state.losses[-1])


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
        "AllocatePoints",
        "GroupIdeas",
        "MergeThemes",
        "Pledge",
        "AddPerson",
        "Undo",
    }
    assert not led & FROM_SERVER


# O10: nothing leads by itself


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
    assert [one.kind for one in room.state.led] == [type(command).__name__]
    assert (room.state.steps, room.state.people, room.state.entry) == (
        before.steps,
        before.people,
        before.entry,
    )


def test_O10_the_same_command_pressed_in_this_history_is_done():
    room = a_room().opened("ideas")

    assert any(isinstance(fact, StepOpened) for fact in room.ask(OpenStep("sort")))
    assert room.state.led == ()


def test_O10_who_may_not_lead_puts_nothing_on_the_list():
    room = a_room().opened("ideas")

    assert room.ask(OpenStep("sort"), LEA, again=True).code == "forbidden"
    assert room.state.led == ()


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
    assert refused.code == "nothing_to_vote"
    assert listed(room.state) == (second,)
    assert room.ask(DoAgain(first.seq)).code == "no_led"
    assert room.ask(DoAgain(second.seq), LEA).code == "forbidden"


def test_O10_what_is_so_already_or_is_left_goes_from_the_list():
    room = a_room().opened("ideas")
    room.ask(OpenStep("ideas"), again=True)
    room.ask(CloseStep("ideas"), again=True)
    opened, closed = room.state.led

    assert room.ask(DoAgain(opened.seq)) == (LedAnswered(opened.seq),)
    assert room.ask(LeaveLed(closed.seq)) == (LedAnswered(closed.seq),)
    assert room.ask(LeaveLed(closed.seq)).code == "no_led"
    assert (room.state.led, room.state.now.phase) == ((), "open")


def test_O10_to_do_it_again_is_a_press_too_and_is_not_repeated_by_itself():
    room = a_room().opened("ideas")
    room.ask(CloseStep("ideas"), again=True)

    room.ask(DoAgain(room.state.led[0].seq), again=True)

    assert room.state.now.phase == "open"
    assert len(room.state.led) == 1


# O11: for the step that took it


@pytest.mark.parametrize("today", ["welcome", "sort", "plan"])
def test_O11_a_card_counts_for_its_board_though_todays_step_is_another(today):
    lost = a_room().opened("ideas").with_ideas(2)
    kept = lost.state.seq
    lost.ask(PostIdea("ideanew", "Later", "ideas"), LEA, tab=TAB)
    room = told(lost.back_to(kept), lost).opened(today)
    claim = was(lost)

    assert come_again(room, PostIdea("ideanew", "Later", "ideas"), claim) == (
        IdeaPosted("ideanew", "ideas", "Later", LEA),
    )
    assert outcome(room).complete


def test_O11_without_proof_a_card_for_a_closed_board_is_late():
    room = a_room().opened("ideas").opened("sort")

    assert room.ask(PostIdea("ideanew", "Later", "ideas"), LEA).code == "board_closed"
    elsewhere = Was(f"{TAB}:1", LEA, 1, 99, "", "sort")
    assert come_again(room, PostIdea("ideanew", "Later", "ideas"), elsewhere).code == "board_closed"


def test_O11_a_sorting_gesture_counts_before_the_sort_is_open_again():
    lost = a_room().opened("ideas").with_ideas(2)
    kept = lost.state.seq
    lost.revealed("ideas").opened("sort").ask(GroupIdeas(("idea001",), "themea", "A"), LEA, tab=TAB)
    room = told(lost.back_to(kept), lost)

    assert [
        type(f).__name__ for f in come_again(room, GroupIdeas(("idea001",), "themea", "A"), was(lost))
    ] == [
        "ThemeMade",
        "IdeasMoved",
    ]


def test_O11_of_two_moves_of_one_card_the_later_one_stands_in_whatever_order_they_come():
    lost = a_vote()
    moves = [(MoveIdeas(("idea001",), "theme2"), LEA, 101), (MoveIdeas(("idea001",), "theme3"), ANNE, 102)]
    for order in (moves, moves[::-1]):
        room = told(lost.back_to(lost.state.seq), lost, 2)
        for move, by, seq in order:
            claim = Was(f"tab-{by}:1", by, 1, seq, "", "sort")
            assert not isinstance(come_again(room, move, claim, seen=1), Rejection)
        assert theme_of(room, "idea001") == "theme3"
        assert outcome(room).missing == 0


def test_O11_an_older_wording_that_comes_late_does_not_undo_a_newer_one():
    lost = a_room().opened("ideas").with_ideas(1)
    room = told(lost.back_to(lost.state.seq), lost, 2)
    for seq, text in ((102, "Newer"), (101, "Older")):
        claim = Was(f"tab-{seq}:1", LEA, 1, seq, "", "ideas")
        come_again(room, EditIdea("idea001", text), claim)

    assert room.state.ideas["idea001"].text == "Newer"


def vote_again(room: Scene, claim: Was, option: str = "theme1", points: int = 1):
    return come_again(room, AllocatePoints("vote", option, points), claim)


def test_O11_a_vote_counts_after_the_close_but_not_after_its_result_was_shown():
    lost = a_vote()
    kept = lost.state.seq
    lost.voted(LEA, theme1=1)
    closed = told(lost.back_to(kept), lost).closed("vote")
    shown = told(lost.back_to(kept), lost).closed("vote").revealed("vote")

    assert vote_again(closed, was(lost)) == (PointsAllocated("vote.1", "theme1", 1),)
    assert vote_again(shown, was(lost)).code == "vote_shown"
    assert shown.state.rounds["vote.1"].ballots == Map()
    assert (outcome(shown).refused, outcome(shown).missing) == (1, 1)


def test_O11_a_vote_in_a_round_that_was_reopened_before_its_result_counts_in_the_next_one():
    lost = a_vote()
    kept = lost.state.seq
    lost.voted(LEA, theme1=1)
    room = told(lost.back_to(kept), lost).closed("vote")
    room.ask(OpenStep("vote"))

    assert vote_again(room, was(lost)) == (PointsAllocated("vote.2", "theme1", 1),)


def test_O11_what_a_voter_gave_anew_is_not_undone_by_what_comes_again():
    lost = a_vote()
    kept = lost.state.seq
    lost.voted(LEA, theme1=1)
    room = told(lost.back_to(kept), lost)
    room.voted(LEA, theme1=0, theme2=1)

    assert vote_again(room, was(lost)) == (Noted(),)
    assert dict(room.state.rounds["vote.1"].ballots[LEA].points) == {"theme2": 1}
    assert outcome(room).missing == 0


def test_O11_points_from_before_the_loss_are_no_newer_choice():
    lost = a_vote().voted(LEA, theme1=0)
    kept = lost.state.seq
    lost.voted(LEA, theme1=1)
    room = told(lost.back_to(kept), lost)

    assert vote_again(room, was(lost)) == (PointsAllocated("vote.1", "theme1", 1),)


def test_O11_a_budget_holds_for_what_comes_again():
    lost = a_vote()
    room = told(lost.back_to(lost.state.seq), lost, 4)
    claims = [Was(f"{TAB}:{n}", LEA, 1, 100 + n, "", *place(lost.state)) for n in (1, 2, 3, 4)]
    verdicts = [vote_again(room, claims[n - 1], f"theme{n}", 1) for n in (1, 2, 3, 4)]

    assert [isinstance(v, Rejection) for v in verdicts] == [False, False, False, True]
    assert verdicts[-1].code == "budget"


@pytest.mark.parametrize(
    "what", [Pledge("pledge01", "I call", "2025-01-20"), MakeAction("act00001", "x-theme1", "Do")]
)
def test_O11_commitments_and_actions_count_for_their_step(what):
    lost = a_vote().closed("vote").revealed("vote").opened("plan").with_plan()
    step = "pledge" if isinstance(what, Pledge) else "plan"
    room = told(lost.back_to(lost.state.seq).opened("welcome"), lost)

    assert room.ask(what, LEA).code in ("pledge_closed", "sheet_closed")
    assert not isinstance(come_again(room, what, Was(f"{TAB}:1", LEA, 1, 300, "", step)), Rejection)


# O12: what waits


def a_lost_vote() -> tuple[Scene, Scene]:
    """A vote that is lost with its opening; and the room after that, at the end of sorting."""
    lost = a_vote()
    kept = max(seq for seq, _, r in lost.journal if isinstance(r.fact, IdeasMoved))
    lost.voted(LEA, theme1=1)
    return lost, told(lost.back_to(kept), lost, 1, {"vote.1": 1})


def test_O12_a_vote_waits_until_its_round_is_opened_again_and_holds_up_nothing():
    lost, room = a_lost_vote()
    waits = vote_again(room, was(lost))
    assert [type(f) for f in waits] == [Waits]
    assert waits[0].until == "round:vote.1"
    assert (outcome(room).waiting, outcome(room).missing) == (1, 0)
    assert not outcome(room).complete
    assert votes_out(room.state, "vote") == 0  # nothing can be closed or shown
    assert not isinstance(room.ask(PostIdea("x", "y", "ideas"), LEA, tab=TAB, op=2), tuple)

    assert room.taken_up().state.held
    room.opened("vote")
    assert votes_out(room.state, "vote") == 1
    room.taken_up()

    assert dict(room.state.rounds["vote.1"].ballots[LEA].points) == {"theme1": 1}
    assert outcome(room).complete
    assert votes_out(room.state, "vote") == 0
    assert (len(room.state.held), room.state.waits_of[LEA]) == (0, ())


def test_O11_what_the_store_loses_once_more_still_counts_for_the_step_that_took_it_first():
    lost = a_room().opened("ideas")
    kept = lost.state.seq
    lost.with_ideas(1)
    room = told(lost.back_to(kept), lost).opened("sort")
    come_again(room, PostIdea("idea001", "Idea number 1", "ideas"), was(lost))
    record = room.journal[-1][2]

    assert place(room.state).step == "sort"
    assert place(room.state, record).step == "ideas"


def test_O12_a_vote_that_is_opened_again_about_something_else_does_not_get_it():
    lost, room = a_lost_vote()
    vote_again(room, was(lost))
    room.with_theme("theme9", 1)
    room.opened("vote").taken_up()

    assert room.state.rounds["vote.1"].ballots == Map()
    assert [one.refused.code for one in room.state.untaken[LEA]] == ["choices_changed"]
    assert (outcome(room).waiting, outcome(room).missing) == (0, 1)


def test_O12_another_title_is_another_choice():
    lost, room = a_lost_vote()
    vote_again(room, was(lost))
    theme = room.state.themes["theme1"]
    room.ask(RenameTheme("theme1", f"{theme.title}, not"), LEA)
    room.opened("vote").taken_up()

    assert room.state.rounds["vote.1"].ballots == Map()


def test_O12_being_done_in_a_vote_is_a_blank_ballot_in_that_round_only():
    lost, room = a_lost_vote()
    claim = was(lost, by=ANNE, tab="a-tab-of-anne-001")
    assert [type(f) for f in come_again(room, SayDone(), claim)] == [Waits]
    room.opened("vote").taken_up()

    assert isinstance(room.journal[-2][2].fact, BlankCast)
    assert ANNE in room.state.rounds["vote.1"].ballots


def test_O12_what_needs_somebody_elses_card_waits_for_it():
    lost = a_room().opened("ideas").with_ideas(1).revealed("ideas").opened("sort")
    room = told(lost.back_to(lost.state.seq), lost, 2)
    move = GroupIdeas(("idea001", "idealost"), "themea", "A")
    come_again(room, move, Was("tab-anne:1", ANNE, 1, 102, "", "sort"))
    assert not room.state.themes
    come_again(room, PostIdea("idealost", "Lost", "ideas"), Was(f"{TAB}:1", LEA, 1, 101, "", "ideas"))
    room.taken_up()

    assert room.state.themes["themea"].ideas == ("idea001", "idealost")
    assert outcome(room).complete


def test_O12_what_can_never_be_there_is_not_waited_for():
    lost = a_room().opened("ideas").with_ideas(1)
    lost.ask(HideIdea("idea001", "why"))
    room = told(lost.back_to(lost.state.seq), lost)
    said = come_again(room, MoveIdeas(("idea001",), None), Was(f"{TAB}:1", LEA, 1, 99, "", "sort"))

    assert said.code == "no_idea"
    assert isinstance(room.journal[-1][2].fact, NotTaken)


def test_O12_what_cannot_be_taken_stays_in_sight_of_its_author_with_its_words_and_is_struck_when_they_ask():
    lost = a_room().opened("ideas").with_ideas(1)
    room = told(lost.back_to(lost.state.seq).opened("sort"), lost)
    room.ask(RemovePerson(ANNE))
    said = come_again(room, PostIdea("ideanew", "x" * 300, "ideas"), Was(f"{TAB}:1", LEA, 1, 99, "", "ideas"))

    assert said.code == "too_long"
    [one] = room.state.untaken[LEA]
    assert one.body["text"] == "x" * 300
    assert LEA not in room.erased(LEA).state.untaken


# O13, and claims that are not to be believed


def test_O13_who_comes_in_again_sends_what_their_lost_access_had_saved_once():
    lost = a_room().opened("ideas")
    claim = Was("old-tab:1", PersonId("lost-person"), 1, 99, "", "ideas")
    room = told(lost.back_to(lost.state.seq).opened("sort"), lost)
    first = room.ask(PostIdea("ideanew", "Mine", "ideas"), LEA, was=claim)
    second = room.ask(PostIdea("ideanew", "Mine", "ideas"), LEA, was=claim)
    third = room.ask(PostIdea("ideanew", "Mine", "ideas"), ANNE, was=claim)

    assert first == (IdeaPosted("ideanew", "ideas", "Mine", LEA),)
    assert second == (Noted(),)
    assert third.code == "not_lost"
    assert outcome(room).back == 1


def test_O13_whoever_was_lost_comes_back_as_one_person_only():
    """With two accesses in one browser they would give earlier votes to each, and then more."""
    lost, gone = a_vote(), PersonId("lost-person")
    at = place(lost.state)
    votes = [Was(f"old-tab:{n}", gone, 1, 90 + n, "", *at) for n in (1, 2)]
    room = told(lost.back_to(lost.state.seq).closed("vote"), lost, 2)
    first = room.ask(AllocatePoints("vote", "theme1", 1), LEA, was=votes[0])
    other = room.ask(AllocatePoints("vote", "theme2", 1), ANNE, was=votes[1])
    before = outcome(room)
    second = room.ask(AllocatePoints("vote", "theme2", 1), LEA, was=votes[1])

    assert isinstance(first[0], PointsAllocated)
    assert other.code == "not_lost"
    assert (before.back, before.refused, before.missing) == (1, 0, 1)
    assert isinstance(second[0], PointsAllocated)
    assert outcome(room).complete


def test_O13_a_claim_of_somebody_elses_takes_nothing_from_them():
    lost = a_room().opened("ideas")
    kept = lost.state.seq
    lost.ask(PostIdea("ideanew", "Hers", "ideas"), LEA, tab=TAB)
    claim = was(lost)
    room = told(lost.back_to(kept), lost)

    assert room.ask(PostIdea("ideanew", "Hers", "ideas"), ANNE, was=claim).code == "not_lost"
    assert outcome(room).refused == 0
    assert come_again(room, PostIdea("ideanew", "Hers", "ideas"), claim)[0].author == LEA
    assert outcome(room).complete


def test_O10_what_this_version_cannot_read_is_still_on_the_list_and_the_refusal_says_so():
    room = a_room().opened("ideas").happened(LedBefore("OpenStep", {"from": "the future"}))
    [one] = listed(room.state)

    assert room.ask(DoAgain(one.seq)).code == "led_unknown"
    assert room.ask(LeaveLed(one.seq)) == (LedAnswered(one.seq),)
    assert room.ask(DoAgain(one.seq)).code == "no_led"


def test_O13_nobody_sends_what_belongs_to_somebody_who_is_still_here():
    lost = a_room().opened("ideas")
    room = told(lost.back_to(lost.state.seq), lost)

    said = room.ask(PostIdea("ideanew", "Hers", "ideas"), ANNE, was=Was("old-tab:1", LEA, 1, 99, "", "ideas"))

    assert said.code == "not_lost"
    assert not room.state.untaken


def test_O11_a_claim_about_what_is_still_there_changes_nothing_and_counts_nothing():
    room = a_vote()
    room.ask(AllocatePoints("vote", "theme1", 1), LEA, tab=TAB, op=1)
    claim = was(room)
    told(room, room)
    room.ask(AllocatePoints("vote", "theme1", 0), LEA, tab=TAB, op=2)

    assert room.ask(AllocatePoints("vote", "theme1", 1), LEA, was=claim) == (Noted(),)
    assert room.state.losses[-1].restored == 0
    assert not room.state.rounds["vote.1"].ballots[LEA].points


def test_O11_what_is_known_to_be_lost_comes_back_though_a_skip_has_its_number():
    lost = a_room().opened("ideas")
    kept = lost.state.seq
    lost.ask(PostIdea("ideanew", "Mine", "ideas"), LEA, tab=TAB)
    claim = was(lost)
    room = told(lost.back_to(kept), lost)
    room.ask(Skip(1), LEA, tab=TAB, op=1)

    assert room.ask(PostIdea("ideanew", "Mine", "ideas"), LEA, was=claim, stands=False)[0].text == "Mine"
    assert outcome(room).complete


def test_O6_more_than_was_known_to_be_lost_does_not_hide_what_is_missing():
    lost = a_room().opened("ideas").with_ideas(3)
    room = told(lost.back_to(lost.state.seq - 3), lost, 3)
    beyond = Was(f"{TAB}:1", LEA, 1, 405, "", "ideas")
    come_again(room, PostIdea("ideanew", "Unseen", "ideas"), beyond)

    assert (outcome(room).lost, outcome(room).back, outcome(room).missing) == (4, 1, 3)


def test_O10_what_led_and_is_asked_by_who_may_no_longer_lead_is_refused_and_neither_waits_nor_is_kept():
    room = a_room().opened("ideas")
    claim = was(room, by=FACILITATOR)
    told(room, Scene(room.state))
    room.happened(PersonRemoved(FACILITATOR), by=NOBODY)

    refused = come_again(room, OpenStep("a-step-that-is-lost"), claim)

    assert refused.code == "removed"
    assert not room.state.held
    assert not room.state.untaken
    assert outcome(room).refused == 0


def test_V10_what_the_desk_knew_of_ballots_that_are_lost_is_told_it_anew():
    room = a_vote().voted(LEA, theme1=1).voted(ANNE, theme1=1).closed("vote")
    room.ask(RevealStep("vote", knowing=True), elsewhere=True)

    refused = room.ask(DoAgain(room.state.led[0].seq))

    assert (refused.code, refused.params["count"]) == ("few_ballots", 2)
    assert [one.kind for one in room.state.led] == ["RevealStep"]
    room.ask(RevealStep("vote", knowing=True))
    assert any(isinstance(fact, LedAnswered) for fact in room.ask(DoAgain(room.state.led[0].seq)))


def test_V10_who_presses_to_show_few_ballots_again_and_was_told_shows_them_in_one_press():
    room = a_vote().voted(LEA, theme1=1).voted(ANNE, theme1=1).closed("vote")
    room.ask(RevealStep("vote", knowing=True), elsewhere=True)

    facts = room.ask(DoAgain(room.state.led[0].seq, knowing=True))

    assert [type(fact).__name__ for fact in facts] == ["StepRevealed", "LedAnswered"]
    assert facts[0].knowing
    assert (room.state.step("vote").revealed, room.state.led) == (True, ())


def test_V11_no_press_shows_again_what_a_vote_promised_not_to_show():
    room = a_vote(least=3).voted(LEA, theme1=1).closed("vote")
    room.ask(RevealStep("vote"), elsewhere=True)

    assert room.ask(DoAgain(room.state.led[0].seq, knowing=True)).code == "too_few"


def test_O10_what_is_told_while_the_desk_leaves_the_list_stays_on_it():
    lost = a_room().opened("ideas")
    room = told(lost.back_to(lost.state.seq), lost)
    gen = room.state.losses[-1].gen
    room.ask(CloseStep("ideas"), again=True)
    shown = room.state.led[-1].seq
    room.ask(SetTimer(300), again=True)

    room.ask(ConfirmLoss(gen, upto=shown))
    left = [one.kind for one in room.state.led]
    room.ask(ConfirmLoss(gen, upto=room.state.led[-1].seq))

    assert left == ["SetTimer"]
    assert room.state.led == (), "read once, a list that came later can be left too"
    assert room.ask(ConfirmLoss(gen)) == (Noted(),)
