"""Every limit of sessions, categories and what is linked, at the last that fits and the first that does not."""

import json

import pytest

from forum.domain.belonging.part import SetCategories
from forum.domain.belonging.record import Category
from forum.domain.flow import InsertStep
from forum.domain.kernel import Rejection, StepId, Words
from forum.domain.roles import Role
from forum.domain.sessions.words import PlanSession, RemoveSession
from forum.domain.settings import ShowSettings
from forum.domain.state import Step
from forum.domain.steps.ballot import GiveMark
from forum.domain.steps.board import PostIdea
from forum.web import wire
from tests.scenes import FACILITATOR, LEA, a_room, a_vote

TITLE = Words("Encore", "More")


def refused(said: object) -> str:
    return f"{said.rule} {said.code}" if isinstance(said, Rejection) else ""


def test_D1_a_forum_is_held_in_sixty_sessions_and_a_removed_one_makes_room() -> None:
    room = a_room()
    for n in range(59):
        assert refused(room.ask(PlanSession(f"session{n}", TITLE))) == ""
    said = room.ask(PlanSession("the-61st", TITLE))

    assert (refused(said), said.params) == ("D1 too_many_sessions", {"limit": 60})
    room.ask(RemoveSession("session3"))
    assert refused(room.ask(PlanSession("another", TITLE))) == ""


@pytest.mark.parametrize(("expected", "fits"), [(0, True), (20_000, True), (20_001, False), (-1, False)])
def test_D1_a_session_expects_as_many_people_as_come_in(expected: int, fits: bool) -> None:
    said = a_room().ask(PlanSession("second", TITLE, expected=expected))

    assert refused(said) == ("" if fits else "D1 session_people")
    assert fits or said.params == {"limit": 20_000}


@pytest.mark.parametrize(("steps", "fits"), [(80, True), (81, False)])
def test_F6_a_planned_session_has_eighty_steps(steps: int, fits: bool) -> None:
    ready = tuple(Step(StepId(f"new{n}"), ShowSettings(), TITLE) for n in range(steps))

    assert refused(a_room().ask(PlanSession("second", TITLE, steps=ready))) == (
        "" if fits else "F6 too_many_steps"
    )


def test_F6_all_sessions_together_have_two_hundred_and_forty_steps() -> None:
    room = a_room({f"step{n}": ShowSettings() for n in range(79)})
    for name, steps in (("second", 80), ("third", 80)):
        ready = tuple(Step(StepId(f"{name}{n}"), ShowSettings(), TITLE) for n in range(steps))
        assert refused(room.ask(PlanSession(name, TITLE, steps=ready))) == ""

    assert (
        refused(
            room.ask(
                PlanSession(
                    "fourth",
                    TITLE,
                    steps=(
                        Step(StepId("a"), ShowSettings(), TITLE),
                        Step(StepId("b"), ShowSettings(), TITLE),
                    ),
                )
            )
        )
        == "F6 too_many_steps"
    )
    assert refused(room.ask(InsertStep(StepId("the-240th"), ShowSettings(), TITLE))) == ""
    assert refused(room.ask(PlanSession("fourth", TITLE))) == ""
    assert (
        refused(room.ask(PlanSession("fifth", TITLE, steps=(Step(StepId("c"), ShowSettings(), TITLE),))))
        == "F6 too_many_steps"
    )


@pytest.mark.parametrize(("categories", "fits"), [(12, True), (13, False)])
def test_J7_a_forum_has_twelve_categories(categories: int, fits: bool) -> None:
    said = a_room().ask(
        SetCategories(tuple(Category(f"c{n}", Words(f"Collège {n}")) for n in range(categories)))
    )

    assert refused(said) == ("" if fits else "J7 too_many_categories")
    assert fits or said.params == {"limit": 12}


@pytest.mark.parametrize(("field", "most"), [("place", 200), ("date", 40)])
def test_W2_what_is_said_of_a_session_holds_so_many_characters(field: str, most: int) -> None:
    def read(text: str) -> object:
        body = json.dumps({"session": "second", "title": {"fr": "x"}, field: text}).encode()
        return wire.command("PlanSession", body, Role.FACILITATOR)

    assert getattr(read("x" * most), field) == "x" * most
    assert read("x" * (most + 1)).code == "too_long"


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_W2_the_title_of_a_session_holds_a_hundred_and_twenty_characters(lang: str) -> None:
    def read(text: str) -> object:
        return wire.command(
            "PlanSession", json.dumps({"session": "second", "title": {lang: text}}).encode(), Role.FACILITATOR
        )

    assert read("x" * 120).title == Words(**{lang: "x" * 120})
    assert read("x" * 121).code == "too_long"


def test_V4_a_mark_may_be_below_nothing_where_its_method_says_so_and_is_refused_by_dots() -> None:
    def read(mark: int) -> object:
        return wire.command(
            "GiveMark", json.dumps({"step": "vote", "key": "theme1", "mark": mark}).encode(), Role.PARTICIPANT
        )

    assert read(-1_000_000) == GiveMark("vote", "theme1", -1_000_000)
    assert [read(mark).code for mark in (-1_000_001, 1_000_001)] == ["bad_number"] * 2
    assert refused(a_vote().ask(GiveMark("vote", "theme1", -1_000_000), LEA)) == "V4 cap"


@pytest.mark.parametrize(("cards", "fits"), [(64, True), (65, False)])
def test_B6_a_card_stands_for_sixty_four_others(cards: int, fits: bool) -> None:
    room = a_room().opened("ideas").with_ideas(cards)
    for_ = tuple(f"idea{n:03}" for n in range(1, cards + 1))
    said = room.ask(PostIdea("idea900", "All of these", "ideas", stands_for=for_), FACILITATOR)

    assert (refused(said) == "") == fits
