"""Rows 46–51: clocks, names of hosts, exports, and journals that are long or were touched by hand."""

import asyncio
import itertools
import re
import time
from pathlib import Path

from forum.domain import records
from tests.faults.conftest import Seen
from tests.faults.hall import STEP, Hall, a_hall, busy, get, logged, until_told, within
from tests.faults.light import LightPhone, percentile
from tests.faults.store import a_store
from tests.servers import MovedClock

DAY_SECONDS = 24 * 3600
LONG, JOINING, JOIN_SECONDS = 10_000, 200, 3.0


async def test_a_clock_that_jumps_a_day_ends_nothing_early_and_changes_no_order(
    tmp_path: Path, seen: Seen
) -> None:
    clock = MovedClock(tmp_path)
    async with a_hall(tmp_path, before=clock.before) as hall:
        async with hall.writing() as writing:
            for days in (1, -1, 0):
                await writing.more(40)
                before = set(hall.front.links)
                clock.set(days * DAY_SECONDS)
                await writing.more(40)
                late = await hall.phone_again(0)
                assert before <= hall.front.links  # nobody was turned out
        at = [records.decode(entry.body).at for entry in (await hall.entries())[0]]
        jumped = max(abs(b - a) for a, b in itertools.pairwise(at)) / 1000 / DAY_SECONDS
        seen.judged(await hall.judgement(), f"jumps of {jumped:.0f} days at most; nobody was turned out")

    assert jumped > 1
    assert late.position is not None


async def test_a_hall_without_names_of_hosts_needs_none(tmp_path: Path, seen: Seen) -> None:
    """No resolver: what a page asks for, and what the QR says, is an address of numbers or a path."""
    async with a_hall(tmp_path, FORUM_PUBLIC_URL="") as hall:
        page = (await get(hall.at(0), cookie=hall.cookies[0])).body.decode()
        asked = re.findall(r"""(?:href|src|action)=["']([^"'#]+)["']""", page)
        elsewhere = [address for address in asked if not address.startswith(("/", "?", "data:"))]
        async with hall.writing() as writing:
            await writing.until(60)
        shown = " ".join(html for _, _, html in (await desk_shown(hall)).values())
        links = set(re.findall(rf"([\w.-]+):\d+/f/{hall.code}", shown + page))
        seen.judged(
            await hall.judgement(), f"{len(asked)} addresses in the page, all paths; links by {links}"
        )

    assert elsewhere == []
    assert links
    assert all(re.fullmatch(r"[\d.]+|localhost", link) for link in links)


async def desk_shown(hall: Hall) -> dict:
    desk = await hall.desk()
    await within(desk.until(lambda c: c.position is not None))
    return desk.shown


async def test_an_export_while_the_store_dies_is_whole_and_the_same(tmp_path: Path, seen: Seen) -> None:
    async with a_store(tmp_path / "store") as store, a_hall(tmp_path, store=store) as hall:
        async with hall.writing() as writing:
            await writing.until(200)
        judgement = await hall.judgement()
        path, cookie = "/desk/export/forum.json", hall.desk_cookie
        first = await get(hall.at(0, path), cookie=cookie)
        asked = [asyncio.create_task(get(hall.at(0, path), cookie=cookie)) for _ in range(8)]
        await asyncio.sleep(0)
        store.kill()
        during = [await within(one) for one in asked]
        during += [await get(hall.at(0, path), cookie=cookie)]
        await store.start()
        await within(hall.until_ready(True))
        again = await get(hall.at(0, path), cookie=cookie)
        seen.judged(judgement, f"{len(during)} asked for it while the store died, all whole")

    assert [answer.status for answer in (first, *during, again)] == [200] * (2 + len(during))
    assert {answer.body for answer in (*during, again)} == {first.body}


async def test_a_room_is_rebuilt_from_its_journal_alone(tmp_path: Path, seen: Seen) -> None:
    """There is no stored state that could be corrupt; what somebody puts beside the journal is not looked at."""
    async with a_store(tmp_path / "store") as store, a_hall(tmp_path, store=store) as hall:
        async with hall.writing() as writing:
            await writing.until(200)
        judgement = await hall.judgement()
        path, cookie = "/desk/export/forum.json", hall.desk_cookie
        before = await get(hall.at(0, path), cookie=cookie)
        await store.say("HSET", f"{{{hall.code}}}:s", "seq", 7, "state", "\0garbage")
        await hall.servers[0].kill()
        await hall.servers[0].start()
        after = await get(hall.at(0, path), cookie=cookie)
        seen.judged(judgement, "no snapshot is kept; a process started anew gives the same bytes")

    assert (before.status, before.body) == (after.status, after.body)


async def test_a_journal_touched_by_hand_is_read_as_far_as_it_goes_and_takes_nothing(
    tmp_path: Path, seen: Seen
) -> None:
    async with a_store(tmp_path / "store") as store, a_hall(tmp_path, store=store) as hall:
        async with hall.writing() as writing:
            await writing.until(100)
        judgement = await hall.judgement()
        shown, (_, head) = dict(hall.phones[0].shown), await hall.entries()
        await store.say(
            "XADD", f"{{{hall.code}}}:j", f"{head.seq + 1}-0", "o", "x:1", "b", "{}", "c", "0" * 16
        )
        asked = asyncio.create_task(hall.phones[0].do("PostIdea", id="late0000", text="Après", step=STEP))
        said = await within(until_told(hall.phones, "unavailable"))
        alarm, *_ = await within(logged(hall, "forum_frozen"))
        late = await hall.phone_again(0)
        asked.cancel()
        seen.judged(judgement, f"read-only, “{said}”, alarm: {alarm['why']}")

    assert late.shown == shown


async def test_a_room_of_ten_thousand_facts_is_joined_by_two_hundred(tmp_path: Path, seen: Seen) -> None:
    async with a_store(tmp_path / "store") as store, a_hall(tmp_path, store=store, people=JOINING) as hall:
        async with hall.writing() as writing:
            await writing.until(60)
        judgement = await hall.judgement()
        await hall.grow(cards=400, facts=LONG)
        await hall.servers[0].kill()
        await hall.servers[0].start()
        crowd = [LightPhone(hall.at(0), cookie) for cookie in hall.cookies[:JOINING]]
        for phone in crowd:
            hall.stack.callback(phone.leave)
        started = time.monotonic()
        await crowd[0].join()
        cold = time.monotonic() - started
        joins = await asyncio.gather(*(phone.join() for phone in crowd[1:]))
        words = (
            f"the first page after {cold:.1f} s, {JOINING} joins within {percentile(joins, 0.99):.1f} s (p99)"
        )
        seen.judged(judgement, words)

    assert percentile(joins, 0.99) < JOIN_SECONDS * busy()
