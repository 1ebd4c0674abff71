"""A real server on a real store, and visitors who come to it, each from an address of their own."""

import asyncio
import itertools
import json
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import msgspec
import pytest
from starlette.applications import Starlette
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from forum.app import listening
from forum.domain.roles import Role
from forum.live import Pace
from forum.opening import Opened, agendas, make_tickets, new_secret, open_forum
from forum.settings import Settings
from forum.web.identity import TRIAL
from forum.web.making import Maker, made_here
from forum.web.service import Service
from tests.names import alike

SECONDS = 10.0  # a bound for what must happen; nothing here waits so long when all is well
_addresses = (f"10.{a}.{b}.{c}" for a in range(256) for b in range(256) for c in range(1, 255))
_cids = (f"tab-{n:016}" for n in itertools.count(1))


class Clock:
    """The real time, and what a test adds to it."""

    def __init__(self) -> None:
        self._ahead = 0
        self._stopped: int | None = None

    def __call__(self) -> int:
        real = time.time_ns() // 1_000_000 if self._stopped is None else self._stopped
        return real + self._ahead

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """For as long as the block lasts no time passes: what is limited by time is limited exactly."""
        self._stopped = time.time_ns() // 1_000_000
        try:
            yield
        finally:
            self._stopped = None

    def crank(self, seconds: float) -> None:
        self._ahead += int(seconds * 1000)

    def day(self, later: int) -> str:
        """The day so many days from now, as it is written: by this clock, which others may have turned far ahead."""
        return (datetime.fromtimestamp(self() / 1000, UTC) + timedelta(days=later)).date().isoformat()


@dataclass
class Place:
    """One server."""

    app: Starlette
    settings: Settings
    clock: Clock

    @property
    def service(self) -> Service:
        service: Service = self.app.state.service
        return service

    @property
    def base(self) -> str:
        return f"http://localhost:{self.settings.port}"

    @asynccontextmanager
    async def visitor(self, address: str | None = None) -> AsyncIterator["Visitor"]:
        """Somebody with a browser of their own, who has seen the way in: it has handed out a cookie to try."""
        headers = {"origin": self.base, "x-forwarded-for": address or next(_addresses)}
        async with httpx2.AsyncClient(
            base_url=self.base, headers=headers, timeout=SECONDS, verify=False, cookies={TRIAL: "1"}
        ) as http:
            yield Visitor(self, http)


@dataclass
class Room:
    """A forum that was just opened, and its people as they come."""

    place: Place
    opened: Opened
    _desk: str = field(default="")

    @property
    def code(self) -> str:
        return self.opened.code

    def base(self, surface: str = "phone") -> str:
        return f"/f/{self.code}" if surface == "phone" else f"/f/{self.code}/{surface}"

    @property
    def service(self) -> Service:
        return self.place.service

    async def cookie(self, role: Role = Role.PARTICIPANT) -> str:
        """The cookie of somebody new, as a header."""
        [ticket] = await make_tickets(self.service.journal, self.code, 1, clock=self.place.clock, role=role)
        surface = {Role.FACILITATOR: "_desk", Role.SCREEN: "_screen", Role.STAFF: "_staff"}.get(role, "")
        return f"forum_{self.code}{surface}={ticket.secret}"

    async def state(self) -> Any:
        return (await self.service.hub.shown(self.code)).view.state

    async def texts(self) -> list[str]:
        """What the cards say, in the order of their numbers."""
        ideas = (await self.state()).ideas.by_id.values()
        return [idea.text for idea in sorted(ideas, key=lambda idea: idea.number)]

    async def seq(self) -> int:
        return (await self.service.hub.shown(self.code)).head.seq

    async def lead(self, kind: str, **body: Any) -> dict[str, Any]:
        """The facilitator does something; each time in a tab of its own."""
        self._desk = self._desk or await self.cookie(Role.FACILITATOR)
        async with self.place.visitor() as desk:
            return await desk.op(f"{self.base('desk')}", kind, cookie=self._desk, **body)


def named(answer: httpx2.Response) -> httpx2.Response:
    """Any plain page that a test sees has controls whose names stand alone; those of the room, test_markup looks at."""
    is_page = "text/html" in answer.headers.get("content-type", "")
    if is_page and "data-chain=" not in answer.text:
        assert alike(answer.text) == [], answer.url.path
    return answer


@dataclass
class Visitor:
    """A browser: cookies are kept, redirects are not followed."""

    place: Place
    http: httpx2.AsyncClient

    async def get(self, path: str, **more: Any) -> httpx2.Response:
        if "/export/" in path:
            self.place.clock.crank(EXPORT_SECONDS)
        return named(await self.http.get(path, **more))

    async def post(self, path: str, data: dict[str, Any] | None = None, **more: Any) -> httpx2.Response:
        if data is None and "content" not in more and "json" not in more:
            data = {}
        if data == {}:
            more["content"], data = b"", None
            more["headers"] = {"content-type": "application/x-www-form-urlencoded"} | more.get("headers", {})
        return named(await self.http.post(path, data=data, **more))

    async def op(
        self, base: str, kind: str, *, cookie: str = "", cid: str = "", n: int = 1, **body: Any
    ) -> dict[str, Any]:
        """One command by the JSON door."""
        headers = {"cookie": cookie} if cookie else {}
        asked = {"cid": cid or next(_cids), "n": n, "b": body}
        answer = await self.post(f"{base}/commands/{kind}", json=asked, headers=headers)
        said: dict[str, Any] = answer.json()
        return said | {"status": answer.status_code}

    @asynccontextmanager
    async def socket(self, base: str, cookie: str = "", **headers: str) -> AsyncIterator["Talk"]:
        """The live socket; not yet greeted."""
        url = f"ws://localhost:{self.place.settings.port}{base}/live"
        sent = {"x-forwarded-for": self.http.headers["x-forwarded-for"]} | headers
        held = cookie or "; ".join(f"{c.name}={c.value}" for c in self.http.cookies.jar)
        if held:
            sent["Cookie"] = held
        origin = sent.pop("origin", self.place.base)
        async with connect(url, additional_headers=sent, origin=origin, compression=None) as ws:
            yield Talk(ws)


@dataclass
class Talk:
    """A live socket as a test speaks and hears it."""

    ws: ClientConnection

    async def say(self, **frame: Any) -> None:
        await self.ws.send(json.dumps(frame))

    async def raw(self, message: str | bytes) -> None:
        await self.ws.send(message)

    async def hello(self, cid: str = "", **more: Any) -> dict[str, Any]:
        await self.say(**{"t": "hello", "v": 2, "cid": cid or next(_cids), "n": 0, "resume": None} | more)
        return await self.hear("welcome")

    async def hear(self, *kinds: str) -> dict[str, Any]:
        """The next frame of one of these kinds; others are passed over."""
        async with asyncio.timeout(SECONDS):
            while True:
                said: dict[str, Any] = msgspec.json.decode(await self.ws.recv())
                if said["t"] in kinds:
                    return said

    async def ended(self) -> int:
        """The code with which the server closes."""
        async with asyncio.timeout(SECONDS):
            try:
                while True:
                    await self.ws.recv()
            except ConnectionClosed as closed:
                return closed.rcvd.code if closed.rcvd else 1006


EXPORT_SECONDS = 2.0  # a person's documents come one in so many seconds, after the first few
DEAF = Pace(listen_seconds=1e9)  # who is present is a reading of moments: pages here are compared whole


@asynccontextmanager
async def a_place(folder: Path, *, documents: Maker = made_here, **settings: Any) -> AsyncIterator[Place]:
    """Its documents are made without a process each, but where a test is about that."""
    clock = Clock()
    chosen = {"host": "127.0.0.1", "port": 0, "data": folder, "proxies": ("127.0.0.1",)} | settings
    async with listening(Settings(**chosen), clock=clock, pace=DEAF, documents=documents) as (app, _, real):
        yield Place(app, real, clock)


@pytest.fixture(scope="session")
async def place(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Place]:
    async with a_place(tmp_path_factory.mktemp("web")) as found:
        yield found


@pytest.fixture(scope="session")
async def second(place: Place, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Place]:
    """A server in its own right, which believes no proxy."""
    async with a_place(
        tmp_path_factory.mktemp("second"), proxies=(), public_url="https://forum.example"
    ) as found:
        yield found


@pytest.fixture
async def visitor(place: Place) -> AsyncIterator[Visitor]:
    place.clock.crank(3600)  # whoever came before has paid their limits back
    async with place.visitor() as found:
        yield found


@pytest.fixture
def stopped(visitor: Visitor) -> Iterator[None]:
    """No time passes during the test."""
    with visitor.place.clock.stopped():
        yield


@pytest.fixture
async def room(place: Place) -> Room:
    agenda = agendas()["forum-eclair"]
    opened = await open_forum(place.service.journal, agenda, title="Vision", lang="fr", clock=place.clock)
    return Room(place, opened)


@pytest.fixture
async def board(room: Room) -> Room:
    """A forum whose board is open."""
    await room.lead("OpenStep", step="ideas")
    return room


@pytest.fixture
async def phone(visitor: Visitor, board: Room) -> Visitor:
    """Somebody who has joined, before an open board."""
    await visitor.post(f"{board.base()}/join", {"name": "Léa"})
    return visitor


@pytest.fixture
async def cookie(board: Room) -> str:
    """Of somebody who has joined, before an open board."""
    return await board.cookie()


def cookies_of(visitor: Visitor) -> dict[str, str]:
    """The cookies that a browser keeps of its forums, and where it says them."""
    return {cookie.name: cookie.path for cookie in visitor.http.cookies.jar if cookie.name != TRIAL}


def a_cid() -> str:
    return next(_cids)


def a_ticket() -> str:
    return new_secret()
