"""Rows 1–18: the store, and the line to it."""

import asyncio
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from redis.exceptions import RedisError

from forum.domain.loss import TailLost
from tests.faults.conftest import Seen
from tests.faults.hall import Hall, a_hall, busy, eventually, get, until_told, within
from tests.faults.history import facts_of
from tests.faults.proxy import through
from tests.faults.store import Store, a_store
from tests.servers import ServerProcess

LIMPING = 0.05  # share of appends that meet the fault
APPEND = b"forum_append"
EXIT_CONFIGURATION = 78


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


# --- 4 to 9: its disk


async def test_a_store_killed_while_people_write_loses_nothing(tmp_path: Path, seen: Seen) -> None:
    async with a_hall(tmp_path) as hall:
        first_life = hall.phones[0].position["g"]
        async with hall.writing() as writing:
            for _ in range(3):
                await writing.more()
                os.kill(hall.servers[0].store_pid(), signal.SIGKILL)
                await eventually(lambda: has_store(hall.servers[0]))
            await writing.more()
        seen.judged(await hall.judgement(), f"killed 3 times, longest pause {hall.last_gap:.1f} s")

        lives = hall.phones[0].position["g"] - first_life

    assert lives == 3


async def test_a_torn_end_of_the_journal_file_is_cut_off_and_the_room_goes_on(
    tmp_path: Path, seen: Seen
) -> None:
    async with a_hall(tmp_path) as hall:
        async with hall.writing() as writing:
            await writing.more()
            await hall.servers[0].kill()
            await eventually(lambda: not answers(tmp_path / "data"))
            file = journal_file(tmp_path / "data")
            os.truncate(file, file.stat().st_size - 17)
            await hall.servers[0].start()
            await writing.more()
        judgement = await hall.judgement(rolled_back=True)
        copies = list((tmp_path / "data" / "store").glob("*torn*"))
        seen.judged(judgement, f"the torn file kept aside ({len(copies)})")


async def test_a_damaged_journal_file_is_told_with_its_cure_and_nothing_starts(
    tmp_path: Path, seen: Seen
) -> None:
    async with a_hall(tmp_path) as hall:
        async with hall.writing() as writing:
            await writing.until(100)
        judgement = await hall.judgement()
        server = hall.servers[0]
        file = journal_file(tmp_path / "data")
        shutil.copy(file, tmp_path / "good")
        damage(file)
        os.kill(server.store_pid(), signal.SIGKILL)
        why = (await within(hall.until_ready(False))).json["why"]
        await server.kill()
        code, said = await refusing_to_start(tmp_path / "data")
        shutil.copy(tmp_path / "good", file)
        await server.start()
        seen.judged(judgement, f"not ready ({why}), exit code {code} with the recipe; its copy starts again")

    assert code == EXIT_CONFIGURATION
    assert "check-aof" in said
    assert "Traceback" not in said


async def test_a_full_disk_stops_saving_and_loses_nothing(tmp_path: Path, seen: Seen) -> None:
    """The store's files may not grow beyond a limit, which it meets like a full disk; so may those it is followed by."""
    async with a_hall(tmp_path) as hall:
        server = hall.servers[0]
        async with hall.writing() as writing:
            await writing.more()
            full = journal_file(tmp_path / "data").stat().st_size + 20_000
            for pid in (server.pid, server.store_pid()):
                limit_files(pid, full)
            store = server.store_pid()
            await eventually(lambda: store not in stores(server))
            before = writing.ticked
            limit_files(server.pid, resource.RLIM_INFINITY)
            for pid in stores(server):
                limit_files(pid, resource.RLIM_INFINITY)
            await writing.more()
        seen.judged(await hall.judgement(), f"full after {before} cards, longest pause {hall.last_gap:.1f} s")


async def test_a_full_disk_under_everysec_may_lose_the_last_batch(tmp_path: Path, seen: Seen) -> None:
    async with (
        a_store(tmp_path / "store", "--appendfsync", "everysec") as store,
        a_hall(tmp_path, store=store) as hall,
    ):
        async with hall.writing() as writing:
            await writing.more()
            limit_files(store.pid, journal_file(tmp_path, "store/appendonlydir").stat().st_size + 20_000)
            refused = await until_refused(store)
            store.kill()
            await store.start()
            await writing.more()
        judgement = await hall.judgement(rolled_back=True)
        told = await told_lost(hall)
        words = f"“{refused}” meanwhile, the desk is told of {told}; this is why Forum asks for always"
        seen.judged(judgement, words)

    assert told >= judgement.again


@pytest.mark.skipif(not shutil.which("strace"), reason="slow fsyncs need strace")
async def test_a_disk_that_confirms_late_delays_ticks_and_shows_nothing_before(
    tmp_path: Path, seen: Seen
) -> None:
    delay = 1.5
    async with a_hall(tmp_path, phones=2) as hall:
        writer, reader = hall.phones
        await hall.post(writer)
        server = hall.servers[0]
        tracer = subprocess.Popen(  # noqa: ASYNC220
            ["strace", "-f", "-o", "/dev/null", "-p", str(server.store_pid()), "-e", "trace=fdatasync,fsync",
             "-e", f"inject=fdatasync,fsync:delay_exit={round(delay * 1e6)}"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            try:
                await eventually(lambda: traced(server.store_pid()), 5)
            except TimeoutError:
                pytest.skip("strace may not attach here")
            started, shown_before = time.monotonic(), len(reader.shown)
            ticked = asyncio.create_task(hall.post(writer))
            shown = asyncio.create_task(reader.until(lambda c: len(c.shown) > shown_before))
            slowest = 0.0
            while not ticked.done():
                asked = time.monotonic()
                await get(server.address, "/help")
                slowest = max(slowest, time.monotonic() - asked)
            took = time.monotonic() - started
            assert not shown.done() or took >= delay
            await shown
            seen_after = time.monotonic() - started
        finally:
            tracer.send_signal(signal.SIGINT)
            tracer.wait()
        words = (
            f"tick after {took:.1f} s, shown to others after {seen_after:.1f} s, pages within {slowest:.2f} s"
        )
        seen.judged(await hall.judgement(), words)

    assert seen_after >= delay
    assert slowest < delay * busy()


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
        told = await told_lost(hall)
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
        why = await within(until_frozen(hall))
        refused = asyncio.create_task(
            hall.phones[0].do("PostIdea", id="late0000", text="Trop tard", step="ideas")
        )
        said = await within(until_told(hall.phones, "unavailable"))
        late = await hall.phone_again(0)
        copy = await get(hall.at(0, "/desk/export/forum.json"), cookie=hall.desk_cookie)
        left = await store.say("EXISTS", f"{{{hall.code}}}:m", f"{{{hall.code}}}:j")
        refused.cancel()
        seen.judged(judgement, f"frozen ({why}), “{said}”, pages and the download stay whole")

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


async def until_frozen(hall: Hall) -> str:
    """Wait until the server's log says that the room is frozen; why."""
    import json

    while True:
        for line in hall.servers[0].log.read_text().splitlines():
            with suppress(ValueError):
                said = json.loads(line)
                if said.get("event") == "forum_frozen":
                    return str(said["why"])
        await asyncio.sleep(0.05)


async def told_lost(hall: Hall) -> int:
    """How many contributions the journal says were lost."""
    entries, _ = await hall.entries()
    return sum(max(0, fact.ops) for fact in facts_of(entries) if isinstance(fact, TailLost))


async def until_refused(store: Store) -> str:
    """Wait until the store takes no write; the first word of why."""
    async with asyncio.timeout(60):
        while True:
            try:
                await store.say("SET", "trial", 1)
            except RedisError as error:
                return str(error).split(" ", 1)[0]
            await asyncio.sleep(0.05)


async def caught_up(replica: Store, primary: Store) -> None:
    """Wait until a replica has everything its primary has, which takes no writes now."""
    async with asyncio.timeout(20):
        while True:
            theirs, ours = await primary.say("INFO", "replication"), await replica.say("INFO", "replication")
            if theirs["master_repl_offset"] <= ours.get("slave_repl_offset", 0):
                return
            await asyncio.sleep(0.02)


async def refusing_to_start(data: Path) -> tuple[int, str]:
    """Start a server that must not start; its exit code and what it said."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "forum", "serve", "--data", str(data), "--port", "0", "--host", "127.0.0.1",
        env=os.environ | {"LANG": "C"}, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    out, _ = await within(process.communicate())
    assert process.returncode is not None
    return process.returncode, out.decode()


def journal_file(data: Path, folder: str = "store/appendonlydir") -> Path:
    """The file to which the store appends."""
    return max((data / folder).glob("*.incr.aof"), key=lambda file: file.stat().st_mtime)


def damage(file: Path) -> None:
    """Eight bytes in the middle, where a command begins."""
    content = bytearray(file.read_bytes())
    at = content.index(b"\r\n*", len(content) // 2) + 2
    content[at : at + 8] = b"XXXXXXXX"
    with file.open("r+b") as there:
        there.write(content)


def limit_files(pid: int, size: int) -> None:
    with suppress(ProcessLookupError):
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def stores(server: ServerProcess) -> list[int]:
    """The store processes of a server that is running; none for a moment between two."""
    threads = Path(f"/proc/{server.pid}/task").iterdir()
    with suppress(OSError):
        return [int(child) for thread in threads for child in (thread / "children").read_text().split()]
    return []


def has_store(server: ServerProcess) -> bool:
    return bool(stores(server))


def answers(data: Path) -> bool:
    """Whether somebody still holds the folder's lock: the store, or who started it."""
    import fcntl

    with (data / "store" / "lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False


def traced(pid: int) -> bool:
    return "TracerPid:\t0\n" not in Path(f"/proc/{pid}/status").read_text()
