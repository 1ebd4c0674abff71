"""What this process holds of one forum's journal: the state, its position, and the trail.

It holds one history at a time. If the journal has another history (the store lost its tail, or was put
back), or if words in it were struck, this module folds everything anew and replaces what it held. A journal
that cannot be explained freezes the forum: it stays readable as far as it could be folded. If the journal is
gone, this module keeps what it has, since that may be the last copy. It never writes a fact.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, NamedTuple

import structlog

from forum.domain.room import EMPTY
from forum.domain.state import State
from forum.journal import Conflict, Damaged, Head, Journal, NoForum, Unavailable, struck_by
from forum.live.reading import History, continued
from forum.live.renewing import Renewal
from forum.live.trail import KEPT_FACTS, Trace, Trail

RENEW_AGAIN_SECONDS: Final = 0.5  # after a store that went away while what was struck was folded

log = structlog.get_logger()


class Held(NamedTuple):
    """What was held before another history took its place."""

    state: State
    head: Head
    trail: Trail


class Holding:
    """Of one forum in this process; owned by the forum's task."""

    def __init__(
        self,
        code: str,
        journal: Journal,
        tasks: asyncio.TaskGroup,
        *,
        wake: Callable[[], None],
        read_names: Callable[[], Awaitable[None]],
        came_true: Callable[[Sequence[Trace]], None],
        began_anew: Callable[[Held], None],
        froze: Callable[[], None],
    ) -> None:
        """Nothing is read yet.

        wake        something was folded anew: call ``put_in_place`` when there is a moment
        read_names  called before another history is held: may raise Unavailable, and then nothing changes
        came_true   these facts are held now       began_anew   another history is       froze   nothing follows
        """
        self._code, self._journal = code, journal
        self._read_names, self._came_true, self._began_anew, self._froze = (
            read_names, came_true, began_anew, froze,
        )  # fmt: skip
        self.state, self.head, self.trail = EMPTY, Head(0, 0, ""), Trail(0, "")
        self.frozen = ""  # why nothing can follow
        self.orphaned = False  # the store has lost this forum since we read it
        self.unsure = False  # whether it has a new life: it could not write when it was asked
        self.renewal = Renewal(code, journal, tasks, wake)

    async def read_on(self, head: Head | None = None, *, confirm: bool = False) -> None:
        """Catch up with the journal; one that was lost leaves us what we have. Unavailable.

        NoForum when it was deleted on purpose.

        head     where the journal ends, if that is known
        confirm  the store may have a new life: ask it, so that ``gen`` says so
        """
        try:
            await self._catch_up(head, confirm=confirm)
        except NoForum:
            await self._gone()

    async def open(self) -> None:
        """Read the whole journal; 20 µs a fact, in slices. NoForum, Unavailable."""
        head = await self._journal.head(self._code)
        await self._fold_anew(await self._confirmed(head) if head else Head(0, 0, ""))
        if self.frozen and not self.state.seq:
            raise Unavailable("refused", self.frozen)

    def come_true(self, history: History, head: Head) -> None:
        """This follows what is held, and is in the journal."""
        self.trail.follow(history.traces)
        self.state, self.head = history.state, head
        self._came_true(history.traces)

    async def put_in_place(self, renewed: History) -> None:
        """What came in while the journal was folded anew is folded too; then it is held."""
        self.renewal.folded = None
        try:
            if renewed.problem:
                await self._fold_anew(self.head)
                return
            entries = await self._journal.read(self._code, renewed.state.seq)
            if any(map(struck_by, entries)):
                self.renewal.begin()
                return
            later = await continued(renewed.state, renewed.chain, entries)
        except Damaged:
            await self._fold_anew(self.head)
        except NoForum:
            await self._gone()
        except Unavailable as error:
            log.warning("store_away", forum=self._code, reason=error.reason)
            self.renewal.begin(RENEW_AGAIN_SECONDS)
        else:
            traces = [*renewed.traces, *later.traces][-KEPT_FACTS:]
            await self._take(History(later.state, later.chain, traces, later.problem), self.head)

    def freeze(self, why: str) -> None:
        """Nothing follows what is held, until the journal is whole again."""
        log.error("forum_frozen", forum=self._code, why=why)
        self.frozen = why
        self._froze()

    def forget(self) -> None:
        """Hold nothing any more."""
        self.state, self.trail = EMPTY, Trail(0, "")

    async def _catch_up(self, head: Head | None, *, confirm: bool) -> None:
        """Fold what the journal has beyond ours; fold all anew when ours is not its history. Unavailable, NoForum."""
        head = head or await self._journal.head(self._code)
        if head and confirm:
            head = await self._confirmed(head)
        if head is None or (self.frozen and confirm):
            await self._fold_anew(head or self.head)
        elif self.frozen:
            return
        elif self.trail.holds(head.seq, head.chain) and head.seq == self.head.seq:
            self.come_true(History(self.state, head.chain, []), head)
        elif head.seq <= self.head.seq:
            await self._fold_anew(await self._confirmed(head))
        else:
            await self._follow(head)

    async def _follow(self, head: Head) -> None:
        try:
            entries = await self._journal.read(self._code, self.head.seq)
            history = await continued(self.state, self.head.chain, entries)
        except Damaged:
            await self._fold_anew(await self._confirmed(head))
            return
        if any(map(struck_by, entries)):  # so that nothing here remembers what was struck
            self.renewal.begin()
        self.come_true(history, Head(head.gen, history.state.seq, history.chain))
        if history.problem:
            self.freeze(history.problem)

    async def _confirmed(self, head: Head) -> Head:
        """The head in the store's present life; as it was told when the store cannot write now: it is asked again."""
        self.unsure = False
        try:
            return await self._journal.append(self._code, head, [])
        except Conflict as conflict:
            return conflict.head
        except Unavailable:
            self.unsure = True
            return head
        except (Damaged, NoForum):
            return head

    async def _fold_anew(self, head: Head) -> None:
        """Read and fold the whole journal beside what is held, then put it in its place."""
        try:
            entries = await self._journal.read(self._code)
            history = await continued(EMPTY, "", entries)
        except Damaged as error:
            self.freeze(str(error))
            return
        await self._take(history, head)

    async def _take(self, history: History, head: Head) -> None:
        """Hold a history that was folded anew."""
        await self._read_names()
        self.renewal.end()
        before = Held(self.state, self.head, self.trail)
        self.state, self.trail, self.frozen = history.state, history.trail, ""
        self.head = Head(head.gen, history.state.seq, history.chain)
        self.orphaned = False
        self._began_anew(before)
        if history.problem:
            self.freeze(history.problem)

    async def _gone(self) -> None:
        """Deleted on purpose: NoForum. Else the store has lost it, or is another one: ours is kept, never written back."""
        if await self._journal.purged(self._code):
            raise NoForum(self._code)
        if not self.orphaned:
            self.orphaned = True
            self.freeze("the store no longer has this forum")
