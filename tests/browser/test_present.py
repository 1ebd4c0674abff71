"""J8: two of three phones close, and desk and wall speak of the one that is there. J12: two of one name. J3: a removal is undone."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from forum.app import listening
from forum.live import Pace
from forum.settings import Settings
from tests.browser.people import DESK, PHONE, SCREEN, Facilitator, Participant, Wall, arrive, opened

HURRY = Pace(listen_seconds=0.1, near_seconds=1.0)


@pytest.fixture
async def address(tmp_path: Path) -> AsyncIterator[str]:
    """A server to which a minute is a second."""
    settings = Settings(host="127.0.0.1", port=0, data=tmp_path / "data")
    async with listening(settings, pace=HURRY) as (_, _, told):
        yield f"http://127.0.0.1:{told.port}"


async def test_J8_done_speaks_of_the_phones_that_are_there_and_a_removal_is_undone(
    browser: Browser, address: str
) -> None:
    links = await opened(address, "forum-eclair", "Vision", "en")
    here = {"locale": "en-GB"}
    desk = await (await arrive(browser, Facilitator, DESK, **here)).enter(links.desk, "Nadia")
    wall = await (await arrive(browser, Wall, SCREEN, **here)).show(links.screen)
    zoe, elodie, paul = [
        await (await arrive(browser, Participant, PHONE, **here)).join(links.join, name)
        for name in ("Zoé", "Élodie", "Paul")
    ]
    for _ in range(3):  # welcome, framing, ideas
        await desk.go()
    await zoe.say_done()
    await expect(wall.page.locator("#crowd")).to_contain_text("1 of 3 is done")
    await elodie.context.close()
    await paul.page.close()

    await expect(wall.page.locator("#crowd")).to_contain_text("1 of 1 is done")
    await desk.sees("Everybody present is done.")
    await desk.sees("2 people are away")
    await desk.page.locator("#people details.who summary").first.click()
    await expect(desk.page.locator("#people li > span", has_text="away")).to_have_text(
        ["Élodie away", "Paul away"]
    )

    again = await paul.context.new_page()
    await again.goto(links.join)
    await expect(wall.page.locator("#crowd")).to_contain_text("1 of 2 is done")

    other = await arrive(browser, Participant, PHONE, **here)
    await other.page.goto(links.join)
    await other.page.fill("input[name=name]", "zoe")
    await other.page.get_by_role("button", name="Come in").click()
    await other.page.get_by_role("button", name="I am somebody else: come in").click()
    await expect(desk.page.locator("#people li > span", has_text="(")).to_have_text(["Zoé (1)", "zoe (2)"])

    await zoe.page.clock.install()
    await desk.form("RemovePerson").get_by_role("button", name="Remove Zoé (1)").click()
    await desk.page.locator("dialog[open] button").last.click()
    await expect(zoe.page.locator("main.shut")).to_be_visible()
    await expect(desk.page.locator("#deeds")).to_contain_text("removed somebody (Zoé (1))")
    await (
        desk.page.locator("#deeds")
        .get_by_role("button", name=re.compile("^Undo .* removed somebody"))
        .click()
    )
    await expect(wall.page.locator("#crowd")).to_contain_text("1 of 3 is done")
    await zoe.page.clock.run_for(20_000)
    await expect(zoe.page.locator("#root")).to_be_visible()
