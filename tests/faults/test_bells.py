"""Rows 19–25: the doorbell, and calls in a crowd. Facts go in by one process; phones on the other must see them."""

import time
from pathlib import Path

from forum.demo.client import Client
from tests.faults.conftest import Seen
from tests.faults.hall import Hall, a_hall, busy, within
from tests.faults.proxy import Way, out_of_order, twice, without
from tests.faults.store import a_store

CHECK_SECONDS = 2.0  # between two looks at the heads
SLACK_SECONDS = 1.0  # of two cores that have other work


async def shown_after(hall: Hall, far: Client) -> float:
    """Seconds from a tick on server 0 until ``far`` shows it."""
    verdict = await hall.post(hall.phones[0])
    started = time.monotonic()
    await within(far.until(lambda c: c.position["s"] >= verdict.seq))
    return time.monotonic() - started


async def near_and_far(hall: Hall) -> None:
    """Phone 0 sits on server 0, phone 1 on server 1."""
    await hall.phone(0, hall.at(0))
    await hall.phone(1, hall.at(1))


async def test_bells_that_are_lost_delay_news_by_one_check_at_most(tmp_path: Path, seen: Seen) -> None:
    async with (
        a_store(tmp_path / "store") as store,
        a_hall(tmp_path, store=store, lined=True, servers=2, phones=0) as hall,
    ):
        await near_and_far(hall)
        dropped = 0

        def some() -> bool:
            nonlocal dropped
            lost = hall.rng.random() < 0.3
            dropped += lost
            return lost

        hall.lines[1].bells = Way(edit=without(some))
        async with hall.writing(hall.phones[:1]) as writing:
            await writing.until(60)
        seen.judged(await hall.judgement(), f"{dropped} bells lost on the way to the other process")

    assert dropped > 5


async def test_the_last_bell_lost_delays_news_by_one_check_at_most(tmp_path: Path, seen: Seen) -> None:
    async with (
        a_store(tmp_path / "store") as store,
        a_hall(tmp_path, store=store, lined=True, servers=2, phones=0) as hall,
    ):
        await near_and_far(hall)
        hall.lines[1].bells = Way(edit=without(lambda: True))
        took = [await shown_after(hall, hall.phones[1]) for _ in range(3)]
        seen.judged(
            await hall.judgement(), f"shown elsewhere after {max(took):.1f} s at most, without any bell"
        )

    assert max(took) < CHECK_SECONDS + SLACK_SECONDS * busy()


async def test_bells_rung_twice_or_late_change_nothing(tmp_path: Path, seen: Seen) -> None:
    async with (
        a_store(tmp_path / "store") as store,
        a_hall(tmp_path, store=store, lined=True, servers=2, phones=0) as hall,
    ):
        await near_and_far(hall)
        hall.lines[1].bells = Way(edit=twice)
        async with hall.writing(hall.phones[:1]) as writing:
            await writing.until(40)
        hall.lines[1].bells = Way(edit=out_of_order())
        async with hall.writing(hall.phones[:1]) as writing:
            await writing.until(40)
        hall.lines[1].hang_up()
        async with hall.writing(hall.phones[:1]) as writing:
            await writing.until(20)
        seen.judged(await hall.judgement(), "twice, in the wrong order, and across a reconnection")


async def test_a_half_open_subscription_is_noticed_and_left(tmp_path: Path, seen: Seen) -> None:
    async with (
        a_store(tmp_path / "store") as store,
        a_hall(tmp_path, store=store, lined=True, servers=2, phones=0) as hall,
    ):
        await near_and_far(hall)
        line = hall.lines[1]
        [dead] = [link for link in line.links if link.subscribed]
        dead.hold()
        held = time.monotonic()
        behind = [await shown_after(hall, hall.phones[1])]
        while not any(link.subscribed for link in line.links - {dead}):
            behind.append(await shown_after(hall, hall.phones[1]))
        noticed = time.monotonic() - held
        words = f"left after {noticed:.1f} s; meanwhile news came after {max(behind):.1f} s at most"
        seen.judged(await hall.judgement(), words)

    assert noticed < 7 + CHECK_SECONDS * busy()
    assert max(behind) < CHECK_SECONDS + SLACK_SECONDS * busy()


async def test_a_late_confirmation_leaves_no_hole_between_reading_and_listening(
    tmp_path: Path, seen: Seen
) -> None:
    async with (
        a_store(tmp_path / "store") as store,
        a_hall(tmp_path, store=store, lined=True, servers=2, phones=0) as hall,
    ):
        await hall.phone(0, hall.at(0))
        hall.lines[1].bells = Way(latency=2.0)
        async with hall.writing(hall.phones[:1]) as writing:
            await writing.more(5)
            started = time.monotonic()
            far = await hall.phone(1, hall.at(1))  # the first of this room on that process
            waited = time.monotonic() - started
            await writing.more(20)
        seen.judged(await hall.judgement(), f"the first page waited {waited:.1f} s, and had no hole")

    assert waited >= 1.9
    assert far.position is not None


async def test_every_answer_reaches_who_asked_though_many_hang_up_in_between(
    tmp_path: Path, seen: Seen
) -> None:
    async with (
        a_store(tmp_path / "store") as store,
        a_hall(tmp_path, store=store, lined=True, people=40, phones=40) as hall,
    ):
        hall.lines[0].down = Way(latency=0.5)
        async with hall.writing(hall.phones[:30]) as writing:
            for _ in range(3):
                await writing.more(20)
                cut = hall.front.hang_up(0.5)
            hall.lines[0].heal()
            await writing.more(300)
        seen.judged(await hall.judgement(), f"sockets cut while calls were under way, {cut} the last time")
