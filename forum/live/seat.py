"""One connected browser: where it is in the journal, and whether it can be written to.

A seat that does not keep up is skipped, never queued: it stays at its number, and later receives what changed since,
which is less than all it missed.
"""

from typing import Final, Protocol

from forum.domain.kernel import PersonId
from forum.fragments.surface import Audience

SKIP_BYTES: Final = 64 * 1024  # what may wait in the transport before a seat is skipped: one part of a page
ABORT_BYTES: Final = 512 * 1024
STUCK_SECONDS: Final = 10.0


class Wire(Protocol):
    """A connection as a seat needs it. Never blocks."""

    def write(self, frame: bytes) -> None:
        """Hand a whole frame to the connection; nothing happens when it is gone."""

    @property
    def backlog(self) -> int:
        """Bytes handed over that the network has not taken yet."""

    def abort(self) -> None:
        """Cut the connection without a word: a stuck peer cannot answer one."""

    def close(self, code: int, reason: str = "") -> None:
        """End the connection with a code that says whether to come back."""


class Seat:
    """One browser. Only its room's task writes to it."""

    __slots__ = ("at", "audience", "mine", "person", "stuck_since", "wire")

    def __init__(self, audience: Audience, person: PersonId, wire: Wire) -> None:
        self.audience = audience
        self.person = person
        self.wire = wire
        self.at = -1  # journal number of the last frame handed over; -1: nothing yet, the whole page is due
        self.mine = 0  # hash of the personal fragments it was last given
        self.stuck_since: float | None = None

    def writable(self, now: float) -> bool:
        """Say whether the next frame may be handed over; cut a seat that has been stuck too long."""
        backlog = self.wire.backlog
        if backlog <= SKIP_BYTES:
            self.stuck_since = None
            return True
        if self.stuck_since is None:
            self.stuck_since = now
        if backlog > ABORT_BYTES or now - self.stuck_since > STUCK_SECONDS:
            self.wire.abort()
        return False
