"""What a live room was asked and has not answered yet, in the order in which it came.

A command stays here until it is answered. Nothing overtakes: where one must wait, what came behind it waits too.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator
from itertools import islice, takewhile
from typing import Final

from forum.domain.kernel import Asked, Command, Rejection
from forum.live.batch import Asking
from forum.live.verdicts import Away, Busy, Verdict

MOST_COMMANDS: Final = 64  # of one batch: some milliseconds of judging, one append
MOST_WAITING: Final = 8192  # some seconds of a whole city; then "busy"


class Inbox:
    """One per room."""

    def __init__(self, must_wait: Callable[[Asking], bool]) -> None:
        """``must_wait``: whether a command may not be judged yet."""
        self._must_wait = must_wait
        self._askings: deque[Asking] = deque()

    def __len__(self) -> int:
        return len(self._askings)

    @property
    def verdicts(self) -> list[asyncio.Future[Verdict]]:
        """What those wait for who asked."""
        return [asking.verdict for asking in self._askings]

    @property
    def is_due(self) -> bool:
        """Whether something can be judged now."""
        return bool(self._askings) and not self._must_wait(self._askings[0])

    @property
    def fills_a_batch(self) -> bool:
        return len(self._askings) >= MOST_COMMANDS

    def put(self, what: Command | Rejection, asked: Asked) -> asyncio.Future[Verdict]:
        """Take a command in, or say at once that too many wait."""
        verdict: asyncio.Future[Verdict] = asyncio.get_running_loop().create_future()
        if len(self._askings) >= MOST_WAITING:
            verdict.set_result(Busy())
        else:
            self._askings.append(Asking(what, asked, verdict))
        return verdict

    def for_a_batch(self) -> Iterator[Asking]:
        """What can be judged now, as much as one batch takes at most; it stays here meanwhile."""
        return takewhile(lambda asking: not self._must_wait(asking), islice(self._askings, MOST_COMMANDS))

    def answered(self, count: int) -> None:
        """The first so many are done with."""
        for _ in range(count):
            self._askings.popleft()

    def send_away(self) -> None:
        """Tell everybody who waits that nothing can be saved now."""
        for asking in self._askings:
            answer(asking, Away())
        self._askings.clear()


def answer(asking: Asking, verdict: Verdict) -> None:
    """Give somebody their verdict, unless they have one or wait no longer."""
    if not asking.verdict.done():
        asking.verdict.set_result(verdict)
