"""Hours on pages are the forum's, whoever reads them, and all of them are others when its zone is another."""

from forum.domain.flow import EditForum, SetTimer
from forum.fragments.pages import Pages
from forum.fragments.surface import Audience, View
from forum.language import Reader
from tests.scenes import LEA, START, Scene, a_room


def shown(pages: Pages, room: Scene, surface: str, lang: str = "fr") -> str:
    """All that a person of a surface sees."""
    view, audience = View(room.state, {}), Audience(surface, lang)  # type: ignore[arg-type]
    puts = (*pages.page(view, audience), *pages.you(view, audience, LEA))
    return "\n".join(put.html for put in puts)


def test_every_surface_says_the_hours_of_the_forums_zone_and_after_a_change_those_of_the_new_one(
    pages: Pages,
) -> None:
    room = a_room().opened("ideas")
    room.ask(SetTimer(300))
    assert room.state.timer
    ends_at = room.state.timer.ends_at
    for zone in ("Europe/Paris", "Indian/Reunion", "Europe/Paris"):
        room.ask(EditForum(zone=zone))
        for surface in ("phone", "screen", "desk"):
            for lang in ("fr", "en"):
                assert Reader(lang, zone).clock(ends_at) in shown(pages, room, surface, lang), (zone, surface)


def test_the_pages_say_whose_hours_they_say_in_the_readers_language(pages: Pages) -> None:
    room = a_room().opened("ideas")
    room.ask(SetTimer(300))
    room.ask(EditForum(zone="Europe/London"))

    for surface in ("phone", "screen"):
        assert 'data-zone="Europe/London"' in shown(pages, room, surface)
    assert "Londres" in shown(pages, room, "phone", "fr")
    assert "Times are local to London." in shown(pages, room, "desk", "en")


def test_E1_the_days_of_a_commitment_begin_with_today_in_the_forums_zone(pages: Pages) -> None:
    until_late = 1_737_070_200_000 - START  # 16 January 2025, 23:30 UTC
    for zone, today in {"Europe/Paris": "2025-01-17", "America/Toronto": "2025-01-16"}.items():
        room = a_room()
        room.ahead = until_late
        room.ask(EditForum(zone=zone))
        room.opened("pledge")

        page = shown(pages, room, "phone")
        assert f'required min="{today}"' in page, zone
        assert f'value="{today[:8]}' not in page, "a day that nobody looked at would be promised"
