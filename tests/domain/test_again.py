"""O11 and O13: what comes again after the store lost it is judged for the step that took it, and by whose it is."""

import pytest
from immutables import Map

from forum.domain.again import place
from forum.domain.flow import OpenStep
from forum.domain.kernel import PersonId, Rejection, Was
from forum.domain.loss import Skip
from forum.domain.plan.words import MakeAction
from forum.domain.room import Noted
from forum.domain.steps.ballot import GiveMark, MarkGiven
from forum.domain.steps.board import EditIdea, IdeaPosted, PostIdea
from forum.domain.steps.pledge import Pledge
from forum.domain.steps.sort import GroupIdeas, MoveIdeas
from tests.domain.lost import TAB, come_again, outcome, told, vote_again, was
from tests.scenes import ANNE, LEA, a_room, a_vote, theme_of


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

    assert room.state.ideas.by_id["idea001"].text == "Newer"


def test_O11_a_vote_counts_after_the_close_but_not_after_its_result_was_shown():
    lost = a_vote()
    kept = lost.state.seq
    lost.voted(LEA, theme1=1)
    closed = told(lost.back_to(kept), lost).closed("vote")
    shown = told(lost.back_to(kept), lost).closed("vote").revealed("vote")

    assert vote_again(closed, was(lost)) == (MarkGiven("vote.1", "theme1", 1),)
    assert vote_again(shown, was(lost)).code == "vote_shown"
    assert shown.state.rounds.by_id["vote.1"].ballots == Map()
    assert (outcome(shown).refused, outcome(shown).missing) == (1, 1)


def test_O11_a_vote_in_a_round_that_was_reopened_before_its_result_counts_in_the_next_one():
    lost = a_vote()
    kept = lost.state.seq
    lost.voted(LEA, theme1=1)
    room = told(lost.back_to(kept), lost).closed("vote")
    room.ask(OpenStep("vote"))

    assert vote_again(room, was(lost)) == (MarkGiven("vote.2", "theme1", 1),)


def test_O11_what_a_voter_gave_anew_is_not_undone_by_what_comes_again():
    lost = a_vote()
    kept = lost.state.seq
    lost.voted(LEA, theme1=1)
    room = told(lost.back_to(kept), lost)
    room.voted(LEA, theme1=0, theme2=1)

    assert vote_again(room, was(lost)) == (Noted(),)
    assert dict(room.state.rounds.by_id["vote.1"].ballots[LEA].marks) == {"theme2": 1}
    assert outcome(room).missing == 0


def test_O11_points_from_before_the_loss_are_no_newer_choice():
    lost = a_vote().voted(LEA, theme1=0)
    kept = lost.state.seq
    lost.voted(LEA, theme1=1)
    room = told(lost.back_to(kept), lost)

    assert vote_again(room, was(lost)) == (MarkGiven("vote.1", "theme1", 1),)


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


def test_O11_what_the_store_loses_once_more_still_counts_for_the_step_that_took_it_first():
    lost = a_room().opened("ideas")
    kept = lost.state.seq
    lost.with_ideas(1)
    room = told(lost.back_to(kept), lost).opened("sort")
    come_again(room, PostIdea("idea001", "Idea number 1", "ideas"), was(lost))
    record = room.journal[-1][2]

    assert place(room.state).step == "sort"
    assert place(room.state, record).step == "ideas"


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
    first = room.ask(GiveMark("vote", "theme1", 1), LEA, was=votes[0])
    other = room.ask(GiveMark("vote", "theme2", 1), ANNE, was=votes[1])
    before = outcome(room)
    second = room.ask(GiveMark("vote", "theme2", 1), LEA, was=votes[1])

    assert isinstance(first[0], MarkGiven)
    assert other.code == "not_lost"
    assert (before.back, before.refused, before.missing) == (1, 0, 1)
    assert isinstance(second[0], MarkGiven)
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


def test_O13_nobody_sends_what_belongs_to_somebody_who_is_still_here():
    lost = a_room().opened("ideas")
    room = told(lost.back_to(lost.state.seq), lost)

    said = room.ask(PostIdea("ideanew", "Hers", "ideas"), ANNE, was=Was("old-tab:1", LEA, 1, 99, "", "ideas"))

    assert said.code == "not_lost"
    assert not room.state.gone.untaken


def test_O11_a_claim_about_what_is_still_there_changes_nothing_and_counts_nothing():
    room = a_vote()
    room.ask(GiveMark("vote", "theme1", 1), LEA, tab=TAB, op=1)
    claim = was(room)
    told(room, room)
    room.ask(GiveMark("vote", "theme1", 0), LEA, tab=TAB, op=2)

    assert room.ask(GiveMark("vote", "theme1", 1), LEA, was=claim) == (Noted(),)
    assert room.state.gone.losses[-1].restored == 0
    assert not room.state.rounds.by_id["vote.1"].ballots[LEA].marks


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
