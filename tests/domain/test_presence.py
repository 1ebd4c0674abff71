"""Who was there: D4."""

import pytest

from forum.domain.kernel import NOBODY, PersonId, Rejection
from forum.domain.people import (
    AddPerson,
    ApprovePerson,
    Join,
    PersonJoined,
    PersonNamed,
    RemovePerson,
    SetEntry,
)
from forum.domain.roles import Role
from forum.domain.sessions import presence
from forum.domain.sessions.record import FIRST
from forum.domain.sessions.words import EndSession, NotePresence, PresenceNoted, TakePresenceBack
from tests.domain.days import planned, refusal, two_days
from tests.scenes import ANNE, FACILITATOR, LEA, a_room


def test_D4_whoever_comes_in_while_a_session_goes_on_was_there_and_whoever_came_on_another_day_checks_in():
    room = two_days().joined("eve")
    assert presence.count(room.state, FIRST) == 2
    assert set(room.state.sessions.present["second"]) == {"eve"}
    room.ask(NotePresence(), LEA)

    assert presence.count(room.state, "second") == 2
    assert refusal(room.ask(NotePresence(), LEA)) == "already_so"
    assert not presence.is_present(room.state, ANNE, "second")


def test_D4_who_waits_was_there_once_let_in_and_who_comes_while_the_forum_rests_was_not():
    room = planned(a_room())
    room.ask(SetEntry("approval"))
    room.joined("eve")
    assert not presence.is_present(room.state, "eve", FIRST)
    room.ask(ApprovePerson("eve"))
    assert presence.is_present(room.state, "eve", FIRST)
    room.ask(EndSession(FIRST))
    room.ask(SetEntry("open"))
    room.joined("paul")
    assert not any(presence.is_present(room.state, "paul", s.id) for s in room.state.sessions.all)


def test_D4_a_ticket_made_ahead_is_nobodys_presence_until_they_come():
    room = a_room().happened(PersonJoined(PersonId("eve"), Role.PARTICIPANT, "0123456789abcdef"), by="eve")
    assert not presence.is_present(room.state, "eve", FIRST)
    room.ask(Join(ticket=True), "eve")

    assert presence.is_present(room.state, "eve", FIRST)


def test_D4_coming_in_again_on_the_second_day_is_checking_in():
    room = two_days()
    room.ask(Join(), LEA)

    assert presence.is_present(room.state, LEA, "second")
    assert set(room.state.sessions.present["second"]) == {LEA}


@pytest.mark.parametrize("who", [FACILITATOR, "gone", "waits"])
def test_D4_coming_in_again_checks_nobody_in_who_leads_was_removed_or_waits(who):
    room = two_days()
    room.joined("gone").ask(RemovePerson("gone"))
    room.ask(SetEntry("approval"))
    room.joined("waits")
    room.ask(TakePresenceBack("gone"))
    facts = room.ask(Join(), who)

    assert not isinstance(facts, Rejection)
    assert not any(isinstance(fact, PresenceNoted) for fact in facts)


def test_D4_coming_in_again_while_the_forum_rests_checks_nobody_in():
    room = a_room()
    room.ask(EndSession(FIRST))

    assert room.ask(Join(), LEA) == (PersonNamed(LEA),)


def test_D4_the_desk_notes_presence_for_others_also_of_a_session_that_is_over_and_a_participant_only_for_themself():
    room = two_days()
    assert refusal(room.ask(NotePresence(ANNE), LEA)) == "forbidden"
    assert refusal(room.ask(NotePresence(session=FIRST), LEA)) == "forbidden"
    assert refusal(room.ask(NotePresence(ANNE))) is None
    room.ask(AddPerson("assisted1"))
    room.ask(TakePresenceBack(ANNE, FIRST))
    assert not presence.is_present(room.state, ANNE, FIRST)
    assert refusal(room.ask(NotePresence(ANNE, FIRST))) is None
    assert presence.is_present(room.state, "assisted1", "second")


def test_D4_presence_is_taken_back_by_the_person_or_the_desk():
    room = two_days()
    room.ask(NotePresence(), LEA)
    assert refusal(room.ask(TakePresenceBack(LEA), ANNE)) == "forbidden"
    assert refusal(room.ask(TakePresenceBack(), LEA)) is None
    assert refusal(room.ask(TakePresenceBack(), LEA)) == "not_there"
    room.ask(NotePresence(LEA))
    assert refusal(room.ask(TakePresenceBack(LEA))) is None


def test_D4_nobody_is_noted_where_there_is_nobody_or_no_session_or_not_yet():
    room = planned(a_room())
    assert refusal(room.ask(NotePresence("nobody"))) == "no_person"
    assert refusal(room.ask(NotePresence(FACILITATOR))) == "no_person"
    assert refusal(room.ask(NotePresence(LEA, "nowhere"))) == "no_session"
    assert refusal(room.ask(NotePresence(LEA, "second"))) == "session_not_begun"
    room.ask(EndSession(FIRST))
    assert refusal(room.ask(NotePresence(), LEA)) == "resting"


def test_D4_who_was_removed_is_not_counted():
    room = two_days()
    room.ask(NotePresence(LEA))
    room.ask(RemovePerson(LEA))

    assert presence.count(room.state, "second") == 0
    assert refusal(room.ask(NotePresence(LEA))) == "no_person"
    assert NOBODY not in room.state.sessions.present["second"]
