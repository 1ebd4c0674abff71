"""Rows 4–9: the store's own end, and its disk."""

import asyncio
import fcntl
import os
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

from tests.faults.conftest import Seen
from tests.faults.hall import a_hall, busy, eventually, get, within
from tests.faults.store import Store, a_store
from tests.servers import ServerProcess, free_port

EXIT_CONFIGURATION = 78


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
            await eventually(lambda: not is_held(tmp_path / "data"))
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
        told = await hall.told_lost()
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


# --- what these share


async def until_refused(store: Store) -> str:
    """Wait until the store takes no write; the first word of why."""
    async with asyncio.timeout(60):
        while True:
            try:
                await store.say("SET", "trial", 1)
            except RedisError as error:
                return str(error).split(" ", 1)[0]
            await asyncio.sleep(0.05)


async def refusing_to_start(data: Path) -> tuple[int, str]:
    """Start a server that must not start; its exit code and what it said."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "forum", "serve", "--data", str(data), "--port", str(free_port()), "--host", "127.0.0.1",
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


def is_held(data: Path) -> bool:
    """Whether somebody still holds the folder's lock: the store, or who started it."""
    with (data / "store" / "lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False


def traced(pid: int) -> bool:
    return "TracerPid:\t0\n" not in Path(f"/proc/{pid}/status").read_text()
