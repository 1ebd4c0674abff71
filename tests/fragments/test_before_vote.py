"""Before a vote opens the desk is told of choices that say nearly the same, and of too many; it may go on all the same."""

import pytest

from forum.fragments.pages import Pages
from forum.fragments.surface import Audience, View
from tests.scenes import Scene, a_room


@pytest.fixture
def pages() -> Pages:
    return Pages(static=lambda path: f"/static/{path}")


def themed(*titles: str) -> Scene:
    """A sort with themes that are called so, before the vote over them."""
    room = a_room().opened("ideas").with_ideas(len(titles)).revealed("ideas").opened("sort")
    for n, title in enumerate(titles, 1):
        room.with_theme(f"theme{n}", n, title=title)
    return room


def told(pages: Pages, room: Scene, surface: str = "desk") -> str:
    puts = pages.page(View(room.state, {}), Audience(surface, "en"))  # type: ignore[arg-type]
    return " ".join(next((put.html for put in puts if put.key == "alike"), "").split())


def test_choices_that_say_nearly_the_same_are_named_before_the_vote(pages: Pages) -> None:
    shown = told(pages, themed("Créer un fonds commun", "Creer un fond commun", "Ouvrir le samedi"))

    assert "Créer un fonds commun" in shown
    assert "Creer un fond commun" in shown
    assert "samedi" not in shown


def test_where_nothing_is_alike_and_few_are_there_nothing_is_said(pages: Pages) -> None:
    assert told(pages, themed("Créer un fonds commun", "Ouvrir le samedi")) == ""


def test_above_twenty_choices_two_rounds_are_proposed_and_with_twenty_not(pages: Pages) -> None:
    words = [f"{chr(97 + n)}{chr(110 - n % 13)}o{n} {'klmnprstv'[n % 9]}a{n}" for n in range(21)]

    assert "offers 21 choices" in told(pages, themed(*words))
    assert told(pages, themed(*words[:20])) == ""


def test_phone_and_wall_are_told_nothing_of_it_and_nothing_stays_once_the_vote_is_open(pages: Pages) -> None:
    room = themed("Créer un fonds commun", "Creer un fond commun")

    assert told(pages, room, "phone") == told(pages, room, "screen") == ""
    assert told(pages, room.opened("vote")) == ""
