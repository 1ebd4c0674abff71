"""What is read of the plan: its gaps, its pilots, and what its sheets and themes offer."""

from forum.domain import things
from forum.domain.flow import StepOpened
from forum.domain.flow.words import SkipStep
from forum.domain.kernel import StepId
from forum.domain.plan.reading import gaps
from forum.domain.plan.sources import best_first, offers, usual_axes, writing_step
from forum.domain.plan.words import (
    ChoosePilot,
    EditAction,
    MakeAction,
    MakeAxis,
    RemoveAction,
    StepBack,
    Volunteer,
)
from forum.domain.sessions.reading import planned
from forum.domain.settings import (
    BallotSettings,
    BoardSettings,
    SheetSettings,
    ShowSettings,
    SortSettings,
)
from forum.domain.steps.pledge import Pledge, WithdrawPledge
from forum.domain.steps.sort import MakeTheme, RemoveTheme
from tests.scenes import ANNE, LEA, Scene, a_room, a_vote


def step(room: Scene, name: str):
    found = room.state.step(StepId(name))
    assert found is not None
    return found


def test_the_actions_of_a_sheet_are_those_made_in_it_under_axes_that_stand() -> None:
    steps = {
        "sort": SortSettings(),
        "plan": SheetSettings(),
        "more": SheetSettings(),
        "vote": BallotSettings(over="actions", of=("more",)),
    }
    room = a_room(steps).opened("plan")
    for axis in ("axis1", "axis2"):
        room.ask(MakeAxis(axis, axis))
    room.ask(MakeAction("act001", "axis2", "First"), LEA)
    room.opened("more")
    room.ask(MakeAction("act002", "axis2", "Second"), LEA)
    room.ask(MakeAction("act003", "axis1", "Third"), LEA)
    room.ask(MakeAction("act004", "axis1", "Gone"), LEA)
    room.ask(RemoveAction("act004"))
    room.opened("vote")

    assert room.state.rounds.by_id["vote.1"].options == ("act003", "act002")
    assert things.given(room.state, "action", ["plan", "more"]) == ("act001", "act003", "act002")


def test_the_sheet_in_which_is_written_is_the_current_else_the_last_one_opened_else_the_next() -> None:
    room = a_room(
        {"welcome": ShowSettings(), "one": SheetSettings(), "two": SheetSettings(), "three": SheetSettings()}
    )

    def writing() -> str:
        found = writing_step(room.state)
        return found.id if found else ""

    ahead = writing()
    room.opened("two")
    current = writing()
    room.opened("one")
    back = writing()
    room.opened("welcome")

    assert (ahead, current, back, writing()) == ("one", "two", "one", "two")
    assert writing_step(a_room({"welcome": ShowSettings()}).state) is None


def test_P1_axes_follow_the_result_of_a_vote_and_then_what_it_was_not_over() -> None:
    room = a_vote(options=3, points=6, cap=3).voted(LEA, theme3=3, theme2=2).closed("vote").revealed("vote")
    room.ask(MakeTheme("theme9", "Late"))

    assert best_first(room.state) == ("theme3", "theme2", "theme1", "theme9")
    room.ask(RemoveTheme("theme2"))
    assert best_first(room.state) == ("theme3", "theme1", "theme9")
    assert [offers(room.state, room.state.themes.by_id[t]) for t in ("theme1", "theme2", "theme9")] == [
        True,
        False,
        True,
    ]


def test_P1_how_many_axes_suit_follows_from_the_minutes_that_are_planned_and_not_left_out() -> None:
    room = a_room({"sort": SortSettings(), "plan": SheetSettings()})
    minutes = planned(room.state.steps)
    room.ask(SkipStep("sort"))

    assert planned(room.state.steps) == minutes - room.state.steps[0].minutes < minutes
    assert [usual_axes(each) for each in (90, 150, 151, 600, 601)] == [(2, 3), (2, 3), (3, 4), (4, 6), (5, 7)]


def test_P1_a_sheet_offers_the_themes_of_its_own_sort() -> None:
    steps = {
        "ideas": BoardSettings(),
        "one": SortSettings(),
        "two": SortSettings(),
        "plan": SheetSettings(of=("two",)),
    }
    room = (
        a_room(steps)
        .opened("ideas")
        .with_ideas(2)
        .opened("one")
        .with_theme("theme1", 1)
        .opened("two")
        .with_theme("theme2", 1)
    )

    assert best_first(room.state) == ("theme2",)
    assert [offers(room.state, room.state.themes.by_id[t]) for t in ("theme1", "theme2")] == [False, True]


def test_P5_each_gap_is_named_by_itself() -> None:
    room = a_room().opened("plan")
    room.ask(MakeAxis("axis1", "Axis"))
    room.ask(MakeAction("act001", "axis1", "Do"))
    found = [gaps(room.state.plan.actions["act001"])]
    for command in (
        EditAction("act001", due="2025-02-01"),
        ChoosePilot("act001", LEA),
        EditAction("act001", first_step="Call"),
    ):
        room.ask(command)
        found.append(gaps(room.state.plan.actions["act001"]))

    assert found == [("pilot", "due", "first_step"), ("pilot", "first_step"), ("first_step",), ()]


def test_P2_a_pilot_is_no_longer_a_partner_nor_offered_and_others_stay() -> None:
    room = a_room().opened("plan")
    room.ask(MakeAxis("axis1", "Axis"))
    room.ask(MakeAction("act001", "axis1", "Do"))
    for person, as_ in (
        (LEA, "pilot"),
        (LEA, "partner"),
        (ANNE, "pilot"),
        (ANNE, "partner"),
        (ANNE, "pilot"),
    ):
        room.ask(Volunteer("act001", as_), person)
    both = room.state.plan.actions["act001"]
    room.ask(ChoosePilot("act001", LEA))
    chosen = room.state.plan.actions["act001"]
    again = room.ask(Volunteer("act001", "pilot"), LEA)
    room.ask(StepBack("act001"), LEA)
    left = room.state.plan.actions["act001"]

    assert ([o.person for o in both.offers], both.partners) == ([LEA, ANNE], (LEA, ANNE))
    assert (chosen.pilot, [o.person for o in chosen.offers], chosen.partners) == (LEA, [ANNE], (ANNE,))
    assert [type(fact).__name__ for fact in again] == ["Noted"]
    assert (left.pilot, [o.person for o in left.offers], left.partners) == ("", [ANNE], (ANNE,))
    room.ask(StepBack("act001"), ANNE)
    assert (room.state.plan.actions["act001"].offers, room.state.plan.actions["act001"].partners) == ((), ())


def test_P1_a_plan_of_an_old_journal_is_offered_every_theme_best_result_first() -> None:
    room = a_vote(options=3, points=6, cap=3).voted(LEA, theme3=3, theme2=2).closed("vote").revealed("vote")
    room.happened(StepOpened(StepId("plan")))
    room.ask(RemoveTheme("theme2"))
    room.ask(MakeTheme("theme9", "Late"))

    assert step(room, "plan").of is None
    assert best_first(room.state) == ("theme3", "theme1", "theme9")
    assert [offers(room.state, room.state.themes.by_id[t]) for t in ("theme1", "theme2", "theme9")] == [
        True,
        False,
        True,
    ]
    unseen = a_vote(options=2).voted(LEA, theme2=1).closed("vote").happened(StepOpened(StepId("plan")))
    assert best_first(unseen.state) == ("theme1", "theme2")


def test_P1_a_plan_without_a_sheet_is_offered_every_theme_that_stands() -> None:
    room = (
        a_room({"ideas": BoardSettings(), "sort": SortSettings()})
        .opened("ideas")
        .with_ideas(2)
        .opened("sort")
    )
    room.with_theme("theme1", 1).with_theme("theme2", 2).ask(RemoveTheme("theme1"))

    assert best_first(room.state) == ("theme2",)
    assert [offers(room.state, room.state.themes.by_id[t]) for t in ("theme1", "theme2")] == [False, True]


def test_what_a_step_of_commitments_gives_are_those_that_stand() -> None:
    room = a_room().opened("pledge")
    assert not things.any_in(room.state, step(room, "pledge"))
    for name in ("mine1", "mine2"):
        room.ask(Pledge(name, "I call", "2025-01-20"), LEA)
    room.ask(WithdrawPledge("mine1"), LEA)

    assert things.any_in(room.state, step(room, "pledge"))
    assert things.given(room.state, "commitment", ["pledge"]) == ("mine2",)
    assert things.given(room.state, "commitment", ["plan"]) == ()
