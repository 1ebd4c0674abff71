"""Ballots: V1–V9 and V12."""

import random

import pytest
from immutables import Map

from forum.domain.flow import CloseStep, EditStep, OpenStep, ReopenStep, RevealStep
from forum.domain.kernel import Rejection
from forum.domain.methods.dots import cap_for, points_for
from forum.domain.people import SayDone
from forum.domain.settings import BallotSettings
from forum.domain.state import change
from forum.domain.steps.ballot import (
    AllocatePoints,
    GiveMark,
    MarkGiven,
    PointsAllocated,
    RoundCounted,
    RoundOpened,
)
from forum.domain.steps.board import IdeaPosted
from forum.domain.steps.rounds import Ballot, Round
from forum.domain.steps.voting import MOST_CHOICES, checksum, result, seal_of
from tests.domain.judged import refusal
from tests.histories import random_history
from tests.scenes import ANNE, ECLAIR, FACILITATOR, LEA, SCREEN, a_room, a_vote


def counted(ballots: list[dict[str, int]], options: str = "ABCD", points: int = 3, cap: int = 3):
    given = Map({f"p{i}": Ballot(Map(b), 1) for i, b in enumerate(ballots)})
    terms = {"points": points, "cap": cap}
    return result(Round("r", "vote", 1, tuple(options), terms, 1, 2, 3, given))


def told(line):
    """What is said of one option, whatever its place."""
    return (line.rank, line.tied, line.numbers)


def test_V1_a_vote_after_the_close_is_refused_with_the_time_and_counts_for_nothing():
    room = a_vote().voted(LEA, theme1=1)
    room.ask(CloseStep("vote"))
    late = room.ask(GiveMark("vote", "theme2", 1), LEA)

    assert refusal(late) == "vote_closed"
    assert late.params["time"] == room.state.rounds.latest("vote").closed_at
    assert dict(room.state.rounds.latest("vote").ballots[LEA].marks) == {"theme1": 1}


def test_V2_the_desk_and_the_screen_do_not_vote():
    room = a_vote()

    assert refusal(room.ask(GiveMark("vote", "theme1", 1), FACILITATOR)) == "forbidden"
    assert refusal(room.ask(GiveMark("vote", "theme1", 1), SCREEN)) == "forbidden"


@pytest.mark.parametrize(
    ("options", "points"), [(2, 3), (4, 3), (13, 3), (14, 4), (20, 5), (21, 5), (22, 6), (38, 10), (200, 10)]
)
def test_V3_points_are_a_quarter_of_the_options_rounded_between_3_and_10(options, points):
    assert points_for(options) == points


@pytest.mark.parametrize(("points", "cap"), [(3, 1), (4, 2), (5, 2), (6, 2), (7, 3), (10, 4)])
def test_V4_the_cap_is_a_third_of_the_points_rounded_up(points, cap):
    assert cap_for(points) == cap


def test_V3_nobody_spends_more_than_their_points_and_a_point_taken_back_can_be_given_again():
    room = a_vote(points=3, cap=3).voted(LEA, theme1=2, theme2=1)
    over = room.ask(GiveMark("vote", "theme3", 1), LEA)
    room.voted(LEA, theme1=1, theme3=1)

    assert (refusal(over), over.params) == ("budget", {"left": 0})
    assert dict(room.state.rounds.latest("vote").ballots[LEA].marks) == {
        "theme1": 1,
        "theme2": 1,
        "theme3": 1,
    }


def test_V4_at_most_the_cap_on_one_option_and_never_less_than_nothing():
    room = a_vote(points=6, cap=2)

    assert refusal(room.ask(GiveMark("vote", "theme1", 3), LEA)) == "cap"
    assert refusal(room.ask(GiveMark("vote", "theme1", -1), LEA)) == "cap"
    assert refusal(room.ask(GiveMark("vote", "theme1", 2), LEA)) is None


def test_V4_the_same_allocation_sent_from_two_phones_counts_once():
    room = a_vote().voted(LEA, theme1=1).voted(LEA, theme1=1)

    assert room.state.rounds.latest("vote").ballots[LEA].marks == Map(theme1=1)


def test_V5_there_is_no_result_before_the_reveal():
    room = a_vote().voted(LEA, theme1=1)
    before = result(room.state.rounds.latest("vote"))
    room.ask(CloseStep("vote"))
    closed = result(room.state.rounds.latest("vote"))
    room.revealed("vote")

    assert before is None
    assert closed is None
    assert result(room.state.rounds.latest("vote")).lines[0].option == "theme1"


def test_V6_points_and_distinct_supporters_are_counted_and_equals_share_a_rank():
    got = counted([{"A": 2, "B": 1}, {"A": 1, "C": 2}, {"B": 3}, {"C": 1, "D": 1}, {}])

    lines = {line.option: (*line.numbers.values(), line.rank, line.tied) for line in got.lines}
    assert lines == {"B": (4, 2, 1, False), "A": (3, 2, 2, True), "C": (3, 2, 2, True), "D": (1, 1, 4, False)}
    assert (got.voters, got.blank, got.sums["given"]) == (5, 1, 11)


def test_V6_supporters_decide_between_equal_points():
    got = counted([{"A": 3}, {"B": 1}, {"B": 1}, {"B": 1}], "AB")

    assert [(line.option, line.rank) for line in got.lines] == [("B", 1), ("A", 2)]


def test_V6_the_order_of_ballots_and_options_changes_nothing_but_the_display_of_ties():
    rng = random.Random(20250116)
    ballots = [{o: rng.randint(1, 2) for o in rng.sample("ABCDEF", 2)} for _ in range(40)]
    first = {line.option: told(line) for line in counted(ballots, "ABCDEF").lines}
    for _ in range(20):
        rng.shuffle(ballots)
        options = "".join(rng.sample("ABCDEF", 6))
        assert {line.option: told(line) for line in counted(ballots, options).lines} == first


def test_V7_themes_made_after_the_opening_are_not_on_the_ballot():
    room = a_vote(options=3)

    assert room.state.rounds.latest("vote").options == ("theme1", "theme2", "theme3")
    assert refusal(room.ask(GiveMark("vote", "theme9", 1), LEA)) == "no_option"


def test_V7_a_vote_over_fewer_than_two_things_does_not_open():
    room = a_room().opened("ideas").with_ideas(1).opened("sort").with_theme("theme1", 1)
    assert refusal(room.ask(OpenStep("vote"))) == "too_few_themes"
    assert room.state.current == "sort"


def test_V7_a_vote_over_more_than_anybody_weighs_does_not_open_and_one_over_just_as_many_does():
    steps = {**ECLAIR, "vote": BallotSettings(over="ideas")}
    opens = []
    for more in (0, 1):
        room = a_room(steps).opened("ideas").with_ideas(MOST_CHOICES + more).revealed("ideas")
        opens.append(room.ask(OpenStep("vote")))

    assert not isinstance(opens[0], Rejection)
    assert refusal(opens[1]) == "too_many_choices"
    assert opens[1].params == {"count": MOST_CHOICES + 1, "limit": MOST_CHOICES}


def test_V7_reopening_starts_a_new_round_and_keeps_the_old_one_as_it_was():
    room = a_vote().voted(LEA, theme1=1)
    room.ask(CloseStep("vote"))
    room.revealed("vote")
    old = room.state.rounds.by_id["vote.1"]
    room.ask(ReopenStep("vote"))
    room.voted(ANNE, theme2=1)

    assert room.state.rounds.by_id["vote.1"] == old
    assert room.state.rounds.latest("vote").number == 2
    assert list(room.state.rounds.latest("vote").ballots) == [ANNE]
    assert not room.state.step("vote").revealed


@pytest.mark.parametrize(
    "way", [(OpenStep("vote"),), (OpenStep("plan"), OpenStep("vote"))], ids=["at once", "later"]
)
def test_V7_whichever_way_the_room_comes_back_to_a_shown_vote_it_votes_anew_and_that_can_be_shown(way):
    room = a_vote().voted(LEA, theme1=1).closed("vote").revealed("vote")
    for command in way:
        assert not isinstance(room.ask(command), Rejection)
    room.voted(ANNE, theme2=1)
    before = room.state.step("vote").revealed

    room.ask(CloseStep("vote"))
    shown = room.ask(RevealStep("vote", knowing=True))

    assert not before
    assert not isinstance(shown, Rejection)
    assert list(room.state.rounds.latest("vote").ballots) == [ANNE]


def test_V7_reopening_before_the_reveal_carries_the_ballots_over():
    room = a_vote().voted(LEA, theme1=1)
    room.ask(CloseStep("vote"))
    room.ask(ReopenStep("vote"))

    assert dict(room.state.rounds.latest("vote").ballots[LEA].marks) == {"theme1": 1}


def test_V8_done_without_a_point_is_a_blank_ballot_and_with_points_is_not():
    room = a_vote().voted(LEA, theme1=1)
    room.ask(SayDone(), LEA)
    room.ask(SayDone(), ANNE)
    room.ask(CloseStep("vote"))
    got = result(room.revealed("vote").state.rounds.latest("vote"))

    assert (got.voters, got.blank, got.sums["given"]) == (2, 1, 1)


def test_V9_people_times_points_are_the_points_given_and_those_not_used():
    told = counted([{"A": 3}, {"A": 1, "B": 1}, {}], points=4)

    assert (told.voters, told.sums) == (3, {"points": 4, "held": 12, "given": 5, "unused": 7})
    assert sum(line.score for line in told.lines) == told.sums["given"]
    assert told.blank == 1


@pytest.mark.parametrize("seed", range(20))
def test_V9_the_sums_hold_in_every_round_of_a_random_forum(seed):
    room = random_history(random.Random(seed), 400)

    dots = [round_ for round_ in room.state.rounds.by_id.values() if round_.method == "dots"]
    for told in filter(None, map(result, dots)):
        assert told.sums["held"] == told.sums["given"] + told.sums["unused"]
        assert told.sums["unused"] >= 0
        assert sum(line.score for line in told.lines) == told.sums["given"]


def test_O7_a_card_a_ballot_and_a_commitment_keep_the_number_of_the_fact_that_made_them_what_they_are():
    room = a_vote(points=3, cap=3)
    room.voted(LEA, theme1=1)
    first = room.state.rounds.latest("vote").ballots[LEA].number
    room.voted(LEA, theme1=2)
    card = room.state.ideas.by_id["idea001"]

    assert (first, room.state.rounds.latest("vote").ballots[LEA].number) == (
        room.state.seq - 1,
        room.state.seq,
    )
    assert isinstance(room.journal[card.worded - 1][2].fact, IdeaPosted)
    assert card.rev > card.worded  # it was moved since, its words were not touched


def test_a_page_of_an_earlier_version_votes_as_a_page_of_today_does():
    old, new = a_vote(), a_vote()
    asked = old.ask(AllocatePoints("vote", "theme1", 1), LEA)
    given = new.ask(GiveMark("vote", "theme1", 1), LEA)

    assert asked == given == (MarkGiven("vote.1", "theme1", 1),)
    assert refusal(old.ask(AllocatePoints("vote", "theme1", 9), LEA)) == "cap"


def test_what_an_earlier_version_told_of_points_folds_as_marks():
    old, new = a_vote(), a_vote()
    old.happened(
        PointsAllocated("vote.1", "theme1", 1), PointsAllocated("vote.1", "theme2", 0), by=LEA, op="t:1"
    )
    new.happened(MarkGiven("vote.1", "theme1", 1), MarkGiven("vote.1", "theme2", 0), by=LEA, op="t:1")

    assert old.state.rounds.by_id == new.state.rounds.by_id
    assert old.touched == new.touched
    assert RoundOpened("vote.2", "vote", ("a", "b"), 5, 2).terms == {"points": 5, "cap": 2}


@pytest.mark.parametrize("seed", range(12))
def test_a_vote_is_shown_exactly_where_its_last_round_was_in_a_random_forum(seed):
    state = random_history(random.Random(seed), 300).state
    told = {s.id: (s.revealed, state.rounds.latest(s.id)) for s in state.steps if state.rounds.latest(s.id)}

    assert told
    assert all(revealed == bool(round_.revealed_at) for revealed, round_ in told.values())


def test_a_round_names_its_method_with_version_terms_electorate_and_seed():
    opened = next(r.fact for _, _, r in a_vote().journal if isinstance(r.fact, RoundOpened))

    assert (opened.method, opened.version, opened.parameters) == ("dots", 1, {"points": 3, "cap": 1})
    assert opened.electorate == "present"
    assert opened.seed > 0


def test_V12_the_reveal_records_the_result_and_a_checksum_of_the_ballots():
    room = a_vote().voted(LEA, theme1=1).closed("vote").revealed("vote")
    round_ = room.state.rounds.latest("vote")
    [counted] = [r.fact for _, _, r in room.journal if isinstance(r.fact, RoundCounted)]

    assert (counted.method, counted.version) == ("dots", 1)
    assert counted.result == result(round_) == round_.counted.result
    assert counted.ballots == checksum(round_)
    assert round_.revealed_at


def test_V12_a_result_reads_for_ever_as_it_was_shown():
    room = a_vote().voted(LEA, theme1=1).closed("vote").revealed("vote")
    round_ = room.state.rounds.latest("vote")
    without = change(round_, ballots=Map())

    assert result(without) == result(round_)
    assert result(change(without, counted=None)) != result(round_)
    assert result(change(round_, counted=None)) == result(round_), "as before there was a record"


def test_V12_the_checksum_is_another_for_other_ballots_and_cannot_be_made_without_the_salts():
    one = a_vote().voted(LEA, theme1=1)
    other = a_vote().voted(LEA, theme2=1)
    sums = {checksum(room.state.rounds.latest("vote")) for room in (one, other, a_vote())}
    seals = {seal_of("lea", salt, {"theme1": 1}) for salt in ("", "salt", "other")}

    assert len(sums) == 3
    assert len(seals) == 3


def test_F10_how_a_vote_is_counted_can_be_changed_until_it_begins_and_not_afterwards():
    def by(method: str) -> EditStep:
        return EditStep("vote", chosen={"ballot": {"method": method}})

    late, unknown = a_vote().ask(by("approval")), a_room().ask(by("never heard of"))

    assert refusal(a_room().ask(by("approval"))) is None
    assert (late.rule, late.code) == ("F10", "begun")
    assert (unknown.rule, unknown.code) == ("F10", "no_choice")
