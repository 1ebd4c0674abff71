"""A message that the server cannot read, or never hears: its text comes back, and nothing behind it waits or storms."""

import pytest
from playwright.async_api import Page, expect

from tests.browser.client.conftest import PREFIX, opened, until, write
from tests.browser.client.toyroom import Room

BROKEN = "half an emoji"
ROUND_TRIPS = 12


@pytest.mark.parametrize("number_read", [True, False], ids=["its-number-is-read", "nothing-is-read"])
async def test_W1_what_cannot_be_read_is_given_back_and_what_is_behind_it_is_taken_once(
    live: Page, room: Room, number_read: bool
) -> None:
    room.unreadable, room.number_read = BROKEN, number_read
    room.away = True
    await room.cut()
    for text in ("before", BROKEN, "behind", "and behind that"):
        await write(live, text)
    room.away = False
    await live.evaluate("dispatchEvent(new Event('online'))")
    await room.until(lambda: len(room.accepted) == 3)

    assert room.texts() == ["before", "behind", "and behind that"]
    await expect(live.locator("[data-say]")).to_have_text("Unreadable.")
    await expect(live.locator("#text")).to_have_value(BROKEN)
    await until(live, f"JSON.parse(localStorage['{PREFIX}{room.hellos[0]['cid']}']).ops.length === 0")
    arrived = len(room.arrived)
    assert sum(op["b"].get("text") == BROKEN for op in room.arrived) <= 5  # it came sixteen times a second
    await live.reload()
    await live.wait_for_selector("html[data-link=live]")
    await write(live, "later")
    await room.until(lambda: room.texts()[-1] == "later")
    assert len(room.arrived) == arrived + 1  # nothing of before was still to be sent


async def test_W1_while_something_else_stands_in_the_field_it_is_given_back_beside(
    live: Page, room: Room
) -> None:
    room.unreadable = BROKEN
    room.away = True
    await room.cut()
    await write(live, BROKEN)
    await live.fill("#text", "the next thought")
    room.away = False
    await live.evaluate("dispatchEvent(new Event('online'))")

    await expect(live.locator("dialog[open] textarea")).to_have_value(BROKEN)
    await expect(live.locator("#text")).to_have_value("the next thought")


async def test_what_is_behind_an_op_without_an_answer_is_not_sent_on_and_on(
    page: Page, room: Room, faults: list[str]
) -> None:
    await page.clock.install()
    await opened(page, room)
    await page.clock.pause_at(await page.evaluate("Date.now() / 1000 + 1"))
    room.swallows = 1
    await write(page, "not heard")
    await write(page, "behind it")
    await room.until(lambda: len(room.arrived) >= 2)
    for _ in range(ROUND_TRIPS):  # however much time passes elsewhere: none has for this page
        await room.say({"t": "hb", "g": room.gen, "top": room.seq, "c": room.chain(room.seq), "now": 1})
        await page.evaluate("fetch('/static/0a1b/icon.svg').then((answer) => answer.text())")
    assert [op["n"] for op in room.arrived] == [1, 2]
    await page.clock.run_for(1_000)
    await room.until(lambda: len(room.arrived) == 3)
    assert room.arrived[-1]["n"] == 2
    await room.cut()
    await page.clock.resume()
    await room.until(lambda: room.texts() == ["not heard", "behind it"])
