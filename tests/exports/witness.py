"""Reads every document as somebody else would, and says what in it is not as the archive of the same number has it.

It shares no code with what writes them: the archive is read as plain JSON, its schema is applied by rules written here, and each
document is opened by a library or a program that did not make it. Whoever adds a document adds what is read of it: ``SAYS``.
"""

import csv
import io
import json
import re
import struct
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, Final
from xml.etree import ElementTree as ET

from markdown_it import MarkdownIt
from pikepdf import Pdf
from PIL import Image

from tests.exports.opened import Sheets, pages, paragraphs, said, sheets

Archive = dict[str, Any]
Says = Callable[[bytes, Archive], Iterator[str]]
"""What is not as it should be, each in a few words."""

GUARDED: Final = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
ACTIVE: Final = (
    "/JavaScript",
    "/JS",
    "/Launch",
    "/EmbeddedFile",
    "/OpenAction",
    "/AA",
    "/SubmitForm",
    "/GoToR",
)


# --- what the archive says


def actions(told: Archive) -> list[dict[str, Any]]:
    return [action for axis in told["plan"] for action in axis["actions"]]


def promises(told: Archive) -> list[dict[str, Any]]:
    return list(told["commitments"])


def revealed(told: Archive) -> list[dict[str, Any]]:
    return [line for vote in told["votes"] if vote["revealed"] for line in vote["lines"]]


def lacks(words: str, texts: Iterator[str] | list[str]) -> Iterator[str]:
    """Those that do not stand in it, whatever ends its lines."""
    there = squeezed(words)
    yield from (f"lacks {text[:60]!r}" for text in texts if text and squeezed(text) not in there)


def squeezed(words: str) -> str:
    """Without what a page changes: where lines end, soft hyphens, spaces at which none may, wide signs."""
    return re.sub(r"[\s\u00ad\u200b\ufffe]+", "", unicodedata.normalize("NFKC", words))


# --- each document


def _json(body: bytes, told: Archive) -> Iterator[str]:
    if json.loads(body) != told:
        yield "is another archive"


def of_people(words: str, told: Archive) -> Iterator[str]:
    yield from lacks(words, [one["title"] for one in actions(told)])
    yield from lacks(words, [f"{told['forum']['seq']}", told["forum"]["chain"]])


def _plan(body: bytes, told: Archive, kind: str) -> Iterator[str]:
    words = said(kind, body)
    yield from of_people(words, told)
    yield from lacks(words, [one["text"] for one in promises(told)])
    yield from lacks(words, [axis["title"] for axis in told["plan"]])
    yield from lacks(words, [one["first_step"] for one in actions(told)])


def _report(body: bytes, told: Archive, kind: str) -> Iterator[str]:
    yield from _plan(body, told, kind)
    yield from lacks(said(kind, body), [one["text"] for one in told["ideas"]])
    yield from lacks(said(kind, body), [one["title"] for one in revealed(told)])


def _decisions(body: bytes, told: Archive, kind: str) -> Iterator[str]:
    yield from of_people(said(kind, body), told)
    if kind.endswith("pdf") and len(pages(body)) > max(1, len(actions(told)) // 20 + 1):
        yield "takes more pages than its actions need"


def _sheets(body: bytes, told: Archive, kind: str) -> Iterator[str]:
    words = said(kind, body)
    yield from of_people(words, told)
    yield from lacks(words, [one["description"] for one in actions(told)])


def _text(body: bytes, told: Archive) -> Iterator[str]:
    words = body.decode("utf-8")
    yield from of_people(words, told)
    if any(len(line) > 76 and max(map(len, line.split())) < 60 for line in words.splitlines()):
        yield "has lines that a mail breaks"


def _markdown(body: bytes, told: Archive) -> Iterator[str]:
    """As a program shows it: what strangers wrote is text and nothing else."""
    page = MarkdownIt("commonmark", {"html": True}).enable("table").render(body.decode("utf-8"))
    plain = re.sub(r"<[^>]+>", "", page)
    for code, sign in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&")):
        plain = plain.replace(code, sign)
    yield from of_people(plain, told)
    yield from lacks(plain, [one["text"] for one in told["ideas"]])
    tags = set(re.findall(r"<([a-z][a-z0-9]*)", page))
    if strange := tags & {"script", "img", "iframe", "svg", "style", "a", "b", "w", "object"}:
        yield f"becomes {sorted(strange)}"


def rows_of(body: bytes) -> list[dict[str, str]]:
    french = body.startswith(b"\xef\xbb\xbf")
    text = io.StringIO(body.decode("utf-8-sig"), newline="")
    return list(csv.DictReader(text, delimiter=";" if french else ","))


def _table(most: Callable[[Archive], list[Any]], words: Callable[[Any], str]) -> Says:
    """A line for each, which no spreadsheet computes."""

    def says(body: bytes, told: Archive) -> Iterator[str]:
        rows = rows_of(body)
        cells = [cell for row in rows for cell in row.values()]
        yield from (f"is computed: {cell[:40]!r}" for cell in cells if cell.startswith(GUARDED))
        there = {squeezed(cell.removeprefix("'")) for cell in cells}
        if len(rows) != len(most(told)):
            yield f"has {len(rows)} lines, not {len(most(told))}"
        for one in most(told):
            if squeezed(words(one)) not in there:
                yield f"lacks {words(one)[:60]!r}"

    return says


def of_schema(name: str) -> Says:
    return _table(
        lambda told: [one for one in told.get("sheets", ()) if one["schema"] == name],
        lambda one: str(one["title"]),
    )


def inert_workbook(body: bytes) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(body)) as files:
        inside = {name: files.read(name).decode("utf-8", "replace") for name in files.namelist()}
    for name, text in inside.items():
        ET.fromstring(text)
        if any(tag in text for tag in ("<f>", "<f ", "<hyperlink")) or 'TargetMode="External"' in text:
            yield f"{name} computes or leads away"


def _workbook(body: bytes, told: Archive) -> Iterator[str]:
    yield from inert_workbook(body)
    book: Sheets = sheets(body)
    cells = [str(cell) for rows in book.values() for row in rows for cell in row]
    there = {squeezed(cell) for cell in cells}
    wanted = [
        *(one["title"] for one in actions(told)), *(one["text"] for one in promises(told)),
        *(one["text"] for one in told["ideas"]), *(one["title"] for one in revealed(told)),
    ]  # fmt: skip
    yield from (f"lacks {text[:60]!r}" for text in wanted if squeezed(text) not in there)
    if not any(str(told["forum"]["seq"]) in cell and told["forum"]["chain"] in cell for cell in cells):
        yield "does not say of which number it is"


def _territoires(body: bytes, told: Archive) -> Iterator[str]:
    yield from inert_workbook(body)
    [rows] = sheets(body).values()
    title = rows[1].index("Titre de la fiche action")
    if [row[title] for row in rows[2:]] != [one["title"] for one in actions(told)]:
        yield "has other actions"
    due = rows[1].index("Date de fin")
    if [row[due] for row in rows[2:]] != [
        date.fromisoformat(one["due"]) if one["due"] else "" for one in actions(told)
    ]:
        yield "has other days"


def events(body: bytes) -> list[dict[str, str]]:
    """The events of a calendar, as RFC 5545 says that they are read: lines unfolded, texts unescaped."""
    text = body.decode("utf-8")
    assert text.endswith("\r\n"), "lines end with CRLF"
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n")), "lines are folded"
    found: list[dict[str, str]] = []
    depth: list[str] = []
    for line in text.replace("\r\n ", "").split("\r\n")[:-1]:
        name, _, value = line.partition(":")
        if name == "BEGIN":
            depth.append(value)
            found += [{}] if value == "VEVENT" else []
        elif name == "END":
            assert depth.pop() == value, "what begins ends"
        elif depth[-1:] == ["VEVENT"]:
            found[-1][name] = re.sub(r"\\([\\;,nN])", lambda at: "\n" if at[1] in "nN" else at[1], value)
    assert not depth
    return found


def _calendar(body: bytes, told: Archive) -> Iterator[str]:
    summaries = [squeezed(event["SUMMARY"]) for event in events(body)]
    for action in (one for one in actions(told) if one["due"]):
        if squeezed(f"[{action['code']}] {action['title']}") not in summaries:
            yield f"lacks {action['title'][:60]!r}"
        day = action["due"].replace("-", "")
        if not any(event.get("DTSTART;VALUE=DATE") == day for event in events(body)):
            yield f"lacks the day {action['due']}"


def inert_picture(body: bytes) -> Iterator[str]:
    for one in ET.fromstring(body).iter():
        tag = one.tag.rpartition("}")[2]
        if tag in ("script", "foreignObject", "a", "iframe") or any(
            key.lower().startswith("on") for key in one.attrib
        ):
            yield f"has a {tag}"
        if any(
            "href" in key and not value.startswith(("#", "data:image/")) for key, value in one.attrib.items()
        ):
            yield "leads away"


def _svg(body: bytes, told: Archive) -> Iterator[str]:
    yield from inert_picture(body)


def _png(body: bytes, told: Archive) -> Iterator[str]:
    with Image.open(io.BytesIO(body)) as picture:
        picture.verify()
    width, height = struct.unpack(">II", body[16:24])
    if width < 600 or height < 200:
        yield "is too small to be read"


def _cards(body: bytes, told: Archive) -> Iterator[str]:
    """One for each commitment that may be named; here nothing is said of who may."""
    yield from lacks("\n".join(pages(body)), [one["text"] for one in promises(told) if one["person"]])


def _printed(body: bytes, told: Archive) -> Iterator[str]:
    """To print before the day: it says which forum it is of."""
    words = (
        "\n".join(pages(body))
        if body.startswith(b"%PDF")
        else "\n".join(text for _, text in paragraphs(body))
    )
    yield from lacks(words, [told["forum"]["title"]])


def _all(body: bytes, told: Archive) -> Iterator[str]:
    """Each document in it is of a kind that is known here, and is as it should be by itself."""
    with zipfile.ZipFile(io.BytesIO(body)) as files:
        if files.testzip():
            yield "is damaged"
        for name in (one for one in files.namelist() if not one.startswith("photos/")):
            inside, end = files.read(name), name.rpartition(".")[2]
            yield from (f"{name} {why}" for why in INERT.get(end, _nothing)(inside))
            if f"-{told['forum']['seq']}." not in name:
                yield f"{name} does not say of which number it is"


# --- inert, by the kind of file


def inert_paper(body: bytes) -> Iterator[str]:
    """No script, no file in it, nothing that opens or sends; links lead within it or to the forum alone."""
    with Pdf.open(io.BytesIO(body)) as document:
        for thing in document.objects:
            text = str(getattr(thing, "keys", list)())
            yield from (f"has {name}" for name in ACTIVE if f"'{name}'" in text)


def inert_word(body: bytes) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(body)) as files:
        for name in files.namelist():
            if name.endswith((".xml", ".rels")):
                text = files.read(name).decode("utf-8")
                ET.fromstring(text)
                if 'TargetMode="External"' in text or ("<w:instrText" in text and "HYPERLINK" in text):
                    yield f"{name} leads away"
            if "vba" in name.lower() or "embeddings" in name.lower():
                yield f"has {name}"


def _nothing(body: bytes) -> Iterator[str]:
    return iter(())


INERT: Final[dict[str, Callable[[bytes], Iterator[str]]]] = {
    "pdf": inert_paper, "docx": inert_word, "xlsx": inert_workbook, "svg": inert_picture,
}  # fmt: skip

# --- the list


def _of(reads: Callable[[bytes, Archive, str], Iterator[str]], kind: str) -> Says:
    return lambda body, told: reads(body, told, kind)


SAYS: Final[dict[str, Says]] = {
    **{f"decisions.{form}": _of(_decisions, f"decisions.{form}") for form in ("pdf", "docx")},
    **{f"plan.{form}": _of(_plan, f"plan.{form}") for form in ("pdf", "docx")},
    "plan.txt": _text,
    "plan.md": _markdown,
    "plan.csv": _table(actions, lambda one: str(one["title"])),
    **{f"action-sheets.{form}": _of(_sheets, f"action-sheets.{form}") for form in ("pdf", "docx")},
    **{f"report.{form}": _of(_report, f"report.{form}") for form in ("pdf", "docx")},
    "workbook.xlsx": _workbook,
    "territoires.xlsx": _territoires,
    "commitments.csv": _table(promises, lambda one: str(one["text"])),
    "commitment-cards.pdf": _cards,
    "calendar.ics": _calendar,
    "documents.zip": _all,
    "sign-in.pdf": _printed,
    "sign-in.docx": _printed,
    "badges.pdf": _printed,
    "table-cards.pdf": _printed,
    "ideas.csv": _table(lambda told: told["ideas"], lambda one: str(one["text"])),
    "votes.png": _png,
    "votes.svg": _svg,
    "votes.csv": _table(revealed, lambda one: str(one["title"])),
    "forum.json": _json,
    **{
        f"{name}.csv": of_schema(name)
        for name in ("objective", "ambition", "action_sheet", "milestone", "indicator", "budget_line")
    },
}
"""By the name of the document in addresses."""


def wrong(kind: str, body: bytes, told: Archive) -> list[str]:
    """What in a document is not as the archive says, or is not inert."""
    inert = INERT.get(kind.rpartition(".")[2], _nothing)(body)
    return [f"{kind} {why}" for why in (*SAYS[kind](body, told), *inert)]
