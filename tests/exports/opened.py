"""Documents opened by programs that did not write them: everything that they say, as text."""

import io
import re
import zipfile
from collections.abc import Callable
from xml.etree import ElementTree as ET

import pypdfium2
from python_calamine import CalamineWorkbook

Sheets = dict[str, list[list[object]]]


def said(kind: str, body: bytes) -> str:
    """All words of a document."""
    return READ.get(kind.rpartition(".")[2], _plain)(body)


def sheets(body: bytes) -> Sheets:
    """The rows of a workbook's sheets, by what they are called."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(body))
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def _plain(body: bytes) -> str:
    return body.decode("utf-8")


def _workbook(body: bytes) -> str:
    return "\n".join(str(cell) for rows in sheets(body).values() for row in rows for cell in row)


def paragraphs(body: bytes) -> list[tuple[str, str]]:
    """Style and words of every paragraph of a document for word processors, those in tables too."""
    of = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    told = []
    for part in ("word/document.xml", "word/header1.xml", "word/footer1.xml"):
        for one in ET.fromstring(zipfile.ZipFile(io.BytesIO(body)).read(part)).iter(f"{of}p"):
            style = one.find(f"{of}pPr/{of}pStyle")
            name = style.get(f"{of}val", "") if style is not None else ""
            told.append((name, "".join(text.text or "" for text in one.iter(f"{of}t"))))
    return told


def pages(body: bytes) -> list[str]:
    """The words of each page of a PDF, in the order in which they stand in it."""
    with pypdfium2.PdfDocument(body) as document:
        return [_words(page) for page in document]


def _words(page: pypdfium2.PdfPage) -> str:
    said = page.get_textpage().get_text_bounded()
    return re.sub(r"\s+", " ", said.replace("\u200b", "").replace("\ufffe", ""))


def _word(body: bytes) -> str:
    return "\n".join(words for _, words in paragraphs(body))


def _paper(body: bytes) -> str:
    return "\n".join(pages(body))


def _archive(body: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(body)) as files:
        return "\n".join(said(name, files.read(name)) for name in files.namelist())


READ: dict[str, Callable[[bytes], str]] = {
    "xlsx": _workbook,
    "docx": _word,
    "pdf": _paper,
    "zip": _archive,
    "png": bytes.hex,  # of which a reader has no words: to be compared
}
"""By the suffix; others are text."""
