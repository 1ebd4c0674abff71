"""A primary behind Sentinels: it dies or steps down under load, and the next one is found without a word from us."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from redis.exceptions import ResponseError

from forum.journal import Journal, StoreAddress, StoreProblem, open_journal
from tests.cluster.nodes import MASTER, SECONDS, SENTINEL_PASSWORD, Watched, until, watched
from tests.cluster.test_cluster import FIRST, settled, written
from tests.journal.conftest import HURRY, Listener, eventually
from tests.journal.test_faults import Decider

OUTAGE_SECONDS = 15.0
COMMANDS = 40


@pytest.fixture(scope="module")
async def guarded(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Watched]:
    async with watched(tmp_path_factory.mktemp("sentinel")) as formed:
        yield formed


@asynccontextmanager
async def opened(guarded: Watched, folder: Path, listener: Listener) -> AsyncIterator[Journal]:
    address = StoreAddress(guarded.url, folder)
    async with open_journal(address, listener.on_bell, listener.on_reset, HURRY) as journal:
        await eventually(lambda: journal._calls.confirming == 1)
        yield journal


async def under_load(
    journal: Journal, code: str, listener: Listener, change: Callable[[], Awaitable[None]]
) -> float:
    """Let deciders write while ``change`` happens; check all, and return the longest time without an answer."""
    await journal.create(code, FIRST, {})
    await journal.bells.watch(code)
    deciders = [Decider(journal, code, f"d{n}") for n in range(3)]
    gaps: list[float] = []

    async def count() -> None:
        loop = asyncio.get_running_loop()
        seen, at = 0, loop.time()
        while seen < 3 * COMMANDS:
            await asyncio.sleep(0.005)
            if (now := sum(len(d.acknowledged) for d in deciders)) > seen:
                gaps.append(loop.time() - at)
                seen, at = now, loop.time()

    async with asyncio.TaskGroup() as group, asyncio.timeout(2 * SECONDS):
        for decider in deciders:
            group.create_task(decider.run(commands=COMMANDS))
        group.create_task(count())
        await eventually(lambda: sum(len(d.acknowledged) for d in deciders) >= COMMANDS)
        await change()
    await written(journal, code, deciders)
    await eventually(lambda: journal.bells.healthy)
    listener.bells.clear()
    head = await journal.append(code, await settled(journal, code), [("z:1", b"x")])
    await listener.until(lambda: bool(listener.bells))

    assert listener.bells == [(code, head)]
    return max(gaps)


async def test_a_primary_behind_sentinels_is_found_and_told_apart(
    guarded: Watched, tmp_path: Path, listener: Listener, code: str
) -> None:
    async with opened(guarded, tmp_path, listener) as journal:
        head = await journal.create(code, FIRST, {})
        found = await journal.durability()

        assert (await journal.append(code, head, [("a:1", b"x")])).seq == 2
        assert (found.kind, found.primaries, found.replicas, found.confirming) == ("sentinel", 1, 1, 1)
        assert "a failover may lose" in str(found)


async def test_a_primary_that_is_killed_costs_seconds_and_no_fact(
    tmp_path: Path, listener: Listener, code: str
) -> None:
    async with watched(tmp_path) as guarded, opened(guarded, tmp_path, listener) as journal:
        killed = await guarded.primary()
        outage = await under_load(journal, code, listener, killed.kill)

        assert journal._calls.layout.primaries != (killed.name,)
        assert outage < OUTAGE_SECONDS


async def test_a_primary_that_steps_down_and_lives_on_is_left(
    tmp_path: Path, listener: Listener, code: str
) -> None:
    async with watched(tmp_path) as guarded, opened(guarded, tmp_path, listener) as journal:
        before = await guarded.primary()

        async def has_left() -> bool:
            if (await guarded.primary()).name != before.name:
                return True
            # Said again until it is done: NOGOODSLAVE, it has not heard of the replica for a moment; INPROG; given up.
            with suppress(ResponseError):
                await guarded.sentinels[0].call("SENTINEL", "FAILOVER", MASTER)
            return False

        async def step_down() -> None:
            await until(has_left)
            await eventually(lambda: journal._calls.layout.primaries != (before.name,))

        outage = await under_load(journal, code, listener, step_down)

        assert outage < OUTAGE_SECONDS


async def test_one_sentinel_of_three_is_enough_to_ask(
    guarded: Watched, tmp_path: Path, listener: Listener, code: str
) -> None:
    for sentinel in guarded.sentinels[:2]:
        await sentinel.kill()
    try:
        async with opened(guarded, tmp_path, listener) as journal:
            assert (await journal.create(code, FIRST, {})).seq == 1
    finally:
        for sentinel in guarded.sentinels[:2]:
            sentinel.start()
            await sentinel.ready()


@pytest.mark.parametrize(
    ("master", "password", "code"),
    [("nobody", SENTINEL_PASSWORD, "no_master"), (MASTER, "wrong", "denied"), ("", "", "bad_url")],
)
async def test_what_is_wrong_with_the_address_is_said(
    guarded: Watched, tmp_path: Path, master: str, password: str, code: str
) -> None:
    url = guarded.url_of(master).partition("?")[0] + f"?sentinel_password={password.replace('?', '%3F')}"
    with pytest.raises(StoreProblem) as problem:
        async with open_journal(StoreAddress(url, tmp_path)):
            pass

    assert problem.value.code == code
    assert "p%40ss" not in str(problem.value)
    assert "wrong" not in str(problem.value).replace("WRONGPASS", "")
