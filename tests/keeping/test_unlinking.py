"""An archive without authors, of a forum that lost its tail: what came again joins nobody's contributions either."""

import json
from itertools import count

from immutables import Map

from forum.domain import loss, records
from forum.domain.again import Waits
from forum.domain.arrivals import PeopleReadmitted, PeopleRemoved
from forum.domain.copies import TabCopied
from forum.domain.kernel import NOBODY, Lost, PersonId, ReasonId, Rejection, StepId, TabId, Was
from forum.domain.loss import TailLost
from forum.domain.people import PersonJoined
from forum.domain.roles import Role
from forum.domain.settings import ProposalSettings
from forum.domain.steps.ballot import GiveMark
from forum.domain.steps.board import IdeaPosted
from forum.domain.steps.proposal_said import (
    AskObjections,
    EndObjections,
    HaveNoObjection,
    LeadProposal,
    Remarking,
    WordProposal,
)
from forum.domain.steps.proposals import objections, proposal_of, shelf
from forum.domain.steps.reason_facts import ReasonTakenBack
from forum.domain.steps.reasons import GiveReason, told
from forum.domain.voices import HandVoice
from forum.journal import Entry
from forum.journal.contract import linked
from forum.keeping import Kept, unlinked
from forum.keeping.moving import folded
from tests.scenes import ANNE, FACILITATOR, LEA, Scene, a_room, a_vote

TAB = "a-tab-of-lea-0001"
GONE = "somebody-who-is-gone"


def after_a_loss() -> Scene:
    """Two cards of one tab came again, and two votes of an access that was lost wait; then the tab was copied."""
    room = a_room().opened("ideas")
    room.happened(TailLost(2, room.state.seq, 400, "abcdef", 4), op="server:tail-2:1")
    for n in (1, 2):
        card = IdeaPosted(f"card{n}", StepId("ideas"), f"Card {n}", LEA)
        room.happened(card, by=LEA, op=f"{TAB}:{n}", again=True, lost=Lost(1, 100 + n, f"{TAB}:{n}"))
    for n in (3, 4):
        was = Was(f"the-tab-that-is-gone:{n}", GONE, 1, 100 + n, "", StepId("vote"), "vote.1")
        body = {"step": "vote", "option": f"theme{n}", "points": 1}
        waits = Waits("AllocatePoints", body, was, "round:vote.1")
        room.happened(waits, by=LEA, op=f"{TAB}:{n}", again=True, lost=Lost(1, 100 + n, was.op))
    return room.happened(TabCopied(TabId(TAB)), by=NOBODY, op="server:remarks:1")


def kept(room: Scene) -> Kept:
    chain, entries = "", []
    for seq, op, record in room.journal:
        body = records.encode(record)
        chain = linked(chain, seq, op or "opening:1", body)
        entries.append(Entry(seq, op or "opening:1", body, chain))
    return Kept("ABC234", 5, {"lang": "fr"}, entries, None, None)


def apart(room: Scene) -> Kept:
    numbers = count(1)
    return unlinked(kept(room), lambda: f"u{next(numbers)}")


def test_what_came_again_after_a_loss_says_no_tab_and_nobody_whose_access_was_lost():
    whole, without = kept(after_a_loss()), apart(after_a_loss())
    said = b"\n".join(entry.body for entry in without.entries).decode()

    assert all(word in b"\n".join(entry.body for entry in whole.entries).decode() for word in (TAB, GONE))
    assert not any(word in said for word in (TAB, "the-tab-that-is-gone", GONE, f'"{LEA}"'))
    claims = [json.loads(entry.body)["f"]["was"] for entry in without.entries if b'"Waits"' in entry.body]
    assert (
        len({claim["op"] for claim in claims}) == len({claim["by"] for claim in claims}) == len(claims) == 2
    )


def test_its_facts_are_folded_and_the_loss_is_counted_as_it_was():
    room = after_a_loss()
    state = folded(apart(room))

    assert (state.gone.losses, len(state.gone.held), len(state.ideas.by_id)) == (room.state.gone.losses, 2, 2)
    assert state.gone.losses[-1].restored == 2


def test_what_a_loss_names_is_counted_as_it_was_and_says_no_tab():
    room = a_room().opened("ideas")
    which = {f"{TAB}:{n}": "" for n in (1, 2, 3)} | {"the-tab-that-is-gone:1": "vote.1"}
    room.happened(TailLost(2, room.state.seq, 400, "abcdef", 4, which=which), op="server:tail-2:1")
    for n in (1, 2):
        lost = Lost(1, 100 + n, f"{TAB}:{n}") if n == 1 else None
        card = IdeaPosted(f"card{n}", StepId("ideas"), f"Card {n}", LEA)
        room.happened(card, by=LEA, op=f"{TAB}:{n}", again=n == 1, lost=lost)
    without = apart(room)
    state = folded(without)

    assert TAB not in b"".join(entry.body for entry in without.entries).decode()
    assert [loss.count(s, s.gone.losses[0]) for s in (room.state, state)] == [loss.Count(4, 2, 0, 0, 2)] * 2
    assert sorted(state.gone.losses[0].out.values()) == ["", "vote.1"]


def test_people_removed_together_and_let_in_again_are_as_many_as_they_were():
    strangers = tuple(f"stranger{n}" for n in range(12))
    room = a_room()
    for person in strangers:
        room.happened(PersonJoined(person, Role.PARTICIPANT, ""), by=person, op=f"join-{person}:1")
    room.happened(PeopleRemoved(strangers), by=ANNE, op="form-a:1")
    assert folded(apart(room)).people.voices == room.state.people.voices
    room.happened(PeopleReadmitted(strangers), by=ANNE, op="form-b:1")
    assert folded(apart(room)).people.voices == room.state.people.voices


def a_vote_with_reasons() -> Scene:
    """Two are against and say why; Léa thinks better of one, Anne of none. One more is handed a voice that had said why."""
    room = a_vote(2, method="gradients").joined("paul")
    room.voted(LEA, theme1=1, theme2=2).voted(ANNE, theme1=2).voted("paul", theme1=1)
    for person, key, why in (
        (LEA, "theme1", "Withdrawn by its mark"), (LEA, "theme2", "It stands"), (ANNE, "theme1", "Withdrawn"),
        ("paul", "theme1", "Replaced with its ballot"),
    ):  # fmt: skip
        assert not isinstance(room.ask(GiveReason("vote", key, why), person), Rejection)
    room.ask(GiveReason("vote", "theme1", ""), ANNE)
    room.ask(GiveMark("vote", "theme1", 8), LEA)
    room.ask(HandVoice(PersonId("paul"), PersonId("newphone")), FACILITATOR)
    room.voted("newphone", theme1=3)
    return room.closed("vote").revealed("vote")


def test_a_reason_that_does_not_stand_is_left_out_so_that_its_going_ties_it_to_no_ballot():
    room = a_vote_with_reasons()
    without = apart(room)
    said = b"\n".join(entry.body for entry in without.entries).decode()
    round_, was = (s.rounds.latest("vote") for s in (folded(without), room.state))

    assert [one.text for one in told(was)] == ["It stands"] == [one.text for one in told(round_)]
    assert "It stands" in said
    assert not any(words in said for words in ("Withdrawn", "Replaced with"))
    assert all(body.count(b"Reason") <= 1 for body in (entry.body for entry in without.entries))
    assert round_.counted.result == was.counted.result


def test_a_reason_and_the_ballot_of_whoever_gave_it_have_no_name_in_common():
    without = apart(a_vote_with_reasons())
    bodies = [json.loads(entry.body) for entry in without.entries]
    by = {
        kind: {body["w"] for body in bodies if body["f"]["k"] in kinds}
        for kind, kinds in {"ballot": ("MarkGiven",), "reason": ("ReasonGiven", "ReasonTakenBack")}.items()
    }
    ops = {
        kind: {
            entry.op
            for entry, body in zip(without.entries, bodies, strict=True)
            if body["f"]["k"].startswith(kind)
        }
        for kind in ("MarkGiven", "Reason")
    }

    assert by["ballot"]
    assert by["reason"]
    assert not by["ballot"] & by["reason"]
    assert not ops["MarkGiven"] & ops["Reason"]


def test_a_journal_of_before_in_which_a_mark_and_the_reason_it_takes_back_are_one_op_ties_them_no_more():
    room = a_vote(2, method="gradients").voted(LEA, theme1=1)
    room.ask(GiveReason("vote", "theme1", "Withdrawn by its mark"), LEA)
    [name] = (reason.id for reason in room.state.rounds.latest("vote").reasons[LEA].values())
    taken = records.decode(records.encode(room.journal[-1][2])).fact
    room.happened(
        type(room.journal[-2][2].fact)("vote.1", "theme1", 8), ReasonTakenBack(taken.round, "theme1", name),
        by=LEA, op=f"{TAB}:9",
    )  # fmt: skip
    without = apart(room)
    said = b"\n".join(entry.body for entry in without.entries).decode()

    assert room.state.rounds.latest("vote").reasons[LEA] == Map()
    assert "Withdrawn" not in said
    assert ReasonId(name) not in said


def test_one_s_answers_to_a_question_are_counted_as_one_and_joined_to_nothing_else():
    room = a_room({"consent": ProposalSettings()}, (LEA, ANNE)).opened("consent")
    step = StepId("consent")
    asks = [
        (WordProposal(step, "Un jeudi par mois"), FACILITATOR), (LeadProposal(step, "reactions"), FACILITATOR),
        (Remarking("re1", step, "reaction", "Why not"), LEA), (Remarking("re2", step, "reaction", "Yes"), LEA),
        (AskObjections(step), FACILITATOR), (Remarking("ob1", step, "objection", "Too dear"), LEA),
        (Remarking("ob2", step, "objection", "Too late"), LEA), (HaveNoObjection(step), ANNE),
        (Remarking("ob3", step, "objection", "No"), ANNE), (EndObjections(step), FACILITATOR),
    ]  # fmt: skip
    for command, by in asks:
        assert not isinstance(room.ask(command, by), Rejection), command
    state = folded(apart(room))

    assert [one.text for one in objections(state, step)] == ["Too late", "No"]
    assert len(proposal_of(state, step).latest.answers) == 2
    assert len({one.person for one in shelf(state).remarks.values()}) == 4, "two answers, two reactions"
