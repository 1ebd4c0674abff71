"""What can go wrong in a universe: which faults its seed allows, how often, and how often each happened."""

import random
from collections import Counter
from typing import Final

from tests.sim.store import REFUSING, Way

OF_CALLS: Final = ("request_lost", "reply_lost", "slow_store")
OF_BELLS: Final = ("bell_lost", "bell_late", "bell_doubled")
OF_LINKS: Final = ("slow_link",)
SUDDEN: Final = (
    "outage", "rollback", "refusal", "deaf_bells", "bells_cut",  # the store
    "crash", "pause", "drain",  # a server process
    "cut", "half_open", "slow_reader", "stuck_reader",  # a phone's network
    "sleep", "reload", "bare_reload", "twin_tab", "double_tap",  # a phone
    "clock_jump",  # the server's
)  # fmt: skip
NEWER: Final = (
    "copied",
    "deep_rollback",  # across steps, while somebody sleeps
    "unheard",  # one message of a phone is swallowed on its way, or by a server that cannot read it
)  # of a phone too; each seed draws these apart, so that it stays the universe it was
KINDS: Final = (*OF_CALLS, *OF_BELLS, *OF_LINKS, *SUDDEN, *NEWER)

OFTEN: Final = {
    "request_lost": 0.03, "reply_lost": 0.04, "slow_store": 0.04, "cut_is_seen": 0.5,
    "bell_lost": 0.3, "bell_late": 0.2, "bell_doubled": 0.1, "slow_link": 0.1,
}  # fmt: skip


class Weather(Way):
    """The faults of one universe. ``heal`` ends them all; ``lose_bells`` is what the quiet tail still has."""

    def __init__(self, rng: random.Random, kinds: tuple[str, ...]) -> None:
        self._rng = rng
        self.kinds = kinds
        self.fired: Counter[str] = Counter()
        self.healed = False
        self.lose_bells = False

    def heal(self) -> None:
        self.healed, self.down, self.refusing = True, False, ""

    def strikes(self, fault: str) -> bool:
        if fault == "cut_is_seen":
            return self._rng.random() < OFTEN[fault]
        allowed = fault in self.kinds and not self.healed
        if not allowed or self._rng.random() >= OFTEN[fault]:
            return False
        self.fired[fault] += 1
        return True

    def delay(self) -> float:
        if self.strikes("slow_store"):
            return self._rng.uniform(0.05, 4.5)
        return self._rng.uniform(0.0001, 0.002)

    def bell(self) -> list[float]:
        if self.lose_bells or self.strikes("bell_lost"):
            return []
        late = self._rng.uniform(0.1, 6.0) if self.strikes("bell_late") else self._rng.uniform(0.0001, 0.002)
        return [late, late + 0.001] if self.strikes("bell_doubled") else [late]

    def lag(self) -> float:
        """Seconds on a phone's way to the server, or back."""
        if self.strikes("slow_link"):
            return self._rng.uniform(0.2, 3.0)
        return self._rng.uniform(0.002, 0.06)

    def packs(self) -> bool:
        """Whether a browser offers compression."""
        return self._rng.random() < 0.5

    def refuse(self) -> str:
        """The store begins to refuse writes; with which words."""
        self.refusing = self._rng.choice(list(REFUSING))
        return self.refusing
