"""Whole forums in virtual time with faults, whose people go from table to table: every page is its table's, always."""

import random

import pytest

from forum.domain.flow import OpenStep
from forum.domain.kernel import StepId
from forum.live.seating import Seating
from tests import histories
from tests.scenes import FACILITATOR, a_room
from tests.sim import onlooker, world
from tests.sim.mutants.planting import Mutant, planted
from tests.sim.plan import Plan, plan_of
from tests.toys.inside.room import AGENDA
from tests.toys.tables import SitDown, TakeNoteBack, WriteNote, tables_of

SEEDS = tuple(f"tables{n}" for n in range(2))
FAULTS = ("cut", "sleep", "slow_reader", "bell_late", "bell_lost", "reply_lost", "rollback")
SEARCHED = 30
MISTAKES = (
    (Mutant(
        "who changes table keeps their seat", Seating, "show", "if Touch.group(person) in touches:", "if False:"
    ), 0),
    (Mutant(
        "a page of another table resumes", Seating, "_mode", "not self._in_one_group(person, resume.seq)", "False",
    ), 14),
)  # fmt: skip


@pytest.fixture(autouse=True)
def tables(monkeypatch: pytest.MonkeyPatch) -> None:
    """The people of these universes sit at tables and write notes, and now and then do what people do elsewhere."""
    elsewhere = histories.a_command

    def command(rng: random.Random, room):
        state, by = room.state, rng.choice(histories.PEOPLE)
        here, choice = state.current or StepId("tables"), rng.random()
        notes = sorted(tables_of(state).notes) or ["none"]
        if choice < 0.35:
            return SitDown(here, rng.randint(0, 2)), by
        if choice < 0.70:
            return WriteNote(f"note{len(room.journal):05}", here, f"Mot {len(room.journal)}"), by
        if choice < 0.80:
            return TakeNoteBack(rng.choice(notes)), by
        if choice < 0.86:
            return OpenStep(StepId(rng.choice(list(AGENDA)))), FACILITATOR
        return elsewhere(rng, room)

    def beginning(plan: Plan):
        return a_room(AGENDA, histories.PEOPLE[: plan.people]).opened("tables")

    monkeypatch.setattr(histories, "a_command", command)
    monkeypatch.setattr(world, "beginning", beginning)
    monkeypatch.setattr(onlooker, "LOOK_AT_PAGES", 0.5)
    wanted = histories.comes_or_goes
    monkeypatch.setattr(histories, "WANTED", histories.WANTED | {"tables": wanted})


def lived(seed: str, **changes: object):
    kinds = {"kinds": FAULTS, "together": False, "off": frozenset(), "pause": 0.15, "seconds": 25.0}
    return world.live(plan_of(seed).without(**kinds | changes))


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_is_wrong_in_some_universes(seed):
    ended = lived(seed)

    assert ended.problems == [], "\n".join(map(str, ended.problems[:5]))
    assert ended.facts > 50


@pytest.mark.parametrize(("mistake", "hint"), MISTAKES, ids=lambda what: getattr(what, "name", ""))
def test_planted_mistakes_are_found(mistake: Mutant, hint: int) -> None:
    """``hint``: a seed that found it; the others are looked at when it no longer does."""
    often = {"kinds": ("cut", "sleep"), "chaos": 1.0, "twins": 3, "people": 2}
    with planted(mistake):
        assert any(lived(f"tables{n}", **often).problems for n in (hint, *range(SEARCHED)))
