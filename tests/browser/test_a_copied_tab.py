"""A tab of a phone is copied: what either sends is saved once, is said to be saved, and comes back as refused in neither."""

import json

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.test_docks import PHONE, Hall, hall
from tests.further import further

__all__ = ["hall"]

KEPT = "() => JSON.stringify({ ...sessionStorage })"
COPY = "for (const [key, value] of Object.entries(JSON.parse(%s))) sessionStorage.setItem(key, value);"


@pytest.mark.parametrize("first", ["wakes", *further("is closed")])
async def test_a_copied_tab_saves_what_it_sends_and_gives_nothing_back(
    browser: Browser, hall: Hall, first: str
) -> None:
    phone = await hall.page(browser, "phone", PHONE)
    await writes(phone, "Avant la copie")
    copy = await phone.context.new_page()
    await copy.add_init_script(COPY % json.dumps(await phone.evaluate(KEPT)))
    if first == "is closed":
        await phone.close()
    await copy.goto(hall.address)
    await expect(copy.locator("html[data-link=live]")).to_have_count(1)
    await writes(copy, "De la copie")
    there = [copy]
    if first == "wakes":
        await writes(phone, "Du premier")
        there.append(phone)

    for page in there:
        for text in ("Avant la copie", "De la copie", *(["Du premier"] if first == "wakes" else [])):
            await expect(page.locator("#my-ideas li", has_text=text)).to_have_count(1)
        await expect(page.locator("dialog[open], [data-untaken]")).to_have_count(0)
        await expect(page.locator("form[data-op=PostIdea] textarea")).to_have_value("")


async def writes(page: Page, text: str) -> None:
    form = page.locator("form[data-op=PostIdea]")
    await form.locator("textarea").fill(text)
    await form.locator("button").click()
    await expect(page.locator("#my-ideas li", has_text=text).get_by_text("Enregistré")).to_be_visible()
