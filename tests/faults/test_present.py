"""Rows 71–73: who is present (J8), while servers, bells and the store fail and phones come and go.

In each of them somebody who is not done is there, or is on the way back, until the end: no desk may say before that
everybody is done. To these servers a minute is five seconds.
"""

import asyncio
import re
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Final, NamedTuple

from forum.demo.client import Client
from tests.faults import hurried
from tests.faults.conftest import Seen
from tests.faults.hall import Hall, a_hall, busy, eventually, get, within
from tests.faults.proxy import Way, without
from tests.faults.store import Store, a_store

AWAY_SECONDS: Final = hurried.PACE.near_seconds
LOOK_SECONDS: Final = hurried.PACE.listen_seconds
SLACK_SECONDS: Final = 2.0  # of two cores that have other work
FINISHED: Final = re.compile(r'<dd>(\d+)<span class="of">of (\d+)</span></dd></div>\s*</dl>')
EVERYBODY: Final = "is done."


class Told(NamedTuple):
    """What a desk shows: how many are done, of how many who are present; whether it says that this is everybody."""

    done: int
    present: int
    everybody: bool


class Desk:
    """A desk on one server, and all it was ever told."""

    def __init__(self, client: Client) -> None:
        self._client, self.told = client, [Told(0, 0, False)]
        client.on_frame = self._heard

    @property
    def now(self) -> Told:
        return self.told[-1]

    @property
    def said_everybody(self) -> bool:
        return any(told.everybody for told in self.told)

    def _heard(self, _frame: object) -> None:
        html = self._client.shown.get("counts", ("", "", ""))[2]
        if figures := FINISHED.search(html):
            told = Told(int(figures[1]), int(figures[2]), EVERYBODY in html)
            if told != self.now:
                self.told.append(told)


class Phones:
    """People's phones, each on the server that it is given, or wherever the way before all servers leads."""

    def __init__(self, hall: Hall) -> None:
        self._hall = hall
        self._there: dict[int, AsyncExitStack] = {}

    async def come(self, *people: int, by: str = "") -> None:
        for person in people:
            stack = self._there.setdefault(person, AsyncExitStack())
            client = Client(by or self._hall.address, self._hall.cookies[person], lang="en")
            await stack.enter_async_context(client)
            await within(client.until(lambda c: c.position is not None))

    async def say_done(self, *people: int, server: int) -> None:
        """They say so on a page that is closed again."""
        for person in people:
            async with Client(self._hall.at(server), self._hall.cookies[person], lang="en") as client:
                assert (await within(client.do("SayDone"))).accepted

    async def go(self, *people: int) -> None:
        """All their pages are closed."""
        for person in people:
            await self._there.pop(person).aclose()

    async def all_go(self) -> None:
        await self.go(*self._there)


@asynccontextmanager
async def a_room(folder: Path, store: Store, people: int) -> AsyncIterator[tuple[Hall, Phones, list[Desk]]]:
    """Two hurried servers with a line to the store each, and a desk at each; nobody is there yet."""
    async with a_hall(
        folder, store=store, lined=True, servers=2, phones=0, people=people, before=hurried.BEFORE
    ) as hall:
        phones = Phones(hall)
        hall.stack.push_async_callback(phones.all_go)
        desks = []
        for server in range(2):
            client = Client(hall.at(server, "/desk"), hall.desk_cookie, lang="en")
            desks.append(Desk(await hall.stack.enter_async_context(client)))
        yield hall, phones, desks


async def present(desks: list[Desk], people: int, done: int, seconds: float = AWAY_SECONDS) -> float:
    """Seconds until each of these desks says how many are done, of how many who are present; within the time that is told."""
    began = time.monotonic()
    most = seconds + AWAY_SECONDS / 2 + 2 * LOOK_SECONDS + SLACK_SECONDS * busy()
    try:
        await eventually(lambda: all(desk.now[:2] == (done, people) for desk in desks), most)
    except TimeoutError:
        raise AssertionError(
            f"{done} of {people} is right, told is {[desk.told[-5:] for desk in desks]}"
        ) from None
    return time.monotonic() - began


async def test_J8_phones_of_a_killed_server_are_away_in_time_and_count_once_where_they_come_back(
    tmp_path: Path, seen: Seen
) -> None:
    async with (
        a_store(tmp_path / "store") as store,
        a_room(tmp_path, store, people=6) as (hall, phones, (near, far)),
    ):
        await phones.come(0, 1, by=hall.at(0))
        await phones.come(2, 3, by=hall.at(1))
        await phones.come(3, by=hall.at(0))  # a second page, on another server than the first
        await phones.come(4)
        await phones.come(4)
        await phones.say_done(0, 1, 2, 3, server=1)
        await present([near, far], 5, done=4)

        await hall.servers[0].kill()
        took = await present([far], 3, done=2)
        for _ in range(3):  # the one who is not done comes and goes, faster than anybody counts as away
            await phones.go(4)
            await asyncio.sleep(AWAY_SECONDS / 10)
            await phones.come(4)
        assert not far.said_everybody

        await phones.go(4)
        await present([far], 2, done=2)
        assert far.now.everybody
        await hall.servers[0].start()
        await present([near, far], 4, done=4)
        await phones.come(4)
        await present([near, far], 5, done=4)
        assert not any(desk.now.everybody for desk in (near, far))
        seen.judged(await hall.judgement(), f"two phones of a killed server were away after {took:.1f} s")


async def test_J8_presence_needs_no_bell_and_a_server_without_the_store_calls_nobody_away(
    tmp_path: Path, seen: Seen
) -> None:
    async with (
        a_store(tmp_path / "store") as store,
        a_room(tmp_path, store, people=5) as (hall, phones, desks),
    ):
        for line in hall.lines:
            line.bells = Way(edit=without(lambda: True))
        await phones.come(0, 1, by=hall.at(0))
        await phones.come(2, 3, by=hall.at(1))
        await phones.say_done(1, 2, 3, server=0)
        await present(desks, 4, done=3)
        await phones.go(1)
        await present(desks, 3, done=2)
        await phones.come(1, by=hall.at(1))
        back = await present(desks, 4, done=3, seconds=0.0)

        cut_off = len(desks[1].told)
        hall.lines[1].hold()
        await present(desks[:1], 1, done=0)  # whom the other server hears, nobody can tell this one
        assert [told.present for told in desks[1].told[cut_off:] if told.present < 4] == []
        hall.lines[1].heal()
        again = await present(desks, 4, done=3, seconds=0.0)
        assert not any(desk.said_everybody for desk in desks)
        words = f"without bells, who comes is present after {back:.1f} s; after a dead line, {again:.1f} s"
        seen.judged(await hall.judgement(), words)


async def test_J8_a_store_that_goes_or_forgets_makes_nobody_away_and_nobody_done(
    tmp_path: Path, seen: Seen
) -> None:
    async with (
        a_store(tmp_path / "store") as store,
        a_room(tmp_path, store, people=6) as (hall, phones, (near, far)),
    ):
        await phones.come(0, 1, by=hall.at(0))
        await phones.come(2, 3, 4, by=hall.at(1))
        await phones.say_done(0, 1, 2, server=0)
        await present([near, far], 5, done=3)
        await phones.go(4)
        await present([near, far], 4, done=3)

        store.kill()
        away = [len(desk.told) for desk in (near, far)]
        await phones.go(1)
        await asyncio.sleep(1.5 * AWAY_SECONDS)  # for longer than what others put down counts
        page = await get(hall.at(1), cookie=hall.cookies[4])
        await present([far], 5, done=3, seconds=0.0)
        await store.start()
        await phones.come(4, by=hall.at(1))
        took = await present([near, far], 4, done=2)
        for desk, start in zip((near, far), away, strict=True):
            assert [told for told in desk.told[start:] if told.present < 4] == []

        await store.say("DEL", f"{{{hall.code}}}:n")
        await asyncio.sleep(AWAY_SECONDS)
        assert (near.now, far.now) == (Told(2, 4, False),) * 2
        assert not any(desk.said_everybody for desk in (near, far))
        assert page.status == 200
        seen.judged(
            await hall.judgement(), f"both desks were right {took:.1f} s after the store was there again"
        )
