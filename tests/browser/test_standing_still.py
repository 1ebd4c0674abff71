"""Pages whose script is lost, blocked or too new for the browser; browsers that refuse sockets, storage, policies."""

import re

from playwright.async_api import Browser, Route, expect

from tests.browser.people import DESK, PHONE, Facilitator, Participant, arrive, open_forum
from tests.servers import ServerProcess

NOT_LIVE = "#stands-still"
STARTED = "html[data-link]"  # drafts are kept, and given back
OLD_POLICY = re.compile(r" 'strict-dynamic'")


async def somebody_at_a_board(browser: Browser, server: ServerProcess) -> Participant:
    """Somebody with a phone before a forum where cards are written; not in yet."""
    links = await open_forum(browser, server.address, "forum-eclair", "Vision 2025", "en")
    phone: Participant = await arrive(browser, Participant, PHONE, locale="en-GB")
    desk: Facilitator = await arrive(browser, Facilitator, DESK, locale="en-GB")
    await desk.enter(f"{server.address}/f/{links.desk.partition('/f/')[2]}", "Anne")
    for _ in range(3):  # welcome, framing, cards
        await desk.go()
    await desk.context.close()
    phone.address = f"{server.address}/f/{links.join.rpartition('/')[2]}"  # type: ignore[attr-defined]
    return phone


async def test_a_browser_that_does_not_know_strict_dynamic_comes_alive(browser: Browser, server) -> None:
    phone = await somebody_at_a_board(browser, server)
    await phone.join(phone.address, "Léa")
    await phone.page.route("**/f/*", with_policy_of_2021)
    await phone.page.reload()

    await phone.is_live()
    assert phone.faults == []


async def test_a_script_that_was_lost_once_is_asked_for_again(browser: Browser, server) -> None:
    phone = await somebody_at_a_board(browser, server)
    lost: list[str] = []

    async def lose_once(route: Route) -> None:
        if lost:
            await route.continue_()
        else:
            lost.append(route.request.url)
            await route.abort()

    await phone.page.route("**/js/mirror.js", lose_once)
    await phone.join(phone.address, "Léa")

    await phone.is_live()
    await expect(phone.page.locator(NOT_LIVE)).to_have_count(0)
    assert len(lost) == 1


async def test_where_the_script_is_blocked_the_page_says_what_works_and_forms_work(
    browser: Browser, server
) -> None:
    phone = await somebody_at_a_board(browser, server)
    await phone.page.route("**/js/mirror.js", lambda route: route.abort())
    await phone.join(phone.address, "Léa")

    await expect(phone.page.locator(NOT_LIVE)).to_be_visible()
    await expect(phone.page.locator(f"{NOT_LIVE} a")).to_be_visible()
    await phone.write("Ouvrir un lieu")
    await expect(phone.page.locator("#my-ideas")).to_contain_text("Ouvrir un lieu")


async def test_until_the_server_has_answered_a_page_its_forms_go_their_own_way(
    browser: Browser, server
) -> None:
    phone = await somebody_at_a_board(browser, server)
    await phone.page.route("**/vendor/idiomorph.min.js", lambda route: route.abort())
    await phone.join(phone.address, "Léa")
    await expect(phone.page.locator(STARTED)).to_have_count(1)
    await phone.write("Ouvrir un lieu")

    await expect(phone.page.locator("#my-ideas .idea:not([data-pending])")).to_contain_text("Ouvrir un lieu")
    await expect(phone.page.locator(STARTED)).to_have_count(1)
    await expect(phone.form("PostIdea").locator("textarea")).to_have_value(
        ""
    )  # or a second Send would double it
    assert "Ouvrir un lieu" not in await phone.page.evaluate(
        "JSON.stringify({...localStorage, ...sessionStorage})"
    )


async def test_where_sockets_and_storage_throw_at_once_the_page_is_live_all_the_same(
    browser: Browser, server
) -> None:
    phone = await somebody_at_a_board(browser, server)
    await phone.page.add_init_script(
        "window.WebSocket = function () { throw new Error('refused') };"
        "Storage.prototype.getItem = Storage.prototype.setItem = () => { throw new Error('refused') };"
    )
    await phone.join(phone.address, "Léa")

    await phone.is_live()
    assert phone.faults == []


async def with_policy_of_2021(route: Route) -> None:
    answer = await route.fetch(max_redirects=0)
    headers = dict(answer.headers)
    headers["content-security-policy"] = OLD_POLICY.sub("", headers["content-security-policy"])
    await route.fulfill(response=answer, headers=headers)
