"""Bounded calls to one server: a pool of connections, a deadline for each call, errors in our words.

Hides redis-py. Its client class is not used, only its connections: the client re-sends writes by
itself and may reuse a connection whose reply was never read. Here a call is sent once, and
- a call in flight is never cancelled: a caller that goes away leaves it to end alone;
- a call that misses its deadline takes its connection with it, so that no reply reaches the next caller;
- at most IN_FLIGHT_MAX calls are under way; others wait for their turn, within the same deadline.

Must never retry: only the caller knows whether an unknown outcome may be asked again.
"""

import asyncio
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias
from urllib.parse import unquote_to_bytes, urlsplit

from redis.asyncio.connection import ConnectionPool
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import (
    AskError,
    AuthenticationError,
    AuthorizationError,
    ClusterDownError,
    NoPermissionError,
    OutOfMemoryError,
    ReadOnlyError,
    RedisError,
    ResponseError,
    TryAgainError,
)

from forum.journal.contract import Damaged, Unavailable
from forum.journal.layout import Command, Word

IN_FLIGHT_MAX: Final = 64
WAITING_MAX: Final = 10_000  # a whole hall that comes back at once waits its turn; more is an attack
CONNECT_SECONDS: Final = 1.0
READ_BYTES: Final = 256 * 1024  # a page of a journal in a few reads

Reply: TypeAlias = Any  # RESP2: bytes, int, None or nested lists of these
Connection: TypeAlias = Any  # redis-py's AbstractConnection, of which half is typed


@dataclass(frozen=True, slots=True)
class Pace:
    """How patient we are with the store; tests hurry."""

    call_seconds: float = 3.0  # for one call, waiting for its turn included
    ping_seconds: float = 3.0  # on the doorbell's connection
    silence_seconds: float = 7.0  # nothing heard there for so long: it is dead
    retry_seconds: float = 0.1  # first pause before connecting again; doubles
    retry_max_seconds: float = 3.0
    look_seconds: float = 5.0  # between two looks at who keeps what; at once after a fault


class FunctionMissing(Exception):
    """The store has lost our library; nothing was executed."""


class Calls:
    """Calls to one server. Close with ``aclose``. Everything raises Unavailable or Damaged."""

    def __init__(self, url: str, pace: Pace) -> None:
        """``url`` is redis://, rediss:// or unix://; ValueError if not. Does not connect yet."""
        self._pace = pace
        self._pool: Any = ConnectionPool.from_url(
            url,
            max_connections=IN_FLIGHT_MAX,
            retry=Retry(NoBackoff(), 0),
            protocol=2,
            driver_info=None,
            client_name="forum",
            socket_read_size=READ_BYTES,
        )
        # Whatever the address asks for: our deadlines are the only ones, and replies stay bytes.
        self._pool.connection_kwargs.update(
            socket_timeout=None,
            socket_connect_timeout=CONNECT_SECONDS,
            decode_responses=False,
            health_check_interval=0,
        )
        if (
            parts := urlsplit(url)
        ).scheme == "unix":  # a path is bytes, which need be no text in any alphabet
            self._pool.connection_kwargs["path"] = os.fsdecode(unquote_to_bytes(parts.path))
        try:
            self.connection()
        except TypeError as error:
            raise ValueError(f"expected options that connections have: {error}") from None
        self._slots = asyncio.Semaphore(IN_FLIGHT_MAX)
        self._waiting = 0
        self._closed = False
        self._flying: set[asyncio.Task[list[Reply]]] = set()

    async def one(self, *command: Word) -> Reply:
        """Send one command and return its reply. One round trip."""
        (reply,) = await self.many([command])
        if isinstance(reply, ResponseError):
            raise refusal(reply) from reply
        return reply

    async def many(self, commands: Sequence[Command], deadline: float | None = None) -> list[Reply]:
        """Send commands in one go and return a reply for each; a refused one is a ResponseError *value*.

        deadline  of the event loop's clock; a call's time from now when it is not given
        """
        if deadline is None:
            deadline = asyncio.get_running_loop().time() + self._pace.call_seconds
        await self._take_slot(deadline)
        flight = asyncio.create_task(self._exchange(commands, deadline))
        self._flying.add(flight)
        flight.add_done_callback(self._landed)
        await asyncio.wait((flight,))  # unlike awaiting it, this leaves it alone when we are cancelled
        try:
            return flight.result()
        except TimeoutError as error:
            raise Unavailable("timeout") from error
        except (RedisError, OSError) as error:
            raise refusal(error) from error

    def connection(self) -> Connection:
        """Return a new connection outside the pool, not connected yet; the caller closes it."""
        return self._pool.make_connection()

    async def aclose(self) -> None:
        """Let calls in flight end, at most until their deadline, then close every connection."""
        self._closed = True
        if self._flying:
            await asyncio.wait(self._flying)
        await self._pool.aclose()

    async def _take_slot(self, deadline: float) -> None:
        if not self._slots.locked():
            await self._slots.acquire()
            return
        if self._waiting >= WAITING_MAX:
            raise Unavailable("busy")
        self._waiting += 1
        try:
            async with asyncio.timeout_at(deadline):
                await self._slots.acquire()
        except TimeoutError:
            raise Unavailable("busy") from None
        finally:
            self._waiting -= 1

    async def _exchange(self, commands: Sequence[Command], deadline: float) -> list[Reply]:
        async with asyncio.timeout_at(deadline):
            connection = await self._pool.get_connection()
            try:
                if connection._writer.transport.is_closing():  # noqa: SLF001  reset while idle: the pool sees only EOF
                    await connection.disconnect(nowait=True)
                    await connection.connect()
                await connection.send_packed_command(connection.pack_commands(commands))
                replies = [await read_reply(connection) for _ in commands]
                if self._closed or any(isinstance(reply, ReadOnlyError) for reply in replies):
                    await connection.disconnect(nowait=True)  # the name may lead to another primary by now
            except BaseException:  # a reply may still be under way: this connection must not be used again
                await connection.disconnect(nowait=True)
                raise
            else:
                return replies
            finally:
                await self._pool.release(connection)

    def _landed(self, flight: asyncio.Task[list[Reply]]) -> None:
        self._slots.release()
        self._flying.discard(flight)
        if not flight.cancelled():
            flight.exception()  # retrieved, also when nobody waits any more


async def read_reply(connection: Connection) -> Reply:
    """Read one reply; the server's refusal is returned, a lost connection raises."""
    try:
        return await connection.read_response()
    except ResponseError as error:
        return error


def refusal(error: RedisError | OSError) -> Unavailable | Damaged | FunctionMissing:
    """Say in our words what the store or the way to it answered."""
    words = str(error)
    match error:
        case OutOfMemoryError():
            return Unavailable("full", words)
        case ReadOnlyError():
            return Unavailable("readonly", words)
        case NoPermissionError() | AuthenticationError() | AuthorizationError():
            return Unavailable("denied", words)
        case ClusterDownError() | TryAgainError() | AskError():  # the slot is between two servers
            return Unavailable("away", words)
        case ResponseError():
            return _refusal_by_first_word(words)
        case _:  # ConnectionError, LOADING, broken protocol
            return Unavailable("away", words)


def _refusal_by_first_word(words: str) -> Unavailable | Damaged | FunctionMissing:
    if "Function not found" in words:
        return FunctionMissing(words)
    if "No space left" in words:
        return Unavailable("full", words)
    match words.split(" ", 1)[0]:
        case "WRONGTYPE":
            return Damaged(words)
        case "NOREPLICAS":
            return Unavailable("noreplicas", words)
        case "BUSY":
            return Unavailable("busy", words)
        case "MISCONF":
            return Unavailable("misconf", words)
        case _:
            return Unavailable("refused", words)
