"""Documents opened by programs that did not write them: everything that they say, as text."""

import io
from collections.abc import Callable

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


READ: dict[str, Callable[[bytes], str]] = {"xlsx": _workbook}
"""By the suffix; others are text."""
