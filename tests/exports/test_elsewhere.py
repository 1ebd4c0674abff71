"""Documents opened by whole programs, a plan that goes to an office suite and comes back, a forum that goes to another instance.

All of it is what ``make documents`` does; ``make test`` has what takes no office suite.
"""

import asyncio
import json
import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.async_api import Page, async_playwright

from forum.domain.kernel import ActionId, Rejection, SheetId
from forum.domain.sheets.words import EditSheet
from forum.exports import render
from forum.language.documents import kinds
from tests import chromium
from tests.cli.test_commands import typed
from tests.exports import witness
from tests.exports.opened import said, sheets
from tests.exports.test_every_document import UNREAD, without, written_by_strangers
from tests.exports.test_exports import EN, NAMES
from tests.imports.test_plan import does, imported, looked_at
from tests.imports.test_plan_parts import deep
from tests.servers import ServerProcess, serving

OFFICE = shutil.which("soffice")
PDFTOTEXT = shutil.which("pdftotext")
documents = pytest.mark.skipif(not os.environ.get("FORUM_DOCUMENTS"), reason="make documents")
with_office = pytest.mark.skipif(OFFICE is None, reason="needs LibreOffice (soffice)")
with_pdftotext = pytest.mark.skipif(PDFTOTEXT is None, reason="needs pdftotext (poppler-utils)")
DEMO_PEOPLE = 12


def converted(to: str, folder: Path, *files: Path) -> Iterator[Path]:
    """Open these files by LibreOffice, and let it save each in another form."""
    assert OFFICE is not None
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    words = [OFFICE, profile, "--headless", "--convert-to", to, "--outdir", str(folder), *map(str, files)]
    subprocess.run(words, check=True, capture_output=True, timeout=180)
    for file in files:
        yield folder / f"{file.stem}.{to.partition(':')[0]}"


@documents
@with_office
def test_a_word_processor_opens_every_document_that_is_for_one_and_reads_all_of_it(tmp_path: Path) -> None:
    room, out = written_by_strangers(), tmp_path / "out"
    out.mkdir()
    told = json.loads(render(room.state, NAMES, "c0ffee", "forum.json", EN).body)
    files = []
    for kind in (kind for kind in kinds() if kind.endswith(".docx")):
        files.append(tmp_path / kind)
        files[-1].write_bytes(render(room.state, NAMES, "c0ffee", kind, EN).body)
    for kind, text in zip(
        [file.name for file in files], converted("txt:Text (encoded):UTF8", out, *files), strict=True
    ):
        words = text.read_text("utf-8-sig")
        wanted = [told["forum"]["title"]]
        wanted += [one["title"] for one in witness.actions(told)] if not kind.startswith("sign-in") else []
        assert list(witness.lacks(words, wanted)) == [], kind


@documents
@with_office
def test_a_spreadsheet_opens_every_workbook_and_computes_nothing(tmp_path: Path) -> None:
    room, out = written_by_strangers(), tmp_path / "out"
    out.mkdir()
    files = []
    for kind in ("workbook.xlsx", "territoires.xlsx", "plan.csv", "ideas.csv", "commitments.csv"):
        files.append(tmp_path / kind)
        files[-1].write_bytes(render(room.state, NAMES, "c0ffee", kind, EN).body)
    for ours, theirs in zip(files, converted("ods", out, *files), strict=True):
        before = said(ours.name, ours.read_bytes())
        after = [str(cell) for rows in sheets(theirs.read_bytes()).values() for row in rows for cell in row]
        assert "of:=" not in _content(theirs), ours.name
        for words in ("=HYPERLINK", "@SUM(A1)", "<script>alert(1)</script>"):
            assert not (words in before and not any(words in cell for cell in after)), (ours.name, words)


def _content(ods: Path) -> str:
    with zipfile.ZipFile(ods) as files:
        return files.read("content.xml").decode("utf-8")


@documents
@with_pdftotext
def test_another_reader_of_pdfs_finds_the_same_words(tmp_path: Path) -> None:
    assert PDFTOTEXT is not None
    room = written_by_strangers()
    told = without(json.loads(render(room.state, NAMES, "c0ffee", "forum.json", EN).body), UNREAD)
    for kind in ("decisions.pdf", "plan.pdf", "action-sheets.pdf", "report.pdf"):
        file = tmp_path / kind
        file.write_bytes(render(room.state, NAMES, "c0ffee", kind, EN).body)
        words = subprocess.run(
            [PDFTOTEXT, str(file), "-"], check=True, capture_output=True, timeout=60
        ).stdout.decode()
        titles = [one["title"] for one in witness.actions(told) if len(one["title"]) < 60]
        assert list(witness.lacks(words, titles)) == [], kind


# --- a workbook goes to an office suite, and comes back

MACRO = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Edit" script:language="StarBasic">{body}</script:module>
"""
EDIT = """
Function At(sheet, heading)
  For n = 0 To 60
    If sheet.getCellByPosition(n, 1).String = heading Then
      At = n
      Exit Function
    End If
  Next
End Function
Sub Plan(source As String, xlsx As String, ods As String)
  Dim hidden(0) As New com.sun.star.beans.PropertyValue
  hidden(0).Name = "Hidden"
  hidden(0).Value = True
  document = StarDesktop.loadComponentFromURL(source, "_blank", 0, hidden())
  sheet = document.Sheets.getByName("Plan")
  sheet.getCellByPosition(At(sheet, "Status"), 2).String = "completed"
  sheet.getCellByPosition(At(sheet, "Due"), 2).Value = DateSerial(2025, 6, 30)
  sheet.Rows.removeByIndex(3, 1)
  sheet.getCellByPosition(At(sheet, "Axis"), 3).String = "1 - Theme theme2"
  sheet.getCellByPosition(At(sheet, "Action"), 3).String = "Plant a tree"
  sheet.getCellByPosition(At(sheet, "First step by"), 3).String = "2025-03-01"
  spent = document.Sheets.getByName("Budget")
  spent.getCellByPosition(7, 1).Value = 950.5
  Dim form(0) As New com.sun.star.beans.PropertyValue
  form(0).Name = "FilterName"
  form(0).Value = "calc8"
  document.storeToURL(ods, form())
  form(0).Value = "Calc MS Excel 2007 XML"
  document.storeToURL(xlsx, form())
  document.close(True)
End Sub
"""


def edited_by_an_office(body: bytes, folder: Path) -> dict[str, bytes]:
    """The workbook with statuses, days, a new action and a line less, as LibreOffice saves it."""
    assert OFFICE is not None
    profile, source = folder / "profile", folder / "plan.xlsx"
    source.write_bytes(body)
    basic = profile / "user" / "basic" / "Standard"
    environment = f"-env:UserInstallation={profile.as_uri()}"
    subprocess.run(
        [OFFICE, environment, "--headless", "--terminate_after_init"],
        check=False,
        capture_output=True,
        timeout=120,
    )
    basic.mkdir(parents=True, exist_ok=True)
    escaped = EDIT.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    (basic / "Edit.xba").write_text(MACRO.format(body=escaped), "utf-8")
    (basic / "script.xlb").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN"'
        ' "library.dtd">\n<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard"'
        ' library:readonly="false" library:passwordprotected="false">\n <library:element library:name="Edit"/>\n</library:library>\n',
        "utf-8",
    )
    saved = {end: folder / f"edited.{end}" for end in ("xlsx", "ods")}
    call = f'macro:///Standard.Edit.Plan("{source.as_uri()}","{saved["xlsx"].as_uri()}","{saved["ods"].as_uri()}")'
    subprocess.run([OFFICE, environment, "--headless", call], check=True, capture_output=True, timeout=180)
    return {end: file.read_bytes() for end, file in saved.items()}


@documents
@with_office
def test_a_plan_that_an_office_suite_changed_comes_back_with_the_same_changes_and_no_other(
    tmp_path: Path,
) -> None:
    room = deep()
    saved = edited_by_an_office(render(room.state, NAMES, "c0ffee", "workbook.xlsx", EN).body, tmp_path)
    room.ask(EditSheet(SheetId("act001"), "action_sheet", {"status": "paused"}))

    for end, body in saved.items():
        preview = looked_at(room, body, f"edited.{end}")
        assert (preview.problems, preview.refused) == ((), ()), end
        assert does(preview) == [
            ("Due: “30\u00a0June\u00a02025” instead of “31\u00a0March\u00a02025”", True),
            ("Status: “completed”. Changed in the room meanwhile: “paused”", False),
            ("New action: Plant a tree", True),
            ("First step by: 1\u00a0March\u00a02025", True),
            ("“Room”, Spent: 950.5", True),
            ("Remove 1.2 From a card, which the table no longer has", False),
        ], end
    before = room.state
    assert not isinstance(imported(room, looked_at(room, saved["ods"], "edited.ods")), Rejection)
    assert room.state.plan.actions[ActionId("act002")] == before.plan.actions[ActionId("act002")]
    assert room.state.sheets.by_id[SheetId("act001")] == before.sheets.by_id[SheetId("act001")]


def test_a_forum_that_goes_to_an_empty_instance_gives_the_same_archive_there(tmp_path: Path) -> None:
    """``forum archive`` and ``forum unpack``: what is exported there is the same, byte for byte."""

    async def both() -> tuple[str, str, str]:
        here, there, file = tmp_path / "here", tmp_path / "there", tmp_path / "a.forum.gz"
        _, opened, _ = await typed(here, "new", "forum-participatif", "--title", "Été 2030", "--json")
        code = json.loads(opened)["code"]
        await typed(here, "archive", code, "-o", str(file))
        _, first, _ = await typed(here, "export", code, "forum.json")
        _, done, errors = await typed(there, "unpack", str(file), "--json")
        assert done, errors
        _, second, _ = await typed(there, "export", code, "forum.json", "-o", "-")
        return code, first, second

    code, first, second = asyncio.run(both())
    assert first == second
    assert json.loads(first)["forum"]["code"] == code


# --- from a finished demo, by the command and from the browser


class Demo(NamedTuple):
    """A forum that was played to its end, on a server that still runs."""

    server: ServerProcess
    code: str
    desk: str


@pytest.fixture
async def demo(tmp_path: Path) -> AsyncIterator[Demo]:
    async with serving(tmp_path / "data") as server:
        port = str(server.port)
        _, out, _ = await typed(
            server.data, "demo", "--pace", "0", "--people", str(DEMO_PEOPLE), "--seed", "7", "--port", port
        )
        found = re.search(r"(http://\S+/f/([A-Z0-9]{6})/desk#\S+)", out)
        assert found, out
        yield Demo(server, found[2], found[1])


@documents
@pytest.mark.timeout(300)
async def test_every_document_of_a_finished_demo_is_the_same_from_the_command_and_from_the_browser(
    demo: Demo, tmp_path: Path
) -> None:
    pressed = await from_the_browser(demo)
    by_command = {}
    for kind in kinds():
        file = tmp_path / kind
        code, _, errors = await typed(
            demo.server.data,
            "export",
            demo.code,
            kind,
            "--host",
            "127.0.0.1",
            "--port",
            str(demo.server.port),
            "-o",
            str(file),
        )
        assert code == 0, errors
        by_command[kind] = file.read_bytes()
    told = json.loads(by_command["forum.json"])
    plain = without(told, UNREAD)

    assert sorted(set(kinds()) - set(pressed)) == []
    for kind in kinds():
        archive = plain if kind.endswith(".pdf") else told
        assert witness.wrong(kind, by_command[kind], archive) == [], kind
        assert witness.wrong(kind, pressed[kind], archive) == [], kind
    differ = [kind for kind in kinds() if pressed[kind] != by_command[kind]]
    assert differ == []


async def from_the_browser(demo: Demo) -> dict[str, bytes]:
    """What is offered on the page of all documents, each pressed once."""
    found: dict[str, bytes] = {}
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium.find(), args=[*chromium.FLAGS, "--no-proxy-server"]
        )
        page = await browser.new_page(locale="en-GB")
        await page.goto(demo.desk)
        await page.wait_for_url("**/desk")
        await page.wait_for_selector("nav.jumps", state="attached")  # the desk itself, not its door
        base = page.url.partition("#")[0]
        await page.goto(f"{base}/documents")
        links = await page.eval_on_selector_all("a[href*='/export/']", "all => all.map(one => one.href)")
        for link in links:
            kind = link.rpartition("/export/")[2].partition("?")[0]
            if kind in kinds() and kind not in found and "flavour" not in link:
                found[kind] = await pressed(page, link)
        for kind in (kind for kind in kinds() if kind not in found):
            found[kind] = await pressed(page, f"{base}/export/{kind}")
        await browser.close()
    return found


async def pressed(page: Page, address: str) -> bytes:
    answer = await page.request.get(address, headers={"accept": "*/*"}, timeout=120_000)
    assert answer.ok, (address, answer.status)
    return await answer.body()
