"""Raw material has a life of its own: ballots go when their time is over, and what came of them stays."""

import pytest

from forum.domain import records
from forum.domain.erasing import left_of_cards
from forum.domain.keeping import last_day
from forum.domain.kernel import ActionId, AxisId, Rejection, RoundId, ThemeId
from forum.domain.lasting import cards_ended, people_ended
from forum.domain.plan.words import MakeAction, MakeAxis, Volunteer
from forum.domain.steps.board import EditIdea, HideIdea
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


def a_year_later(room: Scene) -> tuple[frozenset[str], frozenset[str]]:
    """The cards, and the people, whose time is over then."""
    written = {idea.id: idea.at for idea in room.state.ideas.by_id.values()}
    heard_of = {record.by: record.at for _, _, record in room.journal}
    at = START + 367 * DAY_MS
    return cards_ended(room.state, written, at), people_ended(room.state, heard_of, at)


def a_plan_of_one_theme() -> Scene:
    """Four cards of Léa's, of which the first two lead to the plan, and one of Anne's."""
    room = a_room().opened("ideas").with_ideas(4).with_ideas(1, by=ANNE).revealed("ideas").opened("sort")
    room.with_theme("t1", 1, 2).with_theme("t2", 3)
    room.opened("plan")
    room.ask(MakeAxis(AxisId("axis01"), "Together", (ThemeId("t1"),)), FACILITATOR)
    room.ask(MakeAction(ActionId("act001"), AxisId("axis01"), "Open it"), FACILITATOR)
    return room


def test_K6_cards_that_lead_to_the_plan_stay_and_others_go_after_a_year():
    cards, _ = a_year_later(a_plan_of_one_theme())

    assert cards == {"idea003", "idea004", "idea005"}


def test_K6_cards_of_a_result_that_was_shown_stay():
    cards, _ = a_year_later(a_shown_vote())

    assert cards == set()


def test_K6_the_name_of_whoever_has_no_part_in_the_plan_goes_and_a_pilot_stays():
    room = a_plan_of_one_theme()
    room.ask(Volunteer(ActionId("act001"), "partner"), ANNE)
    _, people = a_year_later(room)

    assert LEA in people
    assert not people & {ANNE, FACILITATOR}


def test_K6_words_of_a_card_go_wherever_they_are_about_it_and_its_theme_keeps_its_place():
    room = a_room().opened("ideas").with_ideas(2)
    room.ask(EditIdea("idea001", "Said anew"), LEA)
    room.revealed("ideas").opened("sort").with_theme("t1", 1, 2)
    room.ask(HideIdea("idea001", "It says anew"), FACILITATOR)
    facts = [(seq, record) for seq, _, record in room.journal]

    left = left_of_cards(facts, frozenset({"idea001"}), frozenset())

    said = "\n".join(records.encode(left.get(seq, record)).decode() for seq, record in facts)
    assert "anew" not in said
    assert "Idea number 1" not in said
    assert "Idea number 2" in said
    assert "Theme t1" in said
