"""What is visible of one forum: state, names and head together. The state is never newer than the names.

If a fact names somebody, the names are read again first; until then the old state stays visible. This module
also wakes those who wait until a fact is visible. It draws nothing and decides nothing: the seats' own task
(``seating``) draws what is shown.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from typing import Final

import structlog

from forum.domain.attendance import Absent
from forum.domain.beside import ADDRESS
from forum.domain.homonyms import Called, called
from forum.domain.keeping import Redacted
from forum.domain.kernel import PersonId
from forum.domain.people import PersonJoined, PersonNamed
from forum.domain.voices import VoiceHanded, VoiceReturned
from forum.journal import Damaged, Journal, Unavailable
from forum.live.moment import Shown
from forum.live.trail import Trace

RETRY_SECONDS: Final = 0.02  # before the store is asked again; doubles
RETRY_MAX_SECONDS: Final = 0.5
NAMES_SECONDS: Final = (
    20e-6  # pause between two readings of all names, for every name: 10,000 arrive, not 10,000²
)
NAMING: Final = (PersonJoined, PersonNamed, Redacted, VoiceHanded, VoiceReturned)

Visitor = asyncio.Future[None]
"""Somebody who waits until what they asked for is visible; never cancelled here."""

log = structlog.get_logger()


class Showing:
    """Of one forum in this process. ``shown`` is what everybody may be shown now."""

    def __init__(
        self,
        code: str,
        journal: Journal,
        tasks: asyncio.TaskGroup,
        *,
        held: Callable[[Called], Shown],
        rests: Callable[[], bool],
        show: Callable[[Shown], None],
    ) -> None:
        """Nothing is read yet.

        held    what the room holds at this moment, under these names
        rests   whether nothing may be shown anew: words were struck in what the room holds
        show    given each ``Shown`` that follows the one before
        """
        self._code, self._journal, self._tasks = code, journal, tasks
        self._held, self._rests, self._show = held, rests, show
        self._now = asyncio.get_running_loop().time
        self.names = Called()
        self._nameless = False  # a fact named somebody since the names were read
        self._read_at = 0.0
        self._naming: asyncio.Task[None] | None = None
        self._histories = 0  # how often what is held took the place of another history
        self._viewers: list[tuple[int, Visitor]] = []  # who waits for which fact
        self.shown = held(self.names)

    @property
    def under_way(self) -> bool:
        """Whether something true waits for the names on it."""
        return self._naming is not None

    @property
    def awaited(self) -> bool:
        """Whether somebody waits to see something."""
        return bool(self._viewers)

    def follow(self, traces: Sequence[Trace]) -> None:
        """These facts came true: show what is held, once the names on it are known."""
        self._nameless |= any(isinstance(trace.record.fact, NAMING) for trace in traces)
        if self._nameless and not self._naming:
            self._naming = self._tasks.create_task(self._name(), name=f"names {self._code}")
        if not self._naming:
            self.publish()

    def publish(self) -> None:
        """Show what is held, under the names that are known."""
        if not self._rests():  # nobody is shown anew what was just struck
            self._becomes(self._held(self.names))

    def attend(self, absent: Absent) -> Shown:
        """Who is absent is another question than what is true: shown at once, with whatever is shown now."""
        self.shown = self.shown._replace(view=self.shown.view._replace(absent=absent))
        return self.shown

    async def read_names(self) -> None:
        """Take the names as they stand beside the journal, for a history that is about to be held. Unavailable."""
        self.names = Called(given=await self._names())  # numbered once the history is held

    def begin_anew(self) -> Shown:
        """Another history is held: what of it is shown from now on. Nobody is told; tell the seats, then ``let_go``."""
        self._histories += 1
        self.names = called(self._held(self.names).view.state, self.names.given)
        self.shown = self._held(self.names)
        return self.shown

    def let_see(self, visitors: Iterable[Visitor], seq: int) -> None:
        """Let go of them once fact ``seq`` is visible."""
        self._viewers += [(seq, visitor) for visitor in visitors]
        self.let_go()

    def let_go(self) -> None:
        """Let go of whoever waited for what is visible now."""
        seq = self.shown.head.seq
        for until, viewer in self._viewers:
            if until <= seq and not viewer.done():
                viewer.set_result(None)
        self._viewers = [(until, viewer) for until, viewer in self._viewers if not viewer.done()]

    def give_up(self, error: Exception) -> None:
        """Whoever waits is told why nothing more will be seen here."""
        for _, viewer in self._viewers:
            if not viewer.done():
                viewer.set_exception(error)

    def forget(self) -> Shown:
        """Hold no names, and of the forum what the room still holds."""
        self.names = Called()
        return self.begin_anew()

    def _becomes(self, shown: Shown) -> None:
        self.shown = shown
        self._show(shown)
        self.let_go()

    async def _name(self) -> None:
        """Read the names, then let the state they belong to be seen."""
        pause = RETRY_SECONDS
        while self._nameless:
            await asyncio.sleep(max(0.0, self._read_at - self._now()))
            self._nameless, held, history = False, self._held(self.names), self._histories
            try:
                given = await self._names()
            except Unavailable:
                self._nameless = True
                await asyncio.sleep(pause)
                pause = min(2 * pause, RETRY_MAX_SECONDS)
                continue
            self.names = called(held.view.state, given, self.names)
            self._read_at = self._now() + NAMES_SECONDS * len(given)
            newer = history == self._histories and held.head.seq > self.shown.head.seq
            if newer and not self._rests():
                view = held.view._replace(names=self.names.names, given=given, absent=self.shown.view.absent)
                self._becomes(held._replace(view=view))
        self._naming = None
        self.publish()

    async def _names(self) -> dict[PersonId, str]:
        try:
            names = await self._journal.names(self._code)
        except Damaged:
            log.exception("names_damaged", forum=self._code)
            return {}
        return {PersonId(word): name for word, name in names.items() if not word.endswith(ADDRESS)}  # E4
