"""The simulation itself: it finds nothing in our code, it finds what is planted, and a seed is a universe.

What runs here is a small part; ``make share`` has what once failed and a share of the rest, ``make simulate SEEDS=2000``
and ``make simulate MUTANTS=1`` all of it. Universes
run in processes of their own, where nothing but their seed can decide anything.
"""

import asyncio
import os
import re
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from forum.domain.methods import METHODS
from forum.domain.sheets import in_steps
from tests.further import SHARES
from tests.sim.mutants import MUTANTS, changed
from tests.sim.plan import plan_of
from tests.sim.run import Case, read_case, shared

ROOT = Path(__file__).parents[2]
SEEDS = 6
pytestmark = pytest.mark.timeout(600)  # seconds on two free cores, minutes where others work


class Simulated(NamedTuple):
    """What a simulation ended with, and what it printed."""

    returncode: int
    stdout: str


async def simulate(*asked: str) -> Simulated:
    """In a process of its own. Waited for as everything else is: the session's servers share this loop."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.sim", *asked, cwd=ROOT, env=os.environ | {"PYTHONHASHSEED": "0"},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    said = (await process.communicate())[0].decode()
    print(said)
    assert process.returncode is not None
    return Simulated(process.returncode, said)


async def test_nothing_is_wrong_in_some_universes():
    said = await simulate("--seeds", str(SEEDS), "--fresh")

    assert said.returncode == 0
    assert f"{SEEDS} universes" in said.stdout


async def test_four_phones_of_one_person_on_two_processes_never_break_a_budget():
    """All four press in the same instant, again and again; the processes' batches conflict, replies are lost."""
    voting = "together=True twins=3 servers=2 begins=vote people=2 pause=0.15 seconds=12 kinds=reply_lost,bell_late"
    said = await simulate("--seeds", "3", "--start", "900", "--fresh", "--also", voting)

    assert said.returncode == 0
    assert int(re.search(r"conflict (\d+)", said.stdout)[1]) > 5


def test_all_shares_are_every_planted_mistake_once():
    shares = [which for share in range(SHARES) for which in shared(share, SHARES)]

    assert sorted(shares) == list(range(len(MUTANTS)))


@pytest.mark.parametrize(
    ("sheet", "method", "first"),
    [("objective", "approval", 14), ("recipe", "grades", 31), ("menu", "dots", 9)],
)
async def test_sheets_are_written_and_voted_on_those_and_methods_of_the_tests_too(
    sheet: str, method: str, first: int
):
    calm = "begins=sheets kinds=slow_link,cut pause=0.15 seconds=25 people=3 off=- together=False sessions=False least=0"
    missing = {"SheetMade", "SheetEdited", "SheetRemoved", "MarkGiven", "RoundCounted"}
    for seed in range(first, first + 10):  # they are in the first
        told = await simulate("--case", f"{seed} {calm} sheet={sheet} method={method}")
        assert told.returncode == 0
        missing = {fact for fact in missing if f" {fact}\n" not in told.stdout}
        if not missing:
            break

    assert not missing


async def test_J9_voices_go_on_on_another_phone_come_back_and_vote_there():
    calm = "handing=True begins=vote kinds=slow_link,cut pause=0.15 seconds=25 people=3 off=- together=False sessions=False"
    missing = {"VoiceHanded", "BallotReplaced", "BallotRestored"}
    for seed in range(12, 22):  # they are in the first
        told = await simulate("--case", f"{seed} {calm}")
        assert told.returncode == 0
        missing = {fact for fact in missing if f" {fact}\n" not in told.stdout}
        if not missing:
            break

    assert not missing


def test_every_method_and_every_sheet_is_in_some_universe():
    """A new one takes its share by itself, and the universes that it does not take stay as they were."""
    plans = [plan_of(str(seed)) for seed in range(200)]

    assert {plan.method for plan in plans} == {*METHODS, "grades"}
    assert {plan.sheet for plan in plans if plan.begins == "sheets"} == {
        *(schema.name for schema in in_steps()),
        "recipe",
        "menu",
    }


async def test_the_same_seed_is_the_same_universe():
    one, again, other = [(await simulate("--case", seed)).stdout for seed in ("3", "3", "4")]

    assert len(one.splitlines()) > 50
    assert one == again
    assert re.search(r"hash (\w+)", one)[1] != re.search(r"hash (\w+)", other)[1]


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda m: m.name)
def test_a_planted_mistake_changes_one_place_of_the_code(mutant):
    assert callable(changed(mutant))


def test_a_universe_is_written_in_one_line_and_read_again():
    plan = plan_of("17")
    case = Case(
        "17",
        (
            ("kinds", plan.kinds[:2]),
            ("seconds", 2.5),
            ("people", 2),
            ("together", False),
            ("off", frozenset()),
        ),
    )

    assert read_case(str(case)).plan == case.plan
    assert read_case("17").plan == plan
