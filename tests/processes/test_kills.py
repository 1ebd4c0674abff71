"""C1, C2, C10 on real processes: kill -9 in the middle of a crowd's work loses nothing and doubles nothing."""

import asyncio
import os
import signal
import time
from collections import Counter
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from forum.demo.client import Client
from forum.domain import records
from forum.domain.roles import Role
from forum.domain.steps.board import IdeaPosted
from forum.journal import Journal, StoreAddress, open_journal
from forum.opening import agendas, make_tickets, open_forum
from tests.servers import ServerProcess, serving

CLIENTS, POSTS_EACH, KILL_AFTER = 50, 40, 600
ALL_ANSWERED_SECONDS = 90.0  # a bound; a run takes some ten


def clock() -> int:
    return time.time_ns() // 1_000_000


async def a_screen(data: Path, code: str) -> str:
    """The cookie of a screen of this forum."""
    async with open_journal(StoreAddress(None, data)) as journal:
        [screen] = await make_tickets(journal, code, 1, clock=clock, role=Role.SCREEN)
    return f"forum_{code}_screen={screen.secret}"


async def a_forum(data: Path) -> tuple[str, str, list[str]]:
    """A forum's code, its desk's cookie, and the cookies of a crowd."""
    async with open_journal(StoreAddress(None, data)) as journal:
        opened = await open_forum(journal, agendas()["forum-eclair"], clock=clock)
        [desk] = await make_tickets(journal, opened.code, 1, clock=clock, role=Role.FACILITATOR)
        people = await make_tickets(journal, opened.code, CLIENTS, clock=clock)
    cookies = [f"forum_{opened.code}={t.secret}" for t in people]
    return opened.code, f"forum_{opened.code}_desk={desk.secret}", cookies


async def posted(journal: Journal, code: str) -> list[tuple[int, str]]:
    """(number, idea) of everything written."""
    facts = [(e.seq, records.decode(e.body).fact) for e in await journal.read(code)]
    return [(seq, fact.idea) for seq, fact in facts if isinstance(fact, IdeaPosted)]


class Crowd:
    """Fifty people writing forty cards each; counts what they were told is saved."""

    def __init__(self, address: str, cookies: list[str]) -> None:
        self.clients = [Client(address, cookie) for cookie in cookies]
        self.saved: dict[str, int] = {}
        self.enough = asyncio.Event()

    async def write(self) -> None:
        async with AsyncExitStack() as stack:
            for client in self.clients:
                await stack.enter_async_context(client)
            await asyncio.gather(*(self._one(n, client) for n, client in enumerate(self.clients)))

    async def _one(self, n: int, client: Client) -> None:
        await asyncio.gather(*(self._post(client, f"idea{n:03}x{k:03}") for k in range(POSTS_EACH)))

    async def _post(self, client: Client, idea: str) -> None:
        verdict = await client.do("PostIdea", id=idea, text=f"Idée {idea}", step="ideas")
        assert verdict.accepted, verdict
        self.saved[idea] = verdict.seq
        if len(self.saved) >= KILL_AFTER:
            self.enough.set()


async def kill_server(server: ServerProcess) -> None:
    await server.kill()
    await server.start()


async def kill_store(server: ServerProcess) -> None:
    os.kill(server.store_pid(), signal.SIGKILL)


@pytest.mark.parametrize("kill", [kill_server, kill_store])
async def test_after_kill_9_every_saved_card_is_there_once_and_every_unsaved_one_arrives_once(tmp_path, kill):
    data = tmp_path / "data"
    code, desk_cookie, cookies = await a_forum(data)
    async with serving(data) as server, asyncio.timeout(ALL_ANSWERED_SECONDS):
        async with Client(f"{server.address}/f/{code}/desk", desk_cookie) as desk:
            assert (await desk.do("OpenStep", step="ideas")).accepted
        crowd = Crowd(f"{server.address}/f/{code}", cookies)
        writing = asyncio.create_task(crowd.write())
        await crowd.enough.wait()
        saved_before = dict(crowd.saved)
        await kill(server)
        await writing

        async with open_journal(StoreAddress(None, data)) as journal:
            there = await posted(journal, code)
    counts = Counter(idea for _, idea in there)

    assert len(saved_before) >= KILL_AFTER
    assert len(crowd.saved) == CLIENTS * POSTS_EACH
    assert counts == Counter(crowd.saved.keys())
    assert {idea: seq for seq, idea in there} == crowd.saved, (
        "every card stands at the number its author was told"
    )


async def test_phones_on_one_process_and_a_screen_on_another_show_one_board(tmp_path):
    data = tmp_path / "data"
    code, desk_cookie, cookies = await a_forum(data)
    screen_cookie = await a_screen(data, code)
    async with (
        serving(data, FORUM_PUBLIC_URL="http://forum.test") as one,
        serving(data, FORUM_PUBLIC_URL="http://forum.test") as other,
        Client(f"{one.address}/f/{code}/desk", desk_cookie) as desk,
        Client(f"{one.address}/f/{code}", cookies[0]) as phone,
        Client(f"{other.address}/f/{code}", cookies[1]) as far_phone,
        Client(f"{one.address}/f/{code}/screen", screen_cookie) as screen,
        Client(f"{other.address}/f/{code}/screen", screen_cookie) as far_screen,
        asyncio.timeout(60),
    ):
        await desk.do("OpenStep", step="ideas")
        await desk.do("RevealStep", step="ideas")
        for n in range(20):
            await phone.do("PostIdea", id=f"idea{n:03}", text=f"Idée {n}", step="ideas")
            last = await far_phone.do("PostIdea", id=f"far{n:04}", text=f"Loin {n}", step="ideas")
        for client in (phone, far_phone, screen, far_screen):
            await client.until(lambda c: c.position is not None and c.position["s"] >= last.seq)

        assert sum(key.startswith("idea-") for key in phone.shown) == 40
        assert phone.shown == far_phone.shown
        assert any("Idée 0" in html for _, _, html in far_screen.shown.values())
        assert screen.shown == far_screen.shown


async def test_when_the_process_that_keeps_the_store_is_killed_the_other_one_takes_over(tmp_path):
    data = tmp_path / "data"
    code, desk_cookie, cookies = await a_forum(data)
    first = ServerProcess(data)
    await first.start()
    async with (
        serving(data) as other,
        Client(f"{other.address}/f/{code}", cookies[0]) as phone,
        asyncio.timeout(60),
    ):
        async with Client(f"{other.address}/f/{code}/desk", desk_cookie) as desk:
            await desk.do("OpenStep", step="ideas")
        assert (await phone.do("PostIdea", id="before1", text="Avant", step="ideas")).accepted
        await first.kill()

        assert (await phone.do("PostIdea", id="after01", text="Après", step="ideas")).accepted


async def test_a_server_told_to_stop_says_when_to_come_back_and_ends_well(tmp_path):
    data = tmp_path / "data"
    code, _, cookies = await a_forum(data)
    heard: list[dict] = []
    async with serving(data) as server, Client(f"{server.address}/f/{code}", cookies[0]) as phone:
        phone.on_frame = heard.append
        await phone.until(lambda c: c.position is not None)
        exit_code = await server.stop()

    assert exit_code == 0
    assert [f["code"] for f in heard if f["t"] == "bye"] == [1012]
