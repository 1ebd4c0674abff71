"""A forum on a real server, with its desk and its wall; the phone in the engine under test comes to it.

Desk and wall are the small client of the protocol (``forum.demo.client``). The server can be killed and started
again where it stood.
"""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import httpx2

from forum.demo.client import Client
from tests.browsers.pages import NotWell
from tests.servers import ServerProcess, serving

AGENDA: Final = "forum-eclair"
TITLE: Final = "Vision 2025"
SEEN_SECONDS: Final = 20.0


class Hall:
    """Everything but the phone."""

    def __init__(self, server: ServerProcess, code: str, desk: Client, wall: Client, other: Client) -> None:
        self.server, self.code, self.desk, self.wall, self.other = server, code, desk, wall, other

    async def step(self, name: str) -> None:
        await self.led("OpenStep", step=name)

    async def led(self, command: str, **body: Any) -> None:
        """The desk does something, and it is done."""
        await _done(self.desk, command, body)

    async def somebody(self, command: str, **body: Any) -> None:
        """Somebody else in the room does something."""
        await _done(self.other, command, body)

    def counts(self, words: str, number: int) -> bool:
        """Whether the desk counts so many of something."""
        _, _, html = self.desk.shown.get("counts", ("", "", ""))
        return f"<dt>{words}</dt><dd>{number}<" in html

    async def desk_counts(self, words: str, number: int) -> None:
        async with asyncio.timeout(SEEN_SECONDS):
            await self.desk.until(lambda _: self.counts(words, number))

    async def wall_shows(self, text: str) -> None:
        async with asyncio.timeout(SEEN_SECONDS):
            await self.wall.until(lambda wall: any(text in html for _, _, html in wall.shown.values()))

    async def restart(self) -> None:
        """A power cut of the server, and the start after it."""
        await self.server.kill()
        await self.server.start()


async def _done(client: Client, command: str, body: dict[str, Any]) -> None:
    async with asyncio.timeout(SEEN_SECONDS):
        verdict = await client.do(command, **body)
    if not verdict.accepted:
        raise NotWell(f"{command} by somebody else: {verdict.say}")


@asynccontextmanager
async def hall(folder: Path) -> AsyncIterator[Hall]:
    """A forum with an agenda, in English, before its first step."""
    async with serving(folder / "data") as server:
        headers = {"origin": server.address, "accept": "application/json"}
        async with httpx2.AsyncClient(base_url=server.address, headers=headers, trust_env=False) as http:
            form = {"title": TITLE, "agenda": AGENDA, "lang": "en"}
            opened = (await http.post("/forums", data=form)).json()
            code = opened["code"]
            desk = await _entered(http, opened["desk_url"])
            wall = await _entered(http, opened["screen_url"])
            other = _cookie(await http.post(f"/f/{code}/join", data={"name": "Omar"}))
        here = f"{server.address}/f/{code}"
        rng = random.Random(code)
        async with (
            Client(f"{here}/desk", desk, lang="en", rng=rng) as at_desk,
            Client(f"{here}/screen", wall, lang="en", rng=rng) as on_wall,
            Client(here, other, lang="en", rng=rng) as somebody,
        ):
            yield Hall(server, code, at_desk, on_wall, somebody)


async def _entered(http: httpx2.AsyncClient, link: str) -> str:
    """The cookie that a link's secret is exchanged for."""
    address, _, secret = link.partition("#")
    return _cookie(await http.post(f"/f/{address.partition('/f/')[2]}/enter", data={"secret": secret}))


def _cookie(answer: httpx2.Response) -> str:
    cookie: str = answer.headers["set-cookie"].partition(";")[0]
    return cookie
