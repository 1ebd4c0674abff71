"""A calendar file (iCalendar, RFC 5545) of days: what somebody promised, and when the room meets again.

Small on purpose: whole days, beginnings and words are all that it writes. Each rule of the format is named where it is kept. Pure: the
same days are the same bytes.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Final, NamedTuple

MOST_OCTETS: Final = 75  # of a line, without its break (3.1)
MEDIA_TYPE: Final = "text/calendar; charset=utf-8"
_ESCAPED: Final = str.maketrans(
    {"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": ""}
)  # TEXT (3.3.11); other controls have no place in it


class Entry(NamedTuple):
    """One whole day in a calendar, or what begins in it at an hour."""

    uid: (
        str  # the same for the same thing for ever: a calendar then changes its entry and adds none (3.8.4.7)
    )
    day: str  # ISO date
    title: str
    place: str = ""
    about: str = ""
    kind: str = ""  # a word by which calendars sort it
    warned_days: int = 0  # before it; 0: nobody is reminded
    dropped: bool = False
    begins: datetime | None = None  # None: it takes the whole day


def write(entries: Iterable[Entry], at: int) -> bytes:
    """The file, UTF-8. ``at``: when it is made, ms since the epoch."""
    stamp = datetime.fromtimestamp(at // 1000, UTC).strftime(
        "%Y%m%dT%H%M%SZ"
    )  # UTC, as DTSTAMP has to be (3.8.7.2)
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Forum//Forum//FR"]  # both have to be there (3.6)
    for entry in entries:
        lines += _event(entry, stamp)
    lines.append("END:VCALENDAR")
    return "".join(
        f"{part}\r\n" for line in lines for part in _folded(line)
    ).encode()  # CRLF, the last one too (3.1)


def _event(entry: Entry, stamp: str) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{_text(entry.uid)}"
    yield f"DTSTAMP:{stamp}"
    if entry.begins:  # in UTC, which every calendar shows in its own zone (3.3.5); its end nobody has said
        yield f"DTSTART:{entry.begins.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    else:
        first = date.fromisoformat(entry.day)
        yield f"DTSTART;VALUE=DATE:{first:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{first + timedelta(days=1):%Y%m%d}"  # the day after the last one (3.6.1)
    yield f"SUMMARY:{_text(entry.title)}"
    if entry.place:
        yield f"LOCATION:{_text(entry.place)}"
    if entry.about:
        yield f"DESCRIPTION:{_text(entry.about)}"
    if entry.kind:
        yield f"CATEGORIES:{_text(entry.kind)}"
    if entry.dropped:
        yield "STATUS:CANCELLED"
    if entry.warned_days:
        yield from ("BEGIN:VALARM", "ACTION:DISPLAY", f"TRIGGER:-P{entry.warned_days}D")
        yield from (f"DESCRIPTION:{_text(entry.title)}", "END:VALARM")
    yield "TRANSP:TRANSPARENT"  # nobody is busy all day because of it (3.8.2.7)
    yield "END:VEVENT"


def _text(words: str) -> str:
    """A TEXT value (3.3.11), without controls, which no value may hold (3.1)."""
    kept = "".join(sign for sign in words if sign == "\n" or (sign >= " " and sign != "\x7f"))
    return kept.translate(_ESCAPED)


def _folded(line: str) -> Iterator[str]:
    """A line in parts of at most 75 octets, those after the first begun by a space (3.1); no character is torn."""
    part, octets = "", 0
    for sign in line:
        width = len(sign.encode())
        if octets + width > MOST_OCTETS:
            yield part
            part, octets = " ", 1
        part, octets = part + sign, octets + width
    yield part
