"""A phone that slept for an hour: it wakes with a dead socket and an old page, shows what holds now, and keeps what was written."""

import pytest
from playwright.async_api import Browser, expect

from tests.browser.people import DESK, PHONE, Facilitator, Participant, arrive, open_forum
from tests.faults.proxy import through
from tests.further import further
from tests.servers import ServerProcess

HOUR_MS = 3_600_000
WITHIN_MS = 3_000  # of the phone's own clock, from the moment it wakes
HALF = "Ouvrir un café, et puis"


@pytest.mark.parametrize("meanwhile", ["the next step", *further("the end", "nothing")])
async def test_a_phone_that_wakes_after_an_hour_shows_what_holds_now_and_keeps_what_was_being_written(
    browser: Browser, server: ServerProcess, meanwhile: str
) -> None:
    links = await open_forum(browser, server.address, "forum-eclair", "Vision", "fr")
    desk: Facilitator = await arrive(browser, Facilitator, DESK, locale="fr-FR")
    await desk.enter(links.desk, "Anne")
    async with through(("127.0.0.1", server.port)) as network:
        phone: Participant = await arrive(browser, Participant, PHONE, locale="fr-FR")
        clock, page = phone.page.clock, phone.page
        await clock.install()
        await phone.join(links.join.replace(server.address, f"http://127.0.0.1:{network.port}"), "Léa")
        for _ in range(3):  # welcome, framing, ideas
            await desk.go()
        field = page.locator("form[data-op=PostIdea] textarea")
        await field.fill(HALF)

        await clock.pause_at(await page.evaluate("Date.now() + 1000"))
        network.hold()
        if meanwhile == "the next step":
            await desk.opens("Regrouper les idées")
        elif meanwhile == "the end":
            await desk.ends_session()
        network.heal()
        if meanwhile != "nothing":
            network.hang_up()
        await clock.fast_forward(HOUR_MS)
        await clock.run_for(WITHIN_MS)

        await expect(page.locator("html[data-link=live]")).to_have_count(1)
        if meanwhile == "nothing":
            await expect(field).to_have_value(HALF)
            await expect(field).to_be_focused()
        else:
            await expect(field).to_have_count(0)
            await expect(page.locator("#entered textarea")).to_have_value(HALF)
            await expect(page.locator("#entered")).to_be_visible()
        assert phone.faults == []
