"""What somebody has handed in to be imported, while they look at what would come of it.

It stands beside the journal, never in it, and in no backup and no archive. It expires by itself; what the same person hands in
next takes its place, and of one forum there are few at a time: the latest. It goes with its forum.
"""

import time
from typing import Final

from forum.journal import contract
from forum.journal.calls import Reply
from forum.journal.layout import Command
from forum.journal.servers import Servers

KEPT_SECONDS: Final = 3600
MOST_KEPT: Final = 6  # of one forum: any number of people can come by a link of the desk
BODY: Final = "body"  # the one field: a hash takes no right of the store's that the rest does not need


class Uploads:
    """``journal.uploads``. Unavailable; NoForum for what is no code."""

    def __init__(self, calls: Servers) -> None:
        self._calls = calls

    async def keep(self, forum: str, person: str, body: bytes) -> None:
        """Keep this for a while, instead of what they handed in before, and of the oldest of too many. Two round trips."""
        known, own = contract.uploads_key(forum), contract.upload_key(forum, person)
        [flat] = await self._ask(("HGETALL", known))
        since = {
            who: float(at) for who, at in zip(flat[::2], flat[1::2], strict=True) if who != person.encode()
        }
        others = sorted(since, key=since.__getitem__)
        gone = [who.decode() for who in others[: max(0, len(others) - MOST_KEPT + 1)]]
        if gone:
            await self._ask(
                ("DEL", *(contract.upload_key(forum, who) for who in gone)), ("HDEL", known, *gone)
            )
        await self._ask(
            ("HSET", known, person, f"{time.time():.3f}"),
            ("EXPIRE", known, KEPT_SECONDS),
            ("HSET", own, BODY, body),
            ("EXPIRE", own, KEPT_SECONDS),
        )

    async def kept(self, forum: str, person: str) -> bytes | None:
        """What they handed in last; None where that is over. One round trip."""
        [found] = await self._ask(("HGET", contract.upload_key(forum, person), BODY))
        return bytes(found) if found else None

    async def forget(self, forum: str, person: str) -> None:
        """Keep it no longer. One round trip."""
        await self._ask(
            ("DEL", contract.upload_key(forum, person)), ("HDEL", contract.uploads_key(forum), person)
        )

    async def forget_all(self, forum: str) -> None:
        """Keep nothing of a forum any longer. Two round trips."""
        known = contract.uploads_key(forum)
        [flat] = await self._ask(("HGETALL", known))
        await self._ask(("DEL", known, *(contract.upload_key(forum, who.decode()) for who in flat[::2])))

    async def _ask(self, *commands: Command) -> list[Reply]:
        return await self._calls.all_of(commands)
