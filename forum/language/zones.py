"""Zones of hours, by their IANA names: which there are, what people call them, and an instant in one.

The only place that asks the system or tzdata for them. A name may be older or newer than what this machine
knows; "" is the server's own zone, as all forums had it before they had one of theirs.
"""

import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, tzinfo
from functools import cache, lru_cache
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from babel.core import get_global
from babel.dates import LOCALTZ, get_timezone_location

SERVERS: Final = ""
UTC: Final = "UTC"
FRENCH: Final = (
    "Europe/Paris", "America/Guadeloupe", "America/Martinique", "America/Cayenne", "Indian/Reunion",
    "Indian/Mayotte", "America/Miquelon", "America/St_Barthelemy", "America/Marigot", "Pacific/Noumea",
    "Pacific/Wallis", "Pacific/Tahiti",
)  # fmt: skip
"""Zones of France, its departments first."""


class Offered(NamedTuple):
    """The zones among which a page lets one choose: names and what they are called, in groups; and which stands there."""

    chosen: str
    french: tuple[tuple[str, str], ...]
    european: tuple[tuple[str, str], ...]
    elsewhere: tuple[tuple[str, str], ...]


def known(name: str) -> bool:
    """Whether this is the name of a zone, as a browser, the system or tzdata writes it."""
    return name in _all()


def own() -> str:
    """The name of the server's zone; UTC where its system says none."""
    name = str(getattr(LOCALTZ, "key", "") or "").removeprefix("Etc/")
    return name if known(name) else UTC


def moment(at: int, name: str) -> datetime:
    """An instant (ms since the epoch) in a zone; in the server's own where the name is "" or unknown here."""
    zone = _zone(name)
    return datetime.fromtimestamp(at / 1000, zone) if zone else datetime.fromtimestamp(at / 1000).astimezone()


def instant(day: str, hour: str, name: str) -> datetime:
    """When it is this hour of this day in a zone (both ISO), in UTC. An hour that a zone skips is the one after it."""
    local = datetime.fromisoformat(f"{day}T{hour}")
    zone = _zone(name)
    return (local.replace(tzinfo=zone) if zone else local.astimezone()).astimezone(ZoneInfo(UTC))


def day(at: int, name: str) -> date:
    """The day that people in a zone call today, at an instant."""
    return moment(at, name).date()


@lru_cache(maxsize=1024)
def place(name: str, locale: str) -> str:
    """What people call a zone by: a city, as ``La Réunion`` or ``Londres``."""
    zone = ZoneInfo(name if known(name) else own())
    return get_timezone_location(zone, locale=locale, return_city=True).rpartition("/")[2]


def offered(locale: str, chosen: str) -> Offered:
    """Every zone once, by the name that is in use for it, sorted by what it is called. The first time takes 100 ms.

    chosen  is among them, under its own name; the server's zone takes the place of one that is not known
    """
    chosen, groups = chosen if known(chosen) else own(), _groups(locale)
    if any(name == chosen for group in groups for name, _ in group):
        return Offered(chosen, *groups)
    return Offered(chosen, groups[0], groups[1], ((chosen, place(chosen, locale)), *groups[2]))


@cache
def _groups(locale: str) -> tuple[tuple[tuple[str, str], ...], ...]:
    aliases: Mapping[str, str] = get_global("zone_aliases")
    places: Mapping[str, str] = get_global("zone_territories")
    others = [
        (name, place(name, locale))
        for name in _all()
        if name in places and name not in aliases and name not in FRENCH and not name.startswith("Etc/")
    ]
    others.sort(key=lambda one: _sorted_as(one[1]))
    return (
        tuple((name, place(name, locale)) for name in FRENCH),
        tuple(one for one in others if one[0].startswith("Europe/")),
        (*(one for one in others if not one[0].startswith("Europe/")), (UTC, UTC)),
    )


@cache
def _all() -> frozenset[str]:
    return frozenset(available_timezones()) - {"Factory", "localtime"}


@lru_cache(maxsize=1024)
def _zone(name: str) -> tzinfo | None:
    try:
        return ZoneInfo(name) if name != SERVERS else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _sorted_as(called: str) -> str:
    """Accents are no letters of their own: Évora stands before Faro."""
    return "".join(
        c for c in unicodedata.normalize("NFKD", called.casefold()) if not unicodedata.combining(c)
    )
