"""An instant is told in the forum's zone, wherever the server and the reader are."""

from datetime import UTC, datetime

import pytest

from forum.language import LANGUAGES, Reader, zones

LOCALES = [Reader(lang).locale for lang in LANGUAGES]


def at(text: str) -> int:
    """An instant, ms since the epoch."""
    return round(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


@pytest.mark.parametrize(
    ("instant", "zone", "hour", "day"),
    [
        ("2025-01-16 12:32", "Europe/Paris", "13 h 32", "16 janvier 2025"),
        ("2025-01-16 12:32", "Indian/Reunion", "16 h 32", "16 janvier 2025"),
        ("2025-01-16 12:32", "America/Toronto", "7 h 32", "16 janvier 2025"),
        ("2025-01-16 23:30", "Europe/Paris", "0 h 30", "17 janvier 2025"),
        ("2025-02-01 02:00", "America/Martinique", "22 h 00", "31 janvier 2025"),
        ("2025-03-30 00:59", "Europe/Paris", "1 h 59", "30 mars 2025"),
        ("2025-03-30 01:00", "Europe/Paris", "3 h 00", "30 mars 2025"),  # there was no half past two
        ("2025-10-26 00:30", "Europe/Paris", "2 h 30", "26 octobre 2025"),
        ("2025-10-26 01:30", "Europe/Paris", "2 h 30", "26 octobre 2025"),  # there were two
    ],
)
def test_an_instant_is_told_in_its_zone_also_where_summer_time_begins_and_ends(
    instant: str, zone: str, hour: str, day: str
) -> None:
    reader = Reader("fr", zone)

    assert reader.clock(at(instant)) == hour.replace(" ", "\u202f")
    assert reader.day(at(instant)) == day.replace(" ", "\u00a0")


def test_a_refusal_says_its_hour_in_the_zone_too() -> None:
    sentences = {"closed": "Closed at {time}."}
    said = [
        Reader("en", zone).refusal("closed", {"time": at("2025-07-01 12:00")}, sentences, str)
        for zone in ("Europe/Paris", "Indian/Reunion")
    ]

    assert said == ["Closed at 2:00\u00a0pm.", "Closed at 4:00\u00a0pm."]


def test_without_a_zone_and_in_one_that_is_unknown_here_the_hours_are_the_servers() -> None:
    for zone in (zones.SERVERS, "Europe/Atlantis", "../../etc/passwd", "x" * 4000, "Europe", "\0"):
        assert zones.moment(0, zone) == datetime.fromtimestamp(0, UTC)
        assert zones.moment(0, zone).utcoffset() == datetime.fromtimestamp(0).astimezone().utcoffset()
        assert zones.place(zone, "fr_FR") == zones.place(zones.own(), "fr_FR")
        assert not zones.known(zone)


@pytest.mark.parametrize(
    ("zone", "french", "english"),
    [
        ("Europe/Paris", "Paris", "Paris"),
        ("Indian/Reunion", "La Réunion", "Réunion"),
        ("Europe/London", "Londres", "London"),
        ("America/Argentina/Buenos_Aires", "Buenos Aires", "Buenos Aires"),
        ("UTC", "UTC", "UTC"),
    ],
)
def test_a_zone_is_called_by_its_city_in_the_readers_language(zone: str, french: str, english: str) -> None:
    assert (Reader("fr", zone).place, Reader("en", zone).place) == (french, english)


@pytest.mark.parametrize("locale", LOCALES)
def test_every_zone_is_offered_once_those_of_france_first(locale: str) -> None:
    groups = zones.offered(locale, "Europe/Rome")
    names = [name for group in groups[1:] for name, _ in group]

    assert names[0] == "Europe/Paris"
    assert len(names) == len(set(names)) > 400
    assert all(zones.known(name) and called for group in groups[1:] for name, called in group)
    assert {"Indian/Mayotte", "America/Cayenne"} <= dict(groups.french).keys()
    assert "Europe/Brussels" in dict(groups.european)
    assert {"America/Toronto", "Africa/Dakar", "UTC"} <= dict(groups.elsewhere).keys()


def test_what_stands_there_is_always_offered_also_under_a_name_of_old() -> None:
    for chosen in ("Europe/Paris", "America/Montreal", "EST5EDT", zones.own()):
        told = zones.offered("fr_FR", chosen)
        assert told.chosen == chosen
        assert [name for group in told[1:] for name, _ in group].count(chosen) == 1
    assert zones.offered("fr_FR", "Europe/Atlantis").chosen == zones.own()


def test_the_servers_own_zone_has_a_name_that_is_known() -> None:
    assert zones.known(zones.own())
