"""How often and how long: every interval of a live forum in one value, so that tests can hurry."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pace:
    """Intervals of one process. The defaults are the product's."""

    tick_ms: int = 50  # between two drawings for one audience
    tick_ms_per_thousand: int = 10  # phones: so much longer for every thousand of them
    tick_ms_per_fact: float = 3.5  # of the last drawing: in a storm of cards nobody reads each of them
    tick_ms_max: int = 250
    gather_ms: int = 8  # after an append: who comes meanwhile shares the next one, and its fsync
    beat_seconds: float = 10.0  # heartbeats; a page calls itself stale after 15 s
    stuck_seconds: float = 10.0  # a connection that takes nothing for so long is cut
    listen_seconds: float = 3.0  # between two looks at who is heard from
    near_seconds: float = 60.0  # whose connection ended counts as present for so long: phones sleep
    pressed_seconds: float = (
        600.0  # and who presses on a page without scripts, which cannot be heard in between
    )
    check_seconds: float = 2.0  # between two looks at the journals' heads
    idle_seconds: float = 60.0  # a forum without anybody is let go after that
    away_seconds: float = 3.0  # how long a command waits for the store
    late_seconds: float = 0.2  # a turn of the event loop that comes so late is late
    late_patience_seconds: float = 5.0  # late again and again for so long: commands are sent back
    calm_seconds: float = 1.0  # not late for so long: all is well again

    def tick_seconds(self, phones: int, facts: int = 0) -> float:
        """The window of an audience with so many phones (0 for a screen or a desk), after a drawing of so many facts."""
        if not phones:
            return self.tick_ms / 1000
        wider = self.tick_ms_per_thousand * phones / 1000 + self.tick_ms_per_fact * facts
        return min(self.tick_ms_max, self.tick_ms + wider) / 1000
