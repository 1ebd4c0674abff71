"""One moment for many seats. Most stand at the same number and are owed one frame, so nothing is asked of them but room.

What a delivery costs is decided here: a seat and a tick of a hall come through these few lines, and through
``Wire.write``. Whoever stands elsewhere, is in the middle of a page or does not keep up is left to be looked at alone.
"""

from collections.abc import Container, Iterable

from forum.live.moment import Moment
from forum.live.seat import SKIP_BYTES, Seat


def hand_out(moment: Moment, seats: Iterable[Seat], here: Container[Seat]) -> list[Seat]:
    """Bring seats to a moment that stands now; those left over need more than one frame, or have no room for it.

    here  who still sits where the moment is for
    """
    head, left = moment.head.seq, []
    frames: dict[tuple[int, bool], bytes | None] = {}
    for seat in seats:
        if seat not in here:
            continue
        wire = seat.wire
        stands = seat.at, wire.packs
        if stands not in frames:
            frames[stands] = moment.single(seat.at, packed=wire.packs)
        frame = frames[stands]
        if frame is None or seat.page or seat.stalls or wire.backlog > SKIP_BYTES:
            left.append(seat)
        else:
            wire.write(frame)
            seat.at = head
    return left
