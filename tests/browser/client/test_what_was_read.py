"""An op says what the page showed when it was read: before the question, as the typing began, as the drag began."""

from playwright.async_api import Page, expect

from tests.browser.client.test_desk import carry, desk, press
from tests.browser.client.toyroom import Room

RENAME = '<form data-op="RenameTheme" data-keep><input type="hidden" name="theme" value="t1"><input id="title" name="title"></form>'
REVEAL = '<form data-op="RevealStep" data-confirm="Show them?"><button id="go">Go</button></form>'


async def told(page: Page, room: Room, text: str) -> None:
    """Something else changes, and the page shows it."""
    await room.put("news", f"<p>{text}</p>", order="9")
    await expect(page.locator("#news")).to_have_text(text)


def seen(room: Room) -> list[int]:
    return [op["seen"] for op in room.arrived]


async def test_yes_says_what_was_shown_when_the_question_was_asked(live: Page, room: Room) -> None:
    await room.put("a", REVEAL)
    await live.click("#go")
    await expect(live.locator("dialog[open]")).to_be_visible()
    asked_at = room.seq
    await told(live, room, "changed meanwhile")
    await live.locator("dialog[open] button").last.click()
    await room.until(lambda: len(room.accepted) == 1)

    assert seen(room) == [asked_at]


async def test_what_was_typed_says_what_was_shown_when_it_was_begun_and_pressed_again_what_is_shown_now(
    live: Page, room: Room
) -> None:
    await room.put("a", RENAME)
    await live.wait_for_selector("#title")
    begun_at = room.seq
    await live.locator("#title").press_sequentially("Tr")
    await told(live, room, "changed meanwhile")
    await live.locator("#title").press_sequentially("ees")
    await live.press("#title", "Enter")
    await room.until(lambda: len(room.accepted) == 1)
    await live.press("#title", "Enter")
    await room.until(lambda: len(room.accepted) == 2)
    await live.fill("#title", "")
    await told(live, room, "changed once more")
    await live.fill("#title", "Woods")
    await live.press("#title", "Enter")
    await room.until(lambda: len(room.accepted) == 3)

    first, again, anew = seen(room)
    assert first == begun_at < again < anew == room.seq - 1


async def test_a_drag_says_what_was_shown_when_it_began(page: Page, room: Room, faults: list[str]) -> None:
    await desk(page, room)
    began_at = room.seq
    await press(page, "b")
    await carry(page, "t1")
    await room.put("news", "<p>changed meanwhile</p>", order="9")
    await page.mouse.up()
    await room.until(lambda: bool(room.accepted))

    assert seen(room) == [began_at]
