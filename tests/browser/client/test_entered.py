"""What somebody is entering stays through every update, or is named and kept: choices, ticks, texts, carets."""

import pytest
from playwright.async_api import Page, expect

from tests.browser.client.conftest import SAY, opened, until
from tests.browser.client.toyroom import BASE, Room

OWN = f'<form method="post" action="{BASE}/commands/{{op}}" data-op="{{op}}" data-entered="{{name}}"{{more}}>{{inner}}<p data-say></p><button>{{op}}</button></form>'


def form(op: str, name: str, inner: str, more: str = "") -> str:
    return OWN.format(op=op, name=name, inner=inner, more=more)


def options(*titles: str, chosen: str = "") -> str:
    """Options by title; the first sign of each is its value."""
    return "".join(
        f'<option value="{t[0]}"{" selected" if t[0] == chosen else ""}>{t}</option>' for t in titles
    )


def moves(*titles: str, **more: str) -> str:
    return form("MoveIdeas", "move", f'<select id="to" name="theme">{options(*titles, **more)}</select>')


def boxes(*titles: str) -> str:
    ticks = "".join(
        f'<label><input type="checkbox" name="of" value="{t[0]}" data-type="list">{t}</label>' for t in titles
    )
    return form("EditStep", "step", f"<fieldset><legend>Works on</legend>{ticks}</fieldset>", " data-keep")


async def sent(room: Room) -> dict[str, object]:
    await room.until(lambda: bool(room.accepted))
    body: dict[str, object] = room.accepted[-1][3]
    return body


async def test_a_choice_is_its_value_whatever_the_list_becomes_around_it(live: Page, room: Room) -> None:
    await room.put("a", moves("a one", "b two", "c three"))
    await live.select_option("#to", "b")
    await room.put("a", moves("d four", "c third", "b zwei", "a one"))
    await expect(live.locator("#to option")).to_have_text(["d four", "c third", "b zwei", "a one"])
    await expect(live.locator("#to")).to_have_value("b")
    await live.click("#a button")
    assert await sent(room) == {"theme": "b"}


async def test_a_choice_that_is_what_was_proposed_is_one_all_the_same(live: Page, room: Room) -> None:
    await room.put("a", moves("a one", "b two", chosen="a"))
    await live.select_option("#to", "b")
    await live.select_option("#to", "a")
    await room.put("a", moves("a one", "b two", chosen="b"))
    await room.put("z", "z", order="9")
    await expect(live.locator("#z")).to_be_attached()
    await expect(live.locator("#to")).to_have_value("a")


async def test_a_list_nobody_touched_shows_what_was_read_and_follows_what_is_proposed(
    live: Page, room: Room
) -> None:
    await room.put("a", moves("b two", "c three"))
    await room.put("a", moves("a one", "b two", "c three"))
    await expect(live.locator("#to option")).to_have_count(3)
    await expect(live.locator("#to")).to_have_value("b")
    await room.put("a", moves("a one", "b two", "c three", chosen="c"))
    await expect(live.locator("#to")).to_have_value("c")


async def test_a_choice_that_is_gone_says_so_and_sends_nothing_until_another_is_made(
    live: Page, room: Room
) -> None:
    await room.put("a", moves("a one", "b two"))
    await live.select_option("#to", "b")
    await room.put("a", moves("a one", "c three"))
    await expect(live.locator("#to option:checked")).to_have_text("b two (gone)")
    await expect(live.locator("#a [data-say]")).to_have_text("“b two” is no longer there.")
    await live.click("#a button")
    await room.put("a", moves("a one", "c three", "d four"))
    await expect(live.locator("#to option:checked")).to_have_text("b two (gone)")
    assert room.arrived == []
    await live.select_option("#to", "c")
    await expect(live.locator("#to option")).to_have_text(["a one", "c three", "d four"])
    await expect(live.locator("#a [data-say]")).to_have_text("")
    await live.click("#a button")
    assert await sent(room) == {"theme": "c"}


async def test_a_choice_that_was_gone_and_is_back_counts_again(live: Page, room: Room) -> None:
    await room.put("a", moves("a one", "b two"))
    await live.select_option("#to", "b")
    await room.put("a", moves("a one"))
    await expect(live.locator("#to option:checked")).to_have_text("b two (gone)")
    await room.put("a", moves("a one", "b two again"))
    await expect(live.locator("#to option")).to_have_text(["a one", "b two again"])
    await expect(live.locator("#a [data-say]")).to_have_text("")
    await live.click("#a button")
    assert await sent(room) == {"theme": "b"}


async def test_a_choice_among_fragments_stays_when_they_are_renamed_moved_and_taken_away(
    live: Page, room: Room
) -> None:
    await room.put("a", form("Move", "move", '<select id="to" name="theme" data-slots></select>'))
    for key, at in (("x", "1"), ("y", "2"), ("z", "3")):
        room.seq += 1
        html = f'<option id="{key}" data-order="{at}" value="{key}">{key}</option>'
        room.fragments[key] = type(room.fragments["a"])("to", at, html, room.seq)
    await room.tell()
    await live.select_option("#to", "y")
    html = '<option id="y" data-order="0" value="y">renamed</option>'
    room.fragments["y"] = type(room.fragments["a"])("to", "0", html, room.seq + 1)
    await room.delete("z")
    await expect(live.locator("#to option")).to_have_text(["renamed", "x"])
    await expect(live.locator("#to")).to_have_value("y")
    await room.delete("y")
    await expect(live.locator("#to option:checked")).to_have_text("renamed (gone)")


async def test_a_tick_belongs_to_what_is_ticked(live: Page, room: Room) -> None:
    await room.put("a", boxes("a one", "b two", "c three"))
    await live.check("input[value=b]")
    await room.put("a", boxes("d four", "a one", "b two"))
    await expect(live.locator("input[value=d]")).to_be_attached()
    assert await live.evaluate("[...document.querySelectorAll(':checked')].map((box) => box.value)") == ["b"]
    await room.put("a", boxes("d four", "a one"))
    await expect(live.locator("#a [data-say]")).to_have_text("No longer ticked: b two")
    assert await live.evaluate("[...document.querySelectorAll(':checked')].length") == 0


EDIT = '<input type="hidden" name="idea" value="i1"><label for="t">Your card</label><textarea id="t" name="text">old</textarea>'


async def test_a_text_whose_form_goes_is_named_and_kept_and_stands_there_again_when_it_is_back(
    live: Page, room: Room
) -> None:
    details = (
        "<details><summary>Change</summary>" + form("EditIdea", "edit-i1", EDIT, " data-keep") + "</details>"
    )
    await room.put("a", details)
    await live.click("summary")
    await live.fill("#t", "a better thought")
    await room.put("a", "<p>Saved</p>")
    kept = live.locator("#entered")
    await expect(kept.locator("textarea")).to_have_value("a better thought")
    await expect(kept.locator("label")).to_have_text("Your card")
    await expect(kept.locator("textarea")).to_be_focused()
    await expect(live.locator("[data-announce]")).to_have_text("It is kept above.")
    await opened(live, room)
    await expect(kept.locator("textarea")).to_have_value("a better thought")
    await room.put("a", details)
    await expect(live.locator("#t")).to_have_value("a better thought")
    await expect(live.locator("#t")).to_be_visible()
    await expect(kept).to_be_hidden()


async def test_what_is_kept_can_be_copied_and_left_out(live: Page, room: Room) -> None:
    await room.put("a", form("EditIdea", "edit-i1", EDIT, " data-keep"))
    await live.fill("#t", "a better thought")
    await room.delete("a")
    await live.click("#entered >> text=Copy")
    await expect(live.locator("#entered [data-said]")).to_have_text("Copied")
    await live.click("#entered >> text=Leave it out")
    await expect(live.locator("#entered")).to_be_hidden()
    await room.put("a", form("EditIdea", "edit-i1", EDIT, " data-keep"))
    await expect(live.locator("#t")).to_have_value("old")
    assert "a better thought" not in await live.evaluate(
        "JSON.stringify({...localStorage, ...sessionStorage})"
    )


async def test_a_form_that_became_another_gives_up_its_text_to_nobody(live: Page, room: Room) -> None:
    await room.put("a", form("EditIdea", "edit-i1", EDIT, " data-keep"))
    await live.fill("#t", "about the first")
    await room.put("a", form("EditIdea", "edit-i2", EDIT.replace("i1", "i2"), " data-keep"))
    await expect(live.locator("#entered textarea")).to_have_value("about the first")
    await expect(live.locator("#t")).to_have_value("old")


async def test_what_was_taken_is_held_no_longer_and_a_choice_left_stands_for_the_next(
    live: Page, room: Room
) -> None:
    fields = f'<select id="for" name="who">{options("a Ann", "b Bob")}</select><input id="t" name="text">'
    await room.put("a", form("WriteCard", "write", fields))
    await live.select_option("#for", "b")
    await live.fill("#t", "a card")
    await live.click("#a button")
    assert await sent(room) == {"who": "b", "text": "a card"}
    await until(live, "!Object.keys(localStorage).some((key) => key.endsWith('/write'))")
    await room.put("a", form("WriteCard", "write", fields))
    await expect(live.locator("#for")).to_have_value("b")
    await expect(live.locator("#t")).to_have_value("")


GROUP = """<div data-selection-bar><span data-selection-count></span>
<form id="g" data-op="GroupIdeas" data-entered="g"><input id="title" name="title"><p data-say></p>
<button id="go">Group</button></form></div>
<input type="checkbox" name="ideas" value="i1" form="g" data-type="list"><input type="checkbox" name="ideas" value="i2"
 form="g" data-type="list">"""


async def test_ticks_stay_until_what_was_done_with_them_is_taken_and_a_refusal_is_told_beside_them(
    page: Page, room: Room, faults: list[str]
) -> None:
    room.outside, room.surface = GROUP, "desk"
    room.judge = lambda kind, body: None if body["title"] else "Give it a title."
    await opened(page, room)
    await page.check("[value=i1]")
    await page.check("[value=i2]")
    await page.click("#go")
    await expect(page.locator(SAY)).to_have_text("Give it a title.")
    await expect(page.locator("[data-selection-count]")).to_have_text("2")
    await page.uncheck("[value=i1]")
    await page.uncheck("[value=i2]")
    await expect(page.locator(SAY)).to_be_visible()  # it still has something to say
    await page.check("[value=i1]")
    await page.fill("#title", "Places")
    await page.click("#go")
    assert (await sent(room))["ideas"] == ["i1"]
    await expect(page.locator("[value=i1]")).not_to_be_checked()
    await expect(page.locator("[data-selection-bar]")).to_be_hidden()


@pytest.mark.parametrize("moves_", ["", "delete Element.prototype.moveBefore"], ids=["moveBefore", "without"])
async def test_a_choice_and_its_focus_travel_with_a_form_that_changes_places(
    page: Page, room: Room, faults: list[str], moves_: str
) -> None:
    await page.add_init_script(moves_)
    await opened(page, room)
    await room.put("a", moves("a one", "b two"), place="board", order="1", tag="li")
    await room.put("b", "b", place="board", order="2", tag="li")
    await page.select_option("#to", "b")
    await page.focus("#to")
    await room.put("a", moves("b two", "a one"), place="board", order="3", tag="li")
    await until(page, "document.getElementById('board').lastElementChild.id === 'a'")
    await expect(page.locator("#to")).to_have_value("b")
    await expect(page.locator("#to")).to_be_focused()


async def test_what_is_open_belongs_to_its_own_thing_alone(live: Page, room: Room) -> None:
    """A step that goes takes what was open in it along; what comes to stand in its place stays folded."""

    def folded(name: str) -> str:
        return f'<summary id="more-{name}">{name}</summary><p>inside</p>'

    await room.put("board", '<ul id="cards" data-slots></ul>')
    await room.put("one", folded("one"), place="cards", order="1", tag="details")
    await room.put("two", "<details class='menu'><summary>two</summary></details>", place="cards", order="2")
    await room.put("write", folded("write"), place="cards", order="3", tag="details")
    await live.click("#more-write")
    await live.click("#two summary")
    await room.delete("write")
    await room.delete("two")
    for n, name in enumerate(("three", "four", "five")):
        await room.put(name, folded(name), place="cards", order=f"4{n}", tag="details")
    await expect(live.locator("#five")).to_be_attached()
    assert await live.evaluate("document.querySelectorAll('details[open]').length") == 0
    await live.click("#more-four")
    await room.put("three", folded("three") + "more", place="cards", order="40", tag="section")
    await room.put("four", f"<div>{folded('four')}</div>", place="cards", order="41", tag="details")
    await expect(live.locator("#four div")).to_be_attached()
    assert await live.evaluate("[...document.querySelectorAll('details[open]')].map((el) => el.id)") == [
        "four"
    ]


async def test_what_goes_together_with_what_comes_leaves_it_folded(live: Page, room: Room) -> None:
    menu = '<details class="menu"><summary id="more-{0}">{0}</summary><p>inside</p></details>'
    await room.put("board", menu.format("a") + menu.format("b"))
    await live.click("#more-b")
    await room.put("board", menu.format("c") + menu.format("d"), tag="section")
    await expect(live.locator("#more-d")).to_be_attached()
    assert await live.evaluate("document.querySelectorAll('details[open]').length") == 0
    await live.click("#more-d")
    await room.put("board", menu.format("x") + menu.format("d"))
    await expect(live.locator("#more-x")).to_be_attached()
    assert await live.evaluate("document.querySelector('details[open] > summary').id") == "more-d"
