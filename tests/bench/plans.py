"""T20: how long documents of a large plan take, and what phones of the same room notice while all of them are made."""

import random
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import date, timedelta
from typing import Final

import msgspec

from forum.domain.kernel import ActionId, AxisId, Fact, PersonId, SheetId, StepId
from forum.domain.plan.words import ActionEdited, ActionMade, AxisMade, PilotChosen, Volunteered
from forum.domain.sheets import SCHEMAS
from forum.domain.sheets.fields import Value
from forum.domain.sheets.schema import THE_PLAN
from forum.domain.sheets.words import SheetEdited, SheetMade
from tests.bench.crowd import Counted, Crowd, Load
from tests.bench.pressure import Pressed
from tests.bench.subject import Subject, subject
from tests.bench.table import Row, judged, say

ACTIONS: Final = 500
AXES: Final = 8
HALL: Final = 500
SECONDS: Final = {"plan.pdf": 5.0, "plan.docx": 3.0, "workbook.xlsx": 3.0}
RATES: Final = {20: (40, 100), 100: (None, 100)}  # ideas a second: p50, p99 at most, ms, as T2 has them
OPENING_SECONDS: Final = 4.0  # until the crowd is measured
SAYS: Final = (
    "The mornings are quieter since the second entrance was opened, and more people know each other by name. "
)


def a_plan(people: list[PersonId], seed: int) -> Iterator[Fact]:
    """Facts of a plan of 500 actions; of each, everything is said that can be. The same for the same seed."""
    chance = random.Random(seed)
    yield SheetEdited(THE_PLAN, "ambition", {}, {"depth": "whole", "first_year": "2025", "years": "3"})
    for n in range(AXES):
        yield AxisMade(AxisId(f"axis{n:04}"), f"Axis {n + 1}: {SAYS[:40]}")
        objective: dict[str, Value] = {"title": SAYS[:70], "why": SAYS, "axis": (f"axis{n:04}",)}
        yield SheetMade(SheetId(f"goal{n:04}"), "objective", StepId(""), objective)
    for n in range(ACTIONS):
        yield from _an_action(chance, n, people)


def _an_action(chance: random.Random, n: int, people: list[PersonId]) -> Iterator[Fact]:
    action, axis = ActionId(f"action{n:04}"), f"axis{n % AXES:04}"
    yield ActionMade(action, AxisId(axis), f"{SAYS[:50]} {n}")
    said = {
        "description": SAYS,
        "first_step": SAYS[:80],
        "first_due": _day(chance),
        "due": _day(chance),
        "budget": "1,200 €",
    }
    yield ActionEdited(action, dict.fromkeys(said, ""), said)
    yield PilotChosen(action, PersonId(""), chance.choice(people))
    yield Volunteered(action, chance.choice(people), "partner")
    sheet = _filled(
        chance, "action_sheet", people, {"objective": (f"goal{n % AXES:04}",), "related": ("action0000",)}
    )
    yield SheetEdited(SheetId(action), "action_sheet", {}, sheet)
    for schema in ("milestone", "milestone", "indicator", "budget_line", "budget_line"):
        made = SheetId(f"{schema[:4]}{n:04}{chance.randrange(10**6):06}")
        yield SheetMade(made, schema, StepId(""), _filled(chance, schema, people, {"action": (action,)}))


def _filled(
    chance: random.Random, schema: str, people: list[PersonId], links: dict[str, Value]
) -> dict[str, Value]:
    """Every field of a schema, by its kind; links as given."""
    found = dict(links)
    for field in SCHEMAS[schema].fields:
        match field.kind.name:
            case "text":
                found[field.name] = SAYS[: field.holds.most]
            case "choice":
                found[field.name] = chance.choice(field.holds.options)[0]
            case "day":
                found[field.name] = _day(chance)
            case "amount":
                found[field.name] = "2026" if field.name == "year" else str(chance.randint(1, 99))
            case "someone":
                found[field.name] = chance.choice(people)
            case "persons":
                found[field.name] = tuple(sorted({chance.choice(people), chance.choice(people)}))
            case "series":
                found[field.name] = ("2025-06-30 12", "2025-12-31 40")
    return found


def _day(chance: random.Random) -> str:
    return (date(2025, 1, 1) + timedelta(chance.randint(0, 900))).isoformat()


def a_large_plan(crowd: Crowd, seconds: float, seed: int) -> list[Row]:
    """T20."""
    say(f"  documents of {ACTIONS} actions")
    with _room(seed) as there:
        took = {kind: _seconds(there, kind) for kind in SECONDS}
    rows = [_took_row(took)]
    for rate, most in RATES.items():
        load = Load(phones=HALL, rate=rate, seconds=seconds)
        say(f"  {HALL} phones, {rate}/s, before and while every document is made")
        with _room(seed) as there:
            calm = crowd.run(there.room(), load, f"T20 calm {rate}/s")
        with _room(seed) as there:
            counted, pressed = _beside(there, crowd, load)
        rows.append(_aged_row(rate, most, calm, counted, pressed))
    return rows


def _room(seed: int) -> AbstractContextManager[Subject]:
    return subject(people=HALL, plan=lambda people: list(a_plan(people, seed)))


def _took_row(took: dict[str, float]) -> Row:
    said = ", ".join(f"{kind.rpartition('.')[2].upper()} {seconds:.1f} s" for kind, seconds in took.items())
    return Row(
        id="T20",
        what=f"documents of a plan of {ACTIONS} actions, every row filled",
        forum=said,
        target="PDF <= 5 s, DOCX and XLSX <= 3 s",
        verdict=judged(all(took[kind] <= most for kind, most in SECONDS.items())),
    )


def _aged_row(
    rate: int, most: tuple[int | None, int], calm: Counted, counted: Counted, pressed: Pressed
) -> Row:
    p50, p99 = most
    whole = "" if counted.whole else ", NOT all arrived"
    met = counted.whole and counted.p99_ms <= p99 and (p50 is None or counted.p50_ms <= p50)
    told = ", ".join(f"{n} x {status}" for status, n in sorted(pressed.statuses.items()))
    return Row(
        id="T20",
        what=f"age at {HALL} phones, {rate}/s, while documents.zip of it is made again and again: p50, p99",
        forum=f"{counted.p50_ms:.0f}, {counted.p99_ms:.0f} ms{whole}",
        target=f"{'' if p50 is None else f'p50 <= {p50}, '}p99 <= {p99} ms",
        verdict=judged(met),
        why=f"Calm, just before: {calm.p50_ms:.0f}, {calm.p99_ms:.0f} ms. The archive: {told}, the slowest after {pressed.slowest_s:.0f} s.",
    )


def _beside(there: Subject, crowd: Crowd, load: Load) -> tuple[Counted, Pressed]:
    """What a crowd sees while another process asks for the archive of all documents again and again."""
    file = there.folder / "pressing"
    file.write_text(there.desk)
    path = f"/f/{there.code}/desk/export/documents.zip"
    words = ("archive", str(there.ports[0]), path, str(load.seconds + OPENING_SECONDS), str(file))
    command = [sys.executable, "-m", "tests.bench.pressure", *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as pressing:
        assert pressing.stdout
        pressing.stdout.readline()
        counted = crowd.run(there.room(), load, f"T20 {load.rate}/s")
        said, _ = pressing.communicate()
    return counted, msgspec.json.decode(said.splitlines()[-1], type=Pressed)


def _seconds(there: Subject, kind: str) -> float:
    address = f"http://127.0.0.1:{there.ports[0]}/f/{there.code}/desk/export/{kind}"
    began = time.monotonic()
    with urllib.request.urlopen(
        urllib.request.Request(address, headers={"cookie": there.desk}), timeout=120
    ) as page:
        page.read()
    return time.monotonic() - began
