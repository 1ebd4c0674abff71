"""The random driver itself: it sees what it is there to see. ``make hands`` plays thousands of gestures."""

from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.hands.gestures import Hand
from tests.hands.judge import Judge
from tests.hands.room import a_room

FORGETS = """
document.addEventListener("forum:applied", () => {
  for (const field of document.querySelectorAll("form[data-op=PostIdea] textarea")) field.value = "";
});
"""
STEALS = """
document.addEventListener("forum:applied", () => {
  const button = document.querySelector("form[data-op=SetTimer] button[name=seconds]");
  if (button) button.value = "3600";
});
"""


async def goes_to_the_cards(desk: Hand, phone: Hand) -> None:
    """Press on, as slowly as one reads, until cards can be written."""
    field = phone.page.locator("form[data-op=PostIdea] textarea")
    for _ in range(3):
        if await field.count():
            return
        before = await desk.page.locator(".now-title").inner_text()
        await desk.page.evaluate("new Promise((read) => setTimeout(read, 600))")
        await desk.page.locator(".now-main .now-button").click()
        await expect(desk.page.locator(".now-title")).not_to_have_text(before)
        await phone.page.evaluate("new Promise((shown) => setTimeout(shown, 400))")


@pytest.mark.further
async def test_a_page_that_forgets_what_was_typed_and_a_press_on_what_has_just_changed_are_seen(
    browser: Browser, tmp_path: Path
) -> None:
    async with a_room(browser, tmp_path, seed=1) as room:
        judge = Judge(room)
        [desk, other, _], phone = room.desks, room.phones[0]
        await goes_to_the_cards(desk, phone)
        field = phone.page.locator("form[data-op=PostIdea] textarea")
        await field.tap()
        await phone.page.keyboard.insert_text("Un lieu ouvert")
        await judge.look()
        assert (judge.held, judge.wrong) == (1, [])

        await phone.page.evaluate(FORGETS)
        await desk.page.evaluate(STEALS)
        await other.page.locator("form[data-op=SetTimer] button[name=seconds]").first.click()
        await phone.page.locator("[data-ends-at]").first.wait_for()
        await judge.look()

    assert any("Un lieu ouvert" in what for what in judge.wrong), judge.wrong


@pytest.mark.further
async def test_what_leads_and_was_pressed_by_nobody_or_on_another_page_and_what_was_lost_is_seen_in_the_journal(
    browser: Browser, tmp_path: Path
) -> None:
    async with a_room(browser, tmp_path, seed=1) as room:
        judge, desk = Judge(room), room.desks[0]
        await desk.page.locator(".now-main .now-button").click()
        await desk.page.locator("form[data-op=PostIdea], .timer").first.wait_for()
        await judge.look()
        assert await judge.read_journal() > 0
        assert judge.wrong == []

        judge.taken.add("Un texte accepté")
        judge.pressed = {
            op: press._replace(title="Vos idées", phase="open") for op, press in judge.pressed.items()
        }
        await judge.read_journal()
        judge.pressed.clear()
        await judge.read_journal()

    for fault in ("not in the journal", "“Vos idées, open” stood", "nobody pressed"):
        assert any(fault in what for what in judge.wrong), judge.wrong
