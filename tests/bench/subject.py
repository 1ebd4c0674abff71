"""The application under measurement: the real ``forum serve``, its own store, everything durable, and a forum in it.

A fresh server on a fresh folder for every run, so that no run inherits another's memory. Goes in by the front door:
tickets as ``forum tickets`` makes them, the step opened by a facilitator's client, ops by the live protocol.
"""

import asyncio
import random
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from forum.demo.client import Client, Ended
from forum.domain import records
from forum.domain.kernel import Fact, IdeaId, Millis, PersonId, Record, StepId, Words
from forum.domain.roles import Role
from forum.domain.steps.board import IdeaEdited, IdeaPosted
from forum.journal import Journal, StoreAddress, open_journal
from forum.opening import Agenda, AgendaStep, make_tickets, new_person, new_secret, open_forum
from tests.bench import machine
from tests.bench.crowd import Room, idea_text

STEP, VOTE = "bench", "bench-vote"
FACTS_AT_ONCE = 500
DESK_SECONDS = 20
MOST_CARD_CHARS = 400
OPENING = '{"t":"hello","v":2,"cid":"bench-@W@-aaaaaaaaaaaaaaaa","resume":null,"n":0}'


@dataclass(frozen=True, slots=True)
class Subject:
    """A running Forum with one forum in it, its board open."""

    ports: tuple[int, ...]
    servers: tuple[int, ...]
    stores: tuple[int, ...]
    code: str
    secrets: tuple[str, ...]  # of the participants' cookies
    people: tuple[str, ...]
    desk: str  # the cookie of whoever leads
    folder: Path
    store: str  # what the store says of itself

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.ports[0]}/f/{self.code}"

    def cookie(self, number: int) -> str:
        return f"forum_{self.code}={self.secrets[number]}"

    def room(self) -> Room:
        """How a crowd speaks with it: every phone says hello, and posts ideas."""
        body = f'{{"id":"idea@W@x@K@","step":"{STEP}","text":"{idea_text()}"}}'
        cookies = self.folder / "cookies"
        cookies.write_text("".join(self.cookie(n) + "\n" for n in range(len(self.secrets))))
        return Room(
            ports=self.ports,
            path=f"/f/{self.code}/live?lang=fr",
            opening=OPENING,
            message=f'{{"t":"op","n":@K@,"k":"PostIdea","b":{body}}}',
            cookies=cookies,
            served='{"t":"you"',  # the last of what a newcomer is given
            acked='{"t":"ack"',
            refused='{"t":"nack"',
            servers=self.servers,
            stores=self.stores,
        )


@contextmanager
def subject(
    *,
    people: int,
    cards: int = 0,
    edits: int = 0,
    seed: int = 1,
    shown: bool = True,
    processes: int = 1,
    vote: bool = False,
    plan: Callable[[list[PersonId]], list[Fact]] = lambda people: [],
) -> Iterator[Subject]:
    """A server (or several on one store) for as long as the block lasts.

    people      participants, each with a cookie
    cards       already on the board, ``edits`` facts more that changed them
    plan        what was decided already, by the participants
    vote        the board is over, and everybody votes on its cards, of which each participant wrote some
    shown       everybody sees every card; False: as boards usually are, hidden until the reveal
    """
    with tempfile.TemporaryDirectory(prefix="forum-bench-") as made, ExitStack() as servers:
        folder = Path(made)
        ports = tuple(machine.free_port() for _ in range(processes))
        pids = tuple(servers.enter_context(serving(folder / "data", port)) for port in ports)
        store = StoreAddress(None, folder / "data")
        code, secrets, persons, desk, said = asyncio.run(
            _prepared(
                store,
                ports[0],
                people,
                lambda authors: _history(cards, edits, seed, authors if vote else []) + plan(authors),
                shown,
                vote,
            )
        )
        stores = tuple(child for pid in pids for child in machine.children(pid))
        yield Subject(ports, pids, stores, code, secrets, persons, desk, folder, said)


@contextmanager
def serving(data: Path, port: int) -> Iterator[int]:
    """``forum serve`` for as long as the block lasts; yields its pid when the home page is there."""
    with machine.server(
        [*_forum(), "serve", "--host", "127.0.0.1", "--port", str(port), "--data", str(data)],
        lambda: answers(port, "/"),
        env={"FORUM_REDIS_URL": "", "FORUM_PUBLIC_URL": "", "LANG": "C.UTF-8"},
    ) as pid:
        yield pid


def answers(port: int, path: str) -> bool:
    """Whether a page is there."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as page:
            page.read()
            return bool(page.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def _forum() -> list[str]:
    """The command as installed; in a clone that is not, the same entry point."""
    script = Path(sys.executable).with_name("forum")
    if script.exists():
        return [str(script)]
    return [sys.executable, "-c", "import sys; from forum.cli import main; sys.exit(main())"]


def _agenda(*, shown: bool, vote: bool) -> Agenda:
    words = Words("Mesure", "Measurement")
    board: dict[str, Any] = {"visibility": "all" if shown else "hidden", "max_chars": MOST_CARD_CHARS}
    step = AgendaStep(STEP, "board", 30, words, words, params=board)
    later = AgendaStep(VOTE, "ballot", 30, words, words, params={"over": "ideas"})
    return Agenda("bench", 1, words, words, "1-10000", 30, (step, later) if vote else (step,))


async def _prepared(
    store: StoreAddress,
    port: int,
    people: int,
    history: Callable[[list[PersonId]], list[Fact]],
    shown: bool,
    vote: bool,
) -> tuple[str, tuple[str, ...], tuple[str, ...], str, str]:
    async with open_journal(store) as journal:
        code = (await open_forum(journal, _agenda(shown=shown, vote=vote), clock=now)).code
        tickets = await make_tickets(journal, code, people, clock=now)
        [desk] = await make_tickets(journal, code, 1, clock=now, role=Role.FACILITATOR)
        address, cookie = f"http://127.0.0.1:{port}/f/{code}/desk", f"forum_{code}_desk={desk.secret}"
        try:
            async with (
                asyncio.timeout(DESK_SECONDS),
                Client(address, cookie) as client,
            ):
                verdict = await client.do("OpenStep", step=STEP)
                if vote and verdict.accepted:
                    await _append(journal, code, history([t.person for t in tickets]))
                    verdict = await client.do("OpenStep", step=VOTE)
        except (TimeoutError, Ended) as error:
            raise machine.Missing(f"the desk could not open the board: {error!r}") from error
        if not verdict.accepted:
            raise machine.Missing(f"the board did not open: {verdict.say}")
        if not vote:
            await _append(journal, code, history([t.person for t in tickets]))
        secrets, persons = tuple(t.secret for t in tickets), tuple(str(t.person) for t in tickets)
        return code, secrets, persons, cookie, str(await journal.durability())


def _history(cards: int, edits: int, seed: int, people: list[PersonId]) -> list[Fact]:
    """Cards by ``people``, or by some who are not here, then words put on them anew. The same for the same seed."""
    chance = random.Random(seed)
    authors = people or [new_person() for _ in range(max(1, cards // 10))]
    posted = [
        IdeaPosted(IdeaId(f"before{n}"), StepId(STEP), idea_text("x" * 21), chance.choice(authors)) for n in range(cards)
    ]  # fmt: skip
    edited = [IdeaEdited(chance.choice(posted).idea, idea_text("y" * 21)) for _ in range(edits)]
    return [*posted, *edited]


async def _append(journal: Journal, code: str, history: list[Fact]) -> None:
    head = await journal.head(code)
    for start in range(0, len(history), FACTS_AT_ONCE):
        part = history[start : start + FACTS_AT_ONCE]
        batch = [
            (f"history:{start + n}", records.encode(Record(f, _by(f), Millis(now()), new_secret())))
            for n, f in enumerate(part, 1)
        ]
        assert head is not None, f"expected the forum {code}"
        head = await journal.append(code, head, batch)


def _by(fact: Fact) -> PersonId:
    return PersonId(fact.author) if isinstance(fact, IdeaPosted) else new_person()


def now() -> int:
    """Milliseconds, as the server counts them."""
    return time.time_ns() // 1_000_000
