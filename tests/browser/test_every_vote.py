"""Every ballot method voted by ten people with browsers: five in French, five in English, one phone without JavaScript.

``FORUM_LOOK=folder`` keeps pictures of what phones, wall and desk show.
"""

import asyncio
import os
import random
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.async_api import Browser, Locator, Page, expect
from playwright.async_api import TimeoutError as TookTooLong

from forum.demo.client import Client
from forum.demo.play import Cast
from forum.demo.stage import prepare
from forum.domain.methods import METHODS
from forum.journal import StoreAddress, open_journal
from tests.browser.people import PHONE, SCREEN, Facilitator, Participant, Wall, arrive
from tests.browser.test_hurried_hands import MOMENT, at_the_desk
from tests.further import further
from tests.methods.known import KNOWN
from tests.servers import ServerProcess

PEOPLE: Final = 10
PRESSES: Final = 6
MANY: Final = (3, 7, 12, 40)
STEP: Final = "vote0001"
WORDS: Final = {"fr": "Par quoi commencer ?", "en": "Where do we begin?"}
GIVES: Final = "form[data-op=GiveMark] button[name=mark]:not([disabled]), form[action$='/GiveMark'] button[name=mark]:not([disabled])"
SHORT: Final = ("Un lieu à nous", "Le studio commun", "Une radio", "Former les jeunes", "Vendre ensemble")
LONG: Final = "Répondre ensemble aux appels d’offres de la région, et se former pour cela"
RESULT: Final = ".result-sum"
LEADS: Final = ".ballot > .ask"  # what came first, on a phone
SHOWN: Final = "#root, main"
CHANGED: Final = f"(before) => document.querySelector('{SHOWN}').innerHTML !== before"
WIDER: Final = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


def runs() -> list[tuple[str, int]]:
    """Each method with few and with many choices, as far as it takes them."""
    return [(name, many) for name, method in METHODS.items() for many in MANY if many <= method.most]


def title(n: int) -> str:
    """What the choices are called: short, and now and then long."""
    return f"{LONG} ({n + 1})" if n % 5 == 3 else f"{SHORT[n % len(SHORT)]} {n + 1}"


@asynccontextmanager
async def a_vote(server: ServerProcess, method: str, many: int) -> AsyncIterator[tuple[Any, Client]]:
    """A forum at the opening of a vote on so many themes, and who leads it."""
    async with open_journal(StoreAddress(None, server.data)) as journal:
        clock = lambda: time.time_ns() // 1_000_000  # noqa: E731
        scene = await prepare(journal, server.address, people=PEOPLE, seed=many, lang="fr", clock=clock)
    cast: Cast = scene.cast
    kinds = {step.kind: step.id for step in reversed(cast.steps)}
    async with Client(f"{cast.address}/desk", cast.desk_cookie) as leads:

        async def done(command: str, **body: Any) -> None:
            said = await leads.do(command, **body)
            assert said.accepted, (command, body, said)

        await done("OpenStep", step=kinds["board"])
        for n in range(many):
            await done("PostIdea", id=f"idea00{n:02}", text=title(n), step=kinds["board"])
        await done("OpenStep", step=kinds["sort"])
        for n in range(many):
            await done("GroupIdeas", ideas=[f"idea00{n:02}"], theme=f"theme0{n:02}", title=title(n))
        settings = {"kind": "ballot", "method": method, "of": [kinds["sort"]], **KNOWN[method].settings}
        await done("InsertStep", step=STEP, settings=settings, title=WORDS, before=kinds["ballot"])
        await done("OpenStep", step=STEP)
        yield scene, leads


async def on_their_phones(browser: Browser, cast: Cast) -> Sequence[Participant]:
    """Everybody with their phone, in the room; the last one's runs no script."""
    phones = []
    for n, actor in enumerate(cast.actors):
        look = {"locale": "en-GB" if n % 2 else "fr-FR", "color_scheme": "dark" if n % 4 > 1 else "light"}
        phone: Participant = await arrive(
            browser, Participant, PHONE, java_script_enabled=n < PEOPLE - 1, **look
        )
        name, _, value = actor.cookie.partition("=")
        path = "/" + cast.address.split("/", 3)[3]
        host = cast.address.split("/")[2].split(":")[0]
        await phone.context.add_cookies([{"name": name, "value": value, "domain": host, "path": path}])
        await phone.page.goto(cast.address)
        phones.append(phone)
    return phones


async def votes(phone: Participant, rng: random.Random, *, scripted: bool) -> None:
    """Press what can be pressed, a few times, as somebody who reads in between."""
    for _ in range(PRESSES):
        there: Locator = phone.page.locator(GIVES)
        await expect(there.first).to_be_visible()
        button = there.nth(rng.randrange(await there.count()))
        if scripted:
            await phone.page.evaluate(MOMENT)
        before = await phone.page.locator(SHOWN).first.inner_html()
        try:
            await button.click(timeout=3_000)
        except TookTooLong:  # what was pressed before took it away: its last point was given, or its pair
            continue
        if scripted:
            await phone.page.wait_for_function(CHANGED, arg=before)
        else:
            await phone.page.wait_for_load_state()


async def kept(page: Page, name: str, look: str) -> None:
    """A picture of a page, where somebody wants to look."""
    if folder := os.environ.get("FORUM_LOOK"):
        await page.screenshot(path=Path(folder) / f"{look}-{name}.png", full_page="wall" not in name)


async def fits(page: Page, what: str) -> None:
    assert await page.evaluate(WIDER) <= 0, f"{what} is wider than its window"


@pytest.mark.parametrize(("method", "many"), [runs()[0], *further(*runs()[1:])])
async def test_ten_people_vote_and_all_see_the_result_at_once(
    browser: Browser, server: ServerProcess, method: str, many: int
) -> None:
    rng, look = random.Random(many), f"{method}-{many:02}"
    async with a_vote(server, method, many) as (scene, leads):
        cast: Cast = scene.cast
        desk: Facilitator = await at_the_desk(browser, server, scene)
        walls = []
        for scheme in ("light", "dark"):
            wall: Wall = await arrive(browser, Wall, SCREEN, locale="fr-FR", color_scheme=scheme)
            walls.append(await wall.show(f"{cast.address}/screen#{scene.opened.screen}"))
        phones = await on_their_phones(browser, cast)
        for n, phone in enumerate(phones):
            await fits(phone.page, "a phone with an open vote")
            await kept(phone.page, f"open-phone-{n}", look) if n in (0, 3, PEOPLE - 1) else None
        await asyncio.gather(
            *(votes(p, random.Random(rng.random()), scripted=p is not phones[-1]) for p in phones)
        )
        voted = desk.page.locator("#counts")
        await expect(voted).to_contain_text(str(PEOPLE))
        for n, phone in enumerate(phones):
            await fits(phone.page, "a phone with a ballot")
            await kept(phone.page, f"voted-phone-{n}", look) if n in (0, 3, PEOPLE - 1) else None
        await kept(walls[0].page, "open-wall", look)
        await kept(desk.page, "open-desk", look)
        for who in (*walls, desk, *phones):
            await expect(who.page.locator(RESULT)).to_have_count(0)
        for phone in phones:
            await phone.page.mouse.wheel(0, 20_000)
        for command in ("CloseStep", "RevealStep"):
            said = await leads.do(command, step=STEP)
            assert said.accepted, (command, said)
        await phones[-1].page.goto(cast.address)
        for who in (*walls, desk, *phones):
            await expect(who.page.locator(RESULT).first).to_be_attached()
        for n, phone in enumerate(phones):
            await expect(phone.page.locator(LEADS)).to_be_in_viewport()
            own = "Your own vote" if n % 2 else "Votre propre vote"
            await expect(phone.page.get_by_text(own, exact=False).first).to_be_attached()
        for n, phone in enumerate(phones):
            await fits(phone.page, "a phone with a result")
            await kept(phone.page, f"result-phone-{n}", look) if n in (0, 3, PEOPLE - 1) else None
        for scheme, wall in zip(("light", "dark"), walls, strict=True):
            await fits(wall.page, "the wall")
            await kept(wall.page, f"result-wall-{scheme}", look)
        await kept(desk.page, "result-desk", look)
        await phones[0].page.emulate_media(media="print")
        await kept(phones[0].page, "result-print", look)
        assert [p.faults for p in (*phones, *walls, desk)] == [[]] * (PEOPLE + 3)


async def test_whoever_is_done_over_a_reason_that_is_not_kept_is_led_to_it_and_told(
    browser: Browser, server: ServerProcess
) -> None:
    async with a_vote(server, "gradients", 3) as (scene, _):
        phone = (await on_their_phones(browser, scene.cast))[0]
        page = phone.page
        await page.evaluate(MOMENT)
        await page.locator(f"{GIVES.split(', ')[0]} >> nth=7").click()  # a veto
        await page.locator("details.edit > summary").first.click()
        reason = phone.form("GiveReason").locator("textarea")
        await reason.fill("Personne n’est payé pour cela.")
        await page.evaluate(MOMENT)
        await phone.form("SayDone").locator("button").click()
        await expect(reason).to_be_focused()
        await expect(phone.form("GiveReason")).to_contain_text(
            "Un texte que vous avez écrit n’est pas envoyé"
        )
        await expect(phone.form("TakeDoneBack")).to_have_count(0)

        await phone.form("GiveReason").locator("button").click()
        await expect(page.locator("details.edit > summary").first).to_contain_text("Votre raison est gardée")
        await page.evaluate(MOMENT)
        await phone.form("SayDone").locator("button").click()
        await expect(phone.form("TakeDoneBack")).to_have_count(1)
        assert phone.faults == []
