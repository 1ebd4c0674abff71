"""Fragments in a real page: where they stand, and what an update leaves to the person."""

import random
import re

import pytest
from playwright.async_api import Page, expect

from tests.browser.client.conftest import opened, until
from tests.browser.client.toyroom import Fragment, Room

SEEDS = range(4)
FRAMES = 40

TREE = """() => {
  const tree = (el) => [...el.children].filter((one) => one.hasAttribute("data-order")).map((one) =>
    [one.id, one.querySelector(":scope > b")?.textContent ?? null,
     one.querySelector(":scope > [data-slots]") ? tree(one.querySelector(":scope > [data-slots]")) : []]);
  return tree(document.getElementById("root"));
}"""


async def order(page: Page, place: str) -> list[str]:
    found: list[str] = await page.evaluate(
        f"[...document.getElementById('{place}').children].map((el) => el.id)"
    )
    return found


async def test_a_fragment_stands_where_its_order_says(live: Page, room: Room) -> None:
    for key, at in (("b", "20"), ("d", "40"), ("a", "10"), ("c", "30"), ("z", "3")):
        await room.put(key, key, place="board", order=at, tag="li")
    await expect(live.locator("#z")).to_be_attached()
    assert await order(live, "board") == ["a", "b", "z", "c", "d"]


@pytest.mark.parametrize("moves", ["", "delete Element.prototype.moveBefore"], ids=["moveBefore", "without"])
async def test_a_fragment_that_changes_places_is_moved_and_keeps_focus_and_caret(
    page: Page, room: Room, faults: list[str], moves: str
) -> None:
    await page.add_init_script(moves)
    live = await opened(page, room)
    field = '<textarea id="note"></textarea>'
    await room.put("a", field, place="board", order="1", tag="li")
    await room.put("b", "b", place="board", order="2", tag="li")
    await live.fill("#note", "half a thought")
    await live.evaluate(
        "document.getElementById('a').mark = 1; document.getElementById('note').setSelectionRange(4, 6)"
    )
    await room.put("a", field, place="board", order="3", tag="li")
    await until(live, "document.getElementById('board').lastElementChild.id === 'a'")
    kept = await live.evaluate(
        "() => { const n = document.activeElement; return [document.getElementById('a').mark, n.id, n.value,"
        " n.selectionStart, n.selectionEnd]; }"
    )
    assert kept == [1, "note", "half a thought", 4, 6]


@pytest.mark.parametrize("anchor", ["none", "auto"])
async def test_what_somebody_writes_in_stays_before_their_eyes_whatever_is_put_above_it(
    live: Page, room: Room, anchor: str
) -> None:
    """In another column, for one, browsers hold nothing themselves."""
    tall = "<br>".join("line" for _ in range(60))
    await room.put("b", tall, place="board", order="2", tag="li")
    await room.put("c", f'<textarea id="note"></textarea>{tall}', place="board", order="3", tag="li")
    await expect(live.locator("#note")).to_be_attached()
    await live.evaluate(f"document.documentElement.style.overflowAnchor = '{anchor}'")
    await live.locator("#note").click()
    top = "Math.round(document.getElementById('note').getBoundingClientRect().top)"
    before = await live.evaluate(top)

    await room.put("a", tall, place="board", order="1", tag="li")
    await expect(live.locator("#a")).to_be_attached()
    await live.evaluate("new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")

    assert await live.evaluate("document.activeElement.id") == "note"
    assert await live.evaluate(top) == before


async def test_many_that_change_places_at_once_stand_in_order(live: Page, room: Room) -> None:
    rng = random.Random(7)
    keys = "abcdefgh"
    for _ in range(12):
        room.seq += 1
        for key, at in zip(rng.sample(keys, 8), rng.sample(keys, 8), strict=True):
            html = f'<li id="{key}" data-order="{at}">{key}</li>'
            room.fragments[key] = Fragment("board", at, html, room.seq)
        await room.tell()
        await room.put("last", str(room.seq), order="9")
        await expect(live.locator("#last")).to_have_text(str(room.seq - 1))
        wanted = sorted(keys, key=lambda key: room.fragments[key].order)
        assert await order(live, "board") == wanted


async def test_it_travels_there_and_not_for_those_who_want_no_motion(live: Page, room: Room) -> None:
    moving = "document.getElementById('a').getAnimations().length"
    for key in "abc":
        await room.put(key, key, place="board", order=key, tag="li")
    await expect(live.locator("#c")).to_be_attached()
    await live.evaluate(
        "window.seen = []; document.addEventListener('forum:applied', () => seen.push(" + moving + "))"
    )
    await room.put("a", "a", place="board", order="d", tag="li")
    await until(live, "seen.length > 0")
    assert await live.evaluate("seen[0]") == 1
    await live.emulate_media(reduced_motion="reduce")
    await until(live, moving + " === 0")
    await live.evaluate("seen.length = 0")
    await room.put("a", "a", place="board", order="0", tag="li")
    await until(live, "seen.length > 0")
    assert await live.evaluate("seen[0]") == 0
    assert await order(live, "board") == ["a", "b", "c"]


async def test_what_stands_in_a_container_survives_its_parents_update(live: Page, room: Room) -> None:
    await room.put("theme", '<h2>old</h2><ol id="in" class="x" data-slots></ol>', order="2")
    await room.put("card", "card", place="in", tag="li")
    await expect(live.locator("#in > #card")).to_be_attached()
    await live.evaluate("document.getElementById('card').mark = 1")
    await room.put("theme", '<div><h2>new</h2><ol id="in" class="y" data-slots></ol></div>', order="2")
    await expect(live.locator("#theme h2")).to_have_text("new")
    assert await live.evaluate(
        "[document.getElementById('card')?.mark, document.getElementById('in').className]"
    ) == [1, "y"]


async def test_typed_text_ticked_boxes_and_open_details_survive_an_update(live: Page, room: Room) -> None:
    def inner(version: int) -> str:
        return (
            f'<p>{version}</p><input id="a" value="{version}"><input id="b" value="{version}">'
            f'<input id="tick" type="checkbox"><details id="d"><summary>s</summary>{version}</details>'
            f'<select id="pick"><option>x</option><option>y</option></select>'
            f'<button id="go">{version}</button>'
        )

    await room.put("card", inner(1))
    await live.fill("#a", "mine")
    await live.check("#tick")
    await live.select_option("#pick", "y")
    await live.click("#d summary")
    await live.focus("#go")
    await room.put("card", inner(2))
    await expect(live.locator("#card > p")).to_have_text("2")
    await expect(live.locator("#a")).to_have_value("mine")
    await expect(live.locator("#b")).to_have_value("2")  # untouched: it follows
    await expect(live.locator("#tick")).to_be_checked()
    await expect(live.locator("#pick")).to_have_value("y")
    await expect(live.locator("#d")).to_have_attribute("open", "")
    await expect(live.locator("#go")).to_have_text("2")  # focused, but nobody types in a button
    await expect(live.locator("#go")).to_be_focused()


async def test_a_field_whose_text_has_been_saved_follows_the_server_again(live: Page, room: Room) -> None:
    await room.put("card", '<input id="a" value="one">')
    await live.fill("#a", "two")
    await live.evaluate("document.activeElement.blur()")
    await room.put("card", '<input id="a" value="two">')
    await room.put("card", '<input id="a" value="three">')
    await expect(live.locator("#a")).to_have_value("three")


async def test_a_fragment_whose_place_is_not_there_yet_waits_for_it(live: Page, room: Room) -> None:
    await room.put("card", "card", place="late", tag="li")
    await room.put("theme", '<ol id="late" data-slots></ol>', order="2")
    await expect(live.locator("#late > #card")).to_be_attached()


async def test_a_full_set_removes_what_is_not_in_it_and_saves_what_is(live: Page, room: Room) -> None:
    await room.put("old", '<ol id="in" data-slots></ol>', order="2")
    await room.put("card", '<textarea id="note"></textarea>', place="in", tag="li")
    room.own("my-mark", "mine", place="in", order="9")
    await room.put("other", "other", order="3")
    await live.fill("#note", "half")
    await live.evaluate("document.getElementById('card').mark = 1")
    room.seq += 1
    del room.fragments["old"], room.fragments["other"]
    room.fragments["new"] = Fragment(
        "root", "1", '<div id="new" data-order="1"><ol id="in" data-slots></ol></div>', 1
    )
    room.fragments["card"] = room.fragments.pop("card")  # parents first
    for frame in room.full():
        await room.say(frame)
    await expect(live.locator("#new #in > #card")).to_be_attached()
    await expect(live.locator("#old, #other")).to_have_count(0)
    await expect(live.locator("#in > #my-mark")).to_have_text("mine")
    await expect(live.locator("#note")).to_have_value("half")
    assert await live.evaluate("document.getElementById('card').mark") == 1


async def test_personal_fragments_are_replaced_as_a_whole(live: Page, room: Room) -> None:
    room.own("my-points", "3 left", place="own", order="1")
    await room.tell()
    await expect(live.locator("#my-points")).to_have_text("3 left")
    del room.mine["my-points"]
    await room.tell()
    await expect(live.locator("#my-points")).to_have_count(0)
    await expect(live.locator("#my-ideas")).to_have_count(1)


async def test_a_personal_fragment_that_came_before_its_place_is_still_there_after_a_full_set(
    live: Page, room: Room
) -> None:
    mark = ["my-part-x", "part-x", "", '<p id="my-part-x" data-order="">You take part.</p>']
    await room.say({"t": "you", "put": [mark], "del": ["my-never-there"]})
    room.seq += 1
    room.fragments["x"] = Fragment(
        "root", "8", '<div id="x" data-order="8"><div id="part-x" data-slots></div></div>', room.seq
    )
    for frame in room.full():
        await room.say(frame)
    await expect(live.locator("#part-x > #my-part-x")).to_have_text("You take part.")
    await room.say({"t": "you", "put": [], "del": ["my-part-x"]})
    await expect(live.locator("#my-part-x")).to_have_count(0)
    await expect(live.locator("#my-ideas")).to_have_count(1)


async def test_new_fragments_are_marked_for_a_moment(live: Page, room: Room) -> None:
    await live.evaluate(
        "window.marked = []; new MutationObserver((all) => all.forEach((one) => one.addedNodes.forEach((el) =>"
        " el.id === 'a' && requestAnimationFrame(() => marked.push(el.hasAttribute('data-new'))))))"
        ".observe(document.getElementById('board'), {childList: true})"
    )
    await room.put("a", "a", place="board", tag="li")
    await until(live, "marked.length === 1 && marked[0]")
    await expect(live.locator("#a")).not_to_have_attribute("data-new", "")


async def test_a_reveal_on_the_screen_is_one_movement_and_nothing_overtakes_it(
    page: Page, room: Room, faults: list[str]
) -> None:
    room.surface = "screen"
    await opened(page, room)
    await page.evaluate(
        "() => { window.turns = 0; const real = document.startViewTransition.bind(document);"
        " document.startViewTransition = (apply) => { turns += 1; return real(apply); }; }"
    )
    await room.put("a", "before", order="2")
    await expect(page.locator("#a")).to_have_text("before")
    room.seq += 1
    room.fragments["a"] = Fragment("root", "2", '<div id="a" data-order="2">revealed</div>', room.seq)
    for frame in room.full():
        await room.say(frame)
    room.seats = dict.fromkeys(room.seats, room.seq)
    await room.put("a", "after", order="2")
    await expect(page.locator("#a")).to_have_text("after")
    assert await page.evaluate("turns") == 1


@pytest.mark.parametrize("seed", SEEDS)
async def test_after_any_history_the_page_shows_what_the_server_would_draw(
    live: Page, room: Room, seed: int
) -> None:
    rng = random.Random(seed)
    for number in range(FRAMES):
        change(room, rng, number)
        if rng.random() < 0.15:
            for frame in room.full():
                await room.say(frame)
            room.seats = dict.fromkeys(room.seats, room.seq)
        elif rng.random() < 0.7:
            await room.tell()
    await room.tell()
    await until(live, f"document.getElementById('last')?.textContent === '{await last(room)}'")
    assert await live.evaluate(TREE) == tree(room, "root"), f"seed {seed}"


def change(room: Room, rng: random.Random, number: int) -> None:
    """One random thing happens: a group or a card comes, changes, moves, or goes."""
    room.seq += 1
    groups = [key for key in room.fragments if key.startswith("g")]
    cards = [key for key in room.fragments if key.startswith("c")]
    at = f"{rng.randrange(30):02}-{number:02}"  # no ties: what came first is not told apart here
    if not groups or rng.random() < 0.2:
        key = rng.choice(groups) if groups and rng.random() < 0.6 else f"g{number}"
        html = f'<div id="{key}" data-order="{at}"><b>{number}</b><div id="in-{key}" data-slots></div></div>'
        room.fragments[key] = Fragment("root", at, html, room.seq)
    elif len(groups) > 1 and rng.random() < 0.1:
        gone = rng.choice(groups)
        for key in [k for k, f in room.fragments.items() if f.place == f"in-{gone}"] + [gone]:
            del room.fragments[key]
            room.gone[key] = room.seq
        return
    elif cards and rng.random() < 0.15:
        key = rng.choice(cards)
        del room.fragments[key]
        room.gone[key] = room.seq
        return
    else:
        key = rng.choice(cards) if cards and rng.random() < 0.6 else f"c{number}"
        html = f'<div id="{key}" data-order="{at}"><b>{number}</b></div>'
        room.fragments.pop(key, None)  # parents first
        room.fragments[key] = Fragment(f"in-{rng.choice(groups)}", at, html, room.seq)
    room.gone.pop(key, None)


async def last(room: Room) -> str:
    await room.put("last", str(room.seq), order="99")
    return str(room.seq - 1)


def tree(room: Room, place: str) -> list[object]:
    """What the page must show: ids, words and children, ordered; ties by what came first are not made."""
    inside = sorted((f.order, k) for k, f in room.fragments.items() if f.place == place)
    return [[k, word(room.fragments[k].html), tree(room, f"in-{k}")] for _, k in inside]


def word(html: str) -> str | None:
    found = re.search(r"<b>(.*?)</b>", html)
    return found and found[1]


async def test_the_focus_stays_where_it_was_when_what_had_it_goes_or_is_switched_off(
    live: Page, room: Room
) -> None:
    two = '<b>Points</b><form><button id="less">−</button><button id="more">+</button></form>'
    await room.put("a", two, place="board", order="1", tag="li")
    await room.put("b", '<button id="other">b</button>', place="board", order="2", tag="li")
    await live.focus("#more")
    await room.put("a", two.replace('id="more"', 'id="more" disabled'), place="board", order="1", tag="li")
    await until(live, "document.activeElement.id === 'less'")
    await room.put("a", "nothing to press", place="board", order="1", tag="li")
    await until(live, "document.activeElement.id === 'a'")
    await room.delete("a")
    await until(live, "document.activeElement.id === 'board'")
    await live.keyboard.press("Tab")
    await until(live, "document.activeElement.id === 'other'")
    await room.put("c", "c", place="board", order="0", tag="li")
    await expect(live.locator("#c")).to_be_attached()
    await expect(live.locator("#other")).to_be_focused()
