"""A hall in full work: real servers on a real store, phones that write, a screen; and what they were told, judged.

Everything a fault's test shares. A test takes a ``hall``, lets people write, breaks something, mends it, and asks
for the ``judgement``: the phones all show one page, a newcomer sees the same, and the journal keeps every promise.
"""

import asyncio
import json
import os
import random
import time
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from forum.demo.client import Client, Verdict
from forum.domain import records
from forum.domain.kernel import IdeaId, Millis, Record, StepId
from forum.domain.loss import TailLost
from forum.domain.roles import Role
from forum.domain.steps.board import IdeaEdited, IdeaPosted
from forum.journal import Entry, Head, Journal, StoreAddress, Unavailable, open_journal
from forum.opening import agendas, make_tickets, new_person, new_secret, open_forum
from tests.faults import history
from tests.faults.history import History, Judgement
from tests.faults.proxy import Proxy, through
from tests.faults.store import Store
from tests.servers import ServerProcess

SEED: Final = 20260131
PHONES: Final = 12
STEP: Final = "ideas"
BACK_SECONDS: Final = 30.0  # I11: after the faults stop, everybody is current again within this
WRITTEN_SECONDS: Final = 90.0  # a bound of what a test waits for
MOST_CARDS: Final = 3_000
LARGE: Final = 3_000  # cards of a page that no connection swallows at once
FACTS_AT_ONCE: Final = 500


def clock() -> int:
    return time.time_ns() // 1_000_000


class Answer(NamedTuple):
    """What a server answered to a plain request."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found


async def get(address: str, path: str = "", cookie: str = "", seconds: float = 15.0) -> Answer:
    """One GET, on a connection of its own. OSError or TimeoutError when nothing whole came back."""
    parts = urlsplit(address + path)
    host, port = parts.hostname, parts.port
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    async with asyncio.timeout(seconds):
        reader, writer = await asyncio.open_connection(host, port)
        try:
            head = f"GET {target} HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n"
            writer.write((head + (f"Cookie: {cookie}\r\n" if cookie else "") + "\r\n").encode())
            answer = await reader.read()
        finally:
            writer.transport.abort()
    lines, found, body = answer.partition(b"\r\n\r\n")
    if not found:
        raise ConnectionResetError(f"half an answer: {answer[:80]!r}")
    status, *fields = lines.decode().split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in fields)}
    if len(body) < int(headers.get("content-length", 0)):
        raise ConnectionResetError("half a body")
    return Answer(int(status.split()[1]), headers, body)


@dataclass
class Hall:
    """A forum under way. ``servers`` and ``lines`` (to the store) by number; ``front`` stands before all servers."""

    folder: Path
    store: Store | None  # None: the embedded one
    servers: list[ServerProcess]
    lines: list[Proxy]  # between server n and the store
    front: Proxy
    journal: Journal
    code: str
    desk_cookie: str
    cookies: list[str]
    stack: AsyncExitStack
    phones: list[Client] = field(default_factory=list)
    history: History = field(default_factory=History)
    rng: random.Random = field(default_factory=lambda: random.Random(SEED))
    last_gap: float = 0.0  # the longest time without any tick, of the last writing

    @property
    def address(self) -> str:
        """The participants' page, through the proxy."""
        return f"http://127.0.0.1:{self.front.port}/f/{self.code}"

    def at(self, server: int, surface: str = "") -> str:
        """A surface's page on one server, past the proxy."""
        return f"{self.servers[server].address}/f/{self.code}{surface}"

    async def phone(self, number: int, address: str = "") -> Client:
        """One more tab of person ``number``, connected for as long as the hall stands."""
        rng = random.Random(f"{SEED} {number} {len(self.phones)}")
        client = Client(address or self.address, self.cookies[number], lang="en", rng=rng)
        await self.stack.enter_async_context(client)
        await within(client.until(lambda c: c.position is not None))
        self.phones.append(client)
        return client

    async def phone_again(self, number: int) -> Client:
        """The same person with a fresh page that knows nothing yet; no part of the hall."""
        client = Client(self.address, self.cookies[number], lang="en")
        await self.stack.enter_async_context(client)
        await within(client.until(lambda c: c.position is not None))
        return client

    async def desk(self, server: int = 0) -> Client:
        client = Client(self.at(server, "/desk"), self.desk_cookie)
        return await self.stack.enter_async_context(client)

    async def ready(self, server: int = 0) -> Answer:
        return await get(self.servers[server].address, "/readyz")

    async def until_ready(self, ready: bool, server: int = 0) -> Answer:
        """Wait until a server says that it is ready, or that it is not."""
        while True:
            with suppress(OSError, TimeoutError):
                answer = await self.ready(server)
                if (answer.status == 200) is ready:
                    return answer
            await asyncio.sleep(0.05)

    @asynccontextmanager
    async def writing(self, phones: Iterable[Client] | None = None) -> AsyncIterator["Writing"]:
        """Everybody writes cards, one after another, until the block ends; then all answers are awaited."""
        writing = Writing(self, list(phones if phones is not None else self.phones))
        async with asyncio.TaskGroup() as group:
            for client in writing.phones:
                group.create_task(writing.one(client))
            try:
                async with asyncio.timeout(WRITTEN_SECONDS):
                    yield writing
            finally:
                writing.over = True
        self.last_gap = writing.gap

    async def post(self, client: Client, text: str = "") -> Verdict:
        """One card, noted in the history."""
        idea = f"card{self.rng.randrange(1 << 40):010x}"
        said = self.history.asked(f"{client._tab}:{client._outbox.last + 1}", idea)
        verdict = await client.do("PostIdea", id=idea, text=text or f"Idée {idea}", step=STEP)
        self.history.answered(said, verdict)
        return verdict

    async def vote(self, themes: int = 8, people: int = 3, server: int = 0) -> None:
        """A vote in which people ask for more than their budget, on two tabs each. The cards must be there."""
        desk = await self.desk(server)
        assert (await within(desk.do("OpenStep", step="sort"))).accepted
        for n, said in enumerate(self.history.ticked[:themes]):
            theme = f"theme{n:03}"
            await within(desk.do("GroupIdeas", ideas=[said.what], theme=theme, title=f"Thème {n}"))
        assert (await within(desk.do("OpenStep", step="theme-vote"))).accepted
        tabs = [
            client for person in range(people) for client in (self.phones[person], await self.phone(person))
        ]
        await within(asyncio.gather(*(self._votes(tab, themes) for tab in tabs)))

    async def _votes(self, client: Client, themes: int) -> None:
        for n in range(themes):
            said = self.history.asked(f"{client._tab}:{client._outbox.last + 1}", f"theme{n:03}")
            verdict = await client.do("GiveMark", step="theme-vote", key=said.what, mark=1)
            assert verdict.accepted or verdict.code in ("budget", "cap"), verdict
            self.history.answered(said, verdict)

    async def grow(self, cards: int, facts: int = 0) -> None:
        """Put so many cards on the board past everybody; then change their words until there are ``facts``."""
        head = await self.journal.head(self.code)
        for start in range(0, max(cards, facts), FACTS_AT_ONCE):
            batch = []
            for n in range(start, start + FACTS_AT_ONCE):
                idea, words = IdeaId(f"grown{n % cards:06}"), f"Idée {n}, dite en quelques mots de plus"
                posted = IdeaPosted(idea, StepId(STEP), words, new_person())
                fact = posted if n < cards else IdeaEdited(idea, words)
                record = Record(fact, new_person(), Millis(clock()), new_secret())
                batch.append((f"grown:{n + 1}", records.encode(record)))
            assert head is not None
            head = await self.journal.append(self.code, head, batch)

    async def now_on(self, store: Store) -> None:
        """The store has moved; what the judgement reads is this one."""
        self.store = store
        self.journal = await self.stack.enter_async_context(
            open_journal(StoreAddress(store.url, self.folder))
        )

    async def entries(self) -> tuple[list[Entry], Head]:
        """The whole journal, as it stands in the store."""
        while True:
            try:
                entries, head = await self.journal.read(self.code), await self.journal.head(self.code)
            except Unavailable:
                await asyncio.sleep(0.05)
                continue
            assert head is not None
            if len(entries) == head.seq:
                return entries, head

    async def told_lost(self) -> int:
        """How many contributions the journal says that the store has lost."""
        facts = history.facts_of((await self.entries())[0])
        return sum(max(0, fact.ops) for fact in facts if isinstance(fact, TailLost))

    async def judgement(self, *, rolled_back: bool = False) -> Judgement:
        """Wait until everybody is current, at most ``BACK_SECONDS``; then hold all to what they were told.

        rolled_back  the store may have lost its tail: wait, too, until the phones have offered it again
        """
        async with asyncio.timeout(BACK_SECONDS * busy()):
            entries, head = await self.entries()
            while rolled_back and {said.op for said in self.history.ticked} - {entry.op for entry in entries}:
                await asyncio.sleep(0.2)
                entries, head = await self.entries()
            for client in self.phones:
                await client.until(lambda c: c.position is not None and c.position["s"] >= head.seq)
        judgement = history.judged(self.history, entries, head, rolled_back=rolled_back)
        newcomer = await self.phone(len(self.cookies) - 1)
        await within(newcomer.until(lambda c: c.position is not None and c.position["s"] >= head.seq))
        odd = [phone._tab[:6] for phone in self.phones if not _same(phone, newcomer)]
        return replace(judgement, wrong=[*judgement.wrong, f"phones {odd} differ"]) if odd else judgement


class Writing:
    """People who write."""

    def __init__(self, hall: Hall, phones: list[Client]) -> None:
        self.hall, self.phones, self.over = hall, phones, False
        self.started = len(hall.history.ticked)
        self.gap = 0.0
        self._ticked = asyncio.Condition()
        self._last = time.monotonic()

    async def one(self, client: Client) -> None:
        while not self.over and len(self.hall.history.ops) < MOST_CARDS:
            verdict = await self.hall.post(client)
            assert verdict.accepted, verdict
            now = time.monotonic()
            self.gap, self._last = max(self.gap, now - self._last), now
            async with self._ticked:
                self._ticked.notify_all()

    @property
    def ticked(self) -> int:
        """Cards ticked so far."""
        return len(self.hall.history.ticked) - self.started

    async def until(self, ticked: int) -> None:
        """Wait until so many cards are ticked."""
        async with self._ticked:
            await self._ticked.wait_for(lambda: self.ticked >= ticked)

    async def more(self, cards: int = 60) -> None:
        """Wait until so many more are ticked: all goes on."""
        await self.until(self.ticked + cards)


def _same(one: Client, other: Client) -> bool:
    """Whether two phones stand at the same point of the same history, and show the same."""
    assert one.position, "expected a page"
    assert other.position, "expected a page"
    return one.position["c"] == other.position["c"] and one.shown == other.shown


def socket_of(data: Path) -> str:
    """Where the embedded store of a folder listens."""
    note = data / "store" / "socket"
    return note.read_text() if note.exists() else str(data / "store" / "valkey.sock")


def busy() -> float:
    """How many times overbooked this machine is, 1.0 when it is ours alone: bounds of time are stretched by it."""
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


async def within(awaitable: Any, seconds: float = BACK_SECONDS) -> Any:
    async with asyncio.timeout(seconds):
        return await awaitable


async def eventually(met: Callable[[], bool], seconds: float = BACK_SECONDS) -> None:
    """Wait for what no event tells."""
    async with asyncio.timeout(seconds):
        while not met():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


@asynccontextmanager
async def a_hall(
    folder: Path,
    *,
    servers: int = 1,
    store: Store | None = None,
    lined: bool = False,
    phones: int = PHONES,
    people: int = PHONES,
    before: tuple[str, ...] = (),
    **environment: str,
) -> AsyncIterator[Hall]:
    """A hall for as long as the block lasts.

    store   an external one, already running; None: the embedded one
    lined   a proxy between each server and the store (needs ``store``)
    people  who have a cookie; one more is kept for the newcomer of the judgement
    before  the words of a command that starts the servers
    """
    data = folder / "data"
    async with AsyncExitStack() as stack:
        address = StoreAddress(store.url if store else None, data)
        async with open_journal(address) as journal:
            opened = await open_forum(journal, agendas()["forum-eclair"], clock=clock)
            [desk] = await make_tickets(journal, opened.code, 1, clock=clock, role=Role.FACILITATOR)
            tickets = await make_tickets(journal, opened.code, people + 1, clock=clock)
        running, lines = [], []
        for _ in range(servers):
            line = None
            if lined and store:
                line = await stack.enter_async_context(through(("127.0.0.1", store.port), seed=SEED))
                lines.append(line)
            url = f"redis://127.0.0.1:{line.port}" if line else (store.url if store else "")
            settings = {"FORUM_REDIS_URL": url, "FORUM_PUBLIC_URL": "http://forum.test", **environment}
            server = ServerProcess(data, before=before, **settings)
            stack.push_async_callback(server.kill)
            await server.start()
            running.append(server)
        # By its socket: whoever opens the folder itself would take the embedded store over when its owner is killed.
        address = address if store else StoreAddress(f"unix://{socket_of(data)}", data)
        journal = await stack.enter_async_context(open_journal(address))
        front = await stack.enter_async_context(
            through(*(("127.0.0.1", server.port) for server in running), seed=SEED)
        )
        hall = Hall(
            folder, store, running, lines, front, journal, opened.code,
            f"forum_{opened.code}_desk={desk.secret}",
            [f"forum_{opened.code}={ticket.secret}" for ticket in tickets],
            stack,
        )  # fmt: skip
        async with Client(hall.at(0, "/desk"), hall.desk_cookie) as client:
            assert (await within(client.do("OpenStep", step=STEP))).accepted
            assert (await within(client.do("RevealStep", step=STEP))).accepted
        await asyncio.gather(*(hall.phone(n % people) for n in range(phones)))
        yield hall


async def until_told(phones: Iterable[Client], code: str) -> str:
    """Wait until somebody is told this; the sentence."""
    told: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def hear(frame: dict[str, Any]) -> None:
        if frame.get("code") == code and not told.done():
            told.set_result(frame["msg"])

    for phone in phones:
        phone.on_frame = hear
    return await told


async def logged(hall: Hall, event: str) -> list[dict]:
    """Wait until a server's log has this event; all of them."""
    while True:
        lines = hall.servers[0].log.read_text().splitlines()
        if found := [json.loads(line) for line in lines if f'"{event}"' in line]:
            return found
        await asyncio.sleep(0.05)
