"""A vote by pairs: who is asked what, what may be answered, and the strengths that come of it; V40, V41, V42."""

import json
import random
from collections import Counter
from fractions import Fraction
from itertools import combinations, pairwise
from pathlib import Path

import msgspec
import pytest
from immutables import Map

from forum.audit.tallies import TALLIES
from forum.domain.kernel import Rejection, RoundId, StepId
from forum.domain.methods.pairwise import EVERY_PAIR, METHOD, strengths
from forum.domain.people import SayDone
from forum.domain.steps.ballot import GiveMark
from forum.domain.steps.rounds import Ballot, Round
from forum.domain.steps.voting import asked, count, result
from tests.methods import known_pairwise
from tests.scenes import ANNE, LEA, Scene, a_vote

ORACLE = json.loads((Path(__file__).parent / "oracles" / "bradley_terry.json").read_text())
WHOLE = sum(strengths(("a", "b"), {("a", "b"): 1, ("b", "a"): 1}).values())


def a_round(*ballots: dict[str, int], options: str = "ABC", seed: int = 1) -> Round:
    given = Map({f"p{n}": Ballot(Map(marks), 1) for n, marks in enumerate(ballots)})
    return Round("r", "vote", 1, tuple(options), {}, 1, 2, 3, given, method="pairwise", seed=seed)


def of_wins(options: str, wins: dict[str, int]) -> Round:
    """A round in which ``AB`` won so often, A over B: each by a ballot of its own."""
    there = []
    for pair, times in wins.items():
        one, other = sorted(pair, key=options.index)
        there += [{f"{one}|{other}": 1 if pair[0] == one else 2}] * times
    return a_round(*there, options=options)


def told(round_: Round) -> dict[str, int]:
    return {line.option: line.score for line in result(round_).lines}


def ranks(round_: Round) -> dict[str, int]:
    return {line.option: line.rank for line in result(round_).lines}


def shown(room: Scene, person: str) -> str:
    [first, *_] = asked(room.state, room.state.rounds.latest("vote"), person)
    return first


def answers(room: Scene, person: str, mark: int = 1) -> str:
    """Somebody answers the pair that they are asked."""
    key = shown(room, person)
    assert not isinstance(room.ask(GiveMark("vote", key, mark), person), Rejection)
    return key


def jurors(options: int, people: int, pairs: int, rng: random.Random) -> tuple[Round, dict[str, list[str]]]:
    """A round in which each of so many people answered so many of the pairs that they were asked, in turn."""
    ballots: Map[str, Ballot] = Map()
    bare = Round("r", "vote", 1, tuple(f"o{n:02}" for n in range(options)), {}, 1, method="pairwise", seed=7)
    were_asked: dict[str, list[str]] = {f"p{n}": [] for n in range(people)}
    for _ in range(pairs):
        for person in rng.sample(sorted(were_asked), people):
            before = ballots.get(person)
            put = before.put if before else METHOD.asked(bare, person, None)
            were_asked[person].append(put[0])
            marks = (before.marks if before else Map()).set(put[0], rng.choice((1, 2)))
            ballot = Ballot(marks, 1, put=put)
            there = Round(
                "r", "vote", 1, bare.options, {}, 1, ballots=ballots.set(person, ballot), method="pairwise", seed=7
            )  # fmt: skip
            ballots = ballots.set(person, Ballot(marks, 1, put=METHOD.asked(there, person, ballot)))
    last = Round("r", "vote", 1, bare.options, {}, 1, 2, 3, ballots, method="pairwise", seed=7)
    return last, were_asked


# Strengths


def test_V42_the_worked_example():
    got = told(of_wins("ABC", {"AB": 3, "BA": 1, "AC": 4, "BC": 2, "CB": 2}))

    assert {o: round(n / 1_000_000, 5) for o, n in got.items()} == {"A": 0.77686, "B": 0.13444, "C": 0.08870}
    assert sum(got.values()) == 1_000_000


def test_V42_wins_and_comparisons_are_told_beside_and_what_was_skipped_is_neither():
    round_ = a_round({"A|B": 1, "B|C": 3}, {"A|B": 1, "A|C": 2}, {"A|B": 2})
    numbers = {line.option: line.numbers for line in result(round_).lines}

    assert {o: (n["wins"], n["comparisons"]) for o, n in numbers.items()} == {
        "A": (2, 4),
        "B": (1, 3),
        "C": (1, 1),
    }
    assert (numbers["A"]["over/B"], numbers["B"]["over/A"], numbers["B"]["over/C"]) == (2, 1, 0)
    assert count(round_).sums == {"pairs": 4, "skipped": 1, "possible": 3}


@pytest.mark.parametrize("profile", ORACLE["profiles"], ids=lambda profile: f"{profile['options']} options")
def test_V42_strengths_are_those_of_a_published_package(profile: dict):
    there = tuple(f"o{n}" for n in range(profile["options"]))
    won = {(there[a], there[b]): times for a, b, times in profile["wins"]}
    strong = strengths(there, won)
    expected = dict(zip(there, profile["strengths"], strict=True))

    assert all(abs(strong[o] / WHOLE - expected[o]) < 2e-8 for o in there), (strong, expected)
    for one, other in combinations(there, 2):
        if abs(expected[one] - expected[other]) > 1e-7:
            assert (strong[one] > strong[other]) == (expected[one] > expected[other])


def test_V42_a_circle_of_wins_is_a_tie_of_all_however_long_and_however_often():
    for options in ("ABC", "ABCDE", "ABCDEFGHIJKL"):
        for times in (1, 3, 7):
            ring = {one + other: times for one, other in (*pairwise(options), (options[-1], options[0]))}
            assert set(ranks(of_wins(options, ring)).values()) == {1}
            assert len(set(told(of_wins(options, ring)).values())) == 1


def test_V42_where_all_met_all_as_often_the_same_number_of_wins_is_a_tie_whoever_was_beaten():
    rng, options = random.Random(42), "ABCDEF"
    for _ in range(40):
        wins = {
            (pair if rng.random() < 0.5 else pair[::-1]): 1 for pair in map("".join, combinations(options, 2))
        }
        won = {o: sum(1 for pair in wins if pair[0] == o) for o in options}
        assert ranks(of_wins(options, wins)) == {
            o: 1 + sum(other > n for other in won.values()) for o, n in won.items()
        }


def test_V42_two_of_a_kind_have_exactly_the_same_strength():
    """B and C met the same, with the same outcome, in other places of the ballot."""
    round_ = of_wins("ABCD", {"AB": 5, "BA": 2, "AC": 5, "CA": 2, "BD": 3, "CD": 3, "DB": 1, "DC": 1})

    assert told(round_)["B"] == told(round_)["C"]
    assert ranks(round_) == {"A": 1, "B": 2, "C": 2, "D": 4}


def test_V42_who_won_all_or_lost_all_has_a_strength_too():
    """By a tenth of a win more for each side of each pair: else the first would be infinitely strong."""
    got = told(of_wins("ABC", {"AB": 2, "BC": 2}))

    assert got["A"] > got["B"] > got["C"] > 0
    assert got == {
        o: score[0] for o, score in known_pairwise.scores("ABC", [{"A|B": 1}] * 2 + [{"B|C": 1}] * 2).items()
    }


def test_V42_neither_the_order_of_ballots_nor_that_of_options_changes_a_digit():
    rng = random.Random(5)
    for _ in range(30):
        ballots = [
            {key: rng.randint(1, 3) for key in known_pairwise.pairs("ABCDE") if rng.random() < 0.3}
            for _ in range(rng.randint(1, 9))
        ]
        first = {x.option: (x.rank, x.numbers) for x in result(a_round(*ballots, options="ABCDE")).lines}
        mixed = "".join(rng.sample("ABCDE", 5))
        turned = [dict(_turned(key, mark, mixed) for key, mark in ballot.items()) for ballot in ballots]
        rng.shuffle(turned)

        assert {x.option: (x.rank, x.numbers) for x in result(a_round(*turned, options=mixed)).lines} == first


def _turned(key: str, mark: int, options: str) -> tuple[str, int]:
    one, other = key.split("|")
    if options.index(one) < options.index(other):
        return key, mark
    return f"{other}|{one}", {1: 2, 2: 1, 3: 3}[mark]


def test_the_second_count_comes_to_the_same_by_another_way():
    rng = random.Random(6)
    for _ in range(60):
        options = "ABCDEFGHIJKLMNOP"[: rng.randint(2, 16)]
        ballots = [
            {key: rng.choice((1, 1, 2, 3)) for key in known_pairwise.pairs(options) if rng.random() < 0.3}
            for _ in range(rng.randint(0, 8))
        ]
        round_ = a_round(*ballots, options=options)
        second = TALLIES["pairwise", 1].counted(list(options), {}, {str(n): b for n, b in enumerate(ballots)})

        assert second.numbers == {line.option: line.numbers for line in result(round_).lines}
        assert second.ranks == ranks(round_)
        assert (second.sums, second.faults) == (count(round_).sums, {})


def test_the_second_count_names_an_answer_that_is_none():
    found = TALLIES["pairwise", 1].counted(["A", "B"], {}, {"x": {"A|B": 4}, "y": {"A|B": 3}})

    assert found.faults == {"x": "bad_mark"}


def test_where_nobody_compared_anything_nothing_comes_first_and_all_are_equal():
    empty, skipped = result(a_round()), result(a_round({"A|B": 3}))

    assert METHOD.first(empty) == METHOD.first(skipped) == ()
    assert {line.rank for line in skipped.lines} == {1}
    assert (skipped.voters, skipped.blank) == (1, 1)


# What is asked


@pytest.mark.parametrize("options", [2, 3, 4, 7, 12])
def test_V41_up_to_twelve_choices_everybody_can_answer_every_pair_and_none_twice(options: int):
    every = options * (options - 1) // 2
    round_, were_asked = jurors(options, 2, every, random.Random(options))

    for person, keys in were_asked.items():
        assert len(set(keys)) == len(keys) == every
        assert round_.ballots[person].put == (keys[-1],)  # nothing is left but to take it back
        assert METHOD.complete(round_, round_.ballots[person].marks)
        steps = [set(one.split("|")) & set(other.split("|")) for one, other in pairwise(keys)]
        assert sum(map(bool, steps)) >= len(steps) - options  # else nothing of the last pair was left


def test_V41_of_more_than_twelve_each_pair_keeps_one_choice_of_the_last_and_shows_no_other_again_before_all_were_seen():
    _, were_asked = jurors(40, 6, 39, random.Random(1))

    for keys in were_asked.values():
        seen: set[str] = set(keys[0].split("|"))
        for before, key in pairwise(keys):
            kept = set(key.split("|")) & set(before.split("|"))
            assert len(kept) == 1
            assert not (set(key.split("|")) - kept) & seen
            seen |= set(key.split("|"))
        assert len(seen) == 40


def test_V41_sixty_choices_are_put_at_least_three_times_each_by_twenty_people_who_answer_ten_pairs():
    round_, _ = jurors(60, 20, 10, random.Random(2))
    views = Counter(
        option for ballot in round_.ballots.values() for key in ballot.marks for option in key.split("|")
    )

    assert min(views[option] for option in round_.options) >= 3


def test_V41_what_others_answered_changes_nothing_of_what_anybody_is_asked():
    rng = random.Random(3)
    round_, _ = jurors(20, 5, 8, rng)
    for _ in range(20):
        ballots = Map({
            person: Ballot(Map({key: rng.randint(1, 3) for key in ballot.marks}), 1, put=ballot.put)
            for person, ballot in round_.ballots.items()
        })  # fmt: skip
        otherwise = Round("r", "vote", 1, round_.options, {}, 1, 2, 3, ballots, method="pairwise", seed=7)
        for person in round_.ballots:
            waiting = round_.ballots[person].put[0]
            mine = Ballot(round_.ballots[person].marks.set(waiting, 1), 1, put=round_.ballots[person].put)
            assert METHOD.asked(round_, person, mine) == METHOD.asked(otherwise, person, mine)


def test_V41_a_pair_that_somebody_reads_stays_while_others_answer():
    room = a_vote(EVERY_PAIR + 2, method="pairwise")
    answers(room, LEA)
    waiting, first = shown(room, LEA), shown(room, ANNE)
    for _ in range(5):
        answers(room, ANNE)

    assert shown(room, LEA) == waiting
    assert first in room.state.rounds.latest("vote").ballots[ANNE].marks


def test_V41_the_update_of_the_published_model_makes_the_least_compared_the_least_certain_whoever_wins():
    """Chen et al. 2013: a win moves the mean by 9/22, and leaves 403/484 of the variance, of the winner and of the loser."""
    alpha, beta, variance = 10, 1, Fraction(1)
    chance = Fraction(alpha, alpha + beta)
    moved = variance * (chance - Fraction(1, 2))
    left = variance * (1 + variance * (Fraction(alpha * beta, (alpha + beta) ** 2) - Fraction(1, 4)))

    assert (round(float(moved), 6), round(float(left), 6)) == (0.409091, 0.832645)
    assert left < variance  # so what was put less often is less certain, and teaches more


# What is answered


def test_V40_the_last_answer_is_taken_back_and_its_pair_is_asked_again():
    room = a_vote(4, method="pairwise")
    first = answers(room, LEA)
    second = answers(room, LEA, 2)
    third, last = asked(room.state, room.state.rounds.latest("vote"), LEA)
    room.ask(GiveMark("vote", last, 0), LEA)

    assert (last, len({first, second, third})) == (second, 3)
    assert asked(room.state, room.state.rounds.latest("vote"), LEA) == (second,)
    assert dict(room.state.rounds.latest("vote").ballots[LEA].marks) == {first: 1}
    answers(room, LEA, 1)
    assert asked(room.state, room.state.rounds.latest("vote"), LEA)[1] == second


def test_V40_a_pair_is_skipped_and_comes_no_more():
    room = a_vote(3, method="pairwise")
    keys = [answers(room, LEA, 3) for _ in range(3)]

    assert len(set(keys)) == 3
    assert asked(room.state, room.state.rounds.latest("vote"), LEA) == (keys[-1],)
    assert count(room.state.rounds.latest("vote")).blank == 1


def test_V40_no_other_answer_is_taken_and_no_pair_that_is_none():
    room = a_vote(3, method="pairwise")
    wrong = room.ask(GiveMark("vote", "theme1|theme2", 4), LEA)
    turned = room.ask(GiveMark("vote", "theme2|theme1", 1), LEA)

    assert (wrong.rule, wrong.code) == ("V40", "pair")
    assert (turned.rule, turned.code) == ("V7", "no_option")


def test_a_pair_that_was_not_asked_counts_and_leaves_what_is_asked():
    room = a_vote(4, method="pairwise")
    answers(room, LEA)
    put = asked(room.state, room.state.rounds.latest("vote"), LEA)
    other = next(key for key in METHOD.keys(room.state.rounds.latest("vote")) if key not in put)
    room.ask(GiveMark("vote", other, 1), LEA)

    assert asked(room.state, room.state.rounds.latest("vote"), LEA) == put


def test_who_is_done_without_an_answer_is_asked_the_same_pair_as_before():
    room = a_vote(4, method="pairwise")
    before = asked(room.state, room.state.rounds.latest("vote"), ANNE)
    room.ask(SayDone(), ANNE)

    assert asked(room.state, room.state.rounds.latest("vote"), ANNE) == before


def test_V41_the_first_pair_that_somebody_reads_stays_while_others_answer():
    round_ = Round(
        RoundId("r"), StepId("s"), 1, tuple(f"o{n}" for n in range(20)), {}, 1, method="pairwise", seed=3
    )
    others = {f"other{n}": Ballot(Map({f"o{n}|o{n + 1}": 1}), 1, put=(f"o{n}|o{n + 1}",)) for n in range(12)}
    busy = msgspec.structs.replace(round_, ballots=Map(others))

    assert METHOD.asked(busy, "lea", None) == METHOD.asked(round_, "lea", None) != ()
