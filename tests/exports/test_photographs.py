"""Photographs in documents: in the report beside their step, with captions and words for who does not see them; as files."""

import io
import json
import zipfile
from hashlib import sha256

import pikepdf
import pytest
from docx import Document

from forum.domain.kernel import PhotographId, StepId
from forum.domain.photographs.part import AddPhotograph, ErasePhotograph, RemovePhotograph
from forum.exports import kinds, pictured, render
from forum.language import Reader
from tests.photographs.pictures import a_photograph
from tests.scenes import Scene, a_room

HOSTILE = '=1+1 <b>#read("/etc/passwd")</b> 👩‍👩‍👧 ' + "W" * 60
PICTURES = {PhotographId(f"photo{n:03}"): a_photograph(64 + n, 48) for n in range(4)}


@pytest.fixture
def room() -> Scene:
    """Four photographs: one with a caption, one without, one that was removed, one that was erased."""
    room = a_room()
    for (photograph, body), caption in zip(PICTURES.items(), (HOSTILE, "", "Removed", "Erased"), strict=True):
        digest, step = sha256(body).hexdigest(), StepId("ideas" if caption == HOSTILE else "")
        room.ask(AddPhotograph(photograph, digest, 64, 48, len(body), caption, step))
    room.ask(RemovePhotograph(PhotographId("photo002")))
    room.ask(ErasePhotograph(PhotographId("photo003")))
    return room


def made(room: Scene, kind: str, pictures: dict = PICTURES) -> bytes:
    return render(room.state, {}, "abcd", kind, Reader("en"), photographs=pictures).body


def test_the_report_shows_those_that_stand_each_with_words_for_who_does_not_see_it(room: Scene) -> None:
    word = Document(io.BytesIO(made(room, "report.docx")))
    told = [shape._inline.docPr.get("descr") for shape in word.inline_shapes]
    texts = [paragraph.text for paragraph in word.paragraphs]
    with pikepdf.open(io.BytesIO(made(room, "report.pdf"))) as pdf:
        figures = sorted(str(one.get("/Alt")) for one in pdf.objects if _is_figure(one))
        conforms = "pdfuaid:part" in str(pdf.open_metadata())

    assert told == [HOSTILE, "Photograph 2"]
    assert texts[texts.index("Photographs") + 1].endswith("ideas")
    assert texts.count(HOSTILE) == 1
    assert "Removed" not in texts
    assert figures == sorted(told)
    assert conforms


def _is_figure(one: object) -> bool:
    return isinstance(one, pikepdf.Dictionary) and one.get("/S") == "/Figure"


def test_the_archive_has_the_files_and_the_json_names_them_by_digest(room: Scene) -> None:
    told = json.loads(made(room, "forum.json"))["photographs"]
    with zipfile.ZipFile(io.BytesIO(made(room, "documents.zip"))) as files:
        photos = {name: files.read(name) for name in files.namelist() if name.startswith("photos/")}

    assert [one["caption"] for one in told] == [HOSTILE, ""]
    assert {f"photos/{one['name']}": one["digest"] for one in told} == {
        name: sha256(body).hexdigest() for name, body in photos.items()
    }
    assert not any(photograph in json.dumps(told) for photograph in PICTURES)


def test_a_report_without_the_pictures_has_no_chapter_of_them_and_only_some_documents_ask_for_them(
    room: Scene,
) -> None:
    bare = Document(io.BytesIO(made(room, "report.docx", {})))

    assert "Photographs" not in [paragraph.text for paragraph in bare.paragraphs]
    assert {kind for kind in kinds() if pictured(kind)} == {"report.docx", "report.pdf", "documents.zip"}
    assert made(room, "report.docx") == made(room, "report.docx")
