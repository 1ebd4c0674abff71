"""How a room ends whose forum is over here: deleted on purpose, or moved away."""

from forum.journal import MovedAway
from forum.live import frames
from forum.live.seating import Seating
from forum.live.showing import Visitor

GONE, MOVED = (4404, "no such forum"), (4426, "reload the page")


def end(seating: Seating, over: Exception) -> None:
    """Close every seat; of a forum that moved each is told where it goes on, and loads its page anew, which leads there."""
    if isinstance(over, MovedAway):
        told = frames.moved(over.forum, over.address)
        for seat in seating.every():
            seat.wire.write(told)
    seating.close(*(MOVED if isinstance(over, MovedAway) else GONE))


def fail(waiting: Visitor, error: Exception) -> None:
    """Tell somebody who waits why they wait in vain."""
    if not waiting.done():
        waiting.set_exception(error)
