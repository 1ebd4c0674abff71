"""Two desks side by side: what one read before the other went on does nothing, and says so (O14)."""

from playwright.async_api import Browser, expect

from tests.browser.people import Facilitator
from tests.browser.test_hurried_hands import MOMENT, at_the_desk, played
from tests.servers import ServerProcess

TITLE = ".now-title"
REVEAL = "form.now-main[data-op=RevealStep] button"
YES = "dialog[open] button"
OLD = "Le forum a avancé entre-temps"


async def test_O14_yes_at_one_desk_after_the_other_revealed_and_went_on_does_nothing(
    browser: Browser, server: ServerProcess
) -> None:
    scene = await played(server, "framing")
    one: Facilitator = await at_the_desk(browser, server, scene)
    while not await one.page.locator(".write").count():
        await reads_and_goes_on(one)
    await one.page.locator(".write > summary").click()
    await one.form("PostIdea").locator("textarea").fill("Ouvrir un lieu")
    await one.page.evaluate(MOMENT)
    await one.form("PostIdea").locator("button").last.click()
    await expect(one.page.locator(REVEAL)).to_be_visible()
    other: Facilitator = await at_the_desk(browser, server, scene)
    await other.page.evaluate(MOMENT)
    await other.page.locator(REVEAL).click()
    await expect(other.page.locator(YES).last).to_be_visible()

    await reads_and_goes_on(one)  # reveals them
    await reads_and_goes_on(one)
    stands = await one.page.locator(TITLE).inner_text()
    await expect(other.page.locator(TITLE)).to_have_text(stands)
    await other.page.locator(YES).last.click()

    await expect(other.page.locator("dialog[open]")).to_contain_text(OLD)
    await expect(other.page.locator("dialog[open]")).to_contain_text(stands)
    await other.page.locator(YES).last.click()
    assert await one.page.locator(TITLE).inner_text() == stands
    assert other.faults == []


async def reads_and_goes_on(desk: Facilitator) -> None:
    await desk.page.evaluate(MOMENT)
    await desk.go()
