"""Several workers behind one port: one board, and a process that dies or is told to end costs nobody anything."""

import asyncio
import json
import os
import signal
import socket
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import NamedTuple

import pytest

from forum.demo.client import Client
from forum.journal import StoreAddress, open_journal
from tests.processes.test_kills import a_forum, posted
from tests.servers import ServerProcess, serving

PHONES = 16  # the kernel shares them out; that all get one worker of two has a chance of 1 in 30,000
SECONDS = 60.0  # a bound for a test
END_SECONDS = 10.0  # what a deploy waits for
BLOCKS_ITSELF = """
import signal, time

def never_comes_back(*_):
    while True:
        time.sleep(3600)

signal.signal(signal.SIGUSR1, never_comes_back)
"""


def workers_of(server: ServerProcess) -> list[int]:
    """The workers' process ids."""
    return [pid for pid in server.children() if b"forum.workers" in Path(f"/proc/{pid}/cmdline").read_bytes()]


def sockets_of(pid: int) -> int:
    """How many sockets a process holds."""
    links = []
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):
            links.append(str(descriptor.readlink()))
    return sum(link.startswith("socket:") for link in links)


async def until(holds: Callable[[], bool]) -> None:
    while not holds():  # noqa: ASYNC110  processes of others tell nobody
        await asyncio.sleep(0.02)


class Hall(NamedTuple):
    """A server of two workers, and a forum on it whose people write."""

    server: ServerProcess
    code: str
    cookies: list[str]
    data: Path


async def seated(stack: AsyncExitStack, hall: Hall) -> list[Client]:
    """Phones that have a page."""
    phones = [Client(f"{hall.server.address}/f/{hall.code}", cookie) for cookie in hall.cookies[:PHONES]]
    for phone in phones:
        await stack.enter_async_context(phone)
        await phone.until(lambda c: c.position is not None)
    return phones


@pytest.fixture(scope="module")
async def hall(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Hall]:
    data = tmp_path_factory.mktemp("workers") / "data"
    code, desk_cookie, cookies = await a_forum(data)
    async with serving(data, FORUM_WORKERS="2") as server:
        async with Client(f"{server.address}/f/{code}/desk", desk_cookie) as desk:
            assert (await desk.do("OpenStep", step="ideas")).accepted
            assert (await desk.do("RevealStep", step="ideas")).accepted
        yield Hall(server, code, cookies, data)


async def test_phones_on_two_workers_see_one_board(hall: Hall) -> None:
    async with AsyncExitStack() as stack, asyncio.timeout(SECONDS):
        workers = workers_of(hall.server)
        before = {pid: sockets_of(pid) for pid in workers}
        phones = await seated(stack, hall)
        after = {pid: sockets_of(pid) for pid in workers}
        verdicts = await asyncio.gather(
            *(
                phone.do("PostIdea", id=f"board{n:03}", text=f"Idée {n}", step="ideas")
                for n, phone in enumerate(phones)
            )
        )
        last = max(verdict.seq for verdict in verdicts)
        for phone in phones:
            await phone.until(lambda c: c.position is not None and c.position["s"] >= last)
        shown = [phone.shown for phone in phones]

    assert len(workers) == 2
    assert all(after[pid] > before[pid] for pid in workers), "both serve"
    assert {f"idea-board{n:03}" for n in range(PHONES)} <= shown[0].keys()
    assert all(page == shown[0] for page in shown)


async def test_a_killed_worker_is_replaced_and_its_phones_come_back_with_all_they_wrote(hall: Hall) -> None:
    async with AsyncExitStack() as stack, asyncio.timeout(SECONDS):
        phones = await seated(stack, hall)
        first, second = workers_of(hall.server)

        async def write(n: int, phone: Client) -> None:
            for k in range(20):
                idea = f"killed{n:03}x{k:03}"
                verdict = await phone.do("PostIdea", id=idea, text=f"Idée {idea}", step="ideas")
                saved[idea] = verdict.seq

        saved: dict[str, int] = {}
        writing = [asyncio.create_task(write(n, phone)) for n, phone in enumerate(phones)]
        await until(lambda: len(saved) > 3 * PHONES)
        os.kill(first, signal.SIGKILL)
        await asyncio.gather(*writing)
        await until(lambda: len(workers_of(hall.server)) == 2)
        for phone in phones:
            await phone.until(lambda c: c.position is not None and c.position["s"] >= max(saved.values()))
        shown = [phone.shown for phone in phones]
        replaced = set(workers_of(hall.server))
        async with open_journal(StoreAddress(None, hall.data)) as journal:
            there = [
                (seq, idea) for seq, idea in await posted(journal, hall.code) if idea.startswith("killed")
            ]

    assert second in replaced
    assert first not in replaced
    assert Counter(idea for _, idea in there) == Counter(saved.keys())
    assert {idea: seq for seq, idea in there} == saved
    assert all(page == shown[0] for page in shown)


@pytest.fixture
async def blockable(tmp_path: Path) -> AsyncIterator[Hall]:
    """A hall whose workers' own code stands still for good when they are sent SIGUSR1."""
    (tmp_path / "also").mkdir()
    (tmp_path / "also" / "sitecustomize.py").write_text(BLOCKS_ITSELF)
    path = os.pathsep.join((str(tmp_path / "also"), os.environ.get("PYTHONPATH", ""))).rstrip(os.pathsep)
    data = tmp_path / "data"
    code, desk_cookie, cookies = await a_forum(data)
    async with serving(data, FORUM_WORKERS="2", PYTHONPATH=path) as server:
        async with Client(f"{server.address}/f/{code}/desk", desk_cookie) as desk:
            assert (await desk.do("OpenStep", step="ideas")).accepted
            assert (await desk.do("RevealStep", step="ideas")).accepted
        yield Hall(server, code, cookies, data)


@pytest.mark.parametrize("how", [signal.SIGSTOP, signal.SIGUSR1], ids=["stopped", "blocked"])
async def test_a_worker_that_hangs_without_dying_is_replaced_and_its_phones_come_back(
    blockable: Hall, how: signal.Signals, record_property: Callable[[str, object], None]
) -> None:
    hall, saved, began = blockable, {}, asyncio.get_running_loop().time()
    async with AsyncExitStack() as stack, asyncio.timeout(SECONDS):
        phones = await seated(stack, hall)
        first, second = workers_of(hall.server)
        os.kill(first, how)
        verdicts = await asyncio.gather(
            *(
                phone.do("PostIdea", id=f"hung{n:03}", text=f"Idée {n}", step="ideas")
                for n, phone in enumerate(phones)
            )
        )
        saved = {f"hung{n:03}": verdict.seq for n, verdict in enumerate(verdicts)}
        took = asyncio.get_running_loop().time() - began
        await until(lambda: len(set(workers_of(hall.server)) - {first}) == 2)
        async with open_journal(StoreAddress(None, hall.data)) as journal:
            there = await posted(journal, hall.code)
    lines = [json.loads(line) for line in hall.server.log.read_text().splitlines()]
    hung = [line for line in lines if line["event"] == "worker_hangs"]
    record_property("seen", f"all {PHONES} phones had written again within {took:.0f} s")

    assert second in workers_of(hall.server)
    assert [line["worker"] for line in hung] == [1]
    assert any("never_comes_back" in place for place in hung[0]["where"]) == (how == signal.SIGUSR1)
    assert {idea: seq for seq, idea in there} == saved
    assert all(verdict.accepted for verdict in verdicts)


async def test_who_connects_while_no_worker_listens_waits_and_is_served(hall: Hall) -> None:
    for pid in workers_of(hall.server):
        os.kill(pid, signal.SIGKILL)
    with socket.create_connection(("127.0.0.1", hall.server.port)) as early:
        early.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        early.settimeout(SECONDS)
        answer = await asyncio.to_thread(early.recv, 4096)

    assert answer.startswith(b"HTTP/1.1 200")


async def test_a_port_that_other_workers_listen_on_is_refused_in_plain_words(
    hall: Hall, tmp_path: Path
) -> None:
    other = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "forum", "serve", "--workers", "2", "--host", "127.0.0.1"),
        *("--port", str(hall.server.port), "--data", str(tmp_path)),
        env=os.environ | {"LANG": "C"},
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(SECONDS):
        _, errors = await other.communicate()

    assert other.returncode == 78
    assert b"is in use on 127.0.0.1" in errors


async def test_told_to_stop_all_workers_say_when_to_come_back_and_end_well_in_time(tmp_path: Path) -> None:
    data = tmp_path / "data"
    code, _, cookies = await a_forum(data)
    heard: list[int] = []
    async with serving(data, FORUM_WORKERS="2") as server, AsyncExitStack() as stack:
        phones = await seated(stack, Hall(server, code, cookies, data))
        for n, phone in enumerate(phones):
            phone.on_frame = lambda frame, n=n: heard.append(n) if frame["t"] == "bye" else None
        async with asyncio.timeout(END_SECONDS):
            exit_code = await server.stop()

    assert exit_code == 0
    assert set(heard) == set(range(PHONES))


async def test_workers_whose_parent_is_killed_end_by_themselves_and_leave_the_port(tmp_path: Path) -> None:
    server = ServerProcess(tmp_path / "data", FORUM_WORKERS="2")
    await server.start()
    orphans = workers_of(server)
    await server.kill()
    async with asyncio.timeout(SECONDS):
        await until(lambda: not any(alive(pid) for pid in orphans))
        await server.start()
    successors = workers_of(server)
    os.kill(server.pid, signal.SIGINT)  # Ctrl-C, this time
    async with asyncio.timeout(END_SECONDS):
        exit_code = await server.wait()

    assert len(successors) == 2
    assert exit_code == 0


def alive(pid: int) -> bool:
    with suppress(FileNotFoundError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False
