"""A room that strangers fill: J2, J6 and L3."""

import pytest

from forum.domain.arrivals import FEW, PeopleRemoved, ReadmitPeople, RemovePeople, remove_people
from forum.domain.kernel import Asked, Millis, PersonId, Rejection
from forum.domain.links import MAX_DEVICES
from forum.domain.people import (
    MAX_ARRIVALS,
    MAX_PEOPLE,
    ApprovePerson,
    Join,
    NameMyself,
    RemovePerson,
    SetEntry,
    join,
)
from forum.domain.person import Person
from forum.domain.roles import Role
from forum.domain.state import State, change
from forum.domain.steps.ballot import GiveMark
from forum.domain.steps.board import PostIdea
from forum.domain.undo import Undo
from tests.domain.judged import refusal
from tests.scenes import FACILITATOR, LEA, Scene, a_room, a_vote

MANY = tuple(f"new{n:02}" for n in range(FEW + 2))


def the_many(room: Scene | None = None) -> Scene:
    """People who came together, one of whom wrote a card."""
    room = (room or a_room()).opened("ideas").joined(*MANY)
    room.ask(PostIdea("idea900", "Vraiment ici", "ideas"), MANY[0])
    return room


def full(room: Scene) -> State:
    """The same room, in which nobody fits any more."""
    people = room.state.people.by_id
    for n in range(MAX_PEOPLE - room.state.people.voices):
        person = PersonId(f"filler{n:07}")
        people = people.set(person, Person(person, Role.PARTICIPANT, Millis(1), 1, number=n + 3))
    return change(
        room.state, people=change(room.state.people, by_id=people, voices=MAX_PEOPLE, arrivals=MAX_PEOPLE)
    )


def asked(room: Scene, by: str) -> Asked:
    return Asked(PersonId(by), Millis(room.at))


@pytest.mark.parametrize("role", [Role.FACILITATOR, Role.SCREEN, Role.STAFF])
def test_J2_a_full_room_keeps_out_nobody_who_leads_shows_or_exports(role: Role) -> None:
    room = a_room()
    state = full(room)

    assert refusal(join(state, Join(), asked(room, "late"))) == "room_full"
    assert refusal(join(state, Join(role, key="k1"), asked(room, "late"))) is None


def test_J2_the_removed_take_no_room() -> None:
    room = a_room()
    state = full(room)
    gone = [PersonId(f"filler{n:07}") for n in range(3)]
    for person in gone:
        state = change(
            state,
            people=change(
                state.people,
                by_id=state.people.by_id.set(person, change(state.people.by_id[person], state="out")),
            ),
        )
    state = change(state, people=change(state.people, voices=MAX_PEOPLE - len(gone)))

    assert refusal(join(state, Join(), asked(room, "late"))) is None


def test_J2_who_waits_for_approval_takes_room_and_gives_it_back() -> None:
    room = a_room()
    room.ask(SetEntry("approval"))
    room.joined(*MANY)
    assert (room.state.people.voices, room.state.people.waiting) == (2, len(MANY))

    room.ask(ApprovePerson(MANY[0]))
    room.ask(RemovePerson(MANY[1]))
    assert (room.state.people.voices, room.state.people.waiting) == (3, len(MANY) - 2)
    late = change(room.state, people=change(room.state.people, waiting=MAX_PEOPLE - 3))
    assert refusal(join(late, Join(), asked(room, "late"))) == "room_full"


def test_J2_a_code_by_which_far_too_many_came_and_went_lets_nobody_new_in() -> None:
    room = a_room()
    state = change(room.state, people=change(room.state.people, arrivals=MAX_ARRIVALS))

    assert refusal(join(state, Join(), asked(room, "late"))) == "too_many_came"
    assert refusal(join(state, Join(ticket=True, key="t1"), asked(room, "late"))) is None


def test_L3_a_link_opened_without_end_is_to_be_made_anew() -> None:
    room = a_room()
    room.ask(Join(Role.SCREEN, key="k1"), "wall-1")
    link = room.state.links.by_key["k1"]
    state = change(
        room.state,
        links=change(
            room.state.links,
            by_key=room.state.links.by_key.set("k1", change(link, people=("x",) * MAX_DEVICES)),
        ),
    )

    assert refusal(join(state, Join(Role.SCREEN, key="k1"), asked(room, "late"))) == "link_full"
    assert refusal(join(state, Join(Role.FACILITATOR, key="k2"), asked(room, "late"))) is None


def test_J6_those_who_came_together_go_in_one_gesture_and_who_gave_something_stays() -> None:
    room = the_many()
    assert room.state.people.voices == 2 + len(MANY)
    verdict = room.ask(RemovePeople(MANY))

    assert refusal(verdict) is None
    assert room.state.people.voices == 3
    assert room.state.people.by_id[MANY[0]].state == "in"
    assert {room.state.people.by_id[p].state for p in MANY[1:]} == {"out"}
    assert refusal(room.ask(PostIdea("idea901", "Non", "ideas"), MANY[1])) == "removed"
    assert room.state.people.removals[-1].count == len(MANY) - 1


def test_J6_who_gave_something_goes_too_where_that_is_asked_and_it_stays() -> None:
    room = the_many()
    room.ask(RemovePeople(MANY, given=True))

    assert {room.state.people.by_id[p].state for p in MANY} == {"out"}
    assert room.state.ideas.active["ideas"] == 1


def test_J6_a_vote_is_something_given() -> None:
    room = a_vote().joined(*MANY)
    room.ask(GiveMark("vote", "theme1", 1), MANY[3])
    room.ask(RemovePeople(MANY))

    assert [p for p in MANY if room.state.people.by_id[p].state == "in"] == [MANY[3]]


def test_J6_a_few_people_are_not_removed_in_one_gesture() -> None:
    """Or whoever leads would learn of one person whether they have voted."""
    room = the_many()

    assert refusal(room.ask(RemovePeople(MANY[: FEW - 1]))) == "few_people"
    assert refusal(room.ask(RemovePeople((*MANY[: FEW - 1], MANY[0], "nobody", FACILITATOR)))) == "few_people"
    assert refusal(room.ask(RemovePeople(MANY), LEA)) == "forbidden"
    assert room.state.people.voices == 2 + len(MANY)


def test_J6_it_reaches_nobody_who_leads_has_a_ticket_or_was_entered_at_the_desk() -> None:
    room = the_many()
    room.ask(Join(Role.FACILITATOR, key="k1"), "second")
    room.ask(Join(key="t1", ticket=True), "ticket")
    room.ask(RemovePeople((*MANY, FACILITATOR, "second", "ticket")))

    assert {room.state.people.by_id[p].state for p in (FACILITATOR, "second", "ticket")} == {"in"}


def test_J6_the_removed_are_let_in_again_all_at_once_or_one_by_one() -> None:
    room = the_many()
    room.ask(RemovePeople(MANY))
    room.ask(ApprovePerson(MANY[5]))
    assert room.state.people.by_id[MANY[5]].state == "in"
    removal = room.state.people.removals[-1]
    room.ask(ReadmitPeople(removal.seq))

    assert room.state.people.voices == 2 + len(MANY)
    assert room.state.people.removals == ()
    assert refusal(room.ask(ReadmitPeople(removal.seq))) == "no_removal"
    assert refusal(room.ask(NameMyself(), MANY[1])) is None


def test_J6_removing_many_can_be_undone_and_who_waited_waits_again() -> None:
    room = a_room()
    room.ask(SetEntry("approval"))
    room.joined(*MANY[:6])
    room.ask(SetEntry("open"))
    room.joined(*MANY[6:])
    room.ask(RemovePeople(MANY))
    assert (room.state.people.voices, room.state.people.waiting) == (2, 0)
    room.ask(Undo(room.state.deeds[-1].seq))

    assert (room.state.people.voices, room.state.people.waiting) == (2 + len(MANY) - 6, 6)
    assert room.state.people.removals == ()


def test_J6_a_whole_city_is_removed_in_facts_of_a_bounded_size() -> None:
    room = a_room()
    state = full(room)
    facts = remove_people(state, RemovePeople(tuple(state.people.by_id)), asked(room, FACILITATOR))

    assert not isinstance(facts, Rejection)
    assert all(isinstance(fact, PeopleRemoved) and len(fact.people) <= 1000 for fact in facts)
    assert sum(len(fact.people) for fact in facts if isinstance(fact, PeopleRemoved)) == MAX_PEOPLE
