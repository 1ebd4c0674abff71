"""Return on time: the distribution and the middle, of those who said something; V25."""

import random
from collections.abc import Mapping, Sequence

import pytest
from immutables import Map

from forum.audit import verify
from forum.domain.flow import OpenStep
from forum.domain.kernel import Rejection
from forum.domain.people import SayDone
from forum.domain.settings import BallotSettings
from forum.domain.steps.ballot import GiveMark, MarkGiven
from forum.domain.steps.rounds import Ballot, Result, Round
from forum.domain.steps.voting import count, result
from forum.fragments.pages import Pages
from forum.fragments.surface import Audience, View
from forum.language import Reader
from forum.language.tellings import TELLINGS
from tests.audit.evidences import evidence_of
from tests.methods.known import KNOWN, ranks
from tests.scenes import ANNE, ECLAIR, LEA, a_room, a_vote

SEED = 1129


def counted(ballots: Sequence[Mapping[str, int]], options: str = "AB") -> Result:
    given = Map({f"p{n}": Ballot(Map(marks), 1) for n, marks in enumerate(ballots)})
    return count(Round("r", "vote", 1, tuple(options), {}, 1, 2, 3, given, method="roti"))


def of_one(*marks: int) -> dict[str, int]:
    return counted([{"A": mark} for mark in marks], "A").lines[0].numbers


def test_V25_the_example_of_the_page_on_methods():
    morning, afternoon = of_one(5, 4, 4, 3, 2, 1), of_one(5, 5, 4, 4, 1)

    assert (morning["middle"], morning["people"]) == (3, 6)
    assert (afternoon["middle"], afternoon["people"]) == (4, 5)
    assert [afternoon[name] for name in ("very_useful", "useful", "fairly_useful", "of_little_use", "lost")] == [
        2, 2, 0, 0, 1,
    ]  # fmt: skip


def test_V25_whoever_says_nothing_of_one_thing_is_not_counted_there():
    got = counted([{"A": 5, "B": 1}, {"A": 4}, {}])

    assert {x.option: (x.rank, x.numbers["middle"], x.numbers["people"]) for x in got.lines} == {
        "A": (1, 4, 2), "B": (2, 1, 1),
    }  # fmt: skip
    assert (got.voters, got.blank, got.sums) == (3, 1, {"ballots": 2, "choices": 2, "said": 3, "unsaid": 1})
    assert (
        TELLINGS["roti"].adds_up(Reader("en"), 3, got.sums) == "2 ballots × 2 choices: 3 answers, 1 left out."
    )


def test_V25_as_high_a_middle_is_a_tie_however_the_rest_is_spread():
    got = counted([{"A": 5, "B": 3}, {"A": 3, "B": 3}, {"A": 1, "B": 3}])

    assert [(x.rank, x.tied) for x in got.lines] == [(1, True), (1, True)]


def test_V25_equals_brute_force_on_random_ballots_and_no_order_changes_it():
    rng = random.Random(SEED)
    for _ in range(100):
        options = "ABCD"[: rng.randint(1, 4)]
        ballots = [
            {o: mark for o in options if (mark := rng.randint(0, 5))} for _ in range(rng.randint(0, 9))
        ]
        got = {x.option: (x.rank, x.numbers) for x in counted(ballots, options).lines}
        scores = KNOWN["roti"].scores(options, ballots)
        rng.shuffle(ballots)
        again = counted(ballots, "".join(rng.sample(options, len(options)))).lines

        assert {o: n["middle"] for o, (_, n) in got.items()} == {o: s[0] for o, s in scores.items()}, (
            f"seed {SEED}"
        )
        assert {o: rank for o, (rank, _) in got.items()} == ranks(scores), f"seed {SEED}"
        assert {x.option: (x.rank, x.numbers) for x in again} == got, f"seed {SEED}"


def test_V25_it_goes_from_1_to_5_and_is_taken_back_at_will():
    room = a_vote(2, method="roti").voted(LEA, theme1=5)
    refused = [room.ask(GiveMark("vote", "theme1", mark), LEA) for mark in (-1, 6)]
    room.voted(LEA, theme1=0)

    assert [(no.rule, no.code) for no in refused] == [("V25", "no_rating")] * 2
    assert dict(room.state.rounds.latest("vote").ballots[LEA].marks) == {}


def test_one_thing_is_enough_for_it_and_not_for_a_vote_that_compares():
    alone = a_vote(1, method="roti")
    steps = {**ECLAIR, "vote": BallotSettings(method="majority")}
    other = (
        a_room(steps).opened("ideas").with_ideas(1).revealed("ideas").opened("sort").with_theme("theme1", 1)
    )
    refused = other.ask(OpenStep("vote"))

    assert not isinstance(alone.ask(GiveMark("vote", "theme1", 5), ANNE), Rejection)
    assert (refused.rule, refused.code) == ("V7", "too_few_themes")


@pytest.mark.parametrize(
    ("options", "marks", "said"),
    [
        (1, {"theme1": 4}, "– the middle is <strong>4 – Useful</strong> (2 answers)."),
        (2, {"theme1": 4, "theme2": 1}, "was worth most: <strong>4 – Useful</strong> (2 answers)."),
        (2, {"theme1": 4, "theme2": 4}, "All were worth as much in the middle: <strong>4 – Useful</strong>."),
        (
            3,
            {"theme1": 4, "theme2": 4, "theme3": 1},
            "Worth most: <b>“<bdi>Theme theme1</bdi>”</b>, <b>“<bdi>Theme theme2</bdi>”</b> – <strong>4 – Useful</strong>.",
        ),
        (2, {}, "Nobody said what it was worth."),
    ],
)
def test_the_result_says_in_one_sentence_what_was_worth_most(options: int, marks: dict[str, int], said: str):
    room = a_vote(options, method="roti")
    for person in (LEA, ANNE):
        room.voted(person, **marks) if marks else room.ask(SayDone(), person)
    room.closed("vote").revealed("vote")
    pages = Pages(static=lambda path: f"/static/{path}")
    for surface in ("phone", "screen", "desk"):
        page = pages.page(View(room.state, {}), Audience(surface, "en"))
        assert said in " ".join(" ".join(put.html for put in page).split()), surface


def test_the_second_count_equals_the_first_and_finds_a_6():
    room = a_vote(2, method="roti").voted(LEA, theme1=5, theme2=1).voted(ANNE, theme1=2)
    room.closed("vote").revealed("vote")
    wrong = a_vote(2, method="roti").voted(LEA, theme1=5)
    wrong.happened(MarkGiven("vote.1", "theme2", 6), by=ANNE, op="forged:1")

    assert verify(evidence_of(room)).held
    assert result(room.state.rounds.latest("vote")).lines[0].option == "theme1"
    found = verify(evidence_of(wrong.closed("vote").revealed("vote")))
    assert [f.says for f in found.findings if not f.held][:1] == ["bad_mark"]
