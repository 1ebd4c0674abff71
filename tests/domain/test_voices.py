"""A voice on another phone: J9, J10, J11 and V14, and what of before is where."""

import pytest

from forum.domain import things
from forum.domain.belonging.part import CategoriesSet, CategorySet, OrganisationSet
from forum.domain.belonging.record import Category
from forum.domain.flow import CloseStep, ReopenStep
from forum.domain.keeping import ErasePerson
from forum.domain.kernel import PersonId, Rejection, Words
from forum.domain.kin import called, holder, kin_of
from forum.domain.people import AddPerson, ApprovePerson, NameMyself, RemovePerson, SayDone
from forum.domain.plan.words import ChoosePilot, StepBack, Volunteer
from forum.domain.room import Noted
from forum.domain.sessions import presence
from forum.domain.sessions.record import FIRST
from forum.domain.steps.ballot import GiveMark, MarkGiven
from forum.domain.steps.board import EditIdea, PostIdea
from forum.domain.steps.pledge import Pledge
from forum.domain.steps.replacing import BallotReplaced, BallotRestored
from forum.domain.steps.voting import checksum, result
from forum.domain.voices import HandVoice, ReclaimVoice, ReturnVoice, VoiceHanded, VoiceReturned, may_reclaim
from tests.audit.evidences import a_receipt
from tests.domain.judged import refusal
from tests.scenes import ANNE, FACILITATOR, LEA, Scene, a_room, a_vote

NEW, NEWER = PersonId("lea-on-two"), PersonId("lea-on-three")


def handed(room: Scene, to: str = NEW, of: str = LEA) -> Scene:
    got = room.ask(HandVoice(of, to))
    assert not isinstance(got, Rejection), got
    return room


def ballots(room: Scene, step: str = "vote") -> dict[str, dict[str, int]]:
    return {person: dict(ballot.marks) for person, ballot in room.state.rounds.latest(step).ballots.items()}


def test_J9_a_new_phone_has_the_place_of_the_one_before_and_nothing_of_what_it_gave() -> None:
    room = a_room().opened("ideas")
    college, house = Category("c1", Words("Élus", "Elected")), "house-1"
    room.happened(CategoriesSet((college,)), CategorySet(LEA, "c1"), OrganisationSet(LEA, house))
    room.ask(PostIdea("idea001", "Une idée de Léa", "ideas"), LEA)
    before, voices = room.state.people.by_id[LEA], room.state.people.voices
    handed(room)
    new, old = room.state.people.by_id[NEW], room.state.people.by_id[LEA]

    assert (new.role, new.number, new.key, new.state) == (before.role, before.number, before.key, "in")
    assert (new.took, old.handed, old.state) == (LEA, NEW, "out")
    assert (room.state.people.voices, room.state.people.arrivals) == (voices, before.number + 1)
    assert room.state.belonging.get(NEW) == room.state.belonging.get(LEA) != room.state.belonging.get(ANNE)
    assert presence.is_present(room.state, NEW, FIRST)
    assert presence.count(room.state, FIRST) == voices
    assert things.own_words(room.state, NEW) == []
    assert a_receipt(room, NEW).lines == ()
    assert [idea.author for idea in room.state.ideas.by_id.values()] == [LEA]
    assert refusal(room.ask(EditIdea("idea001", "Autre chose"), NEW)) is not None


def test_J9_the_phone_before_is_out_at_once_and_cannot_be_let_in_beside_the_new_one() -> None:
    room = handed(a_room().opened("ideas"))

    assert refusal(room.ask(PostIdea("idea001", "Encore moi", "ideas"), LEA)) == "removed"
    assert refusal(room.ask(ApprovePerson(LEA))) == "voice_moved"
    assert refusal(room.ask(HandVoice(LEA, NEWER))) == "voice_moved"
    assert refusal(room.ask(PostIdea("idea002", "Me voici", "ideas"), NEW)) is None


def test_J9_done_is_taken_back_and_stays_so_for_the_new_phone() -> None:
    room = a_room().opened("ideas")
    room.ask(SayDone(), LEA)
    assert room.state.people.done["ideas"] == 1
    handed(room)

    assert room.state.people.done["ideas"] == 0
    assert room.state.people.by_id[NEW].done == ()
    assert refusal(room.ask(SayDone(), NEW)) is None
    assert room.state.people.done["ideas"] == 1


def test_J9_who_is_named_in_the_plan_goes_on_being_that_person_and_can_step_back() -> None:
    room = a_vote().voted(LEA, theme1=1).closed("vote").revealed("vote").opened("plan").with_plan("Une halte")
    room.ask(ChoosePilot("act001", LEA))
    room.ask(Volunteer("act001", "partner"), ANNE)
    handed(room)
    room.ask(HandVoice(ANNE, "anne-two"))
    action = room.state.plan.actions["act001"]

    assert (action.pilot, action.partners) == (NEW, ("anne-two",))
    assert refusal(room.ask(StepBack("act001"), NEW)) is None
    assert room.state.plan.actions["act001"].pilot == ""
    room.ask(ReturnVoice("anne-two"))
    assert room.state.plan.actions["act001"].partners == (ANNE,)


def test_J9_a_name_is_its_holders_wherever_the_one_before_stands() -> None:
    room = a_room().opened("pledge")
    room.ask(Pledge("pledge1", "Je commence lundi", "2025-01-20"), LEA)
    handed(room)
    names = {LEA: "Léa", NEW: "Léa B.", ANNE: "Anne"}

    assert holder(room.state, LEA) == holder(room.state, NEW) == NEW
    assert called(room.state, names) == {LEA: "Léa B.", NEW: "Léa B.", ANNE: "Anne"}
    assert called(room.state, {LEA: "Léa", ANNE: "Anne"}) == {ANNE: "Anne"}, (
        "an erased name is gone everywhere"
    )
    room.ask(NameMyself(), NEW)
    assert "commitment:pledge1" in room.touched[-1]


def test_J9_a_name_erased_goes_with_every_participation_and_words_with_their_author_only() -> None:
    room = a_room().opened("ideas")
    room.ask(PostIdea("idea001", "Une idée de Léa", "ideas"), LEA)
    handed(room)
    facts = room.ask(ErasePerson(texts="all"), NEW)

    assert [(fact.person, fact.texts, fact.name) for fact in facts] == [
        (NEW, "all", True),
        (LEA, "none", True),
    ]


def test_J9_a_person_without_a_phone_gets_one() -> None:
    room = a_room().opened("ideas")
    room.ask(AddPerson("paul0001"))
    room.ask(PostIdea("idea001", "Dit par Paul", "ideas"), FACILITATOR, on_behalf="paul0001")
    handed(room, of="paul0001")

    assert not room.state.people.by_id[NEW].assisted
    assert refusal(room.ask(PostIdea("idea002", "Dit par lui", "ideas"), NEW)) is None
    assert refusal(room.ask(PostIdea("idea003", "x", "ideas"), FACILITATOR, on_behalf=NEW)) == "not_assisted"


def test_J10_only_who_leads_hands_a_voice_on_and_only_of_somebody_who_is_in() -> None:
    room = a_room()
    room.ask(RemovePerson(ANNE))

    assert refusal(room.ask(HandVoice(LEA, NEW), LEA)) == "forbidden"
    assert refusal(room.ask(HandVoice(ANNE, NEW))) == "no_person"
    assert refusal(room.ask(HandVoice("nobody", NEW))) == "no_person"
    assert refusal(room.ask(HandVoice(FACILITATOR, NEW))) == "no_person"
    assert refusal(room.ask(HandVoice(LEA, ANNE))) == "no_person", "a voice is for a new participation"
    assert not room.state.people.kin


def test_J10_the_same_hand_over_asked_twice_is_one() -> None:
    room = handed(a_room())

    assert room.ask(HandVoice(LEA, NEW)) == (Noted(),)
    assert kin_of(room.state, LEA) == kin_of(room.state, NEW) == (LEA, NEW)


def test_J10_the_desk_takes_a_hand_over_back_and_all_of_before_is_there_again() -> None:
    room = a_room().opened("ideas")
    room.ask(PostIdea("idea001", "Une idée de Léa", "ideas"), LEA)
    room.ask(SayDone(), LEA)
    voices = room.state.people.voices
    handed(room)
    room.ask(ReturnVoice(NEW))
    lea, new = room.state.people.by_id[LEA], room.state.people.by_id[NEW]

    assert (lea.state, lea.handed, new.state, new.handed) == ("in", "", "out", LEA)
    assert (room.state.people.voices, room.state.people.done["ideas"]) == (voices, 1)
    assert refusal(room.ask(EditIdea("idea001", "Mieux dit"), LEA)) is None
    assert refusal(room.ask(SayDone(), NEW)) == "removed"
    assert refusal(room.ask(ReturnVoice(LEA))) == refusal(room.ask(ReturnVoice(NEW))) == "not_handed"
    assert refusal(room.ask(ReturnVoice(LEA), ANNE)) == "forbidden"


def test_J11_ones_own_code_brings_a_voice_back_from_whoever_had_it_last_and_from_nobody_before() -> None:
    room = handed(a_room())
    handed(room, NEWER, NEW)
    assert (may_reclaim(room.state, LEA), may_reclaim(room.state, NEW)) == (True, True)
    assert room.ask(ReclaimVoice(), LEA) == (VoiceReturned(LEA, NEWER),)

    assert [
        p.id for p in room.state.people.by_id.values() if p.id in kin_of(room.state, LEA) and p.state == "in"
    ] == [LEA]
    assert {holder(room.state, one) for one in (LEA, NEW, NEWER)} == {LEA}
    for later in (NEW, NEWER, LEA):
        assert refusal(room.ask(ReclaimVoice(), later)) == "removed", "the owner's own code wins"


def test_J11_who_was_removed_brings_nothing_back_by_their_code() -> None:
    room = handed(a_room())
    room.ask(RemovePerson(NEW))

    assert refusal(room.ask(ReclaimVoice(), LEA)) == "removed"
    assert refusal(room.ask(ReclaimVoice(), "nobody")) == "removed"


def test_V14_the_old_ballot_counts_until_the_new_phone_gives_its_first_mark() -> None:
    room = a_vote().voted(LEA, theme1=1, theme2=1).voted(ANNE, theme3=1)
    handed(room)
    assert ballots(room) == {LEA: {"theme1": 1, "theme2": 1}, ANNE: {"theme3": 1}}

    facts = room.ask(GiveMark("vote", "theme4", 1), NEW)
    assert facts == (MarkGiven("vote.1", "theme4", 1), BallotReplaced("vote.1", LEA))
    assert ballots(room) == {NEW: {"theme4": 1}, ANNE: {"theme3": 1}}
    assert room.ask(GiveMark("vote", "theme1", 1), NEW) == (MarkGiven("vote.1", "theme1", 1),)
    assert ballots(room)[NEW] == {"theme1": 1, "theme4": 1}


def test_V14_done_without_a_mark_replaces_it_too_and_no_ballot_of_before_is_made_up() -> None:
    room = a_vote().voted(LEA, theme1=1)
    handed(room)
    room.ask(SayDone(), NEW)
    assert ballots(room) == {NEW: {}}

    other = handed(a_vote(), "anne-two", ANNE)
    assert other.ask(GiveMark("vote", "theme1", 1), "anne-two") == (MarkGiven("vote.1", "theme1", 1),)


def test_V14_in_a_closed_vote_nothing_changes_and_its_result_is_what_it_was() -> None:
    room = a_vote().voted(LEA, theme1=1).voted(ANNE, theme2=1).closed("vote").revealed("vote")
    before = result(room.state.rounds.latest("vote")), checksum(room.state.rounds.latest("vote"))
    handed(room)
    room.ask(GiveMark("vote", "theme3", 1), NEW)
    room.ask(ReturnVoice(NEW))

    assert (result(room.state.rounds.latest("vote")), checksum(room.state.rounds.latest("vote"))) == before


def test_V14_a_vote_reopened_before_its_reveal_goes_on_with_one_ballot_of_each_voice() -> None:
    room = a_vote().voted(LEA, theme1=1)
    handed(room)
    room.ask(CloseStep("vote"))
    room.ask(ReopenStep("vote"))
    room.voted(NEW, theme2=1)

    assert ballots(room) == {NEW: {"theme2": 1}}
    assert {person: dict(b.marks) for person, b in room.state.rounds.by_id["vote.1"].ballots.items()} == {
        LEA: {"theme1": 1}
    }


@pytest.mark.parametrize("command", [ReclaimVoice(), ReturnVoice(NEW)])
def test_V14_a_voice_that_comes_back_in_an_open_vote_has_its_own_ballot_again(command) -> None:
    by = FACILITATOR if isinstance(command, ReturnVoice) else LEA
    room = a_vote().voted(LEA, theme1=1)
    handed(room).voted(NEW, theme2=1)
    facts = room.ask(command, by)

    assert facts == (VoiceReturned(LEA, NEW), BallotRestored("vote.1", LEA, NEW))
    assert ballots(room) == {LEA: {"theme1": 1}}
    handed(room, NEWER).voted(NEWER, theme3=1)
    assert ballots(room) == {NEWER: {"theme3": 1}}


def test_V14_what_another_gave_with_a_voice_that_had_not_voted_counts_no_more_once_it_is_back() -> None:
    room = handed(a_vote()).voted(NEW, theme2=1)
    room.ask(ReclaimVoice(), LEA)

    assert ballots(room) == {}


def test_V14_what_was_closed_with_the_other_ballot_keeps_it_until_the_owner_votes_anew() -> None:
    room = handed(a_vote().voted(LEA, theme1=1)).voted(NEW, theme2=1)
    room.ask(CloseStep("vote"))
    room.ask(ReclaimVoice(), LEA)
    assert ballots(room) == {NEW: {"theme2": 1}}
    room.ask(ReopenStep("vote"))
    room.voted(LEA, theme3=1)

    assert ballots(room) == {LEA: {"theme3": 1}}


def test_the_journal_says_who_led_it_and_folds_again_alike() -> None:
    room = handed(a_vote().voted(LEA, theme1=1)).voted(NEW, theme2=1)
    [record] = [r for _, _, r in room.journal if isinstance(r.fact, VoiceHanded)]

    assert record.by == FACILITATOR
    assert room.replayed() == room.state
