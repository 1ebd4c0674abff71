"""A whole hall on a Cluster: two real server processes, a primary killed and a slot moved while people write and vote.

C2 and C7: everything once, tallies exact; C10: every screen current within five seconds.
"""

import asyncio
import random
import time
from collections import Counter
from contextlib import AsyncExitStack
from pathlib import Path

from forum.demo.client import Client
from forum.domain import records
from forum.domain.kernel import StepId
from forum.domain.roles import Role
from forum.domain.room import EMPTY, fold
from forum.domain.state import State
from forum.domain.steps.board import IdeaPosted
from forum.domain.steps.voting import result
from forum.journal import Journal, StoreAddress, open_journal, recompute
from forum.opening import agendas, make_tickets, open_forum
from tests.cluster.nodes import Cluster, until
from tests.servers import ServerProcess, serving

SEED = 20261125
PEOPLE, POSTS, BALLOTS = 50, 1000, 500
THEMES = 10
MOVE_AFTER_POSTS, KILL_AFTER_POSTS, MOVE_AFTER_BALLOTS = 250, 500, 150
CURRENT_SECONDS = 5.0  # screens, after the last answer
SECONDS = 120.0  # a bound; a run takes some ten


def clock() -> int:
    return time.time_ns() // 1_000_000


class Hall:
    """A forum, its people on two servers, and what they were told."""

    def __init__(self, six: Cluster, folder: Path) -> None:
        self.address = StoreAddress(six.url, folder)
        self.code = ""
        self.cookies: dict[str, list[str]] = {}
        self.phones: list[Client] = []
        self.screens: list[Client] = []
        self.saved: dict[str, int] = {}  # idea → number its author was told
        self.voted = 0
        self.points: list[dict[str, int]] = []  # of each person, as acknowledged

    async def open(self) -> None:
        async with open_journal(self.address) as journal:
            opened = await open_forum(journal, agendas()["forum-eclair"], clock=clock)
            self.code = opened.code
            for role, count, suffix in (
                (Role.PARTICIPANT, PEOPLE, ""),
                (Role.FACILITATOR, 1, "_desk"),
                (Role.SCREEN, 2, "_screen"),
            ):
                tickets = await make_tickets(journal, opened.code, count, clock=clock, role=role)
                self.cookies[suffix] = [f"forum_{opened.code}{suffix}={ticket.secret}" for ticket in tickets]

    async def enter(self, stack: AsyncExitStack, servers: list[ServerProcess]) -> Client:
        """Seat everybody, on one server after the other; return the desk."""

        async def seat(n: int, suffix: str) -> Client:
            server = servers[n % len(servers)]
            path = f"{server.address}/f/{self.code}" + suffix.replace("_", "/")
            return await stack.enter_async_context(Client(path, self.cookies[suffix][n]))

        self.phones = [await seat(n, "") for n in range(PEOPLE)]
        self.screens = [await seat(n, "_screen") for n in range(2)]
        self.points = [{} for _ in self.phones]
        return await seat(0, "_desk")

    async def write(self) -> None:
        each = POSTS // PEOPLE
        await asyncio.gather(*(self._writes(n, phone, each) for n, phone in enumerate(self.phones)))

    async def _writes(self, n: int, phone: Client, count: int) -> None:
        for k in range(count):
            idea = f"idea{n:03}x{k:03}"
            verdict = await phone.do("PostIdea", id=idea, text=f"Idée {idea}", step="ideas")
            assert verdict.accepted, verdict
            self.saved[idea] = verdict.seq

    async def vote(self, options: list[str], budget: int, cap: int) -> None:
        each = BALLOTS // PEOPLE
        await asyncio.gather(
            *(self._votes(n, phone, each, options, budget, cap) for n, phone in enumerate(self.phones))
        )

    async def _votes(
        self, n: int, phone: Client, count: int, options: list[str], budget: int, cap: int
    ) -> None:
        rng, mine = random.Random(SEED + n), self.points[n]
        for _ in range(count):
            option = rng.choice(options)
            left = budget - sum(mine.values()) + mine.get(option, 0)
            points = rng.randint(0, min(left, cap))
            verdict = await phone.do("GiveMark", step="theme-vote", key=option, mark=points)
            assert verdict.accepted, verdict
            mine[option] = points
            self.voted += 1

    async def reached(self, posts: int = 0, ballots: int = 0) -> None:
        async def there() -> bool:
            return len(self.saved) >= posts and self.voted >= ballots

        await until(there)


async def state_of(journal: Journal, code: str) -> State:
    """The forum as its journal tells it, every link of the chain proven."""
    entries = await journal.read(code)
    recompute(entries)
    state = EMPTY
    for entry in entries:
        state = fold(state, entry.seq, entry.op, records.decode(entry.body))
    return state


async def sorted_into_themes(desk: Client, ideas: list[str]) -> list[str]:
    """The desk groups three cards to a theme, and opens the vote on them."""
    assert (await desk.do("RevealStep", step="ideas")).accepted
    assert (await desk.do("OpenStep", step="sort")).accepted
    themes = [f"theme{n:03}" for n in range(THEMES)]
    for n, theme in enumerate(themes):
        verdict = await desk.do("GroupIdeas", ideas=ideas[3 * n : 3 * n + 3], theme=theme, title=f"Thème {n}")
        assert verdict.accepted, verdict
    assert (await desk.do("OpenStep", step="theme-vote")).accepted
    return themes


async def test_a_primary_dies_and_a_slot_moves_while_a_hall_writes_and_votes(
    six: Cluster, tmp_path: Path
) -> None:
    hall = Hall(six, tmp_path)
    await hall.open()
    environment = {"FORUM_REDIS_URL": six.url, "FORUM_PUBLIC_URL": "http://forum.test"}
    async with (
        serving(tmp_path / "one", **environment) as one,
        serving(tmp_path / "two", **environment) as two,
        AsyncExitStack() as stack,
        asyncio.timeout(SECONDS),
    ):
        desk = await hall.enter(stack, [one, two])
        assert (await desk.do("OpenStep", step="ideas")).accepted
        writing = asyncio.create_task(hall.write())
        await hall.reached(posts=MOVE_AFTER_POSTS)
        await six.migrate(hall.code, slowly=0.05)
        await hall.reached(posts=KILL_AFTER_POSTS)
        killed = await six.owner(hall.code)
        await killed.kill()
        await writing

        themes = await sorted_into_themes(desk, list(hall.saved))
        voting = asyncio.create_task(hall.vote(themes, budget=3, cap=1))
        await hall.reached(ballots=MOVE_AFTER_BALLOTS)
        await six.migrate(hall.code, slowly=0.05)
        await voting
        assert (await desk.do("CloseStep", step="theme-vote")).accepted
        last = await desk.do("RevealStep", step="theme-vote")
        assert last.accepted

        async with asyncio.timeout(CURRENT_SECONDS):
            for client in (*hall.phones, *hall.screens):
                await client.until(lambda c: c.position is not None and c.position["s"] >= last.seq)
        screens = [screen.shown for screen in hall.screens]
        async with open_journal(hall.address) as journal:
            state = await state_of(journal, hall.code)
            facts = [(e.seq, e.op, records.decode(e.body).fact) for e in await journal.read(hall.code)]

    posted = [(seq, fact.idea) for seq, _, fact in facts if isinstance(fact, IdeaPosted)]
    tally = result(state.rounds.latest(StepId("theme-vote")))
    expected = Counter({theme: sum(mine.get(theme, 0) for mine in hall.points) for theme in themes})
    assert len(hall.saved) == POSTS
    assert hall.voted == BALLOTS
    assert Counter(idea for _, idea in posted) == Counter(hall.saved.keys())
    assert {idea: seq for seq, idea in posted} == hall.saved, (
        "every card stands at the number its author was told"
    )
    assert tally is not None
    assert {line.option: line.score for line in tally.lines} == dict(expected)
    assert tally.sums["given"] == sum(expected.values())
    assert tally.voters == PEOPLE
    assert screens[0] == screens[1]
    killed.start()
    await killed.ready()
    await until(six.well)
