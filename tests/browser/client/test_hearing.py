"""F11 in a real page: each change is said once, whatever the connection does, and the title goes along."""

from playwright.async_api import Page, expect

from tests.browser.client.conftest import opened
from tests.browser.client.toyroom import Fragment, Room

SAID = """() => { globalThis.said = [];
  new MutationObserver((all) => all.forEach((one) => one.addedNodes.forEach((el) => said.push(el.textContent.trim()))))
    .observe(document.querySelector("[data-announce]"), { childList: true }); }"""


async def heard(room: Room, *changes: tuple[int, str], title: str = "A title", more: str = "") -> None:
    said = "".join(f'<p data-n="{n}" {more}>{text}</p>' for n, text in changes)
    html = f'<div id="heard" data-order="99" hidden data-title="{title}">{said}</div>'
    room.seq += 1
    room.fragments["heard"] = Fragment("root", "99", html, room.seq)
    await room.tell()


async def said(page: Page, room: Room) -> list[str]:
    """What was said so far; everything sent before has arrived."""
    await room.put("mark", str(room.seq))
    await expect(page.locator("#mark")).to_have_text(str(room.seq - 1))
    found: list[str] = await page.evaluate("said")
    return found


async def test_each_change_is_said_once_also_by_a_page_that_comes_back(
    page: Page, room: Room, faults: list[str]
) -> None:
    await heard(room, (1, "What was said before"))
    await opened(page, room)
    await page.evaluate(SAID)
    assert await said(page, room) == []

    await heard(room, (1, "What was said before"), (7, "Step 2."), title="2 – Forum")
    await expect(page).to_have_title("2 – Forum")
    await heard(room, (7, "Step 2."))  # drawn anew, with the same number
    assert await said(page, room) == ["Step 2."]

    room.away = True
    await room.cut()
    await heard(room, (7, "Step 2."), (9, "The time runs."), (11, "The result. {result}"))
    await room.put("line", "<b data-heard>One comes first, for $&amp;</b>")
    room.away = False
    await room.until(lambda: bool(room.seats))
    assert await said(page, room) == ["Step 2.", "The time runs. The result. One comes first, for $&"]

    await heard(room, (5, "Step 1."))  # another history, in which less had happened
    assert (await said(page, room))[2:] == ["Step 1."]


async def test_what_one_did_oneself_is_not_told_as_somebody_elses(
    page: Page, room: Room, faults: list[str]
) -> None:
    await opened(page, room)
    await page.evaluate(SAID)
    await heard(room, (7, "moved cards"), more='data-by="p2" data-who="Béa " data-own="Saved."')
    await heard(room, (8, "moved cards"), more='data-by="p1" data-who="Paul " data-own="Saved."')
    await heard(room, (9, "Step 3."), more='data-by="p1" data-who="Paul: "')

    assert await said(page, room) == ["Béa moved cards", "Saved.", "Step 3."]


async def test_a_new_step_begins_at_its_title_unless_somebody_writes(live: Page, room: Room) -> None:
    await live.evaluate("document.body.style.minHeight = '400vh'")
    await heard(room, title="1 – Forum")
    await expect(live).to_have_title("1 – Forum")
    await live.evaluate("scrollTo(0, 300)")
    await heard(room, title="1 – Forum")
    assert await live.evaluate("scrollY") == 300
    await heard(room, title="2 – Forum")
    await expect(live).to_have_title("2 – Forum")
    assert await live.evaluate("scrollY") == 0
    await live.locator("#text").focus()
    await live.evaluate("scrollTo(0, 300)")
    await heard(room, title="3 – Forum")
    await expect(live).to_have_title("3 – Forum")
    assert await live.evaluate("scrollY") == 300
