"""F11 with a screen reader's eyes: a whole forum by the keyboard, written down as it is heard, and compared with last time.

``make ears`` writes the scripts anew; whoever changes one reads it. What chance and the clock decide stands as "…".
"""

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from tests.browser.people import (
    DESK,
    PHONE,
    SCREEN,
    Facilitator,
    Participant,
    Wall,
    arrive,
    chooses_a_day,
    open_forum,
)
from tests.browser.reached import caught_up, reached
from tests.further import further

SCRIPTS: Final = Path(__file__).parent / "ears"
WRITE: Final = "FORUM_EARS"  # the environment's word: the scripts are written, not compared
LISTEN: Final = """() => {
  globalThis.heard = [];
  const hear = (text) => { text = text.replace(/\\s+/g, " ").trim(); if (text && heard[heard.length - 1] !== text) heard.push(text); };
  new MutationObserver((all) => {
    for (const one of all) {
      const at = one.target.nodeType === 1 ? one.target : one.target.parentElement;
      if (at?.matches("[data-announce]")) one.addedNodes.forEach((el) => hear(el.textContent));
      else if (at?.matches("[role=alert], .balance")) hear(at.textContent);
    }
  }).observe(document, { childList: true, characterData: true, subtree: true });
}"""
FOCUS: Final = """() => { const el = document.activeElement;
  if (!el || el === document.body) return "";
  return (el.getAttribute("aria-label") || [...el.querySelectorAll(".to-open")].find((one) => one.getClientRects().length)?.textContent || el.textContent || el.getAttribute("name") || el.localName).replace(/\\s+/g, " ").trim().slice(0, 60); }"""

LAST: Final = "() => document.querySelector('#heard > :last-child')?.dataset.n ?? ''"
"""The number of what was said last."""
CHANCE: Final = (
    r"\d{1,2}:\d\d [ap]m|\d{1,2}\s?h\s?\d\d|\d{1,2}:\d\d",
    r"(?<=no\. )\d+|(?<=n° )\d+|(?<=n°\u00a0)\d+",
    r"(?<=Times are local to )[\w/ ]+|(?<=Heure locale : )[\w/ ]+",
    r"\d{4}-\d\d-\d\d|\d{1,2}(er)? \w+ 20\d\d",
    r"\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun|lun\.|mar\.|mer\.|jeu\.|ven\.|sam\.|dim\.) \d{1,2} \w+\.?",
)


class Ears:
    """What is heard in one forum, in the order in which it happens."""

    def __init__(self, code: str) -> None:
        self._code = code
        self.lines: list[str] = []
        self.fell: list[str] = []  # where the focus was lost
        self.alike: list[str] = []  # controls of the desk that nobody can tell apart
        self._reached: list[str] = []  # at the desk, when it was last looked at

    def scene(self, name: str) -> None:
        self.lines += ["", f"## {name}"]

    async def phone(self, page: Page) -> None:
        """The whole page, and what was said on the way here."""
        await caught_up(page)
        await self._told("phone", page)
        tree = await page.locator("main").aria_snapshot()
        lines = [line for line in tree.splitlines() if "/url:" not in line]
        if await page.locator(".options").count():  # a ballot has an order of one's own, by lot
            lines = in_order(lines)
        self.lines += [f"    {self._plain(line)}" for line in lines]

    async def shortly(self, where: str, page: Page) -> None:
        """The headings alone, once what is laid out stands."""
        await page.wait_for_selector("html:not([data-laying])")
        await self._told(where, page)
        for one in await page.locator(
            "h1:visible, h2:visible, .result-say, .result-sentence, li.rank"
        ).all_inner_texts():
            self.lines.append(f"    {self._plain(' '.join(one.split()))}")

    async def controls(self, page: Page) -> None:
        """Those of the desk, in order: all at first, then what is new."""
        found = await reached(page)
        self.alike += [one for one in found if found.count(one) > 1]
        now = [self._plain(one) for one in found]
        self.lines += [f"    reaches: {one}" for one in now if one not in self._reached]
        self._reached = now

    async def _told(self, where: str, page: Page) -> None:
        self.lines += ["", f"{where}, called {self._plain(await page.title())!r}"]
        for text in await page.evaluate("heard.splice(0)"):
            self.lines.append(f"  says: {self._plain(text)}")
        if focus := await page.evaluate(FOCUS):
            self.lines.append(f"  the keyboard is on: {self._plain(focus)}")

    def _plain(self, text: str) -> str:
        text = text.replace(self._code, "…").replace(f"{self._code[:3]} {self._code[3:]}", "…")
        for chance in CHANCE:
            text = re.sub(chance, "…", text)
        return text.replace("\u202f", " ").replace("\u00a0", " ")

    async def press(self, what: Locator, key: str = "Enter") -> None:
        """With the keyboard; the focus is somewhere afterwards, once ``stays`` is asked."""
        await what.focus()
        await what.press(key)

    async def stays(self, page: Page, after: str) -> None:
        """The focus is on something, after the page has changed."""
        await page.evaluate(
            "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
        )
        if not await page.evaluate(FOCUS):
            self.fell.append(after)


def in_order(lines: list[str]) -> list[str]:
    """The same tree, the items of each list in the order of their words."""
    made: list[str] = []
    n = 0
    while n < len(lines):
        indent = len(lines[n]) - len(lines[n].lstrip())
        items: list[list[str]] = []
        while n < len(lines) and lines[n].startswith(" " * indent + "- listitem"):
            end = n + 1
            while end < len(lines) and len(lines[end]) - len(lines[end].lstrip()) > indent:
                end += 1
            items.append(lines[n:end])
            n = end
        if items:
            made += [line for item in sorted(items) for line in item]
        else:
            made.append(lines[n])
            n += 1
    return made


@pytest.mark.parametrize("lang", ["en", *further("fr")])
async def test_F11_a_whole_forum_is_heard_as_it_is_written_down(browser: Browser, server, lang: str) -> None:
    ears = await a_forum_by_ear(browser, server.address, lang)
    script = SCRIPTS / f"{lang}.txt"
    text = "\n".join(ears.lines).strip() + "\n"
    if os.environ.get(WRITE):
        script.parent.mkdir(exist_ok=True)
        script.write_text(text)

    assert (ears.fell, ears.alike) == ([], [])
    assert text == script.read_text(), "heard otherwise: read it, then write it anew with: make ears"


@dataclass
class Hall:
    """Who is there, and what they hear."""

    ears: Ears
    desk: Facilitator
    wall: Wall
    lea: Participant

    async def hears(self, name: str) -> None:
        self.ears.scene(name)
        await self.ears.phone(self.lea.page)
        await self.ears.shortly("wall", self.wall.page)
        await self.ears.shortly("desk", self.desk.page)
        await self.ears.controls(self.desk.page)

    async def on(self, name: str) -> None:
        """What the desk proposes, by the keyboard, until everybody has heard of it."""
        held = await self.lea.page.evaluate(FOCUS)
        seen = await self.lea.page.evaluate(LAST)
        await self.ears.press(self.desk.page.locator(".now-main .now-button"))
        changed = f"(seen) => ({LAST})() !== seen"
        asked = f"(seen) => !!document.querySelector('dialog[open]') || ({changed})(seen)"
        await self.desk.page.wait_for_function(asked, arg=seen)
        confirm = self.desk.page.locator("dialog[open] button[value=yes]")
        if await confirm.count():
            await confirm.press("Enter")
        for somebody in (self.lea, self.wall, self.desk):
            await somebody.page.wait_for_function(changed, arg=seen)
        await self.ears.stays(self.desk.page, f"{name}, at the desk")
        if held:
            await self.ears.stays(self.lea.page, f"{name}, on the phone")
        await self.hears(name)

    async def types(self, field: Locator, text: str) -> None:
        await field.focus()
        await self.lea.page.keyboard.type(text)


async def a_forum_by_ear(browser: Browser, address: str, lang: str) -> Ears:
    hall = await everybody_comes(browser, address, lang)
    await cards_are_written(hall)
    await cards_are_sorted(hall)
    await themes_are_voted_on(hall)
    await actions_and_commitments_are_made(hall)
    for somebody in (hall.lea, hall.wall, hall.desk):
        assert somebody.faults == []
    return hall.ears


async def everybody_comes(browser: Browser, address: str, lang: str) -> Hall:
    locale = {"locale": f"{lang}-{'FR' if lang == 'fr' else 'GB'}", "reduced_motion": "reduce"}
    links = await open_forum(browser, address, "forum-eclair", "Vision 2025", lang)
    code = links.join.rpartition("/")[2]
    hall = Hall(
        Ears(code),
        await arrive(browser, Facilitator, DESK, **locale),
        await arrive(browser, Wall, SCREEN, **locale),
        await arrive(browser, Participant, PHONE, **locale),
    )
    for somebody in (hall.desk, hall.wall, hall.lea):
        await somebody.page.add_init_script(f"({LISTEN})()")
    await hall.desk.enter(f"{address}/f/{links.desk.partition('/f/')[2]}", "")
    await hall.wall.show(f"{address}/f/{links.screen.partition('/f/')[2]}")
    await (await hall.lea.join(f"{address}/f/{code}", "Léa")).is_live()
    hall.ears.lines.append(
        f"# A forum éclair by ear ({lang}): what a screen reader has, and what it is told on the way"
    )
    await hall.hears("Before the start")
    return hall


async def cards_are_written(hall: Hall) -> None:
    ears, lea = hall.ears, hall.lea
    for name in ("The welcome", "Why we are here", "Writing"):
        await hall.on(name)
    for text in ("Open the studio", "Share a calendar"):
        await hall.types(lea.form("PostIdea").locator("textarea"), text)
        await ears.press(lea.form("PostIdea").locator("button"))
        await expect(lea.page.locator("#my-ideas")).to_contain_text(text)
        await expect(lea.page.locator("li[data-pending], li[data-saved]")).to_have_count(0)
        await ears.stays(lea.page, f"sending {text}")
    await ears.press(lea.form("SayDone").locator("button"))
    await expect(lea.form("TakeDoneBack")).to_have_count(1)
    await ears.stays(lea.page, "saying that one is done")
    await hall.hears("Two cards are written, and one is done")
    await hall.on("The reveal")


async def cards_are_sorted(hall: Hall) -> None:
    ears, lea = hall.ears, hall.lea
    await hall.on("Sorting")
    for text, title in (("Open the studio", "Meet"), ("Share a calendar", "Fund")):
        await ears.press(lea.page.locator("label", has_text=text).locator("input"), "Space")
        await hall.types(lea.form("GroupIdeas").locator("input[name=title]"), title)
        await ears.press(lea.form("GroupIdeas").locator("button"))
        await expect(lea.page.get_by_role("heading", name=title)).to_be_visible()
        await ears.stays(lea.page, f"grouping under {title}")
    await hall.hears("Two themes are made")


async def themes_are_voted_on(hall: Hall) -> None:
    ears, lea = hall.ears, hall.lea
    await hall.on("Voting")
    for title in ("Meet", "Fund"):
        option = lea.page.locator(".option", has_text=title)
        await ears.press(option.locator("button[name=mark]").last)
        await expect(option.locator(".given")).to_have_count(1)
        await ears.stays(lea.page, f"giving a point to {title}")
    await hall.hears("A point to each: the cap is reached")
    await hall.on("The close")
    await hall.on("The result, a tie")


async def actions_and_commitments_are_made(hall: Hall) -> None:
    ears, lea = hall.ears, hall.lea
    await hall.on("From themes to actions")
    await ears.press(hall.desk.form("MakeAxesFromThemes").locator("button").first)
    await expect(lea.page.locator("section.axis")).to_have_count(2)
    await ears.stays(hall.desk.page, "making axes")
    await ears.press(lea.page.locator("section.axis .propose > summary").first)
    await hall.types(lea.form("MakeAction").first.locator("textarea"), "Call the hall")
    await ears.press(lea.form("MakeAction").first.locator("button"))
    await expect(lea.page.locator("li.action")).to_have_count(1)
    await ears.stays(lea.page, "proposing an action")
    await hall.hears("Two axes and an action")
    await hall.on("Committing")
    await hall.types(lea.form("Pledge").locator("textarea"), "I call on Monday")
    await chooses_a_day(lea.form("Pledge"))
    await ears.press(lea.form("Pledge").locator("button"))
    await expect(lea.page.locator("#my-pledges")).to_contain_text("I call on Monday")
    await ears.stays(lea.page, "committing")
    await hall.hears("A commitment")
    await hall.on("The end")
