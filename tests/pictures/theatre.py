"""The demo on a real server, stopped at the moments worth a picture, and the browsers that look at it.

The same seed plays the same forum at the same hour of the same day. What stays to chance is what the product
draws by chance: the forum's code, and the order of a ballot, which is everybody's own.
"""

import asyncio
import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple

from playwright.async_api import BrowserContext, Page, async_playwright, expect

from forum.app import listening
from forum.demo.play import PARTS, Cast, Stage, _Company, _say_done
from forum.demo.stage import prepare
from forum.domain.state import Step
from forum.opening import Opened
from forum.settings import Settings
from tests import chromium
from tests.pictures.film import Film
from tests.unhurried import UNHURRIED

START = 1_737_032_400_000  # 16 January 2025, 14:00 in Paris
ZONE = "Europe/Paris"  # of the forum and of everybody in it
SLOW_MS = 30_000  # a bound on a busy machine, never waited for in full
PUBLIC_URL = "https://forum.example.org"  # what the wall and the QR say
MINUTES_OF = {
    "show": (5, 4), "board": (15, 11), "sort": (20, 14), "ballot": (8, 6), "sheet": (20, 15), "pledge": (12, 7),
}  # fmt: skip
"""Of a step's kind: the time it is given, and how much of it has passed when its picture is taken."""

LAID = """async () => {
  const laid = ({ contentDocument: page }) => page?.querySelector("html[data-wall]:not([data-laying])");
  const seen = () => [...document.querySelectorAll("iframe")].filter((frame) => frame.offsetParent);
  while (!seen().every(laid)) await new Promise(requestAnimationFrame);
}"""  # what stands in small in a page stands in its place, too

PHONE: dict[str, Any] = {
    "viewport": {"width": 360, "height": 780}, "device_scale_factor": 2, "has_touch": True, "is_mobile": True,
}  # fmt: skip
SCREEN: dict[str, Any] = {"viewport": {"width": 1920, "height": 1080}, "device_scale_factor": 2 / 3}
DESK: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}}


class Clock:
    """Thursday 16 January 2025, and as many minutes later as somebody says."""

    def __init__(self) -> None:
        self._began = time.monotonic_ns()
        self._ahead = START

    def __call__(self) -> int:
        return self._ahead + (time.monotonic_ns() - self._began) // 1_000_000

    def crank(self, minutes: float) -> None:
        self._ahead += int(minutes * 60_000)


class Theatre(NamedTuple):
    """A server with a forum on it that nobody has come to yet."""

    address: str
    opened: Opened
    cast: Cast
    clock: Clock

    def link(self, surface: str) -> str:
        """The address by which somebody comes to a surface: "phone", "screen" or "desk"."""
        forum = f"{self.address}/f/{self.opened.code}"
        return forum if surface == "phone" else f"{forum}/{surface}#{getattr(self.opened, surface)}"


@asynccontextmanager
async def theatre(data: Path, *, people: int, seed: int, lang: str) -> AsyncIterator[Theatre]:
    """A server on a free port and a forum with its people, for as long as the block lasts."""
    clock = Clock()
    settings = Settings(host="127.0.0.1", port=0, data=data, public_url=PUBLIC_URL)
    async with listening(settings, clock=clock) as (app, _, settings):
        address = f"http://localhost:{settings.port}"
        journal = app.state.service.journal
        scene = await prepare(journal, address, people=people, seed=seed, lang=lang, zone=ZONE, clock=clock)
        yield Theatre(address, scene.opened, scene.cast, clock)


async def moments(where: Theatre, *, seed: int, lang: str) -> AsyncIterator[tuple[Step, str]]:
    """Play the forum; yield at each step "open", "busy" (everybody has done their part), of a vote "closed", and "over"."""
    rng = random.Random(seed)
    async with _Company(where.cast, lang, rng) as (desk, people):
        stage = Stage(lang, rng, 0.0, where.cast.at, desk, people)
        await asyncio.gather(*(p.client.do("NameMyself") for p in people))
        for step in where.cast.steps:
            assert (await desk.do("OpenStep", step=step.id)).accepted
            minutes, passed = MINUTES_OF[step.kind]
            if step.kind != "show":
                assert (await desk.do("SetTimer", seconds=60 * minutes)).accepted
            yield step, "open"
            await PARTS[step.kind](stage, step)
            await _say_done(stage)
            where.clock.crank(passed)
            yield step, "busy"
            await desk.do("StopTimer")
            if step.kind == "ballot":
                assert (await desk.do("CloseStep", step=step.id)).accepted
                yield step, "closed"
            if step.kind in ("board", "ballot"):
                assert (await desk.do("RevealStep", step=step.id, knowing=True)).accepted
            yield step, "over"


class Looker:
    """One browser that looks at one surface; the dark one, where told so."""

    def __init__(self, context: BrowserContext, page: Page, link: str) -> None:
        self.context, self.page, self._link = context, page, link
        self.film = Film(page)
        self.faults: list[str] = []
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", lambda said: self.faults.append(said.text) if said.type == "error" else None)

    async def enter(self, name: str = "") -> None:
        """Come in by the link; with a name as a participant."""
        await self.page.goto(self._link)
        if name:
            await self.page.fill("input[name=name]", name)
            await self.page.locator("form[action$='/join'] button").click()
        await self._live()

    async def picture(self) -> bytes:
        """The page as it stands now, as PNG: loaded anew, with its fonts, at rest."""
        await self.page.reload()
        return await self.snap()

    async def snap(self) -> bytes:
        """The page as it is under the fingers."""
        await self._live()
        await self.page.evaluate("() => document.fonts.ready.then(() => 0)")
        return await self.page.screenshot(animations="disabled", caret="hide")

    async def _live(self) -> None:
        """Until what the server sent is here, and stands in its place."""
        await expect(self.page.locator("html[data-link=live]:not([data-laying])")).to_have_count(
            1, timeout=SLOW_MS
        )
        await self.page.evaluate(LAID)


@asynccontextmanager
async def lookers(where: Theatre, lang: str) -> AsyncIterator[dict[str, Looker]]:
    """A phone, a screen, a dark screen, one on which things move, and a desk."""
    looks = {
        "phone": PHONE,
        "screen": SCREEN,
        "dark": SCREEN | {"color_scheme": "dark"},
        "film": SCREEN | {"device_scale_factor": 1, "reduced_motion": "no-preference"},
        "desk": DESK,
    }
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium.find(),
            # For the browser's own words, such as dates in fields. On Debian they need chromium-l10n.
            args=[*chromium.FLAGS, f"--lang={lang}"],
        )
        found = {}
        for name, look in looks.items():
            usual: dict[str, Any] = {"locale": f"{lang}-FR", "timezone_id": ZONE, "reduced_motion": "reduce"}
            context = await browser.new_context(**usual | look)
            await context.add_init_script(UNHURRIED)
            link = where.link("screen" if look["viewport"] == SCREEN["viewport"] else name)
            found[name] = Looker(context, await context.new_page(), link)
        try:
            yield found
        finally:
            await browser.close()
