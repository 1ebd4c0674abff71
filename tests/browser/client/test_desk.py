"""The desk's own gestures: dragging with mouse and finger, and one key for what is done often."""

import asyncio

from playwright.async_api import Browser, Page, expect

from tests.browser.client.conftest import SECONDS, opened
from tests.browser.client.toyroom import Room


async def desk(page: Page, room: Room) -> None:
    room.surface = "desk"
    room.outside = """<button data-shortcut="n" data-opens="help">n</button><dialog id="help">Help</dialog>
    <input id="find" data-shortcut="/">"""
    await opened(page, room)
    for key in "abc":
        box = f'<label data-drag="idea" data-id="{key}"><input type="checkbox" name="ideas" value="{key}">Card {key}</label>'
        await room.put(key, box, place="board", order=key, tag="li")
    await room.put("t1", '<div data-drop="theme" data-id="t1">Theme</div>', order="8")
    await room.put("none", '<div data-drop="none">Without</div>', order="9")
    await expect(page.locator("#none")).to_be_visible()
    await listening(page)


async def listening(page: Page) -> None:
    """The desk's own script comes after the page is live: until then neither a key nor a drag is anybody's."""
    async with asyncio.timeout(SECONDS):
        while not await page.evaluate("document.activeElement.id === 'find'"):
            await page.keyboard.press("/")
    await page.evaluate("document.activeElement.blur()")


async def press(page: Page, card: str) -> None:
    box = await page.locator(f"#{card} label").bounding_box()
    assert box
    await page.mouse.move(box["x"] + box["width"] - 3, box["y"] + 5)
    await page.mouse.down()


async def carry(page: Page, target: str) -> None:
    box = await page.locator(f"#{target} > div").bounding_box()
    assert box
    await page.mouse.move(box["x"] + 5, box["y"] + 5, steps=4)


async def test_a_card_dragged_onto_a_theme_is_moved_there(page: Page, room: Room, faults: list[str]) -> None:
    await desk(page, room)
    await press(page, "b")
    await carry(page, "t1")
    await expect(page.locator("[data-drag-ghost]")).to_have_count(1)
    await expect(page.locator("#t1 > div")).to_have_attribute("data-drop-over", "")
    await page.mouse.up()
    await room.until(lambda: bool(room.accepted))
    assert room.accepted[0][2:] == ("MoveIdeas", {"ideas": ["b"], "theme": "t1"})
    await expect(page.locator("[data-drag-ghost]")).to_have_count(0)
    await expect(page.locator("#b input")).not_to_be_checked()  # the end of a drag is no click


async def test_all_ticked_cards_travel_with_the_one_that_is_dragged(
    page: Page, room: Room, faults: list[str]
) -> None:
    await desk(page, room)
    await page.check("#a input")
    await page.check("#c input")
    await press(page, "c")
    await carry(page, "none")
    await expect(page.locator("[data-drag-ghost]")).to_have_attribute("data-count", "2")
    await page.mouse.up()
    await room.until(lambda: bool(room.accepted))
    assert room.accepted[0][3] == {"ideas": ["a", "c"], "theme": None}
    await expect(page.locator("#a input")).not_to_be_checked()


async def test_escape_a_short_pull_and_a_drop_beside_change_nothing(
    page: Page, room: Room, faults: list[str]
) -> None:
    await desk(page, room)
    await press(page, "a")
    await carry(page, "t1")
    await page.keyboard.press("Escape")
    await expect(page.locator("[data-drag-ghost]")).to_have_count(0)
    await page.mouse.up()
    await press(page, "a")
    await page.mouse.up()  # a click: it ticks
    await expect(page.locator("#a input")).to_be_checked()
    await press(page, "b")
    await page.mouse.move(700, 5, steps=3)
    await page.mouse.up()
    await press(page, "b")
    await carry(page, "t1")
    await page.mouse.up()
    await room.until(lambda: bool(room.accepted))
    assert [body["ideas"] for *_, body in room.accepted] == [["b"]]


async def test_a_finger_drags_after_a_long_press_and_scrolls_before(browser: Browser, room: Room) -> None:
    context = await browser.new_context(has_touch=True)
    page = await context.new_page()
    await desk(page, room)
    touch = await context.new_cdp_session(page)

    async def place(of: str) -> list[dict[str, float]]:
        box = await page.locator(of).bounding_box()
        assert box
        return [{"x": box["x"] + 40, "y": box["y"] + 5}]

    async def finger(kind: str, at: list[dict[str, float]]) -> None:
        await touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})

    here, there = await place("#b label"), await place("#t1 > div")
    # At once: on a busy machine a finger would rest between its first two touches as long as a long press.
    await asyncio.gather(finger("touchStart", here), finger("touchMove", there))
    await finger("touchEnd", [])
    await page.evaluate(
        "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
    )
    await finger("touchStart", await place("#c label"))  # once the page has seen the first one go
    await expect(page.locator("[data-drag-ghost]")).to_have_count(1)
    await expect(page.locator("html[data-dragging]")).to_have_count(1)  # nothing can be selected meanwhile
    await finger("touchMove", await place("#t1 > div"))
    await finger("touchEnd", [])
    await expect(page.locator("html[data-dragging]")).to_have_count(0)
    await room.until(lambda: bool(room.accepted))
    assert [body["ideas"] for *_, body in room.accepted] == [["c"]]
    await context.close()


async def test_a_key_does_what_is_done_often_but_not_while_one_writes(
    page: Page, room: Room, faults: list[str]
) -> None:
    await desk(page, room)
    await page.keyboard.press("/")
    await expect(page.locator("#find")).to_be_focused()
    await page.keyboard.press("n")
    await expect(page.locator("#find")).to_have_value("n")
    await expect(page.locator("#help")).to_be_hidden()
    await page.locator("#find").blur()
    await page.keyboard.press("n")
    await expect(page.locator("#help")).to_be_visible()
