"""What somebody typed comes back to them: refused, drafted, while the page around it changes."""

import pytest
from playwright.async_api import Page, expect

from tests.browser.client.conftest import SAY, UNANSWERED, opened, write
from tests.browser.client.toyroom import COMPOSER, Room


async def test_a_refusal_gives_the_text_back_and_says_why(live: Page, room: Room) -> None:
    room.judge = lambda kind, body: "Writing is closed."
    await write(live, "Too late")
    await expect(live.locator(SAY)).to_have_text("Writing is closed.")
    await expect(live.locator("#text")).to_have_value("Too late")
    await expect(live.locator(".waiting")).to_have_count(0)
    room.judge = lambda kind, body: None
    await live.press("#text", "Enter")
    await room.until(lambda: room.texts() == ["Too late"])
    await expect(live.locator(SAY)).to_have_text("")


async def test_a_refused_text_never_overwrites_what_was_typed_meanwhile(live: Page, room: Room) -> None:
    room.judge = lambda kind, body: "Writing is closed."
    room.mute = True
    await write(live, "Refused one")
    await room.until(lambda: len(room.arrived) == 1)
    await live.fill("#text", "Next one")
    room.mute = False
    await room.cut()
    dialog = live.locator("dialog")
    await expect(dialog.locator("p").first).to_have_text("Writing is closed. Here is your text:")
    await expect(dialog.locator("textarea")).to_have_value("Refused one")
    await dialog.locator("button").click()
    await expect(live.locator("#text")).to_have_value("Next one")
    await expect(dialog).to_have_count(0)


async def test_a_refusal_stays_readable_while_the_fragment_around_it_is_updated(
    page: Page, room: Room, faults: list[str]
) -> None:
    form = '<form data-op="Rename" data-keep><input name="title" value="old"><p data-say></p><button>{}</button></form>'
    room.judge = lambda kind, body: "Somebody else renamed it."
    await opened(page, room)
    await room.put("theme", form.format("Go"))
    await page.fill("#theme input", "mine")
    await page.click("#theme button")
    await expect(page.locator("#theme [data-say]")).to_have_text("Somebody else renamed it.")
    await room.put("theme", form.format("Again"))
    await expect(page.locator("#theme button")).to_have_text("Again")
    await expect(page.locator("#theme [data-say]")).to_have_text("Somebody else renamed it.")
    await expect(page.locator("#theme input")).to_have_value("mine")


async def test_a_refused_text_is_shown_where_its_form_has_become_another(live: Page, room: Room) -> None:
    form = '<form data-op="{}"><input id="title" name="{}"><button>Go</button></form>'
    await room.put("a", form.format("Rename", "text"))
    room.mute, room.judge = True, lambda kind, body: "Closed meanwhile."
    await live.fill("#title", "a long thought")
    await live.press("#title", "Enter")
    await room.until(lambda: len(room.arrived) == 1)
    room.mute = False
    await room.put("a", form.format("Make", "title"))
    await room.cut()
    await expect(live.locator("dialog[open]")).to_contain_text("Closed meanwhile.")
    await expect(live.locator("dialog[open] textarea")).to_have_value("a long thought")


async def test_a_draft_survives_a_reload_until_it_is_sent(live: Page, room: Room) -> None:
    await live.fill("#text", "half an idea")
    await opened(live, room)
    await expect(live.locator("#text")).to_have_value("half an idea")
    await live.press("#text", "Enter")
    await room.until(lambda: room.texts() == ["half an idea"])
    await opened(live, room)
    await expect(live.locator("#text")).to_have_value("")


async def test_a_card_that_the_browser_posted_is_no_draft_once_the_server_has_led_on(
    page: Page, room: Room, faults: list[str]
) -> None:
    room.away = True
    await opened(page, room, UNANSWERED)
    async with page.expect_navigation():
        await write(page, "More trees")
    await expect(page.locator("#text")).to_have_value("")
    assert "More trees" not in await page.evaluate("JSON.stringify({...localStorage, ...sessionStorage})")
    await page.fill("#text", "half an idea")  # what comes after is a draft again
    await opened(page, room, UNANSWERED)
    await expect(page.locator("#text")).to_have_value("half an idea")


@pytest.mark.parametrize("why", ["refused", "no network"])
async def test_a_card_that_the_browser_posted_in_vain_stays_a_draft(
    page: Page, room: Room, faults: list[str], why: str
) -> None:
    room.away = True
    await opened(page, room, UNANSWERED)
    if why == "refused":
        room.judge = lambda kind, body: "Writing is closed."
        async with page.expect_navigation():
            await write(page, "More trees")
    else:
        await page.route("**/commands/*", lambda route: route.abort())
        async with page.expect_event("requestfailed"):
            await write(page, "More trees")
        await page.wait_for_url("chrome-error://**")
        await page.goto(room.address)
    await expect(page.locator("#text")).to_have_value("More trees")


async def test_letters_are_counted_as_people_count_them(live: Page, room: Room) -> None:
    counter = live.locator("[data-left-of]")
    await live.fill("#text", "é👩‍👧‍👦")
    await expect(counter).to_have_text("18 left")
    await live.fill("#text", "x" * 17)
    await expect(counter).to_have_attribute("data-near", "")
    await live.fill("#text", "x" * 23)
    await expect(counter).to_have_text("3 too many")
    await expect(counter).to_have_attribute("data-over", "")


async def test_what_a_form_that_is_no_command_posted_is_no_draft_once_the_server_has_led_on(
    page: Page, room: Room, faults: list[str]
) -> None:
    """Such as a name at the desk, of somebody without a phone: one more press would have added them twice."""
    newcomer = COMPOSER.replace(' data-op="PostIdea"', "")
    assert newcomer != COMPOSER
    room.outside = newcomer
    await opened(page, room)
    async with page.expect_navigation():
        await write(page, "Odette")
    await expect(page.locator("#text")).to_have_value("")
    assert "Odette" not in await page.evaluate("JSON.stringify({...localStorage, ...sessionStorage})")
