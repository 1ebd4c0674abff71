"""J8: whose phones are heard, at this process and at others, and what desks and walls are told of it."""

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest

from forum.domain.flow import OpenStep
from forum.domain.kernel import PersonId
from forum.domain.people import SayDone
from forum.domain.roles import Role
from forum.fragments.surface import Audience
from forum.journal import open_journal
from forum.journal.contract import nearby_key
from forum.journal.nearby import Nearby
from forum.live import Hub, Pace
from forum.live.listening import Listening
from tests.live.conftest import DESK, PAGES, PHONE, House, seated, until
from tests.sim.mutants.planting import Mutant, planted

WALL = Audience("screen", "en")
HURRY = Pace(listen_seconds=0.05, near_seconds=0.3)
LATER_MS = 120_000
MISTAKES = (
    Mutant("silence of the store is taken for people's", Listening, "listen", "found & before", "found"),
    Mutant(
        "whoever left is away at once",
        Listening,
        "left",
        "self._now() + self._pace.near_seconds",
        "self._now()",
    ),
    Mutant("others are not asked", Listening, "listen", "bits = _both(bits, other)", "pass"),
    Mutant(
        "what a process put down counts for ever", Nearby, "exchange", "if then > at - counts_ms", "if then"
    ),
)


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


async def test_J8_what_is_damaged_of_one_forum_deafens_no_other(house: House) -> None:
    async with process(house) as hub:
        broken = await three(house, hub)
        await house.journal.nearby._calls.all_of(
            [("DEL", nearby_key(broken)), ("SET", nearby_key(broken), b"x")]
        )
        code = await three(house, hub)
        async with seated(hub, broken, WALL, "wall"), seated(hub, code, WALL, "wall") as wall:
            await house.ask(hub, code, SayDone(), "lea")
            async with seated(hub, code, PHONE, "lea"):
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
    assert await one.exchange("ABC234", b"\x06", 1_000, 60_000) == (False, [])
    async with open_journal(house.address) as journal:
        assert await journal.nearby.exchange("ABC234", None, 2_000, 60_000) == (False, [b"\x06"])
        assert await journal.nearby.exchange("ABC234", None, 62_000, 60_000) == (False, []), (
            "it counts for a minute"
        )
        assert await journal.nearby.exchange("ABC234", None, 300_000, 60_000) == (False, [])
        assert await journal.nearby.exchange("ABC234", None, 2_000, 60_000) == (False, []), (
            "and was taken out"
        )


async def told_wrongly(house: House, patience: float, near_seconds: float = 0.6) -> list[str]:
    """What a wall was told that is not so, while the store forgets, somebody goes, and another process dies.

    Whoever goes is absent ``near_seconds`` later at the soonest; a mistake shows as sooner, so the longer they are, the
    busier the machine may be.
    """
    pace = Pace(listen_seconds=0.05, near_seconds=near_seconds)
    now = asyncio.get_running_loop().time
    wrong: list[str] = []

    async def comes(what: str, seconds: float = patience) -> None:
        try:
            async with asyncio.timeout(seconds):
                await until(lambda: says(wall, "crowd", what))
        except TimeoutError:
            wrong.append(f"never “{what}”")

    async with process(house, pace) as ours, AsyncExitStack() as other:
        theirs = await other.enter_async_context(process(house, pace))
        code = await three(house, ours)
        async with (
            seated(ours, code, WALL, "wall") as wall,
            seated(ours, code, PHONE, "lea"),
            seated(theirs, code, PHONE, "anne"),
        ):
            await house.ask(ours, code, SayDone(), "lea")
            async with seated(ours, code, PHONE, "paul"):
                await comes("of 3 is done")
                words = len(wall.heard)
                nearby = house.journal.nearby
                await nearby.exchange(
                    code, None, house.clock.at + 10 * LATER_MS, 1
                )  # takes out what all had put down
                while len((await nearby.exchange(code, None, house.clock.at, LATER_MS))[1]) < 2:
                    house.clock.at += 1
                wrong += [f"“{told}” of 3" for told in crowds(wall.heard[words:]) if "of 3" not in told]
                leaves = now()
            await comes("of 2 is done")
            if now() - leaves < near_seconds:
                wrong.append("whoever left was away at once")
            for task in theirs._watching:  # as one that was killed
                task.cancel()
            house.clock.at += round(1700 * near_seconds)
            await comes("of 1 is done")
    return wrong


def crowds(frames: list[dict]) -> Iterator[str]:
    """What a wall was told of how many are done."""
    for frame in frames:
        for key, _, _, html in frame.get("put", ()):
            if key == "crowd":
                yield " ".join(html.split())


async def test_J8_a_store_that_forgets_and_a_process_that_dies_tell_nothing_untrue(house: House) -> None:
    assert await told_wrongly(house, patience=20.0) == []


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.name)
async def test_J8_a_planted_mistake_in_who_is_present_is_noticed(house: House, mistake: Mutant) -> None:
    with planted(mistake):
        assert await told_wrongly(house, patience=5.0, near_seconds=3.0)


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
        assert await journal.nearby.exchange("ABC234", b"\x01", 1_001, 60_000) == (False, [bits])
