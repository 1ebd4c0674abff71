"""Several criteria, from the desk's words to the second count; V47, V48."""

import json
import random
import re
import statistics
from collections.abc import Callable
from fractions import Fraction
from html import unescape

import msgspec
import pytest
from immutables import Map

from forum.audit import claims_of
from forum.audit.receipt import as_text, receipt
from forum.domain.flow import EditStep
from forum.domain.kernel import Rejection
from forum.domain.methods import METHODS
from forum.domain.methods.multicriteria import Turn, turns
from forum.domain.roles import Role
from forum.domain.settings import BallotSettings
from forum.domain.steps.ballot import GiveMark
from forum.domain.steps.rounds import Ballot, Line, Result, Round
from forum.domain.steps.voting import count, result
from forum.exports import render
from forum.fragments.pages import Pages
from forum.fragments.surface import Audience, View
from forum.language import Reader
from forum.web import wire
from tests.audit.evidences import SEAL
from tests.domain.judged import refused
from tests.scenes import ANNE, LEA, Scene, a_room, a_vote

NAMES = {LEA: "Léa", ANNE: "Anne"}
WORDED = {"multicriteria_called1": "Use", "multicriteria_called2": "Cost"}


def terms_of(*weights: int) -> dict[str, int]:
    return {"criteria": len(weights)} | {f"weight{n}": weight for n, weight in enumerate(weights, 1)}


def counted(weights: tuple[int, ...], *ballots: dict[str, int], options: str = "AB") -> Result:
    given = Map({f"p{n}": Ballot(Map(marks), 1) for n, marks in enumerate(ballots)})
    round_ = Round("r", "vote", 1, tuple(options), terms_of(*weights), 1, 2, 3, given, method="multicriteria")
    told = result(round_)
    assert told is not None
    return told


def ballot_of(**marks: tuple[int, ...]) -> dict[str, int]:
    return {f"{option}/{n}": mark for option, given in marks.items() for n, mark in enumerate(given, 1)}


def a_worded_vote(*, weights: tuple[int, int] = (2, 1)) -> Scene:
    """Theme 1 is worth (5, 2), theme 2 (3, 4), as in the worked example; theme 3 nothing. Revealed."""
    own = {f"multicriteria_weight{n}": weight for n, weight in enumerate(weights, 1)}
    room = a_vote(3, method="multicriteria", own=own, worded=WORDED)
    for person in (LEA, ANNE):
        room.voted(person, **ballot_of(theme1=(5, 2), theme2=(3, 4)))
    return room.closed("vote").revealed("vote")


def drawn(room: Scene, surface: str, lang: str = "en") -> str:
    pages, view, audience = Pages(static=str), View(room.state, NAMES), Audience(surface, lang)  # type: ignore[arg-type]
    own = pages.you(view, audience, LEA) if surface == "phone" else ()
    return unescape(" ".join(put.html for put in (*pages.page(view, audience), *own)))


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_V47_the_worked_example_weighs_two_to_one_and_is_a_tie_one_to_one():
    ballot = ballot_of(A=(5, 2), B=(3, 4))
    two, one = counted((2, 1), ballot), counted((1, 1), ballot)

    assert [Fraction(line.score, 4 * 3) for line in two.lines] == [Fraction(4), Fraction(10, 3)]
    assert [(line.option, line.rank, line.numbers["score"]) for line in two.lines] == [
        ("A", 1, 400),
        ("B", 2, 333),
    ]
    assert [Fraction(line.score, 4 * 2) for line in one.lines] == [Fraction(7, 2)] * 2
    assert [(line.rank, line.tied) for line in one.lines] == [(1, True), (1, True)]


def test_V48_a_weight_one_more_or_less_that_puts_others_first_is_found_and_no_other():
    ballot = ballot_of(A=(5, 2), B=(3, 4))
    two = counted((2, 1), ballot)

    assert turns(terms_of(2, 1), two.lines) == (
        Turn(1, False, ("A", "B")), Turn(2, True, ("A", "B")),
    )  # fmt: skip
    assert turns(terms_of(9, 1), counted((9, 1), ballot).lines) == ()


def test_V48_it_is_said_in_words_on_every_surface_with_the_criterions_own_name():
    room = a_worded_vote()
    first, second = (room.state.themes.by_id[t].title for t in ("theme1", "theme2"))

    for surface in ("screen", "desk"):
        said = words(drawn(room, surface)).replace(" ;", ";")
        assert f"If “Use” weighed one less, several would come first together: {first}; {second}" in said, (
            surface
        )
        assert "Criteria: Use (weight 2); Cost (weight 1)." in said, surface
    assert "several would come first together: A; B" in words(drawn(room, "phone")).replace(" ;", ";")
    assert "Si « Use » pesait un de moins" in words(drawn(room, "screen", "fr"))


def test_V48_where_nothing_would_change_that_is_said_and_of_no_marks_nothing_is():
    calm = words(drawn(a_worded_vote(weights=(9, 1)), "desk"))
    empty = words(drawn(a_vote(3, method="multicriteria").closed("vote").revealed("vote"), "desk"))

    assert "One more or one less on any weight puts no other choice first." in calm
    assert "would come first" not in calm
    assert "puts no other choice" not in empty
    assert "No choice has marks by every criterion." in empty


def test_V47_a_choice_without_marks_by_one_criterion_has_no_score_and_comes_last():
    told = counted((1, 1), {"A/1": 5}, {"B/1": 1, "B/2": 1, "A/1": 5})

    assert [(line.option, line.score) for line in told.lines] == [("B", 8), ("A", 0)]
    assert told.sums == {"each": 4, "asked": 8, "given": 4, "left": 4}


def test_V47_V48_scores_and_turns_equal_an_oracle_of_fractions_on_random_marks():
    for seed in range(120):
        print(f"seed {seed}")
        rng = random.Random(seed)
        weights = tuple(rng.randint(1, 3) for _ in range(rng.randint(2, 4)))
        keys = [f"{o}/{n}" for o in "ABCD" for n in range(1, len(weights) + 1)]
        ballots = [
            {k: rng.randint(1, 5) for k in keys if rng.random() < 0.9} for _ in range(rng.randint(1, 6))
        ]
        told = counted(weights, *ballots, options="ABCD")

        def score(option: str, by: tuple[int, ...], ballots: list[dict[str, int]] = ballots) -> Fraction:
            marks = [
                [b[f"{option}/{n}"] for b in ballots if f"{option}/{n}" in b] for n in range(1, len(by) + 1)
            ]
            if not all(marks):
                return Fraction(0)
            return sum(
                (w * statistics.median(map(Fraction, m)) for w, m in zip(by, marks, strict=True)), Fraction(0)
            ) / sum(by)

        def best(by: tuple[int, ...], score: Callable[..., Fraction] = score) -> set[str]:
            scores = {o: score(o, by) for o in "ABCD"}
            most = max(scores.values())
            return {o for o, s in scores.items() if s == most > 0}

        assert {x.option: Fraction(x.score, 4 * sum(weights)) for x in told.lines} == {
            o: score(o, weights) for o in "ABCD"
        }
        expected = {
            (n + 1, step > 0): best((*weights[:n], weights[n] + step, *weights[n + 1 :]))
            for n in range(len(weights))
            for step in (1, -1)
        }
        found = {(t.criterion, t.more): set(t.first) for t in turns(terms_of(*weights), told.lines)}
        assert found == {change: first for change, first in expected.items() if first != best(weights)}


def test_V47_the_order_of_ballots_and_options_changes_nothing():
    rng = random.Random(47)
    keys = [f"{o}/{n}" for o in "ABCDE" for n in (1, 2)]
    ballots = [{key: rng.randint(1, 5) for key in keys if rng.random() < 0.9} for _ in range(9)]
    first = {line.option: line for line in counted((2, 1), *ballots, options="ABCDE").lines}
    for _ in range(10):
        rng.shuffle(ballots)
        options = "".join(rng.sample("ABCDE", 5))
        assert {x.option: x for x in counted((2, 1), *ballots, options=options).lines} == first


def test_the_desk_says_what_criteria_are_called_and_weigh_and_nothing_of_it_changes_once_the_vote_has_begun():
    room = a_room().opened("ideas").with_ideas(2).revealed("ideas").opened("sort")
    room.with_theme("theme1", 1).with_theme("theme2", 2)
    chosen = {
        "method": "multicriteria", "multicriteria_criteria": 3, "multicriteria_called1": "  Use \n for all ",
        "multicriteria_called2": "Cost", "multicriteria_weight2": "4",
    }  # fmt: skip
    said = room.ask(EditStep("vote", chosen={"ballot": chosen}))
    settings = next(s.settings for s in room.state.steps if s.id == "vote")

    assert not isinstance(said, Rejection)
    assert settings.worded == {"multicriteria_called1": "Use for all", "multicriteria_called2": "Cost"}
    room.ask(EditStep("vote", chosen={"ballot": {"multicriteria_called2": ""}}))
    settings = next(s.settings for s in room.state.steps if s.id == "vote")
    assert settings.worded == {"multicriteria_called1": "Use for all"}, (
        "an empty text takes back what was said"
    )
    assert room.opened("vote").state.rounds.latest("vote").parameters == {
        "criteria": 3, "weight1": 1, "weight2": 4, "weight3": 1,
    }  # fmt: skip
    assert (
        refused(room.ask(EditStep("vote", chosen={"ballot": {"multicriteria_called1": "Other"}})))
        == "F10 begun"
    )


def test_W2_words_of_the_desk_come_in_as_free_text_clean_and_within_bounds():
    said = {
        "step": "vote",
        "chosen": {"ballot": {"multicriteria_called1": "Coût pour\u0000 tous", "multicriteria_weight1": 2}},
    }
    read = wire.command("EditStep", json.dumps(said).encode(), Role.FACILITATOR)
    said["chosen"] = {"ballot": {"multicriteria_called1": "x" * 121}}
    long = wire.command("EditStep", json.dumps(said).encode(), Role.FACILITATOR)
    said["chosen"] = {"ballot": {"no such <name>": 1}}

    assert read.chosen == {"ballot": {"multicriteria_called1": "Coût pour tous", "multicriteria_weight1": 2}}
    assert isinstance(long, Rejection)
    assert refused(wire.command("EditStep", json.dumps(said).encode(), Role.FACILITATOR)) == "W1 bad_id"


@pytest.mark.parametrize(
    ("chosen", "why"),
    [
        ({"multicriteria_called1": "x" * 31}, "F10 no_choice"), ({"multicriteria_criteria": 5}, "F6 bad_step"),
        ({"multicriteria_weight1": 0}, "F6 bad_step"), ({"multicriteria_called5": "x"}, "F10 no_choice"),
        ({"dots_called1": "x"}, "F10 no_choice"),
    ],
)  # fmt: skip
def test_F10_words_that_are_too_long_and_numbers_beyond_what_is_offered_are_refused(chosen: dict, why: str):
    assert refused(a_room().ask(EditStep("vote", chosen={"ballot": chosen}))) == why


def test_each_scale_on_the_phone_and_each_line_of_the_receipt_is_called_by_the_desks_word_or_by_a_number():
    room = a_vote(3, method="multicriteria", worded={"multicriteria_called1": "Use"})
    room.voted(LEA, **{"theme1/1": 4})
    title = room.state.themes.by_id["theme1"].title
    phone = words(drawn(room, "phone"))
    chains = {claim.number: "0" * 16 for claim in claims_of(room.state, LEA)}
    noted = receipt(
        room.state, LEA, chains, {}, SEAL, lambda _, option: f"Choice {option}", chain="0" * 16, at=1, lang="en", points=True
    )  # fmt: skip

    assert f"Use: {title}" in phone
    assert f"Criterion 2: {title}" in phone
    assert "You have given 1 mark of 6" in phone
    assert "Use: Choice theme1" in as_text(noted, Reader("en"), "https://forum.example/check")


def test_what_the_desk_wrote_is_escaped_wherever_it_is_shown_and_stands_in_documents():
    room = a_vote(2, method="multicriteria", worded={"multicriteria_called1": "<b>Use</b>"})
    pages, view = Pages(static=str), View(room.state, NAMES)
    html = " ".join(put.html for put in pages.you(view, Audience("phone", "en"), LEA))
    room.closed("vote").revealed("vote")
    shown = " ".join(put.html for s in ("screen", "desk") for put in pages.page(view, Audience(s, "en")))

    assert "&lt;b&gt;Use" in html
    assert "<b>Use" not in html + shown
    told = json.loads(render(room.state, NAMES, "c", "forum.json", Reader("en")).body)["votes"][0]
    assert told["worded"] == {"called1": "<b>Use</b>"}


def test_a_vote_of_before_says_nothing_of_words_and_is_read_as_it_was():
    old = msgspec.json.decode(b'{"kind":"ballot","method":"dots"}', type=BallotSettings)

    assert old == BallotSettings()
    assert old.worded == {}
    assert Reader("en").word("called1") == ""


def test_V47_a_mark_outside_the_scale_and_a_criterion_that_is_not_there_are_refused():
    room = a_vote(3, method="multicriteria")

    assert refused(room.ask(GiveMark("vote", "theme1/1", 6), LEA)) == "V47 criterion_mark"
    assert refused(room.ask(GiveMark("vote", "theme1/3", 3), LEA)) == "V7 no_option"
    assert count(room.state.rounds.latest("vote")).lines[0].score == 0
    assert METHODS["multicriteria"].first(counted((1, 1), {})) == ()
    assert isinstance(counted((1, 1), {}).lines[0], Line)
