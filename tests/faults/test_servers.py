"""Rows 26–32: server processes that are killed, replaced, blocked, and run out of what they need."""

import asyncio
import json
import os
import signal
import time
from pathlib import Path

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from forum.demo.client import Client
from forum.live.frames import VERSION
from forum.web.wire import VERSIONS
from tests.faults.conftest import Seen
from tests.faults.hall import LARGE, PHONES, Hall, a_hall, busy, eventually, get, logged, until_told, within
from tests.faults.light import LightPhone, StuckPhone, allow_sockets, percentile
from tests.faults.store import a_store

WALL = 200  # phones of the hall that comes back at once
JOIN_SECONDS = 3.0
STUCK_SECONDS = 10.0
MEMORY_MB = 300


async def everybody_ticks_again(hall: Hall) -> float:
    """Seconds until every phone has had one more card ticked."""
    started = time.monotonic()
    await within(asyncio.gather(*(hall.post(phone) for phone in hall.phones)))
    return time.monotonic() - started


async def test_phones_of_a_killed_process_go_to_the_others(tmp_path: Path, seen: Seen) -> None:
    async with a_store(tmp_path / "store") as store, a_hall(tmp_path, store=store, servers=3) as hall:
        async with hall.writing() as writing:
            await writing.more()
            await hall.servers[0].kill()
            killed = time.monotonic()
            await writing.more()
        back = await everybody_ticks_again(hall) + time.monotonic() - killed
        await hall.vote(server=1)
        seen.judged(await hall.judgement(), f"all phones had written again within {back:.1f} s")

    assert back < 8 * busy()


async def test_a_hall_comes_back_after_all_processes_were_killed_together(tmp_path: Path, seen: Seen) -> None:
    async with (
        a_store(tmp_path / "store") as store,
        a_hall(tmp_path, store=store, servers=2, people=WALL) as hall,
    ):
        crowd = [LightPhone(hall.address, cookie) for cookie in hall.cookies[:WALL]]
        for phone in crowd:
            hall.stack.callback(phone.leave)
        await asyncio.gather(*(phone.join() for phone in crowd))
        async with hall.writing() as writing:
            await writing.more()
            await asyncio.gather(*(server.kill() for server in hall.servers))
            killed = time.monotonic()
            await asyncio.gather(*(server.start() for server in hall.servers))
            up = time.monotonic()
            joins = await asyncio.gather(*(phone.join() for phone in crowd))
            await writing.more()
        words = f"started again after {up - killed:.1f} s, then {WALL} joins within {max(joins):.1f} s"
        seen.judged(await hall.judgement(), f"{words}, half of them within {percentile(joins, 0.5):.1f} s")

    assert percentile(joins, 0.99) < JOIN_SECONDS * busy()


async def test_a_deploy_in_the_middle_of_a_crowd_loses_nothing(tmp_path: Path, seen: Seen) -> None:
    async with (
        a_store(tmp_path / "store") as store,
        a_hall(tmp_path, store=store, servers=2, phones=40, people=40) as hall,
    ):
        byes: list[tuple[float, dict]] = []
        for phone in hall.phones:
            phone.on_frame = lambda said: (
                byes.append((time.monotonic(), said)) if said["t"] == "bye" else None
            )
        async with hall.writing(hall.phones[:PHONES]) as writing:
            for server in hall.servers:
                await writing.more()
                started = time.monotonic()
                assert await server.stop() == 0
                took = time.monotonic() - started
                assert took < 10 * busy()
                await server.start()
            await writing.more()
        judgement = await hall.judgement()
        groups = len({round(at, 1) for at, _ in byes})
        words = f"{len(byes)} phones told when to come back, in {groups} groups, ended after {took:.1f} s"
        seen.judged(judgement, f"{words}, longest pause {hall.last_gap:.1f} s")

    assert {said["code"] for _, said in byes} == {1012}
    assert len({said["after_ms"] for _, said in byes}) > 1


class OldPage(Client):
    """A tab that was opened before the server was renewed: it speaks the first protocol, in which one's own part came whole."""

    async def _talk(self, socket: ClientConnection) -> None:
        hello = {"t": "hello", "v": min(VERSIONS), "cid": self._tab, "resume": None, "n": self._outbox.last}
        await socket.send(json.dumps(hello))
        async for text in socket:
            frame = json.loads(text)
            await self._heard(frame | {"all": True} if frame["t"] == "you" else frame, socket)


async def test_two_versions_show_one_board_and_neither_misreads_the_other(tmp_path: Path, seen: Seen) -> None:
    """A page of the protocol before, and the fact of a version to come in the journal of two processes of this one."""
    async with a_store(tmp_path / "store") as store, a_hall(tmp_path, store=store, servers=2) as hall:
        closes = [await spoken(hall, version) for version in (min(VERSIONS) - 1, max(VERSIONS) + 1)]
        old = OldPage(hall.at(1), hall.cookies[0], lang="en")
        hall.phones.append(await hall.stack.enter_async_context(old))
        async with hall.writing() as writing:
            await writing.more(40)
        judgement = await hall.judgement()
        mine = await hall.phone_again(0)
        shown, (_, head) = dict(hall.phones[0].shown), await hall.entries()
        await hall.journal.append(hall.code, head, [("future:1", b'{"t":1,"f":{"k":"FromTheFuture"}}')])
        asked = asyncio.create_task(hall.phones[0].do("PostIdea", id="late0000", text="Après", step="ideas"))
        said = await within(until_told(hall.phones, "unavailable"))
        late = await hall.phone_again(0)
        after = await hall.journal.head(hall.code)
        asked.cancel()
        words = f"protocols {min(VERSIONS)} and {VERSION} show one board, others are closed with {closes[0]}"
        seen.judged(judgement, f"{words}; a newer fact stops the room before it, “{said}”")

        assert closes == [4426, 4426]
        assert set(old.mine) == set(mine.mine)
        assert late.shown == shown
        assert after is not None
        assert after.seq == head.seq + 1


async def spoken(hall: Hall, version: int) -> int:
    """What a page of another protocol version is told: the close code."""
    url = hall.at(0).replace("http:", "ws:") + "/live?lang=fr"
    hello = {"t": "hello", "v": version, "cid": "0" * 32, "resume": None, "n": 0}
    cookie = {"Cookie": hall.cookies[0]}
    async with connect(url, additional_headers=cookie, origin=hall.servers[0].address) as socket:
        await socket.send(json.dumps(hello))
        with pytest.raises(ConnectionClosed) as closed:
            await within(socket.recv())
    assert closed.value.rcvd is not None
    return closed.value.rcvd.code


async def test_a_process_that_stands_still_for_three_seconds_closes_nobody(
    tmp_path: Path, seen: Seen
) -> None:
    async with a_hall(tmp_path) as hall:
        server = hall.servers[0]
        async with hall.writing() as writing:
            await writing.more()
            connections = hall.front.accepted
            os.kill(server.pid, signal.SIGSTOP)
            await asyncio.sleep(3)  # the fault itself
            os.kill(server.pid, signal.SIGCONT)
            await writing.more()
        again = hall.front.accepted - connections
        lags = [lag["ms"] for lag in await within(logged(hall, "loop_lag"))]
        words = f"{again} connections were closed, the log says a lag of {max(lags)} ms"
        seen.judged(await hall.judgement(), words)

    assert again == 0
    assert max(lags) > 2000


async def test_readers_that_never_read_are_cut_and_cost_little(tmp_path: Path, seen: Seen) -> None:
    assert allow_sockets(1024)
    async with a_hall(tmp_path, people=WALL) as hall:
        server = hall.servers[0]
        await hall.grow(cards=LARGE)
        sockets, memory = connections(server.port), peak_mb(server.pid)
        stuck = [StuckPhone(hall.at(0), cookie) for cookie in hall.cookies[:WALL]]
        for phone in stuck:
            hall.stack.callback(phone.leave)
        await asyncio.gather(*(phone.join() for phone in stuck))
        await eventually(lambda: connections(server.port) >= sockets + WALL)
        joined = time.monotonic()
        async with hall.writing():
            await eventually(
                lambda: connections(server.port) < sockets + WALL // 10, 3 * STUCK_SECONDS * busy()
            )
            cut = time.monotonic() - joined
        grown = peak_mb(server.pid) - memory
        words = f"{WALL} stuck phones cut after {cut:.0f} s, {grown} MB more at the most, {peak_mb(server.pid)} in all"
        seen.judged(await hall.judgement(), f"{words}, longest pause of others {hall.last_gap:.1f} s")
        assert peak_mb(server.pid) < MEMORY_MB


async def test_a_process_out_of_descriptors_sends_sockets_away_and_recovers(
    tmp_path: Path, seen: Seen
) -> None:
    limit = 256
    async with a_hall(
        tmp_path, people=limit, before=("sh", "-c", f'ulimit -n {limit}; exec "$@"', "sh")
    ) as hall:
        crowd = [LightPhone(hall.at(0), hall.cookies[n]) for n in range(limit)]
        for phone in crowd:
            hall.stack.callback(phone.leave)
        tried = await asyncio.gather(*(within(phone.join(), 15) for phone in crowd), return_exceptions=True)
        served = sum(isinstance(took, float) for took in tried)
        refused = [phone.retry_after for phone in crowd if phone.status == 503]
        page = await get(hall.at(0), cookie=hall.cookies[0])
        async with hall.writing() as writing:
            await writing.more()
        for phone in crowd:
            phone.leave()
        assert (await crowd[-1].back(20)) < 20
        cut = limit - served - len(refused)
        words = f"{served} sockets served, {len(refused)} answered 503, {cut} cut before that; pages served; all came in later"
        seen.judged(await hall.judgement(), words)

    assert served
    assert refused
    assert all(refused)
    assert page.status == 200


# --- what these share


def connections(port: int) -> int:
    """How many connections a server's port has, as the kernel sees them."""
    lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return sum(local.endswith(f":{port:04X}") and state == "01" for _, local, _, state, *_ in lines)


def peak_mb(pid: int) -> int:
    """The most memory that a process ever held, MB."""
    [line] = [line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if "VmHWM" in line]
    return int(line.split()[1]) // 1024
