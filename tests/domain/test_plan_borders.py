"""The plan, commitments and the life of what people gave, at their borders: mine and others’, before and since."""

from forum.domain.keeping import EndIsNear, ErasePerson, Redacted, SetKeepUntil, Struck, days_left, is_over
from forum.domain.kernel import NOBODY, PersonId, StepId, Was, Words
from forum.domain.people import (
    ApprovePerson,
    NameMyself,
)
from forum.domain.plan.reading import live_axes
from forum.domain.plan.words import (
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
from forum.domain.room import Noted
from forum.domain.settings import (
    PledgeSettings,
    ShowSettings,
)
from forum.domain.steps.board import HideIdea
from forum.domain.steps.pledge import Pledge, WithdrawPledge
from forum.domain.steps.sort import GroupIdeas
from forum.domain.touch import Touch
from tests.domain.judged import refused
from tests.scenes import ANNE, FACILITATOR, LEA, SCREEN, START, Scene, a_room, a_vote

TAB = "a-tab-of-lea-0001"
TITLE = Words("Encore", "More")


# plan


def planning() -> Scene:
    room = a_vote(options=2).closed("vote").opened("plan")
    for axis in ("axis1", "axis2", "axis3"):
        room.ask(MakeAxis(axis, axis))
    room.ask(MakeAction("act001", "axis1", "Do"), LEA)
    return room


def test_P1_an_axis_goes_before_another_or_to_the_end_and_not_where_it_is() -> None:
    room = planning()

    def moved(axis: str, before: str | None) -> tuple[str, ...]:
        room.ask(MoveAxis(axis, before))
        return room.state.plan.axis_order

    assert moved("axis3", "axis2") == ("axis1", "axis3", "axis2")
    assert moved("axis1", None) == ("axis3", "axis2", "axis1")
    assert moved("axis3", "nowhere") == ("axis2", "axis1", "axis3")
    assert room.ask(MoveAxis("axis3", None)) == (Noted(),)
    assert room.touched[-2] >= {
        Touch.PLAN,
        Touch.axis("axis1"),
        Touch.axis("axis2"),
        Touch.axis("axis3"),
        Touch.action("act001"),
    }


def test_P1_an_axis_of_a_theme_whose_axis_was_removed_has_an_id_of_its_own() -> None:
    room = planning()
    for expected in ("x-theme1", "x-theme1-1", "x-theme1-2"):
        room.ask(MakeAxesFromThemes(("theme1", "theme1")))
        assert room.state.plan.axis_order[-1] == expected
        assert room.state.plan.axes[expected].themes == ("theme1",)
        assert refused(room.ask(MakeAxesFromThemes(("theme1",)))) == "P1 already_so"
        room.ask(RemoveAxis(expected))
    assert [a.id for a in live_axes(room.state)] == ["axis1", "axis2", "axis3"]


def test_P4_what_another_changed_after_i_looked_is_told_and_what_i_changed_is_not() -> None:
    room = planning().joined_by(ANNE)
    room.ask(EditAction("act001", title="Anne’s"), ANNE)
    seen = room.state.seq

    assert refused(room.ask(EditAction("act001", title="Mine"), LEA, seen=seen - 1)) == "P4 changed"
    assert room.ask(EditAction("act001", title="Anne’s"), LEA, seen=seen - 1) == (Noted(),), (
        "the same words are no change"
    )
    assert refused(room.ask(EditAction("act001", title="Mine"), ANNE, seen=seen - 1)) == ""
    assert refused(room.ask(EditAction("act001", title="Mine too"), LEA, seen=room.state.seq)) == ""
    assert refused(room.ask(EditAction("act001", title="Hers"), ANNE)) == ""


def test_P1_an_action_that_moves_stands_last_under_its_new_axis_and_keeps_who_wrote_it_last() -> None:
    room = planning().joined_by(ANNE)
    room.ask(MakeAction("act002", "axis2", "Else"), LEA)
    room.ask(EditAction("act001", axis="axis2", budget="12 €"), ANNE)

    assert (room.state.plan.action_order["axis1"], room.state.plan.action_order["axis2"]) == (
        (),
        ("act002", "act001"),
    )
    assert (room.state.plan.actions["act001"].by, room.state.plan.actions["act001"].budget) == (ANNE, "12 €")
    assert {
        Touch.axis("axis1"),
        Touch.axis("axis2"),
        Touch.action("act001"),
        Touch.you(ANNE),
    } <= room.touched[-1]
    assert Touch.action("act002") not in room.touched[-1]


def test_P1_an_action_comes_from_its_axis_and_its_cards_and_knows_where_it_was_made() -> None:
    room = planning()
    room.ask(MakeAxis("axis9", "Of a theme", ("theme2",)))
    room.ask(MakeAction("act009", "axis9", "Do", ("idea001", "idea002")), LEA)
    sheetless = a_room({"welcome": ShowSettings()})
    sheetless.ask(MakeAxis("axis1", "Axis"))
    sheetless.ask(MakeAction("act001", "axis1", "Do"))

    assert room.state.plan.actions["act009"].themes == ("theme2", "theme1")
    assert room.state.plan.actions["act009"].step == "plan"
    assert sheetless.state.plan.actions["act001"].step == ""


def test_P2_who_proposes_themself_twice_is_proposed_once_and_who_is_not_there_steps_back_from_nothing() -> (
    None
):
    room = planning()
    said = [room.ask(Volunteer("act001", as_), LEA) for as_ in ("partner", "partner", "pilot", "pilot")]

    assert [one == (Noted(),) for one in said] == [False, True, False, True]
    room.ask(ChoosePilot("act001", ANNE))
    assert room.ask(ChoosePilot("act001", ANNE)) == (Noted(),)
    room.ask(StepBack("act001"), LEA)
    assert (room.state.plan.actions["act001"].pilot, room.state.plan.actions["act001"].partners) == (ANNE, ())
    room.ask(StepBack("act001"), ANNE)
    assert room.state.plan.actions["act001"].pilot == NOBODY


def test_O11_an_action_and_a_commitment_that_come_again_are_noted_for_who_made_them_and_refused_to_others() -> (
    None
):
    room = planning().opened("pledge")
    room.ask(Pledge("pledge1", "I call", "2025-01-20"), LEA)

    def again(command: object, by: str, n: int, step: str) -> object:
        return room.ask(command, by, was=Was(f"lost-{by}:{n}", PersonId(by), 1, 90 + n, "", step))

    action, promise = MakeAction("act001", "axis1", "Do"), Pledge("pledge1", "I call", "2025-01-20")
    assert [again(action, LEA, 1, "plan"), again(promise, LEA, 2, "pledge")] == [(Noted(),), (Noted(),)]
    assert [refused(again(action, ANNE, 1, "plan")), refused(again(promise, ANNE, 2, "pledge"))] == [
        "P1 id_taken",
        "E1 id_taken",
    ]
    assert [room.ask(what, LEA) for what in (action, promise)] == [(Noted(),), (Noted(),)], "a copy of a tab"
    others = MakeAction("act001", "axis1", "Else"), Pledge("pledge1", "Else", "2025-01-20")
    assert [refused(room.ask(what, LEA)) for what in others] == ["P1 id_taken", "E1 id_taken"]


def test_E1_a_commitment_says_what_it_is_for_and_tells_that_action() -> None:
    room = planning().opened("pledge")
    room.ask(Pledge("pledge1", "I call", "20/01/2025", "act001"), LEA)
    bound = room.touched[-1]
    room.ask(Pledge("pledge2", "I write", "2025-01-20"), LEA)
    made = room.state.commitments.by_id["pledge1"]

    assert (made.due, made.action, made.step, made.made, made.person) == (
        "2025-01-20",
        "act001",
        "pledge",
        room.state.seq - 1,
        LEA,
    )
    assert bound == {Touch.commitment("pledge1"), Touch.PLAN, Touch.you(LEA), Touch.action("act001")}
    assert room.touched[-1] == {Touch.commitment("pledge2"), Touch.PLAN, Touch.you(LEA)}
    room.ask(WithdrawPledge("pledge1"), LEA)
    assert room.touched[-1] == bound
    assert isinstance(PledgeSettings().takes, str)


def test_a_name_that_changes_is_drawn_where_it_stands() -> None:
    room = planning()
    room.ask(Volunteer("act001", "pilot"), ANNE)
    for name in ("act002", "act003", "act004"):
        room.ask(MakeAction(name, "axis2", "Do"), LEA)
    room.ask(ChoosePilot("act002", ANNE))
    room.ask(Volunteer("act003", "partner"), ANNE)
    room.opened("sort").ask(GroupIdeas(("idea001",), "theme2"), ANNE)
    room.opened("pledge").ask(Pledge("pledge1", "I call", "2025-01-20"), ANNE)
    room.ask(NameMyself(), ANNE)

    actions = {Touch.action(f"act00{n}") for n in (1, 2, 3)}
    assert room.touched[-1] == {
        Touch.PEOPLE,
        Touch.you(ANNE),
        Touch.idea("idea001"),
        Touch.commitment("pledge1"),
        *actions,
    }
    room.ask(NameMyself(), FACILITATOR)
    assert room.touched[-1] == {Touch.PEOPLE, Touch.you(FACILITATOR), Touch.LINKS}


def test_P3_whoever_sees_an_action_change_is_told_who_is_named_in_it() -> None:
    room = planning()
    room.ask(Volunteer("act001", "partner"), ANNE)
    room.ask(Volunteer("act001", "pilot"), ANNE)
    room.ask(EditAction("act001", title="Else"))

    assert {Touch.you(ANNE), Touch.you(FACILITATOR), Touch.you(LEA)} <= room.touched[-1], "she wrote it (P7)"
    assert Touch.you(SCREEN) not in room.touched[-1]
    assert Touch.you("") not in room.touched[-1]


# the life of data


def test_K2_after_a_minute_one_may_ask_again() -> None:
    for waited, again in ((59_999, False), (60_000, True)):
        room = a_room().happened(Redacted(LEA, name_only=True), by=LEA)
        room.ahead += waited - 1000
        assert room.at - room.state.keeping.erased_at[LEA] == waited
        assert refused(room.ask(ErasePerson(), LEA)) == ("" if again else "K2 erased_lately")


def test_K2_what_waits_is_all_that_is_asked_for_or_it_is_asked_again() -> None:
    def twice(first: ErasePerson, second: ErasePerson) -> bool:
        room = a_room()
        assert refused(room.ask(first, LEA)) == ""
        return refused(room.ask(second, LEA)) == "K2 erasure_waits"

    name, every = ErasePerson(), ErasePerson(texts="all")
    some, more = (ErasePerson(texts="chosen", chosen=chosen) for chosen in (("a", "b"), ("a", "b", "c")))
    assert [twice(every, other) for other in (name, some, every)] == [True] * 3
    assert [twice(name, other) for other in (name, some, every)] == [True, False, False]
    assert [twice(more, other) for other in (name, some, more, every)] == [True, True, True, False]
    assert not twice(some, more)
    kept = ErasePerson(texts="all", name=False)
    assert [twice(kept, other) for other in (kept, name, every)] == [True, False, False]


def test_K1_a_forum_is_kept_as_long_as_was_said_and_the_end_is_told_anew() -> None:
    room = a_room().happened(EndIsNear(30))
    told = room.state.keeping.told
    room.ask(SetKeepUntil("01/06/2025"))

    assert (told, room.state.keeping.told, room.state.keeping.until) == (30, 0, "2025-06-01")
    assert refused(room.ask(SetKeepUntil("2025-06-01"))) == "K1 already_so"
    assert [days_left("2025-01-20", START + n * 86_400_000) for n in (0, 4, 5)] == [4, 0, -1]


def test_K1_the_last_day_is_over_once_it_is_over_in_the_last_zone_where_it_is() -> None:
    midnight = 1_737_417_600_000  # with which 21 January 2025 begins in UTC
    noon = midnight + 43_200_000

    assert [is_over("2025-01-20", at) for at in (midnight, noon - 1, noon)] == [False, False, True]


def test_K2_an_erasure_that_goes_on_still_waits_and_one_that_is_done_does_not() -> None:
    room = a_room()
    for person in (LEA, ANNE):
        room.ask(ErasePerson(texts="all"), person)
    room.happened(Redacted(LEA, more=True), by=LEA)
    going_on = len(room.state.keeping.erasures)
    room.happened(Redacted(LEA), by=LEA)

    assert (going_on, [e.person for e in room.state.keeping.erasures]) == (2, [ANNE])
    assert room.touched[-1] == {Touch.SCENE, Touch.DEEDS, Touch.PEOPLE, Touch.you(LEA)}
    assert room.state.scene == room.state.seq
    room.happened(Redacted("stranger", name_only=True), by=LEA)
    assert Touch.SCENE in room.touched[-1]


def test_K2_a_struck_fact_whose_husk_nobody_can_read_has_no_moment() -> None:
    room = a_room().happened(
        Redacted(LEA, (Struck(3, "a:1", "0", "c3", '{"t":7}'), Struck(4, "a:2", "0", "c4", "nonsense"))),
        by=LEA,
    )

    assert dict(room.state.keeping.struck) == {3: ("c3", 7), 4: ("c4", 0)}


def test_U1_a_hidden_card_says_why_and_the_deed_is_drawn() -> None:
    room = a_room().opened("ideas").with_ideas(1)
    room.ask(HideIdea("idea001", "why"))

    assert Touch.DEEDS in room.touched[-1]
    assert room.state.deeds[-1].op.endswith(":1")
    assert StepId("ideas") == room.state.ideas.by_id["idea001"].step
    room.ask(ApprovePerson("stranger"))
    assert len(room.state.deeds) == 1
