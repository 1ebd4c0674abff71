"""The plan as a workbook: a spreadsheet in which every sheet can be filtered, sorted, printed and read by other programs.

What strangers wrote stands in it as text and never as a formula or a link: no cell is written but by its type. Pure: the same
archive is the same bytes. Not here: what each sheet says (``pages``).
"""

import io
import math
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from forum.domain.plan.rows import Whole
from forum.exports.fields import Cell
from forum.exports.page import Page
from forum.exports.pages import pages
from forum.exports.told import Archive
from forum.language import Reader

A3, A4 = 8, 9  # as the format numbers sizes of paper
NARROWEST, WIDEST = 7, 38  # characters
A4_CHARACTERS = 110  # across a page that stands
A3_CHARACTERS, LEAST_SCALE = (
    330,
    62,
)  # across one that lies, and in per cent how small: smaller nobody reads it
HIGHER: Final = 1.08  # characters of a text to one of a width, which is counted in digits
LINE_POINTS, MOST_POINTS = 13.5, 400  # of a row; 409 is all that the format takes
MOST_BYTES: Final = 2 * 32_767  # of one cell, in UTF-16: no spreadsheet takes more
LAST_CELL: Final = "XFD1048576"  # of any sheet
FIRST_YEAR: Final = 1901  # of days that every spreadsheet counts alike
SHEET_NAME_CHARS: Final = 31
FOOTER_CHARS: Final = 90  # of a title in it, each of which may stand twice: 255 is all that a footer holds
INK, ACCENT, PAPER, LINE = "#1d1b16", "#1b4d89", "#f3efe6", "#c9c2b2"


Pages = Callable[[Archive, Whole, Reader], Iterable[Page]]


def write(told: Archive, whole: Whole, reader: Reader, of: Pages = pages) -> bytes:
    """The whole workbook; ``of``: what its sheets say."""
    out = io.BytesIO()
    book = Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties(
        {"title": told.forum.title, "created": datetime.fromisoformat(told.forum.at).replace(tzinfo=None)}
    )
    looks = _Looks(book)
    for page in of(told, whole, reader):
        _sheet(book, looks, page, told, reader)
    book.close()
    return out.getvalue()


class _Looks:
    """The formats, made once."""

    def __init__(self, book: Workbook) -> None:
        plain = {
            "font_name": "Calibri",
            "font_size": 10,
            "font_color": INK,
            "valign": "top",
            "text_wrap": True,
        }
        lined = plain | {"border": 1, "border_color": LINE}
        left, right = {"align": "left", "indent": 1}, {"align": "right", "indent": 1}
        self.text = book.add_format(lined | left)
        self.day = book.add_format(lined | left | {"num_format": "dd/mm/yyyy"})
        self.number = book.add_format(lined | right | {"num_format": "#,##0"})
        self.amount = book.add_format(lined | right | {"num_format": "#,##0.00"})
        self.mark = book.add_format(lined | {"align": "center", "font_color": ACCENT})
        self.heading = book.add_format(lined | left | {"bold": True, "bg_color": PAPER, "valign": "vcenter"})
        self.section = book.add_format(
            lined | left | {"bold": True, "font_color": "#ffffff", "bg_color": ACCENT}
        )
        sum_ = lined | {"bold": True, "num_format": "#,##0", "top": 2}
        self.total, self.total_text = book.add_format(sum_ | right), book.add_format(sum_ | left)

    def of_total(self, cell: Cell) -> Format:
        return self.total_text if isinstance(cell, str) else self.total

    def of(self, cell: Cell, page: Page, column: int) -> Format:
        if column in page.marks:
            return self.mark
        if isinstance(cell, date):
            return self.day
        if isinstance(cell, Decimal):
            return self.number if cell == int(cell) else self.amount
        return self.number if isinstance(cell, int) else self.text


def _sheet(book: Workbook, looks: _Looks, page: Page, told: Archive, reader: Reader) -> None:
    sheet = book.add_worksheet(page.title[:SHEET_NAME_CHARS])
    widths = [page.widths.get(column) or _width(page, column) for column in range(len(page.headings))]
    first = _headings(sheet, looks, page, widths)
    for number, row in enumerate(page.rows, first):
        for column, cell in enumerate(row):
            _cell(sheet, number, column, cell, looks.of(cell, page, column))
        sheet.set_row(number, _height(row, widths))
    last = first + len(page.rows)
    if page.total:
        for column, cell in enumerate(page.total):
            _cell(sheet, last, column, cell, looks.of_total(cell))
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    if page.table and page.rows:
        sheet.autofilter(first - 1, 0, last - 1, len(page.headings) - 1)
    _validate(sheet, page, first, last)
    sheet.hide_gridlines(2)
    sheet.ignore_errors({"number_stored_as_text": f"A1:{LAST_CELL}"})  # codes and years are no numbers
    _printed(sheet, page, told, reader, first, widths)


def _headings(sheet: Worksheet, looks: _Looks, page: Page, widths: Sequence[int]) -> int:
    """Write the rows of headings; the row below them."""
    row, column = 0, 0
    for words, wide in page.sections:
        if wide == 1:
            sheet.write_string(0, column, words, looks.section)
        else:
            sheet.merge_range(0, column, 0, column + wide - 1, words, looks.section)
        column, row = column + wide, 1
    for number, heading in enumerate(page.headings):
        sheet.write_string(row, number, heading, looks.heading)
    sheet.set_row(row, _height(page.headings, widths))
    return row + 1


def _cell(sheet: Worksheet, row: int, column: int, cell: Cell, look: Format) -> None:
    if cell is None or cell == "":
        sheet.write_blank(row, column, None, look)
    elif isinstance(cell, str):
        fits = cell.encode("utf-16-le")[:MOST_BYTES].decode("utf-16-le", "ignore")
        sheet.write_string(row, column, fits, look)
    elif isinstance(cell, date) and cell.year < FIRST_YEAR:
        sheet.write_string(row, column, cell.isoformat(), look)
    elif isinstance(cell, date):
        sheet.write_datetime(row, column, datetime(cell.year, cell.month, cell.day), look)  # noqa: DTZ001 (a day has no zone)
    else:
        sheet.write_number(row, column, cell, look)


def _width(page: Page, column: int) -> int:
    """As wide as most of what stands there; a heading may break."""
    said = sorted(len(_longest_line(row[column])) for row in page.rows if column < len(row))
    most = said[len(said) * 9 // 10] if said else 0
    word = max((len(w) for w in page.headings[column].split()), default=0)
    return min(WIDEST, max(NARROWEST, word + 3, min(most + 2, WIDEST)))


def _height(row: Sequence[Cell], widths: Sequence[int]) -> float:
    """High enough for what wraps: not every program finds that out when it opens the file."""
    lines = max(
        sum(math.ceil(len(part) / (max(1, width) * HIGHER)) or 1 for part in str(cell or "").split("\n"))
        for cell, width in zip(row, widths, strict=True)
    )
    return float(min(MOST_POINTS, lines * LINE_POINTS + 4))


def _longest_line(cell: Cell) -> str:
    return "00/00/0000" if isinstance(cell, date) else max(str(cell or "").split("\n"), key=len)


def _validate(sheet: Worksheet, page: Page, first: int, last: int) -> None:
    """What may be typed where somebody goes on with the sheet: one of a list, a day."""
    for column, words in page.choices.items():
        sheet.data_validation(
            first, column, max(first, last - 1), column, {"validate": "list", "source": list(words)}
        )
    for column in page.days:
        rule = {"validate": "date", "criteria": ">=", "value": date(2000, 1, 1), "ignore_blank": True}
        sheet.data_validation(first, column, max(first, last - 1), column, rule)


def _printed(
    sheet: Worksheet, page: Page, told: Archive, reader: Reader, first: int, widths: Sequence[int]
) -> None:
    """On one page wide; where that could not be read any more, on several, each of whole sections, behind its first columns."""
    lying = page.wide or sum(widths) > A4_CHARACTERS
    sheet.set_paper(A3 if page.wide else A4)
    if lying:
        sheet.set_landscape()
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    if page.wide and sum(widths) > A3_CHARACTERS:
        sheet.set_print_scale(LEAST_SCALE)
        sheet.set_v_pagebreaks(_parted(page, widths))
        if page.frozen:
            sheet.repeat_columns(0, page.frozen - 1)
    else:
        sheet.fit_to_pages(1, 0)
    if page.table:
        sheet.repeat_rows(0, first - 1)
        sheet.freeze_panes(first, page.frozen)
    title = told.forum.title[:FOOTER_CHARS].replace("&", "&&")
    entry = reader.say("entry {seq}", seq=told.forum.seq)
    # A space: a size runs on into digits, with which many titles begin.
    sheet.set_footer(f"&L&8 {title} – {told.forum.code}, {entry}&R&8 &P / &N")


def _parted(page: Page, widths: Sequence[int]) -> list[int]:
    """The columns before which a page ends, so that as few sections as can be are parted."""
    found, begins, at = list[int](), 0, 0
    for _, wide in page.sections:
        if at > begins and sum(widths[begins : at + wide]) > A3_CHARACTERS:
            found.append(at)
            begins = at
        at += wide
    return found
