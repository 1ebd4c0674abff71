"""A long list of which the page holds the end: what it takes, what it asks for, and what it lets go."""

import asyncio
from typing import Any

import pytest
from playwright.async_api import Page, Route, expect

from tests.browser.client.conftest import opened, until
from tests.browser.client.test_fragments import order
from tests.browser.client.toyroom import BASE, Fragment, Room

LEAD = "#board > [data-earlier]"
THE_CARDS = f"**{BASE}/cards?before=*&lang=en"
THE_PAGE = f"**{BASE}/cards?before=30"


def card(room: Room, key: str, at: str, text: str = "") -> list[str]:
    return [key, "board", at, room.html_of(key, at, text or key, "li")]


class Asked:
    """The server's answer to what comes before, as it stands when it is asked, given when the test says so."""

    def __init__(self, room: Room, *cards: list[str], begins: str | None = None) -> None:
        self.room, self.cards, self.begins = room, cards, begins
        self.late = 0  # by how many facts the one who answers is behind
        self.arrived, self.go = asyncio.Event(), asyncio.Event()
        self.before: list[str] = []

    async def __call__(self, route: Route) -> None:
        self.before.append(route.request.url)
        at = {"g": self.room.gen, "s": self.room.seq - self.late}
        self.arrived.set()
        await self.go.wait()
        more: dict[str, Any] = {"t": "more", **at, "place": "board", "begins": self.begins}
        await route.fulfill(json={**more, "put": self.cards})


async def a_long_list(page: Page, room: Room, asked: Asked) -> Page:
    """A page that holds c and d of a list of a, b, c, d."""
    room.begins = {"board": "30"}
    for key, at in (("c", "30"), ("d", "40")):
        room.fragments[key] = Fragment("board", at, room.html_of(key, at, key, "li"), room.seq)
    await page.route(THE_CARDS, asked)
    live = await opened(page, room)
    await expect(live.locator(LEAD)).to_be_visible()
    return live


async def test_what_comes_before_the_beginning_is_not_taken_until_it_is_asked_for(
    page: Page, room: Room, faults: list[str]
) -> None:
    asked = Asked(room, card(room, "a", "10"), card(room, "b", "20", "another b"))
    live = await a_long_list(page, room, asked)
    await room.put("b", "another b", place="board", order="20", tag="li")
    await room.put("e", "e", place="board", order="50", tag="li")
    await expect(live.locator("#e")).to_be_attached()
    assert await order(live, "board") == ["", "c", "d", "e"]
    asked.go.set()
    await live.click(f"{LEAD} a")
    await expect(live.locator("#a")).to_be_visible()

    assert await order(live, "board") == ["a", "b", "c", "d", "e"]
    await expect(live.locator("#b")).to_have_text("another b")
    assert asked.before[0].endswith("cards?before=30&lang=en")
    await room.put("b", "a third b", place="board", order="20", tag="li")
    await expect(live.locator("#b")).to_have_text("a third b")


async def test_there_may_be_more_before_that(page: Page, room: Room, faults: list[str]) -> None:
    asked = Asked(room, card(room, "b", "20"), begins="20")
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
    asked = Asked(room, card(room, "a", "10"), card(room, "b", "20", "words since taken back"))
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
    asked = Asked(room, card(room, "a", "10", "of another moment"))
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

    live = await a_long_list(page, room, Asked(room))
    await page.unroute(THE_CARDS)
    await page.route(THE_CARDS, refuse)
    await page.route(THE_PAGE, lambda route: route.fulfill(body="every card before"))
    await live.click(f"{LEAD} a")

    await expect(live.locator("body")).to_have_text("every card before")


@pytest.mark.parametrize("of", ["an earlier moment", "another life of the store"])
async def test_an_answer_older_than_the_page_brings_nothing_back_that_was_taken_away(
    page: Page, room: Room, faults: list[str], of: str
) -> None:
    asked = Asked(room, card(room, "a", "10"), card(room, "b", "20", "words since taken back"))
    live = await a_long_list(page, room, asked)
    await page.route(THE_PAGE, lambda route: route.fulfill(body="the cards without them"))
    await room.put("b", "", place="board", order="20", tag="li")
    await room.put("e", "e", place="board", order="50", tag="li")
    await expect(live.locator("#e")).to_be_attached()
    if of == "an earlier moment":
        asked.late = 1
    else:
        room.gen += 1
    await live.click(f"{LEAD} a")
    await asked.arrived.wait()
    asked.go.set()

    await expect(live.locator("body")).to_have_text("the cards without them")


async def test_who_taps_again_while_the_cards_are_on_their_way_sees_that_they_are_and_asks_once(
    page: Page, room: Room, faults: list[str]
) -> None:
    asked = Asked(room, card(room, "b", "20"), begins="20")
    live = await a_long_list(page, room, asked)
    await live.click(f"{LEAD} a")
    await asked.arrived.wait()
    await live.click(f"{LEAD} a")
    await room.put("e", "e", place="board", order="50", tag="li")
    await expect(live.locator("#e")).to_be_attached()
    await expect(live.locator(f"{LEAD} a[data-pending]")).to_have_count(1)
    asked.go.set()
    await expect(live.locator("#b")).to_be_visible()

    await expect(live.locator(f"{LEAD} a[data-pending]")).to_have_count(0)
    assert len(asked.before) == 1


@pytest.mark.parametrize("leads", [True, False])
@pytest.mark.parametrize("sockets", [True, False], ids=["by socket", "by poll"])
async def test_a_page_of_before_the_update_asks_for_long_lists_as_a_whole(
    page: Page, room: Room, faults: list[str], leads: bool, sockets: bool
) -> None:
    room.leads, room.sockets_pass = leads, sockets
    await opened(page, room)

    said = [hello["v"] for hello in room.hellos] if sockets else room.versions
    assert set(said) == {4 if leads else 3}


async def many(live: Page, room: Room) -> None:
    """Four hundred cards, fifty at a time."""
    for first in range(0, 400, 50):
        room.seq += 1
        for n in range(first, first + 50):
            at = f"{n:05}"
            room.fragments[f"n{n}"] = Fragment("board", at, room.html_of(f"n{n}", at, f"{n}", "li"), room.seq)
        await room.tell()
        await expect(live.locator(f"#n{first + 49}")).to_be_attached()


def far(room: Room) -> None:
    room.outside += "<div>" + "<p>&nbsp;</p>" * 400 + "</div>"


async def test_a_page_that_lives_through_a_long_evening_lets_go_of_what_is_far_from_the_view(
    page: Page, room: Room, faults: list[str]
) -> None:
    far(room)
    live = await opened(page, room)
    await many(live, room)
    held = await order(live, "board")

    assert len(held) < 200
    assert held[0] == ""
    assert held[1:] == [f"n{n}" for n in range(400 - len(held) + 1, 400)]


async def test_a_page_from_which_nothing_leads_back_lets_go_of_nothing(
    page: Page, room: Room, faults: list[str]
) -> None:
    far(room)
    room.leads = False
    live = await opened(page, room)
    await many(live, room)

    assert await order(live, "board") == [f"n{n}" for n in range(400)]


async def test_what_is_being_read_is_not_let_go(page: Page, room: Room, faults: list[str]) -> None:
    live = await opened(page, room)
    await many(live, room)

    assert await order(live, "board") == [f"n{n}" for n in range(400)]
