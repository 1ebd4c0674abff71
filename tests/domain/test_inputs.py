"""What a step works on (F8): two boards, two sorts and two votes in one forum are apart."""

import pytest

from forum.domain import inputs
from forum.domain.flow import (
    MAX_STEPS,
    CloseStep,
    EditStep,
    InsertStep,
    OpenStep,
    RemoveStep,
    ReopenStep,
    StepOpened,
)
from forum.domain.kernel import Rejection, StepId, Words
from forum.domain.plan.words import MakeAction, MakeAxesFromThemes
from forum.domain.settings import (
    BallotSettings,
    BoardSettings,
    PledgeSettings,
    SheetSettings,
    ShowSettings,
    SortSettings,
)
from forum.domain.state import change
from forum.domain.steps.board import PostIdea
from forum.domain.steps.sort import MakeTheme, MoveIdeas, RemoveTheme, RenameTheme
from forum.domain.steps.sorting import live_themes, sorted_ideas, themes_of
from tests.scenes import ANNE, FACILITATOR, LEA, Scene, a_room, theme_of

TWO_DAYS = {
    "welcome": ShowSettings(),
    "prouds": BoardSettings(),
    "sort-prouds": SortSettings(),
    "vote-prouds": BallotSettings(points=3, cap=3),
    "dreams": BoardSettings(),
    "sort-dreams": SortSettings(),
    "vote-dreams": BallotSettings(points=3, cap=3),
    "plan": SheetSettings(),
    "pledge": PledgeSettings(),
}


def step(room: Scene, name: str):
    found = room.state.step(StepId(name))
    assert found is not None
    return found


def on(room: Scene, name: str) -> tuple[str, ...]:
    return inputs.inputs(room.state, step(room, name))


def code(verdict: object) -> str:
    return verdict.code if isinstance(verdict, Rejection) else ""


def first_day(room: Scene | None = None) -> Scene:
    """Two cards of a board, sorted into two themes, voted on."""
    room = (room or a_room(TWO_DAYS)).opened("prouds").with_ideas(2, step="prouds").opened("sort-prouds")
    room.with_theme("past1", 1).with_theme("past2", 2).opened("vote-prouds")
    return room.voted(LEA, "vote-prouds", past2=3).closed("vote-prouds").revealed("vote-prouds")


def second_day(room: Scene | None = None) -> Scene:
    room = (room or first_day()).opened("dreams").with_ideas(2, step="dreams").opened("sort-dreams")
    return room.with_theme("next1", 3).with_theme("next2", 4)


def test_F8_each_step_is_proposed_what_stands_before_it_and_no_other_of_its_kind_took():
    room = a_room(TWO_DAYS)

    assert on(room, "sort-prouds") == ("prouds",)
    assert on(room, "vote-prouds") == ("sort-prouds",)
    assert on(room, "sort-dreams") == ("dreams",)
    assert on(room, "vote-dreams") == ("sort-dreams",)
    assert on(room, "plan") == ("vote-dreams",)
    assert on(room, "pledge") == ("plan",)
    assert on(room, "prouds") == on(room, "welcome") == ()


def test_F8_a_second_sort_holds_its_own_cards_and_themes():
    room = second_day()
    first, second = step(room, "sort-prouds"), step(room, "sort-dreams")

    assert [i.id for i in sorted_ideas(room.state, first)] == ["idea001", "idea002"]
    assert [i.id for i in sorted_ideas(room.state, second)] == ["idea003", "idea004"]
    assert [t.id for t in live_themes(room.state, first)] == ["past1", "past2"]
    assert [t.id for t in live_themes(room.state, second)] == ["next1", "next2"]


def test_F8_a_card_of_another_sort_is_not_moved_here_and_a_theme_of_another_sort_takes_none():
    room = second_day()

    assert code(room.ask(MoveIdeas(("idea001",), "next1"), LEA)) == "no_idea"
    assert code(room.ask(MoveIdeas(("idea003",), "past1"), LEA)) == "no_theme"
    assert code(room.ask(MoveIdeas(("idea003",), "next2"), LEA)) == ""


def test_F8_a_vote_offers_the_themes_of_its_own_sort():
    room = second_day().opened("vote-dreams")

    assert room.state.rounds.by_id["vote-prouds.1"].options == ("past1", "past2")
    assert room.state.rounds.by_id["vote-dreams.1"].options == ("next1", "next2")


def test_F8_the_same_cards_may_be_sorted_twice_each_sort_its_own_way():
    steps = {**TWO_DAYS, "sort-dreams": SortSettings(of=(StepId("prouds"), StepId("dreams")))}
    room = second_day(first_day(a_room(steps)))
    room.ask(MoveIdeas(("idea001",), "next1"), LEA)

    assert theme_of(room, "idea001", "sort-prouds") == "past1"
    assert theme_of(room, "idea001", "sort-dreams") == "next1"
    assert themes_of(room.state, room.state.ideas.by_id["idea001"]) == ("past1", "next1")


def test_F8_who_leads_corrects_an_earlier_sort_where_it_was_made_and_nobody_else_does():
    room = second_day()

    assert code(room.ask(RenameTheme("past1", "Nos fiertés"), LEA)) == "no_theme"
    assert code(room.ask(RenameTheme("past1", "Nos fiertés"))) == ""
    assert code(room.ask(MoveIdeas(("idea002",), "past1"))) == ""
    assert theme_of(room, "idea002", "sort-prouds") == "past1"


def test_F8_the_plan_is_made_of_the_themes_that_its_sheet_works_on_best_first():
    room = second_day().opened("vote-dreams").voted(LEA, "vote-dreams", next2=3)
    room.closed("vote-dreams").revealed("vote-dreams").opened("plan")
    room.ask(MakeAxesFromThemes())

    assert [room.state.plan.axes[a].themes for a in room.state.plan.axis_order] == [("next2",), ("next1",)]


def test_F8_an_action_remembers_the_sheet_and_every_theme_of_its_cards():
    room = second_day().opened("plan")
    room.ask(MakeAxesFromThemes())
    room.ask(MakeAction("act001", room.state.plan.axis_order[0], "Ouvrir un lieu", ("idea001", "idea004")))

    assert room.state.plan.actions["act001"].step == "plan"
    assert set(room.state.plan.actions["act001"].themes) == {"next1", "past1", "next2"}


def test_F8_what_a_step_works_on_is_fixed_when_it_first_opens():
    room = a_room(TWO_DAYS).opened("prouds").with_ideas(2, step="prouds").opened("sort-prouds")
    more = InsertStep(StepId("late"), BoardSettings(), Words("Encore"), before=StepId("sort-prouds"))
    assert code(room.ask(more)) == ""

    assert on(room, "sort-prouds") == ("prouds",)
    assert on(room, "sort-dreams") == ("late", "dreams")


def test_F8_what_a_step_works_on_can_be_chosen_until_it_opens():
    room = a_room(TWO_DAYS)

    assert code(room.ask(EditStep(StepId("vote-dreams"), of=(StepId("sort-prouds"),)))) == ""
    assert on(room, "vote-dreams") == ("sort-prouds",)
    assert code(room.ask(EditStep(StepId("vote-dreams"), of=()))) == ""
    assert on(room, "vote-dreams") == ("sort-dreams",)


@pytest.mark.parametrize("of", ["plan", "vote-dreams", "welcome", "pledge", "nowhere"])
def test_F8_a_vote_over_themes_works_on_nothing_that_makes_none(of):
    room = a_room(TWO_DAYS)

    assert code(room.ask(EditStep(StepId("vote-dreams"), of=(StepId(of),)))) == "bad_input"
    settings = BallotSettings(of=(StepId(of),))
    assert code(room.ask(InsertStep(StepId("more"), settings, Words("Encore")))) == "bad_input"


def test_F8_a_sort_that_has_begun_takes_in_more_and_leaves_out_nothing_that_lies_in_a_theme():
    room = second_day()
    chosen = (StepId("prouds"), StepId("dreams"))

    assert code(room.ask(EditStep(StepId("sort-dreams"), of=chosen))) == ""
    assert code(room.ask(MoveIdeas(("idea001",), "next1"), LEA)) == ""
    assert code(room.ask(EditStep(StepId("sort-dreams"), of=(StepId("dreams"),)))) == "input_used"
    assert code(room.ask(EditStep(StepId("sort-dreams"), of=()))) == "bad_input"
    room.ask(MoveIdeas(("idea001",), None), LEA)
    assert code(room.ask(EditStep(StepId("sort-dreams"), of=(StepId("dreams"),)))) == ""


def test_F8_a_sort_that_has_begun_takes_in_no_cards_that_nobody_may_see():
    room = second_day()
    room.ask(InsertStep(StepId("secret"), BoardSettings(), Words("Encore"), before=StepId("sort-dreams")))
    room.happened(StepOpened(StepId("secret"), ()))
    room.ask(PostIdea("idea900", "Un secret", StepId("secret")), ANNE)
    room.opened("sort-dreams")

    assert (
        code(room.ask(EditStep(StepId("sort-dreams"), of=(StepId("dreams"), StepId("secret")))))
        == "input_hidden"
    )


def test_F8_opening_a_vote_over_cards_shows_them_first_and_offers_no_others():
    steps = {
        "ideas": BoardSettings(),
        "more": BoardSettings(),
        "vote": BallotSettings(over="ideas", of=("more",)),
    }
    room = (
        a_room(steps).opened("ideas").with_ideas(2).opened("more").with_ideas(2, step="more").opened("vote")
    )

    assert [step(room, s).revealed for s in ("ideas", "more")] == [False, True]
    assert room.state.rounds.by_id["vote.1"].options == ("idea003", "idea004")


def test_V7_reopening_a_vote_whose_list_has_changed_asks_with_which_one():
    room = second_day().opened("vote-dreams").voted(LEA, "vote-dreams", next1=2).closed("vote-dreams")
    assert not isinstance(room.ask(ReopenStep(StepId("vote-dreams"))), Rejection)
    room.closed("vote-dreams").ask(RemoveTheme("next1"))

    refused = room.ask(ReopenStep(StepId("vote-dreams")))
    assert code(refused) == "list_changed"
    assert refused.params == {"new": 0, "gone": 1}
    assert room.state.now.phase == "closed"


def test_V7_with_the_same_list_a_vote_goes_on_with_its_ballots():
    room = _changed()
    assert not isinstance(room.ask(ReopenStep(StepId("vote-dreams"), "same")), Rejection)

    round_ = room.state.rounds.latest(StepId("vote-dreams"))
    assert round_.options == ("next1", "next2")
    assert dict(round_.ballots[LEA].marks) == {"next1": 2}


def test_V7_with_the_new_list_a_vote_begins_anew_and_keeps_the_old_round_unseen():
    room = _changed()
    assert not isinstance(room.ask(OpenStep(StepId("vote-dreams"), "new")), Rejection)

    round_ = room.state.rounds.latest(StepId("vote-dreams"))
    assert round_.options == ("next2", "next3")
    assert not round_.ballots
    assert (
        room.state.rounds.by_id["vote-dreams.2" if round_.number == 3 else "vote-dreams.1"]
        .ballots[LEA]
        .marks.get("next1")
        == 2
    )


def _changed() -> Scene:
    """A vote that was closed unseen; since then a theme has gone and another has come."""
    room = second_day().opened("vote-dreams").voted(LEA, "vote-dreams", next1=2).closed("vote-dreams")
    room.ask(RemoveTheme("next1"))
    room.with_theme("next3", 3, by=FACILITATOR)
    return room


def test_V7_a_title_that_has_changed_is_another_list():
    room = second_day().opened("vote-dreams").voted(LEA, "vote-dreams", next1=2).closed("vote-dreams")
    room.ask(RenameTheme("next1", "Autre chose"))

    assert code(room.ask(ReopenStep(StepId("vote-dreams")))) == "list_changed"


def test_F6_a_sheet_in_which_an_action_was_written_is_not_removed():
    room = second_day()
    room.ask(MakeAxesFromThemes())
    assert code(room.ask(MakeAction("act001", room.state.plan.axis_order[0], "Ouvrir un lieu"))) == ""

    assert code(room.ask(RemoveStep(StepId("plan")))) == "step_used"
    assert code(room.ask(RemoveStep(StepId("pledge")))) == ""


def test_F8_a_journal_that_tells_of_no_inputs_shares_its_themes_as_it_did():
    room = a_room(TWO_DAYS).opened("prouds").with_ideas(2, step="prouds")
    room.happened(StepOpened(StepId("sort-prouds")))
    room.with_theme("past1", 1).with_theme("past2", 2).closed("sort-prouds")
    room.happened(StepOpened(StepId("sort-dreams")))

    assert [t.id for t in live_themes(room.state, step(room, "sort-dreams"))] == ["past1", "past2"]
    assert theme_of(room, "idea001", "sort-dreams") == "past1"
    assert on(room, "sort-dreams") == ("prouds", "dreams")


def test_what_a_step_leaves_out_this_time_gives_nothing():
    steps = change(step(a_room(TWO_DAYS), "sort-dreams"), phase="skipped")
    room = a_room(TWO_DAYS)
    skipped = change(room.state, steps=tuple(steps if s.id == steps.id else s for s in room.state.steps))

    found = skipped.step(StepId("vote-dreams"))
    assert inputs.inputs(skipped, found) == ("sort-prouds",)


def test_closing_asks_nothing_of_lists():
    room = second_day().opened("vote-dreams")

    assert code(room.ask(CloseStep(StepId("vote-dreams")))) == ""


def test_an_agenda_of_nothing_but_sorts_is_worked_out_step_by_step():
    """Each is proposed by what those before it take: worked out from each anew, this would take for ever."""
    steps = {"ideas": BoardSettings(), **{f"sort{n}": SortSettings() for n in range(MAX_STEPS - 1)}}
    room = a_room(steps)

    assert on(room, f"sort{MAX_STEPS - 2}") == ("ideas",)


def test_F8_who_leads_corrects_an_earlier_sort_from_its_own_page_after_a_later_one():
    room = second_day().opened("sort-prouds").closed("sort-prouds")

    assert code(room.ask(RenameTheme("past1", "Nos fiertés"))) == ""
    assert code(room.ask(MakeTheme("past3", "Encore"))) == ""
    assert room.state.themes.by_id["past3"].step == "sort-prouds"
    assert code(room.ask(MoveIdeas(("idea001",), None))) == ""
    assert theme_of(room, "idea001", "sort-prouds") is None
