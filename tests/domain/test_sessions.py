"""Sessions, and what the forum does while none goes on: D1 to D3."""

import pytest

from forum.domain.flow import (
    MAX_ALL_STEPS,
    MAX_STEPS,
    CloseStep,
    InsertStep,
    MoveStep,
    OpenStep,
    SetTimer,
    StepClosed,
    StepReopened,
    TimerStopped,
    TurnPage,
)
from forum.domain.inputs import inputs
from forum.domain.kernel import NOBODY, Rejection, Words
from forum.domain.led import DoAgain
from forum.domain.limits import limits
from forum.domain.loss import TellLoss
from forum.domain.people import Join, SayDone
from forum.domain.sessions import presence
from forum.domain.sessions.reading import coming, in_view, last_held, live, many, rests, steps_of
from forum.domain.sessions.record import FIRST, Plan
from forum.domain.sessions.words import (
    EXPECTED,
    MAX_SESSIONS,
    BeginSession,
    EditSession,
    EndSession,
    NotePresence,
    PlanSession,
    RemoveSession,
    ReopenSession,
    SessionEnded,
    SessionReopened,
)
from forum.domain.settings import BoardSettings, PledgeSettings, SheetSettings, ShowSettings, SortSettings
from forum.domain.steps.board import PostIdea
from forum.domain.undo import Undo
from tests.domain.days import TITLE, ids, planned, refusal, step, two_days
from tests.scenes import ANNE, LEA, SCREEN, a_room, a_vote

# D1


def test_D1_a_forum_begins_with_one_session_that_is_going_on_and_holds_all_its_steps():
    room = a_room()

    assert [(s.id, s.phase) for s in room.state.sessions.all] == [(FIRST, "live")]
    assert {s.session for s in room.state.steps} == {FIRST}
    assert in_view(room.state).id == FIRST
    assert not rests(room.state)


def test_D1_a_planned_session_stands_beside_with_what_was_said_of_it_and_its_steps_cannot_be_opened_yet():
    room = planned(
        a_room(), "second", step("talk"), kind="follow_up", date="11/02/2025", place="La halle", expected=40
    )
    session = room.state.sessions.get("second")

    assert session.plan == Plan(TITLE, "follow_up", "2025-02-11", "La halle", 40)
    assert (session.phase, live(room.state).id) == ("planned", FIRST)
    assert [s.id for s in steps_of(room.state, "second")] == ["talk"]
    assert refusal(room.ask(OpenStep("talk"))) == "other_session"
    assert refusal(room.ask(OpenStep("welcome"))) is None


def test_D1_what_cannot_be_a_session_is_refused_with_what_to_do():
    room = planned(a_room())

    assert refusal(room.ask(PlanSession("second", TITLE))) == "already_so"
    assert refusal(room.ask(PlanSession("third1"))) == "session_title"
    assert refusal(room.ask(PlanSession("third1", TITLE, date="demain"))) == "bad_date"
    too_many = room.ask(PlanSession("third1", TITLE, expected=EXPECTED.most + 1))
    assert (refusal(too_many), too_many.params) == ("session_people", {"limit": EXPECTED.most})
    assert refusal(room.ask(PlanSession("third1", TITLE, steps=(step("ideas"),)))) == "already_so"
    assert refusal(room.ask(EditSession("nowhere", TITLE))) == "no_session"
    assert refusal(room.ask(EditSession("second"))) == "session_title"
    assert refusal(room.ask(EditSession("second", TITLE))) == "already_so"
    assert refusal(room.ask(BeginSession("nowhere"))) == "no_session"
    assert [s.id for s in room.state.sessions.all] == [FIRST, "second"]


def test_D1_at_most_one_session_is_going_on():
    room = planned(a_room())

    assert refusal(room.ask(BeginSession("second"))) == "session_live"
    room.ask(EndSession(FIRST))
    assert refusal(room.ask(BeginSession("second"))) is None
    assert refusal(room.ask(BeginSession("second"))) == "already_so"
    assert refusal(room.ask(ReopenSession(FIRST))) == "session_live"
    assert refusal(room.ask(BeginSession(FIRST))) == "session_over"


def test_D1_a_forum_has_so_many_sessions_and_steps_and_no_more():
    room = a_room()
    for n in range(MAX_SESSIONS - 1):
        planned(room, f"session{n:02}")
    refused = room.ask(PlanSession("onemore", TITLE))
    assert (refusal(refused), refused.params) == ("too_many_sessions", {"limit": MAX_SESSIONS})

    room = a_room({"s0": ShowSettings()})
    for day in range(MAX_ALL_STEPS // MAX_STEPS - 1):
        planned(room, f"day{day:04}", *(step(f"d{day}s{n}") for n in range(MAX_STEPS)))
    full = room.ask(PlanSession("onemore", TITLE, steps=tuple(step(f"x{n}") for n in range(MAX_STEPS))))
    assert (refusal(full), full.params) == ("too_many_steps", {"limit": MAX_STEPS, "count": MAX_ALL_STEPS})
    insert = InsertStep("extra1", ShowSettings(), Words("Un"), session="day0000")
    assert refusal(room.ask(insert)) == "too_many_steps"
    assert refusal(room.ask(InsertStep("extra1", ShowSettings(), Words("Un")))) is None


def test_D1_a_step_is_inserted_into_the_session_it_stands_in_else_into_the_one_the_desk_works_on():
    room = planned(a_room(), "second", step("talk"))
    room.ask(InsertStep("extra1", ShowSettings(), Words("Un")))
    room.ask(InsertStep("extra2", ShowSettings(), Words("Deux"), before="talk"))
    room.ask(InsertStep("extra3", ShowSettings(), Words("Trois"), session="second"))

    assert [s.id for s in steps_of(room.state, FIRST)][-2:] == ["pledge", "extra1"]
    assert [s.id for s in steps_of(room.state, "second")] == ["extra2", "talk", "extra3"]
    assert ids(room)[-4:] == ["extra1", "extra2", "talk", "extra3"]
    astray = InsertStep("extra4", ShowSettings(), Words("Quatre"), before="talk", session=FIRST)
    assert refusal(room.ask(astray)) == "other_session"
    assert (
        refusal(room.ask(InsertStep("extra4", ShowSettings(), Words("x"), session="nowhere"))) == "no_session"
    )
    room.ask(EndSession(FIRST))
    assert (
        refusal(room.ask(InsertStep("extra4", ShowSettings(), Words("x"), session=FIRST))) == "session_over"
    )
    room.ask(InsertStep("extra5", ShowSettings(), Words("Cinq")))
    assert room.state.step("extra5").session == "second"


def test_D1_a_step_moves_within_its_session_and_into_no_other():
    room = planned(a_room(), "second", step("talk"), step("eat"))

    assert refusal(room.ask(MoveStep("ideas", "talk"))) == "other_session"
    room.ask(MoveStep("ideas"))
    room.ask(MoveStep("talk"))
    assert ids(room)[-3:] == ["ideas", "eat", "talk"]
    room.ask(MoveStep("talk", "eat"))
    assert ids(room)[-3:] == ["ideas", "talk", "eat"]


def test_D1_a_session_held_first_stands_first_so_that_later_ones_can_work_on_what_it_made():
    room = planned(a_room(), "second", step("later", SortSettings()))
    planned(room, "sooner", step("before", BoardSettings()))
    room.ask(EndSession(FIRST))
    room.ask(BeginSession("sooner"))

    assert [s.id for s in room.state.sessions.all] == [FIRST, "sooner", "second"]
    assert ids(room)[-2:] == ["before", "later"]
    assert "before" in inputs(room.state, room.state.step("later"))


def test_D1_the_next_session_is_the_one_with_the_earliest_day():
    room = planned(planned(a_room(), "undated"), "march1", date="2025-03-01")
    planned(room, "feb001", date="2025-02-01")

    assert [s.id for s in coming(room.state)] == ["feb001", "march1", "undated"]


def test_D1_what_a_step_is_about_is_proposed_of_its_own_session_where_that_has_any():
    own = (step("act", SheetSettings()), step("vow", PledgeSettings()))
    room = planned(planned(a_room(), "second", *own), "third1", step("late", PledgeSettings()))

    assert inputs(room.state, room.state.step("pledge")) == ("plan",)
    assert inputs(room.state, room.state.step("vow")) == ("act",)
    assert inputs(room.state, room.state.step("late")) == ("plan", "act")


def test_D1_the_limits_of_a_session_are_these():
    room = a_room()
    bounds = limits(PlanSession)

    assert (MAX_SESSIONS, EXPECTED.least, EXPECTED.most) == (60, 0, 20_000)
    assert (bounds["title"].most, bounds["place"].most) == (120, 200)
    assert refusal(room.ask(PlanSession("second", TITLE, expected=-1))) == "session_people"
    assert refusal(room.ask(PlanSession("second", TITLE, expected=20_000))) is None


def test_D1_there_are_many_sessions_as_soon_as_there_is_a_second_one():
    assert not many(a_room().state)
    assert many(planned(a_room()).state)


# D2


def test_D2_the_wall_shows_the_first_page_whenever_a_session_begins_or_ends():
    room = planned(a_room().opened("ideas"))
    room.ask(TurnPage(3))
    room.ask(EndSession(FIRST))
    assert room.state.page == 0
    room.ask(ReopenSession(FIRST))
    room.ask(TurnPage(3))
    room.ask(EndSession(FIRST))
    room.ask(BeginSession("second"))
    assert room.state.page == 0


def test_D2_ending_a_session_closes_its_open_step_and_the_forum_rests():
    room = a_room().opened("ideas")
    room.ask(SetTimer(300))
    facts = room.ask(EndSession(FIRST))

    assert facts == (StepClosed("ideas"), TimerStopped(), SessionEnded(FIRST, "ideas"))
    assert (room.state.current, room.state.timer, rests(room.state)) == (None, None, True)
    assert room.state.step("ideas").phase == "closed"
    assert (last_held(room.state).id, last_held(room.state).ended_at) == (FIRST, room.state.at)


def test_D2_a_forum_that_rests_takes_nothing_and_opens_nothing():
    room = a_room().opened("ideas")
    room.ask(EndSession(FIRST))

    assert refusal(room.ask(PostIdea("idea900", "Trop tard", "ideas"), LEA)) == "board_closed"
    assert refusal(room.ask(SayDone(), LEA)) == "nothing_open"
    assert refusal(room.ask(OpenStep("ideas"))) == "resting"
    assert refusal(room.ask(EndSession(FIRST))) == "already_so"
    assert not isinstance(room.ask(Join(), "late"), Rejection)


def test_D2_a_session_with_an_open_vote_is_ended_only_after_its_close():
    room = a_vote()

    assert refusal(room.ask(EndSession(FIRST))) == "vote_open"
    assert room.state.sessions.live == FIRST
    room.ask(CloseStep("vote"))
    assert refusal(room.ask(EndSession(FIRST))) is None


def test_D2_a_session_that_is_not_going_on_cannot_be_ended():
    room = planned(a_room())

    assert refusal(room.ask(EndSession("second"))) == "session_not_live"
    assert refusal(room.ask(EndSession("nowhere"))) == "no_session"


def test_D2_a_second_session_runs_after_the_first_on_what_the_first_made():
    room = two_days()

    assert (room.state.current, live(room.state).id) == (None, "second")
    assert refusal(room.ask(OpenStep("ideas"))) == "other_session"
    room.opened("more").with_ideas(1, step="more").revealed("more").opened("again")
    assert inputs(room.state, room.state.step("again")) == ("more",)
    assert [i.step for i in room.state.ideas.by_id.values()].count("more") == 1


def test_D2_a_session_brings_its_own_entry_when_it_begins():
    room = two_days(entry="approval")

    assert room.state.entry == "approval"
    assert two_days().state.entry == "open"


# D3


def test_D3_the_end_of_a_session_is_taken_back_and_it_goes_on_where_it_was():
    room = a_room().opened("ideas").with_ideas(1)
    room.ask(EndSession(FIRST))
    facts = room.ask(ReopenSession(FIRST))

    assert facts == (SessionReopened(FIRST), StepReopened("ideas"))
    assert (room.state.current, room.state.step("ideas").phase) == ("ideas", "open")
    assert last_held(room.state) is None
    assert refusal(room.ask(ReopenSession(FIRST))) == "already_so"
    assert not isinstance(room.ask(PostIdea("idea900", "À temps", "ideas"), LEA), Rejection)


def test_D3_a_session_that_was_left_between_two_steps_goes_on_there():
    room = a_room().opened("ideas").closed("ideas")
    room.ask(EndSession(FIRST))
    room.ask(ReopenSession(FIRST))

    assert (room.state.current, room.state.step("ideas").phase) == ("ideas", "closed")


def test_D3_an_end_is_undone_like_any_gesture_and_never_while_another_session_goes_on():
    room = planned(a_room().opened("ideas"), "second", step("talk"))
    room.ask(EndSession(FIRST))
    ended = room.state.deeds[-1]
    assert ended.what == "SessionEnded"
    assert refusal(room.ask(Undo(ended.seq), LEA)) == "not_your_deed"
    room.ask(BeginSession("second"))
    assert refusal(room.ask(Undo(ended.seq))) == "built_on"
    room.ask(Undo(room.state.deeds[-1].seq))
    assert (rests(room.state), room.state.sessions.get("second").phase) == (True, "planned")
    room.ask(Undo(ended.seq))
    assert (room.state.sessions.live, room.state.step("ideas").phase) == (FIRST, "open")


def test_D3_a_beginning_is_undone_with_the_entry_it_brought_until_something_was_opened():
    room = planned(a_room(), "second", step("talk"), entry="locked")
    room.ask(EndSession(FIRST))
    room.ask(BeginSession("second"))
    begun = room.state.deeds[-1].seq
    room.ask(NotePresence(), LEA)
    room.ask(Undo(begun))
    assert (room.state.entry, room.state.sessions.live) == ("open", None)
    assert not presence.is_present(room.state, LEA, "second")
    room.ask(BeginSession("second"))
    begun = room.state.deeds[-1].seq
    room.opened("talk")
    assert refusal(room.ask(Undo(begun))) == "built_on"


def test_D3_a_session_that_has_not_begun_is_removed_with_its_steps_and_comes_back_as_it_was():
    room = planned(a_room(), "second", step("talk"), step("eat"), place="La halle")
    planned(room, "third1", step("sing"))
    before = room.state
    assert refusal(room.ask(RemoveSession("second"))) is None
    assert ids(room)[-1] == "sing"
    assert room.state.sessions.get("second") is None
    room.ask(Undo(room.state.deeds[-1].seq))

    assert room.state.sessions.get("second") == before.sessions.get("second")
    assert steps_of(room.state, "second") == steps_of(before, "second")
    assert [d.what for d in room.state.deeds if d.what == "SessionRemoved" and not d.undone] == []


@pytest.mark.parametrize("used", ["begun", "over"])
def test_D3_a_session_that_has_begun_is_never_removed(used):
    room = planned(a_room(), "second")
    room.ask(EndSession(FIRST))
    room.ask(BeginSession("second"))
    if used == "over":
        room.ask(EndSession("second"))

    assert refusal(room.ask(RemoveSession("second"))) == "session_used"
    assert refusal(room.ask(RemoveSession(FIRST))) == "session_used"
    assert refusal(room.ask(RemoveSession("nowhere"))) == "no_session"


def test_D3_planning_is_undone_unless_the_session_has_begun():
    room = planned(a_room(), "second", step("talk"))
    deed = room.state.deeds[-1]
    assert (deed.what, deed.about) == ("SessionPlanned", "Comité de suivi")
    room.ask(Undo(deed.seq))
    assert (room.state.sessions.get("second"), room.state.step("talk")) == (None, None)

    room = planned(a_room(), "second")
    deed = room.state.deeds[-1].seq
    room.ask(EndSession(FIRST))
    room.ask(BeginSession("second"))
    assert refusal(room.ask(Undo(deed))) == "built_on"


def test_D3_an_edit_is_undone_as_a_whole_and_not_over_a_later_one_of_the_same_session():
    room = planned(planned(a_room(), "second"), "third1")
    room.ask(EditSession("second", TITLE, place="Ici"))
    first = room.state.deeds[-1].seq
    room.ask(EditSession("third1", TITLE, place="Ailleurs"))
    room.ask(EditSession("second", TITLE, date="2025-02-11"))
    second = room.state.deeds[-1].seq

    assert refusal(room.ask(Undo(first))) == "built_on"
    room.ask(Undo(second))
    assert room.state.sessions.get("second").plan == Plan(TITLE, place="Ici")
    room.ask(Undo(first))
    assert room.state.sessions.get("second").plan == Plan(TITLE)
    assert room.state.sessions.get("third1").plan.place == "Ailleurs"


@pytest.mark.parametrize("command", [
    PlanSession("third1", TITLE), EditSession(FIRST, TITLE), BeginSession("second"), EndSession(FIRST),
    ReopenSession(FIRST), RemoveSession("second"),
])  # fmt: skip
@pytest.mark.parametrize("by", [LEA, SCREEN])
def test_D3_only_who_leads_runs_sessions(command, by):
    assert refusal(planned(a_room()).ask(command, by)) == "forbidden"


def test_an_old_journal_folds_to_one_session_from_the_opening_on():
    room = a_room()

    assert room.state.sessions.all[0].begun_at == room.state.opened_at
    assert room.state.sessions.all[0].agenda == "forum-eclair"
    assert set(room.state.sessions.present[FIRST]) == {LEA, ANNE}


def test_O10_a_session_planned_before_a_loss_is_shown_to_the_desk_and_planned_with_its_steps_at_a_press():
    room = a_room()
    room.ask(TellLoss(2, room.state.seq, room.state.seq + 30, "abcdef"), NOBODY)
    room.ask(
        PlanSession("second", TITLE, date="2025-02-11", steps=(step("more", BoardSettings()),)), again=True
    )
    assert room.state.sessions.get("second") is None
    [led] = room.state.gone.led
    assert led.kind == "PlanSession"
    room.ask(DoAgain(led.seq))

    assert room.state.sessions.get("second").plan == Plan(TITLE, date="2025-02-11")
    assert room.state.step("more").settings == BoardSettings()
