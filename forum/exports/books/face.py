"""What every document has in common: what is said of the forum, for whom it is, and where in the journal it stands."""

from collections.abc import Sequence
from datetime import datetime

from forum.exports.archive import in_lang
from forum.exports.audience import written_for
from forum.exports.book import Block, Book, Fact
from forum.exports.told import Archive
from forum.language import Reader


def book(
    told: Archive,
    reader: Reader,
    title: str,
    blocks: Sequence[Block],
    *,
    cover: bool = True,
    one_page: bool = False,
) -> Book:
    """A document of this forum, with its face and its foot."""
    forum, say = told.forum, reader.say
    foot = say(
        "Journal of forum {code} up to entry {seq}, chain {chain}.",
        code=forum.code,
        seq=forum.seq,
        chain=forum.chain,
    )
    return Book(
        lang=reader.lang,
        title=title,
        forum=forum.title,
        lead=forum.question,
        about=tuple(_about(told, reader)),
        foot=foot,
        page_of=say("page {page} of {pages}", page="{page}", pages="{pages}"),
        at=forum.at,
        blocks=blocks,
        cover=cover,
        one_page=one_page,
    )


def _about(told: Archive, reader: Reader) -> list[Fact]:
    forum, say = told.forum, reader.say
    held = [f"{reader.day(s.date)}, {s.place}".strip(", ") for s in told.sessions if s.date and s.begun_at]
    rows = [
        Fact(say("Held"), held or [moment(reader, forum.opened_at, hour=False)]),
        Fact(say("Participation"), [people(told, reader)]),
        Fact(say("As of"), [moment(reader, forum.at)]),
        Fact(say("For whom"), [written_for(told, reader)]),
    ]
    if forum.horizon:
        rows.insert(1, Fact(say("Horizon"), [str(forum.horizon)]))
    return rows


def people(told: Archive, reader: Reader) -> str:
    """How many took part."""
    found = reader.say_many("{n} person", "{n} people", told.forum.people)
    if not told.forum.assisted:
        return found
    return found + reader.say_many(" ({n} without a phone)", " ({n} without a phone)", told.forum.assisted)


def moment(reader: Reader, iso: str, *, hour: bool = True) -> str:
    """A day, and an hour where it is asked for, in the reader's zone; "–" for none."""
    if not iso:
        return "–"
    at = round(datetime.fromisoformat(iso).timestamp() * 1000)
    return f"{reader.day(at)}, {reader.clock(at)}" if hour else reader.day(at)


def day(reader: Reader, iso: str) -> str:
    """A day; "" for none."""
    return reader.day(iso) if iso else ""


def weekday(reader: Reader, iso: str) -> str:
    """A day as it is announced in a table: ``jeu. 30 janv. 2025``; "" for none."""
    return reader.short_day(iso, now=0) if iso else ""


def coming(told: Archive, reader: Reader) -> str:
    """When and where the room meets again; "" where no day is set."""
    days = (s for s in told.sessions if s.phase == "planned" and s.date)
    planned = min(days, key=lambda session: session.date, default=None)
    if planned is None:
        return ""
    title = in_lang(planned.title, reader.lang)
    said = "" if title == reader.say("Next meeting") else title
    return " · ".join(filter(None, (said, reader.weekday_at(planned.date, planned.hour), planned.place)))
