"""A document for word processors (DOCX): real headings and styles, heads of tables that come again, a language; no text boxes.

What strangers wrote stands in runs of text, never in a field or a link. Pure: the same book is the same bytes.
"""

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple
from xml.sax.saxutils import escape  # what it writes only

import regex
from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor

from forum.exports.book import Block, Book, Break, Fact, Facts, Heading, Items, Para, Table

LANGUAGES: Final = {"fr": "fr-FR", "en": "en-GB"}
FONT: Final = "Calibri"
INK, ACCENT, PALE, LINE, PAPER = "1D1B16", "1B4D89", "6B6558", "C9C2B2", "F3EFE6"
COVER_POINTS: Final = 150  # above the title of a title page
WIDTH_CM: Final = 17.0  # A4 without its margins
MOST_TITLE_CHARS: Final = (
    255  # of the document's title among its properties; where it is read it stands whole
)
_BARRED: Final = regex.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)  # the first moment that the container knows


def write(book: Book) -> bytes:
    """The whole document."""
    document = Document()
    _styles(document, book)
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(2)
    _face(document, book)
    for block in book.blocks:
        _block(document, block)
    _foot(document, book)
    _properties(document, book)
    out = io.BytesIO()
    document.save(out)
    return _settled(out.getvalue())


# -- the parts of a document -----------------------------------------------------------------------


def _face(document: Any, book: Book) -> None:
    if book.titled:
        document.add_paragraph(_clean(book.forum), style="Eyebrow")
        document.add_paragraph(_clean(book.title), style="Title")
    if not book.cover:
        return
    if book.lead:
        document.add_paragraph(_clean(book.lead), style="Lead")
    _facts(document, Facts(book.about))
    document.add_page_break()


def _block(document: Any, block: Block) -> None:
    match block:
        case Heading(level, text):
            document.add_heading(_clean(text), level)
        case Para(text, look):
            document.add_paragraph(_clean(text), style=LOOKS[look])
        case Items(lines):
            _listed(document, lines)
        case Facts():
            _facts(document, block)
        case Table():
            _table(document, block)
        case Break():
            document.add_paragraph(style="Page")


def _listed(document: Any, lines: Sequence[str]) -> None:
    """As XML of our own, like tables."""
    told = "".join(_paragraph(line, "ListBullet") for line in lines)
    last = document.add_paragraph(style="Gap")._p  # noqa: SLF001 (python-docx has no face for it)
    for paragraph in list(parse_xml(f"<w:body {nsdecls('w')}>{told}</w:body>")):
        last.addprevious(paragraph)


LOOKS: Final = {"": "Normal", "lead": "Lead", "soft": "Soft", "quote": "Quote"}


def _facts(document: Any, facts: Facts) -> None:
    last = len(facts.rows) - 1
    rows = [
        (
            _Cell((fact.label,), "Label", kept=at < last),
            _Cell(fact.lines or (fact.nothing,), _look(fact), kept=at < last),
        )
        for at, fact in enumerate(facts.rows)
    ]
    _placed(document, (0.3, 0.7), [_row(cells, (0.3, 0.7)) for cells in rows])


def _look(fact: Fact) -> str:
    return ("Emphatic" if fact.strong else "Cell") if fact.lines else "Nothing"


def _table(document: Any, told: Table) -> None:
    whole = sum(column.share for column in told.columns)
    shares, groups = [column.share / whole for column in told.columns], dict(told.groups)
    head = [_Cell((column.heading,), "Head", column.number, shaded=True) for column in told.columns]
    rows = [_row(head, shares, "<w:tblHeader/>")]
    for number, row in enumerate(told.rows):
        if number in groups:
            rows.append(_row([_Cell((groups[number],), "Group", wide=len(shares))], [1.0]))
        cells = [
            _Cell(text.split("\n"), "Cell", column.number)
            for text, column in zip(row, told.columns, strict=True)
        ]
        rows.append(_row(cells, shares, "<w:cantSplit/>"))
    _placed(document, shares, rows)


class _Cell(NamedTuple):
    lines: Sequence[str]
    style: str
    right: bool = False
    shaded: bool = False
    wide: int = 1  # columns
    kept: bool = False  # with the next row, on one page


def _placed(document: Any, shares: Sequence[float], rows: Sequence[str]) -> None:
    """A table after what is there already. As XML of our own: the library takes minutes for a long one."""
    widths = "".join(f'<w:gridCol w:w="{_twips(share)}"/>' for share in shares)
    table = parse_xml(
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblStyle w:val="Forum"/><w:tblW w:w="{_twips(1)}" w:type="dxa"/>'
        f'<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{widths}</w:tblGrid>{"".join(rows)}</w:tbl>'
    )
    document.add_paragraph(style="Gap")._p.addprevious(table)  # noqa: SLF001 (python-docx has no face for it)


def _row(cells: Sequence[_Cell], shares: Sequence[float], has: str = "<w:cantSplit/>") -> str:
    filled = "".join(_cell(cell, share) for cell, share in zip(cells, shares, strict=True))
    return f"<w:tr><w:trPr>{has}</w:trPr>{filled}</w:tr>"


def _cell(cell: _Cell, share: float) -> str:
    spans = f'<w:gridSpan w:val="{cell.wide}"/>' if cell.wide > 1 else ""
    shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{PAPER}"/>' if cell.shaded else ""
    side = ("<w:keepNext/>" if cell.kept else "") + ('<w:jc w:val="right"/>' if cell.right else "")
    lines = "".join(_paragraph(line, cell.style, side) for line in cell.lines or ("",))
    return f'<w:tc><w:tcPr><w:tcW w:w="{_twips(share)}" w:type="dxa"/>{spans}{shade}</w:tcPr>{lines}</w:tc>'


def _paragraph(line: str, style: str, side: str = "") -> str:
    said = "<w:br/>".join(
        f'<w:t xml:space="preserve">{escape(part)}</w:t>' for part in _clean(line).split("\n")
    )
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{side}</w:pPr><w:r>{said}</w:r></w:p>'


def _twips(share: float) -> int:
    return round(WIDTH_CM * 567 * share)


def _foot(document: Any, book: Book) -> None:
    before, _, rest = book.page_of.partition("{page}")
    between, _, after = rest.partition("{pages}")
    section = document.sections[0]
    section.header.paragraphs[0].text, section.header.paragraphs[0].style = _clean(book.forum), "Foot"
    paragraph = section.footer.paragraphs[0]
    paragraph.style = "Foot"
    paragraph.add_run(_clean(book.foot) + "\t" + before)
    _counted(paragraph, "PAGE")
    paragraph.add_run(between)
    _counted(paragraph, "NUMPAGES")
    paragraph.add_run(after)


def _counted(paragraph: Any, field: str) -> None:
    """A number that the word processor knows."""
    simple = OxmlElement("w:fldSimple")
    simple.set(qn("w:instr"), field)
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    simple.append(run)
    paragraph._p.append(simple)  # noqa: SLF001


def _properties(document: Any, book: Book) -> None:
    known = document.core_properties
    at = datetime.fromisoformat(book.at).replace(tzinfo=None)
    known.title = _clean(f"{book.title} – {book.forum}")[:MOST_TITLE_CHARS]
    known.language = LANGUAGES[book.lang]
    known.author, known.last_modified_by, known.comments = "Forum", "Forum", ""
    known.created, known.modified = at, at


# -- styles ----------------------------------------------------------------------------------------


def _styles(document: Any, book: Book) -> None:
    normal = document.styles["Normal"]
    _type(normal, 10.5, INK, after=6)
    _language(normal, LANGUAGES[book.lang])
    for name, size, colour, before, after in (
        ("Title", 30, INK, 0, 10), ("Heading 1", 18, ACCENT, 14, 6), ("Heading 2", 13, INK, 14, 4), ("Heading 3", 11, INK, 10, 3),
        ("List Bullet", 10.5, INK, 0, 2), ("Quote", 10.5, INK, 0, 4),
    ):  # fmt: skip
        _type(document.styles[name], size, colour, before=before, after=after)
    border = document.styles["Title"].element.pPr.find(qn("w:pBdr"))
    if border is not None:
        document.styles["Title"].element.pPr.remove(border)
    for name, size, colour, bold, after in (
        ("Eyebrow", 11, ACCENT, True, 2), ("Lead", 15, INK, False, 16), ("Soft", 9, PALE, False, 6), ("Label", 9.5, PALE, False, 0),
        ("Cell", 10, INK, False, 0), ("Emphatic", 12, INK, True, 0), ("Nothing", 10, PALE, False, 0), ("Head", 9, INK, True, 0),
        ("Group", 10, ACCENT, True, 0), ("Gap", 4, INK, False, 0), ("Foot", 8, PALE, False, 0), ("Page", 1, INK, False, 0),
    ):  # fmt: skip
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = normal
        _type(
            style, size, colour, before=COVER_POINTS if name == "Eyebrow" and book.cover else 0, after=after
        )
        style.font.bold = bold
    document.styles["Title"].font.bold = True
    document.styles["Nothing"].font.italic = True
    document.styles["Page"].paragraph_format.page_break_before = True
    document.styles["Group"].paragraph_format.keep_with_next = True
    document.styles["Foot"].paragraph_format.tab_stops.add_tab_stop(Cm(WIDTH_CM), 2)
    _ruled(document.styles.add_style("Forum", WD_STYLE_TYPE.TABLE))


def _type(style: Any, size: float, colour: str, *, before: float = 0, after: float = 0) -> None:
    style.font.name, style.font.size, style.font.color.rgb = FONT, Pt(size), RGBColor.from_string(colour)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{script}"), None)
    fonts.set(qn("w:cs"), FONT)
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)


def _language(style: Any, lang: str) -> None:
    known = style.element.get_or_add_rPr()
    for old in known.findall(qn("w:lang")):
        known.remove(old)
    said = OxmlElement("w:lang")
    said.set(qn("w:val"), lang)
    known.append(said)


def _ruled(style: Any) -> None:
    """Hairlines between rows, no boxes; room around what stands in a cell."""
    properties, borders, margins = (
        OxmlElement(f"w:{name}") for name in ("tblPr", "tblBorders", "tblCellMar")
    )
    for side in ("top", "bottom", "insideH"):
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", LINE)):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    for side, width in (("top", "60"), ("left", "80"), ("bottom", "60"), ("right", "80")):
        room = OxmlElement(f"w:{side}")
        room.set(qn("w:w"), width)
        room.set(qn("w:type"), "dxa")
        margins.append(room)
    properties.append(borders)
    properties.append(margins)
    style.element.append(properties)


# -- bytes -----------------------------------------------------------------------------------------


def _clean(text: str) -> str:
    """Without controls, which the format cannot hold."""
    return str(_BARRED.sub("", text))


def _settled(made: bytes) -> bytes:
    """The same container with no clock in it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made)) as parts, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as again:
        for part in parts.infolist():
            entry = zipfile.ZipInfo(part.filename, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            again.writestr(entry, parts.read(part))
    return out.getvalue()
