"""One forum, live in this process. One task owns its journal and its state, so nothing here is locked.

Theory of operation. The task waits for something to do. It reads on when a bell, a check or a visitor says
so. Then it judges what is in the inbox: up to 64 commands, each on the state that the one before it leaves.
It appends all their facts in one call. Only then does it answer anybody. Refusals wait too, since they may
depend on a command of the same batch. A command stays in the inbox until it is answered.

- Conflict: another process was first. Read on, and judge the same commands again.
- Unavailable: the outcome is unknown. Read on, and judge again. What went in is recognised by its op
  numbers. After three seconds everybody who waits is told so, and keeps their op.
- A journal that cannot be explained, or is gone, freezes the forum (``holding``): readable, not writable.
- The forum moved away: the room ends, everybody is told where it goes on, and keeps what was not answered.
- Words were struck: the journal is folded anew beside the room, which goes on. Nothing new is shown until the state
  without these words has replaced the old one. Commands whose facts would repeat existing words wait for that, as does a
  reveal for a count that takes long (``counting``).

``Shown`` (``showing``) makes the state visible, with names and head. The seats' task (``seating``) draws, and holds up nothing.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from typing import Final

import structlog

from forum.domain import again
from forum.domain.erasing import repeats_words
from forum.domain.homonyms import Called
from forum.domain.kernel import Asked, Command, Rejection
from forum.domain.space import FORUM_BYTES
from forum.fragments.pages import Pages
from forum.fragments.surface import Site, View
from forum.journal import Conflict, Damaged, Head, Journal, MovedAway, NoForum, Unavailable
from forum.live.batch import Asking, Batch
from forum.live.counting import Counting
from forum.live.ending import end, fail
from forum.live.holding import Held, Holding
from forum.live.inbox import Inbox, answer
from forum.live.listening import Listening
from forum.live.losses import Losses
from forum.live.moment import Shown
from forum.live.pace import Pace
from forum.live.reading import History
from forum.live.seating import Seating
from forum.live.showing import RETRY_MAX_SECONDS, RETRY_SECONDS, Showing, Visitor
from forum.live.trail import Resume, Trace
from forum.live.verdicts import Verdict
from forum.live.vitals import Vitals

__all__ = ["LiveRoom", "Shown"]

HASTY_SECONDS: Final = 0.2  # for a store that is known to be away: perhaps it is back

log = structlog.get_logger()


class LiveRoom:
    """One forum. ``open`` it, then ``run`` it as a task; everything else may be called at any time."""

    def __init__(
        self,
        code: str,
        journal: Journal,
        pages: Pages,
        site: Site,
        *,
        clock: Callable[[], int],
        new_salt: Callable[[], str],
        pace: Pace,
        vitals: Vitals,
        most: int = FORUM_BYTES,
    ) -> None:
        """``most``: bytes that the forum may take."""
        self.code = code
        self.judging: Asking | None = None  # whose command was being judged when a judge broke
        self._pages = pages
        self._now = asyncio.get_running_loop().time
        self._used_at, self._committed_at = self._now(), 0.0
        self._journal, self._site, self._new_salt, self._pace = journal, site, new_salt, pace
        self._vitals, self._most = vitals, most
        self._inbox = Inbox(self._must_wait)
        self._readers: list[Visitor] = []  # who waits for the head as it is now
        self.listening = Listening(code, journal, clock, pace)
        self._losses = Losses(code, lambda: self._holding.state, self.submit, clock)
        self._rung: Head | None = None
        self._look = False
        self._runs = False
        self._over: Exception = Unavailable("away", "this forum was let go")
        self._wake = asyncio.Event()
        self._tasks = asyncio.TaskGroup()
        self._counting = Counting(self._tasks, self._wake.set)
        self._holding = Holding(
            code,
            journal,
            self._tasks,
            wake=self._wake.set,
            read_names=lambda: self._showing.read_names(),  # noqa: PLW0108  which is made below, with what is held
            came_true=self._came_true,
            began_anew=self._began_anew,
            froze=lambda: self._showing.publish(),  # noqa: PLW0108
        )
        self._showing = Showing(
            code,
            journal,
            self._tasks,
            held=self._visible,
            rests=lambda: self._holding.renewal.under_way,
            show=lambda shown: self.seating.show(shown),  # noqa: PLW0108  which is made below, with what is shown
        )
        self.seating = Seating(
            pages,
            self.shown,
            self._holding.trail,
            clock=clock,
            pace=pace,
            busy=lambda: bool(self._inbox),
            unsaved=lambda: vitals.unsaved,
        )

    # --- from outside the task

    @property
    def orphaned(self) -> bool:
        """Whether the store has lost this forum since we read it: ours is perhaps the last copy."""
        return self._holding.orphaned

    @property
    def shown(self) -> Shown:
        """What everybody may be shown now."""
        return self._showing.shown

    async def open(self) -> None:
        """Subscribe, then read the whole journal; 20 µs a fact, in slices. NoForum, MovedAway, Unavailable."""
        await self._journal.bells.watch(self.code)
        await self._holding.open()

    def use(self) -> None:
        """Somebody is here, or was until now."""
        self._used_at = self._now()

    def rests(self, seconds: float) -> bool:
        """Say whether nobody sits here or waits for anything, and has not for so long."""
        used = len(self.seating) or self._inbox or self._readers or self._showing.awaited
        return not used and self._now() - self._used_at > seconds

    @property
    def asked(self) -> list[asyncio.Future[Verdict]]:
        """The commands that wait for their verdict."""
        return self._inbox.verdicts

    def submit(self, what: Command | Rejection, asked: Asked) -> asyncio.Future[Verdict]:
        """Have a command judged; the future gets its verdict after the journal has it, and no exception."""
        self.use()
        verdict = self._inbox.put(what, asked)
        self._wake.set()
        return verdict

    async def current(self) -> Shown:
        """The forum at least as new as the journal is now; one round trip, shared by all who ask at once.

        NoForum, MovedAway, Unavailable.
        """
        self.use()
        reader: Visitor = asyncio.get_running_loop().create_future()
        self._readers.append(reader)
        self._wake.set()
        try:
            async with asyncio.timeout(self._pace.away_seconds):
                await reader
        except TimeoutError:
            if not self._holding.renewal.under_way:  # else a very long journal is not folded yet
                raise Unavailable("timeout") from None
        return self.shown

    async def readable(self) -> Shown:
        """``current``; what this process holds, where the store does not answer. For pages: nothing is decided on it."""
        try:
            async with asyncio.timeout(HASTY_SECONDS if self._vitals.unreadable else self._pace.away_seconds):
                return await self.current()
        except (TimeoutError, Unavailable):
            return self.shown

    def marks(self, numbers: Iterable[int]) -> dict[int, tuple[str, int]] | None:
        """The chain at, and the time of, each of these facts, from memory; None when it does not reach so far back."""
        return self._holding.trail.marks(numbers)

    async def listen(self) -> None:
        """Look who is heard from, here and elsewhere."""
        if await self.listening.listen(self.shown.view.state, self.seating.every()):
            self.seating.attend(self._showing.attend(self.listening.absent))

    def ring(self, head: Head | None = None, *, checked: bool = False) -> None:
        """The journal stands at ``head``, says a bell or a check; None: anything may have happened.

        checked   it was asked just now, so a head behind ours is no late news: the store may have lost its tail
        """
        if head is None or (checked and head.seq < self._holding.head.seq):
            self._look = True
        else:
            self._rung = head
        self._wake.set()

    def witness(self, seen: Resume) -> None:
        """A desk says where it stands. When our history has no such place, it says what we could not know.

        A place ahead of us may be one that another process has made and we have not read yet: we read on first.
        """
        if seen.seq > self._holding.head.seq:
            self._tasks.create_task(self._witness_later(seen), name=f"witness {self.code}")
        elif self._losses.witness(seen, self._holding.head, self._holding.trail, self._holding.state):
            self._tasks.create_task(self._losses.tell(), name=f"loss {self.code}")

    async def _witness_later(self, seen: Resume) -> None:
        try:
            await self.current()
        except (Unavailable, NoForum):
            return  # whoever says so will say it again
        if self._losses.witness(seen, self._holding.head, self._holding.trail, self._holding.state):
            await self._losses.tell()

    async def settled(self) -> None:
        """Wait until everything asked is answered and everything true is shown."""
        while True:
            await self.current()
            await self.seating.settled()
            if not self._inbox and not self._showing.under_way and self.shown.head == self._holding.head:
                return
            await asyncio.sleep(0)

    def forget(self) -> None:
        """Hold nothing of the forum any more: this room is over.

        What still refers to it (a cancelled task's frame, a closure) makes a cycle, which nobody collects (``forum.app``): it may
        hold the empty room, not megabytes of what people said.
        """
        self._holding.forget()
        self.seating.forget(self._showing.forget(), self._holding.trail)
        self._pages.forget()

    # --- the task

    async def run(self) -> None:
        """Own the forum until cancelled, deleted on purpose, or moved away."""
        try:
            async with self._tasks:
                self._tasks.create_task(self.seating.run(), name=f"seating {self.code}")
                await self._own()
        except* (NoForum, MovedAway) as ends:
            self._over = ends.exceptions[0]
            log.warning("forum_is_over_here", forum=self.code, why=type(self._over).__name__)
            self._pages.forget()
            end(self.seating, self._over)
        finally:
            self._give_up(self._over)

    async def _own(self) -> None:
        self._runs = True
        self._look_at_waiting()
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._holding.renewal.folded or self._inbox.is_due or self._readers or self._must_look():
                if self._holding.renewal.folded:
                    await self._holding.put_in_place(self._holding.renewal.folded)
                if self._readers or self._must_look():
                    await self._refresh()
                if self._inbox.is_due:
                    await self._gather()
                    await self._commit()

    def _must_wait(self, asking: Asking) -> bool:
        """Whether its facts could bring back words that were struck, or need a count; what comes behind waits too, in order."""
        struck = self._holding.renewal.under_way and repeats_words(asking.what)
        return struck or self._counting.must_wait(self._holding.state, asking.what)

    async def _gather(self) -> None:
        """In a busy moment let others come in too; whoever comes into a quiet room, or a full inbox, need not wait."""
        left = self._committed_at + self._pace.gather_ms / 1000 - self._now()
        if left > 0 and not self._inbox.fills_a_batch:
            await asyncio.sleep(left)

    def _must_look(self) -> bool:
        rung, self._rung = self._rung, None
        if rung and (self._holding.orphaned or self._holding.unsure):
            self._look = True
        elif rung and not self._holding.frozen:
            self._look |= rung.gen != self._holding.head.gen or not self._holding.trail.holds(
                rung.seq, rung.chain
            )
        return self._look

    async def _refresh(self) -> None:
        readers, self._readers = self._readers, []
        look, self._look = self._look, False
        try:
            await self._holding.read_on(confirm=look)
        except Unavailable as error:  # the next check rings again
            self._vitals.unanswered(error.reason)
            for reader in readers:
                fail(reader, error)
            return
        except (NoForum, MovedAway):  # whoever waits is told with all the others
            self._readers += readers
            raise
        self._showing.let_see(readers, self._holding.head.seq)

    async def _commit(self) -> None:
        """Judge and append what is in the inbox, then answer. Tries until the store has been away too long."""
        until, pause, looked = self._now() + self._pace.away_seconds, RETRY_SECONDS, False
        while not self._holding.frozen and self._now() <= until:
            held = self._holding
            if not self._inbox.is_due:  # words were struck meanwhile
                return
            batch = Batch(held.state, held.head, self._new_salt, held.trail, self._losses.seen, self._most)
            try:
                batch.take(self._inbox.for_a_batch())
            finally:
                self.judging = batch.judging
            try:
                if batch.skips and not looked:  # perhaps only we have not seen what came before
                    looked = True
                    await self._holding.read_on()
                    continue
                head = self._holding.head
                if batch.entries:
                    head = await self._append(batch)
            except Conflict as conflict:
                await self._read_on_if_possible(conflict.head)
            except (Unavailable, NoForum) as error:
                if isinstance(error, Unavailable):
                    self._vitals.failed(error.reason)
                await asyncio.sleep(pause)
                pause = min(2 * pause, RETRY_MAX_SECONDS)
                await self._read_on_if_possible(None)
            except Damaged as error:
                self._holding.freeze(str(error))
            else:
                self._adopt(batch, head)
                return
        self._look = not self._holding.frozen
        self._inbox.send_away()

    async def _append(self, batch: Batch) -> Head:
        began, head = self._now(), await self._journal.append(self.code, self._holding.head, batch.entries)
        self._vitals.appended(len(batch.entries), self._now() - began)
        return head

    def _adopt(self, batch: Batch, head: Head) -> None:
        """The batch is in the journal: let it be true here, then answer."""
        assert (head.seq, head.chain) == (batch.state.seq, batch.chain), f"expected {batch.chain}, got {head}"
        self._holding.come_true(History(batch.state, batch.chain, batch.traces), head)
        for asking, verdict in batch.verdicts(head, self._holding.trail):
            answer(asking, verdict)
        self._inbox.answered(batch.taken)
        self._committed_at = self._now()
        self._counting.begin(self._holding.state)

    async def _read_on_if_possible(self, head: Head | None) -> None:
        """Read on between two tries to append; who only wants to read need not wait for a store that cannot write."""
        readers, self._readers = (self._readers, []) if head is None else ([], self._readers)
        try:
            await self._holding.read_on(head)
        except Unavailable as error:
            log.warning("store_away", forum=self.code, reason=error.reason)
            self._readers = [*readers, *self._readers]
        else:
            self._showing.let_see(readers, self._holding.head.seq)

    def _came_true(self, traces: Sequence[Trace]) -> None:
        self._look_at_waiting()
        self._showing.follow(traces)

    def _began_anew(self, before: Held) -> None:
        """Another history is held: say what of the one before is gone, and show this one."""
        held = self._holding
        self._pages.forget()  # perhaps words were struck
        if self._losses.compare(before.head, before.trail, before.state.gone.losses, held.head, held.trail):
            self._tasks.create_task(self._losses.tell(), name=f"loss {self.code}")
        self._look_at_waiting()
        self.seating.begin_anew(self._showing.begin_anew(), held.trail)
        self._showing.let_go()

    def _look_at_waiting(self) -> None:
        """What came again and waits may have what it needs now (O12)."""
        held = self._holding
        if self._runs and held.state.gone.held and not held.frozen and again.due(held.state):
            self._tasks.create_task(self._losses.take_up(), name=f"taking up {self.code}")

    def _visible(self, names: Called) -> Shown:
        held, absent = self._holding, self.listening.absent
        view = View(held.state, names.names, self._site, absent=absent, given=names.given)
        return Shown(view, held.head, held.frozen)

    # --- ending

    def _give_up(self, error: Exception) -> None:
        self._inbox.send_away()
        for reader in self._readers:
            fail(reader, error)
        self._showing.give_up(error)
