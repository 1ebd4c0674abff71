"""What people do with a page, by chance: they touch what they see, as calmly or as hurriedly as people are."""

import asyncio
import json
import random
from collections.abc import Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qs, urlsplit

from playwright.async_api import Error, Page, Request

from forum.domain.roles import leads
from forum.domain.room import COMMANDS

REACH: Final = (Path(__file__).parent / "reach.js").read_text()
WATCH: Final = (Path(__file__).parent / "watch.js").read_text()
LOADED_MS: Final = 15_000  # a bound, for a page over a slow network
READ_MS: Final = 250  # nobody has read in less what a button says
NEVER: Final = frozenset(
    {"RemovePerson", "RevokeKey", "EndSession", "SetEntry", "PlanSession", "RemoveSession"}
)
"""What would send everybody home, or keep them out."""
LEADING: Final = sorted(name for name in COMMANDS if leads(name))
WORDS: Final = (
    "Un lieu ouvert",
    "Été à l’école",
    "Financer ensemble",
    "Former 👩‍👩‍👧",
    "Une fête",
    "Louer une salle",
)
IDLE_SHARE: Final = 0.8  # of the moments in which one has nothing to do, and does nothing
MAIN_SHARE: Final = 4.0  # of what the desk proposes
SHARES: Final = {"text": 5.0, "choice": 3.0, "tick": 4.0, "button": 6.0, "summary": 1.0}
SELDOM: Final = {
    "OpenStep": 0.1,
    "SkipStep": 0.2,
    "RemoveStep": 0.1,
    "ReopenSession": 0.1,
}  # but where the desk proposes it


class Post(NamedTuple):
    """What a page without script was made to send: of which command, under which ticket, its texts, and what the desk showed."""

    command: str
    ticket: str
    texts: list[str]
    stage: list[str]


@dataclass
class Hand:
    """One person at one page. ``hurry``: the share of gestures made without looking twice."""

    name: str
    page: Page
    rng: random.Random
    hurry: float
    touches: bool = False  # with a finger, not with a mouse
    scripted: bool = True
    done: list[str] = field(default_factory=list)  # the last gestures, to be told with what went wrong
    posts: list[Post] = field(default_factory=list)  # that nobody has judged yet
    typed: int = 0
    ticket: str = ""  # of the page without script on which something is being pressed

    def __post_init__(self) -> None:
        self.home = self.page.url
        if not self.scripted:
            self.page.on("request", self._leaves)

    async def gesture(self, leading: bool = False) -> str:
        """Do one thing; what it was, "" when there was nothing to do. ``leading``: what the desk proposes, if anything."""
        try:
            controls = [c for c in await self._controls() if c["op"] not in NEVER]
        except Error:  # a page that is being loaded
            controls = []
        if leading:
            controls = [c for c in controls if c["main"]] or controls
        if controls and all(c["kind"] == "summary" for c in controls) and self.rng.random() < IDLE_SHARE:
            return ""  # there is nothing to do but to unfold
        if not controls:
            await self._goes_home()
            return ""
        weights = [self._weight(control, controls) for control in controls]
        [control] = self.rng.choices(controls, weights)
        try:
            told = await self._touch(control)
        except Error as error:  # the page went on under the hand
            told = f"slipped off {control['op']}: {str(error).splitlines()[0]}"
        if told:
            self.done.append(told)
            del self.done[:-12]
        return told

    async def hesitate(self) -> None:
        """As long as this person takes from one gesture to the next."""
        hurried = self.rng.random() < self.hurry
        await asyncio.sleep(self.rng.uniform(0.02, 0.15) if hurried else self.rng.uniform(0.3, 0.8))

    async def _goes_home(self) -> None:
        await self.page.goto(self.home)
        if self.scripted:  # until it is live, what one presses there goes the browser's way, unwatched
            await self.page.wait_for_selector("html[data-link=live]", timeout=LOADED_MS)

    async def _controls(self) -> list[dict[str, Any]]:
        if not self.scripted:
            await self.page.evaluate(REACH)
        found: list[dict[str, Any]] = await self.page.evaluate("() => window.__hands.controls()")
        return found

    def _weight(self, control: dict[str, Any], controls: list[dict[str, Any]]) -> float:
        """What one would rather do: finish what one began, answer what is asked, and not fold everything open."""
        if control["dialog"]:
            return 1.0
        alike = sum(other["op"] == control["op"] and other["kind"] == control["kind"] for other in controls)
        if control["main"]:
            return MAIN_SHARE
        begun = any(other["filled"] and other["op"] == control["op"] for other in controls)
        share = SHARES[control["kind"]] * SELDOM.get(control["op"], 1.0)
        return share * (3.0 if begun else 1.0) / alike**0.7

    async def _touch(self, control: dict[str, Any]) -> str:
        point = await self.page.evaluate("n => window.__hands.reach(n)", control["n"])
        if point is None:
            return ""
        await asyncio.sleep(READ_MS / 1000 + self.rng.uniform(0.02, 0.2))  # a hand is on its way
        what = f"{control['kind']} {control['name']} of {control['op'] or 'the page'}"
        match control["kind"]:
            case "text":
                await self._press(point)
                return f"{what}: {await self._type(control)}"
            case "choice":
                await self.page.evaluate("n => window.__hands.found[n].focus()", control["n"])
                for _ in range(self.rng.randint(1, 3)):
                    await self.page.keyboard.press("ArrowDown")
            case "button":
                twice = self.rng.random() < self.hurry
                await self._sends(control, self._push(point, twice))
                return what + (", twice" if twice else "")
            case _:
                await self._press(point)
        return what

    async def _press(self, point: list[float]) -> None:
        await (self.page.touchscreen.tap if self.touches else self.page.mouse.click)(*point)

    async def _push(self, point: list[float], twice: bool) -> None:
        await self._press(point)
        if twice:
            await asyncio.sleep(self.rng.uniform(0.02, 0.15))
            await self._press(point)

    async def _sends(self, control: dict[str, Any], push: Coroutine[Any, Any, None]) -> None:
        """Do what may send a form; in a page without script, note what it says, and wait for the page that comes of it."""
        if self.scripted:
            return await push
        said = await self.page.evaluate("n => window.__hands.said(n)", control["n"])
        if not said["goes"]:
            return await push
        self.ticket = said["ticket"]
        try:
            async with self.page.expect_navigation(timeout=LOADED_MS):
                await push
            await self.page.wait_for_load_state()
        finally:
            self.posts.append(Post(said["op"], said["ticket"], said["texts"], said["stage"]))

    def _leaves(self, request: Request) -> None:
        """The second of two presses may meet the next page, which without script is steady for nobody."""
        command = urlsplit(request.url).path.rpartition("/commands/")[2]
        ticket = "".join(parse_qs(request.post_data or "").get("ticket", []))
        if request.method == "POST" and command in COMMANDS and ticket != self.ticket:
            self.posts.append(Post(command, ticket, [], ["", ""]))

    async def _type(self, control: dict[str, Any]) -> str:
        """Something new, which nobody else writes; dates and numbers as their fields want them."""
        self.typed += 1
        match control["type"]:
            case "number":
                text = str(self.rng.randint(1, 9))
            case "date" if control["least"]:
                text = "".join(reversed(control["least"].split("-")))
            case "date":
                text = f"{self.rng.randint(10, 28)}0{self.rng.randint(1, 9)}2027"
            case "time":
                text = f"{self.rng.randint(10, 19)}{self.rng.randint(10, 59)}"
            case _:
                text = f"{self.rng.choice(WORDS)} {self.name}{self.typed}."  # no text is part of another
        if self.rng.random() < 0.3:
            await self.page.keyboard.press("Control+A")
        if control["type"] in ("date", "time"):
            await self.page.keyboard.type(text)
        else:
            await self.page.keyboard.insert_text(text)
        if self.rng.random() < 0.15:
            await self._sends(control, self.page.keyboard.press("Enter"))
            return f"{text}, Enter"
        return text


def watched() -> str:
    """The script that stands in every page."""
    return f"window.__hands_told = {json.dumps({'LEADS': LEADING, 'READ_MS': READ_MS})};\n{REACH}\n{WATCH}"
