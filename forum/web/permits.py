"""Who may open forums from the home page: everybody, people with the passphrase or a link, or nobody.

What a person writes as a passphrase is compared in constant time and goes nowhere else: into no log, no page
and no answer. Tries are limited. A person who has tried too often is not told even that a passphrase is
right.
"""

import hashlib
import hmac
import unicodedata
from collections.abc import Callable
from typing import Final, Literal, get_args

import msgspec

from forum.domain.kernel import N_
from forum.opening import opens
from forum.web.limits import Buckets, Rate, TooMany, neighbourhood

TRIES: Final = Rate(5 / 60, 10)  # of one address
TRIES_ALL: Final = Rate(1, 60)  # of everybody together: a passphrase of four words lasts for ages
MOST_SIGNS: Final = 2000

Way = Literal["open", "link", "passphrase", "closed"]
WAYS: Final[tuple[Way, ...]] = get_args(Way)
REFUSALS: Final[dict[Way, str]] = {
    "closed": N_(
        "Here, forums are opened by whoever runs this server. Ask them for one; with its code you come "
        "in on this page."
    ),
    "link": N_(
        "You need an opening link, and this is not one, or it has expired. Ask whoever runs this server "
        "for one."
    ),
    "passphrase": N_(
        "This is neither the passphrase nor an opening link, or the link has expired. Ask whoever runs "
        "this server for it."
    ),
}


class Opening(msgspec.Struct, frozen=True):
    """What the operator decided. ``closed``: only the command line opens forums."""

    way: Way = "open"
    digest: str = ""  # SHA-256 of the passphrase as ``plainly`` has it
    shared: bool = False  # others on the machine may read its file


class Permits:
    """Of one process."""

    def __init__(self, opening: Opening, seed: bytes, clock: Callable[[], int]) -> None:
        """``seed``: what links are signed with; ``clock``: ms since the epoch."""
        self.way: Final = opening.way
        self._digest = opening.digest
        self._seed, self._clock = seed, clock
        self._tries = Buckets(TRIES, lambda: clock() / 1000)
        self._tries_all = Buckets(TRIES_ALL, lambda: clock() / 1000)

    def refused(self, address: str, written: str) -> str:
        """Why who wrote this may not open a forum, as a message id; "" when they may. TooMany."""
        if self.way in ("open", "closed"):
            return REFUSALS.get(self.way, "")
        if opens(self._seed, plainly(written[:MOST_SIGNS]).rpartition("#")[2], self._clock()):
            return ""  # a signed link is no guess: whoever guesses holds up none of those who have one
        near = neighbourhood(address)
        wait = self._tries.wait(near) or self._tries_all.wait("")
        if wait:
            raise TooMany(wait)
        if self.way == "passphrase" and hmac.compare_digest(digest_of(written[:MOST_SIGNS]), self._digest):
            return ""
        if written.strip():  # who wrote nothing has tried nothing
            self._tries.take(near)
            self._tries_all.take("")
        return REFUSALS[self.way]


def plainly(passphrase: str) -> str:
    """A passphrase as it is compared: however its accents are composed, and whatever blanks stand around it."""
    return unicodedata.normalize("NFC", passphrase).strip()


def digest_of(passphrase: str) -> str:
    """What is kept of a passphrase."""
    return hashlib.sha256(plainly(passphrase).encode("utf-8", "replace")).hexdigest()
