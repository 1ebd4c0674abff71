"""Everything that people made is on some page of the wall: whole, at a size that is read from the last row, nothing cut.

The states are given by what happened, of every kind of step, and drawn as they are sent.
"""

from collections.abc import Callable, Iterator, Mapping

import pytest
from playwright.async_api import Browser, Page, Route

from forum.domain.flow import StepRevealed
from forum.domain.kernel import SheetId, StepId
from forum.domain.limits import Text
from forum.domain.plan.words import MakeAction, MakeAxis
from forum.domain.settings import SheetSettings
from forum.domain.sheets import SCHEMAS
from forum.domain.sheets.schema import Field, Schema
from forum.domain.sheets.words import MakeSheet
from forum.domain.steps.board import PostIdea
from forum.domain.steps.kinds import KINDS
from forum.domain.steps.pledge import Pledge
from forum.fragments.pages import Pages, Token
from forum.fragments.surface import Audience, View
from forum.places import static_dir
from tests.further import further
from tests.scenes import ANNE, FACILITATOR, LEA, Scene, a_room
from tests.toysheet import MENU, known

SENTENCE = "Ouvrir un lieu commun où les associations du quartier se retrouvent et préparent ensemble leurs projets. "
SIZES = ((1280, 720), (1366, 768), (1920, 1080), (1024, 768), (800, 600))
PLACE = "http://wall.test/"
LONG: Schema = MENU._replace(
    name="long",
    fields=tuple(Field(f"f{n}", f"Field {n}", Text(600), needed=not n) for n in range(6)),
)


@pytest.fixture(autouse=True)
def pytest_long() -> Iterator[None]:
    with known(LONG):
        yield


def text(n: int, longest: int) -> str:
    """The words of the nth thing: of many lengths, or each as long as it may be (``longest``)."""
    return f"{n} {SENTENCE * 20}"[: longest or 20 + n * 37 % 90].strip()


def board(many: int, longest: int) -> Scene:
    room = a_room().opened("ideas")
    for n in range(1, many + 1):
        room.ask(PostIdea(f"idea{n:03}", text(n, longest and 140), StepId("ideas")), LEA)
    return room.revealed("ideas")


def sort(many: int, longest: int) -> Scene:
    """A third of the cards is in no theme, and the themes are of many sizes."""
    room = board(many, longest).opened("sort")
    if many < 3:
        return room
    themes = min(12, max(1, many // 5))
    for theme in range(themes):
        cards = [n for n in range(1, many + 1) if n % 3 and (n * n) % themes == theme]
        if cards:
            room.with_theme(f"theme{theme}", *cards, title=text(theme, longest and 60))
    return room


def ballot(many: int, longest: int) -> Scene:
    room = board(many, longest).opened("sort")
    for n in range(1, many + 1):
        room.with_theme(f"theme{n:02}", n, title=text(n, longest and 60))
    return room.opened("vote") if many > 1 else room  # of one there is no vote


def result(many: int, longest: int) -> Scene:
    """Three who are first together, then some, then very many with nothing."""
    room = ballot(many, longest)
    if many < 2:
        return room
    for n in range(1, min(many, 3) + 1):
        room.voted(LEA, **{f"theme{n:02}": 1})
    room.voted(ANNE, **{f"theme{min(many, 4):02}": 1})
    return room.closed("vote").revealed("vote")


def plan(many: int, longest: int) -> Scene:
    room = a_room().opened("plan")
    axes = min(9, -(-many // 4))
    for axis in range(axes):
        room.ask(MakeAxis(f"axis{axis}", text(axis, longest and 60)))
    for n in range(many):
        action = MakeAction(f"act{n:04}", f"axis{(n * n) % axes}", text(n, longest and 140))
        room.ask(action)
    return room


def sheets(many: int, longest: int) -> Scene:
    schema = SCHEMAS["long" if longest else "objective"]
    room = a_room({"plan": SheetSettings(what=schema.name)}).opened("plan")
    for n in range(min(many, 40)):
        texts = {
            f.name: text(n, longest and f.holds.most)
            for f in schema.fields
            if f.wall and isinstance(f.holds, Text)
        }
        room.ask(MakeSheet(SheetId(f"sheet{n:03}"), schema.name, StepId("plan"), texts), FACILITATOR)  # type: ignore[arg-type]
    return room


def pledges(many: int, longest: int) -> Scene:
    people = [f"person{n:03}" for n in range(many)]
    room = a_room(people=people).opened("pledge")
    for n, person in enumerate(people):
        room.ask(Pledge(f"pledge{n:03}", text(n, longest and 140), "2025-01-20"), person)
    return room


STATES: Mapping[str, tuple[Callable[[int, int], Scene], ...]] = {
    "board": (board,),
    "sort": (sort,),
    "ballot": (ballot, result),
    "sheet": (plan, sheets),
    "pledge": (pledges,),
    "show": (),  # nobody makes anything in it
}
FEW, MANY, MOST = 5, 40, 200
MADE = ".flow .idea, .theme .head, .option, .line, .axis .head, .action, .sheet .head, .sheet-said > div, .commitment"
LOOK = """async (made) => {
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize), found = [], seen = new Map();
  const all = [...document.querySelectorAll(made)], frame = document.querySelector(".stage").getBoundingClientRect();
  const { laid, pageCount: pages, turn } = await import("/static/js/wall.js");
  await laid();
  const groups = new Map();
  for (let page = 0; page < pages(); page++, await turn()) {
    for (const el of all) {
      const boxes = [...el.getClientRects()];
      if (!boxes.length) continue;
      seen.set(el, (seen.get(el) ?? 0) + 1);
      const say = (why) => found.push(`page ${page}, ${why}: ${el.className} ${el.textContent.trim().slice(0, 24)}`);
      for (const { left, top, right, bottom } of boxes)
        if (left < frame.left - 1 || top < frame.top - 1 || right > frame.right + 1 || bottom > frame.bottom + 1)
          say(`${[left, top, right, bottom].map(Math.round)} out of ${[frame.left, frame.top, frame.right, frame.bottom].map(Math.round)}`);
      for (const inner of [el, ...el.querySelectorAll("*")]) {
        const style = getComputedStyle(inner);
        if (inner.closest(".visually-hidden, svg")) continue;
        if (style.textOverflow === "ellipsis" || !["", "none"].includes(style.webkitLineClamp)) say("clamped");
        if (style.overflow === "hidden" || inner.scrollWidth > inner.clientWidth + 1 && style.display !== "inline") say("cut");
        if (inner.textContent.trim() && parseFloat(style.fontSize) < 1.45 * rem) say(`${style.fontSize} of ${rem}`);
      }
      const group = el.closest(".group");
      if (group) groups.set(group, (groups.get(group) ?? new Set()).add(page));
    }
    const here = all.filter((el) => el.getClientRects().length).map((el) => [el, el.getBoundingClientRect()]);
    for (const [n, [el, a]] of here.entries()) for (const [other, b] of here.slice(n + 1))
      if (a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1)
        found.push(`${el.textContent.trim().slice(0, 24)} over ${other.textContent.trim().slice(0, 24)}`);
  }
  for (const el of all) if (!seen.has(el)) found.push(`on no page: ${el.className} ${el.textContent.trim().slice(0, 24)}`);
  return { found, made: all.length, pages: pages(), cut: [...groups.values()].filter((on) => on.size > 1).length };
}"""


def document(room: Scene) -> str:
    """The wall as it is sent."""
    pages = Pages(static=lambda path: f"{PLACE}static/{path}")
    names = dict.fromkeys(room.state.people.by_id, "Marguerite")
    return pages.document(
        View(room.state, names), Audience("screen", "fr"), FACILITATOR, token=Token(1, room.state.seq, "c0ffee"), now=1,
        ticket="t" * 22, nonce="n", unsaved=False, flash="",
    )  # fmt: skip


async def drawn(page: Page, room: Scene) -> None:
    """The wall with its style sheets and the script that lays it out."""
    html = document(room)

    async def answer(route: Route) -> None:
        path = route.request.url.removeprefix(PLACE)
        if not path:
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


def test_the_states_are_of_every_kind_of_step() -> None:
    assert STATES.keys() == KINDS.keys()


CASES = [(kind, n) for kind, made in STATES.items() for n in range(len(made))]


@pytest.mark.parametrize(
    ("many", "longest", "sizes"),
    [
        (MOST, 0, ((1920, 1080),)),
        (FEW, 1, ((800, 600),)),
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
            looked = await page.evaluate(LOOK, MADE)
            if many <= FEW:  # more may be more than a page holds
                assert not looked["cut"] or longest, (kind, n, wide)
            wrong += [f"{kind} {n}, {wide} px: {what}" for what in looked["found"]]
            assert looked["made"] >= many * (kind != "sheet") or kind == "ballot", (kind, n)
    await page.context.close()
    assert wrong[:20] == []


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
