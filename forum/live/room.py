"""One forum, live in this process: one task owns it, so nothing here is locked.

Theory of operation. The task waits for something to do, then, in this order: reads on when a bell or a check says
that the journal has grown; judges up to 64 waiting commands one after another on the evolving state and appends all
their facts in one call; answers their askers, never before that call returned; lets newcomers in; draws what
changed once per audience and hands the same bytes to every seat that keeps up.

Nothing is shown that is not in the journal. A conflict means that another process was first: read on, decide the
same batch again. No answer means that the outcome is unknown: read on too; what went in is recognised by its op
numbers.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

import structlog

from forum.domain import records
from forum.domain.kernel import NOBODY, Asked, Command, Fact, PersonId, Record, Rejection, TabId
from forum.domain.people import PersonJoined, PersonNamed
from forum.domain.room import EMPTY, Seen, decide, fold, refused
from forum.domain.room import OutOfOrder as Skipped
from forum.domain.state import State
from forum.fragments.pages import Pages
from forum.fragments.surface import Audience, Put, Site, View
from forum.journal import Conflict, Damaged, Entry, Head, Journal, NoForum, Unavailable, recompute
from forum.live import frames
from forum.live.seat import Seat
from forum.live.trail import Trail
from forum.live.verdicts import Accepted, Away, Busy, OutOfOrder, Refused, Verdict

MOST_COMMANDS: Final = 64  # of one batch: some milliseconds of judging, one append
MOST_WAITING: Final = 4096  # two seconds of a crowd; then "busy"
PATIENCE_SECONDS: Final = 3.0  # how long a batch waits for the store
RETRY_SECONDS: Final = 0.05
TICK_SECONDS: Final = 0.05
TICK_SECONDS_PER_PHONE: Final = 0.00001  # 2,000 phones: 70 ms; 10,000: 150 ms
LONGEST_TICK_SECONDS: Final = 0.25
SLICE_SECONDS: Final = 0.005  # of drawing personal fragments, before others get a turn
FOLDS_AT_ONCE: Final = 500

log = structlog.get_logger()


class Shown(NamedTuple):
    """A forum as it stands: what pages are drawn from, and where in the journal that is."""

    view: View
    head: Head


class Resume(NamedTuple):
    """Where a page says it is."""

    gen: int
    seq: int
    chain: str


class Asking(NamedTuple):
    """A command, or a refusal already judged at the edge, and who waits for its verdict."""

    what: Command | Rejection
    asked: Asked
    verdict: asyncio.Future[Verdict]


class Newcomer(NamedTuple):
    """A seat that has said hello."""

    seat: Seat
    tab: str
    resume: Resume | None
    entered: asyncio.Future[None]


class Judged(NamedTuple):
    """A batch, judged on the state it was given, not yet in the journal."""

    state: State
    entries: list[tuple[str, bytes]]
    touched: list[frozenset[str]]
    renamed: bool
    verdicts: list[tuple[Asking, Rejection | Seen | Skipped | None, int]]  # with the number of its last fact


Drawn = dict[tuple[Audience, int], tuple[bytes, ...]]
"""Frames drawn in this turn, by audience and the number they start from: drawn once, written to many."""


class Group:
    """The seats of one audience, and when they are next drawn for."""

    __slots__ = ("at", "free_at", "seats")

    def __init__(self) -> None:
        self.seats: set[Seat] = set()
        self.at = 0  # journal number the keeping-up seats are at
        self.free_at = 0.0


class LiveRoom:
    """One forum. ``open`` it, then run ``run`` as its task; everything else may be called at any time."""

    def __init__(
        self,
        code: str,
        journal: Journal,
        pages: Pages,
        site: Site,
        *,
        clock: Callable[[], int],
        new_salt: Callable[[], str],
    ) -> None:
        self.code = code
        self.head = Head(0, 0, "")
        self.frozen = False  # its journal cannot be explained: readable, not writable
        self.used_at = time.monotonic()
        self._journal = journal
        self._pages = pages
        self._site = site
        self._clock = clock
        self._new_salt = new_salt
        self._state = EMPTY
        self._names: dict[PersonId, str] = {}
        self._trail = Trail(self.head)
        self._inbox: deque[Asking] = deque()
        self._newcomers: list[Newcomer] = []
        self._readers: list[asyncio.Future[None]] = []  # who waits for the state to be current
        self._groups: dict[Audience, Group] = {}
        self._of_person: dict[PersonId, set[Seat]] = {}
        self._you_due: dict[Seat, None] = {}
        self._you_late: set[Seat] = set()  # could not be written to when it was their turn
        self._behind = False
        self._renamed = False
        self._wake = asyncio.Event()
        self._timer: asyncio.TimerHandle | None = None
        self._beat_at = time.monotonic() + frames.HEARTBEAT_SECONDS
        self._settled = asyncio.Event()
        self._retired = False

    # --- from outside the task

    async def open(self) -> None:
        """Subscribe, then read the whole journal. NoForum, Unavailable. Cost: some 15 µs a fact."""
        await self._journal.bells.watch(self.code)
        await self._rebuild()

    @property
    def shown(self) -> Shown:
        """The forum as this process knows it."""
        return Shown(View(self._state, self._names, self._site), self.head)

    @property
    def seats(self) -> int:
        return sum(len(group.seats) for group in self._groups.values())

    def submit(self, what: Command | Rejection, asked: Asked) -> asyncio.Future[Verdict]:
        """Have a command judged; the future gets its verdict after the journal has it."""
        verdict: asyncio.Future[Verdict] = asyncio.get_running_loop().create_future()
        if len(self._inbox) >= MOST_WAITING:
            verdict.set_result(Busy())
        else:
            self._inbox.append(Asking(what, asked, verdict))
            self.rouse()
        return verdict

    async def current(self) -> Shown:
        """The forum at least as new as the journal is now. One store round trip, shared by all who ask at once."""
        waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._readers.append(waiting)
        self.rouse()
        await waiting
        return self.shown

    async def enter(self, seat: Seat, tab: str, resume: Resume | None) -> None:
        """Welcome a browser and bring it up to date; from then on it is kept so."""
        entered: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._newcomers.append(Newcomer(seat, tab, resume, entered))
        self.rouse()
        await entered

    def leave(self, seat: Seat) -> None:
        """Forget a browser. It may never have entered."""
        self._newcomers = [n for n in self._newcomers if n.seat is not seat]
        self._you_due.pop(seat, None)
        self._you_late.discard(seat)
        group = self._groups.get(seat.audience)
        if group:
            group.seats.discard(seat)
        own = self._of_person.get(seat.person)
        if own:
            own.discard(seat)
            if not own:
                del self._of_person[seat.person]
        self.used_at = time.monotonic()

    def catch_up_seat(self, seat: Seat, since: int) -> None:
        """The browser says it stands at ``since``: give it what changed since, at the next tick."""
        seat.at = since if self._trail.start <= since <= self.head.seq else -1
        group = self._groups.get(seat.audience)
        if group:
            group.at = -1
        self.rouse()

    def ring(self, head: Head | None = None) -> None:
        """The journal may have grown, or have another life."""
        if head != self.head:
            self._behind = True
            self.rouse()

    def retire(self) -> None:
        """End the task after its turn: nobody is here."""
        self._retired = True
        self.rouse()

    def rouse(self) -> None:
        """Give the task a turn."""
        self._settled.clear()
        self._wake.set()

    async def settled(self) -> None:
        """Wait until everything asked is answered and everything changed is shown."""
        await self._settled.wait()

    def every_seat(self) -> list[Seat]:
        return [seat for group in self._groups.values() for seat in group.seats]

    # --- the task

    async def run(self) -> None:
        """Own the forum until cancelled."""
        try:
            while not self._retired:
                await self._wake.wait()
                self._wake.clear()
                await self._turn()
        finally:
            if self._timer:
                self._timer.cancel()
            for asking in self._inbox:
                _answer(asking, Away())
            for waiting in [*self._readers, *(n.entered for n in self._newcomers)]:
                if not waiting.done():
                    waiting.set_exception(Unavailable("away", "this process is ending"))

    async def _turn(self) -> None:
        self.used_at = time.monotonic()
        await self._read_on()
        while self._inbox:
            batch = [self._inbox.popleft() for _ in range(min(MOST_COMMANDS, len(self._inbox)))]
            await self._commit(batch)
            if self._due():
                break  # those who watch are not kept waiting by those who write
        await self._reload_names()
        self._let_in()
        self._show()
        await self._draw_personal()
        self._beat()
        self._rest()

    def _due(self) -> bool:
        now = time.monotonic()
        return any(group.seats and now >= group.free_at for group in self._groups.values())

    def _rest(self) -> None:
        """Arrange the next turn; settled when there is nothing left to do."""
        if self._inbox or self._you_due or self._newcomers or self._readers:
            self._wake.set()
            return
        now = time.monotonic()
        late = [group.free_at for group in self._groups.values() if self._lags(group)]
        if self._you_late:
            late.append(now + TICK_SECONDS)
        if not late and not self._behind:
            self._settled.set()
        due = min([*late, self._beat_at], default=self._beat_at)
        if self._timer:
            self._timer.cancel()
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(max(due - now, 0.001), self._wake.set)

    def _lags(self, group: Group) -> bool:
        return bool(group.seats) and group.at != self.head.seq

    # --- reading

    async def _read_on(self) -> None:
        if not (self._behind or self._readers or self._newcomers):
            return
        waiting, self._readers = self._readers, []
        try:
            await self._catch_up()
            self._behind = False
        except (Unavailable, NoForum) as error:
            for reader in [*waiting, *(n.entered for n in self._newcomers)]:
                if not reader.done():
                    reader.set_exception(error)
            self._newcomers = []
            return
        for reader in waiting:
            if not reader.done():
                reader.set_result(None)

    async def _catch_up(self) -> None:
        """Fold what the journal has beyond our head; fold anew when our head is not in its history."""
        head = await self._journal.head(self.code)
        if head is None:
            self._freeze("the journal is gone")
            raise NoForum(self.code)
        if (head.seq, head.chain) == (self.head.seq, self.head.chain):
            self._live_on(head)
        elif head.seq <= self.head.seq:
            await self._rebuild()
        else:
            entries = await self._journal.read(self.code, self.head.seq)
            try:
                recompute(entries, self.head.chain)
            except Damaged:
                await self._rebuild()
            else:
                self._fold_read(entries, head.gen)

    def _live_on(self, head: Head) -> None:
        if head.gen != self.head.gen:
            log.info("store_has_new_life", forum=self.code, gen=head.gen)
        self.head = head

    def _fold_read(self, entries: list[Entry], gen: int) -> None:
        state = self._state
        for entry in entries:
            try:
                record = records.decode(entry.body)
            except records.UnknownFact as error:
                self._freeze(f"fact {entry.seq}: {error}")
                break
            state = fold(state, entry.seq, entry.op, record)
            self._trail.add(entry.seq, state.touched)
            self._trail.mark(entry.seq, entry.chain)
            self._renamed |= _renames(record.fact)
            self.head = Head(gen, entry.seq, entry.chain)
        self._become(state)

    async def _rebuild(self) -> None:
        """Fold the whole journal aside, then swap: nobody is served from a half-built state."""
        head = await self._journal.head(self.code)
        if head is None:
            raise NoForum(self.code)
        entries = await self._journal.read(self.code)
        state, chain, seq = EMPTY, "", 0
        trail = Trail(Head(head.gen, max(0, len(entries) - 4096), ""))
        for n, entry in enumerate(entries):
            try:
                state = fold(state, entry.seq, entry.op, records.decode(entry.body))
            except records.UnknownFact as error:
                self._freeze(f"fact {entry.seq}: {error}")
                break
            chain, seq = entry.chain, entry.seq
            if n >= len(entries) - 4096:
                trail.add(seq, state.touched)
            trail.mark(seq, chain)
            if n % FOLDS_AT_ONCE == 0:
                await asyncio.sleep(0)
        try:
            recompute(entries)
        except Damaged as damage:
            self._freeze(str(damage))
        self.head, self._trail = Head(head.gen, seq, chain), trail
        for seat in self.every_seat():
            seat.at = -1
        for group in self._groups.values():
            group.at = -1
        self._become(state)
        self._names = {PersonId(p): name for p, name in (await self._journal.names(self.code)).items()}

    def _freeze(self, why: str) -> None:
        if not self.frozen:
            log.error("forum_frozen", forum=self.code, why=why)
        self.frozen = True

    # --- judging

    async def _commit(self, batch: list[Asking]) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not self.frozen:
            judged = self._judge(batch)
            try:
                head = self.head
                if judged.entries:
                    head = await self._journal.append(self.code, self.head, judged.entries)
            except Conflict:
                if not await self._can_read_on():
                    break
            except Unavailable:
                if time.monotonic() > deadline:
                    break
                await asyncio.sleep(RETRY_SECONDS)
                await self._can_read_on()
            except NoForum:
                self._freeze("the journal is gone")
            else:
                self._adopt(judged, head)
                return
        self._behind = True
        for asking in batch:
            _answer(asking, Away())

    async def _can_read_on(self) -> bool:
        try:
            await self._catch_up()
        except (Unavailable, NoForum):
            return False
        return True

    def _judge(self, batch: list[Asking]) -> Judged:
        state, entries, touched, renamed = self._state, [], [], False
        verdicts: list[tuple[Asking, Rejection | Seen | Skipped | None, int]] = []
        for asking in batch:
            verdict = decide(state, asking.what, asking.asked)
            if isinstance(verdict, Seen | Skipped):
                verdicts.append((asking, verdict, state.seq))
                continue
            facts = (refused(verdict),) if isinstance(verdict, Rejection) else verdict
            op = f"{asking.asked.tab}:{asking.asked.op}"
            for fact in facts:
                record = self._record(fact, asking.asked)
                entries.append((op, records.encode(record)))
                state = fold(state, state.seq + 1, op, record)
                touched.append(state.touched)
                renamed |= _renames(fact)
            verdicts.append((asking, verdict if isinstance(verdict, Rejection) else None, state.seq))
        return Judged(state, entries, touched, renamed, verdicts)

    def _record(self, fact: Fact, asked: Asked) -> Record:
        entered_by = asked.by if asked.on_behalf else NOBODY
        return Record(fact, asked.who, asked.at, self._new_salt(), entered_by)

    def _adopt(self, judged: Judged, head: Head) -> None:
        """The batch is in the journal: let it be true here, then answer."""
        first = self._state.seq + 1
        for n, touched in enumerate(judged.touched):
            self._trail.add(first + n, touched)
        self._trail.mark(head.seq, head.chain)
        self.head = head
        self._renamed |= judged.renamed
        if judged.entries:
            self._become(judged.state)
        for asking, verdict, seq in judged.verdicts:
            _answer(asking, _told(verdict, Head(head.gen, seq, head.chain), head))

    def _become(self, state: State) -> None:
        """Let ``state`` be the state, and note for whom something personal changed."""
        before, since = self._state, self._state.seq
        self._state = state
        if state.seq < since or since < self._trail.start or state.scene > since:
            self._you_due.update(dict.fromkeys(self.every_seat()))
        else:
            self._you_touched(self._trail.since(since))
        if state.people is not before.people or state.revoked is not before.revoked:
            self._turn_out(self._of_person)

    def _you_touched(self, touched: Iterable[str]) -> None:
        for key in touched:
            word, _, person = key.partition(":")
            if word == "you":
                self._you_due.update(dict.fromkeys(self._of_person.get(PersonId(person), ())))

    def _turn_out(self, people: Iterable[PersonId]) -> None:
        """Close the seats of those among ``people`` whose access has ended (J3)."""
        state = self._state
        gone = {p for p in people if p in self._of_person and not _stands(state, p)}
        for person in gone:
            for seat in list(self._of_person[person]):
                seat.wire.close(4401, "access ended")
                self.leave(seat)

    # --- showing

    async def _reload_names(self) -> None:
        if self._renamed:
            try:
                names = await self._journal.names(self.code)
            except Unavailable:
                return
            self._names = {PersonId(person): name for person, name in names.items()}
            self._renamed = False

    def _let_in(self) -> None:
        newcomers = self._newcomers  # kept until each is in: whoever is left when the task dies is told
        drawn: Drawn = {}
        now = self._clock()
        for seat, tab, resume, entered in newcomers:
            if entered.done():
                continue
            mode = self._mode(resume)
            seat.at = resume.seq if resume and mode != "full" else -1
            known = self._state.tabs.get(TabId(tab))
            seat.wire.write(frames.welcome(self.head, mode, known.last if known else 0, now))
            if mode != "current":
                _write_all(seat, self._drawn(drawn, seat.audience, seat.at))
            seat.at = self.head.seq
            group = self._groups.setdefault(seat.audience, Group())
            if not group.seats:
                group.at = self.head.seq
            group.seats.add(seat)
            self._of_person.setdefault(seat.person, set()).add(seat)
            self._you_due[seat] = None
            entered.set_result(None)
        self._newcomers = []
        self._turn_out(newcomer.seat.person for newcomer in newcomers)

    def _mode(self, resume: Resume | None) -> str:
        if resume is None or not self._trail.is_ours(resume.seq, resume.chain) or resume.gen > self.head.gen:
            return "full"
        if resume.seq == self.head.seq:
            return "current"
        return "changes" if resume.seq >= self._state.scene else "full"

    def _show(self) -> None:
        now = time.monotonic()
        for audience, group in self._groups.items():
            if self._lags(group) and now >= group.free_at:
                group.at = self._tick(audience, group, now)
                group.free_at = now + _window(audience, len(group.seats))

    def _tick(self, audience: Audience, group: Group, now: float) -> int:
        """Bring every seat that can be written to up to date; return the number all are at, -1 if some lag."""
        drawn: Drawn = {}
        target, everybody = self.head.seq, True
        since, due = target, tuple[bytes, ...]()  # nearly all stand at the same number
        for seat in group.seats:
            if seat.at == target:
                continue
            if not seat.writable(now):
                everybody = False
                continue
            if seat.at != since:
                since, due = seat.at, self._drawn(drawn, audience, seat.at)
            _write_all(seat, due)
            seat.at = target
        return target if everybody else -1

    def _drawn(self, drawn: Drawn, audience: Audience, since: int) -> tuple[bytes, ...]:
        key = (audience, since)
        if key not in drawn:
            view = View(self._state, self._names, self._site)
            if since < self._trail.start or since < self._state.scene or since > self.head.seq:
                drawn[key] = frames.full(self.head, self._pages.page(view, audience))
            else:
                changes = self._pages.changes(view, audience, self._trail.since(since))
                drawn[key] = (frames.changes(self.head, since, changes),)
        return drawn[key]

    async def _draw_personal(self) -> None:
        """Give people what only they see, in slices, so that a crowd's pages do not hold up its commands."""
        now = time.monotonic()
        again = [seat for seat in self._you_late if self._may_draw(seat, now)]
        self._you_late.difference_update(again)
        self._you_due.update(dict.fromkeys(again))
        view = View(self._state, self._names, self._site)
        until = time.monotonic() + SLICE_SECONDS
        drawn: dict[tuple[Audience, PersonId], tuple[Put, ...]] = {}
        while self._you_due and time.monotonic() < until:
            seat = next(iter(self._you_due))
            del self._you_due[seat]
            if not self._may_draw(seat, now):
                self._you_late.add(seat)
                continue
            key = (seat.audience, seat.person)
            puts = drawn.get(key)
            if puts is None:
                puts = drawn[key] = self._pages.you(view, seat.audience, seat.person)
            mark = hash(puts)
            if mark != seat.mine:
                seat.wire.write(frames.you(puts))
                seat.mine = mark
        if self._you_due:
            await asyncio.sleep(0)

    def _may_draw(self, seat: Seat, now: float) -> bool:
        """What is personal stands on the page of its step, which must have been handed over first."""
        return seat.at >= self._state.scene and seat.writable(now)

    def _beat(self) -> None:
        now = time.monotonic()
        if now < self._beat_at:
            return
        self._beat_at = now + frames.HEARTBEAT_SECONDS
        frame = frames.heartbeat(self.head, self._clock())
        for seat in self.every_seat():
            if seat.writable(now):
                seat.wire.write(frame)


def _write_all(seat: Seat, drawn: tuple[bytes, ...]) -> None:
    for frame in drawn:
        seat.wire.write(frame)


def _stands(state: State, person: PersonId) -> bool:
    found = state.people.get(person)
    return found is not None and found.state == "in" and found.key not in state.revoked


def _renames(fact: Fact) -> bool:
    return isinstance(fact, PersonJoined | PersonNamed)


def _window(audience: Audience, seats: int) -> float:
    wider = TICK_SECONDS_PER_PHONE * seats if audience.surface == "phone" else 0.0
    return min(LONGEST_TICK_SECONDS, TICK_SECONDS + wider)


def _told(verdict: Rejection | Seen | Skipped | None, own: Head, head: Head) -> Verdict:
    match verdict:
        case None:
            return Accepted(own)
        case Seen(refused=None):
            return Accepted(Head(head.gen, verdict.seq, head.chain))
        case Seen():
            assert verdict.refused is not None
            return Refused(verdict.refused, head)
        case Skipped():
            return OutOfOrder(verdict.last)
        case Rejection():
            return Refused(verdict, own)


def _answer(asking: Asking, verdict: Verdict) -> None:
    if not asking.verdict.done():
        asking.verdict.set_result(verdict)
