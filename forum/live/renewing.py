"""Folds a journal anew after words in it were struck, while the room goes on.

It never holds up the room and never replaces anything: the room takes what is ``folded`` when it has a
moment.
"""

import asyncio
from collections.abc import Callable
from typing import Final

from forum.domain.room import EMPTY
from forum.journal import Damaged, Journal, NoForum, Unavailable
from forum.live.reading import History, continued

PAUSE_SECONDS: Final = 0.5  # before a store that is away is asked again


class Renewal:
    """Of one forum in this process."""

    def __init__(
        self, code: str, journal: Journal, tasks: asyncio.TaskGroup, ready: Callable[[], None]
    ) -> None:
        self._code, self._journal, self._tasks, self._ready = code, journal, tasks, ready
        self._folding: asyncio.Task[None] | None = None
        self.folded: History | None = None

    @property
    def under_way(self) -> bool:
        """Whether what the room holds is still from before."""
        return self._folding is not None

    def begin(self, pause: float = 0.0) -> None:
        """Fold from the first fact on; whatever was begun before is given up, since more was struck since."""
        self.end()
        self._folding = self._tasks.create_task(self._fold(pause), name=f"renewing {self._code}")

    def end(self) -> None:
        """What the room holds is new now, or folded anew another way."""
        if self._folding:
            self._folding.cancel()
        self._folding = self.folded = None

    async def _fold(self, pause: float) -> None:
        """Cost: as opening the forum; in slices, so that commands are judged meanwhile."""
        await asyncio.sleep(pause)
        while self.folded is None:
            try:
                self.folded = await continued(EMPTY, "", await self._journal.read(self._code))
            except Unavailable:
                await asyncio.sleep(PAUSE_SECONDS)
            except (Damaged, NoForum):  # whoever reads on finds it so, and says what it is
                self.folded = History(EMPTY, "", [], "to be read again")
        self._ready()
