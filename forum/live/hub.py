"""The forums that are live in this process, by code: opened when first asked for, let go when nobody is there.

Hears the bells, checks positions against the store every two seconds (a lost bell, or a subscription that died in
silence, is found within that time), and ends rooms whose task died of a bug: the next visitor builds them afresh.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Final, Self

import structlog

from forum.domain.kernel import Asked, Command, PersonId, Rejection
from forum.fragments.pages import Pages
from forum.fragments.surface import Audience, Site
from forum.journal import Head, Journal, NoForum, Unavailable
from forum.live import frames
from forum.live.room import LiveRoom, Resume, Shown
from forum.live.seat import Seat, Wire
from forum.live.verdicts import Away, Verdict

CHECK_SECONDS: Final = 2.0
IDLE_SECONDS: Final = 60.0
DRAIN_SEATS: Final = 25
DRAIN_SECONDS: Final = 0.1
COME_BACK_MS: Final = 500

log = structlog.get_logger()


class Hub:
    """``async with Hub(...) as hub``: one per process."""

    def __init__(
        self,
        journal: Journal,
        pages: Pages,
        *,
        clock: Callable[[], int],
        new_salt: Callable[[], str],
        site: Callable[[str], Site] = lambda _code: Site(),
    ) -> None:
        self._journal = journal
        self._pages = pages
        self._clock = clock
        self._new_salt = new_salt
        self._site = site
        self._rooms: dict[str, LiveRoom] = {}
        self._opening: dict[str, asyncio.Future[LiveRoom]] = {}
        self._tasks = asyncio.TaskGroup()
        self._running: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        await self._tasks.__aenter__()
        self._journal.bells.listen(self._heard, self._reset)
        self._start(self._check_positions())
        return self

    async def __aexit__(self, *error: object) -> None:
        for task in self._running:
            task.cancel()
        await self._tasks.__aexit__(None, None, None)

    async def submit(self, code: str, what: Command | Rejection, asked: Asked) -> Verdict:
        """Have a command judged, or a refusal of the edge recorded. NoForum; never raises for a rule.

        Returns only after the journal has the outcome. Cost: a share of one append and one fsync.
        """
        try:
            room = await self._room(code)
        except Unavailable:
            return Away()
        return await room.submit(what, asked)

    async def shown(self, code: str) -> Shown:
        """The forum at least as new as its journal is now. NoForum, Unavailable."""
        return await (await self._room(code)).current()

    @asynccontextmanager
    async def seat(
        self,
        code: str,
        audience: Audience,
        person: PersonId,
        wire: Wire,
        resume: Resume | None,
        *,
        tab: str = "",
    ) -> AsyncIterator[Seat]:
        """Keep a browser up to date for as long as the block lasts. NoForum, Unavailable."""
        room = await self._room(code)
        seat = Seat(audience, person, wire)
        try:
            await room.enter(seat, tab, resume)
            yield seat
        finally:
            room.leave(seat)

    def need(self, code: str, seat: Seat, since: int) -> None:
        """A browser says it stands at ``since``: it is given what changed since."""
        room = self._rooms.get(code)
        if room:
            room.catch_up_seat(seat, since)

    async def settled(self, code: str) -> None:
        """Wait until everything asked of a forum is answered and shown."""
        await (await self._room(code)).settled()

    def connected(self, code: str) -> int:
        """How many browsers of a forum are connected to this process."""
        room = self._rooms.get(code)
        return room.seats if room else 0

    async def close(self) -> None:
        """Send everybody away in small groups, to come back in a moment to whoever serves then."""
        seats = [seat for room in self._rooms.values() for seat in room.every_seat()]
        for start in range(0, len(seats), DRAIN_SEATS):
            for n, seat in enumerate(seats[start : start + DRAIN_SEATS]):
                seat.wire.write(frames.bye(1012, COME_BACK_MS + 20 * n))
                seat.wire.close(1012, "restarting")
            await asyncio.sleep(DRAIN_SECONDS)

    async def _room(self, code: str) -> LiveRoom:
        room = self._rooms.get(code)
        if room:
            return room
        opening = self._opening.get(code)
        if opening is None:
            opening = self._opening[code] = asyncio.ensure_future(self._opened(code))
            opening.add_done_callback(lambda _: self._opening.pop(code, None))
        return await asyncio.shield(opening)

    async def _opened(self, code: str) -> LiveRoom:
        room = LiveRoom(
            code, self._journal, self._pages, self._site(code), clock=self._clock, new_salt=self._new_salt
        )
        try:
            await room.open()
        except (NoForum, Unavailable):
            self._journal.bells.unwatch(code)
            raise
        self._rooms[code] = room
        self._start(self._live(room))
        room.ring()  # what came between the reading and now
        return room

    async def _live(self, room: LiveRoom) -> None:
        try:
            await room.run()
        except Exception:
            # A bug of ours in one forum must not end the others. Loud here; the next visitor builds it afresh.
            log.exception("room_died", forum=room.code)
            for seat in room.every_seat():
                seat.wire.close(1011, "error")
        finally:
            self._forget(room)

    def _forget(self, room: LiveRoom) -> None:
        if self._rooms.get(room.code) is room:
            del self._rooms[room.code]
            self._journal.bells.unwatch(room.code)

    def _start(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = self._tasks.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    def _heard(self, code: str, head: Head) -> None:
        room = self._rooms.get(code)
        if room:
            room.ring(head)

    def _reset(self) -> None:
        for room in self._rooms.values():
            room.ring()

    async def _check_positions(self) -> None:
        while True:
            await asyncio.sleep(CHECK_SECONDS)
            try:
                heads = await self._journal.heads(list(self._rooms))
            except Unavailable:
                self._reset()
                continue
            for code, head in heads.items():
                room = self._rooms.get(code)
                if room:
                    room.ring(head)
            self._let_go()

    def _let_go(self) -> None:
        before = time.monotonic() - IDLE_SECONDS
        for room in list(self._rooms.values()):
            if not room.seats and room.used_at < before:
                self._forget(room)
                room.retire()
