"""The sheets of the actions: each on a page of its own, or on half of one where it is short."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from forum.domain.plan.rows import Whole
from forum.exports.book import Block, Book, Break, Facts, Heading, Para
from forum.exports.books.face import book
from forum.exports.books.sheet import called, facts
from forum.exports.lines import Line, lines
from forum.exports.measure import HALF_A_PAGE, height
from forum.exports.told import Archive
from forum.language import Reader


class _Sheet(NamedTuple):
    called: str
    heading: Heading
    facts: Facts


def actions(told: Archive, whole: Whole, reader: Reader) -> Book:
    """A sheet an action."""
    pages = list(_pages([_sheet(line) for line in lines(told, whole, reader)]))
    blocks = tuple(_placed(pages)) or (Para(reader.say("There are no actions yet.")),)
    found = book(told, reader, reader.say("Action sheets"), blocks, cover=False)
    return found._replace(titled=not pages, running=_running(pages[0]) if pages else "")


def _sheet(line: Line) -> _Sheet:
    shown = facts(line)
    rows = [row for row in shown.rows if not row.strong]
    heading = Heading(1, f"{called(line)} – {line.action.title}")
    return _Sheet(called(line), heading, shown._replace(rows=rows))


def _pages(sheets: Sequence[_Sheet]) -> Iterator[Sequence[_Sheet]]:
    at = 0
    while at < len(sheets):
        page = sheets[at : at + 2]
        if any(height(sheet.facts) > HALF_A_PAGE for sheet in page):
            page = page[:1]
        yield page
        at += len(page)


def _placed(pages: Sequence[Sequence[_Sheet]]) -> Iterator[Block]:
    for number, page in enumerate(pages):
        if number:
            yield Break(_running(page))
        for half, sheet in enumerate(page):
            if half:
                yield Break(halfway=True)
            yield from (sheet.heading, sheet.facts)


def _running(page: Sequence[_Sheet]) -> str:
    return " · ".join(sheet.called for sheet in page)
