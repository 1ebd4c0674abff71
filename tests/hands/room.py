"""A forum on a real server, with five phones, two desks and a wall in real browsers, each behind its own network.

Beside them are a phone and a desk without script, whose every press is a form that the browser posts.
"""

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
from tests.unhurried import HURRIED

AGENDAS: Final = ("forum-participatif", "forum-eclair")  # by the seed
NAMES: Final = ("Ana", "Bo", "Chloé", "Dirk", "Émile")
LATENCIES: Final = (0.0, 0.03, 0.15, 0.4, 0.8)  # seconds each way: a hall, and phones at its far end
DESK_LATENCIES: Final = (0.0, 0.12)
PLAIN_LATENCY: Final = 0.1  # of those without script


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
        links = await open_forum(browser, server.address, AGENDAS[seed % len(AGENDAS)], "Vision 2025", "fr")
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

        async def comes(kind: type[Somebody], look: dict, scripted: bool = True) -> Somebody:
            one = await arrive(browser, kind, look, locale="fr-FR", java_script_enabled=scripted)
            stack.push_async_callback(one.context.close)
            await one.page.add_init_script(f"{HURRIED}\n{watched()}")
            people.append(one)
            return one

        def hand(one: Somebody, name: str, hurry: float, **more: bool) -> None:
            hands.append(Hand(name, one.page, random.Random(f"{seed} {name}"), hurry, **more))

        for n, latency in enumerate(DESK_LATENCIES):
            desk = await comes(Facilitator, DESK)
            assert isinstance(desk, Facilitator)
            await desk.enter(links.desk.replace(server.address, await behind(latency)), "")
            hand(desk, f"desk{n}", 0.5)
        wall = await comes(Wall, SCREEN)
        assert isinstance(wall, Wall)
        await wall.show(links.screen)
        for name, latency in zip(NAMES, LATENCIES, strict=True):
            phone = await comes(Participant, PHONE)
            assert isinstance(phone, Participant)
            await phone.join(links.join.replace(server.address, await behind(latency)), name)
            await phone.is_live()
            hand(phone, name, 0.3, touches=True)
        plain_phone, plain_desk = (
            await comes(Participant, PHONE, False),
            await comes(Facilitator, DESK, False),
        )
        assert isinstance(plain_phone, Participant)
        assert isinstance(plain_desk, Facilitator)
        await plain_phone.join(links.join.replace(server.address, await behind(PLAIN_LATENCY)), "Fanny")
        await plain_desk.enter_plainly(links.desk.replace(server.address, await behind(PLAIN_LATENCY)))
        hand(plain_phone, "Fanny", 0.3, touches=True, scripted=False)
        hand(plain_desk, "desk without script", 0.3, scripted=False)
        store = StoreAddress(f"unix://{socket_of(folder / 'data')}", folder / "data")
        journal = await stack.enter_async_context(open_journal(store))
        yield Room(code, hands, people, journal, networks)
