"""C7 under attack: four connections of one person on two server processes race for one budget, with others in the way."""

import asyncio
import random
import time
from contextlib import AsyncExitStack
from pathlib import Path

from forum.demo.client import Client
from forum.domain import records
from forum.domain.kernel import StepId
from forum.domain.roles import Role
from forum.domain.room import EMPTY, fold
from forum.domain.state import State
from forum.domain.steps.ballot import MarkGiven
from forum.domain.steps.voting import result
from forum.journal import Journal, StoreAddress, open_journal
from forum.opening import agendas, make_tickets, open_forum
from tests.servers import serving

SEED = 7
THEMES, ROUNDS = 8, 12
VOTE = "theme-vote"
OF_ONE_SERVER = {"FORUM_PUBLIC_URL": "http://forum.test"}


def clock() -> int:
    return time.time_ns() // 1_000_000


async def grab(client: Client, tab: int) -> list[bool]:
    """Give points as fast as one can; whether each was taken."""
    choose = random.Random(f"{SEED} {tab}")
    got = []
    for _ in range(ROUNDS):
        option, points = f"theme{choose.randrange(THEMES):03}", choose.choice((0, 1, 1, 1))
        got.append((await client.do("GiveMark", step=VOTE, key=option, mark=points)).accepted)
    return got


async def disturb(client: Client, rng: random.Random) -> list[bool]:
    for _ in range(ROUNDS):
        option = f"theme{rng.randrange(THEMES):03}"
        await client.do("GiveMark", step=VOTE, key=option, mark=rng.randrange(2))
    return []


async def test_four_connections_of_one_person_on_two_processes_never_spend_more_than_the_budget(
    tmp_path: Path,
) -> None:
    data, rng = tmp_path / "data", random.Random(SEED)
    print(f"seed {SEED}")
    async with AsyncExitStack() as stack, asyncio.timeout(100):
        journal = await stack.enter_async_context(open_journal(StoreAddress(None, data)))
        opened = await open_forum(journal, agendas()["forum-eclair"], clock=clock)
        [lead] = await make_tickets(journal, opened.code, 1, clock=clock, role=Role.FACILITATOR)
        greedy, *honest = await make_tickets(journal, opened.code, 3, clock=clock)
        servers = [await stack.enter_async_context(serving(data, **OF_ONE_SERVER)) for _ in range(2)]
        bases = [f"{server.address}/f/{opened.code}" for server in servers]

        async def here(base: str, cookie: str) -> Client:
            return await stack.enter_async_context(Client(base, cookie))

        desk = await here(f"{bases[0]}/desk", f"forum_{opened.code}_desk={lead.secret}")
        four = [await here(bases[n % 2], f"forum_{opened.code}={greedy.secret}") for n in range(4)]
        others = [await here(bases[n % 2], f"forum_{opened.code}={t.secret}") for n, t in enumerate(honest)]
        await a_vote(desk, others[0])

        answers = await asyncio.gather(
            *(grab(c, n) for n, c in enumerate(four)), *(disturb(c, rng) for c in others)
        )
        facts, state = await folded(journal, opened.code)
        spent = spent_after_each(facts, greedy.person)
        assert (await desk.do("CloseStep", step=VOTE)).accepted
        assert (await desk.do("RevealStep", step=VOTE, knowing=True)).accepted
        _, end = await folded(journal, opened.code)
        for client in four:
            await client.until(lambda c: c.position is not None and c.position["s"] >= end.seq)
        shown = [client.shown for client in four]

    round_ = state.rounds.latest(StepId(VOTE))
    assert round_ is not None
    allowed = [taken for some in answers[:4] for taken in some]
    assert max(spent) == round_.parameters["points"], (
        f"the race reached the budget of {round_.parameters['points']}, and never passed it"
    )
    assert not all(allowed), "some were refused"
    assert sum(allowed) >= len([f for f in facts if f[1] == greedy.person]), (
        "what was accepted is in the journal, once"
    )
    counted = result(end.rounds.latest(StepId(VOTE)))
    assert counted is not None
    assert (
        sum(line.score for line in counted.lines)
        == counted.sums["given"]
        == sum(sum(b.marks.values()) for b in round_.ballots.values())
    )
    assert shown == [shown[0]] * 4, "both processes show one result"


async def a_vote(desk: Client, author: Client) -> None:
    """A vote over eight themes is open."""
    await desk.do("OpenStep", step="ideas")
    for n in range(THEMES):
        assert (await author.do("PostIdea", id=f"idea{n:03}", text=f"Idée {n}", step="ideas")).accepted
    await desk.do("OpenStep", step="sort")
    for n in range(THEMES):
        assert (
            await author.do("GroupIdeas", ideas=[f"idea{n:03}"], theme=f"theme{n:03}", title=f"Thème {n}")
        ).accepted
    assert (await desk.do("OpenStep", step=VOTE)).accepted


async def folded(journal: Journal, code: str) -> tuple[list[tuple[int, str, MarkGiven]], State]:
    """Every allocation in the journal, with who made it; and what it all adds up to."""
    state, found = EMPTY, []
    for entry in await journal.read(code):
        record = records.decode(entry.body)
        state = fold(state, entry.seq, entry.op, record)
        if isinstance(record.fact, MarkGiven):
            found.append((entry.seq, record.by, record.fact))
    return found, state


def spent_after_each(facts: list[tuple[int, str, MarkGiven]], person: str) -> list[int]:
    """What this person had spent after each of their allocations, from the facts alone."""
    given: dict[str, int] = {}
    spent = []
    for _, by, fact in facts:
        if by == person:
            given[fact.key] = fact.mark
            spent.append(sum(given.values()))
    return spent
