"""The browser's outbox against a toy store that loses its end, by chance and again and again: never twice, never skipped.

The scripts are drawn here, with SEED; each is played in one go in a real page, over a network that loses what is under
way, through reloads. Its Python twin meets the real rules in ``tests/demo/test_outbox.py``.
"""

import random
from typing import Any

from playwright.async_api import Page, expect

from tests.browser.client.conftest import FORBIDDEN, opened, write
from tests.browser.client.toyroom import HOST, Room

SEED = 20261125
SCRIPTS, STEPS = 150, 50

PLAY = """async (scripts) => {
  const { Outbox } = await import("/static/0a1b/js/outbox.js");
  return scripts.map(play);

  function play(script, number) {
    const written = []; // ids, in order
    const answered = [];
    let there = [], back = [];
    const cid = `tab${number}`;
    const journal = []; // what the store has of this tab, in order
    const last = () => journal.at(-1)?.n ?? 0;
    const on = {
      settled: (op, verdict) => op.k === "Skip" || answered.push([op.b.id, verdict.t]),
    };
    let box = new Outbox("toy/", cid, "p1", on);
    const line = { width: 8, send: (op) => there.push(JSON.parse(JSON.stringify(op))) };
    const acts = {
      write(good) {
        const id = `${good ? "good" : "bad"}${written.length}`;
        if (box.add("PostIdea", { id }, { seen: 0 })) written.push(id);
      },
      judge: (count, busy) => {
        for (const op of there.splice(0, count)) {
          back.push(busy ? { t: "nack", n: op.n, code: "busy", retry: 1e6 } : judged(op));
          busy = false;
        }
      },
      busy: (count) => acts.judge(count, true),
      hear: (count) => back.splice(0, count).forEach((verdict) => box.verdict(verdict)),
      cut() {
        there = [];
        back = [];
        box.through(null);
        box.known(last(), 1);
        box.through(line);
      },
      reload() {
        box.through(null);
        box = new Outbox("toy/", cid, "p1", on);
        acts.cut();
      },
      lose(count) {
        journal.splice(Math.max(0, journal.length - count));
        acts.cut();
      },
    };
    function judged({ n, k, b }) {
      const head = last(), first = k === "Skip" ? b.from : n;
      const seen = journal.find((op) => op.n === n);
      if (seen) return { t: seen.t, n, code: "refused", g: 1, s: n };
      if (n <= head) return { t: "nack", n, code: "result_not_kept" };
      if (first !== head + 1) return { t: "nack", n, code: "out_of_order", last: head };
      const t = k === "Skip" || b.id.startsWith("good") ? "ack" : "nack";
      journal.push({ n, first, id: b.id ?? "", t });
      return { t, n, code: "refused", g: 1, s: n };
    }
    for (const [act, how] of script) acts[act](how);
    for (let round = 0; round < 4 * written.length + 8; round += 1) {
      acts.cut();
      for (let turn = 0; turn < 12; turn += 1) {
        acts.judge(8);
        acts.hear(8);
      }
    }
    box.through(null);
    return { written, answered, waiting: box.ops.length, journal };
  }
}"""


def drawn(rng: random.Random) -> list[list[Any]]:
    """One script: what the person, the network and the store do."""
    acts = ["write"] * 4 + ["judge"] * 4 + ["hear"] * 4 + ["busy", "cut", "reload", "lose", "lose"]
    return [
        [act := rng.choice(acts), rng.random() < 0.7 if act == "write" else rng.randint(1, 6)]
        for _ in range(STEPS)
    ]


async def test_whatever_is_lost_and_however_often_every_op_is_there_once_and_in_order(
    page: Page, room: Room
) -> None:
    rng = random.Random(SEED)
    scripts = [drawn(rng) for _ in range(SCRIPTS)]
    await page.goto(f"http://{HOST}:{room.address.split(':')[2].split('/')[0]}/static/0a1b/js/outbox.js")
    skips = 0
    for script, told in zip(scripts, await page.evaluate(PLAY, scripts), strict=True):
        there = told["journal"]
        ids = [op["id"] for op in there if op["t"] == "ack" and op["id"]]
        firsts, lasts = [op["first"] for op in there], [op["n"] for op in there]
        skips += sum(not op["id"] for op in there)

        assert told["waiting"] == 0, script
        assert ids == [i for i in told["written"] if i.startswith("good")], script
        assert firsts == [1, *(n + 1 for n in lasts)][: len(firsts)], script
        assert {i for i, _ in told["answered"]} == set(told["written"]), script
    assert skips > 25, "the scripts make holes"


async def three_written(page: Page, room: Room) -> str:
    """Three ideas, all saved; the cid they were sent under."""
    for number, text in enumerate(("one", "two", "three"), 1):
        await write(page, text)
        await room.until(lambda number=number: len(room.accepted) == number)
    await expect(page.locator("form")).not_to_have_attribute("data-pending", "")
    return room.accepted[0][0]


def again(room: Room) -> list[int]:
    return [op["n"] for op in room.arrived if op.get("again")]


async def test_a_second_welcome_on_the_same_connection_is_enough(live: Page, room: Room) -> None:
    cid = await three_written(live, room)
    room.lose_tail(kept=1)
    await room.say(room.welcome(cid, "full"))
    for frame in room.full():
        await room.say(frame)
    await room.until(lambda: room.texts() == ["one", "two", "three"])
    assert again(room) == [2, 3]
    assert len(room.hellos) == 1


async def test_a_store_that_came_back_with_everything_is_offered_nothing(live: Page, room: Room) -> None:
    await three_written(live, room)
    room.gen += 1
    await room.cut()
    await write(live, "four")
    await room.until(lambda: len(room.accepted) == 4)
    assert [op["n"] for op in room.arrived] == [1, 2, 3, 4]
    assert again(room) == []


async def test_what_was_saved_is_offered_again_after_a_reload_too(live: Page, room: Room) -> None:
    cid = await three_written(live, room)
    room.away = True
    await room.cut()
    await live.reload()
    room.lose_tail(kept=0)
    room.away = False
    await live.evaluate("dispatchEvent(new Event('online'))")
    await room.until(lambda: room.texts() == ["one", "two", "three"])
    assert [(c, n) for c, n, _, _ in room.accepted] == [(cid, 1), (cid, 2), (cid, 3)]


async def test_what_a_closed_tab_had_saved_is_offered_by_the_next(live: Page, room: Room) -> None:
    cid = await three_written(live, room)
    await live.evaluate("sessionStorage.clear()")  # another tab, after the first is gone
    room.lose_tail(kept=1)
    await opened(live, room)
    await room.until(lambda: room.texts() == ["one", "two", "three"])
    assert {c for c, *_ in room.accepted} == {cid}
    assert room.hellos[-1]["cid"] != cid


async def test_a_closed_tab_of_which_nothing_was_lost_is_asked_about_once_and_doubles_nothing(
    live: Page, room: Room
) -> None:
    cid = await three_written(live, room)
    await live.evaluate("sessionStorage.clear()")
    room.gen += 1
    await opened(live, room)
    await room.until(lambda: len(room.arrived) == 4)
    await room.cut()
    await room.until(lambda: len(room.hellos) == 3)
    await write(live, "four")
    await room.until(lambda: len(room.accepted) == 4)
    assert room.texts() == ["one", "two", "three", "four"]
    assert len(room.arrived) == 5
    assert room.arrived[3]["cid"] == cid


async def test_it_is_offered_by_http_where_sockets_are_blocked(
    page: Page, room: Room, faults: list[str]
) -> None:
    room.sockets_pass = False
    await page.goto(room.address)
    await room.until(lambda: room.polls > 1)
    await three_written(page, room)
    room.lose_tail(kept=1)
    room.seq += 1  # so that the poll under way hears of it
    await room.happened()
    await room.until(lambda: room.texts() == ["one", "two", "three"])
    assert again(room) == [2, 3]


async def test_it_is_offered_from_memory_where_storage_is_forbidden(
    page: Page, room: Room, faults: list[str]
) -> None:
    await page.add_init_script(FORBIDDEN)
    await opened(page, room)
    await three_written(page, room)
    room.lose_tail(kept=1)
    await room.cut()
    await room.until(lambda: room.texts() == ["one", "two", "three"])


async def test_what_cannot_be_taken_again_is_given_back_with_the_reason(live: Page, room: Room) -> None:
    await three_written(live, room)
    room.lose_tail(kept=2)
    room.judge = lambda kind, body: "Writing is closed."
    await room.cut()
    await expect(live.locator("[data-say]")).to_have_text("The store had lost this: Writing is closed.")
    await expect(live.locator("#text")).to_have_value("three")


async def test_what_is_offered_again_waits_in_sight_until_it_is_saved(live: Page, room: Room) -> None:
    await three_written(live, room)
    room.lose_tail(kept=0)
    room.mine["my-ideas"] = ("own", "5", '<ol id="my-ideas" data-order="5"></ol>')
    room.fragments = {key: f for key, f in room.fragments.items() if not key.startswith("idea-")}
    room.mute = True
    await room.cut()
    await expect(live.locator("#my-ideas .waiting")).to_have_text(["three", "two", "one"])
    room.mute = False
    await room.cut()
    await expect(live.locator("#my-ideas .waiting")).to_have_count(0)
    await expect(live.locator("#my-ideas > [id]")).to_have_text(["one", "two", "three"])


async def test_what_there_is_no_room_for_waits_and_says_why_until_it_is_saved(live: Page, room: Room) -> None:
    room.transient, room.retry = ["full"] * 3, 600
    await write(live, "one")
    await expect(live.locator("[data-say]")).to_have_text("No room.")
    await write(live, "two")
    assert await live.locator("[data-say]").text_content() == "No room.", "what waits in front still does"
    await room.until(lambda: room.texts() == ["one", "two"])
    await expect(live.locator("[data-say]")).to_have_text("")


async def test_what_the_page_itself_says_was_not_taken_is_not_said_a_second_time(
    page: Page, room: Room, faults: list[str]
) -> None:
    room.outside += '<p data-untaken>three: too late</p><p data-untaken="">two: too late</p>'
    live = await opened(page, room)
    await three_written(live, room)
    await live.fill("#text", "a fourth thought")
    room.lose_tail(kept=0)
    room.judge = lambda kind, body: "Writing is closed."
    await room.cut()
    await expect(live.locator("dialog[open]")).to_have_count(1)
    await expect(live.locator("dialog[open] textarea")).to_have_value("one")
    await expect(live.locator("#text")).to_have_value("a fourth thought")
