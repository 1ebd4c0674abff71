"""Everybody can use it: nothing for axe to find, nothing scrolls sideways at 360 px or at 200 %, the keyboard is enough."""

import re
import time

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Locator, Page, expect

from forum.demo.play import play
from forum.demo.stage import Scene, prepare
from forum.journal import StoreAddress, open_journal
from tests.browser.people import DESK, PHONE, SCREEN, Facilitator, Participant, Wall, arrive, chooses_a_day
from tests.further import further

STEPS = ["welcome", *further("sort", "ideas", "theme-vote", "actions", "pledges")]
PEOPLE = 6


async def played(server, until: str, lang: str = "fr") -> Scene:
    """A forum played quickly by six people, up to the end of a step."""
    async with open_journal(StoreAddress(None, server.data)) as journal:
        clock = lambda: time.time_ns() // 1_000_000  # noqa: E731
        scene = await prepare(journal, server.address, people=PEOPLE, seed=1, lang=lang, clock=clock)
    await play(scene.cast, lang=lang, seed=1, pace=0, until=until)
    return scene


async def on_all_surfaces(browser: Browser, server, scene: Scene, scheme: str) -> list:
    """A phone, a desk and a screen in this forum; axe needs its own script to run beside ours."""
    forum = f"{server.address}/f/{scene.opened.code}"
    more = {"locale": "fr-FR", "color_scheme": scheme, "reduced_motion": "reduce", "bypass_csp": True}
    phone = await (await arrive(browser, Participant, PHONE, **more)).join(forum, "Camille")
    await phone.is_live()
    desk = await (await arrive(browser, Facilitator, DESK, **more)).enter(
        f"{forum}/desk#{scene.opened.desk}", ""
    )
    wall = await (await arrive(browser, Wall, SCREEN, **more)).show(f"{forum}/screen#{scene.opened.screen}")
    return [phone, desk, wall]


async def axe_finds_nothing(page: Page) -> None:
    found = await Axe().run(page)
    wrong = {v["id"]: [n["html"][:160] for n in v["nodes"][:3]] for v in found.response["violations"]}
    assert wrong == {}, page.url


async def sideways(page: Page) -> int:
    """How many pixels wider than its window a page is."""
    return await page.evaluate("Math.max(0, document.documentElement.scrollWidth - innerWidth)")


@pytest.mark.parametrize("step", STEPS)
async def test_axe_finds_nothing_on_any_surface_and_nothing_scrolls_sideways(browser, server, step):
    scene = await played(server, step)
    for scheme in ("light", "dark"):
        for somebody in await on_all_surfaces(browser, server, scene, scheme):
            await axe_finds_nothing(somebody.page)
            assert await sideways(somebody.page) == 0, (somebody.page.url, scheme)
            await somebody.context.close()


@pytest.mark.parametrize("step", ["theme-vote", *further("ideas", "sort", "pledges")])
async def test_a_phone_at_200_percent_does_not_scroll_sideways(browser, server, step):
    scene = await played(server, step)
    narrow = {"viewport": {"width": 180, "height": 370}}  # 360 px at 200 % are 180 px of layout
    phone = await arrive(browser, Participant, narrow, locale="fr-FR")
    await phone.join(f"{server.address}/f/{scene.opened.code}", "Camille")

    assert await sideways(phone.page) == 0


@pytest.mark.parametrize(
    "path", ["/", "/f/{code}", *further("/help", "/f/{code}/desk", "/f/{code}/staff", "/nowhere")]
)
async def test_axe_finds_nothing_on_the_public_pages(browser, server, path):
    scene = await played(server, "welcome")
    context = await browser.new_context(**PHONE, bypass_csp=True, locale="fr-FR")
    page = await context.new_page()
    await page.goto(server.address + path.format(code=scene.opened.code))

    await axe_finds_nothing(page)
    assert await sideways(page) == 0
    await context.close()


@pytest.mark.further  # the whole forum that is heard (test_ears) is led by keys, and test_docks walks from stop to stop
async def test_the_desk_leads_a_whole_forum_by_the_keyboard_alone(browser, server):
    async with open_journal(StoreAddress(None, server.data)) as journal:
        clock = lambda: time.time_ns() // 1_000_000  # noqa: E731
        scene = await prepare(journal, server.address, people=3, seed=1, lang="en", clock=clock)
    forum = f"{server.address}/f/{scene.opened.code}"
    desk = await arrive(browser, Facilitator, DESK, locale="en-GB")
    phone = await (await arrive(browser, Participant, PHONE, locale="en-GB")).join(forum, "Camille")
    await desk.enter(f"{forum}/desk#{scene.opened.desk}", "")

    for title in ("Welcome", "Why we are here", "Your ideas"):
        await on_main_button(desk)
        await desk.is_at(title)
    await type_a_card(phone, "Written without a mouse")
    await expect(
        phone.page.locator("#mine, #my-ideas").get_by_text("Written without a mouse").first
    ).to_be_visible()
    await on_main_button(desk)  # reveal asks first
    await confirm(desk)
    await desk.sees("Written without a mouse")
    await type_a_card(phone, "A second card")
    await on_main_button(desk)
    await desk.is_at("Group the ideas")
    for text, title in (("Written without a mouse", "One"), ("A second card", "Two")):
        box = phone.page.locator("label", has_text=text).locator("input[type=checkbox]")
        await tab_to(phone.page, box, "Space")
        await tab_to(phone.page, phone.form("GroupIdeas").locator("input[name=title]"), "")
        await phone.page.keyboard.type(title)
        await phone.page.keyboard.press("Enter")
        await expect(phone.page.locator("h2, h3").get_by_text(title, exact=False).first).to_be_visible()
    await on_main_button(desk)
    await desk.is_at("Vote on the themes")
    await tab_to(
        phone.page, phone.page.locator(".option", has_text="Two").locator("button[name=mark]").last, "Enter"
    )
    await expect(phone.page.locator(".option .given")).to_have_count(1)
    await on_main_button(desk)  # somebody has not voted yet
    await confirm(desk)
    await expect(desk.page.locator(".state-closed")).to_have_count(1)
    await on_main_button(desk)  # reveal asks first
    await confirm(desk)
    await expect(
        desk.page.locator(".now-main form, form.now-main").locator("input[value=actions]")
    ).to_have_count(1)
    await on_main_button(desk)
    await desk.is_at("From themes to actions")
    await tab_to(desk.page, desk.form("MakeAxesFromThemes").locator("button").first, "Enter")
    await expect(phone.page.locator("section.axis")).to_have_count(1)
    await on_main_button(desk)
    await desk.is_at("Commit")
    await tab_to(phone.page, phone.form("Pledge").locator("textarea"), "")
    await phone.page.keyboard.type("I call the hall")
    await phone.page.keyboard.press("Tab")
    await chooses_a_day(phone.form("Pledge"))
    await tab_to(phone.page, phone.form("Pledge").locator("button"), "Enter")
    await desk.sees("I call the hall")
    await on_main_button(desk)
    await desk.is_at("What happens next")


async def on_main_button(desk: Facilitator) -> None:
    await tab_to(desk.page, desk.page.locator(".now-main .now-button"), "Enter")


async def confirm(desk: Facilitator) -> None:
    await tab_to(desk.page, desk.page.locator("dialog[open] button[value=yes]"), "Enter")


async def type_a_card(phone: Participant, text: str) -> None:
    await phone.page.locator("form[data-op=PostIdea] textarea").focus()
    await phone.page.keyboard.type(text)
    await phone.page.keyboard.press("Enter")


async def tab_to(page: Page, wanted: Locator, then: str) -> None:
    """Reach something with the Tab key alone, then press a key on it."""
    await wanted.wait_for(state="attached")
    for _ in range(150):
        if await wanted.evaluate("e => e === document.activeElement"):
            if then:
                await page.keyboard.press(then)
            return
        await page.keyboard.press("Tab")
    raise AssertionError(f"cannot be reached with the Tab key: {wanted}")


@pytest.mark.parametrize("look", [DESK, *further(PHONE)])
async def test_the_desk_carries_a_mark_that_leads_to_what_is_wrong_and_axe_finds_nothing_there(
    browser, server, look
):
    scene = await played(server, "welcome")
    desk = await arrive(browser, Facilitator, look, bypass_csp=True, locale="fr-FR")
    await desk.enter(f"{server.address}/f/{scene.opened.code}/desk#{scene.opened.desk}", "")
    mark = desk.page.locator("a[data-health]")
    await expect(mark).to_have_attribute(
        "data-level", re.compile("ok|watch")
    )  # a busy machine is worth knowing
    level = await mark.get_attribute("data-level")
    await expect(mark).to_have_text({"ok": "Tout va bien", "watch": "À savoir"}[level or ""])
    await axe_finds_nothing(desk.page)
    await mark.press("Enter")

    await desk.sees("Les données de ce forum sont complètes.")
    await axe_finds_nothing(desk.page)
    assert await sideways(desk.page) == 0


@pytest.mark.further
async def test_the_mark_on_the_desk_never_keeps_its_last_word(browser, server):
    scene = await played(server, "welcome")
    desk = await arrive(browser, Facilitator, DESK, locale="fr-FR")
    await desk.enter(f"{server.address}/f/{scene.opened.code}/desk#{scene.opened.desk}", "")
    mark = desk.page.locator("a[data-health]")
    await expect(mark).to_have_attribute("data-level", re.compile("ok|watch"))
    await desk.page.route("**/health", lambda route: route.fulfill(status=503))
    await expect(mark).to_have_text("On ne sait pas", timeout=15_000)
    await desk.page.unroute("**/health")
    await expect(mark).to_have_attribute("data-level", re.compile("ok|watch"), timeout=15_000)


async def test_a_real_browser_agrees_to_compressed_frames_and_shows_what_they_say(browser, server):
    scene = await played(server, "ideas")
    desk = await arrive(browser, Facilitator, DESK, locale="fr-FR")
    upgrades: list[dict[str, str]] = []
    network = await desk.context.new_cdp_session(desk.page)
    await network.send("Network.enable")
    network.on(
        "Network.webSocketHandshakeResponseReceived", lambda e: upgrades.append(e["response"]["headers"])
    )
    await desk.enter(f"{server.address}/f/{scene.opened.code}/desk#{scene.opened.desk}", "")
    await desk.go()
    await desk.is_at("Regrouper les idées")

    agreed = {name.lower(): value for name, value in upgrades[-1].items()}
    assert "server_no_context_takeover" in agreed["sec-websocket-extensions"]
    assert desk.faults == []
