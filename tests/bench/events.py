"""T19: a reveal and a result on the wall are events, and none of it stops a slow machine for long.

The wall is a real one in Chromium, slowed by Chromium's own throttling. The tasks are those of its main thread, as the
browser records them, in the thread's own time: what others do on this machine is none of the wall's work.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, Final, NamedTuple

from playwright.async_api import Browser, Page, async_playwright

from forum.demo.client import Client
from forum.domain.roles import Role
from forum.journal import StoreAddress, open_journal
from forum.opening import make_tickets
from tests import chromium
from tests.bench import machine
from tests.bench.handset import LIVE, slowed
from tests.bench.subject import STEP, VOTE, Subject, now, subject
from tests.bench.table import Row, judged, say

SLOWED: Final = 4
VIEW: Final = {"width": 1920, "height": 1080}
CARDS, LINES, VOTERS = 200, 40, 3
MOST_MS: Final = 50
ROUNDS: Final = 3
SETTLED_SECONDS, EVENT_SECONDS = 2.0, 4.0
CATEGORIES: Final = ("toplevel", "disabled-by-default-toplevel", "devtools.timeline", "__metadata")
TASK: Final = "ThreadControllerImpl::RunTask"


class Tasks(NamedTuple):
    """What the main thread did while something was revealed, in ms of a slowed wall."""

    longest: float
    all: float
    shown: float  # until what was revealed stood there, by the clock


Event = Callable[[Client], Awaitable[None]]


def an_event(seed: int) -> list[Row]:
    """T19."""
    found: dict[str, list[Tasks]] = {}
    for number in range(ROUNDS):
        say(f"  a slow wall, {CARDS} cards are revealed, round {number + 1}")
        with subject(people=1, cards=CARDS, seed=seed, shown=False) as there:
            found.setdefault(f"{CARDS} cards", []).append(asyncio.run(_event(there, _nothing, _cards)))
        say(f"  a slow wall, a result of {LINES} lines, round {number + 1}")
        with subject(people=VOTERS, cards=LINES, seed=seed, vote=True) as there:
            found.setdefault(f"a result of {LINES} lines", []).append(
                asyncio.run(_event(there, _voted(there), _result))
            )
    return [_row(what, rounds) for what, rounds in found.items()]


def _row(what: str, rounds: list[Tasks]) -> Row:
    worst = max(tasks.longest for tasks in rounds)
    each = ", ".join(f"{tasks.longest:.0f} of {tasks.all:.0f}" for tasks in rounds)
    return Row(
        id="T19",
        what=f"longest task of a wall {SLOWED} x slower: {what}",
        forum=f"{worst:.0f} ms; shown after {max(tasks.shown for tasks in rounds):.1f} s",
        target=f"<= {MOST_MS} ms",
        verdict=judged(worst <= MOST_MS),
        why=f"The main thread's own time in a task; the worst of {ROUNDS} rounds. {what.capitalize()}: {each} ms in all.",
    )


async def _nothing(desk: Client) -> None: ...


def _voted(there: Subject) -> Event:
    async def vote(desk: Client) -> None:
        async with AsyncExitStack() as stack:
            for n in range(VOTERS):
                phone = await stack.enter_async_context(Client(there.base, there.cookie(n)))
                await _do(phone, "GiveMark", step=VOTE, key=f"before{n}", mark=1)
        await _do(desk, "CloseStep", step=VOTE)

    return vote


async def _cards(desk: Client) -> None:
    await _do(desk, "RevealStep", step=STEP)


async def _result(desk: Client) -> None:
    await _do(desk, "RevealStep", step=VOTE, knowing=True)


async def _do(client: Client, command: str, **body: Any) -> None:
    verdict = await client.do(command, **body)
    if not verdict.accepted:
        raise machine.Missing(f"{command} was refused: {verdict.say}")


async def _event(there: Subject, prepare: Event, reveal: Event) -> Tasks:
    async with _wall(there) as (browser, page), Client(f"{there.base}/desk", there.desk) as desk:
        await prepare(desk)
        await page.wait_for_timeout(1000 * SETTLED_SECONDS)
        session = await page.context.new_cdp_session(page)
        await slowed(page, session, SLOWED)
        await page.evaluate(SHOWN)
        await browser.start_tracing(page=page, categories=list(CATEGORIES))
        await reveal(desk)
        await page.wait_for_timeout(1000 * EVENT_SECONDS)
        trace = await browser.stop_tracing()
        shown = await page.evaluate("window.revealed - window.asked")
    tasks = tasks_of(trace)
    return Tasks(max(tasks), sum(tasks), shown / 1000)


SHOWN: Final = """() => {
  window.asked = performance.now();
  const look = () => {
    if (document.querySelector(".stage[data-of*=' ']") && !document.documentElement.hasAttribute("data-laying"))
      window.revealed ??= performance.now();
    requestAnimationFrame(look);
  };
  look();
}"""


def tasks_of(trace: bytes) -> list[float]:
    """The own time of each task of the page's main thread, in ms."""
    events = json.loads(trace)["traceEvents"]
    mains = {
        (e["pid"], e["tid"])
        for e in events
        if e["name"] == "thread_name" and e["args"]["name"] == "CrRendererMain"
    }
    own = [
        e["tdur"] / 1000
        for e in events
        if e["name"] == TASK and (e["pid"], e["tid"]) in mains and "tdur" in e
    ]
    if not own:
        raise machine.Missing("This Chromium records no tasks. Cure: another one (CHROMIUM).")
    return own


@asynccontextmanager
async def _wall(there: Subject) -> AsyncIterator[tuple[Browser, Page]]:
    async with open_journal(StoreAddress(None, there.folder / "data")) as journal:
        [screen] = await make_tickets(journal, there.code, 1, clock=now, role=Role.SCREEN)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium.find(), args=list(chromium.FLAGS))
        context = await browser.new_context(viewport=VIEW)  # type: ignore[arg-type]
        await context.add_cookies(
            [{"name": f"forum_{there.code}_screen", "value": screen.secret, "url": there.base}]
        )
        page = await context.new_page()
        await page.goto(f"{there.base}/screen")
        await page.wait_for_selector(LIVE)
        yield browser, page
        await browser.close()
