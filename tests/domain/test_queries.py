"""What is read from a forum's state: things, inputs, orders, and what a page is told has changed."""

from forum.domain import inputs, things
from forum.domain.flow import CloseStep, EditStep, InsertStep, OpenStep, SkipStep
from forum.domain.kernel import Rejection, StepId, Words
from forum.domain.people import AddPerson, present
from forum.domain.plan.reading import live_actions
from forum.domain.plan.words import (
    ChoosePilot,
    MakeAction,
    MakeAxesFromThemes,
    MakeAxis,
    RemoveAction,
    RemoveAxis,
    Volunteer,
)
from forum.domain.roles import Role
from forum.domain.sessions.words import EditSession, PlanSession
from forum.domain.settings import (
    BallotSettings,
    BoardSettings,
    PledgeSettings,
    SheetSettings,
    ShowSettings,
    SortSettings,
)
from forum.domain.state import Step
from forum.domain.steps.board import HideIdea, WithdrawIdea, seen
from forum.domain.steps.pledge import Pledge, WithdrawPledge
from forum.domain.steps.sort import MakeTheme, MergeThemes, MoveIdeas, RemoveTheme
from forum.domain.steps.sorting import latest_theme, sorted_ideas, theme_in, theme_of
from forum.domain.touch import Touch
from tests.scenes import ANNE, FACILITATOR, LEA, SCREEN, Scene, a_room, a_vote


def code(said: object) -> str:
    return said.code if isinstance(said, Rejection) else ""


def step(room: Scene, name: str):
    found = room.state.step(StepId(name))
    assert found is not None
    return found


def test_people_who_are_in_are_listed_first_those_without_a_phone_then_as_they_came() -> None:
    room = a_room(people=("zoe", LEA, ANNE))
    room.ask(AddPerson("marcel"))
    room.joined("boss", role=Role.STAFF).joined("clerk", role=Role.SECRETARY)

    assert [p.id for p in present(room.state)] == ["marcel", "zoe", LEA, ANNE, "clerk"]
    assert [p.number for p in present(room.state)] == [4, 1, 2, 3, 5]
    assert room.state.people.by_id["boss"].number == 0
    assert (room.state.people.voices, room.state.people.arrivals) == (5, 5)


def test_B2_a_card_is_seen_by_others_when_it_stands_and_its_board_is_shown() -> None:
    room = a_room().opened("ideas").with_ideas(2)
    early = seen(room.state, room.state.ideas.by_id["idea001"])
    room.revealed("ideas")
    late = seen(room.state, room.state.ideas.by_id["idea001"])
    room.ask(HideIdea("idea001", "why"))

    assert (early, late) == (False, True)
    assert not seen(room.state, room.state.ideas.by_id["idea001"])
    assert seen(room.state, room.state.ideas.by_id["idea002"])


def test_the_words_of_a_thing_are_told_where_it_may_be_read_only() -> None:
    room = a_room().opened("ideas").with_ideas(3)
    assert things.words(room.state, "idea", "idea001") == ""
    room.revealed("ideas").ask(HideIdea("idea002", "why"))
    room.ask(WithdrawIdea("idea003"), LEA)
    room.opened("sort").with_theme("theme1", 1).opened("plan")
    room.ask(MakeAxis("axis1", "Axis"))
    room.ask(MakeAction("act001", "axis1", "Hold a calendar"))
    room.opened("pledge").ask(Pledge("mine1", "I call", "2025-01-20"), LEA)
    room.ask(Pledge("mine2", "I write", "2025-01-20"), LEA)
    room.ask(WithdrawPledge("mine2"), LEA)

    def said(thing: str, *names: str) -> list[str]:
        return [things.words(room.state, thing, name) for name in names]

    assert said("idea", "idea001", "idea002", "idea003", "nowhere") == ["Idea number 1", "", "", ""]
    assert said("theme", "theme1", "idea001") == ["Theme theme1", ""]
    assert said("action", "act001") == ["Hold a calendar"]
    assert said("commitment", "mine1", "mine2") == ["I call", ""]


def test_what_a_step_gives_are_the_things_that_stand_each_once_in_their_order() -> None:
    room = a_room().opened("ideas").with_ideas(4)
    room.ask(WithdrawIdea("idea002"), LEA)
    room.ask(HideIdea("idea003", "why"))
    room.opened("sort").with_theme("theme2", 1).with_theme("theme1", 4)
    room.ask(MakeTheme("theme3", "Gone"), LEA)
    room.ask(RemoveTheme("theme3"))

    assert things.given(room.state, "idea", ["ideas", "ideas", "nowhere"]) == ("idea001", "idea004")
    assert things.given(room.state, "theme", ["sort"]) == ("theme2", "theme1")
    assert things.given(room.state, "theme", ["ideas"]) == ()
    assert things.any_in(room.state, step(room, "ideas"))
    assert not things.any_in(room.state, step(room, "plan"))
    assert not things.any_in(room.state, step(room, "welcome"))


def test_F6_a_board_that_was_filled_without_being_opened_is_not_removed() -> None:
    from forum.domain.flow import RemoveStep
    from forum.domain.steps.board import IdeaPosted

    room = a_room().happened(IdeaPosted("idea001", "ideas", "From an old journal", LEA), by=LEA)
    before = room.state
    used = room.ask(RemoveStep("ideas"))

    assert code(used) == "step_used"
    assert room.state.steps == before.steps


def test_a_card_lies_in_the_theme_of_the_last_sort_that_put_it_into_one() -> None:
    steps = {"ideas": BoardSettings(), "one": SortSettings(), "two": SortSettings(of=("ideas",))}
    room = (
        a_room(steps)
        .opened("ideas")
        .with_ideas(2)
        .opened("one")
        .with_theme("theme1", 1, 2)
        .opened("two")
        .with_theme("theme2", 1)
    )

    def latest(idea: str) -> str | None:
        found = latest_theme(room.state, room.state.ideas.by_id[idea])
        return found.id if found else None

    assert (latest("idea001"), latest("idea002")) == ("theme2", "theme1")
    room.ask(MoveIdeas(("idea001",), None), LEA)
    assert latest("idea001") == "theme1"
    assert theme_of(room.state, step(room, "two"), room.state.ideas.by_id["idea001"]) is None


def test_a_theme_is_found_in_its_own_sort_while_it_stands() -> None:
    room = (
        a_room().opened("ideas").with_ideas(2).opened("sort").with_theme("theme1", 1).with_theme("theme2", 2)
    )
    found = theme_in(room.state, step(room, "sort"), "theme1")
    room.ask(MergeThemes("theme2", "theme1"))

    assert found is not None
    assert found.id == "theme1"
    assert theme_in(room.state, step(room, "sort"), "theme2") is None
    assert theme_in(room.state, step(room, "ideas"), "theme1") is None
    assert theme_in(room.state, None, "theme1") is None
    assert theme_in(room.state, step(room, "sort"), "nowhere") is None


def test_sorted_cards_stand_in_the_order_in_which_they_came_whichever_their_board() -> None:
    steps = {"one": BoardSettings(), "two": BoardSettings(), "sort": SortSettings(of=("one", "two"))}
    room = (
        a_room(steps)
        .opened("two")
        .with_ideas(1, step="two")
        .opened("one")
        .with_ideas(2, step="one")
        .opened("two")
    )
    room.with_ideas(1, step="two").ask(WithdrawIdea("idea002"), LEA)
    room.ask(HideIdea("idea003", "why"))

    assert [i.id for i in sorted_ideas(room.state, step(room, "sort"))] == ["idea001", "idea002", "idea004"]


def test_F8_a_step_is_one_of_many_when_there_are_others_it_might_be_about() -> None:
    room = a_room()
    alone = inputs.is_one_of_many(room.state, step(room, "sort"))
    room.ask(InsertStep(StepId("more"), BoardSettings(), Words("Encore", "More")))

    assert not alone
    assert inputs.is_one_of_many(room.state, step(room, "sort"))
    assert not inputs.is_one_of_many(room.state, step(room, "welcome"))


def test_F8_what_was_left_out_this_time_is_not_proposed_and_does_not_count_as_taken() -> None:
    steps = {"ideas": BoardSettings(), "one": SortSettings(), "two": SortSettings()}
    room = a_room(steps)
    assert inputs.inputs(room.state, step(room, "two")) == ("ideas",), (
        "where every board is taken, all are offered"
    )
    room.ask(InsertStep(StepId("more"), BoardSettings(), Words("Encore", "More"), before=StepId("one")))
    room.ask(EditStep(StepId("one"), of=(StepId("ideas"),)))
    taken = inputs.inputs(room.state, step(room, "two"))
    room.ask(SkipStep(StepId("one")))
    left_out = inputs.inputs(room.state, step(room, "two"))
    room.ask(SkipStep(StepId("more")))

    assert taken == ("more",)
    assert left_out == ("ideas", "more")
    assert inputs.inputs(room.state, step(room, "two")) == ("ideas",)


def test_F8_hidden_boards_are_shown_by_what_works_on_them_only_where_they_hold_something() -> None:
    room = a_room().opened("ideas")
    empty = inputs.hidden(room.state, step(room, "sort"))
    room.with_ideas(1)
    full = inputs.hidden(room.state, step(room, "sort"))
    room.revealed("ideas")

    assert (empty, full) == ((), ("ideas",))
    assert inputs.hidden(room.state, step(room, "sort")) == ()


def test_F8_the_steps_that_one_is_about_stand_in_the_order_of_the_agenda() -> None:
    steps = {
        "one": BoardSettings(),
        "two": BoardSettings(),
        "three": BoardSettings(),
        "sort": SortSettings(of=("three", "one")),
    }
    room = a_room(steps)

    assert [s.id for s in inputs.named(room.state, step(room, "sort"))] == ["one", "three"]
    assert inputs.in_order(room.state, ("three", "nowhere", "one", "three", "gone")) == (
        "one",
        "three",
        "nowhere",
        "gone",
    )
    assert [s.id for s in inputs.choices(room.state, step(room, "sort"))] == ["one", "two", "three"]
    assert inputs.choices(room.state, step(room, "one")) == ()


def test_a_kind_says_what_it_asks_hides_takes_and_gives() -> None:
    kinds = (
        ShowSettings(),
        BoardSettings(),
        SortSettings(),
        BallotSettings(),
        SheetSettings(),
        PledgeSettings(),
    )

    assert [k.asks for k in kinds] == [False, True, True, True, True, True]
    assert [k.counted for k in kinds] == [False, False, False, True, False, False]
    assert [k.reveals for k in kinds] == [False, True, False, True, False, False]
    assert [k.plans for k in kinds] == [False, False, False, False, True, True]
    assert [k.from_votes for k in kinds] == [False, False, False, False, True, False]
    assert [k.hides for k in kinds] == [False, True, False, False, False, False]
    assert [k.takes for k in kinds] == ["", "", "idea", "theme", "theme", "action"]
    assert [k.gives for k in kinds] == ["", "idea", "theme", "theme", "action", "commitment"]
    assert [k.pauses for k in (*kinds, ShowSettings(pause=True))] == [False] * 6 + [True]
    assert not BoardSettings(visibility="all").hides


def test_a_page_is_told_what_a_fact_changed_and_nothing_else() -> None:
    room = a_vote(points=3, cap=3)
    told = {}
    for name, command, by in (
        ("vote", None, LEA),
        ("close", CloseStep("vote"), FACILITATOR),
        ("open", OpenStep("plan"), FACILITATOR),
        ("axes", MakeAxesFromThemes(), FACILITATOR),
    ):
        room.voted(LEA, theme1=1) if command is None else room.ask(command, by)
        told[name] = room.touched[-1]

    assert Touch.you(LEA) in told["vote"]
    assert Touch.SCENE not in told["vote"]
    assert told["close"] == told["open"] == {Touch.SCENE, Touch.HEARD}
    assert told["axes"] == {Touch.PLAN, Touch.axis("x-theme4"), Touch.DEEDS, Touch.HEARD_AT_DESK}
    axis = room.state.plan.axis_order[0]
    for action, more in (("act001", {Touch.BEGUN}), ("act002", set())):
        room.ask(MakeAction(action, axis, "Do"), LEA)
        assert room.touched[-1] == {
            Touch.PLAN,
            Touch.DEEDS,
            Touch.axis(axis),
            Touch.action(action),
            Touch.you(LEA),
            *more,
        }, "only the first one begins what the plan holds"
    room.ask(Volunteer("act001", "pilot"), ANNE)
    assert room.touched[-1] == {
        Touch.PLAN,
        Touch.axis(axis),
        Touch.action("act001"),
        Touch.you(ANNE),
        Touch.you(LEA),
    }
    room.ask(ChoosePilot("act001", ANNE))
    room.ask(ChoosePilot("act001", LEA))
    assert {Touch.you(LEA), Touch.you(ANNE), Touch.DEEDS} <= room.touched[-1]
    assert code(room.ask(RemoveAxis(axis))) == "axis_used"
    assert [a.id for a in live_actions(room.state, axis)] == ["act001", "act002"]
    assert SCREEN not in room.state.people.done


def test_a_persons_own_words_are_those_that_still_say_something() -> None:
    room = a_room().opened("ideas").with_ideas(2).with_ideas(1, by=ANNE).opened("plan")
    room.ask(MakeAxis("axis1", "Axis"))
    for name, by in (("act001", LEA), ("act002", ANNE), ("act003", LEA), ("act004", LEA)):
        room.ask(MakeAction(name, "axis1", f"Do {name}"), by)
    room.ask(RemoveAction("act003"))
    room.opened("pledge").ask(Pledge("mine1", "I call", "2025-01-20"), LEA)
    room.ask(Pledge("hers1", "I write", "2025-01-20"), ANNE)

    assert things.own_words(room.state, LEA) == [
        ("idea001", "Idea number 1"), ("idea002", "Idea number 2"), ("act001", "Do act001"), ("act004", "Do act004"),
        ("mine1", "I call"),
    ]  # fmt: skip
    assert things.own_words(room.erased(LEA, frozenset({"idea001", "mine1"})).state, LEA) == [
        ("idea002", "Idea number 2"), ("act001", "Do act001"), ("act004", "Do act004"),
    ]  # fmt: skip


def test_F8_what_is_called_alike_in_two_sessions_is_told_with_its_session_and_nothing_else_is() -> None:
    room = a_room({"one": BoardSettings(), "two": BoardSettings()})
    again = Step("three1", BoardSettings(), step(room, "one").title)
    room.ask(PlanSession("second", Words("Séance", "Second"), steps=(again,)))
    told = inputs.told(room.state, room.state.steps)

    assert [(i.step.id, i.session.id if i.session else "") for i in told] == [
        ("one", "first"), ("two", ""), ("three1", "second"),
    ]  # fmt: skip
    room.ask(EditSession("second", Words("Suite", "Rest")))
    assert Touch.STEP in room.state.touched  # where people read on what they work
