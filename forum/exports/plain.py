"""A document as plain text, as it reads well in a mail: no tables and no marks, indented lines. Pure: the same book is the same bytes."""

import textwrap
from collections.abc import Iterator, Sequence
from typing import Final

from forum.exports.book import Block, Book, Break, Fact, Facts, Heading, Items, Para, Table
from forum.exports.lines import labelled
from forum.language import Reader

WIDTH: Final = 76  # columns; mail programs break what is longer
UNDERLINES: Final = {1: "=", 2: "-"}  # by the level of a heading
INDENT: Final = "    "


def write(book: Book) -> bytes:
    """The whole document, UTF-8."""
    reader = Reader(book.lang)
    lines = [book.forum, *_wrapped(book.title), *_wrapped(book.lead), "", *_facts(book.about, reader, "")]
    for block in book.blocks:
        lines += _block(block, reader)
    lines += ["", "-- ", *_wrapped(book.foot)]
    return ("\n".join(line.rstrip() if line != "-- " else line for line in lines).strip() + "\n").encode()


def _block(block: Block, reader: Reader) -> Iterator[str]:
    match block:
        case Heading(level, text):
            yield from ("", "") if level == 1 else ("",)
            lines = _wrapped(text)
            yield from lines
            if level in UNDERLINES:
                yield UNDERLINES[level] * max(map(len, lines), default=0)
        case Para(text, _):
            yield from ("", *_wrapped(text))
        case Items(lines):
            for line in lines:
                yield from _wrapped(line, "- ", "  ")
        case Facts(rows):
            yield from _facts([row._replace(lines=row.lines or (row.nothing,)) for row in rows], reader, "  ")
        case Table():
            yield from _table(block, reader)
        case Break():
            pass


def _facts(rows: Sequence[Fact], reader: Reader, before: str) -> Iterator[str]:
    """Each on a line; of one that has several, those below it."""
    for row in rows:
        if len(row.lines) == 1:
            yield from _wrapped(labelled(reader, row.label, row.lines[0]), before, before + INDENT)
            continue
        yield from _wrapped(labelled(reader, row.label, ""), before)
        for line in row.lines:
            yield from _wrapped(line, before + "  - ", before + INDENT)


def _table(table: Table, reader: Reader) -> Iterator[str]:
    """Each row begins with its first cell; below stands what the others say."""
    groups = dict(table.groups)
    first, *others = table.columns
    for number, row in enumerate(table.rows):
        if number in groups:
            yield from ("", *_wrapped(groups[number]))
        yield ""
        yield from _wrapped(labelled(reader, first.heading, row[0]))
        said = zip(others, row[1:], strict=True)
        yield from _facts([Fact(column.heading, [cell]) for column, cell in said if cell], reader, "  ")


def _wrapped(text: str, before: str = "", after: str = "") -> list[str]:
    """Lines of a text, none of them broken within a word."""
    return [
        line
        for part in text.split("\n")
        for line in textwrap.wrap(
            part, WIDTH, initial_indent=before, subsequent_indent=after or before, break_long_words=False,
            break_on_hyphens=False,
        )
    ]  # fmt: skip
