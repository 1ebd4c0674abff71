"""A journal on a real Cluster: every server is used, slots move, primaries die, and nothing is lost or doubled."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from forum.cli import main
from forum.journal import (
    Conflict,
    Head,
    Journal,
    StoreAddress,
    StoreProblem,
    open_journal,
    recompute,
)
from forum.journal.finding import LOOK_CALL_SECONDS
from forum.journal.layout import slot_of
from tests.cluster.nodes import SECONDS, Cluster, Node, nodes, until
from tests.journal.conftest import HURRY, Listener, a_code, eventually
from tests.journal.test_faults import Decider

FIRST = [("desk:1", b"opened")]
NO_POLLING_SECONDS = 10.0  # for BELLS in turn; a reader that polls its servers would take thirty
BELLS = 120
LOOKS = 12


@asynccontextmanager
async def opened(six: Cluster, folder: Path, listener: Listener, replicas: int = 1) -> AsyncIterator[Journal]:
    address = StoreAddress(six.url, folder, replicas)
    async with open_journal(address, listener.on_bell, listener.on_reset, HURRY) as journal:
        yield journal


async def a_forum_on_each(journal: Journal, six: Cluster) -> dict[str, str]:
    """A code by the name of the primary that keeps it."""
    found: dict[str, str] = {}
    wanted = {node.name for node in await six.primaries()}
    while found.keys() != wanted:
        code = a_code()
        found.setdefault(journal._calls.layout.owner(f"{{{code}}}:m"), code)
    return found


async def whole_again(six: Cluster) -> None:
    """Start who was killed, and wait until all are well."""
    for node in six.nodes:
        if node._process is None:
            node.start()
            await node.ready()
    await until(six.well)


async def written(journal: Journal, code: str, deciders: list[Decider]) -> None:
    """Everything acknowledged stands in the journal once, at its number; and the chain holds."""
    entries, head = await journal.read(code), await journal.head(code)
    ops = [entry.op for entry in entries]

    assert len(set(ops)) == len(ops)
    assert sorted(ops[1:]) == sorted(op for decider in deciders for op in decider.acknowledged)
    for decider in deciders:
        assert all(ops[seq - 1] == op for op, seq in decider.acknowledged.items())
    assert head is not None
    assert recompute(entries) == head.chain


async def test_forums_on_every_server_are_kept_listed_and_heard(
    six: Cluster, tmp_path: Path, listener: Listener
) -> None:
    async with opened(six, tmp_path, listener) as journal:
        codes = list((await a_forum_on_each(journal, six)).values())
        heads = {code: await journal.create(code, FIRST, {"title": code}) for code in codes}
        for code in codes:
            await journal.bells.watch(code)
            await journal.set_name(code, "p1", "Zoé")
            heads[code] = await journal.append(code, heads[code], [("a:1", b"x")])
        await listener.until(lambda: len(listener.bells) == len(codes))

        assert len(codes) == 3
        assert sorted(listener.bells) == sorted(heads.items())
        assert await journal.heads([*codes, "NOSUCH"]) == heads | {"NOSUCH": None}
        assert {record.code for record in await journal.forums()} >= set(codes)
        assert {(await journal.meta(code))["title"] for code in codes} == set(codes)
        assert [await journal.names(code) for code in codes] == [{"p1": "Zoé"}] * 3
        assert journal.bells.healthy
        assert listener.resets == 0


async def test_any_one_node_of_a_cluster_leads_to_all(
    six: Cluster, tmp_path: Path, listener: Listener
) -> None:
    replica = six.nodes[-1]
    async with open_journal(StoreAddress(replica.url, tmp_path), pace=HURRY) as journal:
        assert len(journal._calls.layout.primaries) == 3
        assert (await journal.durability()).kind == "cluster"


async def test_bells_of_a_cluster_come_at_once_whichever_server_rings(
    six: Cluster, tmp_path: Path, listener: Listener
) -> None:
    async with opened(six, tmp_path, listener) as journal:
        codes = list((await a_forum_on_each(journal, six)).values())
        heads = {code: await journal.create(code, FIRST, {}) for code in codes}
        for code in codes:
            await journal.bells.watch(code)

        async with asyncio.timeout(NO_POLLING_SECONDS):
            for n in range(BELLS):
                code = codes[n % len(codes)]
                heads[code] = await journal.append(code, heads[code], [(f"a:{n}", b"x")])
                await listener.until(lambda code=code: listener.bells[-1:] == [(code, heads[code])])


async def test_a_write_is_acknowledged_when_a_replica_has_it(
    six: Cluster, tmp_path: Path, listener: Listener, code: str
) -> None:
    async with opened(six, tmp_path, listener) as journal:
        await eventually(lambda: journal._calls.confirming == 1)
        head = await journal.create(code, FIRST, {})
        replica = await six.replica(await six.owner(code))
        await replica.call("READONLY")
        for n in range(1, 30):
            head = await journal.append(code, head, [(f"a:{n}", b"x")])

            assert await replica.call("XLEN", f"{{{code}}}:j") == head.seq


async def test_a_replica_that_does_not_answer_delays_writes_but_does_not_stop_them(
    six: Cluster, tmp_path: Path, listener: Listener, code: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with opened(six, tmp_path, listener) as journal:
        await eventually(lambda: journal._calls.confirming == 1)
        head = await journal.create(code, FIRST, {})
        replica = await six.replica(await six.owner(code))
        replica.pause()
        try:
            after = await journal.append(code, head, [("a:1", b"x")])
        finally:
            replica.resume()

        assert after.seq == 2
        assert "replicas of" in caplog.text
    await whole_again(six)


@pytest.mark.parametrize("way", ["key by key", "at one stroke"])
async def test_while_a_slot_moves_nothing_is_lost_or_doubled_and_its_bells_follow(
    six: Cluster, tmp_path: Path, listener: Listener, code: str, way: str
) -> None:
    async with opened(six, tmp_path, listener) as journal:
        await journal.create(code, FIRST, {})
        await journal.bells.watch(code)
        deciders = [Decider(journal, code, f"d{n}") for n in range(3)]
        async with asyncio.TaskGroup() as group:
            for decider in deciders:
                group.create_task(decider.run(commands=60))
            before = await six.owner(code)
            if way == "key by key":
                target = await six.migrate(code, slowly=0.05)
            else:
                target = await six.migrate_whole(code)
                if target is None:
                    pytest.skip("this server moves slots only key by key")
        await written(journal, code, deciders)
        await eventually(lambda: journal._calls.layout.owner(f"{{{code}}}:bell") == target.name)
        await eventually(lambda: journal.bells.healthy)
        head = await settled(journal, code)
        listener.bells.clear()
        head = await journal.append(code, head, [("z:1", b"x")])
        await listener.until(lambda: bool(listener.bells))

        assert target is not before
        assert listener.bells == [(code, head)]
        assert listener.resets > 0


async def settled(journal: Journal, code: str) -> Head:
    """Where a journal ends, in the store's present life."""
    head = await journal.head(code)
    assert head is not None
    try:
        return await journal.append(code, head, [])
    except Conflict as conflict:
        return conflict.head


async def test_a_primary_killed_under_load_loses_nothing_it_acknowledged_and_its_bells_come_back(
    six: Cluster, tmp_path: Path, listener: Listener, code: str
) -> None:
    async with opened(six, tmp_path, listener) as journal:
        await eventually(lambda: journal._calls.confirming == 1)
        await journal.create(code, FIRST, {})
        await journal.bells.watch(code)
        deciders = [Decider(journal, code, f"d{n}") for n in range(3)]
        async with asyncio.TaskGroup() as group, asyncio.timeout(2 * SECONDS):
            for decider in deciders:
                group.create_task(decider.run(commands=60))
            await eventually(lambda: sum(len(d.acknowledged) for d in deciders) >= 60)
            killed = await six.owner(code)
            await killed.kill()
        await written(journal, code, deciders)
        await eventually(lambda: journal.bells.healthy)
        listener.bells.clear()
        head = await journal.append(code, await settled(journal, code), [("z:1", b"x")])
        await listener.until(lambda: bool(listener.bells))

        assert await six.owner(code) is not killed
        assert listener.bells == [(code, head)]
    await whole_again(six)


async def test_without_waiting_for_a_replica_a_failover_loses_the_tail_and_says_so(
    six: Cluster, tmp_path: Path, listener: Listener, code: str
) -> None:
    async with opened(six, tmp_path, listener, replicas=0) as journal:
        head = await journal.create(code, FIRST, {})
        primary = await six.owner(code)
        replica = await six.replica(primary)
        await until(lambda: has(replica, code, 1))
        replica.pause()
        await primary.call("CLIENT", "KILL", "TYPE", "replica")  # or what was sent would still be read
        acknowledged = await journal.append(code, head, [(f"a:{n}", b"x") for n in range(1, 6)])
        await primary.kill()
        replica.resume()

        async def failed_over() -> bool:
            return await six.owner(code) is replica

        await until(failed_over)
        await eventually(lambda: journal._calls.layout.owner(f"{{{code}}}:m") == replica.name)
        with pytest.raises(Conflict) as conflict:
            await journal.append(code, acknowledged, [("b:1", b"x")])

        assert acknowledged.seq == 6
        assert conflict.value.head.seq == 1
        assert conflict.value.head.gen > acknowledged.gen
        assert [entry.op for entry in await journal.read(code)] == ["desk:1"]
    await whole_again(six)


async def has(replica: Node, code: str, facts: int) -> bool:
    await replica.call("READONLY")
    return await replica.call("XLEN", f"{{{code}}}:j") == facts


async def test_a_server_that_is_away_takes_only_its_own_forums_along(
    six: Cluster, tmp_path: Path, listener: Listener
) -> None:
    async with opened(six, tmp_path, listener) as journal:
        codes = await a_forum_on_each(journal, six)
        for code in codes.values():
            await journal.create(code, FIRST, {})
            await journal.bells.watch(code)
        paused = next(node for node in await six.primaries())
        paused.pause()
        try:
            asked = asyncio.create_task(journal.heads(codes.values()))
            await eventually(lambda: not journal.bells.healthy)
            heads = await asked
        finally:
            paused.resume()

        assert heads.keys() == set(codes.values()) - {codes[paused.name]}
        await until(six.well)
        await eventually(lambda: journal.bells.healthy)


async def test_a_server_without_our_functions_is_given_them(
    six: Cluster, tmp_path: Path, listener: Listener, code: str
) -> None:
    async with opened(six, tmp_path, listener) as journal:
        head = await journal.create(code, FIRST, {})
        await (await six.owner(code)).call("FUNCTION", "FLUSH")

        assert (await journal.append(code, head, [("a:1", b"x")])).seq == 2


async def test_a_cluster_of_which_one_server_may_delete_data_is_refused(six: Cluster, tmp_path: Path) -> None:
    primary = (await six.primaries())[-1]
    for node in (primary, await six.replica(primary)):  # who may become a primary counts too
        await node.call("CONFIG", "SET", "maxmemory-policy", "allkeys-lru")
        try:
            with pytest.raises(StoreProblem) as problem:
                async with open_journal(StoreAddress(six.url, tmp_path)):
                    pass
        finally:
            await node.call("CONFIG", "SET", "maxmemory-policy", "noeviction")

        assert problem.value.code == "evicting"


async def test_a_user_without_the_channels_of_one_server_is_told_before_the_hall_is_full(
    six: Cluster, tmp_path: Path
) -> None:
    node = (await six.primaries())[-1]
    await node.call("ACL", "SETUSER", "default", "resetchannels")
    try:
        with pytest.raises(StoreProblem) as problem:
            async with open_journal(StoreAddress(six.url, tmp_path), pace=HURRY):
                pass
    finally:
        await node.call("ACL", "SETUSER", "default", "allchannels")

    assert problem.value.code in ("denied", "no_bell")


async def test_servers_that_are_no_cluster_are_not_taken_for_one(tmp_path: Path) -> None:
    async with nodes(2, tmp_path) as two:
        with pytest.raises(StoreProblem) as problem:
            async with open_journal(StoreAddress(f"redis://{two[0].name},{two[1].name}", tmp_path)):
                pass

    assert problem.value.code == "no_cluster"


async def test_a_slot_is_what_the_store_says_it_is(six: Cluster) -> None:
    for key in ("{ABC234}:m", "forums:index", "{}x", "a{b}{c}", "é", "{a"):
        assert slot_of(key) == await six.nodes[0].call("CLUSTER", "KEYSLOT", key)


async def test_the_doctor_tells_what_a_cluster_is_made_of_and_promises(
    six: Cluster, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["doctor", "--redis", six.url, "--data", str(tmp_path), "--port", "1", "--lang", "en"]
    await asyncio.to_thread(main, words)
    said = capsys.readouterr().out

    assert "A Cluster. Servers that take writes: 3; replicas: 3." in said
    assert "waits until a replica has it too" in said


async def test_a_node_that_hangs_does_not_hold_up_the_look_at_who_keeps_what(
    six: Cluster, tmp_path: Path, listener: Listener
) -> None:
    async with opened(six, tmp_path, listener) as journal:
        hanging = [node for node in six.nodes if node not in await six.primaries()][:2]
        for node in hanging:
            node.pause()
        try:
            async with asyncio.timeout(LOOKS * LOOK_CALL_SECONDS):  # each, were a hanging one asked alone
                for _ in range(LOOKS):
                    await journal._calls.looked()
        finally:
            for node in hanging:
                node.resume()
    await until(six.well)
