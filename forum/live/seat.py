"""One connected browser: its position in the journal, and whether it can be written to.

A seat that does not keep up is skipped, and nothing is queued for it. It stays at its number and later
receives what has changed since, which is less than everything it missed. A whole page is sent part by part,
as fast as the connection takes it, so that a slow phone gets it too. All seats that are given the same page
share its parts.
"""

from typing import Final, Protocol

from forum.domain.attendance import NOBODY_ABSENT, Absent
from forum.domain.kernel import PersonId
from forum.fragments.surface import Audience

NOWHERE: Final = -1  # a seat that has been shown nothing, or another history
SKIP_BYTES: Final = 32 * 1024  # what the network has not taken: above it, nothing more is handed over
ABORT_BYTES: Final = 512 * 1024


class Wire(Protocol):
    """A connection as a seat needs it. Never blocks, never raises."""

    @property
    def packs(self) -> bool:
        """Whether it takes compressed frames."""

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
    """One browser. Whoever asked for it only holds it: its forum's ``Seating`` does the rest."""

    __slots__ = (
        "_backlog", "_since", "at", "audience", "cut", "near", "page", "page_at", "part", "person", "renew", "tab", "whole",
        "wire",
    )  # fmt: skip

    def __init__(
        self,
        audience: Audience,
        person: PersonId,
        wire: Wire,
        tab: str = "",
        *,
        whole: bool = False,
        renew: bool = False,
        cut: bool = False,
    ) -> None:
        """Pages of earlier versions: ``whole`` is given everything personal whenever some of it changes; ``renew`` is
        sent away to load anew when the store has lost something, since it would not say what it pressed before. Those of
        today: ``cut``, they are given of a long list the end, and ask for the rest.
        """
        self.audience = audience  # another one when its person goes into another group
        self.person = person
        self.wire = wire
        self.tab = tab  # its cid, whose last op number a welcome tells
        self.at = NOWHERE  # journal number up to which it was shown everything
        self.whole = whole
        self.renew = renew
        self.cut = cut
        self.near: Absent = NOBODY_ABSENT  # who was absent when it was last told
        self.page: tuple[bytes, ...] = ()  # a whole page under way
        self.page_at = NOWHERE  # the number it is for
        self.part = 0  # the next part of it
        self._backlog = 0  # when it was last found too large
        self._since = 0.0  # when it last became smaller; 0.0 when all is well

    @property
    def stalls(self) -> bool:
        """Whether there was too much on its way when it was last looked at."""
        return self._since != 0.0

    def writable(self, now: float, stuck_seconds: float) -> bool:
        """Say whether a frame may be handed over; cut a connection that takes nothing any more."""
        backlog = self.wire.backlog
        if backlog <= SKIP_BYTES:
            self._since = 0.0
            return True
        if not self._since or backlog < self._backlog:
            self._since = now
        self._backlog = backlog
        if backlog > ABORT_BYTES or now - self._since > stuck_seconds:
            self.wire.abort()
        return False

    def begin(self, page: tuple[bytes, ...], at: int) -> None:
        """From here on this page is due, part by part; at its end the seat is at ``at``. Hands over the first part."""
        self.wire.write(page[0])
        if len(page) == 1:
            self.at = at
        else:
            self.page, self.part, self.page_at = page, 1, at

    def turn(self) -> None:
        """Hand over the next part of the page under way."""
        self.wire.write(self.page[self.part])
        self.part += 1
        if self.part == len(self.page):
            self.at, self.page = self.page_at, ()
