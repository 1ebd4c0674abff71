"""Schulze, from the thumb to the wall; V35, V36, V37."""

import json
import random
import re
from collections.abc import Iterable, Mapping
from itertools import pairwise, permutations
from pathlib import Path

import pytest
from immutables import Map

from forum.audit.tallies import TALLIES
from forum.domain.kernel import Rejection
from forum.domain.methods import METHODS
from forum.domain.methods.pictures import Duels
from forum.domain.methods.schulze import LAST, MOST, strengths
from forum.domain.people import AddPerson
from forum.domain.steps.ballot import GiveMark
from forum.domain.steps.rounds import Ballot, Result, Round
from forum.domain.steps.voting import result
from forum.exports import render
from forum.fragments.pages import Pages
from forum.fragments.surface import Audience, View
from forum.language import Reader
from tests.scenes import ANNE, LEA, Scene, a_vote

SCHULZES_OWN = "5 ACBED 5 ADECB 8 BEDAC 3 CABED 7 CAEBD 2 CBADE 7 DCEBA 8 EBADC"
ORACLE = json.loads((Path(__file__).parent / "oracles" / "schulze.json").read_text())
METHOD = METHODS["schulze"]
Marks = Mapping[str, int]


def ordered(said: str) -> list[Marks]:
    """So many times each order: ``2 ABC 1 B``."""
    words = said.split()
    orders = zip(words[::2], words[1::2], strict=True)
    return [{o: n for n, o in enumerate(order, 1)} for many, order in orders for _ in range(int(many))]


def counted(ballots: Iterable[Marks], options: str) -> Result:
    given = Map({f"p{n}": Ballot(Map(marks), 1) for n, marks in enumerate(ballots)})
    terms = {"places": len(options)}
    found = result(Round("r", "vote", 1, tuple(options), terms, 1, 2, 3, given, method="schulze"))
    assert found is not None
    return found


def drawn(found: Result) -> Duels:
    picture = METHOD.picture({}, found)
    assert isinstance(picture, Duels)
    return picture


def order(found: Result) -> list[tuple[str, int]]:
    return [(line.option, line.rank) for line in found.lines]


def marks_of(room: Scene, person: str = LEA) -> dict[str, int]:
    return dict(room.state.rounds.latest("vote").ballots[person].marks)


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()


@pytest.fixture(scope="module")
def pages() -> Pages:
    return Pages(static=lambda path: f"/static/{path}")


def test_V36_the_example_of_schulze_is_counted_as_he_counts_it():
    found = counted(ordered(SCHULZES_OWN), "ABCDE")
    strong = strengths(drawn(found).preferred)

    assert order(found) == [("E", 1), ("A", 2), ("C", 3), ("B", 4), ("D", 5)]
    assert {one: [strong[one][other] for other in "ABCDE" if other != one] for one in "ABCDE"} == {
        "A": [28, 28, 30, 24], "B": [25, 28, 33, 24], "C": [25, 29, 29, 24], "D": [25, 28, 28, 24], "E": [25, 28, 28, 31],
    }  # fmt: skip


def test_V37_where_majorities_go_in_a_circle_nobody_beats_all_and_all_are_tied():
    found = counted(ordered("1 ABC 1 BCA 1 CAB"), "ABC")
    picture = drawn(found)

    assert [(line.option, line.rank, line.tied) for line in found.lines] == [(o, 1, True) for o in "ABC"]
    assert {n for over in strengths(picture.preferred).values() for n in over.values()} == {2}
    assert (picture.beats_all, picture.circle) == ("", True)
    assert METHOD.first(found) == ("A", "B", "C")


def test_V37_a_draw_is_told_from_a_circle_and_a_winner_from_both():
    draw, won = drawn(counted(ordered("1 AB 1 BA"), "AB")), drawn(counted(ordered("2 BA 1 AB"), "AB"))

    assert (draw.beats_all, draw.circle) == ("", False)
    assert (won.beats_all, won.circle) == ("B", False)


def test_V35_what_has_no_place_comes_last_and_equal_places_prefer_neither():
    preferred = drawn(counted([{"A": 1}, {"B": 2, "C": 2}, {}], "ABC")).preferred

    assert preferred == {"A": {"B": 1, "C": 1}, "B": {"A": 1, "C": 0}, "C": {"A": 1, "B": 0}}


def test_nothing_comes_first_where_nobody_preferred_anything():
    assert METHOD.first(counted([{}, {"A": 1, "B": 1}], "AB")) == ()
    assert METHOD.first(counted([{"A": 1}], "AB")) == ("A",)


@pytest.mark.parametrize("case", range(len(ORACLE["cases"])))
def test_V36_a_published_package_finds_the_same(case: int):
    """Which package, and what it was asked, the file says."""
    known = ORACLE["cases"][case]
    options = "ABCDEFG"[: known["choices"]]
    ballots = [{o: n for o, n in zip(options, row, strict=True) if n} for row in known["ballots"]]
    found = counted(ballots, options)
    strong = strengths(drawn(found).preferred)
    ahead = [[a, b] for a, one in enumerate(options) for b, other in enumerate(options) if one != other
             and strong[one][other] > strong[other][one]]  # fmt: skip
    second = TALLIES["schulze", 1].counted(
        list(options), {"places": len(options)}, {f"p{n}": b for n, b in enumerate(ballots)}
    )

    assert ahead == known["ahead"]
    assert [options.index(line.option) for line in found.lines if line.rank == 1] == known["first"]
    assert drawn(found).beats_all == ("" if known["condorcet"] is None else options[known["condorcet"]])
    assert second.numbers == {line.option: line.numbers for line in found.lines}
    assert second.ranks == {line.option: line.rank for line in found.lines}


def test_the_oracle_has_ties_circles_and_blank_ballots():
    cases = ORACLE["cases"]

    assert len(cases) >= 200
    assert sum(len(c["first"]) > 1 for c in cases) > 40
    assert sum(c["condorcet"] is None for c in cases) > 60
    assert any(not any(row) for c in cases for row in c["ballots"])


def random_ballots(rng: random.Random, options: str) -> list[Marks]:
    return [
        {
            o: rng.randint(1, rng.choice((2, len(options))))
            for o in rng.sample(options, rng.randint(0, len(options)))
        }
        for _ in range(rng.randint(1, 9))
    ]


@pytest.mark.parametrize("seed", range(40))
def test_V36_a_strength_is_that_of_the_best_of_all_ways(seed: int):
    """Brute force: every way over others is tried."""
    options = "ABCDEF"
    picture = drawn(counted(random_ballots(random.Random(seed), options), options))

    def strength(way: tuple[str, ...]) -> int:
        steps = list(pairwise(way))
        return min(picture.preferred[a][b] for a, b in steps) * all(picture.beats(a, b) for a, b in steps)

    for one, other in permutations(options, 2):
        between = [o for o in options if o not in (one, other)]
        ways = [(one, *via, other) for n in range(5) for via in permutations(between, n)]
        best = max(map(strength, ways))
        assert strengths(picture.preferred)[one][other] == picture.strength(one, other) == best
        path = picture.paths[one][other]
        assert strength(path) == best if path else best == 0
        assert not path or len(path) == min(len(way) for way in ways if strength(way) == best)


@pytest.mark.parametrize("seed", range(20))
def test_the_order_of_ballots_and_options_changes_nothing_but_the_display_of_ties(seed: int):
    rng = random.Random(seed)
    ballots = random_ballots(rng, "ABCDE")
    found = counted(ballots, "ABCDE")
    rng.shuffle(ballots)
    other = counted(ballots, "".join(rng.sample("ABCDE", 5)))

    assert dict(order(found)) == dict(order(other))
    assert {x.option: x.numbers for x in found.lines} == {x.option: x.numbers for x in other.lines}
    assert drawn(found).paths == drawn(other).paths


def test_V35_taps_in_order_give_places_and_taking_one_back_lets_those_after_it_move_up():
    room = a_vote(4, method="schulze")
    room.voted(LEA, theme3=LAST).voted(LEA, theme1=LAST).voted(LEA, theme4=LAST)
    placed = marks_of(room)
    room.voted(LEA, theme3=0)
    moved = marks_of(room)
    room.voted(LEA, theme3=LAST)

    assert placed == {"theme3": 1, "theme1": 2, "theme4": 3}
    assert moved == {"theme1": 1, "theme4": 2}
    assert marks_of(room) == {"theme1": 1, "theme4": 2, "theme3": 3}


def test_V35_a_tap_that_comes_twice_changes_nothing_and_hurried_taps_are_never_equal():
    room = a_vote(3, method="schulze").voted(LEA, theme1=LAST).voted(LEA, theme1=LAST)
    once = marks_of(room)
    room.voted(LEA, theme2=LAST).voted(LEA, theme1=0).voted(LEA, theme1=0)

    assert once == {"theme1": 1}
    assert marks_of(room) == {"theme2": 1}


def test_V35_a_place_that_was_entered_high_leaves_room_for_what_comes_after_it():
    room = a_vote(3, method="schulze")
    room.voted(LEA, theme1=3).voted(LEA, theme2=LAST).voted(LEA, theme3=LAST)

    assert marks_of(room) == {"theme1": 1, "theme2": 2, "theme3": 3}


def test_V35_the_desk_may_enter_equal_places_and_one_of_them_goes_without_moving_others():
    room = a_vote(4, method="schulze")
    room.ask(AddPerson("marcel"))
    for key, place in (("theme1", 1), ("theme2", 1), ("theme3", 2), ("theme1", 0)):
        assert not isinstance(room.ask(GiveMark("vote", key, place), on_behalf="marcel"), Rejection)

    assert marks_of(room, "marcel") == {"theme2": 1, "theme3": 2}


def test_V7_more_choices_than_a_person_can_order_are_refused_when_the_vote_opens():
    assert a_vote(MOST, method="schulze").state.rounds.latest("vote")
    with pytest.raises(AssertionError):
        a_vote(MOST + 1, method="schulze")


def mine(pages: Pages, room: Scene, lang: str = "en") -> dict[str, str]:
    view = View(room.state, {LEA: "Léa", ANNE: "Anne"})
    return {put.key: put.html for put in pages.you(view, Audience("phone", lang), LEA)}


def test_a_tap_draws_the_choice_that_was_tapped_and_the_bar_and_no_other_choice(pages: Pages):
    room = a_vote(MOST, method="schulze").voted(LEA, theme1=LAST, theme2=LAST)
    before = mine(pages, room)
    room.voted(LEA, theme3=LAST)
    after = mine(pages, room)

    assert {key for key in after if after[key] != before.get(key)} == {"my-mark-theme3", "my-left"}
    assert 'value="99"' in before["my-mark-theme3"]
    assert 'value="0"' in after["my-mark-theme3"]
    assert "Place 3 of 12" in words(after["my-mark-theme3"])
    assert "3 of 12 in your order" in words(after["my-left"])
    assert "Place 3 sur 12" in words(mine(pages, room, "fr")["my-mark-theme3"])


def test_one_s_own_vote_is_told_from_the_first_place_on(pages: Pages):
    room = a_vote(3, method="schulze").voted(LEA, theme2=LAST).voted(LEA, theme3=LAST)
    told = words(mine(pages, room.closed("vote").revealed("vote"))["my-given"])

    assert re.search(r"Place 1: Theme theme2.*Place 2: Theme theme3", told)


@pytest.mark.parametrize(
    ("ballots", "said"),
    [
        ("2 ABC 1 CAB", "It beats each other choice one to one: Condorcet winner."),
        ("1 ABC 1 BCA 1 CAB", "No Condorcet winner: the majorities go round in a circle (a cycle)."),
        ("1 ABC 1 BAC", "No Condorcet winner: no choice beats each other one, since some draw."),
    ],
)
def test_V37_every_surface_says_whether_one_beats_all_others(pages: Pages, ballots: str, said: str):
    room = a_vote(3, method="schulze").joined("p0", "p1", "p2")
    for n, marks in enumerate(ordered(ballots)):
        room.voted(f"p{n}", **{f"theme{'ABC'.index(o) + 1}": place for o, place in marks.items()})
    room.closed("vote").revealed("vote")
    for surface in ("phone", "screen", "desk"):
        puts = pages.page(View(room.state, {}), Audience(surface, "en"))  # type: ignore[arg-type]
        assert said in " ".join(words(put.html) for put in puts), surface


def test_the_way_that_decides_is_said_where_it_leads_over_others(pages: Pages):
    room = a_vote(5, method="schulze").joined(*(f"p{n}" for n in range(45)))
    for n, marks in enumerate(ordered(SCHULZES_OWN)):
        room.voted(f"p{n}", **{f"theme{'ABCDE'.index(o) + 1}": place for o, place in marks.items()})
    room.closed("vote").revealed("vote")
    told = " ".join(words(p.html) for p in pages.page(View(room.state, {}), Audience("desk", "en")))

    assert "E before A by E → B → A : at least 25 at each step. The strongest chain back has only 24." in told
    assert "C before B : 29 prefer it, 16 the other. The strongest chain back has only 28." in told


@pytest.mark.parametrize(("lang", "said"), [("en", "by E → B → A: at least 25"), ("fr", "par E → B → A")])
def test_documents_show_each_against_each_and_say_what_decides(lang: str, said: str):
    room = a_vote(5, method="schulze").joined(*(f"p{n}" for n in range(45)))
    for n, marks in enumerate(ordered(SCHULZES_OWN)):
        room.voted(f"p{n}", **{f"theme{'ABCDE'.index(o) + 1}": place for o, place in marks.items()})
    room.closed("vote").revealed("vote")
    page = render(room.state, {}, "c", "plan.md", Reader(lang)).body.decode()
    told = json.loads(render(room.state, {}, "c", "forum.json", Reader(lang)).body)["votes"][0]

    assert said in page.replace("\u202f", " ")
    assert "| E | – | 23 | 21 | 27 | 31 |" in page
    assert told["lines"][0]["numbers"]["over/theme1"] == 23
    assert render(room.state, {}, "c", "report.docx", Reader(lang)).body
