"""T16 and T17: how long people wait for ✓ while others load, download and ask again. Acknowledgements, not deliveries.

Writers say a card at fixed moments, whether the one before was answered or not, and each wait counts from the moment
it was due: a server that stands still cannot hide it.
"""

import asyncio
import itertools
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import quantiles

import msgspec

from forum.demo.client import Client
from tests.bench import machine
from tests.bench.pressure import Pressed
from tests.bench.subject import STEP, Subject, subject
from tests.bench.table import Row, judged, say

WRITERS, EVERY_SECONDS = 30, 0.5  # 60 cards a second
CARDS = 1_000
T16_PEOPLE, T16_SECONDS = 200, 1.0
T17_SHARE, ROUNDS = 2.0, 3
SETTLED_SECONDS = 30.0
STORMS = {
    "loads": ("64 page loads at once, again and again", "", False),
    "exports": ("20 exports at once, again and again", "/desk/export", True),
    "needs": ("8 sockets that ask for the whole page again and again", "/live", False),
}


@dataclass
class Waits:
    """How long each card of one stretch of time waited for ✓, in seconds."""

    each: list[float] = field(default_factory=list)
    refused: int = 0
    cores: float = 0.0  # of the server, on average: what the machine's other guests cannot make worse

    @property
    def p99(self) -> float:
        return quantiles(self.each, n=100)[98] if len(self.each) > 1 else 0.0

    @property
    def p50(self) -> float:
        return sorted(self.each)[len(self.each) // 2] if self.each else 0.0

    def __str__(self) -> str:
        refused = f", {self.refused} refused" if self.refused else ""
        return f"{1000 * self.p50:.0f}/{1000 * self.p99:.0f} ms{refused}"


class Writers:
    """People who write, for as long as the block lasts."""

    def __init__(self, there: Subject, first: int) -> None:
        cookies = [there.cookie(first + n) for n in range(WRITERS)]
        self._clients = [Client(there.base, cookie) for cookie in cookies]
        self._ids = itertools.count(first * 100_000)
        self._servers = there.servers

    async def __aenter__(self) -> "Writers":
        for client in self._clients:
            await client.__aenter__()
            async with asyncio.timeout(SETTLED_SECONDS):
                await client.until(lambda c: c.position is not None)
        return self

    async def __aexit__(self, *error: object) -> None:
        await asyncio.gather(*(client.__aexit__(*error) for client in self._clients))

    async def until(self, over: asyncio.Future[object] | asyncio.Task[object], least: float = 0.0) -> Waits:
        """Write until something is over, and for so many seconds at least."""
        waits, loop = Waits(), asyncio.get_running_loop()
        begin, used = loop.time(), machine.cpu_seconds(self._servers)
        async with asyncio.TaskGroup() as cards:
            for n in itertools.count():
                due = begin + n * EVERY_SECONDS / WRITERS
                if due > begin + least and over.done():
                    break
                await asyncio.sleep(max(0.0, due - loop.time()))
                cards.create_task(self._card(self._clients[n % WRITERS], due, waits))
        waits.cores = (machine.cpu_seconds(self._servers) - used) / (loop.time() - begin)
        return waits

    async def during(self, seconds: float) -> Waits:
        over: asyncio.Future[object] = asyncio.get_running_loop().create_future()
        over.set_result(None)
        return await self.until(over, seconds)

    async def _card(self, client: Client, due: float, waits: Waits) -> None:
        text = f"Une idée de plus, la {due:.3f}e"
        verdict = await client.do("PostIdea", id=f"pressed{next(self._ids)}", text=text, step=STEP)
        waits.each.append(asyncio.get_running_loop().time() - due)
        waits.refused += not verdict.accepted


async def press(there: Subject, what: str, path: str, seconds: float, cookies: list[str]) -> Pressed:
    """Run a load in a process of its own, to its end."""
    file = there.folder / "pressing"
    file.write_text("\n".join(cookies))
    words = (what, str(there.ports[0]), f"/f/{there.code}{path}", str(seconds), str(file))
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.pressure", *words, stdout=asyncio.subprocess.PIPE
    )
    said, _ = await process.communicate()
    return msgspec.json.decode(said.splitlines()[-1], type=Pressed)


@contextmanager
def _room() -> Iterator[Subject]:
    with subject(people=T16_PEOPLE + WRITERS + ROUNDS, cards=CARDS) as there:
        yield there


async def _crowd_loads(there: Subject, seconds: float) -> tuple[Waits, Waits, Pressed]:
    async with Writers(there, T16_PEOPLE) as writers:
        await writers.during(1.0)
        calm = await writers.during(seconds)
        cookies = [there.cookie(n) for n in range(T16_PEOPLE)]
        pressing = asyncio.create_task(press(there, "pages", "", seconds, cookies))
        waits = await writers.until(pressing)
        return calm, waits, await pressing


def crowd_loads(seconds: float) -> list[Row]:
    """T16."""
    say(f"  {T16_PEOPLE} people load their page at once, {CARDS} cards, {WRITERS} others write")
    with _room() as there:
        calm, waits, pressed = asyncio.run(_crowd_loads(there, seconds))
    refused = sum(n for status, n in pressed.statuses.items() if status != "200")
    return [
        Row(
            id="T16",
            what=f"{T16_PEOPLE} people load their page at once, {CARDS} cards: ✓ of {WRITERS} who write, p50/p99",
            forum=f"{waits}; {refused} loads refused, the last after {pressed.slowest_s:.1f} s",
            target=f"p99 <= {1000 * T16_SECONDS:.0f} ms, none refused",
            verdict=judged(not refused and not waits.refused and waits.p99 <= T16_SECONDS),
            why=f"Calm, just before: {calm}.",
        )
    ]


async def _storm(there: Subject, what: str, seconds: float) -> list[tuple[Waits, Waits, Pressed]]:
    """Calm and storm in turn, so that both meet the same machine; each storm by somebody fresh, whose limits are full."""
    _, path, leads = STORMS[what]
    rounds = []
    async with Writers(there, T16_PEOPLE) as writers:
        await writers.during(1.0)
        for n in range(ROUNDS):
            cookie = there.desk if leads else there.cookie(T16_PEOPLE + WRITERS + n)
            calm = await writers.during(seconds)
            pressing = asyncio.create_task(press(there, what, path, seconds, [cookie]))
            waits = await writers.until(pressing, seconds)
            rounds.append((calm, waits, await pressing))
    return rounds


def _share(round_: tuple[Waits, Waits, Pressed]) -> float:
    calm, waits, _ = round_
    return waits.p99 / max(calm.p99, 1e-9)


def one_person_alone(seconds: float) -> list[Row]:
    """T17."""
    rows = []
    for what, (words, _, _) in STORMS.items():
        say(f"  one person: {words}")
        with _room() as there:
            rounds = asyncio.run(_storm(there, what, seconds))
        calm, waits, pressed = sorted(rounds, key=_share)[ROUNDS // 2]
        told = ", ".join(f"{n} x {status}" for status, n in sorted(pressed.statuses.items()))
        share, refused = _share((calm, waits, pressed)), sum(waits.refused for _, waits, _ in rounds)
        rows.append(
            Row(
                id="T17",
                what=f"one person, {CARDS} cards: {words}: ✓ of the others, p50/p99",
                forum=f"{waits} = {share:.1f} x calm",
                target=f"p99 <= {T17_SHARE:.0f} x calm",
                verdict=judged(not refused and share <= T17_SHARE),
                why=f"The middle one of {ROUNDS}. Calm, just before: {calm}. The storm got {told}, {pressed.bytes / 1e6:.0f} MB; "
                f"the server took {calm.cores:.2f} of a core before it, {waits.cores:.2f} in it.",
            )
        )
    return rows
