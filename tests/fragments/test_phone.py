"""The phone: who is sent what, what a gesture redraws, and that every form asks for a command that exists."""

import gzip
import re

import pytest

from forum.domain.flow import EditStep, FreezeStep, StepOpened, StepRevealed
from forum.domain.kernel import Rejection, RoundId, StepId, Words
from forum.domain.people import RemovePerson, SayDone, SetEntry
from forum.domain.plan.words import ChoosePilot, MakeAction, Volunteer
from forum.domain.settings import BallotSettings, Column, ShowSettings
from forum.domain.steps.ballot import RoundOpened
from forum.domain.steps.board import HideIdea, PostIdea
from forum.domain.steps.pledge import Pledge
from forum.domain.steps.sort import MoveIdeas, RenameTheme
from forum.domain.steps.voting import own_order
from forum.fragments.given import Given
from forum.fragments.surface import View
from forum.places import static_dir
from tests.fragments.on_phone import (
    FIRST_LOAD_BYTES,
    NAMES,
    PHONE,
    a_board,
    a_sort,
    document,
    forms,
    mine,
    redrawn,
    shared,
    stages,
)
from tests.scenes import ANNE, ECLAIR, FACILITATOR, LEA, a_room, a_vote

# Cards


def test_a_new_card_redraws_only_the_count_while_cards_are_hidden(pages):
    assert redrawn(pages, a_board().with_ideas(2)) == {"count": "crowd"}


def test_a_new_card_redraws_only_itself_and_the_count_where_cards_are_shown(pages):
    room = a_board(visibility="all").with_ideas(2)

    assert redrawn(pages, room) == {"count": "crowd", "idea-idea002": "ideas"}


def test_ones_own_cards_stand_newest_first_and_only_on_ones_own_page(pages):
    room = a_board().with_ideas(2, by=LEA)
    view = View(room.state, {})
    own = {p.key: p for p in pages.you(view, PHONE, LEA) if p.place == "my-ideas"}

    assert "Idea number 1" in own["my-idea-idea001"].html
    assert own["my-idea-idea002"].order < own["my-idea-idea001"].order
    assert "Idea number" not in "".join(mine(pages, room, ANNE).values())
    assert "Idea number" not in "".join(shared(pages, room).values())


def test_the_author_of_a_hidden_card_reads_why_and_nobody_else_does(pages):
    room = a_board().with_ideas(1, by=LEA)
    room.ask(HideIdea("idea001", "A person is named"))

    assert "A person is named" in mine(pages, room)["my-idea-idea001"]
    assert "A person is named" not in document(pages, room, ANNE)


def test_the_reason_follows_its_author_into_the_next_step(pages):
    room = a_sort()
    room.ask(HideIdea("idea001", "A person is named"))

    assert "A person is named" in mine(pages, room)["my-notices"]
    assert "my-notices" not in mine(pages, room, ANNE)


def test_a_frozen_board_keeps_the_text_field_and_takes_the_button_away(pages):
    room = a_board()
    assert re.search(r"<textarea(?![^>]*readonly)", shared(pages, room)["act"])
    assert "<button" in shared(pages, room)["act"]

    room.ask(FreezeStep("ideas"))
    assert re.search(r"<textarea[^>]*readonly", shared(pages, room)["act"])
    assert "<button" not in shared(pages, room)["act"]


def test_columns_are_chosen_by_one_tap_and_named_on_the_card(pages):
    columns = (Column("offers", Words("J’offre", "I offer")), Column("needs", Words("Je cherche", "I need")))
    room = a_board(columns=columns, visibility="all")
    room.ask(PostIdea("idea001", "A van", "ideas", column="needs"), LEA)

    assert shared(pages, room)["act"].count('type="radio" name="column"') == 2
    assert "I need" in shared(pages, room)["idea-idea001"]


# Sorting


def test_a_moved_card_goes_under_its_theme_and_names_who_moved_it(pages):
    room = a_sort().with_theme("theme1", 1)
    room.ask(MoveIdeas(("idea002",), "theme1"), LEA)

    assert redrawn(pages, room)["idea-idea002"] == "in-theme1"
    assert "Léa" in shared(pages, room)["idea-idea002"]
    assert "Léa" not in shared(pages, room)["idea-idea003"]


def test_a_renamed_theme_is_renamed_above_its_cards_and_in_the_menu_and_no_card_repeats_it(pages):
    room = a_sort().with_theme("theme1", 1)
    room.ask(RenameTheme("theme1", "Share our vans"), LEA)

    assert {"theme-theme1", "pick-theme1"} <= set(redrawn(pages, room))
    assert all("Share our vans" in shared(pages, room)[key] for key in ("theme-theme1", "pick-theme1"))
    assert "Share our vans" not in shared(pages, room)["idea-idea001"]


def test_two_hundred_cards_can_be_ticked(pages):
    html = document(pages, a_sort(200))

    assert html.count('name="ideas" value="idea') == 200
    assert len(gzip.compress(html.encode())) < FIRST_LOAD_BYTES


# Ballots


def test_each_person_votes_in_an_order_of_their_own_that_a_reload_keeps(pages):
    round_ = a_vote(options=8).state.rounds.latest("vote")
    orders = {p: own_order(round_, p) for p in ("one", "two", "three", "four")}

    assert all(sorted(o) == sorted(round_.options) for o in orders.values())
    assert len({tuple(o) for o in orders.values()}) > 1
    assert orders["one"] == own_order(round_, "one")


def test_a_ballot_says_how_many_points_are_left_and_offers_whole_numbers(pages):
    room = a_vote(options=4, points=6, cap=3).voted(LEA, theme1=2)

    assert "4 points left" in mine(pages, room)["my-left"]
    assert re.search(r'value="1".*?value="3"', mine(pages, room)["my-mark-theme1"].replace("\n", ""))
    assert "my-left" in mine(pages, room, ANNE)
    assert "6 points left" in mine(pages, room, ANNE)["my-left"]


def test_where_one_point_is_the_most_a_choice_is_ticked_and_its_name_begins_with_the_letter_of_the_theme(
    pages,
):
    room = a_vote(options=4)
    before, ballot = mine(pages, room)["my-mark-theme1"], mine(pages, room)["my-ballot"]
    ticked = mine(pages, room.voted(LEA, theme1=1))["my-mark-theme1"]
    stepped = mine(pages, a_vote(options=4, points=6, cap=3))["my-mark-theme1"]

    assert [html.count("<button") for html in (before, ticked, stepped)] == [1, 1, 2]
    assert ('value="1"' in before, 'value="0"' in ticked) == (True, True)
    assert ('aria-pressed="false"' in before, 'aria-pressed="true"' in ticked) == (True, True)
    assert 'aria-labelledby="give-text-theme1 text-theme1"' in before
    assert re.search(r'id="text-theme1"><span class="mark[^>]*>A</span>', ballot)


def test_how_to_vote_is_said_in_full_until_something_is_given_and_folds_then_without_script_too(pages):
    room = a_vote(options=4)
    for_lea, for_anne = (mine(pages, room.voted(LEA, theme1=1), who) for who in (LEA, ANNE))

    assert re.match(r"<details [^>]*><summary>How to vote</summary>", for_lea["my-how"])
    assert "<details" not in for_anne["my-how"]
    assert all('id="told"' in of["my-how"] for of in (for_lea, for_anne))
    assert all(
        "Secret vote" in of["my-told"] and "points to share out, at most" in of["my-told"]
        for of in (for_lea, for_anne)
    )


def test_folding_how_to_vote_sends_its_text_to_nobody_again(pages):
    room = a_vote(options=4)
    before = mine(pages, room, LEA)["my-told"]
    after = mine(pages, room.voted(LEA, theme1=1), LEA)

    assert after["my-told"] == before
    assert "points" not in after["my-how"]


def test_I_am_done_is_the_solid_button_once_all_is_given_and_not_before(pages):
    room = a_vote(options=4, points=4, cap=3).voted(LEA, theme1=3)
    some = mine(pages, room)["my-left"]
    every = mine(pages, room.voted(LEA, theme2=1))["my-left"]
    back = mine(pages, room.voted(LEA, theme2=0))["my-left"]

    assert [' complete"' in html for html in (some, every, back)] == [False, True, False]
    few = a_vote(options=2, points=6, cap=1).voted(LEA, theme1=1)
    assert ' complete"' not in mine(pages, few)["my-left"]
    assert ' complete"' in mine(pages, few.voted(LEA, theme2=1))["my-left"]  # no more can be given


def test_more_cannot_be_pressed_where_the_most_is_given(pages):
    room = a_vote(options=4, points=4, cap=3).voted(LEA, theme1=3)
    assert "3 points of 3" in mine(pages, room)["my-mark-theme1"]
    assert mine(pages, room)["my-mark-theme1"].count("disabled") == 1  # "more"

    room.voted(LEA, theme2=1)
    assert "All your points are given" in mine(pages, room)["my-left"]
    assert "disabled" not in mine(pages, room)["my-mark-theme2"]  # the rule says why more is refused
    assert mine(pages, room, ANNE)["my-mark-theme1"].count("disabled") == 1  # "less", not "more"


def test_a_closed_vote_says_since_when_and_takes_no_more(pages):
    room = a_vote().voted(LEA, theme1=1).closed("vote")

    assert "The vote has been closed since" in shared(pages, room)["act"]
    assert "Your vote is kept: 1 point" in mine(pages, room)["my-kept"]
    assert "You did not vote" in mine(pages, room, ANNE)["my-kept"]
    assert "GiveMark" not in document(pages, room)


def test_a_revealed_vote_shows_points_people_and_ties(pages):
    room = a_vote(options=4, points=6, cap=3).voted(LEA, theme1=2, theme2=2).closed("vote").revealed("vote")
    shown = shared(pages, room)

    assert "2 points" in shown["act"]
    assert shown["act"].count("tied") == 4
    assert "Theme theme1" in shown["theme-theme1"]


def test_ideas_of_a_hidden_board_have_no_words_on_a_ballot(pages):
    """As journals have it from before opening a vote revealed what it is over."""
    room = a_room({**ECLAIR, "vote": BallotSettings(over="ideas")}).opened("ideas").with_ideas(4)
    room.happened(
        StepOpened(StepId("vote")),
        RoundOpened(RoundId("vote.1"), StepId("vote"), ("idea001", "idea002"), 3, 1),
    )
    assert "Idea number" not in document(pages, room, ANNE)

    room.happened(StepRevealed(StepId("ideas")))
    assert "Idea number" in document(pages, room, ANNE)


# The plan and the commitments


def test_ones_part_in_an_action_stands_on_ones_own_page(pages):
    room = a_vote().closed("vote").with_plan("Open a place").opened("plan")
    room.ask(Volunteer("act001", "pilot"), LEA)
    assert "You offer to pilot it" in mine(pages, room)["my-part-act001"]
    assert "my-part-act001" not in mine(pages, room, ANNE)

    room.ask(ChoosePilot("act001", ANNE))
    assert "You pilot" in mine(pages, room, ANNE)["my-part-act001"]
    assert "Thank you for offering" in mine(pages, room)["my-part-act001"]
    assert "Offering to pilot" not in shared(pages, room)["action-act001"]

    room.ask(ChoosePilot("act001", ""))
    assert "You offer to pilot it" in mine(pages, room)["my-part-act001"], "who waited waits again"


def test_what_an_action_lacks_is_shown(pages):
    room = a_vote().closed("vote").with_plan("Open a place").opened("plan")
    assert "no pilot" in shared(pages, room)["action-act001"]

    room.ask(ChoosePilot("act001", LEA))
    assert "no pilot" not in shared(pages, room)["action-act001"]


def test_a_commitment_is_signed_first_and_then_stands_on_the_wall(pages):
    room = a_vote().closed("vote").with_plan("Open a place").opened("pledge")
    room.ask(Pledge("pledge001", "Call three people", "2025-01-20", "act001"), LEA)

    assert "/name" in mine(pages, room, ANNE)["my-signature"]
    assert "Léa" in mine(pages, room)["my-signature"]
    assert "Call three people" in mine(pages, room)["my-kept"]
    assert "my-kept" not in mine(pages, room, ANNE)
    assert "Léa" in shared(pages, room)["commitment-pledge001"]
    assert "Open a place" in shared(pages, room)["wall-act001"]
    assert "WithdrawPledge" in mine(pages, room)["my-pledges"]
    assert "my-pledges" not in mine(pages, room, ANNE)


# The person


def test_being_done_can_be_said_and_taken_back_at_the_same_place(pages):
    room = a_board()
    places = {p.key: p.place for p in pages.you(View(room.state, NAMES), PHONE, LEA)}
    assert "SayDone" in mine(pages, room)["my-done"]

    room.ask(SayDone(), LEA)
    assert "TakeDoneBack" in mine(pages, room)["my-done"]
    assert places == {p.key: p.place for p in pages.you(View(room.state, NAMES), PHONE, LEA)}


def test_phones_down_asks_for_nothing(pages):
    room = a_room({"listen": ShowSettings()}).opened("listen")
    assert "Put your phone down" not in document(pages, room)

    room.ask(EditStep("listen", phones_down=True))
    assert "Put your phone down" in document(pages, room)
    assert {f["op"] for f in forms(document(pages, room))} == {""}


@pytest.mark.parametrize("state", ["waiting", "out"])
def test_who_is_not_let_in_gets_words_and_no_room(pages, state):
    room = a_board(visibility="all").with_ideas(1, by=ANNE)
    if state == "waiting":
        room.ask(SetEntry("approval"))
        room.joined("late")
    else:
        room.joined("late").ask(RemovePerson("late"))
    html = document(pages, room, "late")

    assert "Idea number 1" in document(pages, room, LEA)
    assert "Idea number 1" not in html
    assert 'id="root"' not in html
    assert ("let you in" if state == "waiting" else "no longer have access") in html


def test_a_refusal_is_spoken_first_and_gives_the_text_back(pages):
    html = document(
        pages,
        a_board(),
        flash="Writing closed.",
        given=Given("", {"text": ["Open <a> place"]}, frozenset({"text"})),
    )

    assert re.search(r'role="alert">\s*<p>Writing closed', html)
    assert "Open &lt;a&gt; place" in html


def test_the_first_load_is_small(pages):
    sheets = "".join(
        (static_dir() / "css" / f"{name}.css").read_text() for name in ("tokens", "base", "phone")
    )
    page = document(pages, a_board().with_ideas(10))

    assert len(gzip.compress(sheets.encode())) + len(gzip.compress(page.encode())) < FIRST_LOAD_BYTES


def test_nothing_on_the_page_runs_or_styles_inline(pages):
    for room in stages():
        html = document(pages, room, FACILITATOR) + document(pages, room)
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\bsrc=)", html)


def test_V11_voters_are_told_the_promise_before_and_after_the_close(pages):
    room = a_vote(least=3).voted(LEA, theme1=1)
    promise = "only when at least 3 have voted"
    before = document(pages, room)
    after = document(pages, room.closed("vote"))

    assert promise in before
    assert promise in after
    assert "Too few have voted" in after
    assert promise not in document(pages, a_vote())


def test_a_tap_on_a_ballot_draws_one_choice_and_what_is_left_and_nothing_of_anybody_elses(pages):
    room = a_vote(options=30).voted(LEA, theme3=1)
    scene = room.state.scene
    room.voted(LEA, theme7=1)
    changes = pages.your_changes(View(room.state, {}), PHONE, LEA, room.state.touched)

    assert {put.key for put in changes.puts} == {"my-mark-theme7", "my-left"}
    assert changes.gone == ("my-kept", "my-receipt")
    assert sum(len(put.html.encode()) for put in changes.puts) < 1200
    assert room.state.scene == scene
    assert not pages.changes(View(room.state, {}), PHONE, room.state.touched).puts


def test_an_action_is_written_below_the_cards_of_its_theme_with_first_step_and_date_and_corrected(pages):
    room = a_vote().closed("vote").with_plan().opened("plan")
    axis = room.state.plan.axis_order[0]
    sheet = shared(pages, room)[f"axis-{axis}"]
    made = room.ask(
        MakeAction("act001", axis, "Open a place", first_step="Call the hall", due="01/03/2025"), LEA
    )
    action = room.state.plan.actions["act001"]
    after = shared(pages, room)["action-act001"]
    correcting = [mine(pages, room, who).get("my-edit-act001", "") for who in (LEA, ANNE)]
    joined = mine(pages, room.joined_by(ANNE), ANNE)
    room.ask(HideIdea("idea001", "raison"))

    assert sheet.index("Idea number 1") < sheet.index('name="title"') < sheet.index('name="first_step"')
    assert not isinstance(made, Rejection)
    assert (action.first_step, action.due) == ("Call the hall", "2025-03-01")
    assert 'data-op="EditAction"' in correcting[0]
    assert "EditAction" not in after + correcting[1], "it is its writers’ (P7)"
    assert 'data-op="EditAction"' in joined["my-edit-act001"]
    assert "Idea number 1" not in shared(pages, room)[f"axis-{axis}"]
    late = room.ask(MakeAction("act002", axis, "Too late", due="2099-01-01"), LEA)
    assert isinstance(late, Rejection)
    assert late.code == "due_range"
    assert "act002" not in room.state.plan.actions


def test_nobody_without_a_name_pilots_without_being_asked_for_it_and_partners_may_stay_so(pages):
    room = a_vote().joined("late").closed("vote").with_plan("Open a place", "Close it").opened("plan")
    for who in (LEA, "late"):
        room.ask(Volunteer("act001", "pilot"), who)
    room.ask(Volunteer("act002", "partner"), "late")
    unnamed = mine(pages, room, "late")

    assert 'action="/f/ABC234/name"' in unnamed["my-part-act001"]
    assert "/name" not in unnamed["my-part-act002"]
    assert "/name" not in mine(pages, room, LEA)["my-part-act001"]
