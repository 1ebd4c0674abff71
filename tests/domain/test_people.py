"""Joining and standing: J1–J5, and the table of roles."""

import pytest

from forum.domain import people
from forum.domain.flow import OpenStep
from forum.domain.links import RevokeKey
from forum.domain.people import (
    AddPerson,
    ApprovePerson,
    Join,
    RemovePerson,
    SayDone,
    SetEntry,
    TakeDoneBack,
)
from forum.domain.roles import MAY, Role, may
from forum.domain.room import COMMANDS, FROM_SERVER
from forum.domain.steps.ballot import GiveMark
from forum.domain.steps.board import PostIdea
from tests.domain.judged import refusal
from tests.scenes import ANNE, FACILITATOR, LEA, SCREEN, a_room, a_vote


def test_J1_joining_needs_no_name_and_joining_twice_is_once():
    room = a_room(people=())
    room.joined("new").joined("new")

    assert room.state.people.voices == 1
    assert room.state.people.by_id["new"].number == 1


def test_J2_a_locked_room_lets_nobody_new_in_but_keeps_those_who_are_there():
    room = a_room().opened("ideas")
    room.ask(SetEntry("locked"))

    assert refusal(room.ask(Join(), "late")) == "locked"
    assert refusal(room.ask(PostIdea("idea900", "Still here", "ideas"), LEA)) is None
    assert refusal(room.ask(Join(ticket=True), "with-ticket")) is None


def test_J2_who_waits_for_approval_can_do_nothing_until_let_in():
    room = a_room().opened("ideas")
    room.ask(SetEntry("approval"))
    room.joined("waiting")

    assert refusal(room.ask(PostIdea("idea900", "Too early", "ideas"), "waiting")) == "waiting"
    assert room.state.people.voices == 2
    room.ask(ApprovePerson("waiting"))
    assert refusal(room.ask(PostIdea("idea901", "Now", "ideas"), "waiting")) is None
    assert room.state.people.voices == 3


def test_J3_a_removed_person_can_do_nothing_more_and_what_they_gave_stays():
    room = a_room().opened("ideas").with_ideas(2, by=LEA)
    room.ask(RemovePerson(LEA))

    assert refusal(room.ask(PostIdea("idea900", "No", "ideas"), LEA)) == "removed"
    assert room.state.ideas.active["ideas"] == 2
    assert room.state.people.voices == 1


def test_J3_a_capability_taken_back_cuts_all_who_came_by_it_and_nobody_else():
    room = a_room()
    room.ask(Join(Role.FACILITATOR, key="k1"), "second")
    room.ask(RevokeKey("k1"))

    assert refusal(room.ask(OpenStep("ideas"), "second")) == "removed"
    assert refusal(room.ask(OpenStep("ideas"), FACILITATOR)) is None
    assert refusal(room.ask(Join(Role.FACILITATOR, key="k1"), "third")) == "removed"


def test_J3_somebody_who_never_joined_has_no_standing():
    assert refusal(a_room().opened("ideas").ask(PostIdea("idea900", "?", "ideas"), "stranger")) == "removed"


def test_J4_the_desk_enters_for_people_without_a_phone_and_only_for_them():
    room = a_vote()
    room.ask(AddPerson("grandpa"))
    vote = GiveMark("vote", "theme1", 1)

    assert refusal(room.ask(vote, on_behalf="grandpa")) is None
    assert refusal(room.ask(vote, on_behalf=LEA)) == "not_assisted"
    assert refusal(room.ask(vote, by=ANNE, on_behalf="grandpa")) == "forbidden"
    ballot = room.state.rounds.latest("vote").ballots["grandpa"]
    assert ballot.entered_by == FACILITATOR


def test_J5_done_can_be_taken_back_while_the_step_is_open():
    room = a_room().opened("ideas")
    room.ask(SayDone(), LEA)
    assert room.state.people.done["ideas"] == 1
    room.ask(TakeDoneBack(), LEA)

    assert room.state.people.done["ideas"] == 0
    assert refusal(room.ask(TakeDoneBack(), LEA)) == "already_so"


def test_J5_nothing_is_done_when_no_step_is_open():
    assert refusal(a_room().ask(SayDone(), LEA)) == "nothing_open"


def test_every_command_a_client_may_send_has_a_row_in_the_table_of_roles():
    assert set(MAY) == set(COMMANDS) - FROM_SERVER


@pytest.mark.parametrize("command", sorted(set(COMMANDS) - FROM_SERVER))
def test_the_screen_and_observers_may_ask_for_nothing(command):
    assert not may(Role.SCREEN, command)
    assert not may(Role.OBSERVER, command)


def test_a_role_that_may_not_is_refused_by_the_rules_themselves():
    room = a_room().opened("ideas")

    assert refusal(room.ask(OpenStep("sort"), LEA)) == "forbidden"
    assert refusal(room.ask(PostIdea("idea900", "Wall", "ideas"), SCREEN)) == "forbidden"
    assert people.MAX_PEOPLE >= 10_000


def test_J3_taking_back_no_key_at_all_cuts_nobody():
    room = a_room().opened("ideas")

    assert refusal(room.ask(RevokeKey(""))) == "no_link"
    assert refusal(room.ask(PostIdea("idea900", "Still here", "ideas"), LEA)) is None
