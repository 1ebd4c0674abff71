"""Faults between journal and store, and in the store: nothing acknowledged is lost, nothing is doubled."""

import asyncio
import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from forum.journal import Conflict, Entry, Head, Journal, StoreAddress, Unavailable, open_journal, recompute
from forum.journal.calls import IN_FLIGHT_MAX
from tests.faults.proxy import Proxy, proxied
from tests.journal.conftest import (
    HURRY,
    PATIENT,
    SEED,
    External,
    Listener,
    by_hand,
    calls_of,
    eventually,
    external_store,
    kill_store,
)

FIRST = [("desk:1", b"opened")]
LIMPING = 0.1  # share of calls that meet a fault


@pytest.fixture(scope="module")
async def own(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[External]:
    """A store to ill-treat."""
    async with external_store(tmp_path_factory.mktemp("own")) as store:
        yield store


@pytest.fixture
async def faulty(own: External, tmp_path: Path) -> AsyncIterator[tuple[Journal, Proxy]]:
    async with (
        proxied(own.url) as (url, proxy),
        open_journal(StoreAddress(url, tmp_path), pace=HURRY) as journal,
    ):
        yield journal, proxy
        proxy.heal()


async def test_a_lost_reply_leaves_the_outcome_unknown_and_one_copy(
    faulty: tuple[Journal, Proxy], code: str
) -> None:
    journal, proxy = faulty
    head = await journal.create(code, FIRST, {})
    batch = [("a:1", b"x"), ("a:2", b"y")]

    proxy.lose = lambda request: b"forum_append" in request
    with pytest.raises(Unavailable) as unknown:
        await journal.append(code, head, batch)
    proxy.lose = lambda request: False

    assert unknown.value.reason == "away"
    assert proxy.lost == 1
    with pytest.raises(Conflict):
        await journal.append(code, head, batch)
    assert [e.op for e in await journal.read(code, after=1)] == ["a:1", "a:2"]


async def test_a_request_that_never_arrived_is_executed_once_when_asked_again(
    faulty: tuple[Journal, Proxy], code: str
) -> None:
    journal, proxy = faulty
    head = await journal.create(code, FIRST, {})

    proxy.drop = lambda request: b"forum_append" in request
    with pytest.raises(Unavailable):
        await journal.append(code, head, [("a:1", b"x")])
    proxy.drop = lambda request: False

    assert proxy.dropped == 1
    assert await journal.head(code) == head
    assert (await journal.append(code, head, [("a:1", b"x")])).seq == 2


async def test_a_lost_answer_to_a_creation_is_made_good_by_asking_again(
    faulty: tuple[Journal, Proxy], code: str
) -> None:
    journal, proxy = faulty
    proxy.lose = lambda request: b"forum_create" in request
    with pytest.raises(Unavailable):
        await journal.create(code, FIRST, {"created": "7"})
    proxy.lose = lambda request: False

    assert (await journal.create(code, FIRST, {"created": "7"})).seq == 1
    assert [e.op for e in await journal.read(code)] == ["desk:1"]


async def test_a_silent_store_is_given_up_at_the_deadline(faulty: tuple[Journal, Proxy], code: str) -> None:
    journal, proxy = faulty
    head = await journal.create(code, FIRST, {})
    loop = asyncio.get_running_loop()

    proxy.hold()
    started = loop.time()
    with pytest.raises(Unavailable) as given_up:
        await journal.append(code, head, [("a:1", b"x")])
    took = loop.time() - started
    proxy.heal()

    assert given_up.value.reason in ("timeout", "away")
    assert took < 2 * HURRY.call_seconds
    entries = await journal.read(code)
    assert [e.op for e in entries] in (["desk:1"], ["desk:1", "a:1"])


async def test_replies_never_reach_another_caller(own: External, code: str, tmp_path: Path) -> None:
    async with open_journal(StoreAddress(own.url, tmp_path), pace=PATIENT) as journal:
        await ask_and_go_away(journal, code)


async def ask_and_go_away(journal: Journal, code: str) -> None:
    rng = random.Random(SEED)
    await journal.create(code, FIRST, {})
    people = {f"p{n}": f"name {n}" for n in range(50)}
    for person, name in people.items():
        await journal.set_name(code, person, name)

    async def ask(n: int) -> bool:
        digest = f"{n:064x}"
        await journal.put_key(code, digest, digest.encode())
        return await journal.key(code, digest) == digest.encode()

    asked = [asyncio.create_task(ask(n)) for n in range(2_000)]
    for task in rng.sample(asked, 700):  # phones that go away in the middle of it
        for _ in range(rng.randint(0, 3)):
            await asyncio.sleep(0)
        task.cancel()
    answers = await asyncio.gather(*asked, return_exceptions=True)

    said = [answer for answer in answers if not isinstance(answer, asyncio.CancelledError)]
    assert len(said) >= 1_300
    assert all(answer is True for answer in said)
    assert await journal.names(code) == people
    await eventually(lambda: calls_of(journal)._slots._value == IN_FLIGHT_MAX)


async def test_a_cancelled_append_is_not_torn(faulty: tuple[Journal, Proxy], code: str) -> None:
    journal, proxy = faulty
    head = await journal.create(code, FIRST, {})
    arrived = asyncio.Event()

    def seen(request: bytes) -> bool:
        if b"forum_append" in request:
            arrived.set()
        return False

    proxy.drop = seen
    appending = asyncio.create_task(journal.append(code, head, [("a:1", b"x"), ("a:2", b"y")]))
    await arrived.wait()
    appending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await appending
    with pytest.raises(Conflict) as conflict:  # noqa: PT012
        while True:  # until the one that was under way has arrived
            await journal.append(code, head, [])

    assert conflict.value.head.seq == 3
    assert [e.op for e in await journal.read(code, after=1)] == ["a:1", "a:2"]


async def test_a_crowd_of_calls_waits_its_turn_and_is_all_served(
    own: External, code: str, tmp_path: Path
) -> None:
    async with open_journal(StoreAddress(own.url, tmp_path), pace=PATIENT) as journal:
        head = await journal.create(code, FIRST, {})

        answers = await asyncio.gather(*(journal.head(code) for _ in range(2_000)))

        assert answers == [head] * 2_000
        assert len(calls_of(journal)._pool._available_connections) <= IN_FLIGHT_MAX


async def test_a_crowd_before_a_silent_store_is_told_so_in_time(
    faulty: tuple[Journal, Proxy], code: str
) -> None:
    journal, proxy = faulty
    loop = asyncio.get_running_loop()
    proxy.hold()
    started = loop.time()
    answers = await asyncio.gather(*(journal.head(code) for _ in range(300)), return_exceptions=True)
    took = loop.time() - started
    proxy.heal()

    reasons = [answer.reason for answer in answers if isinstance(answer, Unavailable)]
    assert len(reasons) == 300
    assert set(reasons) <= {"timeout", "busy", "away"}
    assert took < 2 * HURRY.call_seconds
    await eventually(lambda: calls_of(journal)._slots._value == IN_FLIGHT_MAX)
    assert await journal.head(code) is None


@pytest.mark.parametrize("seed", range(3))
async def test_deciders_on_a_limping_line_lose_nothing_and_double_nothing(
    faulty: tuple[Journal, Proxy], code: str, seed: int
) -> None:
    journal, proxy = faulty
    rng = random.Random(SEED + seed)
    await journal.create(code, FIRST, {})
    proxy.lose = lambda request: b"FCALL" in request and rng.random() < LIMPING
    proxy.drop = lambda request: rng.random() < LIMPING
    deciders = [Decider(journal, code, f"d{n}") for n in range(4)]

    async with asyncio.TaskGroup() as group:
        for decider in deciders:
            group.create_task(decider.run(commands=40))
    proxy.lose = proxy.drop = lambda request: False

    entries = await journal.read(code)
    ops = [e.op for e in entries]
    assert len(set(ops)) == len(ops)
    assert sorted(ops[1:]) == sorted(op for decider in deciders for op in decider.acknowledged)
    for decider in deciders:  # acknowledged at the number where it is
        assert all(ops[seq - 1] == op for op, seq in decider.acknowledged.items())
    head = await journal.head(code)
    assert head is not None
    assert recompute(entries) == head.chain
    assert proxy.lost > 0
    assert proxy.dropped > 0
    assert sum(decider.recognised for decider in deciders) > 0


class Decider:
    """A process that sends one command after the other and never gives one up."""

    def __init__(self, journal: Journal, code: str, name: str) -> None:
        self.journal, self.code, self.name = journal, code, name
        self.history: list[Entry] = []
        self.head = Head(1, 0, "")
        self.acknowledged: dict[str, int] = {}
        self.recognised = 0  # found in the journal although no answer came

    async def run(self, commands: int) -> None:
        for n in range(1, commands + 1):
            await self.settle(f"{self.name}:{n}")

    async def settle(self, op: str) -> None:
        while op not in self.acknowledged:
            try:
                self.head = await self.journal.append(self.code, self.head, [(op, op.encode())])
            except Conflict as conflict:
                await self.read_on(conflict.head.gen, op)
            except Unavailable:
                await self.read_on(self.head.gen, op)
            else:
                self.acknowledged[op] = self.head.seq
                await self.read_on(self.head.gen, "")

    async def read_on(self, gen: int, op: str) -> None:
        while True:
            try:
                newer = await self.journal.read(self.code, after=len(self.history))
            except Unavailable:
                continue
            break
        chain = recompute(newer, self.history[-1].chain if self.history else "")
        self.history += newer
        self.head = Head(gen, len(self.history), chain)
        for entry in newer:
            if entry.op == op:
                self.acknowledged[op] = entry.seq
                self.recognised += 1


# --- what the store itself refuses


REFUSALS = [
    ("full", ("CONFIG", "SET", "maxmemory", "1"), ("CONFIG", "SET", "maxmemory", "0")),
    ("readonly", ("REPLICAOF", "127.0.0.1", "1"), ("REPLICAOF", "NO", "ONE")),
    (
        "noreplicas",
        ("CONFIG", "SET", "min-replicas-to-write", "1"),
        ("CONFIG", "SET", "min-replicas-to-write", "0"),
    ),
]


@pytest.mark.parametrize(("reason", "harm", "cure"), REFUSALS, ids=[reason for reason, *_ in REFUSALS])
async def test_a_store_that_cannot_write_refuses_whole_and_rings_no_bell(
    own: External, listener: Listener, code: str, tmp_path: Path, reason: str, harm: tuple, cure: tuple
) -> None:
    async with (
        open_journal(StoreAddress(own.url, tmp_path), listener.on_bell, listener.on_reset) as journal,
        by_hand(journal) as client,
    ):
        head = await journal.create(code, FIRST, {})
        await journal.bells.watch(code)
        await client.execute_command(*harm)
        try:
            with pytest.raises(Unavailable) as refused:
                await journal.append(code, head, [("a:1", b"x")])
            with pytest.raises(Unavailable):
                await journal.set_name(code, "p1", "Zoé")
            assert await journal.head(code) == head  # the forum stays readable
        finally:
            await client.execute_command(*cure)
        after = await journal.append(code, head, [("a:2", b"x")])
        await listener.until(lambda: bool(listener.bells))

    assert refused.value.reason == reason
    assert listener.bells == [(code, after)]


async def test_a_slow_script_of_somebody_else_is_reported_as_busy(
    own: External, code: str, tmp_path: Path
) -> None:
    async with (
        open_journal(StoreAddress(own.url, tmp_path), pace=HURRY) as journal,
        by_hand(journal) as client,
        own.client() as endless,
    ):
        head = await journal.create(code, FIRST, {})
        await client.config_set("busy-reply-threshold", 1)
        running = asyncio.create_task(endless.execute_command("EVAL", "while true do end", 0))
        with pytest.raises(Unavailable) as refused:  # noqa: PT012
            while True:
                await journal.append(code, head, [])
        await client.script_kill()
        with pytest.raises(Exception, match="killed by user"):
            await running

        assert refused.value.reason == "busy"
        assert await journal.append(code, head, []) == head


async def test_a_store_killed_while_appending_keeps_all_it_acknowledged(
    code: str, tmp_path: Path, listener: Listener
) -> None:
    async with open_journal(
        StoreAddress(None, tmp_path), listener.on_bell, listener.on_reset, HURRY
    ) as journal:
        await journal.create(code, FIRST, {})
        deciders = [Decider(journal, code, f"d{n}") for n in range(3)]
        async with asyncio.TaskGroup() as group:
            for decider in deciders:
                group.create_task(decider.run(commands=150))
            for times in range(1, 4):
                goal = 100 * times
                await eventually(lambda goal=goal: sum(len(d.acknowledged) for d in deciders) >= goal)
                await kill_store(journal)
                await listener.until(lambda times=times: listener.resets >= times)

        entries = await journal.read(code)
        head = await journal.head(code)

    ops = [e.op for e in entries]
    assert len(set(ops)) == len(ops) == 1 + 3 * 150
    for decider in deciders:
        assert all(ops[seq - 1] == op for op, seq in decider.acknowledged.items())
    assert head is not None
    assert (head.gen, head.seq, head.chain) == (4, len(ops), recompute(entries))


async def test_a_batch_decided_before_a_restart_is_refused_after_it(code: str, tmp_path: Path) -> None:
    async with open_journal(StoreAddress(None, tmp_path)) as journal:
        head = await journal.create(code, FIRST, {})
    async with open_journal(StoreAddress(None, tmp_path)) as journal:
        with pytest.raises(Conflict) as conflict:
            await journal.append(code, head, [("a:1", b"x")])
        confirmed = await journal.append(code, conflict.value.head, [])

        assert conflict.value.head == head._replace(gen=2)
        assert confirmed == conflict.value.head
        assert await journal.head(code) == confirmed
        assert len(await journal.read(code)) == 1
