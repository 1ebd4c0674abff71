"""The round: a demo's forum at every moment and a second one with everything that goes wrong, seen by all who judge pages.

At each moment the pages as they come and the pages as they have become are kept for those who read files; axe looks at the
live ones in each engine, and at the end at all others without scripts; Lighthouse comes to the phone at each kind of step.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from playwright.async_api import Page as PlaywrightPage

from tests.browsers.channel import Channel
from tests.browsers.engines import Engine, chrome_at, engine, page_in
from tests.browsers.pages import ChromePage, NotWell, Page, until
from tests.browsers.phone import LIVE
from tests.pictures.theatre import Theatre, lookers, moments, theatre
from tests.validate import axe, drawn, lighthouse, visits
from tests.validate.findings import Finding
from tests.validate.lighthouse import Scores
from tests.validate.sheets import shown

ENGINES: Final = tuple(engine(name) for name in ("Chromium", "Firefox ESR", "WebKitGTK"))
PEOPLE: Final = 12
SEEN_ALIVE: Final = re.compile(r", as it has become$|(, as it comes|: history .*), en$")
"""Pages that axe has looked at with scripts, in both languages; without scripts one is enough."""
SEED: Final = 1
SURFACES: Final = {"phone": "", "desk": "/desk", "screen": "/screen"}
MEASURED: Final = {("ideas", "over"), ("sort", "busy"), ("theme-vote", "busy"), ("theme-vote", "over"),
                   ("actions", "busy"), ("pledges", "over")}  # fmt: skip
"""Moments at which Lighthouse looks at the phone."""
REST_MS: Final = 250
RESTS: Final = """() => {
const now = document.documentElement.outerHTML, rests = now === window.before;
window.before = now;
return rests && document.documentElement.dataset.link === "live";
}"""


@dataclass
class Round:
    """What was seen, and what was said of it."""

    sheets: dict[Path, str] = field(default_factory=dict)
    exports: list[Path] = field(default_factory=list)
    asked: dict[str, dict[str, None]] = field(default_factory=dict)
    found: list[Finding] = field(default_factory=list)
    scores: list[Scores] = field(default_factory=list)

    def took(self, by: str, pages: Iterable[str], found: Iterable[Finding] = ()) -> None:
        """A validator was shown pages, and said this of them."""
        self.asked.setdefault(by, {}).update(dict.fromkeys(pages))
        self.found += found


class Eye:
    """One engine, in which somebody is at once a participant, at the desk and at the wall."""

    def __init__(self, kind: Engine, page: Page) -> None:
        self.name, self.page = kind.name, page

    async def enter(self, where: Theatre) -> None:
        await self.join(where)
        for surface in ("desk", "screen"):
            await self.page.open(where.link(surface))
            await until(self.page, LIVE, what=f"the {surface} does not come alive")

    async def join(self, where: Theatre) -> None:
        await self.page.open(where.link("phone"))
        await self.page.run("document.querySelector(\"form[action$='/join'] button\").click(); return true")
        await until(self.page, LIVE, what="the phone does not come alive")

    async def speak(self, lang: str, where: Theatre) -> None:
        await self.page.open(f"{where.address}/help")
        choose = "const b = document.querySelector(`button[name=lang][value=${given[0]}]`); if (b) b.click(); return true"
        await self.page.run(choose, lang)
        await until(
            self.page, "return document.documentElement.lang === given[0]", lang, what="no such language"
        )

    async def looks(self, gone: Round, name: str, address: str, *, live: bool) -> None:
        column = f"axe {self.name}"
        try:
            await self.page.open(address)
            if live:
                await until(self.page, LIVE, what=f"{name} does not come alive in {self.name}")
            gone.took(column, [name], await axe.looked(self.page, name, self.name))
        except NotWell as error:
            gone.took(column, [name], [Finding(name, column, "not looked at", str(error))])


async def gone_round(data: Path, out: Path, engines: Iterable[Engine], *, measuring: bool) -> Round:
    """Go the whole round, with axe in these engines and, ``measuring``, with Lighthouse. Raises NotHad, NotWell."""
    gone = Round()
    async with (
        theatre(data / "demo", people=PEOPLE, seed=SEED, lang="fr") as where,
        shown(out) as sheets,
        lookers(where, "fr") as who,
        _eyes(engines, where) as eyes,
        _measured(where, data, out, wanted=measuring) as phone,
    ):
        drawn.kept(sheets.add)
        await visits.public(where.address, where.opened.code, sheets.add)
        await visits.people(where.address, sheets.add)
        for one in who.values():
            await one.enter("Camille" if one is who["phone"] else "")
        async with visits.inside(where, sheets.add) as insider:
            await _look(gone, where, eyes, "before the start")
            async for step, moment in moments(where, seed=SEED, lang="fr"):
                name = f"{step.id}, {moment}"
                await insider.does_their_part(step, moment)
                if moment == "open" and step.kind != "show":
                    continue
                for surface in SURFACES:
                    await _at_rest(who[surface].page)
                    sheets.add(f"{surface}: {name}, as it has become", await who[surface].page.content())
                await insider.sees_surfaces(name)
                await _look(gone, where, eyes, name)
                if phone and (step.id, moment) in MEASURED:
                    gone.scores.append(await phone.scores(f"phone: {name}", where.link("phone")))
            await insider.sees_the_rest()
            gone.exports = await insider.exports(out)
        if phone:
            for name, path in (("join", f"/f/{where.opened.code}/mine"), ("home", "/"), ("help", "/help")):
                gone.scores.append(await phone.scores(name, where.address + path))
        for n, name in enumerate(sheets.names):
            if not SEEN_ALIVE.search(name):
                await asyncio.gather(
                    *(eye.looks(gone, name, f"{sheets.address}/{n}", live=False) for eye in eyes)
                )
        gone.sheets = sheets.files()
    for one in gone.scores:
        gone.took("lighthouse", [one.page], one.findings())
    return gone


async def _look(gone: Round, where: Theatre, eyes: Sequence[Eye], name: str) -> None:
    """The live pages as they are now, in every engine at once, in both languages."""

    async def one(eye: Eye) -> None:
        for lang in visits.LANGS:
            await eye.speak(lang, where)
            for surface, path in SURFACES.items():
                address = f"{where.address}/f/{where.opened.code}{path}"
                await eye.looks(gone, f"{surface}: {name}, {lang}", address, live=True)

    await asyncio.gather(*map(one, eyes))


@asynccontextmanager
async def _eyes(engines: Iterable[Engine], where: Theatre) -> AsyncIterator[list[Eye]]:
    async with AsyncExitStack() as stack:
        eyes = [Eye(kind, await stack.enter_async_context(page_in(kind))) for kind in engines]
        await asyncio.gather(*(eye.enter(where) for eye in eyes))
        yield eyes


class Measured:
    """A phone of its own, in a browser that Lighthouse can talk to."""

    def __init__(self, address: str, folder: Path) -> None:
        self._port, self._folder = urlsplit(address).port or 0, folder

    async def scores(self, name: str, address: str) -> Scores:
        return await lighthouse.scored(name, address, self._port, self._folder)


@asynccontextmanager
async def _measured(where: Theatre, data: Path, out: Path, *, wanted: bool) -> AsyncIterator[Measured | None]:
    if not wanted:
        yield None
        return
    profile = data / "profile"
    profile.mkdir()
    async with chrome_at(ENGINES[0], profile) as address:
        async with Channel(address) as channel:
            eye = Eye(ENGINES[0], await ChromePage.new(channel, [], apart=False))
            await eye.join(where)
        yield Measured(address, out)


async def _at_rest(page: PlaywrightPage) -> None:
    """Wait until nothing changes any more."""
    await page.wait_for_function(RESTS, polling=REST_MS)
