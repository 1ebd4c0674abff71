"""When to do something that may fail: later after each failure, up to a bound. Pure: the time is given.

Seconds by any clock that only goes forward.
"""


class Patience:
    """Of one thing that is done again and again."""

    def __init__(self, first: float, most: float) -> None:
        """``first``: seconds after the first failure; doubled after each further one, up to ``most``."""
        self._first, self._most = first, most
        self.due = 0.0
        self.failures = 0

    def is_due(self, now: float) -> bool:
        return now >= self.due

    def done(self, now: float, rest: float) -> None:
        """It succeeded: not again before so many seconds have passed."""
        self.failures = 0
        self.due = now + rest

    def failed(self, now: float) -> None:
        """It failed: not again at once, nor for ever every minute."""
        self.due = now + min(self._most, self._first * 2.0**self.failures)
        self.failures = min(self.failures + 1, 64)
