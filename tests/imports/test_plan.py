"""A plan from a table: our own workbook edited elsewhere, and workbooks of others."""

import io
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from forum.domain.imported import ImportTable
from forum.domain.kernel import ActionId, Asked, Millis, PersonId, Rejection, SheetId, TabId
from forum.domain.plan.words import ChoosePilot, EditAction, MakeAction, MakeAxis
from forum.domain.roles import Role
from forum.domain.room import trial
from forum.domain.sheets.words import EditSheet
from forum.domain.undo import Undo
from forum.exports import render
from forum.imports import Book, Page, plan, plan_people, values
from forum.imports.kinds import likely
from forum.imports.plan_line import Told
from forum.imports.preview import Preview, tried
from forum.imports.provenance import since
from forum.imports.reading import read
from forum.imports.values import Wrong
from forum.language import Reader
from forum.slices import at_once
from forum.web import wire
from tests.exports.opened import sheets
from tests.scenes import ANNE, FACILITATOR, LEA, Scene, a_room

DATA = Path(__file__).parent / "data"
EN, FR = Reader("en"), Reader("fr")
NAMES = {LEA: "Léa", ANNE: "Anne"}
Rows = list[list[object]]


def planned() -> Scene:
    room = a_room().opened("plan")
    room.ask(MakeAxis("axis01", "Open the house"))
    room.ask(MakeAction("act001", "axis01", "Hold a calendar"))
    room.ask(MakeAction("act002", "axis01", "Open a garage"))
    room.ask(EditAction("act001", due="2026-03-31", description="Every week"))
    room.ask(EditSheet(SheetId("plan"), "ambition", {"depth": "whole"}))
    room.ask(EditSheet(SheetId("act001"), "action_sheet", {"status": "planned", "lead_org": "Town"}))
    room.ask(ChoosePilot("act001", LEA))
    return room


def told(room: Scene, reader: Reader, left: int, beside: tuple[Page, ...] = ()) -> Told:
    def called(name: str) -> tuple[PersonId, ...]:
        return tuple(person for person, known in NAMES.items() if known == name)

    return Told(
        reader,
        lambda kind, n: f"{kind}{n:06}".replace("-", "x"),
        called,
        lambda who: NAMES.get(who, ""),
        left,
        beside,
    )


def looked_at(
    room: Scene, body: bytes, name: str = "t.xlsx", reader: Reader = EN, keys: frozenset[str] | None = None
) -> Preview:
    book = read(body, name)
    guess = plan.guessed(book)
    asked = Asked(FACILITATOR, Millis(room.at), TabId("import"), 1)
    left = since(book, "ABC234", room.state.seq)
    page, beside = book.parted(guess.page)
    asking = plan.wishes(room.state, page, guess, told(room, reader, left, beside))
    settle = lambda command: wire.settled(command, Role.FACILITATOR)  # noqa: E731
    return at_once(tried(asking, trial(room.state, asked), settle, keys))


def imported(room: Scene, preview: Preview) -> object:
    return room.ask(ImportTable("plan", preview.lines, preview.commands), tab="import")


def exported(room: Scene, reader: Reader = EN) -> dict[str, Rows]:
    return sheets(render(room.state, NAMES, "c0ffee", "workbook.xlsx", reader).body)


def saved(pages: dict[str, Rows]) -> bytes:
    """As another program would save it: days as days, text as text."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    days = book.add_format({"num_format": "dd/mm/yyyy"})
    for name, rows in pages.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(number, column, cell, days)  # type: ignore[arg-type]
                else:
                    sheet.write(number, column, cell)
    book.close()
    return out.getvalue()


def at(rows: Rows, heading: str) -> int:
    return rows[1].index(heading)


def does(preview: Preview) -> list[tuple[str, bool]]:
    return [(EN.say(wish.does, **wish.params), wish.ticked) for wish in preview.wishes]


def whys(preview: Preview) -> list[tuple[int, str, str]]:
    return [(one.line, one.column, one.why) for one in preview.problems]


@pytest.mark.parametrize("reader", [EN, FR])
def test_our_own_workbook_comes_back_without_a_change(reader: Reader) -> None:
    room = planned()
    preview = looked_at(room, saved(exported(room, reader)), reader=reader)

    assert (preview.wishes, preview.problems, preview.refused) == ((), (), ())


def test_spaces_at_which_no_line_ends_come_back_as_they_were_written() -> None:
    room = planned()
    room.ask(EditAction("act001", title="Un défi de 48\u202fh", first_step="Trois salons\u00a0: dates"))

    assert looked_at(room, saved(exported(room, FR)), reader=FR).wishes == ()


def test_U4_what_was_edited_elsewhere_comes_back_and_nothing_else_and_is_undone_in_one_press() -> None:
    room = planned()
    before = room.state
    pages = exported(room)
    rows = pages["Plan"]
    rows[2][at(rows, "Status")] = "in progress"
    rows[2][at(rows, "Due")] = date(2026, 6, 30)
    rows[3][at(rows, "Pilot")] = "Anne"
    new = [""] * len(rows[1])
    new[at(rows, "Axis")], new[at(rows, "Action")] = "1 – Open the house", "Plant a tree"
    new[at(rows, "Priority")] = "high"
    rows.append(new)
    preview = looked_at(room, saved(pages))
    assert room.state == before
    assert does(preview) == [
        ("Due: “30\u00a0June\u00a02026” instead of “31\u00a0March\u00a02026”", True),
        ("Status: “in progress” instead of “to come”", True),
        ("Pilot: Anne", True),
        ("New action: Plant a tree", True),
        ("Priority: high", True),
    ]
    assert not isinstance(imported(room, preview), Rejection)
    state = room.state
    assert state.plan.actions[ActionId("act001")].due == "2026-06-30"
    assert state.plan.actions[ActionId("act001")].description == "Every week"
    assert state.sheets.by_id[SheetId("act001")].fields["status"] == "in_progress"
    assert state.plan.actions[ActionId("act002")].pilot == ANNE
    assert [a.title for a in state.plan.actions.values() if a.id not in before.plan.actions] == [
        "Plant a tree"
    ]
    assert not isinstance(room.ask(Undo(state.deeds[-1].seq)), Rejection)
    assert room.state.plan.actions[ActionId("act001")].due == "2026-03-31"
    assert room.state.sheets.by_id[SheetId("act001")].fields["status"] == "planned"


def test_a_line_that_was_deleted_is_told_and_removed_only_where_it_is_ticked() -> None:
    room = planned()
    pages = exported(room)
    del pages["Plan"][3]
    preview = looked_at(room, saved(pages))

    assert does(preview) == [("Remove 1.2 Open a garage, which the table no longer has", False)]
    assert preview.commands == ()
    ticked = looked_at(room, saved(pages), keys=frozenset({"gone-act002"}))
    imported(room, ticked)
    assert room.state.plan.actions[ActionId("act002")].removed


def test_what_the_room_changed_meanwhile_is_shown_and_stays_unless_it_is_ticked() -> None:
    room = planned()
    pages = exported(room)
    rows = pages["Plan"]
    rows[2][at(rows, "Status")] = "completed"
    room.ask(EditSheet(SheetId("act001"), "action_sheet", {"status": "in_progress"}))
    preview = looked_at(room, saved(pages))

    assert does(preview) == [("Status: “completed”. Changed in the room meanwhile: “in progress”", False)]
    assert preview.commands == ()


def test_a_workbook_of_another_forum_or_of_another_time_is_not_believed_about_when_it_left() -> None:
    pages = exported(planned())
    room = planned()

    assert since(read(saved(pages), "t.xlsx"), "ABC234", 999) == room.state.seq
    assert since(read(saved(pages), "t.xlsx"), "AAAAAA", 999) == 0
    assert since(read(saved(pages), "t.xlsx"), "ABC234", room.state.seq - 1) == 0
    assert since(Book("mon-forum-plan-12 (1).csv", ()), "ABC234", 20) == 12


def test_a_name_that_nobody_in_the_room_has_is_kept_nowhere() -> None:
    room = planned()
    preview = looked_at(room, b"Axis,Action,Pilot\nOpen the house,Plant a tree,Marcel Zanzibar\n", "t.csv")
    imported(room, preview)

    assert whys(preview) == [(2, "C", plan_people.NOT_HERE)]
    assert not any(b"Zanzibar" in str(record).encode() for _, _, record in room.journal)


def test_the_template_of_territoires_en_transitions_comes_in_with_axes_objectives_and_what_it_says() -> None:
    room = a_room().opened("plan")
    preview = looked_at(room, (DATA / "tet_modele_import.xlsx").read_bytes(), reader=FR)
    imported(room, preview)
    state = room.state
    [axis] = state.plan.axes.values()
    [action] = state.plan.actions.values()

    assert axis.title.startswith("Un territoire")
    assert "Assurer" in action.title
    sheet = state.sheets.by_id[SheetId(action.id)]
    assert (sheet.fields["status"], sheet.fields["priority"]) == ("planned", "medium")
    budget = [s.fields["planned"] for s in state.sheets.by_id.values() if s.schema == "budget_line"]
    assert budget == ["12000"] or "12000" in budget


def test_a_real_plan_of_twenty_nine_actions_comes_in_whole() -> None:
    room = a_room().opened("plan")
    preview = looked_at(room, (DATA / "tet_contrat_local_sante.xlsx").read_bytes(), reader=FR)
    said = imported(room, preview)

    assert not isinstance(said, Rejection)
    assert len(room.state.plan.actions) == 28
    assert len(room.state.plan.axes) == 5
    assert {"2030-09-01", "2027-01-01"} <= {action.due for action in room.state.plan.actions.values()}
    long = [(wish.line, wish.column) for wish, no in preview.refused if wish.does == plan.NEW]
    assert long == [(27, "D")]
    again = looked_at(room, (DATA / "tet_contrat_local_sante.xlsx").read_bytes(), reader=FR)
    assert [wish for wish in again.wishes if wish.does in (plan.NEW, plan.MADE_AXIS, plan.MADE_GOAL)] == []


def test_days_that_could_be_two_are_named_with_their_place() -> None:
    room = a_room().opened("plan")
    preview = looked_at(room, (DATA / "tet_plan_velo_dates_us.xlsx").read_bytes(), reader=FR)

    named = [(one.line, one.column, one.found) for one in preview.problems if one.why == values.TWO_DAYS]
    assert sorted(named) == [(4, "AA", "12/14/20"), (4, "AB", "12/14/28")]


def test_actions_below_actions_become_milestones_and_orphans_and_doubles_are_named() -> None:
    room = a_room().opened("plan")
    imported(room, looked_at(room, (DATA / "tet_sous_actions.xlsx").read_bytes(), reader=FR))
    milestones = [s.fields for s in room.state.sheets.by_id.values() if s.schema == "milestone"]
    orphans = looked_at(a_room().opened("plan"), (DATA / "tet_sous_actions_orphelines.xlsx").read_bytes())
    double = looked_at(a_room().opened("plan"), (DATA / "tet_actions_en_double.xlsx").read_bytes())

    assert "Sous-action 1.1" in [fields["title"] for fields in milestones]
    assert plan.ORPHAN in [one.why for one in orphans.problems]
    assert plan.TWICE in [one.why for one in double.problems]


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("31/12/2025", "2025-12-31"), ("2025-12-31", "2025-12-31"), ("47727", "2030-09-01"), ("1.3.2026", "2026-03-01"), ("", ""),
    ],
)  # fmt: skip
def test_days_are_read_as_spreadsheets_keep_them_and_people_write_them(said: str, kept: str) -> None:
    assert values.day(said) == kept


@pytest.mark.parametrize("said", ["12/14/20", "12/14/2020", "01/02/26"])
def test_a_day_that_could_be_two_is_none(said: str) -> None:
    assert values.day(said) == Wrong(values.TWO_DAYS)


@pytest.mark.parametrize("said", ["30/02/2025", "31/04/2025", "13/14/2020", "00/00/2025", "2025-02-30"])
def test_a_day_that_no_calendar_has_is_not_called_two(said: str) -> None:
    assert values.day(said) == Wrong(values.NO_DAY)


def test_a_truth_in_the_place_of_a_day_is_said_to_be_one() -> None:
    room = a_room().opened("plan")
    preview = looked_at(room, (DATA / "tet_modele_import.ods").read_bytes(), "modele.ods", FR)

    assert (5, "AB", values.NO_DAY_BUT_TRUTH) in whys(preview)


def test_actions_of_a_table_without_axes_stand_under_what_the_table_is_called() -> None:
    room = a_room().opened("plan")
    preview = looked_at(room, (DATA / "span_sircom.md").read_bytes(), "span_sircom.md", FR)
    imported(room, preview)

    assert [axis.title for axis in room.state.plan.axes.values()] == ["Plan d'action annuel"]
    assert len(room.state.plan.actions) == 5


def test_numbers_are_read_strictly() -> None:
    assert [values.number(said) for said in ("1 250,50 €", "5 000 000", "40 %", "-3", "")] == [
        "1250.5", "5000000", "40", "-3", "",
    ]  # fmt: skip
    wrong = Wrong(values.NO_NUMBER)
    assert [values.number(said) for said in ("Entre 200 et 500", "1,234.5", "1e9", "€")] == [wrong] * 4


def test_the_profile_of_territoires_en_transitions_has_its_very_columns_and_comes_back_the_same() -> None:
    room = planned()
    room.ask(EditAction("act001", first_step="Ask", budget="By the town"))
    room.ask(
        EditSheet(SheetId("act001"), "action_sheet", {"priority": "high", "publics": "Families\nSchools"})
    )
    [sheet] = sheets(render(room.state, NAMES, "c", "territoires.xlsx", EN).body).values()
    theirs = sheets((DATA / "tet_export_modele.xlsx").read_bytes())["Plan daction"]
    other = a_room().opened("plan")
    body = render(room.state, NAMES, "c", "territoires.xlsx", EN).body
    imported(other, looked_at(other, body, reader=FR))
    again = sheets(render(other.state, NAMES, "c", "territoires.xlsx", EN).body).popitem()[1]

    assert [str(cell).strip() for cell in sheet[1]] == [str(cell).strip() for cell in theirs[1]]
    assert [cell for cell in sheet[0] if cell] == [str(cell).strip() for cell in theirs[0] if cell]
    assert sheet[2][sheet[1].index("Statut")] == "À venir"
    left_out = {"Personne pilote", "Calendrier"}  # nobody here is in the other room; first steps are words
    kept = [n for n, heading in enumerate(sheet[1]) if heading not in left_out]
    assert [[row[n] for n in kept] for row in again[2:]] == [[row[n] for n in kept] for row in sheet[2:]]


def test_every_file_of_others_is_taken_for_what_it_is() -> None:
    kinds = {
        file.name: likely(read(file.read_bytes(), file.name)).key
        for file in sorted(DATA.iterdir())
        if file.suffix != ".md"
    }

    assert {name for name, kind in kinds.items() if kind == "plan"} == {
        name for name in kinds if name.startswith("tet_")
    }


def test_of_a_cell_with_thousands_of_names_few_are_looked_for_in_the_room() -> None:
    room, asked = a_room(), list[str]()

    def called(name: str) -> tuple[PersonId, ...]:
        asked.append(name)
        return ()

    body = f"Axe;Action;Pilote\nOuvrir;Tenir un guichet;{','.join(f'N{n}' for n in range(3_000))}\n".encode()
    book = read(body, "t.csv")
    guess = plan.guessed(book)._replace(targets={0: "axis", 1: "title", 2: "pilot"})
    asks = Asked(FACILITATOR, Millis(room.at), TabId("import"), 1)
    asking = plan.wishes(room.state, book.pages[0], guess, told(room, EN, 0)._replace(called=called))
    settle = lambda command: wire.settled(command, Role.FACILITATOR)  # noqa: E731
    preview = at_once(tried(asking, trial(room.state, asks), settle))

    assert whys(preview) == [(2, "C", plan_people.NOT_HERE)]
    assert asked == [f"N{n}" for n in range(20)]
