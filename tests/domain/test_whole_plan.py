"""The whole plan: sheets that lie over actions or belong to them, numbers, who writes them, and one reading of it all."""

from decimal import Decimal

import pytest

from forum.domain.kernel import NOBODY, AxisId, IdeaId, PersonId, Rejection, SheetId, StepId
from forum.domain.plan.numbers import all_coded
from forum.domain.plan.origin import became_of
from forum.domain.plan.rows import ActionLine, Point, Raci, Whole
from forum.domain.plan.whole import said, whole
from forum.domain.plan.words import (
    ChoosePilot,
    EditAction,
    MakeAction,
    MakeAxesFromThemes,
    MakeAxis,
    RemoveAction,
)
from forum.domain.sheets.schema import THE_PLAN
from forum.domain.sheets.words import EditSheet, MakeSheet, RemoveSheet, SheetEdited, TakeNameOut
from forum.domain.state import change
from forum.domain.touch import Touch
from forum.domain.undo import Undo
from forum.domain.voices import HandVoice
from tests.scenes import ANNE, FACILITATOR, LEA, Scene, a_room

NO_STEP = StepId("")


def a_plan() -> Scene:
    """Two actions under the axis of a theme: Léa wrote the first."""
    room = a_room().opened("ideas").with_ideas(3).revealed("ideas").opened("sort")
    room.with_theme("lieux", 1, title="Lieux").opened("plan").ask(MakeAxesFromThemes())
    room.ask(MakeAction("act001", room.state.plan.axis_order[0], "Ouvrir"), LEA)
    room.ask(MakeAction("act002", room.state.plan.axis_order[0], "Former"))
    return room


def read(room: Scene) -> Whole:
    return whole(room.state, lambda person: {LEA: "Léa", ANNE: "Anne"}.get(person, ""))


def first(room: Scene) -> ActionLine:
    return read(room).actions[0]


def filled(room: Scene, by: str = FACILITATOR, was: dict | None = None, **fields: object) -> object:
    return room.ask(EditSheet(SheetId("act001"), "action_sheet", fields, was or {}), by)


def added(room: Scene, name: str, schema: str, by: str = FACILITATOR, **fields: object) -> object:
    return room.ask(MakeSheet(SheetId(name), schema, NO_STEP, fields), by)


def deepened(room: Scene, depth: str = "whole", **fields: object) -> Scene:
    room.ask(EditSheet(THE_PLAN, "ambition", {"depth": depth, **fields}))
    return room


def code(verdict: object) -> str:
    assert isinstance(verdict, Rejection), verdict
    return f"{verdict.rule} {verdict.code}"


def codes(room: Scene) -> list[str]:
    return [f"{one.code} {one.action.title}" for one in all_coded(room.state)]


def test_H7_the_sheet_of_an_action_needs_no_beginning_and_different_fields_merge():
    room = a_plan()
    filled(room, context="Rien n’existe", was={"context": ""})
    filled(room, status="in_progress", was={"status": ""})

    assert (first(room).context, first(room).status) == ("Rien n’existe", "in_progress")
    assert said("action_sheet", "status", "in_progress") == "in progress"
    assert room.replayed() == room.state


def test_H5_one_field_changed_by_two_is_refused_to_the_second_and_written_once_they_have_read_it():
    room = a_plan()
    filled(room, context="Un", was={"context": ""})

    assert code(filled(room, by=LEA, context="Deux", was={"context": ""})) == "H5 changed"
    assert first(room).context == "Un"
    filled(room, by=LEA, context="Deux", was={"context": "Un"})
    assert first(room).context == "Deux"


def test_H7_an_actions_writers_fill_in_what_hangs_on_it_and_nobody_else_does():
    room = a_plan()
    mine, me, other = SheetId("act001"), LEA, ANNE

    assert not isinstance(room.ask(EditSheet(mine, "action_sheet", {"context": "À nous"}), me), Rejection)
    assert not isinstance(added(room, "stone1", "milestone", by=me, title="Louer", action=(mine,)), Rejection)
    assert code(room.ask(EditSheet(mine, "action_sheet", {"context": "Non"}), other)) == "H7 not_their_plan"
    assert (
        code(added(room, "stone2", "milestone", by=other, title="Non", action=(mine,))) == "H7 not_their_plan"
    )
    assert code(room.ask(EditSheet(THE_PLAN, "ambition", {"ambition": "Non"}), me)) == "H7 not_their_plan"
    room.closed("plan")
    assert code(room.ask(EditSheet(mine, "action_sheet", {"context": "Tard"}), me)) == "H3 sheets_closed"
    assert not isinstance(filled(room, context="La régie écrit toujours"), Rejection)


def test_H1_a_sheet_lies_over_what_is_there_and_goes_with_it():
    room = a_plan()

    assert code(room.ask(EditSheet(SheetId("nowhere"), "action_sheet", {"context": "Où ?"}))) == "H1 no_sheet"
    assert code(added(room, "another", "action_sheet", context="Deux fois")) == "H1 not_written_here"
    assert code(added(room, "act001", "milestone", title="Même nom", action=("act002",))) == "H1 id_taken"
    filled(room, context="Là")
    assert code(room.ask(RemoveSheet(SheetId("act001")))) == "H4 sheet_stays"
    room.ask(RemoveAction("act001"))
    assert code(filled(room, context="Plus là")) == "H1 no_sheet"


def test_U1_what_was_said_of_an_action_can_be_taken_back_as_any_sheet():
    room = a_plan()
    filled(room, context="Une erreur")
    deed = room.state.deeds[-1]

    assert deed.about == "Ouvrir"
    room.ask(Undo(deed.seq))
    assert first(room).context == ""


def test_H1_a_role_names_people_by_their_ids_and_an_action_has_one_who_answers_for_it():
    room = a_plan()
    room.ask(ChoosePilot("act001", PersonId(LEA)))
    filled(room, responsible=(LEA, ANNE, LEA), informed=(ANNE,))

    assert first(room).raci == Raci(("Léa", "Anne"), "Léa", (), ("Anne",))
    filled(room, accountable=ANNE)
    assert first(room).raci.accountable == "Anne"
    assert code(filled(room, accountable=(LEA, ANNE))) == "H1 field_person"
    assert code(filled(room, consulted=("nobody",))) == "H1 field_person"


def test_H6_whoever_is_named_among_several_takes_their_own_name_out():
    room = a_plan()
    filled(room, responsible=(LEA, ANNE))
    room.ask(TakeNameOut(SheetId("act001")), ANNE)

    assert first(room).raci.responsible == ("Léa",)
    assert room.state.sheets.by_id["act001"].fields["responsible"] == (LEA,)


def test_what_belongs_to_an_action_is_read_with_it_in_order():
    room = a_plan()
    added(room, "stone1", "milestone", title="Ouvrir", action=("act001",), due="2025-09-01")
    added(room, "stone2", "milestone", title="Louer", action=("act001",), due="2025-03-01")
    added(room, "count1", "indicator", title="Adhérents formés", action=("act001",), unit="personnes", target="40",
          baseline="-2,5", values="31/12/2025: 40\n30/06/2025 12,5")  # fmt: skip
    added(
        room,
        "money1",
        "budget_line",
        title="Salle",
        action=("act001",),
        year="2026",
        unit="EUR_TTC",
        planned="1200",
    )
    added(room, "money2", "budget_line", title="Salle", action=("act001",), year="2025", unit="EUR_TTC",
          planned="800", actual="750.5", funder="Métropole", funding="requested")  # fmt: skip
    added(
        room,
        "money3",
        "budget_line",
        title="Bois",
        action=("act002",),
        year="2025",
        unit="EUR_TTC",
        planned="10",
    )
    filled(room, start="2025-02-01", publics="adhérents\n\nétudiants", related=("act002",), fte="0,5")
    room.ask(EditAction("act001", due="2026-06-30"))
    action, plan = first(room), read(room)

    assert [m.title for m in action.milestones] == ["Louer", "Ouvrir"]
    (indicator,) = action.indicators
    assert (indicator.baseline, indicator.target) == (Decimal("-2.5"), Decimal(40))
    assert indicator.values == (Point("2025-06-30", Decimal("12.5")), Point("2025-12-31", Decimal(40)))
    assert [(line.year, line.planned) for line in action.lines] == [(2025, 800), (2026, 1200)]
    assert (action.publics, action.fte, action.years) == (
        ("adhérents", "étudiants"),
        Decimal("0.5"),
        (2025, 2026),
    )
    assert [(other.code, other.title) for other in action.related] == [("1.2", "Former")]
    assert [(t.year, t.planned, t.actual) for t in plan.totals] == [
        (2025, 810, Decimal("750.5")),
        (2026, 1200, 0),
    ]
    assert (action.late("2026-06-30"), action.late("2026-07-01")) == (False, True)
    filled(room, status="done")
    assert not first(room).late("2026-07-01")


@pytest.mark.parametrize("typed", ["soon: 3", "31/12/2025: many", "31/12/2025", "31/12/2025: nan"])
def test_H1_a_value_over_time_is_a_day_and_a_number(typed: str):
    room = a_plan()

    assert code(added(room, "count1", "indicator", title="Vu", values=typed)) == "H1 field_series"


def with_objectives(room: Scene) -> Scene:
    axis = room.state.plan.axis_order[0]
    added(room, "goal01", "objective", title="Accueillir", axis=(axis,))
    added(room, "goal02", "objective", title="Apprendre", axis=(axis,))
    added(room, "goal03", "objective", title="Un lieu", under=("goal02",))
    return room


def test_P1_numbers_follow_from_axis_and_place_until_the_plan_goes_deeper():
    room = with_objectives(a_plan())

    assert codes(room) == ["1.1 Ouvrir", "1.2 Former"]
    touched = deepened(room, "objectives").state.touched
    assert codes(room) == ["1.0.1 Ouvrir", "1.0.2 Former"]
    assert {Touch.action("act001"), Touch.action("act002"), Touch.PLAN} <= touched
    filled(room, objective=("goal03",))
    room.ask(EditSheet(SheetId("act002"), "action_sheet", {"objective": ("goal01",)}))
    assert codes(room) == ["1.1.1 Former", "1.2.1 Ouvrir"]
    (axis,) = read(room).axes
    assert [(goal.code, goal.title, len(goal.actions)) for goal in axis.goals] == [
        ("1.1", "Accueillir", 1), ("1.2", "Apprendre", 1),
    ]  # fmt: skip
    assert [goal.code for goal in axis.goals[1].operational] == ["1.2.a"]
    operational = axis.actions[1].operational
    assert operational is not None
    assert (operational.code, operational.title) == ("1.2.a", "Un lieu")


def test_P1_nothing_drops_out_of_the_plan_by_a_link():
    room = deepened(with_objectives(a_plan()))
    filled(room, objective=("goal03",))
    room.ask(EditSheet(SheetId("goal02"), "objective", {"under": ("goal03",)}))  # round in a circle
    assert len(codes(room)) == 2
    room.ask(RemoveSheet(SheetId("goal03")))
    room.ask(MakeAxis("axis99", "Ailleurs"))
    room.ask(EditAction("act001", axis=AxisId("axis99")))
    plan = read(room)

    assert {action.title for action in plan.actions} == {"Ouvrir", "Former"}
    told = [g.id for axis in plan.axes for g in axis.goals] + [g.id for g in plan.homeless]
    assert sorted(told) == ["goal01", "goal02"]
    assert room.replayed() == room.state


def test_numbers_are_read_of_a_great_plan_by_looking_at_each_objective_once():
    room = deepened(with_objectives(a_plan()))
    for n in range(60):
        added(room, f"strat{n:03}", "objective", title=f"Strategic {n}", axis=room.state.plan.axis_order[:1])
        added(room, f"opera{n:03}", "objective", title=f"Operational {n}", under=(f"strat{n:03}",))
    looked = 0

    class Counted(dict):
        def get(self, *name):
            nonlocal looked
            looked += 1
            return super().get(*name)

    many = dict(room.state.sheets.by_id)
    all_coded(change(room.state, sheets=change(room.state.sheets, by_id=Counted(many))))

    assert 0 < looked < 5 * len(many)


def test_the_ambition_says_the_years_of_the_plan():
    room = deepened(a_plan(), ambition="Un lieu pour tous", first_year="2025", years="3")

    assert (read(room).ambition, read(room).years) == ("Un lieu pour tous", (2025, 2026, 2027))
    assert code(room.ask(EditSheet(THE_PLAN, "ambition", {"years": "4"}))) == "H1 field_number"
    assert code(room.ask(EditSheet(THE_PLAN, "ambition", {"ambition": "À moi"}), LEA)).startswith("H7")


def test_an_action_leads_back_to_its_cards_and_a_card_forward_to_what_became_of_it():
    room = a_plan()
    axis = room.state.plan.axis_order[0]
    room.ask(MakeAction("act800", axis, "Relier", ("idea002",)))
    (relier,) = [action for action in read(room).actions if action.title == "Relier"]

    assert relier.origin.ideas == 1
    became = became_of(room.state, [IdeaId(f"idea00{n}") for n in (1, 2, 3)])
    itself = {idea: [one.action.title for one in what.actions] for idea, what in became.items()}
    of_theme = {idea: [one.action.title for one in what.beside] for idea, what in became.items()}
    assert itself == {"idea001": [], "idea002": ["Relier"], "idea003": []}
    assert of_theme == {"idea001": ["Ouvrir", "Former"], "idea002": [], "idea003": []}


def test_K2_who_has_their_words_erased_leaves_the_sheet_whole():
    room = a_plan()
    filled(room, by=FACILITATOR, status="done", context="Mes mots à moi, et rien d’autre")
    room.erased(FACILITATOR)

    assert (first(room).context, first(room).status) == ("", "done")


def test_voices_a_name_in_a_role_goes_with_the_voice():

    room = a_plan()
    filled(room, responsible=(ANNE,))
    room.ask(HandVoice(PersonId(ANNE), PersonId("newphone")))

    assert room.state.sheets.by_id["act001"].fields["responsible"] == ("newphone",)
    assert NOBODY not in room.state.sheets.by_id["act001"].fields["responsible"]


def test_facts_of_the_plan_are_those_of_sheets():
    room = a_plan()
    facts = filled(room, context="Ici")

    assert room.journal[-1][2].fact == SheetEdited(
        SheetId("act001"), "action_sheet", {"context": ""}, {"context": "Ici"}
    ), facts
