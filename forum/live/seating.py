"""The browsers of one forum in this process: who sits where, and what each is still to be shown.

Theory of operation. ``show`` says that the forum stands differently now; it is quick and draws nothing. One task
(``run``) does the drawing. Per audience there is a *moment*: the forum as it stood when it was last drawn. A tick
takes a new one, draws what changed since the number where most seats are, builds one frame, and hands the same
bytes to every seat; a seat at another number gets the frame for its own number, drawn once for all who are there.
Whose person goes into another group has another audience: the seat changes its block there and then, before anything
newer is drawn for either, and the page it had is replaced by the whole of the other.
The first change is drawn at once, those that follow within the window together.

A seat whose connection does not keep up is passed over and looked at again later: nothing is queued for it. What is
personal is drawn for each person, so it is *owed* (``owed``), and paid in slices of some milliseconds.

Must never show what the room did not publish, and never await anything but its own turn.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from typing import Final

from forum.domain.homonyms import renumbered, where_named
from forum.domain.kernel import PersonId, TabId
from forum.domain.state import State
from forum.domain.touch import Touch
from forum.fragments.backdrop import Backdrop
from forum.fragments.pages import Pages
from forum.fragments.surface import Audience
from forum.live import frames
from forum.live.blocks import Block, Blocks, Crowd
from forum.live.drawn import Drawn
from forum.live.handing import hand_out
from forum.live.moment import Moment, Shown
from forum.live.owed import SLICE_SECONDS, WHOLE, Owed
from forum.live.pace import Pace
from forum.live.seat import NOWHERE, SKIP_BYTES, Seat
from forum.live.trail import Resume, Trail
from forum.slices import Sliced

SLICE_SEATS: Final = 64  # between two looks at the time
BUSY_REST: Final = 5  # slices of rest after one of personal drawing, while commands wait
PAGE_SECONDS: Final = 0.005  # between two parts of a page
FLICKER_SECONDS: Final = 0.5  # a store away for less than that is no news
BEAT_LEAST_SECONDS: Final = 1.0  # between two heartbeats
ACCESS_ENDED: Final = 4401
RELOAD: Final = 4426


class Seating:
    """One forum's seats. All but ``run`` and ``settled`` are quick and may be called at any time."""

    def __init__(
        self,
        pages: Pages,
        shown: Shown,
        trail: Trail,
        *,
        clock: Callable[[], int],
        pace: Pace,
        busy: Callable[[], bool],
        unsaved: Callable[[], bool],
    ) -> None:
        """``busy`` says whether commands wait: what is personal is then drawn less often, and so for more at once.
        ``unsaved`` whether the store takes nothing now."""
        self.shown = shown
        self._busy, self._unsaved = busy, unsaved
        self._pages, self._trail, self._clock, self._pace = pages, trail, clock, pace
        self._drawn = Drawn(pages, trail)
        self._blocks = Blocks()
        self._behind: dict[Seat, None] = {}  # to be looked at again soon
        self._wake = asyncio.Event()
        self._settlers: list[asyncio.Future[None]] = []
        self._now = asyncio.get_running_loop().time
        self._owed = Owed(pages, self._blocks, pace, self._now)
        self._beat_at = self._now() + pace.beat_seconds
        self._beaten_at = 0.0

    # --- who sits here

    def __len__(self) -> int:
        return len(self._blocks)

    @property
    def crowd(self) -> Crowd:
        """Who is connected."""
        return self._blocks.crowd(sum(seat.wire.backlog > SKIP_BYTES for seat in self._behind))

    def every(self) -> list[Seat]:
        return self._blocks.every()

    def enter(self, seat: Seat, resume: Resume | None) -> None:
        """Welcome a browser and bring it up to date; from then on it is kept so."""
        state, head = self.shown.view.state, self.shown.head
        if not _stands(state, seat.person):  # removed, or waiting to be let in: nothing here is theirs to see
            seat.wire.close(ACCESS_ENDED, "no access")
            return
        if seat.renew and state.gone.losses:
            seat.wire.close(RELOAD, "reload the page")
            return
        seat.audience = self._pages.grouped(self.shown.view, seat.audience, seat.person)
        mode, seat.at = self._mode(resume, seat.person)
        self._welcome(seat, mode)
        seen = resume.seq if resume and resume.seq <= head.seq else NOWHERE
        block = self._sit(seat, seen)
        self._owed.whole(seat)
        if seat.at == NOWHERE:
            self._behind[seat] = None
        elif seat.at != head.seq:
            self._serve(seat, self._moment(block, seat.at))
        self._wake.set()

    def leave(self, seat: Seat) -> None:
        """Forget a browser; it may have been forgotten already."""
        self._behind.pop(seat, None)
        self._owed.leave(seat)
        self._blocks.leave(seat)

    def need(self, seat: Seat, since: int) -> None:
        """The browser says it stands at ``since``: it is given what changed since. 0 asks for the whole page."""
        if seat not in self._blocks:
            return
        known = self._trail.start <= since <= self.shown.head.seq
        seat.at = since if known and self._in_one_group(seat.person, since) else NOWHERE
        seat.page = ()
        self._behind[seat] = None
        self._wake.set()

    def turn_out(self, persons: Iterable[PersonId]) -> None:
        """Close the seats of those whose access has ended (J3)."""
        for person in list(persons):
            if not _stands(self.shown.view.state, person):
                for seat in self._blocks.of(person):
                    seat.wire.close(ACCESS_ENDED, "access ended")
                    self.leave(seat)

    def close(self, code: int, reason: str) -> None:
        """Close every seat."""
        for seat in self.every():
            seat.wire.close(code, reason)

    def drawn(self, audience: Audience, person: PersonId) -> Sliced[tuple[Shown, Backdrop]]:
        """The forum as it stands, and its shared page for a person of an audience, whatever group was said: for the one
        they are in. Cost: what changed since the last one."""
        while True:
            shown, trail = self.shown, self._trail
            theirs = self._pages.grouped(shown.view, audience, person)
            backdrop = yield from self._drawn.in_slices(shown.view, theirs)
            if trail is self._trail:  # else another history began, or words were struck
                return shown, backdrop

    # --- what they see

    def show(self, shown: Shown) -> None:
        """The forum stands differently now, on the same history."""
        before, self.shown = self.shown, shown
        state, since = shown.view.state, before.head.seq
        if others := renumbered(before.view, shown.view):
            self._trail.also(shown.head.seq, where_named(state, others) | {Touch.PEOPLE})
        if state.scene > since or since < self._trail.start:
            touched = set(self._blocks.people)
            self._owed.all()
            self._regroup(self.every())
        else:
            touched = set()
            for touches in self._trail.each(since, shown.head.seq):
                persons = [PersonId(touch[4:]) for touch in touches if touch.startswith("you:")]
                touched.update(persons)
                for person in persons:
                    self._owed.owe(person, WHOLE if Touch.PEOPLE in touches else touches)
                    if Touch.group(person) in touches:
                        self._regroup(self._blocks.of(person))
        taken_back = state.links.revoked != before.view.state.links.revoked
        self.turn_out(self._blocks.people if taken_back else touched)
        self._wake.set()

    def attend(self, shown: Shown) -> None:
        """Others are absent now, and nothing else has changed."""
        self.shown = shown
        for block in self._owed.near():
            block.moment = None  # it would draw who was absent before
        self._wake.set()

    def begin_anew(self, shown: Shown, trail: Trail) -> None:
        """The forum has another history: whatever was shown, or answered, may be wrong. All are welcomed again."""
        self.shown, self._trail = shown, trail
        self._drawn.begin_anew(trail)
        self._regroup(self.every())
        for block in self._blocks:
            block.moment = block.told = None
        for seat in self.every():
            seat.at, seat.page = NOWHERE, ()
            if seat.renew:
                seat.wire.close(RELOAD, "reload the page")
                self.leave(seat)
            else:
                self._welcome(seat, "full")
        self._owed.all()
        self.turn_out(self._blocks.people)
        self._wake.set()

    def forget(self, shown: Shown, trail: Trail) -> None:
        """Hold nothing of the forum any more; those who still sit here may leave, and are shown nothing."""
        self.shown, self._trail = shown, trail
        self._drawn.begin_anew(trail)
        for block in self._blocks:
            block.moment = None

    def beat_soon(self) -> None:
        """What heartbeats say has changed: the next one comes soon, and not for every flicker."""
        self._beat_at = min(
            self._beat_at, max(self._now() + FLICKER_SECONDS, self._beaten_at + BEAT_LEAST_SECONDS)
        )
        self._wake.set()

    async def settled(self) -> None:
        """Wait until everybody who can be written to has been shown everything."""
        settled = asyncio.get_running_loop().create_future()
        self._settlers.append(settled)
        self._wake.set()
        await settled

    # --- in which group

    def _regroup(self, seats: Iterable[Seat]) -> None:
        """Whoever is in another group now has another page: all of it is due, and nothing of what was is drawn any more."""
        for seat in seats:
            audience = self._pages.grouped(self.shown.view, seat.audience, seat.person)
            if audience == seat.audience:
                continue
            self._blocks.leave(seat)
            seat.audience = audience
            self._sit(seat, seat.at)
            seat.at, seat.page = NOWHERE, ()
            self._behind[seat] = None
            self._owed.whole(seat)

    def _sit(self, seat: Seat, seen: int) -> Block:
        """Among those of the same audience. As these were drawn last is not for who has ``seen`` more, or was not yet
        one of them then."""
        block = self._blocks.enter(seat)
        drawn = block.moment.head.seq if block.moment else NOWHERE
        least = max(seen, self._trail.start, self.shown.view.state.scene)
        if drawn < least or not self._in_one_group(seat.person, drawn):
            block.moment = None
        return block

    def _in_one_group(self, person: PersonId, since: int) -> bool:
        """Whether a person has been in one group since then, where that is within the trail and this scene."""
        other = Touch.group(person)
        return not any(other in touched for touched in self._trail.each(since, self.shown.head.seq))

    # --- the task

    async def run(self) -> None:
        """Draw and write until cancelled."""
        while True:
            self._wake.clear()
            for block in self._blocks:
                if block.told != self.shown.head and self._now() >= block.due_at:
                    await self._tick(block)
            await self._catch_up()
            paid = self._owed.pay(self.shown)
            if self._now() >= self._beat_at:
                await self._beat()
            await self._rest(paid)

    async def _tick(self, block: Block) -> None:
        moment = self._moment(block, NOWHERE)
        phones = self._blocks.alike(block.audience) if block.audience.surface == "phone" else 0
        news = moment.head.seq - block.told.seq if block.told else 0
        block.due_at = self._now() + self._pace.tick_seconds(phones, max(0, news))
        block.told = moment.head
        async for seats in self._slices(block.seats):
            left = hand_out(moment, seats, block.seats) if self._stands(moment) else seats
            for seat in left:
                if await self._ready(seat, moment) and seat.at < moment.head.seq and seat in block.seats:
                    self._serve(seat, moment)
            if block.moment is not moment:  # another history began, or somebody brought news of a newer fact
                block.told = None
                return

    def _moment(self, block: Block, at: int) -> Moment:
        """The audience's moment; a new one when a tick is due anyway, a seat has seen more already, or the store has
        a new life: a page that was welcomed in it takes no frame of the one before. Who needs the whole page is
        given it as it was drawn last, not drawn again as it was before."""
        moment = block.moment
        if at == NOWHERE:
            at = self._drawn.at(block.audience)
        stale = moment is None or (moment.head != self.shown.head and self._now() >= block.due_at)
        if moment is None or stale or moment.head.seq < at or moment.head.gen != self.shown.head.gen:
            moment = Moment(self.shown, self._trail, self._pages, self._drawn, block.audience)
            block.moment = moment
        return moment

    def _serve(self, seat: Seat, moment: Moment) -> None:
        """Bring one seat to the moment, as far as its connection takes it."""
        while seat.page or seat.at < moment.head.seq:
            if not seat.writable(self._now(), self._pace.stuck_seconds):
                self._behind[seat] = None
                return
            if seat.page:
                seat.turn()
            else:
                seat.begin(moment.since(seat.at, packed=seat.wire.packs, cut=seat.cut), moment.head.seq)
        self._behind.pop(seat, None)

    async def _catch_up(self) -> None:
        """Look again at those whose connection was full, or who asked."""
        for seat in list(self._behind):
            block = self._blocks.block(seat)
            if block is None:  # left meanwhile
                continue
            moment = self._moment(block, seat.at)
            if await self._ready(seat, moment) and seat in block.seats:
                self._serve(seat, moment)

    async def _ready(self, seat: Seat, moment: Moment) -> bool:
        """Draw the whole page for a seat that needs it, unless it is drawn: slice by slice, with a turn for commands
        after each. Say whether the moment still stands then."""
        if seat.at < moment.least and not seat.page:
            until = self._now() + SLICE_SECONDS
            for _ in moment.whole_in_slices(packed=seat.wire.packs, cut=seat.cut):
                if self._now() > until:
                    await asyncio.sleep(SLICE_SECONDS if self._busy() else 0)
                    until = self._now() + SLICE_SECONDS
        return self._stands(moment)

    def _stands(self, moment: Moment) -> bool:
        """Whether it is still of the history, and of the life of the store, that stands now."""
        return moment.trail is self._trail and moment.head.gen == self.shown.head.gen

    async def _beat(self) -> None:
        self._beaten_at = self._now()
        self._beat_at = self._beaten_at + self._pace.beat_seconds
        frame = frames.heartbeat(self.shown.head, self._clock(), unsaved=self._unsaved())
        async for seats in self._slices(self.every()):
            for seat in seats:
                if seat.writable(self._now(), self._pace.stuck_seconds):
                    seat.wire.write(frame)
                elif seat in self._blocks:
                    self._behind[seat] = None

    async def _slices(self, seats: Iterable[Seat]) -> AsyncIterator[list[Seat]]:
        """Seats in small lists, with a turn for others after every few milliseconds. Some may leave meanwhile."""
        everybody = list(seats)
        until = self._now() + SLICE_SECONDS
        for start in range(0, len(everybody), SLICE_SEATS):
            yield everybody[start : start + SLICE_SEATS]
            if self._now() > until:
                await asyncio.sleep(0)
                until = self._now() + SLICE_SECONDS

    async def _rest(self, more: bool) -> None:
        """Wait until something is due; settled when nothing is that can be done now."""
        if more:
            await asyncio.sleep(BUSY_REST * SLICE_SECONDS if self._busy() else 0)
            return
        now = self._now()
        ticks = [block.due_at for block in self._blocks if block.told != self.shown.head]
        if not ticks and not self._wake.is_set():
            self._settle()
        looks = []
        if self._behind:
            paging = any(seat.page for seat in self._behind)
            looks.append(now + (PAGE_SECONDS if paging else self._pace.tick_seconds(0)))
        if self._owed.waits:
            looks.append(now + self._pace.tick_seconds(0))
        timer = asyncio.get_running_loop().call_at(min([*ticks, *looks, self._beat_at]), self._wake.set)
        try:
            await self._wake.wait()
        finally:
            timer.cancel()
        self._owed.look_again()

    def _settle(self) -> None:
        for settled in self._settlers:
            if not settled.done():
                settled.set_result(None)
        self._settlers.clear()

    def _welcome(self, seat: Seat, mode: str) -> None:
        known = self.shown.view.state.tabs.by_id.get(TabId(seat.tab))
        last, beat = known.last if known else 0, round(self._pace.beat_seconds)
        unsaved = self._unsaved()
        seat.wire.write(frames.welcome(self.shown.head, mode, last, self._clock(), beat, unsaved=unsaved))

    def _mode(self, resume: Resume | None, person: PersonId) -> tuple[str, int]:
        """What a browser that says it stands there is given, and from which number on."""
        head, scene = self.shown.head, self.shown.view.state.scene
        if resume is None or resume.gen > head.gen or resume.seq > head.seq:
            return "full", NOWHERE
        if resume.seq < scene or not self._trail.holds(resume.seq, resume.chain):
            return "full", NOWHERE
        if not self._in_one_group(person, resume.seq):
            return "full", NOWHERE
        return ("current" if resume.seq == head.seq else "changes"), resume.seq


def _stands(state: State, person: PersonId) -> bool:
    found = state.people.by_id.get(person)
    return found is not None and found.state == "in" and found.key not in state.links.revoked
