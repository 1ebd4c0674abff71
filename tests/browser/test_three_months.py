"""Three months later: the server was restarted, links were renewed at its command line, and everybody is still themselves.

Clocks are moved: that of the server's processes by what a file says, those of browsers by taking as much off the lives
of their cookies; no browser keeps one for longer than 400 days, whatever it says.
"""

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest
from playwright.async_api import Browser, BrowserContext, expect

from forum.opening import new_secret
from tests.browser.people import PHONE, Participant, arrive
from tests.servers import MovedClock, ServerProcess

DAY = 24 * 3600
LATER, MOST = 92 * DAY, 400 * DAY
LEAS, OMARS, ZOES = "Ouvrir un lieu", "Un fonds d’amorçage", "Un atelier le jeudi"
SECONDS = 20.0


class Plain:
    """A browser without scripts: it follows, and keeps cookies for as long as they say."""

    def __init__(self, http: httpx2.AsyncClient, base: str) -> None:
        self.http, self.base = http, base

    async def get(self, path: str = "") -> httpx2.Response:
        return await self.http.get(self.base + path)

    async def post(self, path: str, **fields: str) -> httpx2.Response:
        """Send a form of the page, with a ticket of its own."""
        return await self.http.post(self.base + path, data={"ticket": new_secret(), **fields})

    async def do(self, command: str, **fields: str) -> None:
        page = await self.post(f"/commands/{command}", **fields)
        assert page.status_code == 200, page.text

    async def person(self, path: str = "") -> str:
        """Whose page it is: "" is nobody's."""
        return whose(await self.get(path))

    def later(self, seconds: int) -> None:
        for cookie in self.http.cookies.jar:
            cookie.expires = min(cookie.expires or 0, int(time.time()) + MOST) - seconds
        self.http.cookies.jar.clear_expired_cookies()


def whose(page: httpx2.Response) -> str:
    found = re.search(r'<body[^>]* data-person="(\w*)"', page.text)
    return found[1] if found else ""


async def put_away(context: BrowserContext, seconds: int) -> None:
    """The same for a real browser, whose pages are closed: it comes back so much later."""
    for page in context.pages:
        await page.close()
    kept = await context.cookies()
    await context.clear_cookies()
    for cookie in kept:
        cookie["expires"] = min(cookie["expires"], time.time() + MOST) - seconds
    await context.add_cookies([cookie for cookie in kept if cookie["expires"] > time.time()])  # type: ignore[arg-type]
    await context.clock.install(time=time.time() + seconds)


class House:
    """A server with a clock of its own, and a forum on it."""

    def __init__(self, stack: AsyncExitStack, clock: MovedClock, server: ServerProcess) -> None:
        self._stack, self.clock, self.server = stack, clock, server
        self.opened: dict[str, str] = {}

    @property
    def code(self) -> str:
        return self.opened["code"]

    async def somebody(self, surface: str = "") -> Plain:
        """Somebody with a browser of their own."""
        headers = {"origin": self.server.address}
        http = await self._stack.enter_async_context(
            httpx2.AsyncClient(
                base_url=self.server.address, headers=headers, follow_redirects=True, timeout=SECONDS
            )
        )
        return Plain(http, f"/f/{self.code}{surface}" if self.opened else "")

    async def joined(self, name: str) -> Plain:
        phone = await self.somebody()
        await phone.get()
        await phone.post("/join", name=name)
        return phone

    async def entered(self, link: str, name: str = "") -> Plain:
        """Somebody who came by a link."""
        path, _, secret = link.partition("#")
        guest = await self.somebody(path.partition(self.code)[2])
        await guest.get()
        page = await guest.post("/enter", secret=secret, name=name)
        assert page.status_code == 200, page.text
        return guest

    async def links(self, *words: str) -> dict[str, Any]:
        """What the command says at the server, by the server's clock."""
        process = await asyncio.create_subprocess_exec(
            *self.clock.before, "python", "-m", "forum", "links", "--data", str(self.server.data), self.code, *words, "--json",
            stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        said, _ = await process.communicate()
        assert process.returncode == 0, said
        told: dict[str, Any] = json.loads(said)
        return told

    async def restarted(self, seconds: int) -> None:
        """The server is off, and comes back so much later."""
        await self.server.stop()
        self.clock.set(seconds)
        await self.server.start()


@asynccontextmanager
async def a_house(folder: Path) -> AsyncIterator[House]:
    clock = MovedClock(folder)
    server = ServerProcess(folder / "data", before=clock.before)
    async with AsyncExitStack() as stack:
        await server.start()
        stack.push_async_callback(server.stop)
        house = House(stack, clock, server)
        form = {"title": "Vision 2025", "agenda": "forum-eclair", "lang": "en", "keep_days": "1095"}
        opening = await house.somebody()
        answer = await opening.http.post("/forums", data=form, headers={"accept": "application/json"})
        house.opened = answer.json()
        yield house


async def own_card(phone: Plain) -> str:
    return re.findall(r'name="idea" value="([^"]+)"', (await phone.get()).text)[0]


async def own_code(phone: Plain) -> str:
    found = re.search(r'id="own-code" readonly value="([^"]+)"', (await phone.get("/data")).text)
    assert found
    return found[1]


@dataclass
class Everybody:
    """Who was there three months ago; Léa alone with scripts."""

    house: House
    nadia: Plain  # leads by the link of the desk
    karim: Plain  # leads by a link that Nadia made
    wall: Plain
    office: Plain
    omar: Plain
    zoe: Plain  # whose browser is emptied meanwhile
    ines: Plain  # waits to be let in
    lea: Participant
    karims: str  # his link

    @property
    def plain(self) -> tuple[Plain, ...]:
        return (self.nadia, self.karim, self.wall, self.omar, self.zoe, self.ines)

    async def persons(self) -> list[str]:
        return [await one.person() for one in self.plain]


async def everybody(browser: Browser, house: House) -> Everybody:
    """They come in, two lead, three have written, one waits."""
    opened = house.opened
    nadia = await house.entered(opened["desk_url"], "Nadia")
    wall, office = await house.entered(opened["screen_url"]), await house.entered(opened["staff_url"])
    made = await nadia.http.post(
        f"{nadia.base}/keys",
        data={"role": "facilitator", "ticket": new_secret()},
        headers={"accept": "application/json"},
    )
    karims = made.json()["url"]
    karim = await house.entered(karims, "Karim")
    await karim.do("OpenStep", step="ideas")
    omar, zoe = await house.joined("Omar"), await house.joined("Zoé")
    await omar.do("PostIdea", step="ideas", text=OMARS)
    await zoe.do("PostIdea", step="ideas", text=ZOES)
    lea: Participant = await arrive(browser, Participant, PHONE, locale="en-GB")
    await lea.join(f"{house.server.address}/f/{house.code}", "Léa")
    await lea.is_live()
    await lea.write(LEAS)
    await expect(lea.page.locator("#my-ideas .idea:not([data-pending])")).to_contain_text(LEAS)
    await nadia.do("SetEntry", mode="approval")
    ines = await house.joined("Inès")
    return Everybody(house, nadia, karim, wall, office, omar, zoe, ines, lea, karims)


async def pass_by(there: Everybody) -> None:
    """Three months pass, in which nobody looks; the server is started anew."""
    await put_away(there.lea.context, LATER)
    for one in (*there.plain, there.office):
        one.later(LATER)
    there.zoe.http.cookies.jar.clear()
    await there.house.restarted(LATER)


async def phones_are_who_they_were(there: Everybody, leas: str | None) -> None:
    """With scripts and without; and who waited still does."""
    house = there.house
    phone = await there.lea.context.new_page()
    await phone.goto(f"{house.server.address}/f/{house.code}")
    await expect(phone.locator("html[data-link=live]")).to_have_count(1)
    own = phone.locator("#my-ideas .idea")
    await expect(own).to_contain_text(LEAS)
    await own.locator("summary").click()
    await own.locator("textarea").fill(f"{LEAS}, tout de suite")
    await own.locator("form[action$='/EditIdea'] button").click()
    await expect(phone.locator("#my-ideas .idea-text")).to_have_text(f"{LEAS}, tout de suite")
    assert await phone.get_attribute("body", "data-person") == leas
    await there.omar.do("EditIdea", idea=await own_card(there.omar), text=f"{OMARS}, bientôt")
    assert f"{OMARS}, bientôt" in (await there.omar.get()).text
    assert "The facilitator will let you in." in (await there.ines.get()).text


async def who_lost_their_cookie_comes_back_by_their_own_code(there: Everybody, code: str) -> None:
    assert f'action="/f/{there.house.code}/mine/enter"' in (await there.zoe.get()).text
    await there.zoe.post("/mine/enter", secret=code)
    assert ZOES in (await there.zoe.get()).text


async def new_links_open_and_old_ones_do_not(there: Everybody, desk: str, staff: str) -> None:
    opened = there.house.opened
    nadia, karim, office = there.nadia, there.karim, there.office
    for one, link in ((nadia, opened["desk_url"]), (karim, there.karims), (office, opened["staff_url"])):
        assert (await one.get()).status_code == 410
        assert (await one.post("/enter", secret=link)).status_code == 410
    for one, link in ((nadia, desk), (karim, desk), (office, staff)):
        assert (await one.post("/enter", secret=link)).status_code == 200


async def the_desk_leads_on_and_nobody_was_counted_twice(there: Everybody, waits: str) -> None:
    await there.karim.do("RevealStep", step="ideas")
    await there.karim.do("HideIdea", idea=await own_card(there.zoe), reason="en double")
    await there.nadia.do("ApprovePerson", person=waits)
    board = await there.nadia.get()
    assert re.search(r'"deed-who">.*Karim.* hid a card', board.text)
    assert '<strong class="tabular">4</strong>' in board.text
    assert OMARS in (await there.wall.get()).text
    assert OMARS in (await there.ines.get()).text
    told = {link["opens"]: link["devices"] for link in (await there.house.links())["links"]}
    assert told == {"desk": 3, "staff": 1, "screen": 1}


async def test_after_a_restart_renewed_links_and_three_months_everybody_is_still_themselves(
    browser: Browser, tmp_path: Path
) -> None:
    async with a_house(tmp_path) as house:
        there = await everybody(browser, house)
        before, zoes = await there.persons(), await own_code(there.zoe)
        leas = await there.lea.page.get_attribute("body", "data-person")

        await pass_by(there)
        desk, staff = [(await house.links("--renew", to))["url"] for to in ("desk", "staff")]

        await phones_are_who_they_were(there, leas)
        await who_lost_their_cookie_comes_back_by_their_own_code(there, zoes)
        await new_links_open_and_old_ones_do_not(there, desk, staff)
        assert await there.persons() == before
        stranger = await house.entered(desk)
        assert (await stranger.person()) not in before
        await the_desk_leads_on_and_nobody_was_counted_twice(there, before[-1])


@pytest.mark.further
async def test_a_phone_that_was_away_for_longer_than_browsers_keep_anything_is_a_newcomer_and_is_told_what_to_do(
    browser: Browser, tmp_path: Path
) -> None:
    async with a_house(tmp_path) as house:
        nadia = await house.entered(house.opened["desk_url"], "Nadia")
        await nadia.do("OpenStep", step="ideas")
        omar, zoe = await house.joined("Omar"), await house.joined("Zoé")
        await zoe.do("PostIdea", step="ideas", text=ZOES)
        lea: Participant = await arrive(browser, Participant, PHONE, locale="en-GB")
        await lea.join(f"{house.server.address}/f/{house.code}", "Léa")
        await lea.write(LEAS)
        await expect(lea.page.locator("#my-ideas .idea:not([data-pending])")).to_contain_text(LEAS)
        before, zoes = [await one.person() for one in (omar, zoe)], await own_code(zoe)

        for days in (200, 201):
            for one in (omar, zoe):
                one.later(days * DAY)
            await house.restarted((days if days == 200 else 401) * DAY)
            visit = await omar.person()  # who comes back meanwhile is known for as long again
        await put_away(lea.context, 401 * DAY)
        newcomer = await zoe.get()
        phone = await lea.context.new_page()
        await phone.goto(f"{house.server.address}/f/{house.code}")

        assert visit == before[0]
        assert whose(newcomer) == ""
        for words in ("Come in", "I was here before", "personal code"):
            assert words in newcomer.text
        await expect(phone.locator("[data-kept]")).to_contain_text(
            "With your personal code you are who you were"
        )
        await zoe.post("/mine/enter", secret=zoes)
        assert await zoe.person() == before[1]
        assert ZOES in (await zoe.get()).text
        stranger = await house.joined("")
        assert await stranger.person() not in before
