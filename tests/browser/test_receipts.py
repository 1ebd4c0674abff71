"""A person votes, keeps the receipt, the room reveals, the person checks: with and without scripts."""

import time
from pathlib import Path

from playwright.async_api import Browser, Page, expect

from forum.demo.stage import Scene
from forum.journal import StoreAddress, open_journal
from forum.opening import agendas, open_forum
from tests.browser.people import DESK, PHONE, Facilitator, Participant, arrive
from tests.browser.test_access import axe_finds_nothing, played, sideways, tab_to

QUIET = {"locale": "en-GB", "reduced_motion": "reduce"}
STILL = {"locale": "fr-FR", "reduced_motion": "reduce", "bypass_csp": True}
SEND = "form[enctype] button:not([type=button])"


async def voting(browser: Browser, server) -> tuple[Participant, Facilitator]:
    """Somebody who wrote two cards and gave a point, and the desk."""
    async with open_journal(StoreAddress(None, server.data)) as journal:
        clock = lambda: time.time_ns() // 1_000_000  # noqa: E731
        opened = await open_forum(journal, agendas()["forum-eclair"], title="Vision", lang="en", clock=clock)
    address = f"{server.address}/f/{opened.code}"
    desk = await arrive(browser, Facilitator, DESK, **QUIET)
    phone = await (await arrive(browser, Participant, PHONE, **QUIET)).join(address, "Camille")
    await desk.enter(f"{address}/desk#{opened.desk}", "")
    for title in ("Welcome", "Why we are here", "Your ideas"):
        await desk.go()
        await desk.is_at(title)
    for text in ("One idea", "Another idea"):
        await phone.write(text)
        await expect(phone.page.locator(".idea.mine:not([data-pending])", has_text=text)).to_have_count(1)
    await desk.go()
    await desk.go()
    await desk.is_at("Group the ideas")
    await phone.sort(["One idea"], "First theme")
    await phone.sees("First theme")
    await phone.sort(["Another idea"], "Second theme")
    await phone.sees("Second theme")
    await desk.go()
    await desk.is_at("Vote on the themes")
    await phone.vote("First theme", 1)
    return phone, desk


async def reveal(desk: Facilitator) -> None:
    await desk.go()
    await expect(desk.page.locator(".state-closed")).to_have_count(1)
    await desk.go()
    await desk.sees("counted once")


async def held(page: Page) -> None:
    await expect(page.locator(".verdict")).to_be_visible()
    await expect(page.locator(".verdict-wrong")).to_have_count(0)


async def test_a_receipt_kept_before_the_reveal_is_checked_after_it(browser, server, tmp_path: Path):
    phone, desk = await voting(browser, server)
    page = phone.page
    await phone.sees("Saved")
    await tab_to(page, page.get_by_role("link", name="My receipt"), "Enter")
    async with page.expect_download() as saved:
        await page.get_by_role("button", name="Download").click()
    file = tmp_path / "receipt.txt"
    await (await saved.value).save_as(file)
    await expect(page.locator("[data-kept]")).to_be_visible()  # the page keeps it, once its script is there
    await reveal(desk)

    await page.get_by_role("link", name="Check a receipt").click()
    await page.set_input_files("input[type=file]", file)
    await page.get_by_role("button", name="Check", exact=True).click()
    await held(page)
    await page.get_by_text("Show what counts now").click()
    await expect(page.locator(".given")).to_have_text("1 point: A – First theme")

    stranger = await arrive(browser, Participant, PHONE, **QUIET)
    await stranger.page.goto(f"{server.address}/check")
    await stranger.page.fill("#receipt", file.read_text())
    await stranger.page.get_by_role("button", name="Check", exact=True).click()
    await held(stranger.page)
    assert "First theme" not in await stranger.page.content()

    await tab_to(page, page.get_by_role("button", name="Take the one kept"), "Enter")
    await tab_to(page, page.get_by_role("button", name="Check", exact=True), "Enter")
    await held(page)
    await expect(page.locator(".entry")).to_have_count(4)
    assert phone.faults == desk.faults == stranger.faults == []


async def test_a_receipt_is_accessible_and_needs_no_script(browser, server):
    scene = await played(server, "pledges")
    receipt, check = f"{scene.cast.address}/receipt", f"{scene.cast.address}/receipt/check"
    bare = await arrive(browser, Participant, PHONE, locale="fr-FR", java_script_enabled=False)
    await as_one_of_the_cast(bare, scene)
    await bare.page.goto(receipt)
    text = await bare.page.locator("#receipt-text").input_value()
    await expect(bare.page.locator("[data-copy]")).to_be_hidden()
    await bare.page.goto(check)
    await bare.page.fill("#receipt", text)
    await bare.page.locator(SEND).click()
    await held(bare.page)

    for look in (PHONE, {"viewport": {"width": 180, "height": 370}}):  # 360 px, and the same at 200 %
        phone = await arrive(browser, Participant, look, **STILL)
        await as_one_of_the_cast(phone, scene)
        await phone.page.goto(receipt)
        await phone.page.locator("details.points").first.evaluate("details => (details.open = true)")
        await is_fine(phone.page, axe=look is PHONE)
        await phone.page.goto(check)
        await phone.page.fill("#receipt", text.replace(":card:", ":ballot:"))
        await phone.page.locator(SEND).click()
        await expect(phone.page.locator(".verdict-wrong")).to_be_visible()
        await is_fine(phone.page, axe=look is PHONE)
        await phone.context.close()


async def is_fine(page: Page, *, axe: bool) -> None:
    """Nothing for axe to find in the light or the dark, nothing to scroll sideways."""
    for scheme in ("light", "dark") if axe else ():
        await page.emulate_media(color_scheme=scheme)
        await axe_finds_nothing(page)
    assert await sideways(page) == 0, page.url


async def as_one_of_the_cast(phone: Participant, scene: Scene) -> None:
    name, value = scene.cast.actors[0].cookie.split("=", 1)
    await phone.context.add_cookies([{"name": name, "value": value, "url": scene.cast.address}])
