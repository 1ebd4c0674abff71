"""The connection of a real page: where it stands, what it says of that, and what it does when network or server fail."""

import pytest
from playwright.async_api import Page, expect

from tests.browser.client.conftest import STATE, opened, write
from tests.browser.client.toyroom import Fragment, Room


async def test_a_page_says_where_it_stands_and_gets_what_changed_since(live: Page, room: Room) -> None:
    await room.put("a", "one", order="2")
    await expect(live.locator("#a")).to_have_text("one")
    await room.cut()
    room.seq += 1
    room.fragments["a"] = Fragment("root", "2", '<div id="a" data-order="2">two</div>', room.seq)
    await expect(live.locator("#a")).to_have_text("two")
    assert room.hellos[-1]["resume"] == {"g": 1, "s": 1, "c": room.chain(1)}
    assert room.hellos[0]["resume"] == {"g": 1, "s": 0, "c": room.chain(0)}  # of the first paint
    assert room.needs == []


async def test_changes_of_another_life_of_the_store_are_taken_only_on_a_new_connection(
    live: Page, room: Room
) -> None:
    room.gen = 2
    await room.put("a", "one", order="2")
    await room.until(lambda: len(room.hellos) == 2)
    await expect(live.locator("#a")).to_have_text("one")
    await room.put("a", "two", order="2")
    await expect(live.locator("#a")).to_have_text("two")
    assert len(room.hellos) == 2


async def test_a_gap_is_asked_for_and_an_old_frame_ignored(live: Page, room: Room) -> None:
    await room.put("a", "one", order="2")
    await expect(live.locator("#a")).to_have_text("one")
    old = {**room.since(0), "put": [["a", "root", "2", '<div id="a" data-order="2">old</div>']]}
    await room.say(old)
    await room.put("mark", "after the old one", order="9")
    await expect(live.locator("#mark")).to_be_attached()
    await expect(live.locator("#a")).to_have_text("one")
    room.seq += 2
    room.fragments["a"] = Fragment("root", "2", '<div id="a" data-order="2">three</div>', room.seq - 1)
    await room.say(
        {**room.since(room.seq - 1), "put": [["b", "root", "3", '<div id="b" data-order="3">b</div>']]}
    )
    await expect(live.locator("#a")).to_have_text("three")
    assert room.needs == [2]
    assert await live.locator("#b").count() == 0


async def test_a_missing_tail_shows_by_the_heartbeat(live: Page, room: Room) -> None:
    room.seq += 1
    room.fragments["a"] = Fragment("root", "2", '<div id="a" data-order="2">late</div>', room.seq)
    await room.say({"t": "hb", "g": 1, "top": room.seq, "c": room.chain(room.seq), "now": 0})
    await expect(live.locator("#a")).to_have_text("late")


async def test_a_page_says_when_nothing_new_is_being_saved_and_when_it_is_again(
    live: Page, room: Room
) -> None:
    beat = {"t": "hb", "g": 1, "top": 0, "c": room.chain(0), "now": 0}
    await expect(live.locator(STATE)).to_have_text("Connected.")
    await expect(live.locator("#unsaved")).to_be_hidden()
    await room.say(beat | {"unsaved": True})
    await expect(live.locator(STATE)).to_have_text("Nothing new is being saved.")
    await expect(live.locator("#unsaved")).to_be_visible()
    await room.say(beat)
    await expect(live.locator(STATE)).to_have_text("Connected.")
    await expect(live.locator("#unsaved")).to_be_hidden()


@pytest.mark.parametrize("away", [True, False])
async def test_a_page_drawn_while_nothing_was_saved_hears_with_its_welcome_whether_that_is_over(
    page: Page, room: Room, away: bool
) -> None:
    room.unsaved_at_load, room.unsaved = True, away
    live = await opened(page, room, "waiting" if away else "live")
    await expect(live.locator("#unsaved")).to_be_visible(visible=away)


async def test_another_history_is_replaced_as_a_whole(live: Page, room: Room) -> None:
    await room.put("a", "one", order="2")
    await expect(live.locator("#a")).to_be_attached()
    room.life, room.gen = "z", 2
    del room.fragments["a"]
    room.fragments["b"] = Fragment("root", "2", '<div id="b" data-order="2">b</div>', room.seq)
    await room.cut()
    await expect(live.locator("#b")).to_be_attached()
    await expect(live.locator("#a")).to_have_count(0)


@pytest.mark.parametrize(
    ("code", "words"),
    [(4403, "You may not open this page."), (4404, "No such forum."), (4410, "This forum is closed.")],
)
async def test_some_ends_are_for_good_and_said_in_words(
    live: Page, room: Room, code: int, words: str
) -> None:
    await room.cut(code)
    await expect(live.locator(STATE)).to_have_text(words)
    await expect(live.locator("html")).to_have_attribute("data-link", "off")
    await live.evaluate("dispatchEvent(new Event('online'))")
    await expect(live.locator(STATE)).to_have_text(words)
    assert len(room.hellos) == 1


@pytest.mark.parametrize(
    ("code", "words"), [(4401, "Your access has ended."), (4426, "This page has been renewed.")]
)
async def test_other_ends_reload_the_page_but_never_twice_in_a_row(
    live: Page, room: Room, code: int, words: str
) -> None:
    async with live.expect_navigation():
        await room.cut(code)
        await expect(live.locator(STATE)).to_have_text(words)
    await live.wait_for_selector("html[data-link=live]")
    await room.cut(code)
    await expect(live.locator(STATE)).to_have_text(words)
    await expect(live.locator("html")).to_have_attribute("data-link", "off")


async def test_a_goodbye_is_followed_after_the_time_it_names(live: Page, room: Room) -> None:
    await room.say({"t": "bye", "code": 1012, "after_ms": 30})
    await room.cut(1012)
    await room.until(lambda: len(room.hellos) == 2)
    await expect(live.locator("html")).to_have_attribute("data-link", "live")


async def test_a_silent_server_is_called_stale_after_fifteen_seconds_and_left_after_twenty_five(
    page: Page, room: Room, faults: list[str]
) -> None:
    await page.clock.install()
    await page.goto(room.address)
    await room.until(lambda: len(room.hellos) == 1)
    await expect(page.locator("html")).to_have_attribute("data-link", "live")
    await page.clock.run_for(14_000)
    await expect(page.locator("html")).to_have_attribute("data-link", "live")
    await page.clock.run_for(3_000)
    await expect(page.locator("html")).to_have_attribute("data-link", "stale")
    await expect(page.locator(STATE)).to_have_text("Reconnecting…")
    await page.clock.run_for(11_000)
    await room.until(lambda: len(room.hellos) == 2)


async def test_after_a_sleep_there_is_a_new_socket(page: Page, room: Room, faults: list[str]) -> None:
    await page.clock.install()
    await page.goto(room.address)
    await room.until(lambda: len(room.hellos) == 1)
    await expect(page.locator("html")).to_have_attribute("data-link", "live")
    await page.clock.fast_forward(9_000)  # too short to be called stale: but no timer ran
    await page.clock.run_for(2_000)
    await room.until(lambda: len(room.hellos) == 2)
    await expect(page.locator("html")).to_have_attribute("data-link", "live")


async def test_a_page_whose_server_is_gone_does_not_call_itself_connected(page: Page, room: Room) -> None:
    """After some tries it also polls, which must not pass for an answer."""
    await page.clock.install()
    await opened(page, room)
    await page.evaluate(
        "() => { const html = document.documentElement; window.shown = [];"
        "new MutationObserver(() => shown.push(html.dataset.link)).observe(html, { attributes: true }); }"
    )
    room.away = True
    await room.cut()
    while not room.unanswered:
        await page.clock.run_for(500)
    for _ in range(4):
        await page.clock.run_for(1_000)
    assert await page.evaluate("[...new Set(shown)]") in (["waiting"], ["waiting", "stale"])
    room.away = False
    await page.evaluate("dispatchEvent(new Event('online'))")
    await page.clock.run_for(2_000)
    await page.wait_for_selector("html[data-link=live]")


async def test_where_sockets_are_blocked_everything_goes_by_http(
    page: Page, room: Room, faults: list[str]
) -> None:
    room.sockets_pass = False
    await page.goto(room.address)
    await room.until(lambda: room.polls > 1)
    await expect(page.locator("html")).to_have_attribute("data-link", "live")
    await write(page, "by post")
    await room.until(lambda: room.texts() == ["by post"])
    await expect(page.locator("#board li")).to_have_text(["by post"])
    await expect(page.locator(".waiting")).to_have_count(0)
    await room.put("a", "by poll", order="2")
    await expect(page.locator("#a")).to_have_text("by poll")
    room.judge = lambda kind, body: "Closed."
    await write(page, "refused")
    await expect(page.locator("[data-say]")).to_have_text("Closed.")
    room.sockets_pass = True
    await page.evaluate("dispatchEvent(new Event('online'))")
    await room.until(lambda: len(room.hellos) == 1)
    room.judge = lambda kind, body: None
    await page.press("#text", "Enter")
    await room.until(lambda: room.texts() == ["by post", "refused"])
    assert {cid for cid, *_ in room.accepted} == {room.hellos[0]["cid"]}


async def test_a_lost_answer_by_http_does_not_double_either(
    page: Page, room: Room, faults: list[str]
) -> None:
    room.sockets_pass = False
    await page.goto(room.address)
    await room.until(lambda: room.polls > 1)
    room.answers_to_lose = 1
    await write(page, "once")
    await room.until(lambda: len(room.arrived) == 2)
    await expect(page.locator(".waiting")).to_have_count(0)
    assert room.texts() == ["once"]
