"""Virtual time and seeded chance: an event loop that waits by moving its clock, and whose turns a seed decides.

Every callback belongs to the *machine* in whose context it was scheduled: a server process, or a browser's tab. A
machine can stand still (its callbacks wait) or die (they never run, no ``finally`` does): what SIGSTOP, a sleeping
phone and kill -9 are.
"""

import asyncio
import collections
import contextvars
import random
from collections.abc import Callable, Coroutine
from typing import Any, Final

MACHINE: Final[contextvars.ContextVar["Machine | None"]] = contextvars.ContextVar("machine", default=None)
TICK_SECONDS: Final = 1e-9
MOST_TURNS_AT_ONCE: Final = 200_000  # callbacks without the clock moving: something runs in circles


class Machine:
    """Something that runs, stands still or is dead; a dead one never runs again."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.state = "runs"
        self.context = contextvars.copy_context()
        self.context.run(MACHINE.set, self)
        self._kept: list[asyncio.Handle] = []  # of a dead one: nothing may be collected in mid-run

    def start(self, coro: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Run a coroutine on this machine."""
        return asyncio.get_running_loop().create_task(coro, context=self.context)

    def call(self, what: Callable[..., object], *args: object, after: float = 0.0) -> None:
        """Call something on this machine, ``after`` so many seconds."""
        loop = asyncio.get_running_loop()
        if after > 0:
            loop.call_later(after, what, *args, context=self.context)
        else:
            loop.call_soon(what, *args, context=self.context)

    def pause(self) -> None:
        if self.state == "runs":
            self.state = "stands"

    def go_on(self) -> None:
        if self.state == "stands":
            self.state = "runs"
            asyncio.get_running_loop()._ready.extend(self._kept)
            self._kept = []

    def die(self) -> None:
        self.state = "dead"

    def keep(self, handle: asyncio.Handle) -> None:
        self._kept.append(handle)


class Turns(collections.deque):
    """The ready callbacks; ``popleft`` takes one by chance, and lets machines that do not run wait."""

    def __init__(self, loop: asyncio.AbstractEventLoop, rng: random.Random, shuffle: float) -> None:
        super().__init__()
        self._rng, self._shuffle = rng, shuffle
        self._nothing = asyncio.Handle(_nothing, (), loop)
        self._nothing._cancelled = True
        self.taken = 0

    def popleft(self) -> asyncio.Handle:
        if len(self) > 1 and self._rng.random() < self._shuffle:
            self.rotate(-self._rng.randrange(len(self)))
        handle: asyncio.Handle = super().popleft()
        self.taken += 1
        machine = handle._context.get(MACHINE)
        if machine is None or machine.state == "runs" or handle._cancelled:
            return handle
        machine.keep(handle)
        return self._nothing


class Waiting:
    """What stands in for the selector: waiting is moving the clock."""

    def __init__(self, loop: "SimLoop") -> None:
        self._loop = loop

    def select(self, timeout: float | None) -> list[Any]:
        if timeout is None:
            raise RuntimeError("deadlock: nothing is ready, nothing is scheduled")
        if timeout > 0 or not self._loop.turns:
            self._loop.now += timeout + TICK_SECONDS
            self._loop.turns.taken = 0
        elif self._loop.turns.taken > MOST_TURNS_AT_ONCE:
            raise RuntimeError("livelock: callbacks run in circles and time stands still")
        return []

    def close(self) -> None:
        """Nothing to close."""


class SimLoop(asyncio.BaseEventLoop):
    """Runs a universe. ``shuffle``: how often the next callback is drawn rather than the oldest taken."""

    def __init__(self, rng: random.Random, shuffle: float) -> None:
        super().__init__()
        self.now = 0.0
        self._clock_resolution = 0.0  # no timer may come early: whoever looks at the clock would set it again
        self.turns = Turns(self, rng, shuffle)
        self._ready = self.turns
        self._selector = Waiting(self)
        self.broken: list[BaseException | str] = []  # what nobody caught
        self.tasks: list[asyncio.Task[Any]] = []  # all: none may be collected in mid-run
        self.set_exception_handler(self._note)
        self.set_task_factory(self._task)

    def time(self) -> float:
        return self.now

    def run_in_executor(self, executor: Any, func: Callable[..., Any], *args: Any) -> asyncio.Future[Any]:
        """There are no threads: it is done at once."""
        done: asyncio.Future[Any] = self.create_future()
        try:
            done.set_result(func(*args))
        except Exception as error:  # noqa: BLE001  it is the caller's
            done.set_exception(error)
        return done

    def _process_events(self, events: object) -> None:
        """There are none."""

    def _write_to_self(self) -> None:
        """Nobody waits in another thread."""

    def _task(self, loop: "SimLoop", coro: Any, **how: Any) -> asyncio.Task[Any]:
        task: asyncio.Task[Any] = asyncio.Task(coro, loop=loop, **how)
        self.tasks.append(task)
        return task

    def _note(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        self.broken.append(context.get("exception") or str(context.get("message")))

    def end(self) -> None:
        """Throw away what still runs; the universe is over."""
        self.set_exception_handler(lambda *_: None)
        for task in self.tasks:
            if not task.done():
                task._log_destroy_pending = False  # type: ignore[attr-defined]
                for _ in range(8):  # a block that awaits on its way out has to be left more than once
                    try:
                        task.get_coro().close()  # type: ignore[union-attr]
                    except BaseException:  # noqa: BLE001  whatever it says, nobody listens any more
                        continue
                    break
            elif not task.cancelled():
                task.exception()
        self.tasks.clear()
        self.turns.clear()
        self._scheduled.clear()
        self.close()


def _nothing() -> None:
    pass
