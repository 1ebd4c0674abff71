"""What waits to be sent: nothing lost, nothing twice, whatever network, tab, store or storage do meanwhile."""

import json

import pytest
from playwright.async_api import Page, expect

from tests.browser.client.conftest import FORBIDDEN, FULL, PREFIX, STATE, opened, until, write
from tests.browser.client.toyroom import Room


async def test_what_was_written_without_a_network_is_sent_on_return_once_and_in_order(
    live: Page, room: Room
) -> None:
    room.away = True
    await room.cut()
    for number in range(12):  # more than may be under way at once
        await write(live, f"idea {number}")
    await expect(live.locator(".waiting")).to_have_count(12)
    room.away = False
    await live.evaluate("dispatchEvent(new Event('online'))")
    await room.until(lambda: len(room.accepted) == 12)
    assert room.texts() == [f"idea {number}" for number in range(12)]
    await expect(live.locator(".waiting")).to_have_count(0)


async def test_no_more_than_eight_are_under_way(live: Page, room: Room) -> None:
    room.mute = True
    for number in range(12):
        await write(live, f"idea {number}")
    await room.until(lambda: len(room.arrived) == 8)
    room.mute = False
    await room.cut()
    await room.until(lambda: len(room.accepted) == 12)
    assert len({body["id"] for *_, body in room.accepted}) == 12


async def test_an_answer_that_was_lost_does_not_double_the_contribution(live: Page, room: Room) -> None:
    room.mute = True
    await write(live, "once")
    await room.until(lambda: len(room.accepted) == 1)
    room.mute = False
    await room.cut()
    await expect(live.locator(".waiting")).to_have_count(0)
    await room.until(lambda: len(room.arrived) == 2)
    assert room.texts() == ["once"]


async def test_what_was_not_sent_survives_a_reload(live: Page, room: Room) -> None:
    await write(live, "first")
    await room.until(lambda: len(room.accepted) == 1)
    room.away = True
    await room.cut()
    await write(live, "second")
    await live.reload()
    await expect(live.locator(".waiting")).to_have_text(["second"])
    room.away = False
    await live.evaluate("dispatchEvent(new Event('online'))")
    await room.until(lambda: len(room.accepted) == 2)
    assert [(cid, n) for cid, n, _, _ in room.accepted] == [
        (room.hellos[0]["cid"], 1),
        (room.hellos[0]["cid"], 2),
    ]


async def test_a_refusal_after_a_reload_finds_its_field(live: Page, room: Room) -> None:
    room.away = True
    await room.cut()
    await write(live, "too late")
    await live.reload()
    room.judge = lambda kind, body: "Writing is closed."
    room.away = False
    await live.evaluate("dispatchEvent(new Event('online'))")
    await expect(live.locator("[data-say]")).to_have_text("Writing is closed.")
    await expect(live.locator("#text")).to_have_value("too late")


async def leave_behind(page: Page, beat: str, person: str = "p1") -> None:
    """The shelf as a tab leaves it that died before it could send two ideas."""
    ops = [
        {"n": n, "k": "PostIdea", "b": {"id": f"orphan{n}", "step": "s1", "text": f"orphan {n}"}, "seen": 0}
        for n in (4, 5)
    ]
    left = {"person": person, "n": 5, "ops": ops, "kept": []}
    await page.context.add_init_script(
        f"if (!localStorage.planted) {{ localStorage.planted = 1;"
        f"localStorage.setItem('{PREFIX}deadtabdeadtabdead', {json.dumps(json.dumps(left))});"
        f"localStorage.setItem('{PREFIX}deadtabdeadtabdead/beat', {beat}); }}"
    )


async def test_what_a_dead_tab_left_is_sent_under_its_own_number(
    page: Page, room: Room, faults: list[str]
) -> None:
    room.tabs["deadtabdeadtabdead"] = [{"t": "ack", "n": n, "s": 0, "c": ""} for n in (1, 2, 3)]
    await leave_behind(page, "`${Date.now() - 100000} gone`")
    await opened(page, room)
    await room.until(lambda: len(room.accepted) == 2)
    assert [(cid, n) for cid, n, _, _ in room.accepted] == [
        ("deadtabdeadtabdead", 4),
        ("deadtabdeadtabdead", 5),
    ]
    await until(page, f"JSON.parse(localStorage.getItem('{PREFIX}deadtabdeadtabdead')).ops.length === 0")
    assert room.hellos[0]["cid"] != "deadtabdeadtabdead"


async def test_what_a_dead_tab_left_and_is_refused_is_given_back(
    page: Page, room: Room, faults: list[str]
) -> None:
    room.tabs["deadtabdeadtabdead"] = [{"t": "ack", "n": n, "s": 0, "c": ""} for n in (1, 2, 3)]
    room.judge = lambda kind, body: "Closed." if body["id"] == "orphan5" else None
    await leave_behind(page, "`${Date.now() - 100000} gone`")
    await opened(page, room)
    await expect(page.locator("[data-say]")).to_have_text("Closed.")
    await expect(page.locator("#text")).to_have_value("orphan 5")
    assert room.texts() == ["orphan 4"]


@pytest.mark.parametrize(
    ("beat", "person"), [("`${Date.now()} other`", "p1"), ("`${Date.now() - 100000} gone`", "p2")]
)
async def test_what_belongs_to_a_living_tab_or_another_person_is_left_alone(
    page: Page, room: Room, faults: list[str], beat: str, person: str
) -> None:
    await leave_behind(page, beat, person)
    await opened(page, room)
    await write(page, "mine")
    await room.until(lambda: len(room.accepted) == 1)
    assert room.texts() == ["mine"]
    assert await page.evaluate(f"localStorage.getItem('{PREFIX}deadtabdeadtabdead') !== null")


async def test_a_duplicated_tab_takes_a_number_of_its_own(live: Page, room: Room) -> None:
    await write(live, "from the first")
    await room.until(lambda: len(room.accepted) == 1)
    async with live.expect_popup() as opening:  # a popup copies sessionStorage, as "duplicate tab" does
        await live.evaluate("void open(location.href)")
    second = await opening.value
    await second.wait_for_selector("html[data-link=live]")
    await write(second, "from the second")
    await write(live, "from the first again")
    await room.until(lambda: len(room.accepted) == 3)
    first, other = room.hellos[0]["cid"], room.hellos[-1]["cid"]
    assert first != other
    assert {(cid, n) for cid, n, _, _ in room.accepted} == {(first, 1), (other, 1), (first, 2)}


async def test_who_is_replaced_by_another_page_goes_on_under_a_fresh_number(live: Page, room: Room) -> None:
    await room.cut(4409)
    await room.until(lambda: len(room.hellos) == 2)
    assert room.hellos[0]["cid"] != room.hellos[1]["cid"]
    await write(live, "still heard")
    await room.until(lambda: room.texts() == ["still heard"])


async def test_who_sees_another_page_live_under_its_number_takes_a_fresh_one(live: Page, room: Room) -> None:
    """Two that began in the same moment, or one that was asleep; on two server processes nobody else would notice."""
    cid = room.hellos[0]["cid"]
    other = await opened(await live.context.new_page(), room)
    beat = f"localStorage.setItem('{PREFIX}{cid}/beat', `${{Date.now()}} another`)"
    await other.evaluate(beat)
    await room.until(lambda: len(room.hellos) == 3)
    await write(live, "mine")
    await room.until(lambda: room.texts() == ["mine"])
    assert cid not in {room.hellos[2]["cid"], room.accepted[0][0]}


async def test_who_wakes_does_not_write_over_what_another_page_under_its_number_has_not_sent(
    live: Page, room: Room
) -> None:
    """What a page that slept finds waiting for it comes before the news that another lives."""
    cid, waiting = room.hellos[0]["cid"], {"n": 1, "k": "PostIdea", "b": {"text": "its own"}, "seen": 0}
    theirs = json.dumps({"person": "lea", "n": 1, "sent": 0, "ops": [waiting], "kept": []})
    await live.evaluate(  # a page hears nothing of what it writes itself
        "([key, text]) => { localStorage.setItem(key, text); localStorage.setItem(`${key}/beat`, `${Date.now()} another`) }",
        [PREFIX + cid, theirs],
    )
    await write(live, "mine")
    await room.until(lambda: room.texts() == ["mine"])
    assert room.accepted[0][0] != cid
    assert await live.evaluate("(key) => localStorage.getItem(key)", PREFIX + cid) == theirs


async def test_a_shelf_older_than_the_journal_gets_a_fresh_number(live: Page, room: Room) -> None:
    cid = room.hellos[0]["cid"]
    room.tabs[cid] = [{"t": "ack", "n": 1, "s": 0, "c": ""}]
    await room.cut()
    await write(live, "not swallowed")
    await room.until(lambda: room.texts() == ["not swallowed"])
    assert room.accepted[0][0] != cid


async def test_what_could_not_be_taken_now_is_sent_again_and_nothing_overtakes(
    live: Page, room: Room
) -> None:
    room.transient = ["busy", "rate", "unavailable"]
    for number in range(6):
        await write(live, f"idea {number}")
    await room.until(lambda: len(room.accepted) == 6)
    assert room.texts() == [f"idea {number}" for number in range(6)]
    await expect(live.locator("[data-say]")).to_have_text("")


async def test_a_store_that_lost_its_tail_is_offered_it_again_in_order(live: Page, room: Room) -> None:
    room.judge = lambda kind, body: "No." if body["text"] == "refused" else None
    for text in ("one", "two", "refused", "four"):
        await write(live, text)
        await expect(live.locator("form")).not_to_have_attribute("data-pending", "")
    await expect(live.locator(".waiting")).to_have_count(0)
    room.lose_tail(kept=1)
    await room.cut()
    await room.until(lambda: room.texts() == ["one", "two", "four"])
    cid = room.hellos[0]["cid"]
    assert [(c, n) for c, n, _, _ in room.accepted] == [
        (cid, 1),
        (cid, 2),
        (cid, 4),
    ]  # 3 was used up, not re-used
    assert [(op["n"], op["k"], op.get("again", False)) for op in room.arrived[-3:]] == [
        (2, "PostIdea", True),
        (3, "Skip", False),
        (4, "PostIdea", True),
    ]


async def test_with_nothing_left_to_offer_the_numbers_are_filled_and_the_next_op_is_taken(
    live: Page, room: Room
) -> None:
    room.judge = lambda kind, body: "No."
    await write(live, "refused")
    await expect(live.locator("[data-say]")).to_have_text("No.")
    room.judge = lambda kind, body: None
    room.lose_tail(kept=0)
    await room.cut()
    await room.until(lambda: room.arrived[-1]["k"] == "Skip")
    await live.press("#text", "Enter")
    await room.until(lambda: room.texts() == ["refused"])
    assert [(cid, n) for cid, n, _, _ in room.accepted] == [(room.hellos[0]["cid"], 2)]


async def test_a_verdict_of_another_life_of_the_store_is_asked_again(live: Page, room: Room) -> None:
    room.mute = True
    await write(live, "once")
    await room.until(lambda: len(room.accepted) == 1)
    await room.say({"t": "ack", "n": 1, "g": 7, "s": 1, "c": ""})
    await room.until(lambda: len(room.hellos) == 2 and len(room.arrived) == 2)
    await expect(live.locator("form")).to_have_attribute("data-pending", "")
    room.mute = False
    await room.cut()
    await expect(live.locator("form")).not_to_have_attribute("data-pending", "")
    assert room.texts() == ["once"]


@pytest.mark.parametrize("storage", [FORBIDDEN, FULL], ids=["forbidden", "full"])
async def test_without_storage_it_works_and_says_that_nothing_is_kept(
    page: Page, room: Room, faults: list[str], storage: str
) -> None:
    await page.add_init_script(storage)
    await opened(page, room)
    room.away = True
    await room.cut()
    await write(page, "in memory")
    await expect(page.locator(STATE)).to_contain_text("This browser keeps nothing.")
    room.away = False
    await page.evaluate("dispatchEvent(new Event('online'))")
    await room.until(lambda: room.texts() == ["in memory"])


async def test_a_full_outbox_takes_no_more_and_leaves_the_text_in_its_field(live: Page, room: Room) -> None:
    room.away = True
    await room.cut()
    await live.evaluate(
        "() => { const text = document.getElementById('text'); for (let i = 0; i < 101; i++) {"
        " text.value = `idea ${i}`; text.form.requestSubmit(); } }"
    )
    await expect(live.locator("[data-say]")).to_have_text("Too much is waiting.")
    await expect(live.locator("#text")).to_have_value("idea 100")
    await expect(live.locator(".waiting")).to_have_count(100)


async def test_it_needs_no_secure_context_and_keeps_each_forum_apart(live: Page, room: Room) -> None:
    assert await live.evaluate("isSecureContext") is False  # so all these tests run as on a venue's network
    keys = await live.evaluate("Object.keys(localStorage)")
    assert [key for key in keys if not key.startswith(PREFIX)] == []
    assert len(keys) == 3  # the outbox, its beat, and who is in
