"""Fragments that are filled: whatever is printed into one, it equals the fragment that is drawn with it."""

import random

import pytest

from forum.domain.settings import BoardSettings
from forum.domain.steps.board import EditIdea, HideIdea, PostIdea
from forum.fragments.pages import SURFACES, Pages
from forum.fragments.surface import Audience, Slot, View
from forum.language import LANGUAGES
from tests.histories import PEOPLE, one_more, random_history
from tests.scenes import ANNE, ECLAIR, LEA, a_room

NASTY = (
    "<b onclick='x'>\"&amp;&",
    "100 % de {{ 7 * 7 }} %(number)s",
    "deux\nlignes\\n",
    "العربية \u200d👩‍👩‍👧",
    "a" * 900,
)


class Anew(Pages):
    """Draws everything as its template says, each time."""

    def _printed(self, audience, ground, key, slot):
        return self._drawn(audience, ground, key, slot, slot.args)


@pytest.fixture
def anew() -> Pages:
    return Anew(static=lambda path: f"/static/test/{path}")


def everything(pages: Pages, view: View) -> list[object]:
    """What all are shown, and what each person is."""
    seen: list[object] = []
    for surface in SURFACES:
        for lang in LANGUAGES:
            audience = Audience(surface, lang)  # type: ignore[arg-type]
            seen.append(pages.page(view, audience))
            seen += [pages.you(view, audience, person) for person in list(view.state.people.by_id)[:6]]
    return seen


@pytest.mark.parametrize("text", NASTY)
def test_whatever_somebody_writes_a_card_that_is_filled_is_the_card_that_is_drawn(pages, anew, text):
    room = a_room({**ECLAIR, "ideas": BoardSettings(visibility="all")}).opened("ideas")
    room.ask(PostIdea("card0001", "Une carte.", "ideas"), by=LEA)
    room.ask(PostIdea("card0002", text, "ideas"), by=LEA)
    room.ask(EditIdea("card0001", text + " !"), by=LEA)
    room.ask(HideIdea("card0002", text), by=ANNE)
    view = View(room.state, {})

    assert everything(pages, view) == everything(anew, view)
    assert everything(pages, view) == everything(anew, view)  # and filled a second time


@pytest.mark.parametrize("seed", range(2))
def test_on_any_history_what_is_filled_is_what_is_drawn(pages, anew, seed):
    rng = random.Random(seed)
    room = random_history(rng, 0)
    for n in range(40):
        one_more(rng, room, eager=n % 14 == 0)
        if n % 20 == 19:
            view = View(room.state, {p: f"Prénom {p}" for p in PEOPLE[:3]})
            assert everything(pages, view) == everything(anew, view)


def test_cards_alike_but_for_their_words_are_drawn_once(monkeypatch):
    pages = Pages(static=lambda path: f"/static/{path}")
    room = a_room({**ECLAIR, "ideas": BoardSettings(visibility="all")}).opened("ideas")
    drawn: list[str] = []
    draw = Pages._drawn

    def noted(self: Pages, audience: Audience, code: str, key: str, slot: Slot, args: dict[str, object]):
        drawn.append(slot.template)
        return draw(self, audience, code, key, slot, args)

    monkeypatch.setattr(Pages, "_drawn", noted)
    for n in range(5):
        room.ask(PostIdea(f"card{n:04}", f"Carte {n}.", "ideas"), by=LEA)
        view = View(room.state, {})
        pages.changes(view, Audience("phone", "fr"), frozenset({f"idea:card{n:04}"}))

    assert drawn.count("phone/idea.html") == 1
