"""Hands that hurry, in a real forum: two clicks for one, Enter in a field, what changes under a finger."""

import time

import pytest
from playwright.async_api import Browser, Page, expect

from forum.demo.play import play
from forum.demo.stage import Scene, prepare
from forum.journal import StoreAddress, open_journal
from tests.browser.people import DESK, PHONE, Facilitator, Participant, arrive, opened
from tests.further import further
from tests.servers import ServerProcess
from tests.unhurried import HURRIED

TITLE = "Un thème à moi"
MOMENT = "new Promise((over) => setTimeout(over, 550))"  # a hand that has read
TOLD = ".not-taken"


async def played(server: ServerProcess, until: str) -> Scene:
    """A forum played by four people, up to the end of a step."""
    async with open_journal(StoreAddress(None, server.data)) as journal:
        clock = lambda: time.time_ns() // 1_000_000  # noqa: E731
        scene = await prepare(journal, server.address, people=4, seed=1, lang="fr", clock=clock)
    await play(scene.cast, lang="fr", seed=1, pace=0, until=until)
    return scene


async def at_the_desk(browser: Browser, server: ServerProcess, scene: Scene, **more: object) -> Facilitator:
    desk: Facilitator = await arrive(browser, Facilitator, DESK, locale="fr-FR", **more)
    await desk.context.add_init_script(HURRIED)
    address = f"{server.address}/f/{scene.opened.code}/desk"
    if more.get("java_script_enabled", True):
        return await desk.enter(f"{address}#{scene.opened.desk}", "")
    await desk.enter_plainly(f"{address}#{scene.opened.desk}")
    await desk.page.wait_for_load_state()
    return desk


async def twice(page: Page, selector: str, ms: int) -> None:
    """Two clicks of one hand, so far apart."""
    box = await page.locator(selector).bounding_box()
    assert box
    place = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    await page.mouse.click(*place)
    await page.evaluate("(ms) => new Promise((over) => setTimeout(over, ms))", ms)
    await page.mouse.click(*place)


@pytest.mark.parametrize("ms", [120, *further(30, 300)])
async def test_two_clicks_at_the_desk_skip_no_step(browser: Browser, server: ServerProcess, ms: int) -> None:
    desk = await at_the_desk(browser, server, await played(server, "welcome"))
    await desk.page.evaluate(MOMENT)
    before = await desk.page.locator(".now-title").inner_text()
    following = (await desk.page.locator(".now-main .now-button").inner_text()).partition(": ")[2]

    await twice(desk.page, ".now-main .now-button", ms)
    await expect(desk.page.locator(".now-title")).not_to_have_text(before)
    await desk.page.evaluate(MOMENT)

    assert following.strip() in await desk.page.locator(".now-title").inner_text()
    assert desk.faults == []


async def test_a_step_that_another_desk_opened_is_not_followed_by_the_next_that_nobody_read(
    browser: Browser, server: ServerProcess
) -> None:
    scene = await played(server, "welcome")
    one, other = await at_the_desk(browser, server, scene), await at_the_desk(browser, server, scene)
    before = await one.page.locator(".now-title").inner_text()
    await other.page.evaluate(MOMENT)
    await other.page.locator(".now-main .now-button").click()
    await expect(one.page.locator(".now-title")).not_to_have_text(before)
    opened = await one.page.locator(".now-title").inner_text()
    await one.page.locator(".now-main .now-button").click()
    await expect(one.page.locator(TOLD)).to_contain_text("Appuyez encore")
    await one.page.evaluate(MOMENT)

    assert await one.page.locator(".now-title").inner_text() == opened


@pytest.mark.parametrize("scripted", [True, False], ids=["script", "no-script"])
async def test_enter_in_the_title_of_a_new_theme_makes_that_theme(
    browser: Browser, server: ServerProcess, scripted: bool
) -> None:
    desk = await at_the_desk(browser, server, await played(server, "sort"), java_script_enabled=scripted)
    themes = desk.page.locator("section.theme h3")
    before = await themes.all_inner_texts()
    boxes = desk.page.locator(".theme .pick-line input")
    for nth in (0, 1):
        await boxes.nth(nth).check()
    await desk.page.press("#group-title", "Enter")  # nothing typed: it asks
    await expect(desk.page.locator("#group-title")).to_be_focused()
    await desk.page.fill("#group-title", TITLE)
    await desk.page.press("#group-title", "Enter")

    await expect(themes.filter(has_text=TITLE)).to_have_count(1)
    await expect(themes).to_have_count(len(before) + 1)
    made = desk.page.locator("section.theme", has=desk.page.locator("h3", has_text=TITLE))
    await expect(made.locator(".pick")).to_have_count(2)


@pytest.mark.parametrize("scripted", [True, *further(False)], ids=["script", "no-script"])
async def test_enter_in_the_title_of_a_new_action_asks_under_which_axis(
    browser: Browser, server: ServerProcess, scripted: bool
) -> None:
    desk = await at_the_desk(browser, server, await played(server, "actions"), java_script_enabled=scripted)
    actions = desk.page.locator("li.action")
    before = await actions.count()
    await desk.page.locator(".from-cards > summary").click()
    await desk.page.locator(".source > summary").first.click()
    await desk.page.locator(".source-cards input").first.check()
    await desk.page.fill("#action-title", TITLE)
    await desk.page.press("#action-title", "Enter")
    assert await desk.page.locator("#aim").evaluate("(field) => field.matches(':invalid')")
    await expect(actions).to_have_count(before)
    second = desk.page.locator("section.axis").nth(1)
    await desk.page.select_option("#aim", index=2)
    await desk.page.press("#action-title", "Enter")

    await expect(second.locator("li.action", has_text=TITLE)).to_have_count(1)
    await expect(actions).to_have_count(before + 1)


async def test_a_button_that_changed_under_the_finger_is_not_pressed_by_the_second_tap(
    browser: Browser, server: ServerProcess
) -> None:
    links = await opened(server.address, "forum-eclair", "Vision 2025", "fr")
    desk = await (await arrive(browser, Facilitator, DESK, locale="fr-FR")).enter(links.desk, "")
    phone: Participant = await arrive(browser, Participant, PHONE, locale="fr-FR")
    await phone.context.add_init_script(HURRIED)
    await phone.join(links.join, "Camille")
    for title in ("Accueil", "Pourquoi nous sommes là", "Vos idées"):
        await desk.go()
        await desk.is_at(title)
    await phone.is_live()
    await expect(phone.form("SayDone").locator("button")).to_be_visible()
    await phone.page.evaluate(MOMENT)
    said = phone.form("SayDone").locator("button")
    await said.tap()
    back = phone.form("TakeDoneBack").locator("button")
    await expect(back).to_be_visible()
    await back.tap()
    await expect(phone.page.locator(TOLD)).to_have_count(1)
    await phone.page.evaluate(MOMENT)

    await expect(back).to_be_visible()
    assert phone.faults == []
