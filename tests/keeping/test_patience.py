"""What fails is tried later each time, never later than bounded; and passes are joined."""

import asyncio

import pytest

from forum.keeping.passes import Passes
from forum.keeping.patience import Patience


def test_each_failure_doubles_the_pause_up_to_a_bound_and_a_success_ends_that():
    patience, now, pauses = Patience(60, 3600), 0.0, []
    for _ in range(9):
        patience.failed(now)
        pauses.append(patience.due - now)
        now = patience.due
    patience.done(now, 5)

    assert pauses == [60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]
    assert (patience.due - now, patience.is_due(now), patience.is_due(now + 5)) == (5, False, True)
    assert patience.failures == 0


async def test_whoever_asks_before_a_pass_begins_joins_it_and_whoever_asks_later_the_next():
    passes, began, go = Passes(), [], asyncio.Event()

    async def do() -> int:
        began.append(len(began))
        await go.wait()
        return began[-1]

    first = [asyncio.create_task(passes.join(do)) for _ in range(5)]
    while not began:  # noqa: ASYNC110
        await asyncio.sleep(0)
    later = [asyncio.create_task(passes.join(do)) for _ in range(5)]
    await asyncio.sleep(0)
    before = list(began)
    go.set()

    assert before == [0]
    assert await asyncio.gather(*first, *later) == [0] * 5 + [1] * 5
    assert passes.idle


async def test_a_pass_that_fails_fails_for_all_who_joined_and_the_next_is_its_own():
    passes, fails = Passes(), True

    async def do() -> int:
        if fails:
            raise OSError("away")
        return 1

    said = await asyncio.gather(*(passes.join(do) for _ in range(3)), return_exceptions=True)
    fails = False

    assert [type(error) for error in said] == [OSError] * 3
    assert await passes.join(do) == 1


async def test_who_goes_away_leaves_the_pass_alone():
    passes, go = Passes(), asyncio.Event()
    done = 0

    async def do() -> int:
        nonlocal done
        await go.wait()
        done += 1
        return done

    leaving, staying = asyncio.create_task(passes.join(do)), asyncio.create_task(passes.join(do))
    await asyncio.sleep(0)
    leaving.cancel()
    go.set()

    assert await staying == 1
    with pytest.raises(asyncio.CancelledError):
        await leaving
