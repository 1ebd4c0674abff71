"""A board of more cards than a phone's page holds at first: every one of them can be read, live, by keyboard, without script."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from playwright.async_api import Browser, Page, expect

from forum.demo.client import Client
from forum.domain.kernel import Words
from forum.domain.roles import Role
from forum.fragments.phone import WINDOWS
from forum.journal import StoreAddress, open_journal
from forum.opening import Agenda, AgendaStep, make_tickets, open_forum
from tests.browser.people import PHONE
from tests.servers import ServerProcess

MOST = WINDOWS["ideas"].most
CARDS = MOST + 30
AUTHORS = 9
IDS = "[...document.querySelectorAll('.cards > [id^=idea-]')].map((el) => el.id.slice(-3))"
LEAD = "[data-earlier] a"


@dataclass
class Board:
    """An open board on which everybody sees every card as it comes."""

    address: str
    cookies: list[str]
    desk: Client
    authors: list[Client]

    async def page(self, browser: Browser, *, scripted: bool = True) -> Page:
        context = await browser.new_context(**PHONE, java_script_enabled=scripted)
        name, _, value = self.cookies[-1].partition("=")
        await context.add_cookies([{"name": name, "value": value, "url": self.address}])
        page = await context.new_page()
        await page.goto(self.address)
        return page

    async def write(self, number: int) -> None:
        author = self.authors[number % AUTHORS]
        said = await author.do("PostIdea", id=f"card0{number:03}", text=f"Carte {number}", step="board01")
        assert said.accepted, said.say


@pytest.fixture
async def board(server: ServerProcess) -> AsyncIterator[Board]:
    words = Words("Mur", "Wall")
    step = AgendaStep("board01", "board", 30, words, words, params={"visibility": "all"})
    clock = lambda: 1_800_000_000_000  # noqa: E731
    async with open_journal(StoreAddress(None, server.data)) as journal:
        code = (
            await open_forum(journal, Agenda("long", 1, words, words, "1-60", 30, (step,)), clock=clock)
        ).code
        tickets = await make_tickets(journal, code, AUTHORS + 1, clock=clock)
        [lead] = await make_tickets(journal, code, 1, clock=clock, role=Role.FACILITATOR)
    cookies = [f"forum_{code}={ticket.secret}" for ticket in tickets]
    address = f"{server.address}/f/{code}"
    async with Client(f"{address}/desk", f"forum_{code}_desk={lead.secret}") as desk:
        assert (await desk.do("OpenStep", step="board01")).accepted
        authors = [Client(address, cookie) for cookie in cookies[:AUTHORS]]
        for author in authors:
            await author.__aenter__()
        found = Board(address, cookies, desk, authors)
        for number in range(1, CARDS + 1):
            await found.write(number)
        yield found
        for author in authors:
            await author.__aexit__()


def numbers(first: int, last: int) -> list[str]:
    return [f"{n:03}" for n in range(first, last + 1)]


async def test_a_phone_holds_the_end_of_a_long_board_and_brings_what_comes_before(
    browser: Browser, board: Board
) -> None:
    page = await board.page(browser)
    await page.wait_for_selector("html[data-link=live]")
    assert await page.evaluate(IDS) == numbers(CARDS - MOST + 1, CARDS)
    await board.write(CARDS + 1)
    await expect(page.locator(f"#idea-card0{CARDS + 1:03}")).to_be_attached()
    await page.focus(LEAD)
    await page.keyboard.press("Enter")
    await expect(page.locator("#idea-card0001")).to_be_visible()

    assert await page.evaluate(IDS) == numbers(1, CARDS + 1)
    await expect(page.locator(LEAD)).to_have_count(0)
    assert await page.evaluate("document.activeElement !== document.body")
    said = await board.desk.do("HideIdea", idea="card0007", reason="Un nom")
    assert said.accepted, said.say
    await expect(page.locator("#idea-card0007")).to_have_count(0)


async def test_without_script_every_card_can_be_read(browser: Browser, board: Board) -> None:
    page = await board.page(browser, scripted=False)
    await page.click(LEAD)

    await expect(page.locator(".cards > .idea")).to_have_count(CARDS)
    await expect(page.locator("h1")).to_be_visible()
    await expect(page.locator(".hint")).to_contain_text(re.compile(rf"\b1\b.*{CARDS}"))


async def test_what_is_read_stays_where_it_is_when_earlier_cards_come_above_it(
    board: Board, browser: Browser
) -> None:
    page = await board.page(browser)
    first = page.locator(".cards > [id^=idea-]").first
    name, lead = await first.get_attribute("id"), page.locator(LEAD)
    await lead.scroll_into_view_if_needed()
    before = await page.locator(f"#{name}").bounding_box()
    await lead.click()
    await expect(page.locator(".cards > [id^=idea-]")).to_have_count(CARDS)
    after = await page.locator(f"#{name}").bounding_box()

    assert before
    assert after
    assert abs(after["y"] - before["y"]) < 2
