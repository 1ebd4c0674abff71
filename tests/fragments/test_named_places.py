"""A sentence that sends somebody to another place of the desk leads there."""

import re

import pytest

from forum.domain.flow import EditForum
from forum.domain.sessions.record import FIRST
from forum.domain.sessions.words import EndSession
from forum.places import templates_dir
from tests.fragments.on_desk import document
from tests.fragments.test_closing import a_closing
from tests.scenes import a_room

NAMED = re.compile(r"[^\"]*“(?!%)[^\"]*”")
QUOTES = {"pages": ("help.html", "join.html", "mine.html", "phone-code.html", "data.html", "arrivals.html")}
"""Pages that name what is on another phone, or what was said."""


@pytest.mark.parametrize("where", ["desk", "pages"])
def test_a_name_of_a_control_in_a_sentence_of_the_desk_is_the_text_of_a_link(where: str) -> None:
    loose = [
        (path.name, found[1])
        for path in sorted((templates_dir() / where).glob("*.html"))
        if path.name not in QUOTES.get(where, ())
        for text in [path.read_text()]
        for found in re.finditer(r"_\(\s*((?:\"[^\"]*\"\s*)+)\)", text)
        if NAMED.search(found[1]) and not re.search(r"<a\b[^<]*\Z", text[: found.start()])
    ]

    assert not loose


def test_every_link_within_the_desk_leads_to_something_that_is_there(pages) -> None:
    began = a_room()
    began.ask(EditForum(began.state.title, ""))
    rooms = [began, a_room().opened("plan"), a_room().opened("pledge"), a_closing()]
    over = a_closing()
    over.ask(EndSession(FIRST))
    for room in (*rooms, over):
        page = document(pages, room)
        for place in set(re.findall(r'href="#([^"]+)"', page)):
            assert f'id="{place}"' in page, place
