"""T14 and T15: what Forum costs a slow phone, and how long it takes to come alive on a slow network.

Chromium is slowed by its own throttling, and the network by its own emulation; that both really work is looked at
before anything is measured. What the main thread did is read from the browser's own counters, all of it, also what
the page does by itself between two ideas, in the thread's own time: what others do on this machine is not its work.
Short and long boards in turn, so that both meet the same machine.
"""

import asyncio
import itertools
import time
from contextlib import AsyncExitStack
from statistics import median
from typing import NamedTuple

from playwright.async_api import Browser, CDPSession, Page, async_playwright

from forum.demo.client import Client
from tests import chromium
from tests.bench import machine
from tests.bench.subject import STEP, Subject, subject
from tests.bench.table import Row, judged, say

SLOWED = 6
VIEW = {"width": 390, "height": 844}
LIVE = "html[data-link=live]"

IDEAS_A_SECOND, WRITERS = 5, 5
T14_BOARDS = (0, 400, 2_000)
T14_MS, T14_SHARE = 20.0, 1.3
T14_SETTLED_SECONDS = 2.0  # what comes after the first picture is no idea's
ARRIVED_SECONDS = 20.0

T15_BOARDS = {400: 2.0, 2_000: 2.5}  # seconds
T15_BITS, T15_LATENCY_MS, UP_BITS = 1.6e6, 75, 0.75e6
ROUNDS = 3
LOADS = 3  # in each round

WORK = """() => [1, 2, 3, 4, 5, 6, 7, 8, 9].map(() => {
  const began = performance.now();
  for (let i = 0, n = 0; i < 1e7; i++) n += i % 7;
  return performance.now() - began;
}).sort((a, b) => a - b)[4]"""
LEAST_SLOWED, TRIES = 2.0, 5

FIRST_LIVE = """
const watch = () => {
  if (!document.documentElement) return requestAnimationFrame(watch);
  const look = () => {
    if (window.cameAlive || document.documentElement.dataset.link !== "live") return;
    window.cameAlive = performance.now();
  };
  new MutationObserver(look).observe(document.documentElement, { attributes: true, attributeFilter: ["data-link"] });
  look();
};
watch();
"""


class Busy(NamedTuple):
    """What the main thread did for one idea, in ms of a slowed phone."""

    task: float
    script: float
    layout: float
    style: float

    def __str__(self) -> str:
        return (
            f"{self.task:.1f} ms (script {self.script:.1f}, layout {self.layout:.1f}, style {self.style:.1f})"
        )


class Alive(NamedTuple):
    """How a cold page came alive: seconds since the navigation began, and what it took."""

    live: float
    painted: float
    kib: float


def an_idea(seconds: float) -> list[Row]:
    """T14."""
    found: dict[int, list[Busy]] = {cards: [] for cards in T14_BOARDS}
    for number in range(ROUNDS):
        for cards in T14_BOARDS:
            say(f"  a slow phone, {cards} cards, {IDEAS_A_SECOND} ideas/s, round {number + 1}")
            with subject(people=WRITERS + 1, cards=cards) as there:
                found[cards].append(asyncio.run(_an_idea(there, seconds)))
    return [_idea_row(cards, found) for cards in T14_BOARDS]


def _idea_row(cards: int, found: dict[int, list[Busy]]) -> Row:
    busy, empty = _middle(found[cards]), _middle(found[0])
    share = busy.task / empty.task
    each = ", ".join(f"{round_.task:.0f}" for round_ in found[cards])
    if not cards:
        target, met = f"<= {T14_MS:.0f} ms", busy.task <= T14_MS
    else:
        target, met = f"<= {T14_SHARE} x empty", share <= T14_SHARE
    return Row(
        id="T14",
        what=f"main thread of a phone {SLOWED} x slower per idea, {cards} cards, {IDEAS_A_SECOND}/s",
        forum=f"{busy}{f' = {share:.2f} x empty' if cards else ''}",
        target=target,
        verdict=judged(met),
        why=f"All that the page does in that time, by the browser's counters, in the main thread's own time. Rounds with {cards} cards: {each} ms.",
    )


def _middle(rounds: list[Busy]) -> Busy:
    return sorted(rounds)[len(rounds) // 2]


async def _an_idea(there: Subject, seconds: float) -> Busy:
    async with async_playwright() as playwright, AsyncExitStack() as writing:
        browser = await playwright.chromium.launch(executable_path=chromium.find(), args=list(chromium.FLAGS))
        page, session = await _phone(browser, there)
        await slowed(page, session, SLOWED)
        await page.goto(there.base)
        await page.wait_for_selector(LIVE)
        writers = [
            await writing.enter_async_context(Client(there.base, there.cookie(1 + n))) for n in range(WRITERS)
        ]
        for writer in writers:
            await writer.until(lambda client: client.position is not None)
        await asyncio.sleep(T14_SETTLED_SECONDS)
        await session.send("Performance.enable", {"timeDomain": "threadTicks"})
        before = await _counters(session)
        ideas = await _write(writers, seconds)
        await page.wait_for_selector(
            f"#idea-slowed{ideas - 1}", state="attached", timeout=1000 * ARRIVED_SECONDS
        )
        spent = {name: value - before[name] for name, value in (await _counters(session)).items()}
        await browser.close()
    names = ("TaskDuration", "ScriptDuration", "LayoutDuration", "RecalcStyleDuration")
    return Busy(*(1000 * spent[name] / ideas for name in names))


async def _write(writers: list[Client], seconds: float) -> int:
    """Write at a steady pace; how many ideas it were."""
    began, ideas = time.monotonic(), int(seconds * IDEAS_A_SECOND)
    async with asyncio.TaskGroup() as under_way:
        for n in range(ideas):
            await asyncio.sleep(max(0.0, began + n / IDEAS_A_SECOND - time.monotonic()))
            under_way.create_task(_card(writers[n % len(writers)], n))
    return ideas


async def _card(writer: Client, number: int) -> None:
    text = f"Que chaque atelier commence par une question, la {number}e : qui n’est pas là, et pourquoi ?"
    verdict = await writer.do("PostIdea", id=f"slowed{number}", text=text, step=STEP)
    if not verdict.accepted:
        raise machine.Missing(f"a card was refused: {verdict.say}")


def cold_page() -> list[Row]:
    """T15."""
    with subject(people=1, cards=min(T15_BOARDS)) as short, subject(people=1, cards=max(T15_BOARDS)) as long:
        found = asyncio.run(_cold_pages({min(T15_BOARDS): short, max(T15_BOARDS): long}))
    return [_cold_row(cards, loads) for cards, loads in found.items()]


def _cold_row(cards: int, loads: list[Alive]) -> Row:
    live = median(load.live for load in loads)
    each = ", ".join(f"{load.live:.2f}" for load in loads)
    return Row(
        id="T15",
        what=f"cold phone page to live, {T15_BITS / 1e6} Mb/s, {T15_LATENCY_MS} ms, {SLOWED} x slower, {cards} cards",
        forum=f"{live:.2f} s (painted {median(load.painted for load in loads):.2f} s, {loads[0].kib:.1f} KiB)",
        target=f"<= {T15_BOARDS[cards]:.1f} s",
        verdict=judged(live <= T15_BOARDS[cards]),
        why=f"Each load with {cards} cards: {each} s.",
    )


async def _cold_pages(boards: dict[int, Subject]) -> dict[int, list[Alive]]:
    found: dict[int, list[Alive]] = {cards: [] for cards in boards}
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium.find(), args=list(chromium.FLAGS))
        for n, (cards, there) in itertools.product(range(1 + ROUNDS * LOADS), boards.items()):
            say(f"  a cold page, {cards} cards, load {n}" if n else f"  warming the server, {cards} cards")
            loaded = await _cold(browser, there)
            if n:  # the first one warms the server, not the phone
                found[cards].append(loaded)
        await browser.close()
    return found


async def _cold(browser: Browser, there: Subject) -> Alive:
    """One load with nothing in the cache, in a context of its own."""
    page, session = await _phone(browser, there)
    await slowed(page, session, SLOWED)
    await page.add_init_script(FIRST_LIVE)
    sent: list[float] = []
    session.on("Network.loadingFinished", lambda event: sent.append(event["encodedDataLength"]))
    await session.send("Network.enable")
    speed = {"downloadThroughput": T15_BITS / 8, "uploadThroughput": UP_BITS / 8}
    await session.send(
        "Network.emulateNetworkConditions", {"offline": False, "latency": T15_LATENCY_MS, **speed}
    )
    await page.goto(there.base, wait_until="commit")
    await page.wait_for_selector(LIVE)
    live, answered, painted = await page.evaluate(
        """() => {
          const [way] = performance.getEntriesByType("navigation");
          const [paint] = performance.getEntriesByName("first-contentful-paint");
          return [Math.max(window.cameAlive, way.domInteractive), way.responseEnd - way.fetchStart, paint?.startTime ?? 0];
        }"""
    )
    if answered < T15_LATENCY_MS:
        raise machine.Missing(
            "This Chromium does not slow the network. Cure: a newer one, or CHROMIUM set to another."
        )
    await page.context.close()
    return Alive(live / 1000, painted / 1000, sum(sent) / 1024)


async def _phone(browser: Browser, there: Subject) -> tuple[Page, CDPSession]:
    name, _, value = there.cookie(0).partition("=")
    context = await browser.new_context(viewport=VIEW, device_scale_factor=2, is_mobile=True, has_touch=True)
    await context.add_cookies([{"name": name, "value": value, "url": there.base}])
    page = await context.new_page()
    return page, await context.new_cdp_session(page)


async def slowed(page: Page, session: CDPSession, times: int) -> None:
    """From here on the page's processor is slow; Missing when it is not."""
    before = await page.evaluate(WORK)
    await session.send("Emulation.setCPUThrottlingRate", {"rate": times})
    for _ in range(TRIES):  # where others are at work, one look may deceive
        after = await page.evaluate(WORK)
        if after >= LEAST_SLOWED * before:
            return
    raise machine.Missing(
        f"This Chromium does not slow its pages: {before:.0f} ms became {after:.0f}. Cure: another one (CHROMIUM)."
    )


async def _counters(session: CDPSession) -> dict[str, float]:
    metrics = (await session.send("Performance.getMetrics"))["metrics"]
    return {metric["name"]: metric["value"] for metric in metrics}
