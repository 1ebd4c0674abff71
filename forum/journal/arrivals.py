"""From where people came in, for some minutes, so that a flood of people from one place can be removed at once.

A place is a mark that the caller made from an address and a secret. It stands beside the journal, never in
it, and in no backup and no archive. It expires by itself: each span of time has a key of its own, with an
end.
"""

from typing import Final

from forum.journal import contract
from forum.journal.servers import Servers

SPAN_SECONDS: Final = 1800
KEPT_SPANS: Final = 2  # after its own: nothing is kept for longer than an hour and a half
_CROWDED: Final = "crowded"  # no person: their ids begin otherwise


class Arrivals:
    """``journal.arrivals``. Instants are in ms since the epoch. Unavailable; NoForum for what is no code."""

    def __init__(self, calls: Servers) -> None:
        self._calls = calls

    async def note(self, forum: str, person: str, place: str, at: int) -> None:
        """Somebody has come in from a place. One round trip."""
        await self._put(forum, person, place, at)

    async def crowd(self, forum: str, at: int) -> None:
        """More people come from one place than from a hall: for every process to know. One round trip."""
        await self._put(forum, _CROWDED, str(at), at)

    async def lately(self, forum: str, at: int) -> dict[str, str]:
        """Person → place, of those who came in the last hour at least. One round trip."""
        replies = await self._calls.all_of([("HGETALL", key) for key in _keys(forum, at)])
        flat = [[word.decode() for word in reply] for reply in replies]
        found = {name: place for words in flat for name, place in zip(words[::2], words[1::2], strict=True)}
        found.pop(_CROWDED, None)
        return found

    async def crowded(self, forum: str, at: int) -> int:
        """When more people came from one place than from a hall, last; 0 when not lately. One round trip."""
        replies = await self._calls.all_of([("HGET", key, _CROWDED) for key in _keys(forum, at)])
        return max((int(reply) for reply in replies if reply), default=0)

    async def _put(self, forum: str, field: str, value: str, at: int) -> None:
        span = _span(at)
        key = contract.arrivals_key(forum, span)
        left = (span + 1 + KEPT_SPANS) * SPAN_SECONDS - at // 1000
        await self._calls.all_of([("HSET", key, field, value), ("EXPIRE", key, left)])


def _span(at: int) -> int:
    return at // 1000 // SPAN_SECONDS


def _keys(forum: str, at: int) -> list[str]:
    return [contract.arrivals_key(forum, _span(at) - back) for back in range(KEPT_SPANS, -1, -1)]
