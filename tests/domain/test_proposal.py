"""Decisions by consent: phases, wordings, objections and how each is met, and who counts as present (A1 to A8)."""

import pytest

from forum.domain.keeping import ErasePerson
from forum.domain.kernel import PersonId, Rejection, StepId
from forum.domain.people import AddPerson
from forum.domain.sessions.words import TakePresenceBack
from forum.domain.settings import BoardSettings, ProposalSettings
from forum.domain.steps.proposal_said import (
    AskObjections,
    DecideProposal,
    EndObjections,
    HaveNoObjection,
    HideRemark,
    JudgeObjection,
    LeadProposal,
    MeetObjection,
    ObjectionsEnded,
    Remarking,
    RestoreRemark,
    TakeRemarkBack,
    WordProposal,
)
from forum.domain.steps.proposals import RemarkId, objections, proposal_of, remaining, shelf
from forum.domain.touch import Touch
from forum.domain.undo import Undo
from forum.domain.voices import HandVoice
from tests.scenes import ANNE, FACILITATOR, LEA, Scene, a_room

STEP, PAUL = StepId("consent"), PersonId("paul")
WORDS = "Nous ouvrons un jeudi par mois."


def a_proposal(*people: str) -> Scene:
    """A room with a proposal before it."""
    room = a_room({"consent": ProposalSettings()}, people or (LEA, ANNE, PAUL)).opened("consent")
    assert not isinstance(room.ask(WordProposal(STEP, WORDS)), Rejection)
    return room


def asked(*people: str) -> Scene:
    """A room that is being asked whether it objects."""
    room = a_proposal(*people)
    room.ask(LeadProposal(STEP, "clarification"))
    assert not isinstance(room.ask(AskObjections(STEP)), Rejection)
    return room


def with_objection() -> Scene:
    """One of three objects, the others do not; all objections are shown."""
    room = asked()
    room.ask(Remarking(RemarkId("obj1"), STEP, "objection", "Personne n’est payé après 19 h."), LEA)
    room.ask(HaveNoObjection(STEP), ANNE)
    room.ask(HaveNoObjection(STEP), PAUL)
    assert not isinstance(room.ask(EndObjections(STEP)), Rejection)
    return room


def refused(found: object, rule: str, code: str) -> None:
    assert isinstance(found, Rejection), f"expected a refusal, got {found}"
    assert (found.rule, found.code) == (rule, code)


def over(room: Scene) -> Scene:
    room.ahead += 400_000
    return room


def phase(room: Scene) -> str:
    return proposal_of(room.state, STEP).phase


def obj(room: Scene, name: str = "obj1"):
    return shelf(room.state).remarks[RemarkId(name)]


def test_A1_a_proposal_goes_through_its_phases_and_back():
    room = a_proposal()
    for one in ("clarification", "reactions", "amendment", "reactions"):
        room.ask(LeadProposal(STEP, one))
        assert phase(room) == one


def test_A1_nothing_is_led_on_without_words_and_nobody_is_asked_before_they_could_ask():
    room = a_room({"consent": ProposalSettings()}).opened("consent")

    refused(room.ask(LeadProposal(STEP, "clarification")), "A1", "no_proposal")
    room.ask(WordProposal(STEP, WORDS))
    refused(room.ask(AskObjections(STEP)), "A1", "no_way_there")


def test_A1_each_thing_is_said_in_its_phase_and_in_no_other():
    room = a_proposal()
    refused(room.ask(Remarking(RemarkId("q1"), STEP, "question", "Qui ?"), LEA), "A1", "not_this_phase")
    room.ask(LeadProposal(STEP, "clarification"))

    assert not isinstance(room.ask(Remarking(RemarkId("q1"), STEP, "question", "Qui ?"), LEA), Rejection)
    refused(room.ask(Remarking(RemarkId("r1"), STEP, "reaction", "Oui"), LEA), "A1", "not_this_phase")
    refused(room.ask(Remarking(RemarkId("q2"), STEP, "question", ""), LEA), "A1", "remark_needed")
    refused(room.ask(HaveNoObjection(STEP), LEA), "A1", "not_this_phase")


def test_A1_a_closed_step_takes_nothing():
    room = asked().closed("consent")

    refused(room.ask(HaveNoObjection(STEP), LEA), "A1", "consent_closed")


def test_A2_each_wording_is_kept_and_words_stand_still_while_people_are_asked():
    room = a_proposal()
    refused(room.ask(WordProposal(STEP, WORDS)), "A2", "already_so")
    room.ask(LeadProposal(STEP, "amendment"))
    room.ask(WordProposal(STEP, "Nous ouvrons deux jeudis."))

    assert [v.text for v in proposal_of(room.state, STEP).versions] == [WORDS, "Nous ouvrons deux jeudis."]
    room.ask(AskObjections(STEP))
    refused(room.ask(WordProposal(STEP, "Autre")), "A2", "words_fixed")
    refused(room.ask(LeadProposal(STEP, "reactions")), "A5", "answers_open")


def test_A2_words_are_taken_from_a_card_that_the_step_works_on_and_from_no_other():
    steps = {"ideas": BoardSettings(visibility="all"), "consent": ProposalSettings(over="ideas")}
    room = a_room(steps).opened("ideas").with_ideas(2).opened("consent")

    refused(room.ask(WordProposal(STEP, thing="idea009")), "A1", "no_proposal")
    room.ask(WordProposal(STEP, thing="idea002"))

    assert proposal_of(room.state, STEP).text == "Idea number 2"


def test_A3_an_objection_has_an_argument():
    room = asked()

    refused(room.ask(Remarking(RemarkId("obj1"), STEP, "objection", ""), LEA), "A3", "argument_needed")
    assert not proposal_of(room.state, STEP).latest.answers


def test_A4_an_answer_tells_nothing_before_the_question_is_over_by_what_it_changes():
    room = asked()
    room.ask(HaveNoObjection(STEP), ANNE)
    room.ask(Remarking(RemarkId("obj1"), STEP, "objection", "Trop cher"), LEA)
    none, objection = room.touched[-2:]

    assert none == {Touch.VOTED, Touch.you(ANNE)}
    assert objection == {Touch.VOTED, Touch.you(LEA)}
    assert objections(room.state, STEP) == []
    assert phase(with_objection()) == "integration"
    assert [one.text for one in objections(with_objection().state, STEP)] == [
        "Personne n’est payé après 19 h."
    ]


def test_A4_whoever_answers_again_has_their_last_answer():
    room = asked()
    room.ask(Remarking(RemarkId("obj1"), STEP, "objection", "Trop cher"), LEA)
    room.ask(Remarking(RemarkId("obj2"), STEP, "objection", "Trop tard"), LEA)
    assert dict(proposal_of(room.state, STEP).latest.answers) == {LEA: "obj2"}
    room.ask(HaveNoObjection(STEP), LEA)
    assert dict(proposal_of(room.state, STEP).latest.answers) == {LEA: ""}
    assert obj(room).gone
    assert obj(room, "obj2").gone
    room.ask(Remarking(RemarkId("obj3"), STEP, "objection", "Non"), LEA)
    room.ask(TakeRemarkBack(RemarkId("obj3")), LEA)

    assert dict(proposal_of(room.state, STEP).latest.answers) == {LEA: ""}
    assert obj(room, "obj3").gone


def test_A4_no_number_of_facts_or_of_answers_says_that_somebody_changed_their_answer_from_an_objection():
    none, objection = HaveNoObjection(STEP), "objection"
    told = []
    for answers in (
        (objection, none, objection, objection),
        (none, objection, none, objection),
        (objection,) * 4,
    ):
        room, steps = asked(), []
        for n, said in enumerate(answers):
            other = Remarking(RemarkId(f"obj{n}"), STEP, "objection", f"Trop cher {n}")
            facts = room.ask(other if said == objection else said, LEA)
            steps.append((len(facts), room.touched[-1], len(proposal_of(room.state, STEP).latest.answers)))
        facts = room.ask(TakeRemarkBack(RemarkId("obj3")), LEA)
        told.append(
            (*steps, (len(facts), room.touched[-1], len(proposal_of(room.state, STEP).latest.answers)))
        )
        assert shelf(room.state).remarks[RemarkId("obj3")].gone

    assert told == [((1, {Touch.VOTED, Touch.you(LEA)}, 1),) * 5] * 3


def test_A4_the_order_of_objections_says_nothing_of_who_answered_first():
    orders = []
    for people in ((LEA, ANNE, PAUL), (PAUL, ANNE, LEA)):
        room = asked()
        for person in people:
            room.ask(Remarking(RemarkId(f"obj-{person}"), STEP, "objection", f"Said by {person}"), person)
        room.ask(EndObjections(STEP))
        shown = objections(room.state, STEP)
        assert [one.number for one in shown] == [1, 2, 3]
        orders.append([one.id for one in shown])

    assert orders[0] == orders[1]
    assert len(orders[0]) == 3


def test_A5_the_question_ends_when_all_present_have_answered_and_else_not_before_its_time():
    room = asked()
    room.ask(HaveNoObjection(STEP), LEA)
    room.ask(HaveNoObjection(STEP), ANNE)
    refused(room.ask(EndObjections(STEP)), "A5", "round_goes_on")
    room.ask(HaveNoObjection(STEP), PAUL)

    [ended] = room.ask(EndObjections(STEP))
    assert ended == ObjectionsEnded(STEP, 1, 3, 3, 0, 0)


def test_A5_silence_is_consent_of_people_noted_as_present_alone_and_numbers_add_up():
    room = asked("ada", "bob", "cleo", "dan", "eve")
    room.ask(Remarking(RemarkId("obj1"), STEP, "objection", "Trop cher"), "ada")
    room.ask(HaveNoObjection(STEP), "bob")
    room.ask(TakePresenceBack(PersonId("dan")))

    [ended] = over(room).ask(EndObjections(STEP, (PersonId("eve"),)))
    numbers = sorted(room.state.people.by_id[PersonId(one)].number for one in ("dan", "eve"))
    assert ended == ObjectionsEnded(STEP, 1, 3, 1, 1, 1, 2, tuple(numbers))
    assert ended.present == ended.consents + ended.objections + ended.silent


def test_A5_whoever_answered_was_present_whatever_is_noted():
    room = asked(LEA)
    room.ask(HaveNoObjection(STEP), LEA)
    room.ask(TakePresenceBack(LEA))

    [ended] = room.ask(EndObjections(STEP, (LEA,)))
    assert (ended.present, ended.consents, ended.absentees) == (1, 1, 0)


def test_A6_an_objection_remains_until_it_is_met_and_its_author_may_say_that_it_does():
    room = with_objection()
    refused(room.ask(DecideProposal(STEP, "adopted")), "A7", "objections_remain")
    room.ask(MeetObjection(RemarkId("obj1"), "answered", "Deux bénévoles."))
    assert remaining(room.state, STEP) == 0
    room.ask(JudgeObjection(RemarkId("obj1"), False), LEA)
    assert remaining(room.state, STEP) == 1
    refused(room.ask(JudgeObjection(RemarkId("obj1"), True), LEA), "A6", "no_such_remark")
    refused(room.ask(JudgeObjection(RemarkId("obj1"), True), ANNE), "A8", "not_your_remark")


def test_A6_a_reservation_needs_its_author():
    room = with_objection()
    room.ask(MeetObjection(RemarkId("obj1"), "reservation"))
    assert remaining(room.state, STEP) == 1
    room.ask(JudgeObjection(RemarkId("obj1"), True), LEA)

    assert remaining(room.state, STEP) == 0
    assert not isinstance(room.ask(DecideProposal(STEP, "adopted")), Rejection)


def test_A7_adopted_is_what_people_were_asked_about_last():
    room = a_proposal()
    refused(room.ask(DecideProposal(STEP, "adopted")), "A7", "words_not_asked")
    room = with_objection()
    room.ask(MeetObjection(RemarkId("obj1"), "amended"))
    room.ask(WordProposal(STEP, "Autrement."))
    refused(room.ask(DecideProposal(STEP, "adopted")), "A7", "words_not_asked")
    room.ask(AskObjections(STEP))
    refused(room.ask(DecideProposal(STEP, "deferred")), "A5", "answers_open")
    over(room).ask(EndObjections(STEP))
    room.ask(DecideProposal(STEP, "adopted"))

    assert phase(room) == "adopted"
    refused(room.ask(WordProposal(STEP, "Encore")), "A7", "proposal_decided")


@pytest.mark.parametrize("outcome", ["withdrawn", "deferred"])
def test_A7_U1_without_consent_it_is_withdrawn_or_put_off_and_that_can_be_undone(outcome: str):
    room = with_objection()
    room.ask(DecideProposal(STEP, outcome, "Plus tard"))
    assert phase(room) == outcome
    room.ask(Undo(room.state.deeds[-1].seq))

    assert (phase(room), proposal_of(room.state, STEP).reason) == ("integration", "")


def test_A8_only_its_author_takes_back_what_was_said_and_the_desk_hides_it_with_a_reason():
    room = with_objection()
    refused(room.ask(TakeRemarkBack(RemarkId("obj1")), ANNE), "A8", "not_your_remark")
    refused(room.ask(HideRemark(RemarkId("obj1"), "")), "A8", "why_hidden")
    room.ask(HideRemark(RemarkId("obj1"), "Une insulte"))
    assert remaining(room.state, STEP) == 1
    room.ask(RestoreRemark(RemarkId("obj1")))
    room.ask(TakeRemarkBack(RemarkId("obj1")), LEA)

    assert objections(room.state, STEP) == []
    refused(room.ask(TakeRemarkBack(RemarkId("obj1")), LEA), "A8", "no_such_remark")


def test_A8_nobody_says_without_end():
    room = a_proposal()
    room.ask(LeadProposal(STEP, "reactions"))
    for n in range(20):
        room.ask(Remarking(RemarkId(f"r{n}"), STEP, "reaction", f"Oui {n}"), LEA)

    refused(room.ask(Remarking(RemarkId("r20"), STEP, "reaction", "Oui"), LEA), "A8", "too_many_remarks")


def test_A8_what_comes_twice_is_there_once():
    room = asked()
    said = Remarking(RemarkId("obj1"), STEP, "objection", "Trop cher")
    room.ask(said, LEA)

    assert not isinstance(room.ask(said, LEA), Rejection)
    assert len(proposal_of(room.state, STEP).remarks) == 1
    refused(room.ask(said, ANNE), "A8", "id_taken")


def test_U3_a_wording_can_be_undone_until_somebody_was_asked_about_it():
    room = a_proposal()
    room.ask(LeadProposal(STEP, "amendment"))
    room.ask(WordProposal(STEP, "Autrement."))
    worded = room.state.deeds[-1].seq
    room.ask(Undo(worded))
    assert proposal_of(room.state, STEP).text == WORDS
    room.ask(WordProposal(STEP, "Autrement."))
    worded = room.state.deeds[-1].seq
    room.ask(AskObjections(STEP))

    refused(room.ask(Undo(worded)), "U3", "built_on")


def test_U3_the_question_can_be_taken_back_until_somebody_has_answered():
    room = asked()
    room.ask(Undo(room.state.deeds[-1].seq))
    assert (phase(room), proposal_of(room.state, STEP).rounds) == ("clarification", ())
    room.ask(AskObjections(STEP))
    room.ask(HaveNoObjection(STEP), LEA)

    refused(room.ask(Undo(room.state.deeds[-1].seq)), "U3", "built_on")


def test_A4_J9_a_voice_that_goes_on_on_another_phone_answers_once():
    room = asked()
    room.ask(Remarking(RemarkId("obj1"), STEP, "objection", "Trop cher"), LEA)
    room.ask(HandVoice(LEA, PersonId("newphone")), FACILITATOR)
    room.ask(HaveNoObjection(STEP), "newphone")

    assert dict(proposal_of(room.state, STEP).latest.answers) == {LEA: ""}


def test_A4_J4_people_without_a_phone_object_at_the_desk():
    room = asked(LEA)
    room.ask(AddPerson(PersonId("rose")))
    room.ask(Remarking(RemarkId("obj1"), STEP, "objection", "Trop loin"), on_behalf="rose")
    room.ask(HaveNoObjection(STEP), LEA)
    [ended] = room.ask(EndObjections(STEP))

    assert (ended.present, ended.objections) == (2, 1)
    assert obj(room).entered_by == FACILITATOR


def test_K2_what_somebody_said_is_erased_with_their_words_and_still_has_to_be_met():
    room = with_objection()
    room.ask(ErasePerson(texts="all"), LEA)
    room.erased(LEA)

    assert obj(room).text == ""
    assert remaining(room.state, STEP) == 1
    assert all("payé" not in str(record.fact) for _, _, record in room.journal)
