"""A forum that nobody visits any more costs nothing: what this process held of it is gone, and comes back when asked for."""

import asyncio
import gc
import weakref
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from forum.domain.flow import OpenStep
from forum.domain.roles import Role
from forum.domain.state import State
from forum.domain.steps.board import PostIdea
from forum.fragments.pages import Pages
from forum.live import Hub, Pace
from forum.memory import give_back
from tests.live.conftest import PHONE, House, seated

HURRY = Pace(idle_seconds=0.05, check_seconds=0.02)


@contextmanager
def nobody_collects() -> Iterator[None]:
    """As in a server, where the collector of cycles rests for hours."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


async def visited(house: House, hub: Hub) -> str:
    """A forum that somebody wrote in, and left."""
    code = await house.forum()
    await house.joined(hub, code, "fac", role=Role.FACILITATOR)
    await house.joined(hub, code, "lea")
    await house.ask(hub, code, OpenStep("ideas"), "fac")
    async with seated(hub, code, PHONE, "lea"):
        await house.ask(hub, code, PostIdea("idea0001", "Ouvrir le jeudi", "ideas"), "lea")
        await hub.settled(code)
    return code


async def let_go(hub: Hub) -> None:
    """Wait until the rooms are over: a hub has forgotten them a little before their tasks have ended."""
    while hub.open or hub._living:  # noqa: ASYNC110  nobody is told
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.01)  # what waited for those tasks holds them for one more turn


def left_of(code: str) -> int:
    """How many states of a forum are in memory."""
    return sum(isinstance(thing, State) and thing.code == code for thing in gc.get_objects())


@pytest.fixture
def pages() -> Pages:
    return Pages(static=lambda path: f"/static/test/{path}")


def hurrying(house: House, pages: Pages, **more) -> Hub:
    return Hub(house.journal, pages, clock=house.clock, new_salt=lambda: "salt", pace=HURRY, **more)


async def test_nothing_of_a_forum_stays_in_memory_when_it_is_let_go_though_nobody_collects(
    house: House, pages: Pages
) -> None:
    with nobody_collects():
        async with hurrying(house, pages) as hub:
            code = await visited(house, hub)
            trail = weakref.ref(hub._rooms[code].seating._trail)
            before, drawn = left_of(code), pages._own_put.cache_info().currsize
            await let_go(hub)

            assert before > 0
            assert drawn > 0
            assert left_of(code) == 0
            assert trail() is None
            assert pages._own_put.cache_info().currsize == 0


async def test_a_room_that_was_let_go_can_be_collected_and_its_forum_is_there_when_somebody_comes(
    house: House, pages: Pages
) -> None:
    async with hurrying(house, pages) as hub:
        code = await visited(house, hub)
        room = weakref.ref(hub._rooms[code])
        await let_go(hub)
        gc.collect()
        gone = room() is None
        shown = await hub.shown(code)

        assert gone
        assert [idea.text for idea in shown.view.state.ideas.by_id.values()] == ["Ouvrir le jeudi"]


async def test_memory_goes_back_once_the_rooms_are_over_and_only_alone_is_it_taken_time_for(
    house: House, pages: Pages
) -> None:
    given: asyncio.Queue[tuple[bool, int]] = asyncio.Queue()

    async def note(*, alone: bool) -> None:
        given.put_nowait((alone, left_of(first)))

    async with hurrying(house, pages, give_back=note) as hub:
        other = await house.forum()
        await house.joined(hub, other, "anne")
        async with seated(hub, other, PHONE, "anne"):
            first = await visited(house, hub)
            beside = await given.get()
        alone = await given.get()

    assert beside == (False, 0)
    assert alone == (True, 0)


async def test_cycles_are_collected_when_nobody_is_connected_and_not_while_somebody_would_wait() -> None:
    class Ring(list["Ring"]):
        """Something that may hold itself."""

    ring = Ring()
    ring.append(ring)
    left = weakref.ref(ring)
    with nobody_collects():
        del ring
        await give_back(alone=False)
        kept = left() is not None
        await give_back(alone=True)

    assert kept
    assert left() is None
