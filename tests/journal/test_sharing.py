"""One folder, one server: who opens it second shares the store, takes it over, or is told who holds it."""

import asyncio
import fcntl
import os
import sys
from pathlib import Path

import pytest

from forum.journal import StoreAddress, StoreProblem, embedded_store, open_journal
from forum.journal import embedded as module
from tests.journal.conftest import HURRY, Listener, eventually
from tests.journal.openers import FIRST, another_process, runs, server_of


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
