"""The other documents: the days of the plan, pictures of results, the sign-in sheet, and all of them in one file."""

import io
import struct
import zipfile

from forum.domain.plan.words import EditAction
from forum.exports import kinds, render
from forum.language.documents import kinds as offered
from tests.exports.opened import pages, said
from tests.exports.test_books import in_depth, made
from tests.exports.test_exports import EN, FR, NAMES, a_plan
from tests.scenes import a_vote


def test_every_document_that_is_offered_is_written_and_every_name_of_a_file_is_its_own():
    room = a_plan()
    files = [render(room.state, NAMES, "c0ffee", kind, FR).name.full for kind in kinds()]

    assert len(set(files)) == len(files) == len(offered())
    assert "Vision-2025-relevé-de-décisions" in files[0]


def test_the_calendar_has_a_whole_day_for_each_action_and_milestone_with_a_reminder_a_week_before():
    told = made(in_depth(), "calendar.ics").decode().replace("\r\n ", "")

    assert told.count("BEGIN:VEVENT") == 2
    assert "SUMMARY:[1.1] Open a shared calendar\r\n" in told
    assert "DTSTART;VALUE=DATE:20250331\r\nDTEND;VALUE=DATE:20250401\r\n" in told
    assert "SUMMARY:[1.1] Opening\r\n" in told
    assert told.count("TRIGGER:-P7D") == 2
    assert "Léa" not in told


def test_a_result_is_a_picture_once_it_is_revealed_and_says_nothing_of_it_before():
    room = a_vote(points=3, cap=3)
    secret = [made(room.voted(name, **{theme: 3}), "votes.png") for name, theme in (("lea", "theme1"),)]
    png, svg = made(a_plan(), "votes.png"), made(a_plan(), "votes.svg")

    assert struct.unpack(">II", png[16:24])[0] > 1000, "pixels from side to side"
    assert svg.startswith(b"<svg")
    assert len(png) > len(secret[0])


def test_the_sign_in_sheet_has_lines_to_write_on_and_names_nobody():
    [page] = pages(made(a_plan(), "sign-in.pdf"))

    assert "Signature" in page
    assert "Léa" not in said("sign-in.docx", made(a_plan(), "sign-in.docx"))


def test_one_file_has_every_other_document_as_it_is_by_itself():
    room = a_plan()
    room.ask(EditAction("act001", description="Été"))
    with zipfile.ZipFile(io.BytesIO(made(room, "documents.zip"))) as found:
        inside = {name: found.read(name) for name in found.namelist()}
    others = [render(room.state, NAMES, "c0ffee", kind, EN) for kind in kinds() if kind in inside_of(kinds())]

    assert [inside[one.name.full] for one in others] == [one.body for one in others]
    assert not any(name.endswith(".zip") for name in inside)


def inside_of(all_: tuple[str, ...]) -> list[str]:
    """Those that a forum without sheets of its own has."""
    sheets = ("objective", "ambition", "action_sheet", "milestone", "indicator", "budget_line")
    return [
        kind
        for kind in all_
        if kind not in ("documents.zip", "badges.pdf") and kind.removesuffix(".csv") not in sheets
    ]
