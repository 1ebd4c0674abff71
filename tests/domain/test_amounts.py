"""H1: what a number in a sheet may be where its schema says nothing else."""

import pytest

from forum.domain.kernel import Rejection
from forum.domain.sheets.fields import Amount, Links
from forum.domain.sheets.schema import Field, Schema
from forum.domain.sheets.values import read
from tests.scenes import a_room

SHEET = Schema(
    "tally", "", "", "", "", "", "", "", (Field("n", "N", Amount()), Field("cards", "Cards", Links("idea")))
)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", ""), ("0", "0"), ("-1", None), ("1000000000", "1000000000"), ("1000000001", None), ("1.5", None), ("1.0", "1"),
        ("0" * 19 + "7", "7"), ("0" * 20 + "7", None), (" 1 000 ", "1000"), ("7,0", "7"), ("x", None),
    ],
)  # fmt: skip
def test_H1_a_number_is_whole_and_from_nothing_to_a_thousand_million(typed: str, kept: str | None) -> None:
    said = read(a_room().state, SHEET, {"n": typed}, {}, 1)

    if kept is None:
        assert isinstance(said, Rejection)
        assert (said.rule, said.code, said.params) == (
            "H1",
            "field_number",
            {"label": "N", "first": 0, "limit": 1_000_000_000},
        )
    else:
        assert said == {"n": kept}


def test_H1_one_thing_is_linked_where_nothing_else_is_said() -> None:
    room = a_room().opened("ideas").with_ideas(2).revealed("ideas")

    assert read(room.state, SHEET, {"cards": "idea001"}, {}, 1) == {"cards": ("idea001",)}
    assert isinstance(read(room.state, SHEET, {"cards": ("idea001", "idea002")}, {}, 1), Rejection)
