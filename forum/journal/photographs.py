"""The pictures of photographs: beside the journal, never in it. Facts name them; here lie their bytes.

They go with their forum, and one by one when they are erased (``keeping.drop_photographs``). What lies here without a fact was
handed in while something broke off; since when it lies here is known, so that it can be let go of.
"""

from collections.abc import Iterable
from typing import Final

from forum.journal import contract
from forum.journal.calls import Reply
from forum.journal.layout import Command
from forum.journal.servers import Servers

AT_ONCE: Final = 8  # pictures of one answer: some 3 MB


class Photographs:
    """``journal.photographs``. Unavailable; NoForum for what is no code. Ids are those of facts, or of commands that were checked."""

    def __init__(self, calls: Servers) -> None:
        self._calls = calls

    async def keep(self, forum: str, photograph: str, body: bytes, at: int) -> None:
        """Keep a picture, before the fact that names it; ``at``: ms since the epoch. One round trip."""
        await self._ask(
            ("HSET", contract.pictures_since_key(forum), photograph, at),
            ("HSET", contract.pictures_key(forum), photograph, body),
        )

    async def known(self, forum: str) -> dict[str, int]:
        """Which lie here, and since when. One round trip."""
        [flat] = await self._ask(("HGETALL", contract.pictures_since_key(forum)))
        return {one.decode(): int(at) for one, at in zip(flat[::2], flat[1::2], strict=True)}

    async def one(self, forum: str, photograph: str) -> bytes | None:
        """A picture; None where it is gone. One round trip."""
        return (await self.of(forum, (photograph,))).get(photograph)

    async def of(self, forum: str, photographs: Iterable[str]) -> dict[str, bytes]:
        """Those of these pictures that lie here. One round trip for every eight."""
        wanted, found = list(photographs), dict[str, bytes]()
        for start in range(0, len(wanted), AT_ONCE):
            part = wanted[start : start + AT_ONCE]
            [bodies] = await self._ask(("HMGET", contract.pictures_key(forum), *part))
            found |= {one: bytes(body) for one, body in zip(part, bodies, strict=True) if body is not None}
        return found

    async def forget(self, forum: str, photographs: Iterable[str]) -> None:
        """Keep these no longer. What they were stays on the store's disk until it is written anew. One round trip."""
        gone = tuple(photographs)
        if gone:
            await self._ask(
                ("HDEL", contract.pictures_key(forum), *gone),
                ("HDEL", contract.pictures_since_key(forum), *gone),
            )

    async def forget_all(self, forum: str) -> None:
        """Keep none of a forum any longer. One round trip."""
        await self._ask(("DEL", contract.pictures_key(forum), contract.pictures_since_key(forum)))

    async def _ask(self, *commands: Command) -> list[Reply]:
        return await self._calls.all_of(commands)
