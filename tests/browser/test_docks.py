"""What has the focus is seen whole and under no bar, wherever the Tab key leads; at 200 % bars take a quarter at most.

A bar is whatever stays in view over the page (`position` with a `z-index`): a new one is measured too.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from forum.demo.client import Client
from forum.domain.roles import Role
from forum.journal import StoreAddress, open_journal
from forum.opening import agendas, make_tickets, open_forum
from tests.further import further
from tests.servers import ServerProcess

CARDS = 12
STEPS = ("welcome", "framing", "ideas", "sort", "theme-vote", "actions", "pledges")
MOST_STOPS = 400
DESK, WIDE, DESK_DOUBLED, LOW = (1440, 900), (1920, 1080), (720, 450), (640, 360)
PHONE, PHONE_DOUBLED, SMALL = (360, 740), (180, 370), (320, 568)
LAPTOP_DOUBLED = (683, 384)
DOUBLED = {DESK_DOUBLED, LOW, PHONE_DOUBLED, LAPTOP_DOUBLED}
"""Windows of which 200 % leaves so much."""

READY = """() => { // nothing that the keyboard comes to is folded away, one panel of each kind
  const kinds = new Set();
  for (const el of document.querySelectorAll("details")) {
    if (!kinds.has(el.className)) el.open = true;
    kinds.add(el.className);
  }
  document.querySelectorAll("input[name=ideas]").forEach((box, n) => { if (n < 2 && !box.checked) box.click(); });
  document.activeElement.blur();
}"""
STOP = """async () => {
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const el = document.activeElement;
  if (!el || el === document.body) return null;
  const over = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1;
  const pinned = (one) => { const s = getComputedStyle(one);
    return /^(sticky|fixed)$/.test(s.position) && s.zIndex !== "auto" && s.visibility === "visible" && one.getClientRects().length; };
  const bars = [...document.querySelectorAll("body *")].filter(pinned).filter((one) => !one.closest(".skip"));
  const box = el.getBoundingClientRect(), page = { top: 0, left: 0, right: innerWidth, bottom: innerHeight };
  const found = [];
  const within = (what, clip) => {
    if (box.height <= clip.bottom - clip.top && (box.top < clip.top - 1 || box.bottom > clip.bottom + 1)) found.push(`${Math.round(box.top)} to ${Math.round(box.bottom)} of ${what} ${Math.round(clip.top)} to ${Math.round(clip.bottom)}`);
  };
  within("the page", page);
  for (let up = el.parentElement; up && up !== document.body; up = up.parentElement)
    if (/auto|scroll/.test(getComputedStyle(up).overflowY)) within(`.${up.className}`, up.getBoundingClientRect());
  for (const bar of bars) {
    const at = bar.getBoundingClientRect();
    if (bar.contains(el) || !over(box, at)) continue;
    const [x, y] = [(Math.max(box.left, at.left) + Math.min(box.right, at.right)) / 2, (Math.max(box.top, at.top) + Math.min(box.bottom, at.bottom)) / 2];
    if (!el.contains(document.elementFromPoint(x, y))) found.push(`under .${bar.className}`);
  }
  const area = (b) => Math.max(0, Math.min(b.right, page.right) - Math.max(b.left, 0)) * Math.max(0, Math.min(b.bottom, page.bottom) - Math.max(b.top, 0));
  const outer = bars.filter((one) => !bars.some((other) => other !== one && other.contains(one)));
  const share = outer.reduce((sum, one) => sum + area(one.getBoundingClientRect()), 0) / (innerWidth * innerHeight);
  const name = `${el.localName}#${el.id} ${(el.textContent || el.name || "").trim().slice(0, 30)}`;
  el.dataset.stop ??= String(Math.random());
  return { id: el.dataset.stop, name, found, share, bars: outer.map((one) => `.${one.className.split(" ")[0]} ${Math.round(one.getBoundingClientRect().height)}`) };
}"""


@dataclass
class Hall:
    """A forum with cards, themes, axes and a commitment to come; who leads it, and two ways in."""

    address: str
    cookie: str
    lead: Client
    desk_cookie: str

    async def on(self, step: str) -> None:
        """Every step up to this one."""
        for name in STEPS[: STEPS.index(step) + 1]:
            await self.does("OpenStep", step=name)
            if name == "sort":
                for theme in (1, 2):
                    ideas = [f"card{n:04}" for n in range(theme, CARDS // 2, 2)]
                    await self.does(
                        "GroupIdeas", ideas=ideas, theme=f"theme{theme:03}", title=f"Un thème {theme}"
                    )
            if name == "actions":
                await self.does("MakeAxesFromThemes")
            if name == "theme-vote" and step != name:
                await self.does("CloseStep", step=name)

    async def does(self, command: str, **body: Any) -> None:
        said = await self.lead.do(command, **body)
        assert said.accepted, (command, said.say)

    async def page(
        self, browser: Browser, surface: str, size: tuple[int, int], *, scripted: bool = True
    ) -> Page:
        at, cookie = {
            "phone": (self.address, self.cookie),
            "desk": (f"{self.address}/desk", self.desk_cookie),
        }[surface]
        view = {"width": size[0], "height": size[1]}
        context = await browser.new_context(viewport=view, locale="fr-FR", reduced_motion="reduce")
        if not scripted:
            await context.route("**/*.js", lambda route: route.abort())
        name, _, value = cookie.partition("=")
        await context.add_cookies([{"name": name, "value": value, "url": self.address}])
        page = await context.new_page()
        await page.goto(at)
        if scripted:  # else the script is lost on its way
            await expect(page.locator("html[data-link=live]")).to_have_count(1)
        return page


@pytest.fixture
async def hall(server: ServerProcess) -> AsyncIterator[Hall]:
    clock = lambda: 1_800_000_000_000  # noqa: E731
    async with open_journal(StoreAddress(None, server.data)) as journal:
        code = (await open_forum(journal, agendas()["forum-eclair"], clock=clock)).code
        [voice, author] = await make_tickets(journal, code, 2, clock=clock)
        [lead] = await make_tickets(journal, code, 1, clock=clock, role=Role.FACILITATOR)
    address, desk_cookie = f"{server.address}/f/{code}", f"forum_{code}_desk={lead.secret}"
    cookie = f"forum_{code}={voice.secret}"
    async with Client(f"{address}/desk", desk_cookie) as desk:
        found = Hall(address, cookie, desk, desk_cookie)
        await found.on("ideas")
        async with Client(address, f"forum_{code}={author.secret}") as writes:
            for n in range(CARDS):
                said = await writes.do(
                    "PostIdea",
                    id=f"card{n:04}",
                    text=f"Une carte de deux lignes ou presque, no {n}",
                    step="ideas",
                )
                assert said.accepted, said.say
        await found.does("RevealStep", step="ideas")
        yield found


async def walked(page: Page, key: str) -> list[dict[str, Any]]:
    """Every stop of the Tab key, until it comes to the first again or leaves the page."""
    stops: list[dict[str, Any]] = []
    for _ in range(MOST_STOPS):
        await page.keyboard.press(key)
        stop = await page.evaluate(STOP)
        if stop is None and not stops:
            continue
        if stop is None or (stops and stop["id"] == stops[0]["id"]):
            return stops
        stops.append(stop)
    raise AssertionError(f"more than {MOST_STOPS} stops")


@pytest.mark.parametrize(
    ("surface", "size", "step", "key", "scripted"),
    [
        ("desk", DESK, "sort", "Shift+Tab", True),
        ("desk", DESK_DOUBLED, "sort", "Tab", True),
        ("phone", PHONE_DOUBLED, "sort", "Tab", True),
        *further(
            *(("desk", size, "sort", "Tab", False) for size in (DESK, DESK_DOUBLED, PHONE)),
            *(
                ("desk", size, "sort", key, True)
                for size in (DESK, WIDE, DESK_DOUBLED, LOW, PHONE, (1100, 600), (1024, 768))
                for key in ("Tab", "Shift+Tab")
            ),
            *(
                ("desk", size, step, "Tab", True)
                for size in (DESK, DESK_DOUBLED)
                for step in ("theme-vote", "actions", "pledges")
            ),
            *(
                ("phone", size, step, key, True)
                for size in (PHONE, PHONE_DOUBLED, SMALL, LAPTOP_DOUBLED)
                for step in ("sort", "theme-vote", "actions", "pledges")
                for key in ("Tab", "Shift+Tab")
            ),
        ),
    ],
)
async def test_F11_no_stop_of_the_keyboard_lies_under_a_bar_and_at_200_percent_bars_take_a_quarter(
    browser: Browser, hall: Hall, surface: str, size: tuple[int, int], step: str, key: str, scripted: bool
) -> None:
    await hall.on(step)
    page = await hall.page(browser, surface, size, scripted=scripted)
    await page.evaluate(READY)
    stops = await walked(page, key)

    assert len(stops) > 10
    assert [(one["name"], one["found"]) for one in stops if one["found"]] == []
    if size in DOUBLED:
        assert max(one["share"] for one in stops) <= 0.25, max(stops, key=lambda one: one["share"])
