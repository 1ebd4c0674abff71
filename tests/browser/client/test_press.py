"""Hands that hurry: a press on what has just changed or moved is not taken, and lists hold still under the hand."""

import asyncio
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.client.conftest import opened, until
from tests.browser.client.toyroom import HOST, Room
from tests.browsers.engines import engine, page_in
from tests.browsers.pages import Page as EnginePage
from tests.browsers.pages import until as comes_about
from tests.further import further
from tests.unhurried import HURRIED

TOLD = ".not-taken"
MOMENT = "new Promise((over) => setTimeout(over, 550))"  # a hand that has read


def asks(op: str, deed: int = 0, label: str = "Go") -> str:
    return (
        f'<form data-op="{op}" data-keep><input type="hidden" name="deed" data-type="int" value="{deed}">'
        f"<button>{label}</button></form>"
    )


async def hurried(page: Page, room: Room) -> Page:
    """A page of somebody who presses at once."""
    room.first = HURRIED
    return await opened(page, room)


def done(room: Room) -> list[tuple[str, Any]]:
    return [(kind, body.get("deed")) for _, _, kind, body in room.accepted]


async def at(page: Page, selector: str) -> tuple[float, float]:
    box = await page.locator(selector).bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


async def test_a_press_on_a_button_that_has_just_changed_is_not_taken_and_said_so(
    page: Page, room: Room, faults: list[str]
) -> None:
    await hurried(page, room)
    await room.put("lead", asks("OpenStep", 1, "Next: sort"))
    await page.evaluate(MOMENT)
    await page.click("#lead button")
    await room.until(lambda: done(room) == [("OpenStep", 1)])
    await room.put("lead", asks("OpenStep", 2, "Next: vote"))
    await until(page, "document.querySelector('#lead button').textContent === 'Next: vote'")
    await page.click("#lead button")  # the second click of two
    await expect(page.locator(TOLD)).to_have_text("This button has just changed.")
    await page.evaluate(MOMENT)
    assert done(room) == [("OpenStep", 1)]
    await page.click("#lead button")

    await room.until(lambda: done(room) == [("OpenStep", 1), ("OpenStep", 2)])


async def test_a_key_on_a_button_that_has_just_changed_is_not_taken_either(
    page: Page, room: Room, faults: list[str]
) -> None:
    await hurried(page, room)
    await room.put("lead", asks("FreezeStep", 1, "Freeze"))
    await page.evaluate(MOMENT)
    await page.focus("#lead button")
    await room.put("lead", asks("ReopenStep", 1, "Reopen"))
    await until(page, "document.querySelector('#lead button').textContent === 'Reopen'")
    await page.keyboard.press("Enter")
    await expect(page.locator(TOLD)).to_have_count(1)
    await page.evaluate(MOMENT)
    await page.keyboard.press("Enter")

    await room.until(lambda: done(room) == [("ReopenStep", 1)])


async def test_enter_in_a_field_waits_too_and_the_text_stays(
    page: Page, room: Room, faults: list[str]
) -> None:
    await hurried(page, room)
    form = '<form data-op="Say"><input type="hidden" name="step" value="{}"><input name="text"><button>Go</button></form>'
    await room.put("write", form.format("s1"))
    await page.evaluate(MOMENT)
    await page.fill("#write [name=text]", "half")
    await room.put("write", form.format("s2"))
    await until(page, "document.querySelector('#write [name=step]').value === 's2'")
    await page.press("#write [name=text]", "Enter")
    await expect(page.locator(TOLD)).to_have_count(1)
    await expect(page.locator("#write [name=text]")).to_have_value("half")

    assert room.accepted == []


async def test_a_button_that_counts_takes_quick_taps_whatever_comes_back(
    page: Page, room: Room, faults: list[str]
) -> None:
    await hurried(page, room)
    more = '<form data-op="GiveMark" data-keep><button name="mark" data-type="int" data-add="1" value="{}">+</button></form>'
    await room.put("mark", more.format(1))
    await page.evaluate(MOMENT)
    for n in (1, 2, 3):
        await page.click("#mark button")
        await room.until(lambda n=n: len(room.accepted) == n)
        await room.put("mark", more.format(n + 1))
        await until(page, f"document.querySelector('#mark button').value === '{n + 1}'")

    assert [body["mark"] for _, _, _, body in room.accepted] == [1, 2, 3]
    await expect(page.locator(TOLD)).to_have_count(0)


async def test_what_an_unchanged_button_says_is_taken_however_often_its_fragment_comes(
    page: Page, room: Room, faults: list[str]
) -> None:
    await hurried(page, room)
    await room.put("now", "<b>1 card</b>" + asks("CloseStep"))
    await page.evaluate(MOMENT)
    await room.put("now", "<b>2 cards</b>" + asks("CloseStep"))
    await until(page, "document.querySelector('#now b').textContent === '2 cards'")
    await page.click("#now button")

    await room.until(lambda: done(room) == [("CloseStep", 0)])


async def test_the_second_of_two_clicks_does_not_answer_the_question_that_the_first_opened(
    page: Page, room: Room, faults: list[str]
) -> None:
    room.outside = '<form data-op="Reveal" data-confirm="Show all?"><button>Reveal</button></form>'
    await hurried(page, room)
    await page.evaluate(
        """async () => {
          document.querySelector("form[data-op=Reveal] button").click();
          await new Promise(requestAnimationFrame);
          document.querySelector("dialog button[value=yes]").click();
        }"""
    )
    await expect(page.locator(f"dialog {TOLD}")).to_have_count(1)
    assert room.accepted == []
    await page.evaluate(MOMENT)
    await page.click("dialog button[value=yes]")

    await room.until(lambda: done(room) == [("Reveal", None)])


async def lists(page: Page, room: Room) -> None:
    """Gestures to undo, the newest first."""
    await hurried(page, room)
    for n in (1, 2, 3):
        await room.put(f"deed{n}", asks("Undo", n), place="board", order=f"{9 - n}", tag="li")
    await expect(page.locator("#board > li")).to_have_count(3)
    await page.evaluate(MOMENT)


async def test_a_list_holds_still_under_a_mouse_that_moves_and_goes_on_after_the_press(
    page: Page, room: Room, faults: list[str]
) -> None:
    await lists(page, room)
    x, y = await at(page, "#deed2 button")
    await page.mouse.move(x, y - 4)
    await page.mouse.move(x, y)
    await room.put("deed4", asks("Undo", 4), place="board", order="5", tag="li")
    await room.put("later", "after it")
    await page.mouse.move(x, y - 1)
    assert await page.locator("#deed4, #later").count() == 0
    await page.mouse.click(x, y)
    await room.until(lambda: done(room) == [("Undo", 2)])

    await expect(page.locator("#board > li").first).to_have_attribute("id", "deed4")
    await expect(page.locator("#later")).to_have_count(1)


async def test_a_list_within_one_fragment_holds_still_as_well(
    page: Page, room: Room, faults: list[str]
) -> None:
    deeds = lambda *numbers: "<ol>" + "".join(f"<li>{asks('Undo', n)}</li>" for n in numbers) + "</ol>"  # noqa: E731
    await hurried(page, room)
    await room.put("deeds", deeds(3, 2, 1))
    await page.evaluate(MOMENT)
    x, y = await at(page, "#deeds li:first-child button")
    await page.mouse.move(x, y)
    await page.mouse.move(x, y + 1)
    await room.put("deeds", deeds(4, 3, 2))
    await page.mouse.click(x, y)

    await room.until(lambda: done(room) == [("Undo", 3)])
    await expect(page.locator("#deeds [value='4']")).to_have_count(1)


async def test_nothing_changes_between_the_beginning_of_a_press_and_its_end(
    page: Page, room: Room, faults: list[str]
) -> None:
    await hurried(page, room)
    await room.put("lead", asks("FreezeStep", 1, "Freeze"))
    await page.evaluate(MOMENT)
    await page.hover("#lead button")
    await page.mouse.down()
    await room.put("lead", asks("ReopenStep", 1, "Reopen"))
    await page.evaluate("new Promise((over) => setTimeout(over, 200))")
    await expect(page.locator("#lead button")).to_have_text("Freeze")
    await page.mouse.up()

    await room.until(lambda: done(room) == [("FreezeStep", 1)])
    assert room.arrived[0]["seen"] == 1  # of the change, nothing was seen
    await expect(page.locator("#lead button")).to_have_text("Reopen")


async def test_what_waits_under_a_mouse_that_never_rests_comes_after_three_seconds(
    page: Page, room: Room, faults: list[str]
) -> None:
    await lists(page, room)
    x, y = await at(page, "#deed2 button")
    await page.mouse.move(x, y)
    await page.mouse.move(x, y + 1)
    await room.put("deed4", asks("Undo", 4), place="board", order="5", tag="li")
    began = asyncio.get_running_loop().time()
    while not await page.locator("#deed4").count():
        await page.mouse.move(x, y)
        await page.mouse.move(x, y + 1)

    assert 2 < asyncio.get_running_loop().time() - began < 6


async def test_what_comes_under_a_mouse_that_rests_is_not_pressed(
    page: Page, room: Room, faults: list[str]
) -> None:
    await lists(page, room)
    x, y = await at(page, "#deed2 button")
    await page.mouse.move(x, y)
    await page.evaluate("new Promise((over) => setTimeout(over, 1100))")
    await room.put("deed4", asks("Undo", 4), place="board", order="5", tag="li")
    await expect(page.locator("#deed4")).to_have_count(1)
    await page.mouse.down()
    await page.mouse.up()
    await expect(page.locator(TOLD)).to_have_count(1)
    assert done(room) == []


async def test_a_list_goes_on_at_once_below_the_mouse_and_elsewhere(
    page: Page, room: Room, faults: list[str]
) -> None:
    await lists(page, room)
    x, y = await at(page, "#deed2 button")
    await page.mouse.move(x, y)
    await page.mouse.move(x, y + 1)
    await room.put("deed0", asks("Undo", 0), place="board", order="9", tag="li")
    await room.put("count", "3")
    await until(page, "document.querySelector('#deed0') && document.querySelector('#count')")
    await page.mouse.click(x, y)

    await room.until(lambda: done(room) == [("Undo", 2)])


async def under_a_list(page: Page, room: Room) -> None:
    """A button below a list in which it does not stand."""
    await hurried(page, room)
    await room.put("card1", "a card", place="board", order="1", tag="li")
    await room.put("lead", asks("OpenStep"), order="9")
    await expect(page.locator("#lead button")).to_have_count(1)
    await page.evaluate(MOMENT)


async def test_the_first_press_on_a_button_that_a_list_above_it_moved_is_not_taken(
    page: Page, room: Room, faults: list[str]
) -> None:
    await under_a_list(page, room)
    await room.put("card2", "another", place="board", order="2", tag="li")
    await expect(page.locator("#card2")).to_have_count(1)
    await page.click("#lead button")
    await expect(page.locator(TOLD)).to_have_count(1)
    await page.evaluate(MOMENT)
    assert done(room) == []
    await room.delete("card1")
    await expect(page.locator("#card1")).to_have_count(0)
    await page.evaluate(MOMENT)
    await page.click("#lead button")

    await room.until(lambda: done(room) == [("OpenStep", 0)])


async def test_the_first_press_on_a_button_whose_own_fragment_grew_above_it_is_not_taken(
    page: Page, room: Room, faults: list[str]
) -> None:
    await hurried(page, room)
    await room.put("lead", "<p>Ideas</p>" + asks("OpenStep"))
    await page.evaluate(MOMENT)
    await room.put("lead", "<p>Ideas</p><p>Another desk wrote this.</p>" + asks("OpenStep"))
    await expect(page.locator("#lead p")).to_have_count(2)
    await page.click("#lead button")
    await expect(page.locator(TOLD)).to_have_count(1)
    await page.evaluate(MOMENT)
    assert done(room) == []
    await room.put("lead", "<p>Themes</p><p>Another desk wrote that.</p>" + asks("OpenStep"))
    await expect(page.locator("#lead")).to_contain_text("Themes")
    await page.click("#lead button")

    await room.until(lambda: done(room) == [("OpenStep", 0)])


async def test_a_button_that_moved_is_pressed_at_once_where_it_lay_under_the_finger_before(
    page: Page, room: Room, faults: list[str]
) -> None:
    await under_a_list(page, room)
    await page.evaluate("document.querySelector('#lead button').style.height = '80px'")
    await page.evaluate(MOMENT)
    await room.put("card2", "another", place="board", order="2", tag="li")
    await expect(page.locator("#card2")).to_have_count(1)
    await page.click("#lead button")

    await room.until(lambda: done(room) == [("OpenStep", 0)])


STANDS = {
    "the button is in a dock": "lead.style.position = 'fixed'; lead.style.top = '50%'",
    "the list is in another column": "lead.parentElement.style.cssText = 'display: grid; grid-template-columns: 1fr 1fr'",
    "the list is full and scrolls by itself": "board.style.height = '5px'; board.style.overflowY = 'auto'",
    "the list is above the view": "document.body.style.paddingBottom = '300px'; lead.style.marginTop = '3000px'; lead.scrollIntoView({block: 'center'})",
}


@pytest.mark.parametrize("why", STANDS)
async def test_what_a_list_above_it_does_not_move_is_pressed_at_once(
    page: Page, room: Room, faults: list[str], why: str
) -> None:
    await under_a_list(page, room)
    await page.evaluate(
        f"() => {{ const [lead, board] = ['lead', 'board'].map((id) => document.getElementById(id)); {STANDS[why]} }}"
    )
    await page.evaluate(MOMENT)
    await room.put("card2", "another", place="board", order="2", tag="li")
    await expect(page.locator("#card2")).to_have_count(1)
    await page.click("#lead button")

    await room.until(lambda: done(room) == [("OpenStep", 0)])


PLACE = """const box = document.querySelector("#lead button").getBoundingClientRect();
return [box.left + box.width / 2, box.top + box.height / 2];"""


async def a_moment(page: EnginePage) -> None:
    await page.run(
        "document.body.dataset.read = ''; setTimeout(() => document.body.dataset.read = 'so', 550)"
    )
    await comes_about(page, "return document.body.dataset.read", what="a moment")


@pytest.mark.parametrize("name", further("Firefox ESR", "WebKitGTK"))
async def test_other_engines_do_not_take_it_either(room: Room, name: str) -> None:
    room.first = HURRIED
    async with page_in(engine(name)) as page:
        await page.open(room.address.replace(HOST, "127.0.0.1"))
        await comes_about(page, "return !!document.querySelector('html[data-link=live]')", what="it is live")
        await room.put("lead", asks("OpenStep", 1, "Next: sort"))
        await comes_about(page, "return !!document.querySelector('#lead button')", what="the button")
        await a_moment(page)
        await room.put("lead", asks("OpenStep", 2, "Next: vote"))
        await comes_about(page, "return document.body.textContent.includes('Next: vote')", what="the change")
        await page.tap(*await page.run(PLACE))
        await comes_about(page, f"return !!document.querySelector('{TOLD}')", what="what is said")
        assert room.accepted == []
        await a_moment(page)
        await page.tap(*await page.run(PLACE))
        await room.until(lambda: done(room) == [("OpenStep", 2)])


@pytest.mark.parametrize("name", further("Firefox ESR", "WebKitGTK"))
async def test_other_engines_take_no_first_press_on_what_a_list_above_moved(room: Room, name: str) -> None:
    room.first = HURRIED
    async with page_in(engine(name)) as page:
        await page.open(room.address.replace(HOST, "127.0.0.1"))
        await comes_about(page, "return !!document.querySelector('html[data-link=live]')", what="it is live")
        await room.put("lead", asks("OpenStep", 1), order="9")
        await comes_about(page, "return !!document.querySelector('#lead button')", what="the button")
        await a_moment(page)
        await room.put("card", "a card", place="board", tag="li")
        await comes_about(page, "return !!document.querySelector('#card')", what="the card")
        await page.tap(*await page.run(PLACE))
        await comes_about(page, f"return !!document.querySelector('{TOLD}')", what="what is said")
        assert room.accepted == []
