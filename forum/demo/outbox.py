"""The numbers of one tab, without a network: what waits, what was acknowledged, and what is sent again after a loss.

The same rules as ``static/js/outbox.js``, for the demo, for load and for tests. Pure: its owner sends and
receives. It lives in memory only, so its tab never belongs to anybody else.
"""

from collections import deque
from typing import Any, Final, NamedTuple

IN_FLIGHT: Final = 8
AHEAD: Final = 32
KEPT: Final = 100
PASSING: Final = frozenset({"busy", "rate", "unavailable", "full"})


class Op(NamedTuple):
    """One numbered op; a skip fills the numbers from ``first`` to ``number``."""

    number: int
    first: int
    frame: dict[str, Any]
    proof: str = ""  # what its acknowledgement carried

    @property
    def skips(self) -> bool:
        return bool(self.frame["k"] == "Skip")


class Outbox:
    """``add`` what is asked, send what is ``due``, tell it what was ``heard`` and, at every welcome, what is ``known``."""

    def __init__(self) -> None:
        self.last = 0  # the highest number used
        self.waiting: list[Op] = []
        self.kept: deque[Op] = deque(maxlen=KEPT)  # acknowledged
        self._away: set[int] = set()

    def add(self, kind: str, body: dict[str, Any], **more: Any) -> int:
        """Take a command; return its number."""
        self.last += 1
        frame = {"t": "op", "n": self.last, "k": kind, "b": body, **more}
        self.waiting.append(Op(self.last, self.last, frame))
        return self.last

    def due(self) -> list[dict[str, Any]]:
        """The frames to send now, in order; they count as under way from here on."""
        near = [op for op in self.waiting[:IN_FLIGHT] if op.number < self.waiting[0].number + AHEAD]
        due = [op for op in near if op.number not in self._away]
        self._away |= {op.number for op in due}
        return [op.frame for op in due]

    def afresh(self) -> None:
        """What was under way may be lost: it goes again."""
        self._away.clear()

    @property
    def settled(self) -> int:
        """The highest number that was answered."""
        highest = self.last
        for op in reversed(self.waiting):
            if op.number != highest:
                break
            highest = op.first - 1
        return highest

    def known(self, last: int) -> None:
        """The server knows our numbers up to ``last``; fewer than it has answered: the store has lost its tail."""
        if last < self.settled:
            self._offer_again(last)

    def heard(self, verdict: dict[str, Any]) -> bool:
        """Take an ``ack`` or ``nack``; say whether it settles an op for good. One that is passing makes this op due
        again, and no other: those under way have answers of their own to come."""
        op = next((op for op in self.waiting if op.number == verdict["n"]), None)
        if op is None:
            return False
        self._away.discard(op.number)
        if verdict["t"] == "nack" and verdict["code"] == "out_of_order":
            last, head = verdict["last"], self.waiting[0]
            if last < head.first - 1 or head.first <= last < head.number:
                self._offer_again(last)
            return False
        if verdict["t"] == "nack" and verdict["code"] in PASSING:
            return False
        self.waiting.remove(op)
        if verdict["t"] == "ack" and not op.skips:
            frame = {name: value for name, value in op.frame.items() if name not in ("again", "proof")}
            self.kept.append(op._replace(frame=frame, proof=verdict.get("p", "")))
        return True

    def _offer_again(self, last: int) -> None:
        """Everything after ``last`` in order, with a skip, right after what comes before it, for each hole."""
        again = [
            op._replace(frame={**op.frame, "again": True, "proof": op.proof})
            for op in self.kept
            if op.number > last
        ]
        left = [op for op in self.waiting if not op.skips]  # also what was judged, but not heard of yet
        self.kept = deque((op for op in self.kept if op.number <= last), KEPT)
        self.waiting = []
        for op in sorted([*again, *left], key=lambda op: op.number):
            self._fill(last, op.number - 1)
            self.waiting.append(op)
            last = max(last, op.number)
        self._fill(last, self.last)
        self._away.clear()

    def _fill(self, after: int, upto: int) -> None:
        if upto > after:
            frame = {"t": "op", "n": upto, "k": "Skip", "b": {"from": after + 1}}
            self.waiting.append(Op(upto, after + 1, frame))
