"""The store of a universe: a model of the server (``valkey``), and a way to it that can fail.

``SimCalls`` stands where ``forum.journal.calls.Calls`` stands, so that the real ``Journal`` and the real ``Bells`` run
over it.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

from redis.exceptions import ConnectionError as Cut
from redis.exceptions import OutOfMemoryError, ReadOnlyError, ResponseError

from forum.journal.calls import Calls, Pace, Reply, refusal
from forum.journal.contract import Unavailable
from forum.journal.finding import Lone
from forum.journal.layout import Command, parse_url
from forum.journal.servers import Servers
from tests.sim.loop import MACHINE, Machine
from tests.sim.valkey import Valkey

REFUSING: Final[dict[str, Callable[[], ResponseError]]] = {
    "readonly": lambda: ReadOnlyError("You can't write against a read only replica."),
    "full": lambda: OutOfMemoryError("command not allowed when used memory > 'maxmemory'."),
    "busy": lambda: ResponseError("BUSY Valkey is busy running a script."),
    "misconf": lambda: ResponseError("MISCONF Errors writing to the AOF file: No space left"),
    "noreplicas": lambda: ResponseError("NOREPLICAS Not enough good replicas to write."),
}
WRITES: Final = frozenset({"FCALL", "HSET", "HDEL", "ZADD", "SET", "DEL", "SADD", "SREM"})


class Way:
    """How calls and bells travel; ``tests.sim.weather`` has one that fails. Delays in seconds."""

    down = False
    refusing = ""

    def delay(self) -> float:
        return 0.0

    def strikes(self, fault: str) -> bool:
        """Say whether this fault happens now."""
        return False

    def bell(self) -> list[float]:
        """After how long a bell arrives, each time that it does."""
        return [0.0]


class StoreServer:
    """The server, its subscribers, and the way to it."""

    def __init__(self, valkey: Valkey, way: Way) -> None:
        self.valkey, self.way = valkey, way
        self.lines: list[BellLine] = []
        valkey.publish = self._publish

    def restart(self, *, lost: dict[bytes, int] | None = None) -> None:
        """A new life; every connection ends. ``lost``: facts by journal that are gone."""
        self.valkey.restart()
        for key, count in (lost or {}).items():
            self.valkey.lose(key, count)
        for line in list(self.lines):
            line.cut()

    def _publish(self, channel: bytes, text: bytes) -> None:
        for line in list(self.lines):
            if channel in line.channels:
                for delay in self.way.bell():
                    line.say((b"smessage", channel, text), delay)


class SimCalls(Calls):
    """One process's calls."""

    def __init__(self, server: StoreServer, pace: Pace) -> None:
        self._server, self._pace = server, pace

    async def many(self, commands: Sequence[Command], deadline: float | None = None) -> list[Reply]:
        loop, answer = asyncio.get_running_loop(), asyncio.get_running_loop().create_future()
        Exchange(self._server, commands, answer).send()
        until = deadline or loop.time() + self._pace.call_seconds
        late = loop.call_at(until, _fail, answer, Unavailable("timeout"))
        try:
            replies: list[Reply] = await asyncio.shield(answer)
        except Cut as error:
            raise refusal(error) from error
        finally:
            late.cancel()
        return replies

    def connection(self) -> "BellLine":
        return BellLine(self._server)

    async def aclose(self) -> None:
        """Nothing is open."""


class Exchange:
    """Commands on their way to the store, one after another, and their replies on the way back."""

    def __init__(self, server: StoreServer, commands: Sequence[Command], answer: asyncio.Future[Any]) -> None:
        self._server, self._commands, self._answer = server, deque(commands), answer
        self._caller = MACHINE.get()
        self._replies: list[Reply] = []
        self._life = server.valkey.life

    def send(self) -> None:
        way = self._server.way
        if way.strikes("request_lost"):
            return self._lose()
        _outside(self._step, way.delay())
        return None

    def _step(self) -> None:
        if self._server.way.down or self._life != self._server.valkey.life:
            return self._back(Cut("Connection closed by server."))
        command = self._commands.popleft()
        refusing = self._server.way.refusing
        if refusing and str(command[0]) in WRITES:
            self._replies.append(REFUSING[refusing]())
        else:
            self._replies.append(self._server.valkey.execute(command))
        if self._commands:
            _outside(self._step)
            return None
        if self._server.way.strikes("reply_lost"):
            return self._lose()
        return self._back(self._replies)

    def _lose(self) -> None:
        """Gone: the caller sees a cut connection, or nothing until its deadline."""
        if self._server.way.strikes("cut_is_seen"):
            self._back(Cut("Connection reset by peer"))

    def _back(self, outcome: Any) -> None:
        deliver = _fail if isinstance(outcome, Exception) else _give
        _on(self._caller, self._server.way.delay(), deliver, self._answer, outcome)


class BellLine:
    """A subscription's connection, as much of redis-py's as ``Bells`` uses."""

    def __init__(self, server: StoreServer) -> None:
        self._server = server
        self.channels: dict[bytes, None] = {}
        self.owner: Machine | None = None
        self.deaf = False  # a black hole: nothing goes through, nothing is refused
        self._heard: asyncio.Queue[Any] = asyncio.Queue()
        self._coming: deque[Any] = deque()
        self._answers: deque[tuple[Any, ...]] = deque()
        self._last_at = 0.0

    async def connect(self) -> None:
        await asyncio.sleep(self._server.way.delay())
        if self._server.way.down:
            raise Cut("Connection refused")
        self.owner = MACHINE.get()
        self._server.lines.append(self)

    def pack_commands(self, commands: list[Command]) -> list[Command]:
        return commands

    async def send_packed_command(self, commands: list[Command]) -> None:
        if self not in self._server.lines:
            raise Cut("Broken pipe")
        for command in () if self.deaf else commands:
            _outside(partial(self._obey, command), self._server.way.delay(), queue=self._coming)

    async def read_response(self, timeout: float) -> Any:  # noqa: ASYNC109  redis-py's name
        try:
            async with asyncio.timeout(timeout):
                said = await self._heard.get()
        except TimeoutError:
            return None
        if isinstance(said, Exception):
            raise said
        return said

    async def disconnect(self, **_how: bool) -> None:
        self._gone()

    def say(self, reply: tuple[Any, ...], delay: float) -> None:
        if not self.deaf:
            _on(self.owner, delay, self._heard.put_nowait, reply)

    def cut(self) -> None:
        """The connection ends, and its owner sees it."""
        self._gone()
        _on(self.owner, 0.0, self._heard.put_nowait, Cut("Connection closed by server."))

    def _gone(self) -> None:
        if self in self._server.lines:
            self._server.lines.remove(self)

    def _obey(self, command: Command) -> None:
        name, *words = (str(word) for word in command)
        if name == "SSUBSCRIBE":
            self.channels.update(dict.fromkeys(word.encode() for word in words))
        elif name == "SUNSUBSCRIBE":
            for word in words:
                self.channels.pop(word.encode(), None)
        if self.deaf:
            return
        # In order behind whatever was said before: the mark proves the subscriptions.
        loop = asyncio.get_running_loop()
        self._last_at = max(self._last_at, loop.time() + self._server.way.delay())
        kind = {"PING": b"pong"}.get(name, name.lower().encode())
        self._answers.append((kind, *(word.encode() for word in words), *([1] if name != "PING" else [])))
        _on(self.owner, self._last_at - loop.time(), self._answer)

    def _answer(self) -> None:
        self._heard.put_nowait(self._answers.popleft())


class SimServers(Servers):
    """One lone server, as far as a process knows."""

    def __init__(self, server: StoreServer, pace: Pace) -> None:
        super().__init__(parse_url("redis://store:6379"), pace, 0)
        self._finder = Lone("store:6379")
        self._only = SimCalls(server, pace)

    def calls(self, node: str) -> Calls:
        return self._only


def _outside(what: Callable[[], object], delay: float = 0.0, queue: deque[Any] | None = None) -> None:
    """Let it happen in the world, whoever asked may be dead by then; with a ``queue``, in order."""
    if queue is not None:
        queue.append(what)
        _on(None, delay, _next_of, queue)
    else:
        _on(None, delay, what)


def _next_of(queue: deque[Any]) -> None:
    queue.popleft()()


def _on(machine: Machine | None, delay: float, what: Callable[..., object], *args: Any) -> None:
    loop = asyncio.get_running_loop()
    context = machine.context if machine else OUTSIDE.context
    if delay > 0:
        loop.call_later(delay, what, *args, context=context)
    else:
        loop.call_soon(what, *args, context=context)


def _give(answer: asyncio.Future[Any], outcome: Any) -> None:
    if not answer.done():
        answer.set_result(outcome)


def _fail(answer: asyncio.Future[Any], error: Exception) -> None:
    if not answer.done():
        answer.set_exception(error)


OUTSIDE: Final = Machine("the world")
