"""The desk: the gesture it proposes, what a change redraws, what it must not be told, and that its forms are real."""

import re

from forum.domain.flow import SetTimer, TurnPage
from forum.domain.kernel import Words
from forum.domain.people import AddPerson, Join, RemovePerson, SayDone, SetEntry
from forum.domain.plan.words import (
    ChoosePilot,
    EditAction,
    MakeAction,
    MakeAxesFromThemes,
    MoveAxis,
    Volunteer,
)
from forum.domain.roles import Role
from forum.domain.room import COMMANDS
from forum.domain.settings import BoardSettings, Column
from forum.domain.steps.ballot import GiveMark
from forum.domain.steps.board import HideIdea, PostIdea, RestoreIdea
from forum.domain.steps.sort import MoveIdeas, RenameTheme
from forum.domain.undo import Undo
from forum.fragments.kinds import board
from forum.fragments.surface import View
from tests.fragments.on_desk import (
    DESK,
    NAMES,
    a_plan,
    a_sort,
    document,
    place_of,
    redrawn,
    shared,
)
from tests.scenes import ANNE, LEA, a_room, a_vote

# Secrecy


def test_before_the_reveal_the_desk_is_given_a_count_and_no_card(pages):
    room = a_room().opened("ideas").with_ideas(3)

    assert not [key for key in shared(pages, room) if key.startswith("idea-")]
    assert "Idea number" not in document(pages, room)
    assert "<dd>3</dd>" in shared(pages, room)["counts"]


def test_the_list_of_gestures_never_quotes_a_card_that_nobody_may_read_yet(pages):
    room = a_room().opened("ideas").with_ideas(1)
    room.ask(HideIdea("idea001", "raison"))
    assert "hid a card" in shared(pages, room)["deeds"]
    assert "Idea number" not in shared(pages, room)["deeds"]

    assert "Idea number" in shared(pages, room.revealed("ideas"))["deeds"]


def test_a_ballot_redraws_the_same_whoever_voted_whatever(pages):
    room = a_vote(options=6, points=6, cap=6)
    room.ask(GiveMark("vote", "theme2", 3), LEA)
    by_lea = pages.changes(View(room.state, NAMES), DESK, room.state.touched)
    other = a_vote(options=6, points=6, cap=6)
    other.ask(GiveMark("vote", "theme5", 6), ANNE)
    by_anne = pages.changes(View(other.state, NAMES), DESK, other.state.touched)

    assert by_lea == by_anne
    assert {put.key for put in by_lea.puts} == {"counts"}


def test_who_is_done_is_named_on_a_board_once_few_are_left_and_never_in_a_vote(pages):
    board = a_room().opened("ideas")
    board.ask(SayDone(), LEA)
    assert "Anne" in shared(pages, board)["remaining"]
    assert "Léa" not in shared(pages, board)["remaining"]

    vote = a_vote()
    vote.ask(SayDone(), LEA)
    assert "remaining" not in shared(pages, vote)


# What a change costs


def test_a_new_card_redraws_itself_and_the_counts(pages):
    hidden = a_room().opened("ideas").with_ideas(40)
    assert redrawn(pages, hidden) == {"lead", "counts"}

    shown = hidden.revealed("ideas").with_ideas(1)
    assert redrawn(pages, shown) == {"lead", "counts", "paging", "idea-idea041"}


def test_moving_a_card_redraws_the_card_and_its_themes_only(pages):
    room = a_sort(40).with_theme("theme1", 1, 2).with_theme("theme2", 3)
    room.ask(MoveIdeas(("idea001",), "theme2"))

    assert redrawn(pages, room) == {
        "lead", "counts", "unsorted", "deeds", "idea-idea001", "theme-theme1", "theme-theme2",
        "pick-theme1", "pick-theme2", "heard", "paging", "unvoted", "alike",
    }  # fmt: skip
    assert place_of(pages, room, "idea-idea001") == "in-theme2"


def test_a_new_theme_redraws_no_card_that_does_not_move(pages):
    room = a_sort(40).with_theme("theme1", 1)

    assert [key for key in redrawn(pages, room) if key.startswith("idea-")] == ["idea-idea001"]


def test_an_action_redraws_itself_its_axis_and_the_outline(pages):
    room = a_plan()
    axis = room.state.plan.actions["act001"].axis
    room.ask(EditAction("act001", due="2025-03-31"))

    assert redrawn(pages, room) == {
        "lead", "counts", "outline", "sessions", "deeds", "earlier", "action-act001", f"axis-{axis}", f"aim-{axis}", "heard",
    }  # fmt: skip


def test_the_timer_redraws_the_timer_only_and_is_said(pages):
    room = a_sort()
    room.ask(SetTimer(300))

    assert redrawn(pages, room) == {"timer", "heard"}


def test_very_long_boards_are_listed_in_parts_that_turn_with_the_screens_page(pages, monkeypatch):
    monkeypatch.setattr(board, "MOST_CARDS", 48)
    room = a_room().opened("ideas").with_ideas(60).revealed("ideas")

    def listed() -> set[int]:
        return {int(key[-3:]) for key in shared(pages, room) if key.startswith("idea-")}

    assert listed() == set(range(1, 49))
    assert "part 1 of 2" in shared(pages, room)["paging"]

    room.ask(TurnPage(-1))
    assert listed() == set(range(49, 61))


# What stands where


def test_a_hidden_card_stays_on_the_board_with_its_reason_and_can_be_restored(pages):
    room = a_room().opened("ideas").with_ideas(2).revealed("ideas")
    room.ask(HideIdea("idea001", "nomme quelqu’un"))
    card = shared(pages, room)["idea-idea001"]
    assert "nomme quelqu’un" in card
    assert 'data-op="RestoreIdea"' in card

    room.ask(RestoreIdea("idea001"))
    assert 'data-op="RestoreIdea"' not in shared(pages, room)["idea-idea001"]


def test_cards_stand_in_their_columns(pages):
    columns = (Column("proud", Words("Fiertés", "Prouds")), Column("sorry", Words("Regrets", "Sorries")))
    room = a_room({"ideas": BoardSettings(columns=columns)}).opened("ideas")
    room.ask(PostIdea("idea001", "Oser", "ideas", column="sorry"), LEA)

    assert place_of(pages, room.revealed("ideas"), "idea-idea001") == "column-sorry"


def test_who_waits_can_be_let_in_and_who_is_in_can_be_removed(pages):
    room = a_room()
    room.ask(SetEntry("approval"))
    room.ask(Join(), "late01")
    people = shared(pages, room)["people"]
    assert 'id="waiting-late01"' in people
    assert 'id="person-late01"' not in people
    assert f'id="person-{LEA}"' in people

    room.ask(RemovePerson(LEA))
    assert f'id="person-{LEA}"' not in shared(pages, room)["people"]


def test_a_removal_stands_among_the_gestures_with_the_name_of_whom_it_was_about(pages):
    room = a_room()
    room.ask(RemovePerson(LEA))
    deeds = shared(pages, room)["deeds"]

    assert "removed somebody (<bdi>Léa</bdi>)" in " ".join(deeds.split())
    assert f'name="deed" value="{room.state.seq}"' in deeds
    assert 'aria-labelledby="again-lea who-lea">Let in again<' in " ".join(
        shared(pages, room)["people"].split()
    )


def test_who_waits_can_be_turned_away(pages):
    room = a_room()
    room.ask(SetEntry("approval"))
    room.ask(Join(), "late01")
    waiting = shared(pages, room)["people"].partition("Who is here")[0]
    assert 'data-op="RemovePerson"' in waiting

    room.ask(RemovePerson("late01"))
    assert "removed somebody" in shared(pages, room)["deeds"]
    assert 'id="waiting-late01"' not in shared(pages, room)["people"]


def test_people_are_listed_by_name_whatever_the_accents_and_then_the_nameless_as_they_came(pages):
    names = {"p1": "Zoé", "p3": "Éric", "p4": "emma", LEA: "Élodie"}
    view = View(a_room().joined("p1", "p2", "p3", "p4").state, names)
    page = {put.key: put.html for put in pages.page(view, DESK)}

    listed = re.findall(r'id="person-(\w+)"', page["people"])
    assert listed == [LEA, "p4", "p3", "p1", ANNE, "p2"]


def test_long_lists_of_people_end_in_a_number(pages):
    room = a_room().joined(*(f"guest{n:03}" for n in range(80)))
    people = shared(pages, room)["people"]

    assert people.count('id="person-') == 60
    assert "and 22 more people" in people


def test_people_without_a_phone_are_counted_and_can_be_entered_for(pages):
    room = a_room().opened("ideas")
    assert "Marcel" not in document(pages, room)

    room.ask(AddPerson("marcel"))
    assert "1 of them without a phone" in shared(pages, room)["people"]
    assert '<option value="marcel">Marcel</option>' in shared(pages, room)["write"]
    assert "Still to enter for:" in shared(pages, room)["helped"]
    assert "Marcel" in shared(pages, room)["helped"]

    room.ask(PostIdea("idea001", "Installer un piano", "ideas"), on_behalf="marcel")
    assert "helped" in redrawn(pages, room)
    assert "Still to enter" not in shared(pages, room)["helped"]
    assert re.search(r"Entered:.*Marcel</bdi> \(1 card", shared(pages, room)["helped"], re.DOTALL)
    assert "mark as done" in shared(pages, room)["helped"]
    room.ask(SayDone(), on_behalf="marcel")
    assert "mark as done" not in shared(pages, room)["helped"]
    assert "1 card" in shared(pages, room)["helped"]
    assert "entered at the desk" in shared(pages, room.revealed("ideas"))["idea-idea001"]


def test_votes_entered_at_the_desk_are_not_shown_there(pages):
    room = a_vote(options=6, points=6, cap=6)
    room.ask(AddPerson("marcel"))
    before = shared(pages, room)
    room.ask(GiveMark("vote", "theme2", 5), on_behalf="marcel")
    after = shared(pages, room)

    assert "Marcel" in before["helped"]
    assert "helped" not in after
    assert before["assist"] == after["assist"]
    assert before["ballot"] == after["ballot"]


def test_a_tie_is_said_in_the_sentence(pages):
    room = a_vote(options=4, points=6, cap=6).voted(LEA, theme1=2).voted(ANNE, theme2=2)
    result = shared(pages, room.closed("vote").revealed("vote"))["ballot"]
    assert "come first together:" in result
    assert result.count('class="tie"') == 4  # both pairs: of two points, and of none

    alone = a_vote(options=4, points=6, cap=6).voted(LEA, theme1=2)
    said = re.sub(r"<[^>]+>", "", shared(pages, alone.closed("vote").revealed("vote"))["ballot"])
    assert "“Theme theme1” comes first: 2 points from 1 person." in said


def test_gaps_of_an_action_are_shown_until_they_are_filled(pages):
    room = a_plan()
    assert "no pilot yet" in shared(pages, room)["action-act001"]
    assert "no date yet" in shared(pages, room)["action-act001"]

    room.ask(ChoosePilot("act001", LEA))
    room.ask(EditAction("act001", due="2025-03-31"))
    card = shared(pages, room)["action-act001"]
    assert "no pilot yet" not in card
    assert "Léa" in card
    assert "no date yet" not in card
    assert "no first step yet" in card


def test_an_offer_to_pilot_can_be_accepted(pages):
    room = a_plan()
    room.ask(Volunteer("act001", "pilot"), ANNE)
    assert "offers to pilot" in shared(pages, room)["action-act001"]

    room.ask(ChoosePilot("act001", ANNE))
    assert "offers to pilot" not in shared(pages, room)["action-act001"]


def test_whoever_accepts_a_pilot_without_a_name_is_told_before_that_the_plan_will_have_none(pages):
    room = a_plan().joined("late")
    for who in (ANNE, "late"):
        room.ask(Volunteer("act001", "pilot"), who)
    card = shared(pages, room)["action-act001"]

    assert card.count("Accept without a name") == card.count("or the plan will have none") == 1
    assert 'data-confirm="They gave no name' in card
    assert card.count(">Accept<") == 1


def test_axes_are_made_of_all_themes_in_one_gesture_while_some_have_none(pages):
    room = a_vote().closed("vote").revealed("vote").opened("plan")
    assert 'data-op="MakeAxesFromThemes"' in shared(pages, room)["outline"]

    room.ask(MakeAxesFromThemes())
    assert 'data-op="MakeAxesFromThemes"' not in shared(pages, room)["outline"]
    assert len([key for key in shared(pages, room) if key.startswith("axis-")]) == 4


def test_the_outline_moves_an_axis_by_one_place(pages):
    room = a_plan()
    first, second, third, fourth = room.state.plan.axis_order
    assert f'name="before" value="{third}"' in shared(pages, room)["outline"]

    room.ask(MoveAxis(first, third))
    assert room.state.plan.axis_order == (second, first, third, fourth)


def test_cards_can_be_ticked_to_make_an_action_and_the_action_says_how_many(pages):
    room = a_plan()
    assert 'form="action-form"' in shared(pages, room)["source-theme1"]

    axis = room.state.plan.axis_order[0]
    room.ask(MakeAction("act002", axis, "Jouer ensemble", ("idea001", "idea002")))
    assert "from 2 cards" in shared(pages, room)["action-act002"]


def test_the_last_gestures_are_named_with_who_did_them_and_leave_the_list_when_undone(pages):
    room = a_sort().with_theme("theme1", 1, title="Oser", by=LEA)
    assert "Léa" in shared(pages, room)["deeds"]
    assert f'name="deed" value="{room.state.deeds[-1].seq}"' in shared(pages, room)["deeds"]

    room.ask(RenameTheme("theme1", "Risquer"), ANNE)
    room.ask(Undo(room.state.deeds[-1].seq))
    assert "renamed a theme" not in shared(pages, room)["deeds"]


def test_another_persons_access_can_be_taken_back_by_its_link(pages):
    room = a_room()
    room.ask(Join(Role.STAFF, key="0123456789abcdef"), "office")
    assert 'name="key" value="0123456789abcdef"' in shared(pages, room)["links"]

    room.ask(COMMANDS["RevokeKey"]("0123456789abcdef"))
    assert "0123456789abcdef" not in shared(pages, room)["links"]


def test_which_themes_become_axes_is_a_choice_that_starts_from_the_vote(pages):
    def ticked(room):
        return re.findall(r'value="(theme\d+)" data-type="list" checked', shared(pages, room)["outline"])

    room = a_vote(options=12, points=6, cap=3).voted(LEA, theme2=3, theme5=1).voted(ANNE, theme5=3)
    room.closed("vote").revealed("vote").opened("plan")
    unvoted = a_vote(options=12).closed("vote").opened("plan")
    tied = a_vote(options=12, points=12, cap=2).voted(LEA, theme1=2, **{f"theme{n}": 1 for n in range(2, 11)})
    tied.closed("vote").revealed("vote").opened("plan")

    assert ticked(room) == ["theme5", "theme2"]
    assert shared(pages, room)["outline"].count('name="themes"') == 12
    assert ticked(unvoted) == ["theme1", "theme2", "theme3"], "as many as usually suit"
    assert ticked(tied) == ["theme1"], "of equals none is left out"
    equals = a_vote(options=12, points=12, cap=2).voted(LEA, **{f"theme{n}": 1 for n in range(1, 6)})
    equals.closed("vote").revealed("vote").opened("plan")
    assert len(ticked(equals)) == 5, "the first rank is ticked all the same"
    assert "More are ticked" in shared(pages, equals)["outline"]
    assert "More are ticked" not in shared(pages, unvoted)["outline"]
    room.ask(MakeAxesFromThemes(("theme2", "theme7"), chose=True))
    plan = room.state.plan
    assert [plan.axes[axis].themes for axis in plan.axis_order] == [("theme2",), ("theme7",)]


def test_themes_stand_open_with_their_points_until_there_are_axes_and_folded_after(pages):
    room = a_vote(options=12, points=6, cap=3).voted(LEA, theme2=3, theme5=1).voted(ANNE, theme5=3)
    room.closed("vote").revealed("vote").opened("plan")
    before = shared(pages, room)["outline"]
    assert "Which themes become axes?" in before
    assert "<details" not in before.split("</form>")[0]
    assert "4 points" in before.replace("\u00a0", " ")
    room.ask(MakeAxesFromThemes(("theme2", "theme7"), chose=True))
    after = shared(pages, room)["outline"]

    assert before.count("An axis is a theme that gets actions.") == 1
    assert "Make more themes into axes" in after.split("<form")[0]
    assert "ticked at first" not in before + after


def test_the_lead_tells_first_of_those_who_offer_then_how_many_pilots_are_to_be_named(pages):
    room = a_plan()
    assert 'href="#to-pilot-act001"' in shared(pages, room)["lead"]
    room.ask(Volunteer("act001", "pilot"), ANNE)
    lead = shared(pages, room)["lead"]

    assert "1 person offers to pilot: accept" in lead
    assert 'href="#accept-1-act001"' in lead
    assert 'id="accept-1-act001"' in shared(pages, room)["action-act001"]


def test_nobody_is_waited_for_once_the_cards_are_revealed(pages):
    room = a_room().opened("ideas").with_ideas(2)
    assert "remaining" in shared(pages, room)

    assert "remaining" not in shared(pages, room.revealed("ideas"))
