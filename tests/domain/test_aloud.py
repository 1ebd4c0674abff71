"""F11: each change of the room has what is said of it, beside its fact; what is said holds nobody's words."""

import pytest

from forum.domain.aloud import KEPT
from forum.domain.flow import (
    CloseStep,
    EditStep,
    FreezeStep,
    OpenStep,
    ReopenStep,
    SetTimer,
    StopTimer,
    TurnPage,
)
from forum.domain.keeping import SetKeepUntil
from forum.domain.kernel import Aloud, Command, Fact, Gesture, Quiet, StepId, Words
from forum.domain.people import SetEntry
from forum.domain.roles import Role
from forum.domain.room import ALOUD, FACTS, GESTURES
from forum.domain.steps.board import HideIdea
from forum.domain.steps.sort import GroupIdeas
from forum.domain.touch import Touch
from forum.domain.undo import Undo
from tests.scenes import ANNE, FACILITATOR, LEA, Scene, a_room, a_vote


def silent(facts, aloud, gestures) -> list[str]:
    """The facts that do not say whether they change the room."""
    told = {fact for fact, gesture in gestures.items() if gesture.what} | set(aloud)
    return [fact.__name__ for fact in facts if fact not in told]


def said(room: Scene) -> list[str]:
    return [heard.say for heard in room.state.heard]


def test_every_fact_says_what_is_said_of_it_or_why_nothing_is() -> None:
    assert silent(FACTS, ALOUD, GESTURES) == []
    assert all(one.why for one in ALOUD.values() if isinstance(one, Quiet))


def test_a_fact_that_says_neither_is_named() -> None:
    class RoomPainted(Fact, frozen=True):
        pass

    assert silent((*FACTS, RoomPainted), ALOUD, GESTURES) == ["RoomPainted"]
    assert silent((RoomPainted,), {RoomPainted: Quiet("paint is for the eyes")}, {}) == []
    assert silent((RoomPainted,), {}, {RoomPainted: Gesture("painted the room")}) == []


FLOW: dict[str, tuple[Command, str]] = {
    "a step": (OpenStep(StepId("sort")), "Step {n} of {all}: {step}"),
    "a freeze": (
        FreezeStep(StepId("ideas")),
        "Frozen: nothing more comes in for now. Everything stays in view.",
    ),
    "an end": (CloseStep(StepId("ideas")), "This step is over: {title}."),
    "a time": (SetTimer(60), "The timer runs until {time}."),
    "an entry": (SetEntry("locked"), "Who may come in has changed."),
    "a page": (TurnPage(2), "The pages on the screen were turned."),
}


@pytest.mark.parametrize("what", FLOW)
def test_F11_a_change_of_the_room_is_kept_to_be_said_with_its_number(what: str) -> None:
    command, sentence = FLOW[what]
    room = a_room().opened("ideas")
    before = room.state.seq
    room.ask(command)

    [*_, last] = room.state.heard
    assert (last.say, last.by) == (sentence, FACILITATOR)
    assert before < last.seq <= room.state.seq


def test_a_new_step_is_said_in_place_of_what_was_said_before_it() -> None:
    room = a_room().opened("ideas")
    room.ask(SetTimer(60))
    assert len(room.state.heard) == 2

    room.opened("sort")

    assert said(room) == ["Step {n} of {all}: {step}"]


def test_no_more_is_kept_than_can_be_said_at_once_and_what_is_the_desks_takes_nothing_from_the_room() -> None:
    room = a_room().opened("ideas").with_ideas(1)
    room.ask(EditStep(StepId("ideas"), title=Words("Autre titre", "Another title")))
    told = [heard for heard in room.state.heard if heard.room]
    more = (SetEntry("locked"), TurnPage(1), HideIdea("idea001", "names"), SetKeepUntil("2025-02-20"))
    for command in (*more, EditStep(StepId("ideas"), minutes=20)):
        room.ask(command)

    assert [heard for heard in room.state.heard if heard.room] == told
    assert len(told) == 2
    assert len(room.state.heard) == 2 + KEPT
    assert len({heard.seq for heard in room.state.heard}) == 2 + KEPT


def test_that_the_time_goes_with_its_step_is_not_said() -> None:
    room = a_room().opened("ideas")
    room.ask(SetTimer(60))
    room.ask(StopTimer())
    assert said(room)[-1] == "The timer was stopped."

    room.ask(SetTimer(60))
    room.ask(FreezeStep(StepId("ideas")))

    assert said(room) == ["Frozen: nothing more comes in for now. Everything stays in view."]


def test_a_vote_is_closed_shown_and_reopened_in_its_own_words() -> None:
    room = a_vote().voted(LEA, theme1=1).closed("vote")
    assert said(room) == ["The vote is closed: {title}."]
    room.revealed("vote")
    assert said(room) == ["The result is shown now. {result}"]
    room.ask(ReopenStep(StepId("vote")))
    assert said(room) == ["The vote is open again: {step}"]


@pytest.mark.parametrize(("step", "room_too"), [("ideas", True), ("vote", False)])
def test_other_words_are_said_to_the_room_only_of_the_step_it_is_in(step: str, room_too: bool) -> None:
    room = a_room().opened("ideas")
    room.ask(EditStep(StepId(step), title=Words("Autre titre", "Another title")))

    assert room.state.heard[-1].room is room_too


def test_more_minutes_are_no_change_of_the_room() -> None:
    room = a_room().opened("ideas")
    room.ask(EditStep(StepId("ideas"), minutes=20))

    assert (said(room)[-1], room.state.heard[-1].room) == ("The agenda has changed.", False)


def test_a_gesture_of_those_who_lead_is_said_at_the_desk_and_one_of_a_participant_is_not() -> None:
    room = a_room().joined("bea", role=Role.FACILITATOR).opened("ideas").with_ideas(4).opened("sort")
    room.ask(GroupIdeas(("idea001", "idea002"), "theme1", "One"), LEA)
    assert said(room) == ["Step {n} of {all}: {step}"]

    room.ask(GroupIdeas(("idea003", "idea004"), "theme2", "Two"), "bea")

    last = room.state.heard[-1]
    assert (last.by, last.room, last.deed) == ("bea", False, True)
    assert Touch.HEARD not in room.state.touched
    deed = room.state.deeds[-1]
    room.ask(Undo(deed.seq))
    assert [(h.say, h.what) for h in room.state.heard[-1:]] == [("Undone: {what}.", deed.named or deed.what)]


def test_what_people_give_is_said_to_nobody_else() -> None:
    room = a_vote()
    before = room.state.heard
    room.voted(LEA, theme1=1).voted(ANNE, theme2=1)

    assert room.state.heard == before


def test_nothing_that_somebody_wrote_is_kept_to_be_said() -> None:
    room = a_room().opened("ideas").with_ideas(3).opened("sort").with_theme("theme1", 1, 2, by=FACILITATOR)

    assert "Theme theme1" not in str(room.state.heard)
    assert "Idea number" not in str(room.state.heard)


def test_what_is_aloud_has_its_sentence() -> None:
    assert any(isinstance(one, Aloud) for one in ALOUD.values())
