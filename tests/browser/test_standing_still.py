"""Pages whose script is lost, blocked or too new for the browser; browsers that refuse sockets, storage, policies."""

import asyncio
import re
import time

import pytest
from playwright.async_api import Browser, Route, expect

from forum.demo.client import Client
from forum.domain import records
from forum.domain.people import PersonJoined
from forum.domain.roles import VOICE, Role
from forum.journal import StoreAddress, open_journal
from forum.opening import agendas, make_tickets, open_forum
from tests.browser.people import DESK, PHONE, Facilitator, Participant, arrive, opened
from tests.faults.hall import socket_of
from tests.further import further
from tests.servers import ServerProcess

NOT_LIVE = "#stands-still"
STARTED = "html[data-link]"  # drafts are kept, and given back
INSTAGRAM = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 "
    "Instagram 334.0.4.32.98 (iPhone15,2; iOS 17_5; en_GB; en-GB; scale=3.00; 1179x2556)"
)
OLD_POLICY = re.compile(r" 'strict-dynamic'")


async def somebody_at_a_board(browser: Browser, server: ServerProcess) -> Participant:
    """Somebody with a phone before a forum where cards are written; not in yet."""
    clock = lambda: time.time_ns() // 1_000_000  # noqa: E731
    async with open_journal(StoreAddress(None, server.data)) as journal:
        forum = await open_forum(journal, agendas()["forum-eclair"], lang="en", clock=clock)
        [lead] = await make_tickets(journal, forum.code, 1, clock=clock, role=Role.FACILITATOR)
    address = f"{server.address}/f/{forum.code}"
    async with Client(f"{address}/desk", f"forum_{forum.code}_desk={lead.secret}") as desk:
        assert (await desk.do("OpenStep", step="ideas")).accepted
    phone: Participant = await arrive(browser, Participant, PHONE, locale="en-GB")
    phone.address = address  # type: ignore[attr-defined]
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

    await phone.page.route("**/js/whole-live.js", lose_once)
    await phone.join(phone.address, "Léa")

    await phone.is_live()
    await expect(phone.page.locator(NOT_LIVE)).to_have_count(0)
    assert len(lost) == 1


@pytest.mark.parametrize("script", ["blocked", *further("cannot be read")])
async def test_where_the_script_does_not_run_the_page_says_what_works_and_forms_work_once_each(
    browser: Browser, server, script: str
) -> None:
    phone = await somebody_at_a_board(browser, server)

    async def lost(route: Route) -> None:
        if script == "blocked":
            await route.abort()
        else:
            await route.fulfill(body="let let = (;", content_type="text/javascript")

    await phone.page.route("**/js/whole-live.js", lost)
    await phone.join(phone.address, "Léa")

    await expect(phone.page.locator(NOT_LIVE)).to_be_visible()
    await expect(phone.page.locator(f"{NOT_LIVE} a")).to_be_visible()
    form = phone.form("PostIdea")
    await form.locator("textarea").fill("Ouvrir un lieu")
    await form.locator("button").dblclick()
    await expect(phone.page.locator("#my-ideas .idea")).to_have_count(1)
    await expect(phone.page.locator("#my-ideas")).to_contain_text("Ouvrir un lieu")


async def test_a_browser_that_keeps_no_cookies_is_told_so_and_is_nobody_however_often_one_presses(
    browser: Browser, server
) -> None:
    phone = await somebody_at_a_board(browser, server)
    await phone.page.goto(phone.address)
    for _ in range(3):
        await phone.context.clear_cookies()
        await phone.page.fill("input[name=name]", "Léa")
        await phone.page.locator("form[action$='/join'] button").click()
        await phone.sees("This browser did not give our cookie back")

    await phone.join(phone.address, "Léa")  # now it keeps them
    await phone.is_live()
    assert await arrivals(server) == 1


async def test_inside_another_app_one_is_told_what_to_do_and_is_one_person_however_often_one_presses(
    browser: Browser, server
) -> None:
    phone = await somebody_at_a_board(browser, server)
    inside = await arrive(browser, Participant, PHONE, locale="en-GB", user_agent=INSTAGRAM)
    await inside.page.goto(phone.address)
    await inside.sees("You are inside another app")
    await inside.page.locator("form[action$='/join'] button").dblclick()
    await inside.is_live()
    await inside.page.goto(phone.address)
    await inside.is_live()

    assert await arrivals(server) == 1


async def arrivals(server: ServerProcess) -> int:
    """How many people with a voice ever came into the one forum of a server."""
    async with open_journal(StoreAddress(f"unix://{socket_of(server.data)}", server.data)) as journal:
        [forum] = await journal.forums()
        facts = [records.decode(entry.body).fact for entry in await journal.read(forum.code)]
    return sum(isinstance(fact, PersonJoined) and fact.role in VOICE for fact in facts)


async def test_until_the_server_has_answered_a_page_its_forms_go_their_own_way(
    browser: Browser, server
) -> None:
    phone = await somebody_at_a_board(browser, server)
    await phone.page.route_web_socket("**/live*", lambda socket: None)  # it opens, and nobody speaks
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


async def somebody_who_waits(
    browser: Browser, server: ServerProcess, *, scripts: bool = True
) -> tuple[Facilitator, Participant, str]:
    """A desk that lets people in, somebody before it whose clock stands, and the address at which they wait."""
    links = await opened(server.address, "forum-eclair", "Vision 2025", "en")
    desk: Facilitator = await arrive(browser, Facilitator, DESK, locale="en-GB")
    await desk.enter(links.desk, "Anne")
    await desk.form("SetEntry").locator("button[value=approval]").click()
    await expect(desk.page.locator("button[value=approval][aria-pressed=true]")).to_have_count(1)
    phone: Participant = await arrive(
        browser, Participant, PHONE, locale="en-GB", java_script_enabled=scripts
    )
    await phone.page.clock.install()
    await phone.join(links.join, "Léa")
    return desk, phone, links.join


@pytest.mark.parametrize("scripts", [True, *further(False)])
async def test_J2_who_waits_to_be_let_in_is_not_interrupted_and_comes_in_once_they_are(
    browser: Browser, server, scripts: bool
) -> None:
    desk, phone, address = await somebody_who_waits(browser, server, scripts=scripts)
    by_itself, by_hand = phone.page.locator("#by-itself"), phone.page.locator("#by-hand a")
    await expect(by_itself).to_be_visible(visible=scripts)
    await expect(by_hand).to_have_count(0 if scripts else 1)
    loads: list[str] = []
    phone.page.on("load", lambda _: loads.append(phone.page.url))
    if scripts:
        async with phone.page.expect_response(address):
            await phone.page.clock.fast_forward(10_000)
    assert loads == []

    await desk.form("ApprovePerson").locator("button").first.click()
    await expect(desk.page.locator(".waiting")).to_have_count(0)
    if scripts:
        await phone.page.clock.run_for(20_000)
    else:
        await by_hand.click()
    await expect(phone.page.locator("#root")).to_be_visible()


async def test_J2_who_waits_goes_on_while_nobody_answers_and_is_told_once_the_forum_is_gone(
    browser: Browser, server
) -> None:
    _, phone, address = await somebody_who_waits(browser, server)
    await expect(phone.page.locator("#by-itself")).to_be_visible()
    answers, seen = [429, 500, 503, 0, 404], []

    async def answer(route: Route) -> None:
        seen.append("load" if route.request.is_navigation_request() else "look")
        status = answers.pop(0) if answers else 404
        await (route.fulfill(status=status, body="No such forum.") if status else route.abort())

    await phone.page.route(address, answer)
    async with asyncio.timeout(20):
        while answers:
            await phone.page.clock.fast_forward(10_000)
    await expect(phone.page.locator("body")).to_have_text("No such forum.")
    assert seen == [*["look"] * 5, "load"]
