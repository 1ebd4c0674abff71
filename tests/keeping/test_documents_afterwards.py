"""After an erasure every document of the plan is whole, says nothing of what was erased, and the chain still proves the journal."""

import io
import zipfile

import pytest

from forum.audit import verify
from forum.cli.verify import evidence_of
from forum.domain.keeping import ERASED, ErasureAsked
from forum.domain.kernel import IdeaId, SheetId, StepId
from forum.domain.sheets.words import SheetEdited, SheetMade
from forum.domain.steps.board import IdeaPosted
from forum.domain.steps.voting import result
from forum.exports import kinds, render
from forum.language import Reader
from tests.exports.opened import said
from tests.exports.test_books import in_depth
from tests.exports.test_exports import NAMES
from tests.further import further
from tests.keeping.conftest import DAY_MS, House
from tests.keeping.written import PLANTED
from tests.scenes import ANNE, LEA, START

EN = Reader("en")
TAB = "a-tab-of-lea-0001"
FIRST = ("plan.pdf", "plan.docx", "workbook.xlsx", "forum.json")
PICTURES = (".png", ".svg")
OTHERS_SAID = ("Open a shared calendar", "Opening", "People trained", "Anne")


def written_by_lea():
    """A plan in depth with words of hers in every place where somebody who writes with others has some."""
    room = in_depth()
    room.happened(IdeaPosted(IdeaId("idea999"), StepId("ideas"), PLANTED, LEA), by=LEA, op=f"{TAB}:1")
    context, stone = {"context": PLANTED}, {"title": PLANTED, "action": ("act001",), "due": "2025-02-01"}
    room.happened(SheetEdited(SheetId("act001"), "action_sheet", {}, context), by=LEA, op=f"{TAB}:2")
    room.happened(SheetMade(SheetId("stone9"), "milestone", StepId(""), stone), by=LEA, op=f"{TAB}:3")
    return room


@pytest.mark.parametrize("kind", [*FIRST, *further(*(kind for kind in kinds() if kind not in FIRST))])
async def test_K2_a_document_is_whole_without_the_words_and_the_name_of_whoever_was_erased(
    here: House, kind: str
) -> None:
    code = await here.put(written_by_lea())
    for person, name in NAMES.items():
        await here.journal.set_name(code, person, name)
    before = said_of(kind, render(await here.state(code), NAMES, "c0ffee", kind, EN).body)
    await here.add(code, ErasureAsked(LEA, "all"), by=LEA)
    await here.keeper.erase(code)
    state, names = await here.state(code), await here.journal.names(code)
    after = said_of(kind, render(state, names, (await here.journal.head(code)).chain, kind, EN).body)

    assert names == {ANNE: "Anne"}
    assert PLANTED not in after
    assert "Léa" not in after
    assert [one for one in OTHERS_SAID if one in before and one not in after] == []
    if PLANTED in before and kind not in ("forum.json", "documents.zip"):
        assert EN.say(ERASED) in after
    assert [f for f in verify(await evidence_of(here.journal, code)).findings if not f.held] == []


@pytest.mark.parametrize("kind", [*FIRST, *further(*(kind for kind in kinds() if kind not in FIRST))])
async def test_K6_a_document_is_whole_when_ballots_and_words_had_their_time(here: House, kind: str) -> None:
    code = await here.put(written_by_lea())
    for person, name in NAMES.items():
        await here.journal.set_name(code, person, name)
    first = await here.state(code)
    before = said_of(kind, render(first, NAMES, "c0ffee", kind, EN).body)
    here.now = START + 400 * DAY_MS
    await here.keeper.sweep()
    state, names = await here.state(code), await here.journal.names(code)
    after = said_of(kind, render(state, names, (await here.journal.head(code)).chain, kind, EN).body)

    assert state.ideas.by_id[IdeaId("idea999")].text == ""
    assert [one for one in (*OTHERS_SAID, "Léa") if one in before and one not in after] == []
    assert (state.plan.actions, state.sheets.by_id) == (first.plan.actions, first.sheets.by_id)
    assert [result(r) for r in state.rounds.by_id.values()] == [
        result(r) for r in first.rounds.by_id.values()
    ]
    assert [f for f in verify(await evidence_of(here.journal, code)).findings if not f.held] == []
    assert b'"MarkGiven"' not in b"".join(e.body for e in await here.journal.read(code))


def said_of(kind: str, body: bytes) -> str:
    """All its words, however its lines end; of a picture, that it is one."""
    if kind.endswith(PICTURES):
        assert len(body) > 1000
        return ""
    return " ".join(said(kind, body).split()) if kind != "documents.zip" else zipped(body)


def zipped(body: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(body)) as files:
        return " ".join(said_of(name, files.read(name)) for name in files.namelist())
