"""A small honest client of the live protocol: it numbers its ops, keeps them until they are acknowledged, resumes, and
sends again what the store has lost (``outbox``).

For the demo, for load and for tests that kill servers. It draws nothing and holds no rule;
``docs/protocol.md`` is its contract. It never gives up on an op by itself: its caller decides how long to
wait.
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

from forum.demo.outbox import IN_FLIGHT, Outbox

TERMINAL = frozenset({4401, 4403, 4404, 4410, 4426})
LONGEST_WAIT_SECONDS = 8.0
PASSED = frozenset({"has_changed", "gone_on"})  # refusals of a press whose meaning has passed
LOOKS = 5  # that one takes before one gives up
RETRY_MS = 100  # before what was refused in passing is sent again, when the server does not say


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
        self._outbox = Outbox()
        self._asked: dict[int, asyncio.Future[Verdict]] = {}
        self._gen = 0  # the store's life of this connection
        self._hold: asyncio.TimerHandle | None = None  # nothing is sent before, as the server asked
        self._pumping: set[asyncio.Task[None]] = set()
        self._socket: ClientConnection | None = None
        self._changed = asyncio.Condition()
        self._task: asyncio.Task[None] | None = None
        self.shown: dict[str, tuple[str, str, str]] = {}
        self.mine: dict[str, tuple[str, str, str]] = {}
        self.position: dict[str, Any] | None = None
        self._told: dict[str, Any] = {}  # where the last acknowledgement stands
        self.on_frame: Callable[[dict[str, Any]], None] | None = None  # a test's ear

    async def __aenter__(self) -> "Client":
        self._task = asyncio.create_task(self._live(), name=f"client {self._tab[:6]}")
        return self

    async def __aexit__(self, *error: object) -> None:
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        self._go_on()
        for verdict in self._asked.values():
            verdict.cancel()

    async def do(self, command: str, *, on_behalf: str = "", **body: Any) -> Verdict:
        """Ask for ``command``; return its verdict, however often the connection is lost meanwhile.

        Who is told that this has changed meanwhile (O14) looks at the page again, then presses once more.
        """
        said = Verdict(0)
        for _ in range(LOOKS):
            page = self.position
            said = await self._ask(command, on_behalf, body)
            if said.code not in PASSED or page is None:
                break
            await self.until(lambda client, page=page: client.position is not page)  # type: ignore[misc]
        return said

    async def _ask(self, command: str, on_behalf: str, body: dict[str, Any]) -> Verdict:
        async with self._changed:
            await self._changed.wait_for(lambda: len(self._asked) < IN_FLIGHT)
        more: dict[str, Any] = {"for": on_behalf} if on_behalf else {}
        if self.position:
            more |= {name: self._read[name] for name in ("g", "c")} | {"seen": self._read["s"]}
        number = self._outbox.add(command, body, **more)
        verdict: asyncio.Future[Verdict] = asyncio.get_running_loop().create_future()
        self._asked[number] = verdict
        await self._pump()
        return await verdict

    async def until(self, holds: Callable[["Client"], bool]) -> None:
        """Wait until the page shown has what ``holds`` looks for."""
        async with self._changed:
            await self._changed.wait_for(lambda: holds(self))

    @property
    def _read(self) -> dict[str, Any]:
        """What a press is judged by (O14): the page, or what this program was answered since, which no page need show it."""
        assert self.position is not None, "expected a page"
        newer = self._told.get("g") == self.position["g"] and self._told["s"] > self.position["s"]
        return self._told if newer else self.position

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
        for verdict in self._asked.values():
            if not verdict.done():
                verdict.set_exception(Ended(code))

    async def _talk(self, socket: ClientConnection) -> None:
        hello = {"t": "hello", "v": 3, "cid": self._tab, "resume": self.position, "n": self._outbox.last}
        await socket.send(json.dumps(hello))
        async for text in socket:
            frame = json.loads(text)
            await self._heard(frame, socket)
            if self.on_frame:
                self.on_frame(frame)

    async def _heard(self, frame: dict[str, Any], socket: ClientConnection) -> None:
        match frame["t"]:
            case "welcome":
                self._socket, self._gen = socket, frame["g"]
                self._go_on()
                self._outbox.known(frame["last_n"])
                self._outbox.afresh()
                await self._pump()
            case "chg" if frame["g"] != self._gen:
                await socket.close()  # the store has a new life: say hello to it
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
            case "you" if frame.get("near"):
                self._change(self.shown, frame)
            case "you":
                self.mine = {} if frame.get("all") else self.mine
                self._change(self.mine, frame)
            case "ack" | "nack" if frame["g"] != self._gen and "retry" not in frame:
                await socket.close()  # not of this life of the store: ask again
            case "ack" | "nack":
                await self._answered(frame)
        async with self._changed:
            self._changed.notify_all()

    def _apply(self, frame: dict[str, Any]) -> None:
        if self.position and frame["to"] <= self.position["s"]:
            return
        self._change(self.shown, frame)
        self.position = {"g": frame["g"], "s": frame["to"], "c": frame["c"]}

    def _change(self, page: dict[str, Any], frame: dict[str, Any]) -> None:
        self._put(page, frame["put"])
        for key in frame.get("del", ()):
            page.pop(key, None)

    @staticmethod
    def _put(page: dict[str, tuple[str, str, str]], puts: list[list[str]]) -> None:
        for key, place, order, html in puts:
            page[key] = (place, order, html)

    async def _answered(self, frame: dict[str, Any]) -> None:
        if self._outbox.heard(frame):
            if frame["t"] == "ack":
                self._told = {name: frame[name] for name in ("g", "s", "c")}
            refusal = () if frame["t"] == "ack" else (frame["code"], frame.get("msg", ""))
            verdict = self._asked.pop(frame["n"], None)
            if verdict and not verdict.done():
                verdict.set_result(Verdict(frame.get("s", 0), *refusal))
        elif frame["t"] == "nack" and self._hold is None:  # the others of this window are told the same
            pause = frame.get("retry", RETRY_MS) / 1000
            self._hold = asyncio.get_running_loop().call_later(pause, self._pump_later)
        await self._pump()

    def _pump_later(self) -> None:
        """The time is over: what waits goes, in order, while what comes is heard."""
        self._hold = None
        task = asyncio.create_task(self._pump(), name=f"pump {self._tab[:6]}")
        self._pumping.add(task)
        task.add_done_callback(self._pumping.discard)

    def _go_on(self) -> None:
        """Wait no longer: another connection, or none, knows nothing of it."""
        if self._hold:
            self._hold.cancel()
            self._hold = None

    async def _pump(self) -> None:
        if self._socket is None or self._hold:
            return
        try:
            for frame in self._outbox.due():
                await self._socket.send(json.dumps(frame))
        except ConnectionClosed:
            self._socket = None
