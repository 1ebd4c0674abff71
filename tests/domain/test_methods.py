"""Votes by dots, to the number, and what a reveal keeps of them (V3, V4, V6, V9, V12)."""

import pytest

from forum.domain import methods
from forum.domain.flow import CloseStep, InsertStep, ReopenStep, RevealStep
from forum.domain.kernel import Was, Words
from forum.domain.loss import TellLoss, teller
from forum.domain.methods.dots import cap_for, points_for
from forum.domain.methods.method import ranked
from forum.domain.room import Noted
from forum.domain.settings import BallotSettings
from forum.domain.steps.ballot import (
    PART,
    AllocatePoints,
    BlankCast,
    GiveMark,
    MarkGiven,
    PointsAllocated,
    RoundCounted,
    RoundOpened,
)
from forum.domain.steps.voting import checksum, choices_of, count, few, result, seal_of
from forum.domain.touch import Touch
from tests.domain.judged import refused
from tests.scenes import ANNE, FACILITATOR, LEA, Scene, a_room, a_vote


def ballot(room: Scene, person: str = LEA) -> dict[str, int]:
    return dict(room.state.rounds.latest("vote").ballots[person].marks)


@pytest.mark.parametrize(
    ("options", "points"), [(1, 3), (13, 3), (14, 4), (17, 4), (18, 5), (37, 9), (38, 10), (42, 10), (43, 10)]
)
def test_V3_points_follow_the_number_of_options(options: int, points: int) -> None:
    assert points_for(options) == points


@pytest.mark.parametrize(("points", "cap"), [(1, 1), (3, 1), (4, 2), (6, 2), (7, 3), (9, 3), (10, 4)])
def test_V4_a_third_rounded_up_goes_on_one_option(points: int, cap: int) -> None:
    assert cap_for(points) == cap


def test_V4_a_mark_is_from_nothing_to_the_cap() -> None:
    room = a_vote(options=3, points=6, cap=2)
    said = {mark: room.ask(GiveMark("vote", "theme1", mark), LEA) for mark in (-1, 0, 1, 2, 3)}

    assert {mark: refused(one) for mark, one in said.items()} == {
        -1: "V4 cap",
        0: "",
        1: "",
        2: "",
        3: "V4 cap",
    }
    assert said[3].params == {"limit": 2}
    assert ballot(room) == {"theme1": 2}


def test_V3_what_is_given_elsewhere_counts_and_what_is_given_here_is_replaced() -> None:
    room = a_vote(options=4, points=5, cap=3)
    said = [
        room.ask(GiveMark("vote", key, mark), LEA)
        for key, mark in (("theme1", 3), ("theme2", 2), ("theme3", 1), ("theme1", 2), ("theme3", 1))
    ]
    room.ask(GiveMark("vote", "theme1", 3), ANNE)

    assert [refused(one) for one in said] == ["", "", "V3 budget", "", ""]
    assert said[2].params == {"left": 0}
    assert (ballot(room), ballot(room, ANNE)) == ({"theme1": 2, "theme2": 2, "theme3": 1}, {"theme1": 3})
    over = room.ask(GiveMark("vote", "theme2", 3), ANNE)
    assert (refused(over), over.params) == ("V3 budget", {"left": 2})


def test_pages_of_earlier_versions_vote_as_they_did() -> None:
    room = a_vote(options=2)

    assert room.ask(AllocatePoints("vote", "theme1", 1), LEA) == (MarkGiven("vote.1", "theme1", 1),)
    room.happened(PointsAllocated("vote.1", "theme1", 0), PointsAllocated("vote.1", "theme2", 1), by=LEA)
    assert ballot(room) == {"theme2": 1}
    room.happened(PointsAllocated("vote.1", "theme1", 0), by=LEA)
    assert ballot(room) == {"theme2": 1}


def test_a_round_of_an_earlier_version_has_its_points_and_cap() -> None:
    assert RoundOpened("vote.1", "vote", ("a", "b"), 4, 2).terms == {"points": 4, "cap": 2}
    assert RoundOpened("vote.1", "vote", ("a", "b"), parameters={"points": 9, "cap": 3}).terms == {
        "points": 9,
        "cap": 3,
    }
    assert RoundOpened("vote.1", "vote", ("a", "b")).terms == {}
    with pytest.raises(ValueError, match="expected a known ballot method"):
        RoundOpened("vote.1", "vote", ("a", "b"), method="dreams")


def test_V6_lines_go_from_the_most_points_on_and_then_by_supporters() -> None:
    room = a_vote(options=5, points=6, cap=6).joined("eve")
    room.voted(LEA, theme1=2, theme2=3).voted(ANNE, theme1=1, theme3=3).voted("eve", theme5=3)
    told = count(room.state.rounds.latest("vote"))

    assert [(line.option, line.rank, line.tied) for line in told.lines] == [
        ("theme1", 1, False), ("theme2", 2, True), ("theme3", 2, True), ("theme5", 2, True), ("theme4", 5, False),
    ]  # fmt: skip
    assert told.lines[0].numbers == {"points": 3, "supporters": 2}
    assert [line.score for line in told.lines] == [3, 3, 3, 3, 0]


def test_V6_equals_share_a_rank_and_the_next_is_as_many_places_further() -> None:
    score = {"a": 1, "b": 3, "c": 3, "d": 2, "e": 1}
    lines = ranked("abcde", {o: {"n": n} for o, n in score.items()}, score)

    assert [(line.option, line.rank, line.tied) for line in lines] == [
        ("b", 1, True), ("c", 1, True), ("d", 3, False), ("a", 4, True), ("e", 4, True),
    ]  # fmt: skip


def test_V9_the_sums_are_of_all_ballots_blank_ones_too() -> None:
    room = a_vote(options=3, points=4, cap=4).joined("eve")
    room.voted(LEA, theme1=4).voted(ANNE, theme1=1, theme2=1)
    room.happened(BlankCast("vote.1"), by="eve", entered_by=FACILITATOR)
    told = count(room.state.rounds.latest("vote"))

    assert told.sums == {"points": 4, "held": 12, "given": 6, "unused": 6}
    assert (told.voters, told.blank, told.assisted) == (3, 1, 1)


def test_V7_a_round_that_goes_on_keeps_its_terms_though_its_settings_changed() -> None:
    room = a_vote(options=3, points=4, cap=2).voted(LEA, theme1=2).closed("vote")
    room.ask(ReopenStep("vote"))
    first, second = (room.state.rounds.by_id[f"vote.{n}"] for n in (1, 2))

    assert second.parameters == first.parameters == {"points": 4, "cap": 2}
    assert (second.method, second.version, second.options) == ("dots", 1, first.options)
    assert second.choices == first.choices
    assert (first.seed, second.seed) == (1872548803, 1247825298)


def test_V7_what_stands_for_the_choices_is_the_same_in_every_version() -> None:
    room = a_vote(options=2)
    step, terms = room.state.step("vote"), {"points": 3, "cap": 1}

    assert choices_of(room.state, step, ("theme1", "theme2"), terms) == "34e9fc47130c8f68"
    assert choices_of(room.state, step, ("theme2", "theme1"), terms) == "34e9fc47130c8f68"
    assert choices_of(room.state, step, ("theme1", "theme2"), {"points": 3, "cap": 2}) != "34e9fc47130c8f68"
    assert choices_of(room.state, step, ("theme1",), terms) != "34e9fc47130c8f68"
    assert choices_of(room.state, step, ("theme1", "theme2"), {}) != "34e9fc47130c8f68"
    assert room.state.rounds.latest("vote").choices == "34e9fc47130c8f68"


def test_V12_a_seal_stands_for_one_ballot_and_a_checksum_for_all() -> None:
    seal = seal_of(LEA, "salt", {"b": 2, "a": 1})
    others = {
        seal_of(ANNE, "salt", {"a": 1, "b": 2}),
        seal_of(LEA, "pepper", {"a": 1, "b": 2}),
        seal_of(LEA, "salt", {"a": 1, "b": 1}),
        seal_of(LEA, "salt", {"a": 1}),
    }

    assert seal == seal_of(LEA, "salt", {"a": 1, "b": 2}) == "26d5f9ccdc8d44120adc4aacbecd6a62"
    assert len({seal, *others}) == 5
    sums = []
    for votes in ({LEA: 1}, {LEA: 1, ANNE: 1}, {LEA: 1, ANNE: 1}):
        room = a_vote(options=2)
        for person, mark in votes.items():
            room.voted(person, theme1=mark)
        sums.append(checksum(room.state.rounds.latest("vote")))
    assert len(sums[0]) == 32
    assert sums[0] != sums[1] == sums[2]
    assert checksum(a_vote(options=2).state.rounds.latest("vote")) == "e3b0c44298fc1c149afbf4c8996fb924"


def test_V12_a_reveal_keeps_its_result_and_reads_so_for_ever() -> None:
    room = a_vote(options=2).voted(LEA, theme1=1).closed("vote")
    counted = count(room.state.rounds.latest("vote"))
    facts = room.ask(RevealStep("vote", knowing=True))
    [kept] = [fact for fact in facts if isinstance(fact, RoundCounted)]

    assert (kept.round, kept.method, kept.version, kept.result) == ("vote.1", "dots", 1, counted)
    assert kept.ballots == checksum(room.state.rounds.latest("vote"))
    assert result(room.state.rounds.latest("vote")) == counted
    room.happened(MarkGiven("vote.1", "theme2", 1), by=ANNE)
    assert result(room.state.rounds.latest("vote")) == counted
    assert count(room.state.rounds.latest("vote")) != counted


def test_V5_an_old_round_without_a_kept_result_is_counted_when_it_is_read() -> None:
    room = a_vote(options=2).voted(LEA, theme1=1).closed("vote")
    from forum.domain.flow import StepRevealed

    room.happened(StepRevealed("vote"))
    assert result(room.state.rounds.latest("vote")) == count(room.state.rounds.latest("vote"))
    assert result(None) is None


def test_V12_cards_are_revealed_without_a_count() -> None:
    room = a_room().opened("ideas").with_ideas(1)

    assert [type(fact).__name__ for fact in room.ask(RevealStep("ideas"))] == ["StepRevealed"]


def test_a_vote_by_a_method_that_nobody_knows_is_not_put_into_an_agenda() -> None:
    said = a_room().ask(InsertStep("more", BallotSettings(method="dreams"), Words("Vote", "Vote")))

    assert refused(said) == "F6 bad_step"
    assert methods.of("dots").offered
    with pytest.raises(KeyError):
        methods.of("dreams")


def test_a_vote_draws_for_its_voter_what_they_marked() -> None:
    room = a_vote(options=2).voted(LEA, theme1=1)

    assert {Touch.you(LEA), Touch.mark("theme1")} <= room.touched[-1]
    assert Touch.mark("theme2") not in room.touched[-1]
    given = room.state.rounds.latest("vote").ballots[LEA]
    assert (given.at, given.number, given.entered_by, len(given.seal), dict(given.anew)) == (
        room.state.at,
        room.state.seq,
        "",
        32,
        {},
    )


def lost(room: Scene) -> Scene:
    tab, op = teller(room.state, 2)
    room.ask(TellLoss(2, room.state.seq, room.state.seq + 50, "abc", 9), "", tab=tab, op=op)
    return room


def again(room: Scene, key: str, mark: int, n: int, by: str = LEA, **more: object) -> object:
    round_ = room.state.rounds.by_id["vote.1"]
    was = Was(
        f"lost-{by}:{n}", by, 1, room.state.gone.losses[-1].after + n, "", "vote", "vote.1", round_.choices
    )
    return room.ask(GiveMark("vote", key, mark), by, was=was, **more)


def test_O11_what_a_voter_gave_before_the_loss_gives_way_and_what_they_gave_since_does_not() -> None:
    room = lost(a_vote(options=3, points=6, cap=3).voted(LEA, theme1=1, theme2=1))
    room.voted(LEA, theme2=2)

    assert again(room, "theme1", 3, 1) == (MarkGiven("vote.1", "theme1", 3),)
    assert again(room, "theme2", 3, 2) == (Noted(),)
    assert again(room, "theme1", 2, 3) == (MarkGiven("vote.1", "theme1", 2),), (
        "what only came again is no newer choice"
    )
    assert again(room, "theme1", 1, 4, ANNE) == (MarkGiven("vote.1", "theme1", 1),)
    assert ballot(room) == {"theme1": 2, "theme2": 2}
    assert dict(room.state.rounds.latest("vote").ballots[LEA].anew) == {
        "theme2": room.state.gone.losses[-1].after + 2
    }


def test_O11_a_mark_goes_on_through_rounds_that_nobody_saw_and_ends_with_one_that_was_shown() -> None:
    room = lost(a_vote(options=3, points=6, cap=3))
    for _ in range(2):
        room.ask(CloseStep("vote"))
        room.ask(ReopenStep("vote"))

    assert again(room, "theme1", 1, 1) == (MarkGiven("vote.3", "theme1", 1),)
    room.closed("vote").revealed("vote").ask(ReopenStep("vote"))
    assert room.state.rounds.latest("vote").number == 4
    assert refused(again(room, "theme1", 1, 2)) == "V5 vote_shown"


def test_O11_a_mark_of_another_vote_than_it_says_is_not_back_and_of_other_choices_is_refused() -> None:
    room = lost(a_vote(options=3, points=6, cap=3))
    other = Was("lost:8", LEA, 1, 90, "", "vote", "vote.1", "other choices")
    elsewhere = Was("lost:9", LEA, 1, 91, "", "plan", "vote.1", room.state.rounds.latest("vote").choices)

    assert refused(room.ask(GiveMark("vote", "theme1", 1), LEA, was=other)) == "V7 choices_changed"
    assert refused(room.ask(GiveMark("plan", "theme1", 1), LEA, was=elsewhere)) == "V1 vote_not_back"
    assert refused(again(room, "nowhere", 1, 3)) == "V7 no_option"
    assert room.ask(GiveMark("vote", "theme1", 1), LEA, was=Was("lost:7", LEA, 1, 92, "", "ideas")) == (
        MarkGiven("vote.1", "theme1", 1),
    )


def test_V10_a_step_that_is_no_vote_holds_nothing_back() -> None:
    room = a_vote(options=2).voted(LEA, theme1=1)

    assert few(room.state, room.state.step("vote")) == (1, 5, False)
    assert few(room.state, room.state.step("ideas")) is None
    assert few(room.state, room.state.step("plan")) is None


@pytest.mark.parametrize(("mark", "fits"), [(-1, False), (0, True), (1, True), (2, False)])
def test_V13_a_choice_is_approved_once_or_not(mark: int, fits: bool) -> None:
    said = a_vote(options=3, method="approval").ask(GiveMark("vote", "theme1", mark), LEA)

    assert refused(said) == ("" if fits else "V13 once")


def test_V13_approvals_are_counted_and_the_most_stands_first() -> None:
    room = a_vote(options=4, method="approval").joined("eve")
    room.voted(LEA, theme2=1, theme3=1).voted(ANNE, theme2=1).voted("eve", theme3=1, theme4=1)
    told = count(room.state.rounds.latest("vote"))

    assert [(line.option, line.rank, line.tied, line.numbers) for line in told.lines] == [
        ("theme2", 1, True, {"approvals": 2}), ("theme3", 1, True, {"approvals": 2}), ("theme4", 3, False, {"approvals": 1}),
        ("theme1", 4, False, {"approvals": 0}),
    ]  # fmt: skip
    assert told.sums == {"approvals": 5}
    assert dict(room.state.rounds.latest("vote").parameters) == {}
    room.voted(LEA, theme2=0)
    assert count(room.state.rounds.latest("vote")).sums == {"approvals": 4}


def test_rules_of_votes_are_told_in_the_order_of_their_numbers() -> None:
    numbers = [int(rule[1:]) for rule in PART.rules]

    assert numbers == sorted(numbers)
    assert numbers[:3] == [1, 2, 3]
    assert methods.of("approval").version == methods.of("dots").version == 1
