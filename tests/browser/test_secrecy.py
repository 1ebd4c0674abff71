"""B2 and V5 on the bytes: what phones, screens and desks receive before a reveal, from the real server."""

import json
import time
from contextlib import AsyncExitStack

from forum.demo.client import Client
from forum.domain.roles import Role
from forum.journal import StoreAddress, open_journal
from forum.opening import agendas, make_tickets, open_forum

SECRET = "Une idée que personne ne doit lire"


def clock() -> int:
    return time.time_ns() // 1_000_000


async def test_before_a_reveal_no_byte_carries_another_persons_text_or_any_tally(server):
    async with AsyncExitStack() as stack:
        journal = await stack.enter_async_context(open_journal(StoreAddress(None, server.data)))
        opened = await open_forum(journal, agendas()["forum-eclair"], clock=clock)
        roles = [Role.FACILITATOR, Role.SCREEN, Role.PARTICIPANT, Role.PARTICIPANT]
        tickets = [(await make_tickets(journal, opened.code, 1, clock=clock, role=r))[0] for r in roles]
        base = f"{server.address}/f/{opened.code}"
        names = [("/desk", "_desk"), ("/screen", "_screen"), ("", ""), ("", "")]
        cookies = [
            f"forum_{opened.code}{suffix}={t.secret}" for (_, suffix), t in zip(names, tickets, strict=True)
        ]
        clients = [Client(base + path, cookie) for (path, _), cookie in zip(names, cookies, strict=True)]
        heard: list[list[str]] = [[] for _ in clients]
        for client, ear in zip(clients, heard, strict=True):
            client.on_frame = lambda frame, ear=ear: ear.append(json.dumps(frame, ensure_ascii=False))
            await stack.enter_async_context(client)
        desk, _, author, _ = clients
        others = [0, 1, 3]

        await desk.do("OpenStep", step="ideas")
        assert (await author.do("PostIdea", id="idea001", text=SECRET, step="ideas")).accepted
        posted = await author.do("PostIdea", id="idea002", text=SECRET + " non plus", step="ideas")
        assert posted.accepted
        for client in clients:
            await client.until(lambda c: c.position is not None and c.position["s"] >= posted.seq)
        writing = ["".join(heard[n]) for n in others] + [
            await page(base, names[n][0], cookies[n]) for n in others
        ]

        await desk.do("RevealStep", step="ideas")
        await clients[1].until(lambda c: any(SECRET in html for _, _, html in c.shown.values()))
        await desk.do("OpenStep", step="sort")
        for n, ideas in ((1, ["idea001"]), (2, ["idea002"])):
            await author.do("GroupIdeas", ideas=ideas, theme=f"theme0{n}", title=f"Thème {n}")
        await desk.do("OpenStep", step="theme-vote")
        await clients[3].until(lambda c: "my-ballot" in c.mine)
        for ear in heard:
            ear.clear()
        marks = []
        for points in (0, 1):  # the same number of facts, another vote
            for option, given in (("theme01", points), ("theme02", 1 - points)):
                verdict = await author.do("GiveMark", step="theme-vote", key=option, mark=given)
                assert verdict.accepted
            for n in others:
                await clients[n].until(lambda c, last=verdict.seq: c.position["s"] >= last)
            marks.append([dict(page) for n in others for page in (clients[n].shown, clients[n].mine)])

    assert all(SECRET not in received for received in writing)
    assert marks[0] == marks[1], "what others are shown does not depend on what was voted"


async def page(base: str, path: str, cookie: str) -> str:
    """A whole page as it travels, by a plain request."""
    import asyncio
    from urllib.parse import urlsplit

    parts = urlsplit(base + path)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    request = (
        f"GET {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n"
    )
    writer.write(request.encode())
    body = (await reader.read()).decode()
    writer.close()
    await writer.wait_closed()
    assert body.startswith("HTTP/1.1 200"), body[:200]
    return body
