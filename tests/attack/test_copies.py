"""One number, two contents: a copied browser on another process, and after a restart."""

import time
from contextlib import AsyncExitStack
from pathlib import Path

from forum.demo.client import Client
from forum.domain import records
from forum.domain.copies import TabCopied
from forum.domain.roles import Role
from forum.journal import StoreAddress, open_journal
from forum.opening import agendas, make_tickets, open_forum
from tests.attack.test_budget import folded
from tests.servers import ServerProcess


def clock() -> int:
    return time.time_ns() // 1_000_000


async def test_a_number_that_came_with_another_content_is_a_conflict_on_every_process_and_after_a_restart(
    tmp_path: Path,
) -> None:
    data = tmp_path / "data"
    async with AsyncExitStack() as stack:
        journal = await stack.enter_async_context(open_journal(StoreAddress(None, data)))
        opened = await open_forum(journal, agendas()["forum-eclair"], clock=clock)
        [lead] = await make_tickets(journal, opened.code, 1, clock=clock, role=Role.FACILITATOR)
        [lea] = await make_tickets(journal, opened.code, 1, clock=clock)
        servers = [ServerProcess(data, FORUM_PUBLIC_URL="http://forum.test") for _ in range(2)]
        for server in servers:
            await server.start()
            stack.push_async_callback(server.kill)

        async def somebody(n: int, role: str, secret: str, tab: str = "") -> Client:
            client = Client(f"{servers[n].address}/f/{opened.code}{role}", secret)
            client._tab = tab or client._tab
            return await stack.enter_async_context(client)

        phone = f"forum_{opened.code}={lea.secret}"
        desk = await somebody(0, "/desk", f"forum_{opened.code}_desk={lead.secret}")
        assert (await desk.do("OpenStep", step="ideas")).accepted
        first = await somebody(0, "", phone)
        copy = await somebody(1, "", phone, first._tab)
        one = await first.do("PostIdea", id="idea001", text="Une place", step="ideas")
        two = await copy.do("PostIdea", id="idea002", text="Un jardin", step="ideas")
        same = await (await somebody(1, "", phone, first._tab)).do(
            "PostIdea", id="idea001", text="Une place", step="ideas"
        )
        for server in servers:
            await server.kill()
            await server.start()
        late = await (await somebody(0, "", phone, first._tab)).do(
            "PostIdea", id="idea003", text="Un pont", step="ideas"
        )
        _, state = await folded(journal, opened.code)
        told = [
            fact
            for entry in await journal.read(opened.code)
            if isinstance(fact := records.decode(entry.body).fact, TabCopied)
        ]

    assert one.accepted
    assert [two.code, late.code] == ["conflict", "conflict"]
    assert same.accepted
    assert same.seq == one.seq
    assert [idea.text for idea in state.ideas.by_id.values()] == ["Une place"]
    assert told == [TabCopied(first._tab)]  # type: ignore[arg-type]
