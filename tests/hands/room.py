"""A forum on a real server, with five phones, two desks and a wall in real browsers, each behind its own network."""

import random
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from playwright.async_api import Browser

from forum.journal import Journal, StoreAddress, open_journal
from tests.browser.people import (
    DESK,
    HAND,
    PHONE,
    SCREEN,
    Facilitator,
    Participant,
    Somebody,
    Wall,
    arrive,
    open_forum,
)
from tests.faults.hall import socket_of
from tests.faults.proxy import Proxy, through
from tests.hands.gestures import Hand, watched
from tests.servers import serving

AGENDA: Final = "forum-eclair"
NAMES: Final = ("Ana", "Bo", "Chloé", "Dirk", "Émile")
LATENCIES: Final = (0.0, 0.03, 0.15, 0.4, 0.8)  # seconds each way: a hall, and phones at its far end
DESK_LATENCIES: Final = (0.0, 0.12)


@dataclass
class Room:
    """Everybody, and the journal of what came true."""

    code: str
    hands: list[Hand]
    people: list[Somebody]
    journal: Journal
    networks: list[Proxy]  # one a page, in the order of ``hands``

    @property
    def desks(self) -> list[Hand]:
        return [hand for hand in self.hands if hand.name.startswith("desk")]

    @property
    def phones(self) -> list[Hand]:
        return [hand for hand in self.hands if not hand.name.startswith("desk")]


@asynccontextmanager
async def a_room(browser: Browser, folder: Path, seed: int) -> AsyncIterator[Room]:
    """A room in which nothing has begun."""
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(serving(folder / "data"))
        links = await open_forum(browser, server.address, AGENDA, "Vision 2025", "fr")
        code = urlsplit(links.join).path.rpartition("/")[2]
        hands: list[Hand] = []
        people: list[Somebody] = []
        networks: list[Proxy] = []

        async def behind(latency: float) -> str:
            proxy = await stack.enter_async_context(through(("127.0.0.1", server.port), seed=seed))
            proxy.up.latency = proxy.down.latency = latency
            networks.append(proxy)
            proxy.up.jitter = proxy.down.jitter = latency / 3
            return f"http://127.0.0.1:{proxy.port}"

        async def comes(kind: type[Somebody], look: dict, name: str, hurry: float) -> Somebody:
            one = await arrive(browser, kind, look, locale="fr-FR")
            stack.push_async_callback(one.context.close)
            await one.page.add_init_script(HAND)
            await one.page.add_init_script(watched())
            people.append(one)
            if hurry:
                hands.append(Hand(name, one.page, random.Random(f"{seed} {name}"), hurry))
            return one

        for n, latency in enumerate(DESK_LATENCIES):
            desk = await comes(Facilitator, DESK, f"desk{n}", 0.5)
            assert isinstance(desk, Facilitator)
            await desk.enter(links.desk.replace(server.address, await behind(latency)), "")
        wall = await comes(Wall, SCREEN, "wall", 0.0)
        assert isinstance(wall, Wall)
        await wall.show(links.screen)
        for name, latency in zip(NAMES, LATENCIES, strict=True):
            phone = await comes(Participant, PHONE, name, 0.3)
            assert isinstance(phone, Participant)
            await phone.join(links.join.replace(server.address, await behind(latency)), name)
            await phone.is_live()
        store = StoreAddress(f"unix://{socket_of(folder / 'data')}", folder / "data")
        journal = await stack.enter_async_context(open_journal(store))
        yield Room(code, hands, people, journal, networks)
