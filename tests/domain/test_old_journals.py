"""Old forums open for ever: one recorded journal a released version, and what it must still say."""

import json
from pathlib import Path
from typing import Any

import pytest

from forum.domain import records
from forum.domain.room import EMPTY, FACTS, fold
from forum.exports import read, render
from forum.language import Reader

RECORDED = sorted((Path(__file__).parents[1] / "journals").glob("*.jsonl"))


@pytest.mark.parametrize("recorded", RECORDED, ids=lambda path: path.stem)
def test_a_journal_of_an_older_version_still_says_what_it_said(recorded: Path) -> None:
    state = EMPTY
    for line in recorded.read_text().splitlines():
        seq, op, body = json.loads(line)
        state = fold(state, seq, op, records.decode(body.encode()))
    said = json.loads(render(state, {}, "recorded", "forum.json", Reader("fr")).body)
    then = json.loads(recorded.with_suffix(".json").read_text())

    assert kept(said, then) == then


@pytest.mark.parametrize("recorded", RECORDED, ids=lambda path: path.stem)
def test_an_export_of_an_older_version_is_read_today(recorded: Path) -> None:
    assert read(recorded.with_suffix(".json").read_bytes()).forum.title


def kept(now: Any, then: Any) -> Any:
    """What is said now, of what was said then: a newer version may say more, never less or otherwise."""
    if isinstance(now, dict) and isinstance(then, dict):
        return {name: kept(now[name], value) for name, value in then.items() if name in now}
    if isinstance(now, list) and isinstance(then, list) and len(now) == len(then):
        return [kept(one, other) for one, other in zip(now, then, strict=True)]
    return now


def test_the_first_version_recorded_every_fact_it_knew() -> None:
    recorded = next(path for path in RECORDED if path.stem == "0.1.0")
    seen = {json.loads(json.loads(line)[2])["f"]["k"] for line in recorded.read_text().splitlines()}

    assert seen <= {f.__name__ for f in FACTS}
    assert len(seen) >= 50
