"""A small honest client of the live protocol: numbers its ops, keeps them until they are acknowledged, resumes.

For the demo, for load and for tests that kill servers. It draws nothing and holds no rule; ``docs/protocol.md`` is
its contract. It never gives up on an op by itself: whoever waits decides how long.
"""

import asyncio
import json
import random
import secrets
from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

IN_FLIGHT = 8
PASSING = frozenset({"busy", "rate", "unavailable", "out_of_order"})
TERMINAL = frozenset({4401, 4403, 4404, 4410, 4426})
LONGEST_WAIT_SECONDS = 8.0


class Verdict(NamedTuple):
    """The answer to one op."""

    seq: int  # journal number
    code: str = ""  # "" = accepted, else the refusal's
    say: str = ""  # the refusal's sentence

    @property
    def accepted(self) -> bool:
        return not self.code


class Ended(Exception):
    """The server said that this client must not come back; the argument is the close code."""


class _Op(NamedTuple):
    number: int
    frame: dict[str, Any]
    verdict: asyncio.Future[Verdict]


class Client:
    """One browser tab. ``async with Client(...) as client``; then ``await client.do("PostIdea", id=…, text=…)``.

    ``shown`` is the mirror: key → (place, order, html) of the shared page, ``mine`` of the personal one.
    """

    def __init__(
        self, address: str, cookie: str, *, lang: str = "fr", rng: random.Random | None = None
    ) -> None:
        """``address``: http address of the surface, such as ``http://127.0.0.1:8000/f/ABC234``."""
        parts = urlsplit(address)
        scheme = "wss" if parts.scheme == "https" else "ws"
        self._url = f"{scheme}://{parts.netloc}{parts.path.rstrip('/')}/live?lang={lang}"
        self._headers = {"Cookie": cookie}
        self._origin = f"{parts.scheme}://{parts.netloc}"
        self._rng = rng or random.Random(address + cookie)
        self._tab = secrets.token_hex(16)
        self._last = 0
        self._waiting: dict[int, _Op] = {}
        self._sent: set[int] = set()
        self._socket: ClientConnection | None = None
        self._changed = asyncio.Condition()
        self._task: asyncio.Task[None] | None = None
        self.shown: dict[str, tuple[str, str, str]] = {}
        self.mine: dict[str, tuple[str, str, str]] = {}
        self.position: dict[str, Any] | None = None
        self.on_frame: Callable[[dict[str, Any]], None] | None = None  # a test's ear

    async def __aenter__(self) -> "Client":
        self._task = asyncio.create_task(self._live(), name=f"client {self._tab[:6]}")
        return self

    async def __aexit__(self, *error: object) -> None:
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        for op in self._waiting.values():
            op.verdict.cancel()

    async def do(self, command: str, *, on_behalf: str = "", **body: Any) -> Verdict:
        """Ask for ``command``; return its verdict, however often the connection is lost meanwhile."""
        async with self._changed:
            await self._changed.wait_for(lambda: len(self._waiting) < IN_FLIGHT)
        self._last += 1
        frame: dict[str, Any] = {"t": "op", "n": self._last, "k": command, "b": body}
        if on_behalf:
            frame["for"] = on_behalf
        op = _Op(self._last, frame, asyncio.get_running_loop().create_future())
        self._waiting[op.number] = op
        await self._send(op)
        return await op.verdict

    async def until(self, holds: Callable[["Client"], bool]) -> None:
        """Wait until the page shown has what ``holds`` looks for."""
        async with self._changed:
            await self._changed.wait_for(lambda: holds(self))

    async def drop(self) -> None:
        """Lose the network now; it comes back by itself."""
        if self._socket:
            self._socket.transport.abort()

    async def _live(self) -> None:
        failures = 0
        while True:
            try:
                async with connect(
                    self._url,
                    additional_headers=self._headers,
                    origin=self._origin,  # type: ignore[arg-type]
                    compression=None,
                    max_size=None,
                    open_timeout=8,
                ) as socket:
                    failures = 0
                    await self._talk(socket)
            except ConnectionClosed as closed:
                code = closed.rcvd.code if closed.rcvd else 1006
                if code in TERMINAL:
                    self._end(code)
                    return
            except (OSError, InvalidHandshake, TimeoutError):
                pass
            self._socket = None
            failures += 1
            wait = min(LONGEST_WAIT_SECONDS, 0.25 * 2**failures) * self._rng.random()
            await asyncio.sleep(wait)

    def _end(self, code: int) -> None:
        for op in self._waiting.values():
            if not op.verdict.done():
                op.verdict.set_exception(Ended(code))

    async def _talk(self, socket: ClientConnection) -> None:
        hello = {"t": "hello", "v": 1, "cid": self._tab, "resume": self.position, "n": self._last}
        await socket.send(json.dumps(hello))
        async for text in socket:
            frame = json.loads(text)
            await self._heard(frame, socket)
            if self.on_frame:
                self.on_frame(frame)

    async def _heard(self, frame: dict[str, Any], socket: ClientConnection) -> None:
        match frame["t"]:
            case "welcome":
                self._socket, self._sent = socket, set()
                for op in list(self._waiting.values()):
                    await self._send(op)
            case "chg":
                if self.position and frame["from"] > self.position["s"]:
                    await socket.send(json.dumps({"t": "need", "s": self.position["s"]}))
                    return
                self._apply(frame)
            case "full":
                if frame.get("part", 1) == 1:
                    self.shown = {}
                self._put(self.shown, frame["put"])
                if frame.get("part", 1) == frame.get("parts", 1):
                    self.position = {"g": frame["g"], "s": frame["to"], "c": frame["c"]}
            case "you":
                self.mine = {}
                self._put(self.mine, frame["put"])
            case "ack":
                self._settle(frame["n"], Verdict(frame["s"]))
            case "nack" if frame["code"] not in PASSING:
                self._settle(frame["n"], Verdict(0, frame["code"], frame.get("msg", "")))
            case "nack":
                await self._again(frame)
        async with self._changed:
            self._changed.notify_all()

    def _apply(self, frame: dict[str, Any]) -> None:
        if self.position and frame["to"] <= self.position["s"]:
            return
        self._put(self.shown, frame["put"])
        for key in frame["del"]:
            self.shown.pop(key, None)
        self.position = {"g": frame["g"], "s": frame["to"], "c": frame["c"]}

    @staticmethod
    def _put(page: dict[str, tuple[str, str, str]], puts: list[list[str]]) -> None:
        for key, place, order, html in puts:
            page[key] = (place, order, html)

    def _settle(self, number: int, verdict: Verdict) -> None:
        op = self._waiting.pop(number, None)
        if op and not op.verdict.done():
            op.verdict.set_result(verdict)

    async def _again(self, frame: dict[str, Any]) -> None:
        """A passing refusal: wait as told, then send again what waits, in order."""
        await asyncio.sleep(frame.get("retry", 100) / 1000)
        self._sent = set()
        for op in sorted(self._waiting.values(), key=lambda op: op.number):
            await self._send(op)

    async def _send(self, op: _Op) -> None:
        if self._socket is None or op.number in self._sent:
            return
        self._sent.add(op.number)
        try:
            await self._socket.send(json.dumps(op.frame))
        except ConnectionClosed:
            self._socket = None
