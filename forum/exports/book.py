"""A document as plain values: what it is called, and its blocks in order. ``word`` and ``paper`` write the same one.

All texts are text: nothing in them is markup for whoever writes them down. Pure values, no words of their own.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple


class Heading(NamedTuple):
    """A heading; 1 is a chapter's."""

    level: int
    text: str


class Para(NamedTuple):
    """A paragraph. ``look``: "" as the text, ``lead`` larger, ``soft`` smaller and paler, ``quote`` what somebody wrote."""

    text: str
    look: str = ""


class Items(NamedTuple):
    """A list of short texts, each somebody's."""

    lines: Sequence[str]


class Column(NamedTuple):
    """One column of a table."""

    heading: str
    share: float  # of the width, beside the others' shares
    number: bool = False  # stands at the right
    bar: bool = False  # its numbers are drawn too, beside the greatest
    parts: bool = (
        False  # its counts, from the best to the worst, "3 · 10 · 5", are drawn too, as parts of one bar
    )
    halved: bool = False  # with a line at the half of that bar


class Table(NamedTuple):
    """A table; its head comes again on each page."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    groups: Sequence[tuple[int, str]] = ()  # words above the row of a number


class Picture(NamedTuple):
    """A photograph, upright. Its bytes are the book's (``Book.pictures``)."""

    name: str
    caption: str  # "" for none
    alt: str  # what it is to those who do not see it
    width: int  # pixels
    height: int

    def size(self, width: float, height: float) -> tuple[float, float]:
        """As large as it may be within a width and a height, of any unit."""
        across = min(width, height * self.width / self.height)
        return across, across * self.height / self.width


class Drawn(NamedTuple):
    """What a row of a sheet says, where it can be drawn: some of its lines, and a table in place of the others."""

    lines: Sequence[str]
    table: Table


class Fact(NamedTuple):
    """One row of a sheet: what it is, and what it says; without lines, what is said in their place."""

    label: str
    lines: Sequence[str]
    strong: bool = False
    nothing: str = ""
    drawn: Drawn | None = None


class Facts(NamedTuple):
    """A sheet in two columns."""

    rows: Sequence[Fact]


class Break(NamedTuple):
    """What follows begins on a page of its own. ``title``: what the running head says from there on.

    halfway: what stands before it and what follows share a page, each half of it
    """

    title: str = ""
    halfway: bool = False


Block = Heading | Para | Items | Facts | Table | Picture | Break


class Book(NamedTuple):
    """One document."""

    lang: str
    title: str  # what it is: "Action plan"
    forum: str  # of which
    lead: str  # what its title page says below
    about: Sequence[Fact]  # on the title page: what stands where, for whom, when
    foot: str  # on each page: where in the journal it stands
    page_of: str  # "page {page} of {pages}"
    at: str  # when fact N happened: ISO, UTC
    blocks: Sequence[Block]
    cover: bool = True  # a title page; else its title stands above the blocks
    titled: bool = True  # whether that stands anywhere but in the running head
    running: str = ""  # what the running head says first; "" for the title
    picture: bool = False  # drawn on a page as high as it is, without head and foot
    one_page: bool = (
        False  # what stands before the first break: set smaller, down to what can be read, to stay on one
    )
    pictures: Mapping[str, bytes] = {}  # JPEG, by their names: of each that it shows
