"""Forums in real stores, put there fact by fact, and a keeper whose clock a test sets."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from forum.domain import records
from forum.domain.flow import ForumOpened
from forum.domain.kernel import Fact, Record
from forum.domain.room import EMPTY, fold
from forum.domain.state import State
from forum.journal import CODE_LENGTH, CODE_LETTERS, Conflict, Journal, StoreAddress, open_journal, recompute
from forum.keeping import Keeper, Ledger
from tests.scenes import START, Scene

DAY_MS = 24 * 3600 * 1000


def a_code() -> str:
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))


@dataclass
class House:
    """One instance: its store, its ledger, its keeper, and the time there."""

    journal: Journal
    data: Path
    now: int = START
    keeper: Keeper = field(init=False)

    def __post_init__(self) -> None:
        self.keeper = Keeper(self.journal, Ledger(self.data), lambda: self.now)

    async def put(self, scene: Scene, code: str = "", **opened: str) -> str:
        """A scene's facts as a forum of this store; its first fact says the code."""
        code = code or a_code()
        first = ForumOpened(code, "Vision 2025", "fr", **opened)
        facts = [("opening:1", first, scene.journal[0][2])]
        facts += [(op or "opening:1", record.fact, record) for _, op, record in scene.journal[1:]]
        batch = [(op, body_of(fact, record)) for op, fact, record in facts]
        await self.journal.create(code, batch, {"created": str(START), "lang": "fr"})
        return code

    async def add(self, code: str, *facts: Fact, by: str = "", op: str = "desk-000000000000:1") -> None:
        head = await self.journal.head(code)
        batch = [(op, records.encode(Record(fact, by, self.now, "salt"))) for fact in facts]
        while True:
            try:
                await self.journal.append(code, head, batch)
            except Conflict as conflict:
                head = conflict.head
            else:
                return

    async def state(self, code: str) -> State:
        """What a process that starts now would show; the chain is proven."""
        entries, state = await self.journal.read(code), EMPTY
        recompute(entries)
        for entry in entries:
            state = fold(state, entry.seq, entry.op, records.decode(entry.body))
        return state


def body_of(fact: Fact, record: Record) -> bytes:
    return records.encode(Record(fact, record.by, record.at, record.salt, record.entered_by))


@asynccontextmanager
async def house(data: Path, url: str | None = None) -> AsyncIterator[House]:
    async with open_journal(StoreAddress(url, data)) as journal:
        yield House(journal, data)


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path / "data") as found:
        yield found
