"""The law of fragments where a plan goes deep: what changes numbers draws everything anew that shows them."""

import random

import pytest

from forum.domain.kernel import SheetId, StepId
from forum.domain.plan.words import EditAction, MakeAction, MakeAxis
from forum.domain.sheets.schema import THE_PLAN
from forum.domain.sheets.words import EditSheet, MakeSheet, RemoveSheet
from forum.domain.steps.pledge import Pledge
from forum.domain.touch import Touch
from forum.domain.undo import Undo
from forum.fragments.surface import Audience
from tests.fragments.test_law import AUDIENCES, mirror, touched_since, view_of
from tests.scenes import LEA, Scene, a_room

ACTIONS = tuple(f"act00{n}" for n in range(4))
AXES = ("axis01", "axis02")


def a_plan(step: str) -> Scene:
    room = a_room().opened("plan")
    for axis in AXES:
        room.ask(MakeAxis(axis, f"Axe {axis}"))
    for n, action in enumerate(ACTIONS):
        room.ask(MakeAction(action, AXES[n % 2], f"Agir {n}"), LEA)
    return room if step == "plan" else room.opened(step)


def something(rng: random.Random, room: Scene) -> None:
    goals = [s for s in room.state.sheets.by_id if s.startswith("goal")]
    goal = rng.choice([*goals, "goal00"])
    action, axis = rng.choice(ACTIONS), rng.choice(AXES)
    deeds = [d.seq for d in room.state.deeds if not d.undone]
    room.ask(
        rng.choice([
            MakeSheet(SheetId(f"goal{len(room.journal)}"), "objective", StepId(""), {"title": "But", "axis": (axis,)}),
            EditSheet(SheetId(goal), "objective", {"under": (rng.choice([*goals, goal]),)}),
            EditSheet(SheetId(goal), "objective", {"axis": (axis,)}),
            EditSheet(SheetId(action), "action_sheet", {"objective": (goal,)}),
            EditSheet(THE_PLAN, "ambition", {"depth": rng.choice(["actions", "objectives", "whole", "whole"])}),
            EditAction(action, axis=axis),
            RemoveSheet(SheetId(goal)),
            Pledge(f"pledge{len(room.journal)}", "Je viens", "2025-01-20", action),
            Undo(deeds[-1] if deeds else 0),
        ])
    )  # fmt: skip


@pytest.mark.parametrize("step", ["plan", "pledge"])
@pytest.mark.parametrize("audience", AUDIENCES, ids=lambda a: f"{a.surface}-{a.lang}")
def test_P1_whatever_changes_a_number_draws_all_that_shows_it_anew(pages, audience: Audience, step: str):
    rng, room = random.Random(f"numbers {audience} {step}"), a_plan(step)
    shown, since = mirror(pages.page(view_of(room), audience)), room.state.seq
    for _ in range(60):
        something(rng, room)
        touched = touched_since(room, since)
        whole = mirror(pages.page(view_of(room), audience))
        if Touch.SCENE in touched:
            shown = whole
        else:
            changes = pages.changes(view_of(room), audience, touched)
            shown = {k: p for k, p in (shown | mirror(changes.puts)).items() if k not in changes.gone}
        assert shown == whole
        since = room.state.seq
    assert room.replayed() == room.state
