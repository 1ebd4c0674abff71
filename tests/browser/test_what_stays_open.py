"""Whatever somebody sends at the desk, what else they have open, ticked and written there stays."""

import pytest
from playwright.async_api import Browser, expect

from forum.domain.roles import Role
from forum.journal import StoreAddress, open_journal
from forum.opening import make_tickets
from tests.browser.test_docks import Hall, hall
from tests.further import further
from tests.servers import ServerProcess

__all__ = ["hall"]

DESK = (1440, 900)


async def test_somebody_is_added_and_whatever_is_being_written_at_the_desk_stays(
    browser: Browser, hall: Hall
) -> None:
    await hall.on("ideas")
    desk = await hall.page(browser, "desk", DESK)
    await desk.evaluate("window.same = true")
    await desk.locator(".write > summary").click()
    await desk.fill("#write-text", "Une carte à moitié")
    await desk.locator("#room > summary").click()
    await desk.fill("#newcomer", "Odette")
    await desk.press("#newcomer", "Enter")

    await expect(desk.locator("#write-for")).to_contain_text("Odette")
    await expect(desk.locator("#newcomer")).to_have_value("")
    await expect(desk.locator("#write-text")).to_be_visible()
    await expect(desk.locator("#write-text")).to_have_value("Une carte à moitié")
    await desk.fill("#newcomer", "Odette")  # somebody else of that name
    await desk.press("#newcomer", "Enter")
    await expect(desk.locator("#write-for option", has_text="Odette")).to_have_count(2)
    await desk.select_option("#write-for", index=1)
    await desk.locator(".write button").click()
    await expect(desk.locator("#helped")).to_contain_text("Odette (1) (1 carte)")

    assert await desk.evaluate("window.same")


async def test_a_server_that_is_not_reached_leaves_what_was_written_and_says_so(
    browser: Browser, hall: Hall
) -> None:
    desk = await hall.page(browser, "desk", DESK)
    await desk.locator("#room > summary").click()
    await desk.route("**/people", lambda route: route.abort())
    await desk.fill("#newcomer", "Odette")
    await desk.press("#newcomer", "Enter")

    await expect(desk.locator(".newcomer [data-say]")).to_contain_text("n’a pas répondu")
    await expect(desk.locator("#newcomer")).to_have_value("Odette")
    await desk.unroute("**/people")
    await desk.press("#newcomer", "Enter")
    await expect(desk.locator("#newcomer")).to_have_value("")
    await expect(desk.locator("#people")).to_contain_text("sans téléphone")


async def test_what_is_unfolded_at_the_desk_is_so_after_a_reload(browser: Browser, hall: Hall) -> None:
    await hall.on("ideas")
    desk = await hall.page(browser, "desk", DESK)
    await desk.locator(".write > summary").click()
    await desk.locator("#room > summary").click()
    await desk.reload()

    await expect(desk.locator("#write-text")).to_be_visible()
    await expect(desk.locator("#newcomer")).to_be_visible()
    await expect(desk.locator("#links > summary")).not_to_be_visible()  # nobody opened it


@pytest.mark.parametrize("typed", ["Quelle ville en 2040 ?", *further("مدينة 🎪")])
async def test_two_desks_show_one_timer_and_lose_nothing_while_both_are_typing(
    browser: Browser, hall: Hall, typed: str
) -> None:
    await hall.on("sort")
    one, other = [await hall.page(browser, "desk", DESK) for _ in range(2)]
    ends = "#timer [data-ends-at]"
    await one.locator(".head-edit > summary").click()
    await one.fill("#forum-question", typed)
    await other.locator("#room > summary").click()
    await other.fill("#newcomer", typed)
    for name, desk in (("timer-planned", one), ("ExtendTimer-300", other), ("ShortenTimer-60", one)):
        before = (
            await one.locator(ends).get_attribute("data-ends-at") if await one.locator(ends).count() else ""
        )
        await desk.locator(f"#{name}").click()
        for page in (one, other):
            await expect(page.locator(ends)).not_to_have_attribute("data-ends-at", before or "")

        assert len({await page.locator(ends).get_attribute("data-ends-at") for page in (one, other)}) == 1
    await expect(one.locator("#forum-question")).to_have_value(typed)
    await expect(other.locator("#newcomer")).to_have_value(typed)
    await expect(one.locator("#forum-question")).to_be_visible()


@pytest.mark.parametrize("field", [*further("#f", "#d")])
async def test_on_the_page_of_an_action_what_is_typed_elsewhere_stays_when_one_form_is_sent(
    browser: Browser, hall: Hall, field: str
) -> None:
    await hall.on("actions")
    axis = "axis0001"
    await hall.does("MakeAxis", axis=axis, title="Un axe de plus")
    await hall.does("MakeAction", action="action0001", axis=axis, title="Une action")
    desk = await hall.page(browser, "desk", DESK)
    await desk.goto(desk.url.partition("#")[0] + "/action/action0001")
    text = "2027-03-01" if field == "#d" else "Appeler la mairie"
    await desk.locator("#core summary").click()
    await desk.fill(field, text)
    await desk.fill("#pilot", "Odette")
    await desk.press("#pilot", "Enter")

    await expect(desk.locator("#core")).to_contain_text("Odette")
    await expect(desk.locator(field)).to_be_visible()
    await expect(desk.locator(field)).to_have_value(text)
    await desk.locator("#core form").first.locator("button").click()
    await expect(desk.locator(".flash.done")).to_be_visible()
    await expect(desk.locator(field)).to_have_value(text)
    await expect(desk.locator(field)).not_to_be_visible()


async def test_what_one_person_typed_is_not_shown_to_the_next_one_in_the_same_window(
    browser: Browser, server: ServerProcess, hall: Hall
) -> None:
    await hall.on("actions")
    await hall.does("MakeAxis", axis="axis0001", title="Un axe de plus")
    await hall.does("MakeAction", action="action0001", axis="axis0001", title="Une action")
    desk = await hall.page(browser, "desk", DESK)
    page = desk.url.partition("#")[0] + "/action/action0001"
    await desk.goto(page)
    await desk.locator("#core summary").click()
    await desk.fill("#f", "Pas encore pour tout le monde")
    await desk.reload()
    await expect(desk.locator("#f")).to_have_value("Pas encore pour tout le monde")
    async with open_journal(StoreAddress(None, server.data)) as journal:
        code = hall.address[-6:]
        [other] = await make_tickets(journal, code, 1, clock=lambda: 0, role=Role.FACILITATOR)
    cookie = {"name": f"forum_{code}_desk", "value": other.secret, "url": hall.address}
    await desk.context.clear_cookies()
    await desk.context.add_cookies([cookie])
    await desk.goto(page)

    await expect(desk.locator("#f")).to_have_value("")
