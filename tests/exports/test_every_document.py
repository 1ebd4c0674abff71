"""Every document that is offered, read by somebody else (``witness``), and with all that strangers may write in it."""

import ast
import io
import json
import zipfile
from pathlib import Path

import pytest

from forum.domain.flow.words import EditForum
from forum.domain.kernel import SheetId, StepId
from forum.domain.plan.reading import live_axes
from forum.domain.plan.words import EditAction, MakeAction, MakeAxis
from forum.domain.sheets.words import EditSheet, MakeSheet
from forum.domain.steps.board import PostIdea
from forum.domain.steps.pledge import Pledge
from forum.exports import FLAVOURS, render
from forum.language.documents import kinds
from tests.exports import witness
from tests.exports.opened import said
from tests.exports.schema_read import unlike
from tests.exports.test_books import in_depth
from tests.exports.test_exports import EN, FR, NAMES
from tests.scenes import ANNE, LEA, Scene

HOSTILE = (
    '=HYPERLINK("http://evil","x")', "+1-2", "@SUM(A1)", "-2+3", "＝1", "=cmd|' /C calc'!A0", "_x0041_",
    "<script>alert(1)</script>", "<b>&amp;</b>", "[x](javascript:alert(1))", "![x](http://evil/p.png)", "http://evil.example",
    "`code` *bold* _it_ # head", "| a | b |", "#import \"/etc/passwd\"", "$ x $ @ref <label>", "\\u{41} {{7*7}} %s \\n",
    "BEGIN:VEVENT", "a;b,c\\d", "👩‍👩‍👧‍👦 🇫🇷 ✊🏽", "خطة العمل", "« Où ? » Ελληνικά", "mot" * 30,
)  # fmt: skip
UNREAD = ("👩‍👩‍👧‍👦 🇫🇷 ✊🏽", "خطة العمل")
"""Come out of a PDF as pictures and in an order of their own: ``test_books`` reads what is left of them."""


def the_room() -> Scene:
    """A plan in depth, with sheets of every kind."""
    room = in_depth()
    goal = {"title": "Be found", "axis": (live_axes(room.state)[0].id,)}
    room.ask(MakeSheet(SheetId("goal01"), "objective", StepId(""), goal))
    return room


def written_by_strangers() -> Scene:
    """The same, in which every text that somebody can write is one of ``HOSTILE``: an action and a promise for each."""
    room = the_room()
    room.ask(EditForum(title=HOSTILE[7], question=HOSTILE[9]))
    room.ask(MakeAxis("axis99", HOSTILE[13]))
    room.happened()
    for n, words in enumerate(HOSTILE):
        action = f"bad{n:03}"
        room.ask(MakeAction(action, "axis99", words))
        room.ask(EditAction(action, description=words, first_step=words, budget=words, due="2025-03-31"))
        room.ask(
            EditSheet(SheetId(action), "action_sheet", {"context": words, "note": words, "publics": words})
        )
        for schema in ("milestone", "indicator", "budget_line"):
            fields = {"title": words, "action": (action,)}
            room.ask(MakeSheet(SheetId(f"{schema[:4]}x{n:03}"), schema, StepId(""), fields))
        room.ask(Pledge(f"bad{n:05}", words, "2025-01-19", action), LEA)
    room.opened("ideas")
    for n, words in enumerate(HOSTILE):
        room.ask(PostIdea(f"bad{n:04}", words, "ideas"), ANNE)
    return room


ROOMS = {"as people write": the_room, "as nobody should": written_by_strangers}


@pytest.fixture(scope="module")
def bodies() -> dict[tuple[str, str], bytes]:
    """Each document once for all tests of this file."""
    found: dict[tuple[str, str], bytes] = {}
    for name, room in ((name, make()) for name, make in ROOMS.items()):
        for kind in kinds():
            found[name, kind] = render(room.state, NAMES, "c0ffee", kind, EN).body
        for kind in (kind for kind in kinds() if kind.endswith(".csv")):
            found[name, f"fr-excel {kind}"] = render(room.state, NAMES, "c0ffee", kind, FR, "fr-excel").body
    return found


def test_every_document_has_somebody_who_reads_it() -> None:
    assert set(kinds()) - set(witness.SAYS) == set(), "say in tests/exports/witness.py what is read of these"
    assert set(witness.SAYS) - set(kinds()) == set(), "these are offered no more"


def test_whoever_reads_them_shares_no_code_with_what_writes_them() -> None:
    asked = []
    for file in ("witness.py", "opened.py"):
        for node in ast.walk(ast.parse((Path(__file__).parent / file).read_text("utf-8"))):
            asked += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            asked += [one.name for one in node.names] if isinstance(node, ast.Import) else []

    assert [name for name in asked if name.split(".")[0] == "forum"] == []


@pytest.mark.parametrize("room", ROOMS)
@pytest.mark.parametrize("kind", kinds())
def test_it_says_what_the_archive_of_the_same_number_says_and_does_nothing(
    bodies: dict[tuple[str, str], bytes], kind: str, room: str
) -> None:
    told = json.loads(bodies[room, "forum.json"])
    if kind.endswith(".pdf"):
        told = without(told, UNREAD)
    wrong = witness.wrong(kind, bodies[room, kind], told)
    if kind.endswith(".csv"):
        wrong += [f"fr-excel: {why}" for why in witness.wrong(kind, bodies[room, f"fr-excel {kind}"], told)]

    assert wrong == []


def without(told: witness.Archive, texts: tuple[str, ...]) -> witness.Archive:
    """The archive without these texts, wherever they stand."""
    packed = json.dumps(told, ensure_ascii=False)
    for text in texts:
        packed = packed.replace(json.dumps(text, ensure_ascii=False)[1:-1], "")
    found: witness.Archive = json.loads(packed)
    return found


@pytest.mark.parametrize("room", ROOMS)
def test_the_archive_is_as_its_schema_says(bodies: dict[tuple[str, str], bytes], room: str) -> None:
    schema = json.loads((Path("forum/exports/schema/export-1.json")).read_bytes())
    told = json.loads(bodies[room, "forum.json"])

    assert list(unlike(told, schema)) == []
    assert list(unlike(told | {"votes": 3}, schema)) != []


def test_one_file_has_every_document_but_the_badges(bodies: dict[tuple[str, str], bytes]) -> None:
    with zipfile.ZipFile(io.BytesIO(bodies["as people write", "documents.zip"])) as files:
        inside = [files.read(name) for name in files.namelist()]
    others = [kind for kind in kinds() if kind not in ("documents.zip", "badges.pdf")]

    assert [kind for kind in others if bodies["as people write", kind] not in inside] == []


def test_signs_that_nobody_sees_stand_in_no_document() -> None:
    """As older journals may have them. A workbook keeps them written out (_x001B_), the archive as it is kept."""
    room = the_room()
    room.ask(EditAction("act001", description="Été\x00\x08\x1b[2J\u2028fin"))

    for kind in kinds():
        if not kind.endswith((".png", ".zip", ".json", ".xlsx")):
            words = said(kind, render(room.state, NAMES, "c0ffee", kind, EN).body)
            assert not set(words) & {"\x00", "\x08", "\x1b"}, kind


assert FLAVOURS == ("standard", "fr-excel"), "every flavour is read above"
