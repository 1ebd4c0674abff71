"""F8: what a step works on is told so that nobody takes one step for another of the same title."""

import re

from forum.domain.flow import InsertStep
from forum.domain.kernel import StepId, Words
from forum.domain.sessions.words import PlanSession
from forum.domain.settings import BoardSettings, SortSettings
from forum.domain.state import Step
from forum.fragments.pages import Pages
from forum.fragments.surface import Audience, View
from tests.scenes import Scene, a_room

TITLE = Words("Idées", "Ideas")
SPOKEN = r'<span class="sr">.*?</span>'  # for ears alone


def a_forum(second: Words) -> Scene:
    """Ideas are written in two sessions; a sort in the second may take from both."""
    room = a_room({"welcome": BoardSettings()})
    room.ask(InsertStep(StepId("ideas1"), BoardSettings(), TITLE))
    steps = (Step("ideas2", BoardSettings(), second), Step("sort02", SortSettings(), Words("Tri", "Sorting")))
    room.ask(PlanSession("second", Words("Suite", "Rest"), steps=steps))
    return room


def choices(pages: Pages, room: Scene) -> list[str]:
    html = {p.key: p.html for p in pages.page(View(room.state, {}), Audience("desk", "en"))}["agenda"]
    labels = re.findall(r'name="of" value="(\w+)".*?<span>(.*?)</span></label>', html, re.DOTALL)
    return [f"{name}: {' '.join(re.sub(SPOKEN, '', words).split())}" for name, words in labels]


def test_F8_the_desk_chooses_between_steps_of_one_title_by_their_session(pages: Pages) -> None:
    told = choices(pages, a_forum(TITLE))

    assert "ideas1: 2. Ideas (First session)" in told
    assert "ideas2: 1. Ideas (Rest)" in told
    assert any(line.startswith("welcome: ") and "(" not in line for line in told)


def test_F8_where_all_are_called_otherwise_no_session_is_named(pages: Pages) -> None:
    assert [line for line in choices(pages, a_forum(Words("Autres", "Others"))) if "(" in line] == []
