"""The workbook, opened by another library and compared with the archive of the same number."""

import io
import zipfile
from datetime import date

import pytest
from python_calamine import CalamineWorkbook

from forum.domain.flow.words import EditForum
from forum.domain.kernel import SheetId, StepId
from forum.domain.limits import TITLE
from forum.domain.plan.words import EditAction
from forum.domain.sheets.words import MakeSheet
from forum.domain.steps.board import PostIdea
from forum.exports import read, render
from forum.language import Reader
from tests.exports.opened import Sheets, sheets
from tests.exports.test_exports import EN, FR, NAMES, a_plan
from tests.scenes import LEA, Scene, a_room

HOSTILE = (
    '=HYPERLINK("http://evil","x")', "+1-2", "@SUM(A1)", "=cmd|' /C calc'!A0", "_x0041_", "<b>&amp;</b>", "http://evil.example",
    "👩‍👩‍👧‍👦 🇫🇷", "خطة العمل", "mot" * 40,
)  # fmt: skip


def book(room: Scene, reader: Reader = EN) -> Sheets:
    return sheets(render(room.state, NAMES, "c0ffee", "workbook.xlsx", reader).body)


def test_the_sheets_say_what_the_archive_of_the_same_number_says():
    room = a_plan()
    told = read(render(room.state, NAMES, "c0ffee", "forum.json", EN).body)
    found = book(room)
    actions = [action for axis in told.plan for action in axis.actions]

    assert [row[0] for row in found["Plan"][2:]] == [action.code for action in actions]
    assert [row[2] for row in found["Plan"][2:]] == [action.title for action in actions]
    assert len(found["Cards"]) == len(told.ideas) + 1
    assert len(found["Commitments"]) == len(told.commitments) + 1
    assert len(found["Votes"]) == sum(len(vote.lines) for vote in told.votes) + 1
    assert found["Axes"][-1][2] == len(actions)
    assert ["Journal", f"entry {told.forum.seq}, chain c0ffee"] in [row[:2] for row in found["Read me"]]


def test_a_day_is_a_day_and_a_column_in_which_nothing_stands_is_left_out():
    plan = book(a_plan())["Plan"]
    headings = plan[1]

    assert plan[2][headings.index("Due")] == date(2025, 3, 31)
    assert "Budget" not in headings
    told = book(a_budget())["Plan"]
    assert told[2][told[1].index("Budget")] == "12 k€"


def a_budget() -> Scene:
    room = a_plan()
    room.ask(EditAction("act001", budget="12 k€"))
    return room


def test_the_calendar_marks_the_months_from_the_first_step_to_the_end():
    calendar = book(a_plan())["Calendar"]

    assert calendar[0][4:] == ["Jan 2025", "Feb 2025", "Mar 2025"]
    assert calendar[1][4:] == ["■", "■", "■"]


@pytest.mark.parametrize("words", HOSTILE)
def test_what_a_stranger_writes_stands_as_text_and_is_never_computed_or_linked(words):
    room = a_room().opened("ideas")
    room.ask(PostIdea("idea900", words, "ideas"), LEA)
    body = render(room.revealed("ideas").state, NAMES, "c0ffee", "workbook.xlsx", EN).body
    parts = zipfile.ZipFile(io.BytesIO(body))
    inside = "".join(parts.read(name).decode() for name in parts.namelist() if "/sheet" in name)

    assert sheets(body)["Cards"][1][1] == words
    assert "<f>" not in inside
    assert "hyperlink" not in inside


def test_it_can_be_filtered_printed_and_gone_on_with():
    parts = zipfile.ZipFile(io.BytesIO(render(a_plan().state, NAMES, "c", "workbook.xlsx", FR).body))
    plan = parts.read("xl/worksheets/sheet1.xml").decode()

    for said in ('state="frozen"', "<autoFilter ", 'orientation="landscape"', 'paperSize="8"', 'type="date"'):
        assert said in plan
    assert "Print_Titles" in parts.read("xl/workbook.xml").decode()
    assert CalamineWorkbook.from_filelike(
        io.BytesIO(render(a_plan().state, NAMES, "c", "workbook.xlsx", FR).body)
    ).sheet_names == [
        "Plan",
        "Axes",
        "Calendrier",
        "Engagements",
        "Cartes",
        "Votes",
        "Participation",
        "Lisez-moi",
    ]


def test_a_title_that_begins_with_a_year_is_not_read_as_the_size_of_the_footer():
    room = a_plan()
    room.ask(EditForum(title="2030 & after"))
    body = render(room.state, NAMES, "c", "workbook.xlsx", FR).body
    plan = zipfile.ZipFile(io.BytesIO(body)).read("xl/worksheets/sheet1.xml").decode()

    assert "&amp;8 2030 &amp;&amp; after" in plan
    assert "&amp;82030" not in plan


def test_a_day_that_no_spreadsheet_counts_stands_there_as_it_is_written():
    room = a_plan()
    values = {"title": "Members", "action": ("act001",), "values": "14/07/1789: 40\n31/12/9999: 50"}
    room.ask(MakeSheet(SheetId("indi01"), "indicator", StepId(""), values))
    indicators = book(room)["Indicators"]

    assert [row[8] for row in indicators[1:]] == ["1789-07-14", date(9999, 12, 31)]


def test_the_longest_title_of_signs_that_a_footer_doubles_has_its_footer():
    room = a_plan()
    room.ask(EditForum(title="&" * TITLE.most))
    body = render(room.state, NAMES, "c", "workbook.xlsx", FR).body

    assert b"&amp;&amp;" in zipfile.ZipFile(io.BytesIO(body)).read("xl/worksheets/sheet1.xml")
