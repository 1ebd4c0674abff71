"""Rows 33–41 and 45: the network between phones and servers."""

import asyncio
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.faults.conftest import Seen
from tests.faults.hall import LARGE, Hall, a_hall, busy, eventually, within
from tests.faults.light import LightPhone, StuckPhone, allow_sockets, handshake, hello, percentile
from tests.faults.proxy import Way
from tests.faults.test_servers import connections

HELLO_SECONDS = 5.0
SLACK_SECONDS = 1.5
STORM = 2_000
STORM_SECONDS = 15.0
PONG_SECONDS = 40.0
IDLE_SECONDS = 30.0


async def p99_of_ticks(hall: Hall, cards: int = 60) -> float:
    """How long a tick takes, for 99 of 100, one card after the other."""
    took = []
    for _ in range(cards):
        started = time.monotonic()
        await hall.post(hall.phones[len(took) % len(hall.phones)])
        took.append(time.monotonic() - started)
    return percentile(took, 0.99)


async def test_a_reader_that_stands_still_is_passed_over_and_cut(tmp_path: Path, seen: Seen) -> None:
    async with a_hall(tmp_path) as hall:
        server = hall.servers[0]
        await hall.grow(cards=LARGE)
        before, sockets = await p99_of_ticks(hall), connections(server.port)
        stuck = StuckPhone(hall.at(0), hall.cookies[0])
        hall.stack.callback(stuck.leave)
        await stuck.join()
        await eventually(lambda: connections(server.port) > sockets)
        joined = time.monotonic()
        during = await p99_of_ticks(hall)
        await eventually(lambda: connections(server.port) <= sockets)
        cut = time.monotonic() - joined
        words = f"cut after {cut:.0f} s; a tick takes {1000 * before:.0f} ms without it, {1000 * during:.0f} ms beside it"
        seen.judged(await hall.judgement(), f"{words} (p99)")

    assert cut < (10 + 5) * busy()


async def trickled(address: str, first: bytes, slow: bytes, *, answered: bool = False) -> tuple[float, bytes]:
    """Say ``first``, then ``slow`` a byte every half second; seconds until the server said its last words, or ended it without any, and the words.

    ``answered``: wait for the answer to ``first`` before that.
    """
    parts, started = urlsplit(address), time.monotonic()
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)

    async def drip() -> None:
        with suppress(OSError):
            for n in range(len(slow)):
                writer.write(slow[n : n + 1])
                await writer.drain()
                await asyncio.sleep(0.5)

    writer.write(first)
    if answered:
        await within(reader.readuntil(b"\r\n\r\n"))
    dripping = asyncio.create_task(drip())
    try:
        said, took = b"", 0.0
        with suppress(OSError):
            while more := await within(reader.read(1 << 20), 20):
                said, took = said + more, time.monotonic() - started
        return took or time.monotonic() - started, said
    finally:
        dripping.cancel()
        writer.transport.abort()


async def test_who_speaks_a_byte_at_a_time_is_let_go(tmp_path: Path, seen: Seen) -> None:
    async with a_hall(tmp_path) as hall:
        parts = urlsplit(hall.at(0))
        head = f"GET / HTTP/1.1\r\nHost: {parts.netloc}\r\nX-Slow: ".encode()
        shake = handshake(hall.at(0), hall.cookies[0])
        async with hall.writing():
            (request, _), (silent, _), (shaking, _), (greeting, said) = await asyncio.gather(
                trickled(hall.at(0), head, b"x" * 60),
                trickled(hall.at(0), b"", b""),
                trickled(hall.at(0), shake[:40], shake[40:]),
                trickled(hall.at(0), shake, hello(), answered=True),
            )
        times = [request, silent, shaking, greeting]
        words = f"in a request {request:.1f} s, silent {silent:.1f} s, in the handshake {shaking:.1f} s"
        seen.judged(await hall.judgement(), f"{words}, in the hello {greeting:.1f} s (4408)")

    assert max(times) < HELLO_SECONDS + SLACK_SECONDS * busy()
    assert min(times) > HELLO_SECONDS - SLACK_SECONDS
    assert (4408).to_bytes(2, "big") in said


async def test_a_phone_behind_a_dead_line_is_freed_and_comes_back_once(tmp_path: Path, seen: Seen) -> None:
    async with a_hall(tmp_path, phones=3) as hall:
        server, gone = hall.servers[0], hall.phones[0]
        await hall.post(gone)
        sockets = connections(server.port)
        held = list(hall.front.links)
        for link in held:
            link.hold()
        started = time.monotonic()
        await eventually(lambda: connections(server.port) <= sockets - len(held), PONG_SECONDS + 10)
        freed = time.monotonic() - started
        for link in list(hall.front.links):
            link.reset()
        await within(hall.post(gone))
        await eventually(lambda: connections(server.port) == sockets)
        seen.judged(await hall.judgement(), f"freed after {freed:.0f} s, back as one socket")

    assert freed < PONG_SECONDS + busy()


async def test_sockets_that_are_reset_again_and_again_lose_nothing(tmp_path: Path, seen: Seen) -> None:
    async with a_hall(tmp_path) as hall:
        cut = 0
        async with hall.writing() as writing:
            for _ in range(12):
                cut += hall.front.hang_up(0.3)
                await writing.more(25)
        seen.judged(await hall.judgement(), f"{cut} resets, longest pause {hall.last_gap:.1f} s")

    assert cut > 10


async def test_lost_packets_delay_and_lose_nothing(tmp_path: Path, seen: Seen) -> None:
    async with a_hall(tmp_path) as hall:
        hall.front.up, hall.front.down = Way(loss=0.3), Way(loss=0.3)
        async with hall.writing() as writing:
            await writing.until(120)
        hall.front.heal()
        seen.judged(await hall.judgement(), f"longest pause {hall.last_gap:.1f} s")


async def test_a_thin_line_gets_fewer_larger_updates_and_stays_usable(tmp_path: Path, seen: Seen) -> None:
    async with a_hall(tmp_path) as hall:
        async with hall.writing() as writing:
            await writing.until(100)
        for way in (hall.front.up, hall.front.down):
            way.bytes_per_second = 64_000 / 8
        frames = {phone._tab: 0 for phone in hall.phones}
        for phone in hall.phones:
            phone.on_frame = lambda said, tab=phone._tab: count(frames, tab, said)
        started = time.monotonic()
        newcomer = await hall.phone(0)
        paged = time.monotonic() - started
        async with hall.writing(hall.phones[:12]) as writing:
            await writing.more(200)
        cards = writing.ticked
        hall.front.heal()
        words = (
            f"first page after {paged:.1f} s, {cards} cards in {min(frames.values())} updates at the least"
        )
        seen.judged(await hall.judgement(), f"{words}, longest pause {hall.last_gap:.1f} s")

    assert newcomer.position is not None
    assert min(frames.values()) < cards


def count(frames: dict[str, int], tab: str, said: dict) -> None:
    frames[tab] += said["t"] == "chg"


async def test_a_far_away_network_makes_nobody_connect_again(tmp_path: Path, seen: Seen) -> None:
    async with a_hall(tmp_path) as hall:
        connections = hall.front.accepted
        hall.front.up, hall.front.down = Way(latency=1, jitter=0.4), Way(latency=1, jitter=0.4)
        async with hall.writing() as writing:
            await writing.until(60)
        again = hall.front.accepted - connections
        far = await hall.phone(0)
        hall.front.heal()
        seen.judged(await hall.judgement(), f"{again} reconnections, longest pause {hall.last_gap:.1f} s")

    assert again == 0
    assert far.position is not None


async def test_bytes_that_come_one_by_one_are_read(tmp_path: Path, seen: Seen) -> None:
    async with a_hall(tmp_path, phones=3) as hall:
        hall.front.up, hall.front.down = Way(piece=1), Way(piece=1)
        async with hall.writing() as writing:
            await writing.until(20)
        newcomer = await hall.phone(0)
        hall.front.heal()
        seen.judged(
            await hall.judgement(),
            f"a page of {sum(len(h) for *_, h in newcomer.shown.values())} characters too",
        )


async def test_a_proxy_that_ends_what_is_silent_ends_nobody(tmp_path: Path, seen: Seen) -> None:
    async with a_hall(tmp_path, phones=3) as hall:
        hall.front.idle_seconds = IDLE_SECONDS
        connections = hall.front.accepted
        await asyncio.sleep(IDLE_SECONDS + 5)  # nobody writes
        assert hall.front.accepted == connections
        async with hall.writing() as writing:
            await writing.until(6)
        seen.judged(await hall.judgement(), f"{hall.front.idled} ended by a limit of {IDLE_SECONDS:.0f} s")
        assert hall.front.idled == 0


async def test_two_thousand_phones_of_one_address_come_back_at_once(tmp_path: Path, seen: Seen) -> None:
    if not allow_sockets(STORM + 500):
        pytest.skip(f"this system does not allow {STORM + 500} sockets")
    async with a_hall(tmp_path, people=STORM) as hall:
        async with hall.writing() as writing:
            await writing.until(60)
        crowd = [LightPhone(hall.at(0), cookie) for cookie in hall.cookies[:STORM]]
        for phone in crowd:
            hall.stack.callback(phone.leave)
        for start in range(0, STORM, 200):
            await asyncio.gather(*(phone.back(30) for phone in crowd[start : start + 200]))
        for phone in crowd:
            phone.leave()
            phone.refusals = 0
        started = time.monotonic()
        back = await asyncio.gather(*(phone.back(60) for phone in crowd))
        took = time.monotonic() - started
        refusals = sum(phone.refusals for phone in crowd)
        async with hall.writing() as writing:
            await writing.more()
        words = f"{STORM} of {len(back)} back after {took:.1f} s, half of them after {percentile(back, 0.5):.1f} s"
        seen.judged(await hall.judgement(), f"{words}, {refusals} refusals")

    assert took < STORM_SECONDS * busy()
    assert refusals == 0
