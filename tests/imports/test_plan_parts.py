"""What our workbook says of an action besides its fields comes back too: roles, related actions, indicators, budget."""

from datetime import date

import pytest

from forum.domain.kernel import ActionId, Rejection, SheetId
from forum.domain.sheets.words import EditSheet, RemoveSheet
from forum.imports import plan_people, plan_related
from forum.language import Reader
from tests.exports.test_books import in_depth
from tests.imports.test_plan import EN, FR, Rows, at, does, exported, imported, looked_at, saved, whys
from tests.scenes import ANNE, LEA, Scene


def deep() -> Scene:
    room = in_depth()
    room.ask(EditSheet(SheetId("act002"), "action_sheet", {"related": ("act001",), "consulted": (LEA,)}))
    return room


def held(room: Scene, sheet: str) -> dict[str, object]:
    return dict(room.state.sheets.by_id[SheetId(sheet)].fields)


def row_of(rows: Rows, heading: str, words: str) -> list[object]:
    place = next(row for row in rows if heading in row).index(heading)
    return next(row for row in rows if row[place] == words)


@pytest.mark.parametrize("reader", [EN, FR])
def test_a_plan_in_depth_comes_back_without_a_change(reader: Reader) -> None:
    room = deep()
    preview = looked_at(room, saved(exported(room, reader)), reader=reader)

    assert (preview.wishes, preview.problems, preview.refused) == ((), (), ())


def test_roles_and_related_actions_are_read_back() -> None:
    room = deep()
    pages = exported(room)
    rows = pages["Plan"]
    first, second = rows[2], rows[3]
    first[at(rows, "Roles (RACI)")] = "R: Léa, Anne\nA: Anne\nI: Zanzibar"
    first[at(rows, "Related actions")] = "1.2; 9.9"
    second[at(rows, "Roles (RACI)")] = ""
    second[at(rows, "Related actions")] = ""
    preview = looked_at(room, saved(pages))
    imported(room, preview)

    assert [why for _, _, why in whys(preview)] == [plan_people.NO_ROLE, plan_related.NO_SUCH]
    sheet = held(room, "act001")
    assert (sheet["responsible"], sheet["accountable"]) == ((LEA, ANNE), ANNE)
    assert sheet["related"] == ("act002",)
    assert "informed" not in sheet
    assert "related" not in held(room, "act002")
    assert "consulted" not in held(room, "act002")


def test_a_pilot_who_answers_for_an_action_because_nobody_else_does_is_not_written_down_as_named() -> None:
    room = deep()
    pages = exported(room)
    rows = pages["Plan"]
    assert "A: Léa" in str(rows[2][at(rows, "Roles (RACI)")])
    rows[2][at(rows, "Pilot")] = "Anne"
    imported(room, looked_at(room, saved(pages)))

    assert room.state.plan.actions[ActionId("act001")].pilot == ANNE
    assert "accountable" not in held(room, "act001")


def test_what_is_spent_and_counted_is_read_back_from_its_own_sheets_and_undone_with_the_rest() -> None:
    room = deep()
    pages = exported(room)
    budget, counted = pages["Budget"], pages["Indicators"]
    row_of(budget, "What", "Room")[budget[0].index("Spent")] = 950
    new = [""] * len(budget[0])
    new[budget[0].index("Action")], new[budget[0].index("What")] = "From a card", "Posters"
    new[budget[0].index("Planned")], new[budget[0].index("Year")] = 40, 2026
    budget.append(new)
    later = list(row_of(counted, "Indicator", "People trained"))
    later[counted[0].index("Measured on")], later[counted[0].index("Value")] = date(2025, 9, 30), 25
    counted.append(later)
    preview = looked_at(room, saved(pages))
    assert not isinstance(imported(room, preview), Rejection)

    assert does(preview) == [
        ("“People trained”, Values: “2025-03-31: 12\n2025-09-30: 25” instead of “2025-03-31: 12”", True),
        ("“Room”, Spent: 950", True),
        ("Add a budget line: Posters", True),
    ]
    assert held(room, "money1")["actual"] == "950"
    assert held(room, "count1")["values"] == ("2025-03-31 12", "2025-09-30 25")
    [posters] = [s for s in room.state.sheets.by_id.values() if s.fields.get("title") == "Posters"]
    assert (posters.fields["action"], posters.fields["year"]) == (("act002",), "2026")


def test_what_the_room_changed_meanwhile_in_these_sheets_stays_and_a_line_that_is_gone_is_removed_when_ticked() -> (
    None
):
    room = deep()
    pages = exported(room)
    budget = pages["Budget"]
    row_of(budget, "What", "Room")[budget[0].index("Spent")] = 950
    budget.remove(row_of(budget, "What", "Tools"))
    room.ask(EditSheet(SheetId("money1"), "budget_line", {"actual": "700"}))
    preview = looked_at(room, saved(pages))

    assert does(preview) == [
        ("“Room”, Spent: “950”. Changed in the room meanwhile: “700”", False),
        ("Remove “Tools”, which the table no longer has", False),
    ]
    imported(room, looked_at(room, saved(pages), keys=frozenset({"gone-money2"})))
    assert held(room, "money1")["actual"] == "700"
    assert room.state.sheets.by_id[SheetId("money2")].removed


def test_what_the_room_removed_meanwhile_comes_back_only_where_it_is_ticked() -> None:
    room = deep()
    pages = exported(room)
    room.ask(RemoveSheet(SheetId("money2")))
    preview = looked_at(room, saved(pages))

    assert does(preview) == [("Add a budget line: Tools", False)]
