"""Live forums: commands are judged and saved, and browsers are kept up to date.

Knows the domain, the journal and the fragments; no Redis command, no HTML. Reading order: room (one forum's
task), inbox, batch (judging), holding (what this process holds of the journal), showing (what is visible of it),
seating (its browsers), owed (what is personal), blocks, seat, trail, frames, hub (all forums of this process), vitals.
"""

from forum.live import frames
from forum.live.batch import REFUSALS
from forum.live.blocks import Crowd
from forum.live.hub import Hub
from forum.live.pace import Pace
from forum.live.room import Shown
from forum.live.seat import Seat, Wire
from forum.live.trail import Resume
from forum.live.verdicts import Accepted, Away, Busy, Full, OutOfOrder, Refused, Verdict
from forum.live.vitals import BOUNDS, Reading, Vitals

__all__ = [
    "BOUNDS",
    "REFUSALS",
    "Accepted",
    "Away",
    "Busy",
    "Crowd",
    "Full",
    "Hub",
    "OutOfOrder",
    "Pace",
    "Reading",
    "Refused",
    "Resume",
    "Seat",
    "Shown",
    "Verdict",
    "Vitals",
    "Wire",
    "frames",
]
