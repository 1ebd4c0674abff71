"""J8: whose phones are heard, at this process and at others, and what desks and walls are told of it."""

from contextlib import AsyncExitStack, asynccontextmanager

import pytest

from forum.domain.flow import OpenStep
from forum.domain.kernel import PersonId
from forum.domain.people import SayDone
from forum.domain.roles import Role
from forum.fragments.surface import Audience
from forum.journal import open_journal
from forum.live import Hub, Pace
from tests.live.conftest import DESK, PAGES, PHONE, House, seated, until

WALL = Audience("screen", "en")
HURRY = Pace(listen_seconds=0.05, near_seconds=0.3)
LATER_MS = 120_000


@asynccontextmanager
async def process(house: House, pace: Pace = HURRY):
    """Another process, in a hurry."""
    async with (
        open_journal(house.address) as journal,
        Hub(journal, PAGES, clock=house.clock, new_salt=lambda: "salt", pace=pace) as hub,
    ):
        yield hub


async def three(house: House, hub: Hub) -> str:
    """Three people came some minutes ago, and the board is open."""
    code = await house.forum()
    await house.joined(hub, code, "fac", role=Role.FACILITATOR)
    await house.joined(hub, code, "wall", role=Role.SCREEN)
    await house.joined(hub, code, "lea", "anne", "paul")
    await house.ask(hub, code, OpenStep("ideas"), "fac")
    house.clock.at += LATER_MS
    return code


def says(browser, key: str, text: str) -> bool:
    return text in " ".join(browser.page.get(key, ("", "", ""))[2].split())


async def test_J8_two_of_three_phones_close_and_done_speaks_of_the_one_that_is_there(house: House) -> None:
    async with process(house) as hub:
        code = await three(house, hub)
        async with seated(hub, code, DESK, "fac") as desk, seated(hub, code, WALL, "wall") as wall:
            async with seated(hub, code, PHONE, "lea"):
                async with seated(hub, code, PHONE, "anne"), seated(hub, code, PHONE, "paul"):
                    await house.ask(hub, code, SayDone(), "lea")
                    await until(lambda: says(wall, "crowd", "of 3 is done"))
                await until(lambda: says(wall, "crowd", "of 1 is done"))
                await until(lambda: says(desk, "counts", "2 personnes sont absentes"))
                async with seated(hub, code, PHONE, "anne") as phone:
                    await until(lambda: says(wall, "crowd", "of 2 is done"))
                    assert not [frame for frame in phone.heard if frame.get("near")]
            before = len(desk.heard)
            await until(lambda: says(wall, "crowd", "0") or not says(wall, "crowd", "of"))
            told = [frame for frame in desk.heard[before:] if frame.get("near")]
            assert {key for frame in told for key, *_ in frame["put"]} <= {"counts", "people", "remaining"}


async def test_J8_phones_of_another_process_are_heard_until_a_minute_after_it_died(house: House) -> None:
    patient = Pace(listen_seconds=0.05, near_seconds=0.6)
    async with process(house, patient) as ours, AsyncExitStack() as other:
        theirs = await other.enter_async_context(process(house, patient))
        code = await three(house, ours)
        async with seated(ours, code, WALL, "wall") as wall, seated(ours, code, PHONE, "lea"):
            await house.ask(ours, code, SayDone(), "lea")
            for person in ("anne", "paul"):
                await other.enter_async_context(theirs.seat(code, PHONE, PersonId(person), Quiet(), None))
            await until(lambda: says(wall, "crowd", "of 3 is done"))
            for task in theirs._watching:  # as one that was killed: it takes nothing back
                task.cancel()
            house.clock.at += LATER_MS
            await until(lambda: says(wall, "crowd", "of 1 is done"))


async def test_J8_who_asks_for_a_page_or_presses_without_scripts_is_heard(house: House) -> None:
    async with process(house) as hub:
        code = await three(house, hub)
        async with seated(hub, code, WALL, "wall") as wall, seated(hub, code, PHONE, "lea"):
            await house.ask(hub, code, SayDone(), "lea")
            await until(lambda: says(wall, "crowd", "of 1 is done"))
            hub.heard(code, PersonId("anne"), pressed=True)
            await until(lambda: says(wall, "crowd", "of 2 is done"))


async def test_J8_a_wall_that_comes_back_is_told_who_is_present_though_no_fact_was_missed(
    house: House,
) -> None:
    async with process(house) as hub:
        code = await three(house, hub)
        async with seated(hub, code, PHONE, "lea"):
            await house.ask(hub, code, SayDone(), "lea")
            async with seated(hub, code, WALL, "wall") as wall:
                await until(lambda: says(wall, "crowd", "of 1 is done"))
            async with seated(hub, code, WALL, "wall", wall.resume) as again:
                await until(lambda: says(again, "crowd", "of 1 is done"))
                assert [frame["t"] for frame in again.heard][:1] == ["welcome"]
                assert not [frame for frame in again.heard if frame["t"] in ("full", "chg")]


async def test_J8_what_is_put_down_beside_the_journal_is_a_bit_for_each_arrival_and_expires(
    house: House,
) -> None:
    one = house.journal.nearby
    assert await one.exchange("ABC234", b"\x06", 1_000, 60_000) == []
    async with open_journal(house.address) as journal:
        assert await journal.nearby.exchange("ABC234", None, 2_000, 60_000) == [b"\x06"]
        assert await journal.nearby.exchange("ABC234", None, 62_000, 60_000) == [], "it counts for a minute"
        assert await journal.nearby.exchange("ABC234", None, 300_000, 60_000) == []
        assert await journal.nearby.exchange("ABC234", None, 2_000, 60_000) == [], "and was taken out"


class Quiet:
    """A wire to a phone of which nothing is asked."""

    packs = False
    backlog = 0

    def write(self, frame: bytes) -> None:
        pass

    def abort(self) -> None:
        pass

    def close(self, code: int, reason: str = "") -> None:
        pass


@pytest.mark.parametrize("bits", [b"\x00", b"\x02\x80"])
async def test_J8_bits_come_as_they_were_put_down(house: House, bits: bytes) -> None:
    await house.journal.nearby.exchange("ABC234", bits, 1_000, 60_000)
    async with open_journal(house.address) as journal:
        assert await journal.nearby.exchange("ABC234", b"\x01", 1_001, 60_000) == [bits]
