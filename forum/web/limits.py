"""How fast is too fast: token buckets in memory, for what has no natural bound.

Limits are per tab, per person and per forum; an address is limited in nothing but codes that do not exist,
since two hundred phones share one. Buckets of one process do not know those of another: a guard, not a meter.
"""

from collections.abc import Callable
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final, NamedTuple

MOST_KEYS: Final = 20_000  # of one kind; the least recently used goes, full again


class Rate(NamedTuple):
    """``burst`` at once, then ``a_second``."""

    a_second: float
    burst: float


TAB: Final = Rate(10, 60)  # an outbox of a hundred, emptied in a few seconds
PERSON: Final = Rate(20, 120)  # a person has a few tabs
FORUM: Final = Rate(1000, 5000)  # a flood; a hall of two thousand who vote in the same second is none
FRAMES: Final = Rate(50, 250)  # of one socket, whatever they say
WRONG_CODES: Final = Rate(20 / 60, 20)  # of one address
WRONG_CODES_ALL: Final = Rate(20, 40)  # of everybody together
CHECKS: Final = Rate(20, 400)  # of receipts, of one forum: a hall that checks in the same minute
OPENINGS: Final = Rate(10 / 60, 20)  # forums opened, of one address


class Buckets:
    """Token buckets by key."""

    def __init__(self, rate: Rate, clock: Callable[[], float]) -> None:
        """``clock`` in seconds."""
        self._rate = rate
        self._clock = clock
        self._kept: dict[str, tuple[float, float]] = {}  # tokens, at

    def take(self, key: str) -> float:
        """Spend one token; 0.0, or the seconds to wait when there is none (and none is spent)."""
        now = self._clock()
        tokens, at = self._kept.pop(key, (self._rate.burst, now))
        tokens = min(self._rate.burst, tokens + max(0.0, now - at) * self._rate.a_second)
        spent = tokens >= 1
        self._kept[key] = (tokens - spent, now)
        if len(self._kept) > MOST_KEYS:
            del self._kept[next(iter(self._kept))]
        return 0.0 if spent else (1 - tokens) / self._rate.a_second


class Limits:
    """Every limit of one process."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._tabs = Buckets(TAB, clock)
        self._people = Buckets(PERSON, clock)
        self._forums = Buckets(FORUM, clock)
        self._wrong = Buckets(WRONG_CODES, clock)
        self._wrong_all = Buckets(WRONG_CODES_ALL, clock)
        self._openings = Buckets(OPENINGS, clock)
        self._checks = Buckets(CHECKS, clock)
        self.clock: Final = clock

    def op(self, code: str, person: str, tab: str) -> float:
        """Seconds to wait before this op; 0.0 when it may come now."""
        return self._tabs.take(tab) or self._people.take(person) or self._forums.take(code)

    def wrong_code(self, address: str) -> float:
        """Note a code or secret that opens nothing; seconds to wait when there were too many."""
        return self._wrong.take(neighbourhood(address)) or self._wrong_all.take("")

    def opening(self, address: str) -> float:
        """Seconds to wait before this address may open another forum."""
        return self._openings.take(neighbourhood(address))

    def check(self, code: str) -> float:
        """Seconds to wait before another receipt of this forum may be checked."""
        return self._checks.take(code)

    def frames(self) -> Buckets:
        """A bucket of its own for one socket's frames."""
        return Buckets(FRAMES, self.clock)


def neighbourhood(address: str) -> str:
    """What counts as one address: of IPv6 a /64, since a household has that many to choose from."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((parsed, 64), strict=False)) if isinstance(parsed, IPv6Address) else address
