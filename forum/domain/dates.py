"""Days and hours as people write and promise them. Pure."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Final

PLAN_DAYS: Final = 10 * 365
YEARS = range(1000, 10_000)  # of four digits; a forum may speak of one that is past
_HOUR: Final = re.compile(
    r"(\d{1,2})(?:\s*[:h.]\s*(?:(\d\d)(?::\d\d(?:\.\d+)?)?)?)?\s*(?:([ap])\.?m\.?)?", re.ASCII
)  # browsers may add seconds
A_DAY = timedelta(days=1)  # between the zones of those who read one calendar


def today(at: int) -> date:
    """The day of an instant, in UTC. Elsewhere it is this one or a neighbour of it.

    Rules know no zone: what a zone's rules are is data, and changes. So a rule takes every day that somebody's clock may call
    right (``within``), and what is proposed and shown is computed in the forum's zone, where its pages are made.
    """
    return datetime.fromtimestamp(at / 1000, UTC).date()


def within(day: str, first: date, last: date) -> bool:
    """Whether an ISO date is one of these days, or of their neighbours, which somebody's clock may call so."""
    return first - A_DAY <= date.fromisoformat(day) <= last + A_DAY


def parse_date(text: str) -> str | None:
    """An ISO date from ``2025-01-31`` or ``31/01/2025``; "" stays ""; None when it is no date."""
    text = text.strip()
    if not text:
        return ""
    if "/" in text:
        text = "-".join(reversed(text.split("/")))
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return None


def parse_hour(text: str) -> str | None:
    """An hour of the day as ``14:30``, from that, ``14 h 30``, ``14h`` or ``2:30 pm``; "" stays ""; None when it is none."""
    text = text.strip().lower()
    if not text:
        return ""
    found = _HOUR.fullmatch(text)
    if found is None:
        return None
    hours, minutes, half = int(found[1]), int(found[2] or 0), found[3]
    if half:
        hours = hours % 12 + (12 if half == "p" else 0) if 1 <= hours <= 12 else 24
    return f"{hours:02}:{minutes:02}" if hours < 24 and minutes < 60 else None


def parse_year(text: str) -> int | None:
    """A year from four digits; "" is 0; None when it is no year."""
    text = text.strip()
    if not text:
        return 0
    fine = text.isascii() and text.isdecimal() and len(text) == len(str(YEARS.start))
    return int(text) if fine and int(text) in YEARS else None


def plan_days(opened: Iterable[int | None], at: int) -> tuple[date, date]:
    """The first and the last day that a plan may name now (P6): from the forum's own, or from today while it is ahead.

    opened   when each step opened, where it did
    """
    began = min(filter(None, opened), default=at)
    return today(began), today(at) + timedelta(days=PLAN_DAYS)
