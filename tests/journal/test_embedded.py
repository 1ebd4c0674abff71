"""The store that Forum brings along: one server per folder, always there, never left behind."""

import asyncio
import os
import resource
import stat
import sys
from pathlib import Path
from urllib.parse import unquote

import pytest

from forum.journal import StoreAddress, StoreProblem, Unavailable, embedded_store, open_journal
from tests.journal.conftest import HURRY, SECONDS, Listener, kill_store
from tests.journal.openers import FIRST, OTHER, runs, server_of


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
