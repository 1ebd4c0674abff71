"""Rows 1–3 and 10–18: the line to the store, and what it refuses."""

import asyncio
import random
import time
from contextlib import suppress
from pathlib import Path

import pytest
from redis.exceptions import RedisError

from tests.faults.conftest import Seen
from tests.faults.hall import a_hall, busy, get, logged, until_told, within
from tests.faults.proxy import through
from tests.faults.store import Store, a_store

LIMPING = 0.05  # share of appends that meet the fault
APPEND = b"forum_append"


def sometimes(rng: random.Random):
    return lambda request: APPEND in request and rng.random() < LIMPING


# --- 1 to 3: the line


@pytest.mark.parametrize("fault", ["lose", "drop", "tear"])
async def test_a_limping_line_loses_nothing_and_doubles_nothing(
    tmp_path: Path, seen: Seen, fault: str
) -> None:
    async with (
        a_store(tmp_path / "store") as store,
        a_hall(tmp_path, store=store, lined=True, servers=2) as hall,
    ):
        for line in hall.lines:
            setattr(line, "lose" if fault == "lose" else "drop", sometimes(hall.rng))
            line.drop_after = 37 if fault == "tear" else 0
        async with hall.writing() as writing:
            await writing.until(400)
        await hall.vote()
        met = sum(line.lost + line.dropped for line in hall.lines)
        for line in hall.lines:
            line.heal()
        seen.judged(await hall.judgement(), f"{met} times, on two processes, votes within their budget")

    assert met >= 5


# --- 10 to 18: what it refuses


REFUSING = [
    pytest.param(("CONFIG", "SET", "maxmemory", "1mb"), ("CONFIG", "SET", "maxmemory", "0"), id="memory"),
    pytest.param(
        ("CONFIG", "SET", "min-replicas-to-write", "1"),
        ("CONFIG", "SET", "min-replicas-to-write", "0"),
        id="replicas",
    ),
]


@pytest.mark.parametrize(("harm", "cure"), REFUSING)
async def test_a_store_that_takes_no_writes_ticks_nothing_and_keeps_all_pages(
    tmp_path: Path, seen: Seen, harm: tuple, cure: tuple
) -> None:
    async with a_store(tmp_path / "store") as store, a_hall(tmp_path, store=store) as hall:
        async with hall.writing() as writing:
            await writing.more()
            await store.say(*harm)
            said = await within(until_told(hall.phones, "unavailable"))
            before, (_, head) = writing.ticked, await hall.entries()
            page = await get(hall.at(0), cookie=hall.cookies[0])
            why = (await within(hall.until_ready(False))).json["why"]
            assert writing.ticked == before
            assert (await hall.entries())[1] == head
            await store.say(*cure)
            await writing.more()
        await within(hall.until_ready(True))
        seen.judged(await hall.judgement(), f"“{said}”, not ready ({why}), head unchanged, pages readable")

    assert page.status == 200


async def test_after_a_demotion_the_server_goes_to_the_new_primary(tmp_path: Path, seen: Seen) -> None:
    """READONLY: the old primary lives on as a replica; the address leads to the new one."""
    async with (
        a_store(tmp_path / "a") as old,
        a_store(tmp_path / "b") as new,
        a_hall(tmp_path, store=old, lined=True) as hall,
    ):
        await new.say("REPLICAOF", "127.0.0.1", old.port)
        await new.in_sync()
        async with hall.writing() as writing:
            await writing.more()
            await old.say("CLIENT", "PAUSE", 2000, "WRITE")  # as a planned switch does: nothing is under way
            await caught_up(new, old)
            await new.say("REPLICAOF", "NO", "ONE")
            await old.say("REPLICAOF", "127.0.0.1", new.port)
            hall.lines[0].upstreams = [("127.0.0.1", new.port)]
            await writing.more()
        await hall.now_on(new)
        seen.judged(await hall.judgement(), f"longest pause {hall.last_gap:.1f} s")


async def test_a_failover_is_survived_and_what_the_replica_never_had_is_known(
    tmp_path: Path, seen: Seen
) -> None:
    async with (
        a_store(tmp_path / "a") as primary,
        a_store(tmp_path / "b") as replica,
        through(("127.0.0.1", primary.port)) as replication,
        a_hall(tmp_path, store=primary, lined=True, servers=2) as hall,
    ):
        await replica.say("REPLICAOF", "127.0.0.1", replication.port)
        await replica.in_sync()
        async with hall.writing() as writing:
            await writing.more()
            replication.hold()  # the replica falls behind, and nobody is told
            await writing.more(40)
            primary.kill()
            died = time.monotonic()
            await replica.say("REPLICAOF", "NO", "ONE")
            for line in hall.lines:
                line.upstreams = [("127.0.0.1", replica.port)]
            await writing.more()
            outage = time.monotonic() - died
        await hall.now_on(replica)
        judgement = await hall.judgement(rolled_back=True)
        told = await hall.told_lost()
        seen.judged(judgement, f"the desk is told of {told}, back after {outage:.1f} s")

    assert told >= judgement.again > 0
    assert outage < 15 * busy()


async def test_a_store_that_moves_while_it_refuses_connections_is_found(tmp_path: Path, seen: Seen) -> None:
    async with (
        a_store(tmp_path / "a") as old,
        a_store(tmp_path / "b") as new,
        a_hall(tmp_path, store=old, lined=True) as hall,
    ):
        await new.say("REPLICAOF", "127.0.0.1", old.port)
        await new.in_sync()
        async with hall.writing() as writing:
            await writing.more()
            line = hall.lines[0]
            line.refusing = True
            line.hang_up()
            await caught_up(new, old)
            await new.say("REPLICAOF", "NO", "ONE")
            old.kill()
            await asyncio.sleep(5)  # the fault itself
            line.upstreams, line.refusing = [("127.0.0.1", new.port)], False
            there = time.monotonic()
            await writing.more(1)
            back = time.monotonic() - there
            await writing.more()
        await hall.now_on(new)
        seen.judged(await hall.judgement(), f"back {back:.1f} s after the store could be reached")


async def test_a_script_without_end_is_told_and_the_runbook_loses_nothing(tmp_path: Path, seen: Seen) -> None:
    async with a_store(tmp_path / "store") as store, a_hall(tmp_path, store=store) as hall:
        async with hall.writing() as writing:
            await writing.more()
            script = "#!lua\nredis.call('SET', 'a', 1) while true do end"
            endless = asyncio.create_task(store.say("EVAL", script, 0))
            why = (await within(hall.until_ready(False))).json["why"]
            said = await within(until_told(hall.phones, "unavailable"))
            with pytest.raises(RedisError, match="UNKILLABLE"):
                await store.say("SCRIPT", "KILL")
            with suppress(RedisError):
                await store.say("SHUTDOWN", "NOSAVE")
            await store.ended()
            with suppress(RedisError):
                await endless
            await store.start()
            await writing.more()
        await within(hall.until_ready(True))
        seen.judged(await hall.judgement(), f"“{said}”, not ready ({why}), SHUTDOWN NOSAVE")


async def test_a_store_that_stands_still_for_three_seconds_stops_no_page(tmp_path: Path, seen: Seen) -> None:
    async with a_store(tmp_path / "store") as store, a_hall(tmp_path, store=store) as hall:
        async with hall.writing() as writing:
            await writing.more()
            store.stop()
            until, slowest = time.monotonic() + 3, 0.0
            while time.monotonic() < until:
                asked = time.monotonic()
                await get(hall.servers[0].address, "/help")
                slowest = max(slowest, time.monotonic() - asked)
                await asyncio.sleep(0.05)
            store.go_on()
            await writing.more()
        words = f"pages within {slowest:.2f} s meanwhile, longest pause {hall.last_gap:.1f} s"
        seen.judged(await hall.judgement(), words)

    assert slowest < busy()


async def test_a_flushed_store_freezes_the_room_and_nothing_is_silently_empty(
    tmp_path: Path, seen: Seen
) -> None:
    async with a_store(tmp_path / "store") as store, a_hall(tmp_path, store=store) as hall:
        desk = await hall.desk()
        await within(desk.until(lambda c: c.position is not None))
        async with hall.writing() as writing:
            await writing.until(100)
        judgement = await hall.judgement()
        before = dict(hall.phones[0].shown)
        plan = await get(hall.at(0, "/desk/export/forum.json"), cookie=hall.desk_cookie)
        await store.say("FLUSHALL")
        [alarm, *_] = await within(logged(hall, "forum_frozen"))
        refused = asyncio.create_task(
            hall.phones[0].do("PostIdea", id="late0000", text="Trop tard", step="ideas")
        )
        said = await within(until_told(hall.phones, "unavailable"))
        late = await hall.phone_again(0)
        copy = await get(hall.at(0, "/desk/export/forum.json"), cookie=hall.desk_cookie)
        left = await store.say("EXISTS", f"{{{hall.code}}}:m", f"{{{hall.code}}}:j")
        refused.cancel()
        seen.judged(judgement, f"frozen ({alarm['why']}), “{said}”, pages and the download stay whole")

        assert left == 0
        assert late.shown == before
        assert desk.position is not None
        assert (copy.status, copy.body) == (200, plan.body)


async def test_a_library_flushed_from_the_store_is_loaded_again(tmp_path: Path, seen: Seen) -> None:
    async with a_store(tmp_path / "store") as store, a_hall(tmp_path, store=store) as hall:
        async with hall.writing() as writing:
            for _ in range(3):
                await writing.more(40)
                await store.say("FUNCTION", "FLUSH")
            await writing.more()
        listed = await store.say("FUNCTION", "LIST")
        seen.judged(await hall.judgement(), f"flushed 3 times, longest pause {hall.last_gap:.2f} s")

    assert len(listed) == 1


# --- what these share


async def caught_up(replica: Store, primary: Store) -> None:
    """Wait until a replica has everything its primary has, which takes no writes now."""
    async with asyncio.timeout(20):
        while True:
            theirs, ours = await primary.say("INFO", "replication"), await replica.say("INFO", "replication")
            if theirs["master_repl_offset"] <= ours.get("slave_repl_offset", 0):
                return
            await asyncio.sleep(0.02)
