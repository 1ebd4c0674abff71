"""The landing of a secret link: the secret goes to the server once, and stays nowhere in the browser."""

from playwright.async_api import Page, expect

from tests.browser.client.toyroom import Room


async def test_the_secret_is_handed_over_and_leaves_no_trace(
    page: Page, room: Room, faults: list[str]
) -> None:
    await page.goto("about:blank")
    await page.goto(f"{room.address}/desk#good")
    await page.wait_for_url(room.address)
    assert room.entered == [{"secret": "good", "ticket": ""}]
    assert await page.evaluate("history.length") == 2  # the landing page is not gone back to


async def test_a_link_that_has_ended_says_so_and_leaves_the_way_by_hand(
    page: Page, room: Room, faults: list[str]
) -> None:
    await page.goto(f"{room.address}/desk#bad")
    await expect(page.locator("[data-say]")).to_have_text("This link has ended.")
    assert page.url == f"{room.address}/desk"
    await page.fill("[name=secret]", "good")
    await page.click("button")
    await page.wait_for_url(room.address)


async def test_without_an_answer_it_says_what_to_do(page: Page, room: Room, faults: list[str]) -> None:
    await page.route("**/enter", lambda route: route.abort())
    await page.goto(f"{room.address}/desk#good")
    await expect(page.locator("[data-say]")).to_have_text("No answer.")


async def test_a_ticket_waits_for_the_person_to_press(page: Page, room: Room, faults: list[str]) -> None:
    room.waits = True
    await page.goto(f"{room.address}/desk#good")
    await expect(page.locator("[name=secret]")).to_have_value("good")
    assert page.url == f"{room.address}/desk"
    await page.fill("[name=name]", "Ana")
    await page.click("button")
    await page.wait_for_url(room.address)
    assert room.entered == [{"name": "Ana", "secret": "good"}]


async def test_nothing_is_sent_without_a_secret(page: Page, room: Room, faults: list[str]) -> None:
    await page.goto(f"{room.address}/desk")
    await page.fill("[name=secret]", "bad")
    await page.click("button")
    await room.until(lambda: bool(room.entered))
    assert room.entered == [{"name": "", "secret": "bad"}]
