"""Passes: one at a time does something for everybody who asked before it began. Knows nothing of what is done."""

import asyncio
from collections.abc import Awaitable, Callable


class Passes:
    """Passes of one kind: one under way, and at most one more that waits for it."""

    def __init__(self) -> None:
        self._now: asyncio.Task[int] | None = None
        self._next: asyncio.Task[int] | None = None
        self._not_before = 0.0

    @property
    def idle(self) -> bool:
        return self._now is self._next is None and self._not_before <= asyncio.get_running_loop().time()

    def rest(self, seconds: float) -> None:
        """Begin no other pass before so many seconds have passed."""
        self._not_before = asyncio.get_running_loop().time() + seconds

    async def join(self, do: Callable[[], Awaitable[int]]) -> int:
        """Have it done by a pass that begins after this call; whatever it raises is raised to all who joined.

        Who goes away leaves the pass alone.
        """
        if self._next is None:
            self._next = asyncio.create_task(self._pass(do, self._now))
            self._next.add_done_callback(_heard)
        return await asyncio.shield(self._next)

    def cancel(self) -> None:
        """Break off what is under way, and what waits."""
        for task in (self._now, self._next):
            if task:
                task.cancel()

    async def _pass(self, do: Callable[[], Awaitable[int]], before: asyncio.Task[int] | None) -> int:
        if before:
            await asyncio.wait((before,))
        await asyncio.sleep(max(0.0, self._not_before - asyncio.get_running_loop().time()))
        self._now, self._next = self._next, None  # whoever asks from here on needs another one
        try:
            return await do()
        finally:
            self._now = None


def _heard(task: asyncio.Task[int]) -> None:
    """Nobody may be waiting any more for what it raised."""
    if not task.cancelled():
        task.exception()
