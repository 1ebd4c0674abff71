"""The store that Forum brings along: one server per folder, always there, never left behind."""

import asyncio
import fcntl
import os
import resource
import stat
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import unquote

import pytest

from forum.journal import (
    Conflict,
    Damaged,
    Head,
    Journal,
    StoreAddress,
    StoreProblem,
    Unavailable,
    embedded_store,
    open_journal,
    recompute,
)
from forum.journal import embedded as module
from forum.journal.valkey import TORN_COPIES_MAX
from tests.journal.conftest import HURRY, SECONDS, Listener, eventually, kill_store

FIRST = [("desk:1", b"opened")]

# Another process that opens a journal, says so, and does what it is told, a word per line.
OTHER = """
import asyncio, os, sys
from pathlib import Path
from forum.journal import StoreAddress, open_journal
from forum.journal.valkey import TORN_COPIES_MAX
from tests.journal.conftest import HURRY

async def main():
    async with open_journal(StoreAddress(None, Path(sys.argv[1])), pace=HURRY) as journal:
        info = await journal._calls.one("INFO", "server")
        print(int(info.split(b"process_id:")[1].split()[0]), flush=True)
        await asyncio.to_thread(sys.stdin.readline)

asyncio.run(main())
"""


@asynccontextmanager
async def another_process(data: Path) -> AsyncIterator[tuple[asyncio.subprocess.Process, int]]:
    """Yields the process and the process id of the server it uses."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-c", OTHER, str(data)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(SECONDS):
            yield process, int(await process.stdout.readline())
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


def runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


async def server_of(journal: Journal) -> int:
    info: bytes = await journal._calls.one("INFO", "server")
    return int(info.split(b"process_id:")[1].split()[0])


async def test_facts_outlive_the_store(tmp_path: Path, code: str) -> None:
    async with open_journal(StoreAddress(None, tmp_path)) as journal:
        head = await journal.create(code, FIRST, {"title": "x"})
        await journal.set_name(code, "p1", "Zoé")
        signing = await journal.secret("signing")
    async with open_journal(StoreAddress(None, tmp_path)) as journal:
        assert await journal.head(code) == head
        assert [e.body for e in await journal.read(code)] == [b"opened"]
        assert await journal.names(code) == {"p1": "Zoé"}
        assert await journal.secret("signing") == signing


async def test_the_store_is_private_and_opens_no_port(tmp_path: Path) -> None:
    data = tmp_path / "a b" / "é?#%"
    async with open_journal(StoreAddress(None, data)) as journal:
        folder = data / "store"
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in [folder, *folder.iterdir()]}
        (port,) = [reply[1] for reply in await journal._calls.many([("CONFIG", "GET", "port")])]

    assert port == b"0"
    assert modes["store"] == 0o700
    assert all(mode & 0o077 == 0 for mode in modes.values())


async def test_the_store_ends_with_the_block_and_the_folder_is_free(tmp_path: Path) -> None:
    async with open_journal(StoreAddress(None, tmp_path)) as journal:
        first = await server_of(journal)
        assert runs(first)
    assert not runs(first)

    async with open_journal(StoreAddress(None, tmp_path)) as journal:
        assert await server_of(journal) != first


async def test_an_error_in_the_block_passes_unchanged_and_ends_the_store(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError):  # noqa: PT012
        async with open_journal(StoreAddress(None, tmp_path)) as journal:
            server = await server_of(journal)
            raise ZeroDivisionError

    assert not runs(server)


async def test_a_cancelled_block_ends_the_store(tmp_path: Path) -> None:
    opened = asyncio.get_running_loop().create_future()

    async def use() -> None:
        async with open_journal(StoreAddress(None, tmp_path)) as journal:
            opened.set_result(await server_of(journal))
            await asyncio.Event().wait()

    using = asyncio.create_task(use())
    server = await opened
    using.cancel()
    with pytest.raises(asyncio.CancelledError):
        await using

    assert not runs(server)


async def test_a_killed_store_is_started_again_on_the_same_address(
    tmp_path: Path, code: str, listener: Listener
) -> None:
    async with open_journal(
        StoreAddress(None, tmp_path), listener.on_bell, listener.on_reset, HURRY
    ) as journal:
        head = await journal.create(code, FIRST, {})
        for times in range(1, 4):
            await kill_store(journal)
            await listener.until(lambda times=times: listener.resets >= times)

            assert (await journal.read(code))[0].chain == head.chain
        assert await journal.head(code) == head


def journal_file(data: Path) -> Path:
    (file,) = (data / "store" / "appendonlydir").glob("*.incr.aof")
    return file


async def a_hundred_facts(data: Path, code: str) -> Head:
    async with open_journal(StoreAddress(None, data)) as journal:
        head = await journal.create(code, FIRST, {})
        for n in range(1, 100):
            head = await journal.append(code, head, [(f"a:{n}", b"x" * 200)])
        return head


def overwrite_in_the_middle(file: Path, found: bytes, by: bytes) -> None:
    content = file.read_bytes()
    at = content.index(found, len(content) // 2)
    file.write_bytes(content[:at] + by + content[at + len(by) :])


async def test_a_torn_end_of_the_journal_file_is_cut_off_and_kept_aside(tmp_path: Path, code: str) -> None:
    head = await a_hundred_facts(tmp_path, code)
    file = journal_file(tmp_path)
    whole = file.read_bytes()
    torn = whole + b"*4\r\n$4\r\nHSET\r\n$10\r\n{"
    file.write_bytes(torn)

    async with open_journal(StoreAddress(None, tmp_path)) as journal:
        assert await journal.head(code) == head
    (copy,) = (tmp_path / "store").glob("torn-*/*.incr.aof")
    assert copy.read_bytes() == torn
    async with open_journal(StoreAddress(None, tmp_path)) as journal:
        assert await journal.head(code) == head


@pytest.mark.parametrize("missing", [17, 300, 900])
async def test_of_an_append_that_is_torn_in_the_middle_nothing_is_there(
    tmp_path: Path, code: str, missing: int
) -> None:
    head = await a_hundred_facts(tmp_path, code)
    async with open_journal(StoreAddress(None, tmp_path)) as journal:
        with pytest.raises(Conflict) as another_life:
            await journal.append(code, head, [])
        await journal.append(
            code, another_life.value.head, [("b:1", b"y" * 400), ("b:1", b"y" * 400), ("b:2", b"y" * 400)]
        )
    file = journal_file(tmp_path)
    os.truncate(file, file.stat().st_size - missing)

    async with open_journal(StoreAddress(None, tmp_path)) as journal:
        assert (await journal.head(code))[1:] == head[1:]
        assert len(await journal.read(code)) == head.seq


async def test_what_looks_like_a_torn_end_and_is_not_is_kept_aside_too(tmp_path: Path, code: str) -> None:
    await a_hundred_facts(tmp_path, code)
    file = journal_file(tmp_path)
    overwrite_in_the_middle(file, b"$200\r\n", b"$999999")
    content = file.read_bytes()
    for _ in range(5):
        file.write_bytes(content)
        async with embedded_store(tmp_path):
            pass

    copies = list((tmp_path / "store").glob("torn-*/*.incr.aof"))
    assert len(copies) == TORN_COPIES_MAX
    assert {copy.read_bytes() for copy in copies} == {content}


async def test_a_damaged_text_in_the_journal_file_breaks_the_chain(tmp_path: Path, code: str) -> None:
    await a_hundred_facts(tmp_path, code)
    overwrite_in_the_middle(journal_file(tmp_path), b"xxxx", b"xxyx")

    async with open_journal(StoreAddress(None, tmp_path)) as journal:
        entries = await journal.read(code)
        with pytest.raises(Damaged, match="chain breaks"):
            recompute(entries)


async def test_a_damaged_journal_file_is_told_with_a_recipe_that_works(tmp_path: Path, code: str) -> None:
    await a_hundred_facts(tmp_path, code)
    overwrite_in_the_middle(journal_file(tmp_path), b"$4\r\nXADD", b"garbage")

    with pytest.raises(StoreProblem) as problem:
        async with open_journal(StoreAddress(None, tmp_path)):
            pass
    assert problem.value.code == "corrupt"
    assert "\n" not in str(problem.value)

    repair = await asyncio.create_subprocess_exec(
        *("bash", "-c", problem.value.params["recipe"]),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    said, _ = await repair.communicate(b"y\n")
    assert repair.returncode == 0, said
    async with open_journal(StoreAddress(None, tmp_path)) as journal:
        entries = await journal.read(code)
        head = await journal.head(code)
        assert 0 < len(entries) < 100
        assert head is not None
        assert (head.seq, head.chain) == (len(entries), recompute(entries))


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become somebody else")
async def test_a_folder_that_cannot_be_written_is_told_in_one_line(tmp_path: Path) -> None:
    await asyncio.to_thread(tmp_path.chmod, 0o755)
    script = OTHER.replace("asyncio.run(main())", "") + (
        "\nimport forum.journal.embedded\nos.setuid(65534)\n"
        "try: asyncio.run(main())\nexcept Exception as error: print(error.code, error)\n"
    )
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", script, str(tmp_path / "data")), stdout=asyncio.subprocess.PIPE
    )
    said, _ = await process.communicate()

    assert said.startswith(b"no_permission")
    assert said.count(b"\n") == 1
    assert str(tmp_path).encode() in said


async def test_a_file_where_the_folder_should_be_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")

    with pytest.raises(StoreProblem) as problem:
        async with embedded_store(tmp_path / "data"):
            pass

    assert problem.value.code == "no_permission"


async def test_a_store_that_does_not_start_is_told_with_its_last_words(tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "appendonlydir").write_text("not a folder")

    with pytest.raises(StoreProblem) as problem:
        async with embedded_store(tmp_path):
            pass

    assert problem.value.code == "did_not_start"
    assert "appendonlydir" in str(problem.value)
    assert "\n" not in str(problem.value)


async def test_a_path_too_long_for_a_socket_gets_a_short_private_one(tmp_path: Path, code: str) -> None:
    data = tmp_path / ("long" * 30)
    async with open_journal(StoreAddress(None, data)) as journal, embedded_store(data) as url:
        path = Path(unquote(url.removeprefix("unix://")))
        await journal.create(code, FIRST, {})
        async with open_journal(StoreAddress(url, data)) as elsewhere:
            assert len(await elsewhere.read(code)) == 1

        assert len(os.fsencode(path)) <= 103
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    async with embedded_store(data) as url:
        assert Path(unquote(url.removeprefix("unix://"))) == path
    path.parent.rmdir()


async def test_a_remembered_socket_in_a_folder_open_to_others_is_not_used(tmp_path: Path) -> None:
    data = tmp_path / ("long" * 30)
    trap = tmp_path / "trap"
    trap.mkdir(mode=0o777)
    trap.chmod(0o777)
    (data / "store").mkdir(parents=True)
    (data / "store" / "socket").write_text(str(trap / "valkey.sock"))

    async with embedded_store(data) as url:
        path = Path(unquote(url.removeprefix("unix://")))
        assert path.parent != trap
    path.parent.rmdir()


# --- several processes on one folder


async def test_a_second_opener_attaches_to_the_same_server(tmp_path: Path, code: str) -> None:
    async with (
        open_journal(StoreAddress(None, tmp_path)) as one,
        open_journal(StoreAddress(None, tmp_path)) as two,
    ):
        await one.create(code, FIRST, {})

        assert len(await two.read(code)) == 1
        assert await server_of(one) == await server_of(two)


async def test_openers_at_the_same_instant_share_one_server(tmp_path: Path) -> None:
    ready = asyncio.Barrier(5)

    async def use() -> int:
        async with open_journal(StoreAddress(None, tmp_path)) as journal:
            server = await server_of(journal)
            await ready.wait()
            return server

    servers = await asyncio.gather(*(use() for _ in range(5)))

    assert len(set(servers)) == 1


async def test_when_the_owner_leaves_another_takes_over(
    tmp_path: Path, code: str, listener: Listener
) -> None:
    async with (
        another_process(tmp_path) as (owner, server),
        open_journal(StoreAddress(None, tmp_path), listener.on_bell, listener.on_reset, HURRY) as journal,
    ):
        assert await server_of(journal) == server
        head = await journal.create(code, FIRST, {})

        await owner.communicate(b"leave\n")
        await listener.until(lambda: listener.resets >= 1)

        assert owner.returncode == 0
        assert await journal.head(code) == head
        assert await server_of(journal) != server


async def test_when_the_owner_is_killed_its_server_ends_and_another_takes_over(
    tmp_path: Path, code: str, listener: Listener
) -> None:
    async with (
        another_process(tmp_path) as (owner, server),
        open_journal(StoreAddress(None, tmp_path), listener.on_bell, listener.on_reset, HURRY) as journal,
    ):
        head = await journal.create(code, FIRST, {})
        await journal.bells.watch(code)

        owner.kill()
        await eventually(lambda: not runs(server))
        await listener.until(lambda: listener.resets >= 1)

        assert await journal.head(code) == head
        with pytest.raises(Exception, match=r"^2 1 ") as conflict:
            await journal.append(code, head, [("a:1", b"x")])
        after = await journal.append(code, conflict.value.head, [("a:1", b"x")])  # type: ignore[attr-defined]
        await listener.until(lambda: bool(listener.bells))
        assert listener.bells == [(code, after)]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the server may outlive its owner")
async def test_a_killed_owner_leaves_no_server_behind(tmp_path: Path) -> None:
    async with another_process(tmp_path) as (owner, server):
        assert runs(server)
        owner.kill()
        await eventually(lambda: not runs(server))

    async with open_journal(StoreAddress(None, tmp_path)) as journal:
        assert await server_of(journal) != server


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
async def test_the_server_holds_the_lock_of_its_folder_too(tmp_path: Path) -> None:
    async with open_journal(StoreAddress(None, tmp_path)) as journal:
        files = Path(f"/proc/{await server_of(journal)}/fd")
        held = await asyncio.to_thread(lambda: [str(file.readlink()) for file in files.iterdir()])

    assert str(tmp_path / "store" / "lock") in held


async def test_ctrl_c_reaches_the_process_and_not_its_store(tmp_path: Path) -> None:
    async with open_journal(StoreAddress(None, tmp_path)) as journal:
        assert os.getsid(await server_of(journal)) != os.getsid(0)


async def test_a_folder_held_by_a_process_without_an_answering_store_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "START_SECONDS", 0.1)
    (tmp_path / "store").mkdir()
    with (tmp_path / "store" / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(StoreProblem) as problem:
            async with embedded_store(tmp_path):
                pass

    assert problem.value.code == "held"


async def test_a_full_disk_loses_nothing_that_was_acknowledged(tmp_path: Path, code: str) -> None:
    """The server's files may not grow beyond a limit, which it meets like a full disk."""
    async with open_journal(StoreAddress(None, tmp_path), pace=HURRY) as journal:
        head = await journal.create(code, FIRST, {})
        acknowledged = 1
        resource.prlimit(await server_of(journal), resource.RLIMIT_FSIZE, (200_000, 200_000))
        with pytest.raises(Unavailable):  # noqa: PT012
            while True:
                head = await journal.append(code, head, [(f"a:{acknowledged}", b"x" * 5_000)])
                acknowledged += 1
        async with asyncio.timeout(SECONDS):
            while True:
                try:
                    entries = await journal.read(code)
                    break
                except Unavailable:
                    continue

    assert acknowledged > 5
    assert len(entries) in (acknowledged, acknowledged + 1)
    assert entries[acknowledged - 1].chain == head.chain
