"""The flow's own eyes: what it takes for a card on the desk, and what `make browsers` ends with."""

from pathlib import Path

from tests.browsers import __main__ as browsers
from tests.browsers import flow
from tests.browsers.engines import ENGINES
from tests.browsers.hall import hall


async def test_a_card_is_on_the_desk_when_the_desk_counts_it_and_not_before(tmp_path: Path) -> None:
    async with hall(tmp_path) as room:
        await room.step("ideas")
        await room.desk_counts("cards", 0)
        before = room.counts("card", 1)
        await room.somebody("PostIdea", id="omars001", text="Un lieu", step="ideas")
        await room.desk_counts("card", 1)

    assert not before


def test_it_ends_well_only_when_every_step_of_every_row_is_well_also_below_the_floor() -> None:
    below = [engine.name for engine in ENGINES if not engine.floor]
    rows = {engine.name: [flow.Outcome("reloads", well=True)] for engine in ENGINES}

    assert below != []
    assert browsers.ending(rows) == 0
    for name in rows:
        bad = rows | {name: [flow.Outcome("starts", well=True), flow.Outcome("reloads", well=False)]}
        assert browsers.ending(bad) == 1, name


def test_an_engine_that_is_not_here_is_told_apart_from_one_that_is_not_well() -> None:
    away = [flow.Outcome("starts", well=False, here=False), flow.Outcome("reloads", well=False)]
    fine, bad = [flow.Outcome("reloads", well=True)], [flow.Outcome("reloads", well=False)]

    assert browsers.ending({"WPE": away, "Firefox": fine}) == browsers.NOT_HERE
    assert browsers.ending({"WPE": away, "Firefox": bad}) == 1
    assert browsers.ending({"Firefox": bad}) == 1
