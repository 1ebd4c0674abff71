"""The plan on the wall: who pilots, what comes first, objectives above their actions, and for which action people commit."""

import re

import pytest

from forum.domain.kernel import SheetId, StepId
from forum.domain.plan.words import ChoosePilot, EditAction, RemoveAction, Volunteer
from forum.domain.sheets.schema import THE_PLAN
from forum.domain.sheets.words import EditSheet, MakeSheet
from forum.domain.steps.pledge import Pledge
from forum.fragments.surface import Audience, View
from tests.fragments.test_screen import NAMES, WALL, a_sort, redrawn, shown, words
from tests.scenes import LEA


def test_the_plan_shows_pilots_dates_and_what_is_missing(pages):
    room = a_sort(2).with_theme("theme1", 1).with_plan("Ouvrir le studio", "Écrire la charte").opened("plan")
    room.ask(ChoosePilot("act001", LEA))
    room.ask(EditAction("act001", due="2025-01-31", first_step="Appeler"))

    assert (
        words(shown(pages, room)["action-act001"])
        == "1.1 Ouvrir le studio Pilot: Léa Due: Fri 31 Jan First step: Appeler"
    )
    assert words(shown(pages, room)["action-act002"]) == "1.2 Écrire la charte no pilot no date no first step"
    assert "1 without a pilot" in words(shown(pages, room)["tally"])


def test_a_commitment_names_its_action_and_follows_it(pages):
    room = a_sort(2).with_theme("theme1", 1).with_plan("Ouvrir", "Écrire").opened("pledge")
    room.ask(Pledge("pledge001", "Appeler", "2025-01-20", "act002"), LEA)
    assert words(shown(pages, room)["commitment-pledge001"]) == "Léa Appeler by Mon 20 Jan 1.2 Écrire"

    room.ask(RemoveAction("act001"))
    assert "commitment-pledge001" in redrawn(pages, room)
    assert words(shown(pages, room)["commitment-pledge001"]) == "Léa Appeler by Mon 20 Jan 1.1 Écrire"


def test_who_offers_to_pilot_is_counted_beside_what_is_missing(pages):
    room = a_sort(2).with_theme("theme1", 1).with_plan("Ouvrir").opened("plan")
    room.ask(Volunteer("act001", "pilot"), LEA)
    assert "no pilot 1 person offers to pilot" in words(shown(pages, room)["action-act001"])

    room.ask(ChoosePilot("act001", LEA))
    assert "offer" not in words(shown(pages, room)["action-act001"])


@pytest.mark.parametrize("audience", [WALL, Audience("phone", "en")])
def test_objectives_stand_above_their_actions_where_the_plan_is_as_deep_as_that(pages, audience: Audience):
    room = a_sort(2).with_theme("theme1", 1).with_plan("Ouvrir", "Écrire", "Former").opened("plan")
    axis = room.state.plan.axis_order[0]
    room.ask(MakeSheet(SheetId("goal01"), "objective", StepId(""), {"title": "Accueillir", "axis": (axis,)}))
    room.ask(
        MakeSheet(SheetId("goal02"), "objective", StepId(""), {"title": "Un lieu", "under": ("goal01",)})
    )
    room.ask(EditSheet(SheetId("act003"), "action_sheet", {"objective": ("goal01",)}, {}))
    room.ask(EditSheet(SheetId("act002"), "action_sheet", {"objective": ("goal02",)}, {}))

    def placed() -> list[str]:
        puts = pages.page(View(room.state, NAMES), audience)
        inside = sorted((p.order, p.html) for p in puts if p.place == f"actions-{axis}")
        return [words(re.sub(r"<form.*", "", html, flags=re.DOTALL)) for _, html in inside]

    assert len(placed()) == 3
    room.ask(EditSheet(THE_PLAN, "ambition", {"depth": "objectives"}, {}))
    heads = [
        "1.1 Accueillir",
        "1.1.1 Former",
        "1.1.a Un lieu",
        "1.1.2 Écrire",
        "For no objective yet",
        "1.0.1 Ouvrir",
    ]
    assert [line.startswith(head) for line, head in zip(placed(), heads, strict=True)] == [True] * 6
