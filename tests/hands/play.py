"""One play: a room, a seed, and so many gestures, one to three people at a time."""

import asyncio
import random
from collections import Counter
from pathlib import Path
from typing import Final, NamedTuple

from playwright.async_api import Browser

from tests.hands.judge import Judge
from tests.hands.room import a_room

TOGETHER: Final = 3  # people who do something in the same moment, at most
CUT_SHARE: Final = 0.03  # of the moments in which a page loses its connection
BOTH_SHARE: Final = 0.06  # of the moments in which both desks press what leads, at once
LEADING_SHARE: Final = 0.35  # of the moments in which a desk does something


class Play(NamedTuple):
    """What came of it."""

    gestures: int
    held: int
    led: int
    met: Counter[str]  # commands, and how they were answered
    wrong: list[str]


async def play(browser: Browser, folder: Path, seed: int, gestures: int) -> Play:
    """Live through so many gestures; what went wrong is told with what its person did before."""
    rng = random.Random(seed)
    async with a_room(browser, folder, seed) as room:
        judge, done = Judge(room), 0
        while done < gestures:
            hands = rng.sample(room.phones, rng.randint(1, TOGETHER))
            both = rng.random() < BOTH_SHARE
            if both:
                hands += room.desks[:2]
            elif rng.random() < LEADING_SHARE:
                hands += rng.sample(room.desks, rng.randint(1, len(room.desks)))
            if rng.random() < CUT_SHARE:
                rng.choice(room.networks).hang_up()
            said = await asyncio.gather(*(hand.gesture(both and hand in room.desks) for hand in hands))
            done += sum(map(bool, said))
            await asyncio.gather(*(hand.hesitate() for hand in hands))
            await judge.look()
        led = await judge.read_journal()
        return Play(done, judge.held, led, judge.met, judge.wrong)
