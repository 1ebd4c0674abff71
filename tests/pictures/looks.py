"""Every look of phone, screen and desk: ``python -m tests.pictures.looks --to FOLDER [--lang en] [--people N] [--only PATTERN]``.

Plays the demo and takes each of its moments at every size that people hold, by day, by night and on paper, and after it the pages
beside. Nobody compares these pictures by program: they are there to be looked at, one by one.
"""

import argparse
import asyncio
import re
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final, Literal, NamedTuple

from playwright.async_api import Page

from forum.domain.sessions.record import FIRST
from tests.pictures.theatre import LAID, SLOW_MS, Looker, Theatre, lookers, moments, theatre

SEED: Final = 1
AT_REST: Final = """async () => {
  await document.fonts.ready;
  do await new Promise(requestAnimationFrame); while (document.documentElement.hasAttribute("data-laying"));
  scrollTo(0, 0);
}"""
SCHEMES: Final[tuple[Literal["light", "dark"], ...]] = ("light", "dark")
END: Final = "([address, session]) => fetch(address, {method: 'POST', body: new URLSearchParams({session, reason: '…'})}).then(() => 0)"


class Size(NamedTuple):
    """A window, and whether the picture goes on below it."""

    width: int
    height: int
    whole: bool = False


SIZES: Final = {
    "phone": (Size(390, 844), Size(360, 740, whole=True)),
    "screen": (Size(1920, 1080), Size(1280, 720), Size(800, 600)),
    "desk": (Size(1440, 900), Size(1024, 768, whole=True)),
}
NOT_OVER: Final = ("show", "sheet", "pledge")  # they have no moment of their own when they are over
OF_A_PERSON: Final = ("/cards", "/plan", "/receipt", "/receipt/check", "/data", "/leave")
OF_THE_DESK: Final = ("/data", "/arrivals", "/phone", "/health")
OF_ALL: Final = (
    "/",
    "/help",
    "/check",
    *(
        f"/open?agenda=forum-eclair&at={at}"
        for at in ("agenda", "title", "question", "horizon", "expected", "check")
    ),
)
A_SHEET: Final = {"width": 680, "height": 960}  # of paper, in its margins


class Album:
    """The folder that pictures are put into, by what they show."""

    def __init__(self, folder: Path, only: str) -> None:
        self._folder, self._only = folder, re.compile(only)
        folder.mkdir(parents=True, exist_ok=True)

    async def take(self, page: Page, surface: str, name: str) -> None:
        """Take a page at every size of its surface, by day and by night; leave it as it was. Not what nobody asked for."""
        if not self._only.search(f"{name}-{surface}"):
            return
        before = page.viewport_size
        for size in SIZES[surface]:
            await page.set_viewport_size({"width": size.width, "height": size.height})
            for scheme in SCHEMES:
                await page.emulate_media(color_scheme=scheme)
                await page.evaluate(AT_REST)
                await page.evaluate(LAID)
                await page.screenshot(
                    path=self._folder / f"{name}-{surface}-{size.width}-{scheme}.png",
                    animations="disabled",
                    caret="hide",
                    full_page=size.whole,
                )
        await page.emulate_media(color_scheme="light")
        if before:
            await page.set_viewport_size(before)

    async def print(self, page: Page, surface: str, name: str) -> None:
        """Take a page as it comes out on paper; a phone's does not find back to its width from it."""
        if self._only.search(f"{name}-{surface}"):
            await page.emulate_media(media="print")
            await page.set_viewport_size(A_SHEET)
            await page.screenshot(path=self._folder / f"{name}-{surface}-paper.png", full_page=True)
            await page.emulate_media(media="screen")


async def beside(album: Album, where: Theatre, who: dict[str, Looker]) -> AsyncIterator[str]:
    """Take the pages that are no surface, and what is printed."""
    phone, desk = who["phone"].page, who["desk"].page
    forum = where.link("phone")
    for page, surface, addresses in (
        (phone, "phone", [forum + path for path in OF_A_PERSON]),
        (phone, "phone", [where.address + path for path in OF_ALL]),
        (desk, "desk", [f"{forum}/desk{path}" for path in OF_THE_DESK]),
        (desk, "desk", [where.address + path for path in OF_ALL]),
        (desk, "desk", [forum]),
    ):
        for address in addresses:
            await page.goto(address)
            name = address.removeprefix(forum).removeprefix(where.address).strip("/").split("&")[-1]
            name = "page-" + ("".join(c if c.isalnum() else "-" for c in name) or "home")
            await album.take(page, surface, name)
            await album.print(page, surface, name)
            yield name


async def take(album: Album, data: Path, *, people: int, lang: str) -> None:
    async with theatre(data, people=people, seed=SEED, lang=lang) as where, lookers(where, lang) as who:
        await who["dark"].context.close()
        for looker in who.values():
            looker.page.set_default_timeout(3 * SLOW_MS)
        surfaces = ("phone", "screen", "desk")
        for surface in surfaces:
            await who[surface].enter("Camille" if surface == "phone" else "")
        async for step, moment in moments(where, seed=SEED, lang=lang):
            if moment == "over" and step.kind in NOT_OVER:
                continue
            for surface in surfaces:
                await who[surface].picture()
                await album.take(who[surface].page, surface, f"{step.id}-{moment}")
            print(step.id, moment, flush=True)
        forum = where.link("phone")
        await who["desk"].page.evaluate(END, [f"{forum}/desk/commands/EndSession", FIRST])
        for surface in surfaces:
            await who[surface].picture()
            await album.take(who[surface].page, surface, "rest")
        async for name in beside(album, where, who):
            print(name, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.pictures.looks", description=__doc__)
    parser.add_argument("--lang", choices=("fr", "en"), default="fr")
    parser.add_argument("--people", type=int, default=40)
    parser.add_argument("--to", type=Path, required=True)
    parser.add_argument("--only", default="", help="a pattern of moments and surfaces, as ^sort or -desk$")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="forum-") as data:
        asyncio.run(take(Album(asked.to, asked.only), Path(data), people=asked.people, lang=asked.lang))


if __name__ == "__main__":
    main()
