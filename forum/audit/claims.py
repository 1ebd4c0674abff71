"""The marks of a receipt, and the seals that prove them. Pure."""

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Callable
from typing import Final, NamedTuple

from forum.domain.kernel import PersonId

SECRET_BYTES: Final = 32
SEAL_LENGTH: Final = 20  # of URL-safe base64: 120 bits
JOURNAL: Final = "journal"  # the kind of the mark that speaks of a whole history

Seal = Callable[[str], str]
"""From a mark without its seal to the seal."""


class Claim(NamedTuple):
    """One mark, as a receipt carries it."""

    forum: str
    person: PersonId
    kind: str  # of the contribution, as ``contributions`` knows it; or ``JOURNAL``
    id: str  # of the card, the round, the commitment or the sheet; "-" for the journal itself
    number: int
    chain: str
    seal: str = ""

    def __str__(self) -> str:
        return f"{self.unsealed}:{self.seal}"

    @property
    def is_of_all(self) -> bool:
        """Whether it speaks of the whole history, and of no contribution."""
        return self.kind == JOURNAL

    @property
    def unsealed(self) -> str:
        """What the seal is made over."""
        return f"forum1:{self.forum}:{self.person}:{self.kind}:{self.id}:{self.number}:{self.chain}"

    def sealed(self, seal: Seal) -> "Claim":
        return self._replace(seal=seal(self.unsealed))

    def is_sealed(self, seal: Seal) -> bool:
        return hmac.compare_digest(self.seal, seal(self.unsealed))


def sealing(secret: bytes) -> Seal:
    """The seals of a server, from its secret. ValueError for one that could be guessed."""
    if len(secret) < SECRET_BYTES:
        raise ValueError(f"expected a secret of {SECRET_BYTES} bytes, got {len(secret)}")

    def seal(mark: str) -> str:
        made = hmac.digest(secret, f"receipt\n{mark}".encode(), "sha256")
        return urlsafe_b64encode(made).decode()[:SEAL_LENGTH]

    return seal
