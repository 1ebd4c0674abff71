"""A forum live on a real store: hubs, askers, and browsers whose network a test holds in its hand."""

import asyncio
import itertools
import json
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from forum.domain.kernel import Asked, Command, Millis, PersonId, TabId
from forum.domain.people import Join
from forum.domain.roles import Role
from forum.fragments.pages import Pages
from forum.fragments.surface import Audience
from forum.journal import Journal, StoreAddress, open_journal
from forum.live import Hub, Resume
from forum.opening import agendas, open_forum

PAGES = Pages(static=lambda path: f"/static/test/{path}")
PHONE, DESK = Audience("phone", "fr"), Audience("desk", "fr")
START = 1_737_000_000_000
TAB = "tab-of-lea-0001"
SEED = 20250131  # of what is drawn by chance
SECONDS = 20.0  # a bound for what must happen; nothing here waits so long when all is well


@dataclass
class Clock:
    """Moved by hand."""

    at: int = START

    def __call__(self) -> int:
        self.at += 1
        return self.at


@dataclass
class Browser:
    """A wire that a test reads: what came, as frames; and a network that can stand still."""

    packs = False
    heard: list[dict] = field(default_factory=list)
    stuck: bool = False
    waiting: int = 0
    closed: int = 0
    page: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    mine: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    at: int = -1
    chain: str = ""

    def write(self, frame: bytes) -> None:
        if self.stuck:
            self.waiting += len(frame)
            return
        frame = json.loads(frame[{126: 4, 127: 10}.get(frame[1], 2) :])
        self.heard.append(frame)
        match frame["t"]:
            case "full":
                if frame["part"] == 1:
                    self.page = {}
                self._put(self.page, frame)
            case "chg":
                assert frame["from"] <= self.at < frame["to"]
                self._put(self.page, frame)
                for key in frame["del"]:
                    self.page.pop(key, None)
            case "you" if frame.get("near"):
                self._put(self.page, frame)
                for key in frame["del"]:
                    self.page.pop(key, None)
            case "you":
                if frame.get("all"):
                    self.mine = {}
                self._put(self.mine, frame)
                for key in frame.get("del", ()):
                    self.mine.pop(key, None)
        if "to" in frame:
            self.at, self.chain = frame["to"], frame["c"]

    @staticmethod
    def _put(page: dict, frame: dict) -> None:
        page |= {key: (place, order, html) for key, place, order, html in frame["put"]}

    @property
    def backlog(self) -> int:
        return self.waiting + (100_000 if self.stuck else 0)

    def abort(self) -> None:
        self.closed = 1006

    def close(self, code: int, reason: str = "") -> None:
        self.closed = code

    @property
    def resume(self) -> Resume:
        return Resume(1, self.at, self.chain)


class House:
    """One store and any number of hubs on it."""

    def __init__(self, journal: Journal, stack: AsyncExitStack, address: StoreAddress, clock: Clock) -> None:
        self.journal, self.address, self.clock, self._stack = journal, address, clock, stack
        self._tabs = itertools.count(1)

    async def hub(self) -> Hub:
        """Another process: its own journal connection, its own rooms."""
        journal = await self._stack.enter_async_context(open_journal(self.address))
        hub = Hub(journal, PAGES, clock=self.clock, new_salt=lambda: secrets.token_urlsafe(16))
        return await self._stack.enter_async_context(hub)

    def also(self, stack: AsyncExitStack) -> None:
        """Close this at the end, too."""
        self._stack.push_async_exit(stack)

    async def forum(self) -> str:
        opened = await open_forum(self.journal, agendas()["forum-eclair"], clock=self.clock)
        return opened.code

    def asked(self, by: str, tab: str = "", op: int = 1) -> Asked:
        return Asked(PersonId(by), Millis(self.clock()), TabId(tab or f"tab-{next(self._tabs):012}"), op)

    async def ask(self, hub: Hub, code: str, command: Command, by: str, tab: str = "", op: int = 1):
        return await hub.submit(code, command, self.asked(by, tab, op))

    async def joined(self, hub: Hub, code: str, *people: str, role: Role = Role.PARTICIPANT) -> None:
        for person in people:
            await self.ask(hub, code, Join(role), person)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with AsyncExitStack() as stack:
        address = StoreAddress(None, tmp_path)
        journal = await stack.enter_async_context(open_journal(address))
        yield House(journal, stack, address, Clock())


@asynccontextmanager
async def seated(
    hub: Hub,
    code: str,
    audience: Audience,
    person: str,
    resume: Resume | None = None,
    *,
    tab: str = "",
    whole: bool = False,
):
    """A browser in a seat, settled."""
    browser = Browser()
    if resume:
        browser.at, browser.chain = resume.seq, resume.chain
    async with hub.seat(code, audience, PersonId(person), browser, resume, tab=tab, whole=whole) as seat:
        await hub.settled(code)
        browser.seat = seat
        yield browser


async def until(met: Callable[[], bool]) -> None:
    """Wait for what no event tells, giving all others their turns; at most SECONDS."""
    async with asyncio.timeout(SECONDS):
        while not met():  # noqa: ASYNC110
            await asyncio.sleep(0.001)
