"""What is printed to be cut or folded: badges, cards for the tables, commitments to pin up."""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from forum.exports.books.face import day
from forum.exports.deck import Card, Deck
from forum.exports.told import Archive
from forum.language import NO_BREAK, Reader

EMPTY_BADGES: Final = 8  # to write on: nobody knows who else comes
MOST_BADGES: Final = 2000
A_TABLE, FEWEST_TABLES, MOST_TABLES = 7, 4, 60  # people at one, tables
CUT: Final = {"width_mm": 90.0, "height_mm": 62.0, "columns": 2, "rows": 4}
FOLDED: Final = {
    "width_mm": 190.0,
    "height_mm": 138.0,
    "columns": 1,
    "rows": 1,
    "folded": True,
    "large": 74.0,
}


class Entry(NamedTuple):
    """Where people come in."""

    join_url: str = ""  # what the QR says; "" where nobody knows it
    short_url: str = ""  # what a person types
    qr: str = ""  # as SVG


Composed = Callable[[Archive, Sequence[str], Entry, Reader], Deck]
"""Of an archive, the first names of those who are in, and where one comes in."""


def badges(told: Archive, present: Sequence[str], entry: Entry, reader: Reader) -> Deck:
    """One for everybody who gave a first name, then empty ones: as many as others are expected."""
    expected = max((session.expected or 0 for session in told.sessions), default=0)
    empty = max(EMPTY_BADGES, expected - len(present))
    cards = [*map(Card, present), *[Card("")] * min(empty, MOST_BADGES)]
    return _deck(told, reader, entry, reader.say("Badges"), cards, "", **CUT)


def tables(told: Archive, present: Sequence[str], entry: Entry, reader: Reader) -> Deck:
    """One for each table, folded to stand on it."""
    expected = max((session.expected or 0 for session in told.sessions), default=0)
    people = max(expected, told.forum.people)
    number = min(MOST_TABLES, max(FEWEST_TABLES, -(-people // A_TABLE)))
    cards = [Card(reader.say("Table {n}", n=n).replace(" ", NO_BREAK)) for n in range(1, number + 1)]
    return _deck(told, reader, entry, reader.say("Table cards"), cards, "", **FOLDED)


def commitments(told: Archive, present: Sequence[str], entry: Entry, reader: Reader) -> Deck:
    """One for each commitment whose author agreed that those for whom this is written read their name (E3)."""
    codes = {action.id: action.code for axis in told.plan for action in axis.actions}
    cards = [
        Card(
            c.text,
            (c.person, _until(codes.get(c.action or "", ""), day(reader, c.due), reader)),
            leads_in=False,
        )
        for c in sorted(told.commitments, key=lambda c: c.due)
        if c.person
    ]
    title = reader.say("Commitments to pin up")
    nothing = (
        reader.say("Nobody who committed chose that the readers of this document may read their first name.")
        if told.commitments
        else reader.say("No commitment was made.")
    )
    return _deck(told, reader, entry, title, cards, nothing, **CUT | {"large": 17.0})


def _until(code: str, due: str, reader: Reader) -> str:
    until = reader.say("by {day}", day=due)
    return " · ".join(filter(None, (until, reader.say("Action {code}", code=code) if code else "")))


def _deck(
    told: Archive,
    reader: Reader,
    entry: Entry,
    title: str,
    cards: Sequence[Card],
    nothing: str,
    **size: float,
) -> Deck:
    forum, say = told.forum, reader.say
    return Deck(
        lang=reader.lang,
        title=title,
        forum=forum.title,
        code=f"{forum.code[:3]} {forum.code[3:]}",
        at=forum.at,
        address=entry.join_url,
        short=entry.short_url,
        qr=entry.qr,
        scan=say("QR to come in: {address}", address=entry.join_url),
        nothing=nothing,
        cards=cards,
        **size,  # type: ignore[arg-type]
    )
