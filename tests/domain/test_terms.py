"""Raw material has a life of its own: ballots go when their time is over, and what came of them stays."""

import pytest

from forum.domain import records
from forum.domain.keeping import last_day
from forum.domain.kernel import Rejection, RoundId
from forum.domain.steps.voting import result
from forum.domain.terms import SetTerms, ended, terms_of, unrecorded
from tests.scenes import ANNE, FACILITATOR, LEA, START, Scene, a_room, a_vote

DAY_MS = 24 * 3600 * 1000


def a_shown_vote() -> Scene:
    return a_vote().voted(LEA, theme1=1, theme2=1).voted(ANNE, theme2=1).closed("vote").revealed("vote")


def given(room: Scene) -> str:
    return "\n".join(
        records.encode(r).decode() for _, _, r in room.journal if '"MarkGiven"' in str(records.encode(r))
    )


def test_K5_the_result_stays_as_it_was_recorded_when_the_ballots_are_struck():
    room = a_shown_vote()
    before, counted = given(room), result(room.state.rounds.latest("vote"))

    room.ballots_struck("vote.1")

    after = room.state.rounds.latest("vote")
    assert before
    assert not given(room)
    assert result(after) == counted
    assert [(b.struck, dict(b.marks), b.seal) for b in after.ballots.values()] == [(True, {}, "")] * 2
    assert [term.is_ for term in terms_of(room.state)] == ["struck"]


def test_K5_what_is_left_of_a_ballot_says_neither_what_was_given_nor_whether_it_was_blank():
    room = a_vote(3).voted(LEA, theme1=1).closed("vote").revealed("vote").ballots_struck("vote.1")

    left = [record for _, _, record in room.journal if type(record.fact).__name__ == "BallotStruck"]
    assert [(r.by, r.salt, r.mark, r.fact.round) for r in left] == [(LEA, "", "", "vote.1")]


@pytest.mark.parametrize(("days", "over"), [(90, False), (91, False), (92, True)])
def test_K5_ballots_are_kept_for_ninety_days_after_their_reveal_until_that_day_is_over_everywhere(
    days: int, over: bool
):
    room = a_shown_vote()

    assert bool(ended(room.state, START + days * DAY_MS)) is over
    [term] = terms_of(room.state)
    assert (term.is_, term.until) == ("kept", last_day(START, 90))


def test_K5_a_round_that_went_on_in_another_goes_with_it_and_one_that_was_never_shown_does_not():
    room = a_vote().voted(LEA, theme1=1).closed("vote")
    never = ended(room.state, START + 999 * DAY_MS)
    room.opened("vote").voted(ANNE, theme2=1).closed("vote").revealed("vote")

    assert never == {}
    assert set(ended(room.state, START + 92 * DAY_MS)) == {RoundId("vote.1"), RoundId("vote.2")}
    assert [term.is_ for term in terms_of(room.state)] == ["kept"]


def test_K5_the_desk_chooses_the_days_within_bounds():
    room = a_shown_vote()

    assert isinstance(room.ask(SetTerms(6), FACILITATOR), Rejection)
    assert isinstance(room.ask(SetTerms(366), FACILITATOR), Rejection)
    assert not isinstance(room.ask(SetTerms(7), FACILITATOR), Rejection)
    assert isinstance(room.ask(SetTerms(7), FACILITATOR), Rejection)
    assert ended(room.state, START + 9 * DAY_MS)
    assert not isinstance(room.ask(SetTerms(365), FACILITATOR), Rejection)
    assert not ended(room.state, START + 365 * DAY_MS)


def test_K5_only_a_result_that_no_reveal_recorded_is_recorded_before_its_ballots_go():
    room = a_shown_vote()
    old = a_room()
    for _, op, record in room.journal[len(old.journal) :]:
        if type(record.fact).__name__ != "RoundCounted":
            old.happened(record.fact, by=record.by, op=op)

    assert unrecorded(room.state, ["vote.1"]) == ()
    [counted] = unrecorded(old.state, ["vote.1"])
    assert counted.result == result(room.state.rounds.latest("vote"))
