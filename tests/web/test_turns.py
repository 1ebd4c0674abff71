"""The line of those who ask for what costs: people come in turn, and who asks for much waits for themself."""

import asyncio
import contextlib
import time

import pytest
from starlette.requests import Request

from forum.slices import Sliced
from forum.web import costs
from forum.web.limits import Rate, TooMany
from forum.web.turns import (
    BUSY_REST,
    CALM_REST,
    MOST_WAITING,
    SLICE_SECONDS,
    WAITING_ADDRESS,
    Asker,
    Bounds,
    Crowded,
    Turns,
)
from tests.web.conftest import Place

ONE = Bounds(1, 1, 1, 8, Rate(1000, 1000), 10.0)
LEA, ANNE = Asker("ABC234", "lea", alone=True), Asker("ABC234", "anne", alone=True)
HALL = Asker("ABC234", "198.51.100.7", alone=False)


async def held(turns: Turns, bounds: Bounds, asker: Asker, said: list[str], word: str) -> None:
    async with turns.turn(bounds, asker):
        said.append(word)
        await asyncio.sleep(0)


async def test_who_asks_for_many_waits_for_themself_and_others_come_in_between() -> None:
    turns, said = Turns(lambda: False), []
    async with asyncio.TaskGroup() as people:
        for n in range(8):
            people.create_task(held(turns, ONE, LEA, said, f"léa {n}"))
        await asyncio.sleep(0)
        for n in range(2):
            people.create_task(held(turns, ONE, ANNE, said, f"anne {n}"))

    assert [word for word in said if word.startswith("léa")] == [f"léa {n}" for n in range(8)]
    assert said.index("anne 0") <= 3
    assert said.index("anne 1") <= 5


async def test_who_asks_for_more_than_anybody_needs_is_told_so_and_a_hall_is_not() -> None:
    turns, said = Turns(lambda: False), []
    async with contextlib.AsyncExitStack() as stack, asyncio.TaskGroup() as people:
        await stack.enter_async_context(turns.turn(ONE, LEA))
        for n in range(ONE.waiting):
            people.create_task(held(turns, ONE, LEA, said, f"{n}"))
        for n in range(200):
            people.create_task(held(turns, ONE, HALL, said, f"hall {n}"))
        await asyncio.sleep(0)
        with pytest.raises(TooMany):
            async with turns.turn(ONE, LEA):
                raise AssertionError("one too many")
        await stack.aclose()

    assert len(said) == ONE.waiting + 200
    assert WAITING_ADDRESS >= 2000, "a hall that reloads at once"


async def test_two_addresses_that_fill_the_line_keep_out_nobody_else() -> None:
    turns, said = Turns(lambda: False), []
    one, other = (Asker("", f"198.51.100.{n}", alone=False) for n in (7, 8))
    newcomer = Asker("", "203.0.113.1", alone=False)
    async with contextlib.AsyncExitStack() as stack:
        await stack.enter_async_context(turns.turn(ONE, LEA))
        flood = [
            asyncio.create_task(held(turns, ONE, asker, said, "flood"))
            for asker in (one, other)
            for _ in range(WAITING_ADDRESS)
        ]
        await asyncio.sleep(0)
        with pytest.raises(TooMany):
            await held(turns, ONE, one, said, "one more of theirs")
        honest = [
            asyncio.create_task(held(turns, ONE, asker, said, str(asker.who))) for asker in (ANNE, newcomer)
        ]
        await asyncio.sleep(0)
    await asyncio.gather(*honest)
    for task in flood:
        task.cancel()
    answers = await asyncio.gather(*flood, return_exceptions=True)

    assert len(flood) == MOST_WAITING
    assert {"anne", "203.0.113.1"} <= set(said[:8])
    assert sum(isinstance(answer, Crowded) for answer in answers) == 2


async def test_a_line_full_of_people_who_each_wait_once_takes_no_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("forum.web.turns.MOST_WAITING", 3)
    turns, said = Turns(lambda: False), []
    async with turns.turn(ONE, LEA):
        askers = [
            *(Asker("ABC234", f"person {n}", alone=True) for n in range(2)),
            Asker("", "198.51.100.7", alone=False),
        ]
        waiting = [asyncio.create_task(held(turns, ONE, asker, said, asker.who)) for asker in askers]
        await asyncio.sleep(0)
        with pytest.raises(Crowded):
            await held(turns, ONE, HALL, said, "a stranger more")
        known = asyncio.create_task(held(turns, ONE, ANNE, said, "anne"))
        await asyncio.sleep(0)
    await known
    await asyncio.gather(*waiting, return_exceptions=True)

    assert sorted(said) == ["anne", "person 0", "person 1"], "who has a cookie goes before a stranger"


async def test_an_address_is_one_in_the_line_whatever_codes_it_asks_for(place: Place) -> None:
    def asker(code: str, address: str) -> Asker:
        scope = {"type": "http", "headers": [], "app": place.app, "path_params": {"code": code}}
        return costs.asker_of(Request(scope | {"forum.address": address, "forum.https": False}))

    assert asker("ABC234", "198.51.100.7") == asker("ABC235", "198.51.100.7")
    assert asker("ABC234", "198.51.100.7") != asker("ABC234", "198.51.100.8")


async def test_who_has_waited_as_long_as_anybody_does_is_told_to_come_again() -> None:
    turns, hurried = Turns(lambda: False), ONE._replace(patience_seconds=0.01)
    async with turns.turn(hurried, LEA):
        with pytest.raises(Crowded):
            async with turns.turn(hurried, ANNE):
                raise AssertionError("nobody had left")
    async with turns.turn(hurried, ANNE):
        pass


async def test_whoever_goes_away_leaves_their_place_to_the_next() -> None:
    turns, said = Turns(lambda: False), []
    async with turns.turn(ONE, LEA):
        gone = asyncio.create_task(held(turns, ONE, LEA, said, "gone"))
        stays = asyncio.create_task(held(turns, ONE, ANNE, said, "stays"))
        await asyncio.sleep(0)
        gone.cancel()
    await stays
    await asyncio.gather(gone, return_exceptions=True)

    assert said == ["stays"]
    async with turns.turn(ONE, LEA):
        pass


async def test_who_waits_when_the_process_ends_is_told_to_come_again_at_once() -> None:
    turns = Turns(lambda: False)
    async with turns.turn(ONE, LEA):
        waiting = asyncio.create_task(held(turns, ONE, ANNE, [], "anne"))
        await asyncio.sleep(0)
        turns.end()
        with pytest.raises(Crowded):
            await waiting
    with pytest.raises(Crowded):
        await held(turns, ONE, LEA, [], "léa")


async def test_who_asked_for_much_of_late_lets_others_pass() -> None:
    slow = ONE._replace(rate=Rate(0.001, 1), patience_seconds=0.05)
    turns, said = Turns(lambda: False), []
    await held(turns, slow, LEA, said, "léa")
    async with asyncio.TaskGroup() as people:
        late = people.create_task(
            asyncio.wait_for(asyncio.shield(asyncio.create_task(_crowded(turns, slow))), 5)
        )
        people.create_task(held(turns, slow, ANNE, said, "anne"))

    assert said == ["léa", "anne"]
    assert late.result()


async def _crowded(turns: Turns, bounds: Bounds) -> bool:
    try:
        async with turns.turn(bounds, LEA):
            return False
    except Crowded:
        return True


async def test_after_a_drawing_the_loop_rests_and_longer_while_people_write() -> None:
    async def rested(*, writing: bool) -> float:
        loop, turns = asyncio.get_running_loop(), Turns(lambda: writing)
        async with turns.turn(ONE, LEA):
            began = loop.time()
            turns.drew(0.02)
        async with turns.turn(ONE, ANNE):
            return loop.time() - began

    assert await rested(writing=False) >= 0.02 * CALM_REST
    assert await rested(writing=True) >= 0.02 * BUSY_REST


async def test_what_is_drawn_in_slices_lets_others_come_between_and_is_the_same() -> None:
    turns, said = Turns(lambda: True), []

    def drawing(who: str) -> Sliced[str]:
        for n in range(4):
            until = time.thread_time() + SLICE_SECONDS  # of work: nobody's clock but our own
            while time.thread_time() < until:
                pass
            said.append(f"{who} {n}")
            yield
        return f"the page of {who}"

    async def writes() -> None:
        while len(said) < 8:
            said_before = len(said)
            await asyncio.sleep(0)
            assert len(said) - said_before <= 1, "never two slices before a command's turn"

    async with asyncio.TaskGroup() as people:
        pages = [people.create_task(turns.in_slices(drawing(who))) for who in ("léa", "anne")]
        people.create_task(writes())

    assert [page.result() for page in pages] == ["the page of léa", "the page of anne"]
    assert said[:2] == ["léa 0", "anne 0"], "nobody's page waits for the whole of another's"
