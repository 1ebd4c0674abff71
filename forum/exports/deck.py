"""What is printed to be cut or folded: cards of one size, as plain values. How they are drawn: ``typst/deck.typ``.

All texts are text: nothing in them is markup for whoever draws them.
"""

from collections.abc import Sequence
from typing import NamedTuple


class Card(NamedTuple):
    """One card."""

    big: str  # set as large as it fits; "" where somebody writes by hand
    small: Sequence[str] = ()  # below it
    leads_in: bool = True  # says where one comes in: the code, and a QR where the address is known


class Deck(NamedTuple):
    """All cards of a document."""

    lang: str
    title: str  # of the document
    forum: str
    code: str
    at: str  # when fact N happened: ISO, UTC
    address: str  # what the QR says; "": not known
    short: str  # what a person types
    qr: str  # as SVG; "": none is drawn
    scan: str  # what the picture of the QR says to whoever hears it
    nothing: str  # what is said in the place of cards where there are none
    cards: Sequence[Card]
    width_mm: float
    height_mm: float
    columns: int
    rows: int  # on a page
    folded: bool = False  # stands on a table: each card is there twice, head to head
    large: float = 30  # points, of what is set as large as it fits
