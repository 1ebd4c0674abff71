"""What somebody has handed in to be imported, while they look at what would come of it.

It stands beside the journal, never in it, and in no backup and no archive. It expires by itself; what the same person hands in
next takes its place.
"""

from typing import Final

from redis.exceptions import ResponseError

from forum.journal import contract
from forum.journal.calls import Reply, refusal
from forum.journal.layout import Command
from forum.journal.servers import Servers

KEPT_SECONDS: Final = 3600


class Uploads:
    """``journal.uploads``. Unavailable; NoForum for what is no code."""

    def __init__(self, calls: Servers) -> None:
        self._calls = calls

    async def keep(self, forum: str, person: str, body: bytes) -> None:
        """Keep this for a while, instead of what they handed in before. One round trip."""
        await self._ask(("SET", contract.upload_key(forum, person), body, "EX", KEPT_SECONDS))

    async def kept(self, forum: str, person: str) -> bytes | None:
        """What they handed in last; None where that is over. One round trip."""
        found = await self._ask(("GET", contract.upload_key(forum, person)))
        return bytes(found) if found else None

    async def forget(self, forum: str, person: str) -> None:
        """Keep it no longer. One round trip."""
        await self._ask(("DEL", contract.upload_key(forum, person)))

    async def _ask(self, command: Command) -> Reply:
        [reply] = await self._calls.many([command])
        if isinstance(reply, ResponseError):
            raise refusal(reply) from reply
        if isinstance(reply, Exception):
            raise reply
        return reply
