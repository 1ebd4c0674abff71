"""Whose turn it is to come in. A crowd comes in at once. More people than a hall holds come in one after another, each
at a set time.

A turn is a moment. It is kept for the ticket of the page that was told it. A person who presses too early is
told how long to wait; a person who presses later comes in. Kept in the memory of one process, bounded; a
forgotten turn costs a new one.
"""

from collections.abc import Callable, Sequence
from itertools import islice
from typing import Any, Final, NamedTuple, TypeVar

from forum.web.limits import JOINS, JOINS_HERE, MOST_KEYS, Rate, neighbourhood

T = TypeVar("T")

LONGEST_SECONDS: Final = 120.0  # a turn further ahead is promised to nobody
QUIET_SECONDS: Final = 300.0
UNCLAIMED_SECONDS: Final = 600.0  # a turn that nobody came for
MOMENT_SECONDS: Final = 0.001  # less is no wait: thousands of small sums leave a rest
FORGOTTEN_AT_ONCE: Final = 3  # of one kind; a look adds two at most


class Door(NamedTuple):
    """One thing that only so many may do: its name, and how many."""

    name: str
    rate: Rate


class Wait(NamedTuple):
    """Not yet: come again in ``seconds``; ``kept``: the turn is yours."""

    seconds: float
    kept: bool


class Doorway:
    """The queues before all doors of one process."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """``clock`` in seconds."""
        self._clock = clock
        self._filled: dict[str, float] = {}  # door → when it will stand open again as if nobody had come
        self._turns: dict[str, float] = {}  # first door and ticket → when
        self._waited: dict[str, tuple[int, float]] = {}  # door → how many were told to wait, when last

    def join(self, code: str, address: str, ticket: str) -> Wait | None:
        """When somebody may come into this forum by its code; None when now. ``ticket``: of their page."""
        return self.take((Door(code, JOINS), Door(_place(code, address), JOINS_HERE)), ticket)

    def crowds(self, code: str, address: str) -> bool:
        """Say whether more come from this address than a hall does."""
        return self.waited(_place(code, address)) > 0

    def take(self, doors: Sequence[Door], ticket: str) -> Wait | None:
        """Come in by all these doors; None when now, else when.

        ticket   stands for one person's wish to come in, the same each time they press; "" is nobody's
        """
        now = self._clock()
        self._forget(now)
        claim = (
            f"{doors[0].name} {ticket}"  # a turn is for one door: who waited elsewhere has not waited here
        )
        turn = self._turns.get(claim) if ticket else None
        if turn is not None:
            if turn <= now:
                del self._turns[claim]
                return None
            return Wait(turn - now, kept=True)
        turn = max(self._next(door, now) for door in doors)
        self._note([door for door in doors if self._next(door, now) > now], now)
        ahead = turn - now
        if ahead > LONGEST_SECONDS:
            return Wait(ahead - LONGEST_SECONDS + 1, kept=False)
        if ahead and not ticket:
            return Wait(ahead, kept=False)
        for door in doors:
            self._filled[door.name] = max(self._filled.pop(door.name, 0.0), now) + 1 / door.rate.a_second
            _bound(self._filled)
        if not ahead:
            return None
        self._turns[claim] = turn
        _bound(self._turns)
        return Wait(ahead, kept=True)

    def waited(self, door: str) -> int:
        """How often somebody was told to wait before this door, until there was quiet for some minutes."""
        times, at = self._waited.get(door, (0, 0.0))
        return times if self._clock() - at < QUIET_SECONDS else 0

    def _next(self, door: Door, now: float) -> float:
        """When the next one may come by a door: as far ahead as it is filled beyond its burst."""
        filled = max(self._filled.get(door.name, 0.0), now)
        turn = filled + (1 - door.rate.burst) / door.rate.a_second
        return turn if turn - now > MOMENT_SECONDS else now

    def _forget(self, now: float) -> None:
        """What says nothing any more goes, a few at each look: more than one look adds, so memory goes back."""
        _drop(self._filled, lambda until: until <= now)
        _drop(self._turns, lambda turn: turn < now - UNCLAIMED_SECONDS)
        _drop(self._waited, lambda told: told[1] <= now - QUIET_SECONDS)

    def _note(self, doors: Sequence[Door], now: float) -> None:
        for door in doors:
            times = self.waited(door.name) + 1
            self._waited.pop(door.name, None)
            self._waited[door.name] = (times, now)
            _bound(self._waited)


def _place(code: str, address: str) -> str:
    return f"{code} {neighbourhood(address)}"


def _drop(kept: dict[str, T], over: Callable[[T], bool]) -> None:
    for key in [key for key, value in islice(kept.items(), FORGOTTEN_AT_ONCE) if over(value)]:
        del kept[key]


def _bound(kept: dict[str, Any]) -> None:
    if len(kept) > MOST_KEYS:
        del kept[next(iter(kept))]
