"""Reading tables out of bytes: CSV in the encodings and with the separators of spreadsheets, XLSX and ODS.

Formulas are never computed: of a cell that has one the file says what it last came to. What a file claims to be is not asked;
what it is, its first bytes tell. Runs in a process of its own (``apart``): a hostile file ends that, and nothing else.
"""

import csv
import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Final

from forum.domain.kernel import N_
from forum.imports import marks
from forum.imports.book import (
    MOST_BYTES,
    MOST_CELL,
    MOST_CELLS,
    MOST_COLUMNS,
    MOST_PAGES,
    MOST_ROWS,
    MOST_TEXT,
    Book,
    Page,
    Row,
    letter,
)

SENTENCES: Final = {
    "file_empty": N_("There is nothing in this file. Choose the one that has the table."),
    "file_too_large": N_(
        "This file has more than {limit} MB. Keep only the sheet that has the table, then choose it again."
    ),
    "file_no_table": N_(
        "This is not a table that can be read here. Save it as XLSX, ODS or CSV, then choose it again."
    ),
    "file_ballots": N_(
        "These are ballots of another tool. Votes are given in the room; to import what they were about, make a table with one "
        "choice a line."
    ),
    "file_old": N_(
        "This is an old or a locked workbook. Open it, save it as XLSX without a password, then choose it again."
    ),
    "file_broken": N_(
        "This file is damaged. Open it in a spreadsheet, save it again as XLSX or CSV, then choose that one."
    ),
    "too_many_rows": N_(
        "“{page}” has more than {limit} lines. Take the file apart, then import one part after the other."
    ),
    "too_many_columns": N_(
        "“{page}” has more than {limit} columns. Delete those that are not needed, then choose it again."
    ),
    "too_many_pages": N_("This workbook has more than {limit} sheets. Keep only the one that has the table."),
    "cell_too_long": N_(
        "The cell {cell} of “{page}” has more than {limit} characters. Shorten it, then choose the file again."
    ),
    "text_too_long": N_(
        "There is more text in this file than can be read at once. Take it apart, then choose one part."
    ),
    "took_too_long": N_(
        "This file takes too long or too much to read. Keep only the sheet that has the table, save it again, then choose it."
    ),
}

UNPACKED_BYTES: Final = 64 * 1024 * 1024
MOST_ENTRIES: Final = 1_000
CHUNK: Final = 64 * 1024
SEPARATORS: Final = ";,\t|"
ALIKE: Final = 0.6  # of a table's lines have as many cells
LOOKED_AT: Final = 60  # lines, to find the separator
GUARDED: Final = re.compile(
    r"'\s*[=+\-@\t\r＝＋－＠]"
)  # as our own tables guard what a spreadsheet would compute
CELLS: Final = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"[^>/]*>')
MOST_AREA: Final = 4_000_000  # cells that lie between the first and the last


class Unreadable(Exception):
    """Why a file cannot be read, as a sentence of ``SENTENCES`` with its words."""

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(code)
        self.code, self.params = code, params


def read(body: bytes, name: str) -> Book:
    """The tables of a file. Unreadable."""
    if not body.strip():
        raise Unreadable("file_empty")
    if len(body) > MOST_BYTES:
        raise Unreadable("file_too_large", limit=MOST_BYTES // 1024**2)
    if body.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable("file_old")
    pages = _of_workbook(body) if body.startswith(b"PK") else _of_text(body, name)
    found = tuple(_bounded(page for page in pages if page.rows))
    if not found:
        raise Unreadable("file_empty")
    return Book(name, found)


def _bounded(pages: Iterable[Page]) -> Iterator[Page]:
    """These pages, for as long as all of them together are not too much."""
    cells = chars = 0
    for page in pages:
        cells += sum(len(row.cells) for row in page.rows)
        chars += sum(len(cell) for row in page.rows for cell in row.cells)
        if cells > MOST_CELLS or chars > MOST_TEXT:
            raise Unreadable("text_too_long")
        yield page


# --- text


def _of_text(body: bytes, name: str) -> list[Page]:
    text = _decoded(body)
    if marks.is_data(text):
        raise Unreadable("file_no_table")
    if marks.is_ballots(text):
        raise Unreadable("file_ballots")
    tables = [_page(one.title or name, _numbered(one.rows)) for one in marks.tables(text)]
    if tables:
        return tables[:MOST_PAGES]
    separator = _separator(text)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, skipinitialspace=True))
    except csv.Error:
        raise Unreadable("file_broken") from None
    return [_page(name, ([_unguarded(cell) for cell in row] for row in rows))]


def _numbered(rows: Mapping[int, list[str]]) -> list[list[str]]:
    """The same as if nothing stood in the lines between."""
    return [rows.get(number, []) for number in range(1, max(rows) + 1)]


def _decoded(body: bytes) -> str:
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if body.startswith(mark):
            try:
                return body.decode(encoding)
            except UnicodeDecodeError:
                raise Unreadable("file_broken") from None
    if b"\0" in body or body.startswith((b"%PDF", b"{\\rtf", b"\x89PNG", b"\xff\xd8")):
        raise Unreadable("file_no_table")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return body.decode("cp1252", "replace")  # as spreadsheets on Windows save


def _separator(text: str) -> str:
    """What parts the cells: that by which most lines have as many, and more than one. A list of one column has none.

    One by which every line has as many goes before: sentences of two commas each lie between semicolons, names of columns have none.
    """
    csv.field_size_limit(MOST_TEXT)
    best, told = "\x1f", (False, 0.0)
    for separator in SEPARATORS:
        try:
            lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator, skipinitialspace=True)
            widths = [len(row) for _, row in zip(range(LOOKED_AT), lines, strict=False) if any(row)]
        except csv.Error:
            continue
        [(width, often)] = Counter(widths).most_common(1) or [(0, 0)]
        share = often / max(1, len(widths))
        if width > 1 and share >= ALIKE and (tells := (share == 1, share * width**0.25)) > told:
            best, told = separator, tells
    return best


def _unguarded(cell: str) -> str:
    return cell[1:] if GUARDED.match(cell) else cell


# --- workbooks


def _of_workbook(body: bytes) -> Iterator[Page]:
    from python_calamine import CalamineError, SheetTypeEnum, SheetVisibleEnum, load_workbook  # noqa: PLC0415 (only apart)

    _unpacks(body)
    try:
        book = load_workbook(io.BytesIO(body))
        shown = [
            one.name
            for one in book.sheets_metadata
            if one.typ == SheetTypeEnum.WorkSheet and one.visible == SheetVisibleEnum.Visible
        ]
        if len(shown) > MOST_PAGES:
            raise Unreadable("too_many_pages", limit=MOST_PAGES)
        for name in shown:
            sheet = book.get_sheet_by_name(name)
            rows = sheet.to_python(skip_empty_area=False) if sheet.total_height and sheet.total_width else []
            yield _page(name, ([_text(cell) for cell in row] for row in rows))
    except (CalamineError, ValueError, OSError):
        raise Unreadable("file_broken") from None


def _unpacks(body: bytes) -> None:
    """Hold a workbook to its bounds before it is parsed: whatever its headers say, all of it is unpacked and counted."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as files:
            _counted(files)
    except (
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        EOFError,
        OSError,
        RuntimeError,
    ):  # locked ones, too
        raise Unreadable("file_broken") from None


def _counted(files: zipfile.ZipFile) -> None:
    names, left = set(files.namelist()), UNPACKED_BYTES
    if len(names) > MOST_ENTRIES:
        raise Unreadable("took_too_long")
    if not names & {"xl/workbook.xml", "content.xml", "xl/workbook.bin"}:
        raise Unreadable("file_no_table")
    for entry in files.infolist():
        left = _unpacked(files, entry, left)


def _unpacked(files: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int) -> int:
    rows = columns = 0
    with files.open(entry) as file:
        while chunk := file.read(CHUNK):
            left -= len(chunk)
            if left < 0:
                raise Unreadable("took_too_long")
            for column, row in CELLS.findall(chunk):
                rows, columns = max(rows, int(row)), max(columns, _number(column))
    if rows * columns > MOST_AREA:
        raise Unreadable("took_too_long")
    return left


def _number(letters: bytes) -> int:
    number = 0
    for sign in letters:
        number = number * 26 + sign - 64
    return number


def _text(cell: object) -> str:
    """A cell as it would be written down: days as ISO dates, whole numbers without a point."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else f"{cell:.12g}"
    if isinstance(cell, datetime):
        midnight = (cell.hour, cell.minute, cell.second) == (0, 0, 0)
        return cell.date().isoformat() if midnight else cell.isoformat(" ", "minutes")
    return cell.isoformat() if isinstance(cell, date) else str(cell)


# --- both


def _page(name: str, rows: Iterable[list[str]]) -> Page:
    kept: list[Row] = []
    for number, cells in enumerate(rows, 1):
        written = [cell.replace("\0", "").strip() for cell in cells]
        while written and not written[-1]:
            written.pop()
        if not written:
            continue
        if len(written) > MOST_COLUMNS:
            raise Unreadable("too_many_columns", page=name, limit=MOST_COLUMNS)
        long = next((n for n, cell in enumerate(written) if len(cell) > MOST_CELL), None)
        if long is not None:
            raise Unreadable("cell_too_long", page=name, cell=f"{letter(long)}{number}", limit=MOST_CELL)
        kept.append(Row(number, tuple(written)))
        if len(kept) > MOST_ROWS:
            raise Unreadable("too_many_rows", page=name, limit=MOST_ROWS)
    return Page(name, tuple(kept))
