"""The desk: the one gesture that it proposes, the quiet ones beside it, and the time."""

from html import unescape

import pytest

from forum.domain.flow import CloseStep, FreezeStep, MoveStep, SetTimer, SkipStep
from forum.domain.kernel import (
    ActionId,
    AxisId,
    Command,
    CommitmentId,
    IdeaId,
    Rejection,
    StepId,
    ThemeId,
)
from forum.domain.plan.words import MakeAction, MakeAxis
from forum.domain.roles import leads
from forum.domain.sessions.record import FIRST
from forum.domain.sessions.words import EndSession
from forum.domain.settings import BoardSettings, ProposalSettings, ShowSettings
from forum.domain.steps.board import PostIdea
from forum.domain.steps.kinds import KINDS
from forum.domain.steps.pledge import Pledge
from forum.domain.steps.proposal_said import DecideProposal, WordProposal
from forum.domain.steps.sort import GroupIdeas
from forum.domain.touch import Touch
from forum.fragments import desk_lead
from forum.fragments.desk_lead import agendas, gesture_aside, quiet_gestures
from forum.fragments.kinds import DESK
from tests.fragments.on_desk import (
    a_sort,
    proposed,
    redrawn,
    shared,
)
from tests.scenes import ANNE, ECLAIR, FACILITATOR, LEA, Scene, a_room, a_vote


def test_before_the_start_the_desk_proposes_to_begin():
    assert proposed(a_room()) == "OpenStep welcome"


def test_a_hidden_board_is_to_be_revealed_then_left():
    room = a_room().opened("ideas").with_ideas(2)
    assert proposed(room) == "RevealStep ideas"
    assert gesture_aside(room.state).step.id == "sort"

    room.revealed("ideas")
    assert proposed(room) == "OpenStep sort"
    assert gesture_aside(room.state) is None


def test_a_board_that_everybody_sees_needs_no_reveal():
    room = a_room({"wall": BoardSettings(visibility="all"), "end": ShowSettings()}).opened("wall")
    room.with_ideas(1, step="wall")

    assert proposed(room) == "OpenStep end"


def test_a_vote_is_closed_then_revealed_then_left():
    room = a_vote()
    assert proposed(room) == "CloseStep vote"
    assert gesture_aside(room.state) is None, "an open vote is not left in silence"

    room.closed("vote")
    assert proposed(room) == "RevealStep vote"
    assert quiet_gestures(room.state) == ("ReopenStep",)

    room.revealed("vote")
    assert proposed(room) == "OpenStep plan"


def test_steps_that_are_left_out_are_passed_over():
    room = a_sort().with_theme("theme1", 1)
    room.ask(SkipStep("vote"))

    assert proposed(room) == "OpenStep plan"


def test_the_last_step_leads_to_the_end_of_the_session_and_then_nothing_is_proposed():
    room = a_room().opened("pledge").closed("pledge")
    assert proposed(room) == "EndSession pledge"

    room.ask(EndSession(FIRST))
    assert proposed(room) == ""


def test_no_reveal_is_proposed_where_there_is_no_card_and_the_first_one_brings_it(pages):
    room = a_room().opened("ideas")
    assert proposed(room) == ""
    assert "nothing to reveal" in shared(pages, room)["lead"]
    assert gesture_aside(room.state).step.id == "sort", "one can go on all the same"

    room.with_ideas(1)
    assert "lead" in redrawn(pages, room)
    assert proposed(room) == "RevealStep ideas"


def test_nobody_is_asked_to_commit_where_the_plan_has_no_axis(pages):
    room = a_vote().closed("vote").revealed("vote").opened("plan")
    assert proposed(room) == ""
    assert "no axis yet" in shared(pages, room)["lead"]

    room.with_plan("Call the hall")
    assert "lead" in redrawn(pages, room)
    assert proposed(room) == "OpenStep pledge"


def a_proposal() -> Scene:
    """A room with words before it, on which it has not decided."""
    room = a_room({"consent": ProposalSettings(), "end": ShowSettings()}).opened("consent")
    room.ask(WordProposal(StepId("consent"), "We open on Thursdays."))
    return room


def a_first(kind: str) -> tuple[Scene, Command]:
    """A room at the first moment of such a step, and how somebody makes the first thing in it."""
    sorts = a_room({**ECLAIR, "ideas": BoardSettings(visibility="all")}).opened("ideas").with_ideas(2)
    plans = a_vote().closed("vote").revealed("vote").opened("plan")
    plans.ask(MakeAxis(AxisId("axis1"), "Meet"))
    return {
        "board": lambda: (
            a_room({"wall": BoardSettings(visibility="all"), "end": ShowSettings()}).opened("wall"),
            PostIdea(IdeaId("idea001"), "An idea", StepId("wall")),
        ),
        "sort": lambda: (sorts.opened("sort"), GroupIdeas((IdeaId("idea001"),), ThemeId("t1"), "Meet")),
        "sheet": lambda: (plans, MakeAction(ActionId("act001"), AxisId("axis1"), "Call")),
        "pledge": lambda: (
            plans.opened("pledge"),
            Pledge(CommitmentId("pledge1"), "I call", "2025-01-20", None),
        ),
        "proposal": lambda: (a_proposal(), DecideProposal(StepId("consent"), "deferred")),
    }[kind]()


@pytest.mark.parametrize("kind", [name for name, kind in KINDS.items() if kind.settings().makes])
def test_while_nothing_is_made_the_desk_says_what_is_waited_for_and_leads_on_in_a_quieter_way(pages, kind):
    room, first = a_first(kind)
    empty = shared(pages, room)["lead"]
    assert DESK[kind].awaits(room.state, room.state.now) in unescape(empty)
    assert proposed(room) == ""
    onward = gesture_aside(room.state)
    assert f'data-op="{onward.command}"' in empty
    assert 'class="button now-button quiet"' in empty

    by = FACILITATOR if leads(type(first).__name__) else LEA
    assert not isinstance(room.ask(first, by), Rejection)
    assert Touch.SCENE in room.state.touched or "lead" in redrawn(pages, room)
    there = shared(pages, room)["lead"]
    assert proposed(room) == f"{onward.command} {onward.step.id}"
    assert 'class="button now-button"' in there
    assert 'class="now-over"' not in there

    room, _ = a_first(kind)
    room.closed(room.state.now.id)
    assert desk_lead.awaited(room.state) == "", "nobody can give anything any more"


def test_the_desk_says_one_hour_at_which_a_step_ends(pages):
    room = a_room().opened("welcome")
    assert "planned until" in shared(pages, room)["timer"]

    room.ask(SetTimer(300))
    desk = shared(pages, room)
    assert "planned until" not in "".join(desk.values())
    assert [f for f in ("ShortenTimer", "ExtendTimer", "StopTimer") if f in desk["timer"]] == [
        "ShortenTimer", "ExtendTimer", "StopTimer",
    ]  # fmt: skip


def test_quiet_gestures_follow_the_phase():
    room = a_sort()
    assert quiet_gestures(room.state) == ("FreezeStep", "CloseStep")

    room.ask(FreezeStep("sort"))
    assert quiet_gestures(room.state) == ("ReopenStep", "CloseStep")

    room.ask(CloseStep("sort"))
    assert quiet_gestures(room.state) == ("ReopenStep",)


def test_moving_a_step_by_the_agendas_buttons_moves_it_by_one_place():
    room = a_room()
    line = next(one for one in agendas(room.state)[0].lines if one.step.id == "vote")
    room.ask(MoveStep("vote", line.before))
    assert [s.id for s in room.state.steps] == ["welcome", "ideas", "vote", "sort", "plan", "pledge"]

    line = next(one for one in agendas(room.state)[0].lines if one.step.id == "vote")
    room.ask(MoveStep("vote", line.after))
    assert [s.id for s in room.state.steps] == list(ECLAIR)


def test_closing_early_says_how_many_here_have_not_voted_and_reopening_that_ballots_stay(pages):
    room = a_vote().voted(LEA, theme1=1)
    early = shared(pages, room)
    everybody = shared(pages, room.voted(ANNE, theme1=1))
    closed = shared(pages, room.closed("vote"))
    revealed = shared(pages, room.revealed("vote"))

    assert 'id="missing">1 person here has not voted yet.' in early["counts"]
    assert 'id="missing"' not in everybody["counts"]
    assert early["lead"] == everybody["lead"], "a button that changes under the hand takes no press"
    assert 'data-told="missing"' in early["lead"]
    assert "Reopen: every ballot is kept" in closed["lead"]
    assert "Vote again: a new round" in revealed["lead"]
