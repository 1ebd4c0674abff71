"""Numbered calls and events as JSON over one WebSocket, as the DevTools protocol and WebDriver BiDi both speak them."""

import asyncio
import json
from collections.abc import Callable
from itertools import count
from types import TracebackType
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

ANSWER_SECONDS = 20.0  # a bound; an engine that hangs does not answer


class Refused(Exception):
    """The engine answered a call with an error."""


class Channel:
    """``async with Channel(address) as channel``; then ``await channel.ask(method, …)``."""

    def __init__(
        self, address: str, heard: Callable[[str, dict[str, Any]], None] = lambda name, what: None
    ) -> None:
        """``heard``: called with the name and the parameters of every event."""
        self._address, self._heard = address, heard
        self._numbers = count(1)
        self._waiting: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._socket: ClientConnection | None = None
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> "Channel":
        self._socket = await connect(
            self._address, max_size=None, compression=None, proxy=None, ping_interval=None
        )
        self._task = asyncio.create_task(self._listen())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._task is not None
        assert self._socket is not None
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        self._socket.transport.abort()

    async def ask(self, method: str, session: str = "", **params: Any) -> dict[str, Any]:
        """Call, and return the result. Raises Refused; TimeoutError when nothing comes back."""
        assert self._socket is not None
        number = next(self._numbers)
        answer = self._waiting[number] = asyncio.get_running_loop().create_future()
        call = {"id": number, "method": method, "params": params} | (
            {"sessionId": session} if session else {}
        )
        await self._socket.send(json.dumps(call))
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                said = await answer
        finally:
            self._waiting.pop(number, None)
        if "error" in said:
            raise Refused(f"{method}: {said.get('message') or said['error']}")
        result: dict[str, Any] = said.get("result", {})
        return result

    async def _listen(self) -> None:
        assert self._socket is not None
        async for text in self._socket:
            said = json.loads(text)
            waiting = self._waiting.get(said.get("id", 0))
            if waiting and not waiting.done():
                waiting.set_result(said)
            elif "method" in said:
                self._heard(said["method"], said["params"])
