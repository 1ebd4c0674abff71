"""V10, V11: few ballots, whose result can give away who voted how."""

import pytest

from forum.domain.flow import EditStep, InsertStep, OpenStep, ReopenStep, RevealStep
from forum.domain.kernel import Rejection, StepId, Words
from forum.domain.people import SayDone
from forum.domain.settings import BallotSettings, BoardSettings
from forum.domain.steps.voting import FEW, few, result
from tests.scenes import ECLAIR, Scene, a_room, a_vote

PEOPLE = tuple(f"person{n}" for n in range(FEW + 1))
VOTE = StepId("vote")


def voted(ballots: int, least: int = 0) -> Scene:
    """A vote in which so many have given a point; closed."""
    room = a_vote(least=least).joined(*PEOPLE)
    for person in PEOPLE[:ballots]:
        room.voted(person, theme1=1)
    return room.closed("vote")


def promise(step: StepId, least: int, **more: object) -> EditStep:
    """The desk says below how many ballots a vote shows nothing."""
    return EditStep(step, chosen={"ballot": {"least": least}}, **more)


def code(said: object) -> str:
    return said.code if isinstance(said, Rejection) else ""


@pytest.mark.parametrize("ballots", range(1, FEW))
def test_V10_fewer_than_five_ballots_are_revealed_only_by_who_was_told(ballots: int):
    room = voted(ballots)
    refused = room.ask(RevealStep(VOTE))

    assert (refused.rule, refused.code, refused.params) == (
        "V10",
        "few_ballots",
        {"count": ballots, "limit": FEW},
    )
    assert result(room.state.rounds.latest(VOTE)) is None
    room.ask(RevealStep(VOTE, knowing=True))
    assert result(room.state.rounds.latest(VOTE)).voters == ballots


@pytest.mark.parametrize("ballots", [0, FEW, FEW + 1])
def test_V10_five_ballots_and_none_at_all_give_nobody_away(ballots: int):
    room = voted(ballots)

    assert few(room.state, room.state.step(VOTE)) is None
    assert code(room.ask(RevealStep(VOTE))) == ""


def test_V10_a_blank_ballot_counts_as_one():
    room = a_vote().joined(*PEOPLE)
    for person in PEOPLE[:FEW]:
        room.ask(SayDone(), person)

    assert code(room.closed("vote").ask(RevealStep(VOTE))) == ""


def test_V10_each_round_is_counted_by_itself():
    room = voted(FEW)
    room.ask(RevealStep(VOTE))
    room.ask(ReopenStep(VOTE))
    room.voted(PEOPLE[0], theme2=1).closed("vote")

    assert code(room.ask(RevealStep(VOTE))) == "few_ballots"


def test_V10_cards_are_revealed_however_few():
    assert code(a_room().opened("ideas").with_ideas(1).ask(RevealStep(StepId("ideas")))) == ""


def test_V11_fewer_than_was_promised_are_never_revealed_to_anybody():
    room = voted(2, least=3)

    for knowing in (False, True):
        refused = room.ask(RevealStep(VOTE, knowing=knowing))
        assert (refused.rule, refused.code, refused.params) == ("V11", "too_few", {"count": 2, "limit": 3})
    assert result(room.state.rounds.latest(VOTE)) is None


def test_V11_from_the_promised_number_on_the_result_is_shown():
    room = voted(6, least=6)

    assert code(room.ask(RevealStep(VOTE))) == ""


def test_V11_a_vote_that_was_reopened_keeps_its_ballots_and_its_promise():
    room = voted(2, least=3)
    room.ask(ReopenStep(VOTE))
    room.voted(PEOPLE[2], theme2=1).closed("vote")

    assert code(room.ask(RevealStep(VOTE))) == "few_ballots"
    assert code(room.ask(RevealStep(VOTE, knowing=True))) == ""


def test_V11_the_forum_goes_on_without_the_result():
    room = voted(2, least=3)

    assert code(room.ask(OpenStep(StepId("plan")))) == ""
    assert result(room.state.rounds.latest(VOTE)) is None


def test_V11_a_promise_is_made_before_the_vote_begins_and_not_taken_back():
    before = a_room()
    before.ask(promise(VOTE, 4))
    after = voted(2, least=3)

    assert before.state.step(VOTE).settings.least == 4
    for least in (0, 2, 9):
        assert code(after.ask(promise(VOTE, least))) == "begun"
    assert code(after.ask(promise(VOTE, 3, minutes=7))) == ""
    assert after.state.step(VOTE).settings.least == 3
    assert code(after.ask(EditStep(StepId("ideas"), chosen={"board": {"least": 3}}))) == "no_choice"


def test_V11_a_promise_comes_with_the_step():
    room = a_room({**ECLAIR, "wall": BoardSettings()})
    title = Words("Vote", "Vote")

    assert code(room.ask(InsertStep(StepId("vote0002"), BallotSettings(least=7), title))) == ""
    assert room.state.step(StepId("vote0002")).settings.least == 7
    assert code(room.ask(InsertStep(StepId("vote0003"), BallotSettings(least=-1), title))) == "bad_step"
    assert code(room.ask(InsertStep(StepId("vote0004"), BallotSettings(least=1001), title))) == "bad_step"
    assert code(room.ask(promise(StepId("vote0002"), -1))) == "bad_step"


def test_V10_that_the_desk_knew_is_in_the_journal_only_where_it_was_asked():
    few_, many = voted(1), voted(FEW)
    few_.ask(RevealStep(VOTE, knowing=True))
    many.ask(RevealStep(VOTE))
    revealed = [
        [r.fact.knowing for _, _, r in room.journal if type(r.fact).__name__ == "StepRevealed"]
        for room in (few_, many)
    ]

    assert [facts[-1] for facts in revealed] == [True, False]
