"""A quadratic vote: what its credits buy, and what comes of the votes; V43, V44."""

import random
from itertools import product

import pytest
from immutables import Map

from forum.audit.tallies import TALLIES
from forum.domain.choosing import chosen
from forum.domain.kernel import Rejection
from forum.domain.methods.quadratic import METHOD
from forum.domain.settings import BallotSettings
from forum.domain.steps.ballot import GiveMark
from forum.domain.steps.rounds import Ballot, Round
from forum.domain.steps.voting import count, result
from forum.fragments.pages import Pages
from forum.fragments.surface import Audience, View
from tests.scenes import LEA, Scene, a_vote

HUNDRED = {"credits": 100, "against": 0}


def a_round(*ballots: dict[str, int], options: str = "ABC", **terms: int) -> Round:
    given = Map({f"p{n}": Ballot(Map(marks), 1) for n, marks in enumerate(ballots)})
    return Round("r", "vote", 1, tuple(options), {**HUNDRED, **terms}, 1, 2, 3, given, method="quadratic")


def places(round_: Round) -> dict[str, tuple[int, int]]:
    return {line.option: (line.rank, line.score) for line in result(round_).lines}


def a_quadratic(**own: int) -> Scene:
    return a_vote(3, method="quadratic", own={f"quadratic_{name}": n for name, n in own.items()})


def test_V44_ten_votes_of_three_lose_to_five_votes_each_of_seven_and_those_are_a_tie():
    strong, wide = {"T": 10}, dict.fromkeys("ABCD", 5)
    got = places(a_round(*[strong] * 3, *[wide] * 7, options="ABCDT"))

    assert got == {"A": (1, 35), "B": (1, 35), "C": (1, 35), "D": (1, 35), "T": (5, 30)}


def test_V43_votes_cost_their_square_and_nobody_spends_more_than_they_have():
    room = a_quadratic().voted(LEA, theme1=7, theme2=7)
    dear = room.ask(GiveMark("vote", "theme3", 2), LEA)  # 49 + 49 + 4 = 102
    room.voted(LEA, theme3=1)  # 99

    assert isinstance(dear, Rejection)
    assert (dear.rule, dear.code, dear.params) == ("V43", "credits", {"count": 4, "limit": 2})
    assert count(room.state.rounds.latest("vote")).sums == {
        "credits": 100, "held": 100, "spent": 99, "unused": 1,
    }  # fmt: skip


@pytest.mark.parametrize("against", [0, 1])
def test_V43_brute_force_a_ballot_is_taken_exactly_when_its_squares_fit(against: int):
    room = a_round(credits=9, against=against)
    for marks in product(range(-4, 5), repeat=3):
        given = Ballot(Map(zip("AB", marks, strict=False)), 1)
        refused = METHOD.refuse(room, given, "C", marks[2])
        fits = sum(v * v for v in marks) <= 9 and (against or marks[2] >= 0)
        assert (refused is None) == bool(fits), marks


def test_V43_votes_against_are_taken_where_the_desk_allows_them_and_cost_as_much():
    without, allowed = a_quadratic(), a_quadratic(against=1, credits=10)
    no = without.ask(GiveMark("vote", "theme1", -1), LEA)
    allowed.voted(LEA, theme1=-3, theme2=1)
    dear = allowed.ask(GiveMark("vote", "theme3", -1), LEA)
    shown = allowed.closed("vote").revealed("vote").state.rounds.latest("vote")

    assert (no.code, dear.code) == ("against", "credits")
    assert {line.option: line.numbers for line in result(shown).lines} == {
        "theme2": {"votes": 1, "supporters": 1, "opponents": 0},
        "theme3": {"votes": 0, "supporters": 0, "opponents": 0},
        "theme1": {"votes": -3, "supporters": 0, "opponents": 1},
    }


def test_V44_a_choice_with_more_votes_against_than_for_never_comes_first():
    lost = result(a_round({"A": -1, "B": -2, "C": -2}, against=1))
    won = result(a_round({"A": 1, "B": -2}, against=1))

    assert METHOD.first(lost) == ()
    assert METHOD.first(won) == ("A",)
    assert [METHOD.bar(HUNDRED, won, line) for line in won.lines] == [(1, 2), (0, 2), (2, 2)]


def test_one_may_be_done_when_nothing_is_left_that_buys_one_vote_more():
    room = a_round(credits=10)

    assert METHOD.complete(room, {"A": 3, "B": 1, "C": 0}) is True
    assert METHOD.complete(room, {"A": 3}) is False  # one credit is left, and buys a vote on B
    assert METHOD.complete(room, {"A": 2, "B": 1, "C": 1}) is False


def test_V44_counted_by_brute_force_over_many_ballots_with_ties():
    rng = random.Random(43)
    for _ in range(300):
        ballots = [{o: v for o in "ABCDE" if (v := rng.randint(-2, 2))} for _ in range(rng.randint(0, 7))]
        room = a_round(*ballots, options="ABCDE", credits=25, against=1)
        sums = {o: sum(b.get(o, 0) for b in ballots) for o in "ABCDE"}
        expected = {o: (1 + sum(s > mine for s in sums.values()), mine) for o, mine in sums.items()}
        second = TALLIES["quadratic", 1].counted(
            list("ABCDE"), room.parameters, {str(n): b for n, b in enumerate(ballots)}
        )

        assert places(room) == expected
        assert second.ranks == {o: rank for o, (rank, _) in expected.items()}
        assert second.numbers == {line.option: line.numbers for line in result(room).lines}
        assert (second.sums, second.faults) == (count(room).sums, {})


def test_the_second_count_names_a_ballot_that_spent_too_much_or_voted_against_where_it_may_not():
    found = TALLIES["quadratic", 1].counted(
        ["A", "B"], HUNDRED, {"x": {"A": 10, "B": 1}, "y": {"A": -1}, "z": {"A": 10}}
    )

    assert found.faults == {"x": "over_budget", "y": "bad_mark"}


def test_the_desk_chooses_how_many_credits_and_whether_there_are_votes_against():
    settings = BallotSettings(method="quadratic")
    more = chosen(settings, {"quadratic_credits": "49", "quadratic_against": "1"}, begun=False)
    much = chosen(settings, {"quadratic_credits": "401"}, begun=False)

    assert METHOD.terms(settings, 3) == HUNDRED
    assert METHOD.terms(more, 3) == {"credits": 49, "against": 1}
    assert isinstance(much, Rejection)


def test_a_phone_says_what_the_next_vote_costs_and_what_is_left():
    room, pages = a_quadratic().voted(LEA, theme1=3), Pages(static=lambda path: path)
    shown = {p.key: p.html for p in pages.you(View(room.state, {}), Audience("phone", "en"), LEA)}

    assert "next costs 7" in shown["my-mark-theme1"]
    assert "next costs 1" in shown["my-mark-theme2"]
    assert "You have 91 credits left" in shown["my-left"]
