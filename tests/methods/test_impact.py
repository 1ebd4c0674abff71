"""Impact and effort, from the thumb to the second count; V45, V46."""

import random
import re
import statistics
from fractions import Fraction
from html import unescape

import pytest
from immutables import Map

from forum.domain.methods import METHODS
from forum.domain.methods.impact import BIG, DISCUSS, LEAVE, NOWHERE, OCCASION, QUICK
from forum.domain.people import SayDone
from forum.domain.steps.ballot import GiveMark
from forum.domain.steps.rounds import Ballot, Result, Round
from forum.domain.steps.voting import result
from forum.fragments.pages import Pages
from forum.fragments.surface import Audience, View
from forum.language import Reader
from tests.domain.judged import refused
from tests.scenes import ANNE, FACILITATOR, LEA, Scene, a_vote

NAMES = {LEA: "Léa", ANNE: "Anne"}


def counted(*ballots: dict[str, int], options: str = "ABC") -> Result:
    given = Map({f"p{n}": Ballot(Map(marks), 1) for n, marks in enumerate(ballots)})
    told = result(Round("r", "vote", 1, tuple(options), {}, 1, 2, 3, given, method="impact"))
    assert told is not None
    return told


def of_one(impact: list[int], effort: list[int]) -> dict[str, int]:
    """What is told of one choice with these marks."""
    longest = max(len(impact), len(effort))
    ballots: list[dict[str, int]] = [{} for _ in range(longest)]
    for key, marks in (("A/impact", impact), ("A/effort", effort)):
        for ballot, mark in zip(ballots, marks, strict=False):
            ballot[key] = mark
    return next(line.numbers for line in counted(*ballots, options="AB").lines if line.option == "A")


def hinges(marks: list[int]) -> tuple[Fraction, Fraction]:
    """By the definition: the medians of the lower and of the upper half, the middle one left out."""
    found = [Fraction(mark) for mark in sorted(marks)]
    half = len(found) // 2
    if not half:
        return found[0], found[0]
    return statistics.median(found[:half]), statistics.median(found[len(found) - half :])


def drawn(room: Scene, surface: str, lang: str = "en", person: str = LEA) -> str:
    pages, view, audience = Pages(static=str), View(room.state, NAMES), Audience(surface, lang)  # type: ignore[arg-type]
    own = pages.you(view, audience, person) if surface == "phone" else ()
    return unescape(" ".join(put.html for put in (*pages.page(view, audience), *own)))


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_V45_V46_the_worked_example_lies_at_effort_2_and_impact_4_and_its_effort_divides():
    told = of_one([5, 4, 4, 2], [1, 2, 2, 5])

    assert (told["quadrant"], told["impact"], told["effort"]) == (QUICK, 4 * 4, 2 * 4)
    assert (told["impact_low"], told["impact_high"]) == (3 * 4, 18), "3 to 4.5: a spread of 1.5"
    assert (told["effort_low"], told["effort_high"]) == (6, 14), "1.5 to 3.5: a spread of 2"
    picture = METHODS["impact"].picture({}, counted({"A/impact": 5, "A/effort": 1}))
    assert [side.parted for side in picture.places["A"]] == [False, False]


def test_V46_from_a_spread_of_two_on_opinions_differ_and_below_they_do_not():
    ballots = [
        {"A/impact": i, "A/effort": e, "B/impact": 3, "B/effort": 3}
        for i, e in ((5, 1), (4, 2), (4, 2), (2, 5))
    ]
    picture = METHODS["impact"].picture({}, counted(*ballots))

    across, up = picture.places["A"]
    assert (across.parted, up.parted) == (True, False)
    assert [side.parted for side in picture.places["B"]] == [False, False]
    assert "C" not in picture.places


@pytest.mark.parametrize(
    ("impact", "effort", "part"),
    [
        ([4], [2], QUICK), ([4], [4], BIG), ([2], [2], OCCASION), ([2], [4], LEAVE), ([3], [1], DISCUSS), ([5], [3], DISCUSS),
        ([3], [3], DISCUSS), ([3, 4], [2, 3], QUICK), ([2, 4], [1], DISCUSS), ([], [1], NOWHERE), ([1], [], NOWHERE),
    ],
)  # fmt: skip
def test_V45_a_choice_is_what_its_place_says_and_on_a_line_it_is_to_be_discussed(
    impact: list[int], effort: list[int], part: int
):
    assert of_one(impact, effort)["quadrant"] == part


def test_V45_choices_in_one_part_are_not_ranked_and_the_parts_stand_in_their_order():
    one = {"A/impact": 2, "A/effort": 5, "B/impact": 5, "B/effort": 1, "C/impact": 4, "C/effort": 2}
    told = counted(one | {"D/impact": 3, "D/effort": 1, "E/impact": 1}, options="ABCDE")

    assert [(x.option, x.rank, x.tied) for x in told.lines] == [
        ("B", 1, True), ("C", 1, True), ("A", 3, False), ("D", 4, False), ("E", 5, False),
    ]  # fmt: skip
    assert METHODS["impact"].first(told) == ("B", "C")
    assert METHODS["impact"].first(counted({"A/impact": 5, "A/effort": 5})) == ()


def test_V46_whoever_marks_one_scale_alone_counts_on_that_one_and_nobodys_silence_is_a_mark():
    told = of_one([5, 5, 5], [2])
    sums = counted({"A/impact": 5}, {"A/impact": 4, "A/effort": 1}, {}, options="AB").sums

    assert (told["impact"], told["effort"], told["impact_marks"], told["effort_marks"]) == (20, 8, 3, 1)
    assert (told["effort_low"], told["effort_high"]) == (8, 8), "one mark alone has no spread"
    assert sums == {"choices": 2, "asked": 6, "placed": 1, "half": 1, "left": 4}


def test_V45_positions_and_spreads_equal_an_oracle_of_fractions_on_random_marks():
    for seed in range(300):
        rng = random.Random(seed)
        print(f"seed {seed}")
        impact, effort = ([rng.randint(1, 5) for _ in range(rng.randint(1, 9))] for _ in range(2))
        told = of_one(impact, effort)
        for scale, marks in (("impact", impact), ("effort", effort)):
            low, high = hinges(marks)
            assert Fraction(told[scale], 4) == statistics.median(map(Fraction, marks))
            assert (Fraction(told[f"{scale}_low"], 4), Fraction(told[f"{scale}_high"], 4)) == (low, high)


def test_V45_the_order_of_ballots_and_options_changes_nothing():
    rng = random.Random(45)
    keys = [f"{option}/{scale}" for option in "ABCDEF" for scale in ("impact", "effort")]
    ballots = [{key: rng.randint(1, 5) for key in keys if rng.random() < 0.8} for _ in range(12)]
    first = {line.option: line for line in counted(*ballots, options="ABCDEF").lines}
    for _ in range(10):
        rng.shuffle(ballots)
        options = "".join(rng.sample("ABCDEF", 6))
        assert {line.option: line for line in counted(*ballots, options=options).lines} == first


def test_V45_a_mark_outside_the_scale_and_a_bare_option_are_refused():
    room = a_vote(3, method="impact")

    assert refused(room.ask(GiveMark("vote", "theme1/impact", 6), LEA)) == "V45 scale"
    assert refused(room.ask(GiveMark("vote", "theme1", 3), LEA)) == "V7 no_option"
    assert refused(room.ask(GiveMark("vote", "theme1/effort", 5), LEA)) == ""


def test_a_phone_offers_two_scales_a_choice_with_words_at_both_ends_and_takes_a_mark_back_where_it_was_given():
    room = a_vote(3, method="impact").voted(LEA, **{"theme1/impact": 4})
    html = drawn(room, "phone")
    mine = html[html.index('id="mark-theme1/impact"') :] if 'id="mark-theme1/impact"' in html else html

    assert words(html).count("weak") == words(html).count("big") == 3
    assert re.search(r'value="0"[^>]*aria-pressed="true">4<', mine)
    assert html.count('aria-pressed="true"') == 1
    assert "You have placed 0 choices of 3. 1 choice still lacks a mark." in words(html)


def test_every_surface_says_where_a_choice_lies_in_words_and_draws_it_where_it_can_be_seen():
    room = a_vote(3, method="impact")
    for person in (LEA, ANNE):
        room.voted(person, **{"theme1/impact": 5, "theme1/effort": 2, "theme2/impact": 1, "theme2/effort": 4})
    room.ask(SayDone(), ANNE)
    room.closed("vote").revealed("vote")
    for surface in ("phone", "screen", "desk"):
        html = drawn(room, surface)
        assert html.count('class="plane-label"') == 2, surface
        assert "Quick wins" in words(html), surface
        assert "To set aside" in words(html), surface
        assert re.search(r"Impact 5 +Effort 2 ", words(html)), surface
        assert "not on the map" in words(html), surface
    assert "2 people × 3 choices = 6: 4 placed, 0 on one scale only, 2 left out." in words(
        drawn(room, "desk")
    )
    assert "One quick win:" in words(drawn(room, "screen"))
    assert "Un gain rapide" in words(drawn(room, "screen", "fr"))


def test_the_desk_enters_marks_for_somebody_without_a_phone():
    room = a_vote(3, method="impact")
    assert refused(room.ask(GiveMark("vote", "theme1/impact", 3), FACILITATOR)) != ""


@pytest.mark.parametrize(
    ("over", "under", "said"),
    [(14, 4, ("3.5", "3,5")), (16, 4, ("4", "4")), (10, 3, ("3.33", "3,33")), (1, 8, ("0.13", "0,13")), (0, 3, ("0", "0")), (5999, 3000, ("2", "2"))],
)  # fmt: skip
def test_a_fraction_is_told_with_its_decimals_rounded_half_up(over: int, under: int, said: tuple[str, str]):
    assert (Reader("en").ratio(over, under), Reader("fr").ratio(over, under)) == said
