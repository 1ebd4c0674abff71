"""T18: many people have themselves erased within seconds, while everybody votes. What do the others notice?"""

import asyncio
import random
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from statistics import quantiles
from typing import Any, Final, Literal

from forum.demo.client import Client
from forum.domain import records
from forum.domain.keeping import Redacted
from forum.journal import Journal, StoreAddress, open_journal
from tests.bench.subject import VOTE, Subject, subject
from tests.bench.table import Row, judged, say

PEOPLE: Final = 60
WHO_ERASE: Final = 30
CALM_SECONDS: Final = 3.0
WITHIN_SECONDS: Final = 3.0
AFTERWARDS_SECONDS: Final = 3.0  # what a crowd leaves behind it is noticed too
VOTES_A_SECOND: Final = 2.0  # of each person
SETTLED_SECONDS: Final = 120.0
OPTIONS: Final = 12
CARDS: Final = 240
MOST_MS: Final = 1_000

Texts = Literal["none", "all"]
NAME: Final[Texts] = "none"
WORDS: Final[Texts] = "all"


@dataclass
class Noticed:
    """What everybody noticed."""

    others: list[float] = field(default_factory=list)  # seconds until an op of somebody else was acknowledged
    calm: list[float] = field(default_factory=list)  # the same before anybody erased
    erasers: list[float] = field(default_factory=list)  # until an erasure was
    refused: Counter[str] = field(default_factory=Counter)  # by code, those that a phone heals included
    redactions: Counter[str] = field(default_factory=Counter)  # by person
    names_left: int = 0
    whole_pages: int = 0  # sent again to phones that had one

    @property
    def most(self) -> int:
        """Redactions of one person."""
        return max(self.redactions.values(), default=0)

    @property
    def p99_ms(self) -> float:
        return _p99_ms(self.others)

    @property
    def calm_ms(self) -> float:
        return _p99_ms(self.calm)

    @property
    def worst_ms(self) -> float:
        return max([*self.others, *self.erasers]) * 1000


def a_crowd_erases(seed: int) -> list[Row]:
    """T18: by their name only, and with every word they wrote."""
    rows = []
    for texts, what in ((NAME, "their name"), (WORDS, "their name and words")):
        say(f"  Forum, {WHO_ERASE} of {PEOPLE} people erase {what}")
        with subject(people=PEOPLE, cards=CARDS, seed=seed, vote=True) as there:
            found = noticed(there, list(there.people), texts, seed)
        once = found.most == 1 and len(found.redactions) == WHO_ERASE and not found.names_left
        refused = sum(found.refused.values())
        said = (
            f"{sum(found.redactions.values())} redactions, at most {found.most} each; {refused} refused; "
            f"others p99 {found.p99_ms:.0f} ms (calm {found.calm_ms:.0f}), worst {found.worst_ms:.0f} ms; "
            f"{found.whole_pages} whole pages sent again"
        )
        rows.append(
            Row(
                id="T18" if texts == NAME else "",
                what=f"{WHO_ERASE} of {PEOPLE} erase {what}",
                forum=said,
                target=f"one each, none refused, <= {MOST_MS} ms",
                verdict=judged(once and not refused and found.worst_ms <= MOST_MS),
                why=f"Within {WITHIN_SECONDS:.0f} s, while all {PEOPLE} vote. The worst is of everybody, the erasers included.",
            )
        )
    return rows


def _p99_ms(seconds: list[float]) -> float:
    return quantiles(seconds, n=100)[98] * 1000


def noticed(there: Subject, people: list[str], texts: Texts, seed: int) -> Noticed:
    """Let half of the people erase their name, or all their words too, while everybody votes."""
    return asyncio.run(_noticed(there, people, texts, random.Random(seed)))


async def _noticed(there: Subject, people: list[str], texts: str, chance: random.Random) -> Noticed:
    found = Noticed()
    async with (
        open_journal(StoreAddress(None, there.folder / "data")) as journal,
        _phones(there, found) as phones,
    ):
        await asyncio.gather(*(journal.set_name(there.code, p, f"Prénom {n}") for n, p in enumerate(people)))
        loop = asyncio.get_running_loop()
        async with asyncio.TaskGroup() as group:
            until = loop.time() + CALM_SECONDS
            for n, phone in enumerate(phones):
                group.create_task(_votes(phone, n, until, found.calm, random.Random(chance.random())))
        async with asyncio.TaskGroup() as group:
            until = loop.time() + WITHIN_SECONDS + AFTERWARDS_SECONDS
            for n, phone in enumerate(phones):
                group.create_task(_votes(phone, n, until, found.others, random.Random(chance.random())))
            for phone in phones[:WHO_ERASE]:
                after = chance.uniform(0, WITHIN_SECONDS)
                group.create_task(_erases(phone, after, texts, found))
        await _carried_out(journal, there.code, found)
        found.names_left = len(set(people[:WHO_ERASE]) & (await journal.names(there.code)).keys())
    return found


@asynccontextmanager
async def _phones(there: Subject, found: Noticed) -> AsyncIterator[list[Client]]:
    async with AsyncExitStack() as stack:
        phones = [Client(there.base, there.cookie(n)) for n in range(PEOPLE)]
        for phone in phones:
            await stack.enter_async_context(phone)
        for phone in phones:
            await phone.until(lambda phone: bool(phone.position))
            phone.on_frame = lambda frame: _hear(frame, found)
        yield phones


def _hear(frame: dict[str, Any], found: Noticed) -> None:
    if frame["t"] == "nack":
        found.refused[frame["code"]] += 1
    elif frame["t"] == "full" and frame.get("part", 1) == 1:
        found.whole_pages += 1


async def _votes(phone: Client, n: int, until: float, found: list[float], chance: random.Random) -> None:
    """One point there and back: never more than anybody has; none at the end."""
    loop, points = asyncio.get_running_loop(), 1
    while loop.time() < until:
        await asyncio.sleep(chance.expovariate(VOTES_A_SECOND))
        began = time.perf_counter()
        await phone.do("GiveMark", step=VOTE, key=f"before{n % OPTIONS}", mark=points)
        found.append(time.perf_counter() - began)
        points = 1 - points


async def _erases(phone: Client, after: float, texts: str, found: Noticed) -> None:
    await asyncio.sleep(after)
    began = time.perf_counter()
    await phone.do("ErasePerson", texts=texts)
    found.erasers.append(time.perf_counter() - began)


async def _carried_out(journal: Journal, code: str, found: Noticed) -> None:
    """Wait until everybody's erasure is in the journal."""
    async with asyncio.timeout(SETTLED_SECONDS):
        while True:
            facts = [records.decode(e.body).fact for e in await journal.read(code)]
            found.redactions = Counter(str(f.person) for f in facts if isinstance(f, Redacted) and not f.more)
            if len(found.redactions) >= WHO_ERASE:
                return
            await asyncio.sleep(0.1)
