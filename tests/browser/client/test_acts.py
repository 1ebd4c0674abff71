"""What a person does in a real page: commands out of forms, their marks, and what is asked before."""

import re
from typing import Any

from playwright.async_api import Page, expect

from tests.browser.client.conftest import UNANSWERED, opened, until, write
from tests.browser.client.toyroom import BASE, COMPOSER, Room


def bodies(room: Room) -> list[dict[str, Any]]:
    return [body for _, _, _, body in room.accepted]


async def test_a_form_becomes_a_numbered_op_and_its_fields_the_body(live: Page, room: Room) -> None:
    await write(live, "More trees")
    await room.until(lambda: len(room.accepted) == 1)
    (cid, n, kind, body) = room.accepted[0]
    assert (n, kind, cid) == (1, "PostIdea", room.hellos[0]["cid"])
    assert set(body) == {"id", "step", "text"}  # the ticket is envelope
    assert body["text"] == "More trees"
    assert re.fullmatch(r"[a-z0-9]{6,32}", body["id"])
    await expect(live.locator("#text")).to_have_value("")
    await expect(live.locator("#text")).to_be_focused()


async def test_types_come_from_the_markup(page: Page, room: Room, faults: list[str]) -> None:
    room.outside = """<form id="f" data-op="Everything" method="post">
    <input name="seen" value="4"><input name="then" value="x"><input name="for" value="p7">
    <input name="points" data-type="int" value="3"><input name="none" data-type="int null" value="">
    <input type="checkbox" name="yes" data-type="bool" checked><input type="checkbox" name="not" data-type="bool">
    <input type="checkbox" name="list" data-type="list" value="a" checked>
    <input type="checkbox" name="list" data-type="list" value="b">
    <input type="checkbox" name="empty" data-type="list" value="c">
    <input type="radio" name="column" value="left"><input type="radio" name="column" value="right" checked>
    <select name="axis" data-type="null"><option value=""></option></select>
    <select name="theme" data-new-id><option value="t1" selected>one</option></select>
    <input name="title.fr" value="Titre"><input name="title.en" value="Title"><input name="off" value="x" disabled>
    <button name="as_" value="partner">No</button><button name="as_" value="pilot">Go</button></form>
    <input type="checkbox" form="f" name="list" data-type="list" value="d" checked>"""
    await opened(page, room)
    await page.click("text=Go")
    await room.until(lambda: bool(room.accepted))
    assert bodies(room) == [
        {
            "points": 3,
            "none": None,
            "yes": True,
            "not": False,
            "list": ["a", "d"],
            "empty": [],
            "column": "right",
            "axis": None,
            "theme": "t1",
            "title": {"fr": "Titre", "en": "Title"},
            "as_": "pilot",
        }
    ]
    assert room.arrived[0]["for"] == "p7"
    assert room.arrived[0]["seen"] == 0


async def test_a_card_under_way_is_shown_at_once_and_replaced_when_it_is_saved(
    live: Page, room: Room
) -> None:
    room.mute = True
    await write(live, "First")
    await write(live, "Second")
    await expect(live.locator("#my-ideas .waiting")).to_have_text(["Second", "First"])
    await expect(live.locator("form")).to_have_attribute("data-pending", "")
    await room.until(lambda: len(room.accepted) == 2)
    room.mute = False
    await room.cut()
    await expect(live.locator("#my-ideas > [id]")).to_have_text(["First", "Second"])
    await expect(live.locator("#my-ideas .waiting")).to_have_count(0)
    await expect(live.locator("form")).not_to_have_attribute("data-pending", "")


async def test_pressing_twice_is_once(page: Page, room: Room, faults: list[str]) -> None:
    room.outside = """<form data-op="Allocate" data-keep><input type="hidden" name="option" value="o1">
    <button name="points" data-type="int" value="2">+</button><button name="points" data-type="int" value="0">-</button>
    </form>"""
    await opened(page, room)
    room.mute = True
    await page.click("text=+")
    await page.click("text=+")
    await page.click("text=-")
    await expect(page.locator("form")).to_have_attribute("data-pending", "0")
    await room.until(lambda: len(room.accepted) == 2)
    assert bodies(room) == [{"option": "o1", "points": 2}, {"option": "o1", "points": 0}]


COUNTS = """<form data-op="GiveMark" data-keep><input type="hidden" name="key" value="o1">
<button name="mark" data-type="int" data-add="-1" value="{less}">-</button>
<button name="mark" data-type="int" data-add="1" value="{more}">+</button><p data-say></p></form>"""


async def test_a_tap_on_more_counts_from_the_last_tap_and_not_from_the_page(
    page: Page, room: Room, faults: list[str]
) -> None:
    room.outside = COUNTS.format(less=-1, more=1)
    await opened(page, room)
    room.mute = True
    for sign in ("+", "+", "+", "-"):
        await page.click(f"text={sign}")
    await expect(page.locator("form")).to_have_attribute("data-pending", "2")
    room.mute = False
    await room.cut()
    await room.until(lambda: len(room.accepted) == 4)
    await expect(page.locator("form")).not_to_have_attribute("data-pending", "2")
    await page.click("text=+")  # all is answered, and the page shows none of it yet
    await room.until(lambda: len(room.accepted) == 5)

    assert [body["mark"] for body in bodies(room)] == [1, 2, 3, 2, 3]


async def test_after_a_refusal_a_tap_counts_from_what_the_page_shows(
    page: Page, room: Room, faults: list[str]
) -> None:
    room.outside = COUNTS.format(less=1, more=3)
    await opened(page, room)
    room.judge = lambda kind, body: "At most 2 on one choice." if body["mark"] > 2 else None
    await page.click("text=+")
    await expect(page.locator("form [data-say]")).to_have_text("At most 2 on one choice.")
    await page.click("text=-")
    await room.until(lambda: len(room.accepted) == 1)

    assert [body["mark"] for body in bodies(room)][-1] == 1


async def test_a_refusal_is_told_all_the_same_when_its_form_goes_before_it_is_read(
    page: Page, room: Room, faults: list[str]
) -> None:
    form = '<form data-op="{}" data-keep><button>Go</button><p data-say></p></form>'
    room.judge = lambda kind, body: "The timer has changed."
    await opened(page, room)
    await room.put("timer", form.format("SetTimer"))
    await page.click("#timer button")
    await expect(page.locator("#timer [data-say]")).to_have_text("The timer has changed.")
    await room.put("timer", form.format("SetTimer").replace("Go", "Set"))  # it stands: nothing is said twice
    await expect(page.locator("#timer button")).to_have_text("Set")
    await expect(page.locator("dialog")).to_have_count(0)
    await room.put("timer", "<p>It runs.</p>")

    await expect(page.locator("dialog[open] p").first).to_have_text("The timer has changed.")


async def test_enter_sends_and_shift_enter_breaks_the_line(live: Page, room: Room) -> None:
    await live.fill("#text", "one")
    await live.press("#text", "Shift+Enter")
    await live.keyboard.type("two")
    await live.press("#text", "Enter")
    await room.until(lambda: room.texts() == ["one\ntwo"])
    await live.fill("#text", "  ")
    await live.press("#text", "Enter")
    await write(live, "three")
    await room.until(lambda: len(room.accepted) == 2)
    assert room.texts() == ["one\ntwo", "three"]


async def test_what_is_asked_before_is_done_only_after_a_yes(
    page: Page, room: Room, faults: list[str]
) -> None:
    room.outside = (
        """<form data-op="Withdraw" data-confirm="Take it back?"><button id="go">Go</button></form>"""
    )
    await opened(page, room)
    await page.click("#go")
    await expect(page.locator("dialog p").first).to_have_text("Take it back?")
    await page.click("dialog >> text=Cancel")
    await expect(page.locator("dialog")).to_have_count(0)
    assert room.arrived == []
    await page.click("#go")
    await page.click("dialog >> text=Yes")
    await room.until(lambda: len(room.accepted) == 1)


REMOVAL = f"""<form method="post" action="{BASE}/commands/Wrong" data-op="RemovePerson" data-confirm="Take it away?">
<input type="hidden" name="ticket" value="t1"><button name="person" value="p6">One</button>
<button id="go" name="person" value="p7" formaction="{BASE}/commands/RemovePerson">Two</button></form>"""


async def test_before_the_server_has_answered_it_is_asked_too_and_a_yes_posts_what_was_pressed(
    page: Page, room: Room, faults: list[str]
) -> None:
    room.away, room.outside = True, REMOVAL
    await opened(page, room, UNANSWERED)
    await page.click("#go")
    await expect(page.locator("dialog p").first).to_have_text("Take it away?")
    await page.click("dialog >> text=Cancel")
    await expect(page.locator("dialog")).to_have_count(0)
    assert room.posted == []
    await page.click("#go")
    async with page.expect_navigation():
        await page.click("dialog >> text=Yes")
    assert room.posted == [("RemovePerson", {"ticket": "t1", "person": "p7"})]
    assert room.arrived == []
    await page.click("#go")  # one yes is for one press
    await expect(page.locator("dialog p").first).to_have_text("Take it away?")


async def test_who_was_asked_before_the_server_answered_and_agrees_after_sends_an_op(
    page: Page, room: Room, faults: list[str]
) -> None:
    room.away, room.outside = True, REMOVAL
    await opened(page, room, UNANSWERED)
    await page.click("#go")
    await expect(page.locator("dialog[open]")).to_contain_text("Take it away?")
    room.away = False
    await page.wait_for_selector("html[data-link=live]")
    await page.click("dialog >> text=Yes")
    await room.until(lambda: bodies(room) == [{"person": "p7"}])
    assert room.posted == []


async def test_what_is_not_asked_about_goes_its_own_way_before_the_server_has_answered(
    page: Page, room: Room, faults: list[str]
) -> None:
    room.away = True
    await opened(page, room, UNANSWERED)
    async with page.expect_navigation():
        await write(page, "More trees")
    assert [(kind, fields["text"]) for kind, fields in room.posted] == [("PostIdea", "More trees")]


PILOT = f"""<form method="post" action="{BASE}/commands/Pilot"{{}}><input type="hidden" name="ticket">
<input type="hidden" name="seen"><input id="who" name="name" value="Anne"><button id="appoint">Appoint</button></form>"""


async def test_a_form_that_came_with_an_update_is_pressed_twice_under_one_ticket_and_says_what_was_seen(
    live: Page, room: Room
) -> None:
    await room.put("a", PILOT.format(""))
    await live.wait_for_selector("#appoint")
    await live.evaluate(
        "document.addEventListener('submit', (e) => e.target.setAttribute('target', 'beside'))"
    )
    for _ in range(2):
        await live.click("#appoint")
    await room.until(lambda: len(room.posted) == 2)
    await room.put("a", PILOT.format(' class="drawn-anew"'))
    await live.wait_for_selector("form.drawn-anew")
    await live.click("#appoint")
    await room.until(lambda: len(room.posted) == 3)

    tickets = {fields["ticket"] for _, fields in room.posted}
    assert len(tickets) == 1
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,40}", tickets.pop())
    assert [fields["seen"] for _, fields in room.posted] == ["1", "1", "2"]


async def test_where_the_answer_opens_beside_the_page_pressing_later_means_once_more(
    page: Page, room: Room, faults: list[str]
) -> None:
    room.outside = PILOT.format(' target="beside"').replace("beside", "_blank")
    await page.clock.install()
    await opened(page, room)
    for after_ms in (0, 500, 60_000):
        await page.clock.fast_forward(after_ms)
        async with page.context.expect_page() as beside:
            await page.click("#appoint")
        await (await beside.value).close()
    await room.until(lambda: len(room.posted) == 3)

    one, same, another = [fields["ticket"] for _, fields in room.posted]
    assert one == same
    assert re.fullmatch(r"[A-Za-z0-9_-]{16,40}", another)
    assert another != one


async def test_what_is_confirmed_is_what_was_asked_about_whatever_the_page_has_become(
    live: Page, room: Room
) -> None:
    form = '<form data-op="{}" data-confirm="Show them?"><input type="hidden" name="step" value="{}"><button id="go">Go</button></form>'
    await room.put("a", form.format("RevealStep", "ideas"))
    await live.click("#go")
    await expect(live.locator("dialog[open]")).to_contain_text("Show them?")
    await room.put("a", form.format("OpenStep", "sort"))
    await expect(live.locator("form[data-op=OpenStep]")).to_be_attached()
    await live.locator("dialog[open] button").last.click()
    await room.until(lambda: len(room.accepted) == 1)
    assert room.accepted[0][2:] == ("RevealStep", {"step": "ideas"})


async def test_the_keyboard_stays_near_a_form_that_goes_once_it_is_sent(live: Page, room: Room) -> None:
    await room.put(
        "a", '<div id="dock"><form id="f" data-op="Group"><input id="title" name="title"></form></div>'
    )
    await live.evaluate("document.addEventListener('forum:queued', () => { f.hidden = true })")
    await live.fill("#title", "one")
    await live.press("#title", "Enter")
    await room.until(lambda: len(room.accepted) == 1)
    await until(live, "document.activeElement.id === 'dock'")


async def test_ticked_cards_are_counted_and_go_with_any_form_that_takes_them(
    page: Page, room: Room, faults: list[str]
) -> None:
    room.outside = """<div data-selection-bar hidden>Group (<b data-selection-count></b>)
    <form data-op="MoveIdeas" data-selection><input type="hidden" name="theme" value="t1"><button>Move</button></form></div>"""
    await opened(page, room)
    for key in "abc":
        box = f'<input type="checkbox" name="ideas" value="{key}">'
        await room.put(key, box, place="board", order=key, tag="li")
    await page.check("#b input")
    await page.check("#a input")
    await expect(page.locator("[data-selection-count]")).to_have_text("2")
    await page.click("text=Move")
    await room.until(lambda: bool(room.accepted))
    assert bodies(room) == [{"theme": "t1", "ideas": ["a", "b"]}]
    await expect(page.locator("[data-selection-bar]")).to_be_hidden()
    await expect(page.locator("#a input")).not_to_be_checked()


async def test_a_clock_counts_down_by_the_servers_time_warns_and_ends(
    page: Page, room: Room, faults: list[str]
) -> None:
    await page.clock.install(time=1)
    room.outside = '<span data-ends-at="61000" data-seconds="60"></span>'
    await opened(page, room)
    clock = page.locator("[data-ends-at]")
    await page.clock.set_fixed_time(21)
    await expect(clock).to_have_text("0:40")
    await room.say({"t": "hb", "g": 1, "top": room.seq, "c": room.chain(room.seq), "now": 51_000})
    await expect(clock).to_have_text("0:10")
    await expect(clock).to_have_attribute("data-warn", "")
    await expect(page.locator("[data-announce]")).to_contain_text("0:10 left.")
    await page.clock.set_fixed_time(31.5)
    await expect(clock).to_have_attribute("data-over", "")
    await expect(page.locator("[data-announce]")).to_contain_text("Time is up.")


async def test_nothing_is_asked_of_the_shell_that_it_need_not_have(
    page: Page, room: Room, faults: list[str]
) -> None:
    room.outside = COMPOSER.replace("data-say", "data-nothing").replace("data-left-of", "data-nothing-either")
    room.mine.clear()
    room.judge = lambda kind, body: "Closed."
    await opened(page, room)
    await write(page, "text")
    await expect(page.locator("dialog p").first).to_contain_text("Closed.")
    await until(page, "document.getElementById('text').value === 'text'")
