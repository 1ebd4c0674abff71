"""O14: a press does what stood on the page when it was read, or nothing; each command says what that is."""

import random

import pytest

from forum.domain.flow import (
    CloseStep,
    ExtendTimer,
    FreezeStep,
    MoveStep,
    OpenStep,
    ReopenStep,
    RevealStep,
    SetTimer,
)
from forum.domain.kernel import Absolute, Rejection, Saw
from forum.domain.led import DoAgain
from forum.domain.plan.words import EditAxis
from forum.domain.room import COMMANDS, SEES, Noted, Refused, Seen
from forum.domain.sessions.record import FIRST
from forum.domain.sessions.words import EndSession
from forum.domain.state import State
from forum.domain.steps.ballot import GiveMark
from forum.domain.steps.board import PostIdea
from forum.domain.undo import Undo
from forum.language import Reader
from forum.web import verdicts
from tests.doings import leads
from tests.domain import seen, seen_agreeing
from tests.domain.judged import refused
from tests.domain.seen import a_plan, by_desk, cards, themes
from tests.histories import a_command, one_more, random_history
from tests.scenes import ANNE, LEA, a_vote

CASES = seen.CASES | seen_agreeing.CASES

# the registry


def test_O14_every_command_says_what_whoever_presses_must_have_seen_or_why_nothing():
    assert [name for name, command in COMMANDS.items() if command not in SEES] == []
    assert [c.__name__ for c in SEES if c.__name__ not in COMMANDS] == []
    assert [c.__name__ for c, policy in SEES.items() if isinstance(policy, Absolute) and not policy.why] == []


def test_O14_every_command_that_is_judged_by_what_was_seen_has_its_case_here():
    assert {c.__name__ for c, policy in SEES.items() if isinstance(policy, Saw)} == set(CASES)


# each command


@pytest.mark.parametrize("name", sorted(CASES))
def test_O14_a_press_on_a_page_that_shows_what_stands_goes_through(name):
    case = CASES[name]()

    assert refused(case.room.ask(case.command(), case.by, seen=case.room.state.seq)) == ""


@pytest.mark.parametrize("name", sorted(CASES))
def test_O14_a_press_whose_meaning_has_passed_changes_nothing_and_says_so(name):
    case = CASES[name]()
    seen = case.room.state.seq
    case.happens(case.meanwhile)
    stood = case.room.state.seq

    said = case.room.ask(case.command(), case.by, seen=seen)

    assert isinstance(said, Rejection)
    assert said.rule == "O14"
    assert [type(record.fact) for _, _, record in case.room.journal[stood:]] == [Refused]
    for reader in (Reader("fr"), Reader("en")):
        assert "{" not in verdicts.sentence(reader, said.code, said.params, lambda person: person)


@pytest.mark.parametrize("name", sorted(CASES))
def test_O14_whoever_looked_again_is_not_refused_by_it(name):
    case = CASES[name]()
    case.happens(case.meanwhile)

    said = case.room.ask(case.command(), case.by, seen=case.room.state.seq)

    assert not refused(said).startswith("O14")


@pytest.mark.parametrize("name", sorted(CASES))
def test_O14_what_has_nothing_to_do_with_a_press_does_not_stand_in_its_way(name):
    case = CASES[name]()
    seen, command = case.room.state.seq, case.command()
    case.happens(case.besides)

    assert refused(case.room.ask(command, case.by, seen=seen)) == ""


@pytest.mark.parametrize("name", sorted(CASES))
def test_O14_a_page_that_does_not_say_what_it_showed_is_believed_to_have_shown_all(name):
    case = CASES[name]()
    case.happens(case.meanwhile)

    assert not refused(case.room.ask(case.command(), case.by)).startswith("O14")


# two desks, and one that is in a hurry


def test_O14_yes_to_a_question_asked_before_another_desk_revealed_and_went_on_does_nothing():
    room = cards()
    asked_at = room.state.seq
    room.ask(RevealStep("ideas"))
    assert refused(room.ask(RevealStep("ideas"), seen=asked_at)) == "F5 already_so"
    room.ask(OpenStep("sort"))

    said = room.ask(RevealStep("ideas"), seen=asked_at)

    assert said == Rejection(
        "O14", "gone_on", {"title": {"fr": "Étape sort", "en": "Step sort"}, "label": "open"}
    )
    assert room.state.current == "sort"


def test_O14_two_desks_that_go_on_at_one_moment_move_one_step():
    room = cards()
    seen = room.state.seq

    room.ask(OpenStep("sort"), seen=seen)

    assert refused(room.ask(OpenStep("sort"), seen=seen)) == "F1 already_so"
    assert refused(room.ask(OpenStep("vote"), seen=seen)) == "O14 gone_on"
    assert room.state.current == "sort"


def test_O14_freezing_twice_freezes_and_only_who_saw_it_frozen_reopens():
    room = cards()
    seen = room.state.seq

    room.ask(FreezeStep("ideas"), seen=seen)

    assert refused(room.ask(FreezeStep("ideas"), seen=seen)) == "F3 already_so"
    assert refused(room.ask(ReopenStep("ideas"), seen=seen)) == "O14 gone_on"
    assert room.state.now.phase == "frozen"
    assert refused(room.ask(ReopenStep("ideas"), seen=room.state.seq)) == ""


def test_O14_where_nothing_is_current_any_more_the_answer_says_that():
    room = cards()
    seen = room.state.seq
    room.ask(EndSession(FIRST))

    assert refused(room.ask(EndSession(FIRST), seen=seen)) == "D2 already_so"
    assert refused(room.ask(RevealStep("ideas"), seen=seen)) == "O14 gone_on_none"


def test_O14_the_answer_names_the_step_in_the_readers_language_and_falls_back_on_the_other():
    title = {"fr": "Voter", "en": ""}
    said = [
        verdicts.sentence(Reader(lang), "gone_on", {"title": title, "label": "revealed"}, str)
        for lang in ("fr", "en")
    ]

    assert all(
        "“Voter”" in text or "« Voter »" in text.replace("\u202f", " ").replace("\u00a0", " ")
        for text in said
    )


# one's own presses


def test_O14_what_ones_own_tab_did_does_not_stand_in_its_way():
    room = a_plan()
    seen, tab = room.state.seq, "tab-of-the-desk-1"
    room.ask(EditAxis("axis9", "One"), tab=tab, op=1, seen=seen)

    assert refused(room.ask(EditAxis("axis9", "Two"), tab=tab, op=2, seen=seen)) == ""
    assert refused(room.ask(ExtendTimer(60), tab=tab, op=3, seen=seen)) == ""
    assert refused(room.ask(ExtendTimer(60), tab=tab, op=4, seen=seen)) == ""
    assert refused(room.ask(EditAxis("axis9", "Three"), seen=seen)) == "O14 has_changed"


def test_O14_of_a_gesture_of_many_facts_all_are_its_tabs_own():
    room, tab = cards(), "tab-of-the-desk-1"
    seen = room.state.seq
    room.ask(OpenStep("sort"), tab=tab, op=1)  # closes one, reveals it, opens the other
    room.ask(SetTimer(60), tab=tab, op=2, seen=seen)

    assert refused(room.ask(SetTimer(60), tab=tab, op=3, seen=seen)) == ""


def test_O14_whoever_leads_is_not_believed_to_have_seen_what_their_own_press_made():
    room, tab = cards(), "tab-of-the-desk-1"
    seen = room.state.seq
    room.ask(FreezeStep("ideas"), tab=tab, op=1, seen=seen)

    assert refused(room.ask(OpenStep("sort"), tab=tab, op=2, seen=seen)) == "O14 gone_on"


# beside other rules


def test_O14_a_repeat_gets_its_first_verdict_whatever_has_passed():
    room, tab = cards(), "tab-of-the-desk-1"
    seen = room.state.seq
    room.ask(FreezeStep("ideas"), tab=tab, op=1, seen=seen)
    at = room.state.seq
    room.ask(ReopenStep("ideas"))

    assert room.ask(FreezeStep("ideas"), tab=tab, op=1, seen=seen) == Seen(at, None)


def test_O14_what_another_rule_refuses_is_said_in_its_words():
    room = a_vote()
    seen = room.state.seq
    for command, by in by_desk(CloseStep("vote"), RevealStep("vote"), ReopenStep("vote"), CloseStep("vote")):
        room.ask(command, by)

    assert refused(room.ask(GiveMark("vote", "theme1", 1), LEA, seen=seen)) == "V1 vote_closed"


def test_O14_a_wish_that_is_true_already_is_no_refusal():
    room = a_plan()
    seen = room.state.seq
    room.ask(EditAxis("axis9", "One"))
    room.ask(MoveStep("pause", "plan"))

    assert room.ask(EditAxis("axis9", "One"), seen=seen) == (Noted(),)
    assert refused(room.ask(MoveStep("pause", "plan"), seen=seen)) == "F2 already_so"


def test_O14_nobody_learns_by_it_what_is_not_for_them():
    room = cards()
    seen = room.state.seq
    room.ask(OpenStep("sort"))

    assert refused(room.ask(FreezeStep("ideas"), LEA, seen=seen)) == "J3 forbidden"


def test_O14_a_round_in_which_the_ballots_of_another_go_on_is_the_same_vote():
    room = a_vote().voted(ANNE, theme1=1)
    seen = room.state.seq
    room.ask(CloseStep("vote"))
    room.ask(ReopenStep("vote"))

    assert refused(room.ask(GiveMark("vote", "theme1", 1), LEA, seen=seen)) == ""


def test_O14_a_gesture_that_came_after_the_page_was_read_is_not_undone_in_anothers_place():
    room = themes()
    seen = room.state.seq
    room.with_theme("theme9", 3)

    assert refused(room.ask(Undo(room.state.deeds[-1].seq), seen=seen)) == "O14 has_changed"


def test_O10_what_is_done_again_is_judged_by_what_whoever_presses_has_seen_of_it():
    room = cards()
    room.ask(OpenStep("sort"), elsewhere=True)
    led = room.state.gone.led[0].seq
    seen = room.state.seq
    room.ask(OpenStep("gallery"))

    assert refused(room.ask(DoAgain(led), seen=seen)) == "O14 gone_on"
    assert room.state.gone.led, "it stays in the list"
    assert refused(room.ask(DoAgain(led), seen=room.state.seq)) == ""


def test_O11_what_comes_again_after_a_loss_is_not_judged_by_what_a_page_showed():
    room = a_vote()
    seen = room.state.seq
    room.ask(SetTimer(60))

    assert refused(room.ask(PostIdea("idea999", "Late", "ideas"), LEA, seen=1, again=True)).startswith("B1")
    assert refused(room.ask(FreezeStep("vote"), seen=seen, elsewhere=True)) == ""


# whole histories


@pytest.mark.parametrize("seed", range(3))
def test_O14_a_press_right_after_its_page_was_drawn_is_never_refused_by_it(seed):
    rng = random.Random(seed)
    print(f"seed {seed}")
    room = random_history(rng, 60)
    for n in range(200):
        command, by = a_command(rng, room)
        said = room.ask(command, by, seen=room.state.seq)
        assert not refused(said).startswith("O14"), command
        if n % 9 == 0:
            one_more(rng, room, eager=n % 18 == 0)


@pytest.mark.parametrize("seed", range(3))
def test_O14_whatever_leads_happened_only_where_its_page_showed_the_forum_as_it_stood(seed):
    rng = random.Random(seed)
    print(f"seed {seed}")
    room = random_history(rng, 60)
    states = {room.state.seq: room.state}
    taken, refusals = 0, 0
    for _ in range(300):
        seen, before = rng.choice(sorted(states)[-4:]), room.state
        command = rng.choice(leads(rng, room))
        said = room.ask(command, seen=seen)
        states[room.state.seq] = room.state
        refusals += refused(said) == "O14 gone_on"
        if isinstance(command, GOES_ON) and isinstance(said, tuple) and said != (Noted(),):
            taken += 1
            assert stands(states[seen]) == stands(before), command
    assert taken
    assert refusals


GOES_ON = (OpenStep, FreezeStep, ReopenStep, RevealStep, CloseStep)


def stands(state: State) -> object:
    """Where a forum is, for whoever leads it."""
    now = state.now
    return state.sessions.live, now and (now.id, now.phase, now.revealed, now.resumed_at)
