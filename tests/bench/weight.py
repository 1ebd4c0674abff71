"""What a phone loads before anything moves: the page and every file a real browser asks for, as they are sent."""

import asyncio
from typing import NamedTuple
from urllib.parse import urlsplit

from playwright.async_api import Request, async_playwright

from tests import chromium

KIB = 1024


class File(NamedTuple):
    """One answer of the server."""

    address: str
    sent: int  # bytes of the body on the wire

    @property
    def name(self) -> str:
        return self.address.rpartition("/")[2]


class Weight(NamedTuple):
    """A page with all it loads."""

    files: tuple[File, ...]
    outside: tuple[str, ...]  # addresses on other servers

    @property
    def sent_kib(self) -> float:
        return sum(file.sent for file in self.files) / KIB


def weight(page: str, cookie: str) -> Weight:
    """Load a page in Chromium with nothing in its cache, until nothing more is asked for."""
    return asyncio.run(_weighed(page, cookie))


async def _weighed(address: str, cookie: str) -> Weight:
    name, _, value = cookie.partition("=")
    asked: list[Request] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium.find(), args=list(chromium.FLAGS))
        context = await browser.new_context(viewport={"width": 390, "height": 844})
        await context.add_cookies([{"name": name, "value": value, "url": address}])
        page = await context.new_page()
        page.on("requestfinished", lambda request: asked.append(request))  # noqa: PLW0108  it must be a function
        await page.goto(address)
        await page.wait_for_selector("html[data-link=live]")
        here = urlsplit(address).netloc
        files = [
            File(r.url, (await r.sizes())["responseBodySize"])
            for r in asked
            if urlsplit(r.url).netloc == here
        ]
        outside = [r.url for r in asked if urlsplit(r.url).netloc not in (here, "")]
        await browser.close()
    return Weight(tuple(files), tuple(outside))
