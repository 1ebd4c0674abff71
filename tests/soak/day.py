"""A forum of a day, by the front door: opened on the home page, entered by its code, played, exported, left.

People come in as browsers do, by forms and cookies; what they say and when is the demo's play. Around it happens what
happens in a hall: pages are loaded again, connections drop, somebody polls, somebody erases what they wrote, the desk
looks at its health and exports, people take their receipts and check them. Chance is seeded.
"""

import asyncio
import random
import re
import time
from collections import Counter
from collections.abc import Awaitable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any

import httpx2

from forum.demo.client import Client, Ended
from forum.demo.play import Actor, Cast, play
from forum.exports import kinds
from forum.opening import agendas, steps

AGENDA = "forum-eclair"
GUEST_SHARE = 0.1  # who do not play: they come, write, erase themselves
POLLERS = 2
ARRIVAL_SHARE = 0.08  # of the day
PLAY_SECONDS = 330.0  # what the play takes at pace 1, resting a little at the end
LOADS_EACH = 1.5  # pages that one person loads again in a day
HEALTH_SECONDS = 15.0
RECEIPT_SHARE = 0.5
LATE = 0.75  # of the day: from here on people take their receipts
PERSON = re.compile(r'data-person="([^"]+)"')
POSITION = re.compile(r'data-gen="(\d+)" data-seq="(\d+)" data-chain="([0-9a-f]*)"')


def asker() -> httpx2.AsyncClient:
    """Something that asks for pages, and keeps no cookie: each visitor brings their own."""
    keeps_nothing = CookieJar(policy=DefaultCookiePolicy(allowed_domains=[]))
    # Shorter than the server keeps a connection: a request sent at the moment it closes one would be lost.
    limits = httpx2.Limits(keepalive_expiry=2.0)
    return httpx2.AsyncClient(cookies=keeps_nothing, timeout=60, verify=False, limits=limits)


@dataclass
class Visitor:
    """A browser that came in."""

    cookie: str
    person: str = ""


@dataclass
class Day:
    """One forum; ``seconds`` long. Counts what was done, and what went wrong, by name."""

    address: str
    people: int
    seconds: float
    rng: random.Random
    http: httpx2.AsyncClient
    done: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    code: str = ""

    @property
    def base(self) -> str:
        return f"{self.address}/f/{self.code}"

    async def live(self) -> str:
        """Open a forum, live its day, leave; its code."""
        began = time.monotonic()
        links = await self._opened()
        desk, wall, staff = [await self._entered(links, name) for name in ("desk", "screen", "staff")]
        visitors = await self._arrivals(self.seconds * ARRIVAL_SHARE)
        guests = visitors[: round(self.people * GUEST_SHARE)]
        players = visitors[len(guests) :]
        until = began + self.seconds
        around = [
            self._loads(visitors),
            self._health(desk),
            self._exports((desk, staff), until),
            *(self._guest(guest, until) for guest in guests),
            *(self._poller(player, n) for n, player in enumerate(players[:POLLERS])),
            *(self._receipt(player, until) for player in players if self.rng.random() < RECEIPT_SHARE),
        ]
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(
                Client(f"{self.base}/screen", wall.cookie, rng=random.Random(self.rng.random()))
            )
            tasks = [asyncio.create_task(self._kept(what)) for what in around]
            stack.push_async_callback(_ended, tasks)
            await self._played(players, desk, until)
        return self.code

    async def _played(self, players: list[Visitor], desk: Visitor, until: float) -> None:
        """The play, then everybody stays until the day is over."""
        actors = [Actor(player.person, player.cookie) for player in players]
        cast = Cast(self.base, desk.cookie, actors, steps(agendas()[AGENDA]), time.time_ns() // 1_000_000)
        left = until - time.monotonic()
        try:
            async with asyncio.timeout(left):
                stage = await play(cast, seed=self.rng.randrange(1 << 30), pace=left / PLAY_SECONDS)
        except TimeoutError:
            self.done["day cut short"] += 1
        except Ended as ended:
            self.wrong[f"play ended {ended}"] += 1
        else:
            self.done["accepted"] += stage.accepted
            self.done["refused"] += stage.refused
        await asyncio.sleep(max(0.0, until - time.monotonic()))

    # --- coming in

    async def _opened(self) -> dict[str, str]:
        form = {"agenda": AGENDA, "title": f"Soak {self.rng.randrange(10_000)}", "lang": "fr"}
        answer = await self._post("/forums", form, json=True)
        links: dict[str, str] = answer.json()
        self.code = links["code"]
        return links

    async def _entered(self, links: dict[str, str], surface: str) -> Visitor:
        """By a link; the page is loaded once."""
        secret = links[f"{surface}_url"].rpartition("#")[2]
        answer = await self._post(f"/f/{self.code}/{surface}/enter", {"secret": secret})
        visitor = Visitor(_cookie(answer))
        await self._get(f"/f/{self.code}/{surface}", visitor)
        return visitor

    async def _arrivals(self, seconds: float) -> list[Visitor]:
        async def arrive(n: int, after: float) -> Visitor:
            await asyncio.sleep(after)
            await self._get(f"/f/{self.code}", None)
            name = f"Ami·e {n}" if n % 3 else ""
            visitor = Visitor(_cookie(await self._post(f"/f/{self.code}/join", {"name": name})))
            page = await self._get(f"/f/{self.code}", visitor)
            visitor.person = PERSON.findall(page.text)[0]
            self.done["joins"] += 1
            return visitor

        moments = [self.rng.uniform(0, seconds) for _ in range(self.people)]
        return list(await asyncio.gather(*(arrive(n, after) for n, after in enumerate(moments))))

    # --- around the play

    async def _loads(self, visitors: list[Visitor]) -> None:
        """Pages that are loaded again, one after another."""
        pause = self.seconds / (LOADS_EACH * len(visitors))
        while True:
            await asyncio.sleep(self.rng.expovariate(1 / pause))
            await self._get(f"/f/{self.code}", self.rng.choice(visitors))
            self.done["loads"] += 1

    async def _health(self, desk: Visitor) -> None:
        while True:
            await asyncio.sleep(HEALTH_SECONDS)
            await self._get(f"/f/{self.code}/desk/health", desk, json=True)

    async def _exports(self, leaders: tuple[Visitor, Visitor], until: float) -> None:
        """Each document twice, by the desk and by staff, in the second half."""
        await self._late(until, 0.5)
        wanted = [(who, kind) for who in (("desk", leaders[0]), ("staff", leaders[1])) for kind in kinds()]
        for (surface, leader), kind in wanted:
            await asyncio.sleep(self.rng.uniform(0, 0.8 * (until - time.monotonic()) / len(wanted)))
            await self._get(f"/f/{self.code}/{surface}/export/{kind}", leader)
            self.done["exports"] += 1

    async def _guest(self, guest: Visitor, until: float) -> None:
        """Writes a card when the board is open; later erases all their words, looks once more, and goes."""
        async with Client(self.base, guest.cookie, rng=random.Random(self.rng.random())) as phone:
            for n in range(40):
                await asyncio.sleep(self.rng.uniform(0.02, 0.06) * self.seconds)
                idea = f"guest{guest.person[-6:]}{n}"
                text = f"Se retrouver chaque mois {guest.person[:9]}"
                if (await phone.do("PostIdea", id=idea, text=text, step="ideas")).accepted:
                    break
            await asyncio.sleep(self.rng.uniform(0, 0.6 * max(1.0, until - time.monotonic())))
            await self._post(f"/f/{self.code}/data/erase", {"texts": "all"}, guest)
            self.done["erasures"] += 1
            await self._get(f"/f/{self.code}/data", guest)

    async def _poller(self, player: Visitor, n: int) -> None:
        """A second tab of somebody whose sockets are blocked."""
        page = await self._get(f"/f/{self.code}", player)
        g, s, c = POSITION.findall(page.text)[0]
        cid = f"{self.rng.getrandbits(128):032x}"
        while True:
            where = {"g": g, "s": s, "c": c, "cid": cid, "wait": "20"}
            answer = await self._get(f"/f/{self.code}/changes", player, params=where)
            for frame in answer.json().get("frames", ()) if answer.status_code == 200 else ():
                if frame["t"] in ("chg", "full") and frame.get("part", 1) == frame.get("parts", 1):
                    g, s, c = str(frame["g"]), str(frame["to"]), frame["c"]
            self.done["polls"] += 1
            await asyncio.sleep(0.5)

    async def _receipt(self, player: Visitor, until: float) -> None:
        """Looks at their receipt, takes it home, checks it."""
        await self._late(until, LATE)
        await asyncio.sleep(self.rng.uniform(0, 0.8 * max(1.0, until - time.monotonic())))
        await self._get(f"/f/{self.code}/receipt", player)
        kept = await self._get(f"/f/{self.code}/receipt/file", player)
        await self._post(f"/f/{self.code}/receipt/check", {"receipt": kept.text}, player)
        self.done["receipts"] += 1

    async def _late(self, until: float, share: float) -> None:
        await asyncio.sleep(max(0.0, until - (1 - share) * self.seconds - time.monotonic()))

    async def _kept(self, what: Awaitable[None]) -> None:
        """Something beside the play goes wrong: it is counted, and the day goes on."""
        try:
            await what
        except (httpx2.HTTPError, Ended, ValueError, KeyError, IndexError) as error:
            self.wrong[repr(error)[:100]] += 1

    # --- asking

    async def _get(
        self, path: str, who: Visitor | None, *, json: bool = False, **more: Any
    ) -> httpx2.Response:
        return await self._asked("GET", path, who, json=json, **more)

    async def _post(
        self, path: str, form: dict[str, str], who: Visitor | None = None, *, json: bool = False
    ) -> httpx2.Response:
        return await self._asked("POST", path, who, json=json, data=form)

    async def _asked(
        self, method: str, path: str, who: Visitor | None, *, json: bool, **more: Any
    ) -> httpx2.Response:
        headers = {"origin": self.address, "accept": "application/json" if json else "text/html"}
        if who:
            headers["cookie"] = who.cookie
        answer = await self.http.request(method, self.address + path, headers=headers, **more)
        if answer.status_code >= 400:
            self.wrong[f"{answer.status_code} {path.rpartition(self.code)[2] or path}"] += 1
        return answer


def _cookie(answer: httpx2.Response) -> str:
    """The forum's cookie that an answer gives."""
    given = [cookie.partition(";")[0] for cookie in answer.headers.get_list("set-cookie")]
    return next(cookie for cookie in given if cookie.startswith("forum_"))


async def _ended(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
