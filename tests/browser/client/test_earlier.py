"""A long list of which the page holds the end: what it takes, what it asks for, and what it lets go."""

import asyncio
from typing import Any

from playwright.async_api import Page, Route, expect

from tests.browser.client.conftest import opened, until
from tests.browser.client.test_fragments import order
from tests.browser.client.toyroom import BASE, Fragment, Room

LEAD = "#board > [data-earlier]"


def card(room: Room, key: str, at: str, text: str = "") -> list[str]:
    return [key, "board", at, room.html_of(key, at, text or key, "li")]


class Asked:
    """The server's answer to what comes before, given when the test says so."""

    def __init__(self, *cards: list[str], begins: str | None = None) -> None:
        self.cards, self.begins = cards, begins
        self.arrived, self.go = asyncio.Event(), asyncio.Event()
        self.before: list[str] = []

    async def __call__(self, route: Route) -> None:
        self.before.append(route.request.url)
        self.arrived.set()
        await self.go.wait()
        more: dict[str, Any] = {"t": "more", "g": 1, "s": 1, "place": "board", "begins": self.begins}
        await route.fulfill(json={**more, "put": self.cards})


async def a_long_list(page: Page, room: Room, asked: Asked) -> Page:
    """A page that holds c and d of a list of a, b, c, d."""
    room.begins = {"board": "30"}
    for key, at in (("c", "30"), ("d", "40")):
        room.fragments[key] = Fragment("board", at, room.html_of(key, at, key, "li"), room.seq)
    await page.route(f"**{BASE}/cards?*", asked)
    live = await opened(page, room)
    await expect(live.locator(LEAD)).to_be_visible()
    return live


async def test_what_comes_before_the_beginning_is_not_taken_until_it_is_asked_for(
    page: Page, room: Room, faults: list[str]
) -> None:
    asked = Asked(card(room, "a", "10"), card(room, "b", "20"))
    live = await a_long_list(page, room, asked)
    await room.put("b", "another b", place="board", order="20", tag="li")
    await room.put("e", "e", place="board", order="50", tag="li")
    await expect(live.locator("#e")).to_be_attached()
    assert await order(live, "board") == ["", "c", "d", "e"]
    asked.go.set()
    await live.click(f"{LEAD} a")
    await expect(live.locator("#a")).to_be_visible()

    assert await order(live, "board") == ["a", "b", "c", "d", "e"]
    assert asked.before[0].endswith("cards?before=30&lang=en")
    await room.put("b", "a third b", place="board", order="20", tag="li")
    await expect(live.locator("#b")).to_have_text("a third b")


async def test_there_may_be_more_before_that(page: Page, room: Room, faults: list[str]) -> None:
    asked = Asked(card(room, "b", "20"), begins="20")
    live = await a_long_list(page, room, asked)
    asked.go.set()
    await live.focus(f"{LEAD} a")
    await live.keyboard.press("Enter")
    await expect(live.locator("#b")).to_be_visible()

    assert await order(live, "board") == ["", "b", "c", "d"]
    assert await live.evaluate(f"document.activeElement.matches('{LEAD} a')")
    await live.click(f"{LEAD} a")
    await until(live, f"!document.querySelector('{LEAD} [data-pending]')")
    assert asked.before[1].endswith("cards?before=20&lang=en")


async def test_what_changes_while_the_answer_is_on_its_way_lies_on_top_of_it(
    page: Page, room: Room, faults: list[str]
) -> None:
    asked = Asked(card(room, "a", "10"), card(room, "b", "20", "words since taken back"))
    live = await a_long_list(page, room, asked)
    await live.click(f"{LEAD} a")
    await asked.arrived.wait()
    await room.put("a", "a, corrected", place="board", order="10", tag="li")
    await room.put("a2", "restored", place="board", order="15", tag="li")
    await room.put("b", "b", place="board", order="20", tag="li")
    await room.delete("b")
    await room.put("e", "e", place="board", order="50", tag="li")
    await expect(live.locator("#e")).to_be_attached()
    asked.go.set()
    await expect(live.locator("#a")).to_have_text("a, corrected")

    assert await order(live, "board") == ["a", "a2", "c", "d", "e"]


async def test_an_answer_for_a_page_that_has_become_another_is_not_put_into_it(
    page: Page, room: Room, faults: list[str]
) -> None:
    asked = Asked(card(room, "a", "10", "of another moment"))
    live = await a_long_list(page, room, asked)
    await live.click(f"{LEAD} a")
    await asked.arrived.wait()
    room.begins = {}
    room.fragments["z"] = Fragment("board", "60", room.html_of("z", "60", "z", "li"), room.seq)
    for frame in room.full():
        await room.say(frame)
    await expect(live.locator("#z")).to_be_attached()
    asked.go.set()
    await room.put("y", "y", place="board", order="70", tag="li")
    await expect(live.locator("#y")).to_be_attached()

    assert await order(live, "board") == ["c", "d", "z", "y"]


async def test_without_an_answer_the_link_leads_where_the_cards_are(
    page: Page, room: Room, faults: list[str]
) -> None:
    async def refuse(route: Route) -> None:
        await route.fulfill(status=429, body="{}")

    live = await a_long_list(page, room, Asked())
    await page.unroute(f"**{BASE}/cards?*")
    await page.route(f"**{BASE}/cards?*", refuse)
    await page.route(f"**{BASE}/cards", lambda route: route.fulfill(body="every card"))
    await live.click(f"{LEAD} a")

    await expect(live.locator("body")).to_have_text("every card")


async def test_a_page_that_lives_through_a_long_evening_lets_go_of_what_is_far_from_the_view(
    page: Page, room: Room, faults: list[str]
) -> None:
    room.outside += "<div>" + "<p>&nbsp;</p>" * 400 + "</div>"
    live = await opened(page, room)
    for first in range(0, 400, 50):
        room.seq += 1
        for n in range(first, first + 50):
            at = f"{n:05}"
            room.fragments[f"n{n}"] = Fragment("board", at, room.html_of(f"n{n}", at, f"{n}", "li"), room.seq)
        await room.tell()
        await expect(live.locator(f"#n{first + 49}")).to_be_attached()
    held = await order(live, "board")

    assert len(held) < 200
    assert held[0] == ""
    assert held[1:] == [f"n{n}" for n in range(400 - len(held) + 1, 400)]


async def test_what_is_being_read_is_not_let_go(page: Page, room: Room, faults: list[str]) -> None:
    live = await opened(page, room)
    for first in range(0, 400, 50):
        room.seq += 1
        for n in range(first, first + 50):
            at = f"{n:05}"
            room.fragments[f"n{n}"] = Fragment("board", at, room.html_of(f"n{n}", at, f"{n}", "li"), room.seq)
        await room.tell()
        await expect(live.locator(f"#n{first + 49}")).to_be_attached()

    assert await order(live, "board") == [f"n{n}" for n in range(400)]
