"""What hurried hands need of every engine, once each in Firefox and in WebKit: a phone at a real forum.

The kinds of fault: Enter that presses another button, an update that destroys what is entered, people of one name, a change
of the room that is not said. A press on what has just changed and the counting of letters have their own cases
(``client/test_press.py``, ``client/test_counts.py``); in Chromium each kind has its own files.
"""

from pathlib import Path
from typing import Final

import pytest

from tests.browsers.engines import engine, page_in
from tests.browsers.hall import Hall, hall
from tests.browsers.pages import until
from tests.browsers.phone import Phone
from tests.further import further

FAMILY: Final = "Été à l’école 👩‍👩‍👧, et la suite"
FIRST: Final = "Se retrouver"
SECOND: Final = "Ouvrir un lieu"
TITLE: Final = "Un thème tout neuf"
CARD: Final = "form[action$='/PostIdea'] textarea"
GROUP: Final = "form[action$='/GroupIdeas'] input[name=title]"
HOLDS: Final = "return [...document.querySelectorAll(given[0])].some((el) => el.value === given[1])"
LISTENS: Final = """window.told = [];
new MutationObserver((changes) => changes.forEach((one) => one.addedNodes.forEach((el) => window.told.push(el.textContent))))
  .observe(document.querySelector("[data-announce]"), { childList: true });
return document.title;"""


async def is_asked_who_they_are(phone: Phone, room: Hall) -> None:
    """J12: Omar is in already; this is another one, who is told apart."""
    await phone.page.open(f"{phone.address}/f/{room.code}")
    await phone.write("input[name=name]", "omar")
    await phone.press("form[action$='/join'] button")
    await phone.sees("main [role=alert] strong")
    await phone.press("form[action$='/join'] button")
    await phone.sees("#root")
    await phone.is_live()


async def hears_of_the_step(phone: Phone, room: Hall) -> None:
    """F11: it is said once, and the page is called by it."""
    before = await phone.page.run(LISTENS)
    await room.step("ideas")
    await until(
        phone.page, "return document.title !== given[0]", before, what="the page is still called as before"
    )
    await until(phone.page, "return window.told.length > 0", what="nothing is said of the step")
    assert len(await phone.page.run("return window.told")) == 1


async def keeps_what_is_written(phone: Phone, room: Hall) -> None:
    """Others write, the step is frozen under it and goes on: the text stands there; once its form goes, it is named."""
    for text in (FIRST, SECOND):
        await phone.post_idea(text)
        await phone.sees_own(text)
    await phone.write(CARD, FAMILY)
    await room.somebody("PostIdea", id="omars001", text="Un fonds", step="ideas")
    await room.led("RevealStep", step="ideas")
    await phone.sees(".idea-text", "Un fonds")
    await until(phone.page, HOLDS, CARD, FAMILY, what="what was being written is gone after an update")
    await room.led("CloseStep", step="ideas")
    await phone.sees("#entered-title")
    await until(phone.page, HOLDS, "#entered textarea", FAMILY, what="what was being written is not named")
    await room.led("ReopenStep", step="ideas")
    await until(phone.page, HOLDS, CARD, FAMILY, what="what was being written does not stand there again")


async def makes_a_theme_by_enter(phone: Phone, room: Hall) -> None:
    """With another theme there, Enter in the title of a new one makes that one of what is ticked."""
    await room.step("sort")
    await room.somebody("GroupIdeas", ideas=["omars001"], theme="theme001", title="Financer")
    await phone.sees("section.theme h2", "Financer")
    await phone.pick(FIRST, SECOND)
    await phone.write(GROUP, TITLE)
    await phone.page.enter()
    await phone.sees("section.theme h2", TITLE)
    await room.wall_shows(TITLE)
    themes = await phone.page.run("return document.querySelectorAll('section.theme h2').length")
    assert themes == 2


@pytest.mark.parametrize("name", further("Chromium", "Firefox ESR", "WebKitGTK"))
async def test_a_hurried_hand_fares_in_every_engine_as_in_chromium(name: str, tmp_path: Path) -> None:
    async with hall(tmp_path) as room, page_in(engine(name)) as page:
        phone = Phone(page, room.server.address)
        await is_asked_who_they_are(phone, room)
        await hears_of_the_step(phone, room)
        await keeps_what_is_written(phone, room)
        await makes_a_theme_by_enter(phone, room)
        assert page.faults == []
