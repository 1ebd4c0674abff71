"""A process that is late says so, and takes nothing more on while it stays late."""

import asyncio
import time

from forum.live import Accepted, Hub, Pace
from forum.live.verdicts import Busy
from tests.live.conftest import PAGES
from tests.live.test_rooms import LEA, opened, post

LATE = 0.05


async def test_a_process_that_stays_late_takes_no_more_commands_until_it_is_on_time(house):
    code = await opened(house, await house.hub())
    hurry = Pace(late_seconds=LATE, late_patience_seconds=4 * LATE, calm_seconds=1.0)
    async with Hub(house.journal, PAGES, clock=house.clock, new_salt=lambda: "salt", pace=hurry) as hub:
        first = await house.ask(hub, code, post(1), LEA)
        while not isinstance(await house.ask(hub, code, post(2), LEA), Busy):
            time.sleep(2 * LATE)  # noqa: ASYNC251  the fault itself: nobody else gets a turn
        while isinstance(verdict := await house.ask(hub, code, post(3), LEA), Busy):  # noqa: ASYNC110
            await asyncio.sleep(0)

        assert isinstance(first, Accepted)
        assert isinstance(verdict, Accepted)
