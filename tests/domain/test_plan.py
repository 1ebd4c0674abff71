"""The plan and its commitments: P1–P5, E1–E2."""

import pytest

from forum.domain.dates import parse_date
from forum.domain.kernel import SheetId
from forum.domain.plan.reading import gaps, live_axes
from forum.domain.plan.words import (
    DATES,
    ActionEdited,
    ChoosePilot,
    EditAction,
    MakeAction,
    MakeAxesFromThemes,
    MakeAxis,
    MoveAxis,
    RemoveAxis,
    StepBack,
    Volunteer,
)
from forum.domain.sheets.words import EditSheet
from forum.domain.steps.pledge import Pledge, WithdrawPledge, live_commitments
from forum.domain.undo import Undo
from tests.domain.judged import refusal
from tests.scenes import ANNE, LEA, a_room, a_vote


def planned():
    room = a_vote(points=3, cap=3).voted(LEA, theme2=3).closed("vote").revealed("vote").opened("plan")
    return room.with_plan("Hold a shared calendar")


def test_P1_axes_come_from_themes_in_one_gesture_best_result_first():
    room = planned()

    assert [a.themes for a in live_axes(room.state)] == [("theme2",), ("theme1",), ("theme3",), ("theme4",)]
    assert refusal(room.ask(MakeAxesFromThemes())) == "already_so"


def test_P1_a_plan_has_at_most_nine_axes():
    room = a_room()
    for n in range(9):
        assert refusal(room.ask(MakeAxis(f"axis{n:02}", f"Axis {n}"))) is None

    assert refusal(room.ask(MakeAxis("axis99", "One too many"))) == "too_many_axes"


def test_P1_an_action_remembers_the_cards_and_themes_it_comes_from():
    room = planned()
    axis = live_axes(room.state)[0].id
    room.ask(MakeAction("act900", axis, "From cards", ("idea001", "idea003")), LEA)

    assert room.state.plan.actions["act900"].ideas == ("idea001", "idea003")
    assert room.state.plan.actions["act900"].themes == ("theme2", "theme1", "theme3")


def test_P1_an_axis_with_actions_is_not_removed_and_an_empty_one_can_come_back():
    room = planned()
    used, empty = live_axes(room.state)[0].id, live_axes(room.state)[1].id

    assert refusal(room.ask(RemoveAxis(used))) == "axis_used"
    assert refusal(room.ask(RemoveAxis(empty))) is None
    room.ask(Undo(room.state.deeds[-1].seq))
    assert empty in {a.id for a in live_axes(room.state)}


def test_P1_moving_an_axis_renumbers_the_others():
    room = planned()
    first, last = live_axes(room.state)[0].id, live_axes(room.state)[-1].id
    room.ask(MoveAxis(last, first))

    assert live_axes(room.state)[0].id == last


def test_P2_several_may_propose_themselves_and_the_facilitator_says_who_it_is():
    room = planned()
    room.ask(Volunteer("act001", "pilot"), LEA)
    room.ask(Volunteer("act001", "pilot"), ANNE)
    room.ask(Volunteer("act001", "partner"), LEA)
    offered = room.state.plan.actions["act001"]
    room.ask(ChoosePilot("act001", ANNE))
    chosen = room.state.plan.actions["act001"]

    assert [o.person for o in offered.offers] == [LEA, ANNE]
    assert not offered.pilot
    assert chosen.pilot == ANNE
    assert [o.person for o in chosen.offers] == [LEA]
    assert chosen.partners == (LEA,)


def test_P3_participants_name_nobody_else_and_can_step_back():
    room = planned()
    room.ask(Volunteer("act001", "partner"), LEA)

    assert refusal(room.ask(ChoosePilot("act001", LEA), ANNE)) == "forbidden"
    room.ask(StepBack("act001"), LEA)
    assert room.state.plan.actions["act001"].partners == ()


def test_P4_editing_what_another_edited_meanwhile_is_refused():
    room = planned().joined_by(LEA, ANNE)
    looked = room.state.seq
    room.ask(EditAction("act001", title="Anne’s words"), ANNE, seen=looked)

    assert refusal(room.ask(EditAction("act001", title="Léa’s words"), LEA, seen=looked)) == "changed"
    assert room.state.plan.actions["act001"].title == "Anne’s words"


@pytest.mark.parametrize("joins", ["", "partner", "pilot"])
def test_P7_an_action_is_corrected_by_who_wrote_it_by_who_joined_it_and_by_the_desk_and_by_nobody_else(joins):
    room = planned()
    room.ask(MakeAction("act002", room.state.plan.axis_order[0], "Léa’s action"), LEA)
    if joins:
        room.ask(Volunteer("act002", joins), ANNE)

    assert refusal(room.ask(EditAction("act002", title="Léa’s, clearer"), LEA)) is None
    assert refusal(room.ask(EditAction("act002", title="Anne’s"), ANNE)) == (
        None if joins else "not_a_writer"
    )
    room.ask(StepBack("act002"), ANNE)
    assert refusal(room.ask(EditAction("act002", title="Anne’s again"), ANNE)) == "not_a_writer"
    assert refusal(room.ask(EditAction("act002", title="The desk’s"))) is None


def test_P4_what_an_edit_only_left_as_it_was_overwrites_nothing_and_what_it_changed_is_compared_field_by_field():
    room = planned().joined_by(LEA, ANNE)
    was = {"title": room.state.plan.actions["act001"].title, "budget": ""}
    room.ask(EditAction("act001", title="Anne’s words"), ANNE)
    room.ask(EditAction("act001", title=was["title"], budget="12 €", was=was), LEA, seen=room.state.seq)
    refused = room.ask(EditAction("act001", title="Léa’s words", was=was), LEA, seen=room.state.seq)

    assert (room.state.plan.actions["act001"].title, room.state.plan.actions["act001"].budget) == (
        "Anne’s words",
        "12 €",
    )
    assert refusal(refused) == "changed"


def test_P5_gaps_are_named_until_they_are_filled():
    room = planned()
    before = gaps(room.state.plan.actions["act001"])
    room.ask(ChoosePilot("act001", LEA))
    room.ask(EditAction("act001", due="31/03/2025", first_step="Call the hall"))

    assert before == ("pilot", "due", "first_step")
    assert gaps(room.state.plan.actions["act001"]) == ()
    assert room.state.plan.actions["act001"].due == "2025-03-31"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2025-01-31", "2025-01-31"),
        ("31/01/2025", "2025-01-31"),
        ("", ""),
        ("31/02/2025", None),
        ("soon", None),
    ],
)
def test_P5_dates_are_read_in_both_writings_and_impossible_ones_are_not(text, day):
    assert parse_date(text) == day


@pytest.mark.parametrize("field", DATES)
@pytest.mark.parametrize(
    "day", ["2025-01-14", "2024-12-31", "0001-01-01", "01/01/1970", "9999-12-31", "2035-01-16"]
)
def test_P6_a_date_before_the_forum_or_beyond_every_plan_is_refused_and_says_which_can_be(field, day):
    room = planned()
    verdict = room.ask(EditAction("act001", **{field: day}))

    assert refusal(verdict) == "due_range"
    assert verdict.params == {"first": "2025-01-16", "limit": "2035-01-14"}
    assert getattr(room.state.plan.actions["act001"], field) == ""


@pytest.mark.parametrize("day", ["2025-01-15", "2025-01-16", "2025-01-17", "2035-01-14", "2035-01-15"])
def test_P6_the_day_is_the_rooms_wherever_on_earth_it_is(day):
    assert refusal(planned().ask(EditAction("act001", due=day))) is None


def test_P6_before_the_first_step_a_plan_counts_from_today_and_afterwards_from_the_forum():
    room = a_room()
    room.ask(MakeAxis("axis01", "Prepared ahead"))
    room.ask(MakeAction("act001", "axis01", "Hold a shared calendar"))
    room.ahead = 40 * 24 * 3600 * 1000
    early = refusal(room.ask(EditAction("act001", due="2025-02-01")))
    room.opened("plan")
    room.ahead *= 2
    during, since = (refusal(room.ask(EditAction("act001", due=day))) for day in ("2025-02-01", "2025-03-01"))

    assert (early, during, since) == ("due_range", "due_range", None)  # what passed since may be written down


def test_P6_what_goes_on_already_may_have_begun_up_to_ten_years_before_and_no_earlier():
    room = planned()
    begun, long_ago = (
        refusal(room.ask(EditSheet(SheetId("act001"), "action_sheet", {"start": day})))
        for day in ("2016-09-01", "2014-09-01")
    )

    assert (begun, long_ago) == (None, "field_day")
    assert room.state.sheets.by_id[SheetId("act001")].fields["start"] == "2016-09-01"


def test_P6_a_date_that_has_passed_stays_until_it_is_changed():
    room = planned()
    room.happened(ActionEdited("act001", {"due": ""}, {"due": "2019-05-01"}))  # of an older version

    assert refusal(room.ask(EditAction("act001", due="2019-05-01", title="Still the same day"))) is None
    assert room.state.plan.actions["act001"].title == "Still the same day"
    assert refusal(room.ask(EditAction("act001", due="2019-05-02"))) == "due_range"
    assert refusal(room.ask(EditAction("act001", due=""))) is None


def test_participants_write_actions_only_while_the_sheet_is_open():
    room = planned().opened("welcome")
    axis = live_axes(room.state)[0].id

    assert refusal(room.ask(MakeAction("act900", axis, "Late"), LEA)) == "sheet_closed"
    assert refusal(room.ask(MakeAction("act901", axis, "From the desk"))) is None


def test_an_action_moves_to_another_axis_and_back_by_undo():
    room = planned()
    here, there = live_axes(room.state)[0].id, live_axes(room.state)[1].id
    room.ask(EditAction("act001", axis=there))
    moved = room.state
    room.ask(Undo(room.state.deeds[-1].seq))

    assert (moved.plan.action_order[here], moved.plan.action_order[there]) == ((), ("act001",))
    assert room.state.plan.actions["act001"].axis == here


def test_E1_a_commitment_has_a_date_within_thirty_days():
    room = planned().opened("pledge")

    assert refusal(room.ask(Pledge("pledge01", "Call the hall", "2025-01-19", "act001"), LEA)) is None
    assert refusal(room.ask(Pledge("pledge02", "One day", "2026-01-19"), LEA)) == "date_range"
    assert refusal(room.ask(Pledge("pledge03", "Yesterday", "2025-01-01"), LEA)) == "date_range"
    assert refusal(room.ask(Pledge("pledge04", "Sometime", "soon"), LEA)) == "bad_date"
    assert refusal(room.ask(Pledge("pledge05", "", "2025-01-19"), LEA)) == "text_needed"
    assert refusal(room.ask(Pledge("pledge06", "For what?", "2025-01-19", "nothing"), LEA)) == "no_action"
    assert [c.id for c in live_commitments(room.state)] == ["pledge01"]


def test_E1_commitments_are_taken_only_in_their_step():
    assert refusal(planned().ask(Pledge("pledge01", "Early", "2025-01-19"), LEA)) == "pledge_closed"


def test_E2_only_who_committed_takes_it_back():
    room = planned().opened("pledge")
    room.ask(Pledge("pledge01", "Call the hall", "2025-01-19"), LEA)

    assert refusal(room.ask(WithdrawPledge("pledge01"), ANNE)) == "not_yours"
    assert refusal(room.ask(WithdrawPledge("pledge01"), LEA)) is None
    assert live_commitments(room.state) == ()
