"""A page that comes to a slow phone part by part, and a phone that takes nothing."""

import asyncio
import json

from forum.domain.flow import OpenStep, RevealStep
from forum.domain.kernel import PersonId
from forum.domain.steps.sort import GroupIdeas
from forum.live import Hub, Pace
from forum.live.frames import PART_BYTES
from tests.live.conftest import PAGES, PHONE, Browser, until
from tests.live.test_rooms import ANNE, FAC, LEA, opened, pages_of, post


class Loaded(Browser):
    """A browser behind a network that takes what the test lets through; ``taken`` is called before each look."""

    takes = 0  # bytes at every look at the backlog
    most = 0
    sizes = ()
    aborted = False

    def abort(self) -> None:
        self.aborted = True

    def write(self, frame: bytes) -> None:
        self.waiting += len(frame)
        self.most = max(self.most, self.waiting)
        self.sizes = (*self.sizes, len(frame))
        text = json.loads(frame[{126: 4, 127: 10}.get(frame[1], 2) :])
        if text["t"] != "chg" or text["to"] > self.at:
            super().write(frame)

    packs = False

    @property
    def backlog(self) -> int:
        self.waiting = max(0, self.waiting - self.takes)
        return self.waiting

    @property
    def kinds(self) -> list[str]:
        return [frame["t"] for frame in self.heard]


async def test_a_page_of_a_megabyte_reaches_a_slow_phone_part_by_part(house):
    hub = await house.hub()
    code = await opened(house, hub)
    await house.ask(hub, code, RevealStep("ideas"), FAC)
    text = "Une idée écrite avec soin, un peu longue, pour que la page soit grande. " * 2
    for start in range(0, 2000, 50):
        await asyncio.gather(
            *(house.ask(hub, code, post(n, text[:140]), FAC) for n in range(start, start + 50))
        )
    wire = Loaded()
    wire.takes = 20_000
    async with hub.seat(code, PHONE, PersonId(LEA), wire, None):
        await until(lambda: "you" in wire.kinds)

        assert wire.page == pages_of((await hub.shown(code)).view, PHONE)
    assert not wire.aborted
    assert sum(wire.sizes) > 512 * 1024
    assert wire.most < 2 * PART_BYTES
    assert max(wire.sizes) <= 65_536


async def test_a_change_of_scene_during_a_page_under_way_ends_in_the_newer_page(house):
    hub = await house.hub()
    code = await opened(house, hub)
    await house.ask(hub, code, RevealStep("ideas"), FAC)
    for n in range(300):
        await house.ask(hub, code, post(n, f"Une idée de plus, la numéro {n}"), FAC)
    wire = Loaded()
    async with hub.seat(code, PHONE, PersonId(LEA), wire, None):
        await until(lambda: "full" in wire.kinds)
        assert wire.kinds == ["welcome", "full"], "the rest of the page waits for the network"
        await house.ask(hub, code, OpenStep("sort"), FAC)
        await house.ask(hub, code, GroupIdeas(("idea0001", "idea0002"), "themea", "Un thème"), FAC)
        wire.takes = 30_000
        head = (await hub.shown(code)).head
        await until(lambda: wire.at == head.seq and "you" in wire.kinds)

        assert wire.page == pages_of((await hub.shown(code)).view, PHONE)


async def test_a_phone_that_takes_nothing_is_cut_and_a_slow_one_that_takes_a_little_is_not(house):
    pace = Pace(tick_ms=5, stuck_seconds=0.3, beat_seconds=0.05)
    async with Hub(house.journal, PAGES, clock=house.clock, new_salt=lambda: "salt", pace=pace) as hub:
        code = await opened(house, hub)
        dead, slow = Loaded(), Loaded()
        async with (
            hub.seat(code, PHONE, PersonId(LEA), dead, None),
            hub.seat(code, PHONE, PersonId(ANNE), slow, None),
        ):
            slow.takes = 1
            dead.waiting = slow.waiting = 400_000
            await until(lambda: dead.aborted)

            assert not slow.aborted
