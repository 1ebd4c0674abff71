"""A document for word processors (DOCX): real headings and styles, heads of tables that come again, a language; no text boxes.

What strangers wrote stands in runs of text, never in a field or a link. Pure: the same book is the same bytes.
"""

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any, Final

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor

from forum.exports.book import Block, Book, Break, Facts, Heading, Items, Para, Picture, Table
from forum.exports.measure import A_PAGE, taken
from forum.exports.word_tables import ACCENT, SIDE_TWIPS, TIGHT, WIDTH_CM, clean, facts, paragraph, table

LANGUAGES: Final = {"fr": "fr-FR", "en": "en-GB"}
FONT: Final = "Calibri"
INK, PALE, LINE = "1D1B16", "6B6558", "C9C2B2"
COVER_POINTS: Final = 150  # above the title of a title page
PICTURE_CM: Final = 10.0  # of its height: two stand on a page
TITLE_LINES: Final = 6.0  # that a title takes
TIGHT_BEFORE, TIGHT_AFTER = 100, 40  # twips, of a heading and a paragraph where all is set tighter
BETWEEN_POINTS: Final = 30  # two sheets on one page
MOST_TITLE_CHARS: Final = (
    255  # of the document's title among its properties; where it is read it stands whole
)
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)  # the first moment that the container knows


def write(book: Book) -> bytes:
    """The whole document."""
    document = Document()
    _styles(document, book)
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2)
    section.top_margin = section.bottom_margin = Cm(1.6 if book.one_page else 2)
    section.header_distance = section.footer_distance = Cm(0.9 if book.one_page else 1.2)
    _face(document, book)
    for number, sheet in enumerate(_sheets(book.blocks)):
        _sheet(document, sheet, _density(book, sheet, first=not number), book.pictures)
    _foot(document, book)
    _properties(document, book)
    out = io.BytesIO()
    document.save(out)
    return _settled(out.getvalue())


# -- the parts of a document -----------------------------------------------------------------------


def _face(document: Any, book: Book) -> None:
    if book.titled:
        document.add_paragraph(clean(book.forum), style="Eyebrow")
        document.add_paragraph(clean(book.title), style="Title")
    if not book.cover:
        return
    if book.lead:
        document.add_paragraph(clean(book.lead), style="Lead")
    _placed(document, facts(Facts(book.about)))
    document.add_page_break()


def _sheets(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """What stands between two breaks, each with the break before it."""
    sheet: list[Block] = []
    for block in blocks:
        if isinstance(block, Break):
            yield sheet
            sheet = []
        sheet.append(block)
    yield sheet


def _density(book: Book, sheet: Sequence[Block], *, first: bool) -> str:
    """Tight, where it shall stay on one page and would not."""
    if not (book.one_page and first) and book.titled:
        return ""
    title = TITLE_LINES if book.titled else 0
    return TIGHT if taken(sheet) + title > A_PAGE else ""


def _sheet(document: Any, sheet: Sequence[Block], density: str, pictures: Mapping[str, bytes]) -> None:
    begins = sheet[1] if len(sheet) > 1 and isinstance(sheet[0], Break) and not sheet[0].halfway else None
    for block, after in pairwise((*sheet, None)):
        match block:
            case Heading(level, text):
                _added(document, paragraph(text, f"Heading{level}", _above(density, begins=block is begins)))
            case Para(text, look):
                next_ = "<w:keepNext/>" if _leads(block, after) else ""
                below = f'<w:spacing w:after="{TIGHT_AFTER}"/>' if density else ""
                _added(document, paragraph(text, LOOKS[look], next_ + below))
            case Items(lines):
                _listed(document, lines)
            case Facts() | Table():
                made = facts(block, density) if isinstance(block, Facts) else table(block, density)
                _placed(document, made)
            case Picture():
                _picture(document, block, pictures[block.name])
            case Break():
                if block.halfway or not isinstance(after, Heading):
                    _added(document, paragraph("", "Between" if block.halfway else "Page"))


def _above(density: str, *, begins: bool) -> str:
    """What stands above a heading: the end of a page, the room that its style has, or less."""
    if begins:
        return '<w:pageBreakBefore/><w:spacing w:before="0"/>'
    return f'<w:spacing w:before="{TIGHT_BEFORE}"/>' if density else ""


def _leads(one: Para, after: Block | None) -> bool:
    """Whether it stands on the page of what follows: of a list that it leads to, of the next words that were chosen."""
    return isinstance(after, Table | Facts | Items) or (one.look == "quote" and isinstance(after, Para))


def _picture(document: Any, told: Picture, body: bytes) -> None:
    width, height = told.size(WIDTH_CM, PICTURE_CM)
    run = document.add_paragraph(style="Picture" if told.caption else "Alone").add_run()
    shape = run.add_picture(io.BytesIO(body), Cm(width), Cm(height))
    said = shape._inline.docPr  # noqa: SLF001 (python-docx has no face for it)
    said.set("name", clean(told.name))
    said.set("descr", clean(told.alt))
    if told.caption:
        document.add_paragraph(clean(told.caption), style="Caption")


def _listed(document: Any, lines: Sequence[str]) -> None:
    told = "".join(paragraph(line, "ListBullet") for line in lines)
    _added(document, told + paragraph("", "Gap"))


def _placed(document: Any, made: str) -> None:
    """A table after what is there already."""
    _added(document, made + paragraph("", "Gap"))


def _added(document: Any, made: str) -> None:
    """XML of our own: the library looks through all styles for each paragraph."""
    end = document.element.body.sectPr
    for one in list(parse_xml(f"<w:body {nsdecls('w')}>{made}</w:body>")):
        end.addprevious(one)


LOOKS: Final = {"": "Normal", "lead": "Lead", "soft": "Soft", "quote": "Quote"}


def _foot(document: Any, book: Book) -> None:
    """Heads and feet. Below a title no head says it again."""
    section = document.sections[0]
    section.different_first_page_header_footer = book.titled
    head = section.header.paragraphs[0]
    head.text, head.style = f"{clean(book.forum)}\t{clean(book.title)}", "Foot"
    _numbered(section.footer.paragraphs[0], book)
    if book.titled:
        _numbered(section.first_page_footer.paragraphs[0], book)


def _numbered(line: Any, book: Book) -> None:
    before, _, rest = book.page_of.partition("{page}")
    between, _, after = rest.partition("{pages}")
    line.style = "Foot"
    line.add_run(clean(book.foot) + "\t" + before)
    _counted(line, "PAGE")
    line.add_run(between)
    _counted(line, "NUMPAGES")
    line.add_run(after)


def _counted(line: Any, field: str) -> None:
    """A number that the word processor knows."""
    simple = OxmlElement("w:fldSimple")
    simple.set(qn("w:instr"), field)
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    simple.append(run)
    line._p.append(simple)  # noqa: SLF001


def _properties(document: Any, book: Book) -> None:
    known = document.core_properties
    at = datetime.fromisoformat(book.at).replace(tzinfo=None)
    known.title = clean(f"{book.title} – {book.forum}")[:MOST_TITLE_CHARS]
    known.language = LANGUAGES[book.lang]
    known.author, known.last_modified_by, known.comments = "Forum", "Forum", ""
    known.created, known.modified = at, at
    for setting in document.settings.element.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":  # else Word opens it as one of an old version
            setting.set(qn("w:val"), "15")


# -- styles ----------------------------------------------------------------------------------------


def _styles(document: Any, book: Book) -> None:
    normal = document.styles["Normal"]
    _type(normal, 10.5, INK, after=6)
    _language(normal, LANGUAGES[book.lang])
    for name, size, colour, before, after in (
        ("Title", 30 if book.cover else 22, INK, 0, 8), ("Heading 1", 18, ACCENT, 14, 6), ("Heading 2", 13, INK, 14, 4), ("Heading 3", 11, INK, 10, 3),
        ("List Bullet", 10.5, INK, 0, 2), ("Quote", 10.5, INK, 0, 4), ("Caption", 9, PALE, 2, 12),
    ):  # fmt: skip
        _type(document.styles[name], size, colour, before=before, after=after)
    border = document.styles["Title"].element.pPr.find(qn("w:pBdr"))
    if border is not None:
        document.styles["Title"].element.pPr.remove(border)
    for name, size, colour, bold, after in (
        ("Eyebrow", 11, ACCENT, True, 2), ("Lead", 15, INK, False, 16), ("Soft", 9, PALE, False, 6), ("Gap", 4, INK, False, 0),
        ("Foot", 8, PALE, False, 0), ("Page", 1, INK, False, 0), ("Between", 1, INK, False, 0),
        ("Picture", 10.5, INK, False, 0), ("Alone", 10.5, INK, False, 12), *CELLS,
        *((name + TIGHT, size * 0.8, colour, bold, after) for name, size, colour, bold, after in CELLS),
    ):  # fmt: skip
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = normal
        above = COVER_POINTS if name == "Eyebrow" and book.cover else 0
        _type(style, size, colour, before=above, after=after)
        style.font.bold = bold
        if name.removesuffix(TIGHT) in {cell for cell, *_ in CELLS}:
            style.paragraph_format.line_spacing = 1.05
    document.styles["Title"].font.bold = True
    document.styles["Page"].paragraph_format.page_break_before = True
    document.styles["Picture"].paragraph_format.keep_with_next = True
    document.styles["Between"].paragraph_format.space_before = Pt(BETWEEN_POINTS)
    document.styles["Foot"].paragraph_format.tab_stops.add_tab_stop(Cm(WIDTH_CM), 2)
    _quoted(document.styles["Quote"])
    for density, room in (("", 60), (TIGHT, 12)):
        document.styles["Nothing" + density].font.italic = True
        document.styles["Group" + density].paragraph_format.keep_with_next = True
        bar = document.styles["Bar" + density].paragraph_format
        bar.space_before, bar.line_spacing = Pt(2.5), Pt(7)
        _ruled(document.styles.add_style("Forum" + density, WD_STYLE_TYPE.TABLE), room)


CELLS: Final = (
    ("Label", 9.5, PALE, False, 0), ("Cell", 10, INK, False, 0), ("Emphatic", 12, INK, True, 0), ("Nothing", 10, PALE, False, 0),
    ("Head", 9, INK, True, 0), ("Group", 10, ACCENT, True, 0), ("Bar", 5, INK, False, 0),
)  # fmt: skip
"""Styles of what stands in tables: name, size, colour, whether bold, room below; each in both densities."""


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


def _quoted(style: Any) -> None:
    """What somebody wrote stands beside a line, as on paper."""
    style.font.italic = False
    style.paragraph_format.left_indent = Cm(0.4)
    inside, left = OxmlElement("w:pBdr"), OxmlElement("w:left")
    for name, value in (("val", "single"), ("sz", "16"), ("space", "6"), ("color", LINE)):
        left.set(qn(f"w:{name}"), value)
    inside.append(left)
    style.element.get_or_add_pPr().insert_element_before(
        inside, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def _ruled(style: Any, above: int) -> None:
    """Hairlines between rows, no boxes; room around what stands in a cell, ``above`` in twips."""
    properties, borders, margins = (
        OxmlElement(f"w:{name}") for name in ("tblPr", "tblBorders", "tblCellMar")
    )
    for side in ("top", "bottom", "insideH"):
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", LINE)):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    for side, width in (("top", above), ("left", SIDE_TWIPS), ("bottom", above), ("right", SIDE_TWIPS)):
        room = OxmlElement(f"w:{side}")
        room.set(qn("w:w"), str(width))
        room.set(qn("w:type"), "dxa")
        margins.append(room)
    properties.append(borders)
    properties.append(margins)
    style.element.append(properties)


# -- bytes -----------------------------------------------------------------------------------------


def _settled(made: bytes) -> bytes:
    """The same container with no clock in it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made)) as parts, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as again:
        for part in parts.infolist():
            entry = zipfile.ZipInfo(part.filename, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            again.writestr(entry, parts.read(part))
    return out.getvalue()
