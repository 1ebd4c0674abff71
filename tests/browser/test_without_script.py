"""Hands that hurry on pages without JavaScript: what was read is what is done, and Enter does what its field is for."""

import pytest
from playwright.async_api import Browser, expect

from tests.browser.people import PHONE, Participant, arrive
from tests.browser.test_hurried_hands import TITLE, at_the_desk, played
from tests.browser.test_two_desks import OLD, reads_and_goes_on
from tests.servers import ServerProcess

NOW = ".now-title"
OPENS = "form.now-main[action$='/OpenStep'] button"
pytestmark = pytest.mark.further


async def on_paper(browser: Browser, server: ServerProcess, code: str) -> Participant:
    """A phone whose browser runs no script, in the room."""
    phone: Participant = await arrive(browser, Participant, PHONE, locale="fr-FR", java_script_enabled=False)
    return await phone.join(f"{server.address}/f/{code}", "Camille")


async def test_O14_a_phone_whose_step_is_over_is_not_done_with_the_next_and_is_told(
    browser: Browser, server: ServerProcess
) -> None:
    scene = await played(server, "ideas")
    phone = await on_paper(browser, server, scene.opened.code)
    await expect(phone.form("SayDone")).to_be_visible()
    leads = await at_the_desk(browser, server, scene)
    before = await leads.page.locator(NOW).inner_text()
    while await leads.page.locator(NOW).inner_text() == before:
        await reads_and_goes_on(leads)

    await phone.form("SayDone").locator("button").click()
    await expect(phone.page.locator("body")).to_contain_text(OLD)
    await phone.page.goto(f"{server.address}/f/{scene.opened.code}")
    await expect(phone.form("TakeDoneBack")).to_have_count(0)


async def test_O14_a_desk_that_two_steps_have_left_behind_opens_none_and_says_where_the_room_is(
    browser: Browser, server: ServerProcess
) -> None:
    scene = await played(server, "welcome")
    leads = await at_the_desk(browser, server, scene)
    other = await at_the_desk(browser, server, scene, java_script_enabled=False)
    for _ in range(2):
        await reads_and_goes_on(leads)
    stands = await leads.page.locator(NOW).inner_text()

    await other.page.locator(OPENS).click()
    await expect(other.page.locator("body")).to_contain_text(OLD)
    await expect(other.page.locator(NOW)).to_have_text(stands)
    assert await leads.page.locator(NOW).inner_text() == stands


async def test_enter_in_the_title_of_a_theme_at_a_phone_makes_that_theme_of_what_is_ticked(
    browser: Browser, server: ServerProcess
) -> None:
    scene = await played(server, "sort")
    phone = await on_paper(browser, server, scene.opened.code)
    themes = phone.page.locator("section.theme h2")
    before = await themes.count()
    assert before
    boxes = phone.page.locator("li.idea.pick input[type=checkbox]")
    for nth in (0, 1):
        await boxes.nth(nth).check()
    title = phone.form("GroupIdeas").locator("input[name=title]")
    await title.fill(TITLE)
    await title.press("Enter")

    await expect(themes.filter(has_text=TITLE)).to_have_count(1)
    await expect(themes).to_have_count(before + 1)
    made = phone.page.locator("section.theme", has=phone.page.locator("h2", has_text=TITLE))
    await expect(made.locator("li.idea")).to_have_count(2)
