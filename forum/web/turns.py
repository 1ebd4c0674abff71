"""Whose turn it is: slow work is done for a few at a time, one after another, and behind what people contribute.

Theory of operation. Each kind of work has a line. A person is let through if there is room, and otherwise
stands in the line. The line serves people in turn: somebody who asks for sixty pages waits behind their own
requests, and others do not wait for them. People known by a cookie stand for themselves. All others at one
address stand as one; since a hall shares one address, they may be many. What is drawn on the event loop is
drawn in slices. Each slice is followed by a rest, which belongs to commands and is longer while people are
writing.

An honest crowd is never refused; it waits. ``TooMany`` refuses people who ask for more than anybody needs.
``Crowded`` tells people to come again when they have waited as long as browsers and proxies do. When a line
is full, the address with the most people waiting makes room for others. Nothing here says who may ask for
what.
"""

import asyncio
import time
from collections import Counter, OrderedDict, deque
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Final, NamedTuple, TypeVar

from forum.slices import Sliced
from forum.web.limits import Buckets, Rate, TooMany

MOST_WAITING: Final = 4_000  # of one kind: a city's worth of reloads; each costs some kilobytes
WAITING_ADDRESS: Final = 2_000  # of one address, without a cookie that is known: a hall that comes in
COME_AGAIN_SECONDS: Final = 5.0
ENDING_SECONDS: Final = 1.0  # another process serves by then
BUSY_REST: Final = 2  # so many times what was drawn, while people write
CALM_REST: Final = 0.5
SLICE_SECONDS: Final = 0.002  # of work that comes in slices, before the event loop rests
BREATH_SECONDS: Final = 0.004  # between two beginnings, while people write: what surrounds a page costs too

T = TypeVar("T")


class Crowded(Exception):
    """Waited in vain: come again in ``seconds``."""

    def __init__(self, seconds: float = COME_AGAIN_SECONDS) -> None:
        super().__init__(f"{seconds:.1f} s")
        self.seconds = seconds


class Bounds(NamedTuple):
    """How much of one kind of work is done at the same time, by one process, and for whom."""

    at_once: int
    of_forum: int
    of_one: int  # person
    waiting: int  # of one person; who asks for more is refused
    rate: Rate  # of one person: beyond, they wait
    patience_seconds: float
    drawn: bool = True  # on the event loop


class Asker(NamedTuple):
    """Who stands in a line."""

    forum: str
    who: str
    alone: bool  # a person; False: an address, whatever forums it asks for


class Turns:
    """Of one process."""

    def __init__(self, busy: Callable[[], bool], clock: Callable[[], float] = time.monotonic) -> None:
        """``busy`` says whether people are writing; ``clock``, in seconds, gives people back what they spent."""
        self._busy, self.clock = busy, clock
        self._lines: dict[Bounds, Line] = {}
        self.free_at = 0.0  # when the event loop has rested
        self.over = False  # this process is about to end

    def turn(self, bounds: Bounds, asker: Asker) -> AbstractAsyncContextManager[None]:
        """Wait for one's turn and have it for as long as the block lasts. TooMany, Crowded."""
        line = self._lines.get(bounds)
        if line is None:
            line = self._lines[bounds] = Line(bounds, self)
        return line.turn(asker)

    def end(self) -> None:
        """This process is about to end: whoever waits, or comes, is told to come again; another will serve them."""
        self.over = True
        for line in self._lines.values():
            line.end()

    async def in_slices(self, work: Sliced[T]) -> T:
        """Have work done a slice at a time; between two of them commands have the event loop for themselves."""
        while True:
            began = time.thread_time()
            try:
                while time.thread_time() - began < SLICE_SECONDS:
                    next(work)
            except StopIteration as done:
                made: T = done.value
                return made
            finally:
                self.drew(time.thread_time() - began)
            await self._rested()

    async def _rested(self) -> None:
        now = asyncio.get_running_loop().time
        rest = self.free_at - now()
        while rest > 0:  # longer, when somebody else's work went on first
            await asyncio.sleep(rest)
            rest = self.free_at - now()

    def drew(self, seconds: float) -> None:
        """So long was the event loop taken: it rests before it is taken again."""
        rest = seconds * (BUSY_REST if self._busy() else CALM_REST)
        self.free_at = max(self.free_at, asyncio.get_running_loop().time()) + rest

    def breathe(self) -> None:
        """A turn begins."""
        if self._busy():
            self.free_at = max(self.free_at, asyncio.get_running_loop().time() + BREATH_SECONDS)


class Line:
    """Who waits for one kind of work."""

    def __init__(self, bounds: Bounds, turns: Turns) -> None:
        self._bounds, self._turns = bounds, turns
        self._now = asyncio.get_running_loop().time
        self._rates = Buckets(bounds.rate, turns.clock)
        self._waiting: OrderedDict[Asker, deque[asyncio.Future[None]]] = OrderedDict()
        self._many = 0
        self._under_way: Counter[Asker] = Counter()
        self._of_forum: Counter[str] = Counter()
        self._timer: asyncio.TimerHandle | None = None

    @asynccontextmanager
    async def turn(self, asker: Asker) -> AsyncIterator[None]:
        await self._admitted(asker)
        try:
            yield
        finally:
            self._leave(asker)

    def end(self) -> None:
        """Send everybody who waits away."""
        for own in list(self._waiting.values()):
            for waiting in own:
                if not waiting.done():
                    waiting.set_exception(Crowded(ENDING_SECONDS))

    async def _admitted(self, asker: Asker) -> None:
        own = self._waiting.get(asker, ())
        if len(own) >= (self._bounds.waiting if asker.alone else WAITING_ADDRESS):
            raise TooMany(max(COME_AGAIN_SECONDS, self._rates.wait(asker.who)))
        if self._turns.over:
            raise Crowded(ENDING_SECONDS)
        if self._many >= MOST_WAITING:
            self._make_room(asker)
        mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(asker, deque()).append(mine)
        self._many += 1
        self._go_on()
        try:
            async with asyncio.timeout(self._bounds.patience_seconds):
                await mine
        except BaseException as error:  # cancelled too: who goes away leaves no turn and no place behind
            if mine.done() and not mine.cancelled() and mine.exception() is None:
                self._leave(asker)  # it came at the same moment
            else:
                self._forget(asker, mine)
            if isinstance(error, TimeoutError):
                raise Crowded from None
            raise

    def _make_room(self, asker: Asker) -> None:
        """The line is full: the last one of the address from where most wait comes again, unless that is who asks. Crowded."""
        addresses = (other for other in self._waiting if not other.alone)
        most = max(addresses, key=lambda other: len(self._waiting[other]), default=None)
        if most is None:
            raise Crowded
        if not asker.alone and len(self._waiting[most]) <= len(self._waiting.get(asker, ())) + 1:
            raise Crowded
        last = self._waiting[most][-1]
        self._forget(most, last)
        if not last.done():
            last.set_exception(Crowded())

    def _forget(self, asker: Asker, mine: asyncio.Future[None]) -> None:
        own = self._waiting.get(asker, deque())
        if mine in own:
            own.remove(mine)
            self._many -= 1
            if not own:
                del self._waiting[asker]

    def _leave(self, asker: Asker) -> None:
        self._under_way -= Counter((asker,))  # which drops who has nothing under way
        self._of_forum -= Counter((asker.forum,))
        self._go_on()

    def _go_on(self) -> None:
        """Let through whoever may come now; look again when the first of the others may."""
        if self._timer:
            self._timer.cancel()
            self._timer = None
        while self._waiting and self._under_way.total() < self._bounds.at_once:
            rest = self._turns.free_at - self._now() if self._bounds.drawn else 0.0
            asker, wait = (None, rest) if rest > 0 else self._next()
            if asker is None:
                if wait:
                    self._timer = asyncio.get_running_loop().call_later(wait, self._go_on)
                return
            self._begin(asker)

    def _next(self) -> tuple[Asker | None, float]:
        """The first in line for whom there is room; else the seconds until time alone makes room, 0.0 when it does not."""
        waits = []
        for asker in self._waiting:
            most = self._bounds.of_one if asker.alone else self._bounds.at_once
            if self._under_way[asker] >= most or self._of_forum[asker.forum] >= self._bounds.of_forum:
                continue
            wait = self._rates.wait(asker.who) if asker.alone else 0.0
            if not wait:
                return asker, 0.0
            waits.append(wait)
        return None, min(waits, default=0.0)

    def _begin(self, asker: Asker) -> None:
        own = self._waiting[asker]
        first = own.popleft()
        self._many -= 1
        if own:
            self._waiting.move_to_end(asker)
        else:
            del self._waiting[asker]
        if first.done():  # went away at this moment
            return
        first.set_result(None)
        self._under_way[asker] += 1
        self._of_forum[asker.forum] += 1
        if asker.alone:
            self._rates.take(asker.who)
        if self._bounds.drawn:
            self._turns.breathe()
