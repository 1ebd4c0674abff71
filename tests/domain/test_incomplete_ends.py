"""A session that ends although its actions lack something: D5."""

from forum.domain.plan.words import ChoosePilot, EditAction
from forum.domain.sessions.record import FIRST
from forum.domain.sessions.words import BeginSession, EndSession, ReopenSession, SessionEnded
from forum.domain.undo import Undo
from tests.domain.days import planned, refusal, step
from tests.domain.seen import a_plan
from tests.scenes import LEA, Scene


def test_D5_a_session_whose_actions_lack_something_ends_with_a_reason_which_goes_when_the_end_is_taken_back():
    room = a_plan()
    room.ask(EditAction("act001", first_step=""))
    assert refusal(room.ask(EndSession(FIRST))) == "end_needs_reason"

    facts = room.ask(EndSession(FIRST, "The bus would not wait"))
    assert facts[-1] == SessionEnded(FIRST, "plan", "The bus would not wait")
    assert room.state.sessions.get(FIRST).reason == "The bus would not wait"
    room.ask(Undo(room.state.deeds[-1].seq))
    assert (room.state.sessions.live, room.state.sessions.get(FIRST).reason) == (FIRST, "")


def test_D5_no_reason_is_asked_or_kept_where_every_action_is_whole_or_was_made_on_another_day():
    room = planned(a_plan(), "second", step("talk"))
    whole(room)
    assert room.ask(EndSession(FIRST, "None is needed"))[-1].reason == ""
    room.ask(ReopenSession(FIRST))
    room.ask(EditAction("act001", first_step=""))
    room.ask(EndSession(FIRST, "The bus would not wait"))
    room.ask(BeginSession("second"))

    assert room.ask(EndSession("second"))[-1].reason == ""


def whole(room: Scene) -> None:
    """Every action of the plan has a pilot, a first step and a day."""
    for action in room.state.plan.actions:
        room.ask(EditAction(action, first_step="Call them", due="2025-03-31"))
        room.ask(ChoosePilot(action, LEA))
