"""The small client on a real server: how it bears being told to wait."""

import asyncio
from collections import Counter
from pathlib import Path

from forum.demo.client import Client
from forum.demo.outbox import PASSING
from forum.web.limits import TAB
from tests.processes.test_kills import a_forum
from tests.servers import serving

MORE = 24  # ops beyond what a tab may send at once
SECONDS = 60.0  # a bound for a test


async def test_who_is_told_to_wait_goes_on_hearing_and_sends_each_op_again_about_once(tmp_path: Path) -> None:
    ops = round(TAB.burst) + MORE
    refused: Counter[int] = Counter()
    code, _, cookies = await a_forum(tmp_path / "data")
    async with (
        serving(tmp_path / "data") as server,
        asyncio.timeout(SECONDS),
        Client(f"{server.address}/f/{code}", cookies[0]) as phone,
    ):

        def hear(frame: dict) -> None:
            if frame["t"] == "nack":
                refused[frame["n"]] += frame["code"] in PASSING | {"out_of_order"}

        phone.on_frame = hear
        verdicts = await asyncio.gather(*(phone.do("SayDone") for _ in range(ops)))

    assert len(verdicts) == ops
    assert sum(refused.values()) > 0, "nobody was told to wait, so this shows nothing"
    assert sum(refused.values()) <= 3 * MORE
    assert max(refused.values()) <= 4
