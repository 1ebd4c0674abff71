"""The second count of a method that gives marks under keys of its own."""

import json
from collections.abc import Mapping
from unittest.mock import patch

import pytest

from forum.audit.recount import Recount
from forum.audit.tallies import TALLIES, Count, Second


def pairs(options: list[str]) -> list[str]:
    return [f"{one}|{other}" for one in options for other in options if one < other]


def wins(options: list[str], terms: Mapping[str, int], ballots: Mapping[str, Mapping[str, int]]) -> Count:
    return Count({o: {} for o in options}, dict.fromkeys(options, 1), {}, {})


@pytest.mark.parametrize(("key", "faults"), [("a|b", []), ("b|a", ["no_option"]), ("a", ["no_option"])])
def test_a_vote_under_a_key_of_its_method_is_none_that_no_rule_allows(key: str, faults: list[str]) -> None:
    facts = [
        {"k": "PersonJoined", "person": "lea", "role": "participant"},
        {
            "k": "RoundOpened",
            "round": "v.1",
            "step": "v",
            "options": ["a", "b"],
            "method": "pairs",
            "parameters": {"x": 1},
        },
        {"k": "MarkGiven", "round": "v.1", "key": key, "mark": 1},
    ]
    bodies = [
        (n, json.dumps({"f": fact, "w": "lea", "s": "salt"}).encode()) for n, fact in enumerate(facts, 1)
    ]

    with patch.dict(TALLIES, {("pairs", 1): Second(wins, pairs)}):
        counted = Recount().feed(bodies)

    assert [broken.fault for broken in counted.broken] == faults
