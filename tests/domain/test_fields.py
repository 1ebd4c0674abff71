"""How much each field of a command holds, at the entry: what just fits, and what just does not, with the numbers written out."""

import json
from typing import Any

import pytest

from forum.domain.dates import parse_year
from forum.domain.kernel import Rejection, Words
from forum.domain.limits import NewId, Range, Text, limits, new_id, texts
from forum.domain.plan.words import EditAction, MakeAction
from forum.domain.roles import Role
from forum.domain.room import COMMANDS
from forum.domain.settings import BallotSettings
from forum.domain.steps.ballot import AllocatePoints
from forum.domain.steps.board import EditIdea, PostIdea
from forum.domain.steps.sort import MoveIdeas
from forum.web import text, wire

BESIDES: dict[str, dict[str, Any]] = {
    "EditForum": {}, "EditStep": {"step": "ideas"}, "InsertStep": {"step": "more01", "settings": {"kind": "show"}, "title": {}},
    "PostIdea": {"id": "idea01", "text": "x", "step": "ideas"}, "EditIdea": {"idea": "idea01", "text": "x"},
    "HideIdea": {"idea": "idea01", "reason": ""}, "MakeTheme": {"theme": "theme1", "title": ""}, "RenameTheme": {"theme": "theme1", "title": ""},
    "GroupIdeas": {"ideas": [], "theme": "theme1"}, "SplitTheme": {"theme": "theme1", "ideas": [], "new": "theme2", "title": ""},
    "MakeAxis": {"axis": "axis01", "title": ""}, "EditAxis": {"axis": "axis01", "title": ""},
    "MakeAction": {"action": "act001", "axis": "axis01", "title": ""}, "EditAction": {"action": "act001"},
    "Pledge": {"id": "mine01", "text": "x", "due": ""}, "TurnPage": {"page": 0}, "Undo": {"deed": 0}, "DoAgain": {"led": 0},
    "AllocatePoints": {"step": "vote", "option": "theme1", "points": 0},
    "GiveReason": {"step": "vote", "key": "theme1", "text": ""}, "HideReason": {"id": "why00001", "reason": ""},
}  # fmt: skip


def read(kind: str, **fields: Any) -> Any:
    """What the server reads in a command that a browser sends."""
    return wire.command(kind, json.dumps(BESIDES[kind] | fields).encode(), Role.FACILITATOR)


def refused(said: Any) -> str:
    return said.code if isinstance(said, Rejection) else ""


@pytest.mark.parametrize(
    ("kind", "field", "most"),
    [
        ("EditForum", "title", 120), ("EditForum", "question", 400), ("PostIdea", "text", 1000), ("EditIdea", "text", 1000),
        ("HideIdea", "reason", 200), ("MakeTheme", "title", 120), ("RenameTheme", "title", 120), ("GroupIdeas", "title", 120),
        ("SplitTheme", "title", 120), ("MakeAxis", "title", 120), ("EditAxis", "title", 120), ("MakeAction", "title", 200),
        ("EditAction", "title", 200), ("EditAction", "description", 2000), ("EditAction", "first_step", 300),
        ("EditAction", "budget", 120), ("EditAction", "due", 40), ("EditAction", "first_step_due", 40), ("Pledge", "text", 300),
        ("Pledge", "due", 40),
        ("GiveReason", "text", 300), ("HideReason", "reason", 200),
    ],
)  # fmt: skip
def test_W2_a_text_holds_so_many_characters_and_not_one_more(kind: str, field: str, most: int) -> None:
    fits, over = read(kind, **{field: "x" * most}), read(kind, **{field: "x" * (most + 1)})

    assert getattr(fits, field) == "x" * most
    assert (refused(over), over.params["limit"], over.params["count"]) == ("too_long", most, most + 1)


@pytest.mark.parametrize("kind", ["InsertStep", "EditStep"])
@pytest.mark.parametrize(("field", "most"), [("title", 120), ("instruction", 800)])
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_W2_a_steps_words_hold_so_many_characters_in_each_language(
    kind: str, field: str, most: int, lang: str
) -> None:
    assert getattr(read(kind, **{field: {lang: "x" * most}}), field) == Words(**{lang: "x" * most})
    assert refused(read(kind, **{field: {lang: "x" * (most + 1)}})) == "too_long"


@pytest.mark.parametrize(
    ("kind", "field", "lines"),
    [
        ("EditForum", "title", False), ("EditForum", "question", True), ("PostIdea", "text", True), ("EditIdea", "text", True),
        ("HideIdea", "reason", False), ("MakeTheme", "title", False), ("MakeAction", "title", False),
        ("EditAction", "description", True), ("EditAction", "first_step", False), ("EditAction", "budget", False),
        ("Pledge", "text", False), ("GiveReason", "text", True), ("HideReason", "reason", False),
    ],
)  # fmt: skip
def test_W2_what_may_hold_several_lines_keeps_them_and_a_title_is_one_line(
    kind: str, field: str, lines: bool
) -> None:
    assert getattr(read(kind, **{field: "one\ntwo"}), field) == ("one\ntwo" if lines else "one two")


def test_W2_a_steps_instruction_may_hold_several_lines_and_its_title_is_one() -> None:
    said = read("EditStep", title={"fr": "un\ndeux"}, instruction={"fr": "un\ndeux"})

    assert (said.title.fr, said.instruction.fr) == ("un deux", "un\ndeux")


def test_W2_a_card_says_something_and_what_else_is_missing_is_told_by_a_rule() -> None:
    assert [refused(read(kind, text=" ")) for kind in ("PostIdea", "EditIdea")] == ["empty", "empty"]
    assert [
        refused(read(*one)) for one in (("HideIdea",), ("MakeTheme",), ("MakeAction",), ("MakeAxis",))
    ] == [""] * 4
    assert refused(read("Pledge", text="")) == ""


@pytest.mark.parametrize(
    ("kind", "field", "most"),
    [
        ("Undo", "deed", 2**53 - 1),
        ("DoAgain", "led", 2**53 - 1),
        ("AllocatePoints", "points", 1_000_000),
    ],
)
def test_W1_a_number_is_none_below_nothing_and_none_that_a_browser_cannot_count(
    kind: str, field: str, most: int
) -> None:
    assert [refused(read(kind, **{field: number})) for number in (-1, 0, most, most + 1)] == [
        "bad_number",
        "",
        "",
        "bad_number",
    ]


def test_W1_the_walls_pages_are_turned_back_as_far_as_on() -> None:
    assert [
        refused(read("TurnPage", page=number)) for number in (-(2**53), 1 - 2**53, -1, 2**53 - 1, 2**53)
    ] == [
        "bad_number",
        "",
        "",
        "",
        "bad_number",
    ]


def test_F6_what_a_rule_judges_comes_to_it() -> None:
    assert [read("EditStep", minutes=number).minutes for number in (0, 601)] == [0, 601]
    assert [refused(read("EditStep", minutes=number)) for number in (-1, 1_000_001)] == ["bad_number"] * 2


def test_what_is_said_of_a_field_is_found_through_what_it_may_be_besides() -> None:
    assert limits(EditAction)["title"] == Text(200)
    assert limits(EditAction)["description"] == Text(2000, lines=True)
    assert "axis" not in limits(EditAction)
    assert limits(MoveIdeas) == {}
    assert limits(BallotSettings)["least"] == Range(0, 1000, judged=True)
    assert limits(AllocatePoints) == {}
    assert set(texts(MakeAction)) == {"title", "first_step", "due"}
    assert isinstance(limits(MakeAction)["action"], NewId)


def test_the_field_that_names_a_new_thing_is_known() -> None:
    assert [new_id(kind) for kind in (PostIdea, MakeAction, EditIdea, MoveIdeas)] == ["id", "action", "", ""]
    known = {
        "AddPerson": "person", "InsertStep": "step", "PostIdea": "id", "GroupIdeas": "theme", "MakeTheme": "theme",
        "SplitTheme": "new", "MakeAxis": "axis", "MakeAction": "action", "Pledge": "id",
    }  # fmt: skip
    assert {name: new_id(COMMANDS[name]) for name in known} == known


def test_a_range_holds_its_ends_and_nothing_beyond() -> None:
    assert [Range(2, 5).holds(number) for number in (1, 2, 5, 6)] == [False, True, True, False]
    assert [Range().holds(number) for number in (-1, 0, 1_000_000, 1_000_001)] == [False, True, True, False]


def test_W2_what_nothing_is_said_of_holds_a_hundred_and_twenty_characters_and_a_name_forty() -> None:
    def column(title: str) -> Any:
        settings = {"kind": "board", "columns": [{"id": "left", "title": {"fr": title}}]}
        return read("InsertStep", settings=settings)

    assert (refused(column("x" * 120)), refused(column("x" * 121))) == ("", "too_long")
    assert (text.name("x" * 40), refused(text.name("x" * 41))) == ("x" * 40, "too_long")


@pytest.mark.parametrize(
    ("said", "year"),
    [("999", None), ("1000", 1000), ("9999", 9999), ("10000", None), ("", 0), ("soon", None)],
)
def test_a_year_has_four_digits(said: str, year: int | None) -> None:
    assert parse_year(said) == year


def test_W2_a_year_is_written_in_twenty_characters_at_most() -> None:
    assert refused(read("EditForum", horizon="x" * 20)) == ""
    assert refused(read("EditForum", horizon="x" * 21)) == "too_long"
