"""What one process notices about itself while it serves: how long saving takes, whether the store answers, how late
its own turns are. Numbers only; ``forum.health`` says what they mean.

Bounded: counts since the start, and the last few hundred measurements. Every method but ``watch`` takes a
microsecond.

Everything shares one event loop, so whatever blocks it delays every phone. A single delay is logged. If
delays come again and again, the process takes no more commands until it is on time; otherwise it would fall
further and further behind. A connection's keepalive waits 20 s for its answer, which is four times the
lateness allowed here.
"""

import asyncio
from bisect import bisect_left
from collections import Counter, deque
from collections.abc import Callable
from typing import Final, NamedTuple

import structlog

from forum.domain.copies import CONFLICT
from forum.live.pace import Pace
from forum.live.verdicts import Refused

WRITING_SECONDS: Final = 0.5  # since the last append: people are writing
APPENDS: Final = 512  # appends remembered one by one
RECENT_SECONDS: Final = 60.0
LAG_LOOK_SECONDS: Final = 0.25  # between two looks at the loop's lateness
LAGS: Final = 120  # looks remembered: half a minute
LASTS: Final = 12  # as many of them late, and it lasts
HITCHES: Final = 2  # appends of a minute that may be slow without saving being slow
BOUNDS: Final = (0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
"""Upper bounds in seconds of the classes in which appends are counted; the last class has none."""

log = structlog.get_logger()


class Reading(NamedTuple):
    """The vitals at one moment."""

    append_seconds: float  # all appends since the start together
    append_classes: tuple[int, ...]  # how many took so long, by BOUNDS, and above
    append_p99_ms: float  # of the last minute, its two slowest never; 0.0 without any
    facts: int  # since the start
    verdicts: dict[str, int]  # since the start, by the verdict's name
    away: str  # why the store did not do the last thing it was asked; "" when it did
    away_seconds: float  # since when
    checked_seconds: float  # since the store last answered the position check
    lag_ms: float  # the worst of the last half minute
    lasting_lag_ms: float = 0.0  # how late it was again and again in it: a single hitch does not count


UNREADABLE: Final = frozenset({"away", "timeout", "busy"})
"""Reasons why a store that takes no facts is not read either."""


class Vitals:
    """One per process. Keeps time by the event loop's clock."""

    def __init__(self, pace: Pace, changed: Callable[[], None] = lambda: None) -> None:
        """``changed`` is called, and must be quick, when the store begins or ceases to take facts."""
        self._pace, self._changed = pace, changed
        self._late_since = (
            self._late_at
        ) = -pace.calm_seconds  # of the present time of lateness: its first and last
        self._appends: deque[tuple[float, float]] = deque(maxlen=APPENDS)
        self._classes = [0] * (len(BOUNDS) + 1)
        self._append_seconds = 0.0
        self._facts = 0
        self._verdicts: Counter[str] = Counter()
        self._away, self._away_at = "", 0.0
        self._checked_at = asyncio.get_running_loop().time()
        self._lags: deque[float] = deque(maxlen=LAGS)

    def appended(self, facts: int, seconds: float) -> None:
        """A batch is in the journal; it took so long."""
        self._appends.append((asyncio.get_running_loop().time(), seconds))
        self._classes[bisect_left(BOUNDS, seconds)] += 1
        self._append_seconds += seconds
        self._facts += facts
        self.recovered()

    def failed(self, reason: str) -> None:
        """The store did not do what it was asked, or did not say so."""
        before, self._away = self._away, reason
        if not before:
            self._away_at = asyncio.get_running_loop().time()
            self._changed()

    def unanswered(self, reason: str) -> None:
        """A question to the store failed. Only what the next check takes back is believed of it: the rest may be ours."""
        if reason in ("away", "timeout"):
            self.failed(reason)

    def recovered(self) -> None:
        """The store has shown that it takes facts again."""
        before, self._away = self._away, ""
        if before:
            self._changed()

    @property
    def unsaved(self) -> bool:
        """Whether the store does not take facts now: nothing new is being saved."""
        return bool(self._away)

    @property
    def unreadable(self) -> bool:
        """Whether it is not read either: what there is to show is what this process holds."""
        return self._away in UNREADABLE

    def checked(self) -> None:
        """The store has answered where the journals end."""
        self._checked_at = asyncio.get_running_loop().time()
        if self._away in ("away", "timeout"):  # it was not there; other reasons end only with a write
            self.recovered()

    def judged(self, verdict: object) -> None:
        """A command was answered; that it conflicts with another under its number is counted apart (O9)."""
        conflict = isinstance(verdict, Refused) and verdict.rejection == CONFLICT
        self._verdicts["Conflict" if conflict else type(verdict).__name__] += 1

    async def watch(self) -> None:
        """Note how late this process's turns come, until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + LAG_LOOK_SECONDS
            await asyncio.sleep(LAG_LOOK_SECONDS)
            self._looked(max(0.0, loop.time() - due))

    def _looked(self, late: float) -> None:
        self._lags.append(late)
        if late >= self._pace.late_seconds:
            now = asyncio.get_running_loop().time()
            if not self._is_late:  # one gap, as after a sleep of the machine, is not again and again
                self._late_since = now
            self._late_at = now
            log.warning("loop_lag", ms=round(1000 * late), shedding=self.shedding)

    @property
    def writing(self) -> bool:
        """Whether people are writing: what can wait for a moment had better wait."""
        last = self._appends[-1][0] if self._appends else -WRITING_SECONDS
        return asyncio.get_running_loop().time() - last < WRITING_SECONDS

    @property
    def shedding(self) -> bool:
        """Late again and again for so long that nothing more may be taken on."""
        return self._is_late and self._late_at - self._late_since > self._pace.late_patience_seconds

    @property
    def _is_late(self) -> bool:
        return asyncio.get_running_loop().time() - self._late_at < self._pace.calm_seconds

    def read(self) -> Reading:
        """The vitals now; some tens of microseconds."""
        now = asyncio.get_running_loop().time()
        recent = sorted(seconds for at, seconds in self._appends if now - at < RECENT_SECONDS)
        return Reading(
            append_seconds=self._append_seconds,
            append_classes=tuple(self._classes),
            append_p99_ms=recent[_slow(len(recent))] * 1000 if recent else 0.0,
            facts=self._facts,
            verdicts=dict(self._verdicts),
            away=self._away,
            away_seconds=now - self._away_at if self._away else 0.0,
            checked_seconds=now - self._checked_at,
            lag_ms=max(self._lags, default=0.0) * 1000,
            lasting_lag_ms=sorted(self._lags)[-LASTS] * 1000 if len(self._lags) >= LASTS else 0.0,
        )


def _slow(appends: int) -> int:
    """Which of so many measurements, sorted, says how slow saving is."""
    return max(0, min(int(appends * 0.99), appends - 1 - HITCHES))
