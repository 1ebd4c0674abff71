"""Everything that people made is on some page of the wall: whole, at a size that is read from the last row, nothing cut
and no word broken.

The states are given by what happened, of every kind of step, and drawn as they are sent.
"""

import random
from collections.abc import Callable, Iterator

import pytest
from playwright.async_api import Browser, Page, Route, expect

from forum.domain.flow import EditForum, EditStep, StepRevealed
from forum.domain.kernel import Words
from forum.domain.plan.words import MakeAction, MakeAxis
from forum.domain.steps.kinds import KINDS
from forum.domain.steps.sort import MoveIdeas
from forum.places import static_dir, templates_dir
from tests.browser.walls import (
    LONG,
    MOMENTS,
    PLACE,
    STATES,
    board,
    day,
    document,
    fragments,
    result,
    sort,
    stage,
    text,
)
from tests.further import further
from tests.scenes import Scene, a_room
from tests.toysheet import known

SEED = 1
SIZES = ((1280, 720), (1366, 768), (1920, 1080), (1024, 768), (800, 600))


@pytest.fixture(autouse=True)
def pytest_long() -> Iterator[None]:
    with known(LONG):
        yield


FEW, SOME, MANY, MOST = 5, 25, 40, 200
MADE = ".flow .idea, .theme .head, .option, .line, .axis .head, .action, .sheet .head, .sheet-said > div, .commitment"
SAID = ".wall :is(h1, h2, p, li:not(:has(p, h2)))"
FULL = 0.85  # of a page, where another follows
UNCUT = ("sheet", 1)  # few of them have as many fields as go over to another page
LOOK = """async ({ made, within }) => {
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize), found = [], seen = new Map();
  const frame = document.querySelector(within).getBoundingClientRect(), fills = new Map();
  const all = [...document.querySelectorAll(made)].filter((el) => el.textContent.trim() && !el.closest(".sr, .visually-hidden, [hidden], .over"));
  const { laid, pageCount: pages, turn } = await import("/static/js/wall.js");
  await laid();
  const groups = new Map();
  for (let page = 0; page < pages(); page++, await turn()) {
    for (const el of all) {
      const boxes = [...el.getClientRects()];
      if (!boxes.length || getComputedStyle(el).visibility === "hidden") continue;
      seen.set(el, (seen.get(el) ?? 0) + 1);
      const say = (why) => found.push(`page ${page}, ${why}: ${el.className} ${el.textContent.trim().slice(0, 24)}`);
      for (const { left, top, right, bottom } of boxes)
        if (left < frame.left - 1 || top < frame.top - 1 || right > frame.right + 1 || bottom > frame.bottom + 1)
          say(`${[left, top, right, bottom].map(Math.round)} out of ${[frame.left, frame.top, frame.right, frame.bottom].map(Math.round)}`);
      for (const inner of [el, ...el.querySelectorAll("*")]) {
        const style = getComputedStyle(inner);
        if (inner.closest(".sr, .visually-hidden, .plane-at > span, svg")) continue;
        if (style.textOverflow === "ellipsis" || !["", "none"].includes(style.webkitLineClamp)) say("clamped");
        if (style.overflow === "hidden" || inner.scrollWidth > inner.clientWidth + 1 && style.display !== "inline") say("cut");
        if (inner.textContent.trim() && parseFloat(style.fontSize) < 1.45 * rem) say(`${style.fontSize} of ${rem}`);
      }
      const texts = document.createTreeWalker(el, NodeFilter.SHOW_TEXT);
      while (texts.nextNode())
        for (const { 0: word, index } of texts.currentNode.data.matchAll(/\\p{Nd}[ \u00a0\u202f]*(?:h(?: *\\p{Nd}+)?|min|€|%)(?!\\p{L})|[^ \\n/–—-]+/gu)) {
          const range = document.createRange();
          range.setStart(texts.currentNode, index);
          range.setEnd(texts.currentNode, index + word.length);
          const tops = [...range.getClientRects()].filter(({ width }) => width).map(({ top }) => top);
          if (Math.max(...tops) - Math.min(...tops) > 2) say(`${word} is broken`);
        }
      const group = el.closest(".group");
      if (group) groups.set(group, (groups.get(group) ?? new Set()).add(page));
    }
    for (const list of document.querySelectorAll("[data-flow]")) {
      const [first] = list.querySelectorAll("[data-here]"), home = list.parentElement.getBoundingClientRect();
      const known = fills.get(list) ?? fills.set(list, []).get(list);
      if (!first || known.some((one) => one.first === first)) continue;
      const ends = new Map();
      for (const el of list.querySelectorAll("[data-here]"))
        for (const { left, bottom } of el.getClientRects()) ends.set(Math.round(left), Math.max(ends.get(Math.round(left)) ?? 0, bottom - home.top));
      const across = Number(list.style.getPropertyValue("--across"));
      known.push({ first, full: [...ends.values()].reduce((sum, one) => sum + one, 0) / across / home.height });
    }
    const here = all.filter((el) => el.getClientRects().length && getComputedStyle(el).visibility !== "hidden").map((el) => [el, el.getBoundingClientRect()]);
    for (const [n, [el, a]] of here.entries()) for (const [other, b] of here.slice(n + 1))
      if (a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1)
        found.push(`${el.textContent.trim().slice(0, 24)} over ${other.textContent.trim().slice(0, 24)}`);
  }
  for (const el of all) if (!seen.has(el)) found.push(`on no page: ${el.className} ${el.textContent.trim().slice(0, 24)}`);
  const full = [...fills.values()].flatMap((known) => known.slice(0, -1).map(({ full }) => full));
  return { found, made: all.length, least: Math.min(1, ...full), pages: pages(), cut: [...groups.values()].filter((on) => on.size > 1).length };
}"""


async def drawn(page: Page, room: Scene) -> None:
    """The wall with its style sheets and the script that lays it out."""
    html = document(room)

    async def answer(route: Route) -> None:
        path = route.request.url.removeprefix(PLACE)
        if path == "desk":
            await route.fulfill(body=IN_SMALL, content_type="text/html; charset=utf-8")
        elif not path:
            await route.fulfill(body=html, content_type="text/html; charset=utf-8")
        elif (static_dir() / (file := path.removeprefix("static/"))).is_file():
            await route.fulfill(path=static_dir() / file)
        else:
            await route.abort()

    await page.unroute_all(behavior="ignoreErrors")
    await page.route("**/*", answer)
    await page.goto(PLACE)
    await page.evaluate(
        "() => document.fonts.ready.then(() => import('/static/js/wall.js')).then(({ laid }) => laid())"
    )


def test_the_states_are_of_every_kind_of_step_and_of_everything_that_the_wall_can_show() -> None:
    assert STATES.keys() == KINDS.keys()
    there = {
        f"screen/{path.name}"
        for path in (templates_dir() / "screen").glob("*.html")
        if 'class="stage' in path.read_text()
    }
    drawn_ = {stage(make()) for make in MOMENTS.values()}
    drawn_ |= {stage(make(n, 0)) for states in STATES.values() for make in states for n in (0, 2)}
    assert drawn_ == there


CASES = [(kind, n) for kind, made in STATES.items() for n in range(len(made))]


@pytest.mark.parametrize(
    ("many", "longest", "sizes"),
    [
        (MOST, 0, ((1920, 1080),)),
        (FEW, 1, ((800, 600),)),
        (SOME, 0, ((800, 600),)),  # the narrowest lines of themes, which a smaller size widens
        *further(
            (0, 0, SIZES),
            (1, 0, SIZES),
            (FEW, 0, SIZES),
            (MANY, 0, SIZES),
            (MOST, 0, SIZES),
            (MANY, 1, SIZES),
        ),
    ],
)
async def test_everything_that_was_made_stands_whole_on_some_page_of_the_wall(
    browser: Browser, many: int, longest: int, sizes: tuple[tuple[int, int], ...]
) -> None:
    page = await (await browser.new_context(locale="fr-FR", reduced_motion="reduce")).new_page()
    wrong: list[str] = []
    for kind, n in CASES:
        room = STATES[kind][n](min(many, 60) if kind == "ballot" else many, longest)
        for wide, high in sizes:
            await page.set_viewport_size({"width": wide, "height": high})
            await drawn(page, room)
            looked = await page.evaluate(LOOK, {"made": MADE, "within": ".stage"})
            if many <= FEW:  # more may be more than a page holds
                assert not looked["cut"] or longest, (kind, n, wide)
            wrong += [f"{kind} {n}, {wide} px: {what}" for what in looked["found"]]
            if many > FEW and not longest and (kind, n) != UNCUT:
                assert looked["least"] >= FULL, (kind, n, wide)
            assert looked["made"] >= many * (kind != "sheet") or kind == "ballot", (kind, n)
    await page.context.close()
    assert wrong[:20] == []


@pytest.mark.parametrize("sizes", [((800, 600),), *further((SIZES,))])
async def test_everything_that_is_said_where_nobody_makes_anything_is_whole_and_nothing_lies_on_it(
    browser: Browser, sizes: tuple[tuple[int, int], ...]
) -> None:
    page = await (await browser.new_context(locale="fr-FR", reduced_motion="reduce")).new_page()
    wrong: list[str] = []
    for name, make in MOMENTS.items():
        for wide, high in sizes:
            await page.set_viewport_size({"width": wide, "height": high})
            await drawn(page, make())
            looked = await page.evaluate(LOOK, {"made": SAID, "within": ".wall"})
            wrong += [f"{name}, {wide} px: {what}" for what in looked["found"]]
    await page.context.close()
    assert wrong == []


QUESTION = "En 2025, de quoi serons-nous fiers ensemble, et qu’aurons-nous fait pour y arriver ? " * 3
HOW = "Installez-vous et faites connaissance avec vos voisins. Nous commençons dans quelques minutes."


@pytest.mark.parametrize("chars", [84, 110, *further(64, 65, 111, 220, 221)])
async def test_while_the_room_comes_in_a_question_of_any_length_leaves_room_for_the_line_of_the_day(
    browser: Browser, chars: int
) -> None:
    room = day(people=41)
    room.ask(EditForum(title="Notre vision pour 2025", question=QUESTION[:chars].strip()))
    for step in room.state.steps:
        room.ask(
            EditStep(step.id, title=Words(*("Des thèmes aux actions",) * 2), instruction=Words(HOW, HOW))
        )
    view = {"width": 1280, "height": 720}
    page = await (await browser.new_context(viewport=view, reduced_motion="reduce")).new_page()  # type: ignore[arg-type]
    await drawn(page, room.opened("welcome"))
    looked = await page.evaluate(LOOK, {"made": SAID, "within": ".wall"})
    await page.context.close()
    assert looked["found"] == []


IN_SMALL = '<iframe src="/" width="1920" height="1080"></iframe>'


async def test_the_wall_in_small_follows_a_wall_that_is_open_in_the_same_browser(browser: Browser) -> None:
    context = await browser.new_context(locale="fr-FR", viewport={"width": 1920, "height": 1080})
    await context.add_init_script(ASKED_ALONE)
    wall, desk = await context.new_page(), await context.new_page()
    for page in (wall, desk):
        await drawn(page, board(MANY, 0))
    await wall.evaluate(TURN)
    await desk.goto(f"{PLACE}desk")
    small = desk.frame_locator("iframe").locator(".page-of")

    await expect(small).to_have_text("page 2 sur 2")  # it came later
    await wall.evaluate(TURN)
    await expect(small).to_have_text("page 1 sur 2")
    await context.close()


ASKED_ALONE = "const later = setTimeout; self.setTimeout = (work, ms) => (ms < 8000 ? later(work, ms) : 0);"
TURN = "() => import('/static/js/wall.js').then(({ turn }) => turn())"
MOVED = """async (frames) => {
  document.documentElement.setAttribute("data-link", "live");
  const { change } = await import("/static/js/fragments.js"), { ready } = await import("/static/js/morph.js");
  await ready;
  let late = 0;
  for (const [puts, gone] of frames) {
    late += 1;
    change(puts, gone, () => (late -= 1));
    await new Promise((next) => setTimeout(next));
  }
  while (late) await new Promise((next) => setTimeout(next, 10));
}"""


@pytest.mark.parametrize("moves", further("no-preference", "reduce"))
async def test_hundreds_of_cards_that_are_sorted_at_once_end_in_the_picture_of_a_wall_loaded_anew(
    browser: Browser, moves: str
) -> None:
    page = await (await browser.new_context(locale="fr-FR", reduced_motion=moves)).new_page()  # type: ignore[arg-type]
    crashed: list[object] = []
    page.on("crash", lambda crash: crashed.append(crash))  # noqa: PLW0108  Playwright wants a function
    page.on("pageerror", lambda error: crashed.append(error))  # noqa: PLW0108
    room, rng = sort(60, 0), random.Random(SEED)
    await drawn(page, room)
    frames, before = [], fragments(room)
    for _ in range(300):
        room.ask(MoveIdeas((f"idea{rng.randint(1, 60):03}",), f"theme{rng.randrange(12)}"))
        after = fragments(room)
        frames.append(
            ([put for key, put in after.items() if before.get(key) != put], [*before.keys() - after.keys()])
        )
        before = after
    await page.evaluate(MOVED, frames)
    pictures = [await page.evaluate(PLACES)]
    await drawn(page, room)
    pictures.append(await page.evaluate(PLACES))
    await page.context.close()

    assert crashed == []
    assert pictures[0] == pictures[1]
    assert len(pictures[0]) > 40


COLUMNS = """async () => {
  await (await import("/static/js/wall.js")).laid();
  return Object.fromEntries([...document.querySelectorAll(".action[data-here]")].map((el) => [el.id, el.style.getPropertyValue("--x")]));
}"""


async def test_an_action_stays_in_its_column_while_others_come_as_long_as_that_holds_them(
    browser: Browser,
) -> None:
    page = await (await browser.new_context(locale="fr-FR", reduced_motion="reduce")).new_page()
    await page.set_viewport_size({"width": 1920, "height": 1080})
    room = a_room().opened("plan")
    for axis in range(3):
        room.ask(MakeAxis(f"axis{axis}", f"Axe {axis}"))
    for n in range(6):
        room.ask(MakeAction(f"act{n:04}", f"axis{n % 3}", text(n, 0)))
    await drawn(page, room)
    moved, before, stood = 0, fragments(room), await page.evaluate(COLUMNS)
    for n in range(6, 12):
        room.ask(MakeAction(f"act{n:04}", f"axis{n % 2}", text(n, 0)))
        after = fragments(room)
        await page.evaluate(MOVED, [[[put for key, put in after.items() if before.get(key) != put], []]])
        stands = await page.evaluate(COLUMNS)
        assert len(stands) == n + 1
        moved += any(stands[action] != column for action, column in stood.items())
        before, stood = after, stands
    await page.context.close()

    assert moved <= 2  # the columns are full


PLACES = """async () => {
  const { laid, pageCount, turn } = await import("/static/js/wall.js"), there = [];
  await laid();
  for (let page = 0; page < pageCount(); page++, await turn())
    for (const { textContent, style } of document.querySelectorAll("#themes [data-here]"))
      there.push(`${textContent.trim()} ${style.getPropertyValue("--x")} ${style.getPropertyValue("--y")}`);
  return there.sort();
}"""


REVEALED = """async (html) => {
  const made = new DOMParser().parseFromString(html, "text/html");
  document.querySelector(".stage").replaceWith(made.querySelector(".stage"));
  document.dispatchEvent(new CustomEvent("forum:applied"));
  await (await import("/static/js/wall.js")).laid();
  return document.getAnimations().filter((one) => !(one instanceof CSSAnimation)).map(({ effect }) => {
    const { delay, endTime } = effect.getComputedTiming();
    return [effect.target.matches(".part") ? "bar" : "", Math.round(delay), endTime];
  });
}"""


@pytest.mark.parametrize(
    ("moves", "made"), [("no-preference", board), ("no-preference", result), ("reduce", board)]
)
async def test_what_was_hidden_turns_over_in_a_wave_of_a_second_and_bars_grow_from_the_last_to_the_first(
    browser: Browser, moves: str, made: Callable[[int, int], Scene]
) -> None:
    page = await (await browser.new_context(locale="fr-FR", reduced_motion=moves)).new_page()  # type: ignore[arg-type]
    shown = made(12 if made is board else 5, 0)
    revealed = next(
        seq for seq, _, record in reversed(shown.journal) if isinstance(record.fact, StepRevealed)
    )
    await drawn(page, shown.back_to(revealed - 1))
    started = await page.evaluate(REVEALED, document(shown))
    await page.context.close()

    assert bool(started) == (moves == "no-preference")
    assert all(end <= 2000 for _, _, end in started)
    delays = [delay for _, delay, _ in started]
    if started and made is board:
        assert len(started) == 12
        assert delays == sorted(delays)
    elif started:  # four who are first together, and one with nothing: two moments
        assert len({delay for what, delay, _ in started if what == "bar"}) == 2
