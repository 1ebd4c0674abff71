"""Every limit of sessions, categories and what is linked, at the last that fits and the first that does not."""

import json

import msgspec
import pytest

from forum.domain.belonging.part import SetCategories
from forum.domain.belonging.record import Category
from forum.domain.flow import InsertStep
from forum.domain.inputs import inputs
from forum.domain.kernel import StepId, Words
from forum.domain.limits import Text, limits
from forum.domain.people import Join
from forum.domain.roles import Role, may
from forum.domain.sessions.presence import is_present
from forum.domain.sessions.record import FIRST
from forum.domain.sessions.words import (
    BeginSession,
    EditSession,
    EndSession,
    ExpectPeople,
    PlanSession,
    RemoveSession,
)
from forum.domain.settings import BallotSettings, BoardSettings, PledgeSettings, SheetSettings, ShowSettings
from forum.domain.state import Step
from forum.domain.steps.ballot import GiveMark
from forum.domain.steps.board import PostIdea, WithdrawIdea
from forum.domain.touch import Touch
from forum.domain.undo import Undo
from forum.web import wire
from tests.domain.judged import refused
from tests.scenes import FACILITATOR, LEA, a_room, a_vote

TITLE = Words("Encore", "More")


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


@pytest.mark.parametrize(
    ("cards", "fits"),
    [((), True), (("idea001", "idea003"), True), (("idea001", "idea001"), False), (("idea900",), False), (("nowhere",), False),
     (("idea001", "idea002"), False)],
)  # fmt: skip
def test_B6_a_card_stands_for_others_that_are_there_each_once(cards: tuple[str, ...], fits: bool) -> None:
    room = a_room().opened("ideas").with_ideas(3)
    room.ask(WithdrawIdea("idea002"), LEA)
    said = room.ask(PostIdea("idea900", "These", "ideas", stands_for=cards), LEA)

    assert refused(said) == ("" if fits else "B6 no_such_cards")


def test_D1_what_is_planned_is_told_to_everybody_only_while_the_forum_rests() -> None:
    room = a_room()
    room.ask(PlanSession("second", TITLE))
    going_on = room.touched[-1]
    room.ask(EndSession(FIRST))
    room.ask(PlanSession("third", TITLE))

    assert going_on == {Touch.SESSIONS, Touch.AGENDA, Touch.DEEDS, Touch.HEARD_AT_DESK}
    assert room.touched[-1] == {Touch.SESSIONS, Touch.AGENDA, Touch.STEP, Touch.DEEDS, Touch.HEARD_AT_DESK}


@pytest.mark.parametrize(("title", "fits"), [(Words("un"), True), (Words(en="one"), True), (Words(), False)])
def test_D1_a_session_has_a_title_in_one_language_at_least(title: Words, fits: bool) -> None:
    assert refused(a_room().ask(PlanSession("second", title))) == ("" if fits else "D1 session_title")


def test_U1_a_session_is_called_by_its_title_and_the_first_by_the_forums() -> None:
    room = a_room()
    room.ask(PlanSession("second", TITLE))
    room.ask(EndSession(FIRST))
    first = room.state.deeds[-1].about
    room.ask(EditSession("second", Words("Autre", "Other")))
    edited = room.state.deeds[-1].about
    room.ask(BeginSession("second"))

    assert (first, edited, room.state.deeds[-1].about) == ("Vision 2025", "Encore", "Autre")


def test_D4_whoever_comes_by_the_code_was_there_and_a_ticket_and_who_leads_were_not() -> None:
    room = a_room(people=(LEA,))
    room.ask(Join(key="t1", ticket=True), "ticket")
    room.ask(Join(Role.STAFF, key="k1"), "office")

    assert {p for p in room.state.people.by_id if is_present(room.state, p, FIRST)} == {LEA}


def test_D3_a_gesture_that_was_edited_over_is_not_undone_and_the_last_one_is() -> None:
    room = a_room()
    room.ask(PlanSession("second", TITLE))
    for title in ("one", "two"):
        room.ask(EditSession("second", Words(title)))
    first, last = room.state.deeds[-2:]

    assert refused(room.ask(Undo(first.seq))) == "U3 built_on"
    assert refused(room.ask(Undo(last.seq))) == ""
    assert refused(room.ask(Undo(first.seq))) == ""
    assert room.state.sessions.get("second").plan.title == TITLE


def test_F8_what_a_step_takes_is_of_its_own_session_where_that_has_any_and_of_any_otherwise() -> None:
    room = a_room({"one": BoardSettings(), "two": BoardSettings(), "vote": BallotSettings(over="ideas")})
    ready = (Step(StepId("three"), BoardSettings(), TITLE), Step(StepId("pledge2"), PledgeSettings(), TITLE))
    room.ask(PlanSession("second", TITLE, steps=ready))
    sheet = Step(StepId("plan"), SheetSettings(), TITLE)
    room.ask(PlanSession("third", TITLE, steps=(sheet,)))
    room.ask(PlanSession("fourth", TITLE, steps=(Step(StepId("pledge4"), PledgeSettings(), TITLE),)))

    assert inputs(room.state, room.state.step("pledge4")) == ("plan",)
    assert inputs(room.state, room.state.step("pledge2")) == ()


@pytest.mark.parametrize(("title", "fits"), [("x" * 60, True), ("x" * 61, False)])
def test_J7_a_categorys_title_holds_sixty_characters(title: str, fits: bool) -> None:
    assert limits(Category)["title"] == Text(60)
    assert (len(title) <= limits(Category)["title"].most) == fits


@pytest.mark.parametrize("role", list(Role))
def test_D4_whoever_has_a_voice_or_enters_for_others_notes_who_is_there(role: Role) -> None:
    may_note = {Role.PARTICIPANT, Role.SECRETARY, Role.JURY, Role.FACILITATOR}

    assert [may(role, name) for name in ("NotePresence", "TakePresenceBack")] == [role in may_note] * 2


def test_D1_how_many_people_are_expected_is_said_alone_and_can_be_undone() -> None:
    room = a_room()
    before = room.state.sessions.get(FIRST).plan

    assert refused(room.ask(ExpectPeople("nowhere", 40))) == "D1 no_session"
    assert refused(room.ask(ExpectPeople(FIRST, 20_001))) == "D1 session_people"
    assert refused(room.ask(ExpectPeople(FIRST, 40))) == ""
    assert room.state.sessions.get(FIRST).plan == msgspec.structs.replace(before, expected=40)
    room.ask(Undo(room.state.deeds[-1].seq))
    assert room.state.sessions.get(FIRST).plan == before
