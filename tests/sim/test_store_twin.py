"""The simulated store is held to a real one: the same calls, the same answers, the same journal, restarts included."""

import asyncio
import os
import random
import signal
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from forum.journal import (
    CODE_LENGTH,
    CODE_LETTERS,
    Conflict,
    Head,
    Journal,
    NoForum,
    Pace,
    StoreAddress,
    Taken,
    Unavailable,
    open_journal,
)
from forum.journal.library import Library
from tests.sim.store import SimServers, StoreServer, Way
from tests.sim.valkey import Valkey

SEED = 20250131
SECONDS = 20.0
FORUMS = 2

bodies = st.binary(min_size=0, max_size=12)
batches = st.lists(st.tuples(st.sampled_from(["a:1", "a:2", "b:1", "long-cid:999"]), bodies), max_size=4)
forums = st.integers(0, FORUMS - 1)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("create"), forums, batches.filter(len)),
        st.tuples(st.just("append"), forums, batches, st.sampled_from(["head", "head", "head", "old", "gen", "chain"])),
        st.tuples(st.just("read"), forums, st.integers(0, 6)),
        st.tuples(st.just("heads")),
        st.tuples(st.just("name"), forums, st.sampled_from(["p1", "p2"]), st.sampled_from(["Léa", ""])),
        st.tuples(st.just("restart")),
    ),
    min_size=1, max_size=25,
).filter(lambda script: script.count(("restart",)) < 2)  # fmt: skip


class Twin:
    """One side: a journal, and how its store is given a new life."""

    def __init__(self, journal: Journal, restart: Callable[[], Awaitable[None]]) -> None:
        self._journal, self._new_life = journal, restart
        self._old: dict[str, Head] = {}

    async def answers(self, codes: list[str], script: list[tuple]) -> list[str]:
        said = []
        for name, *args in script:
            try:
                said.append(repr(await self._do(name, codes, *args)))
            except (Conflict, NoForum, Taken) as error:
                said.append(
                    f"{type(error).__name__} {error}".replace(codes[0], "one").replace(codes[1], "two")
                )
        return said

    async def _do(self, name, codes, *args):
        if name == "heads":
            ours = [record.created for record in await self._journal.forums() if record.code in codes]
            return [*(await self._journal.heads(codes)).values()], ours
        if name == "restart":
            return await self._new_life()
        code, rest = codes[args[0]], args[1:]
        match name:
            case "create":
                return await self._journal.create(code, *rest, {"created": "5", "lang": "fr"})
            case "append":
                return await self._append(code, *rest)
            case "read":
                return await self._journal.read(code, *rest)
            case _:
                return await self._name(code, *rest)

    async def _append(self, code, batch, on):
        head = await self._journal.head(code) or Head(1, 0, "")
        old = self._old.get(code, head)
        self._old[code] = head
        expected = {
            "head": head, "old": old, "gen": head._replace(gen=head.gen + 1), "chain": head._replace(chain="0" * 16),
        }[on]  # fmt: skip
        return await self._journal.append(code, expected, batch)

    async def _name(self, code, person, name):
        await (self._journal.set_name(code, person, name) if name else self._journal.erase_name(code, person))
        return await self._journal.names(code)


def simulated() -> Twin:
    server = StoreServer(Valkey(), Way())
    servers = SimServers(server, Pace())

    async def restart() -> None:
        server.restart()

    return Twin(Journal(servers, Library(servers, Pace()), None, None), restart)


def real(journal: Journal) -> Twin:
    async def restart() -> None:
        """Kill -9; its supervisor starts it again."""
        info = await journal._calls.one("INFO", "server")
        os.kill(int(info.split(b"process_id:")[1].split()[0]), signal.SIGKILL)
        async with asyncio.timeout(SECONDS):
            while True:
                with suppress(Unavailable):
                    again = await journal._calls.one("INFO", "server")
                    if again.split(b"run_id:")[1][:40] != info.split(b"run_id:")[1][:40]:
                        return

    return Twin(journal, restart)


@pytest.fixture(scope="module")
async def journal(tmp_path_factory):
    async with open_journal(StoreAddress(None, Path(tmp_path_factory.mktemp("twin")))) as opened:
        yield opened


async def test_the_simulated_store_answers_as_the_real_one(journal):
    """Hypothesis draws and shrinks the calls; both sides run them in this test's own loop."""
    rng = random.Random(SEED)
    scripts: list[list[tuple]] = []

    @settings(max_examples=24, database=None, deadline=None, phases=[Phase.generate], derandomize=True,
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(steps)
    def draw(script):
        scripts.append(script)

    draw()
    assert sum(step[0] == "restart" for script in scripts for step in script) > 3
    for script in scripts:
        codes = ["".join(rng.choice(CODE_LETTERS) for _ in range(CODE_LENGTH)) for _ in range(FORUMS)]
        wanted = await real(journal).answers(codes, script)

        assert await simulated().answers(codes, script) == wanted, f"seed {SEED}: {script}"
