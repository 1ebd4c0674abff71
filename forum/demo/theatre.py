"""Demos that play on a server, in the background of what it does."""

import asyncio
from collections.abc import Callable
from typing import Final

import structlog

from forum.demo.play import Cast, play
from forum.demo.stage import prepare
from forum.journal import CODE_LENGTH, Journal
from forum.opening import Opened

DEMO_PEOPLE: Final = 50
DEMO_SEED: Final = 1
MOST_DEMOS: Final = 3  # at once; the oldest stops


class Theatre:
    """Plays demos, a few at once, in the background; the oldest stops when there are too many."""

    def __init__(
        self, journal: Journal, local: str, clock: Callable[[], int], stage: asyncio.TaskGroup
    ) -> None:
        """``local``: the server's address on this machine; ``stage``: whose tasks the plays are."""
        self._journal, self._local, self._clock, self._stage = journal, local, clock, stage
        self._plays: list[asyncio.Task[None]] = []

    async def __call__(self, lang: str, zone: str) -> Opened:
        """Open a forum and raise the curtain; see ``web.service.Demo``."""
        scene = await prepare(
            self._journal,
            self._local,
            people=DEMO_PEOPLE,
            seed=DEMO_SEED,
            lang=lang,
            zone=zone,
            clock=self._clock,
        )
        self._plays.append(self._stage.create_task(_played(scene.cast, lang)))
        self.stop(but=MOST_DEMOS)
        return scene.opened

    def stop(self, but: int = 0) -> None:
        """End all plays but the ``but`` latest."""
        ended = self._plays[: len(self._plays) - but]
        self._plays = self._plays[len(ended) :]
        for play_ in ended:
            play_.cancel()


async def _played(cast: Cast, lang: str) -> None:
    try:
        await play(cast, lang=lang, seed=DEMO_SEED)
    except Exception as error:  # noqa: BLE001  whatever ends a play, at the desk or by a bug: the server goes on
        structlog.get_logger().warning("demo ended early", forum=cast.address[-CODE_LENGTH:], why=repr(error))
