"""Forums as they are lived: commands judged and made durable, browsers kept up to date.

Knows the domain, the journal and the fragments; no Redis command, no HTML. Read ``room`` first.
"""

from forum.live import frames
from forum.live.hub import Hub
from forum.live.room import Resume, Shown
from forum.live.seat import Seat, Wire
from forum.live.verdicts import Accepted, Away, Busy, OutOfOrder, Refused, Verdict

__all__ = [
    "Accepted",
    "Away",
    "Busy",
    "Hub",
    "OutOfOrder",
    "Refused",
    "Resume",
    "Seat",
    "Shown",
    "Verdict",
    "Wire",
    "frames",
]
