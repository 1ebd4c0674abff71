"""The secret from which a forum's personal codes and the seals of its receipts are made. It goes where the forum goes.

A forum has a seed of its own, which follows from the server's secret and its code: so a forum that moves takes nothing
along by which those that stay could be forged. One that was opened before forums had their own has the server's secret
itself. One that came from elsewhere has the seed that it had there, kept beside its journal.
"""

from typing import Final

import msgspec

from forum.domain.roles import Role
from forum.journal import Journal
from forum.keeping import OWN_SEED, SECRETS
from forum.opening import Key, derived, digest

AT: Final = digest("the seed of this forum")  # no secret that anybody can show has blanks in it
MOST_KNOWN: Final = 20_000


class Seeds:
    """Those of one store's forums, remembered: a forum's seed never changes."""

    def __init__(self, journal: Journal, server: bytes) -> None:
        """``server``: the server's own secret."""
        self._journal, self._server = journal, server
        self._known: dict[str, bytes] = {}

    async def of(self, code: str) -> bytes:
        """The seed of a forum that is here. Asked for the first time two round trips. NoForum, Unavailable."""
        seed = self._known.get(code)
        if seed is None:
            seed = await seed_of(self._journal, code, self._server)
            if len(self._known) >= MOST_KNOWN:
                del self._known[next(iter(self._known))]
            self._known[code] = seed
        return seed


async def seed_of(journal: Journal, code: str, server: bytes) -> bytes:
    """The same, of a store. NoForum, Unavailable."""
    record = await journal.key(code, AT)
    if record:
        return bytes.fromhex(msgspec.json.decode(record, type=Key).via)
    return derived(server, "forum", code) if OWN_SEED in await journal.meta(code) else server


def kept_as(seed: bytes) -> dict[str, bytes]:
    """What to keep beside a forum's journal, so that it has this seed wherever that is opened."""
    return {AT: msgspec.json.encode(Key(SECRETS, Role.STAFF, 0, 0, seed.hex()))}
