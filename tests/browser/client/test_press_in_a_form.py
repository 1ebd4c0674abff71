"""Whoever writes in a form means its button, wherever it went meanwhile."""

import pytest
from playwright.async_api import Page, expect

from tests.browser.client.test_press import MOMENT, TOLD, hurried
from tests.browser.client.toyroom import Room


@pytest.mark.parametrize("wrote", [True, False], ids=["wrote", "did-not-write"])
async def test_a_button_that_a_list_moved_is_taken_from_whoever_writes_in_its_form(
    page: Page, room: Room, faults: list[str], wrote: bool
) -> None:
    await hurried(page, room)
    form = '<details><summary>Propose</summary><form data-op="Say"><input name="text"><button>Go</button></form></details>'
    await room.put("card1", "a card", place="board", order="1", tag="li")
    await room.put("write", form, order="9")
    await expect(page.locator("#write")).to_have_count(1)
    await page.evaluate(MOMENT)
    await page.click("#write summary")
    await page.fill("#write input", "a text")
    if not wrote:
        await page.evaluate("document.activeElement.blur()")
    await room.put("card2", "another", place="board", order="2", tag="li")
    await expect(page.locator("#card2")).to_have_count(1)
    await page.click("#write button")
    if wrote:
        await room.until(lambda: len(room.accepted) == 1)
        await expect(page.locator(TOLD)).to_have_count(0)
        return
    await expect(page.locator(TOLD)).to_have_count(1)  # until the next press, wherever that is
    assert room.accepted == []
    await page.click("#write summary")
    await expect(page.locator(TOLD)).to_have_count(0)
